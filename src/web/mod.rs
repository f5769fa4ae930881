//! The HTTP face: one routing table, auth, JSON.

mod accounts;
mod activity;
mod address;
pub mod admin;
mod agents;
pub mod answer;
mod ask;
mod canned_answers;
mod customers;
mod dead_letters;
mod dm;
mod doctor;
mod events;
mod handle;
mod health;
pub mod home;
pub mod inbox;
mod log_in;
mod media;
mod on_x;
mod page;
mod people;
mod query;
mod refusal;
mod registry;
pub mod relay;
pub mod routes;
mod scripts;
mod sign_in;
pub mod webhook;
mod who;

pub use answer::PLAIN_HEADERS;
pub use handle::{handle, headers, most_read};
