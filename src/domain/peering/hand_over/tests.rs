use super::*;
use crate::domain::peering::zones::Names;
use crate::domain::peering::{
    Far, Flags, Half, Hub, Known, LinkedZone, PeeringState, Rights, SyncLevel, testing,
};

const OURS: &str = "/subscriptions/s-1/resourceGroups/rg-test4821/providers/Microsoft.Network";
const THEIRS: &str = "/subscriptions/s-2/resourceGroups/rg (team)/providers/Microsoft.Network";

fn connection() -> HubConnection {
    HubConnection {
        network_id: format!("{OURS}/virtualNetworks/vnet-test4821"),
        hub: Hub {
            id: format!("{THEIRS}/virtualNetworks/vnet-team"),
            name: "vnet-team".into(),
            subscription: "Team".into(),
            tenant_id: "t-1".into(),
            prefixes: vec!["10.40.0.0/16".into()],
            gateways: Known::Read(Vec::new()),
            rights: Known::Read(Rights { write: false, peer: false, join: false }),
            ..testing::hub()
        },
        near: None,
        far: Far::Absent,
        steps: Vec::new(),
        names: Names::default(),
    }
}

fn asking() -> Asking {
    let zone = |name: &str| format!("{OURS}/privateDnsZones/{name}");
    Asking {
        full_name: "test4821".into(),
        address_space: "10.1.0.0/22".into(),
        tenant_id: "t-1".into(),
        account: Some("0a1b".into()),
        zones: vec![zone("privatelink.blob.core.windows.net"), zone("privatelink.api.azureml.ms")],
        records: vec![PrivateRecord {
            zone: "privatelink.blob.core.windows.net".into(),
            name: "stgtest4821".into(),
            addresses: vec!["10.1.2.132".into()],
        }],
    }
}

/// The commands of a text, each cut into words as a shell would.
fn commands(text: &str) -> Vec<String> {
    text.lines().filter(|line| line.starts_with("az ")).map(str::to_owned).collect()
}

#[test]
fn the_owner_reads_who_asks_and_what_to_type() {
    let made = hand_over(&connection(), &asking());
    let text = &made.text;
    for told in ["test4821", "10.1.0.0/22", "vnet-team", "10.40.0.0/16", "`0a1b`"] {
        assert!(text.contains(told), "{told} is missing:\n{text}");
    }
    let commands = commands(text);
    let has = |line: &str| assert!(commands.iter().any(|each| each == line), "{line}\n{text}");
    has(&format!(
        "az network vnet peering create --subscription s-2 --resource-group 'rg (team)' --vnet-name vnet-team --name \
         to-vnet-test4821 --remote-vnet {OURS}/virtualNetworks/vnet-test4821 --allow-vnet-access \
         --allow-forwarded-traffic \
         --allow-gateway-transit"
    ));
    has(&format!(
        "az role assignment create --assignee OWNER-OBJECT-ID --role 'Network Contributor' --scope \
         {OURS}/virtualNetworks/vnet-test4821 --subscription s-1"
    ));
    has(&format!(
        "az network private-dns link vnet create --subscription s-1 --resource-group rg-test4821 --zone-name \
         privatelink.api.azureml.ms --name to-vnet-team --virtual-network '{THEIRS}/virtualNetworks/vnet-team' \
         --registration-enabled false --resolution-policy NxDomainRedirect"
    ));
    has(
        "az network vnet peering delete --subscription s-2 --resource-group 'rg (team)' --vnet-name vnet-team --name \
         to-vnet-test4821",
    );
    assert!(text.contains("LinkedAuthorizationFailed") && text.contains("`Initiated`"));
    assert!(!text.contains("## Two tenants"));
    assert!(!commands.iter().any(|each| each.contains("record-set")));
}

#[test]
fn the_custom_role_is_readable_json_with_two_actions_more_than_reading() {
    let text = hand_over(&connection(), &asking()).text;
    let roles: Vec<Value> = commands(&text)
        .iter()
        .filter(|line| line.starts_with("az role definition create"))
        .map(|line| {
            let json = line.split('\'').nth(1).unwrap();
            serde_json::from_str(json).unwrap()
        })
        .collect();
    assert_eq!(roles.len(), 2);
    assert_eq!(roles[0]["Actions"], serde_json::json!([super::steps::PEER]));
    let actions = roles[1]["Actions"].as_array().unwrap();
    assert!(actions.iter().any(|each| each == super::steps::JOIN));
    assert!(!actions.iter().any(|each| each.as_str().unwrap().ends_with("/write")));
    assert_eq!(roles[1]["AssignableScopes"][0], "/subscriptions/s-2/resourceGroups/rg (team)");
}

#[test]
fn rights_that_are_there_are_not_asked_for() {
    let mut connection = connection();
    connection.hub.rights = Known::Read(Rights { write: false, peer: true, join: true });
    let text = hand_over(&connection, &asking()).text;
    assert!(text.contains("Nothing for you to do"));
    assert!(!text.contains("--assignee 0a1b"));
    connection.hub.rights = Known::Unread("It was refused.".into());
    assert!(hand_over(&connection, &asking()).text.contains("--assignee 0a1b"));
}

