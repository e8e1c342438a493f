//! Keeps the doors between the rooms of `src/`: who may use whom, who may touch the clock, the
//! terminal and the network, how long a file may be. ARCHITECTURE.md draws the same map.
// Tests end by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod check;
mod rules;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use check::{Report, check};
use source::File;

/// Every Rust file of `src/`, with its path from there.
fn tree() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(&folder).expect("a folder of src").map(|entry| entry.expect("an entry").path())
        {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|kind| kind == "rs") {
                let text = fs::read_to_string(&entry).expect("a source file");
                files.push(File::new(relative(&root, &entry), &text));
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn relative(root: &Path, file: &Path) -> PathBuf {
    file.strip_prefix(root).expect("a file under src").to_owned()
}

#[test]
fn every_room_keeps_its_doors() {
    let files = tree();
    assert!(files.len() > 20, "the whole of src is read, not {} files", files.len());
    let problems = check(&files);
    assert!(
        problems.is_empty(),
        "\n{}\n",
        problems.iter().map(Report::to_string).collect::<Vec<_>>().join("\n")
    );
}

/// What the checker says of one file that stands alone.
fn of(path: &str, text: &str) -> Vec<String> {
    check(&[File::new(PathBuf::from(path), text)]).iter().map(Report::to_string).collect()
}

#[test]
fn each_rule_catches_who_breaks_it() {
    let cases = [
        ("model/alert.rs", "use crate::view::vm;", "model may not use view"),
        ("view/overview.rs", "use crate::ui::table;", "view may not use ui"),
        ("view/overview.rs", "use crate::{model::Time, runtime};", "view may not use runtime"),
        ("view/overview.rs", "fn f() { crate::client::get(); }", "view may not use client"),
        ("view/deep/er.rs", "use super::super::super::ui;", "view may not use ui"),
        ("ui/table.rs", "use crate::store::Store;", "ui may not use store"),
        ("ui/table.rs", "use crate::view::overview;", "ui may use view::vm only"),
        ("update/alerts.rs", "async fn f() { tokio::task::yield_now().await }", "tokio"),
        ("update/alerts.rs", "use std::{fmt, fs::File};", "std::fs"),
        ("update/alerts.rs", "use std::time::Instant;", "std::time::Instant"),
        ("view/x.rs", "use ratatui::style::Style;", "ratatui"),
        ("ui/x.rs", "use crossterm::event::Event;", "crossterm"),
        ("ui/x.rs", "use ratatui::crossterm::event::Event;", "crossterm"),
        ("store/x.rs", "use reqwest::Client;", "reqwest"),
        ("store/x.rs", "extern crate rusqlite;", "rusqlite"),
        ("store/x.rs", "fn f() -> Time { chrono::Utc::now() }", "Utc::now"),
        ("view/x.rs", "fn f() { let t = SystemTime::now(); }", "SystemTime::now"),
        ("client/x.rs", "fn f() { let clock = Utc::now; }", "Utc::now"),
        ("client/clock.rs", "fn f() { let now = chrono::Utc::now(); }", "Utc::now"),
        ("runtime.rs", "fn f() { let now = chrono::Utc::now(); }", "Utc::now"),
        ("store/x.rs", "fn f() { println!(\"x\") }", "println!"),
        ("store/x.rs", "fn f() { unsafe { g() } }", "unsafe"),
        ("runtime/x.rs", "use crate::privacy::unseal::open as look;", "may not use unseal"),
        ("cli/x.rs", "fn f() { crate::privacy::unseal::open(&x); }", "may not use unseal"),
        ("app/x.rs", "use crate::privacy; fn f() { privacy::unseal::open(&x); }", "may not use unseal"),
        ("runtime/y.rs", "fn f() { crate::privacy::vault::open_in_query(l, q); }", "may not use vault"),
        ("attic/x.rs", "use crate::model::Time;", "attic has no row"),
        ("main.rs", "fn main() { plantao::ui::draw() }", "main may not use ui"),
    ];
    for (path, text, expected) in cases {
        let said = of(path, text);
        assert_eq!(said.len(), 1, "{path}: {text}: {said:?}");
        assert!(said[0].contains(expected) && said[0].starts_with(path), "{path}: {text}: {said:?}");
    }
    let long = "//\n".repeat(rules::LONGEST + 1);
    assert!(of("view/x.rs", &long)[0].contains("lines"), "{:?}", of("view/x.rs", &long));
}

#[test]
fn what_is_allowed_or_no_code_is_let_pass() {
    let cases = [
        ("model/alert.rs", "use super::{Labels, Time}; use std::sync::Arc; use chrono::Utc;"),
        ("view/overview.rs", "use crate::{model::{Alert, Time as T}, store::Store};\nuse crate::text;"),
        ("ui/x.rs", "use ratatui::{layout::Rect, style::Style}; use crate::view::vm::{self, PaneVm};"),
        ("ui/x.rs", "use crate::view::vm;"),
        ("client/x.rs", "use crate::privacy::{Sealed, unseal};"),
        ("client/x.rs", "use crate::privacy::vault::open_in_query;"),
        ("client/http.rs", "fn f() { let sent = std::time::Instant::now(); }"),
        ("clock.rs", "fn f() { let now = chrono::Utc::now(); }"),
        (
            "update.rs",
            "/// Not `std::fs::read`.\nfn f<'a>(x: &'a str) { /* tokio:: /* nested */ crate::ui */ }",
        ),
        (
            "update.rs",
            "fn f() { let a = \"crate::ui::x \\\" tokio::y\"; let b = r#\"crate::ui \"quoted\"\"#; let c = '\"'; }",
        ),
        (
            "update.rs",
            "#[cfg(test)]\nmod tests { use crate::ui; fn f() { println!(\"{}\", std::fs::x()); } }",
        ),
        ("update.rs", "#[cfg(test)] use crate::ui;"),
        ("update.rs", "fn f() { let unsafe_word = 1; my_println(); }"),
        ("cli/output.rs", "fn f() { println!(\"x\") }"),
    ];
    for (path, text) in cases {
        assert_eq!(of(path, text), Vec::<String>::new(), "{path}: {text}");
    }
    // A test module in a file of its own is no part of the program.
    let files = [
        File::new(PathBuf::from("update.rs"), "#[cfg(test)]\nmod tests;\nmod alerts;"),
        File::new(PathBuf::from("update/tests.rs"), "use crate::ui;"),
    ];
    assert!(check(&files).is_empty());
}
