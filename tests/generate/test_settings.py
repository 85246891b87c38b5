"""Generated settings: sound ones load, and each defect is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as run
from hypothesis import strategies as st

from policylib import generate, rules
from policylib.errors import SettingsError
from policylib.generate import settings as settings_files
from policylib.generate.choices import Chance
from policylib.generate.drawn import strategy
from policylib.generate.sample import Sample
from policylib.settings import files

RULES = sorted(rules.load().rules)
KNOWN = rules.load().known()


def loaded(raw: Any, folder: Path) -> None:
    path = folder / "policylib.yaml"
    path.write_text(json.dumps(raw), encoding="utf-8")
    files.parse(path, KNOWN)


def sections(seed: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in generate.FAMILIES:
        made = generate.family(name).settings(Chance(f"{seed}/{name}"))
        found |= {key: value for key, value in made.items() if key == name}
    return found


@pytest.mark.parametrize("seed", range(60))
def test_what_is_sound_loads_with_the_sections_of_every_family(seed: int, tmp_path: Path) -> None:
    loaded(settings_files.sound(Chance(seed), sections(seed), RULES), tmp_path)


@pytest.mark.parametrize("name", sorted(settings_files.DEFECTS))
def test_every_defect_is_refused(name: str, tmp_path: Path) -> None:
    raw = settings_files.sound(Chance(name), sections(0), RULES)
    loaded(raw, tmp_path)
    _, spoil = settings_files.DEFECTS[name]
    spoil(raw)
    with pytest.raises(SettingsError):
        loaded(raw, tmp_path)


@given(
    strategy(lambda choices: settings_files.sample(choices, {}, RULES)),
    st.uuids(),
)
@run(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_sample_is_refused_exactly_when_it_has_a_defect(
    tmp_path: Path, found: Sample, name: object
) -> None:
    folder = tmp_path / str(name)
    folder.mkdir(exist_ok=True)
    if found.defect is None:
        loaded(found.document, folder)
    else:
        assert found.defect.rule == "settings"
        with pytest.raises(SettingsError):
            loaded(found.document, folder)
