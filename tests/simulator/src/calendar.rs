//! Dates as X writes them, in its four spellings.

/// `Mon Mar 26 16:33:26 +0000 2018`
pub(crate) fn post(now_ms: u64) -> String {
    let (year, month, day, time) = split(now_ms);
    let weekday = name(WEEKDAYS, now_ms / DAY_MS % 7);
    let month = name(MONTHS, month - 1);
    format!("{weekday} {month} {day:02} {time} +0000 {year}")
}

/// `Mon, 26 Mar 2018 16:33:26 GMT`
pub(crate) fn http(now_ms: u64) -> String {
    let (year, month, day, time) = split(now_ms);
    let weekday = name(WEEKDAYS, now_ms / DAY_MS % 7);
    let month = name(MONTHS, month - 1);
    format!("{weekday}, {day:02} {month} {year} {time} GMT")
}

/// `2016-06-02 23:54:02 +0000`
pub(crate) fn webhook(now_ms: u64) -> String {
    let (year, month, day, time) = split(now_ms);
    format!("{year}-{month:02}-{day:02} {time} +0000")
}

/// `2018-05-24T09:48:12+00:00`
pub(crate) fn iso(now_ms: u64) -> String {
    let (year, month, day, time) = split(now_ms);
    format!("{year}-{month:02}-{day:02}T{time}+00:00")
}

/// `2018-05-24T09:48:12.000Z`
pub(crate) fn v2(now_ms: u64) -> String {
    let (year, month, day, time) = split(now_ms);
    format!("{year}-{month:02}-{day:02}T{time}.{:03}Z", now_ms % 1000)
}

/// `201805240948`, back to its first millisecond.
pub(crate) fn minute(text: &str) -> Option<u64> {
    if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (hour, minute) = (number(8, 10)?, number(10, 12)?);
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 {
        return None;
    }
    // Counted from 1 March, as in `split`.
    let year = if month <= 2 { year - 1 } else { year };
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468;
    Some(days * DAY_MS + (hour * 60 + minute) * 60_000)
}

const DAY_MS: u64 = 86_400_000;
/// 1970 began on a Thursday.
const WEEKDAYS: &[&str] = &["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Year, month, day (proleptic Gregorian) and the time of day.
fn split(now_ms: u64) -> (u64, u64, u64, String) {
    let seconds = now_ms % DAY_MS / 1000;
    let time = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    // Days are counted from 1 March of year 0, so that the leap day is a year's last.
    let days = now_ms / DAY_MS + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day, time)
}

fn name(names: &[&'static str], index: u64) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_x_writes_them() {
        assert_eq!(post(1_522_082_006_140), "Mon Mar 26 16:33:26 +0000 2018");
        assert_eq!(http(1_522_082_006_140), "Mon, 26 Mar 2018 16:33:26 GMT");
        assert_eq!(webhook(1_464_911_642_000), "2016-06-02 23:54:02 +0000");
        assert_eq!(iso(1_527_155_292_000), "2018-05-24T09:48:12+00:00");
        assert_eq!(v2(1_527_155_292_007), "2018-05-24T09:48:12.007Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00+00:00");
    }

    #[test]
    fn a_minute_is_read_back() {
        for ms in [0, 951_782_400_000, 1_527_155_280_000, 1_709_251_140_000] {
            let (year, month, day, time) = split(ms);
            let text = format!("{year:04}{month:02}{day:02}{}{}", &time[0..2], &time[3..5]);
            assert_eq!(minute(&text), Some(ms), "{text}");
        }
        for wrong in ["", "2018052409480", "20181324094a", "201813240948"] {
            assert_eq!(minute(wrong), None, "{wrong}");
        }
    }
}
