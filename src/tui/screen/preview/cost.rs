//! What it costs while it exists, dearest first: rows that add up to the sum below them, what other uses of it cost,
//! and what is billed by use.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use crate::app::App;
use crate::app::screen::preview;
use crate::domain::cost::{CostLine, Currency, Estimate, Mode, UsageLine};
use crate::domain::words::capital;
use crate::tui::canvas::{Canvas, below};
use crate::tui::text;

/// Columns of an amount with the gap before it.
const AMOUNT: usize = 14;

/// One row of the list.
enum CostRow<'a> {
    Line(&'a CostLine),
    Sum,
    Without,
    Mode(Mode, Estimate),
    Usage(&'a UsageLine),
}

/// Draws the cost; `whole` shows every line and can be walked through.
pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect, whole: bool) {
    let theme = canvas.look.theme;
    let inner = canvas.panel(area, "Cost while it exists", whole);
    let Some(estimate) = preview::cost(app) else { return };
    let rest = if app.start.practice {
        let words = "On the practice cloud nothing costs anything. If it did, it would be:";
        canvas.prose(inner, words, theme.ok)
    } else {
        inner
    };
    if whole { every_row(app, canvas, rest, &estimate) } else { in_short(canvas, rest, &estimate) }
}

fn every_row(app: &App, canvas: &mut Canvas<'_>, area: Rect, estimate: &Estimate) {
    let theme = canvas.look.theme;
    let columns = usize::from(area.width);
    let foot = remarks(estimate, columns, usize::from(area.height) / 3);
    let rows: Vec<CostRow<'_>> = estimate
        .lines
        .iter()
        .map(CostRow::Line)
        .chain([CostRow::Sum])
        .chain((!estimate.is_whole()).then_some(CostRow::Without))
        .chain(Mode::ALL.into_iter().map(|mode| CostRow::Mode(mode, estimate.in_mode(mode))))
        .chain(estimate.usage.iter().map(CostRow::Usage))
        .collect();
    let selected = app.preview.selected().min(rows.len().saturating_sub(1));
    let height = u16::try_from(foot.len()).unwrap_or(u16::MAX);
    let area = canvas.lines(area, [heads(canvas, columns)]);
    let list = Rect { height: area.height.saturating_sub(height), ..area };
    let left = canvas.list(list, &rows, selected, false, |_, row, _| match row {
        CostRow::Line(line) => amounts(line, estimate.currency, columns),
        CostRow::Sum => {
            let name = if estimate.is_whole() { "Together" } else { "Together at least" };
            amounts_row(name, estimate.monthly, estimate.daily, estimate.currency, columns)
                .style(theme.strong)
        }
        CostRow::Without => {
            let words = format!("Without the price of {}", estimate.missing.join(", "));
            Line::styled(words, theme.warn)
        }
        CostRow::Mode(mode, used) => Line::from(vec![
            Span::styled(format!("{}: ", mode.words()), theme.quiet),
            Span::raw(used.short()),
        ]),
        CostRow::Usage(line) => {
            let example = line.example_words(estimate.currency);
            let example = example.map_or_else(String::new, |example| format!("  ({example})"));
            Line::from(vec![
                Span::styled(format!("By use  {}: ", line.what), theme.quiet),
                Span::raw(line.unit_price(estimate.currency)),
                Span::styled(example, theme.quiet),
            ])
        }
    });
    let rest = below(area, list.height.saturating_sub(left.height));
    show_foot(canvas, rest, foot);
}

/// The dearest rows and the sum; what the rows in sight leave out is one row more, so that they add up.
fn in_short(canvas: &mut Canvas<'_>, area: Rect, estimate: &Estimate) {
    let columns = usize::from(area.width);
    let foot = foot(estimate, columns, 3);
    let costing: Vec<&CostLine> = estimate.lines.iter().filter(|line| line.monthly > 0.0).collect();
    let room = usize::from(area.height).saturating_sub(foot.len() + 1);
    let shown = if costing.len() > room { room.saturating_sub(1) } else { costing.len() };
    let mut lines = vec![heads(canvas, columns)];
    lines.extend(costing.iter().take(shown).map(|line| amounts(line, estimate.currency, columns)));
    if shown < costing.len() {
        let rest = costing.iter().skip(shown);
        let (monthly, daily) = rest.fold((0.0, 0.0), |(monthly, daily), line| {
            (monthly + line.monthly, daily + line.daily)
        });
        let name = format!("and {} more", costing.len() - shown);
        lines.push(amounts_row(&name, monthly, daily, estimate.currency, columns));
    }
    let rest = canvas.lines(area, lines);
    show_foot(canvas, rest, foot);
}

fn amounts(line: &CostLine, currency: Currency, columns: usize) -> Line<'static> {
    amounts_row(&line.name(), line.monthly, line.daily, currency, columns)
}

/// A name with its month and, where there is room, its day.
fn amounts_row(
    name: &str,
    monthly: f64,
    daily: f64,
    currency: Currency,
    columns: usize,
) -> Line<'static> {
    Line::raw(cells(name, &currency.exactly(monthly), &currency.exactly(daily), columns))
}

/// The heads of the columns.
fn heads(canvas: &Canvas<'_>, columns: usize) -> Line<'static> {
    Line::styled(cells("", "a month", "a day", columns), canvas.look.theme.quiet)
}

fn cells(name: &str, month: &str, day: &str, columns: usize) -> String {
    let both = columns >= 3 * AMOUNT + 14;
    let amounts = if both { 2 * AMOUNT } else { AMOUNT };
    let width = columns.saturating_sub(amounts).min(54);
    let day = if both { format!("{day:>AMOUNT$}") } else { String::new() };
    format!("{:<width$}{month:>AMOUNT$}{day}", text::fit(name, width))
}

/// What has to be known beside the sum, in no more rows than that.
fn remarks(estimate: &Estimate, columns: usize, most: usize) -> Vec<(bool, String)> {
    let lines = estimate.remarks().into_iter().flat_map(|remark| text::wrap(&remark, columns));
    lines.take(most).map(|line| (false, line)).collect()
}

/// The sum, with its remarks.
fn foot(estimate: &Estimate, columns: usize, most: usize) -> Vec<(bool, String)> {
    let sum = text::wrap(&capital(&estimate.total()), columns).into_iter().map(|line| (true, line));
    sum.chain(remarks(estimate, columns, most)).collect()
}

fn show_foot(canvas: &mut Canvas<'_>, area: Rect, foot: Vec<(bool, String)>) {
    let theme = canvas.look.theme;
    let lines = foot
        .into_iter()
        .map(|(sum, words)| Line::styled(words, if sum { theme.strong } else { theme.quiet }));
    canvas.lines(area, lines);
}
