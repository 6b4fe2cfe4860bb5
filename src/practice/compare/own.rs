//! What an exchange is about exists before it, or does not.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::busy::set_state;
use super::exchange::{Exchange, kind};
use super::presupposed::{self, owner_of_action};
use super::stage::{ReplayCloud, request};
use crate::domain::problem::Result;
use crate::practice::catalog::kind::{ResourceType, Writing};
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::rule::{self, Moment};
use crate::practice::state::{Cloud, SUBSCRIPTION, StoredGroup};

/// Fields that Azure adds to most resources.
const ADDED: [&str; 6] = ["id", "name", "type", "etag", "systemData", "managedBy"];

impl ReplayCloud {
    /// What was read, changed or deleted exists; what was not found does not.
    pub(super) fn prepare_own(
        &mut self,
        exchange: &Exchange,
        segments: &[String],
        added: &[&str],
    ) -> Result<()> {
        let Some(id) = ResourceId::from_segments(segments) else {
            if exchange.method == "GET" && exchange.succeeded() {
                self.groups_of(exchange)?;
                for item in exchange.body.items("/value") {
                    let listed_itself = item
                        .id_at("/id")
                        .is_some_and(|id| kind(segments).eq_ignore_ascii_case(&id.resource_type()));
                    self.put_recorded(item, if listed_itself { added } else { &[] })?;
                }
            }
            if let Some(taken) = taken_name(exchange, segments) {
                self.exist(&taken)?;
            } else if !exchange.succeeded() {
                return Ok(());
            } else if let Some(owner) = owner_of_action(segments) {
                self.exist(&owner)?;
            }
            return Ok(());
        };
        if exchange.method == "PUT" && exchange.succeeded() {
            return if changed_what_existed(exchange, &id) {
                self.put_recorded(&before(exchange, &id), &[])
            } else {
                Ok(())
            };
        }
        if exchange.status == 404 || (exchange.method == "DELETE" && exchange.status == 204) {
            return self.on(|cloud| {
                cloud.remove_resource(&id);
            });
        }
        if !exchange.succeeded() {
            return Ok(());
        }
        if exchange.body.get("id").is_some() {
            let mut told = exchange.body.clone();
            // What a write answers with is the state after it.
            if exchange.method != "GET"
                && let Some(Value::Object(properties)) = told.get_mut("properties")
            {
                properties.shift_remove("provisioningState");
            }
            self.put_recorded(&told, added)
        } else {
            self.exist(&id)
        }
    }

    /// The groups that a list of groups tells of.
    fn groups_of(&mut self, exchange: &Exchange) -> Result<()> {
        self.on(|cloud| {
            for item in exchange.body.items("/value") {
                let text = |name: &str| item.get(name).and_then(Value::as_str);
                let is_group = text("type") == Some("Microsoft.Resources/resourceGroups");
                if let (true, Some(name), Some(location)) =
                    (is_group, text("name"), text("location"))
                {
                    let now = cloud.now();
                    let mut group = StoredGroup::new(SUBSCRIPTION, name, location, now);
                    if let Some(Value::Object(tags)) = item.get("tags") {
                        group.tags.clone_from(tags);
                    }
                    cloud.put_group(group);
                }
            }
        })
    }

