//! Perch.
pub mod bot;
#[cfg(target_arch = "wasm32")]
pub mod cloudflare;
pub mod config;
pub mod error;
pub mod flows;
pub mod job;
pub mod platform;
pub mod seal;
pub mod store;
pub mod web;
pub mod x_api;
