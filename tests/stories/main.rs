//! Stories: whole flows over the real SQL and the simulator, with time and trouble in the hands of the test.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a test that cannot go on ends

mod world;

mod access;
mod accounts;
mod activity;
mod agents;
mod alarms;
mod alerts;
mod answering;
mod api;
mod attempts;
mod bad_input;
mod bots;
mod budget;
mod chaos;
mod claims;
mod costs;
mod customers;
mod doctor;
mod dropping;
mod echoes;
mod finding;
mod gaps;
mod guesses;
mod handoff;
mod handoff_races;
mod health;
mod inbox;
mod ingress;
mod joining;
mod line;
mod media;
mod mutants;
mod oauth2;
mod operators;
mod order;
mod pauses;
mod plain;
mod plans;
mod publishing;
mod received_media;
mod registry;
mod renewal;
mod renewing;
mod retention;
mod search;
mod sending;
mod settling;
mod sign_in;
mod signs;
mod tokens;
mod told_once;
mod trouble;
mod turns;
