//! Connecting an environment to a hub, from whatever state both are in.
//!
//! Rights and facts are looked at first; then the hub is noted, both sides are changed one by one, and names are made
//! known in it. Every change is found from what stands, so an act that was interrupted goes on, and one that was done
//! changes nothing. What the account may not do is left to the hub's owner: then it ends waiting, and is met again.

use super::connection::{LinkPermissions, judged};
use super::environment_network::EnvironmentNetwork;
use super::names;
use super::peering_pair::{PeeringPair, is_refused};
use super::remember::remember;
use crate::domain::environment::Record;
use crate::domain::operation::Ended;
use crate::domain::peering::link::{self as plan, PeeringChange, Side, Transit};
use crate::domain::peering::zones::Fallback;
use crate::domain::peering::{Candidate, Far, Fit, Hub, HubConnection, Lack, Mistake};
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::settings::BastionSku;
use crate::engine::event::Events;
use crate::engine::guard::hold;
use crate::engine::pause::admit;
use crate::engine::work::Work;
use crate::engine::{Context, Control};

/// How many steps there are: noting the hub, both sides, names, judging.
pub(super) const STEPS: usize = 4;
/// Most changes of halves in one run; from any state six are enough, and each can be refused and met in another way
/// once.
const MOST_CHANGES: usize = 12;
/// How often a change that Azure took is looked for before it counts as one that does nothing.
const MOST_LOOKS: u32 = 4;

/// What a person may choose about a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkOptions {
    /// What the links of our zones to the hub do with names that the zones do not have. Where none is chosen, new
    /// links ask for them publicly, and links that exist stay as they are.
    pub fallback: Option<Fallback>,
}

/// Connects an environment to a hub, or goes on connecting it. Where somebody else must act, `HubConnection::waits` tells so
/// and the steps name what.
///
/// # Errors
/// When the hub cannot be read or does not fit, when the environment is connected to another one, has Bastion
/// Developer, is being deployed or deleted, or when Azure refuses for another reason than missing rights on the hub.
pub async fn link(
    context: &Context,
    record: &Record,
    hub_id: &str,
    options: LinkOptions,
    control: &Control,
    events: &Events,
) -> Result<Ended<HubConnection>> {
    refuse_developer(record)?;
    let _lock = hold(context, record)?;
    control.unless_left(linking(Work { context, events }, record, hub_id, options)).await
}

async fn linking(
    work: Work<'_>,
    record: &Record,
    hub_id: &str,
    options: LinkOptions,
) -> Result<HubConnection> {
    let context = work.context;
    admit(work, record).await?;
    let candidate = super::hub(context, record, hub_id).await?;
    let network = EnvironmentNetwork::read(context, record).await?;
    let pair = PeeringPair::read(context, &network.network_id, &candidate.hub.id).await?;
    refuse_another(work, record, &candidate, &pair).await?;
    refuse_unfit(&candidate, &pair)?;
    let hub = candidate.hub;
    remember(work, record, Some(&hub.id), 1, STEPS).await?;
    let mut permissions = LinkPermissions::of(&hub, &context.tenant_id);
    change_halves(work, &network, &hub, &mut permissions).await?;
    permissions.refused =
        names::make_known(work, &network, &hub, &record.full_name, options.fallback).await?;
    judged(context, record, hub, &network, &permissions).await
}

async fn change_halves(
    work: Work<'_>,
    network: &EnvironmentNetwork,
    hub: &Hub,
    permissions: &mut LinkPermissions,
) -> Result<()> {
    let mut made = None;
    for _ in 0..MOST_CHANGES {
        let pair = settled(work, network, hub, permissions, made.as_ref()).await?;
        let Some(change) =
            plan::next(pair.sides(), permissions.transit, permissions.may, &permissions.synced)
        else {
            return Ok(());
        };
        if let PeeringChange::Sync { side, .. } = &change {
            permissions.synced.push(*side);
        } else if made.as_ref() == Some(&change) {
            return Err(without_effect(&change, hub));
        }
        made = match pair.apply(work, &change, network, hub).await {
            Ok(()) => Some(change),
            Err(problem) => {
                permissions.learn(&change, &pair.far, problem)?;
                None
            }
        };
    }
    // Changes took effect and were undone again.
    Err(Problem::new(
        "PeeringRestless",
        format!("{MOST_CHANGES} changes of the peering were sent, and it is not as it should be: something \
            changes it back."),
        "A policy or another program may set it. Look at the activity log of both networks, then run the \
         same command again.",
    )
    .at(hub.id.clone())
    .retry(Retry::AfterChange))
}

/// Both halves, once a change that was made is seen in them; Azure can show it late. It is looked for a few times, with
/// pauses, and not sent again meanwhile.
async fn settled(
    work: Work<'_>,
    network: &EnvironmentNetwork,
    hub: &Hub,
    permissions: &LinkPermissions,
    made: Option<&PeeringChange>,
) -> Result<PeeringPair> {
    let mut looks = 0;
    loop {
        let pair = PeeringPair::read(work.context, &network.network_id, &hub.id).await?;
        let sides = pair.sides();
        let is_seen = match made {
            None => true,
            Some(PeeringChange::Sync { side, .. }) => plan::knows(sides, *side),
            Some(made) => {
                plan::next(sides, permissions.transit, permissions.may, &permissions.synced)
                    .as_ref()
                    != Some(made)
            }
        };
        if is_seen || looks == MOST_LOOKS {
            return Ok(pair);
        }
        looks += 1;
        tokio::time::sleep(work.context.pace().after_loss(looks)).await;
    }
}

