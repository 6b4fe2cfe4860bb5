//! The glyph of a cell of line, by the weight of each of its four arms.
//!
//! Three weights, so that lines differ without colours too: light for most, heavy for what the focused node has to do
//! with, double for the critical path.

/// The arms of a cell: up, right, down and left, each from 0 (none) to [`DOUBLE`].
pub(super) type Arms = [u8; 4];

/// Most lines.
pub(super) const LIGHT: u8 = 1;
/// Lines of what the focused node has to do with.
pub(super) const HEAVY: u8 = 2;
/// Lines of the critical path.
pub(super) const DOUBLE: u8 = 3;

/// A row for each pair of up and right, a letter for each pair of down and left. Pairs of weights that Unicode does not
/// join have the nearest glyph that shows all arms.
const JOINTS: [&str; 16] = [
    " ╴╸═╷╮┑╕╻┒┓╕║╖╖╗",
    "╶─╾═╭┬┭╤┎┰┱╤╓╥╥╦",
    "╺╼━═┍┮┯╤┏┲┳╤╓╥╥╦",
    "════╒╤╤╤╒╤╤╤╔╦╦╦",
    "╵╯┙╛│┤┥╡╽┧┪╡║╢╢╣",
    "╰┴┵╧├┼┽╪┟╁╅╪╟╫╫╬",
    "┕┶┷╧┝┾┿╪┢╆╈╪╟╫╫╬",
    "╘╧╧╧╞╪╪╪╞╪╪╪╠╬╬╬",
    "╹┚┛╛╿┦┩╡┃┨┫╡║╢╢╣",
    "┖┸┹╧┞╀╃╪┠╂╉╪╟╫╫╬",
    "┗┺┻╧┡╄╇╪┣╊╋╪╟╫╫╬",
    "╘╧╧╧╞╪╪╪╞╪╪╪╠╬╬╬",
    "║╜╜╝║╢╢╣║╢╢╣║╢╢╣",
    "╙╨╨╩╟╫╫╬╟╫╫╬╟╫╫╬",
    "╙╨╨╩╟╫╫╬╟╫╫╬╟╫╫╬",
    "╚╩╩╩╠╬╬╬╠╬╬╬╠╬╬╬",
];

/// The glyph for a cell.
pub(super) fn joint([up, right, down, left]: Arms, ascii: bool) -> char {
    if ascii {
        return plain([up, right, down, left]);
    }
    JOINTS
        .get(usize::from(up) * 4 + usize::from(right))
        .and_then(|row| row.chars().nth(usize::from(down) * 4 + usize::from(left)))
        .unwrap_or(' ')
}

fn plain([up, right, down, left]: Arms) -> char {
    let (upright, level) = (up.max(down), right.max(left));
    match (upright, level) {
        (0, 0) => ' ',
        (0, DOUBLE) | (DOUBLE, _) => '#',
        (0, HEAVY) => '=',
        (0, _) => '-',
        (_, 0) => '|',
        _ => '+',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_of_every_arm_has_a_glyph() {
        for row in JOINTS {
            assert_eq!(row.chars().count(), 16);
        }
        assert_eq!(joint([0, 1, 1, 0], false), '╭');
        assert_eq!(joint([2, 0, 2, 0], false), '┃');
        assert_eq!(joint([1, 3, 1, 0], false), '╞');
        assert_eq!(joint([1, 1, 1, 1], true), '+');
        assert_eq!(joint([9, 9, 9, 9], false), ' ');
    }
}
