//! How often what is nobody's is masked: measured, since it cannot be zero (one in a hundred numbers of eleven
//! digits is a valid CPF by chance). `cargo test --test privacy false_alarms -- --nocapture` prints it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::corpus::{MAKERS, line};
use crate::masker;

const LINES: u32 = 250_000;

#[test]
fn fewer_than_one_in_ten_thousand_lines_is_masked_for_nothing() {
    let masker = masker();
    let mut rng = fastrand::Rng::with_seed(20_261_122);
    let mut wrong: BTreeMap<&str, (u32, String)> = BTreeMap::new();
    for _ in 0..LINES {
        let (kind, line) = line(&mut rng);
        let masked = masker.mask(&line);
        if masked != line {
            let entry = wrong.entry(MAKERS[kind].0).or_insert_with(|| (0, format!("{line}\n  → {masked}")));
            entry.0 += 1;
        }
    }
    let count: u32 = wrong.values().map(|(count, _)| count).sum();
    let rate = f64::from(count) * 10_000.0 / f64::from(LINES);
    println!("{count} of {LINES} lines masked for nothing: {rate:.3} in 10,000");
    for (kind, (count, example)) in &wrong {
        println!("{count:>6} {kind}: {example}");
    }
    assert!(rate < 1.0, "{rate:.3} in 10,000 lines");
}

/// Every string of every captured answer, and every line of every captured page.
#[test]
fn captures_of_real_servers_stay_as_they_are() {
    let masker = masker();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let mut lines = 0;
    for entry in std::fs::read_dir(folder).expect("captures") {
        let path = entry.expect("an entry").path();
        // That one holds personal data on purpose.
        if path.ends_with("loki_range_pii.json") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let mut strings = Vec::new();
        match serde_json::from_str(&text) {
            Ok(value) => gather(&value, &mut strings),
            Err(_) => strings.push(text.clone()),
        }
        for line in strings.iter().flat_map(|text| text.lines()) {
            lines += 1;
            // The address of who built Debian's Prometheus is an address.
            if line.contains("@tracker.debian.org") {
                continue;
            }
            assert_eq!(masker.mask(line), line, "{}", path.display());
        }
    }
    assert!(lines > 1000, "{lines} lines were read");
}

/// Strings, and what is JSON within them.
fn gather(value: &serde_json::Value, out: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => match serde_json::from_str::<serde_json::Value>(text) {
            Ok(inner) if inner.is_object() || inner.is_array() => {
                out.push(text.clone());
                gather(&inner, out);
            }
            _ => out.push(text.clone()),
        },
        serde_json::Value::Array(all) => all.iter().for_each(|inner| gather(inner, out)),
        serde_json::Value::Object(all) => all.values().for_each(|inner| gather(inner, out)),
        _ => {}
    }
}
