//! A page of metrics that the console scrapes itself: Prometheus's text format 0.0.4, `OpenMetrics` where
//! a server insists on it.
//!
//! Lines are read by `prometheus-parse`, one by one and without their TYPE, so that histograms and
//! summaries stay the plain samples they are on the page. What it returns is compared with the
//! line (`guard`); where the two differ, the line is read by our own strict reader (`strict`).

mod guard;
mod strict;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::model::ask::{About, Answer};
use crate::model::{Fault, Labels, Sample, Time};
use crate::privacy;
use crate::text::fault::{Doubt, LineFlaw, Why};

use super::Told;
use super::fault::warning;
use super::http::{Http, Request};
use super::reply::Reply;

/// So many bad lines are named; the rest is counted.
const NAMED_LINES: usize = 10;

/// Scrapes the page.
pub(super) async fn page(http: &Http) -> Result<Told, Fault> {
    let reply = fetch(http).await?;
    let clock_skew_s = reply.clock_skew_s;
    let (samples, warnings) = reply.aside(read).await?;
    Ok(Told { answer: Answer::Page(samples), warnings, clock_skew_s })
}

/// A page is ready when it can be scraped.
pub(super) async fn ready(http: &Http) -> Result<Told, Fault> {
    let told = page(http).await?;
    Ok(Told { answer: Answer::About(About { ready: Some(true), ..About::default() }), ..told })
}

async fn fetch(http: &Http) -> Result<Reply, Fault> {
    let request =
        Request { accept: "text/plain;version=0.0.4, */*;q=0.1", path: Vec::new(), ..Request::get("") };
    http.fetch(&request).await?.checked(false)
}

/// A line as it was read, still raw.
#[derive(Debug, PartialEq)]
struct Line {
    name: String,
    /// Sorted by name, each once.
    labels: Vec<(String, String)>,
    value: f64,
    at_ms: Option<i64>,
}

pub(super) fn read(reply: &Reply) -> Result<(Vec<Sample>, Vec<String>), Fault> {
    let open_metrics = reply.media.contains("openmetrics");
    let mut samples = Vec::new();
    let mut flaws = Flaws::default();
    let mut seen = HashSet::new();
    for (at, bytes) in reply.body.split(|b| *b == b'\n').enumerate() {
        let number = at + 1;
        let Ok(text) = std::str::from_utf8(bytes) else {
            flaws.add(number, LineFlaw::NotUtf8);
            continue;
        };
        let text = text.trim_matches([' ', '\t', '\r', '\u{feff}']);
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let line = match guard::read(text, reply.received) {
            Some(line) => Ok(line),
            None => strict::read(text, open_metrics),
        };
        match line {
            Ok(line) => {
                // Compared raw: two series may look alike once they are masked.
                if seen.insert(identity(&line)) {
                    samples.push(sample(&line, reply.received));
                } else {
                    flaws.add(number, LineFlaw::Duplicate);
                }
            }
            Err(flaw) => flaws.add(number, flaw),
        }
    }
    if samples.is_empty() {
        let first = flaws.named.first().map_or("", String::as_str);
        return Err(reply.wrong(&Why::NoSamples(first)));
    }
    Ok((samples, flaws.into_warnings()))
}

fn identity(line: &Line) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&line.name, &line.labels, line.at_ms).hash(&mut hasher);
    hasher.finish()
}

fn sample(line: &Line, received: Time) -> Sample {
    let name = (Box::from("__name__"), privacy::safe_name(&line.name));
    let labels =
        line.labels.iter().map(|(name, value)| (privacy::safe_name(name), privacy::safe_value(name, value)));
    Sample {
        labels: Labels::new(labels.chain([name])),
        at: line.at_ms.and_then(Time::from_timestamp_millis).unwrap_or(received),
        value: line.value,
    }
}

/// What could not be read.
#[derive(Default)]
struct Flaws {
    named: Vec<String>,
    more: usize,
}

impl Flaws {
    fn add(&mut self, number: usize, flaw: LineFlaw<'_>) {
        if self.named.len() < NAMED_LINES {
            self.named.push(warning(&Doubt::Line(number, flaw)));
        } else {
            self.more += 1;
        }
    }

    fn into_warnings(mut self) -> Vec<String> {
        if self.more > 0 {
            self.named.push(warning(&Doubt::MoreLines(self.more)));
        }
        self.named
    }
}

#[cfg(test)]
mod tests;
