//! The World: everything the outside does for Perch, with time, order and trouble in the hands of the story.

pub mod cast;
pub mod database;
pub mod edge;
pub mod faults;
pub mod queue;
pub mod scheduler;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use perch::config::Config;
use perch::flows::handle_job::{Taken, handle};
use perch::flows::sweep::sweep;
use perch::job::Outcome;
use perch::store::statement::Statement;
use perch::web;
use perch::x_api::request::{Request, Response};
use perch::x_api::time::{Span, Timestamp};
use perch_simulator::Simulator;

use database::Database;
use edge::Edge;
use faults::Faults;
use queue::Queue;
use scheduler::{Order, Task, run};

pub const START: Timestamp = Timestamp(1_790_000_000_000);

/// What the Worker's isolates share, and the world around them.
pub struct Inner {
    pub now: Timestamp,
    pub nonces: u64,
    pub database: Database,
    pub queue: Queue,
    pub x: Simulator,
    pub faults: Faults,
    pub settings: BTreeMap<String, String>,
    /// Tasks whose isolate died.
    pub dead: BTreeSet<usize>,
    /// What came to the Worker's log.
    pub log: Vec<String>,
    pub echoes_get_lost: bool,
    /// Deliveries (id, attempt) that got an answer in this round.
    pub answered: BTreeSet<(u64, u32)>,
}

pub struct World {
    pub inner: Rc<RefCell<Inner>>,
    order: Order,
    tasks: usize,
}

impl World {
    /// The order in which what happens at once is done, from now on.
    pub fn order(&mut self, order: Order) {
        self.order = order;
    }

    pub fn now(&self) -> Timestamp {
        self.inner.borrow().now
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.inner.borrow_mut().settings.insert(name.to_owned(), value.to_owned());
    }

    pub fn unset(&mut self, name: &str) {
        self.inner.borrow_mut().settings.remove(name);
    }

    /// Does all that can be done now: deliveries, queue, and what follows from them.
    pub fn drive(&mut self) {
        for _ in 0..1000 {
            let mut tasks = Vec::new();
            let now = self.now();
            let deliveries = self.inner.borrow_mut().x.deliveries(now.0.unsigned_abs());
            let mut unanswered = Vec::new();
            for delivery in deliveries {
                if self.inner.borrow().echoes_get_lost && is_echo(&delivery) {
                    continue;
                }
                unanswered.push((delivery.id, delivery.attempt));
                tasks.push(self.task(|edge| deliver(edge, delivery)));
            }
            let ready = self.inner.borrow_mut().queue.take_ready(now);
            for message in ready {
                tasks.push(self.task(|edge| consume(edge, message)));
            }
            if tasks.is_empty() {
                return;
            }
            self.run(tasks);
            // A worker that died gave X no answer.
            let mut inner = self.inner.borrow_mut();
            unanswered.retain(|delivery| !inner.answered.remove(delivery));
            unanswered.into_iter().for_each(|(id, _)| inner.x.delivered(id, None));
        }
        panic!("it never comes to rest");
    }

    /// Time goes by, minute by minute, with everything that falls due on the way.
    pub fn passes(&mut self, span: Span) {
        let end = self.now() + span;
        self.drive();
        while self.now() < end {
            let now = self.now();
            let next_minute = Timestamp((now.0 / 60_000 + 1) * 60_000);
            let next_message = self.inner.borrow().queue.next_ready().filter(|at| *at > now).unwrap_or(end);
            let next_delivery = self.inner.borrow().x.next_delivery_at();
            let next_delivery = next_delivery.map_or(end, |at| Timestamp(i64::try_from(at).unwrap()));
            let next_delivery = if next_delivery > now { next_delivery } else { end };
            let next = next_minute.min(next_message).min(next_delivery).min(end);
            self.inner.borrow_mut().now = next;
            if next == next_minute {
                self.cron();
            }
            self.drive();
        }
    }

