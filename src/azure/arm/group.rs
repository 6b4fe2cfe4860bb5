//! Resource groups: found by tag, made, read and removed.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Arm, RESOURCES, long_running::Started, read, segment, text};
use crate::{
    azure::http::{Request, Shape},
    domain::problem::Problem,
};

/// What every answer about one group has.
const GROUP: Shape = Shape::Object(&["/id", "/name", "/location"]);

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
    pub tags: BTreeMap<String, String>,
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
        self.in_group(name, "", RESOURCES)
    }

    /// All groups of the subscription that the account can read.
    ///
    /// # Errors
    /// As every call.
    pub async fn resource_groups(&self) -> Result<Vec<ResourceGroup>, Problem> {
        self.list(self.within("/resourcegroups", RESOURCES)).await
    }

    /// The groups that carry a tag with this value.
    ///
    /// # Errors
    /// As every call.
    pub async fn resource_groups_by_tag(
        &self,
        tag: &str,
        value: &str,
    ) -> Result<Vec<ResourceGroup>, Problem> {
        let quoted = |text: &str| text.replace('\'', "''");
        let filter = format!("tagname eq '{}' and tagvalue eq '{}'", quoted(tag), quoted(value));
        let path = format!("/resourcegroups?$filter={}", segment(&filter));
        self.list(self.within(&path, RESOURCES)).await
    }

    /// A group, or `None` when there is none of that name.
    ///
    /// # Errors
    /// As every call.
    pub async fn resource_group(&self, name: &str) -> Result<Option<ResourceGroup>, Problem> {
        let request = Request::get(self.group_path(name)).expecting(GROUP);
        match self.http.exchange(request).await?.found()? {
            Some(answer) => read(&answer.body, &answer).map(Some),
            None => Ok(None),
        }
    }

    /// Makes a group, or sets the tags of one that stands in the same region.
    ///
    /// # Errors
    /// As every call.
    pub async fn create_resource_group(
        &self,
        name: &str,
        location: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<ResourceGroup, Problem> {
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
    pub async fn delete_resource_group(&self, name: &str) -> Result<Started, Problem> {
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
