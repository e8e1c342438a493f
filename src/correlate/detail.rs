//! What a piece of evidence says, as numbers; the words are the room `text`'s.

use std::sync::Arc;

use super::kinds::Metric;
use crate::model::Labels;

/// What was seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// An operation's own time.
    Own {
        /// The operation.
        operation: String,
        /// Typical time in calm, in seconds.
        before: f64,
        /// Typical time in the window.
        after: f64,
        /// Spans in the window.
        spans: usize,
    },
    /// Time between caller and callee that neither accounts for.
    Gap {
        /// Who waits.
        caller: Arc<str>,
        /// For whom.
        callee: Arc<str>,
        /// Typical time in calm, in seconds.
        before: f64,
        /// Typical time in the window.
        after: f64,
        /// Calls in the window.
        spans: usize,
    },
    /// A component's share of all excess time.
    Excess {
        /// From 0 to 1.
        share: f64,
        /// Seconds for each request.
        seconds: f64,
    },
    /// Work that lacks something, or has something new.
    Structure {
        /// The operation at which it began.
        operation: String,
        /// What is missing or new.
        event: String,
        /// Whether it is missing.
        missing: bool,
        /// How often in the window.
        count: usize,
        /// Of how many.
        of: usize,
        /// The share in calm.
        before: f64,
    },
    /// Work takes a shape more often than in calm.
    Shape {
        /// The operation at which it begins.
        operation: String,
        /// Steps and calls of the shape.
        steps: usize,
        /// Its share in the window.
        after: f64,
        /// Its share in calm.
        before: f64,
        /// How often in the window.
        count: usize,
    },
    /// Who takes part in slow and odd requests.
    Spectrum {
        /// Share of the slow and odd requests that it takes part in.
        odd: f64,
        /// Share of the others.
        fine: f64,
        /// How many slow and odd ones there are.
        count: usize,
    },
    /// Lines of one template.
    Lines {
        /// One of them.
        sample: Arc<str>,
        /// How many in the window.
        count: usize,
        /// How many were to be expected.
        expected: f64,
        /// Whether they speak of an error.
        error: bool,
        /// When the first of them came in the window, in unix seconds.
        first: f64,
    },
    /// A metric.
    Series {
        /// Its name.
        name: Arc<str>,
        /// Its labels.
        labels: Labels,
        /// Its kind.
        kind: Metric,
        /// Typical value in calm.
        before: f64,
        /// Value in the window.
        after: f64,
        /// Deviation in spreads.
        z: f64,
    },
    /// Figures that are told no longer.
    Quiet {
        /// How many series ended.
        ended: usize,
        /// Of how many.
        of: usize,
    },
    /// An alert fired.
    Alert {
        /// Its name.
        name: Arc<str>,
        /// When it began, in unix seconds.
        at: f64,
    },
    /// Something was changed.
    Change {
        /// What.
        title: String,
        /// When, in unix seconds.
        at: f64,
    },
}
