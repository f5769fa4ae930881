//! What one run of the watch has found, and what is to be written of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::health::{self, Watched};
use crate::store::statement::Statement;
use crate::x_api::time::{Span, Timestamp};

/// How the tries to mend one thing are spaced.
const BACK_OFF: &[Span] = &[Span::minutes(5), Span::minutes(10), Span::minutes(20), Span::minutes(40), Span::hours(1)];

pub struct Findings {
    pub now: Timestamp,
    pub before: BTreeMap<String, Watched>,
    pub statements: Vec<Statement>,
    seen: BTreeSet<String>,
    well: BTreeSet<String>,
    ill: BTreeSet<String>,
}

impl Findings {
    pub fn new(before: Vec<Watched>, now: Timestamp) -> Self {
        let before = before.into_iter().map(|row| (row.what.clone(), row)).collect();
        Self { now, before, statements: Vec::new(), seen: BTreeSet::new(), well: BTreeSet::new(), ill: BTreeSet::new() }
    }

    pub fn well(&mut self, what: String) {
        self.seen.insert(what.clone());
        self.well.insert(what);
    }

    pub fn ill(&mut self, what: String, said: (String, String)) {
        self.not_well(what, said, health::ill);
    }

    /// It is tried again, and all goes on as well without it.
    pub fn without(&mut self, what: String, said: (String, String)) {
        self.not_well(what, said, health::without);
    }

    fn not_well(
        &mut self,
        what: String,
        (cause, what_to_do): (String, String),
        write: fn(&str, &str, Timestamp, Timestamp) -> Statement,
    ) {
        let tries = self.before.get(&what).filter(|row| row.status != "well").map_or(0, |row| row.tries);
        let last = BACK_OFF.len().saturating_sub(1);
        let wait = BACK_OFF.get(usize::try_from(tries).unwrap_or(last).min(last)).copied().unwrap_or_default();
        let why = json!({"said": cause, "what_to_do": what_to_do}).to_string();
        self.statements.push(write(&what, &why, self.now + wait, self.now));
        self.seen.insert(what.clone());
        self.ill.insert(what);
    }

    /// Whether it is time to mend it: at once, and then ever more rarely.
    pub fn may_mend(&self, what: &str) -> bool {
        self.before.get(what).is_none_or(|row| row.status == "well" || row.due_at <= self.now)
    }

    pub fn is_ill(&self, what: &str) -> bool {
        self.ill.contains(what)
    }

    pub fn was_ill(&self, what: &str) -> bool {
        self.before.get(what).is_some_and(|row| row.status == "ill")
    }

    /// Nothing is to be said about it in this run.
    pub fn keep(&mut self, what: &str) {
        self.seen.insert(what.to_owned());
    }

    /// Nothing can be said of anything that was known.
    pub fn keep_all(&mut self) {
        self.seen.extend(self.before.keys().cloned());
    }

    /// Written down before it is mended: should this worker be lost, the next one still knows that something was missed.
    pub async fn note<P: Platform>(&self, p: &P, what: &str, cause: &str) -> Result<(), Trouble> {
        if self.was_ill(what) {
            return Ok(());
        }
        let why = json!({"said": cause, "what_to_do": "It is being mended."}).to_string();
        p.sql(vec![health::noticed(what, &why, self.now)]).await.map(drop)
    }

    /// What one product finds ill is not well because another finds it so. All of it, in few statements however many accounts there are.
    pub fn into_statements(mut self) -> Vec<Statement> {
        let list = |whats: &mut dyn Iterator<Item = &str>| {
            serde_json::to_string(&whats.collect::<Vec<_>>()).unwrap_or_default()
        };
        let well = list(&mut self.well.difference(&self.ill).map(String::as_str));
        let kept = list(&mut self.seen.iter().map(String::as_str).chain(["watch", "crc", "alert"]));
        self.statements.extend([
            health::all_well(well, self.now),
            health::well("watch", self.now),
            health::forget_others(kept),
        ]);
        self.statements
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::statement::Param;

    #[test]
    fn what_one_product_finds_ill_stays_ill_although_another_finds_it_well() {
        let mut found = Findings::new(Vec::new(), Timestamp(1));
        found.ill("registry".to_owned(), ("X says no.".to_owned(), "Wait.".to_owned()));
        found.well("registry".to_owned());
        found.well("webhook:1".to_owned());
        let statements = found.into_statements();
        let lists: Vec<&Param> = statements.iter().filter_map(|one| one.params.first()).collect();
        assert!(lists.contains(&&Param::Text(r#"["webhook:1"]"#.to_owned())), "{lists:?}");
    }
}
