//! The whole way from here to the first job, to be read: each step with what is known of it now. Then how data gets in
//! and results leave.
//!
//! What can be seen from here is told as done or to do; the rest is only seen from inside, and said to be so. Nothing
//! is checked here: what was read last is used.

use super::bastion_address;
use super::guide::job_identity;
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::app::screen::status::StatusReading;
use crate::domain::allowlist::Allowlist;
use crate::domain::environment::Record;
use crate::domain::health::{self, HealthPart, HealthState};
use crate::domain::settings::DnsZones;
use crate::domain::ways::{self, Direction, Doors, Hub, Way};

/// The group of the allowlist that enrolling a device needs.
const ENROLMENT: &str = "device-enrolment";

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AccessStepStatus {
    Done,
    ToDo,
    /// Nothing here can tell.
    Inside,
    /// It could be told, and nobody has looked.
    Unread,
}

impl AccessStepStatus {
    fn words(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::ToDo => "to do",
            Self::Inside => "only seen from inside",
            Self::Unread => "not looked for yet",
        }
    }
}

/// One step.
struct AccessStep {
    title: &'static str,
    standing: AccessStepStatus,
    words: Vec<String>,
}

/// Where the password is.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::app) enum Password<'a> {
    /// Nobody has looked.
    #[default]
    Unread,
    /// Not on this machine.
    Elsewhere,
    /// Here, in a few words.
    At(&'a str),
}

/// Everything that is known besides the record.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::app) struct AccessFacts<'a> {
    /// What was read of the environment last, if it was.
    pub(in crate::app) seen: Option<&'a StatusReading>,
    /// Where the password is.
    pub(in crate::app) password: Password<'a>,
    /// True on the practice cloud.
    pub(in crate::app) practice: bool,
}

/// The way in, from the first door to the first job.
pub(in crate::app) fn way(record: &Record, known: AccessFacts<'_>) -> Viewer {
    let steps = names(record, known).into_iter().chain([
        jumpbox(record, known),
        credentials(record, known),
        enrolment(record),
        studio(record),
        cluster(record, known),
        instance(record),
        samples(),
    ]);
    let mut paragraphs = Vec::new();
    for (number, step) in (1..).zip(steps) {
        let heading = format!("{number}  {}: {}", step.title, step.standing.words());
        paragraphs.push((ParagraphKind::Heading, heading));
        paragraphs.extend(step.words.into_iter().map(|words| (ParagraphKind::Text, words)));
        paragraphs.push((ParagraphKind::Text, String::new()));
    }
    let refusal = "From your own machine the studio will refuse you: that is the point. For many users, H connects \
                   the network to a VPN hub.";
    paragraphs.push((ParagraphKind::Text, refusal.to_owned()));
    paragraphs.push((ParagraphKind::Text, String::new()));
    let ways = ways::ways(&doors(record, known.seen));
    for direction in [Direction::In, Direction::Out] {
        paragraphs.extend(data(&ways, direction));
    }
    paragraphs.push((ParagraphKind::Text, others(record)));
    if known.practice {
        let practice =
            "This is the PRACTICE cloud: there is no such portal page, and nothing to pay.";
        paragraphs.push((ParagraphKind::Text, practice.to_owned()));
    }
    Viewer::new("The way in", paragraphs)
}

/// The doors of an environment, with what was read of its hub.
pub(crate) fn doors(record: &Record, seen: Option<&StatusReading>) -> Doors {
    let hub = match seen.map(|seen| health::is_linked(&seen.parts)) {
        Some(true) => Hub::Linked,
        Some(false) => Hub::NotLinked,
        None => Hub::Unread,
    };
    Doors::of_settings(&record.settings, hub)
}

