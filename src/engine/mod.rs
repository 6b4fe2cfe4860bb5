//! Runs what was asked for and reports what happens: deploy, follow, retry, cancel, delete, status, credentials.
//!
//! Azure Resource Manager does the work; the engine sends it one deployment and watches. So leaving, a crash or a lost
//! network change nothing in Azure, and every function here can be called again. It must not print, draw or ask.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::azure::arm::{Arm, Subscription};
use crate::domain::environment::{EnvironmentScope, Keeping, Record};
use crate::store::keychain::SecretStore;
use crate::store::records::Records;
use crate::template::plan::Caller;

mod attempts;
mod blueprint;
mod cancel;
pub mod check;
pub mod cost;
pub mod credentials;
pub mod decide;
pub mod delete;
pub mod deploy;
pub mod egress;
pub mod entrance;
pub mod event;
mod find;
mod finish;
pub mod follow;
mod forecast;
mod guard;
pub mod inspect;
mod intent;
mod inventory;
mod known;
pub mod list;
mod pace;
pub mod packages;
pub mod pause;
pub mod peering;
pub mod power;
mod prepare;
pub mod prices;
mod provider;
mod race;
pub mod regions;
pub mod reset;
pub mod retry;
mod run;
pub mod status;
mod submit;
mod support;
mod survey;
mod validation;
mod work;

pub use blueprint::Blueprint;
pub use delete::{DeleteOptions, delete_environment};
pub use deploy::{DeployRequest, deploy};
pub use event::Events;
pub use find::find;
pub use follow::follow;
pub use forecast::foresee;
pub use inspect::{Happening, Inspection, audit, evidence, inspect};
pub use list::{Overview, list, list_here};
pub use pause::{pause, resume};
pub use power::{start, stop};
pub use reset::reset;
pub use status::{EnvironmentStatus, status};
pub use support::{SupportFile, SupportSource, support};
pub use survey::agree;

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
    /// The subscriptions that the account sees, where they were read already; empty when not.
    pub subscriptions: Arc<[Subscription]>,
    /// Where prices are had from.
    pub prices: Arc<prices::PriceReader>,
}

impl Context {
    /// Where credentials are kept.
    pub fn keeping(&self) -> Keeping {
        self.secrets.as_ref().map_or(Keeping::None, |store| store.keeping())
    }

    /// The same in the subscription that an environment lives in.
    pub fn in_subscription(&self, record: &Record) -> Self {
        self.of_subscription(&record.subscription_id)
    }

    /// The same in another subscription.
    pub fn of_subscription(&self, id: &str) -> Self {
        if id.eq_ignore_ascii_case(self.arm.subscription_id()) {
            return self.clone();
        }
        let seen =
            self.subscriptions.iter().find(|each| each.subscription_id.eq_ignore_ascii_case(id));
        let tenant = seen.and_then(|each| each.tenant_id.as_ref());
        Self {
            arm: Arm::new(self.arm.http().clone(), id),
            subscription_name: seen.map_or_else(|| id.to_owned(), |each| each.display_name.clone()),
            tenant_id: tenant.unwrap_or(&self.tenant_id).clone(),
            ..self.clone()
        }
    }

    /// The same, with what the HTTP layer notices told too.
    pub fn telling(&self, events: &Events) -> Self {
        let http = self.arm.http().clone().with_notices(events.hook());
        Self { arm: Arm::new(http, self.arm.subscription_id()), ..self.clone() }
    }

    fn place(&self, resource_group: &str) -> EnvironmentScope {
        EnvironmentScope {
            subscription_id: self.arm.subscription_id().to_owned(),
            tenant_id: self.tenant_id.clone(),
            resource_group: resource_group.to_owned(),
            practice: self.practice,
        }
    }

    /// How far the practice cloud's time is ahead of this machine's at a moment of its own; none on Azure. What has
    /// happened is told without it, so that it never lies in the future of whoever reads it.
    fn ahead(&self, read_at: Option<Timestamp>) -> SignedDuration {
        let told = read_at.filter(|_| self.practice);
        let ahead = told.map(|told| told.duration_since(Timestamp::now()));
        ahead.unwrap_or_default().max(SignedDuration::ZERO)
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
