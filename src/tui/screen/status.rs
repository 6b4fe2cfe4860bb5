//! An environment that stands, as it is drawn: parts, changes and history; side by side where there is room.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
};

use crate::{
    app::{
        App, Tone,
        message::Target,
        screen::status::{Pane, Seen},
    },
    domain::{
        health::{Part, State},
        words::count,
    },
    tui::{
        canvas::{Canvas, Room, first_row},
        text::clock,
    },
};

/// Columns of a part's title and name.
const TITLE: usize = 11;
const NAME: usize = 20;

pub(super) fn title(app: &App) -> String {
    app.status
        .record
        .as_ref()
        .map(|record| record.full_name.clone())
        .unwrap_or_default()
}

pub(super) fn sentence(app: &App) -> (Tone, String) {
    let status = &app.status;
    if let Some((deed, words)) = &status.doing {
        let words = if words.is_empty() {
            "asking Azure"
        } else {
            words
        };
        return (Tone::Plain, format!("{}: {words}", deed.doing()));
    }
    if let Some(problem) = &status.problem {
        return (
            Tone::Bad,
            format!("{} Enter shows more, r tries again.", problem.what),
        );
    }
    let Some(seen) = status.seen.as_deref() else {
        return (Tone::Plain, "Reading what Azure has of it.".to_owned());
    };
    let bad = seen
        .parts
        .iter()
        .filter(|part| part.state == State::Bad)
        .count();
    let changed = seen.drift.differences.len();
    match (seen.paused, bad, changed) {
        (true, _, _) => (
            Tone::Warn,
            "Paused: nothing inside has egress. P resumes it.".to_owned(),
        ),
        (_, 0, 0) => (
            Tone::Good,
            "As it was made: nothing has changed. i asks whether it is still private.".to_owned(),
        ),
        (_, 0, changed) => (
            Tone::Warn,
            format!(
                "{} since it was made. Enter shows one, M sets it again; nothing is changed unasked.",
                count(changed, "difference")
            ),
        ),
        (_, bad, _) => (
            Tone::Bad,
            format!(
                "{} not as it should be. Enter shows it, M mends what the template makes.",
                count(bad, "part")
            ),
        ),
    }
}

pub(super) fn liveness(app: &App) -> (String, Tone) {
    let status = &app.status;
    match (status.reading, status.read_at) {
        (true, _) => ("reading…".to_owned(), Tone::Plain),
        (false, Some(at)) => (format!("read at {}", clock(app, at)), Tone::Good),
        (false, None) => (String::new(), Tone::Plain),
    }
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let [head, rest] = Layout::vertical([Constraint::Length(2), Constraint::Fill(1)]).areas(area);
    header(app, canvas, head);
    if canvas.room == Room::Wide && rest.height >= 16 {
        let [upper, lower] =
            Layout::vertical([Constraint::Length(15), Constraint::Fill(1)]).areas(rest);
        let [left, right] =
            Layout::horizontal([Constraint::Percentage(52), Constraint::Fill(1)]).areas(upper);
        pane(app, canvas, left, Pane::Parts);
        pane(app, canvas, right, Pane::Drift);
        pane(app, canvas, lower, Pane::History);
        return;
    }
    // One pane at a time: the others are named above it.
    let names = Pane::ALL.iter().flat_map(|each| {
        let chosen = *each == app.status.pane;
        let theme = canvas.look.theme;
        let style = if chosen { theme.strong } else { theme.quiet };
        let mark = if chosen {
            canvas.look.glyphs.chosen
        } else {
            " "
        };
        let label = format!("{mark}{} {}  ", short(*each), app.status.count(*each));
        [Span::styled(label, style)]
    });
    let names: Vec<Span<'_>> = names.collect();
    let [tabs, rest] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(rest);
    canvas.line(tabs, Line::from(names));
    pane(app, canvas, rest, app.status.pane);
}

fn short(pane: Pane) -> &'static str {
    match pane {
        Pane::Parts => "Parts",
        Pane::Drift => "Changes",
        Pane::History => "History",
    }
}

