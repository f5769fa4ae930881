//! The turn with which the bot has a conversation back.

use serde::Deserialize;

use super::settings::{Settings, notice};
use crate::bot::handed_back::{HandedBack, Line};
use crate::bot::input::What;
use crate::error::Trouble;
use crate::flows::signal::Signal;
use crate::flows::tell::write;
use crate::flows::turn::{Cast, Happened, Written, script_of, turn};
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::conversations::Conversation;
use crate::store::entries;
use crate::store::handoffs::{Handoff, Place, Status};
use crate::store::scripts::{self, Live};

/// As many of the latest lines as the bot is told.
const MOST_LINES: i64 = 20;

/// `why`: `ended`, `timed_out`, `nobody` or `over`. A conflict when somebody else was at it first. What the bot says is owed
/// from then on; the signals are to be given.
pub async fn hand_back<P: Platform>(
    p: &P,
    account: &Account,
    conversation: Option<&Conversation>,
    handoff: &Handoff,
    why: &str,
) -> Result<Vec<Signal>, Trouble> {
    #[derive(Deserialize)]
    struct Said {
        author: String,
        text: Option<String>,
    }
    let id = &handoff.conversation;
    let since = handoff.started_at;
    let [live, lines] = p.each([scripts::live(&id.account), entries::since(id, since, MOST_LINES)]).await?;
    let (live, lines): (Option<Live>, Vec<Said>) = (live.first()?, lines.all()?);
    let settings = Settings::of(Some(&handoff.settings));
    // Whoever is only asked has not had it.
    let agent = handoff.agent.clone().filter(|_| handoff.status == Status::Held).unwrap_or_default();
    let customer = conversation.and_then(|known| known.name.clone()).unwrap_or_default();
    let text = match why {
        "ended" => settings.notices.ended,
        "timed_out" => settings.notices.timed_out,
        "nobody" => settings.notices.nobody,
        _ => None,
    };
    let who = |author: &str| if author == "customer" { "customer" } else { "agent" };
    let said =
        lines.into_iter().map(|line| Line { who: who(&line.author).to_owned(), text: line.text.unwrap_or_default() });
    let what = What::HandedBack {
        handoff: HandedBack { agent: agent.clone(), why: why.to_owned(), said: said.collect() },
        notice: text.map(|text| notice(&text, &agent, &customer)),
        // Whoever answered in X's own app took no leave either; and what ends by itself after long surprises nobody.
        quietly: handoff.place == Place::App || why == "over",
    };
    let cause = format!("handback:{}", handoff.id);
    let script = script_of(live.as_ref())?;
    let media = live.as_ref().map(Live::media).unwrap_or_default();
    let cast = Cast { id, account, conversation, script: &script, media: &media, ends: Some(why) };
    let happened = Happened { cause: &cause, what, name: None, username: None, read: None };
    let Written { batch, signals } = turn(p, &cast, &happened, p.now()).await?;
    write(p, batch, None).await.map(|_| signals)
}
