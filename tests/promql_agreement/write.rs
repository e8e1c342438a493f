//! Remote write: samples to the server, bit by bit as they are.

use plantao::model::Series;

use crate::support::http;

/// Span of one request: the server's head refuses what is older than its newest sample by an hour.
const SPAN_MS: i64 = 600_000;

/// Writes all series. The order of the series is the order in which the server will find them.
pub fn all(url: &str, series: &[Series]) {
    let times = || series.iter().flat_map(|series| &series.points).map(|point| point.t);
    let (first, last) = (times().min().unwrap(), times().max().unwrap());
    let mut from = first;
    while from <= last {
        let body = snappy(&request(series, from, from + SPAN_MS));
        let (status, answer) = http::wait_for(async {
            let answer = http::client()
                .post(format!("{url}/api/v1/write"))
                .header("content-type", "application/x-protobuf")
                .header("content-encoding", "snappy")
                .header("x-prometheus-remote-write-version", "0.1.0")
                .body(body)
                .send()
                .await
                .expect("an answer to a remote write");
            (answer.status(), answer.text().await.unwrap_or_default())
        });
        assert!(status.is_success(), "remote write: {status} {answer}");
        from += SPAN_MS;
    }
}

/// `WriteRequest` of Prometheus's `prompb/remote.proto`: every series, also one without samples in
/// this span, with those from `from` to `to` (excluded).
fn request(series: &[Series], from: i64, to: i64) -> Vec<u8> {
    let mut request = Vec::new();
    for series in series {
        let inside: Vec<_> = series.points.iter().filter(|point| (from..to).contains(&point.t)).collect();
        if inside.is_empty() {
            continue;
        }
        let mut one = Vec::new();
        for (name, value) in series.labels.iter() {
            let mut label = Vec::new();
            bytes(&mut label, 1, name.as_bytes());
            bytes(&mut label, 2, value.as_bytes());
            bytes(&mut one, 1, &label);
        }
        for point in inside {
            let mut sample = vec![(1 << 3) | 1];
            sample.extend(point.v.to_bits().to_le_bytes());
            sample.push(2 << 3);
            varint(&mut sample, point.t as u64);
            bytes(&mut one, 2, &sample);
        }
        bytes(&mut request, 1, &one);
    }
    request
}

fn bytes(out: &mut Vec<u8>, field: u8, content: &[u8]) {
    out.push((field << 3) | 2);
    varint(out, content.len() as u64);
    out.extend(content);
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A block of Snappy that compresses nothing: literals only.
fn snappy(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + content.len() / 1000 + 16);
    varint(&mut out, content.len() as u64);
    for chunk in content.chunks(65_536) {
        // A literal whose length less one follows in two bytes.
        out.push(61 << 2);
        out.extend(u16::try_from(chunk.len() - 1).unwrap().to_le_bytes());
        out.extend(chunk);
    }
    out
}
