//! Whether everything is in place, from the keys to the script: each thing fine, or with its cause and the next step.

use super::desk::Desk;
use super::refused::{Refused, find};
use super::report::{Report, StepResult};
use super::stopped::Stopped;
use super::subscriptions::Subscriber;
use super::turn::script_of;
use super::{keys, refresh, subscriptions};
use crate::bot::check::check;
use crate::config::{Config, LIMITS};
use crate::platform::Platform;
use crate::seal::SealError;
use crate::store::accounts::Account;
use crate::store::schema;
use crate::store::scripts::{self, Live};
use crate::x_api::accounts as whose;
use crate::x_api::activity_subscriptions::{NEEDED, is_extra};
use crate::x_api::prices::{DM_SENT, POST_WITH_URL};
use crate::x_api::request::Response;
use crate::x_api::time::{Span, Timestamp};
use crate::x_api::webhooks as registered;

/// X refuses signatures that are five minutes off; this is a warning before that.
const CLOCKS_DIFFER: Span = Span::minutes(2);

/// Of one account, or of the only one.
pub async fn examine<P: Platform>(p: &P, config: &Config<'_>, account: Option<&str>) -> Report {
    let mut report = Report::default();
    if !tables(p, &mut report).await || !settings(config, &mut report) {
        return report.ended();
    }
    let account = find(p, account).await;
    // Through its own product, which need not be the deployment's.
    let desk = config.product(None).and_then(|product| match &account {
        Ok(account) => Desk::of(p, config, account),
        Err(_) => Desk::open(p, config, product),
    });
    let desk = match desk {
        Ok(desk) => desk,
        Err(trouble) => {
            report.step("product", Stopped::from(trouble).into());
            return report.ended();
        }
    };
    // Asked with the app's token, which carries no time: it tells X's clock even when X refuses our signatures for theirs.
    let asked = desk.ask(registered::list(&desk.app.base, &desk.product), None).await;
    if let Ok(response) = &asked {
        clock(p.now(), response, &mut report);
    }
    let listed = asked.and_then(|response| registered::read_list(&response).ok_or_else(Stopped::unreadable));
    report.step(format!("X takes the app's keys ({} product)", desk.product.name()), hinted(config, &listed));
    if let (false, Ok(owner)) = (desk.product.is_v2(), config.owner(&desk.app)) {
        let answer = super::whose::ask(&desk, &owner.into()).await;
        report.step("X takes the owner's tokens", hinted(config, &answer));
    }
    match account {
        Ok(account) => about(p, config, &desk, &account, listed.unwrap_or_default(), &mut report).await,
        Err(refused) => report.step("account", no_account(refused)),
    }
    report.ended()
}

/// Every table that this version knows.
async fn tables<P: Platform>(p: &P, report: &mut Report) -> bool {
    let found = p.sql(schema::newest()).await;
    let is_there = found.is_ok();
    report.step(
        "tables",
        found.map_or_else(
            |trouble| {
                StepResult::failed(
                    trouble.to_string(),
                    "Apply the migrations: npm run deploy does it, or npx wrangler d1 migrations apply DB --remote.",
                )
            },
            |_| StepResult::Done,
        ),
    );
    is_there
}

fn settings(config: &Config<'_>, report: &mut Report) -> bool {
    let missing = config.missing();
    if missing.is_empty() {
        let mistyped = config.send_limits().err().map(|trouble| StepResult::from(Stopped::from(trouble)));
        let bad_key = config.token_keys().ok().and_then(|keys| keys.flaw()).map(SealError::said);
        let bad_key = bad_key.map(|(cause, what_to_do)| StepResult::failed(cause, what_to_do));
        report.step("settings", bad_key.or(mistyped).unwrap_or(StepResult::Done));
        return true;
    }
    let cause = format!("Not set: {}.", missing.join(", "));
    report.step("settings", StepResult::failed(cause, "Set each with: npx wrangler secret put NAME"));
    false
}

/// X's refusal of keys, with what stands out about them.
fn hinted<T>(config: &Config<'_>, result: &Result<T, Stopped>) -> StepResult {
    let Err(stopped) = result else { return StepResult::Done };
    let (cause, what_to_do) = stopped.said();
    let is_about_keys = matches!(stopped, Stopped::Fault(fault) if matches!(fault.status, 400 | 401 | 403));
    let hints = if is_about_keys { config.odd_keys().join(" ") } else { String::new() };
    StepResult::Failed { code: stopped.code(), cause, what_to_do: format!("{hints} {what_to_do}").trim().to_owned() }
}

/// Signatures carry the time: X refuses those that are off.
fn clock(now: Timestamp, from_x: &Response, report: &mut Report) {
    let date = from_x.headers().get(http::header::DATE).and_then(|date| date.to_str().ok());
    let Some(theirs) = date.and_then(Timestamp::read_http) else { return };
    let off = (now - theirs).0.abs();
    let result = if off <= CLOCKS_DIFFER.0 {
        StepResult::Done
    } else {
        let cause = format!("This machine's clock and X's differ by {} seconds.", off / 1000);
        StepResult::failed(cause, "Set the clock of this machine; on Cloudflare, report it to them.")
    };
    report.step("clock", result);
}

fn no_account(refused: Refused) -> StepResult {
    match refused {
        Refused::NoAccount => StepResult::failed("No account is connected.", "Run: perch connect"),
        Refused::WhichAccount => {
            StepResult::failed("There are several accounts.", "Name one: perch doctor --account NAME")
        }
        Refused::Stopped(stopped) => stopped.into(),
        other => StepResult::failed(format!("{other:?}"), "Run it again."),
    }
}

