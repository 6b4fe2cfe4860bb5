//! The isolation audit as it is drawn: thirty points, what they say, and the remedy of the chosen one beside or below.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use crate::{
    app::{App, Tone, message::Target},
    domain::audit::{Answer, Point},
    tui::{
        canvas::{Canvas, Room, first_row},
        text::{self, clock},
    },
};

pub(super) fn title(app: &App) -> String {
    let record = app.isolation.record.as_ref();
    record
        .map(|record| record.full_name.clone())
        .unwrap_or_default()
}

pub(super) fn sentence(app: &App) -> (Tone, String) {
    let isolation = &app.isolation;
    if let Some(problem) = &isolation.problem {
        return (
            Tone::Bad,
            format!("{} Enter shows more, r tries again.", problem.what),
        );
    }
    let Some(audit) = &isolation.audit else {
        let words = "Reading what the thirty points need, and asking each service what it says to a stranger.";
        return (Tone::Plain, words.to_owned());
    };
    let (no, unknown) = (
        audit.count(Answer::DoesNotHold),
        audit.count(Answer::Unknown),
    );
    let open = audit.open_by_choice().count();
    match (no, unknown) {
        (0, 0) => (
            Tone::Good,
            format!(
                "All {} points hold; {open} things are open by choice.",
                audit.points.len()
            ),
        ),
        (0, unknown) => (
            Tone::Warn,
            format!("No point fails, but {unknown} could not be proved."),
        ),
        (no, unknown) => (
            Tone::Bad,
            format!(
                "{no} of {} points do not hold, {unknown} are unknown. Enter shows why.",
                audit.points.len()
            ),
        ),
    }
}

pub(super) fn liveness(app: &App) -> (String, Tone) {
    let isolation = &app.isolation;
    match (isolation.reading, isolation.read_at) {
        (true, _) => ("reading…".to_owned(), Tone::Plain),
        (false, Some(at)) => (format!("read at {}", clock(app, at)), Tone::Good),
        (false, None) => (String::new(), Tone::Plain),
    }
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if canvas.room == Room::Wide {
        let [left, right] =
            Layout::horizontal([Constraint::Length(58), Constraint::Fill(1)]).areas(area);
        points(app, canvas, left);
        chosen(app, canvas, right);
    } else if area.height >= 16 {
        let [upper, lower] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(7)]).areas(area);
        points(app, canvas, upper);
        chosen(app, canvas, lower);
    } else {
        points(app, canvas, area);
    }
}

fn points(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let inner = canvas.panel(area, "Is it still private?", true);
    let theme = canvas.look.theme;
    let Some(audit) = &app.isolation.audit else {
        let words = match &app.isolation.problem {
            Some(problem) => format!("{} {}", problem.what, problem.advice),
            None => "Reading…".to_owned(),
        };
        canvas.prose(inner, &words, theme.quiet);
        return;
    };
    let height = usize::from(inner.height);
    let first = first_row(app.isolation.selected, audit.points.len(), height);
    for (place, (row, point)) in audit
        .points
        .iter()
        .enumerate()
        .skip(first)
        .take(height)
        .enumerate()
    {
        let line = Rect {
            y: inner
                .y
                .saturating_add(u16::try_from(place).unwrap_or(u16::MAX)),
            height: 1,
            ..inner
        };
        let is_chosen = row == app.isolation.selected;
        let (glyph, style) = match point.answer {
            Answer::Holds => (canvas.look.glyphs.done, theme.ok),
            Answer::DoesNotHold => (canvas.look.glyphs.failed, theme.bad),
            Answer::Unknown => (canvas.look.glyphs.unknown, theme.warn),
        };
        let mark = if is_chosen {
            canvas.look.glyphs.chosen
        } else {
            " "
        };
        let words = if is_chosen { theme.strong } else { theme.text };
        canvas.line(
            line,
            Line::from(vec![
                Span::styled(format!("{mark} {:>2} ", point.number), words),
                Span::styled(format!("{glyph} "), style),
                Span::styled(point.title.clone(), words),
            ]),
        );
        canvas.hit(line, Target::Row(row));
    }
}

