//! Parts and their health.

use serde_json::json;

use super::*;

#[test]
fn the_last_power_state_told_counts() {
    for (codes, expected) in [
        (json!(["ProvisioningState/succeeded", "PowerState/running"]), Some(Power::Running)),
        (json!(["PowerState/deallocated"]), Some(Power::Deallocated)),
        (json!(["PowerState/stopped"]), Some(Power::Stopped)),
        (json!(["PowerState/starting"]), Some(Power::Changing)),
        (json!(["ProvisioningState/succeeded"]), None),
    ] {
        let statuses: Vec<Value> =
            codes.as_array().unwrap().iter().map(|code| json!({"code": code})).collect();
        assert_eq!(power(&json!({ "statuses": statuses })), expected);
    }
}
