//! The answer that is made once for each state, and the history that is pruned as Azure does it.

use serde_json::json;

use super::{deploy, network, path, shown, template};
use crate::practice::testing::{Bench, in_group};

#[test]
fn while_nothing_else_happens_only_its_times_pass() {
    let mut bench = Bench::with_group();
    let one = network("routeTables", "timestamp", json!({ "routes": [] }), &[]);
    assert_eq!(deploy(&mut bench, "d", &template(json!({ "a": one }))).status, 201);
    let mut before = shown(&mut bench, "d");
    assert_eq!(before["properties"]["duration"], "PT0S");
    bench.pass(1);
    let after = shown(&mut bench, "d");
    assert_eq!(after["properties"]["duration"], "PT1S");
    assert_eq!(after["properties"]["timestamp"], "2026-01-01T00:00:01Z");
    for name in ["timestamp", "duration"] {
        before["properties"][name] = after["properties"][name].clone();
    }
    assert_eq!(before, after);
    bench.pass(3600);
    let ended = shown(&mut bench, "d");
    assert_eq!(ended["properties"]["provisioningState"], "Succeeded");
    bench.pass(60);
    assert_eq!(shown(&mut bench, "d"), ended, "after the end no time passes");
    // The list makes its rows in the other way.
    let listed = bench.get(&in_group("Microsoft.Resources/deployments"));
    assert_eq!(listed.body["value"][0], ended);
}

#[test]
fn the_oldest_deployments_go_before_there_are_800() {
    let mut bench = Bench::with_group();
    let empty = template(json!({}));
    let running = template(json!({
        "a": network("routeTables", "rt", json!({ "routes": [] }), &[]),
    }));
    deploy(&mut bench, "running", &running);
    for number in 0..702 {
        let made = deploy(&mut bench, &format!("d{number}"), &empty);
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let count = bench.on(|cloud| {
        let scope =
            crate::practice::identifier::Scope::group(crate::practice::SUBSCRIPTION, "rg-test");
        cloud.group(&scope).unwrap().deployments.len()
    });
    assert!((600..=700).contains(&count), "{count}");
    let status = |bench: &mut Bench, name: &str| bench.get(&path(name)).status;
    assert_eq!(status(&mut bench, "d0"), 404);
    assert_eq!(status(&mut bench, "running"), 200, "what goes on is not history");
    assert_eq!(status(&mut bench, "d701"), 200);
}
