//! How far a gathering of evidence is: what each server has answered, and what it still owes.

use std::sync::atomic::{AtomicU32, Ordering};

use super::SourceKind;

/// What is known of one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The server.
    pub source: SourceKind,
    /// Questions that have come to their end, well or not.
    pub ended: u32,
    /// Questions that wait for their turn or for an answer.
    pub waiting: u32,
}

/// What is counted while evidence is gathered; whoever shows it reads it from beside.
#[derive(Debug, Default)]
pub struct Course([(AtomicU32, AtomicU32); SourceKind::SERVERS.len()]);

impl Course {
    /// A question begins to wait; it has come to its end when what this gives is dropped.
    pub fn begin(&self, source: SourceKind) -> Option<Turn<'_>> {
        let at = SourceKind::SERVERS.iter().position(|one| *one == source)?;
        let (ended, waiting) = self.0.get(at)?;
        waiting.fetch_add(1, Ordering::Relaxed);
        Some(Turn { ended, waiting })
    }

    /// The servers that were asked anything, in the order of the header.
    pub fn heard(&self) -> Vec<Heard> {
        let count = |number: &AtomicU32| number.load(Ordering::Relaxed);
        let all = SourceKind::SERVERS.iter().zip(&self.0);
        all.map(|(source, (ended, waiting))| Heard {
            source: *source,
            ended: count(ended),
            waiting: count(waiting),
        })
        .filter(|one| one.ended + one.waiting > 0)
        .collect()
    }
}

/// A question under way.
#[derive(Debug)]
pub struct Turn<'c> {
    ended: &'c AtomicU32,
    waiting: &'c AtomicU32,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.ended.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_waits_and_ends() {
        let course = Course::default();
        assert_eq!(course.heard(), []);
        let (first, second) = (course.begin(SourceKind::Loki), course.begin(SourceKind::Loki));
        drop(first);
        let heard = |ended, waiting| Heard { source: SourceKind::Loki, ended, waiting };
        assert_eq!(course.heard(), [heard(1, 1)]);
        drop(second);
        assert_eq!(course.heard(), [heard(2, 0)]);
        assert!(course.begin(SourceKind::Grafana).is_none(), "it is in no header");
    }
}
