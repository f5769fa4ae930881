//! Ids of X as strings: they exceed 2^53, so a trip through a number of JavaScript would corrupt them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: Into<String>> From<T> for $name {
            fn from(id: T) -> Self {
                Self(id.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                text_or_number(from).map(Self)
            }
        }
    };
}

id! {
    /// A user of X: an account of ours or a customer.
    UserId
}
id! {
    /// A Direct Message event.
    DmId
}
id! {
    /// A public post.
    PostId
}
id! {
    /// A welcome message of an account.
    WelcomeMessageId
}
id! {
    /// The rule of the default welcome message.
    RuleId
}
id! {
    /// A file that was uploaded to X.
    MediaId
}
id! {
    /// A custom profile of an account.
    ProfileId
}
id! {
    /// An app of X's developer portal.
    AppId
}
id! {
    /// A registered webhook.
    WebhookId
}

impl UserId {
    /// As X gives them: 1 to 20 digits.
    pub fn is_number(&self) -> bool {
        (1..=20).contains(&self.0.len()) && self.0.bytes().all(|byte| byte.is_ascii_digit())
    }
}

fn text_or_number<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Number(i64),
    }
    Either::deserialize(from).map(|id| match id {
        Either::Text(text) => text,
        Either::Number(number) => number.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_beyond_2_to_the_53_keeps_every_digit_as_text_and_as_number() {
        let text: UserId = serde_json::from_str("\"1893471234567890123\"").unwrap();
        let number: UserId = serde_json::from_str("1893471234567890123").unwrap();
        assert_eq!(text, number);
        assert_eq!(serde_json::to_string(&number).unwrap(), "\"1893471234567890123\"");
    }
}
