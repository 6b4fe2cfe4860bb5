//! The rules of the form: what is refused, what is suggested, what can be chosen.

use super::*;

#[test]
fn what_is_in_the_way_is_said_and_shown() {
    for (field, text, words) in [
        (Field::Name, "", "Name"),
        (Field::Name, "Test", "Name"),
        (Field::AddressSpace, "10.1.0.0/23", "Address space"),
        (Field::AddressSpace, "10.1.", "Address space"),
        (Field::LogRetention, "7", "Keep logs"),
        (Field::LogRetention, "long", "Keep logs"),
        (Field::Tags, "owner", "Tags"),
        (Field::Tags, "azure-x=1", "Tags"),
        (Field::ShutdownTime, "2560", "Jumpbox off at"),
    ] {
        let mut app = filled();
        replace(&mut app, field, text);
        let reason = availability(&app, Command::Continue).unwrap_err();
        assert!(reason.contains(words), "{text}: {reason}");
        assert!(settings(&app).is_err(), "{text}");
        assert!(press(&mut app, Key::control('n')).is_empty());
        assert_eq!(app.screen, Screen::Basics);
        assert_eq!(app.basics.typed(field), text);
    }
}

#[test]
fn what_is_suggested_is_taken_with_one_key() {
    for (field, wrong, right) in [
        (Field::Name, "My Test", "mytest"),
        (Field::Name, "researchers", "research"),
        (Field::AddressSpace, "10.1.0.0/23", "10.1.0.0/22"),
        (Field::AddressSpace, "10.1.2.0/22", "10.1.0.0/22"),
        (Field::AddressSpace, "10.5.0.0", "10.5.0.0/22"),
        (Field::AddressSpace, "", "10.1.0.0/22"),
        (Field::AddressSpace, "10.9.0.0/22", "10.1.0.0/22"),
        (Field::LogRetention, "1000", "730"),
        (Field::LogRetention, "x", "30"),
        (Field::ShutdownTime, "late", "1900"),
    ] {
        let mut app = filled();
        replace(&mut app, field, wrong);
        press(&mut app, Key::control('t'));
        assert_eq!(app.basics.typed(field), right, "{wrong}");
        assert!(app.basics.fault(field).is_none(), "{wrong}");
    }
}

#[test]
fn nothing_is_suggested_where_all_is_right() {
    let app = filled();
    assert!(availability(&app, Command::TakeSuggestion).is_err());
}

#[test]
fn an_offered_address_space_gives_way_to_a_free_one_and_a_typed_one_stays() {
    let taken = vec![network("vnet-x", "10.1.0.0/16", Vec::new())];
    let mut app = opened();
    tell(&mut app, Message::Networks(Ok(taken.clone())));
    assert_eq!(app.basics.typed(Field::AddressSpace), "10.2.0.0/22");
    let mut app = opened();
    replace(&mut app, Field::AddressSpace, "10.1.4.0/22");
    tell(&mut app, Message::Networks(Ok(taken)));
    assert_eq!(app.basics.typed(Field::AddressSpace), "10.1.4.0/22");
    assert!(app.basics.fault(Field::AddressSpace).is_none(), "it only warns");
}

#[test]
fn a_hub_makes_overlaps_with_it_and_its_peers_refusals() {
    for (space, refused) in [
        ("10.0.4.0/22", true),
        ("10.7.0.0/22", true),
        ("10.9.0.0/22", false),
        ("10.1.0.0/22", false),
    ] {
        let mut app = filled();
        replace(&mut app, Field::AddressSpace, space);
        assert!(app.basics.fault(Field::AddressSpace).is_none(), "{space}");
        focus(&mut app, Field::Hub);
        type_text(&mut app, "hub-weu");
        press(&mut app, Key::of(Code::Enter));
        assert!(app.basics.hub().is_some());
        assert_eq!(app.basics.fault(Field::AddressSpace).is_some(), refused, "{space}");
        assert_eq!(settings(&app).is_err(), refused, "{space}");
    }
}

#[test]
fn a_hub_can_be_typed_by_its_id_and_is_then_read() {
    let mut app = filled();
    focus(&mut app, Field::Hub);
    let hub = network("vnet-far", "10.1.0.0/16", Vec::new());
    tell(&mut app, Message::Paste(hub.id.clone()));
    let effects = press(&mut app, Key::of(Code::Enter));
    assert_eq!(effects, [Effect::ReadHub(hub.id.clone())]);
    let read = Message::Hub { id: hub.id.clone(), read: Ok(Some(hub)) };
    assert!(tell(&mut app, read).is_empty());
    let fault = app.basics.fault(Field::AddressSpace).unwrap();
    assert!(fault.what.contains("vnet-far"), "{}", fault.what);
    focus(&mut app, Field::Hub);
    type_text(&mut app, "nonsense");
    assert!(press(&mut app, Key::of(Code::Enter)).is_empty());
    assert!(app.basics.fault(Field::Hub).is_some());
}

