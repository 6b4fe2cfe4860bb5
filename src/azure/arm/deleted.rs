//! What Azure keeps of deleted resources, and whose names stay taken for that long: purged, or looked for.

use serde_json::Value;

use super::long_running::Started;
use super::{Arm, segment, text};
use crate::azure::catalog::DeletedVault;
use crate::azure::http::Request;
use crate::domain::problem::Result;

impl Arm {
    /// Has a deleted vault forgotten for good. One that is not there counts as forgotten.
    ///
    /// # Errors
    /// As every call; Azure refuses where purge protection is on.
    pub async fn purge_vault(&self, vault: &DeletedVault) -> Result<Started> {
        let path = format!(
            "/providers/Microsoft.KeyVault/locations/{}/deletedVaults/{}/purge",
            segment(&vault.location),
            segment(&vault.name)
        );
        let request = Request::post(self.within(&path), None).repeatable();
        let answer = self.http.exchange(request).await?.found()?;
        Ok(answer.map_or(Started::Done(Value::Null), |answer| Started::of(&answer)))
    }

    /// The names of deleted log workspaces of a group that are still kept.
    ///
    /// # Errors
    /// As every call.
    pub async fn deleted_log_workspaces(&self, group: &str) -> Result<Vec<String>> {
        let path = self.within("/providers/Microsoft.OperationalInsights/deletedWorkspaces");
        let named = |item: &Value| Some((text(item, &["id"])?, text(item, &["name"])?));
        let items = self.list_of(path, named).await?;
        let ours = format!("/resourcegroups/{}/", group.to_ascii_lowercase());
        let kept = items.into_iter().filter(|(id, _)| id.to_ascii_lowercase().contains(&ours));
        Ok(kept.map(|(_, name)| name).collect())
    }
}
