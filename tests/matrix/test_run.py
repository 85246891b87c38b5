"""What is promised is compared with what the engines really do."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policylib
from policylib import generate
from policylib.errors import EngineError, PolicylibError, SettingsError
from policylib.evaluate import Policy
from policylib.generate.choices import Choices, once_in
from policylib.generate.sample import Sample, Settings
from policylib.matrix import judging, planting
from policylib.matrix.interface import At
from policylib.matrix.run import run
from policylib.parity.peers import ENGINES, Breach, Refusal, Unreadable, Verdict
from policylib.settings.model import Labels
from tests import tools
from tests.matrix.small import PINNED, Pinning, lying, named

PROGRAMS = {name: tools.path(name) for name in ENGINES if name != "regorus"}
PATH = "policylib/digest/image_pinned/image_pinned.rego"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policylib.load()


def changed(policy: Policy, body: str) -> Policy:
    """The policy with a rule `digest.image_pinned` that has another body."""
    source = policy.rules.modules[PATH]
    head = source[: source.index("import rego.v1")]
    says = 'violation contains {"msg": "no", "details": {"path": ""}}'
    text = f"{head}import rego.v1\n\n{says} if {{\n{body}\n}}\n"
    rules = replace(policy.rules, modules={**policy.rules.modules, PATH: text})
    return replace(policy, rules=rules)


def levelled(policy: Policy, level: str) -> Policy:
    """The policy in an environment where the digest rules do less than deny."""
    enforcement = {"dev": {"digest": level}}
    settings = policy.settings.model_copy(update={"enforcement": enforcement})
    return replace(policy, settings=settings, environment="dev")


def test_what_is_enforced_as_promised_does_not_differ(policy: Policy) -> None:
    matrix = run(Pinning(), policy)
    assert matrix.exit_code == 0
    assert not matrix.differing
    assert len(matrix.cells) == 12
    assert matrix.inputs == 12 * 20
    assert {cell.enforced for cell in matrix.cells} == {"allow", "deny"}
    assert matrix.engines == {"regorus": policy.engine.version}
    assert matrix.revision == policy.revision


def test_exactly_the_cells_that_differ_are_found_with_their_smallest_input(policy: Policy) -> None:
    wrong = {"image": "tag", "kind": "Pod"}
    matrix = run(lying(wrong), policy)
    assert matrix.exit_code == 1
    assert [cell.at["place"] for cell in matrix.differing] == ["containers", "initContainers"]
    assert all(wrong.items() <= cell.at.items() for cell in matrix.differing)
    found = matrix.differing[0].counterexample
    assert found is not None
    assert found.engine == "regorus"
    assert found.defect == "the image has a tag and no digest"
    assert [line[: len("deny digest.image_pinned")] for line in found.said] == [
        "deny digest.image_pinned"
    ]
    smallest = [{"name": "x", "image": "registry.example/a:1"}, {"name": "a", "image": PINNED}]
    assert found.document["spec"] == {"containers": smallest}


def test_it_says_how_to_see_a_cell_again(policy: Policy) -> None:
    matrix = run(lying({"image": "tag"}), policy, seed=7, inputs=3, command=("--env", "it's"))
    found = matrix.differing[1].counterexample
    assert found is not None
    words = shlex.split(found.reproduce)
    assert words[:5] == ["rc", "matrix", "digest", "--env", "it's"]
    assert words[5:9] == ["--seed", "7", "--inputs", "3"]
    cells = [word for flag, word in zip(words[9::2], words[10::2], strict=True) if flag == "--cell"]
    where = dict(word.split("=", 1) for word in cells)
    again = run(lying({"image": "tag"}), policy, seed=7, inputs=3, where=where)
    assert [cell.at for cell in again.cells] == [matrix.differing[1].at]
    assert again.differing[0].counterexample is not None


def test_the_same_seed_gives_the_same_matrix(policy: Policy) -> None:
    kind = lying({"place": "initContainers"})
    first, second = (run(kind, policy, seed=3, inputs=5) for _ in range(2))
    assert first == second
    other = run(kind, policy, seed=4, inputs=5, shrink=False)
    examples = [[cell.counterexample for cell in m.differing] for m in (first, other)]
    assert examples[0] != examples[1]


def test_the_inputs_of_a_cell_do_not_depend_on_other_cells(policy: Policy) -> None:
    kind = lying({"image": "tag"})
    everything = run(kind, policy, shrink=False)
    alone = run(kind, policy, where={"image": "tag", "kind": "CronJob"}, shrink=False)
    assert alone.cells == tuple(
        cell for cell in everything.cells if cell.at["image"] == "tag" and cell.at["kind"] != "Pod"
    )


def rarely(choices: Choices, at: At) -> str:
    """What the cell does not promise, in about one input of 25."""
    honest = named(choices, at)
    return "nginx" if once_in(choices, 25) else honest


def test_a_rare_contradiction_makes_the_cell_mixed_and_is_never_lost(policy: Policy) -> None:
    kind = Pinning(image=rarely, images=("digest",))
    matrix = run(kind, policy, inputs=200)
    assert {cell.enforced for cell in matrix.cells} == {"mixed"}
    for cell in matrix.cells:
        assert cell.counterexample is not None
        assert '"nginx"' in cell.counterexample.said[0]


def test_all_differing_cells_have_a_counterexample_though_few_are_made_small(
    policy: Policy,
) -> None:
    kind = replace(
        lying({"image": "digest"}),
        images=("digest",),
        places=tuple(f"containers{'' if n == 0 else n}" for n in range(12)),
    )
    matrix = run(kind, policy, inputs=3)
    assert len(matrix.differing) == 24
    assert all(cell.counterexample for cell in matrix.differing)


def test_less_than_denying_differs_and_is_noted(policy: Policy) -> None:
    for level, enforced in {"warn": "warn", "log": "log", "off": "allow"}.items():
        matrix = run(Pinning(), levelled(policy, level), inputs=2, shrink=False)
        denied = [cell for cell in matrix.cells if cell.promised == "deny"]
        assert {cell.enforced for cell in denied} == {enforced}
        assert matrix.exit_code == 1
        assert any(note.startswith("in dev these") for note in matrix.notes)


def test_other_families_do_not_count(policy: Policy, tmp_path: Path) -> None:
    settings = tmp_path / "policylib.yaml"
    settings.write_text("version: 1\nresidency:\n  allowed_regions: {pii: [us-east-1]}\n")
    strict = policylib.load(settings=settings)
    assert not strict.check({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}).allowed
    assert run(Pinning(), strict, inputs=2).exit_code == 0


def test_a_family_that_is_not_configured_is_an_error(policy: Policy) -> None:
    with pytest.raises(SettingsError, match="residency is required and not configured"):
        run(Pinning(family="residency"), policy)


def test_a_cell_that_is_not_there_is_an_error(policy: Policy) -> None:
    with pytest.raises(PolicylibError, match=r"no such cell.*image: digest, tag, nothing"):
        run(Pinning(), policy, where={"image": "latest"})


@pytest.mark.parametrize("engines", [("rego",), ()])
def test_an_engine_that_is_not_there_is_an_error(policy: Policy, engines: tuple[str, ...]) -> None:
    with pytest.raises(EngineError, match="known: regorus, opa, conftest, gator"):
        run(Pinning(), policy, engines=engines)


def test_all_engines_are_asked_and_agree(policy: Policy) -> None:
    matrix = run(Pinning(), policy, inputs=2, engines=ENGINES, programs=PROGRAMS)
    assert matrix.exit_code == 0
    assert tuple(matrix.engines) == ENGINES
    assert all(set(cell.by_engine) == set(ENGINES) for cell in matrix.cells)


def test_engines_that_contradict_each_other_make_a_cell_differ(policy: Policy) -> None:
    """regorus finds nothing with `:=` on what walk yields, where OPA finds everything."""
    walking = '\t[p, v] := walk(input.review.object)\n\tv == "nginx"'
    kind = Pinning(images=("tag",), image=lambda choices, at: "nginx")
    matrix = run(
        kind,
        changed(policy, walking),
        inputs=2,
        engines=("regorus", "opa"),
        programs=PROGRAMS,
    )
    assert matrix.exit_code == 1
    for cell in matrix.cells:
        assert cell.by_engine == {"regorus": "allow", "opa": "deny"}
        assert cell.enforced == "mixed"
        assert cell.counterexample is not None
        assert cell.counterexample.engine == "regorus"


def test_what_only_a_slower_engine_does_wrong_is_made_small_too(policy: Policy) -> None:
    walking = '\t[p, v] := walk(input.review.object)\n\tv == "nginx"'
    kind = Pinning(images=("digest",), image=lambda choices, at: "nginx")
    [cell] = run(
        kind,
        changed(policy, walking),
        inputs=2,
        engines=("regorus", "opa"),
        programs=PROGRAMS,
        where={"kind": "Pod", "place": "containers"},
    ).cells
    assert cell.counterexample is not None
    assert cell.counterexample.engine == "opa"
    assert len(cell.counterexample.document["spec"]["containers"]) == 2


def test_an_engine_that_fails_is_an_error_of_the_cell(policy: Policy) -> None:
    failing = "\tto_number(input.review.object.metadata.name) == 1"
    matrix = run(Pinning(), changed(policy, failing), inputs=2, where={"kind": "Pod"})
    assert {cell.enforced for cell in matrix.cells} == {"error"}
    assert matrix.exit_code == 2
    example = matrix.cells[0].counterexample
    assert example is not None
    assert example.said[0].startswith("fails: ")


@dataclass(frozen=True)
class Bare(Pinning):
    """A kind whose documents say no kind: gator cannot be given them."""

    def sample(self, choices: Choices, settings: Settings, at: At) -> Sample:
        return Sample({"services": {}})


def test_an_engine_has_no_part_in_what_it_cannot_be_given(policy: Policy) -> None:
    kind = Bare(images=("digest",), places=("containers",))
    engines = ("regorus", "gator")
    matrix = run(kind, policy, inputs=2, engines=engines, programs=PROGRAMS)
    assert matrix.exit_code == 0
    assert all(cell.by_engine == {"regorus": "allow"} for cell in matrix.cells)
    assert any("gator was not asked about 4 of the inputs" in note for note in matrix.notes)
    assert any("gator has no part in 2 of the cells" in note for note in matrix.notes)
    nobody = run(kind, policy, inputs=2, engines=("gator",), programs=PROGRAMS)
    assert nobody.exit_code == 2
    assert {cell.enforced for cell in nobody.cells} == {"error"}


def test_an_answer_that_is_no_violation_is_an_error(policy: Policy) -> None:
    decision = "policylib/decision/decision.rego"
    answer = 'package policylib.decision\n\nimport rego.v1\n\nviolations contains {"rule": 1}\n'
    modules = {**policy.rules.modules, decision: answer}
    odd = replace(policy, rules=replace(policy.rules, modules=modules))
    with pytest.raises(EngineError, match="something that is no violation"):
        run(Pinning(), odd, inputs=1)


def test_progress_is_told_to_the_end(policy: Policy) -> None:
    told: list[tuple[int, int]] = []
    run(Pinning(), policy, inputs=50, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 600)
    assert told[-1] == (600, 600)
    assert len(told) > 2


def changed_to_nothing(policy: Policy, rule: str) -> Policy:
    """The policy with a rule of the digest family that never speaks."""
    path = PATH.replace("image_pinned", rule)
    source = policy.rules.modules[path]
    head = source[: source.index("import rego.v1")]
    text = f"{head}import rego.v1\n\nviolation contains v if {{\n\tfalse\n\tv := {{}}\n}}\n"
    rules = replace(policy.rules, modules={**policy.rules.modules, path: text})
    return replace(policy, rules=rules)


def test_what_is_planted_is_denied_by_the_rule_that_it_is_planted_for(policy: Policy) -> None:
    matrix = run(Pinning(), policy, inputs=4, planted=())
    assert len(matrix.cells) == 12
    assert {one.drawn_for for one in matrix.planted} == set(generate.family("digest").rules)
    assert {one.promised for one in matrix.planted if one.defect} == {"deny"}
    plain = [one for one in matrix.planted if not one.circumstance]
    assert {one.promised for one in plain if not one.defect} == {"allow"}
    assert sum(one.inputs for one in plain) <= 4 * 4 * planting.TIMES
    assert matrix.differing_planted == ()
    assert matrix.exit_code == 0


def test_a_rule_that_falls_silent_is_found_though_others_speak(policy: Policy) -> None:
    rule = "digest.values_pinned"
    silent = changed_to_nothing(policy, "values_pinned")
    matrix = run(Pinning(), silent, inputs=4, planted=())
    assert matrix.differing == ()
    assert matrix.exit_code == 1
    assert {one.drawn_for for one in matrix.differing_planted} == {rule}
    assert all(one.defect for one in matrix.differing_planted)
    for one in matrix.differing_planted:
        assert one.counterexample is not None
        assert one.counterexample.defect
        assert one.counterexample.reproduce.endswith(f"--inputs 4 --rule {rule}")
    again = run(Pinning(), silent, inputs=4, planted=(rule,))
    assert again.cells == ()
    assert again.differing_planted == matrix.differing_planted


def test_rules_that_the_settings_switch_off_have_no_defects_and_are_noted(policy: Policy) -> None:
    rule = "digest.env_image_pinned"
    matrix = run(Pinning(), policy, inputs=2, planted=(rule,))
    assert {one.defect for one in matrix.planted} == {""}
    [note] = [one for one in matrix.notes if rule in one]
    assert note.startswith("no defect was drawn for these")


def test_a_rule_that_denies_what_is_sound_is_found(policy: Policy) -> None:
    matrix = run(Pinning(), changed(policy, "\ttrue"), inputs=2, planted=("digest.image_pinned",))
    [sound] = [one for one in matrix.differing_planted if not (one.defect or one.circumstance)]
    assert (sound.promised, sound.enforced) == ("allow", "deny")
    assert sound.counterexample is not None
    assert sound.counterexample.defect is None


def test_less_than_denying_what_is_planted_differs(policy: Policy) -> None:
    for level, enforced in {"warn": "warn", "log": "log", "off": "allow"}.items():
        matrix = run(
            Pinning(),
            levelled(policy, level),
            inputs=1,
            planted=("digest.image_pinned",),
            shrink=False,
        )
        assert {one.enforced for one in matrix.planted if one.defect} == {enforced}
        assert matrix.exit_code == 1


def test_rules_that_nothing_is_planted_for_are_noted(policy: Policy) -> None:
    [note] = planting.unplanted("digest", [*policy.rules.rules, "digest.own"])
    assert note.startswith("nothing is planted for these")
    assert note.endswith(": digest.own")
    with pytest.raises(PolicylibError, match=r"nothing is planted for digest\.own"):
        run(Pinning(), policy, inputs=1, planted=("digest.own",))


def test_excluded_files_and_labels_are_noted(policy: Policy) -> None:
    labels = Labels(service="example.com/service")
    update = {"exclude": ("vendor/**",), "labels": labels}
    settings = policy.settings.model_copy(update=update)
    notes = run(Pinning(), replace(policy, settings=settings), inputs=1).notes
    assert "`rc check` judges nothing in these files: vendor/**" in notes
    assert "the settings name labels of their own: service by example.com/service" in notes


def breach(rule: str, enforcement: str) -> Breach:
    return Breach(rule, "/spec", "no", enforcement)


def test_the_strictest_violation_of_the_family_counts() -> None:
    said = {breach("a.x", "log"), breach("a.y", "warn"), breach("b.x", "deny")}
    assert judging.word(Verdict(frozenset(said)), "a") == "warn"
    assert judging.word(Verdict(frozenset(said)), "b") == "deny"
    assert judging.word(Verdict(frozenset(said)), "c") == "allow"
    assert judging.word(Verdict(frozenset({breach("a.x", "hum")})), "a") == "error"
    assert judging.word(Refusal("too slow"), "a") == "error"
    assert judging.word(Unreadable("a list"), "a") is None


DIGESTS = ["sha256:" + letter * 64 for letter in "abc"]
FACTS = st.dictionaries(
    st.sampled_from([f"one/app@{d}" for d in DIGESTS] + [f"two/app@{d}" for d in DIGESTS]),
    st.sampled_from([{"signers": 1}, {"signers": 2}]),
    max_size=3,
)
SAMPLES = st.builds(
    lambda images, facts: Sample({"images": images}, None, facts),
    st.lists(st.sampled_from([f"one/app@{d}" for d in DIGESTS] + ["nginx"]), max_size=3),
    FACTS,
)


@given(st.lists(SAMPLES, max_size=12))
def test_every_sample_is_judged_with_its_own_facts(samples: list[Sample]) -> None:
    judged: list[int] = []
    for facts, indices in judging.batches(samples):
        judged += indices
        for index in indices:
            assert about(facts, samples[index]) == about(samples[index].facts, samples[index])
    assert sorted(judged) == list(range(len(samples)))


def about(facts: Mapping[str, Any], sample: Sample) -> dict[str, Any]:
    """The facts that have to do with the digests that a sample names, or brings facts of."""
    own = [image.partition("@")[2] for image in (*sample.document["images"], *sample.facts)]
    return {image: said for image, said in facts.items() if image.partition("@")[2] in own}
