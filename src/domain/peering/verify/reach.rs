//! Private addresses that do not open, and the VPN that accounts for everything at once. From the person outwards:
//! the VPN, routes and firewalls on-premises, the peering, the way back, rules.

use std::collections::BTreeSet;

use super::{
    AskedServer, Cause, Diagnosis, DnsAnswer, Evidence, Internet, Private, Service, Tcp, way, words,
};
use crate::domain::peering::Mistake;

/// Port of SMB, by which file shares are mounted.
const SMB: u16 = 445;

/// The VPN first, where it accounts for everything; it is told once.
pub(super) fn verdicts(sight: &Evidence<'_>) -> (Option<Diagnosis>, Vec<Diagnosis>) {
    let vpn = vpn(sight);
    let told = vpn.is_some();
    let kinds = [Tcp::NoRoute, Tcp::Silent, Tcp::Refused];
    let mut found: Vec<Diagnosis> =
        kinds.into_iter().filter_map(|kind| closed(sight, kind, told)).collect();
    found.extend(smb(sight));
    (vpn, found)
}

/// Whether a name's port was tried and does not open.
pub(super) fn is_closed(each: &Private<'_>) -> bool {
    each.tcp().is_some() && !each.is_open()
}

/// Whether it is the port by which file shares are mounted, which nothing else needs.
pub(super) fn is_smb(each: &Private<'_>) -> bool {
    each.name.port == SMB && each.name.service == Service::File
}

/// No private answer, no private address that opens, no word of the hub's server: as from outside the VPN.
fn vpn(sight: &Evidence<'_>) -> Option<Diagnosis> {
    let is_asked =
        |each: &&Private<'_>| each.answer.is_some() && !matches!(each.asked, AskedServer::Hub(_));
    let asked: Vec<&Private<'_>> = sight.needed().filter(is_asked).collect();
    // Without a network, Windows and macOS say that a name does not exist.
    let offline = sight.internet() == Internet::Unanswered && !sight.proxy_answered();
    let outside = |each: &&Private<'_>| match each.answer {
        Some(DnsAnswer::Public | DnsAnswer::Silent | DnsAnswer::NotTold) => true,
        Some(DnsAnswer::NoSuchName) => offline || each.name.service == Service::Inference,
        _ => false,
    };
    let certain = asked.iter().any(|each| each.name.service != Service::Inference);
    if !certain || !asked.iter().all(outside) || sight.opens() || sight.hub_spoke() {
        return None;
    }
    // A DNS server that knows no names of the internet, beside a proxy that does, is the company's.
    if sight.internet() == Internet::Unanswered && sight.proxy_answered() {
        return None;
    }
    let tried = sight.names.iter().filter(|each| each.tcp().is_some());
    let tried: BTreeSet<_> = tried.map(|each| each.name.address).collect();
    let ports = match tried.len() {
        0 => "No port was tried.".to_owned(),
        1 => "The private address that was tried does not open.".to_owned(),
        number => format!("None of the {number} private addresses that were tried opens."),
    };
    let address = words::addresses(&asked).next()?;
    let name = &sight.expected.full_name;
    let test = format!(
        "Is the VPN connected? `ip route get {address}` (Windows: Find-NetRoute -RemoteIPAddress {address}) shows \
         whether the way there is the VPN's."
    );
    Some(Diagnosis {
        names: words::owned(&asked),
        observed: format!(
            "No name of {name} that was asked for is answered with its private address. {ports}"
        ),
        causes: vec![Cause { test, ..tunnel(sight, &asked) }],
        note: false,
    })
}

