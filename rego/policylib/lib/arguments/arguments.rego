# METADATA
# title: Arguments
# description: >-
#   What the command and the arguments of a container give by name: `--image=x`, `--image x`, in one
#   item or two or in the text of a shell, and `IMAGE=x`.
package policylib.lib.arguments

import rego.v1

import data.policylib.lib.fold

# A set of name, path (under the container) and value (text).
given(container) := {{"name": match[1], "path": item.path, "value": match[2]} |
	some item in items(container)
	some pattern in patterns
	some match in regex.find_all_string_submatch_n(pattern, item.text, -1)
} | {{"name": match[1], "path": next.path, "value": next.text} |
	some i, item in items(container)
	some match in regex.find_all_string_submatch_n(waiting, item.text, -1)
	next := items(container)[i + 1]
	not is_flag(next.text)
}

is_flag(text) if startswith(text, "-")

# The arguments follow the command. Probes and hooks have commands of their own.
items(container) := array.concat(
	[{"path": [key, i], "text": text} |
		some key in ["command", "args"]
		some list in fold.at(container, key)
		some i, text in texts(list)
	],
	[{"path": array.concat(path, [i]), "text": text} |
		walk(container, [path, list])
		count(path) > 1
		path[count(path) - 1] == "command"
		some i, text in texts(list)
	],
)

texts(list) := {i: text | some i, text in list; is_string(text)} if {
	is_array(list)
} else := {}

start := `(?:\A|[ \t\r\n"';&|(])`

name := `([A-Za-z][A-Za-z0-9_.-]*)`

value := `["']?((?:\$\([A-Za-z0-9_.-]+\)|[^ \t\r\n"';&|)])*)`

# The same, where it is not another flag.
plain := `["']?((?:\$\([A-Za-z0-9_.-]+\)|[^ \t\r\n"';&|)-])(?:\$\([A-Za-z0-9_.-]+\)|[^ \t\r\n"';&|)])*)`

joined := concat("", [start, `-{0,2}`, name, `=`, value])

# Within the value of another.
listed := concat("", [`[,=]`, name, `=["']?([^ \t\r\n"';&|),]*)`])

apart := concat("", [start, `--?`, name, `[ \t]+`, plain])

patterns := [joined, listed, apart]

# A flag whose value is the next item.
waiting := concat("", [start, `--?`, name, `\z`])
