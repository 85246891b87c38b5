"""Image references and pod specs of every sort, sound and odd."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

HEX = "a172cedcae47474b615c54d510a5d84a8dea3032e958587430b413538be3f333"


def references() -> Iterator[str]:
    """Image references of every sort, sound and odd."""
    hosts = [
        "",
        "ghcr.io/",
        "GHCR.io/",
        "ghcr.io:443/",
        "ghcr.io:8443/",
        "docker.io/",
        "index.docker.io/",
        "registry-1.docker.io:443/",
        "localhost/",
        "localhost:5000/",
        "[::1]:5000/",
        "reg/",
        "a_b.io/",
    ]
    paths = [
        "org/app",
        "org/team/app",
        "organisation/app",
        "busybox",
        "library/busybox",
        "example/app",
    ]
    ends = ["", ":1", f"@sha256:{HEX}", f":1@sha256:{HEX}"]
    yield from map("".join, itertools.product(hosts, paths, ends))
    digest = f"@sha256:{HEX}"
    for name in (
        "",
        " ",
        "Org/app",
        "org//app",
        "/app",
        "app/",
        "-app",
        "app-",
        "a..b",
        "a___b",
        "a__b",
        "https://x/y",
        "$(IMAGE)",
        "{{ x }}",
        "ghcr.io/org/../evil",
        "ghcr.io/org/app\n",
        "\nghcr.io/org/app",
        "user:pw@ghcr.io/x",
        "ghcr.io/org/" + "a" * 243,
        "ghcr.io/org/" + "a" * 244,
        "ghcr.io/org/app:" + "t" * 128,
        "ghcr.io/org/app:" + "t" * 129,
        "ghcr.io/org/app:-t",
        "ghcr.io/org/\u0430pp",
        "ghcr.io/org/a\u200bpp",
        "localhost:5000",
        "docker.io/a.b/c",
        "a.b/c",
        "ghcr.io./org/app",
        "ghcr.io:/org/app",
        "GHCR.IO:443:443/org/app",
    ):
        yield name
        yield name + digest
    for end in (
        f"@sha256:{HEX}@sha256:{HEX}",
        f"@sha256:{HEX.upper()}",
        f"@sha256:{HEX[1:]}",
        f"@sha256:{HEX}0",
        f"@sha256:{HEX}\n",
        f"@sha256:{HEX}:1",
        f"@sha512:{HEX}",
        f"@sha512:{HEX}{HEX}",
        f"@md5:{HEX}",
        "@latest:latest",
        f"@SHA256:{HEX}",
        "@",
        "@sha256:",
        f"@sha256:{HEX} ",
    ):
        yield f"ghcr.io/org/app{end}"


def pods(specs: list[Any]) -> list[dict[str, Any]]:
    return [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"p{index}"}, "spec": spec}
        for index, spec in enumerate(specs)
    ]


GOOD = {"image": f"ghcr.io/org/app@sha256:{HEX}"}
TAG = {"image": "quay.io/org/app:1"}
ODD: list[Any] = [
    None,
    {},
    {"containers": None},
    {"containers": []},
    {"containers": {}},
    {"containers": {"a": GOOD}},
    {"containers": "x"},
    {"containers": [GOOD]},
    {"containers": [GOOD, None]},
    {"containers": [GOOD, "x"]},
    {"containers": [GOOD, {}]},
    {"containers": [{"image": None}]},
    {"containers": [{"image": 5}]},
    {"containers": [{"image": [GOOD["image"]]}]},
    {"containers": [GOOD, TAG]},
    {"containers": [GOOD], "initContainers": [TAG]},
    {"containers": [GOOD], "initContainers": None},
    {"containers": [GOOD], "initContainers": "x"},
    {"containers": [GOOD], "initContainers": [GOOD]},
    {"containers": [GOOD], "ephemeralContainers": [TAG]},
    {"containers": [GOOD], "ephemeralContainers": [GOOD]},
    {"Containers": [GOOD]},
    {"containers": [GOOD], "Containers": [TAG]},
    {"containers": [GOOD], "initcontainers": [TAG]},
    {"containers": [GOOD], "INITCONTAINERS": [GOOD]},
    {"containers": [GOOD], "Volumes": [{"image": {"reference": "x:1"}}]},
    {"containers": [GOOD], "volumes": None},
    {"containers": [GOOD], "volumes": {}},
    {"containers": [GOOD], "volumes": ["x"]},
    {"containers": [GOOD], "volumes": [{"emptyDir": {}}]},
    {"containers": [GOOD], "volumes": [{"image": None}]},
    {"containers": [GOOD], "volumes": [{"image": "x"}]},
    {"containers": [GOOD], "volumes": [{"image": {}}]},
    {"containers": [GOOD], "volumes": [{"image": {"reference": 5}}]},
    {"containers": [GOOD], "volumes": [{"image": {"reference": TAG["image"]}}]},
    {"containers": [GOOD], "volumes": [{"image": {"reference": GOOD["image"]}}]},
    {
        "containers": [GOOD],
        "volumes": [{"csi": None}, {"csi": "x"}, {"csi": {}}, {"csi": {"volumeAttributes": "x"}}],
    },
    {"containers": [GOOD], "volumes": [{"csi": {"volumeAttributes": {"image": TAG["image"]}}}]},
    {"containers": [GOOD], "volumes": [{"csi": {"volumeAttributes": {"image": GOOD["image"]}}}]},
    {"containers": [GOOD], "volumes": [{"csi": {"volumeAttributes": {"image": 5}}}]},
    "x",
    5,
    [],
    [GOOD],
]