/// Needed addresses that are closed in one way. Port 445 counts only where nothing else opens either.
fn closed(sight: &Evidence<'_>, kind: Tcp, vpn_told: bool) -> Option<Diagnosis> {
    let opens = sight.opens();
    let items: Vec<&Private<'_>> =
        sight.needed().filter(|each| each.tcp() == Some(kind) && !is_smb(each)).collect();
    if items.is_empty() {
        return None;
    }
    let hosts = words::listed(words::hosts(&items));
    let found = words::listed(words::addresses(&items));
    let said = match kind {
        Tcp::NoRoute => format!("This machine has no route to {found} ({hosts})."),
        Tcp::Refused => format!("The connection to {found} is refused ({hosts})."),
        Tcp::Silent | Tcp::Open(_) => format!("Nothing answers at {found} ({hosts})."),
    };
    let open: Vec<&Private<'_>> = sight.names.iter().filter(|each| each.is_open()).collect();
    let others = if open.is_empty() {
        String::new()
    } else {
        format!(" Others open: {}.", words::listed(words::hosts(&open)))
    };
    let mut names = words::owned(&items);
    names.extend(words::owned(&open));
    let mut causes = Vec::new();
    if !opens && !vpn_told && !sight.hub_spoke() && kind != Tcp::Refused {
        causes.push(tunnel(sight, &items));
    }
    match kind {
        Tcp::NoRoute => causes.push(missing_route(sight, &items)),
        Tcp::Refused => refused(sight, &items, opens, &mut causes),
        Tcp::Silent | Tcp::Open(_) if opens => some_silent(sight, &items, &mut causes),
        Tcp::Silent | Tcp::Open(_) => all_silent(sight, &items, &mut causes),
    }
    Some(Diagnosis { names, observed: format!("{said}{others}"), causes, note: false })
}

fn route_of(items: &[&Private<'_>]) -> String {
    let address = words::listed(words::addresses(items).take(1));
    format!(
        "`ip route get {address}` (Windows: Find-NetRoute -RemoteIPAddress {address}) shows the way that \
         this machine takes there."
    )
}

fn tunnel(sight: &Evidence<'_>, items: &[&Private<'_>]) -> Cause {
    Cause::new(
        Mistake::Client,
        "This machine is not connected: the VPN is off, or the office's tunnel to Azure is down.",
        format!("Is the VPN connected? {}", route_of(items)),
        format!("Connect it and look again: {}", words::retry_command(sight.expected)),
    )
}

fn missing_route(sight: &Evidence<'_>, items: &[&Private<'_>]) -> Cause {
    let range = sight.expected.network;
    let guided = sight.connection.and_then(way::on_premises);
    Cause::new(
        Mistake::Routes,
        format!("The VPN, or the router on-premises, has no route to {range}."),
        route_of(items),
        guided.map_or_else(
            || format!("Add the route to {range} over the VPN; users of a point-to-site VPN download the \
                profile again and reconnect."),
            |lack| lack.remedy.clone(),
        ),
    )
}

fn all_silent(sight: &Evidence<'_>, items: &[&Private<'_>], causes: &mut Vec<Cause>) {
    let name = &sight.expected.full_name;
    causes.push(missing_route(sight, items));
    causes.push(Cause::new(
        Mistake::Routes,
        "A firewall on-premises drops these connections.",
        "Its log shows them, if it is that.",
        format!("Let TCP 443 to {} through it, and the answers back.", sight.expected.network),
    ));
    let Some(connection) = sight.connection else {
        causes.push(Cause::new(
            Mistake::OneSide,
            "The peering, its gateway flags or the hub's gateway let nothing through.",
            format!("`privateaml status {name}`, with an account, shows both sides of the peering; the test \
                with an account reads them too."),
            format!("Both sides of the peering Connected, gateway transit on the hub's side and remote \
                gateways on ours: `privateaml peer {name}` does it."),
        ));
        causes.push(way_back(None));
        causes.push(rule(sight));
        return;
    };
    if let Some(fault) = way::fault(connection) {
        causes.insert(0, fault);
        return;
    }
    let unread = way::unread(connection);
    if !unread.is_empty() {
        causes.push(Cause::new(
            Mistake::OneSide,
            format!("Something is wrong in what could not be read: {}.", unread.join(", ")),
            "The hub's owner can look, or give this account the role Reader on the hub.",
            format!("`privateaml peer {name} --hand-over DIRECTORY` writes what the owner needs."),
        ));
    }
    causes.push(way_back(way::firewall(connection)));
    if unread.len() == 3 {
        causes.push(rule(sight));
    }
}

