//! The isolation audit as it is drawn: its three lists and thirty points, and all of the chosen row beside or below.

use ratatui::{
    layout::{
        Constraint::{Fill, Length},
        Layout, Rect,
    },
    text::{Line, Span},
};

use super::{DrawRow, reading};
use crate::app::screen::audit::AuditRow;
use crate::app::{App, Tone};
use crate::domain::audit::{AuditAnswer, Finding, List, NOT_LOOKED_AT, Point};
use crate::domain::ways;
use crate::tui::canvas::{Canvas, Room};
use crate::tui::text;

pub(super) const ROW: DrawRow = DrawRow { liveness, ..DrawRow::new(draw, sentence) };

fn sentence(app: &App) -> (Tone, String) {
    let audit = &app.audit;
    if let Some(problem) = &audit.problem {
        return reading::failed(problem);
    }
    let Some(audit) = &audit.audit else {
        let words = "Reading what the thirty points need, and asking each service what it says to a stranger.";
        return (Tone::Plain, words.to_owned());
    };
    let (no, unknown) = (audit.count(AuditAnswer::DoesNotHold), audit.count(AuditAnswer::Unknown));
    let (all, open) = (audit.points.len(), audit.open_by_choice().count());
    let not = if no == 1 { "does not" } else { "do not" };
    let (tone, words) = match (no, unknown) {
        (0, 0) => Tone::Good.says(format!("{all} of {all} points hold")),
        (0, unknown) => Tone::Warn.says(format!("{unknown} of {all} points unknown")),
        (no, 0) => Tone::Bad.says(format!("{no} of {all} points {not} hold")),
        (no, unknown) => {
            Tone::Bad.says(format!("{no} of {all} points {not} hold, {unknown} unknown"))
        }
    };
    let ways = ways::counted(audit.ways_out().len());
    (tone, format!("{words}; {open} things open by choice; {ways}."))
}

fn liveness(app: &App) -> (String, Tone) {
    let audit = &app.audit;
    reading::liveness(app, audit.reading, audit.read_at)
}

fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if canvas.room == Room::Wide {
        let [left, right] = Layout::horizontal([Length(58), Fill(1)]).areas(area);
        points(app, canvas, left);
        chosen(app, canvas, right);
    } else if area.height >= 16 {
        let [upper, lower] = Layout::vertical([Fill(1), Length(7)]).areas(area);
        points(app, canvas, upper);
        chosen(app, canvas, lower);
    } else {
        points(app, canvas, area);
    }
}

fn points(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let inner = canvas.panel(area, "Is it as planned?", true);
    let theme = canvas.look.theme;
    if app.audit.audit.is_none() {
        let words = reading::in_place(app.audit.problem.as_ref());
        canvas.prose(inner, &words, theme.quiet);
        return;
    }
    canvas.list(inner, &app.audit.rows(), app.audit.selected, true, |canvas, row, chosen| {
        Line::from(row_spans(canvas, row, chosen))
    });
}

fn row_spans<'a>(canvas: &Canvas<'_>, row: &AuditRow<'_>, is_chosen: bool) -> Vec<Span<'a>> {
    let (theme, glyphs) = (canvas.look.theme, &canvas.look.glyphs);
    let mark = canvas.look.mark(is_chosen);
    let words = if is_chosen { theme.strong } else { theme.text };
    let heading = |text: String| {
        vec![Span::styled(format!("{mark} "), words), Span::styled(text, theme.strong)]
    };
    let line = |number: u8, (glyph, style), text: String| {
        vec![
            Span::styled(format!("{mark} {number:>2} "), words),
            Span::styled(format!("{glyph} "), style),
            Span::styled(text, words),
        ]
    };
    match row {
        AuditRow::List(list, 0) => heading(format!("{}: nothing", list.title())),
        AuditRow::List(list, number) => heading(format!("{} ({number})", list.title())),
        AuditRow::Finding(list, number, finding) => {
            let sign = match list {
                List::DoesNotHold => (glyphs.failed, theme.bad),
                List::Unknown => (glyphs.unknown, theme.warn),
                List::OpenByChoice => (glyphs.waiting, theme.quiet),
            };
            line(*number, sign, in_a_row(finding))
        }
        AuditRow::Points(number) => heading(format!("The {number} points")),
        AuditRow::Point(point) => {
            let sign = match point.answer {
                AuditAnswer::Holds => (glyphs.done, theme.ok),
                AuditAnswer::DoesNotHold => (glyphs.failed, theme.bad),
                AuditAnswer::Unknown => (glyphs.unknown, theme.warn),
            };
            line(point.number, sign, point.title.clone())
        }
        AuditRow::NotLookedAt => heading("Not looked at".to_owned()),
    }
}

/// A finding in one row: the value before the place, because the row may be cut.
fn in_a_row(finding: &Finding) -> String {
    format!("{} {}: {}", finding.resource, finding.place(), finding.found).replace(" :", ":")
}

