//! What lines, traces and series mean: waterfalls, patterns, typed events, completions, links. Pure derivations that
//! the explorers show.
//!
//! Owns what can be computed from answers alone. Must not know the state, a screen, or how anything is fetched.

pub mod about;
pub mod compare;
pub mod complete;
pub mod durations;
pub mod events;
pub mod facts;
pub mod find;
pub mod findings;
pub mod heatmap;
pub mod hits;
pub mod incident;
pub mod line;
pub mod lines;
pub mod link;
pub mod model_run;
pub mod page;
pub mod patterns;
pub mod refine;
pub mod scale;
pub mod seek;
pub mod selector;
pub mod series;
pub mod span;
pub mod stack;
pub mod unit;
pub mod waterfall;

pub use waterfall::Waterfall;
