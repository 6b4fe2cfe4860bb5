//! The practice cloud on which a recording is replayed, and how it is brought into the state that an exchange presupposes.
//!
//! The rule, in this order:
//! 1. The recorded subscriptions are the practice cloud's, the tenant too. Every provider is registered.
//! 2. Exchanges of one recording follow each other on one cloud; each recording has a cloud of its own.
//! 3. A group named in the path exists, unless Azure said that it does not.
//! 4. While Azure said that another operation was under way, one is. Else all that is under way ends before a change that
//!    would meet it.
//! 5. Resources that the path lies below, and those that the request's body refers to, exist, unless Azure said that they do
//!    not. Where nothing is known of them they have the few properties that others of their type need.
//! 6. What was read, changed or deleted exists: as an earlier exchange made it, else made of the recorded answer without the
//!    fields that Azure adds (those that clients read, and the common ones). What Azure did not find does not exist.
//! 7. A deployment that was read or cancelled is one of a single route table, under way where it was cancelled. A deleted
//!    vault that was read, purged or recovered was made and deleted before.
//! 8. An operation that was polled is as far as the recorded answer says.
//! 9. Time passes until the answer is the recorded one, or for ninety minutes at most.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::exchange::{Exchange, code};
use crate::{
    domain::problem::Problem,
    practice::{
        asynchronous,
        catalog::{
            self,
            kind::{Kind, Writing},
        },
        clock::later,
        identifier::{ResourceId, Scope},
        provider,
        reply::Reply,
        request::Request,
        route,
        rule::{self, Moment},
        state::{Cloud, Group, OperationStatus, SUBSCRIPTION, Store, StoredResource, TENANT, What},
        token,
    },
};

/// Fields that Azure adds to most resources.
const ADDED: [&str; 6] = ["id", "name", "type", "etag", "systemData", "managedBy"];
/// The region of what no region is known of.
const REGION: &str = "westeurope";

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
    #[must_use]
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

/// A practice cloud with a clock of its own.
pub struct Stage {
    // Deleted with the stage.
    _directory: TempDir,
    store: Store,
    now: Timestamp,
    /// Where operations of the recording are polled here.
    polls: Vec<(String, String)>,
    /// What is being changed only because the recording says so.
    occupied: Vec<ResourceId>,
}

fn unusable(error: &std::io::Error) -> Problem {
    Problem::new(
        "CompareUnusable",
        "The practice cloud for the comparison cannot be created.",
        "Check that the directory for temporary files is writable and has room.",
    )
    .saying(error.to_string())
}

impl Stage {
    /// A new practice cloud at a given time.
    ///
    /// # Errors
    /// When temporary files cannot be written.
    pub fn new(now: Timestamp) -> Result<Self, Problem> {
        let directory = tempfile::tempdir().map_err(|error| unusable(&error))?;
        let mut store = Store::open(directory.path(), now, 1.0)?;
        store.transact(now, |cloud| {
            for (namespace, _) in catalog::kind::PROVIDERS {
                provider::set_state(cloud, SUBSCRIPTION, namespace, "Registered");
            }
        })?;
        Ok(Self {
            _directory: directory,
            store,
            now,
            polls: Vec::new(),
            occupied: Vec::new(),
        })
    }

    /// Lets time pass.
    pub fn pass(&mut self, span: SignedDuration) {
        self.now = later(self.now, span);
    }

    /// Sends the exchange's request. The answer to it may begin an operation, which is then found again.
    ///
    /// # Errors
    /// When the files of the practice cloud cannot be written.
    pub fn replay(&mut self, exchange: &Exchange) -> Result<Reply, Problem> {
        let url = self.polled(&exchange.url);
        let request = request(&exchange.method, &url, exchange.request_body.clone());
        let reply = self.send(&request)?;
        for name in ["location", "azure-asyncoperation"] {
            let recorded = exchange.headers.get(name).and_then(Value::as_str);
            if let (Some(recorded), Some(here)) = (recorded, reply.get(name)) {
                self.polls.retain(|(known, _)| known != path(recorded));
                self.polls
                    .push((path(recorded).to_owned(), path_and_query(here)));
            }
        }
        Ok(reply)
    }

