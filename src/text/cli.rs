//! Words of the headless commands.

/// What commands say beside their results.
#[derive(Debug)]
pub struct CliText {
    /// The console cannot be opened: why, and whether it was to look at the embedded hospital.
    pub no_terminal: fn(&str, bool) -> String,
    /// `--at` is later than now: the text.
    pub at_in_future: fn(&str) -> String,
    /// A time range that begins in the future: the text that says so.
    pub range_in_future: fn(&str) -> String,
    /// A time range that ends before it begins: start, end.
    pub range_backwards: fn(&str, &str) -> String,
    /// Nothing can run: why.
    pub no_runtime: fn(&str) -> String,
    /// No Alertmanager is configured.
    pub no_alertmanager: &'static str,
    /// Nothing may be done: the console was started to look only.
    pub read_only: &'static str,
    /// Nothing may be done: the role.
    pub role: fn(&str) -> String,
    /// No alert is named.
    pub nothing_matches: &'static str,
    /// What names no alert: why it is no matcher either.
    pub no_fingerprint: fn(&str) -> String,
    /// Nothing that is named is acknowledged.
    pub nothing_acked: &'static str,
    /// Acknowledged: how many, of those muted, by how many silences.
    pub acked: fn(usize, usize, usize) -> String,
    /// Not yet at Alertmanager: how many, why.
    pub not_yet: fn(usize, &str) -> String,
    /// Taken back: how many.
    pub unacked: fn(usize) -> String,
    /// A silence still stands: why.
    pub still_stands: fn(&str) -> String,
    /// A comment is needed.
    pub empty_comment: &'static str,
    /// How a refusal is overcome: the words.
    pub confirm: fn(&str) -> String,
    /// The silence was there already.
    pub there_already: &'static str,
    /// There is no such silence: its id.
    pub no_silence: fn(&str) -> String,
    /// No such view: what was asked for, the nearest one, all.
    pub unknown_view: fn(&str, Option<&str>, &str) -> String,
    /// No query, where one is needed.
    pub query_missing: &'static str,
    /// The query among the arguments names a person.
    pub query_personal: &'static str,
    /// A query that is nothing.
    pub empty_query: &'static str,
    /// The file of a query cannot be read: which, why.
    pub query_unreadable: fn(&str, &str) -> String,
    /// It is too long: the most KiB.
    pub query_too_long: fn(u64) -> String,
    /// It is no text.
    pub not_utf8: &'static str,
    /// A query for a view that has none: the view.
    pub no_query_there: fn(&str) -> String,
    /// A view that needs a query, and the pack has none: the view.
    pub query_needed: fn(&str) -> String,
    /// A file cannot be written: which, why.
    pub cannot_write_file: fn(&str, &str) -> String,
    /// A source has not answered within the wait.
    pub no_answer_yet: fn(&str) -> String,
    /// Heads of the list of alerts.
    pub alert_columns: [&'static str; 8],
    /// Heads of the list of silences.
    pub silence_columns: [&'static str; 6],
    /// A size that is none.
    pub not_a_size: fn(&str) -> String,
    /// A size that no view fits into: the least columns and lines.
    pub too_small: fn(u16, u16) -> String,
    /// A duration is too short.
    pub too_short: fn(&str) -> String,
    /// A duration is too long.
    pub too_long: fn(&str) -> String,
    /// The result cannot be written.
    pub cannot_write: fn(&str) -> String,
    /// A note.
    pub note: fn(&str) -> String,
    /// How many problems there are.
    pub problem_count: fn(usize) -> String,
    /// The configuration has no problem.
    pub config_fine: &'static str,
    /// No source is configured.
    pub no_sources: &'static str,
    /// This file is read.
    pub file_used: &'static str,
    /// This file is not there.
    pub file_absent: &'static str,
    /// The place of a pack that comes with the program.
    pub shipped: &'static str,
    /// A pack of the list that cannot be read: how many problems, its name.
    pub pack_broken: fn(usize, &str) -> String,
    /// A pack without problem: name, and how many departments, panels, pages, alerts.
    pub pack_fine: fn(&str, [usize; 4]) -> String,
    /// The rules have no problem: how many.
    pub rules_fine: fn(usize) -> String,
    /// No Prometheus was asked for its rules.
    pub rules_no_server: &'static str,
    /// Prometheus did not answer.
    pub rules_unreachable: fn(&str) -> String,
    /// The pack knows an alert that no rule fires.
    pub rule_absent: fn(&str) -> String,
    /// A rule fires an alert that the pack does not know.
    pub rule_unknown: fn(&str) -> String,
    /// The dead man's switch has no rule.
    pub rule_no_watchdog: fn(&str) -> String,
    /// Prometheus lacks a rule.
    pub rule_missing: fn(&str) -> String,
    /// Prometheus cannot evaluate a rule.
    pub rule_broken: fn(&str, &str) -> String,
    /// The log file cannot be used.
    pub log_unusable: fn(&str, &str) -> String,
    /// The log's filter cannot be read.
    pub log_filter: fn(&str, &str) -> String,
    /// There is no state folder.
    pub log_nowhere: &'static str,
    /// A name of a field that cannot be one.
    pub bad_field: fn(&str) -> String,
    /// The key of pseudonyms cannot be read.
    pub key_unreadable: fn(&str) -> String,
    /// The key of pseudonyms is too short: its bytes, and how many are needed.
    pub key_short: fn(usize, usize) -> String,
    /// How to make a key of pseudonyms.
    pub key_help: &'static str,
}

/// English.
pub const EN: CliText = CliText {
    no_terminal: |why, demo| {
        let demo = if demo { "--demo " } else { "" };
        format!(
            "The console cannot be opened: {why}. Without a terminal, `plantao {demo}snapshot overview` shows the same."
        )
    },
    at_in_future: |text| format!("--at: `{text}` is in the future: there is nothing to show yet"),
    range_in_future: |text| format!("`{text}` is in the future: there is nothing to find yet"),
    range_backwards: |start, end| {
        format!("the time range ends before it begins: --from is {start}, --to is {end}")
    },
    no_runtime: |why| format!("The system gives no threads or sockets: {why}"),
    no_alertmanager: "Silences are Alertmanager's, and none is configured: --alertmanager URL, or [sources.alertmanager] \
                      url in the file.",
    read_only: "--read-only: nothing may be done; leave it out (and read_only, PLANTAO_READ_ONLY) to act",
    role: |role| {
        format!("your role is {role}, which may only look; /etc/plantao/config.toml says who may act")
    },
    nothing_matches: "no alert of Alertmanager matches",
    no_fingerprint: |why| format!("neither a fingerprint (16 hexadecimal digits) nor a condition: {why}"),
    nothing_acked: "nothing that matches is acknowledged in the journal; a colleague's silence is ended with unsilence",
    acked: |recorded, silenced, silences| {
        let by = match silences {
            0 => String::new(),
            1 => " by 1 silence".to_owned(),
            silences => format!(" by {silences} silences"),
        };
        format!("{recorded} acknowledged, {silenced} muted{by}\n")
    },
    not_yet: |count, why| {
        format!("{count} not yet at Alertmanager: {why}; tried again by whichever console or watcher runs")
    },
    unacked: |count| format!("{count} taken back\n"),
    still_stands: |why| format!("a silence still stands, its end is tried again: {why}"),
    empty_comment: "--comment must say why",
    confirm: |words| format!("to have it all the same: --confirm '{words}'"),
    there_already: "the same silence was there already",
    no_silence: |id| format!("no silence {id} that is not over"),
    unknown_view: |name, near, all| match near {
        Some(near) => format!("There is no view `{name}`. Did you mean `{near}`? Views: {all}"),
        None => format!("There is no view `{name}`. Views: {all}"),
    },
    query_missing: "One query is needed: as an argument, or with --query-file FILE (- is stdin).",
    query_personal: "This query names a person, and what is on a command line stays in shell histories and process lists: \
                     write it to a file and use --query-file FILE, or --query-file - to read it from stdin.",
    empty_query: "the query is empty",
    query_unreadable: |path, why| {
        let from = if path == "-" { "stdin" } else { path };
        format!("the query cannot be read from {from}: {why}")
    },
    query_too_long: |most| format!("it is longer than {most} KiB"),
    not_utf8: "it is not UTF-8",
    no_query_there: |view| {
        format!("--query: the view `{view}` asks no query of yours; logs, traces and metrics do")
    },
    query_needed: |view| {
        format!("the pack has no ready query for `{view}`: name one with --query or --query-file")
    },
    cannot_write_file: |path, why| format!("{path} cannot be written: {why}"),
    no_answer_yet: |source| format!("{source}: no answer within the wait (--wait)"),
    alert_columns: ["SEVERITY", "STATE", "ALERT", "DEPARTMENT", "COMPONENT", "AGE", "FINGERPRINT", "SUMMARY"],
    silence_columns: ["ID", "STATE", "UNTIL", "BY", "MATCHERS", "COMMENT"],
    not_a_size: |text| {
        format!("`{text}` is not a size; write columns and lines, each 1 to 1000, such as 120x40")
    },
    too_small: |width, height| format!("--size: a view needs at least {width}x{height}"),
    too_short: |least| format!("must be at least {least}"),
    too_long: |most| format!("must be at most {most}"),
    cannot_write: |why| format!("the result cannot be written: {why}"),
    note: |note| format!("note: {note}"),
    problem_count: |n| if n == 1 { "1 problem".to_owned() } else { format!("{n} problems") },
    config_fine: "the configuration has no problem",
    no_sources: "no source is configured; name one, for example with --prometheus http://localhost:9090, or in a \
                 configuration file (`plantao doctor` says which are read)",
    file_used: "read",
    file_absent: "not there",
    shipped: "shipped",
    pack_broken: |n, name| {
        let problems = if n == 1 { "1 problem".to_owned() } else { format!("{n} problems") };
        format!("({problems}; see `plantao pack check {name}`)")
    },
    pack_fine: |name, [departments, panels, pages, alerts]| {
        format!(
            "{name}: no problem; departments: {departments}, panels: {panels}, pages: {pages}, alerts: {alerts}"
        )
    },
    rules_fine: |n| format!("{n} rules, no problem"),
    rules_no_server: "note: no Prometheus is configured, so only the pack itself is checked",
    rules_unreachable: |why| format!("Prometheus did not answer: {why}"),
    rule_absent: |name| format!("{name}: the pack describes this alert, but no rule of it fires it"),
    rule_unknown: |name| format!("{name}: a rule fires this alert, but the pack does not describe it"),
    rule_no_watchdog: |name| format!("{name}: the dead man's switch of this pack has no rule"),
    rule_missing: |name| {
        format!("{name}: Prometheus has no such rule; load the output of `plantao rules export`")
    },
    rule_broken: |name, why| format!("{name}: Prometheus cannot evaluate this rule: {why}"),
    log_unusable: |path, why| format!("nothing is logged: {path}: {why}"),
    log_filter: |text, why| format!("PLANTAO_LOG: `{text}` is not a filter ({why}); logging as usual"),
    log_nowhere: "nothing is logged: there is no home folder for a log file",
    bad_field: |name| format!("`{name}` is not the name of a field"),
    key_unreadable: |why| format!("the key of pseudonyms cannot be read: {why}"),
    key_short: |bytes, least| format!("the key of pseudonyms has {bytes} bytes, at least {least} are needed"),
    key_help: "make one with `openssl rand -hex 32`, readable by those alone who may use it",
};