/// Where it is, and what it costs.
fn header(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(record) = &app.status.record else {
        return;
    };
    let theme = canvas.look.theme;
    let place = format!(
        "{} {} {} {} {}",
        record.resource_group,
        canvas.look.glyphs.middle,
        record.settings.region,
        canvas.look.glyphs.middle,
        record.settings.address_space
    );
    let seen = app.status.seen.as_deref();
    let cost = match seen {
        _ if app.start.practice => "costs nothing: practice".to_owned(),
        Some(Seen {
            daily: Some(daily),
            paused,
            saves,
            ..
        }) => {
            let daily = if *paused {
                daily - saves.unwrap_or_default()
            } else {
                *daily
            };
            format!("about ${daily:.0} a day")
        }
        _ => String::new(),
    };
    canvas.lines(
        area,
        [Line::from(vec![
            Span::styled(format!("{place}   "), theme.quiet),
            Span::styled(cost, theme.quiet),
        ])],
    );
}

fn pane(app: &App, canvas: &mut Canvas<'_>, area: Rect, pane: Pane) {
    let focused = app.status.pane == pane;
    let inner = canvas.panel(area, pane.title(), focused);
    let Some(seen) = app.status.seen.as_deref() else {
        let words = match &app.status.problem {
            Some(problem) => format!("{} {}", problem.what, problem.advice),
            None => "Reading…".to_owned(),
        };
        let theme = canvas.look.theme;
        canvas.prose(inner, &words, theme.quiet);
        return;
    };
    let rows = app.status.count(pane);
    if rows == 0 {
        let theme = canvas.look.theme;
        let words = match pane {
            Pane::Drift if !seen.drift.unknown.is_empty() => format!(
                "{} could not be read: nothing is known of them.",
                count(seen.drift.unknown.len(), "resource")
            ),
            Pane::Drift => "Nothing has changed.".to_owned(),
            _ => "Nothing is known.".to_owned(),
        };
        canvas.prose(inner, &words, theme.quiet);
        return;
    }
    let height = usize::from(inner.height);
    let first = first_row(app.status.row(pane), rows, height);
    for (place, row) in (first..rows).take(height).enumerate() {
        let line = Rect {
            y: inner
                .y
                .saturating_add(u16::try_from(place).unwrap_or(u16::MAX)),
            height: 1,
            ..inner
        };
        let chosen = focused && row == app.status.row(pane);
        let drawn = match pane {
            Pane::Parts => seen
                .parts
                .get(row)
                .map(|part| of_part(canvas, part, chosen)),
            Pane::Drift => seen.drift.differences.get(row).map(|each| {
                let mark = each.kind.sign();
                let style = if chosen {
                    canvas.look.theme.strong
                } else {
                    canvas.look.theme.warn
                };
                Line::from(Span::styled(
                    format!("{}{mark} {}", mark_of(canvas, chosen), each.sentence()),
                    style,
                ))
            }),
            Pane::History => seen.history.get(row).map(|each| {
                let who = each
                    .who
                    .as_deref()
                    .map(|who| format!(", by {who}"))
                    .unwrap_or_default();
                let theme = canvas.look.theme;
                let style = if chosen { theme.strong } else { theme.text };
                Line::from(vec![
                    Span::styled(
                        format!(
                            "{}{}  ",
                            mark_of(canvas, chosen),
                            each.time.strftime("%d %b %H:%M")
                        ),
                        if chosen { theme.strong } else { theme.quiet },
                    ),
                    Span::styled(format!("{}{who}", each.what), style),
                ])
            }),
        };
        if let Some(drawn) = drawn {
            canvas.line(line, drawn);
            if focused {
                canvas.hit(line, Target::Row(row));
            }
        }
    }
}

fn mark_of(canvas: &Canvas<'_>, chosen: bool) -> String {
    if chosen {
        format!("{} ", canvas.look.glyphs.chosen)
    } else {
        "  ".to_owned()
    }
}

fn of_part<'l>(canvas: &Canvas<'_>, part: &Part, chosen: bool) -> Line<'l> {
    let theme = canvas.look.theme;
    let (glyph, style): (&str, Style) = match part.state {
        State::Good => (canvas.look.glyphs.ready, theme.ok),
        State::Off => (canvas.look.glyphs.waiting, theme.quiet),
        State::Warning => (canvas.look.glyphs.warning, theme.warn),
        State::Bad => (canvas.look.glyphs.failed, theme.bad),
        State::Unknown => (canvas.look.glyphs.unknown, theme.quiet),
    };
    let text = if chosen { theme.strong } else { theme.text };
    Line::from(vec![
        Span::styled(
            format!("{}{:<TITLE$}", mark_of(canvas, chosen), part.title),
            text,
        ),
        Span::styled(format!("{:<NAME$} ", part.name), theme.quiet),
        Span::styled(format!("{glyph} {}", part.words), style),
    ])
}

