//! The map as a picture that any browser shows: lines as paths, so that corners and borders join.

use std::fmt::Write as _;

use super::{Cell, Ink, MapHub, NetworkMap, draw};
use crate::domain::plan::Plan;

/// Pixels of a cell.
const CELL: (usize, usize) = (9, 20);
const MARGIN: usize = 24;
/// Columns of the picture.
const COLUMNS: usize = 150;

/// A plan's map as an SVG document.
pub fn svg(plan: &Plan) -> String {
    let map = NetworkMap::of(plan, MapHub::Apart);
    let sheet = draw(&map, COLUMNS);
    let (width, height) = (sheet.width * CELL.0 + 2 * MARGIN, sheet.height() * CELL.1 + 3 * MARGIN);
    let title = escaped(&map.title);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"title description\">\n\
         <title id=\"title\">{title}</title>\n\
         <desc id=\"description\">{}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\" rx=\"12\"/>\n\
         <text class=\"heading\" x=\"{MARGIN}\" y=\"{}\">{title}</text>\n",
        escaped(&description(&map)),
        MARGIN + 8,
    );
    for (y, row) in sheet.rows.iter().enumerate() {
        lines(&mut text, y, row);
        words(&mut text, y, row);
    }
    text.push_str("</svg>\n");
    text
}

const STYLE: &str = "
text{font:14px ui-monospace,Consolas,'DejaVu Sans Mono',monospace;fill:#0f172a;white-space:pre}
.page{fill:#fff}.heading{font-size:16px;font-weight:600}.title{font-weight:600}.quiet{fill:#64748b}.warn{fill:#c2410c}
.line{fill:none;stroke:#94a3b8;stroke-width:1.5}.broken{fill:none;stroke:#94a3b8;stroke-width:1.5;stroke-dasharray:4 4}
.bad{fill:none;stroke:#c2410c;stroke-width:1.5}.head{fill:#94a3b8}.mark{fill:#0e7490}
@media(prefers-color-scheme:dark){text{fill:#e2e8f0}.page{fill:#0f172a}.quiet{fill:#94a3b8}.warn{fill:#fb923c}
.mark{fill:#22d3ee}.line,.broken{stroke:#64748b}.head{fill:#64748b}}
";

/// The elements in words, for those who do not see the picture.
fn description(map: &NetworkMap) -> String {
    let words = map.elements.iter().map(|element| {
        [&element.title, &element.name, &element.detail]
            .map(String::as_str)
            .join(" ")
            .trim()
            .to_owned()
    });
    words.collect::<Vec<_>>().join("; ")
}

/// Middle of a cell, in pixels.
fn middle(x: usize, y: usize) -> (usize, usize) {
    (MARGIN + x * CELL.0 + CELL.0 / 2, 2 * MARGIN + y * CELL.1 + CELL.1 / 2)
}

/// Where the line of a cell goes from its middle: left, right, up, down.
fn arms(sign: char) -> Option<[bool; 4]> {
    Some(match sign {
        '─' | '╌' => [true, true, false, false],
        '│' => [false, false, true, true],
        '╭' => [false, true, false, true],
        '╮' => [true, false, false, true],
        '╰' => [false, true, true, false],
        '╯' => [true, false, true, false],
        '├' => [false, true, true, true],
        '┬' => [true, true, false, true],
        _ => return None,
    })
}

fn lines(text: &mut String, y: usize, row: &[Cell]) {
    for (x, cell) in row.iter().enumerate() {
        let (across, down) = middle(x, y);
        let (left, right) = (MARGIN + x * CELL.0, MARGIN + (x + 1) * CELL.0);
        let (top, bottom) = (2 * MARGIN + y * CELL.1, 2 * MARGIN + (y + 1) * CELL.1);
        let class = match cell.ink {
            Ink::Broken => "broken",
            Ink::Warn => "bad",
            _ => "line",
        };
        if let Some([is_left, is_right, is_up, is_down]) = arms(cell.sign) {
            let ends = [
                (is_left, left, down),
                (is_right, right, down),
                (is_up, across, top),
                (is_down, across, bottom),
            ];
            let path: String = ends
                .into_iter()
                .filter(|(is, ..)| *is)
                .fold(String::new(), |path, (_, x, y)| path + &format!("M{across} {down}L{x} {y}"));
            _ = writeln!(text, "<path class=\"{class}\" d=\"{path}\"/>");
        }
        let (over, under, before, behind) = (down - 5, down + 5, across - 5, across + 5);
        let shape = match cell.sign {
            '▸' => format!(
                "<path class=\"head\" d=\"M{left} {over}L{right} {down}L{left} {under}Z\"/>"
            ),
            '▾' => format!(
                "<path class=\"head\" d=\"M{before} {top}L{behind} {top}L{across} {down}Z\"/>"
            ),
            '✕' => format!(
                "<path class=\"bad\" d=\"M{left} {over}L{right} {under}M{left} {under}L{right} {over}\"/>"
            ),
            '●' => format!("<circle class=\"mark\" cx=\"{across}\" cy=\"{down}\" r=\"4\"/>"),
            _ => continue,
        };
        _ = writeln!(text, "{shape}");
    }
}

/// The words of a row: a text for each run of one ink.
fn words(text: &mut String, y: usize, row: &[Cell]) {
    let mut at = 0;
    for run in row.chunk_by(|one, next| one.ink == next.ink) {
        let is_drawn = |sign: char| arms(sign).is_some() || matches!(sign, '▸' | '▾' | '✕' | '●');
        let words: String =
            run.iter().map(|cell| if is_drawn(cell.sign) { ' ' } else { cell.sign }).collect();
        let ink = run.first().map_or(Ink::Blank, |cell| cell.ink);
        let class = match ink {
            Ink::Title => "title",
            Ink::Quiet | Ink::Detail(_) => "quiet",
            Ink::Warn => "warn",
            _ => "name",
        };
        let skipped = words.chars().take_while(|sign| *sign == ' ').count();
        let words = words.trim();
        if !words.is_empty() {
            let (x, _) = middle(at + skipped, y);
            let (x, length) = (x - CELL.0 / 2, words.chars().count() * CELL.0);
            let base = 2 * MARGIN + y * CELL.1 + CELL.1 * 7 / 10;
            _ = writeln!(
                text,
                "<text class=\"{class}\" x=\"{x}\" y=\"{base}\" textLength=\"{length}\">{}</text>",
                escaped(words)
            );
        }
        at += run.len();
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
