"""Every output says the same, and nothing that settings or inputs hold gets out of hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policylib
from policylib.errors import InputError
from policylib.matrix import files, page, sheet, table
from policylib.matrix.model import Cell, Counterexample, Dimension, Matrix, Promise
from policylib.matrix.reproduce import command_line
from policylib.matrix.run import run
from policylib.report.plain import width
from tests.matrix.small import Pinning, lying

HOSTILE = "<script>alert(1)</script>\u202eabc\x1b[31m\n\"'=&"


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    return run(lying({"image": "tag", "kind": "Pod"}), policylib.load(), inputs=3)


def made(values: Sequence[str], promise: Promise = "deny", said: str = "no") -> Matrix:
    """A matrix with one dimension of these values, all enforced as `deny`."""
    example = Counterexample(engine="regorus", document={said: said}, said=(said,), reproduce=said)
    cells = [
        Cell(
            at={"value": value},
            promised=promise,
            because=said,
            enforced="deny",
            inputs=1,
            counterexample=None if promise == "deny" else example,
        )
        for value in values
    ]
    return Matrix(
        version="1",
        kind="digest",
        title=said,
        revision="sha256:0",
        environment=said,
        seed=0,
        engines={"regorus": "1"},
        dimensions=(Dimension(name="value", title="Value", values=tuple(values)),),
        cells=tuple(cells),
        notes=(said,),
    )


def test_text_has_the_tables_and_what_differs(matrix: Matrix) -> None:
    text = table.write(matrix)
    assert "Place: initContainers" in text
    assert "tag             ! deny   - deny\n" in text
    assert "digest          + allow  + allow\n" in text
    assert "differs: Image named by tag, Workload Pod, Place containers\n  promised allow" in text
    assert '"image": "registry.example/a:1"' in text
    assert "again: rc matrix digest --seed 0 --inputs 3 --cell image=tag" in text
    assert text.endswith(
        f"digest: 2 of 12 cells differ (36 inputs, regorus {matrix.engines['regorus']}, seed 0)\n"
    )
    assert "\x1b" not in text


@pytest.fixture(scope="module")
def planted() -> Matrix:
    """One kind of planted input differs, and what it is could do harm."""
    found = run(lying({}), policylib.load(), inputs=1, planted=("digest.image_pinned",))
    example = Counterexample(engine="regorus", document={}, said=(HOSTILE,), reproduce="rc x")
    update = {"what": HOSTILE, "enforced": "mixed", "counterexample": example}
    broken = found.planted[1].model_copy(update=update)
    return found.model_copy(update={"planted": (found.planted[0], broken, *found.planted[2:])})


def test_every_form_but_csv_tells_what_was_planted(planted: Matrix) -> None:
    [broken] = planted.differing_planted
    kinds = f"1 of {len(planted.planted)} kinds of planted inputs differs"
    text = table.write(planted)
    around = sum(bool(one.circumstance) for one in planted.planted)
    defects = sum(bool(one.defect) for one in planted.planted)
    asked = f"{defects} defects, {around} circumstances, {planted.inputs} inputs"
    assert f"! digest.image_pinned: {asked}, differs: " in text
    assert f'differs: digest.image_pinned, defect "{broken.defect}"\n  promised deny' in text
    assert "again: rc x" in text
    assert f"digest: {kinds} ({planted.inputs} inputs" in text
    assert not {"\x1b", "\u202e"} & set(text)
    quiet = table.write(planted, table.Options(panels=False))
    assert "by rule" not in quiet
    assert "differs: digest.image_pinned" in quiet
    html = elements(page.write(planted))
    assert kinds in html.text
    assert not {"\x1b", "\u202e"} & set(html.text)
    assert [tag for tag, _ in html.elements].count("script") == 1
    assert files.parse(files.write(planted).encode(), "m") == planted
    assert sheet.write(planted).count("\n") == 1


def test_what_is_planted_and_as_promised_takes_a_line_a_rule() -> None:
    found = run(Pinning(), policylib.load(), inputs=1, planted=())
    text = table.write(found)
    assert text.count("as promised\n") >= 4
    assert f"12 cells, {len(found.planted)} kinds of planted inputs, {found.inputs} inputs" in text
    assert "Every rule treats what was planted as promised." in page.write(found)


def test_text_without_panels_keeps_what_differs(matrix: Matrix) -> None:
    text = table.write(matrix, table.Options(panels=False))
    assert "+ allow" not in text
    assert "differs: Image named by tag" in text


def test_colours_add_nothing_to_what_is_said(matrix: Matrix) -> None:
    import re

    colored = table.write(matrix, table.Options(color=True))
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == table.write(matrix)


@given(
    st.lists(st.text("ab<日 ", min_size=1, max_size=12), min_size=1, max_size=9, unique=True),
    st.integers(20, 90),
)
def test_tables_fit_a_narrow_terminal(values: list[str], room: int) -> None:
    wide = made(values)
    axes = (Dimension(name="row", title="Row", values=("r",)), *wide.dimensions)
    cells = tuple(c.model_copy(update={"at": {"row": "r", **c.at}}) for c in wide.cells)
    wide = wide.model_copy(update={"dimensions": axes, "cells": cells})
    drawn = table.write(wide, table.Options(width=room)).split("\n\n")[1:-2]
    assert sum(block.count("- deny") for block in drawn) == len(values)
    column = len("Row  ") + max(width(value) for value in values)
    for line in "\n".join(drawn).split("\n"):
        assert width(line) <= max(room, column)


def test_json_is_read_as_it_was_written(matrix: Matrix) -> None:
    assert files.parse(files.write(matrix).encode(), "m") == matrix


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"{", b'{"kind": "digest"}', b"\xff"])
def test_what_is_no_matrix_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="this is no matrix"):
        files.parse(content, "m.json")


def test_a_cell_that_is_there_twice_is_refused() -> None:
    twice = made(["a", "a"])
    with pytest.raises(InputError, match="twice"):
        files.parse(files.write(twice).encode(), "m.json")


ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
ACTIVE = st.builds(
    str.__add__, st.sampled_from(["=", "+", "-", "@", "'", "\t", "\r", "\uff1d"]), ANY
)


@given(st.lists(ANY | ACTIVE, min_size=1, max_size=5, unique=True))
def test_csv_keeps_every_value_and_computes_none(values: list[str]) -> None:
    text = sheet.write(made(values, said="=1+1"))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == len(values) + 1
    assert not any(field.startswith(("=", "+", "-", "@", "\t", "\r")) for r in rows for field in r)
    read = sheet.read(text, "digest", ["value"], "m.csv")
    assert [one.at["value"] for one in read] == values
    assert {one.promised for one in read} == {"deny"}


def test_csv_that_a_spreadsheet_saved_is_read() -> None:
    saved = "\r\n".join(["matrix;value;promised", "digest;a;deny", "digest;b;allow", ";;", ""])
    read = sheet.read(saved, "digest", ["value"], "m.csv")
    assert [(one.at["value"], one.promised) for one in read] == [("a", "deny"), ("b", "allow")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "'matrix' is missing"),
        ("matrix,promised\n", "'value' is missing"),
        ("matrix,value,promised,comment\n", "'comment' is unknown"),
        ("matrix,value,value,promised\n", "'value' is there twice"),
        ("matrix,value,promised\ntier,a,deny\n", "this is of the matrix 'tier'"),
        ("matrix,value,promised\ndigest,a,Deny\n", "row 2.*not 'Deny'"),
        ("matrix,value,promised\ndigest,a\n", "there are 2 values for 3 columns"),
        ("matrix,value,promised\ndigest,a,deny\ndigest,a,allow\n", "row 3.*twice"),
        ('matrix,value,promised\ndigest,"a"b,deny\n', "this is not CSV"),
    ],
)
def test_csv_that_approves_nothing_is_refused(text: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        sheet.read(text, "digest", ["value"], "m.csv")


@pytest.fixture(params=["json", "csv"])
def approved(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """What was approved, as our own program wrote it."""
    write = {"json": files.write, "csv": sheet.write}[request.param]
    path = tmp_path / f"approved.{request.param}"
    path.write_text(write(made(["a", "b"])), encoding="utf-8")
    return path


def test_what_is_approved_is_as_promised(approved: Path) -> None:
    held = files.held_to(made(["a", "b"]), files.approved(approved, "digest", ["value"]))
    assert held.exit_code == 0
    assert [cell.approved for cell in held.cells] == ["deny", "deny"]


def test_what_is_approved_otherwise_or_not_at_all_differs(approved: Path) -> None:
    matrix = made(["b", "c"])
    permitted = matrix.cells[0].model_copy(update={"promised": "allow", "enforced": "allow"})
    matrix = matrix.model_copy(update={"cells": (permitted, matrix.cells[1])})
    held = files.held_to(matrix, files.approved(approved, "digest", ["value"]))
    assert held.exit_code == 1
    assert [cell.approved for cell in held.differing] == ["deny", "absent"]
    assert [one.at for one in held.missing] == [{"value": "a"}]
    text = table.write(held)
    assert "  approved deny\n" in text
    assert "the approved matrix has no such cell" in text
    assert "missing: Value a: approved is deny" in text
    assert "3 of 3 cells differ" in text
    html = page.write(held)
    assert "approved deny" in html
    assert "not in the approved matrix" in html
    assert "and the matrix has no such cell" in html
    assert sheet.write(held).count(",yes,") == 3


def test_only_the_cells_that_were_asked_for_are_held_to_what_is_approved(approved: Path) -> None:
    approvals = files.approved(approved, "digest", ["value"])
    assert files.held_to(made(["a"]), approvals, {"value": "a"}).exit_code == 0
    assert files.held_to(made(["a"]), approvals).exit_code == 1


def test_an_approval_of_another_kind_or_of_nothing_is_refused(
    approved: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="tier"):
        files.approved(approved, "tier", ["value"])
    empty = tmp_path / "empty.csv"
    empty.write_text("matrix,value,promised\n")
    with pytest.raises(InputError, match="approves no cell"):
        files.approved(empty, "digest", ["value"])
    with pytest.raises(InputError, match="cannot be read: No such file"):
        files.approved(tmp_path / "none", "digest", ["value"])
    empty.write_bytes(b"matrix,value,promised\ndigest,\xe9,deny\n")
    with pytest.raises(InputError, match="not UTF-8"):
        files.approved(empty, "digest", ["value"])


class Elements(HTMLParser):
    """The elements of a page, and the text in it."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def elements(html: str) -> Elements:
    parser = Elements()
    parser.feed(html)
    return parser


