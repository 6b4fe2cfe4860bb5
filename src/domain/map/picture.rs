//! Drawing: what lies beside what, by how much room there is.

use super::pen::{Columns, Frame, Row};
use super::{Ink, MapKind, NetworkMap, Sheet, list, network};

/// Columns from which the firewall stands beside the network, and from which there is a picture at all.
const WIDE: usize = 128;
const DRAWN: usize = 84;
/// Columns of the firewall where it stands beside the network.
const FIREWALL: usize = 41;

/// Draws a map in so many columns: a picture, or where it is too narrow for one, a list in the same order.
pub fn draw(map: &NetworkMap, width: usize) -> Sheet {
    let mut sheet = Sheet::new(width);
    match width {
        0..DRAWN => list::draw(map, &mut sheet),
        DRAWN..WIDE => below(map, &mut sheet),
        _ => beside(map, &mut sheet),
    }
    sheet.spots.sort_by_key(|spot| (spot.y, spot.x));
    sheet
}

/// The firewall below the network, as wide as everything.
fn below(map: &NetworkMap, sheet: &mut Sheet) {
    let width = sheet.width;
    let (top, bottom) = network::draw(map, sheet, width);
    let Some((firewall, address)) = &map.firewall else { return };
    let x = network::LEFT + 10;
    let y = bottom.max(top + 1);
    sheet.write((x + 2, top), 40, way(map), way_ink(map));
    let room = Room::of(map, width - 4);
    let rows = map.groups.len().div_ceil(room.columns.len().max(1));
    let title = format!("Firewall  {address}");
    sheet.frame(Frame { x: 0, y, width, height: rows + 3, title: &title, foot: "" });
    if map.way_out.is_some() {
        (top..y).for_each(|row| sheet.put(x, row, '│', Ink::Line));
        sheet.put(x, top.saturating_sub(1), '┬', Ink::Line);
        sheet.put(x, y, '▾', Ink::Line);
    }
    let place = Columns::of(map, &[*firewall]);
    sheet.element(map, *firewall, Row { x: 2, y: y + 1, width: 34, columns: place });
    sheet.write((38, y + 1), width - 40, &denies(map), Ink::Quiet);
    let mut x = 2;
    for (column, each) in room.columns.iter().enumerate() {
        let groups = map.groups.iter().skip(column * rows).take(rows);
        for (row, group) in groups.enumerate() {
            self::group(map, sheet, *group, (x, y + 2 + row), *each, room.counts);
        }
        x += each + 2;
    }
}

/// How the groups stand below each other: the columns' widths, and whether the number of rules has room.
struct Room {
    columns: Vec<usize>,
    counts: bool,
}

impl Room {
    /// As many columns as have room for whole titles; at least two, whose titles may be cut.
    fn of(map: &NetworkMap, width: usize) -> Self {
        for (many, counts) in [(4, true), (4, false), (3, true), (3, false)] {
            let columns = Self::widths(map, many, counts);
            if columns.iter().map(|each| each + 2).sum::<usize>() <= width + 2 {
                return Self { columns, counts };
            }
        }
        Self { columns: vec![width / 2 - 2; 2], counts: true }
    }

    fn widths(map: &NetworkMap, many: usize, counts: bool) -> Vec<usize> {
        let rows = map.groups.len().div_ceil(many).max(1);
        let title =
            |number: &usize| map.elements.get(*number).map_or(0, |it| it.title.chars().count());
        let widest = |part: &[usize]| part.iter().map(title).max().unwrap_or_default();
        map.groups.chunks(rows).map(|part| widest(part) + if counts { 7 } else { 4 }).collect()
    }
}

/// The firewall to the right of the network, with a row for each group.
fn beside(map: &NetworkMap, sheet: &mut Sheet) {
    let (x, right) = (sheet.width - FIREWALL, FIREWALL);
    let (bottom, _) = network::draw(map, sheet, x - 7);
    let Some((firewall, address)) = &map.firewall else { return };
    let title = format!("Firewall  {address}");
    let height = (map.groups.len() + 5).max(bottom);
    let columns = Columns::of(map, &[*firewall]);
    sheet.frame(Frame { x, y: 0, width: right, height, title: &title, foot: "" });
    if map.way_out.is_some() {
        let y = network::MIDDLE.min(bottom.saturating_sub(2));
        sheet.across(x - 7..x - 1, y, Ink::Line);
        sheet.put(x - 8, y, '├', Ink::Line);
        sheet.put(x - 1, y, '▸', Ink::Line);
        sheet.write((x - 6, y + 1), 5, "all", Ink::Quiet);
    }
    sheet.element(map, *firewall, Row { x: x + 2, y: 1, width: right - 4, columns });
    sheet.write((x + 2, 2), right - 4, &denies(map), Ink::Quiet);
    for (row, group) in map.groups.iter().enumerate() {
        self::group(map, sheet, *group, (x + 2, 4 + row), right - 4, true);
    }
}

/// A group: what it is for, how many rules it has, and whether data can leave through it.
fn group(
    map: &NetworkMap,
    sheet: &mut Sheet,
    number: usize,
    (x, y): (usize, usize),
    width: usize,
    counts: bool,
) {
    let Some(element) = map.elements.get(number) else { return };
    let is_wide = element.kind == MapKind::WideGroup;
    let count = element.name.split(' ').next().filter(|_| counts);
    let count = count.map_or_else(String::new, |count| format!("{count:>3}"));
    let tail = format!("{count} {}", if is_wide { '!' } else { ' ' });
    let title = width.saturating_sub(2 + tail.chars().count());
    sheet.put(x, y, '●', Ink::Mark(number));
    sheet.write((x + 2, y), title, &element.title, Ink::Element(number));
    let ink = if is_wide { Ink::Warn } else { Ink::Quiet };
    sheet.write((x + 2 + title, y), tail.chars().count(), &tail, ink);
    sheet.spots.push(super::Spot { element: number, x, y, width });
}

/// Where everything goes, or that nothing sends it to the firewall.
fn way(map: &NetworkMap) -> &'static str {
    match &map.way_out {
        Some(_) => "everything out, 0.0.0.0/0",
        None => "no default route leads to the firewall",
    }
}

fn way_ink(map: &NetworkMap) -> Ink {
    if map.way_out.is_some() { Ink::Quiet } else { Ink::Warn }
}

fn denies(map: &NetworkMap) -> String {
    let wide = map.groups.iter().filter_map(|group| map.elements.get(*group));
    let wide = wide.filter(|group| group.kind == MapKind::WideGroup).count();
    let all = map.groups.len();
    match (all, wide) {
        (0, _) => "denies everything".to_owned(),
        (_, 0) => format!("denies all but {all} groups"),
        _ => format!("denies all else; {wide} (!) let data out"),
    }
}
