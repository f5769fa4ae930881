//! The World as a platform: every call is a seam where another task may go first, and where trouble may strike.

use std::cell::RefCell;
use std::future::pending;
use std::rc::Rc;

use perch::access::PublicKey;
use perch::error::Trouble;
use perch::job::Queued;
use perch::platform::Platform;
use perch::store::statement::{Rows, Statement};
use perch::told::Told;
use perch::x_api::answered;
use perch::x_api::request::{Request, Response};
use perch::x_api::time::Timestamp;
use perch_simulator::Handled;

use super::access;
use super::cast::WEATHER;
use super::faults::{Fault, Seam};
use super::mutants::met;
use super::planted::{Bug, Planted};
use super::scheduler::give_way;
use super::{Inner, serve};

/// Steps of others that a late answer lets go first: several times as many as any of them takes.
const LATE: usize = 300;
const SIGNALS: [&str; 2] = ["/1.1/direct_messages/indicate_typing.json", "/1.1/direct_messages/mark_read.json"];

pub struct Edge {
    pub inner: Rc<RefCell<Inner>>,
    pub task: usize,
}

impl Edge {
    pub fn log(&self, line: &str) {
        self.inner.borrow_mut().logs(line);
    }

    /// Does `work` at a seam, unless trouble has it otherwise.
    async fn at<T>(&self, seam: Seam, trouble: Trouble, work: impl AsyncFnOnce() -> T) -> Result<T, Trouble> {
        give_way().await;
        let fault = self.inner.borrow_mut().faults.pass(seam);
        match fault {
            None => {
                let done = work().await;
                // The answer is on its way: others go on, and time may go by.
                self.takes_its_time();
                give_way().await;
                Ok(done)
            }
            Some(Fault::Before) => Err(trouble),
            Some(Fault::AnswerLost) => {
                work().await;
                Err(trouble)
            }
            Some(Fault::AnswerLate) => {
                let done = work().await;
                for _ in 0..LATE {
                    give_way().await;
                }
                Ok(done)
            }
            Some(Fault::DiesBefore) => self.die().await,
            Some(Fault::DiesAfter) => {
                self.inner.borrow_mut().faults.is_dying = true;
                work().await;
                self.inner.borrow_mut().faults.is_dying = false;
                self.die().await
            }
        }
    }

    fn takes_its_time(&self) {
        let mut inner = self.inner.borrow_mut();
        let delay = inner.faults.delay();
        inner.now = inner.now + delay;
    }

    async fn die<T>(&self) -> T {
        self.inner.borrow_mut().dead.insert(self.task);
        pending().await
    }
}

impl Inner {
    /// One transaction; as the planted bug has it, where there is one.
    pub fn runs(&mut self, all: &[Statement]) -> Result<Vec<Rows>, Trouble> {
        all.iter().for_each(|statement| met::meets(statement.sql));
        let Some(planted) = self.planted else { return self.database.batch(all) };
        let is_torn = matches!(planted.bug, Bug::Torn) && self.faults.is_dying;
        let most = if is_torn { 1 } else { all.len() };
        let all: Vec<Statement> = all.iter().take(most).map(|statement| planted.read(statement)).collect();
        self.database.batch(&all)
    }
}

impl Platform for Edge {
    fn now(&self) -> Timestamp {
        self.inner.borrow().now
    }

    fn nonce(&self) -> String {
        let mut inner = self.inner.borrow_mut();
        if !matches!(inner.planted, Some(Planted { bug: Bug::OneName, .. })) {
            inner.nonces += 1;
        }
        format!("{:032x}", inner.nonces)
    }

    async fn sql(&self, all: Vec<Statement>) -> Result<Vec<Rows>, Trouble> {
        let trouble = Trouble::Storage("D1_ERROR: Network connection lost.".to_owned());
        if let Some(turn) = all.iter().find(|statement| statement.sql.starts_with("INSERT INTO turns")) {
            let is_of = |event: &String| format!("{:?}", turn.params).contains(event.as_str());
            if self.inner.borrow().faults.poison.as_ref().is_some_and(is_of) {
                return self.die().await;
            }
            let lost = &mut self.inner.borrow_mut().faults.lost_turns;
            if *lost > 0 {
                *lost -= 1;
                return Err(trouble);
            }
        }
        let done = self.at(Seam::Sql, trouble, async || self.inner.borrow_mut().runs(&all)).await;
        if done.is_err() && all.iter().any(|statement| statement.sql.contains("attempts = attempts - 1")) {
            self.inner.borrow_mut().faults.spent += 1;
        }
        done?
    }

