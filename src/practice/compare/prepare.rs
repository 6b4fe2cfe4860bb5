//! How the practice cloud is brought into the state that an exchange presupposes.
//!
//! The rule, in this order:
//! 1. The recorded subscriptions are the practice cloud's, the tenant too. Every provider is registered.
//! 2. Exchanges of one recording follow each other on one cloud; each recording has a cloud of its own.
//! 3. A group named in the path exists, unless Azure said that it does not.
//! 4. While Azure said that another operation was under way, one is. Else all that is under way ends before a change
//!    that would meet it.
//! 5. Resources that the path lies below, and those that the request's body refers to, exist, unless Azure said that
//!    they do not. Where nothing is known of them they have the few properties that others of their type need.
//! 6. What was read, changed or deleted exists: as an earlier exchange made it, else made of the recorded answer
//!    without the fields that Azure adds (those that clients read, and the common ones). What Azure did not find does
//!    not exist.
//! 7. A deployment that was read or cancelled is one of a single route table, under way where it was cancelled. A
//!    deleted vault that was read, purged or recovered was made and deleted before.
//! 8. An operation that was polled is as far as the recorded answer says.
//! 9. Time passes until the answer is the recorded one, or for ninety minutes at most.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::busy::{is_busy, occupy, release};
use super::exchange::{Exchange, is_poll};
use super::presupposed::{self, REGION};
use super::stage::{ReplayCloud, path, request};
use crate::domain::problem::Result;
use crate::practice::asynchronous;
use crate::practice::clock::later;
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::state::{OperationStatus, SUBSCRIPTION, TENANT, What};

/// Why an exchange cannot be replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unprepared {
    /// Azure itself was at fault, or throttled: 429, and 500 and above.
    AzuresFault,
    /// It was decided by headers of the request, which recordings do not hold.
    RequestHeaders,
    /// The request's body is not recorded.
    NoBody,
    /// It happened in a management group or a tenant.
    OtherScope,
    /// It depends on something that happened outside the recording.
    Outside,
}

impl Unprepared {
    /// The reason as half a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::AzuresFault => "Azure itself was at fault, or throttled (429, and 500 and above)",
            Self::RequestHeaders => "headers of the request decided, which are not recorded",
            Self::NoBody => "the request's body is not recorded",
            Self::OtherScope => "it happened in a management group or a tenant",
            Self::Outside => "it depends on what happened outside the recording",
        }
    }
}

impl ReplayCloud {
    /// Brings the cloud into the state that an exchange presupposes.
    ///
    /// # Errors
    /// The reason why that cannot be; or, inside, that the files of the practice cloud cannot be written.
    pub fn prepare(
        &mut self,
        exchange: &Exchange,
        added: &[&str],
    ) -> Result<Result<(), Unprepared>> {
        if let Some(reason) = hopeless(exchange) {
            return Ok(Err(reason));
        }
        if self.polls.iter().any(|(known, _)| known == path(&exchange.url)) {
            return Ok(Ok(()));
        }
        let segments = exchange.segments();
        if is_poll(&segments) {
            self.prepare_poll(exchange, &segments)?;
            return Ok(Ok(()));
        }
        self.on(|cloud| {
            presupposed::groups(cloud, exchange, &segments);
            presupposed::neighbours(cloud, exchange, &segments);
        })?;
        if let Some(at) = segments.iter().position(|word| word.eq_ignore_ascii_case("deployments"))
        {
            self.prepare_deployment(exchange, &segments, at)?;
            return Ok(Ok(()));
        }
        let released = std::mem::take(&mut self.occupied);
        self.on(|cloud| release(cloud, &released))?;
        if segments.last().is_some_and(|word| word == "values") {
            // Something to be read in the activity log.
            let filter = exchange.filter();
            let asked = filter.split("resourceGroupName eq '").nth(1);
            let name = asked.and_then(|rest| rest.split('\'').next()).unwrap_or("rg");
            let scope = format!("/subscriptions/{SUBSCRIPTION}/resourcegroups/{name}");
            let group = format!("{scope}?api-version=2025-04-01");
            let table = format!(
                "{scope}/providers/Microsoft.Network/routeTables/rt?api-version=2025-04-01"
            );
            for url in [group, table] {
                self.send(&request("PUT", &url, json!({ "location": REGION })))?;
            }
        }
        self.prepare_deleted_vault(exchange, &segments)?;
        self.prepare_own(exchange, &segments, added)?;
        if is_busy(&exchange.body) {
            self.occupied = self.on(|cloud| occupy(cloud, exchange))?;
        }
        Ok(Ok(()))
    }

