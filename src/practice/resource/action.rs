//! Actions upon resources: power of virtual machines and of compute instances, keys, reads that are made with POST.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{effective_route, effective_rule, learned_route, run_command};
use crate::practice::asynchronous::{self, RESULT, STATUS};
use crate::practice::clock::later;
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::{Cloud, OperationStatus, StoredResource, What};
use crate::practice::{rule, traffic};

const MACHINES: &str = "Microsoft.Compute/virtualMachines";
const COMPUTES: &str = "Microsoft.MachineLearningServices/workspaces/computes";

/// Answers `POST {resource}/{action}`.
pub(super) fn handle(cloud: &mut Cloud, request: &Request, id: &ResourceId, action: &str) -> Reply {
    let Some(stored) = cloud.resource(id) else { return super::handle::not_found(id) };
    let machine = stored.is(MACHINES);
    match (action, machine || stored.is(COMPUTES)) {
        ("start" | "restart", true) => begin(cloud, request, id, action, 30),
        ("deallocate" | "poweroff" | "stop", true) => begin(cloud, request, id, action, 45),
        ("redeploy" | "reapply", true) => begin(cloud, request, id, action, 60),
        ("effectiveroutetable", _) if stored.is("Microsoft.Network/networkInterfaces") => {
            effective_route::handle(cloud, request, id)
        }
        ("listkeys", _) if stored.is("Microsoft.Storage/storageAccounts") && stored.is_busy() => {
            fault!(
                409,
                "StorageAccountIsNotProvisioned",
                "The storage account provisioning state must be 'Succeeded' before executing the operation."
            )
        }
        ("listkeys", _) if stored.is("Microsoft.Storage/storageAccounts") => keys(),
        ("effectivenetworksecuritygroups", _)
            if stored.is("Microsoft.Network/networkInterfaces") =>
        {
            effective_rule::handle(cloud, request, id)
        }
        ("getlearnedroutes", _) if stored.is("Microsoft.Network/virtualNetworkGateways") => {
            learned_route::handle(cloud, id)
        }
        ("runcommand", _) if machine => run_command::handle(cloud, request, id),
        ("query", _) if stored.is("Microsoft.OperationalInsights/workspaces") => {
            traffic::query(cloud, request, id)
        }
        ("listkeys" | "sharedkeys", _) => Reply::ok(json!({
            "primarySharedKey": "practice", "secondarySharedKey": "practice",
            "userStorageKey": "practice",
        })),
        _ => fault!(
            404,
            "InvalidResourceAction",
            "The action '{action}' is not supported for '{}'.",
            stored.resource_type
        ),
    }
}

/// Whether a machine runs.
pub(super) fn is_running(machine: &StoredResource) -> bool {
    instance_view(machine).to_string().contains("PowerState/running")
}

/// Keys that open nothing: the practice cloud has no data plane. An account whose keys are switched off lists them all
/// the same: it is the data plane that refuses them
/// (<https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent>).
fn keys() -> Reply {
    let key =
        |name: &str| json!({ "keyName": name, "value": "cHJhY3RpY2U=", "permissions": "FULL" });
    Reply::ok(json!({ "keys": [key("key1"), key("key2")] }))
}

fn begin(
    cloud: &mut Cloud,
    request: &Request,
    id: &ResourceId,
    action: &str,
    seconds: i64,
) -> Reply {
    let under_way = match action {
        "deallocate" => "deallocating",
        "poweroff" | "stop" => "stopping",
        _ => "starting",
    };
    if let Some(stored) = cloud.resource_mut(id) {
        if stored.is(MACHINES) {
            set_power(&mut stored.runtime, under_way);
        } else {
            set_state(stored, if under_way == "starting" { "Starting" } else { "Stopping" });
        }
    }
    let due = later(cloud.now(), SignedDuration::from_secs(seconds));
    let operation = asynchronous::begin(cloud, due, None);
    let end = Some(operation.clone());
    cloud.schedule(
        due,
        What::ActionDone { id: id.clone(), action: action.to_owned(), operation: end },
    );
    asynchronous::accepted(cloud, request, id.namespace(), &operation, &[STATUS, RESULT])
}

/// An action has taken effect.
pub fn done(cloud: &mut Cloud, id: &ResourceId, action: &str, operation: Option<&str>) {
    if action == rule::NEGOTIATED {
        return rule::negotiated(cloud, id);
    }
    let power = match action {
        "deallocate" => Some("deallocated"),
        "poweroff" | "stop" => Some("stopped"),
        "start" | "restart" | "redeploy" | "reapply" => Some("running"),
        _ => None,
    };
    if power == Some("running") && is_stranded(cloud, id) {
        return strand(cloud, id, operation);
    }
    if let (Some(power), Some(stored)) = (power, cloud.resource_mut(id)) {
        if stored.is(MACHINES) {
            set_power(&mut stored.runtime, power);
        } else {
            set_state(stored, if power == "running" { "Running" } else { "Stopped" });
        }
    }
    asynchronous::succeed(cloud, operation);
}

/// Whether a compute instance would start without a way to the services that it needs to come up.
fn is_stranded(cloud: &Cloud, id: &ResourceId) -> bool {
    cloud
        .resource(id)
        .filter(|stored| stored.is(COMPUTES))
        .and_then(|stored| stored.id_at("/properties/properties/subnet/id"))
        .is_some_and(|subnet| rule::is_cut(cloud, &subnet))
}

/// A compute instance that reaches nothing comes to nothing
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-access-azureml-behind-firewall>).
fn strand(cloud: &mut Cloud, id: &ResourceId, operation: Option<&str>) {
    if let Some(stored) = cloud.resource_mut(id) {
        set_state(stored, "Unusable");
    }
    if let Some(operation) = operation {
        let error = json!({
            "code": "UserError",
            "message": format!(
                "The compute instance '{}' could not be started: its network lets it reach none of the \
                 services that it needs. Check the firewall and the default route of its subnet.",
                id.name()
            ),
        });
        asynchronous::end(cloud, operation, OperationStatus::Failed, Some(error));
    }
}

