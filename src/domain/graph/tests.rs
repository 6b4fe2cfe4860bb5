use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use proptest::prelude::*;

use super::layout::{LayoutConstraints, overlaps};
use super::table::DefaultVec;
use super::*;
use crate::domain::name::{EnvironmentName, Suffix};
use crate::domain::plan::Plan;
use crate::domain::settings::Settings;
use crate::template::Template;
use crate::template::plan::{PlanScope, plan};

/// What would be made of the default choices.
pub(crate) fn made() -> &'static Plan {
    static MADE: LazyLock<Plan> = LazyLock::new(|| {
        let settings = Settings::new(
            EnvironmentName::parse("test").unwrap(),
            Suffix::parse("4821").unwrap(),
            "westeurope".into(),
            "10.1.0.0/22".parse().unwrap(),
        );
        plan(&settings, Template::embedded(), &PlanScope::default()).unwrap()
    });
    &MADE
}

/// A graph of so many resources with edges from first to second.
pub(crate) fn graph_of(count: usize, edges: &[(usize, usize)]) -> Graph {
    Graph {
        nodes: (0..count)
            .map(|number| Node {
                key: if number % 3 == 0 {
                    Key::Area(format!("a{number}"))
                } else {
                    Key::Resource(format!("r{number}"))
                },
                label: format!("resource {number}"),
                area: "area".to_owned(),
                members: vec![format!("r{number}")],
                critical: number % 5 == 0,
            })
            .collect(),
        edges: edges
            .iter()
            .map(|(from, to)| Edge {
                from: *from,
                to: *to,
                count: 1,
                critical: from % 5 == 0 && to % 5 == 0,
                two_way: from % 7 == 0 && to % 7 == 0,
            })
            .collect(),
    }
}

/// Constraints for rows without frames or bands.
pub(super) fn plain_terms(count: usize) -> LayoutConstraints {
    LayoutConstraints {
        widths: (0..count).map(|_| 10).collect(),
        heights: (0..count).map(|_| 1).collect(),
        bands: DefaultVec::of(count),
        between_boxes: 0,
        between_bands: 0,
        pitch: 1,
    }
}

fn areas() -> BTreeSet<&'static str> {
    made().resources.iter().map(|resource| resource.area.as_str()).collect()
}

fn every_fold() -> Vec<Graph> {
    let open = areas().into_iter().map(|area| Open::Area(area.to_owned()));
    [Open::None, Open::All].into_iter().chain(open).map(|open| fold(made(), &open)).collect()
}

fn says(graph: &Graph) -> String {
    let label = |node: usize| graph.nodes[node].label.as_str();
    let edges = graph.edges.iter().map(|edge| {
        let arrow = if edge.two_way { "<->" } else { "->" };
        let critical = if edge.critical { " critical" } else { "" };
        format!("{} {arrow} {}{critical}", label(edge.from), label(edge.to))
    });
    edges.collect::<Vec<_>>().join("\n")
}

#[test]
fn folded_areas_say_in_which_order_they_come() {
    insta::assert_snapshot!(says(&fold(made(), &Open::None)));
}

#[test]
fn every_resource_is_in_exactly_one_node() {
    for graph in every_fold() {
        let mut seen: Vec<&str> =
            graph.nodes.iter().flat_map(|node| node.members.iter().map(String::as_str)).collect();
        seen.sort_unstable();
        let mut all: Vec<&str> =
            made().resources.iter().map(|resource| resource.symbol.as_str()).collect();
        all.sort_unstable();
        assert_eq!(seen, all);
        for resource in &made().resources {
            let node = graph.find_symbol(&resource.symbol).unwrap();
            assert_eq!(graph.nodes[node].area, resource.area);
            assert_eq!(graph.find(&graph.nodes[node].key), Some(node));
        }
    }
}

