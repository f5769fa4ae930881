//! The HTTP face: one routing table, auth, JSON.

pub mod admin;
pub mod answer;
mod dm;
pub mod home;
mod media;
mod on_x;
mod query;
pub mod relay;
pub mod routes;
mod scripts;
pub mod webhook;

pub use routes::{HEADERS, handle};
