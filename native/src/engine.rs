//! The prepared rules, and one evaluation of them. Nothing here knows Python or files.

use std::num::{NonZeroU32, NonZeroUsize};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::time::Duration;

use regorus::utils::limits::{ExecutionTimerConfig, PolicyLengthConfig};
use regorus::Value;

use crate::{calls, guard};

/// Lines of this many columns are read: a certificate in one line has some thousands.
const MAX_COLUMNS: u32 = 65_536;
const MAX_POLICY_BYTES: usize = 1 << 20;
const MAX_POLICY_LINES: usize = 1 << 20;
/// Steps of the interpreter between two looks at the clock.
const TIMER_INTERVAL: u32 = 256;

/// Rules and data, parsed and analysed once. A clone is cheap and evaluates on its own.
#[derive(Clone)]
pub struct Prepared {
    engine: regorus::Engine,
}

/// Why there is no verdict, as one line.
pub type Failure = String;

impl Prepared {
    /// Loads `policies` (name and Rego text) and `data` (JSON text).
    pub fn load(
        policies: &[(String, String)],
        data: &str,
        limit: Duration,
    ) -> Result<Self, Failure> {
        unpanicked(|| Self::load_unguarded(policies, data, limit))
    }

    fn load_unguarded(
        policies: &[(String, String)],
        data: &str,
        limit: Duration,
    ) -> Result<Self, Failure> {
        let mut engine = regorus::Engine::new();
        engine.set_strict_builtin_errors(true);
        engine.set_gather_prints(true);
        engine.set_execution_timer_config(timer(limit));
        engine.set_policy_length_config(lengths());
        for (name, source) in policies {
            if source.len() > MAX_POLICY_BYTES {
                return Err(format!("{name}: the policy has more than {MAX_POLICY_BYTES} bytes"));
            }
            if let Some((line, reason)) = guard::too_deep(source) {
                return Err(format!("{name}:{line}: {reason}"));
            }
            engine.add_policy(name.clone(), source.clone()).map_err(one_line)?;
        }
        let modules = engine.get_modules().iter().map(AsRef::as_ref);
        if let Some(reason) = calls::too_far(modules) {
            return Err(reason);
        }
        let data = Value::from_json_str(data).map_err(one_line)?;
        engine.add_data(data).map_err(one_line)?;
        // Any query makes regorus analyse and schedule the rules; clones then share the outcome.
        engine.eval_query("true".to_owned(), false).map_err(one_line)?;
        Ok(Self { engine })
    }

    /// The value of `rule`, a full path such as `data.a.b`, for `input`. An undefined rule is a
    /// failure: a check that got no answer must not pass.
    pub fn evaluate(&mut self, rule: &str, input: Value) -> Result<Value, Failure> {
        let engine = &mut self.engine;
        let value = unpanicked(|| {
            engine.set_input(input);
            let value = engine.eval_rule(rule.to_owned()).map_err(one_line);
            engine.take_prints().map_err(one_line)?;
            value
        })?;
        match value {
            Value::Undefined => Err(format!("{rule} is undefined")),
            value => Ok(value),
        }
    }
}

fn timer(limit: Duration) -> ExecutionTimerConfig {
    ExecutionTimerConfig {
        limit,
        check_interval: NonZeroU32::new(TIMER_INTERVAL).unwrap_or(NonZeroU32::MIN),
    }
}

fn lengths() -> PolicyLengthConfig {
    PolicyLengthConfig {
        max_col: NonZeroU32::new(MAX_COLUMNS).unwrap_or(NonZeroU32::MIN),
        max_file_bytes: NonZeroUsize::new(MAX_POLICY_BYTES).unwrap_or(NonZeroUsize::MIN),
        max_lines: NonZeroUsize::new(MAX_POLICY_LINES).unwrap_or(NonZeroUsize::MIN),
    }
}

/// Runs `work`; a panic becomes a failure.
fn unpanicked<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let reason = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        Err(format!("the engine panicked: {reason}"))
    })
}

/// regorus' messages draw the place over several lines; the first that says something and the
/// place are enough.
fn one_line(error: impl std::fmt::Display) -> Failure {
    let text = error.to_string();
    let said: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('|') && !is_source_line(line))
        .map(|line| line.trim_start_matches("--> "))
        .collect();
    said.join(": ")
}

/// A line such as `12 |   x := 1`.
fn is_source_line(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < line.len() && digits.trim_start().starts_with('|')
}
