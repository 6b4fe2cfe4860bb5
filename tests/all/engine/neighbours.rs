//! Several environments at one hub: what one of them takes away with it, and what the others get in its place.

use privateaml::{
    domain::{
        environment::{Record, remains::Remain},
        operation::Ended,
        peering::{
            hub_side::{self, HubLack},
            zones,
        },
    },
    engine::{
        Context, Control, DeleteOptions, delete_environment,
        peering::{self, LinkOptions, link, unlink},
    },
    practice::SUBSCRIPTION,
};
use serde_json::{Value, json};

use super::{
    bench::{Bench, ready, request},
    stranger::Stranger,
};

const ZONES: usize = 6;

fn hub() -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub-weu"
    )
}

/// Environments at one hub, in the order in which they were connected.
struct Street {
    bench: Bench,
    stranger: Stranger,
}

impl Street {
    async fn with(houses: &[(&str, &str, &str)]) -> Self {
        let bench = Bench::with_hubs(1);
        let stranger = Stranger::at(&bench.server).await;
        let street = Self { bench, stranger };
        for (name, suffix, space) in houses {
            let mut wanted = request();
            wanted.settings.name = name.parse().unwrap();
            wanted.settings.suffix = suffix.parse().unwrap();
            wanted.settings.address_space = space.parse().unwrap();
            wanted.resource_group = format!("rg-{name}{suffix}");
            ready(street.bench.deploy_with(&wanted, &Control::default()).await);
            street.connect(&format!("{name}{suffix}")).await;
        }
        street
    }

    fn context(&self) -> Context {
        self.bench.context()
    }

    fn record(&self, full_name: &str) -> Record {
        self.context().records.read(full_name).unwrap().unwrap()
    }

    async fn connect(&self, full_name: &str) {
        let (control, record) = (Control::default(), self.record(full_name));
        let options = LinkOptions::default();
        let (context, hub) = (self.context(), hub());
        let linked = link(&context, &record, &hub, options, &control, &self.bench.events);
        let linked = linked.await.unwrap();
        assert!(matches!(linked, Ended::Done(_)), "{linked:#?}");
    }

    async fn leave(&self, full_name: &str) -> Vec<Remain> {
        let (control, record) = (Control::default(), self.record(full_name));
        match unlink(&self.context(), &record, &control, &self.bench.events).await {
            Ok(Ended::Done(remains)) => remains,
            other => panic!("not unlinked: {other:#?}"),
        }
    }

    async fn lacks(&self, full_name: &str) -> Vec<HubLack> {
        let record = self.record(full_name);
        hub_side::lacks(&peering::hub_side::read(&self.context(), &record, &hub()).await)
    }

    async fn in_zones(&self, full_name: &str, rest: &str) -> Vec<Value> {
        let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-{full_name}");
        let list = |path: String| async move {
            let all = self.stranger.ask("GET".parse().unwrap(), &path, Value::Null).await;
            all["value"].as_array().unwrap().clone()
        };
        let mut found = Vec::new();
        for zone in list(format!("{group}/providers/Microsoft.Network/privateDnsZones")).await {
            found.extend(list(format!("{}/{rest}", zone["id"].as_str().unwrap())).await);
        }
        found
    }

    /// The policies of the links of an environment's zones to the hub.
    async fn policies(&self, full_name: &str) -> Vec<String> {
        let links = self.in_zones(full_name, "virtualNetworkLinks").await;
        let hub = hub();
        let to_hub = links.iter().filter(|link| {
            link["properties"]["virtualNetwork"]["id"].as_str() == Some(hub.as_str())
        });
        to_hub
            .map(|link| link["properties"]["resolutionPolicy"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Records of another environment in the zones of one.
    async fn guests(&self, full_name: &str, guest: &str) -> usize {
        let records = self.in_zones(full_name, "A").await;
        let mark = |each: &&Value| each["properties"]["metadata"][zones::MARK] == json!(guest);
        records.iter().filter(mark).count()
    }
}

const AA: (&str, &str, &str) = ("aa", "1111", "10.1.0.0/22");
const BB: (&str, &str, &str) = ("bb", "2222", "10.20.0.0/22");
const CC: (&str, &str, &str) = ("cc", "3333", "10.30.0.0/22");

#[tokio::test(flavor = "multi_thread")]
async fn deleting_one_environment_leaves_the_other_at_the_hub_answered_by_its_own_zones() {
    let street = Street::with(&[AA, BB]).await;
    assert_eq!(street.lacks("bb2222").await, []);
    let guests = street.guests("aa1111", "bb2222").await;
    assert!(guests > 0);
    let relied = peering::reliance(&street.context(), &street.record("aa1111")).await;
    assert_eq!(relied.environments.get("bb2222"), Some(&guests));
    assert!(relied.unread.is_empty() && relied.records.is_empty(), "{relied:?}");
    let alone = peering::reliance(&street.context(), &street.record("bb2222")).await;
    assert!(alone.environments.is_empty(), "{alone:?}");

    let options = DeleteOptions::default();
    let (context, record) = (street.context(), street.record("aa1111"));
    let control = Control::default();
    let gone = delete_environment(&context, &record, options, &control, &street.bench.events).await;
    let Ok(Ended::Done(remains)) = gone else {
        panic!("gone: {gone:?}");
    };
    assert!(!remains.iter().any(|each| matches!(each, Remain::Names { .. })), "{remains:?}");
    assert_eq!(street.lacks("bb2222").await, []);
    assert_eq!(street.policies("bb2222").await, vec!["NxDomainRedirect"; ZONES]);
}

#[tokio::test(flavor = "multi_thread")]
async fn unlinking_one_of_three_hands_over_to_the_next_and_leaves_nothing_of_theirs_behind() {
    let street = Street::with(&[AA, BB, CC]).await;
    assert_eq!(street.leave("aa1111").await, []);
    assert_eq!(street.lacks("bb2222").await, []);
    assert_eq!(street.lacks("cc3333").await, []);
    assert_eq!(street.guests("aa1111", "bb2222").await, 0);
    assert_eq!(street.guests("aa1111", "cc3333").await, 0);
    assert_eq!(street.policies("aa1111").await.len(), 0);
    assert_eq!(street.policies("bb2222").await.len(), ZONES);
    // Only links to a hub fall back to the internet.
    let own = street.in_zones("bb2222", "virtualNetworkLinks").await;
    let to_own = own.iter().filter(|link| {
        let network = link["properties"]["virtualNetwork"]["id"].as_str().unwrap();
        network.ends_with("/vnet-bb2222")
    });
    for link in to_own {
        assert_eq!(link["properties"]["resolutionPolicy"], "Default");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_can_be_handed_over_it_is_said_and_one_command_connects_again() {
    let street = Street::with(&[AA, BB]).await;
    let busy = street.context().records.lock("bb2222").unwrap().unwrap();
    let remains = street.leave("aa1111").await;
    let Some(Remain::Names { environment, .. }) = remains.first() else {
        panic!("told: {remains:?}");
    };
    assert_eq!((environment.as_str(), remains.len()), ("bb2222", 1));
    assert!(remains[0].sentence().contains("privateaml peer bb2222 --yes"));
    let lacks = street.lacks("bb2222").await;
    assert_eq!(lacks.len(), ZONES, "{lacks:#?}");
    for lack in &lacks {
        assert!(lack.known && lack.found.starts_with("not linked"), "{lack:?}");
        assert_eq!(lack.remedy, "privateaml peer bb2222 --yes");
    }
    drop(busy);
    street.connect("bb2222").await;
    assert_eq!(street.lacks("bb2222").await, []);
}
