use crate::app::App;
use crate::app::key::{Code, Key};
use crate::app::message::Message;
use crate::app::screen::peering::Tested;
use crate::app::screen::peering::tests::{looked_at, shown, three};
use crate::app::tests::{BEGIN, press};
use crate::domain::peering::verify::{Cause, Diagnosis};
use crate::domain::peering::{Mistake, StepStatus};
use crate::tui::testing::{draw_at_all_sizes, picture};

fn pictures(name: &str, app: &App) {
    for (columns, rows) in [(100, 30), (60, 18)] {
        insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), picture(app, columns, rows));
    }
    draw_at_all_sizes(app);
}

#[test]
fn hubs_with_the_one_that_overlaps_chosen() {
    let mut app = shown(three());
    press(&mut app, Key::of(Code::End));
    pictures("peering_hubs", &app);
}

#[test]
fn a_good_hub_and_what_would_be_made() {
    pictures("peering_good", &shown(three()));
}

#[test]
fn waiting_for_the_owner() {
    pictures("peering_waiting", &looked_at(StepStatus::Waiting));
}

#[test]
fn linked_and_tested_with_a_verdict() {
    let mut app = looked_at(StepStatus::Done);
    let hub = app.peering.chosen().map(|chosen| chosen.hub.id.clone());
    if let Some(record) = &mut app.peering.record {
        record.settings.hub = hub;
    }
    app.update(
        BEGIN,
        Message::Tested {
            full_name: "test4821".into(),
            read: Ok(Tested {
                from: "this machine".into(),
                fine: false,
                headline: "9 of 12 names are answered with public addresses.".into(),
                lines: vec![(
                    false,
                    "kv-test4821.vault.azure.net: 203.0.113.7, expected 10.1.1.9".into(),
                )],
                verdicts: vec![Diagnosis {
                    names: vec!["kv-test4821.vault.azure.net".into()],
                    observed: "This machine's DNS answers with public addresses (203.0.113.7): \
                               kv-test4821.vault.azure.net. The hub's DNS server 10.0.1.4, asked \
                               directly, answers them privately (10.1.1.9)."
                        .into(),
                    causes: vec![Cause {
                        step: Mistake::Names,
                        what: "DNS on-premises does not forward these domains to the hub.".into(),
                        test: "nslookup kv-test4821.vault.azure.net 10.0.1.4".into(),
                        remedy: "Forward these domains on-premises to 10.0.1.4: vault.azure.net."
                            .into(),
                    }],
                    note: false,
                }],
                remarks: Vec::new(),
            }),
        },
    );
    press(&mut app, Key::of(Code::End));
    pictures("peering_tested", &app);
}

#[test]
fn before_anything_was_read_and_where_there_is_no_hub() {
    let mut app = shown(Vec::new());
    assert!(picture(&app, 100, 30).contains("n creates a new one"));
    draw_at_all_sizes(&app);
    app.peering.hubs = None;
    assert!(picture(&app, 80, 24).contains("Reading"));
    draw_at_all_sizes(&app);
}
