"""Helm charts, rendered by the real helm: no cluster, no network, no plugins.

A violation in rendered text is of little use, so each value is traced to the template line that
wrote it. Helm itself is asked: the chart is rendered once more with every template line marked,
and a line counts only where the marked rendering equals the plain one apart from the mark.
"""

from __future__ import annotations

import functools
import os
import re
import shlex
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from policylib.errors import InputError
from policylib.inputs.interface import Origin, Place, Source, shown
from policylib.models import Problem

TIME_LIMIT = 60.0
"""Seconds that one rendering may take."""
LARGEST = 128 * 1024 * 1024
"""Bytes that one chart may render to."""

_RELEASE = "release-name"  # what `helm template CHART` uses, so that people see the same text
_CHATTER = re.compile(r"\n\s*(?:goroutine \d|Use --debug)")  # what helm adds to its reason
_LIBRARY = "library charts are not installable"
_MARK = re.compile(r" #policylib:(\d+):(\d+)#")
# Lines that a trailing comment does not change: a key or an item, with a value, not a block.
_TRACEABLE = re.compile(r"[ \t]*(?:(?:- +)*[\w.$/\"'-]+: +[^|>\s]|- +\S).*(?<!\s)")


def render_all(charts: Sequence[Path]) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """Render charts side by side, in their order; one that fails becomes one problem."""
    if not charts:
        return (), ()
    with ThreadPoolExecutor(max_workers=min(len(charts), os.cpu_count() or 1)) as pool:
        outcomes = list(pool.map(_attempt, charts))
    return (
        tuple(outcome for outcome in outcomes if isinstance(outcome, Source)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Problem)),
    )


def _attempt(chart: Path) -> Source | Problem:
    try:
        return render(chart)
    except InputError as error:
        message = f"{error.what} ({error.remedy})" if error.remedy else error.what
        return Problem(file=shown(chart / "Chart.yaml"), line=1, column=1, message=message)


def render(chart: Path) -> Source:
    """Render the chart in a folder with its own values; hooks and tests are part of it.

    A library chart renders to nothing: only the charts that use it can be installed.

    Raises
    ------
    InputError
        Without helm, or when helm cannot render the chart.
    """
    program = shutil.which("helm")
    if program is None:
        raise InputError(
            "helm is not on PATH, so this chart cannot be rendered",
            where=shown(chart),
            remedy=f"install Helm 3.16 or later, or pass what it renders: "
            f"helm template {shlex.quote(shown(chart))} | rc check -",
        )
    rendering = _Rendering(program, chart)
    return Source(shown(chart), rendering.text, rendering.locate)


@dataclass(frozen=True)
class _Rendering:
    """One chart, rendered; safe to ask from many threads."""

    program: str
    chart: Path

    @functools.cached_property
    def text(self) -> bytes:
        try:
            return _template(self.program, self.chart)
        except InputError as error:
            if _LIBRARY in error.what:
                return b""
            raise

    @functools.cached_property
    def traces(self) -> Mapping[int, Place]:
        """Line of the rendered text → the start of the template line that wrote it."""
        return _traces(self.program, self.chart, self.text.decode("utf-8", errors="replace"))

    def locate(self, origin: Origin) -> Place:
        """Say which template line wrote a value; the template's first line where that is open."""
        trace = self.traces.get(origin.line)
        if trace is None:
            return Place(shown(_file(self.chart, origin.template)), 1, 1)
        return trace._replace(column=_column(Path(trace.file), trace.line, origin.path))


def _template(program: str, chart: Path) -> bytes:
    """Run `helm template`; raises `InputError` with helm's own words."""
    with TemporaryDirectory(prefix="policylib-helm-") as home, TemporaryFile() as said:
        command = [program, "template", _RELEASE, str(chart.absolute())]
        try:
            process = subprocess.Popen(
                [*command, "--namespace=default", "--skip-schema-validation"],
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
            )
        except OSError as error:
            raise InputError(f"helm does not run: {error.strerror}", where=str(chart)) from error
        text, late = _output(process)
        said.seek(0)
        words = said.read(LARGEST).decode("utf-8", errors="replace")
    if late or len(text) > LARGEST:
        limit = f"in {TIME_LIMIT:g} seconds" if late else f"into {LARGEST} bytes"
        raise InputError(f"helm did not render this chart {limit}", where=str(chart))
    if process.returncode != 0:
        raise _refused(chart, words)
    return text


def _output(process: subprocess.Popen[bytes]) -> tuple[bytes, bool]:
    """What a process writes, no more than a byte above the cap; and whether it ran too long."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    watch = threading.Timer(TIME_LIMIT, stop)
    watch.start()
    try:
        with process:
            text = process.stdout.read(LARGEST + 1) if process.stdout else b""
            if len(text) > LARGEST:
                process.kill()
    finally:
        watch.cancel()
    return text, late.is_set()


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


def _traces(program: str, chart: Path, plain: str) -> dict[int, Place]:
    with TemporaryDirectory(prefix="policylib-helm-") as folder:
        copy = Path(folder) / chart.absolute().name
        try:
            shutil.copytree(chart, copy, symlinks=True)
            templates = list(_templates(copy))
            for index, template in enumerate(templates):
                _mark(template, index)
            marked = _template(program, copy).decode("utf-8", errors="replace")
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
