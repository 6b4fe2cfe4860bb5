//! Sentences about a plan that every face says: how long it takes, what it costs, where it is open.
//!
//! They only word what the plan and the estimate say; nothing is worked out here.

use std::time::Duration;

use super::cost::Estimate;
use super::json::text;
use super::plan::{Plan, PlannedResource};
use super::progress::{Course, Late};
use super::settings::{DatastoreAccess, Settings};
use super::ways::{self, Direction, Doors};
use super::words;

/// One sentence on how long it usually takes.
pub fn time_sentence(plan: &Plan) -> String {
    let decides = longest(plan).map_or_else(String::new, |it| {
        format!(" {} ({}) usually takes longest.", it.name, it.description)
    });
    let usual = Duration::from_secs(plan.critical_seconds.into());
    format!("Usually about {}.{decides}", words::duration(usual))
}

/// One sentence on the end of what has run for so long: how late it is where it is late, else what is left.
pub fn prospect(course: &Course, elapsed: Duration) -> String {
    if let Some(late) = &course.late {
        return self::late(late);
    }
    let (usual, left) = (words::duration(course.usual), words::duration(course.left));
    if course.has_failed {
        return if course.left.is_zero() {
            "Something has failed; Azure has not told the end yet.".to_owned()
        } else {
            format!("Something has failed; what else runs usually ends in about {left}.")
        };
    }
    if course.left.is_zero() {
        return format!("Usually {usual} in all; Azure has not told the end yet.");
    }
    let expected = elapsed.saturating_add(course.left);
    // A tenth more is no news.
    if expected > course.usual + course.usual / 10 {
        let expected = words::duration(expected);
        return format!("Usually {usual} in all, this time about {expected}: about {left} left.");
    }
    format!("Usually {usual} in all: about {left} left.")
}

/// One sentence for what takes longer than usual. How much longer is not known, so no number says it.
pub fn late(late: &Late) -> String {
    let after = match late.after {
        Duration::ZERO => String::new(),
        after => format!(" What waits for it usually takes {}.", words::duration(after)),
    };
    format!(
        "{} usually takes {}; it has taken {}.{after}",
        late.name,
        words::range(late.usual, late.slow),
        words::duration(late.taken)
    )
}

/// How practice time passes, for whoever sees ten minutes pass in ten seconds; nothing where it passes as it does.
pub fn practice_time(speed: f64) -> Option<String> {
    let here = Duration::from_mins(10).div_f64(speed.max(0.01));
    let here = match here.as_secs() {
        0 => "less than a second".to_owned(),
        _ => words::duration(here),
    };
    let differs = (speed - 1.0).abs() > 0.001;
    differs.then(|| format!("Practice time runs {speed} times as fast: 10 min pass in {here}."))
}

/// The resource of the critical path that takes longest.
fn longest(plan: &Plan) -> Option<&PlannedResource> {
    let on_path = |resource: &&PlannedResource| plan.critical_path.contains(&resource.symbol);
    plan.resources.iter().filter(on_path).max_by_key(|resource| resource.seconds)
}

/// One sentence on what it costs to keep, with the date of the prices.
pub fn cost_sentence(estimate: &Estimate) -> String {
    format!(
        "{}, used or not; what is billed by use comes on top. {}.",
        words::capital(&estimate.about()),
        estimate.age()
    )
}

/// What a yes agrees to about the jumpbox's Windows, where it runs under a licence of the user's own: the machine's
/// `licenseType` attests it to Azure, and its price is without Windows
/// (<https://learn.microsoft.com/azure/virtual-machines/windows/windows-desktop-multitenant-hosting-deployment>).
pub fn windows_licence(plan: &Plan) -> Option<&'static str> {
    let licence =
        |each: &PlannedResource| text(&each.body, "/properties/licenseType") == "Windows_Client";
    let attested = plan.resources.iter().any(licence);
    attested.then_some(
        "Windows licence: by deploying you confirm to Azure that everybody who uses the jumpbox has a licence for \
         Windows 11 with multitenant hosting rights, such as Windows Enterprise E3 or E5 per user, Windows VDA, or \
         Microsoft 365 E3 or E5. Azure sells none for this machine, and its price contains none.",
    )
}

/// What else a yes agrees to: choices that are easily taken for something else, each in a sentence.
pub fn agreed_too(settings: &Settings) -> Vec<String> {
    let mut sentences = Vec::new();
    if settings.datastore_access == DatastoreAccess::AccountKey {
        sentences.push(
            "The workspace reaches its data by the storage account's key, which whoever has it can use; no roles are \
             assigned."
                .to_owned(),
        );
    }
    if let Some(hub) = &settings.hub {
        let name = hub.rsplit('/').next().unwrap_or(hub);
        sentences.push(format!(
            "The hub {name} is not linked by this: the deployment only keeps the address spaces apart. It is linked \
             afterwards, after a question of its own."
        ));
    }
    if !settings.hosts.is_empty() {
        let hosts: Vec<&str> = settings.hosts.iter().map(|host| host.host.as_str()).collect();
        sentences.push(format!("Hosts of your own that are let through: {}.", hosts.join(", ")));
    }
    sentences
}

/// One sentence on what lets data leave: how many ways, and which. The audit counts the same.
pub fn holes(plan: &Plan) -> String {
    let ways = ways::out(&Doors::of_plan(plan));
    if ways.is_empty() {
        return "Open by choice: no way carries data out.".to_owned();
    }
    format!(
        "Open by choice: {}: {}. The plan marks those groups with !.",
        ways::counted(ways.len()),
        ways::in_short(&ways, Direction::Out)
    )
}
