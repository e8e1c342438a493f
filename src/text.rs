//! Every sentence the interface says, one table per language and one section per room, so that a
//! second language is a second set of tables that the compiler checks for completeness.
//!
//! Owns words. Must not decide anything.

pub mod acting;
pub mod alerting;
pub mod bundle;
pub mod change;
pub mod channels;
pub mod cli;
pub mod command;
pub mod config;
pub mod correlate;
pub mod demo;
pub mod doctor;
pub mod fault;
pub mod gather;
pub mod incident;
pub mod incidents;
pub mod keymap;
pub mod languages;
pub mod leaks;
pub mod links;
pub mod logs;
pub mod logs_command;
pub mod metrics;
pub mod notify;
pub mod offers;
pub mod pack;
pub mod page;
pub mod playbook;
pub mod playbook_command;
pub mod prompt;
pub mod reveal;
pub mod rota;
pub mod run;
pub mod serve;
pub mod signals;
pub mod theme;
pub mod tracecmd;
pub mod traces;
pub mod ui;
pub mod view;
pub mod watch;
pub mod world;

/// One language's tables.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// What is said about acknowledging and silencing.
    pub acting: &'static acting::ActingText,
    /// What `command` says.
    pub command: &'static command::CommandText,
    /// What `keymap` says of a file.
    pub keymap: &'static keymap::KeymapText,
    /// What `theme` says of a file.
    pub theme: &'static theme::ThemeText,
    /// What `view` says.
    pub view: &'static view::ViewText,
    /// What `ui` itself says.
    pub ui: &'static ui::UiText,
    /// Words for faults.
    pub fault: &'static fault::FaultText,
    /// What the log view says.
    pub logs: &'static logs::LogsText,
    /// What the console says in an embedded place.
    pub demo: &'static demo::DemoText,
    /// What the metrics view says.
    pub metrics: &'static metrics::MetricsText,
    /// Words for problems of packs.
    pub pack: &'static pack::PackText,
    /// What the views of traces say.
    pub traces: &'static traces::TracesText,
    /// The words of the query languages.
    pub languages: &'static languages::LanguagesText,
    /// What is said of personal data in streams.
    pub leaks: &'static leaks::LeaksText,
    /// Words of incidents, the journal and the audit.
    pub incidents: &'static incidents::IncidentsText,
    /// Words of links between views, of the time axis and of the window's history.
    pub links: &'static links::LinksText,
    /// What the prompt of queries says.
    pub prompt: &'static prompt::PromptText,
    /// What the incident view says.
    pub incident: &'static incident::IncidentText,
}

/// English.
pub const EN: Text = Text {
    acting: &acting::EN,
    command: &command::EN,
    keymap: &keymap::EN,
    theme: &theme::EN,
    view: &view::EN,
    ui: &ui::EN,
    fault: &fault::EN,
    logs: &logs::EN,
    demo: &demo::EN,
    metrics: &metrics::EN,
    pack: &pack::EN,
    traces: &traces::EN,
    languages: &languages::EN,
    leaks: &leaks::EN,
    incidents: &incidents::EN,
    links: &links::EN,
    prompt: &prompt::EN,
    incident: &incident::EN,
};
