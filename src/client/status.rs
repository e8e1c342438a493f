//! Reads refusals: which kind an HTTP status is, and the one line worth showing of its body.

use std::borrow::Cow;

use serde::Deserialize;

use crate::model::{Fault, FaultKind};
use crate::text::fault::Why;

use super::fault::{fault, line};
use super::reply::Reply;

/// The fault of an answer whose status is not 2xx. `is_query` tells whether the request carried a query
/// that the server can have found wrong.
pub(super) fn refused(reply: &Reply, is_query: bool) -> Fault {
    let text = String::from_utf8_lossy(&reply.body);
    let is_html = reply.is_html();
    let kind = match reply.status {
        401 => FaultKind::Unauthorized,
        403 => FaultKind::Forbidden,
        404 => FaultKind::NotFound,
        429 => FaultKind::TooManyRequests,
        500..=599 => FaultKind::ServerError,
        400 if wants_tls(&text) => FaultKind::Tls,
        400 | 422 if is_query && !is_html && !text.trim().is_empty() => FaultKind::BadQuery,
        _ => FaultKind::UnexpectedStatus,
    };
    let title;
    let words = words(&text);
    let why = match kind {
        FaultKind::Tls => Why::WantsTls("the server"),
        FaultKind::BadQuery => Why::Query(&words),
        _ if is_html => {
            title = self::title(&reply.body);
            Why::StatusPage(reply.status, &title)
        }
        _ => Why::Status(reply.status, &words),
    };
    Fault { status: Some(reply.status), retry_after_ms: reply.retry_after_ms, ..fault(kind, &why) }
}

/// What servers of Go, nginx and Apache say to plain HTTP on a port of TLS.
fn wants_tls(text: &str) -> bool {
    [
        "HTTP request to an HTTPS server",
        "HTTP request was sent to HTTPS port",
        "speaking plain HTTP to an SSL",
    ]
    .iter()
    .any(|words| text.contains(words))
}

/// The server's own words: the message of a JSON error, else the first line that is not empty.
fn words(text: &str) -> Cow<'_, str> {
    #[derive(Deserialize)]
    struct Said {
        error: Option<String>,
        message: Option<String>,
        msg: Option<String>,
    }
    let text = text.trim();
    if text.starts_with('{') {
        let said = serde_json::from_str::<Said>(text).ok();
        let words = said.and_then(|said| said.error.or(said.message).or(said.msg));
        if let Some(words) = words.filter(|words| !words.is_empty()) {
            return Cow::Owned(words);
        }
    } else if text.starts_with('"')
        && let Ok(words) = serde_json::from_str::<String>(text)
    {
        return Cow::Owned(words);
    }
    Cow::Borrowed(text.lines().next().unwrap_or(""))
}

/// Whether bytes begin like a page for a browser.
pub(super) fn looks_like_html(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    let begins =
        |prefix: &[u8]| body.len() >= prefix.len() && body[..prefix.len()].eq_ignore_ascii_case(prefix);
    [&b"<!doctype"[..], b"<html", b"<head", b"<body", b"<title", b"<!--", b"<?xml"].into_iter().any(begins)
}

/// The title of a page as one safe line, empty where it has none.
pub(super) fn title(body: &[u8]) -> String {
    let head = String::from_utf8_lossy(&body[..body.len().min(16 * 1024)]);
    // ASCII case only: byte positions must stay those of `head`.
    let lower = head.to_ascii_lowercase();
    let found = lower.find("<title").and_then(|open| {
        let start = open + lower[open..].find('>')? + 1;
        let end = start + lower[start..].find("</title")?;
        Some(&head[start..end])
    });
    let plain = found.unwrap_or("").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let plain = plain.replace("&#39;", "'").replace("&amp;", "&");
    let short: String = line(&plain).chars().take(60).collect();
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_words_are_found_in_all_their_wrappings() {
        for (body, expected) in [
            (r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#, "parse error"),
            (r#"{"code":400,"message":"bad matcher"}"#, "bad matcher"),
            (r#""just a string""#, "just a string"),
            (r#"{"error":{"nested":1}}"#, r#"{"error":{"nested":1}}"#),
            ("\n\nfirst line\nsecond", "first line"),
            ("", ""),
        ] {
            assert_eq!(words(body), expected, "{body}");
        }
    }

    #[test]
    fn titles_are_read_from_any_page() {
        for (page, expected) in [
            ("<!DOCTYPE html><html><head><TITLE lang=en>Sign\n in &amp; go</TITLE>", "Sign in & go"),
            ("<html><body>no title", ""),
            ("<title>never closed", ""),
            ("<title>\u{1b}[31mred</title>", "red"),
            ("İ<title>dotted</title>", "dotted"),
        ] {
            assert_eq!(title(page.as_bytes()), expected, "{page}");
        }
    }

    #[test]
    fn html_is_known_by_its_beginning() {
        for page in ["<!doctype HTML>", "\u{feff} \n<html>", "<BODY>"] {
            assert!(looks_like_html(page.as_bytes()), "{page}");
        }
        for other in ["", "{}", "up 1", "# HELP <html> x", "<ht"] {
            assert!(!looks_like_html(other.as_bytes()), "{other}");
        }
    }
}
