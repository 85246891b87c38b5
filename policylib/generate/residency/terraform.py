"""Terraform plans whose resources keep data, in AWS, Google Cloud, Azure and Kubernetes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from policylib.generate import label_keys
from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import names
from policylib.generate.residency.kinds import AWS, AZURE, COPIERS, GOOGLE, HOLDERS, OPEN, Values
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


_CLAIM = "kubernetes_persistent_volume_claim_v1"
_WIDE = ("google_storage_bucket", "google_bigquery_dataset", _CLAIM)
"""What may be in a place that is no region."""

OF_PROVIDERS: Mapping[str, Sequence[str]] = {
    "aws": (*AWS, *COPIERS),
    "google": tuple(GOOGLE),
    "azure": tuple(AZURE),
}
TYPES = tuple(one for types in OF_PROVIDERS.values() for one in types)
"""What keeps data and says where, the simplest first."""
ANY = (*TYPES, _CLAIM)

PLACELESS = (
    *AWS,
    *(kind for kind in (*GOOGLE, *AZURE) if kind != "google_bigquery_dataset"),
)
"""What has no place unless it says one."""
HOMELESS = (*PLACELESS, *OPEN)

_KEYS = ("data_class", "DataClass", "data-class")
_TENANT_KEYS = ("tenant", "Tenant")


def types(place: str, *, classed: bool = True) -> Sequence[str]:
    """The types that may be in a place: any, for a name that nobody knows.

    Those that need no class count only where one is said.
    """
    provider = names.provider(names.place(place))
    if provider:
        return OF_PROVIDERS[provider] if classed else needing_class(OF_PROVIDERS[provider])
    return _WIDE if names.is_known(place) else ANY if classed else needing_class(ANY)


def needing_class(types: Sequence[str]) -> Sequence[str]:
    """Those types that may not leave out the class of their data."""
    return [kind for kind in types if kind not in HOLDERS]


def plan(choices: Choices, settings: Settings, said: Said, kind: str = "") -> Doc:
    """A plan that keeps data of the classes in each place that is said; in the first by a `kind`.

    Of two places each has a resource of its own, or one has a copy of what the other has.
    """
    is_classed = bool(said.classes)
    kind = kind or choices.one_of(types(said.places[0], classed=is_classed))
    if len(said.places) == 2 and once_in(choices, 2):
        own = resource(choices, settings, replace(said, places=said.places[:1]), kind)
        return document(choices, replicated(choices, own, said.places[1]))
    kinds = [kind, *(choices.one_of(types(one, classed=is_classed)) for one in said.places[1:])]
    found = [
        resource(choices, settings, replace(said, places=(place,)), kind, f"r{i}")
        for i, (place, kind) in enumerate(zip(said.places, kinds, strict=True))
    ]
    return document(choices, [*found, *_bystanders(choices)])


def resource(
    choices: Choices, settings: Settings, said: Said, kind: str, name: str = "data"
) -> Resource:
    """A resource of a type that keeps data in one place.

    Now and then its provider says for all that it makes of which class they are, and whose.
    """
    found = _tagged(choices, settings, said, kind, name)
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


def _tagged(choices: Choices, settings: Settings, said: Said, kind: str, name: str) -> Resource:
    written = said.places[0]
    place = names.place(written) if names.provider(names.place(written)) else written
    if kind == _CLAIM:
        return _in_kubernetes(settings, said, name)
    if kind.startswith("aws"):
        return _aws(choices, settings, said, kind, name)
    if kind.startswith("azurerm"):
        shown = choices.one_of((place, written))
        own = tags(choices, settings, said)
        return Resource(kind, name, {"name": name, "tags": own, **AZURE[kind](shown)})
    says = GOOGLE[kind](place)
    labels = tags(choices, settings, said)
    if kind == "google_sql_database_instance":
        return Resource(kind, name, {"name": name, "settings": [{"user_labels": labels}], **says})
    return Resource(kind, name, {"name": name, "labels": labels, **says})


def placeless(choices: Choices, settings: Settings, said: Said, kind: str = "") -> Doc:
    """A plan that keeps data of the classes and does not say where."""
    kind = kind or choices.one_of(HOMELESS)
    found = Resource(kind, "data", {tags_key(kind): tags(choices, settings, said)})
    return document(choices, [found])


def tags_key(kind: str) -> str:
    """What the map of tags is called, by the provider of a type."""
    return "labels" if kind.startswith("google") else "tags"


def _aws(choices: Choices, settings: Settings, said: Said, kind: str, name: str) -> Resource:
    written = said.places[0]
    place = names.place(written)
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
    keys = label_keys.of(settings)
    annotations = {keys["region"]: said.places[0], keys["data_class"]: ",".join(said.classes)}
    if said.tenants:
        annotations[keys["tenant"]] = ",".join(said.tenants)
    values = {"metadata": [{"name": name, "labels": annotations}]}
    return Resource(_CLAIM, name, values)


def tags(choices: Choices, settings: Settings, said: Said) -> Values:
    """Tags that say the classes and tenants, by the settings' keys or spellings of them."""
    keys = label_keys.of(settings)
    usual = keys == label_keys.USUAL
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
        {"copies": [{"replica": place}]},
        {"copies": [{"replicas": [place]}]},
    )
    return [replace(own, values={**own.values, **choices.one_of(blocks)})]
