//! Words of `demo serve`: what it tells on stderr, the list of its pages, the scrape configuration.

/// What is said while the place feeds a real stack. Each is one line.
#[derive(Debug)]
pub struct ServeText {
    /// A receiver does not take what is sent: its name, what it said, the seconds until the next try.
    pub waiting: fn(&str, &str, u64) -> String,
    /// It takes again: its name.
    pub again: fn(&str) -> String,
    /// What was not taken in the last minute: name, refused, their reason, dropped.
    pub lost: fn(&str, u64, &str, u64) -> String,
    /// An answer that is only a status.
    pub status: fn(u16) -> String,
    /// Nothing more is pushed, because looking up what is new broke: the receiver's name.
    pub stopped: fn(&str) -> String,
    /// Head of the list of pages.
    pub pages: &'static str,
    /// No such page; the pages follow.
    pub no_page: &'static str,
    /// The process behind a page is down.
    pub down: &'static str,
    /// Comment at the head of the scrape configuration: the address that it scrapes.
    pub scrape_head: fn(&str) -> String,
    /// Comment about labels that alerts get.
    pub scrape_labels: &'static str,
    /// Comment about the rules.
    pub scrape_rules: &'static str,
    /// Comment about an Alertmanager.
    pub scrape_alerting: &'static str,
    /// An address to listen at that is none.
    pub not_an_address: fn(&str) -> String,
    /// A scrape configuration cannot name a port that is not known yet.
    pub port_unknown: &'static str,
    /// A flag of servers to read, which serving does not.
    pub not_with_serve: fn(&str) -> String,
    /// The host of the address to listen at is not known: host, why.
    pub unknown_host: fn(&str, &str) -> String,
    /// The port is taken: address.
    pub taken: fn(&str) -> String,
    /// The port is not for everybody: address.
    pub forbidden: fn(&str) -> String,
    /// The machine has no such address: address.
    pub elsewhere: fn(&str) -> String,
    /// It cannot listen for another reason: address, why.
    pub cannot_listen: fn(&str, &str) -> String,
    /// Where it listens, how many pages there are, what makes a Prometheus scrape them, what happens there.
    pub serving: fn(&str, usize, &str, &str) -> String,
    /// What is pushed, and where to.
    pub pushing: fn(&str, &str) -> String,
    /// Log lines.
    pub lines: &'static str,
    /// Spans.
    pub spans: &'static str,
    /// Other machines can reach it: address.
    pub reachable: fn(&str) -> String,
    /// What is pushed bears another time than the samples: the model's now.
    pub other_time: fn(&str) -> String,
    /// Nothing is wrong there.
    pub calm: &'static str,
    /// Serving has ended: why.
    pub ended: fn(&str) -> String,
}

/// English.
pub const EN: ServeText = ServeText {
    waiting: |name, said, wait| format!("{name}: {said}; the next try is in {wait} s"),
    again: |name| format!("{name}: takes what is sent again"),
    lost: |name, refused, why, dropped| {
        let refused = (refused > 0).then(|| format!("refused {refused} ({why})"));
        let dropped = (dropped > 0).then(|| format!("{dropped} dropped because it was behind too long"));
        let all: Vec<String> = refused.into_iter().chain(dropped).collect();
        format!("{name}: in the last minute: {}", all.join(", "))
    },
    status: |status| format!("HTTP {status}"),
    stopped: |name| format!("{name}: pushing has stopped: what is new could not be looked up"),
    pages: "pages to scrape:",
    no_page: "no such page",
    down: "this process is down",
    scrape_head: |at| {
        format!("prometheus.yml for `plantao demo serve` at {at}: every process there is a job of its own.")
    },
    scrape_labels: "What alerts carry beside the labels of their series.",
    scrape_rules: "The alert rules: plantao rules export > rules.yml",
    scrape_alerting: "Whom to tell of alerts:",
    not_an_address: |text| {
        format!("`{text}` is not an address to listen at; write host and port, such as 127.0.0.1:9464")
    },
    port_unknown: "--print-scrape-config: with port 0 the port is only known once it listens; name one with --listen",
    not_with_serve: |flag| {
        format!(
            "{flag} names a server to read, but `demo serve` reads none: a Prometheus scrapes it, and --loki and \
             --otlp are pushed to. Leave out {flag}."
        )
    },
    unknown_host: |host, why| format!("--listen: the host `{host}` is not known here ({why})"),
    taken: |at| {
        format!(
            "--listen: {at} is taken: another program listens there. Name another port, or end that program."
        )
    },
    forbidden: |at| {
        format!(
            "--listen: the system does not allow you to listen at {at}. Ports from 1024 on are for everybody."
        )
    },
    elsewhere: |at| {
        format!(
            "--listen: {at} is no address of this machine. 127.0.0.1 always is one, 0.0.0.0 means all of them."
        )
    },
    cannot_listen: |at, why| format!("--listen: cannot listen at {at}: {why}"),
    serving: |at, pages, command, faults| {
        format!(
            "Serving {pages} pages to scrape at http://{at}/ ({faults}). For prometheus.yml: `{command}`. Ctrl-C ends it."
        )
    },
    pushing: |what, to| format!("Pushing {what} to {to}"),
    lines: "log lines",
    spans: "spans",
    reachable: |at| {
        format!(
            "note: other machines can reach {at}, and nobody is asked for a password; what they see is invented"
        )
    },
    other_time: |now| {
        format!(
            "note: because of --at, lines and spans bear the time there (now {now}), while a Prometheus gives samples \
             the time at which it scrapes them"
        )
    },
    calm: "no fault",
    ended: |why| format!("serving has ended: {why}"),
};
