"""The types of Terraform that keep data, with the attributes that say where, and what they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policylib.generate.residency import names

Values = dict[str, Any]
Home = Callable[[str], Values]


def nested(path: str, value: object) -> Values:
    """Blocks within blocks, as a plan writes them, with a value at a dotted path."""
    key, _, rest = path.partition(".")
    return {key: [nested(rest, value)]} if rest else {key: value}


def _regional(place: str) -> Values:
    return {"region": place}


def _zonal(place: str) -> Values:
    return {"availability_zone": names.zone(place)}


def _located(place: str) -> Values:
    return {"location": place}


def _google_zone(place: str) -> Values:
    return {"zone": names.zone(place)}


def _stored(place: str) -> Values:
    return {"storage_locations": [place]}


def _called(prefix: str, ends: str) -> tuple[str, ...]:
    return tuple(f"{prefix}_{end}" for end in ends.split())


AWS_REGIONAL = _called(
    "aws",
    "s3_bucket db_instance dynamodb_table efs_file_system redshift_cluster sqs_queue kinesis_stream"
    " backup_vault cloudwatch_log_group s3_directory_bucket s3tables_table_bucket lightsail_bucket"
    " glacier_vault docdb_cluster neptune_cluster rds_global_cluster docdb_global_cluster"
    " neptune_global_cluster elasticache_global_replication_group memorydb_multi_region_cluster"
    " db_instance_automated_backups_replication db_snapshot db_snapshot_copy db_cluster_snapshot"
    " redshift_snapshot_copy ebs_snapshot ebs_snapshot_copy ami_copy dynamodb_table_replica"
    " dynamodb_global_table backup_logically_air_gapped_vault efs_replication_configuration"
    " fsx_lustre_file_system fsx_ontap_file_system fsx_openzfs_file_system fsx_windows_file_system"
    " fsx_backup fsx_file_cache elasticache_replication_group elasticache_serverless_cache"
    " memorydb_cluster dax_cluster redshiftserverless_namespace elasticsearch_domain"
    " opensearchserverless_collection keyspaces_table timestreamwrite_database"
    " timestreaminfluxdb_db_instance qldb_ledger dsql_cluster docdbelastic_cluster"
    " neptunegraph_graph kinesis_firehose_delivery_stream kinesis_video_stream mq_broker"
    " msk_cluster msk_serverless_cluster",
)

AWS: Mapping[str, Home] = {
    **dict.fromkeys(AWS_REGIONAL, _regional),
    "aws_ebs_volume": _zonal,
    "aws_elasticache_cluster": _zonal,
    "aws_lightsail_disk": _zonal,
    "aws_lightsail_database": _zonal,
    "aws_rds_cluster": lambda place: {"availability_zones": [names.zone(place)]},
    "aws_opensearch_domain": lambda place: {"arn": f"arn:aws:es:{place}:1:domain/d"},
}
"""Types of AWS, each with the attributes that say where it is."""

COPIERS: Mapping[str, Home] = {
    "aws_backup_plan": lambda place: {
        "region": place,
        **nested(
            "rule.copy_action.destination_vault_arn", f"arn:aws:backup:{place}:1:backup-vault:v"
        ),
    },
    "aws_dlm_lifecycle_policy": lambda place: nested(
        "policy_details.schedule.cross_region_copy_rule.target", place
    ),
}
"""Types of AWS that keep something only by what they copy."""

GOOGLE_LOCATED = _called(
    "google",
    "storage_bucket bigquery_dataset filestore_instance filestore_backup alloydb_cluster"
    " alloydb_backup backup_dr_backup_vault dataproc_metastore_service firestore_database"
    " gke_backup_backup_plan healthcare_dataset logging_project_bucket_config lustre_instance"
    " memorystore_instance netapp_backup_vault netapp_volume",
)
GOOGLE: Mapping[str, Home] = {
    **dict.fromkeys(GOOGLE_LOCATED, _located),
    "google_sql_database_instance": _regional,
    "google_spanner_instance": lambda place: {"config": f"regional-{place}"},
    "google_bigtable_instance": lambda place: {"cluster": [{"zone": names.zone(place)}]},
    "google_compute_disk": _google_zone,
    "google_compute_region_disk": _regional,
    "google_compute_snapshot": _stored,
    "google_compute_image": _stored,
    "google_redis_instance": _regional,
    "google_redis_cluster": _regional,
    "google_memcache_instance": _regional,
    "google_firebase_database_instance": _regional,
    "google_firestore_database": lambda place: {"location_id": place},
    "google_pubsub_topic": lambda place: nested(
        "message_storage_policy.allowed_persistence_regions", [place]
    ),
}
"""Types of Google Cloud."""

AZURE_LOCATED = _called(
    "azurerm",
    "postgresql_flexible_server managed_disk redis_cache kusto_cluster cosmosdb_postgresql_cluster"
    " elastic_san eventhub_namespace hpc_cache log_analytics_workspace managed_lustre_file_system"
    " managed_redis mariadb_server mongo_cluster mysql_server mysql_flexible_server netapp_volume"
    " oracle_autonomous_database postgresql_server redis_enterprise_cluster search_service"
    " servicebus_namespace snapshot synapse_workspace mssql_server",
)
AZURE: Mapping[str, Home] = {
    **dict.fromkeys(AZURE_LOCATED, _located),
    "azurerm_storage_account": lambda place: {
        "location": place,
        "account_replication_type": "ZRS",
    },
    "azurerm_cosmosdb_account": lambda place: {
        "location": place,
        "geo_location": [{"location": place, "failover_priority": 0}],
        "backup": [{"type": "Continuous"}],
    },
    "azurerm_recovery_services_vault": lambda place: {
        "location": place,
        "storage_mode_type": "LocallyRedundant",
    },
    "azurerm_data_protection_backup_vault": lambda place: {
        "location": place,
        "redundancy": "LocallyRedundant",
    },
    "azurerm_mssql_managed_instance": lambda place: {
        "location": place,
        "storage_account_type": "ZRS",
    },
}
"""Types of Azure."""

GEO_OPTIONS: Sequence[tuple[str, str, Sequence[object]]] = (
    ("azurerm_storage_account", "account_replication_type", ("GRS", "RAGRS", "GZRS", "RAGZRS")),
    ("azurerm_mssql_managed_instance", "storage_account_type", ("GRS", "GZRS")),
    ("azurerm_recovery_services_vault", "storage_mode_type", ("GeoRedundant",)),
    ("azurerm_recovery_services_vault", "cross_region_restore_enabled", (True,)),
    ("azurerm_data_protection_backup_vault", "redundancy", ("GeoRedundant",)),
    ("azurerm_cosmosdb_account", "backup.storage_redundancy", ("Geo",)),
    ("azurerm_postgresql_flexible_server", "geo_redundant_backup_enabled", (True,)),
    ("azurerm_mysql_flexible_server", "geo_redundant_backup_enabled", (True,)),
    ("azurerm_mariadb_server", "geo_redundant_backup_enabled", (True,)),
    ("azurerm_synapse_workspace", "geo_backup_enabled", (True,)),
)
"""Attributes that ask for copies in the paired region: the type, the attribute and its values."""

GEO_DEFAULTS: Mapping[str, str] = {
    "azurerm_recovery_services_vault": "storage_mode_type",
    "azurerm_cosmosdb_account": "backup",
    "azurerm_mssql_managed_instance": "storage_account_type",
}
"""Types that are geo-redundant where an attribute is left out."""

GEO_PARAMETERS = ("skuName", "storageAccountType", "skuname", "sku-name", "replication-type")
GEO_KINDS = ("Standard_GRS", "Standard_RAGRS", "Standard_GZRS", "Standard_RAGZRS", "GRS")
"""Parameters of a StorageClass, and their values, that ask for the same."""

WORLDWIDE: Mapping[str, Values] = {
    "aws_cloudfront_distribution": {},
    "azurerm_cdn_profile": {},
    "azurerm_cdn_frontdoor_profile": {},
    "azurerm_frontdoor": {},
    "google_compute_backend_bucket": {"enable_cdn": True},
    "google_compute_backend_service": {"enable_cdn": True},
}
"""Types that serve the world."""

OPEN: Sequence[str] = (
    *("google_pubsub_topic", "google_compute_snapshot", "google_compute_image"),
    *("google_spanner_instance", "google_storage_bucket"),
)
"""Types that have to say where they are, whatever their provider says."""


HOLDERS: Sequence[str] = ("azurerm_mssql_server",)
"""Types that only hold what keeps data, and so need not say of which class it is."""


@dataclass(frozen=True)
class Link:
    """A type that names another by an attribute, which `leads` to where data goes or comes from."""

    type: str
    target: str
    path: str
    leads: bool = False


_FIREHOSE = tuple(
    f"{way}.bucket_arn"
    for way in (
        "extended_s3_configuration",
        "extended_s3_configuration.s3_backup_configuration",
        "http_endpoint_configuration.s3_configuration",
        "opensearch_configuration.s3_configuration",
        "redshift_configuration.s3_backup_configuration",
        "redshift_configuration.s3_configuration",
    )
)

_TO = (
    Link(
        "aws_s3_bucket",
        "aws_s3_bucket",
        "replication_configuration.rules.destination.bucket",
        leads=True,
    ),
    *(
        Link("aws_kinesis_firehose_delivery_stream", "aws_s3_bucket", path, leads=True)
        for path in _FIREHOSE
    ),
    Link(
        "aws_backup_plan",
        "aws_backup_vault",
        "rule.copy_action.destination_vault_arn",
        leads=True,
    ),
    Link(
        "aws_s3control_multi_region_access_point",
        "aws_s3_bucket",
        "details.region.bucket",
        leads=True,
    ),
)

_FROM = (
    ("aws_db_instance", "aws_db_instance", "replicate_source_db"),
    ("aws_rds_cluster", "aws_rds_cluster", "replication_source_identifier"),
    ("aws_rds_cluster", "aws_rds_global_cluster", "global_cluster_identifier"),
    ("aws_docdb_cluster", "aws_docdb_global_cluster", "global_cluster_identifier"),
    ("aws_neptune_cluster", "aws_neptune_global_cluster", "global_cluster_identifier"),
    ("aws_rds_global_cluster", "aws_rds_cluster", "source_db_cluster_identifier"),
    ("aws_docdb_global_cluster", "aws_docdb_cluster", "source_db_cluster_identifier"),
    ("aws_neptune_global_cluster", "aws_neptune_cluster", "source_db_cluster_identifier"),
    ("aws_db_cluster_snapshot", "aws_rds_cluster", "db_cluster_identifier"),
    ("aws_db_instance_automated_backups_replication", "aws_db_instance", "source_db_instance_arn"),
    ("aws_db_snapshot", "aws_db_instance", "db_instance_identifier"),
    ("aws_db_snapshot_copy", "aws_db_snapshot", "source_db_snapshot_identifier"),
    ("aws_dynamodb_table_replica", "aws_dynamodb_table", "global_table_arn"),
    ("aws_dynamodb_global_table", "aws_dynamodb_table", "name"),
    ("aws_ebs_snapshot", "aws_ebs_volume", "volume_id"),
    ("aws_ebs_snapshot_copy", "aws_ebs_snapshot", "source_snapshot_id"),
    ("aws_efs_replication_configuration", "aws_efs_file_system", "source_file_system_id"),
    ("aws_redshift_snapshot_copy", "aws_redshift_cluster", "cluster_identifier"),
    (
        "aws_elasticache_global_replication_group",
        "aws_elasticache_replication_group",
        "primary_replication_group_id",
    ),
    (
        "aws_elasticache_replication_group",
        "aws_elasticache_global_replication_group",
        "global_replication_group_id",
    ),
    ("aws_memorydb_cluster", "aws_memorydb_multi_region_cluster", "multi_region_cluster_name"),
    ("aws_s3_object", "aws_s3_bucket", "bucket"),
    ("google_alloydb_cluster", "google_alloydb_cluster", "secondary_config.primary_cluster_name"),
    ("google_compute_disk", "google_compute_disk", "async_primary_disk.disk"),
    ("google_compute_region_disk", "google_compute_region_disk", "async_primary_disk.disk"),
    (
        "google_sql_database_instance",
        "google_sql_database_instance",
        "master_instance_name",
    ),
    (
        "azurerm_postgresql_flexible_server",
        "azurerm_postgresql_flexible_server",
        "source_server_id",
    ),
    ("azurerm_mysql_flexible_server", "azurerm_mysql_flexible_server", "source_server_id"),
)

LINKS: Sequence[Link] = (*_TO, *(Link(*one) for one in _FROM))
"""What leads to others, and what copies them."""
