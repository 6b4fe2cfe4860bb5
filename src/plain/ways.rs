//! How data gets in and results leave, in plain lines: the open ways in full, the closed ones with their reason.

use super::output::Output;
use crate::domain::ways::{self, Direction, Way};

/// Every way of both directions. The groups of the firewall are named together: the plan tells each.
pub fn show(output: Output, ways: &[Way]) {
    for direction in [Direction::In, Direction::Out] {
        output.say("");
        output.headline(direction.title());
        for way in ways.iter().filter(|way| way.direction == direction && !way.is_of_firewall()) {
            output.hanging("  ", &format!("{}: {}", way.title, way.standing()));
            for sentence in way.sentences() {
                output.hanging("    ", &sentence);
            }
            if let Some(page) = way.page {
                output.hanging("    ", page);
            }
        }
        let groups = ways.iter().filter(|way| way.direction == direction && way.is_of_firewall());
        let titles: Vec<&str> =
            groups.map(|way| way.title.trim_start_matches("Firewall: ")).collect();
        if !titles.is_empty() {
            output.hanging(
                "  ",
                &format!("Firewall: open by choice, carries data out: {}", titles.join(", ")),
            );
        }
    }
    let carried = ways.iter().filter(|way| way.carries_out).count();
    output.say("");
    output.prose(&format!("Open by choice: {}.", ways::counted(carried)));
}