    async fn enqueue(&self, jobs: Vec<Queued>) -> Result<(), Trouble> {
        let trouble = Trouble::Queue("Queue is overloaded (10250)".to_owned());
        let done = self.at(Seam::Enqueue, trouble, async || {
            let mut inner = self.inner.borrow_mut();
            let now = inner.now;
            jobs.iter().for_each(|job| inner.queue.put(job, now));
        });
        let done = done.await;
        let is_deaf = matches!(self.inner.borrow().planted, Some(Planted { bug: Bug::DeafQueue, .. }));
        if is_deaf { Ok(()) } else { done }
    }

    async fn may_fail_again(&self, who: &str) -> bool {
        let mut inner = self.inner.borrow_mut();
        let minute = inner.now.0 / 60_000;
        let failures = inner.failures.entry((who.to_owned(), minute)).or_default();
        *failures += 1;
        *failures <= 30
    }

    /// Nobody guesses here: a few rounds will do.
    async fn stretch(&self, password: &str, salt: &str, rounds: u32) -> Result<[u8; 32], Trouble> {
        Ok(pbkdf2::pbkdf2_hmac_array::<sha2::Sha256, 32>(password.as_bytes(), salt.as_bytes(), rounds.min(10)))
    }

    async fn is_signed_by(&self, key: &PublicKey, signed: &[u8], signature: &[u8]) -> Result<bool, Trouble> {
        Ok(access::is_signed_by(key, signed, signature))
    }

    fn tell(&self, line: &Told) {
        self.inner.borrow_mut().is_told(line);
    }

    fn left_out(&self) -> Option<usize> {
        let mut inner = self.inner.borrow_mut();
        let now = inner.now;
        inner.seldom.next(now)
    }

    fn refused_since(&self, since: Option<Timestamp>) -> Option<Timestamp> {
        std::mem::replace(&mut self.inner.borrow_mut().refused_since, since)
    }

    async fn send(&self, request: Request) -> Result<Response, Trouble> {
        self.call(request, answered::HEADERS).await
    }
}

impl Edge {
    /// Only these headers of the answer cross into the program.
    pub async fn call(&self, request: Request, headers: &[&'static str]) -> Result<Response, Trouble> {
        let trouble = Trouble::Network("the call was aborted".to_owned());
        self.inner.borrow_mut().unsaid.learn_request(&request);
        let is_signal = SIGNALS.contains(&request.uri().path());
        let seam = match request.uri().host() {
            Some(WEATHER) => Seam::Call,
            _ if is_signal => Seam::Signal,
            _ => Seam::Send,
        };
        let answer = self.at(seam, trouble.clone(), async || self.ask_x(&request).await).await?;
        let mut answer = answer.ok_or(trouble)?;
        self.inner.borrow_mut().unsaid.learn_response(&answer);
        let crossing =
            headers.iter().filter_map(|name| Some((name.parse().ok()?, answer.headers().get(*name)?.clone())));
        *answer.headers_mut() = crossing.collect();
        Ok(answer)
    }

    fn takes_alert(&self, request: &Request) -> Response {
        let mut inner = self.inner.borrow_mut();
        let mut response = Response::default();
        if inner.alerts_fail > 0 {
            inner.alerts_fail -= 1;
            *response.status_mut() = http::StatusCode::BAD_GATEWAY;
        } else {
            inner.alerts.push(request.clone());
        }
        response
    }

    async fn ask_x(&self, request: &Request) -> Option<Response> {
        if request.uri().host() == Some(WEATHER) {
            self.inner.borrow_mut().last_call = Some(request.clone());
            return self.inner.borrow_mut().x.weather(request);
        }
        if request.uri().host() == Some(access::TEAM) {
            return Some(access::keys());
        }
        if request.uri().host() == Some("alerts.example") {
            return Some(self.takes_alert(request));
        }
        let now = self.now().0.unsigned_abs() + self.inner.borrow().x_is_ahead;
        let handled = self.inner.borrow_mut().x.handle(now, request);
        match handled {
            Handled::Answer(response) => Some(response),
            Handled::Silence => None,
            Handled::Challenge(challenge) => {
                let answer = Box::pin(serve(self, &challenge.request())).await;
                Some(self.inner.borrow_mut().x.challenged(now, challenge, Some(&answer)))
            }
        }
    }
}
