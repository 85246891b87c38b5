"""Helm charts, rendered by the real helm: no cluster, no network, no plugins.

A violation in rendered text is of little use, so each value is traced to the template line that
wrote it. Helm itself is asked: the chart is rendered once more with every template line marked,
and a line counts only where the marked rendering equals the plain one apart from the mark.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from policylib import reading
from policylib._native import read
from policylib.errors import InputError
from policylib.inputs import process
from policylib.inputs.interface import Origin, Place, Source, shown
from policylib.inputs.process import Programs
from policylib.models import Problem

_RELEASE = "release-name"  # what `helm template CHART` uses, so that people see the same text
_CHATTER = re.compile(r"\n\s*(?:goroutine \d|Use --debug)")  # what helm adds to its reason
_MARK = re.compile(r" #policylib:(\d+):(\d+)#")
# Lines that a trailing comment does not change: a key or an item, with a value, not a block.
_TRACEABLE = re.compile(r"[ \t]*(?:(?:- +)*[\w.$/\"'-]+: +[^|>\s]|- +\S).*(?<!\s)")


def render_all(charts: Sequence[Path]) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """Render charts side by side, in their order; one that fails becomes one problem."""
    if not charts:
        return (), ()
    programs = Programs()
    with ThreadPoolExecutor(max_workers=min(len(charts), os.cpu_count() or 1)) as pool:
        try:
            outcomes = list(pool.map(lambda chart: _attempt(chart, programs), charts))
        except BaseException:
            programs.stop()
            raise
    return (
        tuple(outcome for outcome in outcomes if isinstance(outcome, Source)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Problem)),
    )


def _attempt(chart: Path, programs: Programs) -> Source | Problem:
    try:
        return render(chart, programs)
    except InputError as error:
        message = f"{error.what} ({error.remedy})" if error.remedy else error.what
        return Problem(file=shown(chart / "Chart.yaml"), line=1, column=1, message=message)


def render(chart: Path, programs: Programs | None = None) -> Source:
    """Render the chart in a folder with its own values; hooks and tests are part of it.

    A library chart renders to nothing: only the charts that use it can be installed. `programs`
    is where helm runs.

    Raises
    ------
    InputError
        Without helm, or when helm cannot render the chart.
    """
    if _is_library(chart):
        return Source(shown(chart), b"")
    program = shutil.which("helm")
    if program is None:
        raise InputError(
            "helm is not on PATH, so this chart cannot be rendered",
            where=shown(chart),
            remedy=f"install Helm 3.16 or later, or pass what it renders: "
            f"helm template {shlex.quote(shown(chart))} | rc check -",
        )
    rendering = _Rendering(program, chart, programs or Programs())
    return Source(shown(chart), rendering.text, rendering.locate)


def _is_library(chart: Path) -> bool:
    """Whether Chart.yaml says so. Nothing that a template says may decide what is rendered."""
    try:
        content = reading.read(chart / "Chart.yaml")
    except OSError:
        return False  # helm says what is wrong with it
    documents, problems = read("Chart.yaml", content)
    if problems or len(documents) != 1:
        return False
    described = json.loads(documents[0])
    # Helm takes `Type` for `type` as well, and the last one holds.
    types = (
        [key for key in described if key.lower() == "type"] if isinstance(described, dict) else []
    )
    return types == ["type"] and described["type"] == "library"


@dataclass(frozen=True)
class _Rendering:
    """One chart, rendered; safe to ask from many threads."""

    program: str
    chart: Path
    programs: Programs

    @functools.cached_property
    def text(self) -> bytes:
        return self.template(self.chart)

    @functools.cached_property
    def traces(self) -> Mapping[int, Place]:
        """Line of the rendered text → the start of the template line that wrote it."""
        return _traces(self, self.text.decode("utf-8", errors="replace"))

    def locate(self, origin: Origin) -> Place:
        """Say which template line wrote a value; the template's first line where that is open."""
        trace = self.traces.get(origin.line)
        if trace is None:
            return Place(shown(_file(self.chart, origin.template)), 1, 1)
        return trace._replace(column=_column(Path(trace.file), trace.line, origin.path))

    def template(self, chart: Path) -> bytes:
        """Run `helm template`; raises `InputError` with helm's own words."""
        command = [self.program, "template", _RELEASE, str(chart.absolute())]
        command += ["--namespace=default", "--skip-schema-validation"]
        try:
            with TemporaryDirectory(prefix="policylib-helm-") as home:
                ended = self.programs.run(command, _environment(home))
        except OSError as error:
            raise InputError(f"helm does not run: {error.strerror}", where=str(chart)) from error
        if ended.late or ended.excessive:
            seconds, size = process.TIME_LIMIT, process.LARGEST
            limit = f"in {seconds:g} seconds" if ended.late else f"within {size} bytes"
            raise InputError(f"helm did not render this chart {limit}", where=str(chart))
        if ended.code != 0:
            raise _refused(chart, ended.words.decode("utf-8", errors="replace"))
        return ended.text


