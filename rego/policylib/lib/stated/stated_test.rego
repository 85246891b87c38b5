package policylib.lib.stated_test

import rego.v1

import data.policylib.lib.stated

test_text_that_says_something if {
	every x in [
		"platform", "#oncall-core", " platform ", "platform\n", "7", "平台", "Björn", "équipe-données", "team@example.com", "notes",
		"N/A-team", "none-of-your-business", "todoist", "TBDs", "nonexistent", "on-call", "no-reply", "🚒", "todo-team", "tba-squad",
		"placeholder-owners", "⚙\ufe0f", "👩\u200d💻 Platform", "می\u200cخواهم", "Ø", "[payments]", "Ada <ada@example.com>", "@org/core",
		"50% team", "team_a", "x@example.com",
	] {
		stated.is_stated(x)
	}
}

test_what_says_nothing if {
	every x in [
		null, true, false, 5, [], ["platform"], {}, {"a": "b"}, "", " ", "\n", "-", "--", "?", "???", "...", "n/a", "N/A", "N.A.",
		"none", "None", "NONE.", "(none)", "<none>", "[TBD]", "TBD", "tbd", "TODO", "TODO: ask", "todo(bob)", "TBA", "tbc", "FIXME",
		"FIXME later", "xxx", "XXX", "changeme", "placeholder", "null", "nil", "~", "unknown", "no", "on", "false", "_", "**",
		"${OWNER}", "$(OWNER)", "{{ owner }}", "}}x", "<% owner %>", "x %>", "to be defined", "nobody", "-todo-", "`none`",
		"xx", "\"tbd\"", "'tbd'", "TODO_later", "wip!", "#TODO", "# todo: ask", "@tbd", "T.B.D.", "to do", "to-do", "not yet", "change-me",
		"unassigned", "UNOWNED", "someone", "Not applicable", "…", "—", "«»", "、", "<owner>", "<your team>", "%OWNER%", "__OWNER__", "@@OWNER@@",
		"empty", "Example", "fill me in", "fix-me", "off", "place holder", "somebody", "T.B.A.", "T.B.C.", "to be decided", "to be done", "true",
		"undefined", "un-set", "x.x.x", "yes", "@OWNER@", "no-one", "TO\u200dDO", "N/A\ufe0f",
	] {
		not stated.is_stated(x)
	}
}

test_what_shows_nothing if {
	every x in [
		"\u3000", "\u00a0", "\u2003 \n", "\u200b", "plat\u200bform", "\ufeffplatform", "plat\u0000form", "plat\nform", "platform\u202e",
		"\u2800", "\u3164", "\u00ad",
		"\u00a0x\u00a0x", "plat\u007fform", "\ufe0f", "\u061c", "\u2060x", "\ufff9", "x\u180ex", "\udb40\udc41", "\u034f", "\u1160",
	] {
		not stated.is_stated(x)
	}
}

test_visible if {
	every text in ["", "a b", "störung", "🚒"] {
		stated.is_visible(text)
	}
	every text in ["a\u200bb", "a\nb", "\u202e", "a\ufe0f"] {
		not stated.is_visible(text)
	}
}

test_plain if {
	stated.plain(" Head \n") == "head"
	stated.plain("A\u200c\u200d\ufe0f1") == "a1"
}

test_shown if {
	stated.shown(5) == ""
	stated.shown("gate\nway\u202e") == "gate?way?"
	count(stated.shown(concat("", ["x" | some _ in numbers.range(1, 200)]))) == 100
}

test_what_is_no_text_says_nothing if {
	stated.text(" x ") == " x "
	every x in [null, true, 5, [], {}] {
		stated.text(x) == ""
	}
}
