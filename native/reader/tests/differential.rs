//! The reader against the Go libraries that kubectl and the API server read with.
//!
//! Needs the program of `tools/kubeyaml`, named by the variable KUBEYAML; KUBEYAML_CASES and
//! KUBEYAML_SEED choose how much and what is generated, KUBEYAML_CORPUS names a
//! folder to read.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod generate;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use policylib_reader::{
    discover, read, to_json, DiscoverOptions, Document, Kind, Limits, Node, Problem, Value,
};

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
fn generated_documents_are_read_as_kubectl_reads_them_or_refused() {
    let count: u64 = variable("KUBEYAML_CASES").map_or(100_000, |text| text.parse().unwrap());
    let seed: u64 = variable("KUBEYAML_SEED").map_or(1, |text| text.parse().unwrap());
    let mut tally = Tally::default();
    for batch in 0..count.div_ceil(BATCH) {
        let size = (count - batch * BATCH).min(BATCH);
        tally.add(&generate::cases(seed * 1_000_003 + batch, size));
    }
    tally.check();
}

/// The manifests of this repository, or those under the folder KUBEYAML_CORPUS.
#[test]
#[ignore = "needs KUBEYAML"]
fn real_documents_are_read_as_kubectl_reads_them_or_refused() {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let corpus = variable("KUBEYAML_CORPUS").unwrap_or(own.into());
    let found = discover(&[PathBuf::from(corpus)], &DiscoverOptions::default());
    assert!(!found.files.is_empty(), "{:?}", found.problems);
    let mut tally = Tally::default();
    for files in found.files.chunks(500) {
        let contents: Vec<_> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
        tally.add(&contents);
    }
    tally.check();
}

const BATCH: u64 = 20_000;

/// What comparing many files gave.
#[derive(Default)]
struct Tally {
    same: usize,
    more: usize,
    different: usize,
    /// For each reason the number of refusals, and the shortest example.
    refused: BTreeMap<String, (usize, String)>,
}

impl Tally {
    fn add(&mut self, cases: &[Vec<u8>]) {
        for (case, answer) in cases.iter().zip(ask(cases)) {
            match compare(case, &answer) {
                Verdict::Same => self.same += 1,
                Verdict::More => self.more += 1,
                Verdict::Refused(reason) => self.refuse(reason, case),
                Verdict::Different(why) => {
                    self.different += 1;
                    if self.different <= 20 {
                        println!("{why}\n  {:?}\n", String::from_utf8_lossy(&shrink(case)));
                    }
                }
            }
        }
    }

    fn refuse(&mut self, reason: String, case: &[u8]) {
        let shown = String::from_utf8_lossy(case).into_owned();
        let entry = self.refused.entry(reason).or_insert((0, shown.clone()));
        entry.0 += 1;
        if shown.len() < entry.1.len() {
            entry.1 = shown;
        }
    }

    fn check(&self) {
        println!("{} the same, {} that kubectl refuses and we read", self.same, self.more);
        for (reason, (count, example)) in &self.refused {
            println!("{count:7} {reason}: {:?}", example.chars().take(200).collect::<String>());
        }
        let strict = |reason: &&String| !STRICT.iter().any(|known| reason.contains(known));
        let unexpected: Vec<_> = self.refused.keys().filter(strict).collect();
        assert!(self.different == 0, "{} files are read differently", self.different);
        assert!(unexpected.is_empty(), "refused without reason: {unexpected:?}");
    }
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
            let answer = parsed.into_iter().next().unwrap().unwrap();
            let answer = unwrapped(&answer).clone();
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
fn agree(theirs: &[String], ours: &[Result<Document, Problem>]) -> bool {
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

fn shown(ours: &Result<Document, Problem>) -> String {
    match ours {
        Ok(document) => canonical(unwrapped(document)),
        Err(problem) => format!("problem: {}", problem.message),
    }
}

/// What the file holds, without the envelope of values.
fn unwrapped(document: &Document) -> &Node {
    match document.kind {
        Kind::HelmValues => document.root.get("values").unwrap(),
        _ => &document.root,
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
        Value::UInt(number) => json(&Node { pos: node.pos, value: Value::Float(*number as f64) }),
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
            let differs = answers
                .iter()
                .any(|answer| matches!(compare(&next, answer), Verdict::Different(_)));
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
