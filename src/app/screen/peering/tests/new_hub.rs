//! A new hub, asked for and made.

use super::*;
use crate::domain::operation::DeployedHub;
use crate::domain::peering::{GatewaySku, HubName, NewHub};

fn typed(app: &mut App, text: &str) -> Vec<Effect> {
    press(app, Key::control('u'));
    for letter in text.chars() {
        press(app, Key::char(letter));
    }
    press(app, Key::of(Code::Enter))
}

fn error(app: &App) -> String {
    match &app.dialog {
        Some(Dialog::Prompt(prompt)) => prompt.error.clone().unwrap_or_default(),
        other => panic!("{other:?}"),
    }
}

fn office() -> NewHub {
    NewHub {
        name: "office".parse().unwrap(),
        region: "westeurope".into(),
        address_space: "10.2.0.0/16".parse().unwrap(),
        sku: GatewaySku::default(),
        on_premises_address: "198.51.100.7".parse().unwrap(),
        on_premises_ranges: vec!["192.168.0.0/16".parse().unwrap()],
        resolver: true,
    }
}

#[test]
fn a_new_hub_is_asked_for_line_by_line_and_made_only_after_a_yes() {
    let mut app = shown(three());
    press(&mut app, Key::char('n'));
    assert_eq!(typed(&mut app, "Not a name"), []);
    assert!(error(&app).contains("lower-case"), "{}", error(&app));
    let name: HubName = "office".parse().unwrap();
    assert_eq!(typed(&mut app, "office"), [Effect::FindNewHub(name.clone())]);
    let read = Ok(None);
    app.update(BEGIN, Message::NewHubFound { name, read });
    typed(&mut app, "192.168.1.1");
    assert!(error(&app).contains("not a public address"));
    typed(&mut app, "198.51.100.7");
    typed(&mut app, "10.1.0.0/16");
    assert!(error(&app).contains("overlaps"), "{}", error(&app));
    typed(&mut app, "192.168.0.0/16, 172.20.0.0/16");
    // What is offered is free beside the environment, the hubs and the site; what overlaps is refused.
    let Some(Dialog::Prompt(prompt)) = &app.dialog else { panic!("asked") };
    let offered = prompt.input.value().to_owned();
    typed(&mut app, "10.0.0.0/16");
    assert!(error(&app).contains("vnet-hub-weu"), "{}", error(&app));
    assert_eq!(typed(&mut app, &offered), []);
    assert!(matches!(app.dialog, Some(Dialog::Confirm(_))));
    assert_eq!(press(&mut app, Key::of(Code::Enter)), []);
    let effects = press(&mut app, Key::char('y'));
    let [Effect::Run { operation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let Operation::MakeHub { hub, .. } = &**operation else { panic!("{operation:?}") };
    assert_eq!(hub.address_space.to_string(), offered);
    assert!(app.watch().is_some_and(|watch| watch.operation.name() == "office"));
    assert!(availability(&app, Command::NewHub).is_err(), "one at a time");
}

#[test]
fn a_hub_that_stands_tells_what_to_set_and_is_looked_at() {
    let mut app = shown(three());
    let name: HubName = "office".parse().unwrap();
    let hub = office();
    let read = Ok(Some(Box::new(hub.clone())));
    let found = Message::NewHubFound { name: name.clone(), read };
    // One that was begun is taken up without further questions.
    let effects = app.update(BEGIN, found);
    assert!(matches!(effects.as_slice(), [Effect::Run { .. }]));
    let stands = DeployedHub {
        hub,
        resource_group: "rg-hub-office".into(),
        deployment: None,
        took: None,
        network_id: format!("{HUB}vnet-hub-office"),
        gateway_address: Some("203.0.113.17".into()),
        resolver_address: None,
        tunnel: None,
        connected: Vec::new(),
        key: None,
    };
    let ended = Box::new(Ok(Ended::Done(Finished::Hub(Box::new(stands)))));
    let effects = app.update(BEGIN, Message::Ended { id: 1, ended });
    assert!(matches!(effects.as_slice(), [Effect::FindHubs(_), Effect::ReadConnection { .. }]));
    assert!(matches!(app.dialog, Some(Dialog::Viewer(_))));
    assert!(availability(&app, Command::NewHub).is_ok());
    assert_eq!(app.screen, Screen::Peering);
}

#[test]
fn the_end_of_a_hub_is_told_wherever_one_is_by_then() {
    for (ended, told) in [
        (Ok(Ended::Left { deployment: None }), "The hub office is not finished"),
        (Err(Problem::new("Denied", "Azure refuses the hub.", "Ask.")), ""),
    ] {
        let mut app = shown(three());
        let hub = Box::new(office());
        let beside = Box::new(record());
        app.begin(Operation::MakeHub { hub, beside });
        app.peering = Peering::default();
        app.screen = Screen::Environments;
        app.dialog = None;
        app.update(BEGIN, Message::Ended { id: 1, ended: Box::new(ended) });
        let line = app.line.as_ref().map_or("", |line| &line.text);
        assert!(line.contains(told), "{line}");
        assert_eq!(app.dialog.is_some(), told.is_empty(), "a refusal is opened");
    }
}
