//! The Python extension behind `policylib.engine.regorus` and `policylib.inputs`.
//!
//! Only plain values cross the border: names, bytes, and JSON text. Long work runs without the
//! GIL, and Ctrl-C is noticed within a heartbeat.

mod calls;
mod check;
mod engine;
mod evaluate;
mod graph;
mod guard;
mod outcome;
mod pool;
mod value;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use policylib_reader::{discover as find, DiscoverOptions, Document, Kind, Limits, Node, Pos};
use pyo3::prelude::*;

use crate::check::{Check, Source, Task};
use crate::engine::Prepared;
use crate::evaluate::{Evaluate, Load};
use crate::outcome::Outcome;
use crate::pool::{Event, Job, Pool, HEARTBEAT};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The version that Cargo.toml pins.
const REGORUS_VERSION: &str = "0.14.1";
/// Rules that take longer to load are refused.
const LOAD_LIMIT: Duration = Duration::from_secs(30);
const MAX_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);
/// The watch gives a task up after this many of the interpreter's own limits.
const PATIENCE: u32 = 2;

/// Rules and data, prepared once; every call works on clones of its own.
#[pyclass(frozen)]
struct Engine {
    prepared: Prepared,
    limit: Duration,
}

#[pymethods]
impl Engine {
    #[new]
    fn new(
        py: Python<'_>,
        policies: Vec<(String, String)>,
        data: String,
        time_limit: f64,
    ) -> PyResult<Self> {
        let limit = Duration::try_from_secs_f64(time_limit)
            .ok()
            .filter(|limit| *limit <= MAX_LIMIT)
            .ok_or_else(|| engine_error(py, "the time limit must be between 0 s and a day"))?;
        let job = Load { policies, data, limit };
        let mut loaded = Err("the rules did not load".to_owned());
        run(py, job, vec![()], 1, LOAD_LIMIT, &mut |result| loaded = result, &mut || Ok(()))?;
        let prepared = loaded.map_err(|message| engine_error(py, &message))?;
        Ok(Self { prepared, limit })
    }

    /// `rule` for each input (JSON text): its value as JSON text, or the reason why there is none.
    fn evaluate(
        &self,
        py: Python<'_>,
        rule: String,
        inputs: Vec<Vec<u8>>,
    ) -> PyResult<Vec<(Option<String>, String)>> {
        let mut answers = vec![(None, "it was not evaluated".to_owned()); inputs.len()];
        let tasks = (0..inputs.len()).collect();
        let job = Evaluate { prepared: self.prepared.clone(), rule, inputs };
        run(
            py,
            job,
            tasks,
            workers(answers.len()),
            self.limit * PATIENCE,
            &mut |(index, answer)| {
                if let Some(slot) = answers.get_mut(index) {
                    *slot = match answer {
                        Ok(text) => (Some(text), String::new()),
                        Err(message) => (None, message),
                    };
                }
            },
            &mut || Ok(()),
        )?;
        Ok(answers)
    }

    /// Reads `sources` (name, and content or `None` for a file of that name) and asks `rule` for
    /// each document. `progress(done, total)` is called about every tenth of a second.
    #[pyo3(signature = (rule, sources, progress=None))]
    fn check(
        &self,
        py: Python<'_>,
        rule: String,
        sources: Vec<(String, Option<Vec<u8>>)>,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let total = sources.len();
        let sources = sources.into_iter().map(|(name, content)| Source { name, content }).collect();
        let job = Check { prepared: self.prepared.clone(), rule, sources };
        let tasks = (0..total).map(Task::Read).collect();
        let mut outcomes = Vec::with_capacity(total);
        let done = AtomicUsize::new(0);
        let mut take = |outcome: Outcome| {
            done.fetch_add(usize::from(outcome.read), Ordering::Relaxed);
            outcomes.push(outcome);
        };
        let mut heartbeat = || match &progress {
            Some(report) => report.call1((done.load(Ordering::Relaxed), total)).map(|_| ()),
            None => Ok(()),
        };
        // One file can hold many documents, so even one source gets all cores.
        run(py, job, tasks, cores(), self.limit * PATIENCE, &mut take, &mut heartbeat)?;
        let merged = outcome::merge(outcomes, total).map_err(|e| engine_error(py, &e))?;
        Ok(merged.to_string())
    }
}

