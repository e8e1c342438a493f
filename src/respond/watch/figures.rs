//! What a watcher counts, and its page for Prometheus.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

use super::opening::Taken;
use super::{Shared, age_s};
use crate::journal::IncidentFilter;
use crate::model::Time;
use crate::model::records::LetterState;
use crate::respond::outbox;

/// Counters since the start.
#[derive(Debug)]
pub struct Figures {
    started: Time,
    /// Of the outbox.
    pub outbox: Arc<outbox::Figures>,
    webhooks: AtomicU64,
    alerts: AtomicU64,
    refused: [AtomicU64; CODES.len()],
    opened: AtomicU64,
    journal_failures: AtomicU64,
    escalations: AtomicU64,
    polls: AtomicU64,
    poll_failures: AtomicU64,
    /// Unix seconds, 0 where never.
    last_webhook: AtomicI64,
    last_poll: AtomicI64,
    last_round: AtomicI64,
}

/// Statuses of refusals.
const CODES: [u16; 6] = [400, 401, 408, 413, 429, 503];

impl Figures {
    pub(super) fn new(started: Time) -> Self {
        Self {
            started,
            outbox: Arc::default(),
            webhooks: AtomicU64::new(0),
            alerts: AtomicU64::new(0),
            refused: Default::default(),
            opened: AtomicU64::new(0),
            journal_failures: AtomicU64::new(0),
            escalations: AtomicU64::new(0),
            polls: AtomicU64::new(0),
            poll_failures: AtomicU64::new(0),
            last_webhook: AtomicI64::new(0),
            last_poll: AtomicI64::new(0),
            last_round: AtomicI64::new(0),
        }
    }

    pub(super) fn webhook(&self, alerts: u64, now: Time) {
        self.webhooks.fetch_add(1, Relaxed);
        self.alerts.fetch_add(alerts, Relaxed);
        self.last_webhook.store(now.timestamp(), Relaxed);
    }

    pub(super) fn refused(&self, code: u16) {
        if let Some(at) = CODES.iter().position(|known| *known == code) {
            self.refused[at].fetch_add(1, Relaxed);
        }
    }

    pub(super) fn took(&self, taken: &Taken) {
        self.opened.fetch_add(taken.opened as u64, Relaxed);
    }

    pub(super) fn journal_failed(&self) {
        self.journal_failures.fetch_add(1, Relaxed);
    }

    pub(super) fn escalated(&self, letters: usize) {
        self.escalations.fetch_add(letters as u64, Relaxed);
    }

    pub(super) fn polled(&self, fine: bool, now: Time) {
        self.polls.fetch_add(1, Relaxed);
        if fine {
            self.last_poll.store(now.timestamp(), Relaxed);
        } else {
            self.poll_failures.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn round(&self, now: Time) {
        self.last_round.store(now.timestamp(), Relaxed);
    }
}

/// The page. What stands in the journal is read from it; when that fails, the page says so and has the rest.
pub(super) async fn exposition(shared: &Shared) -> String {
    let figures = &shared.figures;
    let now = shared.hands.clock.now();
    let stored = shared
        .hands
        .read(|journal| Ok((journal.letter_counts()?, journal.incidents(IncidentFilter::default())?)))
        .await;
    let mut page = String::new();
    let mut one = |name: &str, kind: &str, help: &str, rows: &[(String, f64)]| {
        let _ = writeln!(page, "# HELP plantao_{name} {help}\n# TYPE plantao_{name} {kind}");
        for (labels, value) in rows {
            let _ = writeln!(page, "plantao_{name}{labels} {value}");
        }
    };
    let plain = |value: f64| vec![(String::new(), value)];
    let count = |counter: &AtomicU64| plain(counter.load(Relaxed) as f64);
    let stamp = |moment: &AtomicI64| plain(moment.load(Relaxed) as f64);
    one(
        "watch_uptime_seconds",
        "gauge",
        "Seconds since this watcher was started.",
        &plain(age_s(figures.started, now) as f64),
    );
    one("watch_webhooks_total", "counter", "Webhooks taken.", &count(&figures.webhooks));
    one("watch_alerts_total", "counter", "Alerts in them.", &count(&figures.alerts));
    let refused: Vec<(String, f64)> = CODES
        .iter()
        .zip(&figures.refused)
        .map(|(code, counter)| (format!("{{code=\"{code}\"}}"), counter.load(Relaxed) as f64))
        .collect();
    one("watch_refused_total", "counter", "Webhooks refused, by status.", &refused);
    one(
        "watch_incidents_opened_total",
        "counter",
        "Incidents that this watcher opened.",
        &count(&figures.opened),
    );
    one("watch_escalations_total", "counter", "Letters to higher levels.", &count(&figures.escalations));
    one("watch_polls_total", "counter", "Looks at Alertmanager.", &count(&figures.polls));
    one(
        "watch_poll_failures_total",
        "counter",
        "Looks at Alertmanager that failed.",
        &count(&figures.poll_failures),
    );
    one(
        "watch_journal_failures_total",
        "counter",
        "Writes that the journal did not take.",
        &count(&figures.journal_failures),
    );
    one(
        "watch_last_webhook_timestamp_seconds",
        "gauge",
        "When a webhook was last taken; 0 is never.",
        &stamp(&figures.last_webhook),
    );
    one(
        "watch_last_poll_timestamp_seconds",
        "gauge",
        "When Alertmanager last answered; 0 is never.",
        &stamp(&figures.last_poll),
    );
    one(
        "watch_last_round_timestamp_seconds",
        "gauge",
        "When escalation was last looked at; 0 is never.",
        &stamp(&figures.last_round),
    );
    let outbox = &figures.outbox;
    one("outbox_sent_total", "counter", "Letters that their receivers took.", &count(&outbox.sent));
    one("outbox_messages_total", "counter", "Messages that were sent for them.", &count(&outbox.messages));
    one("outbox_retried_total", "counter", "Tries that failed and are repeated.", &count(&outbox.retried));
    one("outbox_failed_total", "counter", "Letters given up.", &count(&outbox.failed));
    one(
        "outbox_waited_seconds_total",
        "counter",
        "Seconds that sent letters had waited.",
        &plain(outbox.waited_ms.load(Relaxed) as f64 / 1000.0),
    );
    one(
        "journal_up",
        "gauge",
        "Whether the journal can be read.",
        &plain(f64::from(u8::from(stored.is_ok()))),
    );
    if let Ok((letters, incidents)) = stored {
        let rows: Vec<(String, f64)> = LetterState::ALL
            .iter()
            .map(|state| {
                let many = letters.iter().find(|(known, _)| known == state).map_or(0, |(_, many)| *many);
                (format!("{{state=\"{}\"}}", state.as_str()), many as f64)
            })
            .collect();
        one("outbox_letters", "gauge", "Letters in the journal, by state.", &rows);
        let rows: Vec<(String, f64)> = crate::model::Severity::ALL
            .iter()
            .flat_map(|severity| ["open", "acknowledged"].map(|status| (severity, status)))
            .map(|(severity, status)| {
                let many =
                    incidents.iter().filter(|one| one.severity == *severity && one.status.as_str() == status);
                (format!("{{severity=\"{}\",status=\"{status}\"}}", severity.as_str()), many.count() as f64)
            })
            .collect();
        one("incidents", "gauge", "Incidents that are not resolved.", &rows);
    }
    page
}
