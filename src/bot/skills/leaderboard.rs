//! The leaderboard of a golf tournament: record a score, correct it, show the standings.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::bot::input::Failure;
use crate::bot::skill::{Arguments, Read, Score, Skill, Write};

/// Records a score. Gives `team`, `hole`, `strokes`, `par`, `to_par`, `word` (birdie, par, bogey …), `birdie`, `again`
/// (the same score was there already), `total`, `thru`, `place`. Refuses with the kinds `no_such_team`,
/// `no_such_hole`, `no_such_score` and `recorded` (another score is there already).
pub const RECORD: Skill = Skill {
    name: "leaderboard.record",
    takes: &["board", "teams", "pars", "team", "hole", "strokes"],
    reads,
    run: record,
};

/// Changes a score that was recorded. Gives the same, and `before`. Refuses with `not_recorded` too.
pub const CORRECT: Skill = Skill {
    name: "leaderboard.correct",
    takes: &["board", "teams", "pars", "team", "hole", "strokes"],
    reads,
    run: correct,
};

/// Gives `rows` (each with `place`, `team`, `total`, `to_par`, `thru`), best first, and `text`: a line for each.
pub const STANDINGS: Skill = Skill { name: "leaderboard.standings", takes: &["board", "pars"], reads, run: standings };

/// More strokes on one hole are a slip of the finger.
const MOST_STROKES: i64 = 20;

/// What an argument list says about the course and, for a score, about one stroke of the game.
struct Course {
    board: String,
    pars: Vec<i64>,
}

fn reads(given: &Arguments) -> Read {
    Read::Scores { board: board(given) }
}

fn record(given: &Arguments, scores: &[Score]) -> Result<(Value, Vec<Write>), Failure> {
    let course = Course::read(given)?;
    let score = course.score(given)?;
    let known = scores.iter().find(|known| (known.team, known.hole) == (score.team, score.hole));
    match known {
        Some(known) if known.strokes != score.strokes => {
            let why = format!("{} strokes are recorded for team {} on hole {}", known.strokes, score.team, score.hole);
            Err(Failure::new("recorded", why))
        }
        Some(_) => Ok((course.report(score, scores, json!({"again": true})), Vec::new())),
        None => {
            let write = Write::NewScore { board: course.board.clone(), score };
            Ok((course.report(score, &after(scores, &write), json!({"again": false})), vec![write]))
        }
    }
}

fn correct(given: &Arguments, scores: &[Score]) -> Result<(Value, Vec<Write>), Failure> {
    let course = Course::read(given)?;
    let score = course.score(given)?;
    let Some(before) = scores.iter().find(|known| (known.team, known.hole) == (score.team, score.hole)) else {
        return Err(Failure::new(
            "not_recorded",
            format!("team {} has no score on hole {} yet", score.team, score.hole),
        ));
    };
    let write = Write::ChangedScore { board: course.board.clone(), score };
    let report = course.report(
        score,
        &after(scores, &write),
        json!({"before": before.strokes, "again": before.strokes == score.strokes}),
    );
    Ok((report, vec![write]))
}

fn standings(given: &Arguments, scores: &[Score]) -> Result<(Value, Vec<Write>), Failure> {
    let course = Course::read(given)?;
    let rows = course.rows(scores);
    let lines: Vec<String> = rows.iter().map(Row::line).collect();
    let rows: Vec<Value> = rows.iter().map(Row::to_json).collect();
    Ok((json!({"rows": rows, "text": lines.join("\n")}), Vec::new()))
}

impl Course {
    fn read(given: &Arguments) -> Result<Self, Failure> {
        let pars = given
            .get("pars")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_i64)
            .collect::<Vec<_>>();
        if pars.is_empty() {
            return Err(Failure::new("no_course", "'pars' must be a list with the par of each hole"));
        }
        Ok(Self { board: board(given), pars })
    }

    fn score(&self, given: &Arguments) -> Result<Score, Failure> {
        let number = |name: &str| given.get(name).and_then(whole).unwrap_or_default();
        let score = Score { team: number("team"), hole: number("hole"), strokes: number("strokes") };
        let teams = number("teams");
        if score.team < 1 || score.team > teams {
            return Err(Failure::new("no_such_team", format!("there are teams 1 to {teams}")));
        }
        if score.hole < 1 || self.par(score.hole).is_none() {
            return Err(Failure::new("no_such_hole", format!("there are holes 1 to {}", self.pars.len())));
        }
        if !(1..=MOST_STROKES).contains(&score.strokes) {
            return Err(Failure::new("no_such_score", format!("a hole takes 1 to {MOST_STROKES} strokes")));
        }
        Ok(score)
    }

    fn par(&self, hole: i64) -> Option<i64> {
        self.pars.get(usize::try_from(hole).ok()?.checked_sub(1)?).copied()
    }

    fn report(&self, score: Score, scores: &[Score], more: Value) -> Value {
        let Score { team, hole, strokes } = score;
        let par = self.par(hole).unwrap_or_default();
        let to_par = strokes - par;
        let rows = self.rows(scores);
        let row = rows.iter().find(|row| row.team == team);
        let mut report = json!({
            "team": team, "hole": hole, "strokes": strokes, "par": par, "to_par": signed(to_par),
            "word": word(to_par, strokes), "birdie": to_par == -1,
            "total": row.map(|row| row.total), "thru": row.map(|row| row.thru), "place": row.map(|row| row.place),
        });
        if let (Some(report), Value::Object(more)) = (report.as_object_mut(), more) {
            report.extend(more);
        }
        report
    }

    /// Fewest strokes against par first; equals share a place.
    fn rows(&self, scores: &[Score]) -> Vec<Row> {
        let mut teams: BTreeMap<i64, Row> = BTreeMap::new();
        for score in scores {
            let Some(par) = self.par(score.hole) else { continue };
            let row =
                teams.entry(score.team).or_insert(Row { place: 0, team: score.team, total: 0, to_par: 0, thru: 0 });
            row.total += score.strokes;
            row.to_par += score.strokes - par;
            row.thru += 1;
        }
        let mut rows: Vec<Row> = teams.into_values().collect();
        rows.sort_by_key(|row| (row.to_par, row.team));
        let ranks: Vec<i64> = rows.iter().map(|row| row.to_par).collect();
        for row in &mut rows {
            row.place = ranks.iter().filter(|to_par| **to_par < row.to_par).count() + 1;
        }
        rows
    }
}

