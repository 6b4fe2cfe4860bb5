//! Dialogs as they are drawn: a frame over the screen, as large as its matter and never larger than the screen.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::canvas::{Canvas, Room, below};
use super::text;
use super::widget::{field, large};
use crate::app::App;
use crate::app::dialog::Dialog;
use crate::app::dialog::code::CodeDialog;
use crate::app::dialog::confirm::ConfirmDialog;
use crate::app::dialog::leave::{LeaveChoice, LeaveDialog};
use crate::app::dialog::picker::{Picker, PickerItem};
use crate::app::dialog::prompt::Prompt;
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::app::message::ClickTarget;

/// The usual width of a dialog, frame included, in columns.
const WIDTH: u16 = 64;
/// The width of a list, and of one whose rows are long.
const LIST: u16 = 72;
const WIDEST_LIST: u16 = 96;

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    match &app.dialog {
        Some(Dialog::Picker(dialog)) => picker(dialog, canvas, area),
        Some(Dialog::Prompt(dialog)) => prompt(dialog, canvas, area),
        Some(Dialog::Leave(dialog)) => leave(app, dialog, canvas, area),
        Some(Dialog::Confirm(dialog)) => confirm(dialog, canvas, area),
        Some(Dialog::Viewer(dialog)) => viewer(dialog, canvas, area),
        Some(Dialog::Code(dialog)) => code(dialog, canvas, area),
        None => {}
    }
}

/// A frame in the middle of an area, over whatever is there; returns the area within. In a narrow room it is the whole.
pub(super) fn over(
    canvas: &mut Canvas<'_>,
    area: Rect,
    width: u16,
    height: u16,
    title: &str,
) -> Rect {
    let (width, height) = if canvas.room == Room::Narrow {
        (area.width, area.height)
    } else {
        (width.min(area.width), height.min(area.height))
    };
    let part = Rect {
        x: area.x.saturating_add(area.width.saturating_sub(width) / 2),
        y: area.y.saturating_add(area.height.saturating_sub(height) / 2),
        width,
        height,
    };
    canvas.clear(part);
    canvas.panel(part, title, true)
}

/// Columns for prose in a dialog of a width.
fn columns(canvas: &Canvas<'_>, area: Rect, width: u16) -> usize {
    let width = if canvas.room == Room::Narrow { area.width } else { width.min(area.width) };
    usize::from(width.saturating_sub(4)).max(1)
}

fn picker(dialog: &Picker, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let fitting = dialog.fitting();
    let wanted = u16::try_from(dialog.items.len()).unwrap_or(u16::MAX);
    let label = dialog.items.iter().map(|item| text::width(&item.label)).max().unwrap_or(0);
    let words = |item: &PickerItem| text::width(item.off.as_ref().unwrap_or(&item.detail));
    // A row that cannot be chosen has its reason in it, which needs room.
    let longest = label + dialog.items.iter().map(words).max().unwrap_or(0) + 8;
    let columns = u16::try_from(longest).unwrap_or(u16::MAX).clamp(LIST, WIDEST_LIST);
    let inner = over(canvas, area, columns, wanted.saturating_add(4), &dialog.title);
    let filter = Rect { height: 1.min(inner.height), ..inner };
    field::draw(canvas, filter, "type to filter: ", &dialog.filter, true);
    let rest = below(inner, 1);
    if fitting.is_empty() {
        canvas.prose(rest, "Nothing fits what is typed; Ctrl-U empties it.", theme.quiet);
        return;
    }
    let label = label.min(usize::from(inner.width) * 3 / 5);
    canvas.list(rest, &fitting, dialog.selected, true, |canvas, item, chosen| {
        let style = if item.off.is_some() { theme.quiet } else { theme.row(chosen) };
        let detail = item.off.as_ref().unwrap_or(&item.detail);
        let shown = text::padded(&item.label, label);
        Line::from(vec![
            Span::styled(format!("{} {shown}", canvas.look.mark(chosen)), style),
            Span::styled(format!("  {detail}"), theme.quiet),
        ])
    });
}

