//! The lines between layers: which upright column each bundle turns in, and the way of each edge from corner to corner.
//!
//! Between two layers, all lines of one item are a bundle with one upright piece. Bundles are ordered so that few cross
//! and that no piece of one lies on a piece of another: then every meeting of lines is a crossing or a common end.

use super::super::fold::Graph;
use super::super::table::DefaultVec;
use super::layers::Layered;
use super::{Placed, RoutedEdge};

/// A price that only an overlap has.
const OVERLAP: usize = 1000;
/// The price of an overlap that would bend a straight line to be put right.
const STUBBORN: usize = 3000;
/// More bundles than these in one gap are only sorted, not compared pair by pair.
const COMPARED: usize = 80;

/// The lines of one item through the gap to its right.
#[derive(Debug)]
pub(super) struct Bundle {
    item: usize,
    /// The row that it comes in on.
    pub(super) row: u32,
    /// The rows that it goes out on, sorted.
    pub(super) ends: Vec<u32>,
    top: u32,
    bottom: u32,
}

/// Sets the columns of the nodes; returns the picture's width and its lines.
pub(super) fn draw(
    graph: &Graph,
    layered: &Layered,
    row_of: &DefaultVec<u32>,
    placed: &mut [Placed],
    pitch: u32,
) -> (u32, Vec<RoutedEdge>) {
    let mut widths: DefaultVec<u32> = DefaultVec::of(layered.layers.len());
    for node in placed.iter() {
        widths.set(node.layer, widths.at(node.layer).max(node.width));
    }
    let mut column_of: DefaultVec<u32> = DefaultVec::of(layered.items.len());
    let mut starts: DefaultVec<u32> = DefaultVec::of(layered.layers.len());
    let mut x = 0_u32;
    for (number, items) in layered.layers.iter().enumerate() {
        starts.set(number, x);
        x = x.saturating_add(widths.at(number));
        if number + 1 == layered.layers.len() {
            break;
        }
        let bundles = bundles(layered, row_of, items);
        let tracks = tracks(&bundles);
        let used = tracks.iter().map(|track| track + 1).max().unwrap_or(0);
        for (bundle, track) in bundles.iter().zip(&tracks) {
            column_of
                .set(bundle.item, x.saturating_add(1).saturating_add(track.saturating_mul(pitch)));
        }
        // A cell beside the node, the upright pieces, and two cells for the arrow.
        let gap = 3 + used.saturating_sub(1).saturating_mul(pitch) + u32::from(used > 0);
        x = x.saturating_add(gap);
    }
    for node in placed.iter_mut() {
        node.x = starts.at(node.layer);
    }
    let lines = graph
        .edges
        .iter()
        .enumerate()
        .zip(&layered.chains)
        .map(|((number, edge), chain)| {
            let mut points = way(chain, row_of, &column_of, placed);
            if chain.first() != Some(&edge.from) {
                points.reverse();
            }
            RoutedEdge {
                edge: number,
                from: edge.from,
                to: edge.to,
                bundle: chain.first().copied().unwrap_or(edge.from),
                points,
            }
        })
        .collect();
    (x, lines)
}

/// The corners of one edge, from left to right.
fn way(
    chain: &[usize],
    row_of: &DefaultVec<u32>,
    column_of: &DefaultVec<u32>,
    placed: &[Placed],
) -> Vec<(u32, u32)> {
    let mut points = Vec::new();
    if let Some((first, node)) = chain.first().and_then(|item| Some((item, placed.get(*item)?))) {
        points.push((node.x.saturating_add(node.width), row_of.at(*first)));
    }
    for pair in chain.windows(2) {
        if let [from, to] = pair {
            let (here, there) = (row_of.at(*from), row_of.at(*to));
            if here != there {
                let column = column_of.at(*from);
                points.push((column, here));
                points.push((column, there));
            }
        }
    }
    if let Some((last, node)) = chain.last().and_then(|item| Some((item, placed.get(*item)?))) {
        points.push((node.x.saturating_sub(1), row_of.at(*last)));
    }
    points
}

