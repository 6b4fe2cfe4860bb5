//! The firewall's structured logs in Log Analytics: the one query that is sent, and the rows that come back.
//!
//! `AZFWApplicationRule` and `AZFWNetworkRule` hold one row for each decision where the diagnostic setting's
//! destination is `Dedicated` (<https://learn.microsoft.com/azure/azure-monitor/reference/tables/azfwapplicationrule>).
//! Nothing is sent from here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::RuleKind;

/// Columns of the answer, in order, with the type that Log Analytics gives them.
pub const COLUMNS: [(&str, &str); 9] = [
    ("Kind", "string"),
    ("Destination", "string"),
    ("Port", "int"),
    ("Protocol", "string"),
    ("RuleCollection", "string"),
    ("Rule", "string"),
    ("ActionReason", "string"),
    ("Count", "long"),
    ("LastTime", "datetime"),
];

/// Most rows that are asked for.
pub const MOST_ROWS: usize = 500;

/// What was refused, grouped. The empty table makes the query valid before the first row of a kind has been written.
pub const QUERY: &str = r#"union isfuzzy=true
  (datatable(TimeGenerated:datetime, Kind:string, Destination:string, Port:int, Protocol:string,
    RuleCollection:string, Rule:string, ActionReason:string)[]),
  (AZFWApplicationRule | where Action == "Deny" | project TimeGenerated, Kind = "application",
    Destination = Fqdn, Port = DestinationPort, Protocol, RuleCollection, Rule, ActionReason),
  (AZFWNetworkRule | where Action == "Deny" | project TimeGenerated, Kind = "network",
    Destination = DestinationIp, Port = DestinationPort, Protocol, RuleCollection, Rule, ActionReason)
| summarize Count = count(), LastTime = max(TimeGenerated)
  by Kind, Destination, Port, Protocol, RuleCollection, Rule, ActionReason
| order by LastTime desc
| take 500"#;

/// One destination that was refused, with how often and when last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedDestination {
    /// Which kind of rule was asked.
    pub kind: RuleKind,
    /// Host name, or address where the firewall saw no name.
    pub destination: String,
    /// The port.
    pub port: u16,
    /// The protocol in lower case, such as `https` or `udp`.
    pub protocol: String,
    /// How often.
    pub count: u64,
    /// When last.
    pub last: Timestamp,
    /// The rule that refused, as `collection/rule`; `None` where no rule allowed it.
    pub rule: Option<String>,
    /// Azure's reason where no rule did, such as `Default Action`.
    pub reason: String,
}

impl RefusedDestination {
    /// Reads one row of an answer to `QUERY`; `None` for one that has another form.
    pub fn read(row: &[Value]) -> Option<Self> {
        let text = |index: usize| row.get(index).and_then(Value::as_str).unwrap_or_default();
        let collection = text(4);
        let rule = match (collection, text(5)) {
            ("", "") => None,
            (collection, rule) => Some(format!("{collection}/{rule}")),
        };
        Some(Self {
            kind: match text(0) {
                "application" => RuleKind::Application,
                "network" => RuleKind::Network,
                _ => return None,
            },
            destination: Some(text(1)).filter(|name| !name.is_empty())?.to_owned(),
            port: row.get(2)?.as_u64()?.try_into().ok()?,
            protocol: text(3).to_ascii_lowercase(),
            count: row.get(7)?.as_u64()?,
            last: text(8).parse().ok()?,
            rule,
            reason: text(6).to_owned(),
        })
    }

    /// The ports behind `--allow HOST=PORTS` that would admit it; `None` where no such entry can.
    pub fn ports(&self) -> Option<String> {
        let protocol = match self.protocol.as_str() {
            known @ ("http" | "https" | "tcp" | "udp") => known,
            // An entry has no protocol of its own for Azure SQL; its port by name does the same.
            "mssql" => "tcp",
            _ => return None,
        };
        (self.port > 0).then(|| format!("{protocol}:{}", self.port))
    }
}
