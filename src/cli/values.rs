//! Values of arguments that need a parser of their own.

use std::str::FromStr;

use crate::model::duration;
use crate::text::cli::EN as WORDS;

/// Width and height of a screen in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Lines.
    pub height: u16,
}

/// Beyond this a picture of a screen is a slip of the keyboard.
const MOST: u16 = 1000;

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || (WORDS.not_a_size)(text);
        let (width, height) = text.split_once(['x', 'X', '×']).ok_or_else(wrong)?;
        let number = |text: &str| {
            text.parse::<u16>().ok().filter(|cells| (1..=MOST).contains(cells)).ok_or_else(wrong)
        };
        Ok(Self { width: number(width)?, height: number(height)? })
    }
}

/// Length of a window in seconds: at least one minute.
pub fn window(text: &str) -> Result<u32, String> {
    let seconds = duration::parse(text)?;
    if seconds >= 60 { Ok(seconds) } else { Err((WORDS.too_short)("1m")) }
}

/// Length of a time range in seconds: at least one.
pub fn span(text: &str) -> Result<u32, String> {
    let seconds = duration::parse(text)?;
    if seconds >= 1 { Ok(seconds) } else { Err((WORDS.too_short)("1s")) }
}

/// How long an acknowledgement mutes at a time, in seconds: a minute to a day.
pub fn hold(text: &str) -> Result<u32, String> {
    match duration::parse(text)? {
        0..60 => Err((WORDS.too_short)("1m")),
        86_401.. => Err((WORDS.too_long)("24h")),
        seconds => Ok(seconds),
    }
}

/// Length of a silence in seconds: at least a minute.
pub fn silence(text: &str) -> Result<u32, String> {
    window(text)
}

/// Time to wait in seconds: at most an hour.
pub fn wait(text: &str) -> Result<u32, String> {
    let seconds = duration::parse(text)?;
    if seconds <= 3600 { Ok(seconds) } else { Err((WORDS.too_long)("1h")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_parse_within_bounds() {
        assert_eq!("120x40".parse(), Ok(Size { width: 120, height: 40 }));
        assert_eq!("80×24".parse(), Ok(Size { width: 80, height: 24 }));
        for text in ["", "120", "x", "0x10", "10x0", "1001x10", "-1x5", "1e2x5", "99999x5"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }

    #[test]
    fn durations_have_bounds() {
        assert_eq!((window("1m"), wait("0s")), (Ok(60), Ok(0)));
        assert!(window("59s").is_err());
        assert!(span("0s").is_err() && span("1s").is_ok());
        assert!(wait("2h").is_err());
    }
}
