"""Requests that data stay in a region, transfers between two, and events of egress."""

from __future__ import annotations

from collections.abc import Mapping

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import names
from policylib.generate.residency.said import Said, Way
from policylib.generate.sample import Doc

STRAYS = ("replicas", "regions", "backup", "cdn", "sub_processors", "Region")
"""Keys that a transfer does not have, and that may hide a location."""

WORLDWIDE = ("s3.amazonaws.com", "storage.googleapis.com", "exports.azureedge.net")
"""Hosts that serve the world."""

KINDS = ("TransferRequest", "EgressEvent")

_PURPOSES = ("usage statistics", "invoices", "restore after an incident")
_METADATA: tuple[Doc, ...] = (
    {"name": "request"},
    {"name": "exports", "namespace": "shop"},
    {"name": "nightly", "labels": {"app": "reports"}},
)
_ANYWHERE = ("https://partner.example.com/upload", "sftp.example.net", "warehouse")


def request(choices: Choices, said: Said) -> Doc:
    """A request that data stay in the one place that is said; of what is empty it says nothing."""
    body: Doc = {}
    if said.places:
        body["region"] = said.places[0]
    if said.classes:
        body["data_class"] = _several(choices, said.classes)
    if said.tenants:
        body["tenant"] = _several(choices, said.tenants)
    if once_in(choices, 3):
        body["purpose"] = choices.one_of(_PURPOSES)
    under = not (said.places and once_in(choices, 3))  # a root without a region asks for ends
    kind = KINDS[0] if under else choices.one_of(KINDS)
    if kind == "EgressEvent":
        body.update(_event(choices, "".join(said.places)))
    return _document(choices, kind, {"request": body} if under else body)


def transfer(choices: Choices, way: Way, kinds: tuple[str, ...] = KINDS) -> Doc:
    """A transfer, asked for or observed."""
    body: Doc = {
        "from": {"region": way.source},
        "to": {"region": way.target},
        "data_class": _several(choices, way.classes),
    }
    if way.tenants:
        body["tenant"] = _several(choices, way.tenants)
    if way.pipeline is not None:
        body["pipeline"] = way.pipeline
    if once_in(choices, 3):
        body["purpose"] = choices.one_of(_PURPOSES)
    kind = choices.one_of(kinds)
    if kind == "EgressEvent":
        body.update(_event(choices, way.target))
    elif once_in(choices, 4):
        body["destination"] = _destination(choices, way.target)
    under = kind != "EgressEvent" and once_in(choices, 5)
    return _document(choices, kind, {"request": body} if under else body)


def body(document: Doc) -> Doc:
    """The part of a transfer that describes its data."""
    found: Doc = document.get("request", document)
    return found


def _document(choices: Choices, kind: str, body: Mapping[str, object]) -> Doc:
    metadata = dict(choices.one_of(_METADATA))
    return {"apiVersion": "policylib.dev/v1", "kind": kind, "metadata": metadata, **body}


def _several(choices: Choices, values: tuple[str, ...]) -> object:
    """One text, a list of one, or a list, as a document may write it."""
    if len(values) == 1 and not once_in(choices, 3):
        return values[0]
    return ", ".join(values) if once_in(choices, 4) else list(values)


def _event(choices: Choices, target: str) -> Doc:
    return {
        "time": f"2026-03-{choices.integer(10, 28)}T12:00:00Z",
        "workload": choices.one_of(("shop/gateway", "exports")),
        "bytes": choices.one_of((0, 1024, 5_000_000_000)),
        "destination": _destination(choices, target),
    }


def _destination(choices: Choices, target: str) -> str:
    """Where the data goes: a host that says nothing of its region, or that of the target."""
    place = names.place(target)
    if names.provider(place) and once_in(choices, 2):
        return choices.one_of(addresses(place))
    return choices.one_of(_ANYWHERE)


def addresses(region: str) -> tuple[str, ...]:
    """What lies in a region, by a name that tells it."""
    provider = names.provider(region)
    if provider == "aws":
        return (
            f"https://s3.{region}.amazonaws.com/exports/1",
            f"arn:aws:sqs:{region}:123456789012:exports",
            f"s3://reports-{region}",
            f"https://db.{region}.rds.amazonaws.com/exports",
        )
    if provider == "google":
        return (
            f"https://{region}-docker.pkg.dev/exports/1",
            f"projects/exports/locations/{region}/repositories/x",
            f"https://exports.{region}.run.app/1",
        )
    return (
        f"https://exports.{region}.azurecontainer.io/1",
        f"https://exports.{region}.cloudapp.azure.com",
    )
