//! The welcome: what one gets, needs and pays, and where to begin.

use ratatui::{
    layout::{Constraint::Max, Layout, Rect},
    text::Line,
};

use crate::app::App;
use crate::app::account::Account;
use crate::app::message::ClickTarget;
use crate::app::screen::environments::CHOICES;
use crate::tui::canvas::{Canvas, below};

/// What a recommended environment costs by the prices that the program carries, in US dollars a day. A test compares
/// it.
pub(super) const USUAL_DOLLARS: u32 = 41;
/// How long one usually takes, in minutes, to the nearest five. A test compares it.
pub(super) const USUAL_MINUTES: u32 = 10;
const PROMISES: [(&str, &str); 4] = [
    (
        "You get",
        "a workspace with private endpoints only, storage, vault, registry, a firewall with an allowlist, Bastion and \
         a Windows jumpbox.",
    ),
    ("You need", "rights to create resources in one subscription; checked before anything starts."),
    (
        "It costs",
        "about ${dollars} a day at list price while it exists, used or not; the preview has the exact sum.",
    ),
    ("It changes", "nothing until you press D on the preview and say yes."),
];

pub(super) fn welcome(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let tall = area.height >= 20;
    let area = if tall { below(area, 2) } else { area };
    let area = Layout::horizontal([Max(92)])
        .flex(ratatui::layout::Flex::Center)
        .split(area)
        .first()
        .copied()
        .unwrap_or(area);
    let mut rest = crate::tui::canvas::inset(area);
    rest = canvas.prose(
        rest,
        &format!(
            "Azure Machine Learning behind your own network, in {USUAL_MINUTES} to {} minutes.",
            USUAL_MINUTES * 2
        ),
        theme.strong,
    );
    if tall {
        rest = below(rest, 1);
    }
    let practice = app.start.practice.then_some((
        "Practice",
        "this is a simulated Azure inside the program: nothing is created in Azure and nothing costs anything.",
    ));
    for (label, words) in practice.into_iter().chain(PROMISES) {
        if app.start.practice && label == "It costs" {
            continue;
        }
        let words = words.replace("{dollars}", &USUAL_DOLLARS.to_string());
        rest = canvas.labelled(rest, label, &words, theme.text);
    }
    if tall {
        rest = below(rest, 1);
    }
    for (index, (command, label)) in CHOICES.iter().enumerate() {
        let chosen = index == app.environments.selected;
        let mark = canvas.look.mark(chosen);
        let off = app.screen_place().availability(app, *command).is_err();
        let style = if off { theme.quiet } else { theme.row(chosen) };
        if rest.height > 0 {
            canvas.hit(Rect { height: 1, ..rest }, ClickTarget::Row(index));
        }
        rest = canvas.lines(rest, [Line::styled(format!("  {mark} {label}"), style)]);
    }
    if tall {
        rest = below(rest, 1);
    }
    let (who, subscription) = signed_in(app);
    rest = canvas.labelled(rest, "Signed in", &who, theme.text);
    canvas.labelled(rest, "Subscription", &subscription, theme.text);
}

fn signed_in(app: &App) -> (String, String) {
    match &app.account {
        Account::Looking => ("looking for a sign-in of this machine…".to_owned(), "…".to_owned()),
        Account::Failed(problem) => (
            format!("no: {} Press a for the ways to sign in.", problem.what),
            "none; `privateaml practice` needs none".to_owned(),
        ),
        Account::SignedIn(found) => (
            format!("{}, by {}; a changes it", found.who, found.how),
            found.subscription().map_or_else(
                || "none chosen: s opens the list".to_owned(),
                |each| format!("{} ({})", each.name, each.id),
            ),
        ),
    }
}
