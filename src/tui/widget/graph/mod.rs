//! The dependency graph painted into cells: boxes for areas, rows for resources, and lines that can be followed.
//!
//! It keeps nothing: which part is in sight follows from the focused node and the room there is. What a click means and
//! what colours are is decided elsewhere.

mod cells;
mod glyph;
mod node;
mod window;

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line as TextLine, Span},
    widgets::Widget,
};

use self::cells::Cells;
use self::glyph::{DOUBLE, HEAVY, LIGHT, joint};
use self::window::Window;
use crate::domain::graph::{Graph, Node, Picture, Related, RoutedEdge, related};

/// Styles by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GraphStyles {
    /// Lines that have no other meaning.
    pub edge: Style,
    /// Lines of all that the focused node waits for, and of all that waits for it.
    pub related: Style,
    /// Lines of the critical path.
    pub critical: Style,
    /// Nodes that have no other meaning.
    pub node: Style,
    /// Nodes that the focused one waits for, or that wait for it.
    pub node_related: Style,
    /// The focused node.
    pub node_focus: Style,
    /// Nodes on the critical path.
    pub node_critical: Style,
    /// Nodes that have nothing to do with the focused one.
    pub quiet: Style,
}

/// How one node looks, beside its part in the picture: its state, say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NodeLook {
    /// One column wide.
    pub glyph: &'static str,
    /// Laid over the style of glyph and label.
    pub style: Style,
}

/// Which sides of the picture go on out of sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one for each side")]
pub struct Beyond {
    pub left: bool,
    pub right: bool,
    pub above: bool,
    pub below: bool,
}

/// A graph to paint.
#[derive(Clone, Copy)]
pub struct GraphView<'a> {
    /// The graph.
    pub graph: &'a Graph,
    /// Its picture.
    pub picture: &'a Picture,
    /// The focused node, which is always in sight.
    pub focus: Option<usize>,
    /// Styles.
    pub styles: &'a GraphStyles,
    /// How each node looks.
    pub node_look: &'a dyn Fn(&Node) -> NodeLook,
    /// Whether only ASCII can be shown.
    pub ascii: bool,
}

impl GraphView<'_> {
    /// The rectangles of the nodes in sight, with the nodes' numbers.
    pub(crate) fn hit_rects(&self, area: Rect) -> Vec<(Rect, usize)> {
        let window = Window::on(self.picture, self.focus, area);
        let nodes = self.picture.nodes.iter().enumerate();
        nodes
            .map(|(number, node)| (window.rect(node), number))
            .filter(|(rect, _)| !rect.is_empty())
            .collect()
    }

    /// Which sides of the picture are out of sight.
    pub(crate) fn beyond(&self, area: Rect) -> Beyond {
        let window = Window::on(self.picture, self.focus, area);
        Beyond {
            left: window.left > 0,
            right: window.right() < i64::from(self.picture.width),
            above: window.top > 0,
            below: window.bottom() < i64::from(self.picture.height),
        }
    }

    /// What the lines mean, in one line.
    pub(crate) fn legend(&self) -> TextLine<'static> {
        let (critical, related) = if self.ascii { ("##", "==") } else { ("══", "━━") };
        let mut spans = vec![
            Span::styled(critical, self.styles.critical),
            Span::styled(" slowest path", self.styles.quiet),
        ];
        if self.focus.is_some() {
            spans.extend([
                Span::raw("   "),
                Span::styled(related, self.styles.related),
                Span::styled(" before and after the chosen one", self.styles.quiet),
            ]);
        }
        TextLine::from(spans)
    }

    fn part(&self, line: &RoutedEdge, related: Option<&Related>) -> LineEmphasis {
        let Some(edge) = self.graph.edges.get(line.edge) else { return LineEmphasis::default() };
        LineEmphasis {
            critical: edge.critical,
            related: related.is_some_and(|related| related.has_edge(edge.from, edge.to)),
        }
    }

    fn lines(&self, window: &Window, buffer: &mut Buffer, related: Option<&Related>) {
        let mut cells = Cells::default();
        for line in &self.picture.lines {
            cells.add(line, self.part(line, related), window);
        }
        for (at, arms, part) in cells.iter() {
            let glyph = joint(arms, self.ascii);
            window.put(buffer, at, glyph, part.style(self.styles));
        }
        // Where several lines end, the arrow is that of the one that matters most.
        let mut arrows: Vec<(LineEmphasis, (u32, u32), usize)> = Vec::new();
        for line in &self.picture.lines {
            let part = self.part(line, related);
            arrows.extend(line.points.last().map(|end| (part, *end, line.to)));
            if self.graph.edges.get(line.edge).is_some_and(|edge| edge.two_way) {
                arrows.extend(line.points.first().map(|end| (part, *end, line.from)));
            }
        }
        arrows.sort_by_key(|(part, _, _)| *part);
        for (part, (x, y), node) in arrows {
            let rightwards = self.picture.nodes.get(node).is_some_and(|node| x < node.x);
            let arrow = match (rightwards, self.ascii) {
                (true, false) => '▸',
                (false, false) => '◂',
                (true, true) => '>',
                (false, true) => '<',
            };
            let at = (i64::from(x), i64::from(y));
            window.put(buffer, at, arrow, part.style(self.styles));
        }
    }
}

impl Widget for GraphView<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return;
        }
        let window = Window::on(self.picture, self.focus, area);
        let focus = self.focus.filter(|number| *number < self.graph.nodes.len());
        let related = focus.map(|number| related(self.graph, number));
        self.lines(&window, buffer, related.as_ref());
        for number in 0..self.graph.nodes.len() {
            self.node(&window, buffer, number, related.as_ref());
        }
    }
}

/// The part that a line has in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct LineEmphasis {
    critical: bool,
    related: bool,
}

impl LineEmphasis {
    /// What several lines in one cell are together.
    fn with(self, other: Self) -> Self {
        self.max(other)
    }

    fn weight(self) -> u8 {
        match self {
            Self { critical: true, .. } => DOUBLE,
            Self { related: true, .. } => HEAVY,
            Self { .. } => LIGHT,
        }
    }

    fn style(self, styles: &GraphStyles) -> Style {
        match self {
            Self { critical: true, related: false } => styles.critical,
            Self { critical: true, related: true } => styles.related.patch(styles.critical),
            Self { related: true, .. } => styles.related,
            Self { .. } => styles.edge,
        }
    }
}

#[cfg(test)]
mod tests;
