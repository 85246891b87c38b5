package policylib.lib.arguments_test

import rego.v1

import data.policylib.lib.arguments

found(container) := {[argument.name, argument.value] | some argument in arguments.given(container)}

test_forms if {
	every case in [
		[["--image=a"], {["image", "a"]}],
		[["-image=a"], {["image", "a"]}],
		[["--image", "a"], {["image", "a"]}],
		[["--image", "--x=1"], {["x", "1"]}],
		[["--image"], set()],
		[["--image a"], {["image", "a"]}],
		[["--image  \"a\""], {["image", "a"]}],
		[["--image --x 1"], {["x", "1"]}],
		[["IMAGE=a", "x"], {["IMAGE", "a"]}],
		[["exec x --image='a' --more"], {["image", "a"]}],
		[["A=1 B=\"2\"; x"], {["A", "1"], ["B", "2"]}],
		[["x --image", "a"], {["image", "a"]}],
		[["--image=$(X)"], {["image", "$(X)"]}],
		[["--image=$(A)$(B)/c"], {["image", "$(A)$(B)/c"]}],
		[["$(x --image=a)"], {["image", "a"]}],
		[["--set=a=1,image=b"], {["set", "a=1,image=b"], ["a", "1"], ["image", "b"]}],
		[["--env=IMAGE=a"], {["env", "IMAGE=a"], ["IMAGE", "a"]}],
		[["--set", "a=1,image=b"], {["set", "a=1,image=b"], ["a", "1,image=b"], ["image", "b"]}],
		[["image", "a"], set()],
		[["--", "a"], set()],
		[["_image=a"], set()],
		[["https://x.io/image=a"], set()],
		[["x--image a"], set()],
		[["x--image", "a"], set()],
		[["--image b", "a"], {["image", "b"]}],
		[[5, null, {"a": 1}], set()],
	] {
		found({"args": case[0]}) == case[1]
	}
}

test_a_command_and_its_arguments if {
	container := {"command": ["x", "--image"], "args": ["a", "--y=b"]}
	arguments.given(container) == {
		{"name": "image", "path": ["args", 0], "value": "a"},
		{"name": "y", "path": ["args", 1], "value": "b"},
	}
	arguments.given({"Command": ["--image=a"]}) == {{"name": "image", "path": ["command", 0], "value": "a"}}
	hook := {"lifecycle": {"postStart": {"exec": {"command": ["x", "--image=a"]}}}}
	arguments.given(hook) == {{"name": "image", "path": ["lifecycle", "postStart", "exec", "command", 1], "value": "a"}}
	probe := {"probe": {"command": ["--image=a"]}}
	arguments.given(probe) == {{"name": "image", "path": ["probe", "command", 0], "value": "a"}}
	every odd in [
		{}, {"command": ["x"], "args": ["--image"]}, {"x": ["--image=a"]}, {"x": {"y": ["--image=a"]}}, {"args": null},
		{"args": "--image=a"}, {"command": {"a": "--image=a"}},
	] {
		arguments.given(odd) == set()
	}
}
