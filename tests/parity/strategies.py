"""Documents to compare engines on: workloads of every kind, values, deliveries, and odd shapes."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from tests.parity import dialects

Doc = dict[str, Any]

HEX = "0123456789abcdef"
ODD: list[Any] = [None, "", " ", "x", 0, 1, 1.5, True, False, [], {}, [None], [[]], [{}], {"": ""}]
ODD_CHARACTERS = [
    "\x00",
    "\n",
    "\t",
    "\r",
    "\x1b",
    "\u200b",
    "\u0430",
    "é",
    "\u2028",
    "😀",
    '"',
    "\\",
]


def weighted(*choices: tuple[int, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """One of several strategies, each as often as its weight says (`one_of` has no weights)."""
    drawn = [index for index, (weight, _) in enumerate(choices) for _ in range(weight)]
    return st.sampled_from(drawn).flatmap(lambda index: choices[index][1])


def odd() -> st.SearchStrategy[Any]:
    """A value of a type or shape that nobody asked for."""
    return st.sampled_from(ODD).map(copy.deepcopy)


def digests() -> st.SearchStrategy[str]:
    """What stands behind an @: whole digests and broken ones."""
    whole = st.text(HEX, min_size=64, max_size=64).map("sha256:{}".format)
    long = st.text(HEX, min_size=128, max_size=128).map("sha512:{}".format)
    broken = st.sampled_from(
        [
            "sha256:" + "a" * 63,
            "sha256:" + "a" * 65,
            "sha256:" + "A" * 64,
            "sha256:" + "g" * 64,
            "sha512:" + "a" * 64,
            "sha256:" + "a" * 64 + "\n",
            "SHA256:" + "a" * 64,
            "md5:" + "a" * 32,
            "foo:bar",
            "latest:latest",
            "sha256:",
            "sha256",
            "",
        ]
    )
    return weighted((6, whole), (2, long), (3, broken))


def names() -> st.SearchStrategy[str]:
    """Repository names, most of them valid."""
    return st.sampled_from(
        [
            "nginx",
            "library/nginx",
            "ghcr.io/org/app",
            "localhost/app",
            "host:5000/team/app",
            "[::1]:5000/app",
            "registry.example.com/a/b/c-d__e.f",
            "GHCR.io/org/app",
            "ghcr.io/Org/app",
            "ghcr.io//app",
            "-app",
            "a" * 256,
            "",
        ]
    )


@st.composite
def references(draw: st.DrawFn) -> str:
    """Image references: pinned, tagged, malformed, hostile."""
    tag = draw(
        st.sampled_from(["", "", ":1.2.3", ":latest", ":", ":a b", ":" + "t" * 129, ":{{ v }}"])
    )
    digest = draw(weighted((1, st.just("")), (3, digests().map("@{}".format))))
    text = draw(names()) + tag + digest
    wrap = draw(
        st.sampled_from(
            ["{}"] * 12 + ["docker://{}", " {}", "{} ", "{}:tag", "{}@x", "{}?q", "{}#f"]
        )
    )
    text = wrap.format(text)
    if draw(st.integers(0, 11)) == 0:
        at = draw(st.integers(0, len(text)))
        text = (
            text[:at]
            + draw(st.sampled_from([*ODD_CHARACTERS, "$(X)", "${X}", "{{ x }}"]))
            + text[at:]
        )
    return text


def pinned() -> st.SearchStrategy[str]:
    """References that every engine should let pass."""
    digest = st.text(HEX, min_size=64, max_size=64)
    name = st.sampled_from(["nginx", "nginx:1.27", "ghcr.io/org/app", "host:5000/team/app:v1"])
    return st.builds("{}@sha256:{}".format, name, digest)


def images() -> st.SearchStrategy[Any]:
    """What stands at `image`: nearly always a reference."""
    return weighted((16, pinned()), (8, references()), (1, odd()))


@st.composite
def containers(draw: st.DrawFn) -> Any:
    """One item of a list of containers."""
    shape = draw(st.integers(0, 19))
    if shape == 0:
        return draw(odd())
    container: Doc = {"name": draw(st.sampled_from(["app", "proxy", ""]))}
    if shape > 1:
        container["image"] = draw(images())
    if draw(st.booleans()):
        container["env"] = [{"name": "A", "value": draw(references())}]
    if shape == 2:
        container["Image"] = container.pop("image")
    return container


@st.composite
def pod_specs(draw: st.DrawFn) -> Doc:
    """A pod spec with images in every place."""
    spec: Doc = {}
    key = draw(st.sampled_from(["containers"] * 14 + ["Containers", "extraContainers", ""]))
    spec[key] = draw(weighted((14, st.lists(containers(), min_size=1, max_size=3)), (1, odd())))
    for more in ("initContainers", "ephemeralContainers"):
        if draw(st.integers(0, 3)) == 0:
            spec[more] = draw(weighted((7, st.lists(containers(), max_size=2)), (1, odd())))
    if draw(st.integers(0, 3)) == 0:
        volume = {"name": "v", "image": {"reference": draw(images()), "pullPolicy": "Always"}}
        spec["volumes"] = draw(
            st.sampled_from([[volume], [volume, None], {"v": volume}, [{"image": "x"}]])
        )
    return spec


def _at(path: str, value: Any) -> Any:
    for key in reversed([part for part in path.split(".") if part]):
        value = {key: value}
    return value


WORKLOADS = [
    ("v1", "Pod", "spec"),
    ("v1", "PodTemplate", "template.spec"),
    ("v1", "ReplicationController", "spec.template.spec"),
    ("apps/v1", "Deployment", "spec.template.spec"),
    ("apps/v1", "StatefulSet", "spec.template.spec"),
    ("apps/v1", "DaemonSet", "spec.template.spec"),
    ("apps/v1", "ReplicaSet", "spec.template.spec"),
    ("extensions/v1beta1", "Deployment", "spec.template.spec"),
    ("batch/v1", "Job", "spec.template.spec"),
    ("batch/v1", "CronJob", "spec.jobTemplate.spec.template.spec"),
    ("argoproj.io/v1alpha1", "Rollout", "spec.template.spec"),
    ("serving.knative.dev/v1", "Service", "spec.template.spec"),
    ("serving.knative.dev/v1", "Revision", "spec"),
    ("kubevirt.io/v1", "VirtualMachine", "spec.template.spec"),
    ("example.com/v1", "Widget", "spec.template.spec"),
    ("example.com/v1", "Widget", "spec.deep.down.podSpec"),
]


@st.composite
def workloads(draw: st.DrawFn) -> Doc:
    """Everything that runs pods, with the mistakes that hide it."""
    version, kind, path = draw(st.sampled_from(WORKLOADS))
    slip = draw(st.integers(0, 23))
    if slip == 0:
        kind = kind.lower()
    elif slip == 1:
        version = draw(st.sampled_from(["apps", "apps/v9", "nosuch.io/v1", "v1", "x/y/z"]))
    elif slip == 2:
        path = draw(st.sampled_from(["spec", "spec.template.spec", "template.spec", "template"]))
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": "w", "namespace": draw(st.sampled_from(["default", "prod", ""]))},
        **_at(path, draw(pod_specs())),
    }


@st.composite
def pipelines(draw: st.DrawFn) -> Doc:
    """Tekton and Argo resources, which name images outside pod specs."""
    step = draw(containers())
    argo = {"name": "t", draw(st.sampled_from(["container", "script"])): step}
    argo_set = {"name": "t", "containerSet": {"containers": [step]}, "sidecars": [step]}
    task: Doc = {
        "steps": [step, {"name": "s", "ref": {"name": "r"}}],
        "sidecars": [draw(containers())],
    }
    if draw(st.booleans()):
        task["stepTemplate"] = {"image": draw(images())}
    tekton, workflows = "tekton.dev/v1", "argoproj.io/v1alpha1"
    version, kind, spec = draw(
        st.sampled_from(
            [
                (tekton, "Task", task),
                (tekton, "TaskRun", {"taskSpec": task}),
                (tekton, "Pipeline", {"tasks": [{"name": "a", "taskSpec": task}]}),
                (tekton, "StepAction", {"image": draw(images())}),
                (workflows, "Workflow", {"templates": [argo, argo_set]}),
                (workflows, "WorkflowTemplate", {"templates": [argo], "templateDefaults": argo}),
                (workflows, "CronWorkflow", {"workflowSpec": {"templates": [argo_set]}}),
            ]
        )
    )
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "p"}, "spec": spec}


@st.composite
def image_blocks(draw: st.DrawFn) -> Any:
    """The `image:` of a chart's values."""
    if draw(st.integers(0, 3)) == 0:
        return draw(images())
    parts: dict[str, st.SearchStrategy[Any]] = {
        "registry": st.sampled_from(["ghcr.io", "host:5000", "", None]),
        "repository": weighted((8, names()), (1, references()), (1, odd())),
        "tag": st.one_of(st.sampled_from(["1.2", "", "latest", None, 1.2, "{{ .v }}"]), odd()),
        "digest": weighted((6, digests()), (1, st.just("")), (1, odd())),
        "pullPolicy": st.just("Always"),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(parts)), max_size=5))
    return {key: draw(parts[key]) for key in sorted(chosen)}


