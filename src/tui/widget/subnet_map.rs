//! A picture of an address space: 64 cells in four rows, each with the letter of the subnet it belongs to.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;
use ratatui::{
    style::Style,
    text::{Line, Span},
};

use crate::domain::network::Layout;
use crate::tui::Appearance;

/// Cells of the whole space, and of a row: a row is a quarter of the space.
const CELLS: u32 = 64;
const IN_A_ROW: u32 = 16;
/// Columns between an address and its cells.
const GAP: usize = 2;

/// How many addresses a cell stands for.
pub fn cell(layout: &Layout) -> u32 {
    layout.address_space.size() / CELLS
}

/// Columns that the map takes.
pub(crate) fn width(layout: &Layout) -> usize {
    let longest = (0..CELLS / IN_A_ROW)
        .map(|row| address(layout, row * IN_A_ROW).to_string().len())
        .max()
        .unwrap_or_default();
    longest + GAP + usize::try_from(IN_A_ROW).unwrap_or_default()
}

/// The first address of a cell.
fn address(layout: &Layout, index: u32) -> Ipv4Addr {
    let first = u32::from(layout.address_space.network());
    Ipv4Addr::from(first.saturating_add(index.saturating_mul(cell(layout))))
}

/// The rows of the map.
pub fn map(look: &Appearance, layout: &Layout) -> Vec<Line<'static>> {
    let head = width(layout).saturating_sub(usize::try_from(IN_A_ROW).unwrap_or_default());
    (0..CELLS / IN_A_ROW)
        .map(|row| {
            let begin = row * IN_A_ROW;
            let begins = address(layout, begin).to_string();
            let mut spans = vec![Span::styled(format!("{begins:<head$}"), look.theme.quiet)];
            spans.extend((begin..begin + IN_A_ROW).map(|index| {
                let (letter, style) = letter(look, layout, index, address(layout, index));
                Span::styled(letter, style)
            }));
            Line::from(spans)
        })
        .collect()
}

fn letter(
    look: &Appearance,
    layout: &Layout,
    index: u32,
    address: Ipv4Addr,
) -> (&'static str, Style) {
    let (firewall, bastion, shared) = (layout.firewall, layout.bastion, layout.shared);
    if firewall.prefix.contains(address) {
        ("F", look.theme.warn)
    } else if bastion.prefix.contains(address) {
        ("B", look.theme.accent)
    } else if shared.prefix.contains(address) {
        ("S", look.theme.ok)
    } else if index == 0 {
        ("r", look.theme.quiet)
    } else {
        (look.glyphs.middle, look.theme.quiet)
    }
}

/// What the letters stand for, with the addresses that can be used. In few columns the subnets have short names.
pub(crate) fn legend(look: &Appearance, layout: &Layout, columns: usize) -> Vec<Line<'static>> {
    let rows = rows(look, layout);
    let widest = |text: fn(&(String, String)) -> usize| {
        rows.iter().map(|row| text(&row.3)).max().unwrap_or_default()
    };
    let ranges = widest(|(range, _)| range.len());
    let counts = widest(|(_, count)| count.len()).max("usable".len());
    let form = |long: bool| if long { (0, 19) } else { (1, 8) };
    let (which, names) = form(2 + 19 + 1 + ranges + 1 + counts <= columns);
    let heading = format!(
        "{:<1$}{2:>counts$}",
        format!("one cell = {} addresses", thousands(cell(layout).into())),
        2 + names + 1 + ranges + 1,
        "usable"
    );
    std::iter::once(Line::styled(heading, look.theme.quiet))
        .chain(rows.into_iter().map(|(letter, style, name, (range, count))| {
            let name = name.get(which).copied().unwrap_or_default();
            Line::from(vec![
                Span::styled(letter, style),
                Span::raw(format!(" {name:<names$} {range:<ranges$} {count:>counts$}")),
            ])
        }))
        .collect()
}

/// A letter of the legend: its style, its names in many and in few columns, its range and its addresses.
type Row = (&'static str, Style, [&'static str; 2], (String, String));

fn rows(look: &Appearance, layout: &Layout) -> [Row; 5] {
    let theme = look.theme;
    let space = layout.address_space;
    let reserved = Ipv4Network::new(space.network(), space.prefix() + 6)
        .map(|range| range.to_string())
        .unwrap_or_default();
    let free = layout.free_addresses().saturating_sub(u64::from(cell(layout)));
    let [firewall, bastion, shared] =
        layout.subnets().map(|subnet| (subnet.prefix.to_string(), thousands(subnet.usable)));
    let reserved = (reserved, String::new());
    let free = (String::new(), thousands(free));
    [
        ("F", theme.warn, ["AzureFirewallSubnet", "firewall"], firewall),
        ("B", theme.accent, ["AzureBastionSubnet", "Bastion"], bastion),
        ("S", theme.ok, ["SharedSubnet", "shared"], shared),
        ("r", theme.quiet, ["reserved", "reserved"], reserved),
        (look.glyphs.middle, theme.quiet, ["free for later", "free"], free),
    ]
}

/// A number with its thousands set apart.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    digits
        .char_indices()
        .flat_map(|(index, digit)| {
            let apart = index != 0 && index % 3 == first;
            apart.then_some(',').into_iter().chain([digit])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::Choice;

    fn look() -> Appearance {
        Appearance::new(Choice { color: true, light: false, ascii: false })
    }

    #[test]
    fn each_subnet_has_its_share_of_the_cells() {
        for (space, addresses) in
            [("10.1.0.0/22", 16), ("172.16.0.0/12", 16384), ("10.0.0.0/8", 262_144)]
        {
            let layout = Layout::of(space.parse().unwrap()).unwrap();
            assert_eq!(cell(&layout), addresses);
            let rows: Vec<String> = map(&look(), &layout)
                .iter()
                .map(|line| line.spans.iter().skip(1).map(|span| span.content.as_ref()).collect())
                .collect();
            assert_eq!(
                rows,
                ["r···············", "FFFFFFFFFFFFFFFF", "BBBB····SSSSSSSS", "················"]
            );
        }
    }

    #[test]
    fn what_the_letters_stand_for_fits_where_it_can() {
        for (space, columns) in [("10.1.0.0/22", 42), ("10.0.0.0/8", 42), ("10.100.200.0/21", 34)] {
            let layout = Layout::of(space.parse().unwrap()).unwrap();
            for line in legend(&look(), &layout, columns) {
                assert!(line.width() <= columns, "{space}: {line}");
            }
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(251), "251");
        assert_eq!(thousands(1_048_571), "1,048,571");
    }
}
