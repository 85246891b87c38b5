//! The plain jobs: load rules, and ask one rule for inputs that are JSON already.

use std::time::Duration;

use regorus::Value;

use crate::engine::{Failure, Prepared};
use crate::pool::Job;

/// Loads rules under watch, since parsing can take time exponential in the length of the text.
pub struct Load {
    pub policies: Vec<(String, String)>,
    pub data: String,
    pub limit: Duration,
}

impl Job for Load {
    type Task = ();
    type State = ();
    type Output = Result<Prepared, Failure>;

    fn state(&self) {}

    fn run(&self, (): &mut (), (): (), _tick: &dyn Fn(), _more: &mut Vec<()>) -> Self::Output {
        Prepared::load(&self.policies, &self.data, self.limit)
    }

    fn overdue(&self, (): &()) -> Self::Output {
        Err("the rules took too long to load".to_owned())
    }
}

/// Asks `rule` once for each input.
pub struct Evaluate {
    pub prepared: Prepared,
    pub rule: String,
    pub inputs: Vec<Vec<u8>>,
}

impl Job for Evaluate {
    type Task = usize;
    type State = Prepared;
    type Output = (usize, Result<String, Failure>);

    fn state(&self) -> Prepared {
        self.prepared.clone()
    }

    fn run(
        &self,
        state: &mut Prepared,
        index: usize,
        _tick: &dyn Fn(),
        _more: &mut Vec<usize>,
    ) -> Self::Output {
        let answer = self.ask(state, index);
        if answer.is_err() {
            *state = self.prepared.clone();
        }
        (index, answer)
    }

    fn overdue(&self, index: &usize) -> Self::Output {
        (*index, Err("the evaluation did not end within the time limit".to_owned()))
    }
}

impl Evaluate {
    fn ask(&self, state: &mut Prepared, index: usize) -> Result<String, Failure> {
        let input = self.inputs.get(index).map(Vec::as_slice).unwrap_or_default();
        let text = std::str::from_utf8(input).map_err(|error| error.to_string())?;
        let input = Value::from_json_str(text).map_err(|error| error.to_string())?;
        let answer = state.evaluate(&self.rule, input)?;
        answer.to_json_str().map_err(|error| error.to_string())
    }
}
