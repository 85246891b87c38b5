//! Every value has the place of its text.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, dead_code)]

mod common;
mod generate;

use common::{only, pos, read_as};
use policylib_reader::{find, place, read, Limits, Node, Value};

#[test]
fn pointers_lead_to_the_text_of_the_value() {
    let text = "a: 1\nlist:\n- x\n-   v: 'z'\n    w: |\n      text\né: {b: [1, {c: &t !!str 2}]}\nref: *t\nempty:\n\"s/l~\": q\n";
    let root = only("x.yaml", text).root;
    let table = [
        ("", pos(1, 1)),
        ("/a", pos(1, 4)),
        ("/list", pos(3, 1)),
        ("/list/0", pos(3, 3)),
        ("/list/1", pos(4, 5)),
        ("/list/1/v", pos(4, 8)),
        ("/list/1/w", pos(5, 8)),
        ("/é", pos(7, 4)),
        ("/é/b", pos(7, 8)),
        ("/é/b/1/c", pos(7, 25)),
        ("/ref", pos(7, 25)),
        ("/empty", pos(9, 7)),
        ("/s~1l~0", pos(10, 9)),
        // What is not there: the nearest ancestor, by its key.
        ("/nope", pos(1, 1)),
        ("/list/1/image", pos(4, 5)),
        ("/é/b/1/d/e", pos(7, 12)),
        ("/list/7", pos(2, 1)),
        ("/a/b", pos(1, 1)),
        ("/list/00", pos(2, 1)),
    ];
    for (pointer, expected) in table {
        assert_eq!(place(&root, pointer), expected, "{pointer}");
    }
    assert!(find(&root, "/list/1/v").is_some() && find(&root, "/list/2").is_none());
}

#[test]
fn places_count_from_the_start_of_the_file() {
    let read = read_as("x.yaml", "# c\n---\na: 1\r\n---\r\n\r\n{\"b\":\n  2}\n---\nc:\n  d: e\n");
    let lines: Vec<_> = read
        .iter()
        .map(|result| {
            let root = &result.as_ref().unwrap().root;
            (root.pos.line, root.entries()[0].node.pos)
        })
        .collect();
    assert_eq!(lines, [(3, pos(3, 4)), (6, pos(7, 3)), (9, pos(10, 3))]);
    let marked = only("x.yaml", "\u{feff}a: b\n").root;
    assert_eq!(place(&marked, "/a"), pos(1, 4));
}

/// The text of a file from a place on.
fn from_place(text: &str, node: &Node) -> String {
    let line = text.split('\n').nth(node.pos.line as usize - 1).unwrap();
    line.chars().skip(node.pos.column as usize - 1).collect()
}

#[test]
fn scalars_of_random_documents_stand_at_their_places() {
    let mut random = generate::Random::new(5);
    for _ in 0..2_000 {
        let mut text = String::new();
        document(&mut random, 0, &mut text);
        for document in read_as("x.yaml", &text) {
            check(&text, &document.unwrap().root);
        }
    }
}

fn check(text: &str, node: &Node) {
    match &node.value {
        Value::Int(number) => {
            assert!(from_place(text, node).starts_with(&number.to_string()), "{text}")
        }
        Value::String(word) => {
            let found = from_place(text, node);
            let found = found.trim_start_matches(['\'', '"']);
            assert!(found.starts_with(&**word), "{word} is not at {:?} of {text}", node.pos);
        }
        _ => {
            node.items().iter().for_each(|item| check(text, item));
            for entry in node.entries() {
                let key = Node { pos: entry.pos, value: Value::String(entry.key.clone()) };
                check(text, &key);
                check(text, &entry.node);
            }
        }
    }
}

fn document(random: &mut generate::Random, indent: usize, out: &mut String) {
    for index in 0..1 + random.below(3) {
        let pad = " ".repeat(indent);
        let word = random.pick(&["é", "word", "日本", "x y", "w-1"]);
        match random.below(if indent > 8 { 4 } else { 7 }) {
            0 => out.push_str(&format!("{pad}k{index}: {word}  # c\n")),
            1 => out.push_str(&format!("{pad}'k{index}':   \"{word}\"\n")),
            2 => out.push_str(&format!("{pad}k{index}: [{word}, {{a: '{word}', \"b\": 12}}, 7]\n")),
            3 => out.push_str(&format!("{pad}k{index}:\n{pad}- {word}\n{pad}-   42\n\n")),
            4 => {
                out.push_str(&format!("{pad}k{index}:\n"));
                let deeper = indent + 1 + random.below(3);
                document(random, deeper, out);
            }
            5 => {
                out.push_str(&format!("{pad}k{index}:\n{pad}  - a: b\n"));
                document(random, indent + 4, out);
            }
            _ => out.push_str(&format!("{pad}? k{index}\n{pad}: &a{index} {word}\n")),
        }
    }
}

#[test]
fn no_bytes_crash_the_reader_and_order_is_kept() {
    let mut cases = generate::cases(99, 20_000);
    let mut random = generate::Random::new(3);
    cases.extend(
        (0..5_000).map(|_| (0..random.below(40)).map(|_| random.below(256) as u8).collect()),
    );
    for case in cases {
        for name in ["x.yaml", "x.json", "values.yaml"] {
            let read = read(name, &case, &Limits::default());
            for (index, result) in read.iter().enumerate() {
                let found = match result {
                    Ok(document) => Some(document.index),
                    Err(problem) => problem.document,
                };
                assert!(found.is_none_or(|found| found == index));
            }
        }
    }
}
