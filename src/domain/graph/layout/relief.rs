//! Relief where lines would have to lie on one another: a row more.
//!
//! Between two layers it can be that each of two bundles has to turn left of the other, since one comes in on the row
//! that the other goes out on, and the other way round. Then the row is doubled: what is left of the gap keeps the
//! upper one, what is right of it gets the lower one, and everything below moves down. Nothing else bends.

use super::super::table::DefaultVec;
use super::layers::Layered;
use super::lines::bundles;

/// Rows that may be added. Large graphs without end of them keep some overlaps.
const MOST: usize = 60;

pub(super) fn relieve(layered: &Layered, mut row_of: DefaultVec<u32>) -> DefaultVec<u32> {
    let mut added = 0;
    for (number, items) in layered.layers.iter().enumerate() {
        while added < MOST {
            let Some(row) = overlap(layered, &row_of, items) else { break };
            row_of = (0..layered.items.len())
                .map(|item| {
                    let here = row_of.at(item);
                    let right = layered.item(item).layer > number;
                    here + u32::from(here > row || (right && here == row))
                })
                .collect();
            added += 1;
        }
    }
    row_of
}

/// A row on which one bundle would lie on another, if possible one that no line runs straight along.
pub(super) fn overlap(layered: &Layered, row_of: &DefaultVec<u32>, items: &[usize]) -> Option<u32> {
    let bundles = bundles(layered, row_of, items);
    let mut found = None;
    for (number, right) in bundles.iter().enumerate() {
        let lefts = bundles.iter().take(number);
        if lefts.into_iter().any(|left| left.ends.binary_search(&right.row).is_ok()) {
            if right.ends.binary_search(&right.row).is_err() {
                return Some(right.row);
            }
            found = Some(right.row);
        }
    }
    found
}
