//! Rows for people: one line each, columns aligned.

use serde_json::Value;

use crate::x_api::time::Timestamp;

/// The columns by the names that the rows have for them; a column that no row fills is left out.
pub fn table(rows: &[Value], columns: &[&str], none: &str) -> String {
    if rows.is_empty() {
        return none.to_owned();
    }
    let cells: Vec<Vec<String>> =
        rows.iter().map(|row| columns.iter().map(|name| cell(name, row.get(*name))).collect()).collect();
    let used: Vec<usize> = (0..columns.len()).filter(|at| cells.iter().any(|row| !text(row, *at).is_empty())).collect();
    let head: Vec<String> = columns.iter().map(|name| name.replace('_', " ")).collect();
    let lines = std::iter::once(&head).chain(&cells);
    let width = |at: usize| lines.clone().map(|row| text(row, at).chars().count()).max().unwrap_or(0);
    let widths: Vec<(usize, usize)> = used.iter().map(|at| (*at, width(*at))).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = widths.iter().map(|(at, width)| format!("{:<width$}", text(row, *at))).collect();
        cells.join("  ").trim_end().to_owned()
    };
    lines.clone().map(line).collect::<Vec<_>>().join("\n")
}

fn text(row: &[String], at: usize) -> &str {
    row.get(at).map_or("", String::as_str)
}

fn cell(name: &str, value: Option<&Value>) -> String {
    let is_moment = name == "at" || name.ends_with("_at") || name.ends_with("_until");
    match value {
        Some(Value::Number(number)) if is_moment => {
            let moment = number.as_i64().filter(|ms| *ms > 0);
            moment.map(|ms| Timestamp(ms).to_string()).unwrap_or_default()
        }
        Some(Value::Number(number)) if name == "is_on" => {
            if number.as_i64() == Some(0) { "off" } else { "on" }.to_owned()
        }
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        // A fault says more than its parts.
        Some(Value::Object(fault)) => fault.get("said").map_or_else(|| "…".to_owned(), |said| cell(name, Some(said))),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn columns_are_aligned_and_empty_ones_left_out() {
        let rows = [json!({"id": "1", "name": "Ada", "why": null}), json!({"id": "100", "name": "Bo"})];
        assert_eq!(table(&rows, &["id", "name", "why"], "none"), "id   name\n1    Ada\n100  Bo");
        assert_eq!(table(&[], &["id"], "None."), "None.");
    }
}
