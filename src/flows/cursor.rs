//! Lists by pages, newest first: where a page ends and the next one begins, as `moment.name`.

use serde_json::Value;

use crate::x_api::time::Timestamp;

/// From behind which row on; without one from the newest.
pub fn behind(before: Option<&str>) -> (Timestamp, &str) {
    let (at, name) = before.map_or(("", ""), |before| before.split_once('.').unwrap_or((before, "")));
    (at.parse().map_or(Timestamp(i64::MAX >> 11), Timestamp), name)
}

/// Of a full page, what the next one is asked for with: the last row's columns of these names.
pub fn next(page: &[Value], most: i64, at: &str, name: &str) -> Option<String> {
    let last = page.last().filter(|_| i64::try_from(page.len()).is_ok_and(|count| count == most))?;
    Some(format!("{}.{}", last.get(at)?, last.get(name)?.as_str()?))
}