fn prompt(dialog: &Prompt, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let columns = columns(canvas, area, WIDTH);
    let mut lines: Vec<String> = Vec::new();
    for sentence in &dialog.question {
        lines.extend(text::wrap(sentence, columns));
    }
    let error = dialog.error.as_deref().map(|error| text::wrap(error, columns)).unwrap_or_default();
    let wanted = u16::try_from(lines.len() + error.len().max(1) + 5).unwrap_or(u16::MAX);
    let inner = over(canvas, area, WIDTH, wanted, &dialog.title);
    // Where there is little room, what is typed matters more than the question.
    let room = usize::from(inner.height).saturating_sub(2 + error.len());
    let rest = canvas
        .lines(inner, lines.into_iter().take(room).map(|line| Line::styled(line, theme.text)));
    let rest = if usize::from(rest.height) > 2 + error.len() { below(rest, 1) } else { rest };
    let row = Rect { height: 1.min(rest.height), ..rest };
    if dialog.is_masked() {
        let masked = canvas
            .look
            .glyphs
            .masked
            .repeat(dialog.masked.letters().min(columns.saturating_sub(3)));
        canvas.line(
            row,
            Line::from(vec![
                Span::styled("> ", theme.quiet),
                Span::styled(masked, theme.strong),
                Span::styled(" ", theme.strong.add_modifier(ratatui::style::Modifier::REVERSED)),
            ]),
        );
    } else if dialog.offered {
        field::draw_offered(canvas, row, "> ", &dialog.input);
    } else {
        field::draw(canvas, row, "> ", &dialog.input, true);
    }
    let rest = below(rest, 1);
    canvas.lines(rest, error.into_iter().map(|line| Line::styled(line, theme.bad)));
}

fn leave(app: &App, dialog: &LeaveDialog, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let made = app.shown_steps().iter().filter(|step| step.is_done()).count();
    let exist = match made {
        0 => "Nothing has been created yet.".to_owned(),
        _ if app.start.practice => {
            format!(
                "{made} of its resources exist already; on the practice cloud they cost nothing."
            )
        }
        1 => "1 resource exists already and keeps costing money until it is deleted.".to_owned(),
        _ => {
            format!("{made} resources exist already and keep costing money until they are deleted.")
        }
    };
    let inner = over(canvas, area, 62, 14, "Stop watching, or stop the deployment?");
    let roomy = inner.height >= 11;
    let mut rest = if roomy { below(inner, 1) } else { inner };
    for (index, answer) in LeaveChoice::ALL.iter().enumerate() {
        let chosen = *answer == dialog.selected;
        let (label, key, words) = match answer {
            LeaveChoice::Leave => (
                "Leave it running and close this window",
                if chosen { "Enter" } else { "q" },
                "Azure finishes the job. Come back any time.",
            ),
            LeaveChoice::Cancel => ("Cancel the deployment in Azure", "Ctrl-X", exist.as_str()),
            LeaveChoice::Watch => ("Go back to watching", if chosen { "Enter" } else { "Esc" }, ""),
        };
        let mark = canvas.look.mark(chosen);
        let style = theme.row(chosen);
        let width = usize::from(inner.width).saturating_sub(8);
        let row = Rect { height: 1.min(rest.height), ..rest };
        canvas.line(
            row,
            Line::from(vec![
                Span::styled(format!("{mark} {:<width$}", text::fit(label, width)), style),
                Span::styled(key, theme.accent),
            ]),
        );
        canvas.hit(row, ClickTarget::Row(index));
        rest = below(rest, 1);
        let indented = super::canvas::right_of(rest, 2);
        let prose =
            if words.is_empty() { indented } else { canvas.prose(indented, words, theme.quiet) };
        rest = Rect { x: rest.x, width: rest.width, ..prose };
        if roomy {
            rest = below(rest, 1);
        }
    }
    canvas.prose(rest, "Ctrl-C again closes the window and leaves Azure alone.", theme.quiet);
}

