"""The commands, and an argument parser that suggests what may have been meant."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NoReturn

from policylib.cli import output
from policylib.cli.output import Outcome

COMMANDS: Final[Mapping[str, str]] = {
    "check": "check manifests, charts and values against the rules",
    "simulate": "say what another policy would deny of what runs today",
    "rules": "list the rules",
    "explain": "explain one rule, with examples",
    "normalise": "write manifests as the strict JSON that the rules see",
    "settings init": "write a policylib.yaml to start with",
    "settings validate": "say what is wrong with a settings file",
    "settings explain": "say what the settings mean, and what is in force",
    "settings migrate": "bring an older settings file to the form of today",
    "exceptions list": "list exceptions: active, expiring, expired, unused",
    "exceptions baseline": "record today's violations as exceptions, to start with",
    "bundle build": "write a bundle for OPA, conftest or Gatekeeper",
    "bundle diff": "say what differs from one bundle to another",
    "bundle sign": "sign a bundle, as OPA does",
    "bundle verify": "accept a signed bundle, or say why not",
    "bundle push": "push a bundle to a registry",
    "bundle pull": "pull a bundle from a registry into a folder",
    "bundle opa-config": "write the configuration of an OPA that pulls a signed bundle",
    "gatekeeper": "write all that Gatekeeper in a cluster needs",
    "webhook": "write the webhook that has an OPA decide admission",
    "kyverno": "write the settings as policies for Kyverno",
    "matrix residency": "where each class of data may be: promised and enforced",
    "matrix digest": "which images are refused: promised and enforced",
    "matrix provenance": "what has to be proven of images: promised and enforced",
    "matrix tier": "what each tier demands: promised and enforced",
    "matrix diff": "what changes from one matrix to another",
    "parity": "compare what OPA, conftest, gator and the engine in process say",
    "new rule": "begin a rule, with its test and examples",
    "mutate": "change rules one step at a time, and list what no test notices",
    "completion": "write a completion script for a shell",
}
_GROUPS = {
    "new": "begin a rule",
    "settings": "start, check and explain settings",
    "exceptions": "list exceptions, and record those to start with",
    "bundle": "write bundles for other enforcement points",
    "matrix": "compare what the settings promise with what is enforced",
}
_PROGRAMS = ("rc", "policylib")
_USAGE = 2


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors read like policylib's others."""

    def __init__(
        self,
        prog: str,
        usage: str | None = None,
        description: str | None = None,
        epilog: str | None = None,
        **options: Any,  # noqa: ANN401 - what a parser of sub-commands passes on
    ) -> None:
        super().__init__(
            prog,
            usage,
            description,
            epilog,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **options,
        )

    def error(self, message: str) -> NoReturn:
        """Exit with 2, naming the option that comes closest to an unknown one."""
        unknown = re.fullmatch(r"unrecognized arguments: (\S+).*", message, re.DOTALL)
        close = _close(unknown[1], self.options()) if unknown else ""
        output.complain(message, remedy=f"{close}see `{self.prog} --help`")
        raise SystemExit(_USAGE)

    def options(self) -> list[str]:
        """Every option string, as completion and suggestions need them."""
        return [option for action in self._actions for option in action.option_strings]

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Parse arguments; options may stand between paths, and after `--` all are paths."""
        words = list(arguments)
        if all(action.dest != "paths" for action in self._actions):
            return self.parse_args(words)
        end = words.index("--") if "--" in words else len(words)
        names = self.parse_intermixed_args(words[:end])
        names.paths += words[end + 1 :]
        if not (names.paths or names.paths_optional):
            self.error("no path is named (`.` is all below here)")
        return names


class Command:
    """One command: its arguments, and what runs it. Its module is imported when it is made."""

    def __init__(self, program: str, name: str) -> None:
        module = _module(name)
        description, _, examples = (module.__doc__ or "").partition("\n\n")
        epilog = examples.replace("$ rc", f"$ {program}")
        self.parser = Parser(prog=f"{program} {name}", description=description, epilog=epilog)
        module.arguments(self.parser)
        self._run: Callable[[argparse.Namespace], Outcome] = module.run

    def run(self, arguments: Sequence[str]) -> Outcome:
        """Parse the command's own arguments and run it."""
        return self._run(self.parser.read(arguments))


