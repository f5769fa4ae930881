//! One call to X: trouble, the route, who asks, the limit, the answer, the log.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response};
use serde_json::json;

use crate::answer::{Refusal, html_answer, json_answer};
use crate::calendar;
use crate::endpoints::{Asking, Call, Reply};
use crate::limits::{Headers, Standing};
use crate::oauth1::Signer;
use crate::parameters::Parameters;
use crate::routes::{Found, Route, Who, find};
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
    pub standing: Vec<Standing>,
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
            return self.mishap_before(now_ms, entry, mishap);
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
        for standing in answered.standing {
            standing.write(&mut response, self.settings.rate_limit_headers);
        }
        if let Some(access) = answered.access {
            response.headers_mut().insert("x-access-level", HeaderValue::from_static(access));
        }
        match mishap {
            Some(mishap) => self.mishap_after(entry, &mishap, done),
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
        match mishap.map(|mishap| self.mishap_after(entry, &mishap, judged.is_ok())) {
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
        if let Some(refusal) = self.app.closed(request.uri().path()) {
            return refused(refusal);
        }
        let parameters = Parameters::of(request);
        let asking = match self.asking(now_ms, route, request, &parameters) {
            Ok(asking) => asking,
            Err(refusal) => return refused(refusal),
        };
        let (user, access) = match &asking {
            Asking::User(signer) => (Some(signer.user.clone()), Some(signer.permission.as_str())),
            Asking::Keys | Asking::App | Asking::Consumer(_) | Asking::Nobody => (None, None),
        };
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
        let who = user.clone().unwrap_or_else(|| "the app".to_owned());
        let free = self.is_free_reply(&call);
        match self.limits.count(route.endpoint, &who, now_ms, free) {
            Ok(standing) => Answered { reply: self.serve(&call), user, standing, access },
            Err((refusal, standing)) => {
                Answered { reply: Err(call.refused_in_its_way(refusal)), user, standing, access }
            }
        }
    }

    /// Who asks, when that is somebody who may.
    fn asking(
        &mut self,
        now_ms: u64,
        route: &Route,
        request: &Request<Bytes>,
        parameters: &Parameters,
    ) -> Result<Asking, Refusal> {
        let scheme = request.headers().get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let scheme = scheme.and_then(|value| value.split(' ').next()).unwrap_or_default().to_ascii_lowercase();
        match (route.who, scheme.as_str()) {
            (Who::Anybody, _) => Ok(Asking::Nobody),
            (Who::Consumer(with_token), _) => {
                self.consumer(now_ms, request, parameters, with_token).map(Asking::Consumer)
            }
            (Who::AppOrUser, "bearer") => self.has_bearer(request).map(|()| Asking::App),
            (Who::AppOrUser, _) => self.signer(now_ms, request, parameters).map(Asking::User),
            (Who::Keys, _) => self.has_keys(request).map(|()| Asking::Keys),
            (Who::App, "oauth") => Err(Refusal::new(220)),
            (Who::App, _) => self.has_bearer(request).map(|()| Asking::App),
            (Who::Owner, "bearer") => self.has_bearer(request).and(Err(Refusal::new(261))),
            (Who::User(_), "bearer") => self.has_bearer(request).and(Err(Refusal::new(220))),
            (Who::Owner, _) => {
                let signer = self.signer(now_ms, request, parameters)?;
                if signer.owner { Ok(Asking::User(signer)) } else { Err(Refusal::new(200)) }
            }
            (Who::User(needed), _) => {
                let signer = self.signer(now_ms, request, parameters)?;
                match signer {
                    Signer { permission, .. } if permission >= needed => Ok(Asking::User(signer)),
                    _ if route.endpoint.is_about_messages() => Err(Refusal::new(93)),
                    _ => Err(Refusal::new(261)),
                }
            }
        }
    }

    fn mishap_before(&mut self, now_ms: u64, entry: usize, mishap: &Mishap) -> Handled {
        let response = match mishap {
            Mishap::RateLimited { reset_in_s } => rate_limited(now_ms + reset_in_s * 1000),
            Mishap::RateLimitedUntil { reset_ms } => rate_limited(*reset_ms),
            Mishap::Refused { status, code, message } => {
                Refusal { status: *status, code: *code, message: message.clone(), problem: false }.answer()
            }
            Mishap::Fails { status, body, .. } => body.answer(*status),
            Mishap::NeverArrives | Mishap::AnswerLost => return Handled::Silence,
        };
        let outcome = match mishap {
            Mishap::Refused { code, .. } => Outcome::Refused { code: *code },
            Mishap::RateLimited { .. } | Mishap::RateLimitedUntil { .. } => Outcome::Refused { code: 88 },
            _ => Outcome::Troubled { done: false },
        };
        self.conclude(entry, Some(&response), outcome);
        Handled::Answer(response)
    }

    fn mishap_after(&mut self, entry: usize, mishap: &Mishap, done: bool) -> Handled {
        let response = match mishap {
            Mishap::Fails { status, body, .. } => Some(body.answer(*status)),
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

fn rate_limited(reset_ms: u64) -> Response<Bytes> {
    let mut response = Refusal::new(88).answer();
    Standing { name: "x-rate-limit", limit: 0, remaining: 0, reset_ms }.write(&mut response, Headers::AsDocumented);
    response
}
