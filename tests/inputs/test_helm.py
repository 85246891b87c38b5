"""Charts, rendered by the real helm."""

from __future__ import annotations

import os
import re
import signal
import stat
import tarfile
import textwrap
import threading
import time
from pathlib import Path

import pytest

from policylib.errors import InputError
from policylib.inputs import helm, process
from policylib.inputs.interface import Origin, Place, Source
from tests import tools

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    spec:
      containers:
        {{- range $name, $tag := .Values.tags }}
        - name: {{ $name }}
          image: "registry.example/{{ $name }}:{{ $tag }}"
        {{- end }}
        - image: registry.example/fixed:1
          name: fixed
        {{- include "app.sidecar" . | nindent 8 }}
        {{- toYaml .Values.extra | nindent 8 }}
"""
HELPERS = """\
{{- define "app.sidecar" -}}
- name: sidecar
  image: registry.example/sidecar:{{ .Chart.AppVersion }}
{{- end }}
"""
VALUES = """\
tags: {one: "1", two: "2"}
extra:
  - name: extra
    image: registry.example/extra:1
"""


@pytest.fixture(autouse=True)
def _helm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tools.path('helm').parent}{os.pathsep}{os.environ['PATH']}")


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def chart(folder: Path, name: str = "app", **files: str) -> Path:
    described = f"apiVersion: v2\nname: {name}\nversion: 0.1.0\nappVersion: '1.2'\n"
    return write(folder, {"Chart.yaml": described} | files)


def app(folder: Path) -> Path:
    return chart(
        folder / "app",
        **{
            "values.yaml": VALUES,
            "templates/deployment.yaml": DEPLOYMENT,
            "templates/_helpers.tpl": HELPERS,
        },
    )


def lines(source: Source) -> list[str]:
    assert source.content is not None
    return source.content.decode().split("\n")


def located(source: Source, text: str, template: str = "app/templates/deployment.yaml") -> Place:
    """The place of the one rendered line that holds `text`."""
    (number,) = [n for n, line in enumerate(lines(source), start=1) if text in line]
    assert source.locate is not None
    place = source.locate(Origin(template, "/spec/containers/0/image", 0, number))
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("text", "file", "line", "column"),
    [
        ("/one:1", "templates/deployment.yaml", 11, 18),
        ("/two:2", "templates/deployment.yaml", 11, 18),
        ("/fixed:1", "templates/deployment.yaml", 13, 18),
        ("/sidecar:1.2", "templates/_helpers.tpl", 3, 10),
        ("/extra:1", "templates/deployment.yaml", 1, 1),
    ],
)
def test_a_value_is_traced_to_the_line_that_wrote_it(
    tmp_path: Path, text: str, file: str, line: int, column: int
) -> None:
    folder = app(tmp_path)
    assert located(helm.render(folder), text) == Place(str(folder / file), line, column)


def test_the_text_is_what_people_get_from_helm(tmp_path: Path) -> None:
    source = helm.render(app(tmp_path))
    assert source.name == str(tmp_path / "app")
    assert "# Source: app/templates/deployment.yaml" in lines(source)
    assert "  name: release-name" in lines(source)
    assert "policylib" not in "\n".join(lines(source))


def test_hooks_and_tests_are_rendered_too(tmp_path: Path) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  annotations: {helm.sh/hook: test}\n"
    source = helm.render(chart(tmp_path / "app", **{"templates/tests/pod.yaml": pod}))
    assert "# Source: app/templates/tests/pod.yaml" in lines(source)


def test_what_changes_with_each_rendering_hides_no_other_place(tmp_path: Path) -> None:
    template = (
        "kind: ConfigMap\n"
        "password: {{ randAlphaNum 20 }}\n"
        'checksum: {{ include (print $.Template.BasePath "/other.yaml") . | sha256sum }}\n'
        "image: a:1\n"
    )
    folder = chart(
        tmp_path / "app",
        **{"templates/x.yaml": template, "templates/other.yaml": "kind: Secret\nimage: b:1\n"},
    )
    source = helm.render(folder)
    assert located(source, "a:1") == Place(str(folder / "templates/x.yaml"), 4, 8)
    place = located(source, "checksum:", "app/templates/x.yaml")
    assert place == Place(str(folder / "templates/x.yaml"), 1, 1)


def test_a_chart_that_bears_no_marks_keeps_the_first_line(tmp_path: Path) -> None:
    template = (
        '{{- define "v" }}\na: 1\n{{- end }}\n'
        '{{- if ne (include "v" .) "\\na: 1" }}{{ fail "it was changed" }}{{ end }}\n'
        "image: a:1\n"
    )
    folder = chart(tmp_path / "app", **{"templates/x.yaml": template})
    place = located(helm.render(folder), "a:1", "app/templates/x.yaml")
    assert place == Place(str(folder / "templates/x.yaml"), 1, 1)


def test_a_mark_that_the_chart_itself_writes_is_not_believed(tmp_path: Path) -> None:
    forged = "kind: Pod\nimage: {{ .Values.image }} #policylib:0:1#\n"
    files = {"templates/x.yaml": forged, "values.yaml": "image: a:1\n"}
    folder = chart(tmp_path / "app", **files)
    place = located(helm.render(folder), "a:1", "app/templates/x.yaml")
    assert place == Place(str(folder / "templates/x.yaml"), 1, 1)


def test_subcharts_as_folders_and_as_archives(tmp_path: Path) -> None:
    pod = "kind: Pod\nimage: {{ .Chart.Name }}:1\n"
    folder = chart(tmp_path / "app")
    chart(folder / "charts/open", "open", **{"templates/pod.yaml": pod})
    packed = chart(tmp_path / "packed", "packed", **{"templates/pod.yaml": pod})
    with tarfile.open(folder / "charts/packed-0.1.0.tgz", "w:gz") as archive:
        archive.add(packed, "packed")
    source = helm.render(folder)
    inside = folder / "charts/open/templates/pod.yaml"
    assert located(source, "open:1", "app/charts/open/templates/pod.yaml") == Place(
        str(inside), 2, 8
    )
    place = located(source, "packed:1", "app/charts/packed/templates/pod.yaml")
    assert place == Place(str(folder / "charts/packed-0.1.0.tgz"), 1, 1)


@pytest.mark.parametrize("template", ["", "x/../../../etc/passwd", "app/templates/gone.yaml"])
def test_an_unknown_template_is_the_chart(tmp_path: Path, template: str) -> None:
    source = helm.render(app(tmp_path))
    assert source.locate is not None
    place = source.locate(Origin(template, "/a", 0, 999))
    assert place == Place(str(tmp_path / "app/Chart.yaml"), 1, 1)


def test_a_template_that_links_elsewhere_is_never_written_to(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"x.yaml": "kind: Pod\nimage: a:1\n"})
    folder = chart(tmp_path / "app")
    (folder / "templates").symlink_to(outside)
    source = helm.render(folder)
    assert source.locate is not None
    source.locate(Origin("app/templates/x.yaml", "/image", 0, 3))
    assert (outside / "x.yaml").read_text() == "kind: Pod\nimage: a:1\n"


def test_a_library_chart_renders_to_nothing(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "lib",
        {"Chart.yaml": "apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n"},
    )
    assert helm.render(folder).content == b""


@pytest.mark.parametrize(
    "described",
    [
        "apiVersion: v2\nname: app\nversion: 0.1.0\n",
        "apiVersion: v2\nname: app\nversion: 0.1.0\ntype: application\n",
        "apiVersion: v2\nname: app\nversion: 0.1.0\ntype: library\nType: application\n",
        "apiVersion: v2\nname: app\nversion: 0.1.0\ntype: library\ntype: application\n",
        "- type: library\n",
    ],
)
def test_a_chart_that_says_it_is_a_library_where_it_does_not_count_is_an_error(
    tmp_path: Path, described: str
) -> None:
    template = '{{ fail "library charts are not installable" }}\n'
    folder = chart(tmp_path / "app", **{"templates/x.yaml": template, "Chart.yaml": described})
    with pytest.raises(InputError, match="cannot render"):
        helm.render(folder)


@pytest.mark.parametrize(
    ("files", "what", "remedy"),
    [
        ({"templates/x.yaml": "{{ .Values.a.b.c }}\n"}, "nil pointer", "helm template"),
        ({"templates/x.yaml": "a: {{ fail `set\nit` }}\n"}, "set it", "helm template"),
        ({"templates/x.yaml": "a: b: c\n"}, "mapping values are not allowed", "helm template"),
        (
            {
                "Chart.yaml": "apiVersion: v2\nname: app\nversion: 0.1.0\n"
                "dependencies: [{name: redis, version: 1.x, repository: https://charts.example}]\n"
            },
            "redis",
            "helm dependency build",
        ),
        ({"Chart.yaml": "name: [\n"}, "cannot render", "helm template"),
    ],
)
def test_helm_says_why_a_chart_cannot_be_rendered(
    tmp_path: Path, files: dict[str, str], what: str, remedy: str
) -> None:
    folder = chart(tmp_path / "app", **files)
    with pytest.raises(InputError, match=re.escape(what)) as caught:
        helm.render(folder)
    assert caught.value.remedy.startswith(f"run: {remedy}")
    assert "\n" not in caught.value.what
    assert "--debug" not in caught.value.what


def test_without_helm_each_chart_is_one_clear_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    charts = [chart(tmp_path / name) for name in ("a", "b")]
    sources, problems = helm.render_all(charts)
    assert sources == ()
    assert [problem.file for problem in problems] == [str(c / "Chart.yaml") for c in charts]
    assert "helm is not on PATH" in problems[0].message
    assert f"helm template {charts[0]} | rc check -" in problems[0].message


def test_charts_keep_their_order_and_one_failure_hides_no_other(tmp_path: Path) -> None:
    good = {"templates/x.yaml": "kind: Pod\n"}
    charts = [
        chart(tmp_path / "a", **good),
        chart(tmp_path / "b", **{"templates/x.yaml": "{{ fail }}"}),
        chart(tmp_path / "c", **good),
    ]
    sources, problems = helm.render_all(charts)
    assert [source.name for source in sources] == [str(charts[0]), str(charts[2])]
    assert [problem.file for problem in problems] == [str(charts[1] / "Chart.yaml")]


def fake(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A helm that misbehaves in ways that the real one cannot be made to."""
    program = folder / "bin/helm"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n" + textwrap.dedent(script))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def test_a_helm_that_does_not_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, monkeypatch, "exec sleep 600")
    monkeypatch.setattr(process, "TIME_LIMIT", 0.2)
    with pytest.raises(InputError, match=r"in 0\.2 seconds"):
        helm.render(chart(tmp_path / "app"))


