//! The one table of commands: palette, help, hints, README and the keymap check all come from it.
//!
//! Owns ids, names, titles, docs, contexts and danger, the fuzzy search over them, and the lists
//! that help and the documentation show. Must not know what `update` does.

mod group;
mod help;
mod markdown;
mod search;

pub use group::Group;
pub use help::help;
pub use markdown::markdown;
pub use search::{Hit, search};

use crate::model::Role;

/// Where a command works. A keymap's modes have the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Everywhere but in a text prompt.
    Global,
    /// On a page of panels.
    Page,
    /// In the alert list.
    Alerts,
    /// On one alert.
    Detail,
    /// In the list of sources.
    Sources,
    /// In the log view.
    Logs,
    /// In a list of traces.
    Traces,
    /// On one trace, or two side by side.
    Trace,
    /// In the metrics view.
    Metrics,
    /// In the incident view.
    Incident,
    /// During the guided tour, over whatever view it shows.
    Tour,
    /// In an overlay that lists something: help, a choice.
    Overlay,
    /// While text is typed: palette, filter.
    Prompt,
    /// While a query is typed, with completion and history.
    Query,
    /// In the list of silences.
    Silences,
    /// In a dialog about something that is to be done.
    Dialog,
    /// In the list of incidents.
    Incidents,
    /// On one incident.
    Record,
}

impl Context {
    /// Every context, in the order of keymap files.
    pub const ALL: &[Self] = &[
        Self::Global,
        Self::Page,
        Self::Alerts,
        Self::Detail,
        Self::Sources,
        Self::Logs,
        Self::Traces,
        Self::Trace,
        Self::Metrics,
        Self::Incident,
        Self::Tour,
        Self::Overlay,
        Self::Prompt,
        Self::Query,
        Self::Silences,
        Self::Dialog,
        Self::Incidents,
        Self::Record,
    ];

    /// Its name in keymap files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Page => "page",
            Self::Alerts => "alerts",
            Self::Detail => "detail",
            Self::Sources => "sources",
            Self::Tour => "tour",
            Self::Overlay => "overlay",
            Self::Prompt => "prompt",
            Self::Logs => "logs",
            Self::Traces => "traces",
            Self::Trace => "trace",
            Self::Metrics => "metrics",
            Self::Incident => "incident",
            Self::Query => "query",
            Self::Silences => "silences",
            Self::Dialog => "dialog",
            Self::Incidents => "incidents",
            Self::Record => "record",
        }
    }
}

/// Declares the ids and the table in one place, so that no id can lack its row. What acts names the role that it
/// takes; without one a command only looks.
macro_rules! commands {
    (@needs) => { Role::Viewer };
    (@needs $needs:ident) => { Role::$needs };
    ($( $id:ident $name:literal [$($context:ident),+] $title:literal $doc:literal $(for $needs:ident)?; )+) => {
        /// Identity of a command.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum CommandId {
            $( #[doc = $doc] $id, )+
        }

        /// Every command, in the order of help and README.
        pub const COMMANDS: &[Command] = &[
            $( Command {
                id: CommandId::$id,
                name: $name,
                title: $title,
                doc: $doc,
                contexts: &[$(Context::$context),+],
                needs: commands!(@needs $($needs)?),
            }, )+
        ];
    };
}

/// One command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Id.
    pub id: CommandId,
    /// Name in keymap files: `alerts.sort`.
    pub name: &'static str,
    /// Title in the palette.
    pub title: &'static str,
    /// What it does, one sentence.
    pub doc: &'static str,
    /// Where it works.
    pub contexts: &'static [Context],
    /// The least role that may do it: what only looks is everybody's.
    pub needs: Role,
}

impl Command {
    /// Whether it works in this one context: a global command works everywhere but in a prompt.
    pub fn works_in(&self, context: Context) -> bool {
        self.contexts.contains(&context)
            || (!matches!(context, Context::Prompt | Context::Query | Context::Dialog)
                && self.contexts.contains(&Context::Global))
    }

    /// Whether it works where these contexts hold: the view's, and usually [`Context::Global`].
    pub fn available(&self, contexts: &[Context]) -> bool {
        contexts.iter().any(|context| self.works_in(*context))
    }
}

