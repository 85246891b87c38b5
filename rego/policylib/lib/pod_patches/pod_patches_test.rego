package policylib.lib.pod_patches_test

import rego.v1

import data.policylib.lib.pod_patches

pinned := "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

workflow(spec) := {"review": {"object": {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": spec}}}

found contains [one.image, one.gap] if some one in pod_patches.images

hidden := [null, "may choose an image out of sight"]

test_images if {
	unpinned := {"podSpecPatch": `{"containers": [{"name": "main", "image": "x"}]}`}
	found == {hidden, ["x", ""]} with input as workflow(unpinned)
	{[one.path, one.gap] | some one in pod_patches.images} == {["/spec/podSpecPatch", ""], ["/spec/podSpecPatch", hidden[1]]}
		with input as workflow(unpinned)
	found == {[pinned, ""]} with input as workflow({"podSpecPatch": sprintf("containers:\n- name: main\n  image: %s", [pinned])})
	found == {["x", ""], hidden} with input as workflow({"templates": [{"podSpecPatch": "image: x"}]})
}

test_no_image if {
	every text in ["terminationGracePeriodSeconds: 5", "memory: '{{inputs.parameters.memory}}'", ""] {
		found == set() with input as workflow({"podSpecPatch": text})
	}
	found == set() with input as workflow({"taskSpec": "image: x"})
	every odd in [null, 5, {"nodeSelector": {}}] {
		found == set() with input as workflow({"podSpecPatch": odd})
	}
}

test_templates if {
	every text in ["{{inputs.parameters.patch}}", "\n {{=inputs.parameters.patch}}"] {
		found == {hidden} with input as workflow({"podSpecPatch": text})
	}
	patch := "memory: '{{workflow.parameters.memory}}'"
	every value, expected in {`1Gi"}}, "image": "x`: {hidden}, "my-image": set(), "1Gi": set()} {
		spec := {"podSpecPatch": patch, "arguments": {"parameters": [{"name": "memory", "value": value}]}}
		found == expected with input as workflow(spec)
	}
	script := {"podSpecPatch": patch, "templates": [{"script": {"source": "image: x"}}]}
	found == set() with input as workflow(script)
	plain := {"podSpecPatch": "memory: 1Gi", "arguments": {"parameters": [{"value": "image: x"}]}}
	found == set() with input as workflow(plain)
}
