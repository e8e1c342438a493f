//! The report of an incident: sections of facts, tables and text, in Markdown, HTML or JSON.
//!
//! [`incident`] makes the sections: what the journal knows, and where somebody looked for causes what was found.

use std::fmt::Write;

use serde::Serialize;

use super::record::Telling;
use crate::explore::incident::Found;
use crate::model::Time;
use crate::model::records::{Dossier, Incident, Record};
use crate::text::incident::{EN as INCIDENT, REPORT as FINDINGS};
use crate::text::incidents::EN as WORDS;

/// A report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Its title.
    pub title: String,
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// When it was written.
    pub written: String,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    /// What it is, for a program: `facts`, `alerts`, `verdict`, `causes`, `evidence`, `changes`, `recommendations`, `open`,
    /// `actions`, `seen`, `timeline`.
    pub id: &'static str,
    /// Its title.
    pub title: String,
    /// What stands in it.
    pub block: Block,
}

/// What stands in a section.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Block {
    /// Names and values.
    Facts(Vec<(String, String)>),
    /// A table.
    Table {
        /// Heads.
        heads: Vec<String>,
        /// Rows; each has as many cells as there are heads.
        rows: Vec<Vec<String>>,
    },
    /// Paragraphs.
    Text(Vec<String>),
    /// A list.
    List(Vec<String>),
}

/// What is known of an incident besides what the journal has.
#[derive(Clone, Debug)]
pub enum Findings {
    /// What the evidence of its window says.
    Found(std::sync::Arc<Found>),
    /// Nothing, and why.
    None(String),
}

/// Everything that a report tells of.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// What the journal has.
    pub dossier: &'a Dossier,
    /// Silences that were made, extended or ended while it was open: records of the audit.
    pub silences: &'a [Record],
    /// Likely causes.
    pub findings: &'a Findings,
}

/// The report: what the journal knows, what the evidence says, what is not known.
pub fn incident(told: &Told<'_>, telling: &Telling<'_>) -> Report {
    let (words, dossier) = (&WORDS.report, told.dossier);
    let one = |id, title: &str, block| Section { id, title: title.to_owned(), block };
    let mut sections = vec![
        one("facts", words.facts, facts(&dossier.incident, telling)),
        one("alerts", words.alerts, alerts(dossier, telling)),
    ];
    let moments = match told.findings {
        Findings::Found(found) => {
            sections.extend(super::incident::sections(found, telling));
            super::incident::moments(found)
        }
        Findings::None(why) => {
            let open = Block::List(vec![(FINDINGS.none)(why)]);
            sections.push(one("open", INCIDENT.open_questions, open));
            Vec::new()
        }
    };
    sections.extend([
        one("actions", words.actions, actions(told, telling)),
        one("seen", words.seen, seen(dossier, telling)),
        one("timeline", words.timeline, timeline(dossier, moments, telling)),
    ]);
    Report {
        title: (words.title)(&dossier.incident.id),
        sections,
        written: (words.written)(&telling.moment(telling.now)),
    }
}

fn facts(incident: &Incident, telling: &Telling<'_>) -> Block {
    let moment = |at: Option<_>| at.map_or_else(String::new, |at| telling.moment(at));
    let by = |at: String, who: Option<&str>| match who {
        Some(who) if !at.is_empty() => format!("{at}, {who}"),
        _ => at,
    };
    let rule = match &incident.origin {
        crate::model::records::Origin::Rule(rule) => format!(" ({rule})"),
        crate::model::records::Origin::Hand => String::new(),
    };
    let values = [
        incident.title.to_string(),
        incident.severity.as_str().to_owned(),
        incident.category.to_string(),
        (WORDS.status)(incident.status).to_owned(),
        format!("{}{rule}", incident.opened_by),
        telling.moment(incident.opened_at),
        moment(incident.began_at),
        incident.assignee.as_deref().unwrap_or("").to_owned(),
        by(moment(incident.acked_at), incident.acked_by.as_deref()),
        telling.clock_words(incident),
        by(moment(incident.resolved_at), incident.resolved_by.as_deref()),
        incident.resolution.to_string(),
        (WORDS.alerts)(incident.firing, incident.members),
    ];
    let named = WORDS.report.names.into_iter().zip(values).filter(|(_, value)| !value.is_empty());
    Block::Facts(named.map(|(name, value)| (name.to_owned(), value)).collect())
}

fn table<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Block {
    Block::Table { heads: heads.map(str::to_owned).into(), rows: rows.map(Into::into).collect() }
}

