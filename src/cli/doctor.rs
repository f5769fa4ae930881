//! `perch doctor`: everything from the keys to X's first event, each with cause and next step.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::answered;
use super::arguments::Common;
use super::program::Streams;
use super::secrets;
use super::site::{NoAnswer, Site};

/// A sample needs so long at most.
const SAMPLE: Duration = Duration::from_secs(30);
/// People need so long to find a post to like.
const ACT: Duration = Duration::from_secs(180);
const EVERY: Duration = Duration::from_secs(1);

struct Doctor<'s, 'o> {
    site: Site,
    common: &'s Common,
    streams: &'s mut Streams<'o>,
    steps: Vec<Value>,
}

/// `wait`: for somebody to like a post, which proves the way from X to here.
pub fn run(wait: bool, common: &Common, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let site = match Site::from_environment() {
        Ok(site) => site,
        Err(NoAnswer(why)) => return answered::no_answer(&why, common.json, streams),
    };
    let mut doctor = Doctor { site, common, streams, steps: Vec::new() };
    if doctor.reach()? {
        let sample = doctor.made();
        doctor.challenge(&sample)?;
        doctor.inside()?;
        doctor.sample(&sample)?;
        if wait && !common.json && doctor.is_well() {
            doctor.delivered()?;
        }
    }
    let ok = doctor.is_well();
    if common.json {
        writeln!(doctor.streams.output, "{}", json!({"ok": ok, "steps": doctor.steps}))?;
    } else {
        writeln!(
            doctor.streams.output,
            "{}",
            if ok { "All is well." } else { "Mend what is named above and run it again." }
        )?;
    }
    Ok(u8::from(!ok))
}

impl Doctor<'_, '_> {
    fn is_well(&self) -> bool {
        self.steps.iter().all(|step| step.get("result").and_then(Value::as_str) != Some("failed"))
    }

    fn tell(&mut self, step: Value) -> std::io::Result<()> {
        if !self.common.json {
            let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default();
            match text("result") {
                "failed" => {
                    writeln!(
                        self.streams.output,
                        "✗ {}\n    {}\n    {}",
                        text("step"),
                        text("cause"),
                        text("what_to_do")
                    )?;
                }
                _ => writeln!(self.streams.output, "✓ {}", text("step"))?,
            }
            self.streams.output.flush()?;
        }
        self.steps.push(step);
        Ok(())
    }

    fn fine(&mut self, step: &str) -> std::io::Result<()> {
        self.tell(json!({"step": step, "result": "done"}))
    }

    fn failed(&mut self, step: &str, cause: &str, what_to_do: &str) -> std::io::Result<()> {
        self.tell(json!({"step": step, "result": "failed", "cause": cause, "what_to_do": what_to_do}))
    }

    /// The deployment answers, and takes the admin token.
    fn reach(&mut self) -> std::io::Result<bool> {
        const STEP: &str = "the deployment answers, and takes ADMIN_TOKEN";
        match self.site.get("/api/health") {
            Ok((200, _)) => self.fine(STEP).map(|()| true),
            Ok((_, answer)) => {
                let said = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                self.failed(STEP, &said("detail"), &said("what_to_do")).map(|()| false)
            }
            Err(NoAnswer(why)) => {
                self.failed(STEP, &why, "Check PERCH_URL; deploy with: npm run deploy").map(|()| false)
            }
        }
    }

    /// A delivery and a challenge as X would bring them, and the address that X has of this account.
    fn made(&self) -> Value {
        let ask = json!({"account": self.common.account, "send": false});
        let made = self.site.post("/api/doctor/sample", &ask);
        made.ok().filter(|(status, _)| *status == 200).map(|(_, made)| made).unwrap_or_default()
    }

    /// As X does it, at the address that X calls: with two Workers that is the other one.
    #[allow(clippy::disallowed_methods)] // a program on somebody's computer has a clock of its own
    fn challenge(&mut self, sample: &Value) -> std::io::Result<()> {
        let text = |name: &str| sample.get(name).and_then(Value::as_str);
        let path = secrets::get("WEBHOOK_PATH").unwrap_or_else(|| "/webhook".to_owned());
        let door = text("url").map_or_else(|| self.site.address(&path), str::to_owned);
        let step = format!("the challenge (CRC) is answered at {door}");
        let challenge = text("crc_token").unwrap_or("perch-doctor");
        let began = Instant::now();
        let answer = self.site.knock(&door, Some(challenge), None);
        let took = began.elapsed();
        let token = answer.as_ref().ok().and_then(|(_, body)| body.get("response_token")?.as_str().map(str::to_owned));
        match (token, text("response_token")) {
            _ if took > Duration::from_secs(3) => {
                let cause = format!("It took {} ms; X waits three seconds.", took.as_millis());
                self.failed(&step, &cause, "Run it again; if it stays slow, look at the Worker's metrics.")
            }
            (Some(token), Some(expected)) if token != expected => self.failed(
                &step,
                "The answer is signed with another secret than that of the deployment at PERCH_URL.",
                "Set the app's API key secret for both Workers, if there are two: npx wrangler secret put X_CONSUMER_SECRET",
            ),
            (Some(token), _) if token.starts_with("sha256=") => self.fine(&step),
            _ => self.failed(
                &step,
                &format!("GET {door}?crc_token=… brings no response_token."),
                "Set X_CONSUMER_SECRET there, and check WEBHOOK_PATH and PUBLIC_URL; perch webhooks move changes the address.",
            ),
        }
    }

