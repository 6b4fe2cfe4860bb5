//! A virtual machine as it runs: its power state, and the extension that sets a password.
//!
//! Sources: <https://learn.microsoft.com/azure/virtual-machines/states-billing>,
//! <https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/support-extensions-vmaccess-extension>.

use serde_json::{Value, json};
use zeroize::Zeroize as _;

use super::arm::{Arm, Started, text, versioned};
use super::http::Request;
use crate::domain::json::HasJson as _;
use crate::domain::problem::Result;
use crate::domain::secret::{Credentials, Secret};

const ACCESS: &str = "VMAccessAgent";
/// Name of the access extension where a machine has none yet, as Azure's own tools name it.
const NAME: &str = "enablevmaccess";

/// Whether a machine runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// It runs.
    Running,
    /// It is on its way to running.
    Starting,
    /// It is being stopped or deallocated.
    Stopping,
    /// It is off but keeps its hardware, which goes on costing.
    Stopped,
    /// It is off and costs nothing but its disk.
    Deallocated,
    /// Azure does not tell.
    Unknown,
    /// There is no such machine.
    Absent,
}

impl Power {
    /// The state in a few words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Starting => "starting",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped, and still paid for",
            Self::Deallocated => "stopped",
            Self::Unknown => "not told by Azure",
            Self::Absent => "not there",
        }
    }

    /// Reads an instance view.
    pub fn of(view: &Value) -> Self {
        let mut statuses = view.items("/statuses").iter();
        match statuses.find_map(|status| status.text("/code").strip_prefix("PowerState/")) {
            Some("running") => Self::Running,
            Some("starting") => Self::Starting,
            Some("stopping" | "deallocating") => Self::Stopping,
            Some("stopped") => Self::Stopped,
            Some("deallocated") => Self::Deallocated,
            _ => Self::Unknown,
        }
    }
}

/// The access extension of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessExtension {
    /// Its name.
    pub name: String,
    /// `Succeeded`, `Failed`, `Updating` and others.
    pub state: String,
    /// The mark with which it was last sent.
    pub mark: Option<String>,
}

impl Arm {
    /// Whether a machine runs.
    ///
    /// # Errors
    /// As every call.
    pub async fn power(&self, machine: &str) -> Result<Power> {
        let path = format!("{machine}/instanceView");
        let view = self.resource(&path).await?;
        Ok(view.as_ref().map_or(Power::Absent, Power::of))
    }

    /// The access extension of a machine; a machine can have only one.
    ///
    /// # Errors
    /// As every call.
    pub async fn access_extension(&self, machine: &str) -> Result<Option<AccessExtension>> {
        let path = format!("{machine}/extensions");
        let listed = self.resource_list(&path).await?;
        Ok(listed.iter().flatten().find_map(|extension| {
            let kind = text(extension, &["properties", "type"])?;
            kind.eq_ignore_ascii_case(ACCESS).then(|| AccessExtension {
                name: text(extension, &["name"]).unwrap_or_default(),
                state: text(extension, &["properties", "provisioningState"]).unwrap_or_default(),
                mark: text(extension, &["properties", "forceUpdateTag"]),
            })
        }))
    }

    /// Sets user name and password of a machine that runs. `mark` makes Azure do it again with the same password.
    ///
    /// # Errors
    /// As every call; `OperationNotAllowed` for a machine that does not run.
    pub async fn set_password(
        &self,
        machine: &str,
        location: &str,
        extension: Option<&AccessExtension>,
        credentials: &Credentials,
        mark: &str,
    ) -> Result<Started> {
        let name = extension.map_or(NAME, |extension| extension.name.as_str());
        let mut body = json!({ "location": location, "properties": {
            "publisher": "Microsoft.Compute",
            "type": ACCESS,
            "typeHandlerVersion": "2.4",
            "autoUpgradeMinorVersion": true,
            "forceUpdateTag": mark,
            "settings": { "UserName": credentials.user_name },
            "protectedSettings": { "Password": credentials.password.expose() },
        }});
        let path = versioned(&format!("{machine}/extensions/{name}"));
        let request = Request::put(path, &body);
        wipe(&mut body, "/properties/protectedSettings/Password");
        Ok(Started::of(&self.http().send(request).await?))
    }

    /// Writes a secret of a vault through Azure Resource Manager, which works from outside the network too. Tags that
    /// are left out are taken away.
    ///
    /// # Errors
    /// As every call.
    pub async fn set_vault_secret(
        &self,
        id: &str,
        tags: &Value,
        content_type: &str,
        value: &Secret,
    ) -> Result<()> {
        let mut body = json!({ "tags": tags, "properties": {
            "value": value.expose(),
            "contentType": content_type,
        }});
        let request = Request::put(versioned(id), &body);
        wipe(&mut body, "/properties/value");
        self.http().send(request).await.map(drop)
    }
}

/// Takes a secret out of a body whose request was made.
fn wipe(body: &mut Value, pointer: &str) {
    if let Some(Value::String(text)) = body.pointer_mut(pointer) {
        text.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_state_is_read_from_among_other_states() {
        let view = |code: &str| {
            json!({ "statuses": [
                { "code": "ProvisioningState/succeeded" },
                { "code": code },
            ]})
        };
        assert_eq!(Power::of(&view("PowerState/running")), Power::Running);
        assert_eq!(Power::of(&view("PowerState/deallocated")), Power::Deallocated);
        assert_eq!(Power::of(&view("PowerState/stopped")), Power::Stopped);
        assert_eq!(Power::of(&view("OSState/generalized")), Power::Unknown);
    }
}
