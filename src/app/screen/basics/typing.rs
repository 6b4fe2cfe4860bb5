//! What is typed, pasted and chosen from lists. Letters never do anything else here.

use tui_input::Input;

use super::act::{step, toggle_more};
use super::news::changed;
use super::{BasicsPane, Field, FieldKind};
use crate::app::dialog::Dialog;
use crate::app::dialog::picker::{self, Picker, PickerPurpose};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::{App, Tone, field};

/// Opens the list of a field, at what is chosen.
pub(super) fn open_list(app: &mut App, field: Field) {
    let mut items = app.basics.choices(field);
    for item in &mut items {
        if let Some(cost) = app.cost_beside(field, &item.id) {
            item.detail = format!("{}  {cost}", item.detail);
        }
    }
    let chosen = app.basics.chosen(field);
    let at = items.iter().position(|item| item.id == chosen);
    let mut picker = Picker::new(PickerPurpose::Basics(field), field.label(), items);
    if matches!(field, Field::Hub | Field::JumpboxSize | Field::BuildSize | Field::ShutdownZone) {
        picker = picker.or_typed();
    }
    app.dialog = Some(Dialog::Picker(picker.at(at.unwrap_or_default())));
}

/// Left and right: within a line, or to the choice beside.
pub(super) fn sideways(app: &mut App, code: Code) -> Vec<Effect> {
    let focus = app.basics.focus;
    match focus.kind() {
        FieldKind::Text => {
            if let Some(line) = app.basics.lines.get_mut(&focus) {
                field::edit(line, Key::of(code));
            }
            Vec::new()
        }
        FieldKind::Choice => {
            let items = app.basics.choices(focus);
            let usable: Vec<&str> = items
                .iter()
                .filter(|item| item.off.is_none())
                .map(|item| item.id.as_str())
                .collect();
            let chosen = app.basics.chosen(focus);
            let here = usable.iter().position(|id| *id == chosen);
            let count = usable.len().max(1);
            let next = match (here, code) {
                (None, _) => 0,
                (Some(here), Code::Left) => (here + count - 1) % count,
                (Some(here), _) => (here + 1) % count,
            };
            let Some(id) = usable.get(next).map(|id| (*id).to_owned()) else { return Vec::new() };
            app.basics.choose(focus, &id);
            changed(app)
        }
        FieldKind::List => {
            open_list(app, focus);
            Vec::new()
        }
        FieldKind::Button => {
            let opens = code == Code::Right;
            if focus == Field::More && app.basics.more != opens {
                toggle_more(&mut app.basics);
            }
            Vec::new()
        }
    }
}

/// Takes in what was chosen in a list, and goes on to the next field.
pub(in crate::app) fn picked(app: &mut App, field: Field, id: &str) -> Vec<Effect> {
    app.basics.choose(field, id);
    if app.basics.focus == field {
        step(&mut app.basics, 1);
    }
    changed(app)
}

pub(super) fn on_text(app: &mut App, key: Key) -> Vec<Effect> {
    let focus = app.basics.focus;
    match focus.kind() {
        FieldKind::Text if !app.basics.is_editable(focus) => {
            if key.typed().is_some() {
                say_kept(app);
            }
            Vec::new()
        }
        FieldKind::Text => edit(app, focus, |line| {
            field::edit(line, key);
        }),
        FieldKind::Choice if key == Key::char(' ') => sideways(app, Code::Right),
        FieldKind::Choice | FieldKind::List => {
            if key.typed().is_some_and(|letter| letter != ' ') {
                open_list(app, focus);
                return picker::on_text(app, key);
            }
            Vec::new()
        }
        FieldKind::Button => {
            if key == Key::char(' ') && focus == Field::More {
                toggle_more(&mut app.basics);
            }
            Vec::new()
        }
    }
}

pub(super) fn on_paste(app: &mut App, pasted: &str) -> Vec<Effect> {
    let focus = app.basics.focus;
    match focus.kind() {
        FieldKind::Text if !app.basics.is_editable(focus) => {
            say_kept(app);
            Vec::new()
        }
        FieldKind::Text => edit(app, focus, |line| field::paste(line, pasted.trim())),
        FieldKind::Choice | FieldKind::List => {
            open_list(app, focus);
            picker::on_paste(app, pasted.trim())
        }
        FieldKind::Button => {
            app.say(Tone::Plain, "Nothing to paste into here.");
            Vec::new()
        }
    }
}

fn say_kept(app: &mut App) {
    app.say(
        Tone::Warn,
        "The name and digits cannot change after creation; a new environment can have others.",
    );
}

fn edit(app: &mut App, focus: Field, act: impl FnOnce(&mut Input)) -> Vec<Effect> {
    let form = &mut app.basics;
    let Some(line) = form.lines.get_mut(&focus) else { return Vec::new() };
    let before = line.value().to_owned();
    act(line);
    form.pane = BasicsPane::Form;
    let now = line.value().to_owned();
    if now == before {
        return Vec::new();
    }
    form.draft.put_line(focus.row(), &now);
    if focus == Field::AddressSpace {
        form.space_is_offered = false;
    }
    let mut effects = changed(app);
    if focus == Field::PythonPackages && now.trim() == "pip" {
        effects.push(Effect::AskPip);
    }
    effects
}
