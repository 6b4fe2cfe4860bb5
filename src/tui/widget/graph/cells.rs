//! Lines as cells: what each cell in sight has of which line.
//!
//! Lines of one bundle share their cells and lines to one node run together; all others only cross. A crossing is drawn
//! as one line over the other, never as a joint, so that every joint in the picture is one.

use std::collections::BTreeMap;

use super::glyph::Arms;
use super::{LineEmphasis, Window};
use crate::domain::graph::RoutedEdge;

/// What one bundle has in a cell.
#[derive(Debug, Clone, Copy, Default)]
struct Stroke {
    bundle: usize,
    arms: Arms,
    part: LineEmphasis,
}

impl Stroke {
    fn is_level(&self) -> bool {
        matches!(self.arms, [0, right, 0, left] if right > 0 && left > 0)
    }

    fn is_upright(&self) -> bool {
        matches!(self.arms, [up, 0, down, 0] if up > 0 && down > 0)
    }
}

/// All cells of lines in sight.
#[derive(Debug, Default)]
pub(super) struct Cells(BTreeMap<(i64, i64), Vec<Stroke>>);

impl Cells {
    /// Adds a line.
    pub(super) fn add(&mut self, line: &RoutedEdge, part: LineEmphasis, window: &Window) {
        let weight = part.weight();
        let mut mark = |x, y, arms| self.mark((x, y), line.bundle, arms, part);
        for pair in line.points.windows(2) {
            let [(x0, y0), (x1, y1)] = pair else { continue };
            let [x0, y0, x1, y1] = [x0, y0, x1, y1].map(|number| i64::from(*number));
            if y0 == y1 {
                for x in x0.min(x1).max(window.left - 1)..x0.max(x1).min(window.right()) {
                    mark(x, y0, [0, weight, 0, 0]);
                    mark(x + 1, y0, [0, 0, 0, weight]);
                }
            } else {
                for y in y0.min(y1).max(window.top - 1)..y0.max(y1).min(window.bottom()) {
                    mark(x0, y, [0, 0, weight, 0]);
                    mark(x0, y + 1, [weight, 0, 0, 0]);
                }
            }
        }
        // Both ends go on into their nodes.
        for (x, y) in line.points.first().into_iter().chain(line.points.last()) {
            mark(i64::from(*x), i64::from(*y), [0, weight, 0, weight]);
        }
    }

    fn mark(&mut self, at: (i64, i64), bundle: usize, arms: Arms, part: LineEmphasis) {
        let strokes = self.0.entry(at).or_default();
        if let Some(stroke) = strokes.iter_mut().find(|stroke| stroke.bundle == bundle) {
            stroke.arms = joined(stroke.arms, arms);
            stroke.part = stroke.part.with(part);
        } else {
            strokes.push(Stroke { bundle, arms, part });
        }
    }

    /// The cells, with the arms and the part of what is to be seen in each.
    pub(super) fn iter(&self) -> impl Iterator<Item = ((i64, i64), Arms, LineEmphasis)> {
        self.0.iter().map(|(at, strokes)| {
            let (arms, part) = seen(strokes);
            (*at, arms, part)
        })
    }
}

fn joined(first: Arms, second: Arms) -> Arms {
    let [up, right, down, left] = first;
    let [other_up, other_right, other_down, other_left] = second;
    [up.max(other_up), right.max(other_right), down.max(other_down), left.max(other_left)]
}

fn seen(strokes: &[Stroke]) -> (Arms, LineEmphasis) {
    let level = strokes.iter().filter(|stroke| stroke.is_level());
    let upright = strokes.iter().filter(|stroke| stroke.is_upright());
    let count = level.clone().count() + upright.clone().count();
    let over = level.map(|stroke| stroke.part).max();
    let under = upright.map(|stroke| stroke.part).max();
    let crossing = count == strokes.len() && over.is_some() && under.is_some();
    strokes
        .iter()
        .filter(|stroke| !crossing || stroke.is_level() == (over >= under))
        .fold(([0; 4], LineEmphasis::default()), |(arms, part), stroke| {
            (joined(arms, stroke.arms), part.with(stroke.part))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::graph::Picture;
    use ratatui::layout::Rect;

    #[test]
    fn strangers_cross_and_relatives_join() {
        let picture = Picture { width: 99, height: 99, ..Picture::default() };
        let window = Window::on(&picture, None, Rect::new(0, 0, 40, 40));
        let mut cells = Cells::default();
        let mut add = |bundle, points: &[(u32, u32)], related| {
            let line = RoutedEdge { edge: 0, from: 0, to: 0, bundle, points: points.to_vec() };
            cells.add(&line, LineEmphasis { critical: false, related }, &window);
        };
        add(1, &[(0, 5), (9, 5)], false);
        add(2, &[(0, 0), (4, 0), (4, 9), (9, 9)], false);
        add(3, &[(0, 8), (6, 8), (6, 5), (9, 5)], true);
        let arms_at = |at| cells.iter().find(|(cell, _, _)| *cell == at).unwrap().1;
        assert_eq!(arms_at((4, 5)), [0, 1, 0, 1], "a crossing");
        assert_eq!(arms_at((6, 5)), [0, 2, 2, 1], "a joint");
        assert_eq!(arms_at((4, 8)), [0, 2, 0, 2], "what matters more lies above");
    }
}
