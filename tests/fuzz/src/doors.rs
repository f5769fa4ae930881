//! What opens doors: sealed tokens, invites and tokens of Cloudflare Access open as they were made, and not with a byte changed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use perch::access::{Gate, key_among};
use perch::invite;
use perch::seal::{Keys, Tokens, is_sealed_with_present, open, open_text, seal, seal_text};
use perch::x_api::secret::Secret;
use perch::x_api::time::Span;

use crate::still::{NOW, TOKEN_KEY};

const OTHER_KEY: &str = "OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg=";
const NONCE: &str = "0123456789abcdef0123456789abcdef";

/// A byte that chooses keys and what is tried; the rest is what somebody brings along.
pub fn run(bytes: &[u8]) {
    let Some((chosen, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let previous = (chosen & 1 != 0).then(|| Secret::new(OTHER_KEY));
    let keys = Keys { present: Secret::new(TOKEN_KEY), previous };
    match chosen >> 1 & 3 {
        0 => sealed(&text, &keys),
        1 => invites(&text, &keys.present),
        2 => access(&text),
        _ => keys_of_access(rest),
    }
}

fn sealed(text: &str, keys: &Keys) {
    let account = "7".into();
    assert!(open(text, &account, keys).is_err() && open_text(text, "7", keys).is_err(), "nobody seals without the key");
    let _ = is_sealed_with_present(text, keys);
    let whole = seal_text(text, "7", keys, NONCE).unwrap();
    assert_eq!(open_text(&whole, "7", keys).map(|plain| plain.reveal().to_owned()).as_deref(), Ok(text));
    assert!(open_text(&whole, "8", keys).is_err() && is_sealed_with_present(&whole, keys) == Ok(true));
    let tokens = Tokens { token: Secret::new(text), secret: Secret::new("secret") };
    assert_eq!(open(&seal(&tokens, &account, keys, NONCE).unwrap(), &account, keys), Ok(tokens));
    // The text says where a byte of the sealed one is changed, and to what.
    if let [at, to, ..] = text.as_bytes()
        && to.is_ascii()
    {
        let mut changed = whole.clone().into_bytes();
        let at = usize::from(*at) % changed.len();
        let was = std::mem::replace(&mut changed[at], *to);
        let changed = String::from_utf8(changed).unwrap();
        assert!(was == *to || open_text(&changed, "7", keys).is_err(), "{changed}");
    }
    // A key that is none seals nothing.
    let odd = Keys { present: Secret::new(text), previous: None };
    assert!(seal_text("a", "7", &odd, NONCE).is_err() || text.len() == 44);
}

fn invites(text: &str, key: &Secret) {
    assert!(invite::open(text, key, NOW).is_err(), "nobody makes an invite without the key");
    let (good, made) = invite::make("0123", key, NOW);
    assert_eq!(invite::open(&good, key, NOW), Ok(made.clone()));
    assert!(invite::open(&good, key, made.due_at).is_err() && invite::open(&good, key, NOW + Span::hours(1)).is_err());
    assert!(text.is_empty() || invite::open(&format!("{good}{text}"), key, NOW).is_err());
    assert!(text.is_empty() || invite::open(&format!("{text}{good}"), key, NOW).is_err());
}

/// Header, claims and signature, each in a line, so that nobody has to guess base64; or the token as it is.
fn access(text: &str) {
    let gate = Gate { issuer: "https://team.cloudflareaccess.com".to_owned(), audience: "audience".to_owned() };
    let mut lines = text.splitn(3, '\n');
    let encoded = |part: Option<&str>| URL_SAFE_NO_PAD.encode(part.unwrap_or_default());
    let token = [encoded(lines.next()), encoded(lines.next()), encoded(lines.next())].join(".");
    for token in [token.as_str(), text] {
        let Some(read) = gate.read(token, NOW) else { continue };
        assert!(token.as_bytes().starts_with(&read.signed) && read.email.contains('@'));
        assert!(gate.read(token, NOW + Span::days(400_000)).is_none() || text.contains("exp"));
        let other = Gate { audience: "another".to_owned(), ..gate.clone() };
        assert!(other.read(token, NOW).is_none() || text.contains("another"));
        let other = Gate { issuer: "https://mallory.example".to_owned(), ..gate.clone() };
        assert!(other.read(token, NOW).is_none());
    }
}

fn keys_of_access(bytes: &[u8]) {
    let known = key_among(bytes, "key-1");
    assert!(known.is_none() || String::from_utf8_lossy(bytes).contains("kid"));
}
