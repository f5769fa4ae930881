//! The phone's own endpoints: what the customer does, what goes wrong, and the stream of what is new.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::Stream;
use futures_util::stream::unfold;
use http::header::{CONTENT_TYPE, HOST, X_CONTENT_TYPE_OPTIONS};
use http::{Method, StatusCode};
use perch_simulator::User;
use serde_json::{Value, json};

use crate::courier::revalidate;
use crate::demo::BRAND;
use crate::shared::Shared;
use crate::{in_public, plan, storm, switches, view};

/// Of JSON: a picture of 15 MB in base64.
const LARGEST_FILE: usize = 24 << 20;

pub type Answer = Result<Json<Value>, (StatusCode, Json<Value>)>;

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/sim/state", get(state))
        .route("/sim/events", get(events))
        .route("/sim/customers", post(add_customer))
        .route("/sim/customers/{id}/messages", post(write))
        .route("/sim/customers/{id}/files", post(send_file).layer(DefaultBodyLimit::max(LARGEST_FILE)))
        .route("/sim/customers/{id}/encrypted", post(write_encrypted))
        .route("/sim/customers/{id}/opens", post(opens))
        .route("/sim/customers/{id}/taps", post(tap))
        .route("/sim/customers/{id}/typing", post(types))
        .route("/sim/customers/{id}/read", post(read))
        .route("/sim/account/messages", post(type_in_app))
        .route("/sim/media/{id}", get(media))
        .route("/sim/trouble", post(trouble))
        .route("/sim/replay", post(replay))
        .route("/sim/hurry", post(hurry))
        .merge(in_public::routes())
        .merge(plan::routes())
        .merge(storm::routes())
        .route_layer(middleware::from_fn(from_this_page))
}

async fn state(State(x): State<Shared>, Query(asked): Query<HashMap<String, String>>) -> Json<Value> {
    Json(snapshot(&x, asked.get("customer")))
}

