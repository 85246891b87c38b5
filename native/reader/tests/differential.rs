//! The reader against the Go libraries that kubectl and the API server read with.
//!
//! Needs the program of `tools/kubeyaml`, named by the variable KUBEYAML; KUBEYAML_CASES and
//! KUBEYAML_SEED choose how much and what is generated.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod generate;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use policylib_reader::{read, to_json, Kind, Limits, Node, Problem, Value};

/// What is refused although kubectl reads it.
const STRICT: [&str; 14] = [
    "is there twice",
    "nested deeper than",
    "an unresolved template",
    "half of a surrogate pair",
    "a number that is too large",
    "a byte that is not UTF",
    "text, which JSON cannot hold",
    "aliases stand for more than",
    "a control character",
    "a byte order mark",
    "contains itself",
    "the file starts as UTF",
    "infinity or not-a-number",
    "an empty or null key",
];

#[test]
#[ignore = "needs KUBEYAML"]
fn every_document_is_read_as_kubectl_reads_it_or_refused() {
    let count: u64 = variable("KUBEYAML_CASES").map_or(100_000, |text| text.parse().unwrap());
    let seed: u64 = variable("KUBEYAML_SEED").map_or(1, |text| text.parse().unwrap());
    let mut differences = 0;
    let mut refusals: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let (mut read_both, mut more) = (0, 0);
    for batch in 0..count.div_ceil(20_000) {
        let size = (count - batch * 20_000).min(20_000);
        let cases = generate::cases(seed * 1_000_003 + batch, size);
        for (case, answer) in cases.iter().zip(ask(&cases)) {
            let verdict = compare(case, &answer);
            match verdict {
                Verdict::Same => read_both += 1,
                Verdict::More => more += 1,
                Verdict::Refused(message) => {
                    let shown = String::from_utf8_lossy(case).into_owned();
                    let entry = refusals.entry(message).or_insert((0, shown.clone()));
                    entry.0 += 1;
                    if shown.len() < entry.1.len() {
                        entry.1 = shown;
                    }
                }
                Verdict::Different(why) => {
                    differences += 1;
                    if differences <= 20 {
                        let small = shrink(case);
                        println!("{why}\n  {:?}\n", String::from_utf8_lossy(&small));
                    }
                }
            }
        }
    }
    println!("{count} cases: {read_both} the same, {more} where kubectl refuses and we read");
    for (message, (count, example)) in &refusals {
        println!("{count:7} {message}: {example:?}");
    }
    let unexpected: Vec<_> =
        refusals.keys().filter(|message| !STRICT.iter().any(|known| message.contains(known))).collect();
    assert!(differences == 0, "{differences} documents are read differently");
    assert!(unexpected.is_empty(), "refused without reason: {unexpected:?}");
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What the oracle says of one file.
struct Answer {
    documents: Vec<Node>,
    error: Option<String>,
    /// Whether kubectl leaves text unread without a word.
    unread: bool,
}

fn ask(cases: &[Vec<u8>]) -> Vec<Answer> {
    let program = variable("KUBEYAML").expect("KUBEYAML names the program of tools/kubeyaml");
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("KUBEYAML can be started");
    let mut input = child.stdin.take().unwrap();
    let lines: Vec<String> = cases.iter().map(|case| base64(case) + "\n").collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            input.write_all(line.as_bytes()).unwrap();
        }
    });
    let limits = Limits { max_depth: 20_000, ..Limits::default() };
    let answers = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(|line| {
            let parsed = read("answer.json", line.unwrap().as_bytes(), &limits);
            let answer = parsed.into_iter().next().unwrap().unwrap().root;
            let documents = answer.get("documents").unwrap().items().to_vec();
            let error = answer.get("error").and_then(Node::text).map(String::from);
            let unread = matches!(answer.get("unread").unwrap().value, Value::Bool(true));
            Answer { documents, error, unread }
        })
        .collect();
    writer.join().unwrap();
    assert!(child.wait().unwrap().success());
    answers
}

enum Verdict {
    Same,
    /// We read what kubectl refuses.
    More,
    Refused(String),
    Different(String),
}

