//! The native command line: what `perch` does.

pub mod program;

mod admin;
mod agents;
mod answered;
mod arguments;
mod calls;
mod chat;
mod check;
mod connect;
mod customers;
mod dm;
mod doctor;
mod graph;
mod language;
mod layers;
mod post;
mod publish;
mod site;
mod upload;

mod days;
mod lines;
mod media_files;
mod script_file;
mod secrets;
mod table;
mod told;
