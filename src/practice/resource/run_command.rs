//! Commands for a machine. There is no machine behind the resource, and the answer says so where a script's output
//! stands.

use jiff::SignedDuration;
use serde_json::json;

use super::action::is_running;
use crate::practice::asynchronous;
use crate::practice::identifier::ResourceId;
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::Cloud;

/// Answers `POST {machine}/runCommand`
/// (<https://learn.microsoft.com/azure/virtual-machines/windows/run-command>).
pub(super) fn handle(cloud: &mut Cloud, request: &Request, id: &ResourceId) -> Reply {
    if !cloud.resource(id).is_some_and(is_running) {
        return fault!(
            409,
            "OperationNotAllowed",
            "The operation requires the VM to be running (or set to run)."
        );
    }
    let status = |stream: &str, message: &str| {
        json!({
            "code": format!("ComponentStatus/{stream}/succeeded"),
            "level": "Info",
            "displayStatus": "Provisioning succeeded",
            "message": message,
        })
    };
    let out = "PRACTICE: nothing was run. There is no machine behind this resource.";
    let result = json!({ "value": [status("StdOut", out), status("StdErr", "")] });
    let span = SignedDuration::from_secs(20);
    asynchronous::accepted_with_result(cloud, request, id.namespace(), span, result)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::practice::testing::{Bench, in_group};

    #[test]
    fn a_command_is_for_a_running_machine_and_says_that_nothing_was_run() {
        let mut bench = Bench::with_group();
        let path = in_group("Microsoft.Compute/virtualMachines/vm");
        bench.put_directly(&path, json!({ "properties": {} }));
        let asked = json!({ "commandId": "RunPowerShellScript", "script": ["Get-Date"] });
        let begun = bench.post(&format!("{path}/runCommand"), asked.clone());
        assert_eq!(begun.status, 202);
        bench.pass(60);
        let result = bench.get(begun.get("location").unwrap()).body;
        assert!(result["value"][0]["message"].as_str().unwrap().contains("PRACTICE"));
        bench.post(&format!("{path}/deallocate"), Value::Null);
        bench.pass(120);
        let refused = bench.post(&format!("{path}/runCommand"), asked);
        assert_eq!(Bench::code(&refused), "OperationNotAllowed");
    }
}
