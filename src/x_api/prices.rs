//! What X bills, by its list prices: deliveries and calls, each by its kind.

use super::posts;

/// Something that X bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    pub what: &'static str,
    /// Thousandths of a US dollar.
    pub mills: i64,
}

const fn price(what: &'static str, mills: i64) -> Price {
    Price { what, mills }
}

/// A Direct Message that a customer wrote. Those of the account itself, typing and read receipts are not billed.
///
/// See [X docs: Pricing](https://docs.x.com/x-api/getting-started/pricing) for all of them.
pub const DM_RECEIVED: Price = price("dm.received", 10);
pub const CHAT_RECEIVED: Price = price("chat.received", 10);
pub const FOLLOW: Price = price("follow", 10);
pub const MENTION: Price = price("mention", 5);
pub const DM_SENT: Price = price("dm.sent", 15);
/// A message that was looked up.
pub const DM_READ: Price = price("dm.read", 10);
/// A user that was looked up, also the account itself.
pub const USER_READ: Price = price("user.read", 10);
const POST: Price = price("post", 15);
pub const POST_WITH_URL: Price = price("post.with_url", 200);
/// X takes replies of those alone whom the author named, and bills them as another thing.
const REPLY: Price = price("post.reply", 10);

/// A post with a link is billed as another thing, whatever it answers.
pub fn of_post(text: &str, is_reply: bool) -> Price {
    match (posts::has_link(text), is_reply) {
        (true, _) => POST_WITH_URL,
        (false, true) => REPLY,
        (false, false) => POST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_in_a_post_makes_it_dearer_and_an_answer_is_cheaper() {
        assert_eq!((of_post("Hello", false).mills, of_post("Hello", true).mills), (15, 10));
        for is_reply in [false, true] {
            assert_eq!(of_post("see https://example.com", is_reply).mills, 200);
        }
    }
}
