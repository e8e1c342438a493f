//! A folder with a configuration, and the program run in it.

// Each program uses its own part of this.
#![allow(dead_code)]

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

use crate::support::sink::Sink;
use crate::support::{http, ports, wait};

/// What webhooks carry.
pub const TOKEN: &str = "s3cret-of-sixteen";

/// A person's machine.
pub struct Desk {
    home: tempfile::TempDir,
    port: u16,
}

impl Desk {
    /// With this configuration besides the journal's.
    pub fn new(config: &str) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let port = ports::free();
        fs::write(home.path().join("token"), TOKEN).expect("written");
        let text = format!(
            "operator = \"ana\"\n[journal]\npath = \"journal.db\"\n[watch]\nlisten = \"127.0.0.1:{port}\"\ntoken_file = \"token\"\npoll = \"1s\"\n{config}"
        );
        fs::write(home.path().join("config.toml"), text).expect("written");
        Self { home, port }
    }

    /// With a webhook channel that says everything, and a rota.
    pub fn with_hook(sink: &Sink, more: &str) -> Self {
        Self::new(&format!("[channels.hook]\nkind = \"webhook\"\nurl = \"{}\"\n{more}", sink.url()))
    }

    /// Where its watcher takes webhooks.
    pub fn webhook_url(&self) -> String {
        format!("http://127.0.0.1:{}/webhook", self.port)
    }

    /// A path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The program with arguments, not started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plantao"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("XDG_STATE_HOME", self.home.path().join("state"))
            .arg("--config")
            .arg(self.path("config.toml"))
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program")
    }

    /// Its status, stdout and stderr as texts.
    pub fn said(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.run(arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
    }

    /// A watcher that serves.
    pub fn watch(&self) -> Watch {
        let log =
            fs::OpenOptions::new().append(true).create(true).open(self.path("watch.log")).expect("a log");
        let child = self.command(&["watch"]).stdout(Stdio::null()).stderr(log).spawn().expect("a watcher");
        let mut watch = Watch { child, url: format!("http://127.0.0.1:{}", self.port) };
        wait::until("the watcher", || {
            if let Some(status) = watch.child.try_wait().expect("a status") {
                let log = fs::read_to_string(self.path("watch.log")).unwrap_or_default();
                panic!("the watcher ended with {status}: {log}");
            }
            match http::get(&format!("{}/healthz", watch.url)) {
                Ok((200, _)) => Ok(()),
                other => Err(format!("{other:?}")),
            }
        });
        watch
    }
}

/// A running watcher.
pub struct Watch {
    child: Child,
    url: String,
}

impl Watch {
    /// An address of it.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Posts a webhook with the right token; gives the status.
    pub fn post(&self, body: &str) -> u16 {
        post(&self.at("/webhook"), Some(TOKEN), body.to_owned()).expect("an answer").0
    }

    /// Ends it as a crash would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Status and body of a POST.
pub fn post(url: &str, token: Option<&str>, body: String) -> Result<(u16, String), String> {
    http::wait_for(send(url.to_owned(), token.map(str::to_owned), body))
}

/// The same as a future.
pub async fn send(url: String, token: Option<String>, body: String) -> Result<(u16, String), String> {
    let mut request = http::client().post(url).header("content-type", "application/json").body(body);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let answer = request.send().await.map_err(|error| format!("{error:?}"))?;
    Ok((answer.status().as_u16(), answer.text().await.unwrap_or_default()))
}

/// A webhook with one alert of a component.
pub fn webhook(name: &str, component: &str, severity: &str, status: &str) -> String {
    hook(&[alert(name, component, severity, status)])
}

/// An alert of a webhook.
pub fn alert(name: &str, component: &str, severity: &str, status: &str) -> Value {
    json!({
        "status": status,
        "labels": { "alertname": name, "service": component, "severity": severity, "department": "icu" },
        "annotations": { "summary": format!("{name} of {component}") },
        "startsAt": "2026-11-22T06:08:58.579736474Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "",
        "fingerprint": fingerprint(name, component),
    })
}

/// A webhook of these alerts.
pub fn hook(alerts: &[Value]) -> String {
    json!({
        "version": "4", "receiver": "plantao", "status": "firing", "alerts": alerts, "groupLabels": {},
        "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://am", "groupKey": "{}", "truncatedAlerts": 0,
    })
    .to_string()
}

/// Sixteen hexadecimal digits of an alert.
pub fn fingerprint(name: &str, component: &str) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes().chain([0]).chain(component.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

/// Every notification that a webhook channel got, whatever message it came in.
pub fn notifications(sink: &Sink) -> Vec<Value> {
    sink.got()
        .iter()
        .flat_map(|got| {
            let body: Value = serde_json::from_str(&got.body).expect("JSON");
            body["notifications"].as_array().cloned().unwrap_or_default()
        })
        .collect()
}

/// The body of a captured webhook.
pub fn captured(number: u8) -> String {
    let path = format!("{}/tests/wire/alertmanager_webhook_{number}.json", env!("CARGO_MANIFEST_DIR"));
    let capture: Value = serde_json::from_str(&fs::read_to_string(path).expect("a capture")).expect("JSON");
    capture["request"]["body"].as_str().expect("a body").to_owned()
}
