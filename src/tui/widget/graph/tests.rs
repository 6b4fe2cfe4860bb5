use ratatui::style::Color;

use super::*;
use crate::domain::graph::tests::made;
use crate::domain::graph::{Density, Key, Open, fit, fold, layout};
use crate::tui::testing::text;

fn styles() -> GraphStyles {
    let of = |color| Style::new().fg(color);
    GraphStyles {
        edge: of(Color::DarkGray),
        related: of(Color::Cyan),
        critical: of(Color::Yellow),
        node: Style::new(),
        node_related: of(Color::Cyan),
        node_focus: of(Color::Green),
        node_critical: of(Color::Yellow),
        quiet: of(Color::DarkGray),
    }
}

fn unicode(node: &Node) -> NodeLook {
    let glyph = match node.key {
        Key::Area(_) => "▸",
        Key::Resource(_) => "○",
    };
    NodeLook { glyph, style: Style::new() }
}

fn plain(_: &Node) -> NodeLook {
    NodeLook { glyph: "o", style: Style::new() }
}

fn painted(open: &Open, focus: Option<&str>, ascii: bool, area: Rect) -> Buffer {
    let graph = fold(made(), open);
    let picture = fit(&graph, area.width.into(), area.height.into());
    let node_look: &dyn Fn(&Node) -> NodeLook = if ascii { &plain } else { &unicode };
    let view = GraphView {
        graph: &graph,
        picture: &picture,
        focus: focus.map(|label| {
            let found = graph.nodes.iter().position(|node| node.label.starts_with(label));
            found.unwrap()
        }),
        styles: &styles(),
        node_look,
        ascii,
    };
    let mut buffer = Buffer::empty(area);
    view.render(area, &mut buffer);
    buffer
}

const USUAL: Rect = Rect::new(0, 0, 100, 24);

#[test]
fn all_areas_folded() {
    insta::assert_snapshot!(text(&painted(&Open::None, None, false, USUAL)));
}

#[test]
fn the_lines_of_the_focused_area_are_heavy() {
    insta::assert_snapshot!(text(&painted(&Open::None, Some("monitor"), false, USUAL)));
}

#[test]
fn one_area_open() {
    let open = Open::Area("firewall".into());
    insta::assert_snapshot!(text(&painted(&open, Some("firewall rules"), false, USUAL)));
}

#[test]
fn a_wide_picture_shows_the_focus_and_what_is_about_it() {
    let open = Open::Area("data".into());
    insta::assert_snapshot!(text(&painted(&open, Some("file endpoint DNS"), false, USUAL)));
}

#[test]
fn ascii_alone() {
    let buffer = painted(&Open::None, Some("access"), true, USUAL);
    let text = text(&buffer);
    assert!(text.is_ascii());
    insta::assert_snapshot!(text);
}

#[test]
fn colours_say_what_the_lines_say() {
    let buffer = painted(&Open::None, Some("dns"), false, USUAL);
    let colors = |symbols: &[&str]| {
        let cells = buffer.content.iter();
        let found = cells.filter(|cell| symbols.contains(&cell.symbol()));
        found.map(|cell| cell.fg).collect::<Vec<_>>()
    };
    assert!(colors(&["═", "║"]).iter().all(|color| *color == Color::Yellow));
    assert!(colors(&["━", "┃"]).iter().all(|color| matches!(color, Color::Cyan | Color::Green)));
    assert!(!colors(&["━"]).is_empty());
}

/// A node is drawn where a click on it is taken for it, and the focus is always in sight.
#[test]
fn no_size_panics_and_the_focus_is_always_in_sight() {
    for open in [Open::None, Open::Area("dns".into()), Open::All] {
        let graph = fold(made(), &open);
        for density in [Density::Airy, Density::Tight] {
            let picture = layout(&graph, density);
            for width in (0..200).step_by(33) {
                for height in (0..100).step_by(14) {
                    for focus in [None, Some(0), Some(graph.nodes.len() - 1), Some(9999)] {
                        let view = GraphView {
                            graph: &graph,
                            picture: &picture,
                            focus,
                            styles: &styles(),
                            node_look: &unicode,
                            ascii: width % 2 == 0,
                        };
                        let area = Rect::new(2, 1, width, height);
                        let mut buffer = Buffer::empty(Rect::new(0, 0, width + 1, height + 3));
                        view.render(area, &mut buffer);
                        let rects = view.hit_rects(area);
                        assert!(rects.iter().all(|(rect, _)| area.union(*rect) == area));
                        let seen = rects.iter().any(|(_, node)| Some(*node) == focus);
                        let known = focus.is_some_and(|node| node < graph.nodes.len());
                        assert!(seen || !known || area.is_empty(), "{area:?} {focus:?}");
                        let beyond = view.beyond(area);
                        assert!(!beyond.left || picture.width > width.into());
                        assert!(!view.legend().spans.is_empty());
                    }
                }
            }
        }
    }
}

#[test]
fn nothing_is_drawn_outside_the_area() {
    let graph = fold(made(), &Open::All);
    let picture = layout(&graph, Density::Tight);
    let view = GraphView {
        graph: &graph,
        picture: &picture,
        focus: Some(20),
        styles: &styles(),
        node_look: &unicode,
        ascii: false,
    };
    let mut buffer = Buffer::empty(Rect::new(0, 0, 60, 20));
    let area = Rect::new(10, 5, 30, 8);
    view.render(area, &mut buffer);
    for y in 0..20 {
        for x in 0..60 {
            let inside = area.contains((x, y).into());
            assert!(inside || buffer[(x, y)].symbol() == " ", "{x} {y}");
        }
    }
    let beyond = view.beyond(area);
    assert!(beyond.right && beyond.below);
}
