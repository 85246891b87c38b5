//! Documents of a file: where they are cut, what hides none of them, what is refused.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, dead_code)]

mod common;

use common::{json, only, pos, problem, read_as, shown};
use policylib_reader::{read, Limits};

#[test]
fn every_form_of_separator_starts_a_document() {
    let separators = [
        "---",
        "--- ",
        "---\t",
        "--- # c",
        "---\t# c",
        "---#c",
        "---\r",
        "--- \r",
        "---\u{a0}",
        "---\n---",
        "---\n# only a comment\n---",
        "---\n\n---",
        "...\n---",
        "...",
        "---\n...\n---",
        "---\n%YAML 1.1\n---",
        "---\n%YAML 1.2\n# c\n---",
        "--- !!map",
        "--- &a",
        "---\nnull\n---",
        "---\n~\n---",
    ];
    for separator in separators {
        let text = format!("a: 1\n{separator}\nb: 2\n");
        assert_eq!(shown(&read_as("x.yaml", &text)), ["{\"a\":1}", "{\"b\":2}"], "{separator:?}");
    }
    for hidden in ["\r", "\u{85}", "\u{2028}", "\u{2029}"] {
        let text = format!("--- # c{hidden}a: 1\n---\nb: 2\n");
        assert_eq!(shown(&read_as("x.yaml", &text)), ["{\"a\":1}", "{\"b\":2}"], "{hidden:?}");
    }
    assert_eq!(shown(&read_as("x.yaml", "a: 1\n--- {b: 2}\n")), ["{\"a\":1}", "{\"b\":2}"]);
}

#[test]
fn a_separator_inside_a_value_is_text() {
    let text = "a: |\n  x\n  ---\n  y\nb: '---'\n";
    assert_eq!(json(&only("x.yaml", text).root), "{\"a\":\"x\\n---\\ny\\n\",\"b\":\"---\"}");
}

#[test]
fn a_bad_document_hides_no_other_and_keeps_its_number() {
    let text = "a: 1\n---\nb: [\n---\nc: 3\n---\nd: \"\n---\ne: 5\n";
    let found = read_as("x.yaml", text);
    let places = found.iter().map(|result| match result {
        Ok(document) => (document.index, document.root.pos.line),
        Err(problem) => (problem.document.unwrap() + 100, problem.pos.line),
    });
    assert_eq!(places.collect::<Vec<_>>(), [(0, 1), (101, 4), (2, 5), (103, 7), (4, 9)]);
    assert_eq!(read_as("x.yaml", "a: 1\n...\n@\n---\nb: 2\n").len(), 3);
    let broken = read("x.yaml", b"a: 1\n---\nb: \xff\n---\nc: 3\n", &Limits::default());
    assert_eq!(broken.iter().filter(|result| result.is_ok()).count(), 2);
}

#[test]
fn nothing_is_no_document() {
    for text in
        ["", "\n", "---\n", "# c\n", "---\n---\n", "null\n", "~", "--- # c\n...\n", "\u{feff}"]
    {
        assert!(read_as("x.yaml", text).is_empty(), "{text:?}");
        assert!(
            text.contains(['-', '#', '~', '\u{feff}'])
                || read_as("x.json", text).is_empty()
                || text == "null\n"
        );
    }
}

#[test]
fn encodings_with_a_mark_are_read() {
    let text = "a: é\n---\nb: 😀\n";
    let utf16 = |unit: fn(u16) -> [u8; 2]| {
        format!("\u{feff}{text}").encode_utf16().flat_map(unit).collect::<Vec<u8>>()
    };
    let utf8 = format!("\u{feff}{text}").into_bytes();
    for bytes in [utf8, utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)] {
        let read = read("x.yaml", &bytes, &Limits::default());
        assert_eq!(shown(&read), ["{\"a\":\"é\"}", "{\"b\":\"😀\"}"]);
    }
    assert_eq!(shown(&read("x.yaml", b"\xff\xfea", &Limits::default())).len(), 1);
    problem("x.yaml", "\u{feff}\u{feff}a: 1\n");
    problem("x.yaml", "---\n\u{feff}a: 1\n");
    assert_eq!(shown(&read_as("x.yaml", "a: 1\n---\n\u{feff}b: 2\n")), ["{\"a\":1}", "{\"b\":2}"]);
}

#[test]
fn duplicate_keys_are_refused_at_the_second() {
    let table = [
        ("a: 1\nb: 2\na: 3\n", pos(3, 1)),
        ("k: {a: 1, a: 2}\n", pos(1, 11)),
        ("1: x\n'1': y\n", pos(2, 1)),
        ("yes: x\n\"true\": y\n", pos(2, 1)),
        ("{\"a\": 1, \"\\u0061\": 2}", pos(1, 10)),
        ("k: &x {a: 1, a: 2}\n", pos(1, 14)),
    ];
    for (text, place) in table {
        let problem = problem("x.yaml", text);
        assert!(problem.message.contains("twice"), "{text}: {}", problem.message);
        assert_eq!(problem.pos, place, "{text}");
    }
    let wide: String = (0..2000).map(|key| format!("k{key}: 1\n")).collect();
    assert_eq!(problem("x.yaml", &format!("{wide}k7: 2\n")).pos, pos(2001, 1));
    only("x.yaml", &wide);
}