fn alerts(dossier: &Dossier, telling: &Telling<'_>) -> Block {
    let rows = dossier.members.iter().map(|member| {
        let labels = member.labels.without(&["alertname", "severity"]);
        let moment = |at: Option<_>| at.map_or_else(String::new, |at| telling.moment(at));
        [
            member.labels.get("alertname").unwrap_or("").to_owned(),
            member.severity.as_str().to_owned(),
            labels.to_string(),
            moment(member.starts_at),
            moment(member.ended_at),
            member.summary.to_string(),
        ]
    });
    table(WORDS.report.alert_heads, rows)
}

fn timeline(dossier: &Dossier, moments: Vec<(Time, String)>, telling: &Telling<'_>) -> Block {
    let events = dossier
        .events
        .iter()
        .map(|event| (event.at, event.who.to_string(), (WORDS.event)(event.kind, &event.text, &event.about)));
    let seen = moments.into_iter().map(|(at, what)| (at, String::new(), what));
    let mut all: Vec<(Time, String, String)> = events.chain(seen).collect();
    // Of one moment the journal's come first, in its order.
    all.sort_by_key(|(at, _, _)| *at);
    table(WORDS.report.timeline_heads, all.into_iter().map(|(at, who, what)| [telling.moment(at), who, what]))
}

fn actions(told: &Told<'_>, telling: &Telling<'_>) -> Block {
    let dossier = told.dossier;
    let [ack, run, letter, silence] = WORDS.report.kinds;
    let acks = dossier.acks.iter().map(|one| {
        let what = format!("{} {}", one.labels.get("alertname").unwrap_or(&one.fingerprint), one.why);
        (one.at, [ack.to_owned(), one.who.to_string(), what, one.state.as_str().to_owned()])
    });
    let runs = dossier.runs.iter().map(|one| {
        let outcome = if one.error.is_empty() {
            one.state.as_str().to_owned()
        } else {
            format!("{}: {}", one.state.as_str(), one.error)
        };
        (one.at, [run.to_owned(), one.who.to_string(), format!("{} {}", one.playbook, one.id), outcome])
    });
    let letters = dossier.letters.iter().map(|one| {
        let doubt = if one.doubtful { " (perhaps twice)" } else { "" };
        (
            one.at,
            [
                letter.to_owned(),
                String::new(),
                one.channel.to_string(),
                format!("{}{doubt}", one.state.as_str()),
            ],
        )
    });
    let silences = told.silences.iter().map(|one| {
        let what = format!("{} {}", one.action, one.object);
        (one.at, [silence.to_owned(), one.actor.operator.to_string(), what, one.outcome.as_str().to_owned()])
    });
    let mut all: Vec<_> = acks.chain(runs).chain(letters).chain(silences).collect();
    all.sort_by_key(|(at, _)| *at);
    let rows = all
        .into_iter()
        .map(|(at, [kind, who, what, outcome])| [telling.moment(at), kind, who, what, outcome]);
    table(WORDS.report.action_heads, rows)
}

fn seen(dossier: &Dossier, telling: &Telling<'_>) -> Block {
    let rows = dossier.seen.iter().map(|seen| {
        [
            seen.incident.id.to_string(),
            telling.moment(seen.incident.opened_at),
            format!("{} / {}", seen.shared, seen.of),
            (WORDS.helped)(seen),
        ]
    });
    table(WORDS.report.seen_heads, rows)
}

#[derive(Serialize)]
struct Json<'a> {
    #[serde(flatten)]
    dossier: super::record::WithClock<'a, Dossier>,
    analysis: Option<serde_json::Value>,
    report: &'a Report,
}

/// As JSON: what the journal knows, raw, and the sections as a person reads them.
pub fn json(report: &Report, told: &Told<'_>, telling: &Telling<'_>) -> String {
    let dossier = super::record::WithClock::new(told.dossier, &told.dossier.incident, telling);
    let analysis = match told.findings {
        Findings::Found(found) => Some(super::incident::json(found)),
        Findings::None(_) => None,
    };
    super::json::line(&Json { dossier, analysis, report })
}