#[test]
fn reduction_loses_no_dependency() {
    for graph in every_fold() {
        for resource in &made().resources {
            let to = graph.find_symbol(&resource.symbol).unwrap();
            for symbol in &resource.depends_on {
                let from = graph.find_symbol(symbol).unwrap();
                assert!(
                    from == to || related(&graph, to).before.contains(&from),
                    "{symbol} before {}",
                    resource.symbol
                );
            }
        }
    }
}

#[test]
fn the_critical_path_is_one_chain_of_edges() {
    for graph in every_fold() {
        for pair in made().critical_path.windows(2) {
            let from = graph.find_symbol(&pair[0]).unwrap();
            let to = graph.find_symbol(&pair[1]).unwrap();
            assert!(graph.nodes[from].critical && graph.nodes[to].critical);
            assert!(
                from == to
                    || graph
                        .edges
                        .iter()
                        .any(|edge| edge.critical && (edge.from, edge.to) == (from, to)),
                "{pair:?}"
            );
        }
    }
}

/// Whatever must hold of every picture.
fn check(graph: &Graph, picture: &Picture) {
    assert_eq!(picture.nodes.len(), graph.nodes.len());
    assert_eq!(picture.lines.len(), graph.edges.len());
    let mut taken: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for (number, node) in picture.nodes.iter().enumerate() {
        for x in node.x..node.x + node.width {
            for y in node.y..node.y + node.height {
                assert!(x < picture.width && y < picture.height);
                assert_eq!(taken.insert((x, y), number), None, "two nodes in one cell");
            }
        }
    }
    for line in &picture.lines {
        let edge = graph.edges[line.edge];
        assert_eq!((line.from, line.to), (edge.from, edge.to));
        let beside = |end: (u32, u32), node: &Placed| {
            end.1 == node.middle() && (end.0 + 1 == node.x || end.0 == node.x + node.width)
        };
        assert!(beside(line.points[0], &picture.nodes[line.from]));
        assert!(beside(line.points[line.points.len() - 1], &picture.nodes[line.to]));
        for pair in line.points.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            assert!(x0 == x1 || y0 == y1, "a slanting line");
            for x in x0.min(x1)..=x0.max(x1) {
                for y in y0.min(y1)..=y0.max(y1) {
                    assert!(x < picture.width && y < picture.height);
                    assert_eq!(taken.get(&(x, y)), None, "a line through a node");
                }
            }
        }
    }
}

#[test]
fn every_picture_of_the_plan_is_sound_and_can_be_followed() {
    for graph in every_fold() {
        for density in Density::ALL {
            let picture = layout(&graph, density);
            check(&graph, &picture);
            assert_eq!(picture, layout(&graph, density), "the same again");
            assert_eq!(overlaps(&graph, density), 0, "lines that lie on others");
        }
    }
}

#[test]
fn the_folded_picture_fits_a_usual_terminal() {
    let picture = fit(&fold(made(), &Open::None), 96, 18);
    assert!(picture.width <= 96 && picture.height <= 18);
    assert!(picture.nodes.iter().all(|node| node.height == 3));
}

#[test]
fn an_area_named_like_no_area_opens_nothing() {
    assert_eq!(fold(made(), &Open::Area("nowhere".into())), fold(made(), &Open::None));
}

#[test]
fn taking_turns_is_told_and_counted_both_ways() {
    let graph = fold(made(), &Open::None);
    let workspace = graph.find(&Key::Area("workspace".into())).unwrap();
    let roles = graph.find(&Key::Area("roles".into())).unwrap();
    let edge = graph.edges.iter().find(|edge| edge.two_way).unwrap();
    assert_eq!((edge.from, edge.to), (workspace, roles));
    assert!(related(&graph, workspace).before.contains(&roles));
    assert!(related(&graph, workspace).after.contains(&roles));
}

fn reachable(picture: &Picture) -> usize {
    let mut seen = BTreeSet::from([0]);
    let mut open = vec![0];
    while let Some(node) = open.pop() {
        for direction in [Direction::Left, Direction::Right, Direction::Up, Direction::Down] {
            if let Some(next) = neighbour(picture, node, direction)
                && seen.insert(next)
            {
                open.push(next);
            }
        }
    }
    seen.len()
}