#[test]
fn merges_and_aliases_mean_what_they_mean_to_kubectl() {
    let table = [
        ("a: &x 1\nb: *x\n", "{\"a\":1,\"b\":1}"),
        ("a: &x {k: 1}\nb: {<<: *x, l: 2}\n", "{\"a\":{\"k\":1},\"b\":{\"k\":1,\"l\":2}}"),
        ("<<: {a: 1}\na: 2\n", "{\"a\":2}"),
        ("a: 1\n<<: {a: 2}\n", "{\"a\":2}"),
        ("<<: [{a: 1}, {a: 2, b: 3}]\n", "{\"a\":1,\"b\":3}"),
        ("'<<': {a: 1}\n", "{\"<<\":{\"a\":1}}"),
        ("a: &x k\n*x : 1\n", "{\"a\":\"k\",\"k\":1}"),
        ("a: &x 1\nb: &x 2\nc: *x\n", "{\"a\":1,\"b\":2,\"c\":2}"),
    ];
    for (text, expected) in table {
        assert_eq!(json(&only("x.yaml", text).root), expected, "{text}");
    }
    for text in
        ["a: *x\n", "a: &x [*x]\n", "a: &x {b: {c: *x}}\n", "<<: 1\n", "a: &x 1\n---\nb: *x\n"]
    {
        problem("x.yaml", text);
    }
}

#[test]
fn bombs_and_depth_are_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert!(problem("x.yaml", &bomb).message.contains("aliases stand for"));
    let deep = |open: &str, close: &str, count: usize| {
        format!("{}1{}", open.repeat(count), close.repeat(count))
    };
    for (name, open, close) in [
        ("x.yaml", "[", "]"),
        ("x.json", "[", "]"),
        ("x.yaml", "{a: ", "}"),
        ("x.json", "{\"a\":", "}"),
    ] {
        assert_eq!(read_as(name, &deep(open, close, 250)).len(), 1);
        assert!(problem(name, &deep(open, close, 300)).message.contains("deeper"));
        assert!(problem(name, &deep(open, close, 200_000)).message.contains("deeper"));
    }
    let blocks: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(problem("x.yaml", &blocks).message.contains("deeper"));
    assert!(problem("x.yaml", &"- ".repeat(100_000)).message.contains("deeper"));
    let mut tower = String::from("a0: &a0 [x]\n");
    for level in 1..300 {
        tower.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert!(problem("x.yaml", &tower).message.contains("deeper"));
    let small = Limits { max_bytes: 3, ..Limits::default() };
    assert!(read("x.yaml", b"a: 1", &small)[0].is_err());
}

#[test]
fn a_directive_that_belongs_to_no_document_is_named() {
    let problem = problem("x.yaml", "a: 1\n...\n%YAML 1.2\n---\nb: 2\n");
    assert_eq!(problem.pos, pos(3, 1));
    assert!(problem.message.contains("starts with % and belongs to no document"));
}

#[test]
fn documents_and_files_of_too_many_values_are_refused_where_they_pass_the_limit() {
    let limits = Limits { max_nodes: 5, max_file_nodes: 12, ..Limits::default() };
    let read_as = |name: &str, text: &str| shown(&read(name, text.as_bytes(), &limits));
    let fits = "{\"a\":[1,2,3]}";
    for (name, text) in [("x.json", fits), ("x.yaml", fits), ("x.yaml", "a: [1, 2, 3]\n")] {
        assert_eq!(read_as(name, text), [fits], "{text}");
    }
    let document = "the document has more than 5 values; split it";
    for (name, text, place) in [
        ("x.json", "{\"a\":[1,2,3,4]}", "1:13"),
        ("x.yaml", "{\"a\":[1,2,3,4]}", "1:13"),
        ("x.yaml", "a: [1, 2, 3, 4]\n", "1:14"),
        ("x.yaml", "a: &x 1\nb: [*x, *x, *x]\n", "2:13"),
        ("x.yaml", "- - - - - - 1\n", "1:11"),
    ] {
        assert_eq!(read_as(name, text), [format!("{place} {document}")], "{text}");
    }
    let many = [
        ("x.json", fits.repeat(4)),
        ("x.yaml", format!("{fits}\n---\n").repeat(4)),
        ("x.yaml", "a: [1, 2, 3]\n---\n".repeat(4)),
    ];
    for (name, text) in many {
        let shown = read_as(name, &text);
        assert_eq!(shown.len(), 3, "{text}");
        assert!(shown[2].ends_with("the file has more than 12 values; split it"), "{shown:?}");
    }
}

