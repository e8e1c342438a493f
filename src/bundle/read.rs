//! Reading: one line at a time. A broken line is told by its number and passed over; only the manifest must be right.

use std::io::BufRead;

use super::error::{BundleError, Report};
use super::intern::Interner;
use super::limits::Limits;
use super::parse::{self, Parsed};
use crate::model::evidence::Evidence;

/// What a bundle holds.
#[derive(Debug)]
pub struct Reading {
    /// The evidence.
    pub evidence: Evidence,
    /// What was not understood or left out.
    pub report: Report,
    /// Whether a seal closes it; whether it holds is `verify`'s to say.
    pub sealed: bool,
}

/// A line of at most so many bytes.
pub enum Next {
    /// There is none.
    End,
    /// It is in the buffer, with its line feed where it has one.
    Line,
    /// It is longer; it was passed over.
    TooLong,
}

/// Reads the next line into `buffer`.
pub fn next_line(input: &mut impl BufRead, buffer: &mut Vec<u8>, most: usize) -> std::io::Result<Next> {
    buffer.clear();
    let mut too_long = false;
    loop {
        let piece = match input.fill_buf() {
            Ok(piece) => piece,
            Err(why) if why.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(why) => return Err(why),
        };
        if piece.is_empty() {
            return Ok(match (too_long, buffer.is_empty()) {
                (true, _) => Next::TooLong,
                (false, true) => Next::End,
                (false, false) => Next::Line,
            });
        }
        let end = memchr::memchr(b'\n', piece).map(|at| at + 1);
        let taken = end.unwrap_or(piece.len());
        if !too_long {
            if buffer.len() + taken > most {
                too_long = true;
                buffer.clear();
            } else {
                buffer.extend_from_slice(&piece[..taken]);
            }
        }
        input.consume(taken);
        if end.is_some() {
            return Ok(if too_long { Next::TooLong } else { Next::Line });
        }
    }
}

/// Reads a bundle from lines that are no longer compressed.
pub fn read(mut input: impl BufRead, limits: &Limits) -> Result<Reading, BundleError> {
    let mut report = Report::default();
    let mut buffer = Vec::new();
    let stream = |after: u64| move |why| BundleError::Stream { after, why };
    match next_line(&mut input, &mut buffer, limits.line).map_err(stream(0))? {
        Next::End => return Err(BundleError::Empty),
        Next::TooLong => return Err(BundleError::Manifest("it is too long".to_owned())),
        Next::Line => {}
    }
    let first =
        std::str::from_utf8(&buffer).map_err(|_| BundleError::Manifest("it is no UTF-8".to_owned()))?;
    // A byte order mark, which some editors write, says nothing.
    let manifest = parse::manifest(first.trim_start_matches('\u{feff}').trim(), &mut report)?;
    report.lines = 1;

    let mut evidence = Evidence::new(manifest);
    let mut intern = Interner::default();
    let mut sealed = false;
    let mut kept = 0_usize;
    loop {
        match next_line(&mut input, &mut buffer, limits.line).map_err(stream(report.lines))? {
            Next::End => break,
            Next::TooLong => {
                report.lines += 1;
                report.broken(report.lines, format!("longer than {} bytes", limits.line));
                continue;
            }
            Next::Line => report.lines += 1,
        }
        let at = report.lines;
        let Ok(text) = std::str::from_utf8(&buffer) else {
            report.broken(at, "no UTF-8".to_owned());
            continue;
        };
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        if sealed {
            report.broken(at, "it comes after the seal".to_owned());
            sealed = false;
        }
        if kept >= limits.records || intern.bytes >= limits.bytes {
            report.dropped += 1;
            continue;
        }
        match parse::line(text, &mut evidence, &mut intern, &mut report) {
            Ok(Parsed::Kept) => kept += 1,
            Ok(Parsed::Seal) => sealed = true,
            Ok(Parsed::Unknown) => {}
            Err(why) => report.broken(at, why),
        }
    }
    Ok(Reading { evidence, report, sealed })
}
