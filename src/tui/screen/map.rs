//! The map of an environment, as preview, deployment and status show it: each element with its mark, the chosen one
//! turned round, and what is out of sight named.

use ratatui::{
    layout::Rect,
    style::{Modifier, Style},
    text::{Line, Span},
};

use crate::app::map::{ElementState, FRAME, MapState};
use crate::app::message::ClickTarget;
use crate::domain::map::{Cell, Ink, MapElement, MapKind, NetworkMap, Sheet, Spot, draw as drawn};
use crate::tui::canvas::Canvas;
use crate::tui::{Appearance, text};

/// What a face tells of its elements.
pub(super) struct MapFace<'a> {
    pub(super) map: &'a NetworkMap,
    pub(super) state: &'a MapState,
    pub(super) focused: bool,
    /// How an element is, and what stands beside its name in place of what the map says.
    pub(super) look: &'a dyn Fn(&MapElement) -> (ElementState, String),
    /// What stands behind the network's name.
    pub(super) note: String,
    /// Whether what is told may no longer be so: it has no colour of its own then.
    pub(super) is_old: bool,
}

/// How many rows a map takes with its frame and its legend, in so many columns.
pub(super) fn rows(map: &NetworkMap, columns: u16) -> u16 {
    let inner = usize::from(columns.saturating_sub(FRAME));
    u16::try_from(drawn(map, inner).height()).unwrap_or(u16::MAX).saturating_add(3)
}

/// Draws the map in a frame.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, face: &MapFace<'_>) {
    let title = format!("{}  {}", face.map.title, face.note);
    let inner = canvas.panel(area, title.trim_end(), face.focused);
    if inner.height < 2 {
        return;
    }
    let mut map = face.map.clone();
    let mut states = Vec::with_capacity(map.elements.len());
    for element in &mut map.elements {
        let (state, words) = (face.look)(element);
        if !words.is_empty() {
            element.detail = words;
        }
        states.push(state);
    }
    let sheet = drawn(&map, inner.width.into());
    let chosen = face.state.focused(&map);
    let body = Rect { height: inner.height - 1, ..inner };
    let first = first_row(&sheet, chosen, body.height.into());
    for (offset, y) in (first..sheet.height()).take(body.height.into()).enumerate() {
        let row = Rect { y: body.y + u16::try_from(offset).unwrap_or_default(), height: 1, ..body };
        let cells = sheet.rows.get(y).map_or(&[][..], Vec::as_slice);
        let look = CellLook {
            look: canvas.look,
            states: &states,
            map: &map,
            chosen,
            focused: face.focused,
            is_old: face.is_old,
        };
        let spans: Vec<Span<'_>> = look.spans(cells, sheet.spot(chosen).filter(|spot| spot.y == y));
        canvas.line(row, Line::from(spans));
    }
    for spot in &sheet.spots {
        if let Some(y) = spot.y.checked_sub(first).filter(|y| *y < body.height.into()) {
            let [x, y, width] =
                [spot.x, y, spot.width].map(|each| u16::try_from(each).unwrap_or_default());
            let place = Rect { x: body.x + x, y: body.y + y, width, height: 1 };
            canvas.hit(place.intersection(body), ClickTarget::Row(spot.element));
        }
    }
    let foot = Rect { y: body.bottom(), height: 1, ..inner };
    let below = sheet.height() > first + usize::from(body.height);
    legend(canvas, foot, &states, face.is_old, (first > 0, below));
}

/// The first row in sight, so that the chosen element is.
fn first_row(sheet: &Sheet, chosen: usize, height: usize) -> usize {
    let y = sheet.spot(chosen).map_or(0, |spot| spot.y);
    let most = sheet.height().saturating_sub(height);
    // The head stays in sight as long as it can: nothing jumps.
    if y + 2 < height { 0 } else { (y + 2).saturating_sub(height).min(most) }
}

/// How the cells of a map look.
struct CellLook<'a> {
    look: &'a Appearance,
    states: &'a [ElementState],
    map: &'a NetworkMap,
    chosen: usize,
    focused: bool,
    is_old: bool,
}

