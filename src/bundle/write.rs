//! Writing: a manifest, records in the order in which they come, a seal.

use std::io::{self, Write};

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::seal::{Seal, Sealing};
use super::{FORMAT, VERSION};
use crate::model::evidence::{
    AlertRecord, ChangeRecord, EdgeRecord, Evidence, LogRecord, Manifest, OtherRecord, Period, SeriesRecord,
    SpanRecord,
};
use crate::model::{Labels, SpanStatus, Time};

/// Writes one bundle. `finish` seals it; a writer that is dropped before leaves it unsealed.
pub struct Writer<W: Write> {
    out: W,
    sealing: Sealing,
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Starts with the manifest. With a key the seal is signed, too.
    pub fn new(out: W, manifest: &Manifest, key: Option<&[u8]>) -> io::Result<Self> {
        let mut writer = Self { out, sealing: Sealing::new(key), line: Vec::new() };
        writer.put(&ManifestOut(manifest))?;
        Ok(writer)
    }

    /// Everything that the evidence holds besides its manifest.
    pub fn evidence(&mut self, evidence: &Evidence) -> io::Result<()> {
        evidence.edges.iter().try_for_each(|one| self.edge(one))?;
        evidence.alerts.iter().try_for_each(|one| self.alert(one))?;
        evidence.changes.iter().try_for_each(|one| self.change(one))?;
        evidence.series.iter().try_for_each(|one| self.series(one))?;
        evidence.logs.iter().try_for_each(|one| self.log(one))?;
        evidence.spans.iter().try_for_each(|one| self.span(one))?;
        evidence.others.iter().try_for_each(|one| self.other(one))
    }

    /// A series.
    pub fn series(&mut self, one: &SeriesRecord) -> io::Result<()> {
        self.put(&SeriesOut(one))
    }

    /// A log line.
    pub fn log(&mut self, one: &LogRecord) -> io::Result<()> {
        self.put(&LogOut(one))
    }

    /// A span.
    pub fn span(&mut self, one: &SpanRecord) -> io::Result<()> {
        self.put(&SpanOut(one))
    }

    /// An alert.
    pub fn alert(&mut self, one: &AlertRecord) -> io::Result<()> {
        self.put(&AlertOut(one))
    }

    /// A change.
    pub fn change(&mut self, one: &ChangeRecord) -> io::Result<()> {
        self.put(&ChangeOut(one))
    }

    /// An edge.
    pub fn edge(&mut self, one: &EdgeRecord) -> io::Result<()> {
        self.put(&EdgeOut(one))
    }

    /// A query, finding, action or screen: its JSON object as it is. One that spreads over several lines, or
    /// whose kind is another, is refused.
    pub fn other(&mut self, one: &OtherRecord) -> io::Result<()> {
        let wanted = format!("{{\"kind\":\"{}\"", one.kind);
        if one.json.contains('\n') || !one.json.starts_with(&wanted) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("a record must be one line that starts with {wanted}"),
            ));
        }
        self.line.clear();
        self.line.extend_from_slice(one.json.as_bytes());
        self.end_line()
    }

    /// A record of a kind that `Evidence` keeps as it is written: `kind` and the fields of `body`, which must be an object.
    pub fn record(&mut self, kind: &str, body: &impl Serialize) -> io::Result<()> {
        let body = serde_json::to_string(body)?;
        let rest = body.strip_prefix('{').unwrap_or("}");
        let comma = if rest == "}" { "" } else { "," };
        let kind = serde_json::to_string(kind)?;
        self.line.clear();
        write!(self.line, "{{\"kind\":{kind}{comma}{rest}")?;
        self.end_line()
    }

    /// Seals the bundle and gives back what it was written to, flushed.
    pub fn finish(mut self) -> io::Result<(W, Seal)> {
        let seal = self.sealing.finish();
        self.out.write_all(seal.line().as_bytes())?;
        self.out.flush()?;
        Ok((self.out, seal))
    }

    fn put(&mut self, record: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, record)?;
        self.end_line()
    }

    fn end_line(&mut self) -> io::Result<()> {
        self.line.push(b'\n');
        self.sealing.line(&self.line);
        self.out.write_all(&self.line)
    }
}

/// A map that leaves out what is not there.
struct Fields<S: Serializer>(S::SerializeMap);

impl<S: Serializer> Fields<S> {
    fn of(serializer: S, kind: &str) -> Result<Self, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", kind)?;
        Ok(Self(map))
    }

    fn put(mut self, key: &str, value: &(impl Serialize + ?Sized)) -> Result<Self, S::Error> {
        self.0.serialize_entry(key, value)?;
        Ok(self)
    }

    fn maybe(self, key: &str, value: Option<&(impl Serialize + ?Sized)>) -> Result<Self, S::Error> {
        match value {
            Some(value) => self.put(key, value),
            None => Ok(self),
        }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}