    fn send(&mut self, request: &Request) -> Result<Reply, Problem> {
        let token = token::issue("https://management.azure.com/", TENANT, self.now);
        self.store.transact(self.now, |cloud| {
            route::answer(cloud, request, Some(&token))
        })
    }

    fn polled(&self, url: &str) -> String {
        let known = self.polls.iter().find(|(known, _)| known == path(url));
        known.map_or_else(|| url.to_owned(), |(_, here)| here.clone())
    }

    /// Brings the cloud into the state that an exchange presupposes.
    ///
    /// # Errors
    /// The reason why that cannot be; or, inside, that the files of the practice cloud cannot be written.
    pub fn prepare(
        &mut self,
        exchange: &Exchange,
        added: &[&str],
    ) -> Result<Result<(), Unprepared>, Problem> {
        if let Some(reason) = hopeless(exchange) {
            return Ok(Err(reason));
        }
        if self
            .polls
            .iter()
            .any(|(known, _)| known == path(&exchange.url))
        {
            return Ok(Ok(()));
        }
        let segments = exchange.segments();
        if is_poll(&segments) {
            self.prepare_poll(exchange, &segments)?;
            return Ok(Ok(()));
        }
        self.store.transact(self.now, |cloud| {
            prepare_groups(cloud, exchange, &segments);
            prepare_neighbours(cloud, exchange, &segments);
        })?;
        if let Some(at) = segments
            .iter()
            .position(|word| word.eq_ignore_ascii_case("deployments"))
        {
            self.prepare_deployment(exchange, &segments, at)?;
            return Ok(Ok(()));
        }
        let released = std::mem::take(&mut self.occupied);
        self.store
            .transact(self.now, |cloud| release(cloud, &released))?;
        if segments.last().is_some_and(|word| word == "values") {
            // Something to be read in the activity log.
            let group =
                format!("/subscriptions/{SUBSCRIPTION}/resourcegroups/rg?api-version=2025-04-01");
            self.send(&request("PUT", &group, json!({ "location": REGION })))?;
        }
        self.prepare_deleted_vault(exchange, &segments)?;
        self.prepare_own(exchange, &segments, added)?;
        if is_busy(&exchange.body) {
            self.occupied = self
                .store
                .transact(self.now, |cloud| occupy(cloud, exchange))?;
        }
        Ok(Ok(()))
    }

    /// Another operation for a poll, where the exchange is one.
    ///
    /// # Errors
    /// When the files of the practice cloud cannot be written.
    pub fn prepare_again(&mut self, exchange: &Exchange) -> Result<bool, Problem> {
        let segments = exchange.segments();
        if !is_poll(&segments) {
            return Ok(false);
        }
        self.polls.retain(|(known, _)| known != path(&exchange.url));
        self.prepare_poll(exchange, &segments)?;
        Ok(true)
    }