@st.composite
def values(draw: st.DrawFn) -> Doc:
    """A chart's values."""
    found: Doc = {}
    for key in draw(st.sets(st.sampled_from(["image", "sidecarImage", "backend", "Image"]))):
        found[key] = draw(image_blocks())
    if draw(st.booleans()):
        found["sub"] = {"image": draw(image_blocks()), "replicas": 2}
    if draw(st.booleans()):
        found["list"] = [{"image": draw(image_blocks())}, draw(odd())]
    if draw(st.integers(0, 3)) == 0:
        found["global"] = {"imageRegistry": "ghcr.io"}
    if draw(st.integers(0, 5)) == 0:
        found["imageDigest"] = draw(digests())
    return found


def _helm_values() -> st.SearchStrategy[Doc]:
    return values().map(
        lambda v: {
            "apiVersion": "policylib.dev/v1",
            "kind": "HelmValues",
            "metadata": {"name": "values"},
            "values": v,
        }
    )


@st.composite
def kustomizations(draw: st.DrawFn) -> Doc:
    """kustomize's own file, and Flux' resource with the same `images`."""
    choices = {
        "newName": st.one_of(names(), odd()),
        "newTag": st.one_of(st.sampled_from(["1.2", "latest", "", 1]), odd()),
        "digest": weighted((4, digests()), (1, odd())),
    }
    entry = st.fixed_dictionaries({"name": names()}, optional=choices)
    listed = draw(weighted((7, st.lists(entry, max_size=3)), (1, odd())))
    if draw(st.integers(0, 5)) == 0:
        return {"apiVersion": "builtin", "kind": "ImageTagTransformer", "imageTag": draw(entry)}
    if draw(st.booleans()):
        return {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "metadata": {"name": "k"},
            draw(st.sampled_from(["images", "images", "Images", "imageTags"])): listed,
            **draw(st.fixed_dictionaries({}, optional=_alterations())),
        }
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "k", "namespace": "flux-system"},
        "spec": {"path": "./x", "images": listed},
    }


