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

    return Outcome(text=shtab.complete(tree(program()), names.shell) + "\n")
