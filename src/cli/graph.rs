//! `perch graph`: the flow of a script as a picture.

use std::collections::{BTreeMap, VecDeque};

use layout::backends::svg::SVGWriter;
use layout::core::base::Orientation;
use layout::core::color::Color;
use layout::core::geometry::Point;
use layout::core::style::StyleAttr;
use layout::std_shapes::shapes::{Arrow, Element, ShapeKind};
use layout::topo::layout::VisualGraph;

use super::check;
use super::program::Streams;
use super::script_file::read;
use crate::bot::script::{BACK, Node, Script};

/// Writes the picture to `out`, or to standard output.
pub fn run(path: &str, to: Option<&str>, streams: &mut Streams<'_>) -> std::io::Result<u8> {
    let bot = match read(path) {
        Ok(bot) => bot,
        Err(no_script) => return check::tell(path, &no_script, false, streams),
    };
    let svg = svg(&bot.script);
    match to {
        None => writeln!(streams.output, "{svg}")?,
        Some(to) => {
            if let Err(error) = std::fs::write(to, svg) {
                writeln!(streams.output, "perch: {to} cannot be written: {error}")?;
                return Ok(2);
            }
            writeln!(streams.output, "{to}: the flow of '{}', {} nodes.", bot.script.name, bot.script.nodes.len())?;
        }
    }
    Ok(0)
}

/// One arrow: from, to, why.
type Edge<'s> = (&'s str, &'s str, String);

fn svg(script: &Script) -> String {
    let mut graph = VisualGraph::new(Orientation::LeftToRight);
    let mut handles = BTreeMap::new();
    let edges = edges(script);
    let order = order(script, &edges);
    for (name, node) in order.iter().filter_map(|name| script.nodes.get_key_value(*name)) {
        let text = label(name, node, &edges);
        let lines = text.lines().count();
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or(1);
        #[allow(clippy::cast_precision_loss)] // a few dozen
        let size = Point::new(widest as f64 * 8.2 + 24.0, lines as f64 * 18.0 + 18.0);
        let mut look = StyleAttr::simple();
        look.fill_color = Some(Color::new(if *name == script.start { START } else { BOX }));
        let shape = ShapeKind::new_box(&text);
        handles.insert(name.as_str(), graph.add_node(Element::create(shape, look, Orientation::LeftToRight, size)));
    }
    let place = |name: &str| order.iter().position(|known| *known == name).unwrap_or(usize::MAX);
    let mut drawn: Vec<&Edge<'_>> = edges.iter().filter(|(from, to, _)| from != to).collect();
    drawn.sort_by_key(|(from, to, _)| (place(from), place(to)));
    drawn.dedup_by_key(|(from, to, _)| (*from, *to));
    for (from, to, why) in drawn {
        if let (Some(from), Some(to)) = (handles.get(from), handles.get(to)) {
            graph.add_edge(Arrow::simple(why), *from, *to);
        }
    }
    let mut writer = SVGWriter::new();
    graph.do_it(false, false, false, &mut writer);
    // Words stay readable where a line crosses them.
    let style = "text { paint-order: stroke; stroke: #fff; stroke-width: 5px; stroke-linejoin: round; }</style>";
    writer.finalize().replace("Times, serif", "system-ui, sans-serif").replace("</style>", style)
}

/// Colours as red, green, blue, opacity.
const START: u32 = 0xcf_e8_ff_ff;
const BOX: u32 = 0xff_ff_ff_ff;

/// The nodes as a customer comes to them: from the start outwards, then what only commands and failures lead to.
fn order<'s>(script: &'s Script, edges: &[Edge<'s>]) -> Vec<&'s str> {
    let mut order: Vec<&str> = Vec::new();
    let roots = [script.start.as_str()]
        .into_iter()
        .chain(script.commands.values().map(String::as_str))
        .chain(script.nodes.keys().map(String::as_str));
    for root in roots {
        let mut ahead = VecDeque::from([root]);
        while let Some(name) = ahead.pop_front() {
            if !order.contains(&name) && script.nodes.contains_key(name) {
                order.push(name);
                ahead.extend(edges.iter().filter(|(from, ..)| *from == name).map(|(_, to, _)| *to));
            }
        }
    }
    order
}

fn label(name: &str, node: &Node, edges: &[Edge<'_>]) -> String {
    let mut parts = vec![name.to_owned()];
    let does = [
        ("asks", node.ask.is_some()),
        ("calls", node.call.is_some()),
        ("skill", node.skill.is_some()),
        ("posts", node.post.is_some()),
        ("picture", node.media.is_some()),
        ("hands off", node.handoff.is_some()),
    ];
    let does: Vec<&str> = does.iter().filter(|(_, it)| *it).map(|(word, _)| *word).collect();
    if !does.is_empty() {
        parts.push(format!("({})", does.join(", ")));
    }
    let again =
        edges.iter().filter(|(from, to, _)| *from == name && *to == name).map(|(_, _, why)| format!("again: {why}"));
    parts.extend(again);
    parts.join("\n")
}

fn edges(script: &Script) -> Vec<Edge<'_>> {
    let mut all = Vec::new();
    for (name, node) in &script.nodes {
        let mut add = |to: &str, why: &str| {
            if let Some((to, _)) = script.nodes.get_key_value(to)
                && to != BACK
            {
                all.push((name.as_str(), to.as_str(), short(why)));
            }
        };
        for option in &node.options {
            add(&option.go, &option.label);
        }
        for branch in &node.when {
            add(&branch.go, &format!("if {}", branch.condition));
        }
        if let Some(go) = &node.go {
            add(go, "");
        }
        if let Some(after) = node.handoff.as_ref().and_then(|handoff| handoff.after.as_ref()) {
            add(after, "given back");
        }
        if let Some(ask) = &node.ask {
            add(&ask.go, &format!("{} given", ask.into));
            if let Some(otherwise) = &ask.otherwise {
                add(otherwise, "not understood");
            }
        }
        for on_error in
            [node.call.as_ref().map(|call| &call.on_error), node.skill.as_ref().map(|skill| &skill.on_error)]
                .into_iter()
                .flatten()
        {
            add(on_error, "on error");
        }
    }
    all
}

fn short(why: &str) -> String {
    let plain: String = why.chars().filter(|c| !"{}\"\\<>".contains(*c)).take(24).collect();
    plain.trim().to_owned()
}
