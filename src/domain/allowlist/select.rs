//! From a person's choices to the groups that are on, their entries and the rules that follow from them.
//!
//! This module must not know the form of Azure's rules; `rules` and `security_group` do.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Allowlist, AllowlistEntry, AllowlistGroup, AllowlistTarget, PYTHON_PACKAGES, Ports, Preset,
    SourceTable, judge, own_host, python, rules, security_group,
};
use crate::domain::network::Layout;
use crate::domain::plan::{PlannedEntry, PlannedGroup, PlannedNsgRule, Width};
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::{Cloud, Settings};

/// Id of the group that holds the hosts a person adds.
pub const OWN_HOSTS: &str = "own-hosts";

/// What follows from the choices.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Every group, on or off, with the entries that it has under the preset.
    pub groups: Vec<PlannedGroup>,
    /// `properties.ruleCollections` of Microsoft.Network/firewallPolicies/ruleCollectionGroups.
    pub rule_collections: Value,
    /// `properties.securityRules` of the network security group on `SharedSubnet`.
    pub nsg_rules: Value,
    /// The same rules as a plan shows them, Azure's default rules included.
    pub planned_nsg: Vec<PlannedNsgRule>,
    /// How many entries are on, by the width of their hole.
    pub holes: Holes,
}

/// Entries that are on, counted by the width of their hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holes {
    /// One host or service each.
    pub named: usize,
    /// All hosts of one domain each.
    pub wildcard: usize,
    /// Any tenant can have an account behind them.
    pub shared_tenant: usize,
    /// Anything, or what strangers can register.
    pub any: usize,
}

/// An entry with its target as it will stand in a rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chosen {
    pub(super) target: AllowlistTarget,
    pub(super) ports: Ports,
    pub(super) reason: String,
    source: String,
    width: Width,
    seed: bool,
}

/// A group that is on, with its entries.
pub(super) struct ChosenGroup {
    pub(super) id: String,
    pub(super) entries: Vec<Chosen>,
}

impl Allowlist {
    /// Applies preset, groups switched on and off, and the person's own hosts.
    ///
    /// # Errors
    /// When a group is unknown, asked for and refused at once, or locked; when a host of the person's own is none; when
    /// the address space cannot be cut into subnets.
    pub fn select(&self, settings: &Settings) -> Result<Selection> {
        self.check_ids(settings)?;
        let layout = Layout::of(settings.address_space)?;
        let mut planned = Vec::new();
        let mut on = Vec::new();
        for group in &self.groups {
            let entries = self.entries(group, settings);
            let off = why_off(group, settings);
            let is_on = off.is_none();
            planned.push(plan_group(group, settings, off, &entries));
            if is_on && !entries.is_empty() {
                on.push(ChosenGroup { id: group.id.clone(), entries });
            }
        }
        let (group, entries) = python_packages(settings)?;
        planned.push(group);
        on.extend(entries);
        let own = own_hosts(settings)?;
        if !own.is_empty() {
            planned.push(PlannedGroup {
                group: OWN_HOSTS.into(),
                title: "Hosts of your own".into(),
                enabled: true,
                locked: false,
                why: None,
                entries: own.iter().map(plan_entry).collect(),
            });
            on.push(ChosenGroup { id: OWN_HOSTS.into(), entries: own });
        }
        let security = match settings.preset {
            Preset::PrivateAml2022 => self.security_rules.clone(),
            Preset::Recommended | Preset::LockedDown => {
                security_group::of_today(settings, &layout, &on)
            }
        };
        Ok(Selection {
            holes: count(&on),
            rule_collections: rules::collections(settings.address_space, &on),
            nsg_rules: security_group::to_json(&security),
            planned_nsg: security_group::planned(&security),
            groups: planned,
        })
    }

    fn check_ids(&self, settings: &Settings) -> Result<()> {
        for (flag, ids) in [("--allow", &settings.allow), ("--deny", &settings.deny)] {
            for id in ids {
                if id == PYTHON_PACKAGES {
                    if flag == "--allow" && settings.python_packages.is_empty() {
                        return Err(index_is_missing());
                    }
                    continue;
                }
                let group = self.groups.iter().find(|group| group.id == *id);
                let group = group.ok_or_else(|| self.unknown(flag, id))?;
                if flag == "--deny"
                    && let Some(why) = lock(group, settings.preset)
                {
                    return Err(Problem::new(
                        "FirewallGroupLocked",
                        format!("The group {id} cannot be switched off. {why}"),
                        format!("Leave {flag} {id} out."),
                    )
                    .at(flag));
                }
            }
        }
        match settings.allow.intersection(&settings.deny).next() {
            None => Ok(()),
            Some(id) => Err(Problem::new(
                "FirewallGroupContradiction",
                format!("The group {id} is switched on and off at once."),
                "Leave one of --allow and --deny out.",
            )
            .at("--allow")),
        }
    }

    fn unknown(&self, flag: &str, id: &str) -> Problem {
        let ids = self.groups.iter().map(|group| group.id.as_str());
        let ids: Vec<&str> = ids.chain([PYTHON_PACKAGES]).collect();
        Problem::new(
            "FirewallGroupUnknown",
            format!("There is no group of firewall rules called {id}."),
            format!("The groups are {}.", ids.join(", ")),
        )
        .at(flag)
    }

