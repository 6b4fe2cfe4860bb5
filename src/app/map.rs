//! Looking around in the map: which element has the keys, and how each is at the moment.
//!
//! Where an element is drawn is the picture's business; what is opened by it, that of the screen that shows it.

use serde::{Deserialize, Serialize};

use super::command::Command;
use super::dialog::picker::{Picker, PickerItem, PickerPurpose};
use crate::domain::graph::Direction;
use crate::domain::health::{HealthPart, HealthState};
use crate::domain::map::{MapElement, MapKind, NetworkMap, draw, neighbour};
use crate::domain::progress::{Step, StepState};

/// Columns that the frame of a map takes.
pub const FRAME: u16 = 4;

/// What is shown of a map.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapState {
    /// The key of the element that has the keys; people while none was chosen, where every way in begins.
    pub focus: Option<String>,
}

/// How an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementState {
    /// It would be created, or passes.
    Planned,
    /// It exists only while it is needed.
    WhenNeeded,
    /// It is not part of the environment.
    Outside,
    /// A deployment has not come to it.
    Waiting,
    /// It is being created.
    Running,
    /// It was created.
    Created,
    /// It failed, or is not as it must be.
    Bad,
    /// It was cancelled, or is not attempted.
    Skipped,
    /// It was read, and is as it should be.
    Good,
    /// It is switched off.
    Off,
    /// Something is not as it should be.
    Warning,
    /// It is not known.
    Unknown,
}

impl MapState {
    /// The number of the element that has the keys.
    pub fn focused(&self, map: &NetworkMap) -> usize {
        let [people, ..] = map.outside;
        self.focus.as_ref().and_then(|key| map.find(key)).unwrap_or(people)
    }

    /// Goes to the element that lies in the direction of an arrow, on a screen of so many columns; false where there is
    /// none.
    pub(in crate::app) fn walk(
        &mut self,
        map: &NetworkMap,
        columns: u16,
        command: Command,
    ) -> bool {
        let direction = match command {
            Command::Left => Direction::Left,
            Command::Right => Direction::Right,
            Command::Up => Direction::Up,
            Command::Down => Direction::Down,
            _ => return false,
        };
        let sheet = draw(map, columns.saturating_sub(FRAME).into());
        let next = neighbour(&sheet, self.focused(map), direction);
        next.is_some_and(|next| self.choose(map, next))
    }

    /// Takes an element; false where it has the keys already.
    pub(in crate::app) fn choose(&mut self, map: &NetworkMap, number: usize) -> bool {
        let before = self.focus.take();
        self.focus = map.elements.get(number).map(|element| element.key.clone());
        self.focus != before
    }
}

/// How an element is before anything exists.
pub fn planned(element: &MapElement) -> ElementState {
    match element.kind {
        MapKind::Resource | MapKind::Group | MapKind::WideGroup => ElementState::Planned,
        MapKind::WhenNeeded => ElementState::WhenNeeded,
        MapKind::Hub | MapKind::Internet | MapKind::People => ElementState::Outside,
    }
}

/// How an element is while it is deployed, by the steps of its resources, and how many of them are done; the groups are
/// as the firewall is.
pub fn deploying(map: &NetworkMap, element: &MapElement, steps: &[Step]) -> (ElementState, String) {
    let firewall = map.firewall.as_ref().and_then(|(number, _)| map.elements.get(*number));
    let is_group = matches!(element.kind, MapKind::Group | MapKind::WideGroup);
    let members = match firewall.filter(|_| is_group) {
        Some(firewall) => &firewall.members,
        None => &element.members,
    };
    let own = || steps.iter().filter(|step| members.contains(&step.symbol));
    let all = own().count();
    if all == 0 {
        return (planned(element), String::new());
    }
    let of = |fits: fn(&StepState) -> bool| own().filter(|step| fits(&step.state)).count();
    let done = of(|state| matches!(state, StepState::Done));
    let words =
        if done == all || all == 1 || is_group { String::new() } else { format!("{done}/{all}") };
    let state = match () {
        () if of(|state| matches!(state, StepState::Failed(_))) > 0 => ElementState::Bad,
        () if done == all => ElementState::Created,
        () if of(|state| matches!(state, StepState::Running)) > 0 => ElementState::Running,
        () if of(|state| matches!(state, StepState::Cancelled | StepState::WillNotRun { .. }))
            > 0 =>
        {
            ElementState::Skipped
        }
        () => ElementState::Waiting,
    };
    (state, words)
}

/// How an element is by what was read, with the same in a few words.
pub fn read(element: &MapElement, parts: &[HealthPart]) -> (ElementState, String) {
    if matches!(element.kind, MapKind::People | MapKind::Internet) {
        return (ElementState::Outside, String::new());
    }
    let Some(part) = parts.iter().find(|part| part.title == element.part) else {
        let is_hub = element.kind == MapKind::Hub;
        return (if is_hub { ElementState::Outside } else { ElementState::Unknown }, String::new());
    };
    let state = match part.state {
        HealthState::Good => ElementState::Good,
        HealthState::Off => ElementState::Off,
        HealthState::Warning => ElementState::Warning,
        HealthState::Bad => ElementState::Bad,
        HealthState::Unknown => ElementState::Unknown,
    };
    let is_group = matches!(element.kind, MapKind::Group | MapKind::WideGroup);
    (state, if is_group { String::new() } else { part.words.clone() })
}