    /// Another operation for a poll, where the exchange is one.
    ///
    /// # Errors
    /// When the files of the practice cloud cannot be written.
    pub fn prepare_again(&mut self, exchange: &Exchange) -> Result<bool> {
        let segments = exchange.segments();
        if !is_poll(&segments) {
            return Ok(false);
        }
        self.polls.retain(|(known, _)| known != path(&exchange.url));
        self.prepare_poll(exchange, &segments)?;
        Ok(true)
    }

    /// An operation as far as the recorded answer says.
    fn prepare_poll(&mut self, exchange: &Exchange, segments: &[String]) -> Result<()> {
        let told = exchange.body.get("status").and_then(Value::as_str);
        let result = told.is_none() && exchange.body.is_object();
        let status = match (told, exchange.status) {
            (Some("Succeeded"), _) | (None, 200 | 204) => OperationStatus::Succeeded,
            (Some("Failed"), _) => OperationStatus::Failed,
            (Some("Canceled"), _) => OperationStatus::Canceled,
            _ => OperationStatus::InProgress,
        };
        let namespace = segments
            .iter()
            .position(|segment| segment.eq_ignore_ascii_case("providers"))
            .and_then(|at| segments.get(at + 1))
            .map_or("Microsoft.Resources", String::as_str);
        let blank = request("GET", "/", Value::Null);
        let scope = format!("/subscriptions/{SUBSCRIPTION}");
        let url = self.on(|cloud| {
            let due = later(cloud.now(), SignedDuration::from_mins(10));
            let id = if result {
                asynchronous::begin_with_result(cloud, due, exchange.body.clone())
            } else {
                asynchronous::begin(cloud, due, None)
            };
            if status == OperationStatus::InProgress {
                cloud.schedule(due, What::OperationDone { operation: id.clone() });
            } else {
                asynchronous::end(cloud, &id, status, exchange.body.get("error").cloned());
            }
            if told.is_some() && exchange.status == 200 {
                asynchronous::status_url(&blank, &scope, namespace, &id)
            } else {
                asynchronous::location_url(&blank, &scope, namespace, &id)
            }
        })?;
        let joint = format!("{}?api-version=2025-04-01", path(&url));
        self.polls.push((path(&exchange.url).to_owned(), joint));
        Ok(())
    }

    fn prepare_deployment(
        &mut self,
        exchange: &Exchange,
        segments: &[String],
        at: usize,
    ) -> Result<()> {
        let is_new = matches!(exchange.method.as_str(), "PUT" | "POST") && segments.len() <= at + 2
            || ends_in(segments, "validate")
            || ends_in(segments, "whatIf");
        let listed = exchange.body.pointer("/value/0/name").and_then(Value::as_str);
        let name = segments.get(at + 1).map(String::as_str).or(listed);
        let (Some(name), false, true) = (name, is_new, exchange.succeeded()) else { return Ok(()) };
        let scope = segments.get(..4).unwrap_or_default();
        let in_group = scope.get(2).is_some_and(|word| word.eq_ignore_ascii_case("resourceGroups"));
        let scope = scope.get(..if in_group { 4 } else { 2 }).unwrap_or_default().join("/");
        let url = format!(
            "/{scope}/providers/Microsoft.Resources/deployments/{name}?api-version=2025-04-01"
        );
        if self.send(&request("GET", &url, Value::Null))?.status == 404 {
            self.send(&request("PUT", &url, small_deployment(in_group)))?;
            let state = exchange.body.text("/properties/provisioningState");
            if state == "Canceled" {
                let cancel = url.replacen('?', "/cancel?", 1);
                self.send(&request("POST", &cancel, Value::Null))?;
            }
            if !ends_in(segments, "cancel") && !["Accepted", "Running"].contains(&state) {
                self.pass(SignedDuration::from_hours(1));
            }
        }
        Ok(())
    }

