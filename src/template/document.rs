//! A template as a document: its parameters, variables, resources and outputs, read from JSON but not evaluated.
//!
//! Both forms of `resources` are read: the object with symbolic names (`languageVersion` 2.0) and the classic array.
//! What this tool cannot carry out (nested deployments, user-defined functions) is refused here, at its place.
//! Format: <https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax>.

mod check;
mod read;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::error::{Result, TemplateError};
use super::shape::TypeShape;

/// A parsed template.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    json: Json,
    parameters: IndexMap<String, Parameter>,
    variables: IndexMap<String, Variable>,
    outputs: IndexMap<String, Output>,
    resources: Vec<Declaration>,
}

/// The declared type of a parameter or an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterType {
    /// `string`
    String,
    /// `securestring`
    SecureString,
    /// `int`
    Int,
    /// `bool`
    Bool,
    /// `object`
    Object,
    /// `secureObject`
    SecureObject,
    /// `array`
    Array,
}

/// Each kind with its name.
const KINDS: [(ParameterType, &str); 7] = [
    (ParameterType::String, "String"),
    (ParameterType::SecureString, "SecureString"),
    (ParameterType::Int, "Int"),
    (ParameterType::Bool, "Bool"),
    (ParameterType::Object, "Object"),
    (ParameterType::SecureObject, "SecureObject"),
    (ParameterType::Array, "Array"),
];

impl ParameterType {
    /// The type of a name, whatever its case.
    pub fn of(name: &str) -> Option<Self> {
        KINDS.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(kind, _)| *kind)
    }

    /// The name by which templates call it, in ARM's own spelling.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// Whether ARM keeps its value out of every record.
    pub fn is_secure(self) -> bool {
        matches!(self, Self::SecureString | Self::SecureObject)
    }
}

/// A declared parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its type.
    pub kind: ParameterType,
    /// Value, or expression, that stands in when none is given.
    pub default: Option<Json>,
    /// The only values allowed.
    pub allowed: Option<Vec<Json>>,
    /// Smallest integer allowed.
    pub minimum_value: Option<i64>,
    /// Largest integer allowed.
    pub maximum_value: Option<i64>,
    /// Fewest characters or elements.
    pub minimum_length: Option<u64>,
    /// Most characters or elements.
    pub maximum_length: Option<u64>,
    /// Whether null may be given, or nothing at all.
    pub nullable: bool,
    /// What its type demands of the parts of a value.
    pub shape: Option<TypeShape>,
    /// `metadata.description`, or empty.
    pub description: String,
}

/// A loop that makes an array: `count` times `input`, with `copyIndex('name')` in it.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyInput {
    /// The loop's name; the output's own name for an output.
    pub name: String,
    /// How often; an integer or an expression.
    pub count: Json,
    /// One element.
    pub input: Json,
}

impl CopyInput {
    /// Reads `{name, count, input}`; `None` when it is something else.
    pub fn from_json(json: &Json) -> Option<Self> {
        read::copy_input(json, None).ok()
    }
}

/// A declared variable.
#[derive(Debug, Clone, PartialEq)]
pub enum Variable {
    /// A value with expressions in it.
    Value(Json),
    /// An array made by `variables.copy`.
    Copy(CopyInput),
}

/// A declared output.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Its type.
    pub kind: ParameterType,
    /// Its value with expressions in it.
    pub value: Variable,
    /// Whether it is given at all; an expression or a boolean.
    pub condition: Option<Json>,
}

/// A loop over a whole resource.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyLoop {
    /// The loop's name, which `copyIndex` and `dependsOn` use.
    pub name: String,
    /// How many instances; an integer or an expression.
    pub count: Json,
    /// Instances made at a time when the loop is serial; `None` makes all at once.
    pub batch_size: Option<usize>,
}

/// A declared resource. Strings may still be expressions.
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// Symbolic name; in a classic template its place, such as `resources[3]`.
    pub symbol: String,
    /// Where it stands in the template, for messages.
    pub place: String,
    /// The declared type, with the parents' types before it where it was nested.
    pub resource_type: String,
    /// The declared API version; empty where none is needed.
    pub api_version: String,
    /// The declared name, one item per enclosing resource, outermost first.
    pub names: Vec<String>,
    /// The resource that it extends, or another scope.
    pub scope: Option<String>,
    /// Another resource group, as existing resources may name.
    pub resource_group: Option<String>,
    /// Another subscription, as existing resources may name.
    pub subscription: Option<String>,
    /// Whether it is deployed at all; an expression or a boolean.
    pub condition: Option<Json>,
    /// Whether it is only referred to, never made.
    pub existing: bool,
    /// The entries of `dependsOn`.
    pub depends_on: Vec<String>,
    /// The loop over it.
    pub copy: Option<CopyLoop>,
    /// `metadata.area`, or empty.
    pub area: String,
    /// `metadata.description`, or empty.
    pub description: String,
    /// What is sent to the resource provider: location, tags, sku, properties and so on.
    pub body: Map<String, Json>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// `InvalidTemplate` with the place, when a section has the wrong form, an expression cannot be parsed, or
    /// something is used that this tool cannot carry out.
    pub fn from_json(json: Json) -> Result<Self> {
        let root = json
            .as_object()
            .ok_or_else(|| TemplateError::invalid("A template is a JSON object."))?;
        read::refuse_unsupported(root)?;
        let template = Self {
            parameters: read::parameters(root).map_err(|error| error.within("parameters"))?,
            variables: read::variables(root).map_err(|error| error.within("variables"))?,
            outputs: read::outputs(root).map_err(|error| error.within("outputs"))?,
            resources: read::resources(root)?,
            json: Json::Null,
        };
        for section in ["parameters", "variables", "resources", "outputs"] {
            if let Some(content) = root.get(section) {
                check::expressions(content).map_err(|error| error.within(section))?;
            }
        }
        Ok(Self { json, ..template })
    }

    /// The template as it was read.
    pub fn to_json(&self) -> &Json {
        &self.json
    }

    /// The declared parameters, in order.
    pub fn parameters(&self) -> &IndexMap<String, Parameter> {
        &self.parameters
    }

    /// Names of the parameters of secure type.
    pub fn secure_parameters(&self) -> impl Iterator<Item = &str> {
        self.parameters
            .iter()
            .filter(|(_, parameter)| parameter.kind.is_secure())
            .map(|(name, _)| name.as_str())
    }

    /// The declared variables, in order.
    pub fn variables(&self) -> &IndexMap<String, Variable> {
        &self.variables
    }

    /// The declared outputs, in order.
    pub fn outputs(&self) -> &IndexMap<String, Output> {
        &self.outputs
    }

    /// The declared resources, in order, nested ones after their parents.
    pub fn resources(&self) -> &[Declaration] {
        &self.resources
    }

    /// A parameter by its name, whatever its case, with the name as declared.
    pub fn parameter(&self, name: &str) -> Option<(&str, &Parameter)> {
        find(&self.parameters, name)
    }

    /// A variable by its name, whatever its case, with the name as declared.
    pub fn variable(&self, name: &str) -> Option<(&str, &Variable)> {
        find(&self.variables, name)
    }
}

fn find<'a, T>(entries: &'a IndexMap<String, T>, name: &str) -> Option<(&'a str, &'a T)> {
    entries
        .get_key_value(name)
        .or_else(|| entries.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)))
        .map(|(key, value)| (key.as_str(), value))
}

#[cfg(test)]
mod tests;