    /// Makes a resource of a recorded answer, by a request of the practice cloud's own, so that what Azure adds comes
    /// from its rules. A resource that exists already stays as it is; what its rules refuse is put there as it was
    /// recorded.
    fn put_recorded(&mut self, body: &Value, added: &[&str]) -> Result<()> {
        let Some(id) = body.id_at("/id") else { return Ok(()) };
        let mut wanted = body.clone();
        without(&mut wanted, added);
        let mut whole = body.clone();
        without(&mut whole, &[]);
        let state = body.pointer("/properties/provisioningState").and_then(Value::as_str);
        let exists = self.on(|cloud| {
            let known = cloud.resource(&id);
            let exists = known.is_some_and(|stored| stored.api_version != presupposed::STUB);
            if !exists {
                presupposed::ensure_group(cloud, &id.subscription, &id.group);
                presupposed::ensure_parents(cloud, &id);
                presupposed::ensure_referenced(cloud, &wanted, &id, "");
            }
            exists
        })?;
        if !exists {
            let url = format!("{id}?api-version=2025-04-01");
            let reply = self.send(&request("PUT", &url, wanted.clone()))?;
            if reply.status < 300 {
                self.pass(SignedDuration::from_hours(1));
                // A row of a list tells little; a later answer may tell all.
                if body.get("properties").is_none() {
                    self.on(|cloud| presupposed::mark(cloud, &id))?;
                }
            } else {
                self.on(|cloud| {
                    presupposed::put(cloud, &id, whole);
                    rule::runtime(cloud, &id, Moment::Begun);
                    rule::runtime(cloud, &id, Moment::Done);
                })?;
            }
        }
        self.on(|cloud| peerings_within(cloud, body))?;
        let busy =
            state.filter(|state| matches!(*state, "Creating" | "Updating" | "Deleting" | "Failed"));
        if let Some(state) = busy {
            self.on(|cloud| set_state(cloud, &id, state))?;
            self.occupied.push(id);
        }
        Ok(())
    }

    fn exist(&mut self, id: &ResourceId) -> Result<()> {
        self.on(|cloud| presupposed::ensure(cloud, id))
    }
}

/// A network tells of its peerings, which are resources of their own.
fn peerings_within(cloud: &mut Cloud, network: &Value) {
    for peering in network.items("/properties/virtualNetworkPeerings") {
        if let Some(id) = peering.id_at("/id").filter(|id| cloud.resource(id).is_none()) {
            let mut body = peering.clone();
            without(&mut body, &[]);
            presupposed::put(cloud, &id, body);
        }
    }
}

/// What a PUT changed: the same, and with a tag of its own where Azure said that there is something to change.
fn before(exchange: &Exchange, id: &ResourceId) -> Value {
    let mut before = exchange.request_body.clone();
    json::set(&mut before, "id", id.to_string());
    if exchange.body.text("/properties/provisioningState") == "Updating" {
        json::set(&mut before, "tags", json!({ "before": "this" }));
    }
    before
}

/// Whether a PUT that succeeded was about something that existed: creation is answered with 201 or 202, but by a few
/// types, which say by the state that they have begun.
fn changed_what_existed(exchange: &Exchange, id: &ResourceId) -> bool {
    let answers_created =
        ResourceType::of(&id.resource_type()).is_some_and(|kind| kind.writing != Writing::AtOnce);
    let state = exchange.body.text("/properties/provisioningState");
    exchange.status == 200 && answers_created && !["RegisteringDns", "Restoring"].contains(&state)
}

/// What holds a name that Azure called taken.
fn taken_name(exchange: &Exchange, segments: &[String]) -> Option<ResourceId> {
    let asked = segments.last()?.eq_ignore_ascii_case("checkNameAvailability");
    let free = exchange.body.get("nameAvailable")?.as_bool()?;
    let text = |name: &str| exchange.request_body.get(name).and_then(Value::as_str);
    let id = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/{}/{}",
        text("type")?,
        text("name")?
    );
    (asked && !free).then(|| ResourceId::parse(&id)).flatten()
}

/// Takes out of a recorded body what Azure adds.
fn without(body: &mut Value, added: &[&str]) {
    if let Value::Object(members) = body {
        members.retain(|name, _| !ADDED.contains(&name.as_str()));
        if let Some(Value::Object(properties)) = members.get_mut("properties") {
            properties.shift_remove("provisioningState");
        }
    }
    for path in added {
        take_out(body, path);
    }
}

fn take_out(value: &mut Value, path: &str) {
    let (first, rest) =
        path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let name = first.trim_end_matches("[]");
    let Value::Object(members) = value else { return };
    let Some(rest) = rest else {
        members.shift_remove(name);
        return;
    };
    match members.get_mut(name) {
        Some(Value::Array(items)) => items.iter_mut().for_each(|item| take_out(item, rest)),
        Some(other) => take_out(other, rest),
        None => {}
    }
}
