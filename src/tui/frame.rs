//! The frame around every screen: who and what at the top, the step below it, what just happened and the keys at the
//! bottom.
//!
//! ```text
//!  privateaml  scan4821                     you@contoso.com · Contoso Research    who and what
//!   ✓ Basics  ──  2 PREVIEW  ──  3 Deploy  ──  4 Credentials                      the step
//!  ┌──────────┐                                                                  the body, a screen's own
//!  └──────────┘
//!   Password copied.                                            read 2 s ago     what just happened
//!  p copy  v reveal                                             ? help  q quit   the keys
//! ```

use std::cmp::Ordering;

use ratatui::{
    buffer::Buffer,
    layout::{
        Constraint::{Fill, Length},
        Layout, Rect,
    },
    style::Style,
    text::{Line, Span},
};

use super::canvas::{Canvas, Room};
use super::screen::{self, DrawRow};
use super::{Appearance, Hits, dialog, palette, text};
use crate::app::account::Account;
use crate::app::command::{Command, KeyBinding};
use crate::app::message::ClickTarget;
use crate::app::screen::Screen;
use crate::app::{App, Tone};
use crate::domain::foreign;

/// Below so many columns or rows there is only a notice.
const FEWEST_COLUMNS: u16 = 44;
const FEWEST_ROWS: u16 = 12;
/// Of how many parts of the rows the sentence above the keys takes one at most.
const PART_FOR_WORDS: u16 = 4;
/// From so many rows on the step has a line of its own.
const ROWS_FOR_STEPS: u16 = 22;

/// Draws the whole state.
pub fn draw(app: &App, look: &Appearance, area: Rect, buffer: &mut Buffer, hits: &mut Hits) {
    let mut canvas = Canvas { buffer, look, hits, room: Room::of(area.width) };
    if area.width < FEWEST_COLUMNS || area.height < FEWEST_ROWS {
        too_small(app, &mut canvas, area);
        disarm(look, buffer);
        return;
    }
    let has_steps = area.height >= ROWS_FOR_STEPS && canvas.room == Room::Wide;
    let told = Told::of(app, area);
    let [head, steps, body, line, keys] = Layout::vertical([
        Length(1),
        Length(u16::from(has_steps)),
        Fill(1),
        Length(told.rows()),
        Length(1),
    ])
    .areas(area);
    header(app, &mut canvas, head, has_steps);
    if has_steps {
        rail(app, &mut canvas, steps);
    }
    (DrawRow::of(app).draw)(app, &mut canvas, body);
    if app.dialog.is_some() || app.palette.is_some() {
        canvas.recede(body);
    }
    if app.dialog.is_some() {
        canvas.hits.cover();
        dialog::draw(app, &mut canvas, body);
    }
    if app.palette.is_some() {
        canvas.hits.cover();
        palette::draw(app, &mut canvas, body);
    }
    told.draw(&mut canvas, line);
    footer(app, &mut canvas, keys);
    disarm(look, buffer);
}

/// Replaces what a terminal would obey. Ratatui drops control signs by itself, but hangs signs without width, marks of
/// direction among them, on the cell before; text of others gets here from everywhere, so it is looked for in the
/// picture.
fn disarm(look: &Appearance, buffer: &mut Buffer) {
    let replaced = if look.ascii { "?" } else { "\u{fffd}" };
    let width = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(width) {
        text::show_cuts(row, look.ascii);
    }
    for cell in &mut buffer.content {
        if cell.symbol().contains(foreign::is_obeyed) {
            cell.set_symbol(replaced);
        }
    }
}

/// Where there is no room: the state in words, and that nothing is affected.
fn too_small(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let text = format!(
        "privateaml needs {FEWEST_COLUMNS} columns and {FEWEST_ROWS} rows; this is {} by {}.",
        area.width, area.height
    );
    let [body, keys] = Layout::vertical([Fill(1), Length(u16::from(area.height > 3))]).areas(area);
    let state = screen::state(app);
    let style = canvas.look.theme.text;
    let quiet = canvas.look.theme.quiet;
    let rest = if body.height > 4 {
        let rest = canvas.prose(body, &text, style);
        super::canvas::below(rest, 1)
    } else {
        body
    };
    let rest = canvas.prose(rest, &state, canvas.look.theme.strong);
    canvas.prose(rest, "--plain works at any size.", quiet);
    canvas.text(keys, "Ctrl-C quit", canvas.look.theme.accent);
}