def _alterations() -> dict[str, st.SearchStrategy[Any]]:
    """What else puts images in the place of others."""
    tagged = references().map("kind: ImageTagTransformer\nimageTag: {{name: a, newTag: {}}}".format)
    paths = ["spec.template.spec.containers.0.image", "metadata.labels.app", "spec.template.spec"]
    target = st.sampled_from(paths).map(lambda path: [{"targets": [{"fieldPaths": [path]}]}])
    patch = images().map(lambda image: [{"patch": f"image: {image}"}])
    return {
        "transformers": st.lists(weighted((3, tagged), (1, odd())), max_size=2),
        "replacements": weighted((3, target), (1, odd())),
        "Patches": weighted((3, patch), (1, odd())),
    }


def value_texts() -> st.SearchStrategy[Any]:
    """Values as text, in the dialects of YAML."""
    scalar = st.sampled_from(dialects.SCALARS)
    text = st.builds(
        lambda form, one: form.replace("@", one), st.sampled_from(dialects.TEXTS), scalar
    )
    pinned_text = pinned().map("image: {}\n".format)
    return weighted(
        (6, text), (2, pinned_text), (1, references().map("image: {}".format)), (1, odd())
    )


@st.composite
def applications(draw: st.DrawFn) -> Doc:
    """Argo CD Applications and ApplicationSets."""
    helm: Doc = {}
    if draw(st.booleans()):
        helm["valuesObject"] = draw(weighted((5, values()), (1, odd())))
    if draw(st.booleans()):
        helm["values"] = draw(value_texts())
    if draw(st.booleans()):
        parameter = {"name": draw(st.sampled_from(["image.tag", "image", "image.digest", "x"]))}
        helm["parameters"] = [
            parameter | {"value": draw(weighted((3, images()), (1, st.just(""))))}
        ]
    source: Doc = {"repoURL": "https://example.com/repo", "helm": helm}
    if draw(st.booleans()):
        source["kustomize"] = {"images": [draw(images()), f"app={draw(references())}"]}
    spec = draw(st.sampled_from([{"source": source}, {"sources": [source, {"ref": "v"}]}]))
    kind = draw(st.sampled_from(["Application", "Application", "ApplicationSet"]))
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": "a", "namespace": "argocd"},
        "spec": spec if kind == "Application" else {"generators": [], "template": {"spec": spec}},
    }