/// Runs a job to its end. Outputs go to `take`; `heartbeat` is called about every tenth of a second.
fn run<J: Job>(
    py: Python<'_>,
    job: J,
    tasks: Vec<J::Task>,
    workers: usize,
    limit: Duration,
    take: &mut (dyn FnMut(J::Output) + Send),
    heartbeat: &mut dyn FnMut() -> PyResult<()>,
) -> PyResult<()> {
    let failed = |e: std::io::Error| engine_error(py, &format!("no thread could be started: {e}"));
    if tasks.is_empty() {
        return Ok(());
    }
    let mut pool = Pool::start(job, tasks, workers, limit).map_err(failed)?;
    loop {
        let done = py.detach(|| beat(&mut pool, take)).map_err(failed)?;
        if done {
            return Ok(());
        }
        py.check_signals()?;
        heartbeat()?;
    }
}

/// Takes outputs for one heartbeat; true when the run is over.
fn beat<J: Job>(
    pool: &mut Pool<J>,
    take: &mut (dyn FnMut(J::Output) + Send),
) -> std::io::Result<bool> {
    let start = Instant::now();
    while start.elapsed() < HEARTBEAT {
        match pool.next()? {
            Event::Output(output) => take(output),
            Event::Idle => return Ok(false),
            Event::Done => return Ok(true),
        }
    }
    Ok(false)
}

/// A problem that has a place: line, column, message.
type Fault = (u32, u32, String);

/// The documents of `content` as JSON text, and what could not be read.
#[pyfunction]
fn read(py: Python<'_>, name: &str, content: &[u8]) -> (Vec<String>, Vec<Fault>) {
    documents(py, name, content, |document| Some(check::unwrapped(document)))
}

/// The documents as the rules see them: in their envelopes, and without those that no rule knows.
#[pyfunction]
fn normalise(py: Python<'_>, name: &str, content: &[u8]) -> (Vec<String>, Vec<Fault>) {
    documents(py, name, content, |document| match document.kind {
        Kind::Skipped(_) => None,
        _ => Some(&document.root),
    })
}

fn documents(
    py: Python<'_>,
    name: &str,
    content: &[u8],
    shown: fn(&Document) -> Option<&Node>,
) -> (Vec<String>, Vec<Fault>) {
    py.detach(|| {
        let mut texts = Vec::new();
        let mut faults = Vec::new();
        for result in parse(name, content) {
            match result {
                Ok(document) => texts.extend(shown(&document).map(check::to_json)),
                Err(fault) => faults.push(fault),
            }
        }
        (texts, faults)
    })
}

/// The line and column of a JSON pointer in one document of `content`.
#[pyfunction]
fn place(py: Python<'_>, name: &str, content: &[u8], document: usize, pointer: &str) -> (u32, u32) {
    let pos = py.detach(|| {
        parse(name, content)
            .into_iter()
            .nth(document)
            .and_then(Result::ok)
            .map_or(Pos::START, |document| {
                policylib_reader::place(check::unwrapped(&document), pointer)
            })
    });
    (pos.line, pos.column)
}

fn parse(name: &str, content: &[u8]) -> Vec<Result<Document, Fault>> {
    std::panic::catch_unwind(|| policylib_reader::read(name, content, &Limits::default()))
        .map(|results| {
            results
                .into_iter()
                .map(|result| result.map_err(|p| (p.pos.line, p.pos.column, p.message)))
                .collect()
        })
        .unwrap_or_else(|_| {
            vec![Err((1, 1, "the reader panicked; please report this file".to_owned()))]
        })
}

/// Files to check below `paths`, folders that are Helm charts, and paths that cannot be read.
#[pyfunction]
fn discover(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    exclude: Vec<String>,
) -> (Vec<PathBuf>, Vec<PathBuf>, Vec<(PathBuf, String)>) {
    py.detach(|| {
        let base = std::env::current_dir().unwrap_or_default();
        let options = DiscoverOptions { exclude, base, gitignore: true };
        let found = find(&paths, &options);
        let problems = found.problems.into_iter().map(|p| (p.path, p.message)).collect();
        (found.files, found.charts, problems)
    })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}

fn workers(tasks: usize) -> usize {
    cores().min(tasks).max(1)
}

/// `policylib.errors.EngineError`, so that callers meet one error tree.
fn engine_error(py: Python<'_>, message: &str) -> PyErr {
    let class = py.import("policylib.errors").and_then(|module| module.getattr("EngineError"));
    match class.and_then(|class| class.call1((message,))) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    // Panics become errors; their text belongs in the error, not on the user's terminal.
    std::panic::set_hook(Box::new(|_| {}));
    module.add("REGORUS_VERSION", REGORUS_VERSION)?;
    module.add_class::<Engine>()?;
    module.add_function(wrap_pyfunction!(read, module)?)?;
    module.add_function(wrap_pyfunction!(normalise, module)?)?;
    module.add_function(wrap_pyfunction!(place, module)?)?;
    module.add_function(wrap_pyfunction!(discover, module)?)
}
