//! Workers that are watched: a task that does not end is given up, never waited for.
//!
//! regorus' own time limit is cooperative and does not reach into a builtin, so the one who waits
//! keeps a clock too. A worker that overruns is abandoned (a thread cannot be killed), another
//! takes its place, and the task's owner gets its `overdue` result.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The interpreter recurses with the depth of rules and values.
const STACK_BYTES: usize = 64 << 20;
/// How often the one who waits looks up.
pub const HEARTBEAT: Duration = Duration::from_millis(100);

/// What a pool does. `State` belongs to one worker and is made in its thread.
pub trait Job: Send + Sync + 'static {
    type Task: Clone + Send + 'static;
    type State;
    type Output: Send + 'static;

    fn state(&self) -> Self::State;
    /// Does one task; it may add tasks to `more`. `tick` restarts the clock of this task.
    fn run(
        &self,
        state: &mut Self::State,
        task: Self::Task,
        tick: &dyn Fn(),
        more: &mut Vec<Self::Task>,
    ) -> Self::Output;
    /// Stands in for the output of a task that was given up.
    fn overdue(&self, task: &Self::Task) -> Self::Output;
}

/// One run of a job over its tasks.
pub struct Pool<J: Job> {
    shared: Arc<Shared<J>>,
    events: Receiver<Event<J::Output>>,
    sender: Sender<Event<J::Output>>,
    clocks: Vec<Arc<Clock<J::Task>>>,
    limit: Duration,
}

struct Shared<J: Job> {
    job: J,
    queue: Mutex<Queue<J::Task>>,
    wake: Condvar,
}

struct Queue<T> {
    waiting: VecDeque<T>,
    /// Tasks that wait or run; the run is over at zero.
    open: usize,
    cancelled: bool,
}

/// What a worker is doing since when; `abandoned` once nobody waits for it.
struct Clock<T> {
    state: Mutex<(Option<(Instant, T)>, bool)>,
}

/// What the one who waits is told.
pub enum Event<O> {
    Output(O),
    /// Nothing came within a heartbeat.
    Idle,
    Done,
}

impl<J: Job> Pool<J> {
    /// Starts `workers` threads. A task may run for `limit` between two ticks.
    pub fn start(
        job: J,
        tasks: Vec<J::Task>,
        workers: usize,
        limit: Duration,
    ) -> std::io::Result<Self> {
        let (sender, events) = mpsc::channel();
        let queue = Queue { open: tasks.len(), waiting: tasks.into(), cancelled: false };
        let shared = Arc::new(Shared { job, queue: Mutex::new(queue), wake: Condvar::new() });
        let mut pool = Self { shared, events, sender, clocks: Vec::new(), limit };
        for _ in 0..workers.max(1) {
            pool.hire()?;
        }
        Ok(pool)
    }

    /// The next thing that happened; waits a heartbeat at most.
    pub fn next(&mut self) -> std::io::Result<Event<J::Output>> {
        match self.events.recv_timeout(HEARTBEAT) {
            Ok(event) => Ok(event),
            Err(RecvTimeoutError::Disconnected) => Ok(Event::Done),
            Err(RecvTimeoutError::Timeout) if lock(&self.shared.queue).open == 0 => {
                Ok(self.events.try_recv().unwrap_or(Event::Done))
            }
            Err(RecvTimeoutError::Timeout) => self.give_up_overdue(),
        }
    }

    fn give_up_overdue(&mut self) -> std::io::Result<Event<J::Output>> {
        let overdue = self.clocks.iter().position(|clock| clock.overdue(self.limit));
        let Some(index) = overdue else { return Ok(Event::Idle) };
        let Some(clock) = self.clocks.get(index) else { return Ok(Event::Idle) };
        let Some(task) = clock.abandon(self.limit) else { return Ok(Event::Idle) };
        self.clocks.swap_remove(index);
        self.hire()?;
        close(&self.shared, Vec::new());
        Ok(Event::Output(self.shared.job.overdue(&task)))
    }

    fn hire(&mut self) -> std::io::Result<()> {
        let clock = Arc::new(Clock { state: Mutex::new((None, false)) });
        self.clocks.push(Arc::clone(&clock));
        let (shared, sender) = (Arc::clone(&self.shared), self.sender.clone());
        thread::Builder::new()
            .name("policylib".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || work(&shared, &clock, &sender))?;
        Ok(())
    }
}

impl<J: Job> Drop for Pool<J> {
    fn drop(&mut self) {
        lock(&self.shared.queue).cancelled = true;
        self.shared.wake.notify_all();
    }
}

fn work<J: Job>(shared: &Shared<J>, clock: &Clock<J::Task>, sender: &Sender<Event<J::Output>>) {
    let mut state = shared.job.state();
    while let Some(task) = take(shared) {
        let mut more = Vec::new();
        clock.start(task.clone());
        let output = shared.job.run(&mut state, task, &|| clock.tick(), &mut more);
        if !clock.stop() || sender.send(Event::Output(output)).is_err() {
            return;
        }
        if close(shared, more) && sender.send(Event::Done).is_err() {
            return;
        }
    }
}

fn take<J: Job>(shared: &Shared<J>) -> Option<J::Task> {
    let mut queue = lock(&shared.queue);
    loop {
        if queue.cancelled || queue.open == 0 {
            return None;
        }
        if let Some(task) = queue.waiting.pop_front() {
            return Some(task);
        }
        queue = shared.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

/// One task is done and brought `more`; true when it was the last.
fn close<J: Job>(shared: &Shared<J>, more: Vec<J::Task>) -> bool {
    let mut queue = lock(&shared.queue);
    queue.open = (queue.open + more.len()).saturating_sub(1);
    queue.waiting.extend(more);
    let last = queue.open == 0;
    drop(queue);
    shared.wake.notify_all();
    last
}

impl<T> Clock<T> {
    fn start(&self, task: T) {
        lock(&self.state).0 = Some((Instant::now(), task));
    }

    fn tick(&self) {
        if let Some((since, _)) = lock(&self.state).0.as_mut() {
            *since = Instant::now();
        }
    }

    /// False when the task was given up meanwhile.
    fn stop(&self) -> bool {
        let mut state = lock(&self.state);
        state.0 = None;
        !state.1
    }

    fn overdue(&self, limit: Duration) -> bool {
        lock(&self.state).0.as_ref().is_some_and(|(since, _)| since.elapsed() > limit)
    }

    /// Gives the task up if it is overdue: it may have ended, and another begun, since one looked.
    fn abandon(&self, limit: Duration) -> Option<T> {
        let mut state = lock(&self.state);
        let (_, task) = state.0.take_if(|(since, _)| since.elapsed() > limit)?;
        state.1 = true;
        Some(task)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
