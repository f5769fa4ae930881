//! A bot's file brought to X, part by part, over as many jobs as it takes; then what waits for it is said.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::keys;
use super::probe::{self, Again};
use super::web_call;
use crate::config::Config;
use crate::error::Trouble;
use crate::job::{Job, Outcome, Queued};
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::conversations::ConversationId;
use crate::store::media::{self, Part, Upload};
use crate::store::statement::Statement;
use crate::x_api::dialect::{Speaks, refuses_dialect};
use crate::x_api::fault::{Fault, Verdict};
use crate::x_api::ids::{MediaId, UserId};
use crate::x_api::media::{self as x_media, Category, Door, Progress, UsedIn};
use crate::x_api::request::{Call, Response};
use crate::x_api::time::{Span, Timestamp};

/// Parts of 1 MiB that one job appends: each is a read, a call and a write.
const PARTS_AT_ONCE: i64 = 8;
/// Refusals and silences in a row before the upload begins anew …
const IN_A_ROW: i64 = 4;
/// … and so many beginnings before the file is given up.
const MOST_STARTS: i64 = 3;
/// The same for what stands at an address: words do not wait long for it.
const MOST_FETCHES: i64 = 3;
/// What failed is tried anew after this, when a message wants it again.
const ANEW: Span = Span::minutes(10);
/// What stands at an address is looked at again after this (s).
const KEPT_FROM_ADDRESS: i64 = 3_600;
/// Bytes of one part.
pub const PART: usize = 1 << 20;
/// X's clock may be ahead.
const EARLY: Span = Span::minutes(10);

/// How one job ends.
enum End {
    Ready(i64),
    Later(Span),
    More,
    Failed(String),
    Again(Span, String),
    /// From the start, where what X has of it is of no use.
    Anew(String),
    /// X takes no files here, or no more.
    Closed(Fault, Verdict),
}

pub async fn upload<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &UserId,
    sha256: &str,
) -> Result<Outcome, Trouble> {
    let (now, claim) = (p.now(), p.nonce());
    let [found, taken] = p.each([accounts::get(account), media::claim(account, sha256, &claim, now)]).await?;
    let (found, taken): (Option<Account>, Option<Upload>) = (found.first()?, taken.first()?);
    let (Some(found), Some(taken)) = (found, taken) else { return Ok(Outcome::Done) };
    let end = match keys::of(p, config, &found).await {
        Ok(keys) => {
            let base = if found.speaks == Speaks::Rich { config.upload_base() } else { keys.base.clone() };
            let door = Door { base, speaks: found.speaks };
            let ask = async |call: Call| p.send(keys.sign(p, call)).await;
            match &taken.source {
                Some(url) if taken.status != "processing" => {
                    from_address(p, config, &ask, &door, (account, url, &taken.claim)).await?
                }
                _ => steps(p, &ask, &door, account, sha256, &taken).await?,
            }
        }
        Err(trouble) => End::Again(Span::minutes(5), trouble.to_string()),
    };
    let end = match end {
        End::Closed(fault, verdict) => elsewhere(p, config, &found, &taken, fault, verdict).await,
        end => end,
    };
    settle(p, account, sha256, &taken, end).await
}

