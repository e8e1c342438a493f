//! Checks of single values, the same for files, variables and flags: addresses, names, durations.

use std::time::Duration;

use url::Url;

use super::types::Notify;
use crate::document::did_you_mean;
use crate::model::duration;
use crate::model::role::{Principal, Role};
use crate::text::config::EN as WORDS;

/// What is wrong with a value, and what to do. Never holds the value where it may hold a secret.
pub type Wrong = (String, Option<String>);

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// The base of a server.
    Base,
    /// A page, which may have a query.
    Page,
    /// A proxy.
    Proxy,
}

/// Reads an address.
pub fn url(text: &str, address: Address, from_file: bool) -> Result<Url, Wrong> {
    if text.trim().is_empty() {
        return Err((WORDS.empty.to_owned(), None));
    }
    if text.chars().any(char::is_control) {
        return Err((WORDS.control.to_owned(), None));
    }
    let text = text.trim();
    let secret = text.contains('@');
    let Some((scheme, _)) = text.split_once("://") else {
        let guess = format!("http://{}", text.trim_start_matches('/'));
        let help = (!secret && Url::parse(&guess).is_ok()).then(|| (WORDS.did_you_mean)(&guess));
        return Err((
            WORDS.url_no_scheme.to_owned(),
            help.or_else(|| Some(WORDS.url_scheme_help.to_owned())),
        ));
    };
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        let word = scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        let shown = if word && !secret { scheme } else { "…" };
        return Err(((WORDS.url_scheme)(shown), Some(WORDS.url_scheme_help.to_owned())));
    }
    let url = Url::parse(text).map_err(|error| ((WORDS.url_bad)(&error.to_string()), None))?;
    if !url.username().is_empty() || url.password().is_some() {
        let help = match (address, from_file) {
            (Address::Proxy, _) => WORDS.proxy_credentials_help,
            (_, true) => WORDS.url_credentials_help,
            (_, false) => WORDS.url_credentials_outside_help,
        };
        return Err((WORDS.url_credentials.to_owned(), Some(help.to_owned())));
    }
    let extra = match address {
        Address::Page => url.fragment().is_some(),
        Address::Base | Address::Proxy => url.query().is_some() || url.fragment().is_some(),
    };
    if extra {
        return Err((WORDS.url_query.to_owned(), Some(WORDS.url_query_help.to_owned())));
    }
    Ok(url)
}

/// Text that is shown or sent: not empty, no control characters.
pub fn text(text: &str) -> Result<String, Wrong> {
    if text.trim().is_empty() {
        return Err((WORDS.empty.to_owned(), None));
    }
    if text.chars().any(char::is_control) {
        return Err((WORDS.control.to_owned(), None));
    }
    Ok(text.trim().to_owned())
}

/// The name of a theme, keymap or pack. It becomes part of a file name, so nothing that leaves a
/// folder is one.
pub fn name(name: &str) -> Result<String, Wrong> {
    let name = text(name)?;
    let fine = name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)) && !name.starts_with('.');
    if fine { Ok(name) } else { Err((WORDS.bad_name.to_owned(), None)) }
}

/// The name of a field that is never shown: enough of it to be told from other words.
pub fn field(name: &str) -> Result<String, Wrong> {
    let name = text(name)?;
    let fine = name.chars().filter(|c| c.is_alphanumeric()).count() >= 2;
    if fine { Ok(name) } else { Err((WORDS.bad_field.to_owned(), None)) }
}

/// One word of several.
pub fn word<T: Copy>(word: &str, known: &[(&str, T)]) -> Result<T, Wrong> {
    if let Some((_, value)) = known.iter().find(|(name, _)| *name == word) {
        return Ok(*value);
    }
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    let help = did_you_mean(word, names.iter().copied())
        .map_or_else(|| (WORDS.known_words)(&names.join(", ")), WORDS.did_you_mean);
    let shown: String = word.chars().filter(|c| !c.is_control()).take(40).collect();
    Err(((WORDS.unknown_word)(&shown), Some(help)))
}

/// A language that has a table.
pub fn lang(text: &str) -> Result<String, Wrong> {
    word(text, &[("en", "en")]).map(str::to_owned)
}

/// `[roles] default`.
pub fn role(text: &str) -> Result<Role, Wrong> {
    word(text, &Role::NAMES)
}

/// An entry of a role.
pub fn principal(text: &str) -> Result<Principal, Wrong> {
    Principal::parse(text)
        .ok_or_else(|| (WORDS.bad_principal.to_owned(), Some(WORDS.principal_help.to_owned())))
}

/// `[ui] notify`.
pub fn notify(text: &str) -> Result<Notify, Wrong> {
    word(text, &Notify::NAMES)
}