def _environment(home: str) -> dict[str, str]:
    """An environment that knows no cluster, plugin or proxy; what helm keeps goes to `home`."""
    folders = ("HOME", "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_PLUGINS")
    nowhere = "http://127.0.0.1:9"  # the discard port: nothing answers
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "KUBECONFIG": os.devnull,
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
        **dict.fromkeys(folders, home),
    }


def _refused(chart: Path, words: str) -> InputError:
    _, found, reason = words.rpartition("Error: ")
    reason = _CHATTER.split(reason if found else words)[0]
    message = " ".join(reason.split())[:1000] or "helm gave no reason"
    name = shlex.quote(shown(chart))
    remedy = f"helm template {name} --values FILE | rc check -"
    if "missing in charts/" in message:
        remedy = f"helm dependency build {name}"
    what = f"helm cannot render this chart: {message}"
    return InputError(what, where=shown(chart), remedy=f"run: {remedy}")


def _file(chart: Path, template: str) -> Path:
    """The file behind helm's name for a template: itself, its packed subchart, or Chart.yaml."""
    parts = Path(template).parts[1:]
    if ".." not in parts and chart.joinpath(*parts).is_file():
        return chart.joinpath(*parts)
    for index, part in enumerate(parts):
        folder = chart.joinpath(*parts[:index])
        if index and parts[index - 1] == "charts" and not (folder / part).exists():
            archives = sorted(folder.glob(f"{part}-[0-9v]*.tgz"))
            if len(archives) == 1:
                return archives[0]
    return chart / "Chart.yaml"


def _traces(rendering: _Rendering, plain: str) -> dict[int, Place]:
    chart = rendering.chart
    with TemporaryDirectory(prefix="policylib-helm-") as folder:
        copy = Path(folder) / chart.absolute().name
        try:
            shutil.copytree(chart, copy, symlinks=True)
            templates = list(_templates(copy))
            for index, template in enumerate(templates):
                _mark(template, index)
            marked = rendering.template(copy).decode("utf-8", errors="replace")
        except (OSError, shutil.Error, InputError):
            return {}  # the chart does not bear marks: places stay at the template's first line
        files = [shown(chart / template.relative_to(copy)) for template in templates]
    pairs = list(zip(plain.split("\n"), marked.split("\n"), strict=False))
    if plain.count("\n") != marked.count("\n"):
        return {}
    return {
        number: Place(files[int(mark[1])], int(mark[2]), 1)
        for number, (line, other) in enumerate(pairs, start=1)
        if (mark := _MARK.search(other)) and _MARK.sub("", other) == line
    }


def _templates(chart: Path) -> Iterator[Path]:
    """Template files of a chart and its unpacked subcharts; never one outside of it."""
    for folder, _, names in sorted(os.walk(chart, followlinks=False)):
        if "templates" in Path(folder).relative_to(chart).parts:
            for name in sorted(names):
                file = Path(folder, name)
                if file.suffix in {".yaml", ".yml", ".tpl"} and not file.is_symlink():
                    yield file


def _mark(template: Path, index: int) -> None:
    lines = template.read_bytes().decode("utf-8", errors="surrogateescape").split("\n")
    marked = [
        f"{line} #policylib:{index}:{number}#" if _traceable(line) else line
        for number, line in enumerate(lines, start=1)
    ]
    template.write_bytes("\n".join(marked).encode("utf-8", errors="surrogateescape"))


def _traceable(line: str) -> bool:
    whole = line.count("{{") == line.count("}}") and not line.endswith("-}}")
    return whole and _TRACEABLE.fullmatch(line) is not None


def _column(template: Path, number: int, pointer: str) -> int:
    """Where the value of the pointer's last key starts in a line, or what the line starts with."""
    try:
        line = template.read_text(encoding="utf-8", errors="replace").split("\n")[number - 1]
    except (OSError, IndexError):
        return 1
    names = [part for part in pointer.split("/") if part and not part.isdecimal()]
    key = names[-1].replace("~1", "/").replace("~0", "~") if names else ""
    found = re.search(rf"(?:^|[\s{{,\"'-]){re.escape(key)}[\"']?:\s+", line) if key else None
    return found.end() + 1 if found else len(line) - len(line.lstrip()) + 1
