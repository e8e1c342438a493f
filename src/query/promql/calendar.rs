//! Fields of a date in UTC, for any number of seconds whatever.

use super::functions::Date;

const DAY_S: u64 = 86_400;
const DAYS_IN_400_YEARS: u64 = 146_097;
/// Seconds from the first day of the year `FIRST_YEAR` to the Unix epoch.
const EPOCH: u64 = 9_223_372_028_715_321_600;
/// Years counted from here are never negative; one more than a multiple of 400, as 2001 is.
const FIRST_YEAR: i64 = -292_277_022_399;

/// A value as whole seconds, as a conversion on amd64 makes them: what does not fit is the least number.
pub(super) fn seconds(value: f64) -> i64 {
    // 2^63, the first number above.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value) {
        value as i64
    } else {
        i64::MIN
    }
}

/// A field of the date and time at these seconds since the epoch.
pub(super) fn field(date: Date, seconds: i64) -> f64 {
    // Wraps around at the ends of time, as Go's does.
    let total = (seconds as u64).wrapping_add(EPOCH);
    let (days, in_day) = (total / DAY_S, total % DAY_S);
    let (year, year_day) = year(days);
    let (month, day, length) = month(year_day, is_leap(year));
    match date {
        Date::Year => year as f64,
        Date::Month => month as f64,
        Date::DayOfMonth => day as f64,
        Date::DaysInMonth => length as f64,
        Date::DayOfYear => (year_day + 1) as f64,
        // The first day was a Monday.
        Date::DayOfWeek => ((days + 1) % 7) as f64,
        Date::Hour => (in_day / 3600) as f64,
        Date::Minute => (in_day / 60 % 60) as f64,
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Year and day in it, from days since the first year.
fn year(days: u64) -> (i64, u64) {
    let (centuries, days) = (days / DAYS_IN_400_YEARS, days % DAYS_IN_400_YEARS);
    let mut year = FIRST_YEAR + (centuries * 400) as i64;
    let mut left = days;
    loop {
        let length = if is_leap(year) { 366 } else { 365 };
        if left < length {
            return (year, left);
        }
        left -= length;
        year += 1;
    }
}

/// Month from 1, day of it from 1, and its length.
fn month(year_day: u64, leap: bool) -> (u64, u64, u64) {
    let mut left = year_day;
    for (month, length) in (1..).zip([31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    {
        if left < length {
            return (month, left + 1, length);
        }
        left -= length;
    }
    (12, 31, 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right() {
        let all = |seconds: i64| {
            [
                Date::Year,
                Date::Month,
                Date::DayOfMonth,
                Date::DaysInMonth,
                Date::DayOfYear,
                Date::DayOfWeek,
                Date::Hour,
                Date::Minute,
            ]
            .map(|date| field(date, seconds))
        };
        // A Thursday.
        assert_eq!(all(0), [1970.0, 1.0, 1.0, 31.0, 1.0, 4.0, 0.0, 0.0]);
        assert_eq!(all(-1), [1969.0, 12.0, 31.0, 31.0, 365.0, 3.0, 23.0, 59.0]);
        // 2024-02-29T12:34:56Z, a Thursday.
        assert_eq!(all(1_709_210_096), [2024.0, 2.0, 29.0, 29.0, 60.0, 4.0, 12.0, 34.0]);
        // 2000-12-31T00:00:00Z, a Sunday.
        assert_eq!(all(978_220_800), [2000.0, 12.0, 31.0, 31.0, 366.0, 0.0, 0.0, 0.0]);
        assert_eq!(seconds(f64::NAN), i64::MIN);
        assert_eq!(seconds(f64::INFINITY), i64::MIN);
        assert_eq!(seconds(-1.9), -1);
        assert!(all(i64::MIN).iter().chain(&all(i64::MAX)).all(|v| v.is_finite()));
    }
}
