//! How much may be sent: what X documents, and what the headers of its answers say.

use serde::Serialize;

use super::dialect::Speaks;
use super::request::Response;
use super::time::{Span, Timestamp};

/// Whose messages a limit counts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Whose {
    Account,
    /// All accounts of the app.
    App,
}

/// So many messages in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Limit {
    pub whose: Whose,
    pub speaks: Speaks,
    /// Its length (ms).
    #[serde(serialize_with = "as_ms")]
    pub window: Span,
    pub cap: i64,
}

/// The window of `x-rate-limit-*`.
const SHORT: Span = Span::minutes(15);
const DAY: Span = Span::days(1);

/// In plain for each account 15 in 15 minutes and 1,440 a day, and 1,440 a day for the app. In rich what the app may send:
/// the lower limit of an account does not count answers.
///
/// See [X docs: Rate limits](https://docs.x.com/x-api/fundamentals/rate-limits).
pub const DOCUMENTED: [Limit; 4] = [
    Limit { whose: Whose::Account, speaks: Speaks::Plain, window: SHORT, cap: 15 },
    Limit { whose: Whose::Account, speaks: Speaks::Plain, window: DAY, cap: 1_440 },
    Limit { whose: Whose::App, speaks: Speaks::Plain, window: DAY, cap: 1_440 },
    Limit { whose: Whose::App, speaks: Speaks::Rich, window: DAY, cap: 15_000 },
];

/// What X says of one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub whose: Whose,
    pub window: Span,
    pub cap: i64,
    pub remaining: i64,
    pub resets_at: Timestamp,
}

const FAMILIES: [(&str, Whose, Span); 3] = [
    ("x-rate-limit", Whose::Account, SHORT),
    ("x-user-limit-24hour", Whose::Account, DAY),
    ("x-app-limit-24hour", Whose::App, DAY),
];
/// Our clock and X's may differ by so much.
const SLACK: Span = Span::minutes(1);
const MOST: i64 = 10_000_000;

/// What the headers of an answer to a message of v2 say. A window of which they say nothing, or nothing that can be, is
/// not among it: then our own count stands.
pub fn told(response: &Response, now: Timestamp) -> Vec<Told> {
    FAMILIES.iter().filter_map(|(family, whose, window)| read(response, family, *whose, *window, now)).collect()
}

fn read(response: &Response, family: &str, whose: Whose, window: Span, now: Timestamp) -> Option<Told> {
    let number = |what: &str| -> Option<i64> {
        response.headers().get(format!("{family}-{what}"))?.to_str().ok()?.trim().parse().ok()
    };
    let (cap, remaining, reset) = (number("limit")?, number("remaining")?, number("reset")?);
    // X tells whole seconds: the window is over when the next one has begun.
    let resets_at =
        Timestamp::from_seconds(reset.checked_add(1).filter(|seconds| (0..=MOST * 1_000).contains(seconds))?);
    let can_be = (1..=MOST).contains(&cap)
        && (0..=cap).contains(&remaining)
        && resets_at > now - SLACK
        && resets_at < now + window + SLACK;
    can_be.then_some(Told { whose, window, cap, remaining, resets_at })
}

fn as_ms<S: serde::Serializer>(span: &Span, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_i64(span.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn answer(headers: &[(&'static str, &str)]) -> Vec<Told> {
        let mut response = Response::new(Bytes::new());
        for (name, value) in headers {
            response.headers_mut().insert(*name, value.parse().unwrap());
        }
        told(&response, NOW)
    }

    #[test]
    fn each_family_of_headers_tells_its_window() {
        let told = answer(&[
            ("x-rate-limit-limit", "15"),
            ("x-rate-limit-remaining", "14"),
            ("x-rate-limit-reset", "1700000900"),
            ("x-app-limit-24hour-limit", "1440"),
            ("x-app-limit-24hour-remaining", "0"),
            ("x-app-limit-24hour-reset", "1700086400"),
        ]);
        let [short, app] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((short.whose, short.window, short.cap, short.remaining), (Whose::Account, SHORT, 15, 14));
        assert_eq!(short.resets_at, Timestamp(1_700_000_901_000));
        assert_eq!((app.whose, app.window, app.remaining), (Whose::App, DAY, 0));
    }

    #[test]
    fn what_cannot_be_is_not_believed() {
        for (limit, remaining, reset) in [
            ("15", "16", "1700000900"),
            ("15", "-1", "1700000900"),
            ("0", "0", "1700000900"),
            ("many", "1", "1700000900"),
            ("15", "1", "253370764800"),
            ("15", "1", "9223372036854775807"),
            ("15", "1", "1600000000"),
            ("15", "1", "1700001100"),
        ] {
            let told = answer(&[
                ("x-rate-limit-limit", limit),
                ("x-rate-limit-remaining", remaining),
                ("x-rate-limit-reset", reset),
            ]);
            assert_eq!(told, [], "{limit} {remaining} {reset}");
        }
        assert_eq!(answer(&[("x-rate-limit-limit", "15")]), []);
    }
}
