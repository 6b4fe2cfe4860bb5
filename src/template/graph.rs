//! The dependency graph: order, cycles, and the chain that decides how long it all takes.
//!
//! It knows symbols and seconds, nothing of templates.

use std::collections::HashMap;

/// Indexes of the nodes in an order in which each comes after all it depends on; nodes that do not depend on one
/// another keep their order. Dependencies on symbols that are not nodes are ignored.
///
/// # Errors
/// The symbols of one cycle, in order; each depends on the next, and the last on the first.
pub fn topological_order<S, D, T>(nodes: &[(S, D)]) -> Result<Vec<usize>, Vec<String>>
where
    S: AsRef<str>,
    D: AsRef<[T]>,
    T: AsRef<str>,
{
    let edges = edges(
        nodes.iter().map(|(symbol, _)| symbol.as_ref()),
        nodes.iter().map(|(_, depends_on)| depends_on.as_ref()),
    );
    visit_all(&edges).map_err(|cycle| {
        cycle
            .into_iter()
            .filter_map(|index| nodes.get(index))
            .map(|(symbol, _)| symbol.as_ref().to_owned())
            .collect()
    })
}

/// The longest chain by duration, first to last, and its seconds. Dependencies on symbols that are not nodes are
/// ignored. A graph with a cycle has no longest chain: the result is then empty.
pub fn critical_path<S, D, T>(nodes: &[(S, u32, D)]) -> (Vec<String>, u32)
where
    S: AsRef<str>,
    D: AsRef<[T]>,
    T: AsRef<str>,
{
    let edges = edges(
        nodes.iter().map(|(symbol, _, _)| symbol.as_ref()),
        nodes.iter().map(|(_, _, depends_on)| depends_on.as_ref()),
    );
    let Ok(order) = visit_all(&edges) else { return (Vec::new(), 0) };
    // Per node: the second at which it ends, and the dependency that ends last.
    let mut ends: HashMap<usize, (u32, Option<usize>)> = HashMap::new();
    let mut last = None;
    for index in order {
        let Some((_, seconds, _)) = nodes.get(index) else { continue };
        let mut start = (0, None);
        for dependency in edges.get(index).into_iter().flatten() {
            let end = ends.get(dependency).map_or(0, |(end, _)| *end);
            if start.1.is_none() || end > start.0 {
                start = (end, Some(*dependency));
            }
        }
        let end = start.0.saturating_add(*seconds);
        ends.insert(index, (end, start.1));
        if last.is_none_or(|(latest, _)| end > latest) {
            last = Some((end, index));
        }
    }
    let mut path = Vec::new();
    let mut next = last.map(|(_, index)| index);
    while let Some(index) = next {
        if let Some((symbol, _, _)) = nodes.get(index) {
            path.push(symbol.as_ref().to_owned());
        }
        next = ends.get(&index).and_then(|(_, before)| *before);
    }
    path.reverse();
    (path, last.map_or(0, |(end, _)| end))
}

fn edges<'a, T: AsRef<str> + 'a>(
    symbols: impl Iterator<Item = &'a str>,
    depends_on: impl Iterator<Item = &'a [T]>,
) -> Vec<Vec<usize>> {
    let indexes: HashMap<&str, usize> =
        symbols.enumerate().map(|(index, symbol)| (symbol, index)).collect();
    depends_on
        .map(|list| {
            list.iter().filter_map(|symbol| indexes.get(symbol.as_ref()).copied()).collect()
        })
        .collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    New,
    Open,
    Done,
}

