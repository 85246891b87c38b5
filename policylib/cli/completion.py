"""Write a completion script for a shell.

For example:
  $ rc completion bash > ~/.local/share/bash-completion/completions/rc
  $ rc completion zsh > "${fpath[1]}/_rc"
  $ rc completion fish > ~/.config/fish/completions/rc.fish
"""

from __future__ import annotations

import argparse

from policylib.cli.output import Outcome
from policylib.cli.parser import one_of, program, tree

SHELLS = ("bash", "zsh", "fish", "tcsh")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the shell."""
    parser.add_argument("shell", choices=SHELLS, type=one_of("shell", SHELLS))


def run(names: argparse.Namespace) -> Outcome:
    """Derive the script from the same declarations that parse the arguments."""
    import shtab

    from policylib.rules import load
    from policylib.settings import explain

    own = load()
    rules, keys = tuple(own.rules), explain.names(own.known())
    parsers = [tree(program())]
    for parser in parsers:
        for action in parser._actions:  # noqa: SLF001 - argparse has no public way, shtab uses it
            match action.metavar:
                case "PATH" | "FILE":
                    action.complete = shtab.FILE  # type: ignore[attr-defined]
                case "DIR":
                    action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
                case "RULE":
                    action.choices = rules
                case "KEY":
                    action.choices = keys
            if isinstance(action.choices, dict):
                parsers += action.choices.values()
    return Outcome(text=shtab.complete(parsers[0], names.shell) + "\n")
