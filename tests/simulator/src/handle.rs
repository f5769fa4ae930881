//! One call to X: trouble, the route, who asks, the limit, the answer, the log.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response};
use serde_json::json;

use crate::answer::{Manner, Refusal, complaining, html_answer, json_answer};
use crate::calendar;
use crate::endpoints::{Asking, Call, Reply};
use crate::limits::{Bound, Counted, Headers, Limit, Spent, write_headers};
use crate::parameters::Parameters;
use crate::routes::{Found, find};
use crate::simulator::Simulator;
use crate::trouble::Mishap;

pub use crate::endpoints::Challenge;

/// What became of a call.
#[derive(Debug)]
pub enum Handled {
    /// X's answer.
    Answer(Response<Bytes>),
    /// X first calls the webhook: send [`Challenge::request`], give the answer to [`Simulator::challenged`].
    Challenge(Challenge),
    /// No answer will ever come. The call may have been done: see [`Logged::outcome`].
    Silence,
}

/// One call, as X's log has it.
#[derive(Clone, Debug)]
pub struct Logged {
    pub at_ms: u64,
    pub method: Method,
    pub path: String,
    pub query: String,
    pub body: Bytes,
    /// The user who signed, where one did and X could tell.
    pub user: Option<String>,
    /// `None`: the call was never answered.
    pub status: Option<u16>,
    pub outcome: Outcome,
}

/// What became of a logged call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Accepted,
    /// X said no, with this code.
    Refused {
        code: i64,
    },
    /// X failed or fell silent, because it was told to; with `done` it has done what was asked.
    Troubled {
        done: bool,
    },
    /// X waits for the webhook's answer.
    Challenging,
}

/// An answer before it is logged.
pub(crate) struct Answered {
    pub reply: Result<Reply, Refusal>,
    pub user: Option<String>,
    pub standing: Vec<Spent>,
    pub access: Option<&'static str>,
}

impl Simulator {
    /// A call of the client's to X.
    pub fn handle(&mut self, now_ms: u64, request: &Request<Bytes>) -> Handled {
        self.advance(now_ms);
        let entry = self.log.len();
        self.log.push(Logged {
            at_ms: now_ms,
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            body: request.body().clone(),
            user: None,
            status: None,
            outcome: Outcome::Troubled { done: false },
        });
        let mishap = self.troubles.of_call(now_ms, request.method(), request.uri().path());
        if let Some(mishap) = mishap.as_ref().filter(|mishap| !mishap.acts_after_the_effect()) {
            return self.mishap_before(now_ms, entry, mishap, request);
        }
        let answered = self.answer(now_ms, request);
        if let Some(logged) = self.log.get_mut(entry) {
            logged.user = answered.user;
        }
        let done = answered.reply.is_ok();
        let mut response = match answered.reply {
            Ok(Reply::Challenge(challenge)) => {
                self.conclude(entry, None, Outcome::Challenging);
                let mut challenge = challenge;
                challenge.entry = Some(entry);
                challenge.mishap = mishap;
                return Handled::Challenge(challenge);
            }
            Ok(Reply::Answer(response)) => {
                self.conclude(entry, Some(&response), Outcome::Accepted);
                response
            }
            Err(refusal) => {
                let response = refusal.answer();
                self.conclude(entry, Some(&response), Outcome::Refused { code: refusal.code });
                response
            }
        };
        if let Ok(date) = HeaderValue::from_str(&calendar::http(now_ms)) {
            response.headers_mut().insert(http::header::DATE, date);
        }
        let v2 = is_v2(request.uri().path());
        write_headers(&mut response, &answered.standing, v2, self.settings.rate_limit_headers);
        if let Some(access) = answered.access {
            response.headers_mut().insert("x-access-level", HeaderValue::from_static(access));
        }
        match mishap {
            Some(mishap) => self.mishap_after(entry, &mishap, done, &response),
            None => Handled::Answer(response),
        }
    }

    /// The receiver's answer to a challenge; `None`: it did not answer in time.
    pub fn challenged(
        &mut self,
        now_ms: u64,
        challenge: Challenge,
        answer: Option<&Response<Bytes>>,
    ) -> Response<Bytes> {
        self.advance(now_ms);
        let (entry, mishap) = (challenge.entry, challenge.mishap.clone());
        let judged = self.judge(now_ms, challenge, answer);
        let (response, outcome) = match &judged {
            Ok(response) => (response.clone(), Outcome::Accepted),
            Err(refusal) => (refusal.answer(), Outcome::Refused { code: refusal.code }),
        };
        let Some(entry) = entry else { return response };
        self.conclude(entry, Some(&response), outcome);
        match mishap.map(|mishap| self.mishap_after(entry, &mishap, judged.is_ok(), &response)) {
            None => response,
            Some(Handled::Answer(failure)) => failure,
            // The caller waits for this answer; a gateway's time-out is what it sees of silence.
            Some(_) => html_answer(504),
        }
    }

