//! The picture of a graph: places of nodes and lines in cells, left to right in order of dependency.
//!
//! In layers (`layers`), ordered so that few lines cross (`crossings`), put on rows so that most lines are straight
//! (`rows`), and joined by lines that never run through a node nor share a cell with a stranger, other than to cross it
//! (`lines`). The same graph always gives the same picture. Nothing here may depend on a terminal's size.

mod crossings;
mod layers;
mod lines;
mod relief;
mod rows;

use super::fold::{Graph, Key};
use super::label::shortened;
use super::table::DefaultVec;
use layers::Layered;

/// How much room the picture takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Density {
    /// Areas as boxes of three rows, with air between boxes and between lines.
    Airy,
    /// Areas as boxes of three rows, with air between boxes.
    Roomy,
    /// Areas as boxes of three rows.
    Compact,
    /// Every node on one row.
    Tight,
}

impl Density {
    /// From airy to tight.
    pub const ALL: [Self; 4] = [Self::Airy, Self::Roomy, Self::Compact, Self::Tight];

    /// Columns of a node beside its label: a frame or brackets, a glyph and a blank.
    fn around(self) -> u32 {
        if self == Self::Airy { 6 } else { 4 }
    }

    /// Letters of the longest label.
    fn letters(self) -> usize {
        if self == Self::Tight { 26 } else { 36 }
    }
}

/// A node's place. The outermost columns are for a frame or brackets, with a glyph and a blank before the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placed {
    /// First column.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows: 3 with a frame, 1 without.
    pub height: u32,
    /// Which column of nodes it stands in, from the left.
    pub layer: usize,
    /// Columns from its left edge to its glyph.
    pub inset: u32,
    /// Its label, shortened where it is long.
    pub text: String,
}

impl Placed {
    /// The row that lines enter and leave at.
    pub fn middle(&self) -> u32 {
        self.y.saturating_add(self.height / 2)
    }
}

/// An edge's way through the cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutedEdge {
    /// Number of the edge in the graph.
    pub edge: usize,
    /// The node it leaves.
    pub from: usize,
    /// The node it enters.
    pub to: usize,
    /// Lines of the same bundle share their cells up to where they part; others only cross, or end at the same node.
    pub bundle: usize,
    /// Its corners with both ends, from the cell beside `from` to the cell beside `to`. Neighbours share a column or
    /// a row.
    pub points: Vec<(u32, u32)>,
}

/// A graph laid out. Nodes have the numbers that they have in the graph.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// The nodes.
    pub nodes: Vec<Placed>,
    /// The edges.
    pub lines: Vec<RoutedEdge>,
}

/// What a picture has to keep to.
#[derive(Debug)]
pub(super) struct LayoutConstraints {
    /// Columns of each node.
    pub(super) widths: DefaultVec<u32>,
    /// Rows of each node: 3 or 1.
    pub(super) heights: DefaultVec<u32>,
    /// Band of each node: nodes of one band stay together, below all of the band before.
    pub(super) bands: DefaultVec<usize>,
    /// Rows between boxes that stand one above the other.
    pub(super) between_boxes: u32,
    /// Rows between bands.
    pub(super) between_bands: u32,
    /// Columns from one upright line to the next.
    pub(super) pitch: u32,
}

/// Lays out a graph.
pub fn layout(graph: &Graph, density: Density) -> Picture {
    let texts = texts(graph, density);
    let mut picture = arrange(graph, &constraints(graph, density, &texts));
    for (node, text) in picture.nodes.iter_mut().zip(texts) {
        node.text = text;
        node.inset = density.around() / 2 - 1;
    }
    picture
}

fn texts(graph: &Graph, density: Density) -> Vec<String> {
    let labels = graph.nodes.iter().map(|node| &node.label);
    labels.map(|label| shortened(label, density.letters())).collect()
}

