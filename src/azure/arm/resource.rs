//! Any resource by its id, and the list of what a group holds.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Arm, RESOURCES, long_running::Started, versioned};
use crate::{
    azure::http::{ExpectedShape, Request},
    domain::problem::Result,
};

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
    /// A resource as it stands, or `None`.
    ///
    /// # Errors
    /// As every call.
    pub async fn resource(&self, id: &str, version: &str) -> Result<Option<Value>> {
        // How a machine runs is no resource of its own.
        let shape = if id.to_ascii_lowercase().ends_with("/instanceview") {
            ExpectedShape::Object(&["/statuses"])
        } else {
            ExpectedShape::RESOURCE
        };
        self.reading(id, version, shape).await
    }

    /// What stands at a path, in a shape of its own, or `None`.
    pub(in crate::azure) async fn reading(
        &self,
        path: &str,
        version: &str,
        shape: ExpectedShape,
    ) -> Result<Option<Value>> {
        let request = Request::get(versioned(path, version)).expecting(shape);
        let answer = self.http.exchange(request).await?.found()?;
        Ok(answer.map(|answer| answer.body))
    }

    /// The items of a list below a resource or a group; `None` when what they belong to is not there.
    ///
    /// # Errors
    /// As every call.
    pub async fn resource_list(&self, path: &str, version: &str) -> Result<Option<Vec<Value>>> {
        self.list_if_there(versioned(path, version)).await
    }

    /// Makes or replaces a resource.
    ///
    /// # Errors
    /// As every call.
    pub async fn put_resource(&self, id: &str, version: &str, body: &Value) -> Result<Started> {
        let path = versioned(id, version);
        let request = Request::put(path.as_str(), body);
        Ok(Started::of(&self.http.send(request).await?).settling(path))
    }

    /// Changes a part of a resource.
    ///
    /// # Errors
    /// As every call.
    pub async fn patch_resource(&self, id: &str, version: &str, body: &Value) -> Result<Started> {
        let path = versioned(id, version);
        let request = Request::patch(path.as_str(), body);
        Ok(Started::of(&self.http.send(request).await?).settling(path))
    }

    /// Removes a resource. One that is not there counts as removed. What this begins is done when the resource is
    /// read and is not there: an answer alone is not believed.
    ///
    /// # Errors
    /// As every call.
    pub async fn delete_resource(&self, id: &str, version: &str) -> Result<Started> {
        let request = Request::delete(versioned(id, version));
        // What is read back is the resource, without the further wishes that its removal can carry.
        let own = versioned(id.split('?').next().unwrap_or(id), version);
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
        version: &str,
        body: Option<&Value>,
        repeatable: bool,
    ) -> Result<Started> {
        let path = versioned(&format!("{id}/{action}"), version);
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
    pub async fn resources_at(&self, path: &str, version: &str) -> Result<Vec<Value>> {
        self.list(versioned(path, version)).await
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
        self.in_group(group, rest, RESOURCES)
    }
}