#[cfg(test)]
mod tests {
    use crate::{
        app::{
            App,
            message::Message,
            screen::{
                Screen,
                status::{Happened, Seen, Status},
            },
            tests::{BEGIN, app, record},
        },
        domain::{
            drift::{Difference, Drift, Kind},
            health::{Part, State},
        },
        tui::testing::{draw_at_all_sizes, picture},
    };

    fn part(title: &str, name: &str, state: State, words: &str) -> Part {
        Part {
            title: title.into(),
            name: name.into(),
            state,
            words: words.into(),
        }
    }

    fn seen() -> Seen {
        let difference =
            |resource: &str, kind, property: &str, expected: &str, found: &str| Difference {
                id: format!("/subscriptions/s/{resource}"),
                resource: resource.into(),
                resource_type: "Microsoft.Network/x".into(),
                kind,
                property: property.into(),
                expected: expected.into(),
                found: found.into(),
                remedy: "Run `privateaml mend`.".into(),
                who: Some("you@practice.example".into()),
                when: Some(BEGIN),
            };
        Seen {
            parts: vec![
                part("Workspace", "ml-test4821", State::Good, "private only"),
                part("Firewall", "fw-test4821", State::Good, "running"),
                part("Bastion", "bas-test4821", State::Good, "running"),
                part("Jumpbox", "vm-test4821", State::Off, "stopped"),
                part("Storage", "stgtest4821", State::Warning, "public access on"),
                part("Key vault", "kv-test4821", State::Good, "private only"),
                part(
                    "Registry",
                    "acrtest4821",
                    State::Unknown,
                    "could not be read",
                ),
                part("Endpoints", "5 of 6", State::Bad, "1 not approved"),
                part("Peering", "vnet-hub", State::Good, "connected"),
            ],
            drift: Drift {
                differences: vec![
                    difference(
                        "stgtest4821",
                        Kind::Changed,
                        "properties.publicNetworkAccess",
                        "Disabled",
                        "Enabled",
                    ),
                    difference(
                        "nsg-shared",
                        Kind::Added,
                        "properties.securityRules[LetMeIn]",
                        "",
                        "LetMeIn",
                    ),
                    difference(
                        "pe-vault-test4821",
                        Kind::Removed,
                        "",
                        "pe-vault-test4821",
                        "",
                    ),
                ],
                unknown: Vec::new(),
            },
            history: vec![Happened {
                time: BEGIN,
                what: "deployment succeeded after 10 min".into(),
                who: Some("you@practice.example".into()),
            }],
            paused: false,
            daily: Some(41.0),
            saves: Some(31.0),
            problems: Vec::new(),
        }
    }

    fn shown() -> App {
        let mut app = app();
        app.status = Status {
            record: Some(Box::new(record())),
            ..Status::default()
        };
        app.screen = Screen::Status;
        let read = Ok(Box::new(seen()));
        app.update(
            BEGIN,
            Message::Inspected {
                full_name: "test4821".into(),
                read,
            },
        );
        app
    }

    #[test]
    fn the_status_at_each_size() {
        for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
            insta::assert_snapshot!(
                format!("status_{columns}x{rows}"),
                picture(&shown(), columns, rows)
            );
        }
        draw_at_all_sizes(&shown());
    }

    #[test]
    fn before_it_was_read_and_when_it_cannot_be() {
        let mut app = app();
        app.status.record = Some(Box::new(record()));
        app.screen = Screen::Status;
        assert!(picture(&app, 80, 24).contains("Reading"));
        draw_at_all_sizes(&app);
        let problem =
            crate::domain::problem::Problem::new("X", "Azure cannot be reached.", "Try again.");
        app.update(
            BEGIN,
            Message::Inspected {
                full_name: "test4821".into(),
                read: Err(problem),
            },
        );
        assert!(picture(&app, 80, 24).contains("Azure cannot be reached."));
    }
}
