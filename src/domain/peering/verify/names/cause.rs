//! The causes that fit a group of names, from the person outwards: this machine and DNS on-premises.

use super::super::{Cause, words};
use super::NameGroup;
use crate::domain::peering::Mistake;
use crate::domain::peering::verify::{AskedServer, DnsAnswer, Internet, Private};

const FLUSH: &str = "Empty the cache (ipconfig /flushdns, resolvectl flush-caches)";

impl NameGroup<'_> {
    pub(super) fn causes(&self) -> Vec<Cause> {
        let mut causes = Vec::new();
        // A server in the hub that says the same accounts for it; one that says something else leaves both open.
        let local = !matches!(self.asked, AskedServer::Hub(_)) && self.hub != Some(self.answer);
        if local && self.asked == AskedServer::Machine {
            self.machine(&mut causes);
        }
        if local {
            self.on_premises(&mut causes);
        }
        match self.hub {
            Some(DnsAnswer::Right) => {}
            Some(answer) => self.hub(answer, true, &mut causes),
            None => self.hub(self.answer, false, &mut causes),
        }
        if causes.is_empty() {
            causes.push(self.somebody());
        }
        // What Azure shows is no guess.
        causes.sort_by_key(|cause| !cause.what.starts_with(words::AZURE_SHOWS));
        causes
    }

    /// Where nobody on the way is known to answer so.
    fn somebody(&self) -> Cause {
        Cause::new(
            Mistake::Names,
            "A server on the way here has an answer of its own for these names.",
            format!("Ask each server by itself: nslookup {} ADDRESS.", self.host()),
            format!(
                "Forward these domains to {}: {}.",
                words::server(self.sight.expected),
                self.domains()
            ),
        )
    }

    pub(super) fn host(&self) -> &str {
        self.items.first().map_or("", |each| &each.name.host)
    }

    fn domains(&self) -> String {
        words::domains(self.sight.expected, &self.items)
    }

    pub(super) fn zones(&self) -> String {
        words::zones(self.sight.expected, &self.items)
    }

    /// The command that asks past this machine and past DNS on-premises.
    pub(super) fn ask_hub(&self) -> String {
        format!("nslookup {} {}", self.host(), words::server_word(self.sight.expected))
    }

    fn ask_company(&self) -> String {
        format!(
            "Ask the company's DNS server past this machine, nslookup {} COMPANY-DNS-ADDRESS: right there, \
             it is this machine.",
            self.host()
        )
    }

    /// This machine: its hosts file, its cache, which server it asks, what stands right before it.
    fn machine(&self, causes: &mut Vec<Cause>) {
        let mut add = |what: &str, test: String, remedy: String| {
            causes.push(Cause::new(Mistake::Client, what, test, remedy));
        };
        let past_hosts = format!(
            "nslookup {} asks DNS past the hosts file: another answer there means the hosts file.",
            self.host()
        );
        match self.answer {
            DnsAnswer::Right => {}
            DnsAnswer::Public => add(
                "This machine remembers older answers, has the names in its hosts file, or asks another DNS \
                 server than the company's (DNS over HTTPS, a home router).",
                format!("{FLUSH} and look again. {}", self.ask_company()),
                "Take the names out of the hosts file, switch DNS over HTTPS off, download the VPN profile \
                 again and reconnect, so that the VPN sets the DNS server.".to_owned(),
            ),
            DnsAnswer::Itself => add(
                "The hosts file of this machine, or a filter on it, leads the names here.",
                past_hosts,
                "Take the names out of the hosts file or of the filter.".to_owned(),
            ),
            DnsAnswer::Handed => add(
                "An access client on this machine (zero trust, web gateway) answers with addresses of its \
                 own and carries the connections itself.",
                "Is such a client running? Pause it and look again.".to_owned(),
                format!("Have these domains excepted from that client, or carried to the environment by it: \
                    {}.", self.domains()),
            ),
            DnsAnswer::Elsewhere => add(
                "The hosts file or the cache of this machine has an address from before, such as that of an \
                 earlier environment.",
                format!("{FLUSH}. {past_hosts}"),
                "Take the names out of the hosts file and reconnect.".to_owned(),
            ),
            DnsAnswer::Partly => add(
                "This machine asks several DNS servers, or its hosts file adds to what they say.",
                format!("{past_hosts} {}", self.ask_company()),
                "Take the names out of the hosts file, and let the VPN's DNS server be the only one for \
                 these domains.".to_owned(),
            ),
            DnsAnswer::NoSuchName | DnsAnswer::Silent | DnsAnswer::NotTold => self.machine_has_none(&mut add),
        }
    }

    fn machine_has_none(&self, add: &mut impl FnMut(&str, String, String)) {
        if self.sight.internet() == Internet::Unanswered {
            // A server that says of every name that it is not there has answered; a proxy that does is on a network.
            if self.answer != DnsAnswer::NoSuchName && !self.sight.proxy_answered() {
                add(
                    "This machine has no DNS server that answers: it is off the network, or its VPN sets a \
                     server that it does not lead to.",
                    "nslookup login.microsoftonline.com shows which server is asked.".to_owned(),
                    "Reconnect the network and the VPN and look again.".to_owned(),
                );
            }
            return;
        }
        if self.answer != DnsAnswer::Silent {
            add(
                "This machine, or the DNS server that it asks, remembers from before the deployment that \
                 there was no such name.",
                format!("{FLUSH} and look again."),
                "Wait until the memory ends (minutes), or empty it on that server too.".to_owned(),
            );
        }
        // It drops every private answer of whoever it stands before.
        let private = self.sight.needed().any(|each| {
            matches!(each.answer, Some(DnsAnswer::Right | DnsAnswer::Elsewhere | DnsAnswer::Partly))
        });
        if !private {
            add(
                "Something before DNS drops answers with private addresses: rebinding protection of a \
                 router, dnsmasq, unbound or a security client.",
                format!(
                    "Look for that setting on the way; on another network, or asked past it ({}), the names are there.",
                    self.ask_hub()
                ),
                format!(
                    "Except these domains from it (dnsmasq: rebind-domain-ok, unbound: private-domain): {}.",
                    self.domains()
                ),
            );
        }
    }

    /// DNS on-premises. Domains are forwarded whole: one whose other names are right is forwarded.
    fn on_premises(&self, causes: &mut Vec<Cause>) {
        let alone = |each: &&Private<'_>| !self.sight.has_right_neighbour(each);
        let unforwarded: Vec<&Private<'_>> = self.items.iter().copied().filter(alone).collect();
        if !unforwarded.is_empty() {
            self.forwarder(&words::domains(self.sight.expected, &unforwarded), causes);
        }
        let look = format!(
            "Look on the company's DNS server for zones or host entries of these domains, and of {}.",
            self.zones()
        );
        let forward = format!(
            "Correct that zone, or forward these domains to {} in its place: {}.",
            words::server(self.sight.expected),
            self.domains()
        );
        match self.answer {
            DnsAnswer::NoSuchName | DnsAnswer::NotTold
                if self.sight.internet() != Internet::Unanswered =>
            {
                let what =
                    "DNS on-premises has a zone of its own for these domains, without the records.";
                causes.push(Cause::new(Mistake::ZoneConflict, what, look, forward));
            }
            DnsAnswer::Elsewhere | DnsAnswer::Partly => {
                let what = "DNS on-premises has other records of these names.";
                causes.push(Cause::new(Mistake::ZoneConflict, what, look, forward));
            }
            DnsAnswer::Itself => causes.push(Cause::new(
                Mistake::Names,
                "A filter of DNS on-premises answers so for names that it blocks.",
                self.ask_company(),
                format!("Take these domains out of the filter: {}.", self.domains()),
            )),
            _ => {}
        }
    }

    fn forwarder(&self, domains: &str, causes: &mut Vec<Cause>) {
        let expected = self.sight.expected;
        let server = words::server(expected);
        let command = format!(
            "`privateaml verify {} --forwarders bind` (or windows, dnsmasq) writes it.",
            expected.full_name
        );
        let forward = format!(
            "Forward these domains on-premises to {server}: {domains}. Forward the public names, not \
             privatelink ones; {command}"
        );
        let ask = format!(
            "Ask the hub's DNS server: {}. Right there, and not at the company's DNS server, nothing is forwarded.",
            self.ask_hub()
        );
        let unanswered = self.sight.internet() == Internet::Unanswered;
        let past_proxy = if self.sight.proxy_answered() {
            " And let them pass the proxy by (in its automatic configuration or NO_PROXY)."
        } else {
            ""
        };
        let (what, test, remedy) = match self.answer {
            DnsAnswer::Public => {
                ("DNS on-premises does not forward these domains to the hub.", ask, forward)
            }
            DnsAnswer::NoSuchName | DnsAnswer::NotTold | DnsAnswer::Silent
                if unanswered
                    && (self.answer == DnsAnswer::NoSuchName || self.sight.proxy_answered()) =>
            {
                (
                    "DNS on-premises knows no names of the internet, and does not forward these domains to the hub.",
                    ask,
                    forward + past_proxy,
                )
            }
            DnsAnswer::Silent | DnsAnswer::NotTold if !unanswered => (
                "DNS on-premises forwards these names to a server that gives it no answer: the hub's, with \
                 port 53 closed in between, or 168.63.129.16, which answers only inside Azure.",
                format!("{} from the company's DNS server itself.", self.ask_hub()),
                format!(
                    "Forward these domains to {server}, not to 168.63.129.16: {domains}. Let UDP and TCP \
                     port 53 through to it."
                ),
            ),
            _ => return,
        };
        causes.push(Cause::new(Mistake::Names, what, test, remedy));
    }
}