#[test]
fn templates_are_named_where_they_break_a_document() {
    let table = [
        ("a: 1\nimage: {{ .Values.image }}\n", pos(2, 8)),
        ("{{- if .x }}\na: 1\n{{- end }}\n", pos(1, 1)),
        ("apiVersion: v1\nkind: '{{ .kind }}'\n", pos(2, 7)),
        ("{{ include \"x\" . }}\n", pos(1, 1)),
        ("a:\n  {{- toYaml .x | nindent 2 }}\n", pos(2, 3)),
    ];
    for (text, place) in table {
        let problem = problem("x.yaml", text);
        assert!(problem.message.contains("unresolved template"), "{text}: {}", problem.message);
        assert_eq!(problem.pos, place, "{text}");
    }
    let other = "a: 'at {{ $labels.x }}'\nb: [\n";
    assert!(problem("x.yaml", other).message.starts_with("not YAML"));
    assert!(problem("x.yaml", "a: {{ x }}\na: 'b {{ x }}'\n").message.contains("unresolved"));
    assert!(problem("x.yaml", "a: 1\na: 'b {{ x }}'\n").message.contains("twice"));
    let alert = "apiVersion: v1\nkind: A\nsummary: 'at {{ $labels.x }}'\nt: a {{ x }}\n# {{ c }}\n";
    only("x.yaml", alert);
}

#[test]
fn json_is_strict_where_it_is_json() {
    for text in [
        "{\"a\":1} x",
        "{\"a\":1,}",
        "[1,]",
        "{'a':1}",
        "{a:1}",
        "// c\n{}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x41\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\ud800\\u0041\"}",
        "{\"a\":1e999}",
        "{\"a\":1 \"b\":2}",
        "{\"a\" 1}",
        "{\"a\":",
        "\"a",
        "tru",
        "{\"a\":\"\\u00g0\"}",
        "a: 1\n",
        "{\"a\":-}",
        "\u{1}",
    ] {
        problem("x.json", text);
    }
    let table = [
        (
            "{\"a\":[1,-0,1.0,1e2,-1.5e-3,true,false,null]}",
            "{\"a\":[1,0,1,100,-0.0015,true,false,null]}",
        ),
        (
            "{\"a\":18446744073709551615,\"b\":18446744073709551616}",
            "{\"a\":18446744073709551615,\"b\":18446744073709552000}",
        ),
        ("{\"\\u0041\\n\\/\":\"\\ud83d\\ude00\"}", "{\"A\\n/\":\"😀\"}"),
    ];
    for (text, expected) in table {
        assert_eq!(json(&only("x.json", text).root), expected, "{text}");
    }
    assert_eq!(shown(&read_as("x.json", "{\"a\":1}{\"b\":2}\n{\"c\":3}")).len(), 3);
    assert_eq!(json(&only("x.yaml", "{a: 1, b: [x,],}").root), "{\"a\":1,\"b\":[\"x\"]}");
    assert_eq!(shown(&read_as("x.yaml", "{\"a\":1}\nb: 2\n")), ["{\"a\":1}", "{\"b\":2}"]);
    assert_eq!(shown(&read_as("x.yaml", "{\"a\":1}\n---\nb: 2\n---\n{\"c\":1}\n")).len(), 3);
}

#[test]
fn objects_in_a_list_at_the_root_are_documents() {
    let text = "- {apiVersion: v1, kind: Pod}\n- [{apiVersion: v1, kind: Job}]\n- 3\n";
    let read = read_as("x.yaml", text);
    assert_eq!(
        shown(&read),
        ["{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}", "{\"apiVersion\":\"v1\",\"kind\":\"Job\"}"]
    );
    assert_eq!(read_as("x.yaml", "- {a: 1}\n- {b: 2}\n").len(), 1);
}

#[test]
fn the_template_of_a_rendered_document_is_known() {
    let text = "---\n# Source: app/templates/a.yaml\na: 1\n---\n# c\n# Source: app/templates/b.yaml\nb: 1\n---\nc: 1\n# Source: no\n";
    let sources: Vec<_> =
        read_as("-", text).into_iter().map(|result| result.unwrap().source).collect();
    assert_eq!(
        sources,
        [Some("app/templates/a.yaml".into()), Some("app/templates/b.yaml".into()), None]
    );
}

#[test]
fn output_is_the_same_document_again_in_yaml_and_in_json() {
    let text = "a: \"\\0\\x7f\\u0085\\u2028\\ufeff\\ufffe\\\"\\\\é😀 # : {{ }}\"\nb: [1, 1.5, -0.0, 1e300, no, ~]\n\"\\u2029\": x\n";
    let first = json(&only("x.yaml", text).root);
    assert_eq!(json(&only("x.json", &first).root), first);
    // With a space in front of the brace it is no longer tried as JSON at the start of the file.
    assert_eq!(json(&only("x.yaml", &format!("k: {first}\n")).root), format!("{{\"k\":{first}}}"));
}
