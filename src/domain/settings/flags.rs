//! Settings as the flags of a command line that chooses the same.
//!
//! Only what differs from the defaults is written, quoted for a shell where it needs to be.

use super::{BastionSku, Cloud, DatastoreAccess, DnsZones, FirewallSku, MonitorAccess, Settings};
use crate::domain::allowlist::Preset;

impl Settings {
    /// The flags, each with its value behind it.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        let mut flag = |name: &str, value: &str| flags.push(format!("{name} {}", quoted(value)));
        flag("--name", self.name.as_str());
        flag("--suffix", &self.suffix.to_string());
        flag("--region", &self.region);
        flag("--cidr", &self.address_space.to_string());
        if self.cloud != Cloud::Public {
            flag("--cloud", &word(&self.cloud));
        }
        if self.preset != Preset::default() {
            flag("--preset", self.preset.id());
        }
        for group in &self.allow {
            flag("--allow", group);
        }
        for group in &self.deny {
            flag("--deny", group);
        }
        for host in &self.hosts {
            match &host.ports {
                Some(ports) => flag("--allow-host", &format!("{}={ports}", host.host)),
                None => flag("--allow-host", &host.host),
            }
        }
        if !self.python_packages.is_empty() {
            flag("--python-packages", &self.python_packages.join(","));
        }
        self.sizes(&mut flag);
        for (key, value) in &self.tags {
            flag("--tag", &format!("{key}={value}"));
        }
        if let Some(hub) = &self.hub {
            flag("--hub", hub);
        }
        self.switches(&mut flags);
        flags
    }

    fn sizes(&self, flag: &mut impl FnMut(&str, &str)) {
        if self.bastion != BastionSku::default() {
            flag("--bastion", &word(&self.bastion));
        }
        if self.firewall != FirewallSku::default() {
            flag("--firewall", &word(&self.firewall));
        }
        if self.jumpbox_size != super::DEFAULT_JUMPBOX_SIZE {
            flag("--jumpbox-size", &self.jumpbox_size);
        }
        let usual = super::AutoShutdown::default();
        match &self.auto_shutdown {
            None => flag("--auto-shutdown", "off"),
            Some(shutdown) if *shutdown != usual => {
                flag("--auto-shutdown", &shutdown.time);
                if shutdown.time_zone != usual.time_zone {
                    flag("--time-zone", &shutdown.time_zone);
                }
            }
            Some(_) => {}
        }
        if self.build_size != super::DEFAULT_BUILD_SIZE {
            flag("--build-size", &self.build_size);
        }
        if self.datastore_access != DatastoreAccess::default() {
            flag("--datastore-access", &word(&self.datastore_access));
        }
        if self.dns_zones != DnsZones::default() {
            flag("--dns-zones", &word(&self.dns_zones));
        }
        if self.log_retention_days != super::default_log_retention() {
            flag("--log-retention", &self.log_retention_days.to_string());
        }
        if self.monitor_access != MonitorAccess::default() {
            flag("--monitor-access", &word(&self.monitor_access));
        }
    }

    fn switches(&self, flags: &mut Vec<String>) {
        // With the preset `locked-down` the policy is there by itself.
        let policy = self.service_endpoint_policy && self.preset != Preset::LockedDown;
        for (name, on) in [
            ("--disable-copy-paste", self.disable_copy_paste),
            ("--compute-instance", self.compute_instance),
            ("--service-endpoint-policy", policy),
        ] {
            if on {
                flags.push(name.to_owned());
            }
        }
    }
}

/// The word for a choice, as flags take it.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_lowercase()
}

/// A value as one word of a shell.
fn quoted(value: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,@".contains(letter);
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}