fn compare(case: &[u8], answer: &Answer) -> Verdict {
    let ours = read("case.yaml", case, &Limits::default());
    if answer.documents.iter().any(is_false_separator) {
        return Verdict::Same;
    }
    let theirs: Vec<String> = answer.documents.iter().flat_map(expected).collect();
    if !agree(&theirs, &ours) {
        let ours: Vec<_> = ours.iter().map(shown).collect();
        return Verdict::Different(format!("kubectl {theirs:?}\n  we read {ours:?}"));
    }
    let problem = ours.iter().find_map(|result| result.as_ref().err());
    match (problem, &answer.error) {
        (Some(problem), None) if !answer.unread => Verdict::Refused(class(problem)),
        (None, Some(_)) => Verdict::More,
        _ => Verdict::Same,
    }
}

/// Whether each document of theirs is, in order, one of ours, or in what we refused.
fn agree(theirs: &[String], ours: &[Result<policylib_reader::Document, Problem>]) -> bool {
    // For each count of their documents, whether they fit the part of ours looked at so far.
    let mut fits = vec![false; theirs.len() + 1];
    fits[0] = true;
    for document in ours {
        let text = shown(document);
        let before = fits.clone();
        for (index, their) in theirs.iter().enumerate() {
            fits[index + 1] |= match document {
                Ok(_) => before[index] && *their == text,
                Err(_) => fits[index],
            };
        }
    }
    fits[theirs.len()]
}

/// What kubectl reads of a file that starts with a line like `---#c`, which it takes for text and
/// we for a separator; it fails as no object.
fn is_false_separator(document: &Node) -> bool {
    let text = canonical(document);
    text.starts_with("\"---#") || text.starts_with("{\"---#")
}

/// A list at the root is read as the objects in it, where these are for Kubernetes.
fn expected(document: &Node) -> Vec<String> {
    let text = canonical(document);
    let ours = read("case.yaml", text.as_bytes(), &Limits::default());
    match ours.as_slice() {
        [] => vec![],
        many => many.iter().map(shown).collect(),
    }
}

fn shown(ours: &Result<policylib_reader::Document, Problem>) -> String {
    match ours {
        Ok(document) if document.kind == Kind::HelmValues => {
            canonical(document.root.get("values").unwrap())
        }
        Ok(document) => canonical(&document.root),
        Err(problem) => format!("problem: {}", problem.message),
    }
}

/// JSON with sorted keys, and numbers as the API server keeps them.
fn canonical(node: &Node) -> String {
    match &node.value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(entries) => {
            let mut members: Vec<_> = entries
                .iter()
                .map(|entry| {
                    let key = Node { pos: entry.pos, value: Value::String(entry.key.clone()) };
                    format!("{}:{}", json(&key), canonical(&entry.node))
                })
                .collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
        Value::UInt(number) => {
            json(&Node { pos: node.pos, value: Value::Float(*number as f64) })
        }
        _ => json(node),
    }
}

fn json(node: &Node) -> String {
    let mut out = String::new();
    to_json(node, &mut out);
    out
}

/// The message without what is particular to the case.
fn class(problem: &Problem) -> String {
    let mut quoted = false;
    let kept = problem.message.chars().filter(|character| {
        if *character == '"' {
            quoted = !quoted;
        }
        !quoted && !character.is_ascii_digit()
    });
    kept.collect()
}

/// A smaller case that still differs: lines, then characters are taken away.
fn shrink(case: &[u8]) -> Vec<u8> {
    let mut small = case.to_vec();
    for size in [64, 16, 4, 1] {
        let mut at = 0;
        while at < small.len() {
            let mut next = small.clone();
            next.drain(at..(at + size).min(small.len()));
            let answers = ask(std::slice::from_ref(&next));
            let differs =
                answers.iter().any(|answer| matches!(compare(&next, answer), Verdict::Different(_)));
            if differs {
                small = next;
            } else {
                at += size;
            }
        }
    }
    small
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= group.len() { char::from(digit) } else { '=' });
        }
    }
    out
}