/// The ways of a direction: each with how it stands, what to do, its roles and its limits.
fn data(ways: &[Way], direction: Direction) -> Vec<(ParagraphKind, String)> {
    let mut paragraphs = Vec::new();
    for way in ways.iter().filter(|way| way.direction == direction) {
        let heading = format!("{}  {}: {}", direction.title(), way.title, way.standing());
        paragraphs.push((ParagraphKind::Heading, heading));
        let text = way.sentences().into_iter().map(|words| (ParagraphKind::Text, words));
        paragraphs.extend(text);
        paragraphs.extend(way.page.map(|page| (ParagraphKind::Quiet, page.to_owned())));
        paragraphs.push((ParagraphKind::Text, String::new()));
    }
    paragraphs
}

fn part<'a>(known: AccessFacts<'a>, title: &str) -> Option<&'a HealthPart> {
    known.seen?.parts.iter().find(|part| part.title == title)
}

/// Before anything else where the zones exist elsewhere: until the names are registered, nothing inside is found.
fn names(record: &Record, known: AccessFacts<'_>) -> Option<AccessStep> {
    if record.settings.dns_zones == DnsZones::Create {
        return None;
    }
    let elsewhere = known.seen.and_then(|seen| seen.elsewhere.as_ref());
    let standing = match elsewhere {
        Some(elsewhere) if elsewhere.wrong() > 0 => AccessStepStatus::ToDo,
        Some(elsewhere)
            if elsewhere.registered() == elsewhere.names.len() && !elsewhere.names.is_empty() =>
        {
            AccessStepStatus::Done
        }
        Some(_) => AccessStepStatus::Inside,
        None => AccessStepStatus::Unread,
    };
    let mut words = vec![format!(
        "The private DNS zones exist elsewhere: their owner registers the names and links the \
         zones to vnet-{0}. The row Names on the status and `privateaml status {0}` list them with \
         commands; `privateaml verify {0}` looks from on-premises.",
        record.full_name
    )];
    for name in elsewhere.iter().flat_map(|elsewhere| &elsewhere.names) {
        words.push(format!("{}  {}  {}", name.name, name.address, name.sight.words()));
    }
    Some(AccessStep { title: "Have the names registered", standing, words })
}

fn jumpbox(record: &Record, known: AccessFacts<'_>) -> AccessStep {
    let (standing, state) = match part(known, "Jumpbox").map(|part| part.state) {
        Some(HealthState::Good) => (AccessStepStatus::Done, "The jumpbox runs."),
        Some(HealthState::Off) => (
            AccessStepStatus::ToDo,
            "The jumpbox is stopped: J on the status starts it, and so does `privateaml connect`.",
        ),
        Some(_) => (
            AccessStepStatus::ToDo,
            "The jumpbox is neither running nor stopped: look at it on the status.",
        ),
        None => (AccessStepStatus::Unread, "Whether the jumpbox runs is seen on the status."),
    };
    AccessStep {
        title: "Start the jumpbox and open it through Bastion",
        standing,
        words: vec![
            state.to_owned(),
            format!("In the portal: vm-{}, Connect, Bastion. The page is:", record.full_name),
            bastion_address(record),
        ],
    }
}

fn credentials(record: &Record, known: AccessFacts<'_>) -> AccessStep {
    let name = &record.full_name;
    let (standing, words) = match known.password {
        Password::Unread => (
            AccessStepStatus::Unread,
            "K on the status shows where user name and password are.".to_owned(),
        ),
        Password::At(place) => {
            let words = format!("They are in {place}. The page of Bastion asks for them.");
            (AccessStepStatus::Done, words)
        }
        Password::Elsewhere => (
            AccessStepStatus::ToDo,
            format!(
                "The password is not known here. It may be on the machine that created it, or in the vault \
                 kv-{name} (secret jumpbox-password), which opens only inside. N on the credentials, or \
                 `privateaml credentials {name} --reset`, sets a new one."
            ),
        ),
    };
    AccessStep { title: "Have user name and password at hand", standing, words: vec![words] }
}

