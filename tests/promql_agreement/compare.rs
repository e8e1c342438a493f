//! Asks both and says where they differ.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use futures_util::StreamExt as _;
use futures_util::stream;
use plantao::model::{Labels, MatchOp, Matcher, Series};
use plantao::query::MetricData;
use plantao::query::promql::{Promql, QueryError, Value};
use serde_json::Value as Json;

use crate::support::http;
use crate::support::servers::Prometheus;

/// Requests under way at once.
const AT_ONCE: usize = 4;
/// How far two values may be apart, relative to the greater.
const TOLERANCE: f64 = 1e-9;

/// The samples in memory.
pub struct Memory {
    series: Vec<Series>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Memory {
    pub fn new(series: Vec<Series>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, series) in series.iter().enumerate() {
            by_name.entry(series.labels.metric_name().to_owned()).or_default().push(at);
        }
        Self { series, by_name }
    }
}

impl MetricData for Memory {
    fn series(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        let name = matchers.iter().find(|m| m.name == "__name__" && m.op == MatchOp::Equal);
        let places: Vec<usize> = match name {
            Some(name) => self.by_name.get(&name.value).cloned().unwrap_or_default(),
            None => (0..self.series.len()).collect(),
        };
        let cut = |series: &Series| {
            let from = series.points.partition_point(|point| point.t < from_ms);
            let to = series.points.partition_point(|point| point.t <= to_ms);
            let points = series.points.get(from..to).unwrap_or(&[]).to_vec();
            (!points.is_empty()).then(|| Series { labels: series.labels.clone(), points })
        };
        let fits = |series: &&Series| matchers.iter().all(|matcher| matcher.matches(&series.labels));
        places.into_iter().map(|at| &self.series[at]).filter(fits).filter_map(cut).collect()
    }
}

/// A query and when it is asked.
#[derive(Clone, Debug)]
pub struct Question {
    pub query: String,
    start_ms: i64,
    /// End and step of a range.
    range: Option<(i64, i64)>,
    /// Whether no answer would mean that the data set is too small.
    pub must_have: bool,
}

impl Question {
    pub fn instant(query: impl Into<String>, at_ms: i64) -> Self {
        Self { query: query.into(), start_ms: at_ms, range: None, must_have: false }
    }

    pub fn range(query: impl Into<String>, start_ms: i64, end_ms: i64, step_ms: i64) -> Self {
        Self { query: query.into(), start_ms, range: Some((end_ms, step_ms)), must_have: false }
    }

    fn address(&self, url: &str) -> String {
        let seconds = |ms: i64| format!("{}.{:03}", ms / 1000, ms % 1000);
        let start = seconds(self.start_ms);
        match self.range {
            None => http::address(url, "/api/v1/query", &[("query", &self.query), ("time", &start)]),
            Some((end, step)) => http::address(
                url,
                "/api/v1/query_range",
                &[
                    ("query", &self.query),
                    ("start", &start),
                    ("end", &seconds(end)),
                    ("step", &seconds(step)),
                ],
            ),
        }
    }
}

/// What both said.
#[derive(Debug)]
pub struct Answer {
    pub question: Question,
    /// How many values both have.
    pub values: usize,
    /// Whether both refused.
    pub refused: bool,
    /// What is different.
    pub wrong: Option<String>,
}

/// A label set in order of names, and its values by time.
type Row = (Vec<(String, String)>, BTreeMap<i64, f64>);

/// An answer in one form.
#[derive(Debug, PartialEq)]
struct Table {
    kind: String,
    rows: Vec<Row>,
}

