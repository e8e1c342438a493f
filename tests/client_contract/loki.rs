//! Loki: lines, series of metric queries, what the index knows, what the server found by itself.

use plantao::model::ask::{Answer, Answered, Ask, Key};
use plantao::model::{Fault, FaultKind, LogEntry, LogStats};

use crate::replay::{ask_one, time};

/// Asks over the window of the captures.
async fn window(name: &str, key: Key) -> Result<Answered, Fault> {
    let (start, end) = (time("2026-11-22T05:06:36.024Z"), time("2026-11-22T05:11:36.024Z"));
    ask_one(name, Ask::Window { key, start, end }).await
}

fn logs(query: &str, limit: u32) -> Key {
    Key::Logs { query: query.into(), limit, forward: false }
}

async fn entries(name: &str, key: Key) -> Vec<LogEntry> {
    match window(name, key).await.expect("an answer").answer {
        Answer::Logs(page) => page.entries.to_vec(),
        other => panic!("not lines: {other:?}"),
    }
}

#[tokio::test]
async fn merged_labels_are_the_streams() {
    let all = entries("loki_range_streams", logs("{category=\"ai_inference\"}", 100)).await;
    assert_eq!(all.len(), 20);
    assert!(all.is_sorted_by_key(|entry| std::cmp::Reverse(entry.ts)), "newest first");
    let newest = &all[0];
    assert_eq!(newest.ts, 1_795_324_295_382_638_987);
    assert_eq!(newest.labels.get("department"), Some("cardiology"));
    assert_eq!(newest.labels.get("detected_level"), Some("info"));
    assert!(newest.metadata.is_empty());
    assert!(newest.line.starts_with("{\"timestamp\": \"2026-11-22T05:11:35Z\""), "{}", newest.line);
}

#[tokio::test]
async fn categorised_labels_are_the_entrys_own() {
    let all =
        entries("loki_range_streams_categorized", logs("{category=\"medical_record\"} | json", 100)).await;
    assert_eq!(all.len(), 10);
    let entry = all.iter().find(|entry| entry.ts == 1_795_324_295_382_648_220).expect("the first entry");
    assert_eq!(entry.labels.len(), 6);
    assert_eq!(entry.labels.get("detected_level"), None);
    assert_eq!(entry.metadata.get("detected_level"), Some("info"));
    assert_eq!(entry.metadata.get("duration_ms"), Some("4813"));
    assert_eq!(entry.metadata.get("trace_id"), Some("de6204f6e947bb02fd5633f90bf333c1"));
}

#[tokio::test]
async fn personal_data_is_masked_and_counted_by_stream() {
    let told = window("loki_range_pii", logs("{category=\"audit\"}", 100)).await.expect("an answer");
    let Answer::Logs(page) = told.answer else { panic!("not lines") };
    assert!(!page.entries.is_empty() && !page.more);
    assert!(!page.leaks.is_empty(), "the capture holds identifiers");
    for leak in &page.leaks {
        let stream = leak.stream.as_deref().expect("a stream");
        assert!(stream.starts_with("{category=\"audit\""), "{stream}");
        assert!(leak.count > 0 && leak.first <= leak.last);
        assert!(
            page.entries
                .iter()
                .any(|entry| entry.line.contains(&format!("‹{}:", leak.kind.as_deref().unwrap())))
        );
    }
}

#[tokio::test]
async fn nothing_found_is_an_answer() {
    assert!(entries("loki_empty", logs("{service=\"nobody\"}", 10)).await.is_empty());
}

#[tokio::test]
async fn a_refused_query_is_the_servers_line() {
    let fault = window("loki_bad_query", logs("{service=", 10)).await.expect_err("refused");
    assert_eq!(fault.kind, FaultKind::BadQuery);
    assert_eq!(
        fault.detail,
        "parse error at line 1, col 10: syntax error: unexpected $end, expecting STRING"
    );
    let fault = window("loki_instant_log_query", Key::LogInstant("1+1".into())).await.expect_err("refused");
    assert_eq!((fault.kind, fault.status), (FaultKind::BadQuery, Some(400)));
    for (key, word) in [
        (logs("rate({a=\"b\"}[1m])", 10), "metric query"),
        (Key::LogInstant("{a=\"b\"}".into()), "gives lines"),
        (Key::LogRange("{a=\"b\"}".into(), 60), "gives lines"),
        (Key::LogSeries("1+1".into()), "no selector"),
    ] {
        let fault = window("loki_empty", key).await.expect_err("refused");
        assert_eq!(fault.kind, FaultKind::BadQuery);
        assert!(fault.detail.contains(word), "{}", fault.detail);
    }
}

