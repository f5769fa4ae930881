//! A POST from X: verified, put on the queue, acknowledged. Touches nothing but the queue, unless the queue refuses or the delivery
//! does not fit into it.

use crate::config::Config;
use crate::error::Trouble;
use crate::job::{Job, Queued};
use crate::platform::Platform;
use crate::store::spill;
use crate::told::{Delivery, Told};
use crate::x_api::delivery::{Envelope, LARGEST};
use crate::x_api::signature::{self, Proof, Signatures};
use crate::x_api::split::split;
use crate::x_api::text::as_text;
use crate::x_api::time::{Span, Timestamp};

/// A job of more bytes does not fit on the queue (128 KB with its metadata).
const LARGEST_JOB: usize = 120_000;

/// What a job says besides its body, in bytes, and then some.
const ENVELOPE: usize = 1_000;

/// What became of a POST. All but a refusal are durable, or need not be: X gets 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    Queued {
        jobs: usize,
        /// X signed with two secrets, and one of ours is not the app's.
        signatures_disagree: bool,
    },
    /// Nothing in it that this deployment keeps.
    Unwanted {
        items: usize,
    },
    /// The queue refused; the whole delivery stands in D1.
    Spilled {
        trouble: Trouble,
    },
    Refused(Refusal),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    TooLarge,
    NoSecret,
    BadSignature,
    NoObject,
    /// Neither the queue nor D1 took it: X may try again, or replay it.
    NothingTookIt(Trouble, Trouble),
}

pub async fn receive<P: Platform>(p: &P, config: &Config<'_>, given: Signatures<'_>, body: &[u8]) -> Received {
    let received = take(p, config, given, body).await;
    tell(p, &received, Some(body.len()));
    received
}

/// Above the cap nobody looks at a signature.
pub fn too_large<P: Platform>(p: &P) -> Refusal {
    let refused = Received::Refused(Refusal::TooLarge);
    tell(p, &refused, None);
    Refusal::TooLarge
}

/// What needs no secret of X's to be refused, anybody can send again and again.
fn tell<P: Platform>(p: &P, received: &Received, bytes: Option<usize>) {
    let Some(line) = line(received, bytes) else { return };
    let is_anybodys =
        matches!(received, Received::Refused(Refusal::TooLarge | Refusal::NoSecret | Refusal::BadSignature));
    if let Some(left_out) = if is_anybodys { p.left_out() } else { Some(0) } {
        p.tell(&Told::Delivery(Delivery { left_out: (left_out > 0).then_some(left_out), ..line }));
    }
}

/// What went its usual way is told once it is handled: the door is quick, and says only what nobody else can.
fn line(received: &Received, bytes: Option<usize>) -> Option<Delivery> {
    let line = Delivery { bytes, ..Delivery::default() };
    Some(match received {
        Received::Queued { jobs: 1, .. } => return None,
        Received::Queued { jobs, .. } => Delivery { outcome: "split", parts: Some(*jobs), ..line },
        Received::Unwanted { items } => Delivery { outcome: "unwanted", items: Some(*items), ..line },
        Received::Spilled { .. } => Delivery { outcome: "spilled", ..line },
        Received::Refused(refusal) => Delivery { outcome: "refused", why: Some(refusal.name()), ..line },
    })
}

impl Refusal {
    fn name(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::NoSecret => "no_secret",
            Self::BadSignature => "signature",
            Self::NoObject => "no_object",
            Self::NothingTookIt(..) => "nothing_took_it",
        }
    }
}

async fn take<P: Platform>(p: &P, config: &Config<'_>, given: Signatures<'_>, body: &[u8]) -> Received {
    if body.len() > LARGEST {
        return Received::Refused(Refusal::TooLarge);
    }
    let secrets = config.delivery_secrets();
    if secrets.is_empty() {
        return Received::Refused(Refusal::NoSecret);
    }
    let Proof::Genuine { disagree, .. } = signature::prove(given, body, &secrets) else {
        return Received::Refused(Refusal::BadSignature);
    };
    let text = as_text(body);
    let Some(envelope) = Envelope::read(&text) else {
        return Received::Refused(Refusal::NoObject);
    };
    let kinds = config.kinds();
    if !envelope.items.iter().any(|item| kinds.want(item.kind)) {
        return Received::Unwanted { items: envelope.items.len() };
    }
    let now = p.now();
    match queue(p, &text, &envelope, now).await {
        Ok(jobs) => {
            tell_of_refused(p).await;
            Received::Queued { jobs, signatures_disagree: disagree }
        }
        Err(trouble) => {
            let whole = spill::insert(&p.nonce(), &text, now, now);
            match p.sql(vec![whole]).await {
                Ok(_) => Received::Spilled { trouble },
                Err(second) => {
                    let before = p.refused_since(Some(now));
                    p.refused_since(before.or(Some(now)));
                    Received::Refused(Refusal::NothingTookIt(trouble, second))
                }
            }
        }
    }
}

/// The queue takes something again: what this instance had to refuse before is asked for.
async fn tell_of_refused<P: Platform>(p: &P) {
    let Some(since) = p.refused_since(None) else { return };
    if p.enqueue(vec![Job::Refused { since }.now()]).await.is_err() {
        p.refused_since(Some(since));
    }
}

/// One job for the delivery, or one an item where it is too large; an item that is too large alone goes into `spill`.
async fn queue<P: Platform>(p: &P, text: &str, envelope: &Envelope<'_>, now: Timestamp) -> Result<usize, Trouble> {
    let whole = delivery(text.to_owned(), now);
    if fits(&whole) {
        p.enqueue(vec![whole]).await?;
        return Ok(1);
    }
    let (small, large): (Vec<Queued>, Vec<Queued>) =
        split(envelope).into_iter().map(|part| delivery(part, now)).partition(fits);
    let mut jobs = small;
    let mut spilled = Vec::new();
    for part in large {
        if let Job::Delivery { received_at, body } = part.job {
            let id = p.nonce();
            // Due only if its job gets lost.
            spilled.push(spill::insert(&id, &body, received_at, now + Span::minutes(5)));
            jobs.push(Job::Spilled { id }.now());
        }
    }
    if !spilled.is_empty() {
        p.sql(spilled).await?;
    }
    let count = jobs.len();
    p.enqueue(jobs).await?;
    Ok(count)
}

fn delivery(body: String, received_at: Timestamp) -> Queued {
    Job::Delivery { received_at, body }.now()
}

fn fits(queued: &Queued) -> bool {
    // Of what is JSON no byte takes more than two in a text within JSON.
    if let Job::Delivery { body, .. } = &queued.job
        && body.len() < LARGEST_JOB / 2 - ENVELOPE
    {
        return true;
    }
    serde_json::to_string(&queued.job).is_ok_and(|json| json.len() <= LARGEST_JOB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_on_the_queue_is_told_to_the_byte_whatever_stands_in_it() {
        let job = |body: String| delivery(body, Timestamp(1_790_000_000_000));
        let length = |job: &Queued| serde_json::to_string(&job.job).unwrap().len();
        let around = length(&job(String::new()));
        for (letter, bytes) in [("x", 1), ("\"", 2), ("\n", 2)] {
            let most = (LARGEST_JOB - around) / bytes;
            for count in [0, 10, most / 2, most - ENVELOPE, most - 1, most, most + 1, most + ENVELOPE, 2 * most] {
                let job = job(letter.repeat(count));
                assert_eq!(fits(&job), length(&job) <= LARGEST_JOB, "{count} of {letter:?}");
            }
        }
    }
}
