//! Going from one element to the next by arrows.

use super::{Sheet, Spot};
use crate::domain::graph::Direction;

/// The element that lies nearest in a direction; `None` where there is none.
pub fn neighbour(sheet: &Sheet, from: usize, direction: Direction) -> Option<usize> {
    let here = sheet.spot(from)?;
    let candidates = sheet.spots.iter().filter(|spot| spot.element != from);
    let ahead = candidates.filter_map(|spot| Some((distance(here, *spot, direction)?, spot)));
    ahead.min_by_key(|(distance, _)| *distance).map(|(_, spot)| spot.element)
}

/// How far a spot lies in a direction, with what lies aside counted more; `None` where it lies elsewhere.
fn distance(here: Spot, there: Spot, direction: Direction) -> Option<usize> {
    let rows = here.y.abs_diff(there.y);
    let columns = here.x.abs_diff(there.x);
    let overlaps = there.x < here.x + here.width && here.x < there.x + there.width;
    match direction {
        Direction::Up if there.y < here.y => Some(rows * 4 + if overlaps { 0 } else { columns }),
        Direction::Down if there.y > here.y => Some(rows * 4 + if overlaps { 0 } else { columns }),
        Direction::Left if there.x + there.width <= here.x => Some(columns + rows * 8),
        Direction::Right if there.x >= here.x + here.width => Some(columns + rows * 8),
        _ => None,
    }
}
