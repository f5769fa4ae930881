//! `perch graph`: the flow of a script as a picture.

use std::collections::BTreeMap;

use layout::backends::svg::SVGWriter;
use layout::core::base::Orientation;
use layout::core::color::Color;
use layout::core::geometry::Point;
use layout::core::style::StyleAttr;
use layout::std_shapes::shapes::{Arrow, Element, ShapeKind};
use layout::topo::layout::VisualGraph;

use super::check;
use super::layers;
use super::program::Streams;
use super::script_file::read;
use crate::bot::flow::{Way, does, order, ways};
use crate::bot::script::{Node, Script};

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
                writeln!(streams.errors, "perch: {to} cannot be written: {error}")?;
                return Ok(2);
            }
            writeln!(streams.output, "{to}: the flow of '{}', {} nodes.", bot.script.name, bot.script.nodes.len())?;
        }
    }
    Ok(0)
}

/// So many ways are drawn without many crossings; beyond them that takes minutes, and then does not end.
const MOST_WAYS: usize = 60;

fn svg(script: &Script) -> String {
    let ways = ways(script);
    let order = order(script, &ways);
    let places: BTreeMap<&str, usize> = order.iter().enumerate().map(|(place, name)| (*name, place)).collect();
    let mut drawn: Vec<&Way<'_>> = ways.iter().filter(|way| way.from != way.to).collect();
    drawn.sort_by_key(|way| (places.get(way.from), places.get(way.to)));
    drawn.dedup_by_key(|way| (way.from, way.to));
    if drawn.len() > MOST_WAYS {
        let nodes = order.iter().filter_map(|name| script.nodes.get_key_value(*name));
        let boxes = nodes.map(|(name, node)| layers::Box {
            name,
            text: label(name, node, &ways),
            is_start: *name == script.start,
        });
        return layers::svg(&boxes.collect::<Vec<_>>(), &drawn);
    }
    let mut graph = VisualGraph::new(Orientation::LeftToRight);
    let mut handles = BTreeMap::new();
    for (name, node) in order.iter().filter_map(|name| script.nodes.get_key_value(*name)) {
        let text = label(name, node, &ways);
        let lines = text.lines().count();
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or(1);
        #[allow(clippy::cast_precision_loss)] // a few dozen
        let size = Point::new(widest as f64 * 8.2 + 24.0, lines as f64 * 18.0 + 18.0);
        let mut look = StyleAttr::simple();
        look.fill_color = Some(Color::new(if *name == script.start { START } else { BOX }));
        let shape = ShapeKind::new_box(&text);
        handles.insert(name.as_str(), graph.add_node(Element::create(shape, look, Orientation::LeftToRight, size)));
    }
    for way in drawn {
        if let (Some(from), Some(to)) = (handles.get(way.from), handles.get(way.to)) {
            graph.add_edge(Arrow::simple(&way.why), *from, *to);
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

fn label(name: &str, node: &Node, ways: &[Way<'_>]) -> String {
    let mut parts = vec![name.to_owned()];
    let does = does(node);
    if !does.is_empty() {
        parts.push(format!("({})", does.join(", ")));
    }
    let again = ways.iter().filter(|way| way.from == name && way.to == name).map(|way| format!("again: {}", way.why));
    parts.extend(again);
    parts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_in_the_docs_is_the_one_that_is_drawn() {
        let text = |path: &str| std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let drawn = svg(&Script::read(&text("bots/snow/bot.yaml")).unwrap());
        let is_kept = text("docs/snow.svg").trim_end() == drawn.trim_end();
        assert!(is_kept, "docs/snow.svg shows another flow: perch graph bots/snow/bot.yaml -o docs/snow.svg");
    }

    #[test]
    fn a_large_script_is_drawn_too() {
        let node = |n: usize| {
            let to = |k: usize| format!("{{ label: To, id: o{k}, go: n{} }}", (n * 2 + k) % 400);
            format!("  n{n}: {{ say: hi, options: [{}, {}, {}] }}\n", to(1), to(2), to(77))
        };
        let nodes: String = (0..400).map(node).collect();
        let yaml = format!("version: 1\nname: a\nstart: n0\nfallback: n0\nnodes:\n{nodes}");
        let svg = svg(&Script::read(&yaml).unwrap());
        assert_eq!(svg.matches("<rect").count(), 400);
        assert!(svg.matches("marker-end").count() > 1_000);
    }
}
