//! How data gets into the exported environment and how results leave it, as a part of its description.

use std::fmt::Write as _;

use crate::domain::plan::Plan;
use crate::domain::settings::Settings;
use crate::domain::ways::{self, Direction, Doors};

/// The part of the description, with its headings. The plan decides, since the template may be a changed one.
pub(super) fn section(settings: &Settings, plan: &Plan) -> String {
    let ways = ways::ways(&Doors::of_plan(plan).in_studio(settings.cloud.studio()));
    let mut text = String::new();
    for direction in [Direction::In, Direction::Out] {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n## {}\n\n", direction.title());
        for way in ways.iter().filter(|way| way.direction == direction) {
            let page = way.page.map_or_else(String::new, |page| format!(" <{page}>"));
            let sentences = way.sentences().join(" ");
            let _ = writeln!(text, "- **{}**: {}. {sentences}{page}", way.title, way.standing());
        }
    }
    let carried = ways.iter().filter(|way| way.carries_out).count();
    let _ = writeln!(text, "\nOpen by choice: {}.", ways::counted(carried));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::settings::BastionSku;
    use crate::template::plan_tests::{planned, settings};

    #[test]
    fn the_description_tells_each_way_of_the_plan() {
        for (tier, files) in [
            (BastionSku::Basic, "native client**: closed"),
            (BastionSku::Standard, "native client**: open"),
        ] {
            let settings = Settings { bastion: tier, ..settings() };
            let text = section(&settings, &planned(&settings));
            assert!(text.contains(files), "{text}");
            assert!(text.contains("https://ml.azure.com and choose ml-test4821"), "{text}");
            let carried = text.matches("carries data out").count();
            assert!(text.contains(&format!("Open by choice: {carried} ways")), "{text}");
        }
    }
}
