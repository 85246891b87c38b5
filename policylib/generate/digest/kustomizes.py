"""Places of Kustomize: its file, and its transformers in documents of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from policylib.generate import deliveries, values
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest.carries import KEEPS, clearing, placed, unseen_patch
from policylib.generate.digest.place import CARRIES, UNSEEN, Place, recased
from policylib.generate.pods import Image
from policylib.generate.sample import Doc

KUSTOMIZE = "Kustomize"


def _kustomize(choices: Choices, kind: str, fields: Doc) -> Doc:
    return deliveries.nameless(choices, recased(choices, deliveries.kustomization(kind, fields)))


_OWN: Mapping[str, Callable[[Choices, str], Doc]] = {
    "ImageTagTransformer": lambda c, r: {"imageTag": deliveries.override(c, r)},
    "PatchTransformer": lambda c, r: {"patch": deliveries.patching(c, r)["patch"]},
    "PatchJson6902Transformer": lambda c, r: {"jsonOp": json.dumps(deliveries.operations(c, r))},
    "PatchStrategicMergeTransformer": lambda c, r: {
        "patches": json.dumps(deliveries.merge(c, r)) if once_in(c, 2) else [deliveries.merge(c, r)]
    },
    "HelmChartInflationGenerator": lambda c, r: {"valuesInline": values.any_tree(c, r)},
}
"""What each of Kustomize's transformers is given of a reference, in a document of its own."""

_PATCHING = {
    "PatchTransformer": "patch",
    "PatchJson6902Transformer": "jsonOp",
    "PatchStrategicMergeTransformer": "patches",
}
"""The transformers that patch, and where they hold the patch."""


def _own_transformer(choices: Choices, kind: str, image: str, _sound: Image) -> Doc:
    return recased(choices, deliveries.transformer(kind, _OWN[kind](choices, image)))


def _own_unseen(choices: Choices, kind: str, _sound: Image) -> Doc:
    if once_in(choices, 3):
        replacing = deliveries.transformer("ReplacementTransformer", _replacing(choices))
        return recased(choices, replacing)
    copies = json.dumps(deliveries.copies(choices))
    return recased(choices, deliveries.transformer(kind, {_PATCHING[kind]: copies}))


def _transformers(choices: Choices, reference: str) -> Doc:
    one = {"kind": "ImageTagTransformer", "imageTag": deliveries.override(choices, reference)}
    whole = {"apiVersion": "builtin", "metadata": {"name": "t"}, **one}
    text = json.dumps(whole, ensure_ascii=False)
    return {"transformers": [text if once_in(choices, 2) else whole]}


def _replacements(choices: Choices) -> Doc:
    if once_in(choices, 2):
        return unseen_patch(choices)
    return _replacing(choices)


def _replacing(choices: Choices) -> Doc:
    """What takes an image from another resource."""
    path = choices.one_of(("spec.template.spec.containers.0.image", "spec.template.spec"))
    target = {"select": {"kind": "Deployment"}, "fieldPaths": [path]}
    return {"replacements": [{"source": {"kind": "ConfigMap"}, "targets": [target]}]}


def places() -> list[Place]:
    """Every place where Kustomize chooses an image."""
    kinds = deliveries.KUSTOMIZE
    keys = ("images", "images", "Images", "imageTags")
    chart = {"name": "app", "repo": "https://charts.example.com"}

    def charts(tree: Doc) -> Doc:
        return {"helmCharts": [{**chart, "valuesInline": tree}]}

    return [
        placed(
            KUSTOMIZE,
            "images of Kustomize",
            kinds,
            _kustomize,
            lambda c, r: {c.one_of(keys): [deliveries.override(c, r)]},
            harmless=KEEPS,
        ),
        placed(
            KUSTOMIZE,
            "patch",
            kinds,
            _kustomize,
            lambda c, r: {"patches": [deliveries.patching(c, r)]},
            unseen=_replacements,
        ),
        placed(KUSTOMIZE, "transformer", kinds, _kustomize, _transformers, harmless=KEEPS),
        Place(
            KUSTOMIZE,
            "patch of its own",
            CARRIES,
            tuple(_PATCHING),
            _own_transformer,
            special={UNSEEN: _own_unseen},
        ),
        Place(
            KUSTOMIZE,
            "transformer of its own",
            CARRIES,
            tuple(kind for kind in _OWN if kind not in _PATCHING),
            _own_transformer,
            harmless=KEEPS,
        ),
        placed(
            KUSTOMIZE,
            "values",
            kinds,
            _kustomize,
            lambda c, r: charts(values.any_tree(c, r)),
            cleared=lambda c: charts(clearing(c)),
        ),
    ]