/// Least and most seconds of a request's deadline.
pub const TIMEOUT: (u32, u32) = (1, 300);
/// Least and most seconds between polls or scrapes.
pub const INTERVAL: (u32, u32) = (1, 3600);
/// Least and most seconds that a revealed value stays in sight.
pub const REVEAL: (u32, u32) = (5, 120);
/// Least and most seconds that an acknowledgement mutes at a time.
pub const ACK: (u32, u32) = (60, 24 * 3600);
/// Least and most seconds of the start window.
pub const WINDOW: (u32, u32) = (60, 31 * 86_400);

/// A duration within bounds, in seconds.
pub fn seconds(text: &str, (least, most): (u32, u32)) -> Result<u32, Wrong> {
    let seconds = duration::parse(text).map_err(|wrong| (wrong, None))?;
    if (least..=most).contains(&seconds) {
        return Ok(seconds);
    }
    let shown = |s: u32| duration::format(i64::from(s));
    Err(((WORDS.out_of_bounds)(&shown(least), &shown(most)), None))
}

/// The same as a [`Duration`].
pub fn span(text: &str, bounds: (u32, u32)) -> Result<Duration, Wrong> {
    seconds(text, bounds).map(|s| Duration::from_secs(u64::from(s)))
}

/// `true` or `false` of a variable.
pub fn truth(text: &str) -> Result<bool, Wrong> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        other => {
            let shown: String = other.chars().filter(|c| !c.is_control()).take(40).collect();
            Err(((WORDS.not_bool)(&shown), None))
        }
    }
}

/// Whether a header may have this name and be set by a person. Never repeats what is no name.
pub fn header_name(name: &str) -> Result<(), Wrong> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(token) {
        return Err((WORDS.header_name.to_owned(), None));
    }
    let own = ["host", "content-length", "transfer-encoding", "connection", "accept-encoding", "upgrade"];
    if own.contains(&name.to_ascii_lowercase().as_str()) {
        return Err(((WORDS.header_own)(name), None));
    }
    Ok(())
}

/// Whether a header may have this value (RFC 9110, visible characters, space and tab).
pub fn header_value(value: &str) -> Result<(), Wrong> {
    let fine = value.chars().all(|c| c == '\t' || (' '..='~').contains(&c));
    if fine { Ok(()) } else { Err((WORDS.header_value.to_owned(), None)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_none_are_told_apart() {
        let wrong = |text: &str| url(text, Address::Base, true).expect_err(text);
        assert_eq!(wrong("").0, "is empty");
        assert_eq!(wrong("localhost:9090").1.as_deref(), Some("did you mean `http://localhost:9090`?"));
        assert_eq!(wrong("//prom.example/x").1.as_deref(), Some("did you mean `http://prom.example/x`?"));
        assert_eq!(wrong("htp://a").0, "the scheme `htp` cannot be used");
        assert_eq!(wrong("http://").0, "is not an address: empty host");
        assert_eq!(wrong("http://a:99999").0, "is not an address: invalid port number");
        assert_eq!(wrong("http://a?x=1").0, "the address holds a `?query` or `#fragment`");
        assert!(url("http://a/probe?target=b", Address::Page, true).is_ok());
        assert!(url(" https://a/prefix/ ", Address::Base, true).is_ok());
    }

    #[test]
    fn a_wrong_address_never_repeats_a_password() {
        for text in [
            "http://ana:s3cret@a",
            "ana:s3cret@a:9090",
            "s3cret@://x",
            "ftp://ana:s3cret@a",
            "http://ana:s3cret@a:99999",
            "http://s3cret@",
        ] {
            let told = format!("{:?}", url(text, Address::Base, true).expect_err(text));
            assert!(!told.contains("s3cret"), "{told}");
        }
    }

    #[test]
    fn names_cannot_leave_their_folder() {
        for bad in ["", " ", "../x", "a/b", ".x", "a\u{1b}b", "a b"] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
        assert_eq!(name("high-contrast").as_deref(), Ok("high-contrast"));
    }

    #[test]
    fn durations_have_bounds() {
        assert_eq!(seconds("10s", TIMEOUT), Ok(10));
        assert_eq!(seconds("6m", TIMEOUT).expect_err("too long").0, "must be between 1s and 5m");
        assert!(seconds("0s", TIMEOUT).is_err());
        assert!(seconds("10", TIMEOUT).expect_err("no unit").0.contains("is not a duration"));
    }

    #[test]
    fn headers_that_cannot_be_sent_are_refused() {
        assert!(header_name("X-Api-Key").is_ok() && header_value("abc 123").is_ok());
        for name in ["", "a b", "A: b", "ü", "Host", "content-length"] {
            assert!(header_name(name).is_err(), "{name:?}");
        }
        for value in ["a\nb", "ü", "\u{7f}"] {
            assert!(header_value(value).is_err(), "{value:?}");
        }
    }
}