fn way_back(firewall: Option<&str>) -> Cause {
    let what = match firewall {
        Some(address) => format!(
            "The hub's firewall ({address}) sees the way there and not the way back, or has a rule against it."
        ),
        None => "A firewall in the hub sees the way there and not the way back, or has a rule against it.".to_owned(),
    };
    Cause::new(
        Mistake::Return,
        what,
        "Its log shows the connections, if it is that.",
        "Let both ways pass it: a route to this range in the table of GatewaySubnet, routes to on-premises \
         in the environment's table, endpoint network policies on SharedSubnet; or let neither pass it.",
    )
}

fn jumpbox(sight: &Evidence<'_>, items: &[&Private<'_>]) -> String {
    let address = words::listed(words::addresses(items).take(1));
    format!(
        "On the jumpbox (`privateaml connect {}`): Test-NetConnection {address} -Port 443. If it opens \
         there, it is something on the way here.",
        sight.expected.full_name
    )
}

fn rule(sight: &Evidence<'_>) -> Cause {
    let items: Vec<&Private<'_>> = sight.needed().collect();
    Cause::new(
        Mistake::SecurityGroup,
        "The network security group of SharedSubnet, or a firewall in between, has a rule that denies these addresses.",
        jumpbox(sight, &items),
        "Allow TCP 443 from on-premises there.",
    )
}

fn some_silent(sight: &Evidence<'_>, items: &[&Private<'_>], causes: &mut Vec<Cause>) {
    let name = &sight.expected.full_name;
    causes.push(Cause::new(
        Mistake::Routes,
        "Only some of these addresses have a route over the VPN.",
        route_of(items),
        format!(
            "Route all of {} over it; users of a point-to-site VPN download the profile again.",
            sight.expected.network
        ),
    ));
    causes.push(Cause { test: jumpbox(sight, items), ..rule(sight) });
    causes.push(Cause::new(
        Mistake::SecurityGroup,
        "The private endpoints of these names are not connected to their services.",
        jumpbox(sight, items),
        format!("`privateaml status {name}` shows what is not as it was deployed."),
    ));
}

fn refused(sight: &Evidence<'_>, items: &[&Private<'_>], opens: bool, causes: &mut Vec<Cause>) {
    let range = sight.expected.network;
    causes.push(Cause::new(
        Mistake::Routes,
        "A firewall on this machine, on-premises or in the hub refuses these connections.",
        format!("Its log shows them, if it is that. {}", route_of(items)),
        format!("Let TCP 443 to {range} through it."),
    ));
    let part = if opens { "a part of " } else { "" };
    causes.push(Cause::new(
        Mistake::Overlap,
        format!("Another network here has {part}the same addresses, and a machine in it refuses."),
        format!(
            "{} A way that is not the VPN's means that.",
            route_of(items)
        ),
        format!(
            "Take another network here, where it can be changed. An environment whose range overlaps \
             {range} on-premises must be redeployed in a free range."
        ),
    ));
}

/// Port 445 alone: nothing that the studio does needs it.
fn smb(sight: &Evidence<'_>) -> Option<Diagnosis> {
    let shares: Vec<&Private<'_>> =
        sight.needed().filter(|each| is_smb(each) && is_closed(each)).collect();
    let alone = sight.opens() || sight.needed().all(|each| is_smb(each) || each.tcp().is_none());
    if shares.is_empty() || !alone {
        return None;
    }
    let said = match shares.first()?.tcp()? {
        Tcp::Refused => "is refused",
        Tcp::NoRoute => "has no route",
        Tcp::Silent | Tcp::Open(_) => "does not open",
    };
    let hosts = words::listed(words::hosts(&shares));
    Some(Diagnosis {
        names: words::owned(&shares),
        observed: format!(
            "Port 445 (SMB) of {hosts} {said}. It is not needed unless file shares are mounted from here. \
             Port 443 of that name, over which the studio shows files, was not tried."
        ),
        causes: vec![Cause::new(
            Mistake::Client,
            "The provider, the VPN or a firewall on the way blocks SMB, as many do.",
            format!(
                "On the jumpbox (`privateaml connect {}`): Test-NetConnection {hosts} -Port 445.",
                sight.expected.full_name
            ),
            "Mount file shares on the jumpbox or on a compute, or allow TCP 445 to the environment on the way.",
        )],
        note: true,
    })
}
