//! A picture of the screen as SVG: text stays text, each run of one style is as wide as its cells.

use std::fmt::Write as _;

use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};

/// Size of a cell, in pixels. Lines stand so close that frames join.
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
    for row in 0..rows {
        let y = MARGIN + f64::from(row) * CELL_HEIGHT + 13.0;
        let mut column = 0;
        while column < columns {
            let cell = &buffer[(column, row)];
            let mut text = String::new();
            let first = column;
            while column < columns && is_alike(&buffer[(column, row)], cell) {
                text.push_str(buffer[(column, row)].symbol());
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
    let fill = if cell.modifier.contains(Modifier::REVERSED) {
        r##" fill="#ffffff" text-decoration="underline""##.to_owned()
    } else {
        color(cell.fg).map_or_else(String::new, |color| format!(r#" fill="{color}""#))
    };
    let _ = writeln!(
        out,
        r#"<text x="{x:.1}" y="{y:.1}" textLength="{length:.1}" lengthAdjust="spacingAndGlyphs"{weight}{fill}>{}</text>"#,
        escape(&shown)
    );
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