fn header(app: &App, canvas: &mut Canvas<'_>, area: Rect, has_steps: bool) {
    let theme = canvas.look.theme;
    let mut left = vec![Span::raw(" ")];
    if app.start.practice {
        left.push(Span::styled("PRACTICE", theme.warn.patch(theme.strong)));
        left.push(Span::raw(" "));
    }
    if canvas.room == Room::Wide {
        left.push(Span::styled("privateaml", theme.quiet));
        left.push(Span::raw("  "));
    }
    left.push(Span::styled((DrawRow::of(app).title)(app), theme.strong));
    if !has_steps && let Some(step) = step(app) {
        left.push(Span::styled(
            format!("  {step}/{} {}", Screen::STEPS.len(), app.screen.name()),
            theme.accent,
        ));
    }
    let used: usize = left.iter().map(|span| text::width(&span.content)).sum();
    canvas.line(area, Line::from(left));
    let room = usize::from(area.width).saturating_sub(used + 2);
    let who = account(app);
    let who = if text::width(&who) > room {
        // The subscription says more than the account about where money is spent.
        app.account.subscription().map_or(who, |subscription| subscription.name.clone())
    } else {
        who
    };
    let who = text::fit(&who, room);
    let style = match app.account {
        Account::Failed(_) => theme.warn,
        _ => theme.quiet,
    };
    right(canvas, area, &[Span::styled(format!("{who} "), style)]);
}

/// Account and subscription, so that nobody deploys to the wrong one.
fn account(app: &App) -> String {
    match &app.account {
        Account::Looking => "looking for a sign-in…".to_owned(),
        Account::Failed(_) => "not signed in".to_owned(),
        Account::SignedIn(signed_in) => match signed_in.subscription() {
            Some(subscription) => format!("{} · {}", signed_in.who, subscription.name),
            None => format!("{} · no subscription chosen", signed_in.who),
        },
    }
}

/// Number of the wizard's step, from 1.
fn step(app: &App) -> Option<usize> {
    let watch = app.watch().filter(|_| app.screen == Screen::Deploy);
    if watch.is_some_and(|watch| !watch.operation.deploys_environment()) {
        return None;
    }
    Screen::STEPS.iter().position(|each| *each == app.screen).map(|index| index + 1)
}

fn rail(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let Some(current) = step(app) else {
        let summary = (DrawRow::of(app).summary)(app);
        canvas.line(area, Line::from(format!("  {summary}")));
        return;
    };
    let mut spans = vec![Span::raw("  ")];
    for (index, each) in Screen::STEPS.iter().enumerate() {
        let number = index + 1;
        if index > 0 {
            spans.push(Span::styled(format!("  {}  ", canvas.look.glyphs.dash), theme.quiet));
        }
        let name = each.name();
        spans.push(match number.cmp(&current) {
            Ordering::Less => Span::styled(format!("{} {name}", canvas.look.glyphs.done), theme.ok),
            Ordering::Equal => Span::styled(
                format!("{number} {}", name.to_uppercase()),
                theme.accent.patch(theme.strong),
            ),
            Ordering::Greater => Span::styled(format!("{number} {name}"), theme.quiet),
        });
    }
    canvas.line(area, Line::from(spans));
}

/// What just happened, or what the screen has to say; at the right of its first row what keeps it alive.
struct Told {
    tone: Tone,
    lines: Vec<String>,
    alive: (String, Tone),
}