@st.composite
def releases(draw: st.DrawFn) -> Doc:
    """Flux HelmReleases."""
    spec: Doc = {"chart": {"spec": {"chart": "app", "version": "1.2.3"}}}
    if draw(st.booleans()):
        spec["values"] = draw(weighted((5, values()), (1, odd())))
    if draw(st.integers(0, 2)) == 0:
        spec["valuesFrom"] = draw(
            st.sampled_from([[{"kind": "ConfigMap", "name": "c"}], [], None, "x"])
        )
    if draw(st.integers(0, 2)) == 0:
        image = {"name": "app", "newTag": "1", "digest": draw(digests())}
        spec["postRenderers"] = [{"kustomize": {"images": [image]}}, draw(odd())]
    return {
        "apiVersion": draw(
            st.sampled_from(["helm.toolkit.fluxcd.io/v2", "helm.toolkit.fluxcd.io/v2beta1"])
        ),
        "kind": "HelmRelease",
        "metadata": {"name": "r"},
        "spec": spec,
    }


@st.composite
def bystanders(draw: st.DrawFn) -> Doc:
    """Kinds that run nothing, with content that looks as if."""
    text = draw(references())
    spec = draw(pod_specs())
    choices: list[tuple[str, str, Doc]] = [
        ("v1", "ConfigMap", {"data": {"image": text, "containers": "x"}}),
        ("v1", "Secret", {"stringData": {"image": text}}),
        ("v1", "Service", {"spec": {"ports": [{"port": 80}]}}),
        (
            "kyverno.io/v1",
            "ClusterPolicy",
            {"spec": {"rules": [{"validate": {"pattern": {"spec": spec}}}]}},
        ),
        (
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            {"spec": {"schema": {"containers": [spec]}}},
        ),
        ("example.com/v1", "Gadget", {"spec": {"image": text, "images": [text]}}),
    ]
    body = draw(st.sampled_from(choices))
    return {"apiVersion": body[0], "kind": body[1], "metadata": {"name": "b"}, **body[2]}


def resources() -> st.SearchStrategy[Doc]:
    """One resource of any kind, sound or with one value replaced or dropped."""
    sound = weighted(
        (7, workloads()),
        (1, pipelines()),
        (3, _helm_values()),
        (1, kustomizations()),
        (2, applications()),
        (1, releases()),
        (1, bystanders()),
    )
    return weighted((3, sound), (1, mutated(sound)))


@st.composite
def mutated(draw: st.DrawFn, sound: st.SearchStrategy[Doc]) -> Doc:
    """A resource with one value, at any depth, dropped or replaced by an odd one."""
    document = copy.deepcopy(draw(sound))
    holder, key = draw(st.sampled_from(list(_slots(document))))
    if draw(st.integers(0, 3)) == 0 and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = draw(odd())
    return document


def _slots(value: Any) -> list[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += _slots(value[key])
    return found


@st.composite
def lists(draw: st.DrawFn) -> Doc:
    """Lists, typed, nested or odd."""
    items = draw(st.lists(weighted((8, resources()), (1, odd())), max_size=3))
    if draw(st.integers(0, 3)) == 0:
        items.append({"apiVersion": "v1", "kind": "List", "items": [draw(resources())]})
    kind = draw(
        st.sampled_from(
            ["List"] * 6 + ["PodList", "DeploymentList", "list", "ConfigMap", "Pod", ""]
        )
    )
    return {"apiVersion": "v1", "kind": kind, "metadata": {}, "items": items}


def documents() -> st.SearchStrategy[Any]:
    """Anything that the reader may hand to the engines."""
    return weighted((24, resources()), (3, lists()), (1, odd()))
