//! The flow of a large script as a picture: nodes in columns, by how many steps they are away, with lines between them. It
//! is drawn in time that grows with the script, where a layout that avoids crossings would not end.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;

use crate::bot::flow::Way;

/// A node to be drawn.
pub struct Box<'s> {
    pub name: &'s str,
    pub text: String,
    pub is_start: bool,
}

const LINE: usize = 18;
const LETTER: usize = 8;
const GAP: usize = 24;
/// Between columns, where the words of the lines stand.
const BETWEEN: usize = 220;

struct Placed {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

/// Boxes and ways in the order in which a customer comes to them.
pub fn svg(boxes: &[Box<'_>], ways: &[&Way<'_>]) -> String {
    let placed = placed(boxes, ways);
    let width = placed.values().map(|at| at.x + at.width).max().unwrap_or(0) + GAP;
    let height = placed.values().map(|at| at.y + at.height).max().unwrap_or(0) + GAP;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <style>text {{ font: 13px system-ui, sans-serif; }} path {{ fill: none; stroke: #888; }} .why {{ fill: #555; font-size: 11px; }}</style>\n\
         <defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0,0 L8,4 L0,8\"/></marker></defs>\n"
    );
    for way in ways {
        if let (Some(from), Some(to)) = (placed.get(way.from), placed.get(way.to)) {
            line(&mut out, from, to, &way.why);
        }
    }
    for each in boxes {
        let Some(Placed { x, y, width, height }) = placed.get(each.name) else { continue };
        let fill = if each.is_start { "#cfe8ff" } else { "#fff" };
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\" fill=\"{fill}\" stroke=\"#333\"/>"
        );
        for (number, text) in each.text.lines().enumerate() {
            let (x, y) = (x + 12, y + 20 + number * LINE);
            let _ = writeln!(out, "<text x=\"{x}\" y=\"{y}\">{}</text>", escaped(text));
        }
    }
    out.push_str("</svg>");
    out
}

/// From the right side of one box to the left side of the other, in a bow.
fn line(out: &mut String, from: &Placed, to: &Placed, why: &str) {
    let (x, y) = (from.x + from.width, from.y + from.height / 2);
    let (to_x, to_y) = (to.x, to.y + to.height / 2);
    let bow = BETWEEN / 2;
    let (out_x, in_x) = (x + bow, to_x.saturating_sub(bow));
    let _ = writeln!(out, "<path marker-end=\"url(#arrow)\" d=\"M{x},{y} C{out_x},{y} {in_x},{to_y} {to_x},{to_y}\"/>");
    if !why.is_empty() {
        let (x, y) = (x + bow / 4, (3 * y + to_y) / 4);
        let _ = writeln!(out, "<text class=\"why\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(why));
    }
}

fn placed<'s>(boxes: &[Box<'s>], ways: &[&Way<'_>]) -> BTreeMap<&'s str, Placed> {
    let columns = columns(boxes, ways);
    let (mut x, mut all) = (GAP, BTreeMap::new());
    for column in columns {
        let (mut y, mut widest) = (GAP, 0);
        for each in column {
            let letters = each.text.lines().map(|line| line.chars().count()).max().unwrap_or(1);
            let (width, height) = (letters * LETTER + 24, each.text.lines().count() * LINE + 14);
            all.insert(each.name, Placed { x, y, width, height });
            y += height + GAP;
            widest = widest.max(width);
        }
        x += widest + BETWEEN;
    }
    all
}

/// By the fewest steps from the start; what only commands lead to begins at the left again.
fn columns<'b, 's>(boxes: &'b [Box<'s>], ways: &[&Way<'_>]) -> Vec<Vec<&'b Box<'s>>> {
    let mut ahead: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    ways.iter().for_each(|way| ahead.entry(way.from).or_default().push(way.to));
    let by_name: BTreeMap<&str, &Box<'_>> = boxes.iter().map(|each| (each.name, each)).collect();
    let mut columns: Vec<Vec<&Box<'_>>> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for root in boxes {
        let mut next = VecDeque::from([(root.name, 0)]);
        while let Some((name, depth)) = next.pop_front() {
            let Some(each) = by_name.get(name).filter(|_| seen.insert(name)) else { continue };
            if columns.len() <= depth {
                columns.push(Vec::new());
            }
            if let Some(column) = columns.get_mut(depth) {
                column.push(each);
            }
            next.extend(ahead.get(name).into_iter().flatten().map(|to| (*to, depth + 1)));
        }
    }
    columns
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_stand_in_columns_by_their_distance_and_nothing_stands_on_another() {
        let boxes = ["a", "b", "c", "lost"].map(|name| Box {
            name,
            text: format!("{name}\n(asks & calls)"),
            is_start: name == "a",
        });
        let way = |from, to| Way { from, to, why: "<on>".to_owned() };
        let ways = [way("a", "b"), way("a", "c"), way("b", "c"), way("c", "a")];
        let ways: Vec<&Way<'_>> = ways.iter().collect();
        let placed = placed(&boxes, &ways);
        let at = |name: &str| (placed[name].x, placed[name].y);
        assert!(at("a").0 < at("b").0 && at("b").0 == at("c").0 && at("b").1 < at("c").1);
        assert!(at("lost").0 == at("a").0 && at("lost").1 > at("a").1);
        let svg = svg(&boxes, &ways);
        assert_eq!((svg.matches("<rect").count(), svg.matches("marker-end").count()), (4, 4));
        assert!(svg.contains("asks &amp; calls") && svg.contains("&lt;on&gt;"));
    }
}
