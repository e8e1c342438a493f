//! Rules that need more than the present day are evaluated aside, and count from when that is done: as
//! in a Prometheus that has just been started, what was not evaluated yet is unknown, not quiet.
//!
//! Owns the thread, what each rule's last evaluation found, and who waits for whom: the thread for
//! everybody, nobody for the thread.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::live::{self, Evaluated};
use super::reader::{Patient, Reader};
use super::{Alerting, Live};

/// What is known and what is wanted.
#[derive(Debug)]
pub(super) struct Aside {
    state: Mutex<State>,
    changed: Condvar,
    /// How often something was found aside.
    version: AtomicU64,
    /// How many wait for an answer.
    asking: AtomicUsize,
    stopped: AtomicBool,
}

#[derive(Debug)]
struct State {
    /// Whether there is a thread.
    attached: bool,
    /// Rules that a live answer could not evaluate.
    wanted: BTreeSet<usize>,
    /// The last evaluation of each rule.
    known: Vec<Option<Arc<Evaluated>>>,
}

impl Aside {
    pub(super) fn new(rules: usize) -> Self {
        Self {
            state: Mutex::new(State { attached: false, wanted: BTreeSet::new(), known: vec![None; rules] }),
            changed: Condvar::new(),
            version: AtomicU64::new(0),
            asking: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is kept is whole at every moment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is a thread: without one everything is evaluated by whoever asks.
    pub(super) fn is_attached(&self) -> bool {
        self.state().attached
    }

    /// Changes whenever something was found aside.
    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Keeps what a live answer has found itself.
    pub(super) fn note(&self, rule: usize, found: Evaluated) -> Arc<Evaluated> {
        let found = Arc::new(found);
        if let Some(known) = self.state().known.get_mut(rule) {
            *known = Some(Arc::clone(&found));
        }
        found
    }

    /// What was found of a rule at this tick or before; has it evaluated where that was before.
    pub(super) fn known(&self, rule: usize, tick: i64) -> Option<Arc<Evaluated>> {
        let mut state = self.state();
        // Of the future nothing is known: somebody turned the clock back.
        let known = state.known.get(rule).cloned().flatten().filter(|found| found.tick <= tick);
        if known.as_ref().is_none_or(|found| found.tick < tick) {
            state.wanted.insert(rule);
            self.changed.notify_all();
        }
        known
    }

    /// The rules to evaluate, as soon as there are some; `None` when it is over.
    fn next(&self) -> Option<BTreeSet<usize>> {
        let mut state = self.state();
        while state.wanted.is_empty() && !self.is_stopped() {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        (!self.is_stopped()).then(|| std::mem::take(&mut state.wanted))
    }

    fn publish(&self, rule: usize, found: Evaluated) {
        self.note(rule, found);
        self.version.fetch_add(1, Ordering::Release);
    }

    /// Whether nothing is to be evaluated aside any more.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    fn stop(&self) {
        // Under the lock, so that nobody between looking and waiting misses it.
        let _state = self.state();
        self.stopped.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    /// Lets those who wait for an answer go first: a lock that is given back and taken again at once
    /// would never be theirs.
    pub(super) fn give_way(&self) {
        if self.asking.load(Ordering::Relaxed) > 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Says that somebody waits for an answer, for as long as what it gives lives.
    pub(super) fn asking(&self) -> Asking<'_> {
        self.asking.fetch_add(1, Ordering::Relaxed);
        Asking(&self.asking)
    }
}

/// Somebody waits for an answer.
pub(super) struct Asking<'a>(&'a AtomicUsize);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The thread that evaluates what takes long. Dropping it ends the thread as soon as the place has
/// answered what it is asked, and does not wait for that.
#[derive(Debug)]
pub struct Evaluating {
    alerting: Arc<Alerting>,
}

impl Evaluating {
    /// Starts the thread; from now on no live answer waits for what lies before the present day. Fails
    /// when there is no thread to be had.
    pub fn start(alerting: &Arc<Alerting>) -> std::io::Result<Self> {
        let own = Arc::clone(alerting);
        alerting.aside.state().attached = true;
        let thread =
            std::thread::Builder::new().name("hospital rules".to_owned()).spawn(move || evaluate(&own));
        match thread {
            Ok(_) => Ok(Self { alerting: Arc::clone(alerting) }),
            Err(error) => {
                alerting.aside.state().attached = false;
                Err(error)
            }
        }
    }
}

impl Drop for Evaluating {
    fn drop(&mut self) {
        self.alerting.aside.stop();
    }
}

fn evaluate(alerting: &Alerting) {
    // What the first live answer cannot tell is what there is to do.
    let _first: Arc<Live> = alerting.live();
    while let Some(rules) = alerting.aside.next() {
        for at in rules {
            let patient = Patient::new(alerting);
            let now = alerting.place.now();
            let Some(found) = live::evaluate(alerting, at, now, &Reader::patient(&patient)) else { break };
            alerting.aside.publish(at, found);
        }
    }
}
