//! A small hospital to scrape: a page per job with every metric that the field defines, on
//! loopback, driven by the test.

pub mod hospital;
pub mod series;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use self::series::{Series, page};
use super::serve::{Server, close_after};
use super::servers::PrometheusConfig;

/// How a job answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// With its page.
    #[default]
    Up,
    /// Not at all: the port is closed.
    Refuse,
    /// With this status and no page.
    Status(u16),
    /// It takes the connection and never answers.
    Hang,
    /// With a web page instead of metrics.
    Html,
}

struct Job {
    series: Vec<Series>,
    mode: Mode,
    began: Instant,
    scrapes: usize,
}

impl Job {
    /// Seconds since the hospital opened: what counters grow with.
    fn at(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }
}

/// The hospital. Dropping it closes its ports.
pub struct Feed {
    jobs: BTreeMap<&'static str, (Arc<Mutex<Job>>, Server)>,
}

impl Feed {
    /// Opens every job of the hospital, calm.
    pub fn start() -> Self {
        let began = Instant::now();
        let jobs = hospital::JOBS.into_iter().map(|name| {
            let job = Job { series: hospital::calm(name), mode: Mode::Up, began, scrapes: 0 };
            let job = Arc::new(Mutex::new(job));
            let router = Router::new().route("/metrics", get(scrape)).with_state(job.clone());
            (name, (job, Server::start(router)))
        });
        Self { jobs: jobs.collect() }
    }

    /// Sets every series that `selector` (`name` or `name{label="value",…}`) finds: a gauge to
    /// `value`, a counter to grow by `value` a second. Panics when it finds none, because the test
    /// then drives nothing.
    pub fn set(&self, selector: &str, value: f64) {
        self.change(selector, |series, at| series.set(at, value));
    }

    /// Makes every histogram that `selector` finds observe `rate` times a second, always `value`.
    pub fn observe(&self, selector: &str, rate: f64, value: f64) {
        self.change(selector, |series, at| series.observe(at, rate, &[(value, 1.0)]));
    }

    /// Lets a job answer in another way.
    pub fn mode(&self, job: &str, mode: Mode) {
        let (job, server) = self.job(job);
        job.lock().expect("job").mode = mode;
        if mode == Mode::Refuse { server.close() } else { server.open() }
    }

    /// Whole pages given to anybody so far.
    pub fn scrapes(&self, job: &str) -> usize {
        self.job(job).0.lock().expect("job").scrapes
    }

    /// `host:port` of a job.
    pub fn target(&self, job: &str) -> String {
        self.job(job).1.address().to_string()
    }

    /// Address of a job's page.
    pub fn page_url(&self, job: &str) -> String {
        format!("{}/metrics", self.job(job).1.url())
    }

    /// A Prometheus configuration that scrapes all of it.
    pub fn prometheus(&self) -> PrometheusConfig {
        let targets =
            self.jobs.iter().map(|(name, (_, server))| ((*name).to_owned(), server.address().to_string()));
        PrometheusConfig { targets: targets.collect(), ..PrometheusConfig::default() }
    }

    fn job(&self, name: &str) -> &(Arc<Mutex<Job>>, Server) {
        self.jobs.get(name).unwrap_or_else(|| panic!("the hospital has no job {name}"))
    }

    fn change(&self, selector: &str, mut change: impl FnMut(&mut Series, f64)) {
        let mut found = 0;
        for (job, _) in self.jobs.values() {
            let mut job = job.lock().expect("job");
            let at = job.at();
            for series in job.series.iter_mut().filter(|series| series.matches(selector)) {
                change(series, at);
                found += 1;
            }
        }
        assert!(found > 0, "no series of the hospital matches {selector}");
    }
}

async fn scrape(State(job): State<Arc<Mutex<Job>>>) -> Response {
    let mode = job.lock().expect("job").mode;
    let answer = match mode {
        Mode::Hang => std::future::pending().await,
        Mode::Status(status) => {
            (StatusCode::from_u16(status).expect("a status"), "the test said so\n").into_response()
        }
        Mode::Html => Html("<!doctype html><title>Sign in</title><p>Please sign in.").into_response(),
        Mode::Up | Mode::Refuse => {
            let mut job = job.lock().expect("job");
            job.scrapes += 1;
            let text = page(&job.series, job.at());
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
        }
    };
    close_after(answer)
}
