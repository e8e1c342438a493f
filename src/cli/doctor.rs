//! `doctor`: checks everything the console needs and says of each thing that is wrong what to do.
//!
//! What it must ask a server, a pack, a theme or the terminal comes in as a parameter.

pub mod local;
pub mod report;
pub mod servers;

use std::future::Future;
use std::pin::Pin;

use super::{DoctorFormat, Exit, Output, Surroundings};
use crate::config::Loaded;
use crate::document::Problem;
use crate::model::ask::{Answered, Ask};
use crate::model::{Fault, Time};
use crate::pack::Pack;
pub use report::{Check, Report, Status};

/// The future of an answer.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Answered, Fault>> + Send + 'a>>;

/// Who asks the servers of the chosen context, each question within that source's deadline.
pub trait Prober: Send + Sync {
    /// Asks once.
    fn ask(&self, ask: Ask) -> Answering<'_>;
}

/// The terminal as far as its environment does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    /// Columns and lines; `None` where stdout is no terminal.
    pub size: Option<(u16, u16)>,
}

/// All that is examined.
pub struct Examination<'a> {
    /// Environment and folders.
    pub around: &'a Surroundings,
    /// The configuration, or its problems.
    pub loaded: Result<&'a Loaded, &'a [Problem]>,
    /// The terminal.
    pub terminal: Terminal,
    /// Who asks; `None` where the configuration is wrong or the clients could not be set up.
    pub prober: Option<&'a dyn Prober>,
    /// Loading the theme; `None` where the configuration does not say which.
    pub theme: Option<Result<(), Vec<Problem>>>,
    /// Loading the keymap.
    pub keymap: Option<Result<(), Vec<Problem>>>,
    /// Loading the pack.
    pub pack: Option<Result<&'a Pack, Vec<Problem>>>,
    /// The clock.
    pub now: Time,
}

/// Examines.
pub async fn run(examination: &Examination<'_>) -> Report {
    let mut report = Report::default();
    local::configuration(examination, &mut report);
    if let (Ok(loaded), Some(prober)) = (examination.loaded, examination.prober) {
        let pack = examination.pack.as_ref().and_then(|pack| pack.as_ref().ok().copied());
        servers::examine(loaded.config.active(), pack, prober, examination.now, &mut report).await;
    }
    local::parts(examination, &mut report);
    local::files(examination, &mut report);
    local::journal(examination, &mut report);
    local::terminal(examination, &mut report);
    report
}

/// Writes the report in the form asked for; the exit status is its worst finding.
pub fn write(report: &Report, format: DoctorFormat, out: &mut Output<'_>) -> Exit {
    match format {
        DoctorFormat::Text => out.result(&report.text()),
        DoctorFormat::Json => out.result(&report.json()),
    }
    report.exit()
}