#[tokio::test]
async fn a_limit_that_is_always_too_big_ends_as_the_servers_refusal() {
    // The capture names 5,000, which is what was asked for: there is nothing to learn.
    let fault =
        window("loki_limit_too_big", logs("{service=\"ai-engine\"}", 10_000)).await.expect_err("refused");
    assert_eq!(fault.kind, FaultKind::BadQuery);
    assert!(fault.detail.ends_with("(1000000 > 5000)"), "{}", fault.detail);
}

#[tokio::test]
async fn metric_queries_give_numbers() {
    let query = "sum by (service) (count_over_time({service=~\".+\"}[1m]))";
    let told = window("loki_instant_vector", Key::LogInstant(query.into())).await.expect("an answer");
    let Answer::Vector(all) = told.answer else { panic!("not a vector") };
    let one = all.iter().find(|one| one.labels.get("service") == Some("medical-api")).expect("a service");
    assert_eq!((all.len(), one.value, one.at), (4, 349.0, time("2026-11-22T05:11:38.113Z")));

    let told = window("loki_scalar", Key::LogInstant("1+1".into())).await.expect("an answer");
    let Answer::Vector(all) = told.answer else { panic!("not a vector") };
    assert_eq!((all.len(), all[0].value, all[0].at), (1, 2.0, time("2026-11-22T05:11:38.122Z")));

    let query = "sum by (level) (count_over_time({service=~\".+\"}[30s]))";
    let told = window("loki_range_matrix", Key::LogRange(query.into(), 30)).await.expect("an answer");
    let Answer::Matrix(all) = told.answer else { panic!("not a matrix") };
    let info = all.iter().find(|one| one.labels.get("level") == Some("info")).expect("a level");
    // The server went a step over both ends.
    assert_eq!(info.points.len(), 10);
    assert_eq!((info.points[0].t, info.points[0].v), (1_795_324_020_000, 268.0));
    assert_eq!(info.points[9].t, 1_795_324_290_000);
}

#[tokio::test]
async fn the_index_tells_labels_series_and_sizes() {
    let names = |told: Answered| match told.answer {
        Answer::Names(names) => names.iter().map(ToString::to_string).collect::<Vec<_>>(),
        other => panic!("not names: {other:?}"),
    };
    let labels = names(window("loki_labels", Key::LogLabels).await.expect("an answer"));
    assert_eq!(
        labels,
        ["age", "app", "category", "department", "job", "level", "service", "service_name", "uniq"]
    );
    let values = window("loki_label_values_category", Key::LogLabelValues("category".into())).await;
    assert_eq!(
        names(values.expect("an answer")),
        ["ai_inference", "audit", "authentication", "medical_record", "system"]
    );
    let told = window("loki_series", Key::LogSeries("{category=~\".+\"}".into())).await.expect("an answer");
    let Answer::LabelSets(sets) = told.answer else { panic!("not label sets") };
    assert!(sets.len() > 10 && sets.is_sorted(), "{}", sets.len());
    assert!(sets.iter().all(|set| set.get("category").is_some()));
    let told = window("loki_index_stats", Key::LogStats("{a=\"b\"} | json".into())).await.expect("an answer");
    assert_eq!(told.answer, Answer::LogStats(LogStats::default()));
    let told = window("loki_volume", Key::LogVolume("{service=~\".+\"}".into())).await.expect("an answer");
    let Answer::Vector(all) = told.answer else { panic!("not a vector") };
    assert_eq!((all[0].labels.get("service"), all[0].value), (Some("medical-api"), 647_414.0));
}

#[tokio::test]
async fn what_the_server_found_by_itself() {
    let told = window("loki_patterns", Key::LogPatterns("{service=\"medical-api\"}".into()))
        .await
        .expect("an answer");
    assert_eq!(told.answer, Answer::LogPatterns(Vec::new()), "none in lines of JSON");
    let told = window("loki_detected_fields", Key::LogFields("{service=\"ai-engine\"}".into()))
        .await
        .expect("an answer");
    let Answer::LogFields(all) = told.answer else { panic!("not fields") };
    assert!(all.is_sorted_by(|a, b| a.name <= b.name));
    let one = |name: &str| all.iter().find(|field| &*field.name == name).expect("a field").clone();
    let time = one("inference_time_ms");
    assert_eq!((&*time.kind, time.cardinality, &*time.parsers[0]), ("float", 100, "json"));
    assert!(one("detected_level").parsers.is_empty(), "it is structured metadata");
}
