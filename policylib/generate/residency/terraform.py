"""Terraform plans whose resources keep data, in AWS, Google Cloud, Azure and Kubernetes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import names, permits
from policylib.generate.residency.kinds import AWS, AZURE, COPIERS, GOOGLE, OPEN, Values
from policylib.generate.residency.said import Said
from policylib.generate.sample import Doc, Settings


@dataclass(frozen=True)
class Resource:
    """A resource as a plan has it.

    `region` is what its provider's block says, "" for nothing, and `defaults` are the tags that it
    adds to all.
    """

    type: str
    name: str
    values: Values
    region: str = ""
    mode: str = "managed"
    actions: Sequence[str] = field(default=("create",))
    defaults: Values = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The address in the root module."""
        return ("data." if self.mode == "data" else "") + f"{self.type}.{self.name}"


_ANYWHERE = ("google_storage_bucket", "google_bigquery_dataset")
PLACELESS = (
    *AWS,
    *(kind for kind in (*GOOGLE, *AZURE) if kind != "google_bigquery_dataset"),
)
"""What has no place unless it says one."""

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
    """A resource that keeps data in one place, of a type of the place's provider.

    Now and then its provider says for all that it makes of which class they are, and whose.
    """
    found = _tagged(choices, settings, said, name)
    if said.classes and found.type.startswith(("aws", "google")) and once_in(choices, 4):
        return by_default(found)
    return found


def by_default(found: Resource) -> Resource:
    """The same, whose provider says what its tags said."""
    if "settings" in found.values:
        [block] = found.values["settings"]
        rest = {key: value for key, value in found.values.items() if key != "settings"}
        return replace(found, values=rest, defaults=block["user_labels"])
    key = "tags" if "tags" in found.values else "labels"
    rest = {name: value for name, value in found.values.items() if name != key}
    return replace(found, values=rest, defaults=found.values[key])


def _tagged(choices: Choices, settings: Settings, said: Said, name: str) -> Resource:
    written = said.places[0]
    place = names.place(written)
    provider = names.provider(place)
    if not provider and once_in(choices, 5):
        return _in_kubernetes(settings, said, name)
    if provider == "aws":
        return _aws(choices, settings, said, name)
    if provider == "azure":
        kind = choices.one_of(tuple(AZURE))
        shown = choices.one_of((place, written))
        own = tags(choices, settings, said)
        return Resource(kind, name, {"name": name, "tags": own, **AZURE[kind](shown)})
    kind = choices.one_of(tuple(GOOGLE) if provider else _ANYWHERE)
    says = GOOGLE[kind](place if provider else written)
    labels = tags(choices, settings, said)
    if kind == "google_sql_database_instance":
        return Resource(kind, name, {"name": name, "settings": [{"user_labels": labels}], **says})
    return Resource(kind, name, {"name": name, "labels": labels, **says})


def placeless(choices: Choices, settings: Settings, said: Said) -> Doc:
    """A plan that keeps data of the classes and does not say where."""
    kind = choices.one_of(choices.one_of((PLACELESS, OPEN)))
    found = Resource(kind, "data", {tags_key(kind): tags(choices, settings, said)})
    return document(choices, [found])


def tags_key(kind: str) -> str:
    """What the map of tags is called, by the provider of a type."""
    return "labels" if kind.startswith("google") else "tags"


def _aws(choices: Choices, settings: Settings, said: Said, name: str) -> Resource:
    written = said.places[0]
    place = names.place(written)
    kind = choices.one_of((*AWS, *COPIERS))
    values = {"name": name, "tags": tags(choices, settings, said)}
    if kind in COPIERS:
        return Resource(kind, name, {**values, **COPIERS[kind](place)})
    how = choices.one_of(("own", "written", "provider"))
    if how == "provider":
        return Resource(kind, name, values, region=place)
    says = AWS[kind](place) if how == "own" else {"region": written}
    return Resource(kind, name, {**values, **says})


def _in_kubernetes(settings: Settings, said: Said, name: str) -> Resource:
    """A claim that Terraform makes says by annotations where it is, as settings name the keys."""
    keys = permits.keys(settings)
    annotations = {keys["region"]: said.places[0], keys["data_class"]: ",".join(said.classes)}
    if said.tenants:
        annotations[keys["tenant"]] = ",".join(said.tenants)
    values = {"metadata": [{"name": name, "labels": annotations}]}
    return Resource("kubernetes_persistent_volume_claim_v1", name, values)


def tags(choices: Choices, settings: Settings, said: Said) -> Values:
    """Tags that say the classes and tenants, by the settings' keys or spellings of them."""
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
    if any(map(_is_configured, resources)):
        found["configuration"] = _configuration(resources)
    return found


def _described(one: Resource) -> Doc:
    return {"address": one.address, "mode": one.mode, "type": one.type, "name": one.name}


def _module(choices: Choices, resources: Sequence[Resource]) -> Doc:
    listed = [{**_described(one), "values": one.values} for one in resources]
    if any(map(_is_configured, resources)) or not once_in(choices, 4):
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


def _configuration(resources: Sequence[Resource]) -> Doc:
    """A provider's block for each resource that takes something from one."""
    providers, made = {}, []
    for i, one in enumerate(resources):
        if not _is_configured(one):
            continue
        provider, alias = one.type.split("_", 1)[0], f"p{i}"
        key = f"{provider}.{alias}"
        providers[key] = {"name": provider, "alias": alias, "expressions": _expressions(one)}
        made.append({**_described(one), "provider_config_key": key})
    return {"provider_config": providers, "root_module": {"resources": made}}


def _is_configured(one: Resource) -> bool:
    return bool(one.region or one.defaults)


def _expressions(one: Resource) -> Doc:
    found: Doc = {"region": {"constant_value": one.region}} if one.region else {}
    if one.defaults and one.type.startswith("google"):
        found["default_labels"] = {"constant_value": one.defaults}
    elif one.defaults:
        found["default_tags"] = [{"tags": {"constant_value": one.defaults}}]
    return found


def replicated(choices: Choices, own: Resource, place: str) -> list[Resource]:
    """A resource with a copy of its data in another place."""
    if own.type == "aws_s3_bucket":
        values = {**own.values, "bucket": "example-own"}
        target = {"bucket": "example-copy", "region": place, "tags": own.values.get("tags", {})}
        rule = [{"destination": [{"bucket": "arn:aws:s3:::example-copy"}]}]
        copy = {"bucket": "example-own", "rule": rule}
        return [
            replace(own, values=values),
            Resource("aws_s3_bucket", "copy", target, defaults=own.defaults),
            Resource("aws_s3_bucket_replication_configuration", "all", copy),
        ]
    blocks = (
        {"replica": [{"region_name": place}]},
        {"geo_location": [{"location": place, "failover_priority": 1}]},
        {"destination_region": place},
    )
    return [replace(own, values={**own.values, **choices.one_of(blocks)})]
