//! `SEND_LIMITS` and `DAILY_CAP_USD`: what X allows by contract, and what an account may cost.

use super::Config;
use crate::error::Trouble;
use crate::x_api::dialect::Speaks;
use crate::x_api::limits::{DOCUMENTED, Limit, Whose};
use crate::x_api::time::Span;

impl Config<'_> {
    /// `SEND_LIMITS`, else what X documents; X's answers correct both.
    pub fn send_limits(&self) -> Result<Vec<Limit>, Trouble> {
        let Some(text) = self.text("SEND_LIMITS") else { return Ok(DOCUMENTED.to_vec()) };
        read(&text).ok_or_else(|| {
            Trouble::Settings(format!("SEND_LIMITS is '{text}'; it is written like 15/15m 1440/24h app:1440/24h"))
        })
    }

    /// `DAILY_CAP_USD`: what one account may cost a day at X's list prices, in thousandths of a dollar.
    pub fn daily_cap(&self) -> Option<i64> {
        self.text("DAILY_CAP_USD").map(|text| mills(&text))
    }
}

/// `15/15m 1440/24h app:1440/24h`: so many messages in so many minutes or hours, for each account or for all. `None`: not
/// written so.
fn read(text: &str) -> Option<Vec<Limit>> {
    let all = text.split_whitespace().map(|one| {
        let (whose, one) = one.strip_prefix("app:").map_or((Whose::Account, one), |one| (Whose::App, one));
        let (cap, window) = one.split_once('/')?;
        let (count, unit) = window.split_at_checked(window.len().checked_sub(1)?)?;
        let count: i64 = count.parse().ok().filter(|count| (1..=10_000).contains(count))?;
        let window = match unit {
            "m" => Span::minutes(count),
            "h" => Span::hours(count),
            _ => return None,
        };
        let cap = cap.parse().ok().filter(|cap| *cap > 0)?;
        Some([Speaks::Plain, Speaks::Rich].map(|speaks| Limit { whose, speaks, window, cap }))
    });
    all.collect::<Option<Vec<_>>>().map(|all| all.into_iter().flatten().collect())
}

/// `12.50` or `$12.50`, in thousandths. What is no amount caps everything: nothing is spent on a typing error.
fn mills(text: &str) -> i64 {
    let text = text.trim_start_matches('$').trim();
    let (dollars, rest) = text.split_once('.').unwrap_or((text, ""));
    let rest = format!("{:0<3}", rest.get(..rest.len().min(3)).unwrap_or_default());
    let amount = dollars.parse::<i64>().ok().zip(rest.parse::<i64>().ok());
    amount.filter(|(dollars, _)| (0..=1_000_000).contains(dollars)).map_or(0, |(dollars, rest)| dollars * 1_000 + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cap_is_an_amount_and_anything_else_caps_everything() {
        for (text, amount) in
            [("5", 5_000), ("$2.50", 2_500), ("0.015", 15), ("1.2345", 1_234), ("five", 0), ("-1", 0), ("1.x", 0)]
        {
            assert_eq!(mills(text), amount, "{text}");
        }
    }

    #[test]
    fn limits_are_read_and_what_is_written_otherwise_is_not() {
        let limits = read("15/15m app:1440/24h").unwrap();
        assert_eq!(limits.len(), 4, "in both dialects");
        let first = limits.first().unwrap();
        assert_eq!((first.whose, first.window, first.cap), (Whose::Account, Span::minutes(15), 15));
        assert!(limits.iter().any(|limit| limit.whose == Whose::App && limit.window == Span::days(1)));
        for wrong in ["15", "15/", "15/m", "x/15m", "0/15m", "15/15s", "15/15m 3"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
