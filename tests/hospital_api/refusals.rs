//! Bad requests: each is answered as the real servers answer it, and the servers live on.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::fixture::{RULES, busy, serve};
use crate::support::http;

/// Status and body, whatever the method.
fn ask(method: &str, url: &str, media_type: &str, body: &str) -> (u16, String) {
    http::wait_for(async {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = http::client().request(method, url);
        if !media_type.is_empty() {
            request = request.header("content-type", media_type).body(body.to_owned());
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    })
}

/// Requests and answers of a real Prometheus 2.42.
#[test]
fn prometheus_refuses_as_the_real_one() {
    let running = serve(&busy(), RULES);
    for (path, words) in [
        (
            "query?query=up&time=abc",
            "invalid parameter \"time\": Invalid time value for 'time': cannot parse \"abc\" to a valid timestamp",
        ),
        (
            "query?query=up&timeout=abc",
            "invalid parameter \"timeout\": cannot parse \"abc\" to a valid duration",
        ),
        (
            "query?query=up&time=1e400",
            "invalid parameter \"time\": Invalid time value for 'time': cannot parse \"1e400\" to a valid timestamp",
        ),
        ("query_range?query=up", "invalid parameter \"start\": cannot parse \"\" to a valid timestamp"),
        (
            "query_range?query=up&start=5&end=x",
            "invalid parameter \"end\": cannot parse \"x\" to a valid timestamp",
        ),
        (
            "query_range?query=up&start=5&end=4&step=1",
            "invalid parameter \"end\": end timestamp must not be before start time",
        ),
        (
            "query_range?query=up&start=5&end=6",
            "invalid parameter \"step\": cannot parse \"\" to a valid duration",
        ),
        (
            "query_range?query=up&start=5&end=6&step=-1",
            "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer",
        ),
        (
            "query_range?query=up[5m]&start=5&end=6&step=1",
            "invalid expression type \"range vector\" for range query, must be Scalar or instant Vector",
        ),
        (
            "query_range?query=%22x%22&start=5&end=6&step=1",
            "invalid expression type \"string\" for range query, must be Scalar or instant Vector",
        ),
        ("series", "no match[] parameter provided"),
        (
            "series?match[]={}",
            "invalid parameter \"match[]\": match[] must contain at least one non-empty matcher",
        ),
        (
            "series?match[]=up&start=x",
            "invalid parameter \"start\": Invalid time value for 'start': cannot parse \"x\" to a valid timestamp",
        ),
        ("labels?match[]={}", "match[] must contain at least one non-empty matcher"),
        (
            "labels?start=x",
            "invalid parameter \"start\": Invalid time value for 'start': cannot parse \"x\" to a valid timestamp",
        ),
        ("label/a-b/values", "invalid label name: \"a-b\""),
        ("rules?type=foo", "invalid parameter \"type\": not supported value \"foo\""),
        ("metadata?limit=x", "limit must be a number"),
        (
            "query_exemplars?query=up&start=x",
            "invalid parameter \"start\": Invalid time value for 'start': cannot parse \"x\" to a valid timestamp",
        ),
    ] {
        let (status, body) = ask("GET", &format!("{}/api/v1/{path}", running.urls.prometheus), "", "");
        let said: Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{path}: {body}"));
        assert_eq!(status, 400, "{path}");
        assert_eq!(said, json!({"status": "error", "errorType": "bad_data", "error": words}), "{path}");
    }
    // Where the words are the parser's own, type and status count.
    for path in [
        "series?match[]=up(",
        "labels?match[]=rate(up[5m])",
        "label/job/values?match[]={a=",
        "query?query=foo(up)",
        "query?query=up;x",
        "query",
        "query?query=%zz",
    ] {
        let (status, body) = ask("GET", &format!("{}/api/v1/{path}", running.urls.prometheus), "", "");
        assert!(status == 400 && body.contains("\"errorType\":\"bad_data\""), "{path}: {status} {body}");
    }
    for (method, path, status, body) in [
        ("GET", "/api/v1/nothing", 404, "404 page not found\n"),
        ("GET", "/nothing", 404, "404 page not found\n"),
        ("DELETE", "/api/v1/query?query=up", 405, "Method Not Allowed\n"),
        ("POST", "/api/v1/rules", 405, "Method Not Allowed\n"),
        ("POST", "/api/v1/label/job/values", 405, "Method Not Allowed\n"),
        ("OPTIONS", "/api/v1/query", 204, ""),
        ("GET", "/-/healthy", 200, "Prometheus Server is Healthy.\n"),
        ("GET", "/-/ready", 200, "Prometheus Server is Ready.\n"),
        (
            "GET",
            "/api/v1/query?query=up&time=NaN",
            200,
            r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#,
        ),
        (
            "GET",
            "/api/v1/query?query=up&time=99999999999999999999",
            200,
            r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#,
        ),
    ] {
        let said = ask(method, &format!("{}{path}", running.urls.prometheus), "", "");
        assert_eq!((said.0, said.1.as_str()), (status, body), "{method} {path}");
    }
}

#[test]
fn a_huge_or_strange_body_is_refused_and_the_server_lives() {
    let running = serve(&busy(), RULES);
    let query = format!("{}/api/v1/query", running.urls.prometheus);
    let huge = "a".repeat(11 << 20);
    let (status, _) = ask("POST", &query, "application/x-www-form-urlencoded", &huge);
    assert_eq!(status, 400);
    let (status, _) =
        ask("POST", &format!("{}/api/v2/silences", running.urls.alertmanager), "application/json", &huge);
    assert!(status == 413 || status == 400, "{status}");
    assert_eq!(ask("POST", &query, "application/json", r#"{"query":"up"}"#).0, 400);
    // Deep queries and deep bodies must not exhaust the stack.
    let deep = format!("query={}1{}", "(".repeat(50_000), ")".repeat(50_000));
    assert_eq!(ask("POST", &query, "application/x-www-form-urlencoded", &deep).0, 400);
    let deep = "[".repeat(100_000);
    assert_eq!(
        ask("POST", &format!("{}/api/v2/alerts", running.urls.alertmanager), "application/json", &deep).0,
        400
    );
    // No HTTP at all, and a request that breaks off.
    for bytes in [
        &b"\x16\x03\x01\x00\xff garbage\r\n\r\n"[..],
        b"POST /api/v1/query HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\nquery=",
    ] {
        let mut stream = TcpStream::connect(running.urls.prometheus.trim_start_matches("http://")).unwrap();
        stream.write_all(bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
    }
    assert_eq!(ask("GET", &format!("{query}?query=1"), "", "").0, 200);
}

/// Requests and answers of a real Alertmanager 0.25.
#[test]
fn alertmanager_refuses_as_the_real_one() {
    let running = serve(&busy(), RULES);
    let base = &running.urls.alertmanager;
    let get = |path: &str| ask("GET", &format!("{base}{path}"), "", "");
    for (path, status, body) in [
        ("/api/v2/nothing", 404, r#"{"code":404,"message":"path /api/v2/nothing was not found"}"#),
        ("/nothing", 404, "404 page not found\n"),
        ("/-/healthy", 200, "OK"),
        ("/-/ready", 200, "OK"),
        ("/api/v2/alerts?filter=severity", 400, r#""bad matcher format: severity""#),
        ("/api/v2/alerts?filter=severity==", 200, "[]\n"),
        (
            "/api/v2/silence/abc",
            422,
            r#"{"code":601,"message":"silenceID in path must be of type uuid: \"abc\""}"#,
        ),
        ("/api/v2/silence/00000000-0000-0000-0000-000000000000", 404, ""),
    ] {
        let said = get(path);
        assert_eq!((said.0, said.1.as_str()), (status, body), "{path}");
    }
    assert_eq!(get("/api/v2/alerts?filter=a=~[").0, 400);
    assert_eq!(get("/api/v2/alerts?receiver=[").0, 400);
    for (method, path, words) in [
        ("PUT", "/api/v2/silences", "method PUT is not allowed, but [POST,GET] are"),
        ("POST", "/api/v2/status", "method POST is not allowed, but [GET] are"),
        ("DELETE", "/api/v2/alerts", "method DELETE is not allowed, but [POST,GET] are"),
    ] {
        let (status, body) = ask(method, &format!("{base}{path}"), "", "");
        let said: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, said), (405, json!({"code": 405, "message": words})), "{method} {path}");
    }
    let unknown = format!("{base}/api/v2/silence/00000000-0000-0000-0000-000000000000");
    assert_eq!(ask("DELETE", &unknown, "", ""), (500, "\"silence not found\"".to_owned()));

    let rest = r#""startsAt":"2026-11-20T06:00:00.000Z","endsAt":"2030-11-22T05:21:36.000Z","createdBy":"oncall","comment":"c""#;
    let matchers = r#""matchers":[{"name":"alertname","value":"T","isRegex":false,"isEqual":true}]"#;
    let other = |starts: &str, ends: &str| {
        format!(r#"{{{matchers},"startsAt":{starts},"endsAt":{ends},"createdBy":"x","comment":""}}"#)
    };
    for (path, body, status, said) in [
        ("silences", format!("{{{rest}}}"), 422, r#"{"code":602,"message":"matchers in body is required"}"#),
        (
            "silences",
            format!("{{{matchers}}}"),
            422,
            r#"{"code":602,"message":"comment in body is required"}"#,
        ),
        (
            "silences",
            format!("{{\"matchers\":[],{rest}}}"),
            422,
            r#"{"code":612,"message":"matchers in body should have at least 1 items"}"#,
        ),
        (
            "silences",
            format!("{{\"matchers\":[{{\"name\":\"a\"}}],{rest}}}"),
            422,
            r#"{"code":602,"message":"matchers.0.isRegex in body is required"}"#,
        ),
        (
            "silences",
            format!("{{\"matchers\":[{{\"name\":\"\",\"value\":\"x\",\"isRegex\":false}}],{rest}}}"),
            400,
            r#""silence invalid: invalid label matcher 0: invalid label name \"\"""#,
        ),
        (
            "silences",
            format!("{{\"matchers\":[{{\"name\":\"a\",\"value\":\"\",\"isRegex\":false}}],{rest}}}"),
            400,
            r#""silence invalid: at least one matcher must not match the empty string""#,
        ),
        (
            "silences",
            other("\"2031-11-22T05:11:36Z\"", "\"2030-11-22T05:11:36Z\""),
            400,
            r#""Failed to create silence: start time must be before end time""#,
        ),
        (
            "silences",
            other("\"2021-11-22T05:11:36Z\"", "\"2022-11-22T05:11:36Z\""),
            400,
            r#""Failed to create silence: end time can't be in the past""#,
        ),
        (
            "silences",
            other("\"x\"", "\"2030-11-22T05:11:36Z\""),
            400,
            r#"{"code":400,"message":"parsing silence body from \"\" failed, because parsing time \"x\" as \"2006-01-02 15:04:05\": cannot parse \"x\" as \"2006\""}"#,
        ),
        (
            "silences",
            other("5", "\"2030-11-22T05:11:36Z\""),
            400,
            r#"{"code":400,"message":"parsing silence body from \"\" failed, because json: cannot unmarshal number into Go struct field Silence.startsAt of type string"}"#,
        ),
        ("silences", format!("{{\"id\":\"nope\",{matchers},{rest}}}"), 404, r#""silence not found""#),
        (
            "silences",
            "{".to_owned(),
            400,
            r#"{"code":400,"message":"parsing silence body from \"\" failed, because unexpected EOF"}"#,
        ),
        (
            "silences",
            format!("{{\"matchers\":5,{rest}}}"),
            400,
            r#"{"code":400,"message":"parsing silence body from \"\" failed, because json: cannot unmarshal number into Go struct field Silence.matchers of type models.Matchers"}"#,
        ),
        ("alerts", r#"[{"labels":{}}]"#.to_owned(), 400, r#""at least one label pair required""#),
        (
            "alerts",
            r#"[{"labels":{"a-b":"c"}}]"#.to_owned(),
            400,
            r#""invalid label set: invalid name \"a-b\"""#,
        ),
        ("alerts", "[{}]".to_owned(), 422, r#"{"code":602,"message":"0.labels in body is required"}"#),
        (
            "alerts",
            "{".to_owned(),
            400,
            r#"{"code":400,"message":"parsing alerts body from \"\" failed, because unexpected EOF"}"#,
        ),
        (
            "alerts",
            r#"{"a":1}"#.to_owned(),
            400,
            r#"{"code":400,"message":"parsing alerts body from \"\" failed, because json: cannot unmarshal object into Go value of type models.PostableAlerts"}"#,
        ),
        (
            "alerts",
            r#"[{"labels":{"a":1}}]"#.to_owned(),
            400,
            r#"{"code":400,"message":"parsing alerts body from \"\" failed, because json: cannot unmarshal number into Go struct field Alert.labels of type string"}"#,
        ),
        (
            "alerts",
            r#"[{"labels":{"a":"b"},"startsAt":"2026-11-22T05:00:00Z","endsAt":"2026-11-21T05:00:00Z"}]"#
                .to_owned(),
            400,
            r#""start time must be before end time""#,
        ),
        ("alerts", String::new(), 422, r#"{"code":602,"message":"alerts in body is required"}"#),
    ] {
        let answer = ask("POST", &format!("{base}/api/v2/{path}"), "application/json", &body);
        let [ours, theirs] = [&answer.1, said].map(|text| serde_json::from_str::<Value>(text).unwrap());
        assert_eq!((answer.0, ours), (status, theirs), "{path} {body}");
    }
    for media_type in ["text/plain", "application/x-www-form-urlencoded"] {
        let (status, body) = ask("POST", &format!("{base}/api/v2/alerts"), media_type, "x");
        assert_eq!(status, 415);
        assert!(body.contains("unsupported media type"), "{body}");
    }
}
