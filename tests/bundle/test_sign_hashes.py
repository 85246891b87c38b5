"""The digests of files are those that a real `opa sign` computes."""

from __future__ import annotations

import base64
import contextlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policylib.bundle.signatures import hashes
from policylib.errors import SignatureError
from tests import tools
from tests.bundle.signatures import keys

NUMBERS = st.from_regex(
    r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,4})?", fullmatch=True
)
CHARACTERS = st.one_of(
    st.characters(codec="utf-8"),
    st.sampled_from("<>&/\\\"'\u2028\u2029\x00\x08\x0b\x0c\x1f\x7f\u0085\ufffd\uffff\U0001f600"),
)
SPACES = st.text(" \t\r\n", max_size=2)


@st.composite
def strings(draw: st.DrawFn) -> str:
    text = json.dumps(draw(st.text(CHARACTERS, max_size=8)), ensure_ascii=draw(st.booleans()))
    return text.replace("/", "\\/") if draw(st.booleans()) else text


@st.composite
def lists(draw: st.DrawFn, items: st.SearchStrategy[str]) -> str:
    space = draw(SPACES)
    return f"[{space}{f'{space},'.join(draw(st.lists(items, max_size=4)))}{space}]"


@st.composite
def objects(draw: st.DrawFn, items: st.SearchStrategy[str]) -> str:
    names = draw(st.lists(strings(), max_size=4, unique_by=json.loads))
    space = draw(SPACES)
    members = [f"{name}{space}:{draw(items)}{space}" for name in names]
    return f"{{{space}{','.join(members)}}}"


DOCUMENTS = st.recursive(
    st.one_of(NUMBERS, strings(), st.sampled_from(["true", "false", "null"])),
    lambda items: st.one_of(lists(items), objects(items)),
    max_leaves=12,
)


def of_opa(folder: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """The digests that `opa sign` puts into its token."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    key = folder.parent / "key.pem"
    key.write_bytes(keys("RS256").private)
    subprocess.run(
        [tools.path("opa"), "sign", "--signing-key", key, "--bundle", ".", "-o", folder.parent],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    [token] = json.loads((folder.parent / ".signatures.json").read_text())["signatures"]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return {one["name"]: one["hash"] for one in claims["files"]}


def of_ours(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashes.File(name, content).digest() for name, content in files.items()}


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(DOCUMENTS, min_size=1, max_size=30))
def test_data_hash_as_what_they_mean(
    found: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("hashes") / "bundle"
    files = {f"d{place}/data.json": text.encode() for place, text in enumerate(found)}
    files["d0/.manifest"] = found[0].encode()
    assert of_ours(files) == of_opa(folder, files)


@settings(max_examples=15)
@given(
    found=st.dictionaries(
        st.sampled_from(["x.rego", "README", "other.json", "xdata.json", "a/DATA.JSON", "b.yaml"]),
        st.binary(max_size=60),
        min_size=1,
    )
)
def test_other_files_hash_as_their_bytes(
    found: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert of_ours(found) == of_opa(tmp_path_factory.mktemp("hashes") / "bundle", found)


@given(st.text(CHARACTERS), st.text(CHARACTERS))
def test_what_differs_hashes_differently(one: str, other: str) -> None:
    digests = [
        hashes.File("data.json", json.dumps({"a": text}).encode()).digest() for text in (one, other)
    ]
    assert (digests[0] == digests[1]) is (one == other)


@given(st.one_of(st.binary(max_size=200), DOCUMENTS.map(str.encode)))
def test_any_bytes_are_data_that_python_reads_alike_or_are_refused(content: bytes) -> None:
    with contextlib.suppress(SignatureError):
        assert plain(hashes.parse(content, "data.json")) == json.loads(content)


def plain(value: Any) -> Any:
    """What was parsed, with numbers as Python has them."""
    if isinstance(value, hashes.Number):
        return json.loads(value)
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