commands! {
    Overview "view.overview" [Global] "Overview" "Shows the overview: what needs somebody, departments, hardware.";
    Alerts "view.alerts" [Global] "Alerts" "Shows the list of alerts.";
    Department "view.department" [Global] "Department" "Shows a department's page; again, the next department.";
    Hardware "view.hardware" [Global] "Hardware" "Shows the hardware page: gauges, trends, thermal state.";
    Models "view.models" [Global] "AI models" "Shows the AI models: latency, accuracy, memory, requests.";
    Sources "view.sources" [Global] "Sources" "Shows every source with its state, and the scrape targets.";
    Logs "view.logs" [Global] "Logs" "Shows log lines: the last query, or the pack's first.";
    Traces "view.traces" [Global] "Traces" "Shows traces: the last query, or the pack's first.";
    Metrics "view.metrics" [Global] "Metrics" "Shows any series: the last query, or the pack's first.";
    Incident "view.incident" [Global] "Incident" "Shows what broke first, with the evidence: the suggested incident, else it is looked for.";
    ChooseView "view.choose" [Global] "Go to view" "Chooses among all views: pages of the pack, departments, alerts, sources.";
    NextPage "view.next" [Global] "Next view" "Shows the next view or department.";
    PreviousPage "view.previous" [Global] "Previous view" "Shows the previous view or department.";
    Open "open" [Page, Alerts, Sources, Incidents, Logs, Traces, Trace, Metrics, Incident, Overlay] "Open" "Opens what is under the cursor.";
    Back "back" [Global] "Back" "Closes what is on top, else returns to where you came from.";
    Up "cursor.up" [Page, Alerts, Detail, Sources, Silences, Incidents, Record, Logs, Traces, Trace, Metrics, Incident, Overlay, Prompt, Query, Dialog] "Up" "Moves the cursor up.";
    Down "cursor.down" [Page, Alerts, Detail, Sources, Silences, Incidents, Record, Logs, Traces, Trace, Metrics, Incident, Overlay, Prompt, Query, Dialog] "Down" "Moves the cursor down.";
    Left "cursor.left" [Page, Alerts, Logs, Trace] "Left" "Moves the focus to the box on the left; in a list or a trace, folds; in lines, scrolls.";
    Right "cursor.right" [Page, Alerts, Logs, Trace] "Right" "Moves the focus to the box on the right; in a list or a trace, unfolds; in lines, scrolls.";
    PageUp "cursor.page-up" [Page, Alerts, Detail, Sources, Silences, Incidents, Record, Logs, Traces, Trace, Metrics, Incident, Overlay, Dialog] "Page up" "Moves up by a screen.";
    PageDown "cursor.page-down" [Page, Alerts, Detail, Sources, Silences, Incidents, Record, Logs, Traces, Trace, Metrics, Incident, Overlay, Dialog] "Page down" "Moves down by a screen.";
    Top "cursor.top" [Page, Alerts, Detail, Sources, Silences, Incidents, Record, Logs, Traces, Trace, Metrics, Incident, Overlay] "Top" "Moves to the first line.";
    Bottom "cursor.bottom" [Page, Alerts, Detail, Sources, Silences, Incidents, Record, Logs, Traces, Trace, Metrics, Incident, Overlay] "Bottom" "Moves to the last line.";
    NextBox "focus.next" [Page, Incident] "Next box" "Moves the focus to the next box.";
    PreviousBox "focus.previous" [Page, Incident] "Previous box" "Moves the focus to the previous box.";
    Filter "alerts.filter" [Alerts, Page] "Filter alerts" "Filters the alerts by words or matchers such as severity=\"critical\".";
    Sort "alerts.sort" [Alerts] "Sort" "Sorts by the next column: severity, age, clock, department, name.";
    Reverse "alerts.reverse" [Alerts] "Reverse order" "Reverses the order.";
    Group "alerts.group" [Alerts] "Group" "Groups by nothing, department, severity, alert name.";
    Select "alerts.select" [Alerts] "Select" "Selects the alert at the cursor, or takes it from the selection.";
    SelectAll "alerts.select-all" [Alerts] "Select all" "Selects every alert that matches the filter, or none.";
    Muted "alerts.muted" [Alerts] "Show muted" "Shows or hides silenced and inhibited alerts; their number stays in sight.";
    Pending "alerts.pending" [Alerts] "Show pending" "Shows or hides alerts that do not yet fire.";
    Copy "copy" [Alerts, Detail, Page, Sources, Silences, Incidents, Record, Logs, Traces, Trace, Metrics, Incident] "Copy" "Copies what is under the cursor to the clipboard of your terminal (OSC 52).";
    Browse "alerts.link" [Alerts, Detail] "Copy runbook link" "Copies the runbook link of the alert.";
    LinkLogs "link.logs" [Global] "Logs of this" "Opens the log lines of what is in focus: an alert, a department, a trace, a span, a series.";
    LinkTraces "link.traces" [Global] "Traces of this" "Opens the traces of what is in focus, or the one that it names.";
    LinkMetrics "link.metrics" [Global] "Metrics of this" "Opens the series of what is in focus.";
    QueryEdit "query.edit" [Logs, Traces, Metrics] "Query" "Edits the query, with completion and history.";
    QueryReady "query.ready" [Logs, Traces, Metrics] "Ready queries" "Chooses among the pack's ready queries.";
    QueryRun "query.run" [Logs, Traces, Metrics] "Run anyway" "Runs a query although it is heavy, or once more.";
    Find "find" [Logs, Trace] "Find" "Searches in what is loaded.";
    FindNext "find.next" [Logs, Trace] "Next match" "Goes to the next place that has what was searched for.";
    FindPrevious "find.previous" [Logs, Trace] "Previous match" "Goes to the previous place that has what was searched for.";
    LogsFollow "logs.follow" [Logs] "Follow" "Follows the lines live; again, holds still.";
    LogsWrap "logs.wrap" [Logs] "Wrap" "Wraps long lines, or cuts them.";
    LogsColumns "logs.columns" [Logs] "Columns" "Shows fields of the lines as columns, or the lines as they are.";
    LogsOrder "logs.order" [Logs] "Order" "Shows the newest lines first, or the oldest.";
    LogsExpand "logs.expand" [Logs] "Expand" "Shows every field of the line under the cursor.";
    LogsInclude "logs.include" [Logs] "Only this value" "Keeps only lines with the value of the chosen field.";
    LogsExclude "logs.exclude" [Logs] "Without this value" "Leaves out lines with the value of the chosen field.";
    LogsPatterns "logs.patterns" [Logs] "Patterns" "Shows what the lines have in common, with counts; Enter shows the lines of one.";
    LogsCount "logs.count" [Logs] "Count" "Counts all lines of the window.";
    More "more" [Logs, Traces] "Load more" "Loads more lines, or more traces, of the window.";
    TracesSort "traces.sort" [Traces] "Sort traces" "Sorts by the next column: start, duration, spans, errors.";
    TracesReverse "traces.reverse" [Traces] "Reverse traces" "Reverses the order.";
    TracesMark "traces.mark" [Traces] "Mark" "Marks the trace that others are compared with.";
    TraceCompare "trace.compare" [Traces, Trace] "Compare" "Puts the trace beside the marked one, or beside a usual one of the same operation.";
    TraceFold "trace.fold" [Trace] "Fold" "Hides or shows what is below the span.";
    TraceFoldAll "trace.fold-all" [Trace] "Fold all" "Hides everything below the first levels, or shows everything.";
    TraceCritical "trace.critical" [Trace] "Critical path" "Shows only the spans that the duration is made of, or all.";
    TraceServices "trace.services" [Trace] "Services" "Shows the time of each service, or the spans.";
    TraceNextError "trace.next-error" [Trace] "Next error" "Goes to the next span with an error; of two traces, to the next difference.";
    MetricsMode "metrics.mode" [Metrics] "Form" "Draws lines, stacked areas, a heatmap or a table.";
    MetricsScale "metrics.scale" [Metrics] "Scale" "Draws on a linear or a logarithmic scale.";
    MetricsHide "metrics.hide" [Metrics] "Hide series" "Hides or shows the series under the cursor.";
    MetricsOnly "metrics.only" [Metrics] "Only this series" "Shows only the series under the cursor, or all.";
    MetricsSort "metrics.sort" [Metrics] "Sort series" "Sorts by the next column: name, last, least, most, mean; in the table, by its columns.";
    MetricsReverse "metrics.reverse" [Metrics] "Reverse series" "Reverses the order.";
    MetricsExemplars "metrics.exemplars" [Metrics] "Exemplars" "Shows the traces that were measured; Enter opens the one at the cursor.";
    IncidentAgain "incident.again" [Incident] "Look again" "Gathers the evidence anew: of the window as you moved it, else of the one that finds itself.";
    IncidentNextEvent "incident.next" [Incident] "Next event" "Moves the cursor of time to the next moment at which something happened.";
    IncidentPreviousEvent "incident.previous" [Incident] "Event before" "Moves the cursor of time to the moment before at which something happened.";
    IncidentExport "incident.export" [Incident] "Save as bundle" "Saves evidence, findings and what the screen says to a sealed file, masked.";
    IncidentPin "incident.pin" [Page, Logs, Traces, Metrics] "Lane of the incident" "Adds what is under the cursor to the incident's lanes: a panel, a series, the lines of a query, the traces of a search.";
    IncidentUnpin "incident.unpin" [Incident] "Take lane away" "Takes a lane away that you added.";
    AxisLeft "time.cursor-left" [Logs, Traces, Metrics, Incident] "Cursor earlier" "Moves the cursor on the time axis to the left.";
    AxisRight "time.cursor-right" [Logs, Traces, Metrics, Incident] "Cursor later" "Moves the cursor on the time axis to the right.";
    AxisMark "time.brush" [Logs, Traces, Metrics, Incident] "Brush" "Begins a piece of the time axis at the cursor; again, makes it the window.";
    TimePrevious "time.previous" [Global] "Window before" "Returns to the window before the last change.";
    TimeBack "time.back" [Global] "Earlier" "Moves the window half its length into the past.";
    TimeForward "time.forward" [Global] "Later" "Moves the window half its length towards now.";
    TimeNow "time.live" [Global] "Live" "Returns to the live window.";
    ZoomIn "time.shorter" [Global] "Shorter window" "Halves the window.";
    ZoomOut "time.longer" [Global] "Longer window" "Doubles the window.";
    Freeze "freeze" [Global] "Freeze" "Holds the screen still while answers go on arriving; again, lets it go on.";
    Refresh "refresh" [Global] "Refresh" "Asks every visible source again, now.";
    Utc "clock.utc" [Global] "Local or UTC" "Shows times in the pack's zone or in UTC.";
    SwitchContext "context" [Global] "Switch context" "Chooses another context: another set of servers.";
    SwitchTheme "theme" [Global] "Switch theme" "Chooses another theme.";
    Ack "ack" [Alerts, Detail, Page] "Acknowledge" "Acknowledges the alert under the cursor, or the selection: you have it." for Responder;
    Unack "unack" [Alerts, Detail] "Take back" "Takes an acknowledgement back: the alert notifies again." for Responder;
    Silence "silence" [Alerts, Detail, Silences, Page] "Silence" "Silences what matches, with a look at what that mutes before." for Responder;
    Silences "view.silences" [Global] "Silences" "Shows the silences: what is muted, by whom, until when.";
    SilenceExtend "silence.extend" [Silences] "Extend" "Lets the silence under the cursor last longer." for Responder;
    SilenceExpire "silence.expire" [Silences] "Expire" "Ends the silence under the cursor, after a question." for Responder;
    SilenceUndo "silence.undo" [Silences, Alerts, Detail] "Undo" "Undoes the last thing done to a silence: ends what was made, makes again what was ended." for Responder;
    SilencesOver "silence.over" [Silences] "Show expired" "Shows or hides silences that are over.";
    Incidents "view.incidents" [Global] "Incidents" "Shows the incidents: how bad, who has each, how long there is.";
    IncidentOpen "incident.open" [Page, Alerts, Detail, Incidents] "Open incident" "Opens an incident of the alert under the cursor, or of the selection." for Responder;
    IncidentTake "incident.take" [Incidents, Record] "Take incident" "Takes the incident: you have it, and its response clock stops." for Responder;
    IncidentNote "incident.note" [Incidents, Record] "Note" "Writes a note into the incident's timeline." for Responder;
    IncidentAssign "incident.assign" [Incidents, Record] "Assign" "Gives the incident to somebody." for Responder;
    IncidentResolve "incident.resolve" [Incidents, Record] "Resolve" "Resolves the incident, with what helped; a resolved one is opened again." for Responder;
    IncidentsOver "incidents.over" [Incidents] "Show resolved" "Shows or hides incidents that are resolved.";
    Playbooks "playbooks" [Alerts, Detail, Page, Incidents, Record, Incident] "Playbooks" "Shows the playbooks that fit the alert, incident or likely cause under the cursor, what each would do, runs one and follows it." for Responder;
    PageSomebody "page" [Page, Alerts, Detail, Incidents, Record] "Page somebody" "Pages somebody by hand about the alert or incident under the cursor: who is on call first; shows over what, and what they read, before it is sent." for Responder;
    Reveal "reveal" [Alerts, Detail, Logs, Trace] "Reveal masked value" "Shows a masked value of the alert, line or span as it is, for a reason, for a short time; it is recorded. Only where the machine's configuration lets you." for Responder;
    DialogNext "dialog.next" [Dialog] "Next field" "Goes to the next field of the dialog.";
    DialogPrevious "dialog.previous" [Dialog] "Field before" "Goes to the field before.";
    Faults "fault" [Global] "Faults" "In the embedded hospital: lists the faults, begins and mends them.";
    Tour "tour" [Global] "Guided tour" "In the embedded hospital: walks through an incident.";
    TourNext "tour.next" [Tour] "Next step" "Goes on to the next step of the tour.";
    TourBack "tour.back" [Tour] "Step back" "Returns to the step of the tour before.";
    TourEnd "tour.end" [Tour] "End the tour" "Ends the tour; you stay where you are.";
    Palette "palette" [Global] "Commands" "Opens the command palette.";
    Help "help" [Global] "Help" "Shows the keys of this view.";
    Redraw "redraw" [Global, Prompt, Query, Dialog] "Redraw" "Draws the whole screen anew.";
    Suspend "suspend" [Global, Prompt, Query, Dialog] "Suspend" "Gives the terminal back to the shell; fg returns.";
    Quit "quit" [Global] "Quit" "Leaves plantão.";
    Accept "prompt.accept" [Prompt, Query, Dialog] "Accept" "Runs the chosen command, or keeps the filter.";
    Cancel "prompt.cancel" [Prompt, Query, Dialog] "Cancel" "Leaves the prompt and forgets what was typed.";
    DeleteBack "prompt.delete-back" [Prompt, Query, Dialog] "Delete" "Deletes the character before the cursor.";
    DeleteWord "prompt.delete-word" [Prompt, Query, Dialog] "Delete word" "Deletes the word before the cursor.";
    DeleteAll "prompt.clear" [Prompt, Query, Dialog] "Clear" "Deletes everything that was typed.";
    DeleteForward "prompt.delete-forward" [Prompt, Query, Dialog] "Delete forward" "Deletes the character at the cursor.";
    CursorLeft "prompt.left" [Prompt, Query, Dialog] "Cursor left" "Moves the cursor left.";
    CursorRight "prompt.right" [Prompt, Query, Dialog] "Cursor right" "Moves the cursor right.";
    CursorStart "prompt.start" [Prompt, Query, Dialog] "Cursor to start" "Moves the cursor to the start.";
    QueryComplete "query.complete" [Query] "Complete" "Takes the chosen completion.";
    QueryOlder "query.older" [Query] "Older query" "Recalls the query before.";
    QueryNewer "query.newer" [Query] "Newer query" "Recalls the query after.";
    CursorEnd "prompt.end" [Prompt, Query, Dialog] "Cursor to end" "Moves the cursor to the end.";
}

impl CommandId {
    /// Its row of the table.
    pub fn command(self) -> &'static Command {
        // The macro writes ids and rows in the same order.
        &COMMANDS[self as usize]
    }

    /// The command of that name, as keymap files write it.
    pub fn by_name(name: &str) -> Option<Self> {
        COMMANDS.iter().find(|command| command.name == name).map(|command| command.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_rows_stand_at_their_ids() {
        for (at, command) in COMMANDS.iter().enumerate() {
            assert_eq!(command.id as usize, at);
            assert_eq!(CommandId::by_name(command.name), Some(command.id), "{}", command.name);
            assert!(command.doc.ends_with('.'), "{}", command.name);
        }
    }
}
