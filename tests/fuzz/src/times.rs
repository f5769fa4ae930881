//! Moments in the ways that X writes them: read or refused, written again as they were read, never before 1970 or after 9999.

use perch::x_api::time::{Span, Timestamp};

pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for read in [Timestamp::read(&text), Timestamp::read_http(&text), Timestamp::read_minute(&text)] {
        let Some(at) = read else { continue };
        assert_eq!(Timestamp::sensible(at.0), Some(at));
        let minute = at.as_minute();
        let again = Timestamp::read_minute(&minute).expect("a minute that was written");
        assert_eq!(again, Timestamp(at.0 - at.0 % 60_000), "{minute}");
        assert!(at.to_string().starts_with(&at.as_day()) && at.next_midnight() > at);
    }
    if let Some(minute) = Timestamp::read_minute(&text) {
        assert_eq!(minute.as_minute(), text, "a minute has one spelling");
    }
    // Any number may come out of a table or a header.
    if let Some(number) = bytes.first_chunk::<8>().map(|eight| i64::from_le_bytes(*eight)) {
        let at = Timestamp(number);
        assert!(!at.to_string().is_empty() && !at.as_minute().is_empty() && !at.as_day().is_empty());
        at.next_midnight();
        let span = at - Timestamp(0);
        assert!(u64::from(span.as_delay()) * 1_000 >= u64::try_from(span.0.clamp(0, 1 << 40)).unwrap() || span.0 < 0);
        for spans in [Span::seconds(number), Span::minutes(number), Span::hours(number), Span::days(number)] {
            assert_eq!(spans.0 > 0, number > 0);
            let _ = at + spans;
        }
    }
}
