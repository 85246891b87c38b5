"""The reader against the real kubectl: the same documents, typed alike.

Generated input is compared in native/reader, with kubectl's own libraries; this is kubectl itself.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib._native import read
from tests import tools

ROOT = Path(__file__).parents[2]
HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"

# Words apart by spaces; # stands for a space within one.
SCALARS = """
    yes no on off y n Y N true True TRUE tRUE null Null ~ nUlL 1 +1 -1 0 -0 01 010 08 0o14 0x1F
    0X1f 0b11 1_000 _1 1__0 12:30:45 190:20:30 1e3 1E3 1e+3 .5 5. 1.0 -.5 1_0.5 6.02e23 1e21 1e-7
    9223372036854775807 -9223372036854775808 2001-01-01 2001-12-14t21:59:43.10-05:00 = 'yes' "no"
    '1' "\\x41" "\\u00e9" !!str#1 !!str#yes !!int#"3" !!float#1 !!bool#"yes" !!null#""
    !!binary#aGk= a:b -x ?x 日本 é
"""

SEPARATORS = [
    "---\n", "--- \n", "---\t\n", "--- # c\n", "---#c\n", "---\r\n", "--- \r\n", "\n---\n\n",
    "---\n---\n", "---\n# only a comment\n---\n", "---\nnull\n---\n", "---\n~\n---\n",
]  # fmt: skip


def kubectl(text: str, folder: Path) -> list[Any]:
    """The documents as kubectl reads them; it is asked to add a label that is taken off again."""
    path = folder / "input.yaml"
    path.write_text(text, newline="")
    program = str(tools.path("kubectl"))
    command = [program, "label", "--local", "-f", str(path), "-o", "json", "policylib.dev/read=1"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    decoder = json.JSONDecoder()
    documents = []
    while said := said.lstrip():
        document, end = decoder.raw_decode(said)
        del document["metadata"]["labels"]["policylib.dev/read"]
        if not document["metadata"]["labels"]:
            del document["metadata"]["labels"]
        documents.append(document)
        said = said[end:]
    return documents


def ours(text: str) -> list[Any]:
    documents, problems = read("input.yaml", text.encode())
    assert problems == []
    return [json.loads(document) for document in documents if document != "null"]


def test_scalars_are_typed_as_kubectl_types_them(tmp_path: Path) -> None:
    words = [word.replace("#", " ") for word in SCALARS.split()]
    text = HEAD + "data:\n" + "".join(f"  k{i}: {word}\n" for i, word in enumerate(words))
    assert ours(text) == kubectl(text, tmp_path)


def test_keys_become_text_as_in_kubectl(tmp_path: Path) -> None:
    keys = ["yes", "1", "010", "1.5", "1e3", "'x'", "0x10", "2001-01-01", "-1"]
    text = HEAD + "data:\n" + "".join(f"  {key}: v{i}\n" for i, key in enumerate(keys))
    assert ours(text) == kubectl(text, tmp_path)


@pytest.mark.parametrize("separator", SEPARATORS)
def test_documents_are_split_where_kubectl_splits_them(tmp_path: Path, separator: str) -> None:
    text = f"{HEAD}n: 1\n{separator}{HEAD}n: 2\n"
    assert ours(text) == kubectl(text, tmp_path)
    assert len(ours(text)) == 2


@pytest.mark.parametrize(
    "body",
    [
        "a: &x {b: [1, 2]}\nc: *x\nd: {<<: *x, e: 1}\n",
        "a: |\n  one\n  --- two\n  three\nb: >-\n  folded\n  text\n\n  more\n",
        "a: \"tab\\tand \\\n  fold\"\nb: 'it''s'\n",
        "a: plain\n  goes on\nb: [x, {y: z}, ]\n",
        "? a\n: b\n",
        "a:\n- b\n- - c\n  - d\n",
        "a: x # comment\nb: 'x # text'\n",
        "a: {x: , y: }\n",
    ],
)
def test_structures_are_read_alike(tmp_path: Path, body: str) -> None:
    text = HEAD + body
    assert ours(text) == kubectl(text, tmp_path)


def test_json_is_read_alike(tmp_path: Path) -> None:
    text = json.dumps(ours(HEAD)[0] | {"x": [1, 1.5, None, True, "\u00e9\n"]})
    for stream in (text, f"{text}\n{text}", f"{text}\n---\n{text}", f"\n\n{text}\n---\n{HEAD}"):
        assert ours(stream) == kubectl(stream, tmp_path)


def test_the_examples_are_read_alike(tmp_path: Path) -> None:
    texts = [path.read_text() for path in sorted((ROOT / "fixtures" / "digest").rglob("*.yaml"))]
    named = [text for text in texts if kubectl_takes(text)]
    assert len(named) >= 60
    stream = "\n---\n".join(named)
    assert ours(stream) == kubectl(stream, tmp_path)


def kubectl_takes(text: str) -> bool:
    """Whether kubectl can label it: it has a type and metadata, and no items to be taken apart."""
    documents = ours(text)
    return all(
        isinstance(document, dict)
        and all(isinstance(document.get(key), str) for key in ("apiVersion", "kind"))
        and isinstance(document.get("metadata"), dict)
        and "items" not in document
        for document in documents
    )


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40))
def test_any_text_in_quotes_is_itself(text: str) -> None:
    assert ours(f"a: {json.dumps(text, ensure_ascii=False)}\n") == [{"a": text}]