/// The list of what belongs to an element, to open one of it; `row` tells what one is for, and more about it.
pub(in crate::app) fn members(
    element: &MapElement,
    row: impl Fn(&str) -> Option<(String, String)>,
) -> Picker {
    let items = element.members.iter().filter_map(|symbol| {
        let (label, detail) = row(symbol)?;
        let label = if label.is_empty() { symbol } else { &label };
        Some(PickerItem::new(symbol, label, &detail))
    });
    Picker::new(PickerPurpose::MapMember, &element.title, items.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::dialog::Dialog;
    use crate::app::key::{Code, Key};
    use crate::app::message::Message;
    use crate::app::screen::preview::Tab;
    use crate::app::tests::{app, press, record};
    use crate::app::{App, Screen};
    use crate::domain::health::HealthPart;
    use crate::domain::map::MapHub;
    use crate::domain::plan::Plan;
    use crate::domain::progress::Progress;
    use crate::template::Template;
    use crate::template::plan::{PlanScope, plan};

    fn planned_environment() -> Plan {
        plan(&record().settings, Template::embedded(), &PlanScope::default()).unwrap()
    }

    fn shown() -> App {
        let mut app = app();
        app.screen = Screen::Preview;
        let (generation, plan) = (app.preview.generation, Box::new(planned_environment()));
        app.update(app.now, Message::Planned { generation, plan });
        assert_eq!(app.preview.tab, Tab::Map);
        app
    }

    fn focus(app: &mut App, key: &str) {
        app.preview.map_state.focus = Some(key.to_owned());
    }

    #[test]
    fn arrows_go_from_element_to_element_and_stop_at_the_edge() {
        let mut app = shown();
        focus(&mut app, "bastion");
        press(&mut app, Key::of(Code::Right));
        assert_eq!(app.preview.map_state.focus.as_deref(), Some("jumpbox"));
        press(&mut app, Key::of(Code::Left));
        press(&mut app, Key::of(Code::Left));
        press(&mut app, Key::of(Code::Left));
        assert_eq!(app.preview.map_state.focus.as_deref(), Some("people"));
    }

    #[test]
    fn every_element_opens_something_by_enter() {
        let mut app = shown();
        let keys: Vec<String> = {
            let map = app.preview.map.as_ref().unwrap();
            map.elements.iter().map(|element| element.key.clone()).collect()
        };
        for key in keys {
            focus(&mut app, &key);
            app.dialog = None;
            press(&mut app, Key::of(Code::Enter));
            if matches!(app.dialog, Some(Dialog::Picker(_))) {
                press(&mut app, Key::of(Code::Enter));
            }
            assert!(matches!(app.dialog, Some(Dialog::Viewer(_))), "{key}: {:?}", app.dialog);
        }
        press(&mut app, Key::char('q'));
    }

    #[test]
    fn a_deployment_fills_the_map_and_counts_what_is_done() {
        let plan = planned_environment();
        let map = NetworkMap::of(&plan, MapHub::Apart);
        let mut steps = Progress::new(&plan).steps().to_vec();
        let storage = map.elements[map.find("storage").unwrap()].clone();
        assert_eq!(deploying(&map, &storage, &steps).0, ElementState::Waiting);
        for step in &mut steps {
            if step.symbol == "storage" {
                step.state = StepState::Running;
            }
        }
        let (state, words) = deploying(&map, &storage, &steps);
        assert_eq!((state, words), (ElementState::Running, format!("0/{}", storage.members.len())));
        for step in &mut steps {
            step.state = StepState::Done;
        }
        assert_eq!(deploying(&map, &storage, &steps), (ElementState::Created, String::new()));
        let group = map.elements[map.groups[0]].clone();
        assert_eq!(deploying(&map, &group, &steps).0, ElementState::Created);
        let people = map.elements[map.outside[0]].clone();
        assert_eq!(deploying(&map, &people, &steps).0, ElementState::Outside);
    }

    #[test]
    fn what_was_not_read_is_not_known() {
        let plan = planned_environment();
        let map = NetworkMap::of(&plan, MapHub::Apart);
        let storage = &map.elements[map.find("storage").unwrap()];
        assert_eq!(read(storage, &[]).0, ElementState::Unknown);
        let part = |state| HealthPart {
            title: "Storage".into(),
            name: "stgtest4821".into(),
            state,
            words: "private only".into(),
        };
        let good = read(storage, &[part(HealthState::Good)]);
        assert_eq!(good, (ElementState::Good, "private only".to_owned()));
        assert_eq!(read(storage, &[part(HealthState::Unknown)]).0, ElementState::Unknown);
    }
}