/// Azure took a change and does not show it.
fn without_effect(change: &PeeringChange, hub: &Hub) -> Problem {
    let (side, what) = match (change.side(), change) {
        (Side::Near, PeeringChange::Delete { name, .. }) => {
            ("our side", format!("deleting {name}"))
        }
        (Side::Far, PeeringChange::Delete { name, .. }) => {
            ("the hub's side", format!("deleting {name}"))
        }
        (Side::Near, _) => ("our side", "its switches".to_owned()),
        (Side::Far, _) => ("the hub's side", "its switches".to_owned()),
    };
    Problem::new(
        "PeeringUnchanged",
        format!("Azure has accepted a change of {side} of the peering ({what}), and still shows it as it was."),
        "Wait some minutes and run the same command again. If it stays so, create both sides again: `privateaml \
         peer` with --remove, \
         then with the hub's id.",
    )
    .at(hub.id.clone())
    .retry(Retry::AfterChange)
}

impl LinkPermissions {
    /// Takes a refusal for what it tells; anything else is a failure.
    fn learn(&mut self, change: &PeeringChange, far: &Far, problem: Problem) -> Result<()> {
        let side = change.side();
        let said = problem.original.as_deref().unwrap_or_default();
        let code = problem.code.as_str();
        let unseen = matches!(far, Far::Unread { .. });
        if code == "RemoteVnetHasNoGateways" && self.transit == Transit::Ready {
            self.transit = Transit::NotReady;
        } else if side == Side::Near
            && self.transit == Transit::Ready
            && (code == "RemotePeeringDoesNotAllowGatewayTransit"
                || said.contains("AllowGatewayTransit flag set to false"))
        {
            self.transit = Transit::Refused;
        } else if side == Side::Far && self.may.far && is_refused(&problem) {
            self.may.far = false;
        } else if side == Side::Near && self.may.near && code.starts_with("Linked") {
            self.may.near = false;
        } else if side == Side::Near && unseen && code == "RemotePeeringIsDisconnected" {
            self.may.near = false;
            self.lacks.push(Lack::new(Mistake::OneSide, "The hub's side is Disconnected: Azure takes none \
                of ours beside \
                it.", "The hub's owner deletes that side and creates it again; then run `privateaml peer` again."));
        } else {
            return Err(problem);
        }
        Ok(())
    }
}

/// Bastion Developer and peered networks exclude each other
/// (<https://learn.microsoft.com/azure/bastion/quickstart-developer>).
pub(super) fn refuse_developer(record: &Record) -> Result<()> {
    if record.settings.bastion != BastionSku::Developer {
        return Ok(());
    }
    Err(Problem::new(
        "BastionDeveloperAndPeering",
        "Bastion Developer does not work in a network that is peered with a hub: the jumpbox could not be \
         reached any more.",
        format!(
            "Upgrade Bastion first: privateaml mend {} --bastion basic. It costs by the hour from then on.",
            record.full_name
        ),
    )
    .at(record.full_name.clone())
    .retry(Retry::AfterChange))
}

/// An environment belongs to one hub.
async fn refuse_another(
    work: Work<'_>,
    record: &Record,
    candidate: &Candidate,
    pair: &PeeringPair,
) -> Result<()> {
    let known = super::recorded_hub(work.context, record).await?;
    let Some(known) = known.filter(|known| !known.eq_ignore_ascii_case(&candidate.hub.id)) else {
        return Ok(());
    };
    // One that was only chosen binds nobody.
    let linked = pair.all_near().any(|half| half.remote_id.eq_ignore_ascii_case(&known));
    if !linked {
        return Ok(());
    }
    Err(Problem::new(
        "AnotherHub",
        "The environment is connected to another hub.",
        format!("Take that connection away first: privateaml peer {} --remove", record.full_name),
    )
    .at(known)
    .retry(Retry::AfterChange))
}

/// What Azure would refuse is not begun. A connection that stands is mended, whatever has become of the hub since.
fn refuse_unfit(candidate: &Candidate, pair: &PeeringPair) -> Result<()> {
    let begun = pair.near.is_some() || matches!(pair.far, Far::Found(_));
    if candidate.fit != Fit::Refused || begun {
        return Ok(());
    }
    let mut reasons = candidate.reasons.iter();
    let reason = reasons.find(|reason| reason.fit == Fit::Refused);
    let (what, advice) = reason.map_or(("It does not fit.".to_owned(), String::new()), |reason| {
        (reason.what.clone(), reason.remedy.clone())
    });
    let advice = if advice.is_empty() {
        "Choose another hub: --list-hubs shows those there are.".to_owned()
    } else {
        advice
    };
    Err(Problem::new("HubDoesNotFit", what, advice).at(candidate.hub.id.clone()))
}
