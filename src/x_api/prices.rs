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
const POST: Price = price("post", 15);
const POST_WITH_URL: Price = price("post.with_url", 200);

/// A post with a link is billed as another thing.
pub fn of_post(text: &str) -> Price {
    if posts::has_link(text) { POST_WITH_URL } else { POST }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_in_a_post_makes_it_dearer() {
        assert_eq!(of_post("Hello").mills, 15);
        assert_eq!(of_post("see https://example.com").mills, 200);
    }
}
