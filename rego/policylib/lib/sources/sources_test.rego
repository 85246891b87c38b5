package policylib.lib.sources_test

import rego.v1

import data.policylib.lib.sources

expected := {
	"sources": ["https://github.com/org/"], "refs": ["refs/heads/main", "refs/tags/v*"],
	"build_types": ["https://build.example/v1"], "external_parameters": ["workflow", "inputs"],
}

good := {
	"source": {"repository": "https://github.com/org/app", "ref": "refs/heads/main"},
	"build_type": "https://build.example/v1",
	"external_parameters": {"workflow": {"any": "thing"}},
}

changed(changes) := object.union(good, changes)

test_as_expected if {
	every one in [
		good, changed({"external_parameters": {"inputs": {}}}), changed({"source": {"ref": "refs/tags/v1"}}),
		object.union(object.remove(good, ["external_parameters"]), {"external_parameters": {}}),
	] {
		sources.as_expected([one], expected) == {one}
	}
	sources.as_expected([], expected) == set()
}

test_each_respect if {
	every one in [
		[changed({"source": {"repository": "https://github.com/evil/app"}}), `repository "https://github.com/evil/app"`],
		[changed({"source": {"ref": "refs/heads/main2"}}), `ref "refs/heads/main2"`],
		[changed({"source": {"ref": "refs/tags/v1/2"}}), `ref "refs/tags/v1/2"`],
		[changed({"build_type": "https://build.example/v1/"}), `build type "https://build.example/v1/"`],
		[changed({"external_parameters": {"Workflow": 1}}), `external parameter "Workflow"`],
		[changed({"external_parameters": {"a\n": 1}}), `external parameter "a?"`],
		[changed({"external_parameters": {"": 1}}), "no external parameter is said"],
		[object.remove(good, ["source"]), "no ref is said and no repository is said"],
		[json.remove(good, ["/source/ref"]), "no ref is said"],
		[object.remove(good, ["build_type"]), "no build type is said"],
		[object.remove(good, ["external_parameters"]), "no external parameters are said"],
		[{}, "no build type is said and no external parameters are said and no ref is said and no repository is said"],
	] {
		sources.unexpected([one[0]], expected) == {one[1]}
		sources.as_expected([one[0]], expected) == set()
		sources.as_expected([one[0], good], expected) == {good}
	}
}

test_what_permits_nothing if {
	nothing := {"sources": [], "refs": [], "build_types": [], "external_parameters": []}
	found := concat(" and ", [
		`build type "https://build.example/v1"`, `external parameter "workflow"`, `ref "refs/heads/main"`,
		`repository "https://github.com/org/app"`,
	])
	sources.unexpected([good], nothing) == {found}
}
