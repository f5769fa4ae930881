//! A body as text that a parser takes: broken bytes and broken escapes replaced, everything else as it came.

use std::borrow::Cow;

/// The body as text. Bytes that are no UTF-8 and halves of surrogate pairs become U+FFFD: the rest can still be read.
pub fn as_text(body: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(body) {
        Cow::Borrowed(text) => mend_surrogates(text),
        Cow::Owned(text) => Cow::Owned(mend_surrogates(&text).into_owned()),
    }
}

/// `\ud83d` without its other half is legal JSON grammar but no text; it becomes `\ufffd`, and its neighbours survive.
fn mend_surrogates(text: &str) -> Cow<'_, str> {
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let (kept, used) = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (escape.get(..12).unwrap_or(escape), 12),
            (Some(_), _) => ("\\ufffd", 6),
            // Two bytes, so that an escaped backslash is not taken for the start of the next escape.
            (None, _) => {
                let length = escape.chars().take(2).map(char::len_utf8).sum();
                (escape.get(..length).unwrap_or(escape), length)
            }
        };
        out.push_str(kept);
        rest = escape.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The half of a surrogate pair that `escape` starts with.
fn surrogate(escape: &str) -> Option<u16> {
    let code = u16::from_str_radix(escape.strip_prefix("\\u")?.get(..4)?, 16).ok()?;
    (0xD800..=0xDFFF).contains(&code).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_a_surrogate_pair_becomes_a_replacement_and_a_whole_one_stays() {
        for (given, mended) in [
            (r#""a\ud83db""#, r#""a\ufffdb""#),
            (r#""\ude00""#, r#""\ufffd""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\ud83""#, r#""\ud83""#),
            ("\"\\", "\"\\"),
            ("\"\\é\\ud800\"", "\"\\é\\ufffd\""),
        ] {
            assert_eq!(mend_surrogates(given), mended);
        }
    }

    proptest! {
        #[test]
        fn any_escapes_are_mended_without_a_panic(text in "(\\\\u[dD][0-9a-fA-F]{0,4}|\\\\|u|é|\"){0,20}") {
            as_text(text.as_bytes());
        }
    }
}
