//! The graph as a picture that any browser shows: one band for each area, time from left to right.
//!
//! It loads nothing, brings its own background, follows a dark or light preference, and names its parts for screen
//! readers.

use std::{fmt::Write as _, time::Duration};

use super::{Whole, heading};
use crate::domain::graph::Node;
use crate::domain::graph::label::shortened;
use crate::domain::graph::layout::{LayoutConstraints, Picture, Placed, RoutedEdge, arrange};
use crate::domain::graph::table::DefaultVec;
use crate::domain::plan::Plan;
use crate::domain::words;

/// Pixels of a cell.
const CELL: (u32, u32) = (8, 16);
/// Pixels around the graph: for the areas' names at the left, and for the heading.
const LEFT: u32 = 132;
const TOP: u32 = 96;
const MARGIN: u32 = 24;
/// Longest label and longest name in a card, in letters.
const LABEL_LETTERS: usize = 46;
const NAME_LETTERS: usize = 58;
/// Radius of a line's corners, in pixels.
const RADIUS: f64 = 6.0;

/// A plan's graph as an SVG document.
pub fn svg(plan: &Plan) -> String {
    let whole = Whole::of(plan);
    let picture = arrange(&whole.graph, &constraints(&whole));
    let width = LEFT + picture.width * CELL.0 + MARGIN;
    let height = TOP + picture.height * CELL.1 + MARGIN;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"title description\">\n\
         <title id=\"title\">{}</title>\n\
         <desc id=\"description\">{}</desc>\n\
         <style>{STYLE}</style>\n\
         <defs>{}{}</defs>\n\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\" rx=\"12\"/>\n",
        escaped(&heading(plan)),
        escaped(&description(plan, &whole)),
        marker("arrow"),
        marker("arrow-critical"),
    );
    head(&mut text, plan);
    for (area, members) in &whole.areas {
        band(&mut text, area, members, &picture);
    }
    // The critical path lies above all else.
    for critical in [false, true] {
        for line in &picture.lines {
            let edge = whole.graph.edges.get(line.edge);
            if edge.is_some_and(|edge| edge.critical == critical) {
                path(&mut text, line, critical);
            }
        }
    }
    for (number, placed) in picture.nodes.iter().enumerate() {
        if let Some(node) = whole.graph.nodes.get(number) {
            card(&mut text, (node, placed), &whole, number);
        }
    }
    text.push_str("</svg>\n");
    text
}

