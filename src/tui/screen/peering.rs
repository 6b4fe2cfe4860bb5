//! The peering as it is drawn: the hubs with how well each fits, what will be made, and the guided steps below.

use ratatui::{
    layout::{
        Constraint::{Fill, Length},
        Layout, Rect,
    },
    text::{Line, Span},
};

use super::{DrawRow, reading};
use crate::app::screen::peering::{PeeringPane, remedy_here, step_name};
use crate::app::{App, Tone};
use crate::domain::peering::{
    Candidate, Far, Fit, GatewayKind, Half, HubConnection, Known, StepStatus, Topic,
};
use crate::tui::canvas::{Canvas, Room};
use crate::tui::text;

/// Rows of the panes at the top where there is room for both.
const UPPER: u16 = 11;
/// Columns of a hub's address and gateway.
const ADDRESS: usize = 16;
const GATEWAY: usize = 9;

pub(super) const ROW: DrawRow = DrawRow { liveness, ..DrawRow::new(draw, sentence) };

fn sentence(app: &App) -> (Tone, String) {
    let peering = &app.peering;
    if let Some(problem) = &peering.problem {
        return reading::failed(problem);
    }
    if peering.testing {
        let words = "Testing: names, ports and the workspace itself.";
        return (Tone::Plain, words.to_owned());
    }
    if peering.waits() {
        let words = "Waiting for the hub's owner. h writes what they need.";
        return (Tone::Warn, words.to_owned());
    }
    if let Some(connection) = peering.shown() {
        return about(connection);
    }
    match &peering.hubs {
        None => Tone::Plain.says("Reading the networks that this account sees."),
        Some(hubs) if hubs.is_empty() => Tone::Plain.says(
            "No network found that could be a hub. I types the id of one, n creates a new one.",
        ),
        Some(_) => {
            Tone::Plain.says("Optional. Enter looks closely at the chosen hub; nothing is changed.")
        }
    }
}

/// The next thing to do about a connection.
fn about(connection: &HubConnection) -> (Tone, String) {
    let mut steps = connection.steps.iter();
    let open = steps.find(|step| matches!(step.standing, StepStatus::ToDo | StepStatus::Waiting));
    let Some(step) = open else {
        return Tone::Good.says(
            "Linked on both sides, as far as Azure can tell. t tests from here; S saves the test as \
             a script.",
        );
    };
    let words = format!("{}: {}.", step_name(step.topic), step.summary);
    if matches!(step.topic, Topic::Link | Topic::Names) {
        Tone::Plain.says(format!("{words} L does it, after a question."))
    } else {
        Tone::Warn.says(format!("{words} Enter on the step says what to do."))
    }
}

fn liveness(app: &App) -> (String, Tone) {
    let peering = &app.peering;
    reading::liveness(app, peering.finding || peering.looking_at.is_some(), peering.read_at)
}

fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if canvas.room == Room::Wide && area.height >= 22 {
        let [upper, lower] = Layout::vertical([Length(UPPER), Fill(1)]).areas(area);
        let [left, right] = Layout::horizontal([Length(56), Fill(1)]).areas(upper);
        hubs(app, canvas, left);
        made(app, canvas, right);
        steps::draw(app, canvas, lower);
        return;
    }
    // One pane at a time; below the hubs what the chosen one means, where there is room.
    match app.peering.pane {
        PeeringPane::Hubs if area.height >= 13 => {
            let made_rows = if area.height >= 15 { 9 } else { 8 };
            let [upper, lower] = Layout::vertical([Fill(1), Length(made_rows)]).areas(area);
            hubs(app, canvas, upper);
            made(app, canvas, lower);
        }
        PeeringPane::Hubs => hubs(app, canvas, area),
        PeeringPane::Steps => steps::draw(app, canvas, area),
    }
}

fn hubs(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let focused = app.peering.pane == PeeringPane::Hubs;
    let inner = canvas.panel(area, "Choose the hub", focused);
    let theme = canvas.look.theme;
    let Some(list) = &app.peering.hubs else {
        let words = reading::in_place(app.peering.problem.as_ref());
        canvas.prose(inner, &words, theme.quiet);
        return;
    };
    if list.is_empty() {
        let words = "No network is seen that could be a hub. I types the id of a hub that you \
                     cannot list; n creates a new one with a VPN gateway.";
        canvas.prose(inner, words, theme.text);
        return;
    }
    let name = usize::from(inner.width).saturating_sub(2 + ADDRESS + GATEWAY + 12).clamp(8, 30);
    let [head, body] = Layout::vertical([Length(1), Fill(1)]).areas(inner);
    canvas.text(
        head,
        &format!("  {:<name$} {:<ADDRESS$} {:<GATEWAY$} Fit", "Network", "Address", "Gateway"),
        theme.quiet,
    );
    canvas.list(body, list, app.peering.selected, focused, |canvas, each, chosen| {
        hub_row(app, canvas, each, name, chosen)
    });
}

