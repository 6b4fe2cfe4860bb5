//! A picture of the screen as SVG: text stays text, each run of one style is as wide as its cells. Lines and bars are
//! drawn as shapes, so that borders and corners join in every viewer, whatever its fonts.

use std::fmt::Write as _;

use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};

/// Size of a cell, in pixels.
const CELL_WIDTH: f64 = 8.4;
const CELL_HEIGHT: f64 = 17.0;
const MARGIN: f64 = 14.0;

/// Draws cells; `title` is read to those who cannot see it.
pub fn svg(buffer: &Buffer, title: &str) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let width = f64::from(columns) * CELL_WIDTH + 2.0 * MARGIN;
    let height = f64::from(rows) * CELL_HEIGHT + 2.0 * MARGIN;
    let mut out = String::new();
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0} {height:.0}" width="{width:.0}" height="{height:.0}" role="img">"#
    );
    let _ = writeln!(out, "<title>{}</title>", escape(title));
    let _ = writeln!(out, r##"<rect width="100%" height="100%" rx="8" fill="#15181e"/>"##);
    let _ = writeln!(
        out,
        r##"<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="#d7dae0" xml:space="preserve">"##
    );
    shapes(&mut out, buffer);
    for row in 0..rows {
        let y = MARGIN + f64::from(row) * CELL_HEIGHT + 13.0;
        let mut column = 0;
        while column < columns {
            let cell = &buffer[(column, row)];
            let mut text = String::new();
            let first = column;
            while column < columns && is_alike(&buffer[(column, row)], cell) {
                let symbol = buffer[(column, row)].symbol();
                text.push_str(if is_shape(symbol) { " " } else { symbol });
                column += 1;
            }
            if !text.trim().is_empty() {
                run(&mut out, cell, &text, first, y);
            }
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn is_alike(one: &Cell, other: &Cell) -> bool {
    // Signs that fonts draw at other widths stand alone, so that they cannot push what follows.
    let sign = |cell: &Cell| !cell.symbol().is_ascii();
    one.fg == other.fg && one.modifier == other.modifier && sign(one) == sign(other)
}

fn run(out: &mut String, cell: &Cell, text: &str, first: u16, y: f64) {
    let lead = text.chars().take_while(|letter| *letter == ' ').count();
    let text = text.trim_end();
    let shown: String = text.chars().skip(lead).collect();
    let count = shown.chars().count();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred columns")]
    let (x, length) =
        (MARGIN + (f64::from(first) + lead as f64) * CELL_WIDTH, count as f64 * CELL_WIDTH);
    let weight = if cell.modifier.contains(Modifier::BOLD) { r#" font-weight="bold""# } else { "" };
    let fill =
        if cell.modifier.contains(Modifier::REVERSED) { Some(GROUND) } else { color(cell.fg) };
    let fill = fill.map_or_else(String::new, |color| format!(r#" fill="{color}""#));
    let _ = writeln!(
        out,
        r#"<text x="{x:.1}" y="{y:.1}" textLength="{length:.1}" lengthAdjust="spacingAndGlyphs"{weight}{fill}>{}</text>"#,
        escape(&shown)
    );
}

/// Ground and text.
const GROUND: &str = "#15181e";
const INK: &str = "#d7dae0";

/// Where the line of a sign goes from the middle of its cell (left, right, up, down), and how thick it is.
fn arms(symbol: &str) -> Option<([bool; 4], f64)> {
    const SIGNS: [(&str, [bool; 4]); 11] = [
        ("─━═╌", [true, true, false, false]),
        ("│┃║", [false, false, true, true]),
        ("┌╭┏╔", [false, true, false, true]),
        ("┐╮┓╗", [true, false, false, true]),
        ("└╰┗╚", [false, true, true, false]),
        ("┘╯┛╝", [true, false, true, false]),
        ("├┣╠", [false, true, true, true]),
        ("┤┫╣", [true, false, true, true]),
        ("┬┳╦", [true, true, false, true]),
        ("┴┻╩", [true, true, true, false]),
        ("┼╋╬", [true, true, true, true]),
    ];
    let arms =
        SIGNS.iter().find(|(signs, _)| signs.contains(symbol)).filter(|_| !symbol.is_empty())?.1;
    let is_thick = "━┃┏┓┗┛┣┫┳┻╋═║╔╗╚╝╠╣╦╩╬".contains(symbol);
    Some((arms, if is_thick { 2.4 } else { 1.2 }))
}

fn is_shape(symbol: &str) -> bool {
    arms(symbol).is_some() || matches!(symbol, "█" | "░")
}

/// Lines, bars and what is turned round: the cells of a row that are alike in one path.
fn shapes(out: &mut String, buffer: &Buffer) {
    let mut paths: std::collections::BTreeMap<(String, String), String> =
        std::collections::BTreeMap::new();
    for row in 0..buffer.area.height {
        for column in 0..buffer.area.width {
            let cell = &buffer[(column, row)];
            let (left, top) =
                (MARGIN + f64::from(column) * CELL_WIDTH, MARGIN + f64::from(row) * CELL_HEIGHT);
            let (right, bottom) = (left + CELL_WIDTH, top + CELL_HEIGHT);
            let ink = color(cell.fg).unwrap_or(INK);
            let whole = format!("M{left:.1} {top:.1}H{right:.1}V{bottom:.1}H{left:.1}Z");
            let mut add = |style: String, path: String| {
                paths.entry((ink.to_owned(), style)).or_default().push_str(&path);
            };
            if cell.modifier.contains(Modifier::REVERSED) {
                add(format!(r#"fill="{ink}""#), whole.clone());
            }
            match cell.symbol() {
                "█" => add(format!(r#"fill="{ink}""#), whole),
                "░" => add(format!(r#"fill="{ink}" fill-opacity="0.25""#), whole),
                symbol => {
                    let Some((arms, thick)) = arms(symbol) else { continue };
                    let (x, y) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
                    let ends = [(left, y), (right, y), (x, top), (x, bottom)];
                    let path = arms.into_iter().zip(ends).filter(|(is, _)| *is);
                    let path: Vec<String> = path
                        .map(|(_, (to_x, to_y))| format!("M{x:.1} {y:.1}L{to_x:.1} {to_y:.1}"))
                        .collect();
                    let dashes =
                        if symbol == "╌" { r#" stroke-dasharray="2.5 1.7""# } else { "" };
                    let style = format!(
                        r#"fill="none" stroke="{ink}" stroke-width="{thick}" stroke-linecap="square"{dashes}"#
                    );
                    add(style, path.concat());
                }
            }
        }
    }
    for ((_, style), path) in paths {
        let _ = writeln!(out, r#"<path {style} d="{path}"/>"#);
    }
}

fn color(color: Color) -> Option<&'static str> {
    Some(match color {
        Color::Cyan => "#5fc9d8",
        Color::Green => "#7ec983",
        Color::Yellow => "#e3c063",
        Color::Red => "#f0716b",
        Color::DarkGray => "#8a919e",
        Color::Blue => "#6ea8fe",
        Color::Magenta => "#d58ae0",
        _ => return None,
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace(' ', "\u{a0}")
}
