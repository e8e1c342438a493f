//! What changes something at Alertmanager: silences made, extended, ended.
//!
//! A question may be repeated; a deed may not, for Alertmanager would make a second silence. So each is sent
//! once, and where nobody can tell whether it arrived (the connection broke, the deadline passed) Alertmanager is
//! asked what stands there now. Matchers are read and sent as Alertmanager has them, byte for byte; what leaves
//! this file has passed `privacy`.

mod body;
mod original;
mod raw;

use std::borrow::Cow;

use reqwest::Method;

use super::fault::fault;
use super::http::{Http, Request};
use super::reply::Reply;
use super::{Clients, status};
use crate::model::deed::{How, Standing, Wanted};
use crate::model::{Fault, FaultKind, SourceId, Time};
use crate::text::fault::Why;

use body::{Made, Wire, moment};
pub use original::{Exact, Original, Originals};

const JSON: &str = "application/json";

impl Clients {
    /// Makes a silence of matchers that a person has written, or finds the same one that is there already.
    pub async fn silence(&self, wanted: &Wanted) -> Result<Standing, Fault> {
        make(self.manager()?, Wire::of(wanted)?).await
    }

    /// Makes a silence that matches exactly these labels; `wanted.matchers` counts for nothing. `first` tells that
    /// nobody can have tried before, so that there is no need to look whether it is there.
    pub async fn silence_exactly(
        &self,
        exact: &Exact,
        wanted: &Wanted,
        first: bool,
    ) -> Result<Standing, Fault> {
        let (http, wire) = (self.manager()?, Wire::exactly(exact, wanted));
        if first { make_new(http, wire).await } else { make(http, wire).await }
    }

    /// Makes a silence with the matchers of another one, which may be over.
    pub async fn silence_again(&self, id: &str, wanted: &Wanted) -> Result<Standing, Fault> {
        let http = self.manager()?;
        let Some(old) = one(http, id).await? else { return Err(gone()) };
        let matchers = old.matchers;
        make(http, Wire { matchers, ..Wire::around(wanted) }).await
    }

    /// Lets a silence last until `until`, under the same id. One that is over, or unknown, is not revived.
    pub async fn extend_silence(&self, id: &str, until: Time) -> Result<Standing, Fault> {
        let http = self.manager()?;
        let Some(old) = one(http, id).await?.filter(|old| !old.is_expired()) else { return Err(gone()) };
        if old.ends_at() >= Some(until) {
            return standing(id, old.ends_at().unwrap_or(until), How::Unchanged);
        }
        end_at(http, old, id, until).await
    }

    /// Lets a silence end at a moment, sooner or later than it would.
    pub async fn set_silence_end(&self, id: &str, until: Time) -> Result<Standing, Fault> {
        let http = self.manager()?;
        let Some(old) = one(http, id).await?.filter(|old| !old.is_expired()) else { return Err(gone()) };
        end_at(http, old, id, until).await
    }

    /// Ends a silence. That it is over already, or unknown, is as good.
    pub async fn expire_silence(&self, id: &str) -> Result<(), Fault> {
        let http = self.manager()?;
        let path = ["api", "v2", "silence"].map(Cow::Borrowed).into_iter().chain([Cow::Owned(id.to_owned())]);
        let path: Vec<_> = path.collect();
        let sent = http.once(Method::DELETE, &path, None).await.and_then(success);
        let Err(why) = sent else { return Ok(()) };
        // Version 0.25 says 500 of one that has ended or never was.
        match one(http, id).await {
            Ok(now) if now.as_ref().is_none_or(Wire::is_expired) => Ok(()),
            _ => Err(why),
        }
    }

    /// Every alert of Alertmanager with the labels that it has there.
    pub async fn originals(&self) -> Result<Originals, Fault> {
        original::fetch(self.manager()?).await
    }

    /// What a silence mutes, as Alertmanager has it; `None` where it is over or unknown.
    pub async fn reach_of(&self, id: &str) -> Result<Option<Exact>, Fault> {
        let found = one(self.manager()?, id).await?.filter(|found| !found.is_expired());
        Ok(found.and_then(|found| found.exact()))
    }

    fn manager(&self) -> Result<&Http, Fault> {
        let source = SourceId::ALERTMANAGER;
        self.http(&source).ok_or_else(|| fault(FaultKind::Setup, &Why::NotConfigured(&source.to_string())))
    }
}

