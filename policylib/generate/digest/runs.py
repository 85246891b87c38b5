"""Places of workloads: pod specs, and the steps and templates of pipelines."""

from __future__ import annotations

from policylib.generate import pods, workloads
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest.place import MISSING, RUNS, Place, Special, Write, recased
from policylib.generate.odd import Json
from policylib.generate.pods import Image
from policylib.generate.sample import Doc

GROUPS = {
    "pods and jobs": ("Pod", "PodTemplate", "ReplicationController", "Job", "CronJob"),
    "apps": ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
    "Rollout and Knative": ("Rollout", "Service", "Configuration", "Revision"),
}
"""The kinds of workloads, as they stand together in a matrix."""

NAMES = {
    "containers": "container",
    "initContainers": "init container",
    "ephemeralContainers": "ephemeral container",
    "volumes": "image volume",
    "csi": "volume of a driver",
}
"""What each place of a pod spec is called."""

TEKTON = ("Task", "ClusterTask", "TaskRun", "Pipeline", "PipelineRun")
ARGO = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")

_VERSIONS = {"apps/v1": ("apps/v1beta2", "extensions/v1beta1"), "batch/v1": ("batch/v1beta1",)}


def version(choices: Choices, document: Doc) -> Doc:
    """A workload, now and then of another version of its kind's group."""
    others = _VERSIONS.get(document["apiVersion"], ())
    if others and once_in(choices, 6):
        document["apiVersion"] = choices.one_of(others)
    return document


def around(choices: Choices, image: str, place: str, sound: Image) -> Doc:
    """A pod spec with an image in a place, first or last of what is there."""
    spec: Doc = {"containers": [pods.container(choices, "app", sound)]}
    if once_in(choices, 4):
        pods.put(choices, spec, choices.one_of(pods.PLACES), sound)
    key = "volumes" if place == "csi" else place
    planted = pods.item(choices, place, "it", lambda _: image)
    if place == "containers" and once_in(choices, 2):
        spec[key] = []
    items = spec.setdefault(key, [])
    items.insert(choices.integer(0, len(items)), planted)
    return spec


def _other_case(choices: Choices, spec: Doc, place: str) -> Doc:
    """A pod spec, now and then with the key of a place in another case."""
    key = "volumes" if place == "csi" else place
    if once_in(choices, 12) and (key != "containers" or len(spec[key]) > 1):
        other = choices.one_of((key.lower(), key.capitalize()))
        if key == "containers":
            spec["Containers"] = [spec[key].pop()]
        elif other != key:
            spec[other] = spec.pop(key)
    return spec


def _also_refers(choices: Choices, document: Doc) -> Doc:
    """A workload; a Rollout that has a template may refer to another's besides."""
    if document["kind"] == "Rollout" and once_in(choices, 2):
        document["spec"].update(referring())
    return document


