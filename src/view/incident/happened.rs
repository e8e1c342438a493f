//! What happened at the cursor of time.

use crate::explore::incident::{Event, EventKind, Found};
use crate::state::State;
use crate::view::clock;
use crate::view::vm::{IncidentVm, Level};

/// Steps of the axis around the cursor that count as the same moment.
const AXIS: i64 = 60;

/// Puts what happened nearest to the cursor into the view, in the order of time.
pub fn build(state: &State, found: &Found, vm: &mut IncidentVm) {
    let words = state.setup.text.incident;
    let room = usize::from(vm.split.happened.saturating_sub(1));
    let Some(at) = vm.axis.cursor else {
        words.no_cursor.clone_into(&mut vm.moment);
        return;
    };
    let reach = ((vm.axis.span_ms.1 - vm.axis.span_ms.0) / AXIS).max(1000);
    let from = found.events.partition_point(|event| event.at_ms < at - reach);
    let to = found.events.partition_point(|event| event.at_ms <= at + reach);
    let near = found.events.get(from..to.max(from)).unwrap_or_default();
    let moment = |ms: i64| {
        chrono::DateTime::from_timestamp_millis(ms)
            .map_or_else(String::new, |at| clock::format(state, at, "%H:%M:%S"))
    };
    vm.moment = (words.around)(&moment(at), near.len());
    // Where there is no room for all of them, an alert says more than the hundredth error.
    let mut chosen: Vec<&Event> = near.iter().collect();
    chosen.sort_by_key(|event| (event.kind, (event.at_ms - at).abs()));
    chosen.truncate(room);
    chosen.sort_by_key(|event| event.at_ms);
    vm.happened = chosen
        .into_iter()
        .map(|event| {
            let level = match event.kind {
                EventKind::Onset | EventKind::AlertFires => Level::Critical,
                EventKind::Failed | EventKind::ErrorLine | EventKind::Change => Level::Warning,
                EventKind::AlertEnds => Level::Ok,
            };
            (
                level,
                moment(event.at_ms),
                (words.event)(
                    event.kind,
                    &event.component,
                    if event.kind == EventKind::Onset { (words.kind)(&event.text) } else { &event.text },
                ),
            )
        })
        .collect();
}
