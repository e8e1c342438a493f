//! Fields of spans: intrinsics and attributes with their scopes.

use std::fmt;
use std::sync::Arc;

use super::eval::Context;
use super::value::Value;
use crate::model::Span;

/// What a query can ask of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// Something that every span has.
    Intrinsic(Intrinsic),
    /// An attribute of the span.
    Span(String),
    /// An attribute of its resource.
    Resource(String),
    /// An attribute of the span, else of its resource.
    Any(String),
}

/// Something that every span has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of TraceQL's own reference")]
pub enum Intrinsic {
    Duration,
    Name,
    Status,
    StatusMessage,
    Kind,
    RootName,
    RootService,
    TraceDuration,
    TraceId,
    SpanId,
    ParentId,
    NestedSetParent,
    ChildCount,
    EventName,
}

impl Intrinsic {
    /// By its name, scoped (`span:duration`) or not.
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "duration" | "span:duration" => Self::Duration,
            "name" | "span:name" => Self::Name,
            "status" | "span:status" => Self::Status,
            "statusMessage" | "span:statusMessage" => Self::StatusMessage,
            "kind" | "span:kind" => Self::Kind,
            "rootName" | "trace:rootName" => Self::RootName,
            "rootServiceName" | "trace:rootService" => Self::RootService,
            "traceDuration" | "trace:duration" => Self::TraceDuration,
            "trace:id" => Self::TraceId,
            "span:id" => Self::SpanId,
            "span:parentID" => Self::ParentId,
            "nestedSetParent" => Self::NestedSetParent,
            "childCount" | "span:childCount" => Self::ChildCount,
            "event:name" => Self::EventName,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Duration => "duration",
            Self::Name => "name",
            Self::Status => "status",
            Self::StatusMessage => "statusMessage",
            Self::Kind => "kind",
            Self::RootName => "rootName",
            Self::RootService => "rootServiceName",
            Self::TraceDuration => "traceDuration",
            Self::TraceId => "trace:id",
            Self::SpanId => "span:id",
            Self::ParentId => "span:parentID",
            Self::NestedSetParent => "nestedSetParent",
            Self::ChildCount => "childCount",
            Self::EventName => "event:name",
        }
    }
}

impl fmt::Display for Field {
    /// As a metrics query's labels name it: with its scope.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Intrinsic(intrinsic) => f.write_str(intrinsic.name()),
            Self::Span(name) => write!(f, "span.{name}"),
            Self::Resource(name) => write!(f, "resource.{name}"),
            Self::Any(name) => write!(f, ".{name}"),
        }
    }
}

impl Field {
    /// As a search's spans name it: without its scope.
    pub fn key(&self) -> &str {
        match self {
            Self::Intrinsic(intrinsic) => intrinsic.name(),
            Self::Span(name) | Self::Resource(name) | Self::Any(name) => name,
        }
    }

    /// Its value for a span of a trace.
    pub(super) fn of(&self, context: &Context<'_>, span: &Span) -> Value {
        match self {
            Self::Span(name) => of_span(span, name),
            Self::Resource(name) => of_resource(span, name),
            Self::Any(name) => match of_span(span, name) {
                Value::Nil => of_resource(span, name),
                found => found,
            },
            Self::Intrinsic(intrinsic) => match intrinsic {
                Intrinsic::Duration => Value::Duration(span.duration),
                Intrinsic::Name => Value::Text(span.name.clone()),
                Intrinsic::Status => Value::Status(span.status),
                Intrinsic::StatusMessage => Value::Text(span.status_message.clone()),
                Intrinsic::Kind => Value::Kind(span.kind),
                Intrinsic::RootName => {
                    context.root().map_or(Value::Nil, |root| Value::Text(root.name.clone()))
                }
                Intrinsic::RootService => {
                    context.root().map_or(Value::Nil, |root| Value::Text(root.service.clone()))
                }
                Intrinsic::TraceDuration => Value::Duration(context.duration()),
                Intrinsic::TraceId => Value::Text(format!("{:x}", span.trace_id.0).into()),
                Intrinsic::SpanId => Value::Text(span.span_id.to_string().into()),
                Intrinsic::ParentId => {
                    Value::Text(span.parent_id.map_or_else(|| Arc::from(""), |id| id.to_string().into()))
                }
                Intrinsic::NestedSetParent => Value::Int(context.nested_set_parent(span)),
                Intrinsic::ChildCount => Value::Int(context.children(span)),
                Intrinsic::EventName => {
                    span.events.first().map_or(Value::Nil, |event| Value::Text(event.name.clone()))
                }
            },
        }
    }
}

fn of_span(span: &Span, name: &str) -> Value {
    span.attributes.iter().find(|(key, _)| **key == *name).map_or(Value::Nil, |(_, value)| Value::of(value))
}

fn of_resource(span: &Span, name: &str) -> Value {
    if name == "service.name" {
        return Value::Text(span.service.clone());
    }
    span.resource.iter().find(|(key, _)| **key == *name).map_or(Value::Nil, |(_, value)| Value::of(value))
}