@given(st.lists(st.text(max_size=20) | st.just(HOSTILE), min_size=1, max_size=4, unique=True))
def test_a_page_has_the_same_elements_whatever_the_settings_hold(values: list[str]) -> None:
    calm = elements(page.write(made(["abcd"[i] for i in range(len(values))], "allow")))
    odd = elements(page.write(made(values, "allow", said=HOSTILE)))
    assert [tag for tag, _ in odd.elements] == [tag for tag, _ in calm.elements]
    assert [set(attributes) for _, attributes in odd.elements] == [
        set(attributes) for _, attributes in calm.elements
    ]
    assert not {"\u202e", "\x1b"} & set(odd.text)
    assert "\\u202e" in odd.text


def test_a_page_asks_for_nothing_else(matrix: Matrix) -> None:
    found = elements(page.write(matrix)).elements
    assert [tag for tag, _ in found if tag in {"link", "img", "iframe", "object", "base"}] == []
    assert all("src" not in attributes and "style" not in attributes for _, attributes in found)
    links = [attributes["href"] for tag, attributes in found if tag == "a"]
    assert all(link is not None and link.startswith("#") for link in links)
    [policy] = [a["content"] for _, a in found if a.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_hostile_text_is_written_out_on_a_terminal() -> None:
    text = table.write(made([HOSTILE], "allow", said=HOSTILE))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert json.dumps({HOSTILE: HOSTILE}, indent=2).split("\n")[1].strip() in text


def test_a_command_line_can_be_copied(tmp_path: Path) -> None:
    import subprocess

    words = ["printf", "%s|", "a b", "it's", "$HOME `id`", "tab\tquote'back\\slash", "é\u202e"]
    done = subprocess.run(["bash", "-c", command_line(words)], capture_output=True, check=True)
    assert done.stdout.decode() == "".join(f"{word}|" for word in words[2:])
    assert command_line(words).isprintable()


def test_cells_that_make_no_sense_are_left_blank() -> None:
    kind = Pinning(images=("digest", "tag"))
    matrix = run(kind, policylib.load(), inputs=1)
    cells = tuple(c for c in matrix.cells if (c.at["image"], c.at["kind"]) != ("tag", "Pod"))
    matrix = matrix.model_copy(update={"cells": cells})
    assert "tag                      - deny\n" in table.write(matrix)
    assert page.write(matrix).count('<td class="none">') == 2
