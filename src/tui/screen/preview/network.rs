//! Addresses, routes and the rules of the network security groups; Azure's own rules stand beside ours, quieter.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use crate::app::screen::preview::Preview;
use crate::domain::plan::{Plan, PlannedNsgRule};
use crate::domain::registration::needed;
use crate::tui::canvas::Canvas;
use crate::tui::text;

/// Draws them; `whole` can be walked through.
pub(super) fn draw(
    preview: &Preview,
    plan: &Plan,
    canvas: &mut Canvas<'_>,
    area: Rect,
    whole: bool,
) {
    let title = format!("Network {}", plan.address_space);
    let inner = canvas.panel(area, &title, whole);
    let lines = lines(plan, canvas, usize::from(inner.width));
    let selected = if whole { preview.selected() } else { 0 };
    let selected = selected.min(lines.len().saturating_sub(1));
    canvas.list(inner, &lines, selected, false, |_, line, _| line.clone());
}

fn lines(plan: &Plan, canvas: &Canvas<'_>, columns: usize) -> Vec<Line<'static>> {
    let theme = &canvas.look.theme;
    let mut lines = Vec::new();
    let heading = |words: &str| Line::styled(words.to_owned(), theme.strong);
    lines.push(heading("Subnets"));
    for subnet in &plan.subnets {
        lines.push(Line::from(vec![
            Span::raw(format!("  {:<21}{:<19}", subnet.name, subnet.prefix.to_string())),
            Span::styled(format!("{} addresses for use", subnet.usable), theme.quiet),
        ]));
    }
    lines.push(Line::default());
    lines.push(heading("Routes of SharedSubnet"));
    for route in &plan.routes {
        lines.push(Line::from(vec![
            Span::raw(format!("  {:<21}{:<19}", route.name, route.prefix)),
            Span::styled(format!("to {}", route.next_hop), theme.quiet),
        ]));
    }
    let zones = needed(plan);
    if !zones.is_empty() {
        lines.push(Line::default());
        lines.push(heading("DNS zones that exist elsewhere"));
        for zone in zones {
            lines.push(Line::from(vec![
                Span::raw(format!("  {:<40}", zone.zone)),
                Span::styled(format!(" {}", zone.endpoints.join(", ")), theme.quiet),
            ]));
        }
    }
    let mut group = "";
    for rule in &plan.nsg {
        if rule.group != group {
            group = &rule.group;
            lines.push(Line::default());
            lines.push(heading(group));
        }
        lines.push(rule_line(rule, canvas, columns));
    }
    lines
}

fn rule_line(rule: &PlannedNsgRule, canvas: &Canvas<'_>, columns: usize) -> Line<'static> {
    let theme = &canvas.look.theme;
    let denied = rule.access.eq_ignore_ascii_case("deny");
    let from_outside = rule.direction == "Inbound" && !denied && rule.source == "Internet";
    let style = if rule.default {
        theme.quiet
    } else if from_outside {
        theme.warn
    } else {
        theme.text
    };
    let direction = if rule.direction == "Inbound" { "in " } else { "out" };
    let access = if denied { "deny " } else { "allow" };
    let words = format!(
        "  {:>5} {direction} {access} {:<4} {} to {} on {}",
        rule.priority,
        rule.protocol.to_lowercase(),
        any(&rule.source),
        any(&rule.destination),
        any(&rule.ports),
    );
    let mark = if rule.default { "  (Azure's own)" } else { "" };
    let words = text::fit(&words, columns.saturating_sub(mark.len()));
    Line::from(vec![Span::styled(words, style), Span::styled(mark.to_owned(), theme.quiet)])
}

fn any(text: &str) -> &str {
    if text == "*" { "any" } else { text }
}
