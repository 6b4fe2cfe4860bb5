//! What the firewall refused, as it is drawn: one row for each destination, the chosen one in words below.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use crate::{
    app::{App, Tone, message::Target},
    domain::words::count,
    tui::{
        canvas::{Canvas, first_row},
        text::{self, clock},
    },
};

/// Columns behind the destination: port and protocol, times, last time.
const PORT: usize = 12;
const TIMES: usize = 8;
const LAST: usize = 9;

pub(super) fn title(app: &App) -> String {
    let record = app.blocked.record.as_ref();
    record.map(|record| record.full_name.clone()).unwrap_or_default()
}

pub(super) fn sentence(app: &App) -> (Tone, String) {
    let blocked = &app.blocked;
    if let Some(record) = &app.blocked.record
        && let Some(running) = app.changing(&record.full_name)
    {
        return (Tone::Plain, running.sentence());
    }
    if let Some(problem) = &blocked.problem {
        return (Tone::Bad, format!("{} Enter shows more, r tries again.", problem.what));
    }
    match &blocked.rows {
        None => (Tone::Plain, "Reading the firewall's log.".to_owned()),
        Some(rows) if rows.is_empty() => (
            Tone::Good,
            "Nothing was refused in the last hour. The log is some minutes behind.".to_owned(),
        ),
        Some(rows) => (
            Tone::Plain,
            format!(
                "{} in the last hour. a lets one through, after a question.",
                count(rows.len(), "refused destination")
            ),
        ),
    }
}

pub(super) fn liveness(app: &App) -> (String, Tone) {
    match (app.blocked.reading, app.blocked.read_at) {
        (true, _) => ("reading…".to_owned(), Tone::Plain),
        (false, Some(at)) => (format!("read at {}", clock(app, at)), Tone::Good),
        (false, None) => (String::new(), Tone::Plain),
    }
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let inner = canvas.panel(area, "Refused by the firewall in the last hour", true);
    let theme = canvas.look.theme;
    let Some(rows) = &app.blocked.rows else {
        let words = match &app.blocked.problem {
            Some(problem) => format!("{} {}", problem.what, problem.advice),
            None => "Reading…".to_owned(),
        };
        canvas.prose(inner, &words, theme.quiet);
        return;
    };
    if rows.is_empty() {
        let words = "Nothing was refused. t asks whether something would get out.";
        canvas.prose(inner, words, theme.quiet);
        return;
    }
    let [list, words] = Layout::vertical([Constraint::Fill(1), Constraint::Length(3)]).areas(inner);
    let height = usize::from(list.height);
    let first = first_row(app.blocked.selected, rows.len(), height);
    let name = usize::from(list.width).saturating_sub(2 + PORT + TIMES + LAST);
    for (place, (row, refused)) in rows.iter().enumerate().skip(first).take(height).enumerate() {
        let line = Rect {
            y: list.y.saturating_add(u16::try_from(place).unwrap_or(u16::MAX)),
            height: 1,
            ..list
        };
        let chosen = row == app.blocked.selected;
        let mark = if chosen { canvas.look.glyphs.chosen } else { " " };
        let style = if chosen { theme.strong } else { theme.text };
        let destination = text::fit(&refused.destination, name.saturating_sub(1));
        let port = format!("{} {}", refused.protocol, refused.port);
        let when = refused.last.strftime("%H:%M:%S").to_string();
        canvas.line(
            line,
            Line::from(vec![
                Span::styled(format!("{mark} {destination:<name$}"), style),
                Span::styled(
                    format!("{port:<PORT$}{:>TIMES$}", format!("{} x", refused.count)),
                    theme.quiet,
                ),
                Span::styled(format!("{when:>LAST$}"), theme.quiet),
            ]),
        );
        canvas.hit(line, Target::Row(row));
    }
    if let Some(chosen) = app.blocked.chosen() {
        let why = match &chosen.rule {
            Some(rule) => format!("{}: the rule {rule} refuses it.", chosen.destination),
            None => format!("{}: no rule allows it ({}).", chosen.destination, chosen.reason),
        };
        canvas.prose(words, &why, theme.quiet);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        app::{
            App,
            message::Message,
            screen::Screen,
            tests::{BEGIN, app, record},
        },
        domain::egress::{RuleKind, log::Refused},
        tui::testing::{draw_at_all_sizes, picture},
    };

    fn shown(count: u64) -> App {
        let mut app = app();
        app.blocked.record = Some(Box::new(record()));
        app.screen = Screen::Blocked;
        let rows = (0..count).map(|number| Refused {
            kind: RuleKind::Application,
            destination: format!("a-host-with-a-long-name-{number}.packages.contoso.com"),
            port: 443,
            protocol: "https".into(),
            count: number + 1,
            last: BEGIN,
            rule: None,
            reason: "Default Action".into(),
        });
        let read = Ok(rows.collect());
        app.update(BEGIN, Message::Refused { full_name: "test4821".into(), read });
        app
    }

    #[test]
    fn what_was_refused_at_each_size() {
        for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
            insta::assert_snapshot!(
                format!("blocked_{columns}x{rows}"),
                picture(&shown(3), columns, rows)
            );
        }
        draw_at_all_sizes(&shown(60));
        draw_at_all_sizes(&shown(0));
    }
}
