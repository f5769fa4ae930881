//! `RETENTION_DAYS`: for how long what was said is kept.

use super::Config;

/// X may deliver again what is younger.
const SHORTEST: i64 = 35;

impl Config<'_> {
    /// Of accounts that say nothing themselves; `None`: for ever. What is no number deletes nothing.
    pub fn retention_days(&self) -> Option<i64> {
        self.text("RETENTION_DAYS")?.parse().ok().filter(|days: &i64| *days > 0).map(|days| days.max(SHORTEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_of_days_deletes_nothing_and_what_x_may_repeat_stays() {
        for (text, days) in
            [("365", Some(365)), ("7", Some(35)), ("0", None), ("-3", None), ("a year", None), ("", None)]
        {
            assert_eq!(Config::new(&|_| Some(text.to_owned())).retention_days(), days, "{text}");
        }
    }
}
