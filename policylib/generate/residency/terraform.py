"""Terraform plans whose resources keep data, in AWS, Google Cloud, Azure and Kubernetes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import names, permits
from policylib.generate.residency.said import Said
from policylib.generate.sample import Doc, Settings

Values = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """A resource as a plan has it. `region` is what its provider's block says, "" for nothing."""

    type: str
    name: str
    values: Values
    region: str = ""
    mode: str = "managed"
    actions: Sequence[str] = field(default=("create",))

    @property
    def address(self) -> str:
        """The address in the root module."""
        return ("data." if self.mode == "data" else "") + f"{self.type}.{self.name}"


def _regional(place: str) -> Values:
    return {"region": place}


def _zonal(place: str) -> Values:
    return {"availability_zone": names.zone(place)}


def _located(place: str) -> Values:
    return {"location": place}


def _google_zone(place: str) -> Values:
    return {"zone": names.zone(place)}


AWS: Mapping[str, Callable[[str], Values]] = {
    "aws_s3_bucket": _regional,
    "aws_db_instance": _regional,
    "aws_dynamodb_table": _regional,
    "aws_ebs_volume": _zonal,
    "aws_rds_cluster": lambda place: {"availability_zones": [names.zone(place)]},
    "aws_efs_file_system": _regional,
    "aws_elasticache_cluster": _zonal,
    "aws_redshift_cluster": _regional,
    "aws_opensearch_domain": lambda place: {"arn": f"arn:aws:es:{place}:1:domain/d"},
    "aws_sqs_queue": _regional,
    "aws_kinesis_stream": _regional,
    "aws_backup_vault": _regional,
    "aws_cloudwatch_log_group": _regional,
}
"""Types of AWS, each with the attributes that say where it is."""

GOOGLE: Mapping[str, Callable[[str], Values]] = {
    "google_storage_bucket": _located,
    "google_bigquery_dataset": _located,
    "google_sql_database_instance": _regional,
    "google_spanner_instance": lambda place: {"config": f"regional-{place}"},
    "google_bigtable_instance": lambda place: {"cluster": [{"zone": names.zone(place)}]},
    "google_compute_disk": _google_zone,
    "google_redis_instance": _regional,
    "google_filestore_instance": _located,
    "google_firestore_database": lambda place: {"location_id": place},
    "google_pubsub_topic": lambda place: {
        "message_storage_policy": [{"allowed_persistence_regions": [place]}]
    },
}
"""Types of Google Cloud."""

AZURE: Mapping[str, Callable[[str], Values]] = {
    "azurerm_storage_account": lambda place: {
        "location": place,
        "account_replication_type": "ZRS",
    },
    "azurerm_postgresql_flexible_server": _located,
    "azurerm_cosmosdb_account": lambda place: {
        "location": place,
        "geo_location": [{"location": place, "failover_priority": 0}],
        "backup": [{"type": "Continuous"}],
    },
    "azurerm_managed_disk": _located,
    "azurerm_redis_cache": _located,
    "azurerm_recovery_services_vault": lambda place: {
        "location": place,
        "storage_mode_type": "LocallyRedundant",
    },
    "azurerm_kusto_cluster": _located,
}
"""Types of Azure."""

_ANYWHERE = ("google_storage_bucket", "google_bigquery_dataset")
_KEYS = ("data_class", "DataClass", "data-class")
_TENANT_KEYS = ("tenant", "Tenant")


def plan(choices: Choices, settings: Settings, said: Said) -> Doc:
    """A plan that keeps data of the classes in each place that is said.

    Of two places each has a resource of its own, or one has a copy of what the other has.
    """
    if len(said.places) == 2 and once_in(choices, 2):
        own = resource(choices, settings, replace(said, places=said.places[:1]))
        return document(choices, replicated(choices, own, said.places[1]))
    found = [
        resource(choices, settings, replace(said, places=(place,)), f"r{i}")
        for i, place in enumerate(said.places)
    ]
    return document(choices, [*found, *_bystanders(choices)])


def resource(choices: Choices, settings: Settings, said: Said, name: str = "data") -> Resource:
    """A resource that keeps data in one place, of a type of the place's provider."""
    written = said.places[0]
    place = names.place(written)
    provider = names.provider(place)
    if not provider and once_in(choices, 5):
        return _in_kubernetes(settings, said, name)
    if provider == "aws":
        return _aws(choices, settings, said, name)
    if provider == "azure":
        kind = choices.one_of(tuple(AZURE))
        tags = _tags(choices, settings, said)
        shown = choices.one_of((place, written))
        return Resource(kind, name, {"name": name, "tags": tags, **AZURE[kind](shown)})
    kind = choices.one_of(tuple(GOOGLE) if provider else _ANYWHERE)
    says = GOOGLE[kind](place if provider else written)
    tags = _tags(choices, settings, said)
    if kind == "google_sql_database_instance":
        return Resource(kind, name, {"name": name, "settings": [{"user_labels": tags}], **says})
    return Resource(kind, name, {"name": name, "labels": tags, **says})


def placeless(choices: Choices, settings: Settings, said: Said) -> Doc:
    """A plan that keeps data of the classes and does not say where."""
    kind = choices.one_of((*AWS, "google_storage_bucket", "azurerm_storage_account"))
    key = "labels" if kind.startswith("google") else "tags"
    return document(choices, [Resource(kind, "data", {key: _tags(choices, settings, said)})])


