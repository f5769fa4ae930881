//! The kinds of events that are kept.

/// The kinds of events that are kept. `KINDS`, separated by spaces or commas; `dm.*` is every kind that starts so.
#[derive(Clone, Debug)]
pub struct Kinds(Vec<String>);

impl Kinds {
    /// The setting; `None`: what people do towards an account.
    pub fn read(setting: Option<&str>) -> Self {
        let all = setting.unwrap_or("dm.* chat.* mention follow favorite");
        Self(all.split([' ', ',']).filter(|kind| !kind.is_empty()).map(str::to_owned).collect())
    }

    /// Revocations, replay notices and what this version does not know are always wanted.
    pub fn want(&self, kind: &str) -> bool {
        matches!(kind, "revoke" | "replay" | "unknown")
            || self.0.iter().any(|wanted| match wanted.strip_suffix('*') {
                Some(start) => kind.starts_with(start),
                None => kind == wanted,
            })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn kinds_are_names_or_beginnings_and_some_are_always_wanted() {
        let kinds = Config::new(&|_| None).kinds();
        let wanted = |kind| kinds.want(kind);
        assert!(
            wanted("dm.message")
                && wanted("chat.received")
                && wanted("mention")
                && wanted("revoke")
                && wanted("unknown")
        );
        assert!(!wanted("mute") && !wanted("block") && !wanted("post.delete"));
    }
}