    /// An operation as far as the recorded answer says.
    fn prepare_poll(&mut self, exchange: &Exchange, segments: &[String]) -> Result<(), Problem> {
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
        let url = self.store.transact(self.now, |cloud| {
            let due = later(cloud.now(), SignedDuration::from_mins(10));
            let id = if result {
                asynchronous::begin_with_result(cloud, due, exchange.body.clone())
            } else {
                asynchronous::begin(cloud, due, None)
            };
            if status == OperationStatus::InProgress {
                cloud.schedule(
                    due,
                    What::OperationDone {
                        operation: id.clone(),
                    },
                );
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
    ) -> Result<(), Problem> {
        let is_new = matches!(exchange.method.as_str(), "PUT" | "POST") && segments.len() <= at + 2
            || segments.last().is_some_and(|word| {
                word.eq_ignore_ascii_case("validate") || word.eq_ignore_ascii_case("whatIf")
            });
        let (Some(name), false, true) = (segments.get(at + 1), is_new, exchange.succeeded()) else {
            return Ok(());
        };
        let scope = segments.get(..4).unwrap_or_default();
        let in_group = scope
            .get(2)
            .is_some_and(|word| word.eq_ignore_ascii_case("resourceGroups"));
        let scope = scope
            .get(..if in_group { 4 } else { 2 })
            .unwrap_or_default()
            .join("/");
        let url = format!(
            "/{scope}/providers/Microsoft.Resources/deployments/{name}?api-version=2025-04-01"
        );
        if self.send(&request("GET", &url, Value::Null))?.status == 404 {
            self.send(&request("PUT", &url, small_deployment(in_group)))?;
            let state = exchange
                .body
                .pointer("/properties/provisioningState")
                .and_then(Value::as_str);
            let is_cancel = segments
                .last()
                .is_some_and(|word| word.eq_ignore_ascii_case("cancel"));
            if state == Some("Canceled") {
                let cancel = url.replacen('?', "/cancel?", 1);
                self.send(&request("POST", &cancel, Value::Null))?;
            }
            if !is_cancel && !matches!(state, Some("Accepted" | "Running")) {
                self.pass(SignedDuration::from_hours(1));
            }
        }
        Ok(())
    }

    /// A vault that was deleted before, where the exchange is about one.
    fn prepare_deleted_vault(
        &mut self,
        exchange: &Exchange,
        segments: &[String],
    ) -> Result<(), Problem> {
        let listed = segments
            .iter()
            .position(|word| word.eq_ignore_ascii_case("deletedVaults"));
        let recovered = exchange.request_body.pointer("/properties/createMode");
        let recovers = recovered.and_then(Value::as_str) == Some("recover");
        if !exchange.succeeded() || (listed.is_none() && !recovers) {
            return Ok(());
        }
        let told = exchange
            .body
            .pointer("/properties/vaultId")
            .or_else(|| exchange.body.pointer("/value/0/properties/vaultId"));
        let known = told.and_then(Value::as_str).and_then(ResourceId::parse);
        let own = if recovers { exchange.resource() } else { None };
        let named = listed.and_then(|at| segments.get(at + 1)).map(|name| {
            ResourceId::parse(&format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/{name}"))
        });
        let Some(id) = own.or(known).or(named.flatten()) else {
            return Ok(());
        };
        let place = listed.filter(|at| {
            *at > 1
                && segments
                    .get(at - 2)
                    .is_some_and(|word| word.eq_ignore_ascii_case("locations"))
        });
        let place = place
            .and_then(|at| segments.get(at - 1))
            .map_or(REGION, String::as_str)
            .to_owned();
        let place = exchange
            .request_body
            .get("location")
            .and_then(Value::as_str)
            .map_or(place, str::to_owned);
        self.store.transact(self.now, |cloud| {
            ensure_group(cloud, &id.subscription, &id.group)
        })?;
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

    /// What was read, changed or deleted exists; what was not found does not.
    fn prepare_own(
        &mut self,
        exchange: &Exchange,
        segments: &[String],
        added: &[&str],
    ) -> Result<(), Problem> {
        let Some(id) = ResourceId::from_segments(segments) else {
            let listed = exchange.body.get("value").and_then(Value::as_array);
            if exchange.method == "GET" && exchange.succeeded() {
                self.groups_of(exchange)?;
                for item in listed.into_iter().flatten() {
                    self.put_recorded(item, added)?;
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
            return self.store.transact(self.now, |cloud| {
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
    fn groups_of(&mut self, exchange: &Exchange) -> Result<(), Problem> {
        let listed = exchange.body.get("value").and_then(Value::as_array);
        self.store.transact(self.now, |cloud| {
            for item in listed.into_iter().flatten() {
                let text = |name: &str| item.get(name).and_then(Value::as_str);
                let is_group = text("type") == Some("Microsoft.Resources/resourceGroups");
                if let (true, Some(name), Some(location)) =
                    (is_group, text("name"), text("location"))
                {
                    let now = cloud.now();
                    let mut group = Group::new(SUBSCRIPTION, name, location, now);
                    if let Some(Value::Object(tags)) = item.get("tags") {
                        group.tags.clone_from(tags);
                    }
                    cloud.put_group(group);
                }
            }
        })
    }

    /// Makes a resource of a recorded answer, by a request of the practice cloud's own, so that what Azure adds comes from
    /// its rules. A resource that exists already stays as it is; what its rules refuse is put there as it was recorded.
    fn put_recorded(&mut self, body: &Value, added: &[&str]) -> Result<(), Problem> {
        let id = body
            .get("id")
            .and_then(Value::as_str)
            .and_then(ResourceId::parse);
        let Some(id) = id else { return Ok(()) };
        let mut wanted = body.clone();
        without(&mut wanted, added);
        let state = body
            .pointer("/properties/provisioningState")
            .and_then(Value::as_str);
        let exists = self.store.transact(self.now, |cloud| {
            let exists = cloud.resource(&id).is_some();
            if !exists {
                ensure_group(cloud, &id.subscription, &id.group);
                ensure_parents(cloud, &id);
                ensure_referenced(cloud, &wanted, &id, "");
            }
            exists
        })?;
        if !exists {
            let url = format!("{id}?api-version=2025-04-01");
            let reply = self.send(&request("PUT", &url, wanted.clone()))?;
            if reply.status < 300 {
                self.pass(SignedDuration::from_hours(1));
            } else {
                self.store.transact(self.now, |cloud| {
                    put(cloud, &id, wanted);
                    rule::runtime(cloud, &id, Moment::Begun);
                    rule::runtime(cloud, &id, Moment::Done);
                })?;
            }
        }
        let busy =
            state.filter(|state| matches!(*state, "Creating" | "Updating" | "Deleting" | "Failed"));
        if let Some(state) = busy {
            self.store
                .transact(self.now, |cloud| set_state(cloud, &id, state))?;
            self.occupied.push(id);
        }
        Ok(())
    }

    fn exist(&mut self, id: &ResourceId) -> Result<(), Problem> {
        self.store.transact(self.now, |cloud| ensure(cloud, id))
    }
}

/// What a PUT changed: the same, and with a tag of its own where Azure said that there is something to change.
fn before(exchange: &Exchange, id: &ResourceId) -> Value {
    let mut before = exchange.request_body.clone();
    let state = exchange
        .body
        .pointer("/properties/provisioningState")
        .and_then(Value::as_str);
    if let Value::Object(members) = &mut before {
        members.insert("id".to_owned(), json!(id.to_string()));
        if state == Some("Updating") {
            members.insert("tags".to_owned(), json!({ "before": "this" }));
        }
    }
    before
}

/// Whether a PUT that succeeded was about something that existed: creation is answered with 201 or 202, but by a few types,
/// which say by the state that they have begun.
fn changed_what_existed(exchange: &Exchange, id: &ResourceId) -> bool {
    let answers_created =
        Kind::of(&id.resource_type()).is_some_and(|kind| kind.writing != Writing::AtOnce);
    let state = exchange
        .body
        .pointer("/properties/provisioningState")
        .and_then(Value::as_str);
    exchange.status == 200
        && answers_created
        && state != Some("RegisteringDns")
        && state != Some("Restoring")
}

/// What holds a name that Azure called taken.
fn taken_name(exchange: &Exchange, segments: &[String]) -> Option<ResourceId> {
    let asked = segments
        .last()?
        .eq_ignore_ascii_case("checkNameAvailability");
    let free = exchange.body.get("nameAvailable")?.as_bool()?;
    let text = |name: &str| exchange.request_body.get(name).and_then(Value::as_str);
    let id = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/{}/{}",
        text("type")?,
        text("name")?
    );
    (asked && !free).then(|| ResourceId::parse(&id)).flatten()
}

/// An operation of a deployment has an id that Azure gave.
fn is_one_operation_of_deployment(segments: &[String]) -> bool {
    let from_end = |back: usize| segments.iter().rev().nth(back).map_or("", String::as_str);
    from_end(1).eq_ignore_ascii_case("operations")
        && from_end(3).eq_ignore_ascii_case("deployments")
}

/// Why an exchange cannot be replayed at all.
fn hopeless(exchange: &Exchange) -> Option<Unprepared> {
    let segments = exchange.segments();
    let first = |word: &str| {
        segments
            .first()
            .is_some_and(|each| each.eq_ignore_ascii_case(word))
    };
    let holds = |word: &str| segments.iter().any(|each| each.eq_ignore_ascii_case(word));
    let needs_body =
        matches!(exchange.method.as_str(), "PUT" | "PATCH") || exchange.url.contains("/validate");
    if exchange.status >= 500 || (exchange.status == 429 && !is_busy(&exchange.body)) {
        Some(Unprepared::AzuresFault)
    } else if exchange.status == 412 {
        Some(Unprepared::RequestHeaders)
    } else if holds("managementGroups") || (first("providers") && holds("deployments")) {
        Some(Unprepared::OtherScope)
    } else if exchange.method == "DELETE"
        && matches!(exchange.status, 400 | 409)
        && !is_busy(&exchange.body)
    {
        Some(Unprepared::Outside)
    } else if holds("privateEndpointConnections") || is_one_operation_of_deployment(&segments) {
        Some(Unprepared::Outside)
    } else if needs_body && exchange.request_body.is_null() {
        Some(Unprepared::NoBody)
    } else {
        None
    }
}

/// Codes with which Azure says that something is still under way.
const BUSY: [&str; 4] = [
    "StorageAccountIsNotProvisioned",
    "AnotherOperationInProgress",
    "RetryableErrorDueToAnotherOperation",
    "ReferencedResourceNotProvisioned",
];

/// Whether a refusal says that something is still under way.
pub fn is_busy(body: &Value) -> bool {
    let text = body.to_string();
    code(body) == "RetryableError" || BUSY.iter().any(|code| text.contains(code))
}

/// What a refusal names is being changed: the resource itself, what it lies in, or what it refers to.
fn occupy(cloud: &mut Cloud, exchange: &Exchange) -> Vec<ResourceId> {
    let said = exchange.body.to_string().to_ascii_lowercase();
    let Some(own) = exchange
        .resource()
        .or_else(|| owner_of_action(&exchange.segments()))
    else {
        return Vec::new();
    };
    let mut top = own.clone();
    while let Some(parent) = top.parent() {
        top = parent;
    }
    let referred = said.contains("referencedresourcenotprovisioned");
    let known = cloud.group(&own.scope()).map(|group| &group.resources);
    let is_concerned = |key: &str| match referred {
        true => said.contains(key) && key != own.key(),
        false => key == top.key(),
    };
    let all = known.into_iter().flat_map(|resources| resources.values());
    let concerned: Vec<ResourceId> = all
        .filter(|stored| is_concerned(&stored.id.key()))
        .map(|stored| stored.id.clone())
        .collect();
    for id in &concerned {
        set_state(cloud, id, "Updating");
    }
    concerned
}

fn set_state(cloud: &mut Cloud, id: &ResourceId, state: &str) {
    if let Some(stored) = cloud.resource_mut(id) {
        state.clone_into(&mut stored.provisioning_state);
    }
}

/// What was being changed only because a recording said so is done.
fn release(cloud: &mut Cloud, occupied: &[ResourceId]) {
    for id in occupied {
        set_state(cloud, id, "Succeeded");
    }
}

fn request(method: &str, url: &str, body: Value) -> Request {
    let method = method.parse().unwrap_or(hyper::Method::GET);
    let mut request = Request::new(method, url);
    request.body = body;
    request
}

/// A path without host and query.
fn path(url: &str) -> &str {
    let url = url.split('?').next().unwrap_or(url);
    match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => url,
    }
}

fn path_and_query(url: &str) -> String {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    format!("{}?{query}", path(url))
}

/// Whether a path is that of an operation under way.
fn is_poll(segments: &[String]) -> bool {
    let from_end = |back: usize| {
        let at = segments.len().checked_sub(back);
        at.and_then(|at| segments.get(at))
            .map_or(String::new(), |each| each.to_ascii_lowercase())
    };
    from_end(2).contains("operation") && from_end(4) != "deployments"
        || from_end(2).contains("operationstatus")
}

/// The resource that an action is done to: `…/virtualMachines/v/start`.
fn owner_of_action(segments: &[String]) -> Option<ResourceId> {
    let (_, owner) = segments.split_last()?;
    ResourceId::from_segments(owner)
}

fn prepare_groups(cloud: &mut Cloud, exchange: &Exchange, segments: &[String]) {
    let group = segments
        .get(2)
        .filter(|word| word.eq_ignore_ascii_case("resourceGroups"));
    let (Some(_), Some(name)) = (group, segments.get(3)) else {
        return;
    };
    let scope = Scope::group(SUBSCRIPTION, name);
    let itself = segments.len() == 4;
    let absent = exchange.code() == "ResourceGroupNotFound" || (itself && exchange.status == 404);
    if absent {
        cloud.remove_group(&scope);
    } else if !(itself && exchange.method == "PUT") {
        let location = exchange.body.get("location").and_then(Value::as_str);
        if cloud.group(&scope).is_none() {
            let location = location.unwrap_or(REGION).to_owned();
            let now = cloud.now();
            cloud.put_group(Group::new(SUBSCRIPTION, name, &location, now));
        }
        let state = exchange.body.pointer("/properties/provisioningState");
        if let (true, Some("Deleting"), Some(group)) = (
            itself,
            state.and_then(Value::as_str),
            cloud.group_mut(&scope),
        ) {
            "Deleting".clone_into(&mut group.provisioning_state);
        }
    }
}

/// What the path lies below, and what the request's body refers to.
fn prepare_neighbours(cloud: &mut Cloud, exchange: &Exchange, segments: &[String]) {
    if exchange.code() == "ResourceGroupNotFound" {
        return;
    }
    let id = ResourceId::from_segments(segments).or_else(|| owner_of_action(segments));
    let Some(id) = id else { return };
    let said = exchange.body.to_string().to_ascii_lowercase();
    // Azure names a parent that it misses by type and name, or by its path.
    let missed = |id: &ResourceId| {
        let name = id.name().to_ascii_lowercase();
        exchange.status == 404
            && (said.contains(&format!("/{name}'")) || said.contains(&format!("/{name} ")))
    };
    let above = id.parent().or_else(|| id.target());
    if let Some(above) = above {
        if exchange.code().contains("ParentResource") || missed(&above) {
            cloud.remove_resource(&above);
        } else {
            ensure(cloud, &above);
        }
    }
    let refused = if exchange.succeeded() || is_busy(&exchange.body) {
        String::new()
    } else {
        said
    };
    ensure_network(cloud, exchange, &id);
    ensure_referenced(cloud, &exchange.request_body, &id, &refused);
}

/// The network of a subnet that is written holds its range; a network whose gateway a peering uses has one.
fn ensure_network(cloud: &mut Cloud, exchange: &Exchange, id: &ResourceId) {
    let prefix = exchange
        .request_body
        .pointer("/properties/addressPrefix")
        .and_then(Value::as_str);
    if let (true, Some(network), Some(prefix)) = (
        id.is("Microsoft.Network/virtualNetworks/subnets"),
        id.parent(),
        prefix,
    ) && cloud.resource(&network).is_some_and(|stored| {
        stored
            .text("/properties/addressSpace/addressPrefixes/0")
            .starts_with("100.")
    }) {
        let wide = json!({ "location": REGION, "properties": { "addressSpace": { "addressPrefixes": [prefix] } } });
        put(cloud, &network, wide);
    }
    let uses = exchange
        .request_body
        .pointer("/properties/useRemoteGateways")
        == Some(&json!(true));
    let remote = exchange
        .request_body
        .pointer("/properties/remoteVirtualNetwork/id")
        .and_then(Value::as_str);
    if let (true, Some(remote)) = (uses, remote.and_then(ResourceId::parse)) {
        let subnet = remote.child("subnets", "GatewaySubnet");
        ensure(cloud, &subnet);
        let gateway = remote.sibling("Microsoft.Network", "virtualNetworkGateways", "gateway");
        let held = json!({ "properties": { "subnet": { "id": subnet.to_string() } } });
        let body = json!({ "location": REGION, "properties": { "gatewayType": "Vpn", "ipConfigurations": [held] } });
        put(cloud, &gateway, body);
    }
}

fn ensure_group(cloud: &mut Cloud, subscription: &str, name: &str) {
    let scope = Scope::group(subscription, name);
    if scope.is_group() && cloud.group(&scope).is_none() {
        let now = cloud.now();
        cloud.put_group(Group::new(subscription, name, REGION, now));
    }
}

fn ensure_parents(cloud: &mut Cloud, id: &ResourceId) {
    for above in [id.parent(), id.target()].into_iter().flatten() {
        ensure(cloud, &above);
    }
}

/// Every resource that a body refers to, but for the one that it is the body of, and those that a refusal names.
fn ensure_referenced(cloud: &mut Cloud, body: &Value, own: &ResourceId, refused: &str) {
    match body {
        Value::String(text) => {
            if let Some(id) = ResourceId::parse(text)
                && !id.key().starts_with(&own.key())
                && !refused.contains(&id.key())
                && !id
                    .namespace()
                    .eq_ignore_ascii_case("Microsoft.Authorization")
            {
                ensure(cloud, &id);
            }
        }
        Value::Array(items) => {
            for item in items {
                ensure_referenced(cloud, item, own, refused);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if let Some(id) = ResourceId::parse(name) {
                    ensure(cloud, &id);
                }
                ensure_referenced(cloud, member, own, refused);
            }
        }
        _ => {}
    }
}

/// A resource exists from now on, with what others need of it.
fn ensure(cloud: &mut Cloud, id: &ResourceId) {
    if cloud.resource(id).is_some() {
        return;
    }
    ensure_group(cloud, &id.subscription, &id.group);
    ensure_parents(cloud, id);
    let body = usual(id);
    put(cloud, id, body);
}

fn put(cloud: &mut Cloud, id: &ResourceId, body: Value) {
    let now = cloud.now();
    let spelt = Kind::of(&id.resource_type());
    cloud.put_resource(StoredResource {
        id: id.clone(),
        resource_type: spelt.map_or_else(|| id.resource_type(), Kind::full_name),
        name: id.name().to_owned(),
        api_version: "2025-04-01".to_owned(),
        body,
        runtime: json!({}),
        provisioning_state: "Succeeded".to_owned(),
        created: now,
        changed: now,
        etag: "00000000-0000-0000-0000-000000000000".to_owned(),
    });
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
    let deployment =
        json!({ "properties": { "mode": "Incremental", "template": template, "parameters": {} } });
    if in_group {
        deployment
    } else {
        json!({ "location": REGION, "properties": deployment["properties"] })
    }
}

/// The properties that others of its type need.
fn usual(id: &ResourceId) -> Value {
    let kind = id.resource_type().to_ascii_lowercase();
    let properties = match kind.as_str() {
        "microsoft.network/virtualnetworks" => {
            json!({ "addressSpace": { "addressPrefixes": [format!("{}.0.0/16", range(id))] } })
        }
        "microsoft.network/virtualnetworks/subnets" => {
            let network = id.parent().unwrap_or_else(|| id.clone());
            json!({ "addressPrefix": format!("{}.0.0/20", range(&network)) })
        }
        "microsoft.network/publicipaddresses" => {
            json!({ "publicIPAllocationMethod": "Static", "ipAddress": "203.0.113.1" })
        }
        "microsoft.storage/storageaccounts" => json!({ "allowSharedKeyAccess": true }),
        "microsoft.managedidentity/userassignedidentities" => json!({
            "principalId": "00000000-0000-0000-0000-000000000000",
            "clientId": "00000000-0000-0000-0000-000000000000",
            "tenantId": TENANT,
        }),
        _ => json!({}),
    };
    json!({ "sku": { "name": "Standard" }, "properties": properties })
}

/// The first half of a network's addresses: another one for each name, and none that recordings use.
fn range(id: &ResourceId) -> String {
    let sum: u32 = id.key().bytes().map(u32::from).sum();
    format!("100.{}", 64 + sum % 64)
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
    let (first, rest) = path
        .split_once('.')
        .map_or((path, None), |(first, rest)| (first, Some(rest)));
    let name = first.trim_end_matches("[]");
    let Value::Object(members) = value else {
        return;
    };
    let Some(rest) = rest else {
        remove(members, name);
        return;
    };
    match members.get_mut(name) {
        Some(Value::Array(items)) => items.iter_mut().for_each(|item| take_out(item, rest)),
        Some(other) => take_out(other, rest),
        None => {}
    }
}

fn remove(members: &mut Map<String, Value>, name: &str) {
    members.shift_remove(name);
}