/// What the chosen point says.
fn chosen(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let point = app
        .isolation
        .audit
        .as_ref()
        .and_then(|audit| audit.points.get(app.isolation.selected));
    let heading = point.map_or_else(String::new, |point| {
        format!("Point {}: {}", point.number, point.answer.words())
    });
    let inner = canvas.panel(area, &heading, false);
    let Some(point) = point else { return };
    let theme = canvas.look.theme;
    let mut rest = inner;
    for finding in telling(point) {
        let style = match finding.answer {
            Answer::Holds => theme.text,
            Answer::DoesNotHold => theme.bad,
            Answer::Unknown => theme.warn,
        };
        rest = canvas.prose(
            rest,
            &format!(
                "{} {}: {}",
                finding.resource,
                last(&finding.field),
                finding.found
            ),
            style,
        );
        if finding.answer != Answer::Holds {
            rest = canvas.prose(rest, &format!("expected {}", finding.expected), theme.quiet);
        }
        if !finding.remedy.is_empty() {
            let lead = if finding.by_choice {
                "Open by choice: "
            } else {
                ""
            };
            rest = canvas.prose(rest, &format!("{lead}{}", finding.remedy), theme.accent);
        }
        if rest.height == 0 {
            break;
        }
    }
    if rest.height == 0 && inner.height > 0 {
        // The last line says that there is more.
        let last = Rect {
            y: inner.y.saturating_add(inner.height.saturating_sub(1)),
            height: 1,
            ..inner
        };
        let words = text::fit("Enter shows all of it", usize::from(last.width));
        canvas.clear(last);
        canvas.text(last, &words, theme.quiet);
    }
}

/// The last part of a field's path: what it is called.
fn last(field: &str) -> &str {
    field.rsplit("properties.").next().unwrap_or(field)
}

/// The findings that say most, first: what fails, what is unknown, what is open, what holds.
fn telling(point: &Point) -> Vec<&crate::domain::audit::Finding> {
    let mut findings: Vec<_> = point.findings.iter().collect();
    findings.sort_by_key(|finding| match (finding.answer, finding.by_choice) {
        (Answer::DoesNotHold, _) => 0,
        (Answer::Unknown, _) => 1,
        (Answer::Holds, true) => 2,
        (Answer::Holds, false) => 3,
    });
    findings
}

#[cfg(test)]
mod tests {
    use crate::{
        app::{
            App,
            message::Message,
            screen::{Screen, audit::Isolation},
            tests::{BEGIN, app, record},
        },
        domain::{
            audit::{Case, audit},
            inventory::{Inventory, Reading},
        },
        template::{
            Template,
            plan::{PlanScope, plan},
        },
        tui::testing::{draw_at_all_sizes, picture},
    };

    /// A fresh environment of which only the storage account was read, with its door open.
    fn shown() -> App {
        let record = record();
        let plan = plan(
            &record.settings,
            Template::embedded(),
            &PlanScope::default(),
        )
        .unwrap();
        let mut inventory = Inventory::default();
        for resource in &plan.resources {
            if resource.symbol == "storage" {
                let mut body = resource.body.clone();
                body["properties"]["publicNetworkAccess"] = "Enabled".into();
                inventory.put(&resource.id, Reading::Found(body));
            }
        }
        let case = Case {
            plan: &plan,
            inventory: &inventory,
            hub: None,
            paused: false,
        };
        let mut app = app();
        app.isolation = Isolation {
            record: Some(Box::new(record)),
            ..Isolation::default()
        };
        app.screen = Screen::Audit;
        let read = Ok(Box::new(audit(&case)));
        app.update(
            BEGIN,
            Message::Audited {
                full_name: "test4821".into(),
                read,
            },
        );
        app
    }

    #[test]
    fn the_audit_at_each_size() {
        let app = shown();
        assert_eq!(app.isolation.selected, 6, "the first point that fails");
        for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
            insta::assert_snapshot!(
                format!("audit_{columns}x{rows}"),
                picture(&app, columns, rows)
            );
        }
        draw_at_all_sizes(&app);
    }
}
