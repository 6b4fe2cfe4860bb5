//! The answers of those fields that have but a few, with what the help and the form say about each.

/// One of a few answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The word of flags and plan files.
    pub id: &'static str,
    /// What the help of the command line says.
    pub help: &'static str,
    /// Its name in the form.
    pub label: &'static str,
    /// What the form says beside it.
    pub detail: &'static str,
}

impl Choice {
    const fn form(mut self, label: &'static str, detail: &'static str) -> Self {
        (self.label, self.detail) = (label, detail);
        self
    }
}

const fn choice(id: &'static str, help: &'static str) -> Choice {
    Choice { id, help, label: "", detail: "" }
}

pub(super) static CLOUDS: [Choice; 3] = [
    choice("public", "Azure, the public cloud"),
    choice("usgov", "Azure Government"),
    choice("china", "Azure operated by 21Vianet"),
];

pub(super) static PRESETS: [Choice; 3] = [
    choice("recommended", "What an environment of today needs, and no more")
        .form("recommended", "what an environment of today needs"),
    choice("locked-down", "The same without any group through which data can leave")
        .form("locked down", "nothing through which data can leave; no public packages"),
    choice("privateaml-2022", "The Terraform scripts' table of 2022 as published, holes included")
        .form("privateAML 2022", "the table of the 2022 scripts, with its holes"),
];

pub(super) static PLACES: [Choice; 3] = [
    choice("keychain", "The operating system's keychain"),
    choice("file", "A file encrypted with a passphrase"),
    choice("none", "Nowhere: a new password is set when it is needed"),
];

pub(super) static BASTION_TIERS: [Choice; 4] = [
    choice("developer", "Free, shared, one connection at a time, no peered networks")
        .form("Developer", "free, shared, no peered networks, few regions"),
    choice("basic", "Two fixed instances, browser only")
        .form("Basic", "in a browser, two instances"),
    choice("standard", "Adds the native client and scaling")
        .form("Standard", "native client, scaling, copy and paste can be off"),
    choice("premium", "Adds session recording").form("Premium", "session recording"),
];

pub(super) static FIREWALL_TIERS: [Choice; 2] = [
    choice("standard", "Name and address filtering with threat intelligence")
        .form("Standard", "names and addresses, threat intelligence"),
    choice("premium", "Adds intrusion detection and TLS inspection")
        .form("Premium", "intrusion detection, TLS inspection"),
];

pub(super) static DNS_ZONES: [Choice; 2] = [
    choice("create", "Create them and link them to the environment's network")
        .form("create", "private zones of its own, linked to its network"),
    choice("existing", "They exist elsewhere; their owner registers the names")
        .form("existing", "zones exist elsewhere; their owner registers the names"),
];

pub(super) static DATASTORE_ACCESS: [Choice; 2] = [
    choice("identity", "By identities; needs the right to assign roles")
        .form("by identities", "shared keys off; needs the right to assign roles"),
    choice("account-key", "By the storage account's key")
        .form("by account key", "for accounts that cannot assign roles"),
];

pub(super) static MONITOR_ACCESS: [Choice; 2] = [
    choice("private-only", "Only the environment's own log stores").form(
        "private only",
        "telemetry to no store but this environment's; Azure ML's own may be lost",
    ),
    choice("open", "Also log stores of others that accept public networks")
        .form("open", "also to anybody's store that accepts public networks; data can leave"),
];
