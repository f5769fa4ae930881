//! Links that open a part of X: compose a post, follow, write a Direct Message.

use super::request::encode;

/// A post to compose.
///
/// See [X docs: Post button](https://developer.x.com/en/docs/x-for-websites/tweet-button/guides/web-intent).
pub fn post(text: &str, url: Option<&str>) -> String {
    let url = url.map(|url| format!("&url={}", encode(url))).unwrap_or_default();
    format!("https://twitter.com/intent/tweet?text={}{url}", encode(text))
}

/// An account to follow.
pub fn follow(username: &str) -> String {
    format!("https://twitter.com/intent/follow?screen_name={}", encode(username))
}

/// A Direct Message to an account.
pub fn message(account: &str) -> String {
    format!("https://twitter.com/messages/compose?recipient_id={}", encode(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_into_a_link_is_encoded() {
        let link = post("Deep powder & sun", Some("https://example.com/?a=b"));
        assert_eq!(
            link,
            "https://twitter.com/intent/tweet?text=Deep%20powder%20%26%20sun&url=https%3A%2F%2Fexample.com%2F%3Fa%3Db"
        );
    }
}
