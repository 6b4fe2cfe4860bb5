//! The row of each item, such that most lines are straight.
//!
//! Layer by layer, to and fro, each item goes to the weighted median of the rows that it is linked to, which is
//! always the row of one of them. Items that would then be too close form a block, which goes to the median of all
//! its wishes.

use super::super::table::DefaultVec;
use super::LayoutConstraints;
use super::layers::Layered;

/// Sweeps to and fro; the last two look both ways.
const ROUNDS: usize = 8;
const ROUNDS_OF_LARGE: usize = 3;
const LARGE: usize = 10_000;

/// A row wished for, and how much.
type Wish = (i64, i64);

/// The items of one layer and one band, from the top.
struct Stack {
    layer: usize,
    band: usize,
    items: Vec<usize>,
    /// Distances from the first, when they are as close as may be.
    offsets: Vec<i64>,
}

/// Rows of the items' middles, from 0.
pub(super) fn place(layered: &Layered, constraints: &LayoutConstraints) -> DefaultVec<u32> {
    let stacks = stacks(layered, constraints);
    let bounds = bounds(layered, constraints, &stacks);
    let mut row: DefaultVec<i64> = DefaultVec::of(layered.items.len());
    for stack in &stacks {
        let (top, bottom) = bounds.at(stack.band);
        let spare = bottom - top - stack.offsets.last().copied().unwrap_or(0);
        for (item, offset) in stack.items.iter().zip(&stack.offsets) {
            row.set(*item, top + spare / 2 + offset);
        }
    }
    let rounds = if layered.items.len() > LARGE { ROUNDS_OF_LARGE } else { ROUNDS };
    for round in 0..rounds {
        let both = round + 2 >= rounds;
        for stack in stacks.iter().filter(|stack| stack.layer > 0) {
            settle(layered, stack, bounds.at(stack.band), &mut row, (true, both));
        }
        for stack in stacks.iter().rev() {
            settle(layered, stack, bounds.at(stack.band), &mut row, (both, true));
        }
    }
    let top = (0..layered.items.len())
        .map(|item| row.at(item) - layered.item(item).reach)
        .min()
        .unwrap_or(0);
    (0..layered.items.len()).map(|item| u32::try_from(row.at(item) - top).unwrap_or(0)).collect()
}

fn stacks(layered: &Layered, constraints: &LayoutConstraints) -> Vec<Stack> {
    let mut stacks: Vec<Stack> = Vec::new();
    for (layer, items) in layered.layers.iter().enumerate() {
        for item in items {
            let band = layered.item(*item).band;
            match stacks.last_mut() {
                Some(stack) if stack.layer == layer && stack.band == band => {
                    let above = stack.items.last();
                    let step =
                        above.map_or(0, |above| distance(layered, constraints, *above, *item));
                    let offset = stack.offsets.last().map_or(0, |offset| offset + step);
                    stack.items.push(*item);
                    stack.offsets.push(offset);
                }
                _ => stacks.push(Stack { layer, band, items: vec![*item], offsets: vec![0] }),
            }
        }
    }
    stacks
}

/// Rows from the middle of one item to that of the next, at least.
fn distance(layered: &Layered, constraints: &LayoutConstraints, above: usize, below: usize) -> i64 {
    let nodes = layered.item(above).is_node && layered.item(below).is_node;
    let boxes = layered.item(above).reach > 0 || layered.item(below).reach > 0;
    let between = if nodes && boxes { i64::from(constraints.between_boxes) } else { 0 };
    layered.item(above).reach + layered.item(below).reach + 1 + between
}

/// First and last row for middles in each band. A single band has all the room there is.
fn bounds(
    layered: &Layered,
    constraints: &LayoutConstraints,
    stacks: &[Stack],
) -> DefaultVec<(i64, i64)> {
    let count = layered.items.iter().map(|item| item.band + 1).max().unwrap_or(0);
    if count <= 1 {
        let far = i64::from(u32::MAX);
        return std::iter::once((-far, far)).collect();
    }
    let mut needs: DefaultVec<i64> = DefaultVec::of(count);
    for stack in stacks {
        let need = stack.offsets.last().copied().unwrap_or(0);
        needs.set(stack.band, needs.at(stack.band).max(need));
    }
    let mut bounds = DefaultVec::of(count);
    let mut top = 0;
    for band in 0..count {
        let bottom = top + needs.at(band);
        bounds.set(band, (top, bottom));
        // A box above the border and one below it.
        top = bottom + 3 + i64::from(constraints.between_bands);
    }
    bounds
}

