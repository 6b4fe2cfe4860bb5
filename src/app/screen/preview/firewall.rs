//! The firewall's groups: switched on and off, with hosts of the person's own. What is switched stands in the form's
//! answers, so that a plan file and a second look have it too.

use super::{Preview, Tab, ask, packages};
use crate::app::dialog::prompt::PromptPurpose;
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::app::effect::Effect;
use crate::app::screen::basics;
use crate::app::{App, Tone};
use crate::domain::allowlist::{
    Allowlist, OWN_HOSTS as OWN, OwnHost, PYTHON_PACKAGES, Preset, check_host, judge,
};
use crate::domain::plan::{PlannedEntry, PlannedGroup, Width};
use crate::domain::problem::Problem;
use crate::domain::words::count;

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirewallRow {
    /// A group, by its place in the plan.
    Group(usize),
    /// An entry of a group.
    Entry(usize, usize),
}

/// The rows to show.
pub(crate) fn firewall_rows(preview: &Preview) -> Vec<FirewallRow> {
    let Some(plan) = &preview.plan else { return Vec::new() };
    let mut rows = Vec::new();
    for (index, group) in plan.firewall.iter().enumerate() {
        rows.push(FirewallRow::Group(index));
        if preview.open_groups.contains(&group.group) {
            rows.extend((0..group.entries.len()).map(|entry| FirewallRow::Entry(index, entry)));
        }
    }
    rows
}

/// The group of the chosen row, and its entry where the row is one.
pub(super) fn chosen(preview: &Preview) -> Option<(&PlannedGroup, Option<&PlannedEntry>)> {
    let plan = preview.plan.as_ref()?;
    match *firewall_rows(preview).get(preview.selected())? {
        FirewallRow::Group(group) => Some((plan.firewall.get(group)?, None)),
        FirewallRow::Entry(group, entry) => {
            let group = plan.firewall.get(group)?;
            Some((group, group.entries.get(entry)))
        }
    }
}

/// Why the chosen group cannot be switched; `None` when it can.
pub(super) fn fixed(app: &App) -> Option<String> {
    if app.preview.tab != Tab::Firewall {
        return Some("Only groups of the firewall can be switched: 4 shows them.".into());
    }
    if app.basics.existing.is_some() {
        return Some("The deployment has started; its rules are fixed.".into());
    }
    let Some((group, _)) = chosen(&app.preview) else {
        return Some("Choose a group first.".into());
    };
    if group.group == OWN {
        return Some("Del takes out a host of your own; A adds one.".into());
    }
    let why = group.why.clone().unwrap_or_default();
    if group.locked {
        return Some(format!("{} cannot be switched off: {why}", group.title));
    }
    if app.basics.draft.preset == Some(Preset::PrivateAml2022) {
        return Some("The table of 2022 cannot be changed: p chooses another preset.".into());
    }
    None
}

/// Switches the chosen group, and asks for the plan anew. What the rules refuse is said, and nothing is switched.
pub(super) fn toggle(app: &mut App) -> Vec<Effect> {
    let Some((group, _)) = chosen(&app.preview) else { return Vec::new() };
    let (id, was_on) = (group.group.clone(), group.enabled);
    if id == PYTHON_PACKAGES {
        return packages::switch(app, was_on);
    }
    let (entries, wide) = (group.entries.clone(), wide(&group.entries));
    let before = app.basics.draft.clone();
    let draft = &mut app.basics.draft;
    draft.allow.remove(&id);
    draft.deny.remove(&id);
    // The preset may say it already; then nothing beyond it is noted.
    let now_on = is_on_by_preset(draft.preset.unwrap_or_default(), &id);
    match (was_on, now_on) {
        (true, true) => drop(draft.deny.insert(id.clone())),
        (false, false) => drop(draft.allow.insert(id.clone())),
        _ => {}
    }
    if let Err(unfinished) = basics::settings(app) {
        app.basics.draft = before;
        let problem = Problem::from(unfinished);
        app.say(Tone::Warn, problem.in_words());
        return Vec::new();
    }
    let words = if was_on {
        format!("{id} is off: {} less.", count(entries.len(), "entry"))
    } else if wide > 0 {
        format!(
            "{id} is on. {} of it can be reached by strangers too: w says why.",
            count(wide, "entry")
        )
    } else {
        format!("{id} is on.")
    };
    app.say(if was_on || wide == 0 { Tone::Plain } else { Tone::Warn }, words);
    ask(app)
}

fn is_on_by_preset(preset: Preset, id: &str) -> bool {
    let group = Allowlist::embedded().groups().iter().find(|each| each.id == id);
    group.is_some_and(|group| group.presets.contains(&preset))
}

fn wide(entries: &[PlannedEntry]) -> usize {
    entries.iter().filter(|each| each.width >= Width::SharedTenant).count()
}