#[test]
fn typing_into_the_region_opens_its_list_filtered() {
    let mut app = read();
    focus(&mut app, Field::Region);
    type_text(&mut app, "sweden c");
    let Some(Dialog::Picker(picker)) = &app.dialog else {
        panic!("no list");
    };
    assert_eq!(picker.fitting()[0].id, "swedencentral");
    let effects = press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.basics.draft.region.as_deref(), Some("swedencentral"));
    assert_eq!(app.basics.focus, Field::AddressSpace);
    assert_eq!(
        effects,
        [Effect::ReadPrices("swedencentral".into()), Effect::ReadMachines("swedencentral".into())]
    );
}

#[test]
fn regions_that_cannot_be_used_are_listed_with_the_reason_and_unread_ones_can_be_chosen() {
    let mut app = read();
    focus(&mut app, Field::Region);
    type_text(&mut app, "e");
    let offers = [
        ("westeurope", RegionOffer::NotKnown("Azure did not answer.".into())),
        ("northeurope", RegionOffer::Lacking(vec!["Microsoft.X/things".into()])),
        ("swedencentral", RegionOffer::NotListed),
    ];
    let regions = offers.map(|(name, offer)| {
        let known = region::embedded().iter().find(|region| region.name == name).unwrap();
        Region { offer, ..known.clone() }
    });
    tell(&mut app, Message::Regions(regions.into()));
    let Some(Dialog::Picker(picker)) = &app.dialog else { panic!("no list") };
    let rows: Vec<_> = picker
        .fitting()
        .iter()
        .map(|item| (item.id.as_str(), item.off.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        rows,
        [
            ("westeurope", ""),
            ("northeurope", "does not offer Microsoft.X/things"),
            ("swedencentral", "not offered to this subscription"),
        ]
    );
    assert!(picker.fitting()[0].detail.contains("not known"), "{:?}", picker.fitting()[0]);
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.basics.draft.region.as_deref(), Some("westeurope"));
    assert!(app.basics.fault(Field::Region).is_none(), "what was not read speaks against nothing");
}

#[test]
fn a_region_in_the_form_that_turns_out_not_to_be_offered_is_refused_in_words() {
    let mut app = filled();
    let known = region::embedded().iter().find(|region| region.name == "westeurope").unwrap();
    let absent = Region { offer: RegionOffer::NotListed, ..known.clone() };
    tell(&mut app, Message::Regions(vec![absent]));
    let fault = app.basics.fault(Field::Region).unwrap();
    assert_eq!(fault.what, "West Europe is not offered to this subscription.");
    assert!(settings(&app).is_err());
}

#[test]
fn choices_change_in_place() {
    let mut app = filled();
    focus(&mut app, Field::Bastion);
    press(&mut app, Key::of(Code::Right));
    assert_eq!(app.basics.draft.bastion, Some(BastionSku::Standard));
    focus(&mut app, Field::DatastoreAccess);
    press(&mut app, Key::char(' '));
    assert_eq!(app.basics.draft.datastore_access, Some(DatastoreAccess::AccountKey));
    focus(&mut app, Field::Preset);
    type_text(&mut app, "locked");
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.basics.draft.preset, Some(Preset::LockedDown));
    assert_eq!(app.basics.shown(Field::EndpointPolicy), "Azure ML only");
    assert_eq!(app.basics.changed_below(), 3, "the policy follows from the preset");
}

#[test]
fn rules_between_fields_are_told_in_words_of_the_form() {
    let mut app = filled();
    focus(&mut app, Field::CopyPaste);
    press(&mut app, Key::of(Code::Right));
    let fault = app.basics.fault(Field::CopyPaste).unwrap();
    assert!(!fault.remedy.contains("--"), "{}", fault.remedy);
    press(&mut app, Key::control('o'));
    press(&mut app, Key::of(Code::Tab));
    assert_eq!(app.basics.focus, Field::Continue);
    press(&mut app, Key::of(Code::Enter));
    assert_eq!(app.basics.focus, Field::CopyPaste, "the list opens at what is wrong");
}
