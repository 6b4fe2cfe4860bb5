//! Order in a graph of numbered nodes: an order with few edges against it, and the edges that say nothing new.
//!
//! Areas may depend on one another in a circle though no resources do, so nothing here may take order for granted.

use std::collections::HashSet;

use super::table::DefaultVec;

/// Ranks of the nodes such that few edges, by weight, lead from a higher rank to a lower one; none when there is no
/// cycle. Edges are source, target and weight.
pub(super) fn ranks(count: usize, edges: &[(usize, usize, usize)]) -> DefaultVec<usize> {
    let mut after: DefaultVec<Vec<(usize, usize)>> = DefaultVec::of(count);
    let mut entering: DefaultVec<usize> = DefaultVec::of(count);
    let mut leaving: DefaultVec<usize> = DefaultVec::of(count);
    let mut waits: DefaultVec<usize> = DefaultVec::of(count);
    let mut before: DefaultVec<Vec<(usize, usize)>> = DefaultVec::of(count);
    for &(from, to, weight) in edges {
        after.push(from, (to, weight));
        before.push(to, (from, weight));
        entering.set(to, entering.at(to).saturating_add(weight));
        leaving.set(from, leaving.at(from).saturating_add(weight));
        waits.set(to, waits.at(to) + 1);
    }
    let mut rank: DefaultVec<usize> = DefaultVec::of(count);
    let mut placed: DefaultVec<bool> = DefaultVec::of(count);
    let mut ready: Vec<usize> = (0..count).filter(|node| waits.at(*node) == 0).collect();
    let mut next = 0;
    let mut done = 0;
    while done < count {
        // In a circle: the one that most depend on, and that depends on fewest, goes first.
        if next >= ready.len() {
            let stuck = (0..count).filter(|node| !placed.at(*node)).min_by_key(|node| {
                (
                    i64::try_from(entering.at(*node)).unwrap_or(i64::MAX)
                        - i64::try_from(leaving.at(*node)).unwrap_or(i64::MAX),
                    *node,
                )
            });
            let Some(stuck) = stuck else { break };
            ready.push(stuck);
        }
        let Some(node) = ready.get(next).copied() else { break };
        next += 1;
        if placed.at(node) {
            continue;
        }
        placed.set(node, true);
        rank.set(node, done);
        done += 1;
        for (other, weight) in after.list(node) {
            entering.set(*other, entering.at(*other).saturating_sub(*weight));
            waits.set(*other, waits.at(*other).saturating_sub(1));
            if waits.at(*other) == 0 && !placed.at(*other) {
                ready.push(*other);
            }
        }
        for (other, weight) in before.list(node) {
            leaving.set(*other, leaving.at(*other).saturating_sub(*weight));
        }
    }
    rank
}

/// The edges that other edges imply. All must lead to higher ranks.
pub(super) fn implied(
    count: usize,
    rank: &DefaultVec<usize>,
    edges: &[(usize, usize)],
) -> HashSet<(usize, usize)> {
    let mut after: DefaultVec<Vec<usize>> = DefaultVec::of(count);
    for (from, to) in edges {
        after.push(*from, *to);
    }
    let mut by_rank: Vec<usize> = (0..count).collect();
    by_rank.sort_by_key(|node| std::cmp::Reverse(rank.at(*node)));
    let mut reach: Vec<Vec<u64>> = vec![vec![0; count.div_ceil(64)]; count];
    let mut implied = HashSet::new();
    for node in by_rank {
        let mut nearest_first: Vec<usize> = after.list(node).to_vec();
        nearest_first.sort_by_key(|target| rank.at(*target));
        let mut mine = vec![0_u64; count.div_ceil(64)];
        for target in nearest_first {
            if has(&mine, target) {
                implied.insert((node, target));
                continue;
            }
            for (word, other) in mine.iter_mut().zip(reach.get(target).into_iter().flatten()) {
                *word |= other;
            }
            if let Some(word) = mine.get_mut(target / 64) {
                *word |= 1 << (target % 64);
            }
        }
        if let Some(slot) = reach.get_mut(node) {
            *slot = mine;
        }
    }
    implied
}

fn has(set: &[u64], member: usize) -> bool {
    set.get(member / 64).is_some_and(|word| word >> (member % 64) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_circle_nothing_leads_back() {
        let edges = [(3, 1, 1), (1, 0, 1), (3, 0, 1), (2, 0, 1)];
        let rank = ranks(4, &edges);
        for (from, to, _) in edges {
            assert!(rank.at(from) < rank.at(to));
        }
    }

    #[test]
    fn the_weakest_edge_of_a_circle_leads_back() {
        let edges = [(0, 1, 5), (1, 2, 5), (2, 0, 1)];
        let rank = ranks(3, &edges);
        assert!(rank.at(0) < rank.at(1) && rank.at(1) < rank.at(2));
    }

    #[test]
    fn what_a_detour_says_is_implied() {
        let edges = [(0, 1), (1, 2), (0, 2), (2, 3), (0, 3)];
        let rank = ranks(4, &edges.map(|(from, to)| (from, to, 1)));
        let implied = implied(4, &rank, &edges);
        assert_eq!(implied, HashSet::from([(0, 2), (0, 3)]));
    }
}
