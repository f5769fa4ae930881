//! What a customer does in public, on the phone: mentions, follows, likes, and comes by the button under a post.

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::post;
use serde_json::{Value, json};

use crate::acts::{Answer, customer, text, wrong};
use crate::demo::BRAND;
use crate::shared::Shared;

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/sim/customers/{id}/mentions", post(mention))
        .route("/sim/customers/{id}/follows", post(follow))
        .route("/sim/customers/{id}/likes", post(like))
        .route("/sim/customers/{id}/opens-from-post", post(open_from_post))
}

async fn mention(State(x): State<Shared>, Path(id): Path<String>, Json(body): Json<Value>) -> Answer {
    let (text, id) = (text(&body, "text")?, customer(&x, id)?);
    let post = x.change(|x, now| {
        let name = x.user(BRAND).map(|brand| format!("@{}", brand.username)).unwrap_or_default();
        let text = if text.contains(&name) { text.to_owned() } else { format!("{name} {text}") };
        x.customer_mentions(now, &id, BRAND, &text)
    });
    Ok(Json(json!({"post_id": post})))
}

async fn follow(State(x): State<Shared>, Path(id): Path<String>, Json(_): Json<Value>) -> Answer {
    let id = customer(&x, id)?;
    x.change(|x, now| x.customer_follows(now, &id, BRAND));
    Ok(Json(json!({})))
}

async fn like(State(x): State<Shared>, Path(id): Path<String>, Json(body): Json<Value>) -> Answer {
    let (post, id) = (text(&body, "post_id")?, customer(&x, id)?);
    let liked = x.change(|x, now| x.customer_likes(now, &id, BRAND, post));
    liked.map(|()| Json(json!({}))).map_err(|error| wrong(&error.to_string()))
}

/// The button under a post that leads to a Direct Message.
async fn open_from_post(State(x): State<Shared>, Path(id): Path<String>, Json(body): Json<Value>) -> Answer {
    let (post, id) = (text(&body, "post_id")?, customer(&x, id)?);
    let shown = x.change(|x, now| x.customer_opens_from_post(now, &id, BRAND, post, None));
    Ok(Json(json!({"welcome_message_id": shown.map(|shown| shown.id)})))
}
