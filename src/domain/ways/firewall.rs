//! Through the firewall: the groups that are on and behind which strangers are.

use super::{Direction, Doors, Way};

const FRONT: &str = "firewall-";

/// The id of the way through a group.
pub(in crate::domain) fn id(group: &str) -> String {
    format!("{FRONT}{group}")
}

impl Way {
    /// Whether it leads through a group of the firewall.
    pub fn is_of_firewall(&self) -> bool {
        self.id.starts_with(FRONT)
    }
}

/// Data in from all of them together; out by each, since each is a choice of its own.
pub(super) fn ways(doors: &Doors, direction: Direction) -> Vec<Way> {
    match direction {
        Direction::In => vec![into(doors)],
        Direction::Out => out(doors),
    }
}

fn into(doors: &Doors) -> Way {
    let title = "From hosts that the firewall lets through";
    let way = Way::new("firewall", Direction::In, title, "firewall");
    let chosen = doors.groups.iter().filter(|group| !group.locked);
    let titles: Vec<&str> = chosen.map(|group| group.title.as_str()).collect();
    if titles.is_empty() {
        return way.closed("No group of the firewall brings data in.");
    }
    Way {
        steps: vec![
            format!("On: {}.", titles.join(", ")),
            format!(
                "A job, a notebook or the jumpbox downloads from there and saves it in stg{}.",
                doors.full_name
            ),
        ],
        limits: vec!["Each group lets data out as well as in.".to_owned()],
        ..way
    }
}

fn out(doors: &Doors) -> Vec<Way> {
    let carrying = doors.groups.iter().filter(|group| group.carries_out);
    carrying
        .map(|group| Way {
            steps: vec![if group.locked {
                "Azure Machine Learning does not work without it; behind its addresses are accounts of others too."
                    .to_owned()
            } else {
                "The firewall's group is on: strangers behind it can receive what is sent there.".to_owned()
            }],
            ..Way::new(&id(&group.id), Direction::Out, &format!("Firewall: {}", group.title), "firewall")
        })
        .collect()
}
