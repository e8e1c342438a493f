//! Parameters as Loki and Tempo take them: of the query string, and of a form in the body.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use crate::model::Time;

/// Parameters of one request, in order; names may repeat.
#[derive(Debug, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Reads the query string and, where it is a form, the body.
    pub fn new(query: Option<&str>, body: &[u8]) -> Self {
        let owned = |(name, value): (Cow<'_, str>, Cow<'_, str>)| (name.into_owned(), value.into_owned());
        let of_query = url::form_urlencoded::parse(query.unwrap_or("").as_bytes()).map(owned);
        Self(of_query.chain(url::form_urlencoded::parse(body).map(owned)).collect())
    }

    /// The first value of a name; an empty one is none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(other, value)| other == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(other, value)| other == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A moment in nanoseconds: `1795323996` and `1795323996.5` (seconds), `1795323996024361728`
    /// (nanoseconds) or RFC 3339. The error is Loki's.
    pub fn moment(&self, name: &str, or: i64) -> Result<i64, String> {
        let Some(text) = self.get(name) else { return Ok(or) };
        let whole = text.bytes().all(|byte| byte.is_ascii_digit());
        let read = if whole && text.len() > 10 {
            text.parse().ok()
        } else if let Ok(seconds) = text.parse::<f64>() {
            (seconds.abs() < 9e9).then_some((seconds * 1e9) as i64)
        } else {
            text.parse::<Time>().ok().and_then(|time| time.timestamp_nanos_opt())
        };
        read.ok_or_else(|| {
            format!("could not parse '{name}' parameter: cannot parse {text:?} to a valid timestamp")
        })
    }

    /// A duration in nanoseconds: `30s`, or seconds as a number.
    pub fn duration(&self, name: &str) -> Result<Option<i64>, String> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.abs() < 9e9);
        let read = seconds.map(|seconds| (seconds * 1e9) as i64).or_else(|| crate::query::duration_ns(text));
        read.map(Some).ok_or_else(|| format!("cannot parse {text:?} to a valid duration"))
    }

    /// A whole number.
    pub fn number(&self, name: &str, or: i64) -> Result<i64, String> {
        self.get(name).map_or(Ok(or), |text| {
            text.parse().map_err(|_| format!("strconv.Atoi: parsing {text:?}: invalid syntax"))
        })
    }
}

/// A request that has arrived.
pub struct Asked {
    /// Of the query string and of a form.
    pub params: Params,
    /// Headers.
    pub headers: HeaderMap,
    /// A name in the path.
    pub name: String,
}

impl<S: Send + Sync> axum::extract::FromRequest<S> for Asked {
    type Rejection = Response;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self, Response> {
        use axum::RequestPartsExt;
        let (mut parts, body) = request.into_parts();
        let query = parts.extract::<RawQuery>().await.map_err(IntoResponse::into_response)?;
        let name = parts.extract::<Path<String>>().await.map_or_else(|_| String::new(), |Path(name)| name);
        let headers = parts.headers.clone();
        let request = axum::extract::Request::from_parts(parts, body);
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        Ok(Self { params: Params::new(query.0.as_deref(), &body), headers, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_durations_come_in_several_spellings() {
        let params = Params::new(
            Some(
                "a=1795323996&b=1795323996.5&c=1795323996024361728&d=2026-11-22T05:06:36Z&e=x&f=1m30s&g=15&h=",
            ),
            b"i=form+value",
        );
        let s = 1_000_000_000_i64;
        assert_eq!(params.moment("a", 0), Ok(1_795_323_996 * s));
        assert_eq!(params.moment("b", 0), Ok(1_795_323_996 * s + s / 2));
        assert_eq!(params.moment("c", 0), Ok(1_795_323_996_024_361_728));
        assert_eq!(params.moment("d", 0), Ok(1_795_323_996 * s));
        assert!(params.moment("e", 0).is_err_and(|words| words.contains("could not parse 'e' parameter")));
        assert_eq!(params.moment("h", 7), Ok(7));
        assert_eq!(params.duration("f"), Ok(Some(90 * s)));
        assert_eq!(params.duration("g"), Ok(Some(15 * s)));
        assert!(params.duration("e").is_err());
        assert_eq!(params.get("i"), Some("form value"));
        for huge in ["1e300", "99999999999999999999999", "-5", "inf", "NaN"] {
            let _ = Params::new(Some(&format!("t={huge}")), b"").moment("t", 0);
        }
    }
}
