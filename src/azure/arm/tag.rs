//! Tags changed one by one, so that nobody else's tags are touched.
//!
//! Source: <https://learn.microsoft.com/rest/api/resources/tags/update-at-scope>.

use serde_json::json;

use super::Arm;
use super::group::Tags;
use super::long_running::Started;
use crate::azure::http::Request;
use crate::domain::problem::Result;

impl Arm {
    /// Sets tags of a group beside those that it has.
    ///
    /// # Errors
    /// As every call.
    pub async fn merge_tags(&self, group: &str, tags: &Tags) -> Result<Started> {
        self.change_tags(group, "Merge", tags).await
    }

    /// Takes tags of a group away, each only when it has the named value.
    ///
    /// # Errors
    /// As every call.
    pub async fn remove_tags(&self, group: &str, tags: &Tags) -> Result<Started> {
        self.change_tags(group, "Delete", tags).await
    }

    async fn change_tags(&self, group: &str, operation: &str, tags: &Tags) -> Result<Started> {
        let path = self.in_group(group, "/providers/Microsoft.Resources/tags/default");
        let body = json!({ "operation": operation, "properties": { "tags": tags } });
        let request = Request::patch(path, &body).repeatable();
        Ok(Started::of(&self.http.send(request).await?))
    }
}