impl Told {
    /// The sentence in as many rows as it needs, but never more than a part of the screen.
    fn of(app: &App, area: Rect) -> Self {
        let alive = (DrawRow::of(app).liveness)(app);
        let room = usize::from(area.width).saturating_sub(4).max(1);
        let (tone, words) = match (&app.line, app.going_on()) {
            (Some(line), _) => (line.tone, line.text.clone()),
            (None, Some(watch)) => (Tone::Plain, watch.sentence()),
            (None, None) => (DrawRow::of(app).sentence)(app),
        };
        let most = usize::from(area.height / PART_FOR_WORDS).max(1);
        let mut lines = text::wrap_beside(&words, room, text::width(&alive.0));
        let rest = lines.split_off(most.min(lines.len()));
        if let (Some(last), false) = (lines.last_mut(), rest.is_empty()) {
            *last = text::fit(&format!("{last} {}", rest.join(" ")), room);
        }
        Self { tone, lines, alive }
    }

    fn rows(&self) -> u16 {
        u16::try_from(self.lines.len()).unwrap_or(1).max(1)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.look.theme;
        let alive = Span::styled(format!("{} ", self.alive.0), theme.tone(self.alive.1));
        right(canvas, Rect { height: 1.min(area.height), ..area }, &[alive]);
        let style = theme.tone(self.tone);
        let lines = self.lines.iter().map(|line| Line::styled(format!("  {line}"), style));
        canvas.lines(area, lines);
    }
}

/// The keys of the place: help and the way out stand at the right and are never cut.
fn footer(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let place = app.place();
    let is_last = |entry: &&KeyBinding| {
        matches!(entry.command, Command::Palette | Command::Quit | Command::Back)
    };
    let mut used = 1;
    let mut x = area.right();
    let last = place.entries().filter(is_last).filter(|entry| !entry.label.is_empty());
    for entry in last.rev() {
        let hint = Hint::new(entry, false, canvas.look);
        let width = u16::try_from(hint.width()).unwrap_or(u16::MAX);
        if x.saturating_sub(area.x) < width.saturating_add(1) {
            break;
        }
        x = x.saturating_sub(width + 1);
        used += usize::from(width) + 1;
        draw_hint(canvas, Rect { x, width, ..area }, &hint);
        x = x.saturating_sub(1);
        used += 1;
    }
    let room = usize::from(area.width).saturating_sub(used);
    let mut x = area.x.saturating_add(1);
    let mut left = room.saturating_sub(1);
    for (entry, off) in place.hints(app).into_iter().filter(|(entry, _)| !is_last(entry)) {
        let hint = Hint::new(entry, off, canvas.look);
        let width = hint.width();
        // A shorter one of less weight may still fit whole.
        if width > left {
            continue;
        }
        let width = u16::try_from(width).unwrap_or(u16::MAX);
        draw_hint(canvas, Rect { x, width, ..area }, &hint);
        x = x.saturating_add(width).saturating_add(2);
        left = left.saturating_sub(usize::from(width) + 2);
    }
}

/// One key with its word.
struct Hint {
    key: &'static str,
    label: String,
    command: Command,
    off: bool,
}

impl Hint {
    fn new(entry: &KeyBinding, off: bool, look: &Appearance) -> Self {
        let key = if entry.command == Command::Down { look.glyphs.up_down } else { entry.key() };
        // Measured as it is shown: an ellipsis is wider in ASCII.
        let label = if look.ascii { text::ascii(entry.label) } else { entry.label.to_owned() };
        Self { key, label, command: entry.command, off }
    }

    fn width(&self) -> usize {
        text::width(self.key) + 1 + text::width(&self.label)
    }
}

fn draw_hint(canvas: &mut Canvas<'_>, area: Rect, hint: &Hint) {
    let theme = canvas.look.theme;
    let (key, label): (Style, Style) =
        if hint.off { (theme.quiet, theme.quiet) } else { (theme.accent, theme.text) };
    canvas.line(
        area,
        Line::from(vec![
            Span::styled(hint.key, key),
            Span::styled(format!(" {}", hint.label), label),
        ]),
    );
    canvas.hit(area, ClickTarget::Command(hint.command));
}

/// Writes spans that end at the right end of an area.
fn right(canvas: &mut Canvas<'_>, area: Rect, spans: &[Span<'_>]) {
    let width: usize = spans.iter().map(|span| text::width(&span.content)).sum();
    let width = u16::try_from(width).unwrap_or(u16::MAX).min(area.width);
    let part = Rect { x: area.right().saturating_sub(width), width, ..area };
    canvas.line(part, Line::from(spans.to_vec()));
}
