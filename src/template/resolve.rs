//! Resolving a template: final names, ids, conditions and dependencies, with late values left symbolic.
//!
//! [`resolve`] settles everything that ARM settles before a deployment starts; [`Resolved::body`] and
//! [`Resolved::outputs`] evaluate the rest, once a [`Runtime`] can tell. No value of a secure parameter is kept here.

mod name;
mod structure;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::dependency;
use super::document::{Output, Template, Variable};
use super::error::{Result, TemplateError};
use super::evaluate::{EvaluationStage, Evaluator, Loop};
use super::scope::{Runtime, Scope, Unknown};
use super::validate;
use super::value::Value;

/// One resource of a resolved template; of a loop, one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedResource {
    /// Symbolic name, with the index for an instance of a loop: `disk[0]`.
    pub symbol: String,
    /// Full type, such as `Microsoft.Network/virtualNetworks/subnets`.
    pub resource_type: String,
    /// API version.
    pub api_version: String,
    /// Full name, with the parents' names before it where it is a child: `vnet/subnet`.
    pub name: String,
    /// Full resource id.
    pub id: String,
    /// Id of the resource or other scope that it extends; empty for the tenant.
    pub scope: Option<String>,
    /// The part of the environment it belongs to, from `metadata.area`.
    pub area: String,
    /// What it is for, from `metadata.description`.
    pub description: String,
    /// Whether it is deployed; false when its condition is false.
    pub condition: bool,
    /// Whether it is only referred to, never made.
    pub existing: bool,
    /// Symbols of the deployed resources that must exist first, sorted: those of `dependsOn`, those that its body
    /// refers to, and the batch before in a serial loop.
    pub depends_on: Vec<String>,
    /// Index of the instance where there is a loop.
    pub copy_index: Option<usize>,
    /// Symbol of the declaration, without the index of a loop.
    pub(super) declared: String,
    /// Index of the declaration in the template.
    pub(super) declaration: usize,
    /// Name of the loop that makes it, if one does.
    pub(super) loop_name: Option<String>,
}

impl ResolvedResource {
    /// Whether the deployment makes it.
    pub fn is_deployed(&self) -> bool {
        self.condition && !self.existing
    }
}

/// A template resolved for given parameters and a scope.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// All resources in the template's order, also existing ones and those whose condition is false.
    pub resources: Vec<ResolvedResource>,
    /// Values of the parameters, secure ones left out; defaults that need the run stand as expressions.
    pub parameters: Map<String, Json>,
    /// Values of the variables; late parts stand as expressions.
    pub variables: Map<String, Json>,
    /// Secure parameters that were neither given nor have a default. ARM refuses a deployment that leaves them out.
    pub missing_secure: Vec<String>,
    template: Arc<Template>,
    pub(super) scope: Scope,
    settled: Map<String, Json>,
}

/// Resolves with nothing known of the run: for a plan or a preview. Parameter values are plain (`{"name": "test"}`, not
/// `{"name": {"value": "test"}}`); secure ones may be left out.
///
/// # Errors
/// `InvalidTemplate` with the place: a parameter is missing or not allowed, a name or condition is not known before the
/// deployment starts, a function is wrong, a dependency does not exist, or dependencies form a cycle.
pub fn resolve(
    template: &Template,
    parameters: &Map<String, Json>,
    scope: &Scope,
) -> Result<Resolved> {
    resolve_with(template, parameters, scope, &Unknown)
}

/// Resolves as [`resolve`], with a run that knows the time and makes GUIDs for the defaults of parameters. Its other
/// answers are not asked for.
///
/// # Errors
/// As [`resolve`].
pub fn resolve_with(
    template: &Template,
    parameters: &Map<String, Json>,
    scope: &Scope,
    runtime: &dyn Runtime,
) -> Result<Resolved> {
    let start = StartRuntime { runtime };
    validate::parameters(template, parameters)?;
    let mut resolved = Resolved {
        resources: Vec::new(),
        parameters: Map::new(),
        variables: Map::new(),
        missing_secure: Vec::new(),
        template: Arc::new(template.clone()),
        scope: scope.clone(),
        settled: Map::new(),
    };
    resolved.settle_parameters(parameters, &start)?;
    structure::settle(&mut resolved)?;
    structure::connect(&mut resolved)?;
    Ok(resolved)
}

/// Before the start only the clock and the source of GUIDs can be asked.
struct StartRuntime<'a> {
    runtime: &'a dyn Runtime,
}

impl Runtime for StartRuntime<'_> {
    fn utc_now(&self) -> Option<String> {
        self.runtime.utc_now()
    }

    fn new_guid(&self) -> Option<String> {
        self.runtime.new_guid()
    }
}

impl Resolved {
    /// The resource of a symbol.
    pub fn resource(&self, symbol: &str) -> Option<&ResolvedResource> {
        self.resources.iter().find(|resource| resource.symbol == symbol)
    }

