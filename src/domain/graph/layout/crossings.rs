//! The order within each layer, such that few lines cross.
//!
//! Each item goes to the mean place of what it is linked to, sweeping to and fro; then neighbours swap where that
//! helps. Of all orders seen the best is kept.

use super::super::table::DefaultVec;
use super::layers::Layered;

/// Steps that all sweeps together may take, about: large graphs get fewer sweeps.
const PATIENCE: usize = 3_000_000;

/// Neighbours swap only in graphs of fewer items and links than these: it is slow.
const SWAPPED: usize = 1500;

pub(super) fn reduce(layered: &mut Layered) {
    let size = layered.items.len() + layered.links.len() + 1;
    let sweeps = (PATIENCE / (size * 12)).clamp(2, 24);
    let items = &layered.items;
    for layer in &mut layered.layers {
        layer.sort_by_key(|item| items.get(*item).map(|item| item.band));
    }
    let mut place = places(layered);
    let mut best = (total(layered, &place), layered.layers.clone());
    for sweep in 0..sweeps {
        let rightwards = sweep % 2 == 0;
        let count = layered.layers.len();
        for step in 0..count {
            let layer = if rightwards { step } else { count - 1 - step };
            sort_by_mean(layered, &mut place, layer, rightwards);
        }
        if size < SWAPPED {
            swap_neighbours(layered, &mut place);
        }
        let crossings = total(layered, &place);
        if crossings < best.0 {
            best = (crossings, layered.layers.clone());
        }
        if best.0 == 0 {
            break;
        }
    }
    layered.layers = best.1;
}

fn places(layered: &Layered) -> DefaultVec<usize> {
    let mut place = DefaultVec::of(layered.items.len());
    for layer in &layered.layers {
        for (position, item) in layer.iter().enumerate() {
            place.set(*item, position);
        }
    }
    place
}

fn sort_by_mean(
    layered: &mut Layered,
    place: &mut DefaultVec<usize>,
    layer: usize,
    rightwards: bool,
) {
    let Some(items) = layered.layers.get(layer) else { return };
    let linked = if rightwards { &layered.left } else { &layered.right };
    // Means as whole numbers: the same order on every machine.
    let mut keyed: Vec<((usize, usize), usize)> = items
        .iter()
        .map(|item| {
            let list = linked.list(*item);
            let sum: usize = list.iter().map(|(other, _)| place.at(*other)).sum();
            let mean =
                (sum * 1024).checked_div(list.len()).unwrap_or_else(|| place.at(*item) * 1024);
            ((layered.item(*item).band, mean), *item)
        })
        .collect();
    keyed.sort_by_key(|(key, _)| *key);
    let sorted: Vec<usize> = keyed.into_iter().map(|(_, item)| item).collect();
    for (position, item) in sorted.iter().enumerate() {
        place.set(*item, position);
    }
    if let Some(slot) = layered.layers.get_mut(layer) {
        *slot = sorted;
    }
}

fn swap_neighbours(layered: &mut Layered, place: &mut DefaultVec<usize>) {
    for _ in 0..4 {
        let mut changed = false;
        for layer in 0..layered.layers.len() {
            let length = layered.layers.get(layer).map_or(0, Vec::len);
            for upper in 1..length {
                let pair = layered.layers.get(layer).and_then(|items| items.get(upper - 1..=upper));
                let Some(&[first, second]) = pair else { continue };
                let between = |above: usize, below: usize| {
                    pairs_crossing(&layered.left, place, above, below)
                        + pairs_crossing(&layered.right, place, above, below)
                };
                if layered.item(first).band == layered.item(second).band
                    && between(second, first) < between(first, second)
                {
                    place.set(first, upper);
                    place.set(second, upper - 1);
                    if let Some(items) = layered.layers.get_mut(layer) {
                        items.swap(upper - 1, upper);
                    }
                    changed = true;
                }
            }
        }
        if !changed {
            break;
        }
    }
}

/// How many lines of two items cross on one side, when one stands above the other.
fn pairs_crossing(
    linked: &DefaultVec<Vec<(usize, i64)>>,
    place: &DefaultVec<usize>,
    above: usize,
    below: usize,
) -> usize {
    let mut crossings = 0;
    for (first, _) in linked.list(above) {
        for (second, _) in linked.list(below) {
            crossings += usize::from(place.at(*second) < place.at(*first));
        }
    }
    crossings
}

/// All crossings, counted by inversions: per gap, the links in order of their left ends, and how many right ends seen
/// before lie further down.
fn total(layered: &Layered, place: &DefaultVec<usize>) -> usize {
    let mut crossings = 0;
    for (number, layer) in layered.layers.iter().enumerate() {
        let width = layered.layers.get(number + 1).map_or(0, Vec::len);
        let mut seen: DefaultVec<usize> = DefaultVec::of(width + 1);
        let mut count = 0;
        for item in layer {
            let mut ends: Vec<usize> =
                layered.right.list(*item).iter().map(|(other, _)| place.at(*other)).collect();
            ends.sort_unstable();
            for end in &ends {
                crossings += count - sum(&seen, *end);
            }
            for end in ends {
                add(&mut seen, end);
                count += 1;
            }
        }
    }
    crossings
}

// A Fenwick tree over places: how many ends have been seen at a place or above it.

fn add(tree: &mut DefaultVec<usize>, place: usize) {
    let mut at = place + 1;
    while tree.has(at) {
        tree.set(at, tree.at(at) + 1);
        at += at & at.wrapping_neg();
    }
}

fn sum(tree: &DefaultVec<usize>, place: usize) -> usize {
    let mut at = place + 1;
    let mut total = 0;
    while at > 0 {
        total += tree.at(at);
        at &= at - 1;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::graph::tests::{graph_of, plain_terms};

    fn crossings(edges: &[(usize, usize)]) -> (usize, usize) {
        let graph = graph_of(8, edges);
        let mut layered = Layered::of(&graph, &plain_terms(8));
        let before = total(&layered, &places(&layered));
        reduce(&mut layered);
        (before, total(&layered, &places(&layered)))
    }

    #[test]
    fn crossings_are_counted_and_undone() {
        assert_eq!(crossings(&[(0, 5), (1, 4)]), (1, 0));
        assert_eq!(crossings(&[(0, 6), (1, 5), (2, 4)]), (3, 0));
        // Two by two, each with each: one crossing cannot be undone.
        assert_eq!(crossings(&[(0, 4), (0, 5), (1, 4), (1, 5)]), (1, 1));
    }
}
