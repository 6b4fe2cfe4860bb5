//! The lines below a field: what is wrong and what would be right, or what follows from the answer.

use ratatui::style::Style;

use crate::app::App;
use crate::app::screen::basics::keychain::{self, Keychain};
use crate::app::screen::basics::networks::{NamedHub, Networks};
use crate::app::screen::basics::{Field, Weight, checks};
use crate::domain::environment::Keeping;
use crate::domain::network::Severity;
use crate::tui::Theme;
use crate::tui::widget::subnet_map::thousands;

/// How an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerState {
    /// It can be used.
    Good,
    /// It can be used, and is worth a thought.
    Doubtful,
    /// There is none yet.
    Missing,
    /// It cannot be used.
    Wrong,
    /// There need be none.
    Open,
}

/// How the answer of a field stands.
pub(super) fn standing(app: &App, field: Field) -> AnswerState {
    let form = &app.basics;
    if let Some(fault) = form.fault(field) {
        return match fault.weight {
            Weight::Missing => AnswerState::Missing,
            Weight::Wrong => AnswerState::Wrong,
        };
    }
    match field {
        _ if checks::against(app, field).is_some() => AnswerState::Doubtful,
        Field::AddressSpace if !warnings(app).is_empty() => AnswerState::Doubtful,
        Field::Hub if form.draft.hub.is_none() => AnswerState::Open,
        Field::Hub if form.hub().is_none() => AnswerState::Doubtful,
        Field::Keeping if form.keeping_is_asked() => AnswerState::Wrong,
        Field::Keeping if form.keeping().is_none() => AnswerState::Missing,
        Field::Keeping if form.keeping() == Some(Keeping::None) => AnswerState::Doubtful,
        Field::Tags if form.typed(field).is_empty() => AnswerState::Open,
        _ => AnswerState::Good,
    }
}

/// What there is to say below a field.
pub(super) fn lines(app: &App, field: Field, theme: &Theme) -> Vec<(Style, String)> {
    let form = &app.basics;
    let mut lines = Vec::new();
    if let Some(fault) = form.fault(field).filter(|_| field != Field::More) {
        let style = match fault.weight {
            Weight::Missing => theme.quiet,
            Weight::Wrong => theme.bad,
        };
        let words = match (field, fault.weight) {
            (Field::Name, Weight::Missing) => {
                "1 to 8 lower-case letters and digits, beginning with a letter".to_owned()
            }
            _ => format!("{} {}", fault.what, fault.remedy),
        };
        lines.push((style, words));
    } else if let Some(finding) =
        checks::against(app, field).filter(|_| !matches!(field, Field::More | Field::Continue))
    {
        lines.push((theme.warn, format!("{} F5 shows what helps.", finding.what)));
    } else {
        lines.extend(facts(app, field, theme));
    }
    if let Some(text) = form.suggestion(field).filter(|_| form.is_editable(field)) {
        lines.push((theme.accent, format!("→ {text} (Ctrl-T takes it)")));
    }
    lines
}

fn facts(app: &App, field: Field, theme: &Theme) -> Vec<(Style, String)> {
    let form = &app.basics;
    match field {
        Field::Name => vec![(theme.quiet, name(app))],
        Field::Region => vec![(theme.quiet, region(app))],
        Field::AddressSpace => {
            let warnings = warnings(app);
            if warnings.is_empty() {
                vec![(theme.quiet, space(app))]
            } else {
                warnings.into_iter().map(|text| (theme.warn, text)).collect()
            }
        }
        Field::Hub => vec![hub(app, theme)],
        Field::Keeping => vec![keeping(app, theme)],
        Field::More | Field::Continue => Vec::new(),
        _ if form.focus == field => vec![(theme.quiet, field.about().to_owned())],
        _ => Vec::new(),
    }
}

fn name(app: &App) -> String {
    if app.basics.existing.is_some() {
        return "The name and digits cannot change after creation.".to_owned();
    }
    let names = checks::names(app).unwrap_or_default();
    match names.first() {
        Some(tightest) => format!(
            "gives {} ({} of {} characters) and {} other names",
            tightest.name,
            tightest.name.len(),
            tightest.limit,
            names.len().saturating_sub(1)
        ),
        None => "The digits are being drawn…".to_owned(),
    }
}

fn region(app: &App) -> String {
    let Some(region) = app.basics.region() else { return Field::Region.about().to_owned() };
    let mut text = region.display.clone();
    if !text.contains(&region.geography) {
        text.push_str(", ");
        text.push_str(&region.geography);
    }
    if region.zones {
        text.push_str(", with zones");
    }
    if region.restricted {
        text.push_str("; opened on request only");
    }
    text
}

/// Overlaps and other doubts about an address space that can be used.
fn warnings(app: &App) -> Vec<String> {
    app.basics
        .address_check()
        .findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| finding.what)
        .collect()
}

fn space(app: &App) -> String {
    let check = app.basics.address_check();
    let Some(layout) = check.layout else { return String::new() };
    let size = u64::from(layout.address_space.size());
    format!("{} addresses, {} for computes", thousands(size), thousands(layout.shared.usable))
}

fn hub(app: &App, theme: &Theme) -> (Style, String) {
    let form = &app.basics;
    if form.draft.hub.is_none() {
        return (theme.quiet, "choose now to rule out an overlap".to_owned());
    }
    if let Some(network) = form.hub() {
        let peers = match network.peers.len() {
            0 => "connected to nothing yet".to_owned(),
            1 => "connected to 1 network".to_owned(),
            count => format!("connected to {count} networks"),
        };
        return (theme.quiet, format!("{}, {peers}", network.prefixes.join(", ")));
    }
    match (&form.named_hub, &form.networks) {
        (Some(NamedHub::Failed(_, why)), _) => (theme.warn, format!("It could not be read: {why}")),
        (Some(NamedHub::Reading(_)), _) | (_, Networks::Reading) => {
            (theme.quiet, "being read…".to_owned())
        }
        _ => (theme.quiet, "not read yet".to_owned()),
    }
}

fn keeping(app: &App, theme: &Theme) -> (Style, String) {
    let form = &app.basics;
    match (&form.keychain, form.keeping()) {
        (Keychain::Works(place), Some(Keeping::Keychain)) => {
            (theme.quiet, format!("{place}, tested"))
        }
        (Keychain::Missing(_), Some(Keeping::Practice)) => (
            theme.quiet,
            "no keychain here; the practice store protects nothing and need not".to_owned(),
        ),
        (Keychain::Missing(problem), None) => {
            (theme.warn, format!("{} Press Enter to choose a place.", problem.what))
        }
        (Keychain::NotTried | Keychain::Trying, None) => {
            (theme.quiet, "the keychain is being tried…".to_owned())
        }
        (_, Some(place)) => (theme.quiet, keychain::about(place).to_owned()),
        (Keychain::Works(_), None) => (theme.quiet, String::new()),
    }
}

/// What lies below "More", and how much of it was changed.
pub(super) fn more(app: &App) -> String {
    match app.basics.changed_below() {
        0 => "sizes, tiers, rules, tags".to_owned(),
        count => format!("sizes, tiers, rules, tags: {count} changed"),
    }
}
