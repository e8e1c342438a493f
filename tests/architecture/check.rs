//! Holds the files against the rules.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use super::rules::{DOORS, LONGEST, OUTSIDE, PRINTS, ROOMS, Room, WINDOWS};
use super::source::{File, room_of};

/// One broken rule.
pub struct Report {
    path: String,
    line: usize,
    what: String,
    reason: &'static str,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} ({})", self.path, self.line, self.what, self.reason)
    }
}

/// Every broken rule of every file.
pub fn check(files: &[File]) -> Vec<Report> {
    let tests: BTreeSet<_> = files.iter().flat_map(|file| &file.test_files).collect();
    let mut out = Vec::new();
    for file in files {
        let mut found = size(file);
        // A test module in a file of its own may use what it likes, as an inline one may.
        if !tests.contains(&file.path) {
            found.extend(doors(file));
        }
        let path = file.path.display().to_string();
        out.extend(found.into_iter().map(|(line, what, reason)| Report {
            path: path.clone(),
            line,
            what,
            reason,
        }));
    }
    out
}

type Finding = (usize, String, &'static str);

fn size(file: &File) -> Vec<Finding> {
    if file.lines <= LONGEST {
        return Vec::new();
    }
    vec![(file.lines, format!("{} lines, at most {LONGEST}", file.lines), "one idea a file")]
}

fn doors(file: &File) -> Vec<Finding> {
    let name = room_of(&file.path);
    let Some(room) = ROOMS.iter().find(|room| room.name == name) else {
        return vec![(
            1,
            format!("the room {name} has no row in the table"),
            "every room says whom it may use",
        )];
    };
    let mut out = Vec::new();
    for (line, path) in &file.paths {
        let broken = match path.split_first() {
            Some((first, rest)) if first == "crate" => inside(room, rest),
            _ => outside(room, &file.path, path),
        };
        out.extend(broken.map(|(what, reason)| (*line, what, reason)));
        for (door, only, reason) in DOORS {
            if path.iter().any(|segment| segment == door) && !only.contains(&room.name) {
                out.push((*line, format!("{} may not use {door}", room.name), reason));
            }
        }
    }
    let (macros, only, reason) = PRINTS;
    for (line, called) in &file.macros {
        if macros.contains(&called.as_str()) && !only.contains(&room.name) {
            out.push((*line, format!("{} may not call {called}!", room.name), reason));
        }
    }
    out.extend(file.unsafes.iter().map(|line| (*line, "unsafe".to_owned(), "nothing here needs it")));
    out.sort();
    // One `use` line with several names is one mistake.
    out.dedup();
    out
}

/// A path within the crate, `crate` taken off.
fn inside(room: &Room, path: &[String]) -> Option<(String, &'static str)> {
    let target = path.first()?;
    if target == room.name || target == "*" {
        return None;
    }
    // Something that stands in the crate's root, such as a macro, is nobody's room.
    ROOMS.iter().find(|other| other.name == target)?;
    if !room.uses.contains(&"*") && !room.uses.contains(&target.as_str()) {
        return Some((format!("{} may not use {target}", room.name), room.reason));
    }
    let (_, _, only, reason) = WINDOWS.iter().find(|(from, to, ..)| *from == room.name && to == target)?;
    let through = path.get(1).is_some_and(|module| module == only);
    (!through).then(|| (format!("{} may use {target}::{only} only", room.name), *reason))
}

/// A path out of the crate: the most particular rule counts.
fn outside(room: &Room, file: &Path, path: &[String]) -> Option<(String, &'static str)> {
    let full = path.join("::");
    let under =
        |rule: &str| full == rule || full.strip_prefix(rule).is_some_and(|rest| rest.starts_with("::"));
    let rule = OUTSIDE
        .iter()
        .filter(|rule| match rule.path.strip_prefix("::") {
            Some(end) => full == end || full.ends_with(rule.path),
            None => under(rule.path),
        })
        .max_by_key(|rule| rule.path.len())?;
    let allowed = rule.only.iter().any(|who| *who == room.name || file.with_extension("") == Path::new(who));
    (!allowed)
        .then(|| (format!("{} may not touch {}", room.name, rule.path.trim_start_matches("::")), rule.reason))
}
