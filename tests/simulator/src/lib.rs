//! X, simulated: what its API does with a call, what it delivers to a webhook, what a customer does on the phone.
//!
//! No I/O, no clock, no dice: the time is an argument, requests and answers are values. The same calls in the same order
//! give the same answers. The server in `src/bin` puts sockets and the real time around it.
//!
//! ```
//! use perch_simulator::{App, Grant, Permission, Simulator, User};
//!
//! let mut x = Simulator::new(App::default());
//! x.add_user(User::new("2001", "perchdemo", "Perch Demo"));
//! x.grant("2001", Grant::new("token", "token-secret", Permission::ReadWriteDm));
//! x.subscribe_now(1_700_000_000_000, "2001", "https://perch.example/webhook");
//! x.customer_writes(1_700_000_000_000, "3001", "2001", "hello");
//! let due = x.deliveries(1_700_000_000_000);
//! assert_eq!(due[0].request.uri().path(), "/webhook");
//! ```

mod simulator;

mod app;
mod people;

mod callers;
mod endpoint;
mod handle;
mod routes;

mod bearer;
mod multipart;
mod oauth1;
mod oauth2;
mod parameters;
mod scopes;

mod endpoints;

mod documented;
mod limits;
mod tiers;
mod trouble;

mod activity;
mod composer;
mod customers;
mod deliveries;
mod envelopes;
mod events;
mod parcels;
mod registry;
mod replays;
mod sign_ins;

mod links;
mod media;
mod message;
mod posts;
mod profiles;
mod sent_files;
mod uploads;
mod welcome;

mod weather;

mod answer;
mod calendar;
mod ids;
mod signature;

pub use activity::{ActivityShape, ActivitySubscription, Filter};
pub use app::{App, Grant, Permission, Settings};
pub use composer::InitiatedVia;
pub use customers::NotPossible;
pub use deliveries::{Delivery, Order, Posted};
pub use endpoint::Endpoint;
pub use handle::{Challenge, Handled, Logged, Outcome};
pub use limits::{Bound, Headers, Limit, Spent};
pub use media::{Attachment, Media};
pub use message::{Button, DmEvent, Link, QuickOption, Signal, SignalKind};
pub use oauth2::Tokens;
pub use people::User;
pub use posts::Post;
pub use profiles::CustomProfile;
pub use registry::{Place, Webhook};
pub use signature::{CrcSecret, Signatures};
pub use simulator::Simulator;
pub use tiers::V1;
pub use trouble::{Calls, FailureBody, Mishap, Slip, Trouble};
pub use weather::Weather;
pub use welcome::{WelcomeMessage, WelcomeRule};
