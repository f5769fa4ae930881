//! What runs in an isolate: a request, a delivery of X, a message of the queue, the cron; each as `src/cloudflare` does it.

use perch::config::Config;
use perch::flows::handle_job::{QueueMessage, handle};
use perch::flows::retention::delete_old;
use perch::flows::sweep::sweep;
use perch::flows::watch::watch;
use perch::job::Outcome;
use perch::platform::Platform;
use perch::web::answer::Body;
use perch::web::{self, relay};
use perch::x_api::request::{Request, Response};
use perch::x_api::time::Span;

use super::cast;
use super::edge::Edge;
use super::planted::{Bug, Planted};

pub async fn cron(edge: Edge) {
    if let Err(trouble) = sweep(&edge).await {
        edge.log(&format!("sweep: {trouble}"));
    }
    let settings = edge.inner.borrow().settings.clone();
    let get = |name: &str| settings.get(name).cloned();
    let config = Config::new(&get);
    if let Err(trouble) = watch(&edge, &config).await {
        edge.log(&format!("watch: {trouble}"));
    }
    if let Err(trouble) = delete_old(&edge, &config).await {
        edge.log(&format!("retention: {trouble}"));
    }
}

/// One request through the routes, as `cloudflare/fetch.rs` does it.
pub async fn serve(edge: &Edge, request: &Request) -> Response {
    let settings = edge.inner.borrow().settings.clone();
    let get = |name: &str| settings.get(name).cloned();
    let config = Config::new(&get);
    let mut request = request.clone();
    // Only these cross from the runtime.
    let all = web::headers(&config, request.uri().path());
    let crossing = all.iter().filter_map(|name| Some((name.parse().ok()?, request.headers().get(*name)?.clone())));
    *request.headers_mut() = crossing.collect();
    if web::most_read(&config, &request) == 0 {
        request.body_mut().clear();
    }
    edge.inner.borrow_mut().unsaid.learn_request(&request);
    let answer = web::handle(edge, &config, &request).await;
    edge.inner.borrow_mut().unsaid.learn_response(&answer.response);
    let answer = match answer.body {
        Body::Own | Body::Asset => answer,
        Body::Live(live) => {
            edge.inner.borrow_mut().opened = Some(*live);
            return answer.response;
        }
        Body::Relay(call) => {
            let path = call.uri().path().to_owned();
            match edge.call(*call, relay::HEADERS).await {
                Err(trouble) => relay::silence(&trouble.to_string()),
                Ok(from_x) => match relay::head(&from_x, &path) {
                    Ok(head) => return head.map(|_| from_x.into_body()),
                    Err(answer) => *answer,
                },
            }
        }
    };
    if let Some(line) = answer.log {
        edge.log(&line);
    }
    if let Some(note) = answer.note {
        let _ = edge.enqueue(vec![note]).await;
    }
    answer.response
}

pub fn is_echo(delivery: &perch_simulator::Delivery) -> bool {
    let body = String::from_utf8_lossy(delivery.request.body()).into_owned();
    body.contains(&format!("\"sender_id\":\"{}\"", cast::BRAND))
}

pub async fn deliver(edge: Edge, delivery: perch_simulator::Delivery) {
    let answer = serve(&edge, &delivery.request).await;
    let mut inner = edge.inner.borrow_mut();
    if answer.status() == 200 {
        inner.taken.push(delivery.request.body().clone());
    }
    inner.delivering.remove(&edge.task);
    inner.x.delivered(delivery.id, Some(answer.status().as_u16()));
}

/// One message of the queue, as `cloudflare/queue.rs` does it. A worker that dies leaves it unsettled.
pub async fn consume(edge: Edge, message: QueueMessage) {
    let settings = edge.inner.borrow().settings.clone();
    let get = |name: &str| settings.get(name).cloned();
    if matches!(edge.inner.borrow().planted, Some(Planted { bug: Bug::AckFirst, .. })) {
        edge.inner.borrow_mut().queue.ack(&message.id);
    }
    let handled = handle(&edge, &Config::new(&get), &message).await;
    handled.troubles.iter().for_each(|trouble| edge.log(&format!("queue: {trouble}")));
    if let Outcome::Dead(why) = &handled.outcome {
        edge.log(&format!("queue: dead: {why}"));
    }
    let mut inner = edge.inner.borrow_mut();
    let now = inner.now;
    match handled.outcome {
        Outcome::Done | Outcome::Dead(_) => inner.queue.ack(&message.id),
        Outcome::RetryIn(seconds) => inner.queue.retry(&message.id, now + Span::seconds(seconds.into())),
    }
}