async fn steps<P: Platform>(
    p: &P,
    ask: &impl AsyncFn(Call) -> Result<Response, Trouble>,
    door: &Door,
    account: &UserId,
    sha256: &str,
    taken: &Upload,
) -> Result<End, Trouble> {
    if let (Some(id), "processing") = (&taken.x_id, taken.status.as_str()) {
        return Ok(match judged(ask(door.status(id)).await, p.now(), |response| progress(&response)) {
            End::Ready(seconds) if taken.source.is_some() => End::Ready(seconds.min(KEPT_FROM_ADDRESS)),
            end => end,
        });
    }
    let Some(category) = Category::of(&taken.content_type) else {
        return Ok(End::Failed(format!("X takes no {}", taken.content_type)));
    };
    let file = media::file_of(sha256);
    let used_in = if file == sha256 { UsedIn::Messages } else { UsedIn::Posts };
    let id = match (&taken.x_id, taken.status.as_str()) {
        (Some(id), "uploading") => id.clone(),
        _ => match begin(p, ask, door, taken.bytes, &taken.content_type, category, used_in).await {
            Ok(id) => {
                p.sql(vec![media::begun(account, sha256, &taken.claim, &id)]).await?;
                id
            }
            Err(end) => return Ok(end),
        },
    };
    let first = if taken.status == "uploading" { taken.next_part } else { 0 };
    for part in first..taken.parts.min(first + PARTS_AT_ONCE) {
        let row: Option<Part> = p.first(media::part(file, part)).await?;
        let Some(bytes) = row.and_then(|row| STANDARD.decode(row.data).ok()) else {
            return Ok(End::Failed("a part of the file is missing: publish the script again".to_owned()));
        };
        let mut refused = None;
        let answer = ask(door.append(&id, part, bytes.into())).await;
        match judged(answer, p.now(), |_| End::More) {
            End::More => p.sql(vec![media::appended(account, sha256, &taken.claim, part + 1)]).await.map(drop)?,
            end => refused = Some(end),
        }
        if let Some(end) = refused {
            return Ok(end);
        }
    }
    if first + PARTS_AT_ONCE < taken.parts {
        return Ok(End::More);
    }
    Ok(judged(ask(door.finish(&id)).await, p.now(), |response| progress(&response)))
}

/// In one go and always from the start: what stands at an address may be another file the next time.
async fn from_address<P: Platform>(
    p: &P,
    config: &Config<'_>,
    ask: &impl AsyncFn(Call) -> Result<Response, Trouble>,
    door: &Door,
    (account, url, claim): (&UserId, &str, &str),
) -> Result<End, Trouble> {
    let (kind, bytes) = match web_call::file(p, config, url).await {
        Ok(file) => file,
        Err(failure) if failure.kind == "unreachable" => return Ok(End::Again(Span::seconds(5), failure.why)),
        Err(failure) => return Ok(End::Failed(failure.why)),
    };
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let Some(category) = Category::of(&kind).filter(|category| (1..=category.most_bytes()).contains(&size)) else {
        return Ok(End::Failed(format!("X takes no file of {size} bytes and type '{kind}'")));
    };
    let id = match begin(p, ask, door, size, &kind, category, UsedIn::Messages).await {
        Ok(id) => id,
        Err(end) => return Ok(end),
    };
    for (part, from) in (0..).zip((0..bytes.len()).step_by(PART)) {
        let data = bytes.slice(from..bytes.len().min(from + PART));
        match judged(ask(door.append(&id, part, data)).await, p.now(), |_| End::More) {
            End::More => {}
            end => return Ok(end),
        }
    }
    p.sql(vec![media::begun(account, &media::key_of_address(url), claim, &id)]).await?;
    Ok(match judged(ask(door.finish(&id)).await, p.now(), |response| progress(&response)) {
        End::Ready(seconds) => End::Ready(seconds.min(KEPT_FROM_ADDRESS)),
        end => end,
    })
}

async fn begin<P: Platform>(
    p: &P,
    ask: &impl AsyncFn(Call) -> Result<Response, Trouble>,
    door: &Door,
    bytes: u64,
    content_type: &str,
    category: Category,
    used_in: UsedIn,
) -> Result<MediaId, End> {
    let call = door.begin(bytes, content_type, category, used_in);
    let mut id = None;
    let end = judged(ask(call).await, p.now(), |response| {
        id = x_media::begun(&response);
        End::Again(Span::seconds(20), "X's answer names no id".to_owned())
    });
    id.ok_or(end)
}

