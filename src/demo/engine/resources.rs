//! What requests wait for: workers of a process, slots of a model, connections to the database.

use std::collections::VecDeque;

/// Somebody who waits; no longer if the request's token has moved on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) request: u32,
    pub(super) token: u32,
}

/// Something of which there are so many, and a queue before it, first come first served.
#[derive(Clone, Debug, Default)]
pub(super) struct Station {
    pub(super) size: u32,
    pub(super) busy: u32,
    queue: VecDeque<Waiting>,
    /// How many still wait: the queue also holds some who have gone.
    pub(super) waiting: u32,
}

impl Station {
    pub(super) fn new(size: u32) -> Self {
        Self { size, ..Self::default() }
    }

    /// Takes one, if one is free.
    pub(super) fn take(&mut self) -> bool {
        let free = self.busy < self.size;
        self.busy += u32::from(free);
        free
    }

    pub(super) fn wait(&mut self, who: Waiting) {
        self.queue.push_back(who);
        self.waiting += 1;
    }

    /// Gives one back.
    pub(super) fn give_back(&mut self) {
        self.busy = self.busy.saturating_sub(1);
    }

    /// Who waited and does not any more.
    pub(super) fn left(&mut self) {
        self.waiting = self.waiting.saturating_sub(1);
        if self.waiting == 0 {
            self.queue.clear();
        }
    }

    /// Who comes next, for a free place; `there` tells whether it still waits.
    pub(super) fn next(&mut self, there: impl Fn(Waiting) -> bool) -> Option<Waiting> {
        if self.busy >= self.size {
            return None;
        }
        while let Some(who) = self.queue.pop_front() {
            if there(who) {
                self.busy += 1;
                self.waiting = self.waiting.saturating_sub(1);
                return Some(who);
            }
        }
        None
    }

    /// As new.
    pub(super) fn reset(&mut self) {
        self.busy = 0;
        self.waiting = 0;
        self.queue.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_come_first_served_and_who_left_is_passed_over() {
        let mut station = Station::new(1);
        assert!(station.take() && !station.take());
        for request in 0..3 {
            station.wait(Waiting { request, token: 0 });
        }
        station.left();
        assert_eq!(station.next(|_| true), None, "nothing is free yet");
        station.give_back();
        let next = station.next(|who| who.request != 0);
        assert_eq!(next.map(|who| who.request), Some(1));
        assert_eq!((station.busy, station.waiting), (1, 1));
    }
}
