//! Alertmanager's alerts, read, joined and listed.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plantao::client::fuzzing::alerts;
use plantao::model::Time;
use plantao::model::ask::{Answered, Ask, Key};
use plantao::pack::{Pack, load};
use plantao::state::{AlertList, AlertsPlace};
use plantao::store::{Store, alerts::join};

static PACK: LazyLock<Pack> = LazyLock::new(|| load("hospital", &[]).expect("the shipped pack"));

fuzz_target!(|data: &[u8]| {
    let Ok(answer) = alerts(data) else { return };
    let answered = Answered { answer, took_ms: 0, warnings: Vec::new(), clock_skew_s: None };
    let mut store = Store::default();
    store.take(&Ask::Plain(Key::Alerts), Time::UNIX_EPOCH, Ok(answered));
    let list = AlertList::with_rows(join(&store, &PACK, &[]), &AlertsPlace::default(), &PACK);
    assert!(list.matching <= list.rows.len());
});
