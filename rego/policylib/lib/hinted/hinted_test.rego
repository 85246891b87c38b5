package policylib.lib.hinted_test

import rego.v1

import data.policylib.lib.hinted

pinned := "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

pod(container) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container]}}}}

found contains [fault.path, fault.image, fault.why] if some fault in hinted.faults

env(name, value) := {"env": [{"name": name, "value": value}]}

unseen := "takes its image from where it is not seen"

test_variables if {
	at := "/spec/containers/0/env/0/value"
	found == {[at, "nginx", "has no digest"]} with input as pod(env("RELATED_IMAGE_X", "nginx"))
	found == {[at, 5, "is not text"]} with input as pod(env("RELATED_IMAGE_X", 5))
	found == {[at, "nginx", "has no digest"]} with input as pod(env("SIDECAR_IMAGE", "nginx"))
	found == {[at, "x/y:1", "has no digest"]} with input as pod(env("IMAGE_PROXY", "x/y:1"))
	every case in [["RELATED_IMAGE_X", pinned], ["IMAGE", pinned], ["IMAGE", ""], ["IMAGE_FORMAT", "image/png"], ["X", "nginx:1"]] {
		found == set() with input as pod(env(case[0], case[1]))
	}
}

test_values_from_elsewhere if {
	every name in ["RELATED_IMAGE_X", "IMAGE"] {
		container := {"env": [{"name": name, "valueFrom": {"fieldRef": {}}}]}
		found == {["/spec/containers/0/env/0/valueFrom", null, unseen]} with input as pod(container)
	}
	found == set() with input as pod({"env": [{"name": "IMAGE_X", "valueFrom": {"fieldRef": {}}}]})
}

test_arguments if {
	every args in [["--image", "nginx"], ["--web-image=nginx"], ["x --image=nginx"], ["IMAGE=nginx"]] {
		{fault.image | some fault in hinted.faults} == {"nginx"} with input as pod({"args": args})
	}
	every args in [["--image", pinned], ["--image-pull-policy=Always"], ["--verbose", "nginx"]] {
		found == set() with input as pod({"args": args})
	}
}

test_variables_in_values if {
	every value, expected in {"nginx": {"nginx"}, pinned: set(), "$(Y)": {"$(Y)"}} {
		container := {"args": ["--image=$(X)"], "env": [{"name": "X", "value": value}]}
		{fault.image | some fault in hinted.faults} == expected with input as pod(container)
		chained := {"env": [{"name": "X", "value": value}, {"name": "IMAGE", "value": "$(X)"}]}
		{fault.image | some fault in hinted.faults} == expected with input as pod(chained)
	}
	elsewhere := {"args": ["--image=$(X)"], "env": [{"name": "X", "valueFrom": {"secretKeyRef": {}}}]}
	found == {["/spec/containers/0/args/0", null, unseen]} with input as pod(elsewhere)
	unresolved := "holds an unresolved template or variable"
	found == {["/spec/containers/0/args/0", "$(X)", unresolved]} with input as pod({"args": ["--image=$(X)"]})
}

of(document) := {"review": {"object": object.union(version, document)}} if {
	version := {"apiVersion": "operators.coreos.com/v1alpha1", "kind": "ClusterServiceVersion"}
}

annotated(annotations) := {"review": {"object": object.union(template, {"metadata": {"annotations": annotations}})}} if {
	metadata := {"annotations": {"config.linkerd.io/proxy-image": "y"}}
	template := {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"metadata": metadata}}}
}

test_annotations if {
	template := ["/spec/template/metadata/annotations/config.linkerd.io~1proxy-image", "y", "has no digest"]
	own := ["/metadata/annotations/sidecar.istio.io~1proxyImage", "x:1", "has no digest"]
	found == {template, own} with input as annotated({"sidecar.istio.io/proxyImage": "x:1"})
	every annotations in [
		{"sidecar.istio.io/proxyImage": pinned}, {"example.com/proxyImage": "x"}, {"sidecar.istio.io/proxyCPU": "x"}, {"image": "x"},
		{"sidecar.istio.io/proxyImageType": "distroless"}, null, {"a/sidecar.istio.io/image": "x"},
	] {
		found == {template} with input as annotated(annotations)
	}
	namespace := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"annotations": {"config.linkerd.io/proxy-image": "x"}}}
	found == set() with input as {"review": {"object": namespace}}
}

test_whoever_adds_sidecars if {
	every domain in [
		"admission.datadoghq.com", "dapr.io", "inject.istio.io", "instrumentation.opentelemetry.io", "sidecar.istio.io",
		"vault.hashicorp.com",
	] {
		count(found) == 2 with input as annotated({concat("/", [domain, "agent-image"]): "x"})
	}
}

test_related_images if {
	related := [{"name": "a", "image": "nginx"}, {"image": pinned}, {"name": "b"}, null]
	found == {["/spec/relatedImages/0/image", "nginx", "has no digest"]} with input as of({"spec": {"relatedImages": related}})
	every odd in [
		{"status": {"relatedImages": related}}, {"spec": {"images": related}},
		{"spec": {"relatedImages": {"a": {"image": "nginx"}}}},
	] {
		found == set() with input as of(odd)
	}
	config := {"apiVersion": "v1", "kind": "ConfigMap", "relatedImages": related}
	found == set() with input as {"review": {"object": config}}
}