    /// Time goes by and nothing at all is done.
    pub fn sleeps(&mut self, span: Span) {
        let mut inner = self.inner.borrow_mut();
        inner.now = inner.now + span;
    }

    pub fn cron(&mut self) {
        let task = self.task(|edge| async move {
            if let Err(trouble) = sweep(&edge).await {
                edge.log(&format!("sweep: {trouble}"));
            }
        });
        self.run(vec![task]);
    }

    /// A request to the Worker, and its answer.
    pub fn asks(&mut self, request: Request) -> Response {
        self.tries(request).expect("the Worker died on this request")
    }

    /// The same; `None` when the Worker died on it.
    pub fn tries(&mut self, request: Request) -> Option<Response> {
        let answer = Rc::new(RefCell::new(None));
        let into = Rc::clone(&answer);
        let task = self.task(|edge| async move {
            let response = serve(&edge, &request).await;
            *into.borrow_mut() = Some(response);
        });
        self.run(vec![task]);
        answer.take()
    }

    /// What a story arranges that no flow can.
    pub fn change(&mut self, sql: &'static str) {
        self.inner.borrow_mut().database.batch(&[Statement::new(sql, [])]).unwrap();
    }

    pub fn rows(&self, sql: &'static str) -> Vec<serde_json::Value> {
        self.inner.borrow().database.look(sql)
    }

    /// The one number that a query gives.
    pub fn count(&self, sql: &'static str) -> i64 {
        let rows = self.rows(sql);
        let row = rows[0].as_object().unwrap();
        row.values().next().unwrap().as_i64().unwrap()
    }

    /// Work beside each other, in the order that the story set.
    pub fn run(&mut self, tasks: Vec<Task>) {
        let inner = Rc::clone(&self.inner);
        run(tasks, self.order, |name| inner.borrow_mut().dead.remove(&name));
    }

    pub fn task<F, W>(&mut self, work: W) -> Task
    where
        W: FnOnce(Edge) -> F,
        F: std::future::Future<Output = ()> + 'static,
    {
        self.tasks += 1;
        let edge = Edge { inner: Rc::clone(&self.inner), task: self.tasks };
        Task { name: self.tasks, future: Box::pin(work(edge)) }
    }
}

/// One request through the routes, as `cloudflare/fetch.rs` does it.
pub async fn serve(edge: &Edge, request: &Request) -> Response {
    let settings = edge.inner.borrow().settings.clone();
    let get = |name: &str| settings.get(name).cloned();
    let answer = web::handle(edge, &Config::new(&get), request).await;
    if let Some(line) = answer.log {
        edge.log(&line);
    }
    answer.response
}

fn is_echo(delivery: &perch_simulator::Delivery) -> bool {
    let body = String::from_utf8_lossy(delivery.request.body()).into_owned();
    body.contains(&format!("\"sender_id\":\"{}\"", cast::BRAND))
}

async fn deliver(edge: Edge, delivery: perch_simulator::Delivery) {
    let answer = serve(&edge, &delivery.request).await;
    let mut inner = edge.inner.borrow_mut();
    inner.answered.insert((delivery.id, delivery.attempt));
    inner.x.delivered(delivery.id, Some(answer.status().as_u16()));
}

/// One message of the queue, as `cloudflare/queue.rs` does it. A worker that dies leaves it unsettled.
async fn consume(edge: Edge, message: Taken) {
    let settings = edge.inner.borrow().settings.clone();
    let get = |name: &str| settings.get(name).cloned();
    let (outcome, trouble) = handle(&edge, &Config::new(&get), &message).await;
    if let Some(trouble) = trouble {
        edge.log(&format!("queue: {trouble}"));
    }
    let mut inner = edge.inner.borrow_mut();
    let now = inner.now;
    match outcome {
        Outcome::Done | Outcome::Dead(_) => inner.queue.ack(&message.id),
        Outcome::RetryIn(seconds) => inner.queue.retry(&message.id, now + Span::seconds(seconds.into())),
    }
}
