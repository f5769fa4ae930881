//! The native command line: what `perch` does.

pub mod program;

mod answered;
mod calls;
mod chat;
mod check;
mod dm;
mod graph;
mod language;
mod on_x;
mod publish;
mod site;
mod upload;

mod lines;
mod media_files;
mod script_file;
