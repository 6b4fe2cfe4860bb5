//! A deployment as it is kept: what was asked for, and how far each of its resources is.
//!
//! Secure parameters are kept as digests only (see `secure`). Plain data; what happens next is decided by `run`.

use std::sync::OnceLock;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::practice::identifier::Scope;
use crate::practice::state::{Cloud, SharedRecord};

/// How far a deployment is; the names are ARM's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeploymentState {
    /// Going on.
    Running,
    /// All resources stand.
    Succeeded,
    /// A resource failed, and everything that could still run has ended.
    Failed,
    /// Stopped on demand.
    Canceled,
}

impl DeploymentState {
    /// ARM's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Canceled => "Canceled",
        }
    }
}

/// How far one resource of a deployment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// Not begun. It stays so for ever when something it depends on fails.
    Waiting,
    /// Begun.
    Running,
    /// Done.
    Succeeded,
    /// Failed.
    Failed,
}

/// One resource of a deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeploymentResource {
    /// Symbolic name in the template.
    pub symbol: String,
    /// Resource id.
    pub id: String,
    /// Full type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Full name.
    pub name: String,
    /// API version.
    pub api_version: String,
    /// Symbols of the parts that must be done first.
    pub depends_on: Vec<String>,
    /// The body, when all of it was known at submission; otherwise it is evaluated when the part begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// How far it is.
    pub progress: Progress,
    /// Id of its operation, once begun.
    #[serde(default)]
    pub operation: String,
    /// When it began, in simulated time.
    #[serde(default)]
    pub started: Option<Timestamp>,
    /// When it ended, in simulated time.
    #[serde(default)]
    pub ended: Option<Timestamp>,
    /// HTTP status of the write.
    #[serde(default)]
    pub status: u16,
    /// The content of `error` that it will fail with at its end, or failed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Value>,
}

/// The deployment whose part this one is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parent {
    /// Where the outer deployment is.
    pub scope: Scope,
    /// Its name.
    pub name: String,
    /// Index of the part.
    pub part: usize,
}

/// A deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Name as it was written.
    pub name: String,
    /// Group or subscription.
    pub scope: Scope,
    /// Region, at subscription scope.
    #[serde(default)]
    pub location: String,
    /// Tags.
    #[serde(default)]
    pub tags: Value,
    /// `Incremental` or `Complete`.
    pub mode: String,
    /// The template, without default values of secure parameters, nested templates taken out.
    pub template: Value,
    /// Nested templates by symbol of their part.
    #[serde(default)]
    pub nested: Map<String, Value>,
    /// Parameter values, plain; secure ones as digests.
    pub parameters: Map<String, Value>,
    /// What an answer shows of the parameters, defaults included.
    pub shown_parameters: Map<String, Value>,
    /// How far it is.
    pub state: DeploymentState,
    /// Correlation id.
    pub correlation: String,
    /// Id of its operation status.
    pub operation: String,
    /// When it began, in simulated time.
    pub started: Timestamp,
    /// When it ended, in simulated time.
    #[serde(default)]
    pub ended: Option<Timestamp>,
    /// Whether somebody asked for it to stop.
    #[serde(default)]
    pub cancelled: bool,
    /// Its resources, in the template's order.
    pub parts: Vec<DeploymentResource>,
    /// Outputs, once evaluated.
    #[serde(default)]
    pub outputs: Map<String, Value>,
    /// The content of `error` after a failure.
    #[serde(default)]
    pub error: Option<Value>,
    /// The deployment whose part this one is.
    #[serde(default)]
    pub parent: Option<Parent>,
    /// Its answer, once it was asked for.
    #[serde(skip)]
    pub text: CachedAnswer,
}

/// The answer that shows a deployment, as text in three pieces: between them stand the two times that pass while it is
/// going on. A copy is made to be changed, so it begins without.
#[derive(Debug, Default)]
pub struct CachedAnswer(OnceLock<[String; 3]>);

impl CachedAnswer {
    /// The pieces, made when they are first asked for.
    pub fn pieces(&self, make: impl FnOnce() -> [String; 3]) -> &[String; 3] {
        self.0.get_or_init(make)
    }
}

impl Clone for CachedAnswer {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for CachedAnswer {
    /// It is made from the rest, which says all.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Record {
    /// Reads a deployment; `None` when there is none of that name.
    pub fn load(cloud: &Cloud, scope: &Scope, name: &str) -> Option<Self> {
        Self::find(cloud, scope, name).map(|record| (*record).clone())
    }

    /// As [`Self::load`], only to be looked at.
    pub fn find(cloud: &Cloud, scope: &Scope, name: &str) -> Option<SharedRecord<Self>> {
        let group = cloud.group(scope)?;
        group.deployments.get(&name.to_ascii_lowercase()).cloned()
    }

    /// All deployments of a group or subscription, oldest first.
    pub fn all<'cloud>(
        cloud: &'cloud Cloud,
        scope: &Scope,
    ) -> impl DoubleEndedIterator<Item = &'cloud Self> {
        cloud
            .group(scope)
            .into_iter()
            .flat_map(|group| group.deployments.values())
            .map(|record| &**record)
    }

    /// Writes it back; without its group nothing happens.
    pub fn save(&self, cloud: &mut Cloud) {
        if let Some(group) = cloud.group_mut(&self.scope) {
            group
                .deployments
                .insert(self.name.to_ascii_lowercase(), SharedRecord::new(self.clone()));
        }
    }

    /// Its resource id.
    pub fn id(&self, cloud: &Cloud) -> String {
        let group = cloud.group(&self.scope).map_or("", |group| group.name.as_str());
        id(&self.scope.path(group), &self.name)
    }

    /// True until it has ended.
    pub fn is_running(&self) -> bool {
        self.state == DeploymentState::Running
    }
}

/// The id of a deployment below a scope's path.
pub fn id(path: &str, name: &str) -> String {
    format!("{path}/providers/Microsoft.Resources/deployments/{name}")
}
