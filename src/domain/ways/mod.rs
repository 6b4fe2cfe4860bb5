//! How data gets into an environment and how results leave it: each way with its steps, the roles it needs and its
//! limits, and whether it carries data out.
//!
//! It follows from what was chosen, or from a plan; every face shows the same. This module must not read anything, and
//! a way that it does not know is none: what nobody could confirm stands nowhere.

mod bastion;
mod doors;
mod firewall;
mod storage;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub(in crate::domain) use doors::is_among_strangers;
pub use doors::{Doors, Hub, carries_out};
pub(in crate::domain) use firewall::id as of_group;

use super::words;

/// The ids of ways that more than one place names.
pub(in crate::domain) const VPN: &str = "hub";

/// Which way the data goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Into the private storage.
    In,
    /// Out of the environment.
    Out,
}

impl Direction {
    /// The heading above the ways of a direction.
    pub fn title(self) -> &'static str {
        match self {
            Self::In => "Data in",
            Self::Out => "Results out",
        }
    }
}

/// A role that somebody needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NeededRole {
    /// Azure's name of the role.
    pub role: &'static str,
    /// The resource on which it is assigned.
    pub scope: String,
}

/// One way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// By what it is told apart.
    pub id: String,
    /// In or out.
    pub direction: Direction,
    /// What it is.
    pub title: String,
    /// The same in a few words.
    pub short: &'static str,
    /// Why it is closed, or not known to be open; `None` for one that is open.
    pub closed: Option<String>,
    /// Whether nobody has looked if it is open.
    pub unread: bool,
    /// What to do, in order.
    pub steps: Vec<String>,
    /// What it needs besides the sign-in.
    pub roles: Vec<NeededRole>,
    /// What it does not do.
    pub limits: Vec<String>,
    /// The page that says so.
    pub page: Option<&'static str>,
    /// Whether data can leave by it: it is out, open, and ends outside.
    pub carries_out: bool,
}

impl Way {
    fn new(id: &str, direction: Direction, title: &str, short: &'static str) -> Self {
        Self {
            id: id.to_owned(),
            direction,
            title: title.to_owned(),
            short,
            closed: None,
            unread: false,
            steps: Vec::new(),
            roles: Vec::new(),
            limits: Vec::new(),
            page: None,
            carries_out: direction == Direction::Out,
        }
    }

    /// The same, closed for a reason: what is closed carries nothing and needs nobody.
    fn closed(self, why: impl Into<String>) -> Self {
        Self {
            closed: Some(why.into()),
            steps: Vec::new(),
            roles: Vec::new(),
            limits: Vec::new(),
            carries_out: false,
            ..self
        }
    }

    /// How it stands, in a few words.
    pub fn standing(&self) -> &'static str {
        match (&self.closed, self.carries_out) {
            (Some(_), _) if self.unread => "not read yet",
            (Some(_), _) => "closed",
            (None, true) => "open by choice, carries data out",
            (None, false) => "open",
        }
    }

    /// All that there is to say of it, a paragraph each.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences: Vec<String> = self.closed.iter().cloned().collect();
        sentences.extend(self.steps.iter().cloned());
        let roles = self.roles.iter().map(|needed| format!("{} on {}", needed.role, needed.scope));
        let roles: Vec<String> = roles.collect();
        if !roles.is_empty() {
            sentences.push(format!("Roles: {}.", roles.join(", ")));
        }
        sentences.extend(self.limits.iter().cloned());
        sentences
    }
}

/// Every way, data in first.
pub fn ways(doors: &Doors) -> Vec<Way> {
    let mut ways = Vec::new();
    for direction in [Direction::In, Direction::Out] {
        ways.extend(storage::studio(doors, direction));
        ways.extend(bastion::ways(doors, direction));
        ways.push(storage::behind_the_hub(doors, direction));
        ways.extend(firewall::ways(doors, direction));
        ways.extend(storage::past_the_network(doors, direction));
    }
    ways
}

/// The ways by which data can leave.
pub fn out(doors: &Doors) -> Vec<Way> {
    ways(doors).into_iter().filter(|way| way.carries_out).collect()
}

/// How many there are, in the words that the preview, the question and the audit share.
pub fn counted(number: usize) -> String {
    match number {
        0 => "no way carries data out".to_owned(),
        1 => "1 way carries data out".to_owned(),
        _ => format!("{} carry data out", words::count(number, "way")),
    }
}

/// The ways of a direction that are open, in a few words for a panel.
pub fn in_short(ways: &[Way], direction: Direction) -> String {
    shortened(ways, |way| way.direction == direction && way.closed.is_none())
}

/// The ways that are closed, in the same words.
pub fn closed_in_short(ways: &[Way]) -> String {
    shortened(ways, |way| way.closed.is_some() && !way.unread)
}

fn shortened(ways: &[Way], wanted: impl Fn(&Way) -> bool) -> String {
    let chosen = ways.iter().filter(|way| wanted(way));
    let (groups, rest): (Vec<&Way>, Vec<&Way>) = chosen.partition(|way| way.is_of_firewall());
    let mut names: Vec<String> = Vec::new();
    for way in rest {
        if !names.iter().any(|name| name == way.short) {
            names.push(way.short.to_owned());
        }
    }
    if !groups.is_empty() {
        names.push(words::count(groups.len(), "firewall group"));
    }
    names.join(", ")
}
