//! Words of the embedded place: its flags, the hint, its faults, the guided tour.

/// Words of one step of the tour.
#[derive(Debug)]
pub struct TourWords {
    /// Title.
    pub title: &'static str,
    /// What to see. Three lines of a narrow screen; told which faults are under way.
    pub body: fn(&str) -> String,
}

/// What is said where the console looks at an embedded place.
#[derive(Debug)]
pub struct DemoText {
    /// A flag that means nothing without the embedded hospital.
    pub needs_demo: fn(&str) -> String,
    /// A flag that names servers, beside the embedded hospital.
    pub not_with_demo: fn(&str) -> String,
    /// `--fault none` beside a fault.
    pub calm_and_faults: &'static str,
    /// The same fault twice.
    pub fault_twice: fn(&str) -> String,
    /// The pack has no `demo/` folder: its name.
    pub pack_without: fn(&str) -> String,
    /// Its servers cannot listen: why.
    pub no_servers: fn(&str) -> String,
    /// Name of the context: the pack's.
    pub context: fn(&str) -> String,
    /// Address of a server that is not there yet.
    pub starting: &'static str,
    /// Badge of the header.
    pub badge: &'static str,
    /// The footer's hint begins with it.
    pub hint: &'static str,
    /// What the hint says of: the tour, the faults, help, the way to hide the hint.
    pub hints: [&'static str; 4],
    /// A command that only means something in an embedded place.
    pub only_embedded: &'static str,
    /// Title of the list of faults.
    pub faults: &'static str,
    /// Under the list of faults: the key that begins or mends one.
    pub toggle: fn(&str) -> String,
    /// One line on a fault, by its name.
    pub fault: fn(&str) -> &'static str,
    /// Under way for so long.
    pub under_way: fn(&str) -> String,
    /// Begins in so long.
    pub begins: fn(&str) -> String,
    /// Mended so long ago.
    pub mended: fn(&str) -> String,
    /// A fault was begun.
    pub begun_notice: fn(&str) -> String,
    /// A fault was mended.
    pub mended_notice: fn(&str) -> String,
    /// The steps of the tour.
    pub tour: [TourWords; 10],
    /// A fault in the tour's words: name, age.
    pub tour_fault: fn(&str, &str) -> String,
    /// Where in the tour: which step of how many.
    pub tour_position: fn(usize, usize) -> String,
    /// What the tour's keys do: next, back, end.
    pub tour_keys: [&'static str; 3],
    /// The key that leads there without the tour.
    pub tour_own: fn(&str) -> String,
    /// The tour has ended.
    pub tour_over: &'static str,
}

/// English.
pub const EN: DemoText = DemoText {
    needs_demo: |flag| {
        format!("{flag} belongs to the embedded hospital: use `plantao demo`, or add --demo to the command")
    },
    not_with_demo: |flag| {
        format!(
            "{flag} names servers, but the embedded hospital is to be the source of everything: leave out \
             {flag}, or --demo"
        )
    },
    calm_and_faults: "--fault none means no fault at all: leave it out, or the other faults",
    fault_twice: |name| format!("--fault: `{name}` is given twice; it can begin only once"),
    pack_without: |name| {
        format!(
            "The pack `{name}` describes no place to look at: it has no demo/ folder. `plantao pack list` \
             shows the packs; `hospital` has one."
        )
    },
    no_servers: |why| format!("The embedded hospital's servers cannot listen on 127.0.0.1: {why}"),
    context: |pack| format!("demo:{pack}"),
    starting: "127.0.0.1, starting",
    badge: "DEMO",
    hint: "Not a real place.",
    hints: ["shows around", "breaks it", "keys", "hide"],
    only_embedded: "Only in the embedded hospital: plantao demo",
    faults: "Faults",
    toggle: |key| format!("{key} begins one now, or mends it"),
    fault: |name| match name {
        "thermal" => "cooling fails; the machine throttles",
        "db-pool" => "database connections leak away",
        "brute-force" => "passwords tried against one department",
        "transcription-quality" => "recordings get worse, and so do texts",
        "bad-deploy" => "a new version fails and is slow",
        "network-delay" => "packets are late or lost",
        "service-down" => "the process of a service is gone",
        "memory-leak" => "a process grows, pauses, is killed",
        "pii-leak" => "patients' identifiers in a service's log",
        _ => "",
    },
    under_way: |age| format!("for {age}"),
    begins: |wait| format!("in {wait}"),
    mended: |age| format!("mended {age} ago"),
    begun_notice: |name| format!("{name} begins. It takes a while until it shows"),
    mended_notice: |name| format!("{name} is mended. It takes a while to recover"),
    tour: [
        TourWords {
            title: "A look around",
            body: |faults| {
                let faults = if faults.is_empty() {
                    "It is calm just now; :fault can change that.".to_owned()
                } else {
                    format!("Under way: {faults}.")
                };
                format!(
                    "A model of a place at work runs inside this program. {faults} The overview answers \
                     the night's first question: does anybody need me, and where?"
                )
            },
        },
        TourWords {
            title: "What needs you",
            body: |_| {
                "Worst first, each with the time left until somebody should have acknowledged it. “Nothing \
                 needs you” and “nobody answers” never look alike: an answer always has an age."
                    .to_owned()
            },
        },
        TourWords {
            title: "One alert",
            body: |_| {
                "The rule that fired, its expression and its mark; the trend since before it fired; whom it \
                 concerns; and what the runbook says to do first. The arrows scroll."
                    .to_owned()
            },
        },
        TourWords {
            title: "The machine",
            body: |_| {
                "What everything runs on. A machine that is too hot slows itself down, and everybody with \
                 it: compare its thermal state with the load of its cores, and when each began to move."
                    .to_owned()
            },
        },
        TourWords {
            title: "The models",
            body: |_| {
                "Latency by model, against the mark of its alert. When all grow slow together, something \
                 beneath them did; when one does alone, it is the model or what it is fed."
                    .to_owned()
            },
        },
        TourWords {
            title: "A department",
            body: |_| {
                "The same facts as the people there feel them: open sessions, operations, waiting times, \
                 and the alerts that concern this department. The same key again shows the next one."
                    .to_owned()
            },
        },
        TourWords {
            title: "The list of alerts",
            body: |_| {
                "Filtered by severity here, as you would type it: words, or matchers as Alertmanager has \
                 them. The list can be sorted and grouped, and tells how many are silenced."
                    .to_owned()
            },
        },
        TourWords {
            title: "Another time",
            body: |_| {
                "The window is in the past now: an hour as it was before. Every pane answers for it, the \
                 alerts included. The next step returns to the present."
                    .to_owned()
            },
        },
        TourWords {
            title: "Who said so",
            body: |_| {
                "Each source with its age, its latency and its faults. All you saw came through the same \
                 four interfaces as your own: Prometheus, Alertmanager, Loki, Tempo."
                    .to_owned()
            },
        },
        TourWords {
            title: "Your own servers",
            body: |_| {
                "plantao --prometheus URL --alertmanager URL --loki URL --tempo URL; `plantao doctor` \
                 checks them. Here, :fault begins and mends faults: watch what they do."
                    .to_owned()
            },
        },
    ],
    tour_fault: |name, age| format!("{name} for {age}"),
    tour_position: |at, all| format!("{at} of {all}"),
    tour_keys: ["next", "back", "end the tour"],
    tour_own: |key| format!("on your own: {key}"),
    tour_over: "The tour is over; :tour begins it again",
};