fn hub_row<'l>(
    app: &App,
    canvas: &Canvas<'_>,
    candidate: &Candidate,
    name: usize,
    chosen: bool,
) -> Line<'l> {
    let (theme, glyphs) = (canvas.look.theme, &canvas.look.glyphs);
    let hub = &candidate.hub;
    let own = app.peering.own_hub().is_some_and(|own| own.eq_ignore_ascii_case(&hub.id));
    let words = if chosen { theme.strong } else { theme.text };
    let (glyph, style, fit) = match candidate.fit {
        _ if own => (glyphs.ready, theme.ok, "own"),
        Fit::Good => (glyphs.done, theme.ok, "good"),
        Fit::Warns => (glyphs.warning, theme.warn, "warns"),
        Fit::Refused => (glyphs.failed, theme.bad, "refused"),
    };
    let address = match hub.prefixes.as_slice() {
        [only] => only.clone(),
        [first, rest @ ..] => format!("{first} +{}", rest.len()),
        [] => "not known".to_owned(),
    };
    Line::from(vec![
        Span::styled(
            format!("{} {} ", canvas.look.mark(chosen), text::padded(&hub.name, name)),
            words,
        ),
        Span::styled(
            format!(
                "{} {} ",
                text::padded(&address, ADDRESS),
                text::padded(gateway(candidate), GATEWAY)
            ),
            theme.quiet,
        ),
        Span::styled(format!("{glyph} {fit}"), style),
    ])
}

/// The hub's gateway in a word or two.
fn gateway(candidate: &Candidate) -> &'static str {
    match &candidate.hub.gateways {
        Known::Unread(_) => "unknown",
        Known::Read(gateways) => match gateways.first() {
            None => "none",
            Some(gateway) if gateway.state != "Succeeded" => "not ready",
            Some(gateway) if gateway.kind == GatewayKind::Vpn => "vpn, up",
            Some(_) => "express",
        },
    }
}

/// What will be made for the chosen hub, or why it cannot be.
fn made(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let heading =
        if app.peering.shown().is_some() { "What exists" } else { "What would be created" };
    let inner = canvas.panel(area, heading, false);
    let mut rest = inner;
    if let Some(connection) = app.peering.shown() {
        rest = halves(canvas, rest, connection);
    }
    let Some(chosen) = app.peering.chosen() else {
        if app.peering.shown().is_none() {
            canvas.prose(
                rest,
                "Two peering links, one on each side, and links of the private DNS zones.",
                theme.quiet,
            );
        }
        return;
    };
    let telling = chosen.reasons.iter().filter(|reason| reason.fit != Fit::Good);
    let mut told = 0;
    for reason in telling {
        let style = if reason.fit == Fit::Refused { theme.bad } else { theme.warn };
        rest = canvas.prose(rest, &reason.what, style);
        let remedy = remedy_here(&reason.remedy);
        rest = canvas.prose(rest, &remedy, theme.accent);
        told += 1;
        if rest.height == 0 {
            break;
        }
    }
    if told == 0 && app.peering.shown().is_none() {
        rest = canvas.prose(
            rest,
            "hub to environment: let the gateway through; environment to hub: use it. Forwarded traffic \
             passes on both sides.",
            theme.text,
        );
        canvas.prose(
            rest,
            "The environment's private DNS zones are linked to the hub.",
            theme.text,
        );
    }
}

/// Both halves as they are, a line each.
fn halves(canvas: &mut Canvas<'_>, area: Rect, connection: &HubConnection) -> Rect {
    let theme = canvas.look.theme;
    let near = connection.near.as_ref().map_or_else(|| "not peered".to_owned(), of_half);
    let far = match &connection.far {
        Far::Absent => "not peered".to_owned(),
        Far::Found(half) => of_half(half),
        Far::Unread { .. } => "cannot be read".to_owned(),
    };
    let line = |label: &str, words: String| {
        Line::from(vec![
            Span::styled(format!("{label:<12}"), theme.quiet),
            Span::styled(words, theme.text),
        ])
    };
    canvas.lines(area, [line("environment", near), line("hub", far)])
}

fn of_half(half: &Half) -> String {
    let state = half.state.map_or_else(|| "state unknown".to_owned(), |state| format!("{state:?}"));
    let flags = &half.flags;
    let mut words = vec![state];
    if flags.gateway_transit {
        words.push("gateway let through".to_owned());
    }
    if flags.remote_gateways {
        words.push("uses the gateway".to_owned());
    }
    words.join(", ")
}

mod steps;
#[cfg(test)]
mod tests;