/// Moves the items of one stack by what they are linked to on the left, on the right, or on both sides.
fn settle(
    layered: &Layered,
    stack: &Stack,
    (top, bottom): (i64, i64),
    row: &mut DefaultVec<i64>,
    (left, right): (bool, bool),
) {
    let mut blocks: Vec<Block> = Vec::with_capacity(stack.items.len());
    for (item, offset) in stack.items.iter().zip(&stack.offsets) {
        let mut wishes: Vec<Wish> = Vec::new();
        for (side, linked) in [(left, &layered.left), (right, &layered.right)] {
            if side {
                let list = linked.list(*item).iter();
                wishes.extend(list.map(|(other, weight)| (row.at(*other) - offset, *weight)));
            }
        }
        if wishes.is_empty() {
            wishes.push((row.at(*item) - offset, 1));
        }
        let mut block = Block::of(wishes);
        while let Some(before) = blocks.pop_if(|before| before.place >= block.place) {
            block = before.joined(block);
        }
        blocks.push(block);
    }
    let last = bottom - stack.offsets.last().copied().unwrap_or(0);
    let mut places = blocks.iter().flat_map(|block| std::iter::repeat_n(block.place, block.items));
    for (item, offset) in stack.items.iter().zip(&stack.offsets) {
        let place = places.next().unwrap_or(0).min(last).max(top);
        row.set(*item, place + offset);
    }
}

/// Items that stand as close as may be.
struct Block {
    wishes: Vec<Wish>,
    weight: i64,
    items: usize,
    place: i64,
}

impl Block {
    fn of(mut wishes: Vec<Wish>) -> Self {
        wishes.sort_unstable();
        let weight = wishes.iter().map(|(_, weight)| *weight).sum();
        Self { place: median(&wishes, weight), weight, wishes, items: 1 }
    }

    fn joined(self, other: Self) -> Self {
        let weight = self.weight + other.weight;
        let items = self.items + other.items;
        let wishes = merged(self.wishes, other.wishes);
        Self { place: median(&wishes, weight), weight, wishes, items }
    }
}

/// Two sorted lists as one.
fn merged(first: Vec<Wish>, second: Vec<Wish>) -> Vec<Wish> {
    let (mut long, short) =
        if first.len() < second.len() { (second, first) } else { (first, second) };
    if short.len() <= 8 {
        for wish in short {
            let at = long.partition_point(|other| *other <= wish);
            long.insert(at, wish);
        }
        return long;
    }
    let mut merged = Vec::with_capacity(long.len() + short.len());
    let mut short = short.into_iter().peekable();
    for wish in long {
        while let Some(earlier) = short.next_if(|other| *other < wish) {
            merged.push(earlier);
        }
        merged.push(wish);
    }
    merged.extend(short);
    merged
}

/// The wish that half of all weight lies on either side of; of two, the upper.
fn median(sorted: &[Wish], total: i64) -> i64 {
    let mut sum = 0;
    for (wish, weight) in sorted {
        sum += weight;
        if sum * 2 >= total {
            return *wish;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_lists_stay_sorted() {
        let wishes = |rows: &[i64]| rows.iter().map(|row| (*row, 1)).collect::<Vec<_>>();
        let both = merged(wishes(&[1, 4, 4]), wishes(&[0, 2, 9]));
        assert_eq!(both, wishes(&[0, 1, 2, 4, 4, 9]));
        let odd: Vec<i64> = (0..20).map(|row| row * 2 + 1).collect();
        let even: Vec<i64> = (0..19).map(|row| row * 2).collect();
        assert!(merged(wishes(&odd), wishes(&even)).is_sorted());
        assert!(merged(wishes(&even), wishes(&[7])).is_sorted());
    }

    #[test]
    fn the_median_is_one_of_the_wishes() {
        assert_eq!(median(&[(0, 1), (4, 1), (9, 1)], 3), 4);
        assert_eq!(median(&[(0, 1), (4, 1)], 2), 0);
        assert_eq!(median(&[(0, 1), (4, 1), (9, 5)], 7), 9);
        assert_eq!(median(&[], 0), 0);
    }
}