/// How a compute instance fares.
fn set_state(stored: &mut StoredResource, state: &str) {
    let shown = json!({ "properties": { "properties": { "state": state } } });
    json::merge(&mut stored.runtime, shown);
}

/// The power state lives in `/properties/instanceView/statuses`; only that one status is replaced.
fn set_power(runtime: &mut Value, power: &str) {
    let status = json!({
        "code": format!("PowerState/{power}"),
        "level": "Info",
        "displayStatus": format!("VM {power}"),
    });
    let mut statuses = runtime.items("/properties/instanceView/statuses").to_vec();
    statuses.retain(|known| !known.text("/code").starts_with("PowerState/"));
    statuses.push(status);
    json::merge(runtime, json!({ "properties": { "instanceView": { "statuses": statuses } } }));
}

/// A machine's instance view. Without one of the provider's own, the machine runs once it is made.
pub(super) fn instance_view(stored: &StoredResource) -> Value {
    let mut shown = stored.get("/properties/instanceView").cloned().unwrap_or_else(|| json!({}));
    let has_power = shown.to_string().contains("PowerState/");
    if !has_power && stored.provisioning_state == "Succeeded" {
        let mut runtime = json!({ "properties": { "instanceView": shown } });
        set_power(&mut runtime, "running");
        shown =
            runtime.pointer_mut("/properties/instanceView").map(Value::take).unwrap_or_default();
    }
    let provisioning = json!({
        "code": format!("ProvisioningState/{}", stored.provisioning_state.to_ascii_lowercase()),
        "level": "Info",
        "displayStatus": format!("Provisioning {}", stored.provisioning_state.to_ascii_lowercase()),
        "time": stored.changed.to_string(),
    });
    match shown.get_mut("statuses").and_then(Value::as_array_mut) {
        Some(statuses) if !format!("{statuses:?}").contains("ProvisioningState/") => {
            statuses.insert(0, provisioning);
        }
        Some(_) => {}
        None => json::merge(&mut shown, json!({ "statuses": [provisioning] })),
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::practice::secure;
    use crate::practice::testing::{Bench, in_group};

    fn machine(bench: &mut Bench) -> String {
        let path = in_group("Microsoft.Compute/virtualMachines/vm");
        let mut body = json!({ "location": "westeurope", "properties": {
            "osProfile": {"adminUsername": "someone", "adminPassword": "Example-1"},
        }});
        secure::conceal("Microsoft.Compute/virtualMachines", &mut body);
        bench.put_directly(&path, body);
        path
    }

    #[test]
    fn a_machine_is_stopped_and_started_and_says_so() {
        let mut bench = Bench::with_group();
        let path = machine(&mut bench);
        let power = |bench: &mut Bench| -> String {
            let view = bench.get(&format!("{path}/instanceView")).body;
            let statuses = view["statuses"].as_array().unwrap().clone();
            let found = statuses
                .iter()
                .filter_map(|status| status["code"].as_str()?.strip_prefix("PowerState/"))
                .next_back();
            found.unwrap().to_owned()
        };
        assert_eq!(power(&mut bench), "running");
        for (action, state) in
            [("deallocate", "deallocated"), ("start", "running"), ("powerOff", "stopped")]
        {
            let begun = bench.post(&format!("{path}/{action}"), Value::Null);
            assert_eq!(begun.status, 202, "{action}");
            bench.pass(120);
            let status = begun.get("azure-asyncoperation").unwrap().to_owned();
            assert_eq!(bench.get(&status).body["status"], "Succeeded");
            assert_eq!(power(&mut bench), state);
        }
        let shown = bench.get(&format!("{path}?$expand=instanceView")).body;
        assert!(shown["properties"]["instanceView"].is_object());
        assert!(bench.get(&path).body["properties"].get("instanceView").is_none());
        assert_eq!(
            Bench::code(&bench.post(&format!("{path}/explode"), Value::Null)),
            "InvalidResourceAction"
        );
    }

    #[test]
    fn a_password_can_be_verified_and_is_nowhere_in_the_files() {
        let mut bench = Bench::with_group();
        let path = machine(&mut bench);
        for (password, matches) in [("Example-1", true), ("Example-2", false)] {
            let question = json!({ "id": path, "password": password });
            let answer = bench.post("/practice/verify-password", question);
            assert_eq!(answer.body["matches"], matches);
        }
        assert!(!bench.get(&path).body.to_string().contains("adminPassword"));
        for file in std::fs::read_dir(bench.directory.path().join("groups")).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(!text.contains("Example-1"));
        }
    }

    #[test]
    fn a_reset_password_replaces_the_old_one() {
        let mut bench = Bench::with_group();
        let path = machine(&mut bench);
        let extension = json!({ "location": "westeurope", "properties": {
            "publisher": "Microsoft.Compute", "type": "VMAccessAgent", "typeHandlerVersion": "2.4",
            "autoUpgradeMinorVersion": true,
            "settings": {"UserName": "someone"},
            "protectedSettings": {"Password": "Example-3"},
        }});
        let extension_path = format!("{path}/extensions/enablevmaccess?api-version=2025-04-01");
        let made = bench.make(&extension_path, extension);
        assert!(!made.to_string().contains("Example-3"));
        for (password, matches) in [("Example-3", true), ("Example-1", false)] {
            let question = json!({ "id": path, "password": password });
            let answer = bench.post("/practice/verify-password", question);
            assert_eq!(answer.body["matches"], matches);
        }
    }
}
