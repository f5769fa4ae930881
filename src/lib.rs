//! Perch answers Direct Messages on X from Cloudflare's edge: nothing that X delivered is lost, nobody is answered twice.
//!
//! In reading order: [`x_api`] is what X says and hears. [`bot`] decides what to say. [`store`] is what we remember.
//! [`platform`] is the one seam to the world, [`job`] a note on the queue, [`error`] what can go wrong with either, [`told`] what the log is told.
//! [`config`] reads the settings, [`seal`] keeps tokens, [`invite`] and [`access`] let people in, [`standard_webhooks`]
//! signs what we tell others. [`flows`] is what happens when, over all of these. [`web`] is
//! the HTTP face, and `cloudflare` (wasm32 only) where it runs. [`cli`] is the command line (native only).

pub mod access;
pub mod bot;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
#[cfg(target_arch = "wasm32")]
pub mod cloudflare;
pub mod config;
pub mod error;
pub mod flows;
pub mod invite;
pub mod job;
pub mod platform;
pub mod seal;
pub mod standard_webhooks;
pub mod store;
pub mod told;
pub mod web;
pub mod x_api;