/// Sends a silence with another end. The same id and start keep it the same; everything else stays as it came.
async fn end_at(http: &Http, old: Wire, id: &str, until: Time) -> Result<Standing, Fault> {
    let wire = Wire { id: Some(id.to_owned()), ends_at: moment(until), status: None, ..old };
    match send(http, &wire).await {
        Ok(made) if *made == *id => standing(id, until, How::Extended),
        Ok(made) => standing(&made, until, How::Replaced),
        Err(why) if is_uncertain(&why) => match one(http, id).await {
            Ok(Some(now)) if !now.is_expired() && now.ends_at() == body::read(&moment(until)) => {
                standing(id, until, How::Extended)
            }
            _ => Err(why),
        },
        Err(why) => Err(why),
    }
}

/// Makes a silence, unless the same one is there: a try before this one may have arrived.
async fn make(http: &Http, wire: Wire) -> Result<Standing, Fault> {
    if let Some(found) = same(http, &wire).await? {
        return Ok(found);
    }
    make_new(http, wire).await
}

async fn make_new(http: &Http, wire: Wire) -> Result<Standing, Fault> {
    let ends_at = wire.ends_at().unwrap_or_else(|| http.now());
    match send(http, &wire).await {
        Ok(id) => standing(&id, ends_at, How::Made),
        Err(why) if is_uncertain(&why) => match same(http, &wire).await {
            Ok(Some(found)) => Ok(Standing { how: How::Made, ..found }),
            _ => Err(why),
        },
        Err(why) => Err(why),
    }
}

/// A silence that is not over with the same matchers, author and comment, and the same start where it is planned.
async fn same(http: &Http, wire: &Wire) -> Result<Option<Standing>, Fault> {
    let reply = http.fetch(&Request::get("api/v2/silences")).await?.checked(false)?;
    let all: Vec<Wire> = reply.aside(Reply::json).await?;
    let now = http.now();
    Ok(all.into_iter().find(|one| one.is_like(wire, now)).and_then(|one| {
        let ends_at = one.ends_at()?;
        Some(Standing { id: super::wire::safe_id(one.id.as_deref()?), ends_at, how: How::Found })
    }))
}

/// One silence; `None` where Alertmanager knows none of this id.
async fn one(http: &Http, id: &str) -> Result<Option<Wire>, Fault> {
    let mut request = Request::get("api/v2/silence");
    request.path.push(Cow::Owned(id.to_owned()));
    let reply = http.fetch(&request).await?;
    // An empty body is Alertmanager's own 404; a page is somebody else's. What is no id at all is 422.
    if (reply.status == 404 && reply.body.is_empty()) || reply.status == 422 {
        return Ok(None);
    }
    reply.checked(false)?.json().map(Some)
}

async fn send(http: &Http, wire: &Wire) -> Result<Box<str>, Fault> {
    let body =
        serde_json::to_vec(wire).map_err(|error| fault(FaultKind::Setup, &Why::Setup(&error.to_string())))?;
    let path = ["api", "v2", "silences"].map(Cow::Borrowed);
    let made: Made = success(http.once(Method::POST, &path, Some((JSON, body))).await?)?.json()?;
    Ok(super::wire::safe_id(&made.silence_id))
}

fn success(reply: Reply) -> Result<Reply, Fault> {
    if reply.is_success() && !reply.is_html() {
        return Ok(reply);
    }
    if reply.is_success() {
        return reply.checked(false);
    }
    Err(status::refused(&reply, false))
}

/// Whether the deed may have been done although this came of it.
fn is_uncertain(why: &Fault) -> bool {
    matches!(
        why.kind,
        FaultKind::Timeout
            | FaultKind::Connect
            | FaultKind::ServerError
            | FaultKind::Truncated
            | FaultKind::WrongFormat
            | FaultKind::TooLarge
    )
}

#[expect(clippy::unnecessary_wraps, reason = "every end of a deed is a result")]
fn standing(id: &str, ends_at: Time, how: How) -> Result<Standing, Fault> {
    Ok(Standing { id: id.into(), ends_at, how })
}

fn gone() -> Fault {
    fault(FaultKind::NotFound, &Why::SilenceGone)
}
