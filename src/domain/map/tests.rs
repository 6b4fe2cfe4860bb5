use super::*;
use crate::domain::graph::Direction;
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
    (0..sheet.height()).map(|row| sheet.text(row) + "\n").collect()
}

#[test]
fn it_is_drawn_by_how_much_room_there_is() {
    let map = NetworkMap::of(&plan(|_| {}), MapHub::None);
    for width in [136, 96, 56] {
        insta::assert_snapshot!(format!("map_{width}"), text(&draw(&map, width)));
    }
}

#[test]
fn every_resource_belongs_to_one_element() {
    for instance in [false, true] {
        let plan = plan(|settings| settings.compute_instance = instance);
        let map = NetworkMap::of(&plan, MapHub::None);
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
    let map = NetworkMap::of(&plan(|settings| settings.compute_instance = true), MapHub::None);
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
