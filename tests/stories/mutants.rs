//! The mutants of the statements are what they are taken for: `npm run mutants` plays them.

use crate::world::database::Database;
use crate::world::mutants::{all, equivalents};
use crate::world::planted::Bug;

#[test]
fn sqlite_reads_each_mutant() {
    let database = Database::new();
    for mutant in all() {
        // What it could not read would be noticed by every story, and show nothing.
        let Bug::Mutant { sql, altered } = mutant.planted.bug else { panic!("{} is no mutant", mutant.what) };
        database.reads(altered).unwrap_or_else(|error| panic!("{} {}: {error}", mutant.statement, mutant.what));
        assert_ne!(sql, altered);
    }
}

#[test]
fn what_is_explained_is_a_mutant() {
    for (statement, what, _) in equivalents::ALL {
        assert!(
            all().iter().any(|mutant| mutant.statement == *statement && mutant.what == *what),
            "{statement} {what}"
        );
    }
}
