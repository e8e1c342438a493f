//! Spans of language models and their like: what OpenTelemetry's `gen_ai.*` attributes, and others that mean the same,
//! say about a run.
//!
//! Names: OpenTelemetry semantic conventions for generative AI; `OpenInference`'s `llm.*`; the plain `ai.*`.

use std::sync::Arc;

use crate::model::{Attribute, Attributes};

/// What an attribute says of a run, in the order it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModelFact {
    /// Which model.
    Model,
    /// What it was asked to do.
    Operation,
    /// Who runs it.
    Provider,
    /// What kind of input.
    Input,
    /// Tokens read.
    TokensIn,
    /// Tokens written.
    TokensOut,
    /// Tokens in all.
    Tokens,
    /// How long it took, by its own account.
    Latency,
    /// How sure it was.
    Confidence,
    /// How it ended.
    Result,
    /// Something else of the same family.
    Other,
}

/// What the attributes say of a model's run, the most telling first; empty where they say nothing.
pub fn of(attributes: &Attributes) -> Vec<(ModelFact, &Arc<str>, &Attribute)> {
    let mut all: Vec<_> =
        attributes.iter().filter_map(|(key, value)| Some((fact(key)?, key, value))).collect();
    all.sort_by_key(|(fact, ..)| *fact);
    all
}

fn fact(key: &str) -> Option<ModelFact> {
    let last = key.rsplit('.').next().unwrap_or(key);
    if last.contains("confidence") {
        return Some(ModelFact::Confidence);
    }
    let family = ["gen_ai.", "llm.", "ai."].iter().find_map(|family| key.strip_prefix(family))?;
    let ends =
        |names: &[&str]| names.iter().any(|name| family == *name || family.ends_with(&format!(".{name}")));
    let token = family.contains("token");
    Some(if ends(&["model", "model_name", "model.name", "model.id"]) {
        ModelFact::Model
    } else if ends(&["operation", "operation.name"]) {
        ModelFact::Operation
    } else if ends(&["provider", "provider.name", "system"]) {
        ModelFact::Provider
    } else if ends(&["input_type", "input.type", "output.type"]) {
        ModelFact::Input
    } else if ends(&["inference_time", "latency", "time_to_first_token", "time_to_first_chunk", "duration"]) {
        ModelFact::Latency
    } else if token && (family.contains("input") || family.contains("prompt")) {
        ModelFact::TokensIn
    } else if token && (family.contains("output") || family.contains("completion")) {
        ModelFact::TokensOut
    } else if token && family.contains("usage") {
        ModelFact::Tokens
    } else if ends(&["score"]) {
        ModelFact::Confidence
    } else if ends(&["success", "error", "finish_reasons", "error.type"]) {
        ModelFact::Result
    } else {
        ModelFact::Other
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_told_in_one_order_whatever_convention_they_follow() {
        let text = |value: &str| Attribute::Text(value.into());
        let attributes: Attributes = vec![
            ("http.method".into(), text("POST")),
            ("gen_ai.usage.output_tokens".into(), Attribute::Int(240)),
            ("transcription.confidence".into(), Attribute::Float(0.91)),
            ("gen_ai.request.temperature".into(), Attribute::Float(0.2)),
            ("gen_ai.usage.input_tokens".into(), Attribute::Int(1200)),
            ("gen_ai.request.model".into(), text("m")),
            ("ai.model.inference_time".into(), Attribute::Float(1.5)),
            ("llm.provider".into(), text("local")),
        ];
        let facts: Vec<_> = of(&attributes).into_iter().map(|(fact, ..)| fact).collect();
        assert_eq!(
            facts,
            [
                ModelFact::Model,
                ModelFact::Provider,
                ModelFact::TokensIn,
                ModelFact::TokensOut,
                ModelFact::Latency,
                ModelFact::Confidence,
                ModelFact::Other,
            ]
        );
        assert!(of(&vec![("mail.model".into(), text("x")), ("said".into(), text("y"))]).is_empty());
    }
}