/// The state at once, and again after each change.
async fn events(
    State(x): State<Shared>,
    Query(asked): Query<HashMap<String, String>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut bell = x.bell();
    bell.mark_changed();
    let stream = unfold((x, bell, asked), |(x, mut bell, asked)| async move {
        bell.changed().await.ok()?;
        let event = Event::default().data(snapshot(&x, asked.get("customer")).to_string());
        Some((Ok(event), (x, bell, asked)))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

async fn write(State(x): State<Shared>, Path(id): Path<String>, Json(body): Json<Value>) -> Answer {
    let text = text(&body, "text")?;
    let id = customer(&x, id)?;
    let event = x.change(|x, now| x.customer_writes(now, &id, BRAND, text));
    Ok(Json(json!({"event_id": event})))
}

/// In X Chat, where neither X nor the brand's program can read.
async fn write_encrypted(State(x): State<Shared>, Path(id): Path<String>, Json(_): Json<Value>) -> Answer {
    let id = customer(&x, id)?;
    let event = x.change(|x, now| x.customer_writes_encrypted(now, &id, BRAND));
    Ok(Json(json!({"event_id": event})))
}

/// A file as base64, with words or without.
async fn send_file(State(x): State<Shared>, Path(id): Path<String>, Json(body): Json<Value>) -> Answer {
    let id = customer(&x, id)?;
    let given = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let bytes = STANDARD.decode(given("data")).map_err(|_| wrong("data must be base64"))?;
    let sent =
        x.change(|x, now| x.customer_sends_file(now, &id, BRAND, given("text").trim(), (given("type"), bytes.into())));
    sent.map(|event| Json(json!({"event_id": event}))).map_err(|error| wrong(&error.to_string()))
}

/// The customer comes to the conversation, by itself or by a deep link to a welcome message.
async fn opens(State(x): State<Shared>, Path(id): Path<String>, Json(body): Json<Value>) -> Answer {
    let id = customer(&x, id)?;
    let welcome = body.get("welcome_message_id").and_then(Value::as_str).map(str::to_owned);
    let shown = x.change(|x, now| x.customer_opens(now, &id, BRAND, welcome.as_deref()));
    Ok(Json(json!({"welcome_message_id": shown.map(|shown| shown.id)})))
}

/// A file of a message, for the page to show.
async fn media(State(x): State<Shared>, Path(id): Path<String>) -> Response {
    let file = x.look(|x, _| x.media(&id).map(|media| (media.content_type.clone(), media.bytes())));
    let Some((kind, bytes)) = file else { return StatusCode::NOT_FOUND.into_response() };
    // The bytes are somebody else's: they are shown as what they were said to be, and as nothing else.
    ([(CONTENT_TYPE, kind), (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned())], bytes).into_response()
}

async fn tap(State(x): State<Shared>, Path(id): Path<String>, Json(body): Json<Value>) -> Answer {
    let (prompt, id) = (text(&body, "event_id")?, customer(&x, id)?);
    let option = body.get("option").and_then(Value::as_u64).and_then(|option| usize::try_from(option).ok());
    let option = option.ok_or_else(|| wrong("option must be a number"))?;
    let event = x.change(|x, now| {
        if prompt == view::WELCOME {
            x.customer_taps_welcome(now, &id, BRAND, option)
        } else {
            x.customer_taps(now, &id, BRAND, prompt, option)
        }
    });
    event.map(|event| Json(json!({"event_id": event}))).map_err(|error| wrong(&error.to_string()))
}

async fn types(State(x): State<Shared>, Path(id): Path<String>, Json(_): Json<Value>) -> Answer {
    let id = customer(&x, id)?;
    x.change(|x, now| x.customer_types(now, &id, BRAND));
    Ok(Json(json!({})))
}

async fn read(State(x): State<Shared>, Path(id): Path<String>, Json(body): Json<Value>) -> Answer {
    let (event, id) = (text(&body, "event_id")?, customer(&x, id)?);
    x.change(|x, now| x.customer_reads(now, &id, BRAND, event));
    Ok(Json(json!({})))
}

async fn add_customer(State(x): State<Shared>, Json(body): Json<Value>) -> Answer {
    let name: String = text(&body, "name")?.trim().chars().take(50).collect();
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).take(15).collect();
    let id = x.change(|x, now| {
        let id = format!("19{now:017}");
        let username = if plain.is_empty() { format!("c{now}") } else { plain.to_ascii_lowercase() };
        x.add_user(User::new(id.clone(), username, name));
        id
    });
    Ok(Json(json!({"id": id})))
}

/// A human of the brand writes in X's own app.
async fn type_in_app(State(x): State<Shared>, Json(body): Json<Value>) -> Answer {
    let text_given = text(&body, "text")?;
    let id = customer(&x, text(&body, "customer")?.to_owned())?;
    let event = x.change(|x, now| x.types_in_app(now, BRAND, &id, text_given));
    Ok(Json(json!({"event_id": event})))
}

async fn trouble(State(x): State<Shared>, Json(body): Json<Value>) -> Answer {
    let switch = text(&body, "trouble")?;
    let on = body.get("on").and_then(Value::as_bool).ok_or_else(|| wrong("on must be true or false"))?;
    let to_validate =
        x.change(|x, now| switches::turn(x, now, switch, on)).ok_or_else(|| wrong("there is no such trouble"))?;
    for webhook in to_validate {
        revalidate(&x, &webhook).await;
    }
    Ok(Json(x.look(switches::positions)))
}

/// Delivers once more what never got through.
async fn replay(State(x): State<Shared>, Json(_): Json<Value>) -> Answer {
    x.change(|x, now| x.deliver_missed(now));
    Ok(Json(json!({})))
}

async fn hurry(State(x): State<Shared>, Json(_): Json<Value>) -> Answer {
    x.change(|x, now| x.hurry(now));
    Ok(Json(json!({})))
}

fn snapshot(x: &Shared, asked: Option<&String>) -> Value {
    x.look(|x, now| {
        let customers = view::customers(x);
        let chosen = asked.filter(|id| customers.contains(id)).or(customers.first()).cloned().unwrap_or_default();
        view::of(x, now, &chosen, &customers)
    })
}

pub fn customer(x: &Shared, id: String) -> Result<String, (StatusCode, Json<Value>)> {
    let known = x.look(|x, _| view::customers(x).contains(&id));
    if known { Ok(id) } else { Err((StatusCode::NOT_FOUND, Json(json!({"error": "there is no such customer"})))) }
}

pub fn text<'a>(body: &'a Value, key: &str) -> Result<&'a str, (StatusCode, Json<Value>)> {
    let given =
        body.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty() && text.chars().count() <= 10_000);
    given.ok_or_else(|| wrong(&format!("{key} must be a text of 1 to 10000 characters")))
}

pub fn wrong(why: &str) -> (StatusCode, Json<Value>) {
    (StatusCode::BAD_REQUEST, Json(json!({"error": why})))
}

/// No other page may act here: a foreign one cannot send JSON without being asked first, and a name that was made to
/// point at this computer shows in the Host header.
pub async fn from_this_page(request: Request, next: Next) -> Response {
    if is_from_this_page(&request) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}

fn is_from_this_page(request: &Request) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let host = header(HOST).rsplit_once(':').map_or(header(HOST), |(host, _)| host);
    let asked = request.method() == Method::GET || header(CONTENT_TYPE).starts_with("application/json");
    matches!(host, "127.0.0.1" | "localhost") && asked
}
