//! The World: everything the outside does for Perch, with time, order and trouble in the hands of the story.

pub mod access;
pub mod api_document;
pub mod bots;
mod calls;
mod carriers;
pub mod cast;
pub mod consents;
pub mod database;
pub mod dialects;
pub mod edge;
pub mod faults;
pub mod items;
pub mod mutants;
pub mod people;
pub mod planted;
pub mod queue;
mod requests;
pub mod scheduler;
pub mod store;
pub mod troubles;
pub mod unsaid;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use perch::flows::live::Live;
use perch::store::statement::Statement;
use perch::told::{Seldom, Told};
use perch::x_api::request::{Request, Response};
use perch::x_api::time::{Span, Timestamp};
use perch_simulator::Simulator;

pub use carriers::serve;
use carriers::{consume, cron, deliver, is_echo};
use database::Database;
use edge::Edge;
use faults::Faults;
use queue::Queue;
use scheduler::{Dice, Order, Task, step};
use unsaid::Unsaid;

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
    /// What came to the Worker's log, and the lines of it that were told as values.
    pub log: Vec<String>,
    pub told: Vec<Told>,
    pub seldom: Seldom,
    /// The page that was opened last.
    pub opened: Option<Live>,
    /// What the instance at the door remembers.
    pub refused_since: Option<Timestamp>,
    pub unsaid: Unsaid,
    pub echoes_get_lost: bool,
    /// What the alerts' receiver took, and how often it fails first.
    pub alerts: Vec<Request>,
    pub alerts_fail: usize,
    /// The last call of a script.
    pub last_call: Option<Request>,
    /// Failures at the door, by who and minute.
    pub failures: BTreeMap<(String, i64), u32>,
    /// X's clock is ahead of ours by so much (ms).
    pub x_is_ahead: u64,
    /// A bug that is planted here, to see whether it is found.
    pub planted: Option<&'static planted::Planted>,
    /// What X was told that it was taken.
    pub taken: Vec<bytes::Bytes>,
    /// Deliveries of X that are under way, by task.
    pub delivering: BTreeMap<usize, u64>,
}

pub struct World {
    pub inner: Rc<RefCell<Inner>>,
    order: Order,
    tasks: usize,
    /// The minute of the last cron.
    last_cron: i64,
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
        let mut inner = self.inner.borrow_mut();
        inner.unsaid.learn_setting(name, value);
        inner.settings.insert(name.to_owned(), value.to_owned());
    }

    pub fn unset(&mut self, name: &str) {
        self.inner.borrow_mut().settings.remove(name);
    }

    /// Does all that can be done now: deliveries, queue, and what follows from them. What becomes due while something
    /// is under way starts beside it.
    pub fn drive(&mut self) {
        let tasks = self.due();
        self.run(tasks, true);
    }

    /// Time goes by, minute by minute, with everything that falls due on the way.
    pub fn passes(&mut self, span: Span) {
        self.passes_while(span, &|| true);
    }

    /// The same, until nobody wants to know any more.
    pub fn passes_while(&mut self, span: Span, is_wanted: &dyn Fn() -> bool) {
        let end = self.now() + span;
        self.drive();
        while self.now() < end && is_wanted() {
            let now = self.now();
            let next_minute = Timestamp((now.0 / 60_000 + 1) * 60_000);
            let next_message = self.inner.borrow().queue.next_ready();
            let next_delivery = self.inner.borrow().x.next_delivery_at();
            let next_delivery = next_delivery.map(|at| Timestamp(i64::try_from(at).unwrap()));
            let soonest = [Some(next_minute), next_message, next_delivery, Some(end)];
            let next = soonest.into_iter().flatten().filter(|at| *at > now).min().unwrap_or(end);
            self.inner.borrow_mut().now = next.min(end);
            self.drive();
        }
    }

    /// All that is due now, each thing once: deliveries of X, messages of the queue, the cron.
    fn due(&mut self) -> Vec<Task> {
        let now = self.now();
        let mut tasks = Vec::new();
        let deliveries = self.inner.borrow_mut().x.deliveries(now.0.unsigned_abs());
        for delivery in deliveries {
            if self.inner.borrow().echoes_get_lost && is_echo(&delivery) {
                continue;
            }
            let id = delivery.id;
            let task = self.task(|edge| deliver(edge, delivery));
            self.inner.borrow_mut().delivering.insert(task.name, id);
            tasks.push(task);
        }
        let ready = self.inner.borrow_mut().queue.take_ready(now);
        for message in ready {
            tasks.push(self.task(|edge| consume(edge, message)));
        }
        let minute = now.0 / 60_000;
        if minute > self.last_cron {
            self.last_cron = minute;
            tasks.push(self.task(cron));
        }
        tasks
    }

    /// Time goes by and nothing at all is done.
    pub fn sleeps(&mut self, span: Span) {
        let mut inner = self.inner.borrow_mut();
        inner.now = inner.now + span;
    }

    pub fn cron(&mut self) {
        let task = self.task(cron);
        self.run(vec![task], false);
    }

    /// A request to the Worker, and its answer.
    pub fn asks(&mut self, request: Request) -> Response {
        self.tries(request).expect("the Worker died on this request")
    }

    /// Requests that are under way beside each other, and their answers.
    pub fn asks_at_once(&mut self, requests: Vec<Request>) -> Vec<Response> {
        self.together(requests, false)
    }

    /// A request beside everything else that can be done now.
    pub fn asks_amid(&mut self, request: Request) -> Response {
        self.together(vec![request], true).remove(0)
    }

    fn together(&mut self, requests: Vec<Request>, more: bool) -> Vec<Response> {
        let answers = Rc::new(RefCell::new(vec![None; requests.len()]));
        let tasks = requests.into_iter().enumerate().map(|(index, request)| {
            let into = Rc::clone(&answers);
            self.task(|edge| async move {
                let response = serve(&edge, &request).await;
                into.borrow_mut()[index] = Some(response);
            })
        });
        let tasks: Vec<Task> = tasks.collect();
        self.run(tasks, more);
        answers.take().into_iter().map(|answer| answer.expect("the Worker died on this request")).collect()
    }

    /// The same; `None` when the Worker died on it.
    pub fn tries(&mut self, request: Request) -> Option<Response> {
        let answer = Rc::new(RefCell::new(None));
        let into = Rc::clone(&answer);
        let task = self.task(|edge| async move {
            let response = serve(&edge, &request).await;
            *into.borrow_mut() = Some(response);
        });
        self.run(vec![task], false);
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

    /// Runs the tasks beside each other, in the order that the story set; with `more` also what becomes due meanwhile.
    pub fn run(&mut self, mut tasks: Vec<Task>, more: bool) {
        let mut dice = Dice::new(self.order);
        let mut steps = 0;
        while !tasks.is_empty() {
            steps += 1;
            assert!(steps < 200_000, "it never comes to rest: {:?}", self.inner.borrow().queue.bodies());
            let index = dice.pick(tasks.len());
            let ended = step(&mut tasks[index]);
            let name = tasks[index].name;
            let died = self.inner.borrow_mut().dead.remove(&name);
            if ended || died {
                tasks.remove(index);
                let mut inner = self.inner.borrow_mut();
                if let Some(id) = inner.delivering.remove(&name) {
                    // A worker that died gave X no answer.
                    inner.x.delivered(id, None);
                }
            }
            if more {
                tasks.extend(self.due());
            }
        }
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