const STYLE: &str = "
text{font-family:system-ui,'Segoe UI','Helvetica Neue',Arial,sans-serif;fill:#0f172a}
.page{fill:#fff}.band{fill:#f1f5f9}.area{font-size:15px;font-weight:600;fill:#334155}.count{font-size:12px;fill:#64748b}
.heading{font-size:20px;font-weight:600}.note{font-size:13px;fill:#64748b}
.line{fill:none;stroke:#94a3b8;stroke-width:1.5}.critical-line{fill:none;stroke:#c2410c;stroke-width:3}
#arrow path{fill:#94a3b8}#arrow-critical path{fill:#c2410c}
.card{fill:#fff;stroke:#cbd5e1;stroke-width:1.2}.critical-card{fill:#fff7ed;stroke:#c2410c;stroke-width:2}
.label{font-size:13px;font-weight:500}
.name{font-family:ui-monospace,Consolas,'DejaVu Sans Mono',monospace;font-size:10px;fill:#64748b}
@media(prefers-color-scheme:dark){text{fill:#e2e8f0}.page{fill:#0f172a}.band{fill:#1e293b}.area{fill:#cbd5e1}
.count,.note,.name{fill:#94a3b8}.line{stroke:#64748b}.critical-line{stroke:#fb923c}#arrow path{fill:#64748b}
#arrow-critical path{fill:#fb923c}.card{fill:#0f172a;stroke:#475569}.critical-card{fill:#431407;stroke:#fb923c}}
";

fn constraints(whole: &Whole<'_>) -> LayoutConstraints {
    let count = whole.graph.nodes.len();
    let mut bands: DefaultVec<usize> = DefaultVec::of(count);
    for (band, (_, members)) in whole.areas.iter().enumerate() {
        for member in members {
            bands.set(*member, band);
        }
    }
    LayoutConstraints {
        widths: (0..count)
            .map(|number| {
                let label = whole.graph.nodes.get(number).map_or("", |node| &node.label);
                // A label's letter takes 7 pixels at most on the whole, a name's 6; and 10 at either side.
                let label = letters(label, LABEL_LETTERS) * 7;
                let name = letters(whole.name(number), NAME_LETTERS) * 6;
                (label.max(name) + 20).div_ceil(CELL.0)
            })
            .collect(),
        heights: (0..count).map(|_| 3).collect(),
        bands,
        between_boxes: 0,
        between_bands: 2,
        pitch: 1,
    }
}

fn letters(text: &str, most: usize) -> u32 {
    u32::try_from(text.chars().count().min(most)).unwrap_or(0)
}

fn description(plan: &Plan, whole: &Whole<'_>) -> String {
    let areas: Vec<String> =
        whole.areas.iter().map(|(area, members)| format!("{area} ({})", members.len())).collect();
    format!(
        "What is created after what, from left to right, in one band for each area: {}. The slowest path: {}.",
        areas.join(", "),
        slowest(plan)
    )
}

fn slowest(plan: &Plan) -> String {
    let names: Vec<String> =
        plan.critical_path.iter().map(|symbol| super::super::readable(symbol)).collect();
    names.join(", then ")
}

fn head(text: &mut String, plan: &Plan) {
    let _ = write!(
        text,
        "<text class=\"heading\" x=\"{MARGIN}\" y=\"40\">{}</text>\n\
         <path class=\"critical-line\" d=\"M{MARGIN} 62h28\"/>\n\
         <text class=\"note\" x=\"60\" y=\"66\">slowest path: {}</text>\n",
        escaped(&heading(plan)),
        escaped(&slowest(plan)),
    );
}

fn band(text: &mut String, area: &str, members: &[usize], picture: &Picture) {
    let nodes = || members.iter().filter_map(|member| picture.nodes.get(*member));
    let (Some(top), Some(bottom)) =
        (nodes().map(|node| node.y).min(), nodes().map(|node| node.y + node.height).max())
    else {
        return;
    };
    let y = TOP + top * CELL.1 - 10;
    let height = (bottom - top) * CELL.1 + 20;
    let _ = write!(
        text,
        "<rect class=\"band\" x=\"12\" y=\"{y}\" width=\"{}\" height=\"{height}\" rx=\"8\"/>\n\
         <text class=\"area\" x=\"{MARGIN}\" y=\"{}\">{}</text>\n\
         <text class=\"count\" x=\"{MARGIN}\" y=\"{}\">{}</text>\n",
        LEFT + picture.width * CELL.0 + MARGIN - 24,
        y + 28,
        escaped(area),
        y + 45,
        words::count(members.len(), "resource"),
    );
}

fn card(text: &mut String, (node, placed): (&Node, &Placed), whole: &Whole<'_>, number: usize) {
    let resource = whole.resources.get(number);
    let (x, y) = (LEFT + placed.x * CELL.0, TOP + placed.y * CELL.1 + 3);
    let width = placed.width * CELL.0;
    let class = if node.critical { "critical-card" } else { "card" };
    let name = whole.name(number);
    let detail = resource.map_or_else(String::new, |resource| {
        let usual = words::duration(Duration::from_secs(resource.seconds.into()));
        let detail = format!("{name}\n{}\nusually {usual}", resource.resource_type);
        let about = &resource.description;
        if about.is_empty() { detail } else { format!("{detail}\n{about}") }
    });
    let _ = writeln!(
        text,
        "<g><title>{}</title><rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{}\" rx=\"6\"/>\
         <text class=\"label\" x=\"{tx}\" y=\"{}\">{}</text><text class=\"name\" x=\"{tx}\" y=\"{}\">{}</text></g>",
        escaped(&detail),
        placed.height * CELL.1 - 6,
        y + 18,
        escaped(&shortened(&node.label, LABEL_LETTERS)),
        y + 33,
        escaped(&shortened(name, NAME_LETTERS)),
        tx = x + 10,
    );
}

fn path(text: &mut String, line: &RoutedEdge, critical: bool) {
    let middle = |at: u32, cell: u32| f64::from(at) * f64::from(cell) + f64::from(cell) / 2.0;
    let mut points: Vec<(f64, f64)> = line
        .points
        .iter()
        .map(|(x, y)| (f64::from(LEFT) + middle(*x, CELL.0), f64::from(TOP) + middle(*y, CELL.1)))
        .collect();
    // To the very edge of both cards, but for the arrow's tip.
    let half = f64::from(CELL.0) / 2.0;
    let rightwards = line.points.first() <= line.points.last();
    let out = if rightwards { half } else { -half };
    if let Some(first) = points.first_mut() {
        first.0 -= out;
    }
    if let Some(last) = points.last_mut() {
        last.0 += out;
    }
    let mut data = String::new();
    for (number, (x, y)) in points.iter().enumerate() {
        let before = number.checked_sub(1).and_then(|before| points.get(before));
        let _ = match (before, points.get(number + 1)) {
            (None, _) => write!(data, "M{x} {y}"),
            (Some(_), None) => write!(data, "L{x} {y}"),
            (Some(before), Some(after)) => {
                let (ax, ay) = towards((*x, *y), *before);
                let (bx, by) = towards((*x, *y), *after);
                write!(data, "L{ax} {ay}Q{x} {y} {bx} {by}")
            }
        };
    }
    let (class, marker) =
        if critical { ("critical-line", "arrow-critical") } else { ("line", "arrow") };
    let _ = writeln!(text, "<path class=\"{class}\" d=\"{data}\" marker-end=\"url(#{marker})\"/>");
}

/// The point where a corner begins: a little way towards the next one.
fn towards((x, y): (f64, f64), (to_x, to_y): (f64, f64)) -> (f64, f64) {
    let (away_x, away_y) = (to_x - x, to_y - y);
    let length = away_x.abs() + away_y.abs();
    if length == 0.0 {
        return (x, y);
    }
    let part = RADIUS.min(length / 2.0) / length;
    (x + away_x * part, y + away_y * part)
}

fn marker(id: &str) -> String {
    format!(
        "<marker id=\"{id}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" \
         markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 1L10 5L0 9z\"/></marker>"
    )
}

/// A text for within an element or an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' => escaped.push(letter),
            // No other control character may be in an XML document.
            other if other.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escaped("a<b> & \"c\"\u{7}"), "a&lt;b&gt; &amp; &quot;c&quot;\u{fffd}");
    }

    #[test]
    fn corners_begin_before_the_corner_and_never_beyond_the_middle() {
        assert_eq!(towards((0.0, 0.0), (100.0, 0.0)), (6.0, 0.0));
        assert_eq!(towards((0.0, 0.0), (0.0, -4.0)), (0.0, -2.0));
        assert_eq!(towards((1.0, 1.0), (1.0, 1.0)), (1.0, 1.0));
    }
}
