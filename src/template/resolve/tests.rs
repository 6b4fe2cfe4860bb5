//! Resolving whole templates: structure, dependencies, parameters, and what the run tells later.

mod dependency;
mod parameter;
mod runtime;
mod structure;

use serde_json::{Map, Value as Json, json};

use super::{Resolved, resolve};
use crate::template::{Scope, Template, TemplateError};

const GROUP: &str = "/subscriptions/sub-1/resourceGroups/rg-test1234";

fn scope() -> Scope {
    Scope {
        tenant_id: "tenant-1".into(),
        subscription_id: "sub-1".into(),
        resource_group: Some("rg-test1234".into()),
        location: "westeurope".into(),
        deployment: "paml-1234".into(),
        ..Scope::default()
    }
}

fn map(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        other => panic!("an object, not {other}"),
    }
}

fn try_resolve(template: Json, parameters: Json) -> Result<Resolved, TemplateError> {
    let template = Template::from_json(template)?;
    resolve(&template, &map(parameters), &scope())
}

fn resolved(template: Json) -> Resolved {
    try_resolve(template, json!({})).unwrap()
}

/// A template of resources only.
fn resources(resources: Json) -> Resolved {
    let mut template = map(json!({"languageVersion": "2.0"}));
    template.insert("resources".into(), resources);
    resolved(Json::Object(template))
}

fn edges(resolved: &Resolved, symbol: &str) -> Vec<String> {
    resolved.resource(symbol).unwrap().depends_on.clone()
}

fn refused(template: Json, parameters: Json, place: &str, part: &str) {
    let error = try_resolve(template, parameters).unwrap_err();
    assert_eq!(error.code, "InvalidTemplate");
    assert_eq!(error.place, place, "{}", error.message);
    assert!(error.message.contains(part), "{}", error.message);
}

/// A resource of a made-up type, with more keys.
fn resource(name: &str, more: Json) -> Json {
    let mut resource =
        json!({"type": "Contoso.Test/things", "apiVersion": "2024-01-01", "name": name});
    resource.as_object_mut().unwrap().extend(map(more));
    resource
}
