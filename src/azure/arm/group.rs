//! Resource groups: found by tag, made, read and removed.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::long_running::Started;
use super::{Arm, read, text};
use crate::azure::http::{ExpectedShape, Request};
use crate::domain::problem::Result;

/// Tags by name.
pub(super) type Tags = BTreeMap<String, String>;

/// What every answer about one group has.
const GROUP: ExpectedShape = ExpectedShape::Object(&["/id", "/name", "/location"]);

/// A resource group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ResourceGroup {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: String,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
    #[serde(default)]
    properties: Value,
}

impl ResourceGroup {
    /// `Succeeded`, or `Deleting` while it is being removed.
    pub fn state(&self) -> String {
        text(&self.properties, &["provisioningState"]).unwrap_or_default()
    }
}

impl Arm {
    fn group_path(&self, name: &str) -> String {
        self.in_group(name, "")
    }

    /// All groups of the subscription that the account can read.
    ///
    /// # Errors
    /// As every call.
    pub async fn resource_groups(&self) -> Result<Vec<ResourceGroup>> {
        self.list(self.within("/resourcegroups")).await
    }

    /// A group, or `None` when there is none of that name.
    ///
    /// # Errors
    /// As every call.
    pub async fn resource_group(&self, name: &str) -> Result<Option<ResourceGroup>> {
        let request = Request::get(self.group_path(name)).expecting(GROUP);
        let answer = self.http.exchange(request).await?.found()?;
        answer.map(|answer| read(&answer.body, &answer)).transpose()
    }

    /// Makes a group, or sets the tags of one that stands in the same region.
    ///
    /// # Errors
    /// As every call.
    pub async fn create_resource_group(
        &self,
        name: &str,
        location: &str,
        tags: &Tags,
    ) -> Result<ResourceGroup> {
        let body = json!({"location": location, "tags": tags});
        let request = Request::put(self.group_path(name), &body).expecting(GROUP);
        let answer = self.http.send(request).await?;
        read(&answer.body, &answer)
    }

    /// Begins to remove a group with everything in it. A group that is not there counts as removed; what this begins
    /// is done when the group is read and is not there.
    ///
    /// # Errors
    /// As every call.
    pub async fn delete_resource_group(&self, name: &str) -> Result<Started> {
        let request = Request::delete(self.group_path(name));
        match self.http.exchange(request).await?.found() {
            Ok(Some(answer)) => Ok(Started::of(&answer).until_gone(self.group_path(name))),
            Ok(None) => Ok(Started::Done(Value::Null)),
            Err(problem) if problem.code == "ResourceGroupBeingDeleted" => {
                // By this program or another: the group itself tells when it has ended.
                Ok(Started::Done(Value::Null).until_gone(self.group_path(name)))
            }
            Err(problem) => Err(problem),
        }
    }
}