/// Depth-first, without recursion: a long chain of resources must not exhaust the stack.
fn visit_all(edges: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut visits = vec![Visit::New; edges.len()];
    let mut order = Vec::with_capacity(edges.len());
    for root in 0..edges.len() {
        if visits.get(root) != Some(&Visit::New) {
            continue;
        }
        let mut path: Vec<(usize, usize)> = vec![(root, 0)];
        set(&mut visits, root, Visit::Open);
        while let Some((node, position)) = path.last_mut() {
            let node = *node;
            let Some(next) = edges.get(node).and_then(|list| list.get(*position)).copied() else {
                set(&mut visits, node, Visit::Done);
                order.push(node);
                path.pop();
                continue;
            };
            *position += 1;
            match visits.get(next) {
                Some(Visit::New) => {
                    set(&mut visits, next, Visit::Open);
                    path.push((next, 0));
                }
                Some(Visit::Open) => {
                    let cycle = path.iter().map(|(node, _)| *node);
                    return Err(cycle.skip_while(|node| *node != next).collect());
                }
                Some(Visit::Done) | None => {}
            }
        }
    }
    Ok(order)
}

fn set(visits: &mut [Visit], node: usize, visit: Visit) {
    if let Some(slot) = visits.get_mut(node) {
        *slot = visit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_comes_after_what_it_depends_on() {
        let nodes = [
            ("firewall", vec!["policy", "network"]),
            ("network", vec!["routes"]),
            ("policy", vec![]),
            ("routes", vec![]),
        ];
        assert_eq!(topological_order(&nodes), Ok(vec![2, 3, 1, 0]));
    }

    #[test]
    fn a_cycle_is_named_in_order() {
        let nodes = [("a", vec!["b"]), ("b", vec!["c"]), ("c", vec!["d"]), ("d", vec!["b"])];
        let cycle = ["b", "c", "d"].map(str::to_owned).to_vec();
        assert_eq!(topological_order(&nodes), Err(cycle));
        assert_eq!(topological_order(&[("a", vec!["a"])]), Err(vec!["a".to_owned()]));
    }

    #[test]
    fn the_longest_chain_by_time_not_by_count() {
        let nodes = [
            ("policy", 60, vec![]),
            ("rules", 60, vec!["policy"]),
            ("firewall", 400, vec!["rules", "network"]),
            ("network", 10, vec![]),
            ("logs", 30, vec![]),
            ("route", 5, vec!["logs"]),
        ];
        let (path, seconds) = critical_path(&nodes);
        assert_eq!(path, ["policy", "rules", "firewall"]);
        assert_eq!(seconds, 520);
        let none: [(&str, u32, Vec<&str>); 0] = [];
        assert_eq!(critical_path(&none), (Vec::new(), 0));
    }

    #[test]
    fn a_long_chain_does_not_exhaust_the_stack() {
        let nodes: Vec<_> =
            (0_u32..20_000).map(|n| (n.to_string(), 1, vec![(n + 1).to_string()])).collect();
        assert_eq!(critical_path(&nodes).1, 20_000);
    }

    proptest! {
        #[test]
        fn no_path_is_longer_than_the_critical_one(
            seconds in proptest::collection::vec(0_u32..100, 1..12),
            links in proptest::collection::vec((0_usize..12, 0_usize..12), 0..30),
            walk in proptest::collection::vec(any::<prop::sample::Index>(), 12),
        ) {
            let nodes: Vec<(String, u32, Vec<String>)> = seconds
                .iter()
                .enumerate()
                .map(|(index, seconds)| {
                    // Edges lead to smaller numbers only, so there is no cycle.
                    let depends_on = links
                        .iter()
                        .filter(|(from, to)| *from == index && to < from)
                        .map(|(_, to)| to.to_string())
                        .collect();
                    (index.to_string(), *seconds, depends_on)
                })
                .collect();
            let (path, longest) = critical_path(&nodes);
            let along: u32 = path.iter().map(|s| nodes[s.parse::<usize>().unwrap()].1).sum();
            prop_assert_eq!(along, longest);
            // Any walk along the edges, from any node, takes no longer.
            let mut at = walk[0].index(nodes.len());
            let mut total = nodes[at].1;
            for step in &walk[1..] {
                if nodes[at].2.is_empty() {
                    break;
                }
                at = nodes[at].2[step.index(nodes[at].2.len())].parse().unwrap();
                total += nodes[at].1;
            }
            prop_assert!(total <= longest);
        }
    }
}
