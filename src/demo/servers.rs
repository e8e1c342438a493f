//! The hospital's four servers on the loopback interface.
//!
//! Owns ports and the thread that serves them, so that a heavy query never holds up the console, nor
//! one query another: what computes, computes aside. Must not know what the model is made of, nor who
//! asks.

mod alertmanager;
mod answer;
#[cfg(test)]
mod ask;
mod form;
pub mod loki;
mod place;
mod prometheus;
pub mod tempo;
mod thread;

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use axum::Router;

use super::alerting::{Alerting, Evaluating};
use super::hospital::Hospital;
use crate::pack::Pack;

pub use place::Place;

/// Where the servers listen, as `http://127.0.0.1:PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urls {
    /// Prometheus's API.
    pub prometheus: String,
    /// Alertmanager's API.
    pub alertmanager: String,
    /// Loki's API.
    pub loki: String,
    /// Tempo's API.
    pub tempo: String,
}

/// Servers that run until this is dropped. Dropping closes the ports and ends the threads; an answer
/// under way has a moment to be finished.
#[derive(Debug)]
pub struct Running {
    /// Where they listen.
    pub urls: Urls,
    // First, so that it no longer evaluates while the servers end.
    _evaluating: Evaluating,
    _serving: thread::Serving,
}

/// Starts the four servers on free loopback ports, on a thread of their own. When it returns, they
/// listen. Fails when there is no port or no thread to be had, or when the pack's rules or its
/// `demo/alertmanager.toml` are wrong (`InvalidData`, every problem in its text).
pub fn start(hospital: &Arc<Hospital>, pack: &Arc<Pack>) -> io::Result<Running> {
    let (loki, tempo) = (loki::router(Arc::clone(hospital)), tempo::router(Arc::clone(hospital)));
    let running = serve(Arc::clone(hospital) as Arc<dyn Place>, pack, loki, tempo)?;
    let early = Arc::clone(hospital);
    // Without it the first question would take as long: not worth a failure.
    let _ = std::thread::Builder::new().name("hospital warm".to_owned()).spawn(move || early.warm());
    Ok(running)
}

/// Serves any place's Prometheus and Alertmanager beside a Loki and a Tempo; fails as [`start`] does.
pub fn serve(place: Arc<dyn Place>, pack: &Pack, loki: Router, tempo: Router) -> io::Result<Running> {
    let alerting = Alerting::new(place, pack).map_err(|problems| {
        let text: String = problems.iter().map(ToString::to_string).collect();
        io::Error::new(io::ErrorKind::InvalidData, text)
    })?;
    let [prometheus, alertmanager, logs, traces] = [bind()?, bind()?, bind()?, bind()?];
    let urls = Urls {
        prometheus: url(&prometheus)?,
        alertmanager: url(&alertmanager)?,
        loki: url(&logs)?,
        tempo: url(&traces)?,
    };
    let alerting = Arc::new(alerting);
    let dated = |router: Router| answer::dated(router, Arc::clone(alerting.place()));
    let routers = [
        dated(prometheus::router(Arc::clone(&alerting), &urls)),
        dated(alertmanager::router(Arc::clone(&alerting), &urls)),
        dated(loki),
        dated(tempo),
    ];
    let listeners = [prometheus, alertmanager, logs, traces];
    let serving = thread::Serving::start(listeners.into_iter().zip(routers).collect())?;
    let evaluating = Evaluating::start(&alerting)?;
    Ok(Running { urls, _evaluating: evaluating, _serving: serving })
}

fn bind() -> io::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn url(listener: &TcpListener) -> io::Result<String> {
    Ok(format!("http://{}", listener.local_addr()?))
}