fn constraints(graph: &Graph, density: Density, texts: &[String]) -> LayoutConstraints {
    LayoutConstraints {
        widths: texts
            .iter()
            .map(|text| u32::try_from(text.chars().count()).unwrap_or(0) + density.around())
            .collect(),
        heights: graph
            .nodes
            .iter()
            .map(|node| match node.key {
                Key::Area(_) if density != Density::Tight => 3,
                _ => 1,
            })
            .collect(),
        bands: DefaultVec::of(graph.nodes.len()),
        between_boxes: u32::from(matches!(density, Density::Airy | Density::Roomy)),
        between_bands: 0,
        pitch: if density == Density::Airy { 2 } else { 1 },
    }
}

/// Lays out a graph on any constraints. The nodes have no texts yet.
pub(super) fn arrange(graph: &Graph, constraints: &LayoutConstraints) -> Picture {
    let mut layered = Layered::of(graph, constraints);
    crossings::reduce(&mut layered);
    upright(graph, &mut layered);
    let row_of = relief::relieve(&layered, rows::place(&layered, constraints));
    let mut placed: Vec<Placed> = (0..graph.nodes.len())
        .map(|number| Placed {
            y: row_of.at(number).saturating_sub(constraints.heights.at(number) / 2),
            width: constraints.widths.at(number),
            height: constraints.heights.at(number),
            layer: layered.item(number).layer,
            ..Placed::default()
        })
        .collect();
    widen_boxes(&mut placed, layered.layers.len());
    let (width, lines) = lines::draw(graph, &layered, &row_of, &mut placed, constraints.pitch);
    let nodes = placed.iter().map(|node| node.y.saturating_add(node.height));
    let corners = lines.iter().flat_map(|line| line.points.iter());
    Picture {
        width,
        height: nodes.chain(corners.map(|(_, y)| y.saturating_add(1))).max().unwrap_or(0),
        nodes: placed,
        lines,
    }
}

/// The most generous picture that fits into so many columns and rows. When none does, boxes are kept as long as at
/// least the rows suffice.
pub fn fit(graph: &Graph, columns: u32, rows: u32) -> Picture {
    let mut boxed = None;
    let mut tight = Picture::default();
    for density in Density::ALL {
        tight = layout(graph, density);
        if tight.width <= columns && tight.height <= rows {
            return tight;
        }
        if density == Density::Compact && tight.height <= rows {
            boxed = Some(tight.clone());
        }
    }
    boxed.unwrap_or(tight)
}

/// Turns the picture upside down when the critical path would lie in its lower half: one reads from the top.
fn upright(graph: &Graph, layered: &mut Layered) {
    let mut lower = 0_usize;
    let mut upper = 0_usize;
    for items in &layered.layers {
        for (place, item) in items.iter().enumerate() {
            if graph.nodes.get(*item).is_some_and(|node| node.critical) {
                upper += place;
                lower += items.len() - 1 - place;
            }
        }
    }
    if upper > lower && layered.items.iter().all(|item| item.band == 0) {
        for items in &mut layered.layers {
            items.reverse();
        }
    }
}

/// Boxes of one layer are equally wide, so that their lines begin in one column.
fn widen_boxes(placed: &mut [Placed], layers: usize) {
    let mut widest: DefaultVec<u32> = DefaultVec::of(layers);
    for node in placed.iter().filter(|node| node.height == 3) {
        widest.set(node.layer, widest.at(node.layer).max(node.width));
    }
    for node in placed.iter_mut().filter(|node| node.height == 3) {
        node.width = widest.at(node.layer);
    }
}

/// How many layers have lines that lie on one another.
#[cfg(test)]
pub(super) fn overlaps(graph: &Graph, density: Density) -> usize {
    let constraints = constraints(graph, density, &texts(graph, density));
    let mut layered = Layered::of(graph, &constraints);
    crossings::reduce(&mut layered);
    upright(graph, &mut layered);
    let row_of = relief::relieve(&layered, rows::place(&layered, &constraints));
    let layers = layered.layers.iter();
    layers.filter(|items| relief::overlap(&layered, &row_of, items).is_some()).count()
}
