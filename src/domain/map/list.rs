//! The map as a list, in the order of the picture: where there is no room to draw, and for those who listen.

use super::pen::{Columns, Row};
use super::{Ink, MapKind, NetworkMap, Sheet};

/// Writes every element on a row of its own, below what it is part of.
pub(super) fn draw(map: &NetworkMap, sheet: &mut Sheet) {
    let [people, hub, internet] = map.outside;
    let bastion = map.bastion.iter().map(|(number, _)| *number);
    part(map, sheet, "Way in", std::iter::once(people).chain(bastion).chain([hub, internet]));
    for subnet in &map.subnets {
        let title = format!("{}  {}", subnet.name, subnet.prefix);
        part(map, sheet, &title, subnet.machines.iter().chain(&subnet.services).copied());
    }
    if let Some((firewall, address)) = &map.firewall {
        let title = format!("Firewall  {address}");
        part(map, sheet, &title, std::iter::once(*firewall).chain(map.groups.iter().copied()));
    }
    part(map, sheet, "Around it", map.beside.iter().copied());
}

fn part(map: &NetworkMap, sheet: &mut Sheet, title: &str, numbers: impl Iterator<Item = usize>) {
    let width = sheet.width;
    sheet.write((0, sheet.height()), width, title, Ink::Title);
    let numbers: Vec<usize> = numbers.collect();
    let columns = Columns::of(map, &numbers);
    for number in numbers {
        let y = sheet.height();
        sheet.element(map, number, Row { x: 1, y, width: width.saturating_sub(4), columns });
        let is_wide = map.elements.get(number).is_some_and(|it| it.kind == MapKind::WideGroup);
        if is_wide {
            sheet.put(width.saturating_sub(2), y, '!', Ink::Warn);
        }
    }
}
