//! `ACCESS_TEAM` and `ACCESS_AUD`: whether people come through Cloudflare Access.

use super::Config;
use crate::access::Gate;

impl Config<'_> {
    /// Both, or nobody comes that way. `ACCESS_TEAM` is the team's name, or the address of its domain.
    pub fn access(&self) -> Option<Gate> {
        let (team, audience) = (self.text("ACCESS_TEAM")?, self.text("ACCESS_AUD")?);
        let team = team.trim_end_matches('/');
        let issuer = match (team.contains("://"), team.contains('.')) {
            (true, _) => team.to_owned(),
            (false, true) => format!("https://{team}"),
            (false, false) => format!("https://{team}.cloudflareaccess.com"),
        };
        Some(Gate { issuer, audience })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_is_named_in_any_of_three_ways_and_only_with_its_application() {
        for team in ["furni", "furni.cloudflareaccess.com", "https://furni.cloudflareaccess.com/"] {
            let get = move |name: &str| Some(if name == "ACCESS_TEAM" { team } else { "tag" }.to_owned());
            assert_eq!(Config::new(&get).access().unwrap().issuer, "https://furni.cloudflareaccess.com", "{team}");
        }
        let only = |name: &str| (name == "ACCESS_TEAM").then(|| "furni".to_owned());
        assert_eq!(Config::new(&only).access(), None);
    }
}