async fn about<P: Platform>(
    p: &P,
    config: &Config<'_>,
    desk: &Desk<'_, P>,
    account: &Account,
    listed: Vec<crate::x_api::webhooks::Webhook>,
    report: &mut Report,
) {
    let name = &account.username;
    let keys = match keys::signer(p, config, &desk.app, account).await {
        Ok(keys) => keys,
        Err(trouble) => return report.step(format!("tokens of @{name}"), Stopped::from(trouble).into()),
    };
    let answer = super::whose::ask(desk, &keys).await;
    report.step(format!("X takes the tokens of @{name}"), hinted(config, &answer));
    granted(config, account, report);
    if let Some(access) = answer.ok().as_ref().and_then(whose::access) {
        let result = if access.may_message() {
            StepResult::Done
        } else {
            let mend = "Give the app 'Read, write and Direct Messages' in X's portal, make new tokens after that, connect again.";
            StepResult::failed(format!("The tokens may only do this on X: {}.", access.as_str()), mend)
        };
        report.step(format!("@{name} may send Direct Messages"), result);
    }
    let Ok(id) = super::keys::webhook_of(account) else {
        return report.step("webhook", StepResult::failed("The account has none.", "Run: perch connect"));
    };
    let webhook = listed.iter().find(|known| known.id == id);
    report.step(
        "webhook",
        match webhook {
            None => StepResult::failed("X does not know it any more.", "Run: perch connect, or perch webhooks move"),
            Some(known) if !known.valid => StepResult::failed(
                "X takes it for invalid and delivers nothing.",
                &*format!("Run: perch webhooks validate {id}"),
            ),
            Some(_) => StepResult::Done,
        },
    );
    const ADD: &str = "Run: perch subscriptions add";
    match subscriptions::lacks(desk, &id, &Subscriber::of(account, &keys)).await {
        Ok(lacks) if lacks.contains(&NEEDED) => {
            report.step("subscription", StepResult::failed("X delivers nothing for this account.", ADD));
        }
        Ok(lacks) => {
            report.step("subscription", StepResult::Done);
            for event_type in lacks {
                let failed = StepResult::failed("X does not deliver it for this account.", ADD);
                match is_extra(event_type) {
                    true => report.extra(event_type, failed),
                    false => report.step(event_type, failed),
                }
            }
        }
        Err(stopped) => report.step("subscription", stopped.into()),
    }
    if account.is_on == 0 {
        report.step("switch", StepResult::failed("The account is switched off.", "Run: perch accounts on"));
    }
    script(p, config, account, report).await;
}

/// What the account gave with OAuth 2.0, where X said it.
fn granted(config: &Config<'_>, account: &Account, report: &mut Report) {
    let Some(grant) = refresh::grant(config, account) else { return };
    let name = &account.username;
    let lacks = grant.lacks();
    if !lacks.is_empty() {
        let mend = "Give the app these permissions in X's portal, then have the account sign in again: perch connect.";
        let cause = format!("Not granted: {}.", lacks.join(", "));
        let (step, failed) = (format!("the sign-in of @{name} with OAuth 2.0"), StepResult::failed(cause, mend));
        // Tokens of OAuth 1.0a sign instead, where there are any.
        match account.tokens.is_empty() {
            true => report.step(step, failed),
            false => report.extra(step, failed),
        }
    } else if grant.scopes.is_some() {
        report.step(format!("@{name} has granted Direct Messages with OAuth 2.0"), StepResult::Done);
    }
    let further = grant.lacks_further();
    if !further.is_empty() {
        report.step(format!("@{name} has not granted {}", further.join(", ")), StepResult::Kept);
    }
}

async fn script<P: Platform>(p: &P, config: &Config<'_>, account: &Account, report: &mut Report) {
    let live = async {
        let live: Option<Live> = p.first(scripts::live(&account.id)).await?;
        script_of(live.as_ref())
    };
    let live = live.await;
    let result = match live.as_ref().map(|script| check(script, &LIMITS).len()) {
        Ok(0) => StepResult::Done,
        Ok(count) => StepResult::failed(
            format!("The live script has {count} mistakes."),
            "Run: perch check FILE, then perch apply FILE",
        ),
        Err(trouble) => StepResult::failed(trouble.to_string(), "Publish a script: perch apply FILE"),
    };
    report.step("script", result);
    let posts = live.is_ok_and(|script| script.nodes.values().any(|node| node.post.is_some()));
    cap(config.daily_cap(), posts, report);
}

/// What is dearer than the whole cap of a day never goes out.
fn cap(cap: Option<i64>, posts: bool, report: &mut Report) {
    let Some(cap) = cap else { return };
    let (what, price) = if posts { ("a post with a link", POST_WITH_URL) } else { ("one message", DM_SENT) };
    let result = if cap >= price.mills {
        StepResult::Done
    } else {
        let dollars = |mills: i64| format!("{}.{:03}", mills / 1_000, mills % 1_000);
        let cause = format!("It is {} USD a day, and X bills {} USD for {what}.", dollars(cap), dollars(price.mills));
        StepResult::failed(cause, "Raise DAILY_CAP_USD, an amount such as 5.00; until then none goes out.")
    };
    report.step("DAILY_CAP_USD", result);
}