struct Row {
    place: usize,
    team: i64,
    total: i64,
    to_par: i64,
    thru: i64,
}

impl Row {
    fn line(&self) -> String {
        // "#1", because an option in plain text begins with "1.".
        format!("#{} Team {}: {} after {}", self.place, self.team, signed(self.to_par), holes(self.thru))
    }

    fn to_json(&self) -> Value {
        let Self { place, team, total, to_par, thru } = self;
        json!({"place": place, "team": team, "total": total, "to_par": signed(*to_par), "thru": thru})
    }
}

fn board(given: &Arguments) -> String {
    given.get("board").and_then(Value::as_str).unwrap_or("main").to_owned()
}

/// A template that is not one expression gives text.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn after(scores: &[Score], write: &Write) -> Vec<Score> {
    let mut scores = scores.to_vec();
    write.apply(&mut scores);
    scores
}

fn holes(count: i64) -> String {
    if count == 1 { "1 hole".to_owned() } else { format!("{count} holes") }
}

/// As golf writes it: `-2`, `E`, `+3`.
fn signed(to_par: i64) -> String {
    if to_par == 0 { "E".to_owned() } else { format!("{to_par:+}") }
}

fn word(to_par: i64, strokes: i64) -> &'static str {
    match (strokes, to_par) {
        (1, _) => "hole in one",
        (_, ..=-3) => "albatross",
        (_, -2) => "eagle",
        (_, -1) => "birdie",
        (_, 0) => "par",
        (_, 1) => "bogey",
        (_, 2) => "double bogey",
        _ => "over par",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(team: i64, hole: i64, strokes: i64) -> Arguments {
        let all =
            json!({"board": "open", "teams": 8, "pars": [4, 3, 5], "team": team, "hole": hole, "strokes": strokes});
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn a_score_is_recorded_once_and_a_birdie_is_one() {
        let (report, writes) = record(&given(6, 1, 3), &[]).unwrap();
        assert_eq!(
            (report["word"].as_str(), report["birdie"].as_bool(), report["place"].as_i64()),
            (Some("birdie"), Some(true), Some(1))
        );
        let [Write::NewScore { score, .. }] = writes.as_slice() else { panic!("{writes:?}") };
        let (again, writes) = record(&given(6, 1, 3), &[*score]).unwrap();
        assert_eq!((again["again"].as_bool(), writes.len()), (Some(true), 0));
        assert_eq!(record(&given(6, 1, 4), &[*score]).unwrap_err().kind, "recorded");
    }

    #[test]
    fn a_correction_needs_something_to_correct() {
        assert_eq!(correct(&given(6, 1, 3), &[]).unwrap_err().kind, "not_recorded");
        let (report, writes) = correct(&given(6, 1, 3), &[Score { team: 6, hole: 1, strokes: 5 }]).unwrap();
        assert_eq!((report["before"].as_i64(), report["total"].as_i64(), writes.len()), (Some(5), Some(3), 1));
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        for (given, kind) in [
            (given(9, 1, 3), "no_such_team"),
            (given(1, 4, 3), "no_such_hole"),
            (given(1, 1, 0), "no_such_score"),
            (given(1, 1, 99), "no_such_score"),
            (Arguments::new(), "no_course"),
        ] {
            assert_eq!(record(&given, &[]).unwrap_err().kind, kind);
        }
    }

    #[test]
    fn the_standings_count_against_par_and_equals_share_a_place() {
        let score = |team, hole, strokes| Score { team, hole, strokes };
        let (report, _) =
            standings(&given(0, 0, 0), &[score(2, 1, 4), score(1, 1, 3), score(1, 2, 4), score(3, 3, 4)]).unwrap();
        assert_eq!(report["text"], "#1 Team 3: -1 after 1 hole\n#2 Team 1: E after 2 holes\n#2 Team 2: E after 1 hole");
    }
}
