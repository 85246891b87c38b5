package policylib.lib.argo_workflows_test

import rego.v1

import data.policylib.lib.argo_workflows

workflow(spec) := {"review": {"object": {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": spec}}}

test_each_container_names_an_image if {
	every template in [
		{"container": {"command": ["x"]}},
		{"script": {"source": "x"}},
		{"containerSet": {"containers": [{"name": "x"}]}},
		{"container": {"image": "a"}, "sidecars": [{"name": "x"}]},
		{"container": {"image": "a"}, "initContainers": [{"image": null}]},
	] {
		count(argo_workflows.images) == 1 with input as workflow({"templates": [template]})
	}
}

test_templates_without_containers if {
	every template in [
		{"steps": [[{"name": "x", "template": "y"}]]},
		{"dag": {"tasks": [{"name": "x"}]}},
		{"container": {"image": "a"}},
		{"container": {"image": "a"}, "extraContainers": [{"name": "x"}]},
	] {
		argo_workflows.images == set() with input as workflow({"templates": [template]})
	}
}

test_defaults_give_images_to_their_own_kind if {
	defaults := {"templateDefaults": {"container": {"image": "a"}, "script": {"env": []}}}
	container := {"templates": [{"container": {"args": []}}]}
	argo_workflows.images == set() with input as workflow(object.union(defaults, container))
	script := {"templates": [{"script": {"source": "x"}}]}
	count(argo_workflows.images) == 1 with input as workflow(object.union(defaults, script))
}

test_a_borrowed_template if {
	argo_workflows.images == set() with input as workflow({"workflowTemplateRef": {"name": "x"}})
}

test_an_image_of_one_template_is_not_that_of_another if {
	spec := {"templates": [{"container": {"image": "a"}}, {"container": {"args": []}}]}
	{one.path | some one in argo_workflows.images} == {"/spec/templates/1/container/image"} with input as workflow(spec)
}

test_what_is_wrong_with_templates if {
	every case in [[null, "holds no template"], ["x", "is not a list"], [[], "holds no template"]] {
		{one.gap | some one in argo_workflows.images} == {case[1]} with input as workflow({"templates": case[0]})
	}
}

test_what_a_gap_says if {
	argo_workflows.images == {{"path": "/spec/templates/0/container/image", "image": null, "gap": ""}}
		with input as workflow({"templates": [{"container": {}}]})
	argo_workflows.images == {{"path": "/spec/templates/0/script", "image": null, "gap": "is not an object"}}
		with input as workflow({"templates": [{"script": "x"}]})
	argo_workflows.images == {{"path": "/spec/templates", "image": null, "gap": "is not a list"}} with input as workflow({"templates": "x"})
}

test_each_kind if {
	every kind in ["Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate"] {
		document := {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "spec": {"templates": [{"script": "x"}]}}
		count(argo_workflows.images) == 1 with input as {"review": {"object": document}}
		count(argo_workflows.images) == 0 with input as {"review": {"object": object.union(document, {"apiVersion": "example.com/v1"})}}
	}
}

test_others_are_no_workflows if {
	spec := {"container": {"env": []}, "templates": [{"script": "x"}]}
	document := {"apiVersion": "argoproj.io/v1alpha1", "kind": "EventSource", "spec": spec}
	argo_workflows.images == set() with input as {"review": {"object": document}}
}

test_others_need_no_templates if {
	document := {"apiVersion": "argoproj.io/v1alpha1", "kind": "EventSource", "spec": {}}
	argo_workflows.images == set() with input as {"review": {"object": document}}
}

test_templates_are_a_list_of_objects if {
	every case in [
		[null, "/spec/templates"],
		[{}, "/spec/templates"],
		[{"templates": null}, "/spec/templates"],
		[{"templates": []}, "/spec/templates"],
		[{"templates": {"container": {"args": []}}, "workflowTemplateRef": {"name": "x"}}, "/spec/templates"],
		[{"templates": ["x"]}, "/spec/templates"],
		[{"templates": [{"container": null}]}, "/spec/templates/0/container"],
		[{"templates": [{"script": "x"}]}, "/spec/templates/0/script"],
		[{"templates": [{"steps": [[{"inline": {"container": ["x"]}}]]}]}, "/spec/templates/0/steps/0/0/inline/container"],
		[{"workflowTemplateRef": {"name": "x"}, "templateDefaults": {"container": "x"}}, "/spec/templateDefaults/container"],
	] {
		case[1] in {one.path | some one in argo_workflows.images} with input as workflow(case[0])
	}
	labelled := {"podMetadata": {"labels": {"container": "x"}}, "templates": [{"container": {"image": "a"}}]}
	argo_workflows.images == set() with input as workflow(labelled)
}

test_a_cron_workflow if {
	document := {"apiVersion": "argoproj.io/v1alpha1", "kind": "CronWorkflow", "spec": {}}
	{one.path | some one in argo_workflows.images} == {"/spec/workflowSpec/templates"} with input as {"review": {"object": document}}
}

test_other_kinds_hold_no_templates if {
	document := {"apiVersion": "argoproj.io/v1alpha1", "kind": "EventSource", "spec": {}}
	argo_workflows.images == set() with input as {"review": {"object": document}}
}