/// As Markdown. What comes from the journal stays text, whatever stands in it.
pub fn markdown(report: &Report) -> String {
    let mut out = format!("# {}\n", escaped(&report.title));
    for section in &report.sections {
        let _ = write!(out, "\n## {}\n\n", escaped(&section.title));
        match &section.block {
            Block::Facts(facts) => {
                for (name, value) in facts {
                    let _ = writeln!(out, "- **{}**: {}", escaped(name), escaped(value));
                }
            }
            Block::Table { rows, .. } if rows.is_empty() => {
                let _ = writeln!(out, "{}", WORDS.none);
            }
            Block::Table { heads, rows } => {
                let line = |cells: &[String]| {
                    format!(
                        "| {} |\n",
                        cells.iter().map(|cell| escaped(cell)).collect::<Vec<_>>().join(" | ")
                    )
                };
                out.push_str(&line(heads));
                let _ = writeln!(out, "|{}", "---|".repeat(heads.len()));
                out.extend(rows.iter().map(|row| line(row)));
            }
            Block::List(items) if items.is_empty() => {
                let _ = writeln!(out, "{}", WORDS.none);
            }
            Block::List(items) => {
                out.extend(items.iter().map(|item| format!("- {}\n", escaped(item))));
            }
            Block::Text(paragraphs) => {
                out.push_str(&paragraphs.iter().map(|text| escaped(text)).collect::<Vec<_>>().join("\n\n"));
                out.push('\n');
            }
        }
    }
    let _ = write!(out, "\n{}\n", escaped(&report.written));
    out
}

/// Text as Markdown shows it: nothing in it is markup, a link or HTML, and it stays in its cell.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '!' | '&' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// As a page of its own, without anything from elsewhere.
pub fn html(report: &Report) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{0}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{0}</h1>\n",
        entities(&report.title)
    );
    for section in &report.sections {
        let _ = write!(out, "<section id=\"{}\">\n<h2>{}</h2>\n", section.id, entities(&section.title));
        match &section.block {
            Block::Facts(facts) => {
                out.push_str("<dl>\n");
                for (name, value) in facts {
                    let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", entities(name), entities(value));
                }
                out.push_str("</dl>\n");
            }
            Block::Table { rows, .. } if rows.is_empty() => {
                let _ = writeln!(out, "<p>{}</p>", WORDS.none);
            }
            Block::Table { heads, rows } => {
                let line = |cells: &[String], tag: &str| {
                    let cells = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", entities(cell)));
                    format!("<tr>{}</tr>\n", cells.collect::<String>())
                };
                let _ = write!(out, "<table>\n<thead>{}</thead>\n<tbody>\n", line(heads, "th").trim_end());
                out.extend(rows.iter().map(|row| line(row, "td")));
                out.push_str("</tbody>\n</table>\n");
            }
            Block::List(items) if items.is_empty() => {
                let _ = writeln!(out, "<p>{}</p>", WORDS.none);
            }
            Block::List(items) => {
                out.push_str("<ul>\n");
                out.extend(items.iter().map(|item| format!("<li>{}</li>\n", entities(item))));
                out.push_str("</ul>\n");
            }
            Block::Text(paragraphs) => {
                out.extend(paragraphs.iter().map(|text| format!("<p>{}</p>\n", entities(text))));
            }
        }
        out.push_str("</section>\n");
    }
    let _ = write!(out, "<footer>{}</footer>\n</body>\n</html>\n", entities(&report.written));
    out
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{font-weight:600}dd{margin:0;white-space:pre-wrap}\
footer{margin-top:2rem;color:#666}@media print{body{max-width:none;margin:0}}";

fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let nasty = "<script>alert(1)</script> | [x](http://y) `a` *b*\n# c".to_owned();
        Report {
            title: nasty.clone(),
            sections: vec![
                Section {
                    id: "facts",
                    title: nasty.clone(),
                    block: Block::Facts(vec![(nasty.clone(), nasty.clone())]),
                },
                Section {
                    id: "alerts",
                    title: "A".to_owned(),
                    block: Block::Table {
                        heads: vec!["a".to_owned(), "b".to_owned()],
                        rows: vec![vec![nasty.clone(), nasty.clone()]],
                    },
                },
                Section { id: "text", title: "T".to_owned(), block: Block::Text(vec![nasty.clone()]) },
                Section { id: "list", title: "L".to_owned(), block: Block::List(vec![nasty.clone()]) },
            ],
            written: nasty,
        }
    }

    #[test]
    fn nothing_that_comes_from_outside_becomes_markup() {
        let html = html(&report());
        assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{html}");
        let markdown = markdown(&report());
        assert!(
            !markdown.replace("\\<", "").contains("<script") && !markdown.contains("\n# c"),
            "{markdown}"
        );
        assert!(!markdown.replace("\\[", "").contains("[x]("), "{markdown}");
        let row = markdown.lines().find(|line| line.starts_with("| \\<script")).expect("a row");
        assert_eq!(row.replace("\\|", "").matches('|').count(), 3, "{row}");
    }
}