/// Goes on to the next preset. Groups switched by hand belong to the one before and are forgotten.
pub(super) fn next_preset(app: &mut App) -> Vec<Effect> {
    let next = match app.basics.draft.preset.unwrap_or_default() {
        Preset::Recommended => Preset::LockedDown,
        Preset::LockedDown => Preset::PrivateAml2022,
        Preset::PrivateAml2022 => Preset::Recommended,
    };
    let before = app.basics.draft.clone();
    let draft = &mut app.basics.draft;
    draft.preset = Some(next);
    draft.allow.clear();
    draft.deny.clear();
    if let Err(unfinished) = basics::settings(app) {
        app.basics.draft = before;
        let problem = Problem::from(unfinished);
        app.say(Tone::Warn, problem.in_words());
        return Vec::new();
    }
    let words = match next {
        Preset::Recommended => "Recommended: what an environment of today needs, and no more.",
        Preset::LockedDown => "Locked down: no group through which data can leave.",
        Preset::PrivateAml2022 => {
            "privateAML 2022: the Terraform scripts' table as published, holes included."
        }
    };
    app.say(Tone::Plain, words);
    ask(app)
}

/// Asks for a host to let through.
pub(super) fn ask_host(app: &mut App) {
    let question = [
        "A name such as packages.contoso.com, a domain such as *.contoso.com, or an address; with other ports than \
         https:443 as host=https:8443 or host=tcp:22.",
        "Whatever is behind that name can be reached from inside, and data can go there.",
    ];
    app.ask(PromptPurpose::AddHost, "Let one more host through", question, "");
}

/// Adds a host that was typed.
///
/// # Errors
/// When it is no host, or is there already.
pub(in crate::app) fn host_typed(app: &mut App, typed: &str) -> Result<Vec<Effect>, String> {
    if typed.is_empty() {
        return Err("Type a host, or press Esc.".into());
    }
    let Ok(host) = typed.parse::<OwnHost>();
    check_host(&host).map_err(|problem| problem.in_words())?;
    if app.basics.draft.hosts.iter().any(|each| each.host == host.host) {
        return Err(format!("{} is there already.", host.host));
    }
    let before = app.basics.draft.hosts.clone();
    app.basics.draft.hosts.push(host.clone());
    if let Err(unfinished) = basics::settings(app) {
        app.basics.draft.hosts = before;
        let problem = Problem::from(unfinished);
        return Err(problem.in_words());
    }
    app.preview.open_groups.insert(OWN.to_owned());
    let width = judge(&host.host);
    let tone = if width.width >= Width::SharedTenant { Tone::Warn } else { Tone::Plain };
    app.say(tone, format!("{} is let through. {}", host.host, width.why));
    Ok(ask(app))
}

/// Why the chosen row is no host of the person's own; `None` when it is.
pub(super) fn not_own(app: &App) -> Option<String> {
    match chosen(&app.preview) {
        Some((group, Some(_))) if app.preview.tab == Tab::Firewall && group.group == OWN => None,
        _ => Some("Choose a host of your own first; A adds one.".into()),
    }
}

/// Takes the chosen host out again.
pub(super) fn remove_host(app: &mut App) -> Vec<Effect> {
    let Some((_, Some(entry))) = chosen(&app.preview) else { return Vec::new() };
    let target = entry.target.clone();
    app.basics.draft.hosts.retain(|each| each.host.trim() != target);
    app.say(Tone::Plain, format!("{target} is not let through any more."));
    ask(app)
}

/// Why a group or an entry is there, and what it opens.
pub(super) fn why(group: &PlannedGroup, entry: Option<&PlannedEntry>) -> Viewer {
    let mut paragraphs = vec![(ParagraphKind::Heading, group.title.clone())];
    let state = match (group.enabled, group.locked) {
        (true, true) => "On, and needed",
        (true, false) => "On",
        (false, _) => "Off",
    };
    let reason = group.why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
    paragraphs.push((ParagraphKind::Text, format!("{state}{reason}")));
    let entries: Vec<&PlannedEntry> = match entry {
        Some(entry) => vec![entry],
        None => group.entries.iter().collect(),
    };
    for entry in entries {
        paragraphs.push((ParagraphKind::Text, String::new()));
        paragraphs.push((ParagraphKind::Heading, format!("{}  {}", entry.target, entry.ports)));
        paragraphs.push((ParagraphKind::Text, entry.reason.clone()));
        let kind = if entry.width >= Width::SharedTenant {
            ParagraphKind::Bad
        } else {
            ParagraphKind::Quiet
        };
        paragraphs.push((kind, width_words(entry.width).to_owned()));
        if entry.seed {
            paragraphs
                .push((ParagraphKind::Quiet, "The Terraform scripts have it too.".to_owned()));
        }
        if !entry.source.is_empty() {
            paragraphs.push((ParagraphKind::Quiet, entry.source.clone()));
        }
    }
    Viewer::new("Why it is there", paragraphs)
}

/// What an entry of a width opens, in a sentence.
pub(crate) fn width_words(width: Width) -> &'static str {
    match width {
        Width::Named => "Narrow: one named host or service.",
        Width::Wildcard => "All hosts of one domain, which has one owner.",
        Width::SharedTenant => {
            "Wide: strangers can have an account behind it too, so data can go to them."
        }
        Width::Any => "Very wide: anywhere, or a name that strangers can register.",
    }
}
