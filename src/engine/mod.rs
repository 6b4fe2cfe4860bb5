//! Runs what was asked for and reports what happens: deploy, follow, retry, cancel, delete, status, credentials.
//!
//! Azure Resource Manager does the work; the engine sends it one deployment and watches. So leaving, a crash or a lost
//! network change nothing in Azure, and every function here can be called again. It must not print, draw or ask.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::{
    azure::arm::Arm,
    domain::environment::{Keeping, Place},
    store::{keychain::SecretStore, records::Records},
    template::plan::Caller,
};

mod blueprint;
mod cancel;
pub mod credentials;
pub mod decide;
pub mod delete;
pub mod deploy;
pub mod egress;
pub mod event;
mod finish;
pub mod follow;
mod known;
mod pace;
mod prepare;
mod provider;
pub mod retry;
pub mod right;
pub mod status;
mod submit;
mod survey;

pub use crate::azure::http::Notice as HttpNotice;
pub use blueprint::Blueprint;
pub use delete::{Removal, delete_group};
pub use deploy::{DeployRequest, KeyBased, deploy};
pub use event::{
    Event, Events, Kept, Left, Notice, Outcome, Ready, Snapshot, Stage, Stands, Stopped,
};
pub use follow::follow;
pub use status::{Overview, Status, find, list, status};

/// Everything the engine works with.
#[derive(Clone)]
pub struct Context {
    /// Azure, or the practice cloud, seen from one subscription.
    pub arm: Arm,
    /// The subscription's name.
    pub subscription_name: String,
    /// The tenant's id; empty when it is not known.
    pub tenant_id: String,
    /// The signed-in account, which gets roles on the data; `None` gives nobody any.
    pub caller: Option<Caller>,
    /// The records of the environments of this kind (practice or not).
    pub records: Records,
    /// Where credentials are kept; `None` keeps them nowhere.
    pub secrets: Option<Arc<dyn SecretStore>>,
    /// True on the practice cloud.
    pub practice: bool,
}

impl Context {
    /// Where credentials are kept.
    #[must_use]
    pub fn keeping(&self) -> Keeping {
        self.secrets
            .as_ref()
            .map_or(Keeping::None, |store| store.keeping())
    }

    fn place(&self, resource_group: &str) -> Place {
        Place {
            subscription_id: self.arm.subscription_id().to_owned(),
            tenant_id: self.tenant_id.clone(),
            resource_group: resource_group.to_owned(),
            practice: self.practice,
        }
    }

    fn pace(&self) -> pace::Pace {
        pace::Pace::of(self.practice)
    }
}

/// How a person steers what runs.
#[derive(Debug, Clone, Default)]
pub struct Control {
    /// Ends the watching; what Azure does goes on.
    pub leave: CancellationToken,
    /// Asks Azure to cancel the deployment.
    pub cancel: CancellationToken,
}
