//! The graph of what depends on what, as preview and deployment show it.

use ratatui::{
    layout::Rect,
    style::Modifier,
    text::{Line, Span},
    widgets::Widget as _,
};

use crate::app::graph::GraphState;
use crate::app::message::ClickTarget;
use crate::domain::graph::{Node, fit};
use crate::domain::plan::Plan;
use crate::tui::Appearance;
use crate::tui::canvas::Canvas;
use crate::tui::widget::graph::{GraphStyles, GraphView, NodeLook};

fn styles(look: &Appearance) -> GraphStyles {
    let theme = &look.theme;
    GraphStyles {
        edge: theme.quiet,
        related: theme.accent,
        critical: theme.warn,
        node: theme.text,
        node_related: theme.text,
        node_focus: theme.accent.patch(theme.strong).add_modifier(Modifier::REVERSED),
        node_critical: theme.warn,
        quiet: theme.quiet,
    }
}

/// Draws the graph in a frame; `node_look` tells how a node looks beside its part in the picture.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    plan: &Plan,
    state: &GraphState,
    focused: bool,
    node_look: &dyn Fn(&Node) -> NodeLook,
) {
    let inner = canvas.panel(area, "What depends on what", focused);
    let graph = state.graph(plan);
    let body = Rect { height: inner.height.saturating_sub(1), ..inner };
    let picture = fit(&graph, body.width.into(), body.height.into());
    let styles = styles(canvas.look);
    let view = GraphView {
        graph: &graph,
        picture: &picture,
        focus: state.focused(&graph),
        styles: &styles,
        node_look,
        ascii: canvas.look.ascii,
    };
    let hits = view.hit_rects(body);
    let beyond = view.beyond(body);
    let legend = view.legend();
    view.render(body, canvas.buffer);
    for (part, node) in hits {
        canvas.hit(part, ClickTarget::Row(node));
    }
    let foot = Rect { y: body.bottom(), height: inner.height.min(1), ..inner };
    let more: Vec<&str> = [
        (beyond.left, "left"),
        (beyond.right, "right"),
        (beyond.above, "above"),
        (beyond.below, "below"),
    ]
    .into_iter()
    .filter_map(|(is, word)| is.then_some(word))
    .collect();
    let more = if more.is_empty() { String::new() } else { format!("more {}   ", more.join(", ")) };
    let mut spans = vec![Span::styled(more, canvas.look.theme.accent)];
    spans.extend(legend.spans);
    canvas.line(foot, Line::from(spans));
}