fn confirm(dialog: &ConfirmDialog, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let columns = columns(canvas, area, WIDTH);
    let wrapped: Vec<Vec<String>> =
        dialog.sentences.iter().map(|each| text::wrap(each, columns)).collect();
    let rows = wrapped.iter().map(|each| each.len() + 1).sum::<usize>() + 4;
    let inner = over(canvas, area, WIDTH, u16::try_from(rows).unwrap_or(u16::MAX), &dialog.title);
    let gaps = usize::from(inner.height) + 2 >= rows;
    let mut lines: Vec<String> = Vec::new();
    for each in wrapped {
        lines.extend(each);
        lines.extend(gaps.then(String::new));
    }
    let height = usize::from(inner.height).saturating_sub(1);
    let top = dialog.top.min(lines.len().saturating_sub(height));
    let hidden = lines.len().saturating_sub(top + height);
    let shown = lines.into_iter().skip(top).take(height);
    canvas.lines(inner, shown.map(Line::from));
    let hint = match (top, hidden) {
        (0, 0) => Span::styled("Enter does nothing here", theme.quiet),
        (_, 0) => Span::styled("that is all; Up goes back", theme.quiet),
        (_, 1) => Span::styled("Down: 1 more line", theme.warn),
        _ => Span::styled(format!("Down: {hidden} more lines"), theme.warn),
    };
    let last = Rect {
        y: inner.bottom().saturating_sub(1).max(inner.y),
        height: 1.min(inner.height),
        ..inner
    };
    canvas.line(
        last,
        Line::from(vec![
            Span::styled("y", theme.accent.patch(theme.strong)),
            Span::raw(" yes   "),
            Span::styled("Esc", theme.accent.patch(theme.strong)),
            Span::raw(" no   "),
            hint,
        ]),
    );
}

fn viewer(dialog: &Viewer, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let width =
        area.width.saturating_sub(if canvas.room == Room::Wide { 12 } else { 2 }).max(WIDTH);
    let columns = columns(canvas, area, width);
    let mut lines = Vec::new();
    for (kind, paragraph) in &dialog.paragraphs {
        let style = match kind {
            ParagraphKind::Heading => theme.strong,
            ParagraphKind::Text => theme.text,
            ParagraphKind::Quiet => theme.quiet,
            ParagraphKind::Bad => theme.bad,
        };
        lines.extend(text::wrap(paragraph, columns).into_iter().map(|line| (style, line)));
    }
    let wanted = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let inner = over(canvas, area, width, wanted, &dialog.title);
    let height = usize::from(inner.height);
    let top = dialog.top.min(lines.len().saturating_sub(height));
    let shown = lines.into_iter().skip(top).take(height);
    canvas.lines(inner, shown.map(|(style, line)| Line::styled(line, style)));
}

fn code(dialog: &CodeDialog, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let inner = over(canvas, area, 78, 15, "Sign in with a code");
    let strong = theme.accent.patch(theme.strong);
    let mut rest = canvas.prose(inner, "Open this page on any device:", theme.text);
    rest = canvas.prose(rest, &format!("   {}", dialog.address), strong);
    rest = below(rest, 1);
    rest = canvas.prose(rest, "and type this code:", theme.text);
    rest = below(rest, 1);
    if rest.height > large::ROWS && large::fits(canvas, rest, &dialog.code) {
        large::draw(canvas, rest, &dialog.code, strong);
        rest = below(rest, large::ROWS);
        // Large letters are no text to a screen reader, and cannot be selected.
        rest = canvas.prose(rest, &format!("   {}", dialog.code), theme.quiet);
    } else {
        let letters: Vec<String> = dialog.code.chars().map(String::from).collect();
        rest = canvas.prose(rest, &format!("   {}", letters.join(" ")), strong);
    }
    rest = below(rest, 1);
    canvas.prose(
        rest,
        &format!("It can be typed for {} minutes. This window goes on by itself.", dialog.minutes),
        theme.quiet,
    );
}

#[cfg(test)]
mod tests;