    fn answer(&mut self, now_ms: u64, request: &Request<Bytes>) -> Answered {
        let refused = |refusal| Answered { reply: Err(refusal), user: None, standing: Vec::new(), access: None };
        let (route, captured) = match find(request.method(), request.uri().path()) {
            Found::Route { route, captured } => (route, captured),
            Found::OtherMethod => return refused(Refusal::new(86)),
            Found::Nothing => return refused(Refusal::new(34)),
        };
        let parameters = Parameters::of(request);
        let asking = match self.asking(now_ms, route, request, &parameters) {
            Ok(asking) => asking,
            Err(refusal) => return refused(refusal),
        };
        let (user, access) = match &asking {
            Asking::User(signer) => {
                (Some(signer.user.clone()), signer.scopes.is_none().then(|| signer.permission.as_str()))
            }
            Asking::Keys | Asking::App | Asking::Consumer(_) | Asking::Nobody => (None, None),
        };
        if let Err(refusal) = self.is_in_plan(route.endpoint, request.uri().path()) {
            return Answered { reply: Err(refusal), user, standing: Vec::new(), access };
        }
        if self.troubles.no_credits {
            let problem = json!({
                "title": "CreditsDepleted", "type": "https://api.x.com/2/problems/credits",
                "detail": "Your enrolled account does not have any credits to fulfill this request.",
            });
            let reply = Ok(Reply::Answer(json_answer(402, &problem)));
            return Answered { reply, user, standing: Vec::new(), access };
        }
        let parameters = parameters.with_fields(request);
        let call = Call { now_ms, endpoint: route.endpoint, asking, captured, parameters, request };
        let free = self.is_free_reply(&call);
        let counted = Counted { endpoint: route.endpoint, v2: call.is_v2(), user: user.as_deref() };
        match self.limits.count(counted, now_ms, free) {
            Ok(standing) => Answered { reply: self.serve(&call), user, standing, access },
            Err(standing) => Answered { reply: Err(Refusal::too_many(call.is_v2())), user, standing, access },
        }
    }

    fn mishap_before(&mut self, now_ms: u64, entry: usize, mishap: &Mishap, request: &Request<Bytes>) -> Handled {
        let v2 = is_v2(request.uri().path());
        let headers = self.settings.rate_limit_headers;
        let response = match mishap {
            Mishap::RateLimited { reset_in_s } => rate_limited(now_ms + reset_in_s * 1000, v2, headers),
            Mishap::RateLimitedUntil { reset_ms } => rate_limited(*reset_ms, v2, headers),
            Mishap::Refused { status, code, message } => {
                Refusal { status: *status, code: *code, message: message.clone(), manner: manner_of(*code, v2) }
                    .in_v2_words(v2)
                    .answer()
            }
            Mishap::Fails { status, body, .. } => body.answer(*status),
            Mishap::NeverArrives | Mishap::AnswerLost | Mishap::DoneWithErrors => return Handled::Silence,
        };
        let outcome = match mishap {
            Mishap::Refused { code, .. } => Outcome::Refused { code: *code },
            Mishap::RateLimited { .. } | Mishap::RateLimitedUntil { .. } => Outcome::Refused { code: 88 },
            _ => Outcome::Troubled { done: false },
        };
        self.conclude(entry, Some(&response), outcome);
        Handled::Answer(response)
    }

    fn mishap_after(&mut self, entry: usize, mishap: &Mishap, done: bool, honest: &Response<Bytes>) -> Handled {
        let response = match mishap {
            Mishap::Fails { status, body, .. } => Some(body.answer(*status)),
            Mishap::DoneWithErrors => Some(complaining(honest)),
            _ => None,
        };
        self.conclude(entry, response.as_ref(), Outcome::Troubled { done });
        response.map_or(Handled::Silence, Handled::Answer)
    }

    fn conclude(&mut self, entry: usize, response: Option<&Response<Bytes>>, outcome: Outcome) {
        if let Some(logged) = self.log.get_mut(entry) {
            logged.status = response.map(|response| response.status().as_u16());
            logged.outcome = outcome;
        }
    }
}

/// The second version of the API says things differently.
pub(crate) fn is_v2(path: &str) -> bool {
    path.starts_with("/2/")
}

/// v2 tells of keys, of whole accounts and of its own failures by code, as v1.1 does; of all else by a problem.
fn manner_of(code: i64, v2: bool) -> Manner {
    match code {
        32 | 63 | 64 | 67 | 89 | 130 | 131 | 135 | 215 | 226 | 326 => Manner::Code,
        _ if v2 => Manner::Problem,
        _ => Manner::Code,
    }
}

fn rate_limited(reset_ms: u64, v2: bool, headers: Headers) -> Response<Bytes> {
    let mut response = Refusal::too_many(v2).answer();
    let spent = Spent { bound: Bound::Caller(Limit { calls: 0, window_ms: 0 }), used: 0, reset_ms };
    write_headers(&mut response, &[spent], v2, headers);
    response
}
