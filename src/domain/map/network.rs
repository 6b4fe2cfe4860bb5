//! The network without its firewall: people and Bastion at the left, the subnets at the right, around it what is
//! outside.

use super::pen::{Columns, Frame, Row};
use super::{Ink, MapSubnet, NetworkMap, Sheet};

/// Where the subnets begin.
pub(super) const LEFT: usize = 43;
/// The row on which the network's edge is left to the right.
pub(super) const MIDDLE: usize = 7;
/// Where Bastion's frame begins, and how wide it is.
const BASTION: (usize, usize) = (16, 21);

/// Draws it in so many columns; returns the first row below the subnets, and below everything.
pub(super) fn draw(map: &NetworkMap, sheet: &mut Sheet, width: usize) -> (usize, usize) {
    let mut y = 0;
    for subnet in &map.subnets {
        y = self::subnet(map, sheet, subnet, y, width);
    }
    let inner = way_in(map, sheet);
    let [_, hub, internet] = map.outside;
    outside(map, sheet, hub, 3, if map.linked { Ink::Line } else { Ink::Broken });
    let refused = map.public.is_empty();
    outside(map, sheet, internet, 5, if refused { Ink::Broken } else { Ink::Warn });
    if refused {
        sheet.put(LEFT - 2, 5, '✕', Ink::Warn);
        sheet.put(LEFT - 1, 5, ' ', Ink::Blank);
    }
    let mut row = 7.max(inner);
    let columns = Columns::of(map, &map.beside);
    for number in &map.beside {
        sheet.element(map, *number, Row { x: 0, y: row, width: LEFT - 3, columns });
        row += 1;
    }
    (y, y.max(row))
}

/// People, Bastion and the machines behind it; returns the first row below.
fn way_in(map: &NetworkMap, sheet: &mut Sheet) -> usize {
    let [people, ..] = map.outside;
    sheet.element(map, people, Row { x: 0, y: 1, width: 9, columns: Columns::default() });
    let Some((bastion, prefix)) = &map.bastion else {
        sheet.write((10, 1), LEFT - 12, "no way in but a linked network", Ink::Quiet);
        return 3;
    };
    sheet.across(9..BASTION.0 - 1, 1, Ink::Line);
    sheet.write((10, 0), 5, "https", Ink::Quiet);
    sheet.put(BASTION.0 - 1, 1, '▸', Ink::Line);
    let (x, width) = BASTION;
    sheet.frame(Frame { x, y: 0, width, height: 3, title: "Bastion", foot: prefix });
    sheet.put(x, 1, '│', Ink::Line);
    named(map, sheet, *bastion, (x + 2, 1), width - 3);
    if map.subnets.iter().any(|subnet| !subnet.machines.is_empty()) {
        sheet.across(x + width..LEFT - 1, 1, Ink::Line);
        sheet.write((x + width, 0), 5, " rdp", Ink::Quiet);
        sheet.put(LEFT - 1, 1, '▸', Ink::Line);
    }
    3
}

/// An element by its name alone: what it is stands on its frame.
fn named(map: &NetworkMap, sheet: &mut Sheet, number: usize, (x, y): (usize, usize), width: usize) {
    let Some(element) = map.elements.get(number) else { return };
    sheet.put(x, y, '●', Ink::Mark(number));
    sheet.write((x + 2, y), width - 2, &element.name, Ink::Element(number));
    sheet.spots.push(super::Spot { element: number, x, y, width });
}

/// What is outside, with the line that leads to the network, or does not.
fn outside(map: &NetworkMap, sheet: &mut Sheet, number: usize, y: usize, ink: Ink) {
    let Some(element) = map.elements.get(number) else { return };
    let words = element.title.chars().count() + element.name.chars().count() + 6;
    let columns = Columns::of(map, &[number]);
    sheet.element(map, number, Row { x: 0, y, width: LEFT - 3, columns });
    sheet.across(words.min(LEFT - 2)..LEFT - 1, y, ink);
    sheet.put(LEFT - 1, y, '▸', ink);
}

fn subnet(
    map: &NetworkMap,
    sheet: &mut Sheet,
    subnet: &MapSubnet,
    y: usize,
    width: usize,
) -> usize {
    let heading = usize::from(!subnet.services.is_empty());
    let gap = usize::from(heading > 0 && !subnet.machines.is_empty());
    let height = subnet.machines.len() + gap + heading + subnet.services.len() + 2;
    let title = format!("{}  {}", subnet.name, subnet.prefix);
    sheet.frame(Frame { x: LEFT, y, width: width - LEFT, height, title: &title, foot: "" });
    let all: Vec<usize> = subnet.machines.iter().chain(&subnet.services).copied().collect();
    let columns = Columns::of(map, &all);
    let inside = |y| Row { x: LEFT + 2, y, width: width - LEFT - 4, columns };
    let mut row = y + 1;
    for number in &subnet.machines {
        sheet.element(map, *number, inside(row));
        row += 1;
    }
    row += gap;
    if heading > 0 {
        sheet.write((LEFT + 4, row), width - LEFT - 6, "behind private endpoints", Ink::Quiet);
        row += 1;
    }
    for number in &subnet.services {
        sheet.element(map, *number, inside(row));
        row += 1;
    }
    y + height
}
