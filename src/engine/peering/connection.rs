//! What stands between an environment and a hub, read from both sides and judged step by step. Reads only.

use serde_json::Value;

use super::{
    ground::{Ground, NETWORK, behind, named},
    halves::Halves,
    names::{self, Refused},
};
use crate::{
    domain::{
        environment::Record,
        peering::{
            Connection, Guide, Hub, Known, Lack, Standing, Topic,
            link::{self, May, Transit},
            routes::{self, Ways},
            zones,
        },
        problem::Problem,
    },
    engine::Context,
};

/// What was learned on the way, which Azure tells only by refusing.
#[derive(Debug)]
pub(super) struct Grip {
    pub transit: Transit,
    pub may: May,
    /// What else the first step lacks.
    pub lacks: Vec<Lack>,
    pub refused: Refused,
}

impl Grip {
    /// As the facts about a hub tell.
    pub(super) fn of(hub: &Hub) -> Self {
        Self {
            transit: Transit::of(hub),
            may: May::of(hub),
            lacks: Vec::new(),
            refused: Refused::default(),
        }
    }
}

/// Reads both halves, names and routes, and judges the four guided steps.
///
/// # Errors
/// When the environment's network or the hub cannot be read.
pub async fn connection(
    context: &Context,
    record: &Record,
    hub_id: &str,
) -> Result<Connection, Problem> {
    let hub = super::hub(context, record, hub_id).await?.hub;
    let ground = Ground::read(context, record).await?;
    let grip = Grip::of(&hub);
    judged(context, record, hub, &ground, &grip).await
}

/// The same with what was learned by changing.
pub(super) async fn judged(
    context: &Context,
    record: &Record,
    hub: Hub,
    ground: &Ground,
    grip: &Grip,
) -> Result<Connection, Problem> {
    let halves = Halves::read(context, &ground.network_id, &hub.id).await?;
    let mut names = names::read(context, ground, &hub, &record.full_name).await?;
    grip.refused.tell(&mut names, &hub, &record.full_name);
    let gateway_table = gateway_table(context, &hub).await;
    let mut link = link::judge(halves.sides(), &hub, &ground.name, grip.transit, grip.may);
    link.lacks.splice(0..0, grip.lacks.iter().cloned());
    let steps = vec![
        link,
        zones::judge(&names, &hub),
        routes::judge(&Ways {
            ranges: &ground.ranges,
            route_table: ground.route_table.as_ref(),
            subnet: ground.subnet.as_ref(),
            security_group: ground.security_group.as_ref(),
            hub: &hub,
            gateway_table: &gateway_table,
        }),
        test(record),
    ];
    Ok(Connection {
        network_id: ground.network_id.clone(),
        near: halves.near,
        far: halves.far,
        hub,
        steps,
        names,
    })
}

/// The route table of the hub's gateway subnet, which decides how questions come in past a firewall there.
async fn gateway_table(context: &Context, hub: &Hub) -> Known<Option<Value>> {
    let read = async {
        let network = context.arm.resource(&hub.id, NETWORK).await?;
        let subnet = network.and_then(|network| named(&network, "GatewaySubnet"));
        behind(context, subnet.as_ref(), "routeTable").await
    };
    match read.await {
        Ok(table) => Known::Read(table),
        Err(problem) => Known::Unread(problem.what),
    }
}

fn test(record: &Record) -> Guide {
    Guide {
        topic: Topic::Test,
        standing: Standing::Outside,
        summary: format!(
            "on a machine on-premises: privateaml verify {}",
            record.full_name
        ),
        lacks: Vec::new(),
    }
}