def referring() -> Doc:
    """How a Rollout refers to the template of another workload."""
    return {"workloadRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}


def _in_pods(place: str) -> Write:
    def write(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
        spec = _other_case(choices, around(choices, image, place, sound), place)
        whole = version(choices, workloads.wrapped(choices, kind, spec))
        return recased(choices, _also_refers(choices, whole))

    return write


def _without(place: str) -> Special:
    """What stands where an image should: nothing, or something else."""

    def write(choices: Choices, kind: str, sound: Image) -> Doc:
        spec = around(choices, "", place, sound)
        if place == "containers" and once_in(choices, 3):
            spec[place] = choices.one_of(([], None, "app", {}, [None], ["app"]))
        else:
            item = next(item for item in spec[place] if item["name"] == "it")
            _empty(choices, item, "reference" if place == "volumes" else "image")
        whole = workloads.wrapped(choices, kind, spec)
        return recased(choices, _also_refers(choices, whole))

    return write


def _empty(choices: Choices, item: Doc, key: str) -> None:
    holder = item["image"] if key == "reference" else item
    if once_in(choices, 2):
        holder[key] = choices.one_of(("", None, " ", 5, [], {}, True))
    else:
        del holder[key]


def _pod_places(group: str) -> list[Place]:
    return [
        Place(
            group,
            name,
            RUNS,
            GROUPS[group],
            _in_pods(place),
            special={} if place == "csi" else {MISSING: _without(place)},
        )
        for place, name in NAMES.items()
    ]


def step(choices: Choices, image: Json, name: str = "it") -> Doc:
    """A step or container that runs an image; None leaves it out."""
    found: Doc = {"name": name}
    if image is not None:
        found["image"] = image
    if once_in(choices, 4):
        found["env"] = [{"name": "LOG_LEVEL", "value": "info"}]
    return found


def in_tekton(choices: Choices, kind: str, task: Doc) -> Doc:
    """A resource of Tekton that runs a task."""
    version = choices.one_of(("tekton.dev/v1", "tekton.dev/v1beta1"))
    named = {"name": "t", "taskSpec": task}
    key = choices.one_of(("tasks", "finally"))
    specs = {
        "TaskRun": {"taskSpec": task},
        "Pipeline": {key: [named]},
        "PipelineRun": {"pipelineSpec": {key: [named]}},
    }
    body = {"apiVersion": version, "kind": kind, "metadata": {"name": "p"}}
    return recased(choices, {**body, "spec": specs.get(kind, task)})


def _tekton(key: str, *, missing: bool = False) -> Write:
    def write(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
        given = None if missing else image
        if kind == "StepAction":
            spec = {} if missing else {"image": image}
            body = {"apiVersion": "tekton.dev/v1", "kind": kind, "metadata": {"name": "p"}}
            return recased(choices, {**body, "spec": spec})
        task: Doc = {"steps": [step(choices, sound(choices), "one")]}
        if once_in(choices, 4):
            task["sidecars"] = [step(choices, sound(choices), "beside")]
        if key == "stepTemplate":
            task[key] = {"image": image}
        else:
            items = task.setdefault(key, [])
            items.insert(choices.integer(0, len(items)), step(choices, given))
        if key == "sidecars" and once_in(choices, 3):  # no sidecar takes its image from it
            task["stepTemplate"] = {"image": sound(choices)}
        return in_tekton(choices, kind, task)

    return write


def _no_image(write: Write) -> Special:
    return lambda choices, kind, sound: write(choices, kind, "", sound)


def _tekton_places() -> list[Place]:
    steps, sidecars = _no_image(_tekton("steps", missing=True)), _tekton("sidecars", missing=True)
    all_kinds = (*TEKTON, "StepAction")
    return [
        Place("Tekton", "step", RUNS, all_kinds, _tekton("steps"), special={MISSING: steps}),
        Place(
            "Tekton",
            "sidecar",
            RUNS,
            TEKTON,
            _tekton("sidecars"),
            special={MISSING: _no_image(sidecars)},
        ),
        Place("Tekton", "template of steps", RUNS, TEKTON, _tekton("stepTemplate")),
    ]


def in_argo(choices: Choices, kind: str, spec: Doc) -> Doc:
    """A resource of Argo Workflows with a specification."""
    body = {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "metadata": {"name": "p"}}
    around = {"schedule": "0 3 * * *", "workflowSpec": spec} if kind == "CronWorkflow" else spec
    return recased(choices, {**body, "spec": around})


def _template(choices: Choices, where: str, image: Json, sound: Image) -> Doc:
    own = step(choices, image)
    if where in {"container", "script"}:
        return {"name": "t", where: own}
    if where == "containerSet":
        return {"name": "t", where: {"containers": [own]}}
    return {"name": "t", "container": step(choices, sound(choices), "main"), where: [own]}


def _argo(*wheres: str, missing: bool = False) -> Write:
    def write(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
        given = None if missing else image
        template = _template(choices, choices.one_of(wheres), given, sound)
        templates = [template]
        if once_in(choices, 4):
            other = {"name": "u", "container": step(choices, sound(choices))}
            templates.insert(choices.integer(0, 1), other)
        return in_argo(choices, kind, {"entrypoint": "t", "templates": templates})

    return write


def _argo_defaults(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    """A template takes the image that it leaves out from the defaults."""
    key = choices.one_of(("container", "script"))
    own = step(choices, choices.one_of((None, sound(choices))), "main")
    spec = {"templates": [{"name": "t", key: own}], "templateDefaults": {key: {"image": image}}}
    return in_argo(choices, kind, spec)


def _argo_places() -> list[Place]:
    names = {
        "container": ("container", "script", "containerSet"),
        "init container": ("initContainers",),
        "sidecar": ("sidecars",),
    }
    places = [
        Place(
            "Argo Workflows",
            name,
            RUNS,
            ARGO,
            _argo(*wheres),
            special={MISSING: _no_image(_argo(*wheres, missing=True))},
        )
        for name, wheres in names.items()
    ]
    return [*places, Place("Argo Workflows", "defaults", RUNS, ARGO, _argo_defaults)]


def places() -> list[Place]:
    """Every place of a workload or pipeline where an image of a container stands."""
    of_pods = [place for group in GROUPS for place in _pod_places(group)]
    return [*of_pods, *_tekton_places(), *_argo_places()]