/// Where X closed one of its two dialects to the account, the file goes the other way, from the start.
async fn elsewhere<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &Account,
    taken: &Upload,
    fault: Fault,
    verdict: Verdict,
) -> End {
    // A message may have found out first: then what X has of the file is of the other dialect.
    let is_begun = taken.status != "wanted";
    // Refused twice in a row: X has been asked in between.
    let since = if is_begun || taken.attempts > 1 { Timestamp(0) } else { p.now() };
    match probe::again(p, config, account, since).await {
        Again::Other => End::Anew(fault.said),
        Again::Unknown(wait) => End::Again(wait, fault.said),
        Again::Closed(_) => End::Again(probe::PROBED_AGAIN, fault.said),
        Again::Same if is_begun => End::Anew(fault.said),
        Again::Same => refused(fault, verdict),
    }
}

fn progress(response: &Response) -> End {
    match x_media::progress(response) {
        Progress::Ready { expires_after } => End::Ready(expires_after),
        Progress::Wait { check_after } => End::Later(Span::seconds(check_after)),
        Progress::Failed(why) => End::Failed(why),
    }
}

fn judged(answer: Result<Response, Trouble>, now: Timestamp, then: impl FnOnce(Response) -> End) -> End {
    let Ok(response) = answer else { return End::Again(Span::seconds(20), "X does not answer".to_owned()) };
    match Fault::read(&response, now) {
        None => then(response),
        Some((fault, verdict)) if refuses_dialect(&fault) => End::Closed(fault, verdict),
        Some((fault, verdict)) => refused(fault, verdict),
    }
}

fn refused(fault: Fault, verdict: Verdict) -> End {
    match verdict {
        Verdict::Never(_) => End::Failed(format!("{} {}", fault.said, fault.what_to_do)),
        Verdict::After(span, _) => End::Again(span, fault.said),
        Verdict::SignIn | Verdict::Unknown => End::Again(Span::minutes(1), fault.said),
    }
}

async fn settle<P: Platform>(
    p: &P,
    account: &UserId,
    sha256: &str,
    taken: &Upload,
    end: End,
) -> Result<Outcome, Trouble> {
    let now = p.now();
    let job = || Job::Upload { account: account.clone(), sha256: sha256.to_owned() };
    // From the start again after a few in a row, and given up after a few such starts.
    let is_enough = match taken.source {
        Some(_) => taken.attempts + 1 >= MOST_FETCHES,
        None => taken.attempts + 1 >= IN_A_ROW && taken.restarts + 1 >= MOST_STARTS,
    };
    let (statement, next): (Statement, Option<Queued>) = match end {
        End::Ready(seconds) => {
            let expires_at = now + Span::seconds(seconds);
            (media::ready(account, sha256, &taken.claim, (expires_at - EARLY).max(now + Span::minutes(1))), None)
        }
        End::Failed(why) | End::Closed(Fault { said: why, .. }, _) => {
            (media::failed(account, sha256, &taken.claim, now + ANEW, &why), None)
        }
        End::Anew(why) if taken.restarts + 1 >= MOST_STARTS => {
            (media::failed(account, sha256, &taken.claim, now + ANEW, &why), None)
        }
        End::Anew(why) => (media::again(account, sha256, &taken.claim, now, true, &why), Some(job().now())),
        End::Again(_, why) if is_enough => (media::failed(account, sha256, &taken.claim, now + ANEW, &why), None),
        End::Again(wait, why) => {
            let again = media::again(account, sha256, &taken.claim, now + wait, taken.attempts + 1 >= IN_A_ROW, &why);
            (again, Some(job().after(wait)))
        }
        End::Later(wait) => (media::processing(account, sha256, &taken.claim, now + wait), Some(job().after(wait))),
        End::More => (media::release(account, sha256, &taken.claim, now), Some(job().now())),
    };
    let is_over = next.is_none();
    let forgotten = media::forget_addresses(account, now - Span::hours(24));
    let [_, waiting, _] = p.each([statement, media::waiting(account, sha256), forgotten]).await?;
    let waiting: Vec<ConversationId> = waiting.all()?;
    let waiting = waiting.into_iter().filter(|_| is_over).map(|conversation| Job::Converse { conversation }.now());
    let jobs: Vec<Queued> = next.into_iter().chain(waiting).collect();
    if !jobs.is_empty() {
        p.enqueue(jobs).await?;
    }
    Ok(Outcome::Done)
}
