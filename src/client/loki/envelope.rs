//! What answers of Loki are wrapped in: `{"status":"success","data":…}`. Errors come in plain text, with a status
//! of their own.

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::streams::{Read, Streams};
use crate::client::Told;
use crate::client::fault::fault;
use crate::client::http::{Http, Request};
use crate::client::reply::Reply;
use crate::client::wire::SafeLine;
use crate::model::ask::Answer;
use crate::model::{Fault, FaultKind};
use crate::text::fault::Why;

/// The envelope. Loki leaves `data` out where a list is empty.
#[derive(Deserialize)]
pub(super) struct Envelope<T> {
    #[serde(default)]
    status: SafeLine,
    #[serde(default)]
    error: SafeLine,
    data: Option<T>,
}

impl<T> Envelope<T> {
    /// The data; an error that a gateway sent as a success is one all the same.
    fn open(self, reply: &Reply) -> Result<Option<T>, Fault> {
        if &*self.status.0 == "error" {
            let words = fault(FaultKind::BadQuery, &Why::Query(&self.error.0));
            return Err(Fault { status: Some(reply.status), ..words });
        }
        Ok(self.data)
    }
}

/// Asks, and reads `data`; where it is left out, `T`'s default.
pub(super) async fn told<T: DeserializeOwned + Default + 'static>(
    http: &Http,
    request: Request,
    read: impl FnOnce(T) -> Answer + Send + 'static,
) -> Result<Told, Fault> {
    answered(http, request, |reply| {
        let data = reply.json::<Envelope<T>>()?.open(reply)?;
        Ok(read(data.unwrap_or_default()))
    })
    .await
}

/// The same where `data` must be there.
pub(super) async fn given<T: DeserializeOwned + 'static>(
    http: &Http,
    request: Request,
    read: impl FnOnce(T) -> Result<Answer, Fault> + Send + 'static,
) -> Result<Told, Fault> {
    answered(http, request, |reply| {
        let data = reply.json::<Envelope<T>>()?.open(reply)?;
        read(data.ok_or_else(|| reply.wrong(&Why::BadJson("`data` is missing")))?)
    })
    .await
}

/// Asks, and reads an answer without an envelope.
pub(super) async fn plain<T: DeserializeOwned + 'static>(
    http: &Http,
    request: Request,
    read: impl FnOnce(T) -> Answer + Send + 'static,
) -> Result<Told, Fault> {
    answered(http, request, |reply| Ok(read(reply.json::<T>()?))).await
}

async fn answered(
    http: &Http,
    request: Request,
    read: impl FnOnce(&Reply) -> Result<Answer, Fault> + Send + 'static,
) -> Result<Told, Fault> {
    let reply = http.fetch(&request).await?.checked(true)?;
    let clock_skew_s = reply.clock_skew_s;
    Ok(Told { answer: reply.aside(read).await?, warnings: Vec::new(), clock_skew_s })
}

/// The answer of a log query, into a [`Read`].
pub(super) struct LinesAnswer<'r>(pub &'r mut Read);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Key {
    Data,
    Result,
    ResultType,
    #[serde(other)]
    Other,
}

impl<'de> DeserializeSeed<'de> for LinesAnswer<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(Level { read: self.0, inner: false })
    }
}

/// The envelope, or within it the data.
struct Level<'r> {
    read: &'r mut Read,
    inner: bool,
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer to a log query")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { read, inner } = self;
        let mut found = false;
        while let Some(key) = map.next_key()? {
            match key {
                Key::Data if !inner => {
                    found = true;
                    map.next_value_seed(Level { read: &mut *read, inner: true })?;
                }
                Key::Result if inner => {
                    found = true;
                    map.next_value_seed(Streams(read))?;
                }
                Key::ResultType if inner => {
                    let SafeLine(kind) = map.next_value()?;
                    if &*kind != "streams" {
                        return Err(A::Error::custom(format_args!("the result is a {kind}, not streams")));
                    }
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if found { Ok(()) } else { Err(A::Error::missing_field(if inner { "result" } else { "data" })) }
    }
}
