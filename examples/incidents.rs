//! Writes incidents of the embedded hospital as bundles, with the culprits beside them: material to look at, and to
//! measure an analysis with. `cargo run --example incidents -- FOLDER [SEEDS [FIRST]]`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

// The benchmark uses more of it.
#[allow(dead_code)]
#[path = "../tests/support/incidents.rs"]
mod incidents;

use std::collections::BTreeMap;
use std::path::Path;

use incidents::Case;
use plantao::demo::FaultKind;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(args.first().map_or("incidents", String::as_str));
    let number = |at: usize, or: u64| args.get(at).and_then(|text| text.parse().ok()).unwrap_or(or);
    let (seeds, first) = (number(1, 2), number(2, 1));
    std::fs::create_dir_all(folder).expect("the folder");
    let pack = incidents::shipped();
    let mut labels: BTreeMap<String, BTreeMap<&str, String>> = BTreeMap::new();
    for seed in first..first + seeds {
        for fault in FaultKind::ALL.into_iter().map(Some).chain([None]) {
            let severity = if seed % 2 == 0 { 1.0 } else { 0.6 };
            let case = Case { fault, seed, severity, distractors: seed % 3 != 0 };
            let word = fault.map_or("calm", FaultKind::as_str);
            let name = format!("hospital-{word}-{seed:03}");
            let evidence = incidents::evidence(&pack, &case);
            plantao::bundle::write_file(&folder.join(format!("{name}.jsonl.zst")), &evidence, None)
                .expect("written");
            println!("{name}: {} records", evidence.len());
            let culprit = case.culprits().first().copied().unwrap_or("").to_owned();
            labels.insert(name, BTreeMap::from([("component", culprit), ("fault", word.to_owned())]));
        }
    }
    let text = serde_json::to_string(&labels).expect("text");
    std::fs::write(folder.join("labels.json"), text).expect("written");
}
