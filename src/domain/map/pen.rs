//! A sheet of cells to draw on: frames, lines, texts, and the spots where elements are.

use super::{MapElement, NetworkMap};

/// What a cell is, from which a face chooses its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ink {
    /// Nothing.
    #[default]
    Blank,
    /// A line that is there.
    Line,
    /// A line that is not connected.
    Broken,
    /// Words beside the elements.
    Quiet,
    /// The name of a frame.
    Title,
    /// Something that must not be overlooked.
    Warn,
    /// Where the mark of an element stands.
    Mark(usize),
    /// The words of an element.
    Element(usize),
    /// Words of an element that matter less.
    Detail(usize),
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// What stands in it.
    pub sign: char,
    /// What it is.
    pub ink: Ink,
}

impl Default for Cell {
    fn default() -> Self {
        Self { sign: ' ', ink: Ink::Blank }
    }
}

/// Where an element is drawn, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The element's number.
    pub element: usize,
    /// Its first column.
    pub x: usize,
    /// Its row.
    pub y: usize,
    /// How many columns it takes.
    pub width: usize,
}

/// A drawn map.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Columns.
    pub width: usize,
    /// The rows, all equally wide.
    pub rows: Vec<Vec<Cell>>,
    /// Where the elements are, in reading order.
    pub spots: Vec<Spot>,
}

impl Sheet {
    pub(super) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// How many rows it has.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// The spot of an element.
    pub fn spot(&self, element: usize) -> Option<Spot> {
        self.spots.iter().find(|spot| spot.element == element).copied()
    }

    /// One sign.
    pub(super) fn put(&mut self, x: usize, y: usize, sign: char, ink: Ink) {
        if x >= self.width {
            return;
        }
        let width = self.width;
        while self.rows.len() <= y {
            self.rows.push(vec![Cell::default(); width]);
        }
        if let Some(cell) = self.rows.get_mut(y).and_then(|row| row.get_mut(x)) {
            *cell = Cell { sign, ink };
        }
    }

    /// Writes a text in so many columns; returns the column after it. What does not fit ends with an ellipsis.
    pub(super) fn write(
        &mut self,
        (x, y): (usize, usize),
        columns: usize,
        text: &str,
        ink: Ink,
    ) -> usize {
        let letters = text.chars().count();
        let room = columns.min(self.width.saturating_sub(x));
        let shown = if letters > room { room.saturating_sub(1) } else { letters };
        let mut at = x;
        for sign in text.chars().take(shown) {
            self.put(at, y, sign, ink);
            at += 1;
        }
        if letters > room && room > 0 {
            self.put(at, y, '…', ink);
            at += 1;
        }
        at
    }

    /// A line from left to right over whatever stands there.
    pub(super) fn across(&mut self, x: std::ops::Range<usize>, y: usize, ink: Ink) {
        for at in x {
            self.put(at, y, if ink == Ink::Broken { '╌' } else { '─' }, ink);
        }
    }

    /// A frame with a title on its upper and a word on its lower edge.
    pub(super) fn frame(&mut self, frame: Frame<'_>) {
        let Frame { x, y, width, height, title, foot } = frame;
        let (right, bottom) = (x + width.saturating_sub(1), y + height.saturating_sub(1));
        self.across(x..right, y, Ink::Line);
        self.across(x..right, bottom, Ink::Line);
        for row in y..bottom {
            self.put(x, row, '│', Ink::Line);
            self.put(right, row, '│', Ink::Line);
        }
        for (at, row, sign) in
            [(x, y, '╭'), (right, y, '╮'), (x, bottom, '╰'), (right, bottom, '╯')]
        {
            self.put(at, row, sign, Ink::Line);
        }
        for (row, text) in [(y, title), (bottom, foot)] {
            if !text.is_empty() && width > 6 {
                self.write((x + 2, row), width - 4, &format!(" {text} "), Ink::Title);
            }
        }
    }

    /// An element in one row: its mark, what it is, its name and its detail where there is room for all of it.
    pub(super) fn element(&mut self, map: &NetworkMap, number: usize, row: Row) {
        let Some(element) = map.elements.get(number) else { return };
        let Row { x, y, width, columns } = row;
        let ends = [x + 2 + columns.title, x + 2 + columns.title + columns.name, x + width];
        self.put(x, y, '●', Ink::Mark(number));
        let from =
            self.write((x + 2, y), width.saturating_sub(2), &element.title, Ink::Element(number));
        let from =
            ends[0].max(from + usize::from(!element.name.is_empty() && !element.title.is_empty()));
        let room = ends[2].saturating_sub(from);
        let from = self.write((from, y), room, &element.name, Ink::Element(number));
        let from = ends[1].max(from + 1);
        if element.detail.chars().count() <= ends[2].saturating_sub(from) {
            self.write((from, y), columns.name.max(16), &element.detail, Ink::Detail(number));
        }
        self.spots.push(Spot { element: number, x, y, width });
    }
}

/// A frame to draw.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) title: &'a str,
    pub(super) foot: &'a str,
}

/// Where an element's row is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) columns: Columns,
}

/// How many columns what it is and its name take, the gap behind them included.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Columns {
    title: usize,
    name: usize,
}

impl Columns {
    /// As wide as the widest of some elements.
    pub(super) fn of(map: &NetworkMap, numbers: &[usize]) -> Self {
        let all = || numbers.iter().filter_map(|number| map.elements.get(*number));
        let widest = |of: fn(&MapElement) -> &str| {
            all().map(|each| of(each).chars().count() + 2).max().unwrap_or_default()
        };
        Self { title: widest(|each| &each.title), name: widest(|each| &each.name) }
    }
}
