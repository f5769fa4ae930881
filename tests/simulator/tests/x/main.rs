//! What the simulated X promises, tried from outside with a client that signs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod client;

mod activity;
mod activity_events;
mod challenges;
mod composer;
mod customers;
mod deliveries;
mod limits;
mod media;
mod media_v2;
mod messages;
mod oauth2;
mod oauth2_page;
mod posts;
mod profiles;
mod registry;
mod sign_in;
mod signatures;
mod signed_twice;
mod tiers;
mod trouble;
mod v2;
mod v2_messages;
mod welcome;