#[test]
fn moving_about_follows_the_lines() {
    let graph = fold(made(), &Open::None);
    let picture = layout(&graph, Density::Compact);
    let at = |area: &str| graph.find(&Key::Area(area.into())).unwrap();
    let go = |from: &str, direction| neighbour(&picture, at(from), direction);
    assert_eq!(go("network", Direction::Left), None);
    assert_eq!(go("access", Direction::Right), Some(at("diagnostics")));
    assert_eq!(go("data", Direction::Left), Some(at("dns")));
    assert_eq!(go("firewall", Direction::Up), Some(at("monitor")));
    assert_eq!(go("dns", Direction::Down), Some(at("monitor")));
    assert_eq!(neighbour(&picture, 99, Direction::Up), None);
}

#[test]
fn nothing_at_all_is_a_picture_too() {
    let picture = layout(&Graph::default(), Density::Airy);
    assert_eq!((picture.width, picture.height), (0, 0));
    assert!(fit(&Graph::default(), 0, 0).nodes.is_empty());
}

#[test]
fn files_name_every_resource_and_mark_the_critical_path() {
    let plan = made();
    let (svg, dot, mermaid) = (write::svg(plan), write::dot(plan), write::mermaid(plan));
    for resource in &plan.resources {
        for text in [&dot, &mermaid] {
            assert!(text.contains(&resource.name), "{}", resource.name);
        }
        let shown = format!(">{}</text></g>", resource.name);
        assert!(svg.contains(&shown), "{}", resource.name);
    }
    let steps = plan.critical_path.len() - 1;
    assert_eq!(svg.matches("url(#arrow-critical)").count(), steps);
    assert_eq!(dot.matches("[color=\"#c2410c\", penwidth=3]").count(), steps);
    assert_eq!(mermaid.matches("==>").count(), steps);
    assert!(!svg.contains("http://") || svg.matches("http").count() == 1, "loads nothing");
}

#[test]
fn a_hostile_name_stays_a_name() {
    let mut plan = made().clone();
    plan.resources[0].name = "\"]; <script>alert(1)</script> & \\".into();
    plan.resources[0].area = "</text><a\"".into();
    let (svg, dot, mermaid) = (write::svg(&plan), write::dot(&plan), write::mermaid(&plan));
    assert!(!svg.contains("<script") && !svg.contains("</text><a"));
    assert!(dot.contains(r#"\"]; <script>alert(1)</script> & \\"#));
    assert!(mermaid.contains("#quot;]; #lt;script#gt;"));
}

fn any_graph(most: usize, acyclic: bool) -> impl Strategy<Value = Graph> {
    (1..most).prop_flat_map(move |count| {
        proptest::collection::vec((0..count, 0..count), 0..count * 3).prop_map(move |pairs| {
            let edges: BTreeSet<(usize, usize)> = pairs
                .into_iter()
                .filter(|(from, to)| if acyclic { from < to } else { from != to })
                .collect();
            graph_of(count, &edges.into_iter().collect::<Vec<_>>())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_picture_is_sound(graph in any_graph(40, true)) {
        for density in Density::ALL {
            let picture = layout(&graph, density);
            check(&graph, &picture);
            prop_assert_eq!(reachable(&picture), graph.nodes.len());
        }
    }

    #[test]
    fn circles_make_sound_pictures_too(graph in any_graph(24, false)) {
        let picture = layout(&graph, Density::Compact);
        check(&graph, &picture);
        prop_assert_eq!(reachable(&picture), graph.nodes.len());
        for node in 0..graph.nodes.len() {
            let related = related(&graph, node);
            prop_assert!(!related.has(node));
            prop_assert!(related.direct.iter().all(|other| related.has(*other)));
        }
    }
}