    /// The account that is meant, behind a question mark.
    fn query(&self) -> String {
        let account = self.common.account.as_deref().map(|name| name.trim_start_matches('@'));
        account.map(|name| format!("?account={name}")).unwrap_or_default()
    }

    /// What only the deployment itself can see.
    fn inside(&mut self) -> std::io::Result<()> {
        match self.site.get(&format!("/api/doctor{}", self.query())) {
            Ok((_, report)) => {
                let steps = report.get("steps").and_then(Value::as_array).cloned().unwrap_or_default();
                steps.into_iter().try_for_each(|step| self.tell(step))
            }
            Err(NoAnswer(why)) => self.failed("the deployment examines itself", &why, "Run it again."),
        }
    }

    /// One signed delivery, through the door, the queue and the tables.
    fn sample(&mut self, sample: &Value) -> std::io::Result<()> {
        const STEP: &str = "a signed sample delivery comes through the queue";
        let text = |name: &str| sample.get(name).and_then(Value::as_str);
        let id = match (text("url"), text("id").zip(text("body")).zip(text("signature"))) {
            (Some(door), Some(((id, body), signature))) => match self.site.knock(door, None, Some((body, signature))) {
                Ok((200, _)) => id.to_owned(),
                Ok((status, _)) => {
                    let cause = format!("{door} refuses it with {status}.");
                    let mend =
                        "Set the same X_CONSUMER_SECRET there as here: npx wrangler secret put X_CONSUMER_SECRET";
                    return self.failed(STEP, &cause, mend);
                }
                Err(NoAnswer(why)) => return self.failed(STEP, &why, "Check PUBLIC_URL and the Worker there."),
            },
            // X has no address yet: behind the door.
            _ => match self.site.post("/api/doctor/sample", &json!({})) {
                Ok((202, answer)) => answer.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
                Ok((_, answer)) => {
                    let said = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                    return self.failed(STEP, &said("detail"), &said("what_to_do"));
                }
                Err(NoAnswer(why)) => return self.failed(STEP, &why, "Run it again."),
            },
        };
        let arrived = |(_, answer): &(u16, Value)| answer.get("arrived").and_then(Value::as_bool) == Some(true);
        if until(SAMPLE, || self.site.get(&format!("/api/doctor/sample?id={id}")).is_ok_and(|answer| arrived(&answer)))
        {
            return self.fine(STEP);
        }
        let mend = "See the queue 'perch' in Cloudflare's dashboard: its consumer must be this Worker, or the one of --env consumer.";
        self.failed(STEP, "It was queued and never came out within 30 seconds.", mend)
    }

    /// The way from X to here is proven by something that somebody does on X.
    fn delivered(&mut self) -> std::io::Result<()> {
        let last = |site: &Site| match site.get("/api/health") {
            Ok((_, health)) => health.get("last_event_at").and_then(Value::as_i64).unwrap_or_default(),
            Err(_) => 0,
        };
        let before = last(&self.site);
        // X Activity tells of likes only where a script takes them up.
        let is_activity = |(_, who): (u16, Value)| who.get("product").and_then(Value::as_str) == Some("xaa");
        let act = match self.site.get(&format!("/api/whoami{}", self.query())).is_ok_and(is_activity) {
            true => "write a Direct Message to the account",
            false => "like any post of the account",
        };
        writeln!(self.streams.output, "Now {act}, from another account. Waiting for X to tell …")?;
        self.streams.output.flush()?;
        const STEP: &str = "X delivers what happens";
        if until(ACT, || last(&self.site) > before) {
            return self.fine(STEP);
        }
        let mend = "X needs up to ten seconds after a subscription. Check KINDS (dm.*, favorite), and perch subscriptions check.";
        self.failed(STEP, "Nothing came within three minutes.", mend)
    }
}

/// Asks again and again until it is so, or the time is over.
#[allow(clippy::disallowed_methods)] // a program on somebody's computer has a clock of its own, and may wait
fn until(most: Duration, is_so: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    loop {
        if is_so() {
            return true;
        }
        if began.elapsed() > most {
            return false;
        }
        std::thread::sleep(EVERY);
    }
}
