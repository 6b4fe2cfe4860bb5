//! Any resource by its id, and the list of what a group holds.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::long_running::Started;
use super::{Arm, versioned};
use crate::azure::http::{ExpectedShape, Request};
use crate::domain::problem::Result;
use crate::domain::resource;

/// A line in the list of a group's resources.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its region, where it has one.
    #[serde(default)]
    pub location: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// `Succeeded`, `Failed` and others, where it is told.
    #[serde(default)]
    pub provisioning_state: Option<String>,
}

impl Arm {
    /// A resource as it is, or `None`. A path that names its API version is asked in that one, here and below.
    ///
    /// # Errors
    /// As every call.
    pub async fn resource(&self, id: &str) -> Result<Option<Value>> {
        self.reading(id, shape_of(id)).await
    }

    /// What stands at a path, in a shape of its own, or `None`.
    pub(in crate::azure) async fn reading(
        &self,
        path: &str,
        shape: ExpectedShape,
    ) -> Result<Option<Value>> {
        let request = Request::get(versioned(path)).expecting(shape);
        let answer = self.http.exchange(request).await?.found()?;
        Ok(answer.map(|answer| answer.body))
    }

    /// The items of a list below a resource or a group; `None` when what they belong to is not there.
    ///
    /// # Errors
    /// As every call.
    pub async fn resource_list(&self, path: &str) -> Result<Option<Vec<Value>>> {
        self.list_if_there(versioned(path)).await
    }

    /// Makes or replaces a resource.
    ///
    /// # Errors
    /// As every call.
    pub async fn put_resource(&self, id: &str, body: &Value) -> Result<Started> {
        let path = versioned(id);
        let request = Request::put(path.as_str(), body);
        Ok(Started::of(&self.http.send(request).await?).settling(path))
    }

    /// Removes a resource. One that is not there counts as removed. What this begins is done when the resource is
    /// read and is not there: an answer alone is not believed.
    ///
    /// # Errors
    /// As every call.
    pub async fn delete_resource(&self, id: &str) -> Result<Started> {
        let request = Request::delete(versioned(id));
        // What is read back is the resource, without the further wishes that its removal can carry.
        let own = versioned(id.split('?').next().unwrap_or(id));
        let answer = self.http.exchange(request).await?.found()?;
        Ok(answer.map_or(Started::Done(Value::Null), |answer| Started::of(&answer).until_gone(own)))
    }

    /// Acts on a resource, such as `start` or `listKeys`. Mark as repeatable what does no more when it arrives twice.
    ///
    /// # Errors
    /// As every call.
    pub async fn act(
        &self,
        id: &str,
        action: &str,
        body: Option<&Value>,
        repeatable: bool,
    ) -> Result<Started> {
        let path = versioned(&format!("{id}/{action}"));
        let mut request = Request::post(path, body);
        if repeatable {
            request = request.repeatable();
        }
        Ok(Started::of(&self.http.send(request).await?))
    }

    /// The resources of a type below a resource or another scope, such as `{workspace}/computes`, as Azure lists them.
    ///
    /// # Errors
    /// As every call.
    pub async fn resources_at(&self, path: &str) -> Result<Vec<Value>> {
        self.list(versioned(path)).await
    }

    /// What a group holds.
    ///
    /// # Errors
    /// As every call.
    pub async fn resources(&self, group: &str) -> Result<Vec<ResourceSummary>> {
        self.list(self.resources_path(group)).await
    }

    /// What a group holds; `None` when there is no such group.
    ///
    /// # Errors
    /// As every call.
    pub async fn resources_if_there(&self, group: &str) -> Result<Option<Vec<ResourceSummary>>> {
        self.list_if_there(self.resources_path(group)).await
    }

    fn resources_path(&self, group: &str) -> String {
        let rest = "/resources?$expand=createdTime,changedTime,provisioningState";
        self.in_group(group, rest)
    }
}

/// How a machine runs is no resource of its own.
fn shape_of(id: &str) -> ExpectedShape {
    if resource::type_of(id).to_ascii_lowercase().ends_with("/instanceview") {
        ExpectedShape::Object(&["/statuses"])
    } else {
        ExpectedShape::RESOURCE
    }
}
