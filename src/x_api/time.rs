//! Moments and spans in milliseconds, always handed in, never read from a clock.

use std::fmt;
use std::ops::{Add, Sub};

use ::time::format_description::well_known::{Rfc2822, Rfc3339};
use ::time::{Date, Month, OffsetDateTime};
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub i64);

impl Timestamp {
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// `None` for a number that is no moment before the year 10000: nanoseconds, say.
    pub fn sensible(ms: i64) -> Option<Self> {
        (0..253_402_300_800_000).contains(&ms).then_some(Self(ms))
    }

    /// `2018-05-24T09:48:12+00:00`, as RFC 3339 has it.
    pub fn read(text: &str) -> Option<Self> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        Self::sensible(i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok()?)
    }

    /// `201805240948`: the minute in UTC, as X's replays want it.
    pub fn as_minute(self) -> String {
        let moment = OffsetDateTime::from_unix_timestamp(self.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let (date, time) = (moment.date(), moment.time());
        format!(
            "{:04}{:02}{:02}{:02}{:02}",
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute()
        )
    }

    /// `2018-05-24`, in UTC.
    pub fn as_day(self) -> String {
        let moment = OffsetDateTime::from_unix_timestamp(self.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let date = moment.date();
        format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
    }

    /// Midnight UTC that comes next.
    pub fn next_midnight(self) -> Self {
        let day = Span::days(1).0;
        Self((self.0.div_euclid(day) + 1).saturating_mul(day))
    }

    /// What `as_minute` wrote, read back.
    pub fn read_minute(text: &str) -> Option<Self> {
        // A number would also be read with a sign.
        let is_shaped = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<u8>().ok();
        let year: i32 = text.get(..4)?.parse().ok().filter(|_| is_shaped)?;
        let date = Date::from_calendar_date(year, Month::try_from(number(4, 6)?).ok()?, number(6, 8)?).ok()?;
        let moment = date.with_hms(number(8, 10)?, number(10, 12)?, 0).ok()?.assume_utc();
        Self::sensible(moment.unix_timestamp().checked_mul(1000)?)
    }

    /// The `Date` of an HTTP answer: `Thu, 24 May 2018 09:48:12 GMT`.
    pub fn read_http(text: &str) -> Option<Self> {
        // RFC 2822 writes the zone in numbers or in letters.
        let moment = OffsetDateTime::parse(text, &Rfc2822).ok()?;
        Self::sensible(moment.unix_timestamp().checked_mul(1000)?)
    }

    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }
}

impl Span {
    pub const fn seconds(n: i64) -> Self {
        Self(n.saturating_mul(1000))
    }

    pub const fn minutes(n: i64) -> Self {
        Self::seconds(n.saturating_mul(60))
    }

    pub const fn hours(n: i64) -> Self {
        Self::minutes(n.saturating_mul(60))
    }

    pub const fn days(n: i64) -> Self {
        Self::hours(n.saturating_mul(24))
    }

    /// Whole seconds, rounded up, never negative: what a delay on the queue is counted in.
    pub fn as_delay(self) -> u32 {
        u32::try_from(self.0.max(0).saturating_add(999) / 1000).unwrap_or(u32::MAX)
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Timestamp {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Sub for Timestamp {
    type Output = Span;
    fn sub(self, other: Self) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// `2018-05-24 09:48:12 UTC`, for people.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = OffsetDateTime::from_unix_timestamp(self.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let (date, time) = (moment.date(), moment.time());
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        write!(f, "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC", time.hour(), time.minute(), time.second())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_that_nobody_lives_to_see_ends_with_time_and_not_before_it() {
        for span in [Span::seconds(i64::MAX), Span::minutes(i64::MAX), Span::hours(i64::MAX), Span::days(i64::MAX)] {
            assert_eq!(Timestamp(5) + span, Timestamp(i64::MAX));
        }
        assert_eq!(Timestamp(i64::MAX).next_midnight(), Timestamp(i64::MAX));
    }

    #[test]
    fn moments_are_read_and_minutes_written_as_x_does() {
        let moment = Timestamp::read("2018-05-24T11:48:12.250+02:00").unwrap();
        assert_eq!(moment, Timestamp(1_527_155_292_250));
        assert_eq!(moment.as_minute(), "201805240948");
        assert_eq!(Timestamp::read_minute("201805240948"), Some(Timestamp(1_527_155_280_000)));
        for wrong in ["20180524094", "20180524+948", "+01805240948"] {
            assert_eq!(Timestamp::read_minute(wrong), None, "{wrong}");
        }
        assert_eq!(Timestamp::read_http("Thu, 24 May 2018 09:48:12 GMT"), Some(Timestamp(1_527_155_292_000)));
        for wrong in ["", "yesterday", "2018-05-24", "2018-13-24T11:48:12Z"] {
            assert_eq!(Timestamp::read(wrong), None, "{wrong}");
        }
    }
}
