//! Short ways to read a text in a test.

use policylib_reader::{read, to_json, Document, Limits, Node, Pos, Problem};

pub type Read = Vec<Result<Document, Problem>>;

pub fn read_as(name: &str, text: &str) -> Read {
    read(name, text.as_bytes(), &Limits::default())
}

pub fn json(node: &Node) -> String {
    let mut out = String::new();
    to_json(node, &mut out);
    out
}

/// Each document as JSON, each problem as `line:column message`.
pub fn shown(read: &Read) -> Vec<String> {
    read.iter()
        .map(|result| match result {
            Ok(document) => json(&document.root),
            Err(problem) => {
                format!("{}:{} {}", problem.pos.line, problem.pos.column, problem.message)
            }
        })
        .collect()
}

/// The only document of a text.
pub fn only(name: &str, text: &str) -> Document {
    let mut read = read_as(name, text);
    assert_eq!(read.len(), 1, "{text:?}: {:?}", shown(&read));
    read.remove(0).unwrap_or_else(|problem| panic!("{text:?}: {problem:?}"))
}

/// The only problem of a text.
pub fn problem(name: &str, text: &str) -> Problem {
    let problems: Vec<_> = read_as(name, text).into_iter().filter_map(Result::err).collect();
    match problems.as_slice() {
        [problem] => problem.clone(),
        _ => panic!("{text:?}: {problems:?}"),
    }
}

pub fn pos(line: u32, column: u32) -> Pos {
    Pos { line, column }
}