def test_what_helm_starts_is_stopped_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, monkeypatch, f"sleep 600 & echo $! > {tmp_path}/child; wait")
    monkeypatch.setattr(process, "TIME_LIMIT", 0.5)
    with pytest.raises(InputError, match=r"in 0\.5 seconds"):
        helm.render(chart(tmp_path / "app"))
    gone(int((tmp_path / "child").read_text()))


@pytest.mark.parametrize("script", ["exec yes", "exec yes >&2"])
def test_output_without_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    fake(tmp_path, monkeypatch, script)
    monkeypatch.setattr(process, "LARGEST", 10_000)
    with pytest.raises(InputError, match="within 10000 bytes"):
        helm.render(chart(tmp_path / "app"))


def gone(child: int) -> None:
    """Wait until a process has ended; the test's own time limit is the end of patience."""
    for _ in range(1000):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        time.sleep(0.01)
    pytest.fail("the process is still there")


def test_an_interrupt_stops_every_helm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, monkeypatch, f"sleep 600 & echo $! > {tmp_path}/$$.child; wait")
    charts = [chart(tmp_path / name) for name in ("a", "b", "c")]

    def interrupt() -> None:
        while not [file for file in tmp_path.glob("*.child") if file.read_text()]:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    # Tests that were started in the background inherit a signal that is ignored.
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=interrupt).start()
        with pytest.raises(KeyboardInterrupt):
            helm.render_all(charts)
    finally:
        signal.signal(signal.SIGINT, inherited)
    for file in tmp_path.glob("*.child"):
        gone(int(file.read_text()))


def test_helm_learns_nothing_of_clusters_and_plugins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HELM_PLUGINS", "HELM_KUBETOKEN", "KUBECONFIG", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "leak")
    fake(tmp_path, monkeypatch, "env")
    content = helm.render(chart(tmp_path / "app")).content
    assert content is not None
    assert b"leak" not in content
    assert b"KUBECONFIG=/dev/null" in content


def test_a_folder_that_looks_like_an_option_is_still_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app(tmp_path).rename(tmp_path / "--debug")
    monkeypatch.chdir(tmp_path)
    assert "  name: release-name" in lines(helm.render(Path("--debug")))
