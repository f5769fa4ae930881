//! For how many days, as it is typed.

/// A number of days, or a word for one.
#[derive(Clone, Copy)]
pub struct Days(pub Option<i64>);

impl std::str::FromStr for Days {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "forever" => Ok(Self(Some(0))),
            "default" => Ok(Self(None)),
            days => days.parse().map(|days| Self(Some(days))).map_err(|_| "a number of days, forever, or default"),
        }
    }
}