/// RFC 3339, as short as the moment allows.
fn moment(at: Time) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

struct PeriodOut<'a>(&'a Period);

impl Serialize for PeriodOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("start", &moment(self.0.start))?;
        map.serialize_entry("end", &moment(self.0.end))?;
        map.end()
    }
}

struct ManifestOut<'a>(&'a Manifest);

impl Serialize for ManifestOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct SymptomOut<'a>(&'a str, &'a str);
        impl Serialize for SymptomOut<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("component", self.0)?;
                map.serialize_entry("signal", self.1)?;
                map.end()
            }
        }
        let symptom = self.0.symptom.as_ref().map(|one| SymptomOut(&one.component, &one.signal));
        let baselines: Vec<PeriodOut<'_>> = self.0.baselines.iter().map(PeriodOut).collect();
        Fields::of(serializer, "manifest")?
            .put("format", FORMAT)?
            .put("version", &VERSION)?
            .put("id", &self.0.id)?
            .put("window", &PeriodOut(&self.0.window))?
            .put("baselines", &baselines)?
            .maybe("symptom", symptom.as_ref())?
            .put("source", &self.0.source)?
            .end()
    }
}

/// A number of a sample: whole ones without a point; what JSON has no number for as a word.
struct ValueOut(Option<f64>);

impl Serialize for ValueOut {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            None => serializer.serialize_unit(),
            Some(value) if value.is_nan() => serializer.serialize_str("NaN"),
            Some(value) if value.is_infinite() => {
                serializer.serialize_str(if value > 0.0 { "+Inf" } else { "-Inf" })
            }
            Some(value) if value.fract() == 0.0 && value.abs() < 9e15 => {
                serializer.serialize_i64(value as i64)
            }
            Some(value) => serializer.serialize_f64(value),
        }
    }
}

struct SamplesOut<'a>(&'a [(f64, Option<f64>)]);

impl Serialize for SamplesOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.0.len()))?;
        for (at, value) in self.0 {
            seq.serialize_element(&(ValueOut(Some(*at)), ValueOut(*value)))?;
        }
        seq.end()
    }
}

fn some(labels: &Labels) -> Option<&Labels> {
    (!labels.is_empty()).then_some(labels)
}

struct SeriesOut<'a>(&'a SeriesRecord);

impl Serialize for SeriesOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Fields::of(serializer, "series")?
            .put("name", &*self.0.name)?
            .put("labels", &self.0.labels)?
            .put("samples", &SamplesOut(&self.0.samples))?
            .end()
    }
}

struct LogOut<'a>(&'a LogRecord);

impl Serialize for LogOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Fields::of(serializer, "log")?
            .put("ts", &self.0.ts.to_string())?
            .put("labels", &self.0.labels)?
            .put("line", &*self.0.line)?
            .maybe("trace_id", self.0.trace_id.as_deref())?
            .maybe("span_id", self.0.span_id.as_deref())?
            .end()
    }
}

struct SpanOut<'a>(&'a SpanRecord);

impl Serialize for SpanOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let status = match self.0.status {
            SpanStatus::Unset => "unset",
            SpanStatus::Ok => "ok",
            SpanStatus::Error => "error",
        };
        Fields::of(serializer, "span")?
            .put("trace_id", &*self.0.trace_id)?
            .put("span_id", &*self.0.span_id)?
            .maybe("parent_id", self.0.parent_id.as_deref())?
            .put("service", &*self.0.service)?
            .put("name", &*self.0.name)?
            .put("start", &self.0.start.to_string())?
            .put("duration_ns", &self.0.duration)?
            .put("status", status)?
            .maybe("attributes", some(&self.0.attributes))?
            .end()
    }
}

struct AlertOut<'a>(&'a AlertRecord);

impl Serialize for AlertOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Fields::of(serializer, "alert")?
            .put("name", &*self.0.name)?
            .put("labels", &self.0.labels)?
            .put("starts_at", &moment(self.0.starts_at))?
            .maybe("ends_at", self.0.ends_at.map(moment).as_deref())?
            .end()
    }
}

struct ChangeOut<'a>(&'a ChangeRecord);

impl Serialize for ChangeOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Fields::of(serializer, "change")?
            .put("at", &moment(self.0.at))?
            .put("title", &self.0.title)?
            .put("labels", &self.0.labels)?
            .end()
    }
}

struct EdgeOut<'a>(&'a EdgeRecord);

impl Serialize for EdgeOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Fields::of(serializer, "edge")?
            .put("caller", &*self.0.caller)?
            .put("callee", &*self.0.callee)?
            .put("relation", self.0.relation.word())?
            .end()
    }
}
