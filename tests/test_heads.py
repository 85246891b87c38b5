"""The package of a module, as every reader of Rego here takes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policylib import heads, overlay, rules
from policylib.bundle import opa
from policylib.bundle.signatures import content
from policylib.bundle.signatures.hashes import File
from policylib.errors import PolicylibError

PLAIN = {
    "package a": ("a",),
    "package  a.b\n": ("a", "b"),
    "package\ta.b # why\n\nimport rego.v1\n": ("a", "b"),
    "# METADATA\n# title: x\n\npackage a.b\r\n": ("a", "b"),
    '  package a["b-c"].d\n': ("a", "b-c", "d"),
}
ODD = [
    "",
    "import rego.v1\npackage a\n",
    "package\na\n",
    "package 1\n",
    "package a := 1\n",
    'package a["\\x"]\n',
    "x := `\npackage a\n`\n",
]


@pytest.mark.parametrize("source", PLAIN)
def test_a_plain_package_is_read(source: str) -> None:
    assert heads.package(source) == PLAIN[source]


@pytest.mark.parametrize("source", ODD)
def test_what_is_no_plain_package_is_none(source: str) -> None:
    assert heads.package(source) is None


def laid_over(source: str) -> None:
    overlay.over({"x.rego": source}, lambda: rules.load().modules, "rego")


def built(source: str) -> None:
    opa.manifest(rules.of({"x.rego": source}), (), "1")


def signed(source: str) -> None:
    manifest = b'{"roots": ["a"], "revision": "1+sha256:%s"}' % (b"0" * 64)
    files = {".manifest": manifest, "x.rego": source.encode()}
    content.check({name: File(name, text) for name, text in files.items()})


@pytest.mark.parametrize("reader", [laid_over, built, signed])
def test_all_readers_agree(reader: Callable[[str], None]) -> None:
    for source in PLAIN:
        reader(source)
    for source in ODD:
        with pytest.raises(PolicylibError, match=r"plain package.*write `package PATH`"):
            reader(source)


@pytest.mark.parametrize("package", ["policylib.lib.images", 'policylib["lib"].images'])
def test_nothing_is_added_to_a_package_of_ours_whatever_its_spelling(package: str) -> None:
    assert any(
        heads.package(text) == heads.package(f"package {package}")
        for text in rules.load().modules.values()
    )
    with pytest.raises(PolicylibError, match="a module of its own"):
        laid_over(f"  package  {package} # mine\n")
