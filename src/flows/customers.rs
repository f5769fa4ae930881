//! What is known of one customer: told, and deleted, with the numbers that prove it.

use serde_json::{Map, Value, json};

use super::refused::Refused;
use super::threads::{ConversationId, Which, named};
use crate::platform::Platform;
use crate::store::statement::{Rows, Statement};
use crate::store::{customers, spill};
use crate::x_api::delivery::Envelope;
use crate::x_api::split::split;
use crate::x_api::time::Timestamp;

/// Entries that are read at a time.
const PAGE: i64 = 500;
/// A conversation that is longer is told in part, and says so.
const MOST_PAGES: usize = 40;

/// Everything: who they are, what was said, notes, when people had the conversation.
pub async fn export<P: Platform>(p: &P, which: &Which) -> Result<Value, Refused> {
    let id = named(p, which).await?;
    let [mut conversation, Rows(notes), Rows(handoffs)] =
        p.each([customers::conversation(&id), customers::notes(&id), customers::handoffs(&id)]).await?;
    let mut conversation = conversation.0.pop();
    if let Some(state) = conversation.as_mut().and_then(|row| row.get_mut("state")) {
        *state = state.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    }
    let mut said: Vec<Value> = Vec::new();
    let mut is_whole = false;
    for _ in 0..MOST_PAGES {
        let after = said.last().and_then(|row| row.get("x_id")?.as_str()).unwrap_or_default().to_owned();
        let page = p.rows(customers::said(&id, &after, PAGE)).await?.0;
        is_whole = i64::try_from(page.len()).is_ok_and(|count| count < PAGE);
        said.extend(page.into_iter().map(line));
        if is_whole {
            break;
        }
    }
    Ok(json!({"account_id": id.account, "customer_id": id.customer, "conversation": conversation,
        "said": said, "is_whole": is_whole, "notes": notes, "handoffs": handoffs}))
}

/// What was said as a table: a line for each, with a header.
pub fn as_csv(exported: &Value) -> String {
    let quoted = |value: Option<&Value>| {
        let text =
            value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default();
        format!("\"{}\"", guarded(&text).replace('"', "\"\""))
    };
    let mut csv = "id,at_ms,author,text\r\n".to_owned();
    for row in exported.get("said").and_then(Value::as_array).into_iter().flatten() {
        let cells = ["x_id", "at", "author"].map(|name| quoted(row.get(name)));
        csv.push_str(&format!("{},{}\r\n", cells.join(","), quoted(row.pointer("/body/text"))));
    }
    csv
}

/// What a table program would take for a formula is text: at the beginning, and behind whatever ends a cell in some country.
fn guarded(text: &str) -> String {
    let mut begins = true;
    let guarded = text.chars().flat_map(|c| {
        let is_formula = begins && "=+-@＝＋－＠".contains(c);
        begins = ";\t\r\n".contains(c) || begins && (c == '"' || c.is_whitespace());
        is_formula.then_some('\'').into_iter().chain([c])
    });
    guarded.collect()
}

/// Deleted wherever it stands. Twice is harmless; `left` is 0 when nothing of it is anywhere.
pub async fn forget<P: Platform>(p: &P, which: &Which) -> Result<Value, Refused> {
    let id = named(p, which).await?;
    let spilled = p.rows(customers::spilled(&id)).await?.0;
    let (names, mut batch): (Vec<&str>, Vec<_>) = customers::forget(&id).into_iter().unzip();
    batch.extend(spilled.iter().flat_map(|row| without(p, row, &id)));
    batch.push(customers::left(&id));
    let mut rows = p.sql(batch).await?;
    let left = rows.pop().unwrap_or_default().0.pop().and_then(|row| row.get("count").cloned());
    let mut deleted: Map<String, Value> =
        names.into_iter().zip(rows).map(|(name, rows)| (name.to_owned(), json!(rows.len()))).collect();
    deleted.insert("spill".to_owned(), json!(spilled.len()));
    Ok(json!({"account": id.account, "customer": id.customer, "at": p.now(), "deleted": deleted, "left": left}))
}

/// A delivery that was not taken up yet goes; what it brought of others is taken up alone.
fn without<P: Platform>(p: &P, row: &Value, id: &ConversationId) -> Vec<Statement> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let (named, now) = (json!(id.customer).to_string(), p.now());
    let received_at = row.get("received_at").and_then(Value::as_i64).map_or(now, Timestamp);
    let parts = Envelope::read(text("body")).map(|envelope| split(&envelope)).unwrap_or_default();
    let others = parts.iter().filter(|part| !part.contains(&named));
    let kept = others.map(|part| spill::insert(&p.nonce(), part, received_at, now));
    std::iter::once(spill::delete(text("id"))).chain(kept).collect()
}

fn line(mut row: Value) -> Value {
    if let Some(body) = row.get_mut("body") {
        *body = body.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_as_a_formula_wherever_a_table_program_ends_one() {
        for (text, wanted) in [
            ("=1+1", "'=1+1"),
            ("hi;=HYPERLINK(\"a\")", "hi;'=HYPERLINK(\"a\")"),
            ("\n\t =1", "\n\t '=1"),
            ("a\"; \"@b", "a\"; \"'@b"),
            ("＝1;＋1;－1;＠a", "'＝1;'＋1;'－1;'＠a"),
            ("a-b = c+d, -5; all well", "a-b = c+d, -5; all well"),
        ] {
            assert_eq!(guarded(text), wanted);
        }
    }
}