/// The bundles of a layer that turn, from left to right; straight lines need no column.
pub(super) fn bundles(layered: &Layered, row_of: &DefaultVec<u32>, items: &[usize]) -> Vec<Bundle> {
    let mut bundles = Vec::new();
    for item in items {
        let row = row_of.at(*item);
        let mut ends: Vec<u32> =
            layered.right.list(*item).iter().map(|(other, _)| row_of.at(*other)).collect();
        ends.sort_unstable();
        let (Some(first), Some(last)) = (ends.first().copied(), ends.last().copied()) else {
            continue;
        };
        if first != row || last != row {
            bundles.push(Bundle {
                item: *item,
                row,
                top: first.min(row),
                bottom: last.max(row),
                ends,
            });
        }
    }
    ordered(bundles)
}

/// What it costs when one bundle turns left of another.
fn cost(left: &Bundle, right: &Bundle) -> usize {
    if left.bottom < right.top || right.bottom < left.top {
        return 0;
    }
    let mut cost = 0;
    if left.top < right.row && right.row < left.bottom {
        cost += 1;
    }
    for end in &left.ends {
        if *end == right.row {
            let straight = right.ends.binary_search(end).is_ok();
            cost += if straight { STUBBORN } else { OVERLAP };
        } else if right.top < *end && *end < right.bottom && right.ends.binary_search(end).is_err()
        {
            cost += 1;
        }
    }
    cost
}

/// The bundles from left to right.
fn ordered(mut bundles: Vec<Bundle>) -> Vec<Bundle> {
    // Those that lead up, the upper first; then those that lead down, the lower first: such neighbours do not cross.
    bundles.sort_by_key(|bundle| {
        let down = bundle.bottom - bundle.row >= bundle.row - bundle.top;
        let row = i64::from(bundle.row);
        (down, if down { -row } else { row })
    });
    if bundles.len() > COMPARED {
        return bundles;
    }
    let count = bundles.len();
    let prices: Vec<usize> =
        bundles.iter().flat_map(|left| bundles.iter().map(|right| cost(left, right))).collect();
    let price = |left: usize, right: usize| prices.get(left * count + right).copied().unwrap_or(0);
    let mut order: Vec<usize> = (0..count).collect();
    for _ in 0..6 {
        let mut changed = false;
        for bundle in 0..count {
            changed |= reseat(&mut order, bundle, price);
        }
        if !changed {
            break;
        }
    }
    let mut seats: DefaultVec<usize> = DefaultVec::of(count);
    for (seat, bundle) in order.into_iter().enumerate() {
        seats.set(bundle, seat);
    }
    let numbered = bundles.into_iter().enumerate();
    let mut seated: Vec<(usize, Bundle)> =
        numbered.map(|(number, bundle)| (seats.at(number), bundle)).collect();
    seated.sort_by_key(|(seat, _)| *seat);
    seated.into_iter().map(|(_, bundle)| bundle).collect()
}

/// Moves one bundle to its cheapest seat among the others; tells whether it moved.
fn reseat(order: &mut Vec<usize>, item: usize, price: impl Fn(usize, usize) -> usize) -> bool {
    let Some(now) = order.iter().position(|other| *other == item) else { return false };
    order.remove(now);
    let mut cost: usize = order.iter().map(|other| price(item, *other)).sum();
    let mut best = (cost, 0);
    let mut here = (0 == now).then_some(cost);
    for (at, other) in order.iter().enumerate() {
        cost = cost + price(*other, item) - price(item, *other);
        if cost < best.0 {
            best = (cost, at + 1);
        }
        if at + 1 == now {
            here = Some(cost);
        }
    }
    let moved = here.is_some_and(|here| best.0 < here);
    order.insert(if moved { best.1 } else { now }, item);
    moved
}

/// The column of each bundle, counted from the left: as far left as those before it leave room.
fn tracks(bundles: &[Bundle]) -> Vec<u32> {
    let mut tracks: Vec<u32> = Vec::with_capacity(bundles.len());
    for (number, bundle) in bundles.iter().enumerate() {
        let track = bundles
            .iter()
            .zip(&tracks)
            .take(number)
            .filter(|(other, _)| other.top <= bundle.bottom && bundle.top <= other.bottom)
            .map(|(_, track)| track + 1)
            .max();
        tracks.push(track.unwrap_or(0));
    }
    tracks
}
