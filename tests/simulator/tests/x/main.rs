//! What the simulated X promises, tried from outside with a client that signs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod client;

mod challenges;
mod composer;
mod customers;
mod deliveries;
mod media;
mod messages;
mod posts;
mod profiles;
mod registry;
mod sign_in;
mod signatures;
mod trouble;
mod v2;
mod welcome;
