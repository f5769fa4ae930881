//! The two headers over a body: what another library's HMAC confirms is proof, and nothing else is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use perch::x_api::secret::Secret;
use perch::x_api::signature::{Proof, Secrets, Signatures, prove, verifies};

/// What may be set; an empty one never counts.
const KEYS: [&str; 4] = ["present", "previous", "", "client"];

/// A byte that chooses the secrets, a line for each header, and the body. `=N` and more of it stands for the right header
/// under the key N; nobody guesses one.
pub fn run(bytes: &[u8]) {
    let Some((chosen, rest)) = bytes.split_first() else { return };
    let mut parts = rest.splitn(3, |byte| *byte == b'\n');
    let (consumer, client) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let body = parts.next().unwrap_or_default();
    let (consumer, client) = (header(consumer, body), header(client, body));
    let keys = |chosen: u8| -> Vec<&str> {
        KEYS.iter().enumerate().filter(|(at, _)| chosen & (1 << at) != 0).map(|(_, key)| *key).collect()
    };
    let (of_consumer, of_client) = (keys(chosen & 15), keys(chosen >> 4));
    let place = |header: &Option<String>, keys: &[&str]| {
        keys.iter().position(|key| !key.is_empty() && header.as_ref().is_some_and(|header| *header == mark(key, body)))
    };
    let fits = |header: &Option<String>, keys: &[&str]| place(header, keys).is_some();
    let (by_consumer, by_client) = (fits(&consumer, &of_consumer), fits(&client, &of_client));
    let secrets = Secrets { consumer: secrets(&of_consumer), client: secrets(&of_client) };
    assert_eq!(verifies(consumer.as_deref(), body, &secrets.consumer), by_consumer);
    assert_eq!(verifies(client.as_deref(), body, &secrets.client), by_client);
    let is_wrong = |header: &Option<String>, keys: &[&str], fits: bool| header.is_some() && !keys.is_empty() && !fits;
    let disagree = is_wrong(&consumer, &of_consumer, by_consumer) || is_wrong(&client, &of_client, by_client);
    let proof = prove(Signatures { consumer: consumer.as_deref(), client: client.as_deref() }, body, &secrets);
    let expected = match (by_consumer, by_client) {
        (false, false) => Proof::Nothing,
        (by_consumer, _) => {
            let place = if by_consumer { place(&consumer, &of_consumer) } else { place(&client, &of_client) };
            Proof::Genuine { by_client: !by_consumer, place: place.unwrap(), disagree }
        }
    };
    assert_eq!(proof, expected);
}

/// No header for an empty line.
fn header(line: &[u8], body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(line).into_owned();
    let key = text.strip_prefix('=').and_then(|rest| Some((rest.get(..1)?.parse::<usize>().ok()?, rest.get(1..)?)));
    match key {
        Some((key, more)) => Some(format!("{}{more}", mark(KEYS[key % KEYS.len()], body))),
        None => (!text.is_empty()).then_some(text),
    }
}

/// The header that X would send.
pub fn mark(key: &str, message: &[u8]) -> String {
    format!("sha256={}", STANDARD.encode(hmac_sha256::HMAC::mac(message, key)))
}

fn secrets(keys: &[&str]) -> Vec<Secret> {
    keys.iter().map(|key| Secret::new(*key)).collect()
}
