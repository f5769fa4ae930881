//! What X says and hears, as plain values: no I/O, no clock, nothing to wait for.

pub mod accounts;
pub mod attachment;
pub mod bearer;
pub mod crc;
pub mod custom_profiles;
pub mod delivery;
pub mod dm;
pub mod event;
pub mod fault;
pub mod ids;
pub mod intents;
pub mod media;
pub mod oauth1;
pub mod posts;
pub mod public_act;
pub mod request;
pub mod secret;
pub mod signals;
pub mod signature;
pub mod split;
pub mod subscriptions;
pub mod text;
pub mod time;
pub mod webhooks;
pub mod welcome_messages;
pub mod welcome_rules;
