//! A new hub, looked for and made for the screen.

use super::{deployment::heard, secrets, world::World};
use crate::{
    app::{
        message::{Message, News},
        screen::peering::Made,
    },
    domain::{
        environment::Record,
        peering::{HubName, NewHub, new_hub},
        words::duration,
    },
    engine::{
        Context, Control,
        peering::{HubOutcome, HubStands, HubStopped, SharedKey, find_hub, make_hub},
    },
};

/// Looks whether a hub of that name was begun.
pub(super) async fn find(world: World, name: HubName) {
    let read = match world.anywhere() {
        Ok(context) => find_hub(&context, &name).await,
        Err(problem) => Err(problem),
    };
    let read = read.map(|found| found.map(|found| Box::new(found.hub)));
    world.tell(Message::NewHubFound { name, read });
}

/// Makes a hub in the subscription of the environment that it is for, or takes it up where it was begun.
pub(super) async fn make(world: World, control: Control, record: Record, hub: NewHub) {
    let name = hub.name.clone();
    let tell = |news| {
        world.tell(Message::HubNews { name: name.clone(), news });
    };
    let context = match world.context_of(&record) {
        Ok(context) => context,
        Err(problem) => return tell(News::Refused(problem)),
    };
    let context = match find_hub(&context, &name).await {
        Ok(Some(found)) => found.context,
        // What cannot be read now is met again by the making, and told there.
        Ok(None) | Err(_) => context,
    };
    let context = Context { secrets: secrets::store(&world, record.credentials), ..context };
    let ended = heard(context, &tell, async |context, events| {
        make_hub(context, &hub, SharedKey::kept(), &control, events).await
    })
    .await;
    match ended {
        Ok(outcome) => {
            world.tell(Message::HubMade { name: name.clone(), made: made(&hub, outcome) });
        }
        Err(problem) => tell(News::Refused(problem)),
    }
}

fn made(hub: &NewHub, outcome: HubOutcome) -> Made {
    match outcome {
        HubOutcome::Ready(stands) => {
            standing(&stands, format!("Done after {}.", duration(stands.took)))
        }
        HubOutcome::Stands(stands) => {
            standing(&stands, "It stands already; nothing was changed.".into())
        }
        HubOutcome::Failed(stopped) => stopped_so(hub, &stopped, "It failed"),
        HubOutcome::Cancelled(stopped) => stopped_so(hub, &stopped, "It was cancelled"),
        HubOutcome::Left { .. } => Made {
            stands: false,
            network_id: None,
            lines: vec!["Azure goes on; n takes it up again.".into()],
        },
    }
}

fn standing(stands: &HubStands, first: String) -> Made {
    let gateway = stands.gateway_address.as_deref().unwrap_or("not known yet");
    let settings = new_hub::device(&stands.hub, gateway, &stands.connected);
    let key = match &stands.key {
        Some(place) => format!("The shared key is in {place}."),
        None => "The shared key is not kept on this machine.".into(),
    };
    let mut lines = vec![first, key, "On the VPN device on-premises:".into()];
    let told = settings.into_iter().map(|setting| format!("{}: {}", setting.name, setting.value));
    lines.extend(told);
    Made { stands: true, network_id: Some(stands.network_id.clone()), lines }
}

fn stopped_so(hub: &NewHub, stopped: &HubStopped, how: &str) -> Made {
    let mut lines = vec![format!("{how} after {}.", duration(stopped.took))];
    for problem in &stopped.problems {
        lines.push(problem.what.clone());
        lines.push(problem.advice.clone());
    }
    lines.push(format!(
        "n with the name {} makes only what is missing. Or remove everything: privateaml hub {} --delete",
        hub.name, hub.name
    ));
    Made { stands: false, network_id: None, lines }
}