#[test]
fn a_zone_that_the_hub_has_already_gets_records_instead_of_a_link() {
    let mut connection = connection();
    let zone = "privatelink.blob.core.windows.net";
    connection.hub.zones = Known::Read(vec![LinkedZone {
        id: format!("{THEIRS}/privateDnsZones/{zone}"),
        name: zone.to_uppercase(),
        link_id: String::new(),
    }]);
    let text = hand_over(&connection, &asking()).text;
    let commands = commands(&text);
    let links: Vec<&String> =
        commands.iter().filter(|each| each.contains("link vnet create")).collect();
    assert_eq!(links.len(), 1);
    assert!(links[0].contains("privatelink.api.azureml.ms"));
    let place = format!("--subscription s-2 --resource-group 'rg (team)' --zone-name {zone}");
    let start = "az network private-dns record-set a";
    for line in [
        format!(
            "{start} create {place} --name stgtest4821 --ttl 300 --metadata privateaml=test4821"
        ),
        format!(
            "{start} add-record {place} --record-set-name stgtest4821 --ipv4-address 10.1.2.132"
        ),
        format!("{start} delete {place} --name stgtest4821 --yes"),
    ] {
        assert!(commands.contains(&line), "{line}\n{text}");
    }
}

#[test]
fn our_own_zone_linked_before_is_no_clash() {
    let mut connection = connection();
    let id = asking().zones[0].to_uppercase();
    connection.hub.zones = Known::Read(vec![LinkedZone {
        name: "privatelink.blob.core.windows.net".into(),
        link_id: String::new(),
        id,
    }]);
    let text = hand_over(&connection, &asking()).text;
    assert!(!text.contains("record-set"));
}

#[test]
fn zones_that_were_not_read_are_not_taken_for_none() {
    let mut connection = connection();
    connection.hub.zones = Known::Unread("It was refused.".into());
    let text = hand_over(&connection, &asking()).text;
    assert!(text.contains("az network private-dns zone list --subscription s-2"));
    assert!(text.contains("| privatelink.blob.core.windows.net | stgtest4821 | 10.1.2.132 |"));
}

#[test]
fn a_half_that_lost_its_other_side_goes_first_and_keeps_its_name() {
    let mut connection = connection();
    connection.far = Far::Found(Half {
        id: String::new(),
        name: "old-name".into(),
        remote_id: String::new(),
        state: Some(PeeringState::Disconnected),
        sync: Some(SyncLevel::FullyInSync),
        flags: Flags {
            access: true,
            forwarded: false,
            gateway_transit: false,
            remote_gateways: false,
        },
    });
    let made = hand_over(&connection, &asking());
    let commands = commands(&made.text);
    let position = |verb: &str| {
        let needle = format!("az network vnet peering {verb} ");
        commands
            .iter()
            .position(|each| each.starts_with(&needle) && each.contains("--name old-name"))
    };
    assert!(position("delete").unwrap() < position("create").unwrap());
    assert_eq!(made.template["parameters"]["peeringName"]["defaultValue"], "old-name");
}

#[test]
fn two_tenants_are_said_and_so_is_what_is_not_known() {
    let mut connection = connection();
    connection.hub.tenant_id = "t-2".into();
    let text = hand_over(&connection, &asking()).text;
    assert!(text.contains("az login --tenant t-1\naz login --tenant t-2"));
    assert!(text.contains("--aux-tenants t-1"));
    connection.hub.tenant_id = String::new();
    let mut asking = asking();
    asking.account = None;
    let text = hand_over(&connection, &asking).text;
    assert!(text.contains("Perhaps the environment is in another tenant"));
    assert!(text.contains(&format!("in place of {ASKER}")) && text.contains("not known"));
}

#[test]
fn the_template_resolves_to_the_hub_s_half() {
    use crate::domain::settings::Cloud;
    use crate::template::{Scope, Template, Unknown, resolve};
    let made = hand_over(&connection(), &asking());
    let template = Template::from_json(made.template).unwrap();
    let scope = Scope {
        tenant_id: "t".into(),
        subscription_id: "s-2".into(),
        subscription_name: String::new(),
        resource_group: Some("rg-team".into()),
        location: "westeurope".into(),
        tags: serde_json::Map::new(),
        deployment: "d".into(),
        cloud: Cloud::Public,
    };
    let resolved = resolve(&template, &serde_json::Map::new(), &scope).unwrap();
    assert_eq!(resolved.resources.len(), 1);
    assert_eq!(resolved.resources[0].name, "vnet-team/to-vnet-test4821");
    let body = resolved.body("hubSide", &Unknown).unwrap();
    let properties = &body["properties"];
    assert_eq!(
        properties["remoteVirtualNetwork"]["id"],
        format!("{OURS}/virtualNetworks/vnet-test4821")
    );
    assert_eq!(properties["allowGatewayTransit"], true);
    assert_eq!(properties["useRemoteGateways"], false);
}
