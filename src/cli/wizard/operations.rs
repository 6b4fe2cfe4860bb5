//! Operations, carried out by the engine; what happens goes to the loop under the operation's number.

use super::world::World;
use super::{form, secrets};
use crate::app::message::Message;
use crate::domain::environment::Keeping;
use crate::domain::operation::{Ended, Finished, Operation, Order};
use crate::domain::peering::NewHub;
use crate::domain::problem::Result;
use crate::engine::peering::{self, LinkOptions, SharedKey};
use crate::engine::{self, Blueprint, Context, Control, DeleteOptions, DeployRequest, Events};

/// Carries one out, and tells what happens and how it ended.
pub(super) async fn run(world: World, id: u64, operation: Operation, control: Control) {
    let heard = world.clone();
    let events = Events::new(move |event| heard.tell(Message::Operation { id, event }));
    let ended = match context(&world, &operation).await {
        Ok(context) => {
            let context = context.telling(&events);
            let work = carry_out(&world, &context, &operation, &control, &events);
            let ended = Box::pin(work).await;
            tell_record(&world, &context, &operation);
            ended
        }
        Err(problem) => Err(problem),
    };
    world.tell(Message::Ended { id, ended: Box::new(ended) });
}

/// What is recorded may have changed even where the operation has not come to its end.
fn tell_record(world: &World, context: &Context, operation: &Operation) {
    if let Some(record) = operation.record().filter(|_| operation.is_change())
        && let Ok(Some(newest)) = context.records.read(&record.full_name)
    {
        world.tell(Message::RecordChanged(Box::new(newest)));
    }
}

/// Where it is carried out, with the store that its secrets are in.
async fn context(world: &World, operation: &Operation) -> Result<Context> {
    let found = match operation.record() {
        Some(record) => world.context_of(record)?,
        None => world.context()?,
    };
    let secrets = match operation {
        Operation::Deploy(order) => secrets::store(world, order.keeping),
        // Whether an encrypted file holds the password is not worth asking for its passphrase.
        Operation::Follow(record) => secrets::store(world, record.credentials)
            .filter(|store| store.keeping() != Keeping::File),
        other => other.record().and_then(|record| secrets::store(world, record.credentials)),
    };
    if let Operation::MakeHub { hub, .. } = operation
        // What cannot be read now is met again by the run, and told there.
        && let Ok(Some(begun)) = peering::find_hub(&found, &hub.name).await
    {
        return Ok(Context { secrets, ..begun.context });
    }
    Ok(Context { secrets, ..found })
}

async fn carry_out(
    world: &World,
    context: &Context,
    operation: &Operation,
    control: &Control,
    events: &Events,
) -> Result<Ended<Finished>> {
    let as_asked = |()| Finished::AsAsked;
    Ok(match operation {
        Operation::Deploy(order) => {
            let request = request(world, order)?;
            let ended = engine::deploy(context, &request, control, events).await?;
            ended.map(|standing| Finished::Environment(Box::new(standing)))
        }
        Operation::Follow(record) => {
            let ended = engine::follow(context, (**record).clone(), control, events).await?;
            ended.map(|standing| Finished::Environment(Box::new(standing)))
        }
        Operation::Delete(record) => {
            let options = DeleteOptions::default();
            let ended = engine::delete_environment(context, record, options, control, events);
            ended.await?.map(Finished::Remains)
        }
        Operation::Start(record) => {
            engine::start(context, record, control, events).await?.map(drop).map(as_asked)
        }
        Operation::Stop(record) => {
            engine::stop(context, record, control, events).await?.map(drop).map(as_asked)
        }
        Operation::Pause(record) => {
            engine::pause(context, record, control, events).await?.map(as_asked)
        }
        Operation::Resume(record) => {
            engine::resume(context, record, control, events).await?.map(as_asked)
        }
        Operation::Reset(record) => {
            engine::reset(context, record, None, control, events).await?;
            Ended::Done(Finished::AsAsked)
        }
        Operation::Allow { record, host } => {
            engine::egress::allow(context, record, &host.host, host.ports.as_deref()).await?;
            Ended::Done(Finished::AsAsked)
        }
        Operation::Link { record, hub } => {
            let options = LinkOptions::default();
            let ended = peering::link(context, record, hub, options, control, events).await?;
            ended.map(|connection| Finished::Connected(Box::new(connection)))
        }
        Operation::Unlink(record) => {
            peering::unlink(context, record, control, events).await?.map(Finished::Remains)
        }
        Operation::MakeHub { hub, .. } => make_hub(context, hub, control, events).await?,
    })
}

async fn make_hub(
    context: &Context,
    hub: &NewHub,
    control: &Control,
    events: &Events,
) -> Result<Ended<Finished>> {
    let ended = peering::make_hub(context, hub, SharedKey::kept(), control, events).await?;
    Ok(ended.map(|stands| Finished::Hub(Box::new(stands))))
}

fn request(world: &World, order: &Order) -> Result<DeployRequest> {
    let settings = order.settings.clone();
    let (blueprint, resource_group) = match order.existing.as_deref() {
        Some(record) => (Blueprint::of(record)?, record.resource_group.clone()),
        None => (Blueprint::embedded(), form::group(world, &settings)),
    };
    let mend = order.mend;
    Ok(DeployRequest { settings, resource_group, blueprint, detach: false, mend })
}