/// Asks the server and the memory.
pub fn ask(server: &Prometheus, memory: &Memory, questions: Vec<Question>) -> Vec<Answer> {
    let url = server.url().to_owned();
    let answers: Vec<(Question, Json)> = http::wait_for(async {
        stream::iter(questions)
            .map(|question| {
                let address = question.address(&url);
                async move {
                    let answer = http::client().get(&address).send().await.expect("an answer");
                    let text = answer.text().await.expect("a body");
                    (question, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
                }
            })
            .buffered(AT_ONCE)
            .collect()
            .await
    });
    answers.into_iter().map(|(question, theirs)| judge(memory, question, &theirs)).collect()
}

fn judge(memory: &Memory, question: Question, theirs: &Json) -> Answer {
    let ours = ours(memory, &question);
    let said = theirs["error"].as_str().unwrap_or_default();
    let (mut values, mut refused, mut wrong) = (0, false, None);
    match (ours, theirs["status"].as_str()) {
        (Err(error), Some("error")) => {
            refused = true;
            let kind = match &error {
                QueryError::BadData(_) | QueryError::Unsupported(_) => "bad_data",
                QueryError::Execution(_) => "execution",
            };
            if theirs["errorType"] != kind {
                wrong = Some(format!("we: {kind}: {error}\n they: {}: {said}", theirs["errorType"]));
            }
        }
        (Err(error), _) => wrong = Some(format!("only we refuse: {error}")),
        (Ok(_), Some("error")) => wrong = Some(format!("only they refuse: {said}")),
        (Ok(ours), _) => {
            let theirs = their_table(&theirs["data"]);
            values = theirs.rows.iter().map(|(_, values)| values.len()).sum();
            wrong = differ(&question.query, &ours, &theirs);
        }
    }
    Answer { question, values, refused, wrong }
}

fn ours(memory: &Memory, question: &Question) -> Result<Table, QueryError> {
    let promql = Promql::parse(&question.query)?;
    let labels = |labels: &Labels| labels.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    let matrix = |series: Vec<Series>| Table {
        kind: "matrix".to_owned(),
        rows: series
            .iter()
            .map(|series| (labels(&series.labels), series.points.iter().map(|p| (p.t, p.v)).collect()))
            .collect(),
    };
    if let Some((end, step)) = question.range {
        return promql.range(memory, question.start_ms, end, step).map(matrix);
    }
    Ok(match promql.instant(memory, question.start_ms)? {
        Value::Scalar(point) => Table {
            kind: "scalar".to_owned(),
            rows: vec![(Vec::new(), BTreeMap::from([(point.t, point.v)]))],
        },
        Value::String(t, text) => Table {
            kind: "string".to_owned(),
            rows: vec![(vec![("text".to_owned(), text)], BTreeMap::from([(t, 0.0)]))],
        },
        Value::Vector(elements) => Table {
            kind: "vector".to_owned(),
            rows: elements.iter().map(|(l, p)| (labels(l), BTreeMap::from([(p.t, p.v)]))).collect(),
        },
        Value::Matrix(series) => matrix(series),
    })
}

fn their_table(data: &Json) -> Table {
    let kind = data["resultType"].as_str().unwrap_or_default().to_owned();
    let point = |pair: &Json| {
        let t = (pair[0].as_f64().expect("a time") * 1000.0).round() as i64;
        let text = pair[1].as_str().expect("a value as text");
        (t, text.parse::<f64>().unwrap_or_else(|_| panic!("{text} is no number")))
    };
    let labels = |metric: &Json| {
        let mut all: Vec<(String, String)> = metric
            .as_object()
            .expect("labels")
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect();
        all.sort();
        all
    };
    let list = || data["result"].as_array().expect("a list").iter();
    let rows = match &*kind {
        "scalar" => vec![(Vec::new(), BTreeMap::from([point(&data["result"])]))],
        "string" => {
            let text = data["result"][1].as_str().unwrap_or_default().to_owned();
            let t = (data["result"][0].as_f64().expect("a time") * 1000.0).round() as i64;
            vec![(vec![("text".to_owned(), text)], BTreeMap::from([(t, 0.0)]))]
        }
        "vector" => {
            list().map(|one| (labels(&one["metric"]), BTreeMap::from([point(&one["value"])]))).collect()
        }
        _ => list()
            .map(|one| {
                let values = one["values"].as_array().expect("values").iter().map(point).collect();
                (labels(&one["metric"]), values)
            })
            .collect(),
    };
    Table { kind, rows }
}

fn near(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= TOLERANCE * a.abs().max(b.abs())
}

fn differ(query: &str, ours: &Table, theirs: &Table) -> Option<String> {
    if ours.kind != theirs.kind {
        return Some(format!("we: {}, they: {}", ours.kind, theirs.kind));
    }
    // Where the language promises an order, values come in it; equal ones are free to change places.
    let ordered = ours.kind == "matrix" || ["sort", "topk", "bottomk"].iter().any(|f| query.starts_with(f));
    if ordered && ours.rows.len() == theirs.rows.len() {
        let unlike = ours.rows.iter().zip(&theirs.rows).find(|((_, a), (_, b))| {
            a.len() != b.len() || !a.values().zip(b.values()).all(|(a, b)| near(*a, *b))
        });
        if let (Some((a, b)), false) = (unlike, tied(query)) {
            return Some(format!("in this place\n we: {a:?}\n they: {b:?}"));
        }
    }
    let mut left: BTreeMap<_, _> = theirs.rows.iter().map(|(labels, values)| (labels, values)).collect();
    for (labels, values) in &ours.rows {
        let Some(wanted) = left.remove(labels) else {
            return free_choice(query, ours, theirs, format!("only we have {labels:?} {values:?}"));
        };
        for (t, v) in values {
            match wanted.get(t) {
                Some(w) if near(*v, *w) => {}
                other => {
                    return free_choice(
                        query,
                        ours,
                        theirs,
                        format!("{labels:?} at {t}: we {v:e}, they {other:?}"),
                    );
                }
            }
        }
        if let Some((t, v)) = wanted.iter().find(|(t, _)| !values.contains_key(t)) {
            return free_choice(query, ours, theirs, format!("{labels:?} at {t}: only they have {v}"));
        }
    }
    let (labels, values) = left.pop_first()?;
    free_choice(query, ours, theirs, format!("only they have {labels:?} {values:?}"))
}

/// Whether the choice among equal values may change what is answered.
fn tied(query: &str) -> bool {
    query.contains("topk") || query.contains("bottomk")
}

/// Among equal values `topk` may choose any: then only the values have to be the same.
fn free_choice(query: &str, ours: &Table, theirs: &Table, otherwise: String) -> Option<String> {
    let all = |table: &Table| {
        let mut values: Vec<(i64, f64)> =
            table.rows.iter().flat_map(|(_, values)| values.iter().map(|(t, v)| (*t, *v))).collect();
        values.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        values
    };
    let (a, b) = (all(ours), all(theirs));
    let same = a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.0 == b.0 && near(a.1, b.1));
    if tied(query) && same { None } else { Some(otherwise) }
}

/// All answers by group.
#[derive(Default)]
pub struct Tally {
    groups: Vec<String>,
    pub wrong: Vec<String>,
}

impl Tally {
    pub fn add(&mut self, group: &str, answers: &[Answer]) {
        let count = |fits: fn(&Answer) -> bool| answers.iter().filter(|answer| fits(answer)).count();
        self.groups.push(format!(
            "{group}: {} asked, {} with values ({} values), {} empty, {} refused by both, {} differ",
            answers.len(),
            count(|a| a.values > 0),
            answers.iter().map(|a| a.values).sum::<usize>(),
            count(|a| a.values == 0 && !a.refused && a.wrong.is_none()),
            count(|a| a.refused),
            count(|a| a.wrong.is_some()),
        ));
        for answer in answers {
            if let Some(wrong) = &answer.wrong {
                let Question { query, start_ms, range, .. } = &answer.question;
                let wrong: String = wrong.chars().take(700).collect();
                self.wrong.push(format!("{group}: {query}\n at {start_ms} {range:?}\n {wrong}"));
            }
        }
    }

    /// The first few differences.
    pub fn first(&self, most: usize) -> String {
        self.wrong.get(..most).unwrap_or(&self.wrong).join("\n")
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.groups.join("\n"))
    }
}