def _module(name: str) -> ModuleType:
    """The module of a command: its words, joined."""
    return import_module(f"policylib.cli.{name.replace(' ', '_').replace('-', '_')}")


def program() -> str:
    """The name that the user called: rc and policylib are one program."""
    name = Path(sys.argv[0]).name
    return name if name in _PROGRAMS else "policylib"


def command_of(program: str, arguments: Sequence[str]) -> tuple[Command, Sequence[str]]:
    """Find the command that the arguments begin with, and what is left for it.

    Exits for `--help`, `--version`, and with 2 for what is no command.
    """
    for length in (2, 1):
        name = " ".join(arguments[:length])
        if name in COMMANDS and len(arguments) >= length:
            return Command(program, name), arguments[length:]
    return _refuse(program, arguments)


def _refuse(program: str, arguments: Sequence[str]) -> NoReturn:
    """Exit for arguments that begin with no command."""
    if arguments and arguments[0] in _GROUPS:
        group, *rest = arguments
        parser = _group(program, group)
    else:
        group, rest, parser = "", list(arguments), _top(program)
    if rest and not rest[0].startswith("-"):
        words = f"{group} {rest[0]}".lstrip()
        close = _close(words, COMMANDS)
        output.complain(f"unknown command: {words}", remedy=f"{close}see `{parser.prog} --help`")
        raise SystemExit(_USAGE)
    parser.parse_args(rest)
    parser.error("no command is named")


def tree(program: str) -> argparse.ArgumentParser:
    """The parser of all commands at once, for completion scripts."""
    top = _top(program)
    groups = {"": top.add_subparsers()}
    for name, summary in COMMANDS.items():
        group, _, word = name.rpartition(" ")
        if group not in groups:
            groups[group] = groups[""].add_parser(group, help=_GROUPS[group]).add_subparsers()
        leaf = groups[group].add_parser(word, help=summary, prog=f"{program} {name}")
        _module(name).arguments(leaf)
    return top


def one_of(what: str, choices: Iterable[str]) -> Callable[[str], str]:
    """Return an argument type that accepts the choices and suggests one for anything else."""

    def convert(text: str) -> str:
        if text in choices:
            return text
        close = _close(text, choices)
        raise argparse.ArgumentTypeError(
            f"unknown {what}: {text} ({close}known: {', '.join(sorted(choices))})"
        )

    return convert


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return the known word that comes closest, or nothing."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), "")


def _close(word: str, known: Iterable[str]) -> str:
    close = suggestion(word, known)
    return f"did you mean {close}? " if close else ""


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from policylib.cli.version import text

        output.deliver(Outcome(text=text()))
        parser.exit()


def _top(program: str) -> Parser:
    top = _above(program, "One set of rules, enforced wherever manifests go.", COMMANDS)
    top.add_argument(
        "--version", action=_Version, nargs=0, help="versions of policylib, engine and rules"
    )
    return top


def _group(program: str, group: str) -> Parser:
    """The parser that stands above the commands of a group."""
    about = _GROUPS[group]
    of_group = {
        name.removeprefix(f"{group} "): summary
        for name, summary in COMMANDS.items()
        if name.startswith(f"{group} ")
    }
    return _above(f"{program} {group}", f"{about[0].upper()}{about[1:]}.", of_group)


def _above(prog: str, description: str, summaries: Mapping[str, str]) -> Parser:
    """A parser of no command of its own: its help lists those below it."""
    width = max(map(len, summaries)) + 2
    listed = "\n".join(f"  {name:{width}}{summary}" for name, summary in summaries.items())
    return Parser(
        prog=prog,
        usage=f"{prog} COMMAND [ARGUMENT]…",
        description=description,
        epilog=f"commands:\n{listed}\n\n`{prog} COMMAND --help` says more.",
    )