    /// The template that was resolved.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// What is sent to the resource provider: location, tags, sku, properties and so on, without what steers the
    /// deployment (name, type, apiVersion, dependsOn, condition, copy, metadata). Late values that `runtime` does not
    /// know stay expressions.
    ///
    /// # Errors
    /// `InvalidTemplate` when there is no such symbol; otherwise what its expressions give, with the place.
    pub fn body(&self, symbol: &str, runtime: &dyn Runtime) -> Result<Json> {
        let resource = self
            .resource(symbol)
            .ok_or_else(|| template_error!("The template has no resource '{symbol}'."))?;
        let evaluator = self.evaluator(runtime);
        self.resource_body(&evaluator, resource)
            .map(|value| value.to_json())
            .map_err(|error| evaluator.redact(error))
    }

    /// The outputs as ARM returns them: `{"name": {"type": "String", "value": ...}}`. Outputs whose condition is
    /// false are left out, and those of secure type have no value.
    ///
    /// # Errors
    /// `InvalidTemplate` with the place when an expression is wrong or its value has not the declared type.
    pub fn outputs(&self, runtime: &dyn Runtime) -> Result<Map<String, Json>> {
        let evaluator = self.evaluator(runtime);
        evaluator.enter(EvaluationStage::Body);
        let mut outputs = Map::new();
        for (name, output) in self.template.outputs() {
            let value = output_value(&evaluator, name, output)
                .map_err(|error| evaluator.redact(error.within(name).within("outputs")))?;
            if let Some(value) = value {
                outputs.insert(name.clone(), value);
            }
        }
        Ok(outputs)
    }

    fn evaluator<'a>(&'a self, runtime: &'a dyn Runtime) -> Evaluator<'a> {
        Evaluator::new(&self.template, &self.scope, &self.settled, &self.resources, runtime)
    }

    fn resource_body(
        &self,
        evaluator: &Evaluator<'_>,
        resource: &ResolvedResource,
    ) -> Result<Value> {
        let Some(declaration) = self.template.resources().get(resource.declaration) else {
            return Err(template_error!("The template has no resource '{}'.", resource.symbol));
        };
        evaluator.enter(EvaluationStage::Body);
        let body = Json::Object(declaration.body.clone());
        evaluator
            .in_loop(instance_loop(resource), || evaluator.json(&body))
            .map_err(|error| error.within(&declaration.place))
    }

    /// Evaluates all parameters once, so that a missing or wrong one is found whether it is used or not.
    fn settle_parameters(
        &mut self,
        given: &Map<String, Json>,
        runtime: &dyn Runtime,
    ) -> Result<()> {
        let template = Arc::clone(&self.template);
        let evaluator = Evaluator::new(&template, &self.scope, given, &[], runtime);
        for (name, parameter) in template.parameters() {
            let is_given = super::evaluate::given(given, name).is_some();
            if parameter.kind.is_secure() {
                if is_given {
                    // The value itself is dropped: the run is asked for it when it is needed.
                    let mark = json!({ validate::KEPT_ELSEWHERE: true });
                    self.settled.insert(name.clone(), mark);
                } else if parameter.default.is_none() && !parameter.nullable {
                    self.missing_secure.push(name.clone());
                }
                continue;
            }
            let value = evaluator.parameter(name)?;
            let json = value.to_json();
            if value.is_known() {
                if !is_given {
                    validate::check(name, parameter, &json)?;
                }
                self.settled.insert(name.clone(), json.clone());
            }
            self.parameters.insert(name.clone(), json);
        }
        Ok(())
    }
}

/// The loop in which an instance's expressions stand.
fn instance_loop(resource: &ResolvedResource) -> Option<Loop> {
    let index = i64::try_from(resource.copy_index?).ok()?;
    Some(Loop { name: resource.loop_name.clone().unwrap_or_default(), index })
}

fn output_value(evaluator: &Evaluator<'_>, name: &str, output: &Output) -> Result<Option<Json>> {
    if let Some(condition) = &output.condition {
        match evaluator.json(condition)? {
            Value::Bool(false) => return Ok(None),
            // Where it is known only later whether an output is given, it is shown meanwhile.
            Value::Bool(true) | Value::Unknown(_) => {}
            other => {
                return Err(template_error!(
                    "The condition must be a boolean, not '{}'.",
                    other.kind()
                )
                .within("condition"));
            }
        }
    }
    let kind = output.kind.name();
    if output.kind.is_secure() {
        return Ok(Some(json!({ "type": kind })));
    }
    let value = match &output.value {
        Variable::Value(json) => evaluator.json(json),
        Variable::Copy(copy) => evaluator.copy(copy),
    }
    .map_err(|error| error.within("value"))?;
    if value.is_known() && !super::validate::has_kind(output.kind, &value.to_json()) {
        return Err(TemplateError::deployment(format!(
            "The template output '{name}' is not valid: its type is '{kind}', but its value is of type '{}'.",
            value.kind()
        )));
    }
    Ok(Some(json!({ "type": kind, "value": value.to_json() })))
}
