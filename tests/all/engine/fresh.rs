//! An environment as it was created is as planned, whatever was chosen, also with what Azure shows of its own accord.

use privateaml::{
    domain::{
        allowlist::Preset,
        comparison::{ComparisonInput, Verdict, compare},
        inventory::Inventory,
        plan::Plan,
        settings::DatastoreAccess,
    },
    engine::{Control, evidence},
};
use serde_json::Value;

use super::bench::{Bench, ready, request};

/// What is not as planned, or not known.
fn strange(plan: &Plan, inventory: &Inventory) -> Vec<String> {
    let case = ComparisonInput::new(plan, inventory);
    let found = compare(&case);
    let items = found.items.iter();
    items
        .filter(|each| matches!(each.verdict, Verdict::NotPlanned | Verdict::NotReadable))
        .map(|each| format!("{} {} {}", each.point, each.property, each.sentence()))
        .collect()
}

/// Lays what Azure adds beneath what was read: a property that is there stays.
fn add(body: &mut Value, more: &Value) {
    let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) else {
        return;
    };
    for (name, value) in more {
        match body.get_mut(name) {
            Some(known) => add(known, value),
            None => drop(body.insert(name.clone(), value.clone())),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_created_is_as_planned_also_with_what_azure_adds() {
    let adds: Value = serde_json::from_str(include_str!("adds.json")).unwrap();
    for preset in Preset::ALL {
        for access in [DatastoreAccess::Identity, DatastoreAccess::AccountKey] {
            let bench = Bench::at(4000.0, &[]);
            let mut wanted = request();
            wanted.settings.preset = preset;
            wanted.settings.datastore_access = access;
            ready(bench.deploy_with(&wanted, &Control::default()).await);
            let record = bench.record().unwrap();
            let (plan, mut inventory) = evidence(&bench.context(), &record, false).await.unwrap();
            assert_eq!(strange(&plan, &inventory), Vec::<String>::new(), "{preset:?} {access:?}");
            let mut added = 0;
            for planned in &plan.resources {
                let Some(body) = inventory.found_mut(&planned.id) else {
                    continue;
                };
                for kind in ["*", &planned.resource_type] {
                    if let Some(more) = adds.get(kind) {
                        add(body, more);
                        added += 1;
                    }
                }
            }
            assert!(added > 100, "{added}");
            assert_eq!(strange(&plan, &inventory), Vec::<String>::new(), "{preset:?} {access:?}");
        }
    }
}