    /// A vault that was deleted before, where the exchange is about one.
    fn prepare_deleted_vault(&mut self, exchange: &Exchange, segments: &[String]) -> Result<()> {
        let listed = segments.iter().position(|word| word.eq_ignore_ascii_case("deletedVaults"));
        let recovers = exchange.request_body.text("/properties/createMode") == "recover";
        if !exchange.succeeded() || (listed.is_none() && !recovers) {
            return Ok(());
        }
        let known = exchange.body.id_at("/properties/vaultId");
        let known = known.or_else(|| exchange.body.id_at("/value/0/properties/vaultId"));
        let own = if recovers { exchange.resource() } else { None };
        let named = listed.and_then(|at| segments.get(at + 1)).map(|name| {
            ResourceId::parse(&format!(
                "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/\
                Microsoft.KeyVault/vaults/{name}"
            ))
        });
        let Some(id) = own.or(known).or(named.flatten()) else { return Ok(()) };
        let place = listed.filter(|at| {
            *at > 1
                && segments.get(at - 2).is_some_and(|word| word.eq_ignore_ascii_case("locations"))
        });
        let place = place.and_then(|at| segments.get(at - 1)).map_or(REGION, String::as_str);
        let told = exchange.request_body.get("location").and_then(Value::as_str);
        let place = told.unwrap_or(place);
        self.on(|cloud| presupposed::ensure_group(cloud, &id.subscription, &id.group))?;
        let vault = json!({
            "location": place,
            "properties": { "tenantId": TENANT, "sku": { "family": "A", "name": "standard" }, "accessPolicies": [] },
        });
        let url = format!("{id}?api-version=2024-11-01");
        self.send(&request("PUT", &url, vault))?;
        self.pass(SignedDuration::from_hours(1));
        self.send(&request("DELETE", &url, Value::Null))?;
        self.pass(SignedDuration::from_hours(1));
        Ok(())
    }
}

fn ends_in(segments: &[String], word: &str) -> bool {
    segments.last().is_some_and(|last| last.eq_ignore_ascii_case(word))
}

/// Why an exchange cannot be replayed at all.
fn hopeless(exchange: &Exchange) -> Option<Unprepared> {
    let segments = exchange.segments();
    let first = |word: &str| segments.first().is_some_and(|each| each.eq_ignore_ascii_case(word));
    let holds = |word: &str| segments.iter().any(|each| each.eq_ignore_ascii_case(word));
    let needs_body =
        matches!(exchange.method.as_str(), "PUT" | "PATCH") || exchange.url.contains("/validate");
    // Recordings do not tell what uses it.
    let refused_for_a_use = exchange.method == "DELETE"
        && matches!(exchange.status, 400 | 409)
        && !is_busy(&exchange.body);
    if exchange.status >= 500 || (exchange.status == 429 && !is_busy(&exchange.body)) {
        Some(Unprepared::AzuresFault)
    } else if exchange.status == 412 {
        Some(Unprepared::RequestHeaders)
    } else if holds("managementGroups") || (first("providers") && holds("deployments")) {
        Some(Unprepared::OtherScope)
    } else if refused_for_a_use
        || holds("privateEndpointConnections")
        || is_one_operation_of_deployment(&segments)
    {
        Some(Unprepared::Outside)
    } else if needs_body && exchange.request_body.is_null() {
        Some(Unprepared::NoBody)
    } else {
        None
    }
}

/// An operation of a deployment has an id that Azure gave.
fn is_one_operation_of_deployment(segments: &[String]) -> bool {
    let from_end = |back: usize| segments.iter().rev().nth(back).map_or("", String::as_str);
    from_end(1).eq_ignore_ascii_case("operations")
        && from_end(3).eq_ignore_ascii_case("deployments")
}

fn small_deployment(in_group: bool) -> Value {
    let table = json!({
        "type": "Microsoft.Network/routeTables",
        "apiVersion": "2024-05-01",
        "name": "rt",
        "location": REGION,
        "properties": {},
    });
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": if in_group { vec![table] } else { Vec::new() },
    });
    let properties = json!({ "mode": "Incremental", "template": template, "parameters": {} });
    let mut body = json!({ "properties": properties });
    if !in_group {
        json::set(&mut body, "location", REGION);
    }
    body
}
