//! How X's keys look: what stands out when they were mixed up, cut off, or copied with something around them.

/// The settings that hold them.
pub const NAMES: [&str; 4] = ["X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"];
/// None of X's is shorter.
const LEAST: [usize; 4] = [20, 40, 40, 40];

/// In the order of [`NAMES`]; nothing of what they hold is told, but how long it is.
pub fn odd(given: [String; 4]) -> Vec<String> {
    let [key, secret, token, token_secret] = &given;
    let mut odd = Vec::new();
    if key.len() > secret.len() {
        odd.push("X_CONSUMER_KEY is longer than X_CONSUMER_SECRET: they look swapped.".to_owned());
    }
    let is_token =
        |text: &str| text.split_once('-').is_some_and(|(id, _)| id.bytes().all(|byte| byte.is_ascii_digit()));
    if is_token(token_secret) {
        odd.push("X_ACCESS_TOKEN_SECRET looks like a token: it and X_ACCESS_TOKEN look swapped.".to_owned());
    }
    if token.starts_with("AAAA") {
        odd.push("X_ACCESS_TOKEN looks like a bearer token: it is the access token of the app's owner.".to_owned());
    }
    for ((name, least), given) in NAMES.iter().zip(LEAST).zip(&given) {
        if given.len() < least {
            odd.push(format!("{name} has {} characters; X's have {least} at least: it looks cut off.", given.len()));
        }
        if given.contains(['"', '\'', ' ', '\n']) {
            odd.push(format!("{name} contains a quote or a space."));
        }
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(given: [&str; 4]) -> String {
        odd(given.map(str::to_owned)).join(" ")
    }

    #[test]
    fn keys_that_look_like_xs_say_nothing_and_others_what_they_look_like() {
        let (key, long) = ("k".repeat(25), "s".repeat(50));
        let token = format!("12-{}", "t".repeat(40));
        assert_eq!(told([&key, &long, &token, &long]), "");
        assert!(told([&long, &key, &token, &long]).contains("X_CONSUMER_SECRET: they look swapped"));
        assert!(told([&key, &long, &long, &token]).contains("X_ACCESS_TOKEN look swapped"));
        assert!(told([&key, "short", &token, &long]).contains("X_CONSUMER_SECRET has 5 characters"));
        assert!(told([&key, &format!("\"{long}\""), &token, &long]).contains("a quote"));
        assert!(told([&key, &long, &format!("AAAA{long}"), &long]).contains("bearer"));
    }
}
