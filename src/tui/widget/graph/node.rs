//! One node: a box with its label, or a row.
//!
//! What matters is never said by colour alone: the focused node has a heavy frame or brackets, the critical path a
//! double frame or bars.

use ratatui::{
    buffer::Buffer,
    style::{Modifier, Style},
};

use super::glyph::{Arms, DOUBLE, HEAVY, LIGHT, joint};
use super::{GraphView, Window};
use crate::domain::graph::{Node, Placed, Related};
use crate::tui::text;

impl GraphView<'_> {
    pub(super) fn node(
        &self,
        window: &Window,
        buffer: &mut Buffer,
        number: usize,
        related: Option<&Related>,
    ) {
        let (Some(node), Some(placed)) =
            (self.graph.nodes.get(number), self.picture.nodes.get(number))
        else {
            return;
        };
        if window.rect(placed).is_empty() {
            return;
        }
        let focused = self.focus == Some(number);
        let style = self.node_style(node, number, related);
        let (x, row) = (i64::from(placed.x), i64::from(placed.middle()));
        let end = x + i64::from(placed.width) - 1;
        for column in x..=end {
            window.put(buffer, (column, row), ' ', style);
        }
        if placed.height == 3 {
            let weight = match (focused, node.critical) {
                (true, _) => HEAVY,
                (false, true) => DOUBLE,
                (false, false) => LIGHT,
            };
            let frame = style.remove_modifier(Modifier::REVERSED);
            let port = self.port(number, placed, related);
            frame_of(placed, weight, port, |at, arms| {
                window.put(buffer, at, joint(arms, self.ascii), frame);
            });
        } else {
            let (open, close) = match (focused, node.critical, self.ascii) {
                (true, _, _) => ('[', ']'),
                (false, true, true) => ('#', '#'),
                (false, true, false) => ('║', '║'),
                (false, false, _) => (' ', ' '),
            };
            window.put(buffer, (x, row), open, style);
            window.put(buffer, (end, row), close, style);
        }
        self.label(window, buffer, (node, placed), style);
    }

    fn label(
        &self,
        window: &Window,
        buffer: &mut Buffer,
        (node, placed): (&Node, &Placed),
        style: Style,
    ) {
        let look = (self.node_look)(node);
        let label = if self.ascii { text::ascii(&placed.text) } else { placed.text.clone() };
        let end = i64::from(placed.x) + i64::from(placed.width) - 1;
        let row = i64::from(placed.middle());
        let mut x = i64::from(placed.x) + i64::from(placed.inset);
        for letter in look.glyph.chars().take(1).chain([' ']).chain(label.chars()) {
            let columns = i64::try_from(text::width(letter.encode_utf8(&mut [0; 4]))).unwrap_or(1);
            // Half of a wide letter would draw over what stands beside it.
            if x + columns > end || (columns > 1 && x + columns > window.right()) {
                break;
            }
            window.put(buffer, (x, row), letter, style.patch(look.style));
            x += columns;
        }
    }

    /// The weight of the line that begins at a node's right side; 0 when none does, or when one ends there.
    fn port(&self, number: usize, placed: &Placed, related: Option<&Related>) -> u8 {
        let beside = placed.x.saturating_add(placed.width);
        let lines = self.picture.lines.iter().filter(|line| {
            let ends = [(line.from, line.points.first()), (line.to, line.points.last())];
            ends.iter().any(|(node, end)| *node == number && end.is_some_and(|(x, _)| *x == beside))
        });
        let mut weight = 0;
        for line in lines {
            let edge = self.graph.edges.get(line.edge);
            if line.to == number || edge.is_some_and(|edge| edge.two_way) {
                return 0;
            }
            weight = weight.max(self.part(line, related).weight());
        }
        weight
    }

    fn node_style(&self, node: &Node, number: usize, related: Option<&Related>) -> Style {
        let styles = self.styles;
        if self.focus == Some(number) {
            return styles.node_focus;
        }
        let direct = related.is_some_and(|related| related.direct.contains(&number));
        match (node.critical, related.map(|related| related.has(number))) {
            (true, Some(true)) => styles.node_related.patch(styles.node_critical),
            (true, _) => styles.node_critical,
            (false, Some(true)) if direct => styles.node_related.add_modifier(Modifier::BOLD),
            (false, Some(true)) => styles.node_related,
            (false, Some(false)) => styles.quiet,
            (false, None) => styles.node,
        }
    }
}

/// The cells of a frame, with their arms.
fn frame_of(placed: &Placed, weight: u8, port: u8, mut put: impl FnMut((i64, i64), Arms)) {
    let (left, top) = (i64::from(placed.x), i64::from(placed.y));
    let right = left + i64::from(placed.width) - 1;
    let bottom = top + i64::from(placed.height) - 1;
    let middle = i64::from(placed.middle());
    for x in left + 1..right {
        put((x, top), [0, weight, 0, weight]);
        put((x, bottom), [0, weight, 0, weight]);
    }
    for y in top + 1..bottom {
        put((left, y), [weight, 0, weight, 0]);
        let arm = if y == middle { port } else { 0 };
        put((right, y), [weight, arm, weight, 0]);
    }
    put((left, top), [0, weight, weight, 0]);
    put((right, top), [0, 0, weight, weight]);
    put((left, bottom), [weight, weight, 0, 0]);
    put((right, bottom), [weight, 0, 0, weight]);
}
