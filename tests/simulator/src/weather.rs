//! A weather service beside X: what a bot's script calls. It works, or fails in the ways that services fail.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::simulator::Simulator;

/// How the service behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weather {
    #[default]
    Works,
    /// Never answers.
    Hangs,
    Fails,
    /// Answers with a page for people.
    Html,
    /// Answers with far more than anybody asked for.
    Huge,
    /// Points at an address inside of somebody's network.
    Redirects,
}

/// Id, name, region, depth and new snow (cm), temperature, sky, lifts.
type Resort = (&'static str, &'static str, &'static str, i64, i64, i64, &'static str, [i64; 2]);

/// Invented places.
const RESORTS: &[Resort] = &[
    ("arven", "Arvenstock", "Upper Dell", 182, 24, -7, "light snow", [14, 16]),
    ("birch", "Birch Hollow", "Lower Dell", 61, 0, -1, "clouds", [5, 9]),
    ("corrie", "Corrie Mor", "The Heights", 240, 41, -12, "heavy snow", [3, 11]),
    ("drift", "Driftwood Bowl", "West Coast", 118, 6, -3, "sun", [8, 8]),
    ("ember", "Ember Pass", "The Heights", 205, 12, -9, "wind", [6, 10]),
    ("fjell", "Fjellvik", "North Shore", 154, 18, -15, "clear", [7, 7]),
    ("glint", "Glint Peaks", "West Coast", 97, 3, -4, "sun", [10, 12]),
];

const HUGE: usize = 3 << 20;
/// What the camera on the mountain sees.
const WEBCAM: &[u8] = include_bytes!("../../../bots/snow/media/snow-dawn.png");

impl Simulator {
    /// The answer to `GET /weather/v1/report?resort=…`, `GET /weather/v1/resorts`, `GET /weather/v1/webcam.png` or
    /// `POST /weather/v1/alerts`; `None`: it hangs.
    pub fn weather(&mut self, request: &Request<Bytes>) -> Option<Response<Bytes>> {
        self.weather_calls += 1;
        let answer = match self.settings.weather {
            Weather::Works => works(request),
            Weather::Hangs => return None,
            Weather::Fails => {
                answer(StatusCode::INTERNAL_SERVER_ERROR, &json!({"error": "the station does not answer"}))
            }
            Weather::Html => text(StatusCode::OK, "text/html", "<!doctype html><title>Weather</title>".into()),
            Weather::Huge => text(StatusCode::OK, "application/json", format!("[{}0]", "0,".repeat(HUGE / 2)).into()),
            Weather::Redirects => {
                let mut response = text(StatusCode::FOUND, "text/plain", Bytes::new());
                let inside = http::HeaderValue::from_static("http://169.254.169.254/latest");
                response.headers_mut().insert(http::header::LOCATION, inside);
                response
            }
        };
        Some(answer)
    }

    /// How often the service was asked.
    pub fn weather_calls(&self) -> usize {
        self.weather_calls
    }
}

fn works(request: &Request<Bytes>) -> Response<Bytes> {
    let query = request.uri().query().unwrap_or_default();
    let wanted = query.split('&').find_map(|pair| pair.strip_prefix("resort=")).unwrap_or_default();
    match request.uri().path() {
        "/weather/v1/alerts" if request.method() == Method::POST => alert(request),
        "/weather/v1/resorts" => {
            let all: Vec<Value> = RESORTS
                .iter()
                .map(|(id, name, region, ..)| json!({"id": id, "name": name, "region": region}))
                .collect();
            answer(StatusCode::OK, &json!(all))
        }
        "/weather/v1/report" => match RESORTS.iter().find(|(id, ..)| *id == wanted) {
            None => answer(StatusCode::NOT_FOUND, &json!({"error": "there is no such resort"})),
            Some((id, name, region, depth, new, temperature, sky, [open, total])) => answer(
                StatusCode::OK,
                &json!({
                    "resort": id, "name": name, "region": region, "depth_cm": depth, "new_cm": new,
                    "temperature_c": temperature, "sky": sky, "lifts_open": open, "lifts_total": total,
                }),
            ),
        },
        "/weather/v1/webcam.png" => text(StatusCode::OK, "image/png", Bytes::from_static(WEBCAM)),
        "/weather/v1/webcam.gif" => text(StatusCode::OK, "image/gif", Bytes::from_static(b"GIF89a and what moves")),
        _ => answer(StatusCode::NOT_FOUND, &json!({"error": "there is nothing here"})),
    }
}

/// Snow at a resort is told of from so many centimetres on: `{"resort": …, "from_cm": …}`, once under an idempotency key.
fn alert(request: &Request<Bytes>) -> Response<Bytes> {
    let wanted: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let name = |id: &str| RESORTS.iter().find(|(known, ..)| *known == id).map(|(_, name, ..)| *name);
    let resort = wanted.get("resort").and_then(Value::as_str).and_then(name);
    let found = resort.zip(wanted.get("from_cm").and_then(Value::as_i64));
    match (found, request.headers().get("idempotency-key")) {
        (Some((name, cm)), Some(_)) => answer(StatusCode::CREATED, &json!({"name": name, "from_cm": cm})),
        _ => answer(StatusCode::BAD_REQUEST, &json!({"error": "a resort, a number from_cm, and a key are needed"})),
    }
}

fn answer(status: StatusCode, body: &Value) -> Response<Bytes> {
    text(status, "application/json", body.to_string().into())
}

fn text(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static(kind));
    response
}
