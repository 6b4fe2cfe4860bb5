use super::*;
use crate::domain::graph::Direction;
use crate::domain::health::{HealthPart, HealthState};
use crate::domain::plan::Plan;
use crate::domain::settings::Settings;
use crate::template::Template;
use crate::template::plan::{PlanScope, plan as planned};

fn plan(edit: impl Fn(&mut Settings)) -> Plan {
    let (name, suffix) = ("demo".parse().unwrap(), "7647".parse().unwrap());
    let space = "10.2.0.0/22".parse().unwrap();
    let mut settings = Settings::new(name, suffix, "westeurope".into(), space);
    edit(&mut settings);
    planned(&settings, Template::embedded(), &PlanScope::default()).unwrap()
}

fn text(sheet: &Sheet) -> String {
    let line = |row: &Vec<Cell>| row.iter().map(|cell| cell.sign).collect::<String>();
    sheet.rows.iter().map(|row| line(row).trim_end().to_owned() + "\n").collect()
}

#[test]
fn it_is_drawn_by_how_much_room_there_is() {
    let map = NetworkMap::of(&plan(|_| {}), MapHub::Apart);
    for width in [136, 96, 56] {
        insta::assert_snapshot!(format!("map_{width}"), text(&draw(&map, width)));
    }
}

#[test]
fn every_resource_belongs_to_one_element() {
    for instance in [false, true] {
        let plan = plan(|settings| settings.compute_instance = instance);
        let map = NetworkMap::of(&plan, MapHub::Apart);
        for resource in &plan.resources {
            let owners = map.elements.iter().filter(|each| each.members.contains(&resource.symbol));
            assert_eq!(owners.count(), 1, "{}", resource.symbol);
        }
        let keys: std::collections::BTreeSet<&str> =
            map.elements.iter().map(|each| each.key.as_str()).collect();
        assert_eq!(keys.len(), map.elements.len());
        assert_eq!(map.find("others"), None, "{:?}", map.elements.last());
    }
}

#[test]
fn every_element_is_drawn_once_and_reached_by_arrows() {
    let map = NetworkMap::of(&plan(|settings| settings.compute_instance = true), MapHub::Apart);
    for width in 44..200 {
        let sheet = draw(&map, width);
        let mut drawn: Vec<usize> = sheet.spots.iter().map(|spot| spot.element).collect();
        drawn.sort_unstable();
        assert_eq!(drawn, (0..map.elements.len()).collect::<Vec<_>>(), "{width}");
        assert!(sheet.rows.iter().all(|row| row.len() == width));
        let mut reached = vec![sheet.spots[0].element];
        let mut at = 0;
        while at < reached.len() {
            for direction in [Direction::Left, Direction::Right, Direction::Up, Direction::Down] {
                let next = neighbour(&sheet, reached[at], direction);
                reached.extend(next.filter(|next| !reached.contains(next)));
            }
            at += 1;
        }
        let missed: Vec<&str> = (0..map.elements.len())
            .filter(|number| !reached.contains(number))
            .map(|number| map.elements[number].key.as_str())
            .collect();
        assert!(missed.is_empty(), "{width}: {missed:?}\n{}", text(&sheet));
    }
}

/// An edited template may lack anything: it is drawn all the same, and nothing of it is lost.
#[test]
fn a_plan_without_any_one_type_is_drawn_whole() {
    let whole = plan(|_| {});
    let kinds: std::collections::BTreeSet<&str> =
        whole.resources.iter().map(|each| each.resource_type.as_str()).collect();
    for kind in kinds {
        let mut plan = whole.clone();
        plan.resources.retain(|each| each.resource_type != kind);
        let map = NetworkMap::of(&plan, MapHub::Apart);
        let members: usize = map.elements.iter().map(|each| each.members.len()).sum();
        assert_eq!(members, plan.resources.len(), "{kind}");
        for width in [44, 84, 100, 128, 190] {
            assert_eq!(draw(&map, width).spots.len(), map.elements.len(), "{kind} {width}");
        }
    }
    let nothing = Plan { resources: Vec::new(), subnets: Vec::new(), ..whole };
    let map = NetworkMap::of(&nothing, MapHub::Apart);
    for width in 0..200 {
        draw(&map, width);
    }
}

/// A route that leads past the firewall is not drawn to it.
#[test]
fn a_default_route_elsewhere_does_not_lead_to_the_firewall() {
    let mut plan = plan(|_| {});
    assert!(NetworkMap::of(&plan, MapHub::Apart).way_out.is_some());
    plan.routes[0].next_hop = "10.9.9.9".into();
    let map = NetworkMap::of(&plan, MapHub::Apart);
    assert_eq!(map.way_out, None);
    assert!(text(&draw(&map, 100)).contains("no default route leads to the firewall"));
}

/// What was not read as closed is not called closed.
#[test]
fn no_public_access_is_said_only_of_what_was_read_so() {
    let part = |title: &str, state| HealthPart {
        title: title.into(),
        name: String::new(),
        state,
        words: String::new(),
    };
    let mut parts: Vec<HealthPart> = ["Workspace", "Storage", "Key vault", "Registry"]
        .map(|title| part(title, HealthState::Good))
        .into();
    let seen =
        |parts: &[HealthPart]| NetworkMap::of(&plan(|_| {}), MapHub::NotLinked).observed(parts);
    assert!(text(&draw(&seen(&parts), 100)).contains("no public access"));
    for state in [HealthState::Warning, HealthState::Bad, HealthState::Unknown] {
        parts[1] = part("Storage", state);
        let told = text(&draw(&seen(&parts), 100));
        assert!(told.contains("may reach storage") && !told.contains("no public access"), "{told}");
    }
    assert_eq!(seen(&[]).public.len(), 4);
    assert!(text(&draw(&seen(&[]), 100)).contains("may reach 4 services"));
}
