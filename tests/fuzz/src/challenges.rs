//! X's challenge as it comes in: only what X may ask is signed, with the right secret, and never what could be a delivery.

use perch::config::Config;
use perch::web::webhook::challenge;
use perch::x_api::delivery::Envelope;
use perch::x_api::signature::{HEADER, HEADER_OF_CLIENT};
use perch::x_api::text::as_text;
use serde_json::{Value, json};

use crate::signatures::mark;
use crate::still::{CLIENT_SECRET, CONSUMER_SECRET, Still};

const CRC_SECRET: &str = "crc-secret";

/// A byte that chooses the settings and who signs, then the query.
pub fn run(bytes: &[u8]) {
    let Some((chosen, query)) = bytes.split_first() else { return };
    let has = |bit: u8| chosen & (1 << bit) != 0;
    let Some(mut request) = crate::http::request(&[b"GET /webhook?", query].concat()) else { return };
    let query = request.uri().query().unwrap_or_default().to_owned();
    for (bit, header, secret) in [(3, HEADER, CONSUMER_SECRET), (4, HEADER_OF_CLIENT, CLIENT_SECRET)] {
        if has(bit) {
            request.headers_mut().insert(header, mark(secret, query.as_bytes()).parse().unwrap());
        }
    }
    let settings = |name: &str| {
        let all =
            [("X_CRC_SECRET", CRC_SECRET), ("X_CONSUMER_SECRET", CONSUMER_SECRET), ("X_CLIENT_SECRET", CLIENT_SECRET)];
        let known = all.iter().zip(0..).find(|((known, _), _)| *known == name);
        known.filter(|(_, bit)| has(*bit)).map(|((_, secret), _)| (*secret).to_owned())
    };
    let answer = challenge(&Still::default(), &Config::new(&settings), &request);
    let (by_consumer, by_client) = (has(1) && has(3), has(2) && has(4));
    let order = if by_client && !by_consumer {
        [(2, CLIENT_SECRET), (1, CONSUMER_SECRET)]
    } else {
        [(1, CONSUMER_SECRET), (2, CLIENT_SECRET)]
    };
    let secret = [(0, CRC_SECRET)].into_iter().chain(order).find(|(bit, _)| has(*bit)).map(|(_, secret)| secret);
    let token = token(&query).filter(|token| may_be_signed(token));
    let body: Value = serde_json::from_slice(answer.response.body()).expect("every answer is JSON");
    let status = answer.response.status().as_u16();
    match (secret, token) {
        (None, _) => assert_eq!(status, 503),
        (Some(_), None) => assert_eq!(status, 400),
        (Some(secret), Some(token)) => {
            assert_eq!((status, &body), (200, &json!({"response_token": mark(secret, token.as_bytes())})));
            assert!(Envelope::read(&as_text(token.as_bytes())).is_none(), "a delivery was signed: {token:?}");
        }
    }
    let is_problem = status != 200;
    assert_eq!(body.get("what_to_do").is_some(), is_problem);
    assert_eq!(answer.note.is_some(), !is_problem && (by_consumer || by_client));
}

fn may_be_signed(token: &str) -> bool {
    let is_odd = |c: char| c == '{' || c <= '\u{1f}' || c == '\u{7f}';
    (1..=1024).contains(&token.len()) && !token.contains(is_odd) && !token.contains("crc_token=")
}

/// As a form is read: the first of this name, plus for a space, per cent for bytes; `None` where that is no text.
fn token(query: &str) -> Option<String> {
    let written = query.split('&').find_map(|pair| pair.strip_prefix("crc_token="))?.as_bytes();
    let digit = |at: usize| written.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut read, mut at) = (Vec::new(), 0);
    while at < written.len() {
        let (byte, used) = match (written[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => (u8::try_from(high * 16 + low).unwrap(), 3),
            (b'+', ..) => (b' ', 1),
            (byte, ..) => (byte, 1),
        };
        read.push(byte);
        at += used;
    }
    String::from_utf8(read).ok()
}
