"""YAML that its readers may take for different things."""

from __future__ import annotations

from policylib.generate.choices import Choices

# Words, numbers and marks that YAML 1.1, YAML 1.2 and JSON type differently.
SCALARS = (
    *("nginx", "'q'", '"s"', "y", "N", "yes", "No", "on", "Off", "true", "~", "null", "NULL", ""),
    *("1_000", "0x1F", "0o14", "012", "08", "0b11", "1:30", "1e3", "1.5", ".inf", ".nan", "-0"),
    *("+1", "1.", "1_0.5", "12345678901234567890123", "0xFFFFFFFFFFFFFFFFFF", "2020-01-01"),
    *("!!str x", "!x y", "&a x", "*a", "[a]", "[]", "{}", "{a: b}", "=", "<<", "-", "- x", "?"),
    *("@x", "`x", "%x", "a#c", "a #c", "a: b", "|\n x", ">-\n x", "---", "...", "{{ x }}", "\tx"),
)

# Where such a scalar, at @, decides what runs.
TEXTS = (
    "image: @\n",
    "image: {repository: a/b, tag: @}",
    "image:\n  repository: @\n  tag: x\n",
    "image:\n  digest: @\n  tag: x\n",
    "@: nginx\n",
    "@:\n  image: nginx\r\n",
    "- @\n",
    "a: &a nginx\nimage: @\n",
    "a: @\nimage: nginx:1",
)


def text(choices: Choices) -> str:
    """Values in which such a scalar stands where it decides what runs."""
    return choices.one_of(TEXTS).replace("@", choices.one_of(SCALARS))