def _aws(choices: Choices, settings: Settings, said: Said, name: str) -> Resource:
    written = said.places[0]
    place = names.place(written)
    kind = choices.one_of(tuple(AWS))
    values = {"name": name, "tags": _tags(choices, settings, said)}
    how = choices.one_of(("own", "written", "provider"))
    if how == "provider":
        return Resource(kind, name, values, region=place)
    says = AWS[kind](place) if how == "own" else {"region": written}
    return Resource(kind, name, {**values, **says})


def _in_kubernetes(settings: Settings, said: Said, name: str) -> Resource:
    """A claim that Terraform makes says by annotations where it is, as settings name the keys."""
    usual = permits.KEYS["region"]
    keys = permits.keys(settings)
    annotations = {usual: said.places[0], keys["data_class"]: ",".join(said.classes)}
    if said.tenants:
        annotations[keys["tenant"]] = ",".join(said.tenants)
    values = {"metadata": [{"name": name, "labels": annotations}]}
    return Resource("kubernetes_persistent_volume_claim_v1", name, values)


def _tags(choices: Choices, settings: Settings, said: Said) -> Values:
    keys = permits.keys(settings)
    usual = keys == permits.KEYS
    own = choices.one_of(_KEYS) if usual and once_in(choices, 2) else keys["data_class"]
    found = {"team": "data", own: ",".join(said.classes)}
    if said.tenants:
        key = choices.one_of(_TENANT_KEYS) if usual and once_in(choices, 2) else keys["tenant"]
        found[key] = ",".join(said.tenants)
    return found


def _bystanders(choices: Choices) -> list[Resource]:
    """What keeps no data, reads what others keep, or goes away: wherever it is."""
    found = []
    if once_in(choices, 4):
        found.append(Resource("aws_vpc", "net", {"region": "ap-east-1", "tags": {"team": "x"}}))
    if once_in(choices, 4):
        found.append(Resource("aws_s3_bucket", "old", {"region": "ap-east-1"}, mode="data"))
    return found


def document(choices: Choices, resources: Sequence[Resource]) -> Doc:
    """A plan, or a state, of some resources."""
    found: Doc = {
        "apiVersion": "policylib.dev/v1",
        "kind": "TerraformPlan",
        "metadata": {"name": "plan.json"},
        "format_version": choices.one_of(("1.2", "1.0")),
        "terraform_version": "1.9.0",
    }
    shape = choices.one_of(("planned_values", "resource_changes", "both", "values"))
    if shape != "resource_changes":
        key = "values" if shape == "values" else "planned_values"
        found[key] = {"root_module": _module(choices, resources)}
    if shape in {"resource_changes", "both"}:
        found["resource_changes"] = [*map(_change, resources), *_deleted(choices)]
    regions = {one.region for one in resources if one.region}
    if regions:
        found["configuration"] = _configuration(resources, sorted(regions))
    return found


def _described(one: Resource) -> Doc:
    return {"address": one.address, "mode": one.mode, "type": one.type, "name": one.name}


def _module(choices: Choices, resources: Sequence[Resource]) -> Doc:
    listed = [{**_described(one), "values": one.values} for one in resources]
    if any(one.region for one in resources) or not once_in(choices, 4):
        return {"resources": listed}
    return {"child_modules": [{"address": "module.m", "resources": listed}]}


def _change(one: Resource) -> Doc:
    before = None if list(one.actions) == ["create"] else one.values
    change = {"actions": list(one.actions), "before": before, "after": one.values}
    return {**_described(one), "change": {**change, "after_unknown": {"id": True}}}


def _deleted(choices: Choices) -> list[Doc]:
    if not once_in(choices, 4):
        return []
    gone = Resource("aws_s3_bucket", "gone", {"region": "ap-east-1"})
    change = {"actions": ["delete"], "before": gone.values, "after": None}
    return [{**_described(gone), "change": change}]


def _configuration(resources: Sequence[Resource], regions: Sequence[str]) -> Doc:
    providers = {
        f"aws.{region}": {
            "name": "aws",
            "alias": region,
            "expressions": {"region": {"constant_value": region}},
        }
        for region in regions
    }
    made = [
        {**_described(one), "provider_config_key": f"aws.{one.region}"}
        for one in resources
        if one.region
    ]
    return {"provider_config": providers, "root_module": {"resources": made}}


def replicated(choices: Choices, own: Resource, place: str) -> list[Resource]:
    """A resource with a copy of its data in another place."""
    if own.type == "aws_s3_bucket":
        values = {**own.values, "bucket": "example-own"}
        target = {"bucket": "example-copy", "region": place, "tags": own.values["tags"]}
        rule = [{"destination": [{"bucket": "arn:aws:s3:::example-copy"}]}]
        copy = {"bucket": "example-own", "rule": rule}
        return [
            replace(own, values=values),
            Resource("aws_s3_bucket", "copy", target),
            Resource("aws_s3_bucket_replication_configuration", "all", copy),
        ]
    blocks = (
        {"replica": [{"region_name": place}]},
        {"geo_location": [{"location": place, "failover_priority": 1}]},
        {"destination_region": place},
    )
    return [replace(own, values={**own.values, **choices.one_of(blocks)})]
