//! A public post by an account, by an admin's hand: made at once, and its answer told.

use serde_json::{Value, json};

use super::bring::bring;
use super::publish::Site;
use super::refused::{Refused, find};
use super::stopped::Stopped;
use crate::config::Config;
use crate::platform::Platform;
use crate::store::{costs, media};
use crate::x_api::posts::{self, NewPost, Reply};
use crate::x_api::prices;

/// What is to be posted.
pub struct Ask<'a> {
    pub account: Option<&'a str>,
    pub text: &'a str,
    /// The post that it answers.
    pub reply_to: Option<&'a str>,
    /// The hash of a file that was brought here.
    pub media: Option<&'a str>,
}

/// X takes the same text only once, so asking twice posts once.
pub async fn post<P: Platform>(p: &P, config: &Config<'_>, ask: &Ask<'_>) -> Result<Value, Refused> {
    let account = find(p, ask.account).await?;
    let picture = match ask.media {
        Some(hash) => Some(bring(p, config, &account.id, &media::key_in_posts(hash), None).await?),
        None => None,
    };
    let site = Site::open(p, config, &account).await?;
    let reply = ask.reply_to.map(|id| Reply { in_reply_to_tweet_id: id });
    let carried = picture.as_ref().map(posts::Media::of);
    let post = NewPost { text: ask.text, reply, media: carried, direct_message_deep_link: None };
    let response = site.ask(p, |base| posts::create(base, &post)).await?;
    let id = posts::created(&response).ok_or_else(Stopped::unreadable)?;
    // X has it: that it could not be counted is no reason to say otherwise.
    let _ = p.sql(vec![costs::add(&account.id, prices::of_post(ask.text, ask.reply_to.is_some()), 1, p.now())]).await;
    Ok(json!({"id": id, "account": account.id, "url": format!("https://x.com/{}/status/{id}", account.username)}))
}
