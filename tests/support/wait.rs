//! Waiting for a condition, never for a time.

use std::fmt::Display;
use std::thread;
use std::time::{Duration, Instant};

/// Long enough for a loaded two-core machine; a test that needs it all is failing anyway.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Time between two looks at something that cannot notify us.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Asks until `probe` gives a value, at most [`PATIENCE`]; then panics with `what` and the last reason.
pub fn until<T, E: Display>(what: &str, mut probe: impl FnMut() -> Result<T, E>) -> T {
    match try_until(PATIENCE, &mut probe) {
        Ok(value) => value,
        Err(reason) => panic!("waited {PATIENCE:?} for {what}: {reason}"),
    }
}

/// Asks until `probe` gives a value or `patience` is over; then gives the last reason.
pub fn try_until<T, E: Display>(
    patience: Duration,
    mut probe: impl FnMut() -> Result<T, E>,
) -> Result<T, String> {
    let deadline = Instant::now() + patience;
    loop {
        match probe() {
            Ok(value) => return Ok(value),
            Err(reason) if Instant::now() >= deadline => return Err(reason.to_string()),
            Err(_) => thread::sleep(LOOK_AGAIN),
        }
    }
}

/// Asks until `probe` is true, at most [`PATIENCE`].
pub fn until_true(what: &str, mut probe: impl FnMut() -> bool) {
    until(what, || if probe() { Ok(()) } else { Err("it never was") });
}
