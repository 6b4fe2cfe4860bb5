//! What can stand in place of a wrong answer, taken with one key.

use super::{Basics, Field, FieldKind};
use crate::app::effect::Effect;
use crate::app::{App, Tone};
use crate::domain::name::EnvironmentName;
use crate::domain::network::{self, SMALLEST_PREFIX};
use crate::domain::settings::{AutoShutdown, LONGEST_RETENTION, SHORTEST_RETENTION};

impl Basics {
    /// What can stand in place of a field's answer; `None` where it is right, or nothing is better.
    pub(crate) fn suggestion(&self, field: Field) -> Option<String> {
        if field.kind() != FieldKind::Text {
            return None;
        }
        let text = self.typed(field).trim();
        match field {
            Field::Name => EnvironmentName::parse(text).err()?.replacement,
            Field::AddressSpace => self.better_space(),
            Field::ShutdownTime => {
                self.fault(field)?;
                Some(AutoShutdown::default().time)
            }
            Field::LogRetention => {
                self.fault(field)?;
                let days = text.parse::<u64>().unwrap_or_default();
                let days = days.clamp(SHORTEST_RETENTION.into(), LONGEST_RETENTION.into());
                Some(days.to_string())
            }
            _ => None,
        }
    }

    /// An address space in place of one that is refused, or that overlaps what can be seen.
    fn better_space(&self) -> Option<String> {
        let check = self.address_check();
        let offered = check.findings.iter().find_map(|finding| finding.replacement.clone());
        if check.layout.is_some() {
            return offered;
        }
        let known = self.known_networks();
        // What is offered in place of a wrong text must not be wrong itself.
        let usable = |text: &String| network::check(text, &known).layout.is_some();
        offered
            .filter(usable)
            .or_else(|| network::free_range(SMALLEST_PREFIX, &known).map(|range| range.to_string()))
    }
}

/// Takes the suggestion of the field that has the keys; where it has none, that of the first that does.
pub(super) fn take(app: &mut App) -> Vec<Effect> {
    let Some((field, text)) = offered(app) else { return Vec::new() };
    app.basics.put(field, &text);
    app.basics.focus = field;
    app.say(Tone::Good, format!("{} is now {text}.", field.label()));
    super::changed(app)
}

/// The field whose suggestion would be taken, with the suggestion.
pub(super) fn offered(app: &App) -> Option<(Field, String)> {
    let form = &app.basics;
    std::iter::once(form.focus)
        .chain(form.fields())
        .find_map(|field| Some((field, form.suggestion(field)?)))
        .filter(|(field, _)| form.is_editable(*field))
}
