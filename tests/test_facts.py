"""Facts: what is accepted, how mistakes are reported, and that the rules see it alike."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib import InputError, facts, reading, rules
from policylib._native import read
from policylib.engine.interface import Value
from policylib.engine.regorus import RegorusEngine

ROOT = Path(__file__).parents[1]
DIGEST = "sha256:" + "0123456789abcdef" * 4
IMAGE = f"ghcr.io/org/app@{DIGEST}"
TEXT = f"""\
apiVersion: policylib.dev/v1
kind: ImageFacts
image: {IMAGE}
verified_at: 2024-05-02T08:00:00Z
expires_at: 2098-01-01T00:00:00+02:00
signers:
  - {{issuer: https://issuer.example, identity: a@example.com}}
attestations:
  - statement_type: https://in-toto.io/Statement/v1
    predicate_type: https://slsa.dev/provenance/v1
    subject: {DIGEST}
    signer: {{issuer: https://issuer.example, identity: b@example.com}}
    builder: https://builder.example
    build_type: https://builder.example/v1
    source:
      repository: https://github.com/org/app
      ref: refs/heads/main
      commit: 0123456789abcdef0123456789abcdef01234567
    external_parameters: {{any thing: [1, null]}}
  - statement_type: https://in-toto.io/Statement/v1
    predicate_type: https://example.com/scan
    subject: {DIGEST}
    signer: {{issuer: https://issuer.example, identity: b@example.com}}
sbom:
  - format: spdx
    predicate_type: https://spdx.dev/Document
    subject: {DIGEST}
    signer: {{issuer: https://issuer.example, identity: b@example.com}}
errors: [no entry in the log]
"""


def load(tmp_path: Path, text: str, name: str = "facts.yaml") -> dict[str, Any]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return facts.load(path)


def example() -> dict[str, Any]:
    documents, _ = read("facts.yaml", TEXT.encode())
    found: dict[str, Any] = json.loads(documents[0])
    return found


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    assert load(tmp_path, TEXT) == {"images": {IMAGE: example()}}


def test_what_is_left_out_stays_out(tmp_path: Path) -> None:
    [read] = load(tmp_path, TEXT)["images"].values()
    assert "metadata" not in read
    assert "builder" not in read["attestations"][1]


@pytest.mark.parametrize("separator", ["---\n", "--- # a comment\n", "...\n---\n"])
def test_documents(tmp_path: Path, separator: str) -> None:
    other = IMAGE.replace("app", "other")
    text = f"{TEXT}{separator}{TEXT.replace(IMAGE, other)}"
    assert set(load(tmp_path, text)["images"]) == {IMAGE, other}


def test_a_list_in_json(tmp_path: Path) -> None:
    items = [example(), {**example(), "image": IMAGE.replace("app", "other")}]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    assert len(load(tmp_path, text, "facts.json")["images"]) == 2


def test_nobody_verified_anything(tmp_path: Path) -> None:
    assert load(tmp_path, "apiVersion: v1\nkind: List\nitems: []\n") == {"images": {}}


def test_the_fixtures(tmp_path: Path) -> None:
    found = facts.load(ROOT / "fixtures" / "provenance" / "facts.yaml")
    assert len(found["images"]) > 100


def test_the_guide(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "guide" / "provenance.md").read_text(encoding="utf-8")
    [text] = [
        block for block in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if "errors:" in block
    ]
    assert set(load(tmp_path, text)["images"]) == {IMAGE}


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("errors:", "error:", "29:8", "unknown key error (did you mean errors?)"),
        ("    builder:", "    bulider:", "13:14", "did you mean builder?"),
        ("identity: a@", "identiti: a@", "7:48", "unknown key signers.0.identiti (did you mean"),
        ("      ref:", "      refs:", "17:13", "did you mean ref?"),
        ("  - format", "  - keyid: x\n    format", "25:12", "known: format, predicate_type"),
        ("policylib.dev/v1", "policylib.dev/v2", "1:13", "apiVersion"),
        ("kind: ImageFacts", "kind: imagefacts", "2:7", "kind"),
        (IMAGE, "ghcr.io/org/app:1", "3:8", "a repository and a digest without a tag"),
        (IMAGE, IMAGE.replace("@", ":1@"), "3:8", "without a tag"),
        (IMAGE, f"{'a' * 256}@{DIGEST}", "3:8", "without a tag"),
        ("2024-05-02T08:00:00Z", "2024-05-02", "4:14", "no RFC 3339 timestamp"),
        ("2024-05-02T08:00:00Z", "2024-05-02 08:00:00", "4:14", "no RFC 3339 timestamp"),
        ("2024-05-02T08:00:00Z", "2024-02-30T08:00:00Z", "4:14", "day"),
        ("2024-05-02T08:00:00Z", "2098-01-01T00:00:00Z", "1:1", "expires_at is not after"),
        ("errors: [no entry in the log]", "errors: none", "29:9", "errors"),
        ("errors: [no entry in the log]", "errors: [5]", "29:10", "errors.0"),
        ("errors: [no entry in the log]\n", "", "1:1", "errors: Field required"),
        ("identity: a@example.com", "identity: [a]", "7:48", "signers.0.identity"),
        ("identity: a@example.com", "identity: a b", "7:48", "visible ASCII"),
        (f"    subject: {DIGEST}\n    signer", "    signer", "9:5", "subject: Field required"),
        (f"subject: {DIGEST}", f"subject: {DIGEST}0", "11:14", "64 lower-case"),
        ("builder: https://builder.example\n", "builder: null\n", "13:14", "leave out"),
        ("builder: https://builder.example\n", "builder: {id: x}\n", "13:14", "string"),
        ("commit: 0123", "commit: x123", "18:15", "this is a commit"),
        ("external_parameters: {any thing: [1, null]}", "external_parameters: []", "19:26", "dict"),
    ],
)
def test_mistakes_have_a_place_and_a_reason(
    tmp_path: Path, old: str, new: str, place: str, message: str
) -> None:
    assert old in TEXT
    with pytest.raises(InputError) as caught:
        load(tmp_path, TEXT.replace(old, new, 1))
    assert caught.value.where.endswith(f"facts.yaml:{place}")
    assert message in str(caught.value)


def test_a_mistake_in_a_later_document(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"facts\.yaml:32:7: kind"):
        load(tmp_path, f"{TEXT}---\n{TEXT.replace('kind: ImageFacts', 'kind: Facts')}")


def test_a_mistake_in_an_item(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"facts\.yaml:4:5: apiVersion: Field required"):
        load(tmp_path, "apiVersion: v1\nkind: List\nitems:\n  - {kind: ImageFacts}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there are no facts in it"),
        ("# nothing\n---\n", "there are no facts in it"),
        ("- a\n", "1:1: Input should be"),
        ("just text\n", "1:1: Input should be"),
        ("kind: List\nitems: {a: 1}\n", "2:8: the items of a List are a list"),
        ("kind: List\n", "1:1: the items of a List are a list"),
        ("a: [\n", "2:1"),
        ("image: a\nimage: b\n", "2:1"),
    ],
)
def test_what_holds_no_facts(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, text)
    assert message in str(caught.value)


def test_two_facts_about_one_image(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two facts about ghcr") as caught:
        load(tmp_path, f"{TEXT}---\n{TEXT}")
    assert caught.value.where.endswith("facts.yaml:33:8")
    assert "facts.yaml:3:8" in caught.value.remedy


class TestFiles:
    def test_a_missing_one(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="No such file"):
            facts.load(tmp_path / "gone.yaml")

    def test_a_name_that_no_file_has(self) -> None:
        with pytest.raises(InputError, match="null"):
            facts.load(Path("a\0b"))

    def test_an_endless_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "LARGEST", 1000)
        with pytest.raises(InputError, match="more than 1000 bytes"):
            facts.load(Path("/dev/zero"))

    def test_a_pipe(self, tmp_path: Path) -> None:
        reader, writer = os.pipe()
        os.write(writer, TEXT.encode())
        os.close(writer)
        assert set(facts.load(Path(f"/dev/fd/{reader}"))["images"]) == {IMAGE}
        os.close(reader)


@cache
def engine() -> RegorusEngine:
    return RegorusEngine(rules.load().modules, {"settings": {"provenance": {}}, "facts": {}})


def refused_by_rego(document: Any) -> bool:
    """Whether the rules call a document of facts malformed."""
    [answer] = engine().evaluate(
        "data.policylib.lib.evidence.faults", [{"review": {"object": document}}]
    )
    assert isinstance(answer, Value)
    words = ("has malformed facts", "no reference with a sha256 digest")
    return any(word in fault["msg"] for fault in answer.value for word in words)


def refused_by_load(document: Any, path: Path) -> bool:
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        facts.load(path)
    except InputError:
        return True
    return False


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    return [found for key, item in items for found in [(*path, key), *paths(item, (*path, key))]]


# By its kind a document is known as facts; what parameters hold is nobody's business.
PATHS = [
    path
    for path in paths(example())
    if path != ("kind",) and "external_parameters" not in path[:-1]
]
TEXTS = st.sampled_from(
    [
        "",
        "a",
        "a b",
        "a\n",
        "é",
        DIGEST,
        DIGEST.upper(),
        f"{DIGEST}0",
        f"{DIGEST}\n",
        IMAGE,
        f"app@{DIGEST}",
        f"localhost:5000/app@{DIGEST}",
        f"app:1@{DIGEST}",
        f"App@{DIGEST}",
        f"a..b@{DIGEST}",
        f"[::1]:5/app@{DIGEST}",
        f"a.b/c__d@{DIGEST}",
        f"a:5/b:5@{DIGEST}",
        f"-a/b@{DIGEST}",
        f"{'a' * 255}@{DIGEST}",
        f"{'a' * 256}@{DIGEST}",
        "0" * 40,
        "0" * 64,
        "0" * 41,
        "2025-01-01",
        "2025-01-01T00:00:00Z",
        "2025-01-01T00:00:00.123456789-11:59",
        "2025-01-01T24:00:00Z",
        "2025-01-01T00:00:60Z",
        "2025-01-01T00:00:00+24:00",
        "2025-02-29T00:00:00Z",
        "2025-01-01t00:00:00z",
        "2025-01-01T00:00:00",
        "1969-01-01T00:00:00Z",
    ]
)
VALUES: st.SearchStrategy[Any] = (
    TEXTS | st.none() | st.booleans() | st.integers() | st.just([]) | st.just({})
)


def _replaced(path: tuple[str | int, ...], value: Any) -> Callable[[Any], None]:
    def change(holder: Any) -> None:
        holder[path[-1]] = value

    return change


def _removed(path: tuple[str | int, ...], _: Any) -> Callable[[Any], None]:
    def change(holder: Any) -> None:
        del holder[path[-1]]

    return change


def _added(_: tuple[str | int, ...], value: Any) -> Callable[[Any], None]:
    def change(holder: Any) -> None:
        if isinstance(holder, dict):
            holder["another"] = value
        else:
            holder.append(value)

    return change


@given(
    path=st.sampled_from(PATHS),
    change=st.sampled_from([_replaced, _removed, _added]),
    value=VALUES,
)
def test_the_rules_refuse_what_the_file_does(
    tmp_path_factory: pytest.TempPathFactory,
    path: tuple[str | int, ...],
    change: Callable[[tuple[str | int, ...], Any], Callable[[Any], None]],
    value: Any,
) -> None:
    document = copy.deepcopy(example())
    holder: Any = document
    for key in path[:-1]:
        holder = holder[key]
    change(path, value)(holder)
    # Any error at all denies, whatever its type.
    if any(not isinstance(error, str) for error in _errors(document)):
        return
    file = tmp_path_factory.getbasetemp() / "facts.json"
    assert refused_by_load(document, file) == refused_by_rego(document)


def _errors(document: Any) -> list[Any]:
    found = document.get("errors")
    return found if isinstance(found, list) else []


@given(value=st.text() | st.text("0123456789abcdef:@/._-Asha256"), key=st.sampled_from(PATHS))
def test_no_text_is_read_differently(
    tmp_path_factory: pytest.TempPathFactory, value: str, key: tuple[str | int, ...]
) -> None:
    document = copy.deepcopy(example())
    holder: Any = document
    for part in key[:-1]:
        holder = holder[part]
    holder[key[-1]] = value
    file = tmp_path_factory.getbasetemp() / "facts.json"
    assert refused_by_load(document, file) == refused_by_rego(document)
