"""The example of the guide, run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.program import rc

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "simulate.md"


def test_the_example_says_what_the_guide_shows(tmp_path: Path) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    files = re.findall(r"```yaml\n(# (\S+)\n.*?)```", text, re.DOTALL)
    assert len(files) == 4
    for content, name in files:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    shown = re.search(r"```console\n\$ rc ([^\n]+)\n(.*?)```", text, re.DOTALL)
    assert shown is not None
    done = rc(*shown[1].split(), cwd=tmp_path)
    assert (done.code, done.err) == (1, "")
    assert done.out == shown[2]
