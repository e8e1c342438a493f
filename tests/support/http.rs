//! Asking a server directly, past everything of the console's own.

use std::future::Future;
use std::sync::{Once, OnceLock};
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// The background runtime that our own servers and requests run on.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime for the harness")
    })
}

/// Runs `future` to its end from a plain test.
pub fn wait_for<T>(future: impl Future<Output = T>) -> T {
    runtime().block_on(future)
}

/// A client without a proxy, whatever the machine's environment says.
pub fn client() -> &'static reqwest::Client {
    static PROVIDER: Once = Once::new();
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    PROVIDER.call_once(|| {
        // Fails only when somebody installed one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    CLIENT.get_or_init(|| {
        reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build()
            .expect("a client for the harness")
    })
}

/// Status and body of a GET.
pub fn get(url: &str) -> Result<(u16, String), String> {
    wait_for(async {
        let answer = client().get(url).send().await.map_err(|error| format!("{url}: {error:?}"))?;
        let status = answer.status().as_u16();
        let body = answer.text().await.map_err(|error| format!("{url}: {error:?}"))?;
        Ok((status, body))
    })
}

/// The JSON of a GET that must succeed.
pub fn json(url: &str) -> Result<Value, String> {
    let (status, body) = get(url)?;
    if status != 200 {
        return Err(format!("{url}: {status} {body}"));
    }
    serde_json::from_str(&body).map_err(|error| format!("{url}: {error} in {body}"))
}

/// The JSON answer to a POST of JSON that must succeed.
pub fn post(url: &str, body: &Value) -> Result<Value, String> {
    wait_for(async {
        let answer = client()
            .post(url)
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .map_err(|error| format!("{url}: {error:?}"))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| format!("{url}: {error:?}"))?;
        if !status.is_success() {
            return Err(format!("{url}: {status} {text}"));
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    })
}

/// `base` + `path` with these parameters.
pub fn address(base: &str, path: &str, parameters: &[(&str, &str)]) -> String {
    let mut url = url::Url::parse(base).expect("a base address");
    let path = format!("{}{path}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    url.query_pairs_mut().extend_pairs(parameters);
    url.to_string()
}
