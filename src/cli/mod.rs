//! The native command line: what `perch` does.

pub mod chat;
pub mod check;
pub mod program;
pub mod script_file;
