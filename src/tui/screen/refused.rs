//! What the firewall refused, as it is drawn: one row for each destination, the chosen one in words below.

use ratatui::{
    layout::{
        Constraint::{Fill, Length},
        Layout, Rect,
    },
    text::{Line, Span},
};

use super::{DrawRow, reading};
use crate::app::{App, Tone};
use crate::domain::words::count;
use crate::tui::canvas::Canvas;
use crate::tui::text;

/// Columns behind the destination: port and protocol, times, last time.
const PORT: usize = 12;
const TIMES: usize = 8;
const LAST: usize = 9;

pub(super) const ROW: DrawRow = DrawRow { liveness, ..DrawRow::new(draw, sentence) };

fn sentence(app: &App) -> (Tone, String) {
    let refused = &app.refused;
    if let Some(problem) = &refused.problem {
        return reading::failed(problem);
    }
    match &refused.rows {
        None => Tone::Plain.says("Reading the firewall's log."),
        Some(rows) if rows.is_empty() => {
            Tone::Good.says("Nothing was refused in the last hour. The log is some minutes behind.")
        }
        Some(rows) => Tone::Plain.says(format!(
            "{} in the last hour. A lets one through, after a question.",
            count(rows.len(), "refused destination")
        )),
    }
}

fn liveness(app: &App) -> (String, Tone) {
    let refused = &app.refused;
    reading::liveness(app, refused.reading, refused.read_at)
}

fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let inner = canvas.panel(area, "Refused by the firewall in the last hour", true);
    let theme = canvas.look.theme;
    let Some(rows) = &app.refused.rows else {
        let words = reading::in_place(app.refused.problem.as_ref());
        canvas.prose(inner, &words, theme.quiet);
        return;
    };
    if rows.is_empty() {
        let words = "Nothing was refused. t asks whether something would get out.";
        canvas.prose(inner, words, theme.quiet);
        return;
    }
    let [list, words] = Layout::vertical([Fill(1), Length(3)]).areas(inner);
    let name = usize::from(list.width).saturating_sub(2 + PORT + TIMES + LAST);
    canvas.list(list, rows, app.refused.selected, true, |canvas, refused, chosen| {
        let mark = canvas.look.mark(chosen);
        let style = if chosen { theme.strong } else { theme.text };
        let destination = text::fit(&refused.destination, name.saturating_sub(1));
        let port = format!("{} {}", refused.protocol, refused.port);
        let when = refused.last.strftime("%H:%M:%S").to_string();
        let times = format!("{} x", refused.count);
        Line::from(vec![
            Span::styled(format!("{mark} {destination:<name$}"), style),
            Span::styled(format!("{port:<PORT$}{times:>TIMES$}{when:>LAST$}"), theme.quiet),
        ])
    });
    if let Some(chosen) = app.refused.chosen() {
        let why = match &chosen.rule {
            Some(rule) => format!("{}: the rule {rule} refuses it.", chosen.destination),
            None => format!("{}: no rule allows it ({}).", chosen.destination, chosen.reason),
        };
        canvas.prose(words, &why, theme.quiet);
    }
}

#[cfg(test)]
mod tests {
    use crate::app::App;
    use crate::app::message::Message;
    use crate::app::screen::Screen;
    use crate::app::tests::{BEGIN, app, record};
    use crate::domain::egress::RuleKind;
    use crate::domain::egress::log::RefusedDestination;
    use crate::tui::testing::{draw_at_all_sizes, picture};

    fn shown(count: u64) -> App {
        let mut app = app();
        app.refused.record = Some(Box::new(record()));
        app.screen = Screen::Refused;
        let rows = (0..count).map(|number| RefusedDestination {
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
        for (columns, rows) in [(100, 30), (60, 18)] {
            insta::assert_snapshot!(
                format!("blocked_{columns}x{rows}"),
                picture(&shown(3), columns, rows)
            );
        }
        draw_at_all_sizes(&shown(60));
        draw_at_all_sizes(&shown(0));
    }
}