impl CellLook<'_> {
    /// A row as spans, a span for each run of one ink.
    fn spans(&self, cells: &[Cell], chosen: Option<Spot>) -> Vec<Span<'static>> {
        let mut spans: Vec<(Style, String)> = Vec::new();
        for (x, cell) in cells.iter().enumerate() {
            let within = chosen.is_some_and(|spot| x >= spot.x && x < spot.x + spot.width);
            let style = if within && self.focused {
                self.look.theme.accent.add_modifier(Modifier::REVERSED)
            } else {
                self.style(cell.ink)
            };
            let sign = self.sign(*cell);
            match spans.last_mut() {
                Some((last, text)) if *last == style => text.push_str(&sign),
                _ => spans.push((style, sign)),
            }
        }
        spans.into_iter().map(|(style, text)| Span::styled(text, style)).collect()
    }

    fn sign(&self, cell: Cell) -> String {
        match cell.ink {
            Ink::Mark(number) => self.mark(number).0.to_owned(),
            _ if self.look.ascii => ascii(cell.sign).to_string(),
            _ => cell.sign.to_string(),
        }
    }

    fn style(&self, ink: Ink) -> Style {
        let theme = &self.look.theme;
        match ink {
            Ink::Blank => theme.text,
            Ink::Line | Ink::Broken | Ink::Quiet => theme.quiet,
            Ink::Title => theme.strong,
            Ink::Warn => theme.warn,
            Ink::Mark(number) => self.mark(number).1,
            Ink::Element(number) => self.words(number),
            Ink::Detail(number) => match self.state(number) {
                ElementState::Bad => theme.bad,
                ElementState::Warning => theme.warn,
                ElementState::Running => theme.text,
                _ => theme.quiet,
            },
        }
    }

    fn state(&self, number: usize) -> ElementState {
        self.states.get(number).copied().unwrap_or(ElementState::Unknown)
    }

    /// What runs is bold, what is done is quiet.
    fn words(&self, number: usize) -> Style {
        let theme = &self.look.theme;
        if number == self.chosen && !self.focused {
            return theme.accent;
        }
        match self.state(number) {
            ElementState::Running => theme.strong,
            ElementState::Waiting | ElementState::Outside | ElementState::Skipped => theme.quiet,
            ElementState::Bad => theme.bad,
            ElementState::Warning => theme.warn,
            _ => theme.text,
        }
    }

    fn mark(&self, number: usize) -> (&'static str, Style) {
        let element = self.map.elements.get(number).map(|element| element.kind);
        let (glyph, style) = mark(self.look, self.state(number), element);
        (glyph, if self.is_old { self.look.theme.quiet } else { style })
    }
}

/// Glyph and style of a state.
fn mark(look: &Appearance, state: ElementState, kind: Option<MapKind>) -> (&'static str, Style) {
    let (glyphs, theme) = (&look.glyphs, &look.theme);
    match state {
        ElementState::Planned if kind == Some(MapKind::WideGroup) => (glyphs.ready, theme.warn),
        ElementState::Planned => (glyphs.ready, theme.accent),
        ElementState::WhenNeeded => (glyphs.waiting, theme.accent),
        ElementState::Outside => (glyphs.bullet, theme.quiet),
        ElementState::Waiting => (glyphs.waiting, theme.quiet),
        ElementState::Running => (glyphs.running, theme.accent),
        ElementState::Created => (glyphs.done, theme.ok),
        ElementState::Bad => (glyphs.failed, theme.bad),
        ElementState::Skipped => (glyphs.skipped, theme.quiet),
        ElementState::Good => (glyphs.ready, theme.ok),
        ElementState::Off => (glyphs.waiting, theme.warn),
        ElementState::Warning => (glyphs.warning, theme.warn),
        ElementState::Unknown => (glyphs.unknown, theme.warn),
    }
}

fn says(state: ElementState) -> &'static str {
    match state {
        ElementState::Planned => "will be created",
        ElementState::WhenNeeded => "when it is needed",
        ElementState::Outside => "outside",
        ElementState::Waiting => "waiting",
        ElementState::Running => "being created",
        ElementState::Created => "created",
        ElementState::Bad => "failed",
        ElementState::Skipped => "not attempted",
        ElementState::Good => "as planned",
        ElementState::Off => "switched off",
        ElementState::Warning => "changed",
        ElementState::Unknown => "not known",
    }
}

/// What the marks mean that are in the picture, and whether it goes on.
fn legend(
    canvas: &mut Canvas<'_>,
    area: Rect,
    states: &[ElementState],
    is_old: bool,
    beyond: (bool, bool),
) {
    let theme = canvas.look.theme;
    let mut spans = Vec::new();
    let more = match beyond {
        (true, true) => "more above and below   ",
        (true, false) => "more above   ",
        (false, true) => "more below   ",
        (false, false) => "",
    };
    spans.push(Span::styled(more, theme.accent));
    let mut room = usize::from(area.width).saturating_sub(text::width(more));
    let mut told: Vec<ElementState> = Vec::new();
    for state in states {
        if told.contains(state) || *state == ElementState::Outside {
            continue;
        }
        told.push(*state);
        let (glyph, style) = mark(canvas.look, *state, None);
        let style = if is_old { theme.quiet } else { style };
        let words = format!(" {}   ", says(*state));
        let Some(left) = room.checked_sub(text::width(&words) + 1) else { break };
        room = left;
        spans.push(Span::styled(glyph, style));
        spans.push(Span::styled(words, theme.quiet));
    }
    canvas.line(area, Line::from(spans));
}

/// A sign of the drawing where only ASCII can be shown.
fn ascii(sign: char) -> char {
    match sign {
        '─' => '-',
        '╌' | '…' => '.',
        '│' => '|',
        '╭' | '╮' | '╰' | '╯' | '├' | '┬' => '+',
        '▸' => '>',
        '▾' => 'v',
        '✕' => 'x',
        other => other,
    }
}