/// All of the chosen row.
fn chosen(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let rows = app.audit.rows();
    let row = rows.get(app.audit.selected).copied();
    let heading = match row {
        Some(AuditRow::Point(point)) => format!("Point {}: {}", point.number, point.answer.words()),
        Some(AuditRow::Finding(list, number, _)) => {
            format!("Point {number}: {}", list.title().to_lowercase())
        }
        Some(AuditRow::List(list, _)) => list.title().to_owned(),
        Some(AuditRow::NotLookedAt) => "Not looked at".to_owned(),
        Some(AuditRow::Points(_)) | None => String::new(),
    };
    let inner = canvas.panel(area, &heading, false);
    let theme = canvas.look.theme;
    let mut rest = inner;
    match row {
        Some(AuditRow::Point(point)) => {
            for finding in telling(point) {
                rest = tell(canvas, rest, finding);
            }
        }
        Some(AuditRow::Finding(_, _, finding)) => rest = tell(canvas, rest, finding),
        Some(AuditRow::List(list, _)) => rest = canvas.prose(rest, about(list), theme.text),
        Some(AuditRow::Points(_)) => {
            let words = "A point holds when nothing in its part is unplanned and nothing unread.";
            rest = canvas.prose(rest, words, theme.text);
        }
        Some(AuditRow::NotLookedAt) => {
            for line in NOT_LOOKED_AT {
                rest = canvas.prose(rest, line, theme.text);
            }
        }
        None => return,
    }
    if rest.height == 0 && inner.height > 0 {
        // The last line says that there is more.
        let last =
            Rect { y: inner.y.saturating_add(inner.height.saturating_sub(1)), height: 1, ..inner };
        let words = text::fit("Enter shows all of it", usize::from(last.width));
        canvas.clear(last);
        canvas.text(last, &words, theme.quiet);
    }
}

/// What a list is about.
fn about(list: List) -> &'static str {
    match list {
        List::DoesNotHold => {
            "What was read and was not planned: neither the template nor the settings say so."
        }
        List::Unknown => {
            "What could not be read, or what it means is not known: it may be as planned or not."
        }
        List::OpenByChoice => {
            "What was planned and leaves something open, each with how wide it is and what closes it. Enter \
             shows all of them."
        }
    }
}

fn tell(canvas: &mut Canvas<'_>, room: Rect, finding: &Finding) -> Rect {
    let theme = canvas.look.theme;
    let style = match finding.answer {
        AuditAnswer::Holds => theme.text,
        AuditAnswer::DoesNotHold => theme.bad,
        AuditAnswer::Unknown => theme.warn,
    };
    let mut rest = canvas.prose(room, &in_a_row(finding), style);
    if finding.answer != AuditAnswer::Holds && !finding.expected.is_empty() {
        rest = canvas.prose(rest, &format!("planned: {}", finding.expected), theme.quiet);
    }
    if !finding.width.is_empty() {
        rest = canvas.prose(rest, &format!("how wide: {}", finding.width), theme.text);
    }
    if !finding.remedy.is_empty() {
        rest = canvas.prose(rest, &finding.remedy, theme.accent);
    }
    rest
}

/// The findings that say most, first: what fails, what is unknown, what is open, what holds.
fn telling(point: &Point) -> Vec<&Finding> {
    let mut findings: Vec<_> = point.findings.iter().collect();
    findings.sort_by_key(|finding| match (finding.answer, finding.by_choice) {
        (AuditAnswer::DoesNotHold, _) => 0,
        (AuditAnswer::Unknown, _) => 1,
        (AuditAnswer::Holds, true) => 2,
        (AuditAnswer::Holds, false) => 3,
    });
    findings
}

#[cfg(test)]
mod tests {
    use crate::app::App;
    use crate::app::message::Message;
    use crate::app::screen::Screen;
    use crate::app::screen::audit::AuditScreen;
    use crate::app::tests::{BEGIN, app, record};
    use crate::domain::audit::audit;
    use crate::domain::comparison::ComparisonInput;
    use crate::domain::inventory::{Inventory, Reading};
    use crate::template::Template;
    use crate::template::plan::{PlanScope, plan};
    use crate::tui::testing::{draw_at_all_sizes, picture};

    /// A fresh environment of which only the storage account was read, with its door open.
    fn shown() -> App {
        let record = record();
        let plan = plan(&record.settings, Template::embedded(), &PlanScope::default()).unwrap();
        let mut inventory = Inventory::default();
        for resource in &plan.resources {
            if resource.symbol == "storage" {
                let mut body = resource.body.clone();
                body["properties"]["publicNetworkAccess"] = "Enabled".into();
                inventory.put(&resource.id, Reading::Found(body));
            }
        }
        let case = ComparisonInput::new(&plan, &inventory);
        let mut app = app();
        app.audit = AuditScreen { record: Some(Box::new(record)), ..AuditScreen::default() };
        app.screen = Screen::Audit;
        let read = Ok(Box::new(audit(&case)));
        app.update(BEGIN, Message::Audit { full_name: "test4821".into(), read });
        app
    }

    #[test]
    fn the_audit_at_each_size() {
        let app = shown();
        assert_eq!(app.audit.selected, 1, "the first thing that does not hold");
        for (columns, rows) in [(100, 30), (60, 18)] {
            insta::assert_snapshot!(
                format!("audit_{columns}x{rows}"),
                picture(&app, columns, rows)
            );
        }
        draw_at_all_sizes(&app);
    }
}