    /// The entries that a group has under a preset; of the other kind where it has none of that preset's.
    fn entries(&self, group: &AllowlistGroup, settings: &Settings) -> Vec<Chosen> {
        let wanted = match settings.preset {
            Preset::PrivateAml2022 => Some(SourceTable::Of2022),
            Preset::Recommended | Preset::LockedDown => None,
        };
        let any = group.entries.iter().any(|entry| entry.table == wanted);
        let seed = self.targets_of_2022();
        let entries = group.entries.iter().filter(|entry| !any || entry.table == wanted);
        let chosen =
            |entry: &AllowlistEntry| choose(entry, settings, seed.contains(entry.target.as_str()));
        entries.filter_map(chosen).collect()
    }

    fn targets_of_2022(&self) -> BTreeSet<&str> {
        let entries = self.groups.iter().flat_map(|group| &group.entries);
        let of_2022 = entries.filter(|entry| entry.table.is_some());
        of_2022.map(|entry| entry.target.as_str()).collect()
    }
}

/// Why a group is off; `None` for one that is on.
fn why_off(group: &AllowlistGroup, settings: &Settings) -> Option<String> {
    if settings.deny.contains(&group.id) {
        return Some("Off: switched off by you.".into());
    }
    if settings.allow.contains(&group.id) {
        return None;
    }
    let of_today = settings.preset != Preset::PrivateAml2022;
    if group.endpoint_policy.is_some() && settings.service_endpoint_policy && of_today {
        return group.endpoint_policy.clone();
    }
    if group.presets.contains(&settings.preset) {
        return None;
    }
    let usual = || format!("Off: not part of {}.", settings.preset.id());
    Some(group.off.clone().unwrap_or_else(usual))
}

/// Why a group cannot be switched off under a preset.
fn lock(group: &AllowlistGroup, preset: Preset) -> Option<&str> {
    group.locked.as_deref().filter(|_| group.presets.contains(&preset))
}

/// The entry as it stands in the cloud and region of the settings; absent where that cloud has no such thing.
fn choose(entry: &AllowlistEntry, settings: &Settings, seed: bool) -> Option<Chosen> {
    let elsewhere = match settings.cloud {
        Cloud::Public => None,
        Cloud::UsGov => entry.usgov.as_ref(),
        Cloud::China => entry.china.as_ref(),
    };
    let text = elsewhere.map_or(entry.target.as_str(), String::as_str);
    let text = text.replace("{region}", &settings.region);
    if text.is_empty() {
        return None;
    }
    let width = entry.width.unwrap_or_else(|| judge(&text).width);
    Some(Chosen {
        target: entry.target.with(text),
        ports: entry.ports.clone(),
        reason: entry.reason.clone(),
        source: entry.source.clone(),
        width,
        seed,
    })
}

fn index_is_missing() -> Problem {
    Problem::new(
        "PackageIndexUnknown",
        "Which package index Python uses is not known.",
        "Use --python-packages pip (the index that pip on this machine uses) or --python-packages with the index's \
         host, such as packages.contoso.com.",
    )
    .at(python::FLAG)
}

/// The group of the package index, and its entries where it is on.
fn python_packages(settings: &Settings) -> Result<(PlannedGroup, Option<ChosenGroup>)> {
    let mut entries = Vec::new();
    for host in &settings.python_packages {
        let host = python::typed(host)?;
        let entry =
            AllowlistEntry { width: Some(python::WIDTH), ..own_host::check(&python::own(&host))? };
        entries.extend(choose(&entry, settings, false));
    }
    if entries.is_empty() {
        return Ok((python::off(), None));
    }
    let enabled = !settings.deny.contains(PYTHON_PACKAGES);
    let group = PlannedGroup {
        enabled,
        entries: entries.iter().map(plan_entry).collect(),
        why: (!enabled).then(|| "Off: switched off by you.".to_owned()),
        ..python::off()
    };
    let on = enabled.then(|| ChosenGroup { id: PYTHON_PACKAGES.into(), entries });
    Ok((group, on))
}

fn own_hosts(settings: &Settings) -> Result<Vec<Chosen>> {
    let mut chosen: Vec<Chosen> = Vec::new();
    for own in &settings.hosts {
        let entry = own_host::check(own)?;
        let known = |entry: &Chosen| {
            chosen.iter().any(|other| other.target == entry.target && other.ports == entry.ports)
        };
        let entry = choose(&entry, settings, false).filter(|entry| !known(entry));
        chosen.extend(entry);
    }
    Ok(chosen)
}

fn plan_group(
    group: &AllowlistGroup,
    settings: &Settings,
    off: Option<String>,
    entries: &[Chosen],
) -> PlannedGroup {
    let locked = lock(group, settings.preset);
    PlannedGroup {
        group: group.id.clone(),
        title: group.title.clone(),
        enabled: off.is_none(),
        locked: locked.is_some(),
        why: off.or_else(|| locked.map(str::to_owned)),
        entries: entries.iter().map(plan_entry).collect(),
    }
}

fn plan_entry(entry: &Chosen) -> PlannedEntry {
    PlannedEntry {
        target: entry.target.as_str().to_owned(),
        ports: entry.ports.to_string(),
        reason: entry.reason.clone(),
        width: entry.width,
        seed: entry.seed,
        source: entry.source.clone(),
    }
}

fn count(on: &[ChosenGroup]) -> Holes {
    let mut holes = Holes::default();
    for entry in on.iter().flat_map(|group| &group.entries) {
        match entry.width {
            Width::Named => holes.named += 1,
            Width::Wildcard => holes.wildcard += 1,
            Width::SharedTenant => holes.shared_tenant += 1,
            Width::Any => holes.any += 1,
        }
    }
    holes
}
