//! Every dialog, looked at.

use crate::app::dialog::code::CodeDialog;
use crate::app::dialog::confirm::{ConfirmDialog, ConfirmedAction};
use crate::app::dialog::leave::LeaveDialog;
use crate::app::dialog::picker::{Picker, PickerItem, PickerPurpose};
use crate::app::dialog::{Dialog, prompt, viewer};
use crate::app::key::{Code, Key};
use crate::app::tests::{app, press, record};
use crate::domain::problem::Problem;
use crate::tui::testing::{draw_at_all_sizes, picture};

fn all() -> Vec<(&'static str, Dialog)> {
    let problem = Problem::new(
        "QuotaExceeded",
        "There are not enough cores left in westeurope.",
        "Ask for 2 more, or choose another region.",
    )
    .at("vm-test4821")
    .saying("Operation could not be completed as it results in exceeding approved quota.");
    let items = vec![
        PickerItem::new("westeurope", "West Europe", "westeurope"),
        PickerItem::new("northeurope", "North Europe", "northeurope").off("not offered here"),
    ];
    let question = [
        "This deletes resource group rg-test4821 with everything in it.",
        "Type test4821 to delete it.",
    ];
    let mut delete = prompt::Prompt::new(
        prompt::PromptPurpose::Delete(Box::new(record())),
        "Delete test4821?",
        question.map(str::to_owned).into(),
        "test48",
    );
    delete.error = Some("Type test4821, or press Esc to keep it.".to_owned());
    vec![
        (
            "code",
            Dialog::Code(CodeDialog {
                address: "https://microsoft.com/devicelogin".to_owned(),
                code: "ABCD12345".to_owned(),
                minutes: 15,
            }),
        ),
        (
            "confirm",
            Dialog::Confirm(ConfirmDialog::new(
                ConfirmedAction::SignIn,
                "Make test4821?".to_owned(),
                vec!["74 resources in West Europe.".to_owned(), "About $41 a day.".to_owned()],
            )),
        ),
        ("leave", Dialog::Leave(LeaveDialog::new(true))),
        ("picker", Dialog::Picker(Picker::new(PickerPurpose::Subscription, "Region", items))),
        ("prompt", Dialog::Prompt(delete)),
        ("viewer", Dialog::Viewer(viewer::Viewer::problem(&app(), &problem))),
    ]
}

#[test]
fn dialogs_at_each_size() {
    for (name, dialog) in all() {
        let mut app = app();
        app.dialog = Some(dialog);
        for (columns, rows) in [(100, 30), (60, 18)] {
            let name = format!("dialog_{name}_{columns}x{rows}");
            insta::assert_snapshot!(name, picture(&app, columns, rows));
        }
        draw_at_all_sizes(&app);
    }
}

#[test]
fn a_passphrase_is_not_on_the_screen() {
    let mut app = app();
    prompt::ask_passphrase(&mut app, true);
    if let Some(Dialog::Prompt(prompt)) = &mut app.dialog {
        prompt.masked.paste("not for anybody");
    }
    assert!(!picture(&app, 100, 30).contains("anybody"));
}

#[test]
fn a_long_question_can_be_read_to_its_end_on_a_small_screen() {
    let sentences: Vec<String> = (1..=30)
        .map(|number| format!("Sentence {number} says what number {number} of the question means to whoever agrees."))
        .collect();
    let mut app = app();
    app.dialog = Some(Dialog::Confirm(ConfirmDialog::new(
        ConfirmedAction::SignIn,
        "Make test4821?",
        sentences,
    )));
    let first = picture(&app, 60, 18);
    assert!(first.contains("y yes   Esc no   Down:"), "{first}");
    let mut seen = String::new();
    for _ in 0..100 {
        let shown = picture(&app, 60, 18);
        assert!(shown.contains("y yes   Esc no   "), "{shown}");
        seen.push_str(&shown);
        press(&mut app, Key::of(Code::Down));
    }
    for number in 1..=30 {
        assert!(seen.contains(&format!("Sentence {number} ")), "{number}");
    }
    assert!(seen.contains("that is all"), "{seen}");
}
