//! Lists of traces, one trace, two side by side.

mod compare;
mod list;
mod waterfall;

pub use compare::*;
pub use list::*;
pub use waterfall::*;
