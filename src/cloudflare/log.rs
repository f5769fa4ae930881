//! What failed on the platform, as a line of the Worker's log; all else is told by [`super::told`].

pub fn error(text: &str) {
    worker::console_error!("{text}");
}
