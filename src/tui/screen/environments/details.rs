//! The chosen environment beside the list, or below it: what it is, where it is, and where that is known from.

use ratatui::{layout::Rect, text::Line};

use super::list::{state, subscription};
use crate::app::App;
use crate::app::message::EnvironmentRow;
use crate::domain::environment::{KnownFrom, MadeBy, Phase};
use crate::tui::canvas::{Canvas, below};

pub(super) fn details(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if area.height == 0 {
        return;
    }
    let theme = canvas.look.theme;
    let Some(row) = app.environments.chosen() else {
        let inner = canvas.panel(area, "New", false);
        canvas.prose(
            inner,
            "Choose a name, a region and an address space; see what would be created and what it costs; then \
             say yes or no.",
            theme.text,
        );
        return;
    };
    let row = row.clone();
    let inner = canvas.panel(area, &row.record.full_name, false);
    let (glyph, style, words) = state(app, canvas, &row);
    let mut rest = canvas.lines(inner, [Line::styled(format!("{glyph} {words}"), style)]);
    if inner.height > 8 {
        rest = below(rest, 1);
    }
    for (label, value) in facts(app, &row) {
        rest = canvas.labelled(rest, label, &value, theme.text);
    }
    if let Some(problem) = &row.problem {
        canvas.prose(rest, &problem.in_words(), theme.warn);
    }
}

fn facts(app: &App, row: &EnvironmentRow) -> Vec<(&'static str, String)> {
    let record = &row.record;
    let network = if row.network_unread {
        "not read".to_owned()
    } else {
        record.settings.address_space.to_string()
    };
    let mut facts =
        vec![("Region", record.settings.region.clone()), ("Group", record.resource_group.clone())];
    if app.environments.spans_subscriptions() {
        facts.push(("Subscription", subscription(row).to_owned()));
    }
    facts.extend([
        ("Known", row.known.words().to_owned()),
        ("Network", network),
        ("Workspace", format!("ml-{}", record.full_name)),
    ]);
    if let Some(cost) = app.costs.listed(record) {
        let is_whole = matches!(record.phase, Phase::Ready | Phase::Paused);
        let words = match (app.start.practice, is_whole) {
            (true, _) => "nothing: practice".to_owned(),
            (false, true) => cost.short(),
            (false, false) => format!("at most {}", cost.short()),
        };
        facts.push(("Costs", words));
    }
    facts.push(match record.made_by {
        MadeBy::PrivateAml => {
            let none =
                if row.known == KnownFrom::AzureOnly { "sent from elsewhere" } else { "none sent" };
            let last = record.last_deployment().unwrap_or(none);
            ("Deployment", last.to_owned())
        }
        MadeBy::Terraform => ("Created with", "Terraform: its state tells more".to_owned()),
    });
    facts
}
