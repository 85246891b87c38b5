//! Sources × rules: reads each source, asks the decision for each document, and gives every
//! violation its place. What comes out is JSON-like values, in the order of the sources.

use std::ops::Range;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;

use policylib_reader::{place, read, read_file, Document, Kind, Limits, Node, Pos, Problem};
use serde_json::{json, Map, Value as Json};

use crate::engine::Prepared;
use crate::outcome::Outcome;
use crate::pool::Job;
use crate::value;

/// Documents that one task judges; a file with more is shared out.
const DOCUMENTS_PER_TASK: usize = 32;

/// A file to read, or text that stands for one.
pub struct Source {
    pub name: String,
    pub content: Option<Vec<u8>>,
}

pub struct Check {
    pub prepared: Prepared,
    pub rule: String,
    pub sources: Vec<Source>,
}

#[derive(Clone)]
pub enum Task {
    Read(usize),
    Judge(usize, Arc<Vec<Document>>, Range<usize>),
}

impl Job for Check {
    type Task = Task;
    type State = Prepared;
    type Output = Outcome;

    fn state(&self) -> Prepared {
        self.prepared.clone()
    }

    fn run(
        &self,
        state: &mut Prepared,
        task: Task,
        tick: &dyn Fn(),
        more: &mut Vec<Task>,
    ) -> Outcome {
        match task {
            Task::Read(source) => self.read(state, source, tick, more),
            Task::Judge(source, documents, range) => {
                let mut outcome = Outcome { source, ..Outcome::default() };
                for document in documents.get(range).unwrap_or_default() {
                    tick();
                    self.judge(state, document, &mut outcome);
                }
                outcome
            }
        }
    }

    fn overdue(&self, task: &Task) -> Outcome {
        let (source, document) = match task {
            Task::Read(source) => (*source, None),
            Task::Judge(source, _, range) => (*source, Some(range.start)),
        };
        let mut outcome =
            Outcome { source, read: matches!(task, Task::Read(_)), ..Outcome::default() };
        let message = "this did not end within the time limit; nothing from here on was judged";
        outcome.fail(document, Pos::START, message);
        outcome
    }
}

impl Check {
    fn read(
        &self,
        state: &mut Prepared,
        index: usize,
        tick: &dyn Fn(),
        more: &mut Vec<Task>,
    ) -> Outcome {
        let mut outcome = Outcome { source: index, read: true, ..Outcome::default() };
        let Some(source) = self.sources.get(index) else { return outcome };
        let results = match load(source) {
            Ok(results) => results,
            Err(message) => {
                outcome.fail(None, Pos::START, &message);
                return outcome;
            }
        };
        let mut documents = Vec::with_capacity(results.len());
        for result in results {
            match result {
                Ok(document) => documents.push(document),
                Err(problem) => outcome.fail(problem.document, problem.pos, &problem.message),
            }
        }
        let documents = Arc::new(documents);
        let first = documents.len().min(DOCUMENTS_PER_TASK);
        more.extend((first..documents.len()).step_by(DOCUMENTS_PER_TASK).map(|start| {
            let end = documents.len().min(start + DOCUMENTS_PER_TASK);
            Task::Judge(index, Arc::clone(&documents), start..end)
        }));
        for document in documents.iter().take(first) {
            tick();
            self.judge(state, document, &mut outcome);
        }
        outcome
    }

    fn judge(&self, state: &mut Prepared, document: &Document, outcome: &mut Outcome) {
        if let Kind::Skipped(reason) = &document.kind {
            outcome.skipped.push(json!({"document": document.index, "reason": reason.to_string()}));
            return;
        }
        let answer = state.evaluate(&self.rule, value::review(&document.root));
        let violations = answer.and_then(|answer| {
            serde_json::to_value(&answer)
                .map_err(|error| format!("the decision is not JSON: {error}"))
        });
        match violations {
            Ok(Json::Array(violations)) => {
                outcome.documents += 1;
                for violation in violations {
                    match located(violation, document) {
                        Some(violation) => outcome.violations.push(violation),
                        None => outcome.fail(
                            Some(document.index),
                            document.root.pos,
                            "the decision holds something that is no violation",
                        ),
                    }
                }
            }
            Ok(_) => {
                outcome.fail(Some(document.index), document.root.pos, "the decision is not a set");
            }
            Err(message) => {
                // What a failed evaluation leaves behind must not reach the next document.
                *state = self.prepared.clone();
                outcome.fail(Some(document.index), document.root.pos, &message);
            }
        }
    }
}

/// The documents of a source, in order; an error when there is nothing to read.
pub fn load(source: &Source) -> Result<Vec<Result<Document, Problem>>, String> {
    let limits = Limits::default();
    let parse = |bytes: &[u8]| {
        catch_unwind(AssertUnwindSafe(|| read(&source.name, bytes, &limits)))
            .map_err(|_| "the reader panicked; please report this file".to_owned())
    };
    match &source.content {
        Some(content) => parse(content),
        None => {
            let path = Path::new(&source.name);
            let bytes = read_file(path, limits.max_bytes);
            parse(&bytes.map_err(|error| format!("cannot be read: {error}"))?)
        }
    }
}

/// The violation with its place in the file.
fn located(violation: Json, document: &Document) -> Option<Json> {
    let Json::Object(mut violation) = violation else { return None };
    let pointer = violation.get("path")?.as_str()?.to_owned();
    let pos = place(&document.root, &pointer);
    let path = pointer.strip_prefix(envelope(&document.kind)).unwrap_or(&pointer);
    let place = Map::from_iter([
        ("path".to_owned(), json!(path)),
        ("document".to_owned(), json!(document.index)),
        ("line".to_owned(), json!(pos.line)),
        ("column".to_owned(), json!(pos.column)),
        ("template".to_owned(), json!(document.source.as_deref().unwrap_or_default())),
    ]);
    violation.extend(place);
    Some(Json::Object(violation))
}

/// What stands before a pointer into the file's own text when the document is wrapped.
fn envelope(kind: &Kind) -> &'static str {
    match kind {
        Kind::HelmValues => "/values",
        Kind::Object | Kind::Completed(_) | Kind::Skipped(_) => "",
    }
}

/// A document as its file has it, without the envelope.
pub fn unwrapped(document: &Document) -> &Node {
    policylib_reader::find(&document.root, envelope(&document.kind)).unwrap_or(&document.root)
}

/// The text of a document as JSON.
pub fn to_json(node: &Node) -> String {
    let mut text = String::new();
    policylib_reader::to_json(node, &mut text);
    text
}
