//! What happens when: one file per trigger, async, generic over Platform.

mod await_call;
pub mod bury;
pub mod connect;
pub mod converse;
pub mod dm;
pub mod drain;
pub mod echo;
pub mod handle_delivery;
pub mod handle_job;
pub mod judge;
pub mod media;
mod outcome;
mod outgoing;
pub mod publish;
mod published;
pub mod receive;
pub mod retry_dead_letter;
pub mod retry_event;
pub mod script;
pub mod scripts;
pub mod send;
pub mod settle;
pub mod sweep;
pub mod trouble_report;
mod turn;
pub mod upload;
mod web_call;
