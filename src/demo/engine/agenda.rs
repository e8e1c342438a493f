//! What is going to happen: a heap of events by time, and by order of planning where times are equal.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    /// Something about a process, from outside: see [`Turn`].
    Turn(Turn),
    /// A restarted process is ready, unless it has been stopped again since (its epoch).
    Back { service: u8, epoch: u32 },
    /// Machines and processes take stock.
    Tick,
    /// Perhaps somebody comes to this department.
    Arrive { department: u8 },
    /// Perhaps somebody tries a password.
    Attack { fault: u8 },
    /// A person does the next thing.
    Act { session: u32 },
    /// Something goes on in a request, unless something else has happened to it since (its token).
    Wake { request: u32, token: u32 },
    /// A model is done with something that nobody waits for any more.
    Orphan { model: u8, service: u8, epoch: u32 },
    /// The database takes a leaked connection away.
    Reclaim { service: u8, epoch: u32 },
}

/// What comes from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// See whether the process should run, and which version of it.
    Check { service: u8 },
    /// Restart it, just so.
    Restart { service: u8 },
    /// A batch job begins or ends.
    Batch { job: u8, began: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Planned {
    at_us: i64,
    // Turns come before everything else at the same moment, so that it does not matter when they
    // were planned: a fault may be added to a hospital that runs.
    later: bool,
    order: u64,
    event: Event,
}

/// The heap.
#[derive(Clone, Debug, Default)]
pub(super) struct Agenda {
    heap: BinaryHeap<Reverse<Planned>>,
    planned: u64,
}

impl Agenda {
    pub(super) fn plan(&mut self, at_us: i64, event: Event) {
        self.planned += 1;
        let later = !matches!(event, Event::Turn(_));
        self.heap.push(Reverse(Planned { at_us, later, order: self.planned, event }));
    }

    /// The next event not after `until`.
    pub(super) fn next(&mut self, until: i64) -> Option<(i64, Event)> {
        if self.heap.peek()?.0.at_us > until {
            return None;
        }
        self.heap.pop().map(|Reverse(planned)| (planned.at_us, planned.event))
    }

    /// How many events are planned.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }
}