fn enrolment(record: &Record) -> AccessStep {
    let name = &record.full_name;
    let selection = Allowlist::embedded().select(&record.settings);
    let on = selection.is_ok_and(|selection| {
        let mut groups = selection.groups.iter();
        groups.any(|group| group.group == ENROLMENT && group.enabled)
    });
    let switch = if on {
        format!(
            "The firewall's group {ENROLMENT} is on, so enrolment works. Once no device is to be enrolled any more, \
                 switch it off: `privateaml mend {name} --deny {ENROLMENT}`."
        )
    } else {
        format!(
            "The firewall's group {ENROLMENT} is off: enrolment would hang. Switch it on for that \
             time: `privateaml mend {name} --allow {ENROLMENT}`."
        )
    };
    AccessStep {
        title: "Enrol the jumpbox, if your organisation asks for it",
        standing: if on { AccessStepStatus::Inside } else { AccessStepStatus::ToDo },
        words: vec![
            "It asks for it when signing in ends with \"You can't get there from here\": the \
             machine must be known to the organisation first."
                .to_owned(),
            "In the jumpbox: Settings, Accounts, Access work or school, Connect, then Join this device to Microsoft \
             Entra ID. Restart, and sign in to the studio again. `dsregcmd /status` must say AzureAdJoined: YES."
                .to_owned(),
            switch,
        ],
    }
}

fn studio(record: &Record) -> AccessStep {
    AccessStep {
        title: "Open the studio from inside",
        standing: AccessStepStatus::Inside,
        words: vec![format!(
            "In the jumpbox's browser open {} and choose ml-{}.",
            record.settings.cloud.studio(),
            record.full_name
        )],
    }
}

/// The rules that every compute keeps
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-secure-training-vnet>).
const RULES: &str = "Its name has 3 to 24 letters, digits and hyphens, begins with a letter and \
                     does not end with a hyphen and digits (ci-1 is refused, ci-alice is not). \
                     Choose SharedSubnet, no public IP, and an idle shutdown.";

fn cluster(record: &Record, known: AccessFacts<'_>) -> AccessStep {
    let standing = match part(known, "Computes") {
        Some(part) if part.state == HealthState::Good && part.name != "0" => AccessStepStatus::Done,
        Some(_) => AccessStepStatus::ToDo,
        None => AccessStepStatus::Unread,
    };
    AccessStep {
        title: "A cluster to train on",
        standing,
        words: vec![
            format!(
                "The cluster image-build of ml-{} is there to build images: its identity may push them. \
                 Leave it to that.",
                record.full_name
            ),
            format!(
                "Create one for your jobs in the studio: Compute, Compute clusters, New. {RULES} \
                 Under Advanced, Assign a managed identity: {}. Step 7 creates one that way.",
                job_identity(record)
            ),
        ],
    }
}

fn instance(record: &Record) -> AccessStep {
    let (standing, words) = if record.settings.compute_instance {
        let made = format!(
            "ci-{} was created with the environment, for whoever deployed it.",
            record.full_name
        );
        (AccessStepStatus::Done, made)
    } else {
        let how = format!(
            "`privateaml mend {} --compute-instance` creates one for you: in SharedSubnet, without public address, \
             stopped after an hour without work. Or create it in the studio: Compute, Compute instances, New.",
            record.full_name
        );
        (AccessStepStatus::ToDo, format!("{how} {RULES}"))
    };
    AccessStep { title: "A compute instance to work on", standing, words: vec![words] }
}

fn samples() -> AccessStep {
    AccessStep {
        title: "The first job",
        standing: AccessStepStatus::Inside,
        words: vec![
            "`privateaml samples DIR` writes train.py and runner.ipynb. Upload both in the studio \
             (Notebooks), open the \
             notebook on the compute instance, and run it cell by cell: it trains on the cluster, inside the network."
                .to_owned(),
        ],
    }
}

/// What somebody needs who did not deploy the environment. The commands are `template::export`'s.
fn others(record: &Record) -> String {
    format!(
        "Somebody else who works here needs roles: on ml-{}, its data, SharedSubnet, Bastion, the jumpbox \
         and its network \
         card. Whoever may assign roles gives them; README.md of `privateaml export DIR` has the az commands.",
        record.full_name
    )
}

#[cfg(test)]
mod tests;
