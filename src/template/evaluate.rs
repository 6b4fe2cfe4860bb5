//! Evaluates expressions and JSON with expressions in it.
//!
//! It knows the template, the scope, the parameters and what the run can tell; the functions are in `function`. It
//! reads only: everything late comes from the [`Runtime`], and what that does not know stays symbolic.

mod named;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::access::{element, property};
use super::document::{CopyInput, Template};
use super::error::{Result, TemplateError};
use super::expression::{Expression, TemplateText, parse_text};
use super::function;
use super::resolve::ResolvedResource;
use super::scope::{Runtime, Scope};
use super::value::Value;

pub(super) use named::given;

/// The most instances that one loop may make
/// (<https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-resources#iteration-limits>).
const MOST_INSTANCES: i64 = 800;
/// Nesting of expressions, through variables and defaults, that no readable template reaches; it bounds the stack.
const DEEPEST: usize = 200;

/// The part of the template that is being evaluated; some functions are allowed in some parts only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EvaluationStage {
    /// The default value of a parameter: the only place for `newGuid` and `utcNow`.
    ParameterDefault,
    /// A variable.
    Variable,
    /// What must be known before the deployment starts: names, conditions, counts, dependencies.
    Structure,
    /// A resource's body or an output: may refer to the run.
    Body,
}

/// One loop that is being walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loop {
    pub(super) name: String,
    pub(super) index: i64,
}

/// One evaluation with its fixed inputs.
pub(super) struct Evaluator<'a> {
    pub(super) template: &'a Template,
    pub(super) scope: &'a Scope,
    pub(super) runtime: &'a dyn Runtime,
    /// The resources by symbol, name and id; empty until all names are known.
    pub(super) resources: &'a [ResolvedResource],
    given: &'a Map<String, Json>,
    stage: Cell<EvaluationStage>,
    loops: RefCell<Vec<Loop>>,
    lambdas: RefCell<Vec<(String, Value)>>,
    settled: RefCell<IndexMap<String, Value>>,
    under_way: RefCell<Vec<String>>,
    references: RefCell<BTreeSet<usize>>,
    /// Texts of the secure values handed out, to keep them out of messages.
    secrets: RefCell<Vec<String>>,
    depth: Cell<usize>,
}

impl<'a> Evaluator<'a> {
    /// An evaluation of `template` with the given parameter values, which are data and hold no expressions.
    pub(super) fn new(
        template: &'a Template,
        scope: &'a Scope,
        given: &'a Map<String, Json>,
        resources: &'a [ResolvedResource],
        runtime: &'a dyn Runtime,
    ) -> Self {
        Self {
            template,
            scope,
            runtime,
            resources,
            given,
            stage: Cell::new(EvaluationStage::Structure),
            loops: RefCell::default(),
            lambdas: RefCell::default(),
            settled: RefCell::default(),
            under_way: RefCell::default(),
            references: RefCell::default(),
            secrets: RefCell::default(),
            depth: Cell::new(0),
        }
    }

    /// Says which part of the template is evaluated from now on.
    pub(super) fn enter(&self, stage: EvaluationStage) {
        self.stage.set(stage);
    }

    /// The part of the template that is being evaluated.
    pub(super) fn stage(&self) -> EvaluationStage {
        self.stage.get()
    }

    /// Evaluates inside one round of a loop.
    pub(super) fn in_loop<T>(&self, looped: Option<Loop>, work: impl FnOnce() -> T) -> T {
        let Some(looped) = looped else { return work() };
        self.loops.borrow_mut().push(looped);
        let result = work();
        self.loops.borrow_mut().pop();
        result
    }

    /// The index of a loop by name; without a name that of the outermost, which is the resource's own where it has one.
    pub(super) fn loop_index(&self, name: Option<&str>) -> Option<i64> {
        let loops = self.loops.borrow();
        match name {
            None => loops.first().map(|looped| looped.index),
            Some(name) => loops
                .iter()
                .rev()
                .find(|looped| looped.name.eq_ignore_ascii_case(name))
                .map(|looped| looped.index),
        }
    }

    /// Evaluates with variables of a lambda bound.
    pub(super) fn with_lambda<T>(
        &self,
        bound: impl IntoIterator<Item = (String, Value)>,
        work: impl FnOnce() -> T,
    ) -> T {
        let before = self.lambdas.borrow().len();
        self.lambdas.borrow_mut().extend(bound);
        let result = work();
        self.lambdas.borrow_mut().truncate(before);
        result
    }

    /// The value of a lambda's variable.
    pub(super) fn lambda_variable(&self, name: &str) -> Option<Value> {
        self.lambdas
            .borrow()
            .iter()
            .rev()
            .find(|(bound, _)| bound.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone())
    }

    /// Notes that the value depends on a resource of the template, by its index among the targets.
    pub(super) fn note_reference(&self, target: usize) {
        self.references.borrow_mut().insert(target);
    }

    /// The fault without the secure values that were handed out.
    pub(super) fn redact(&self, error: TemplateError) -> TemplateError {
        error.without(&self.secrets.borrow())
    }

    /// The resources noted since the last call.
    pub(super) fn take_references(&self) -> BTreeSet<usize> {
        self.references.take()
    }

    /// Evaluates JSON: each string that is an expression, keys included, and each property loop.
    pub(super) fn json(&self, json: &Json) -> Result<Value> {
        match json {
            Json::String(text) => self.text(text),
            Json::Array(elements) => elements
                .iter()
                .enumerate()
                .map(|(index, element)| {
                    self.json(element).map_err(|error| error.within_element(index))
                })
                .collect::<Result<_, _>>()
                .map(Value::Array),
            Json::Object(entries) => self.object(entries).map(Value::Object),
            other => Ok(Value::from(other)),
        }
    }

    fn object(&self, entries: &Map<String, Json>) -> Result<IndexMap<String, Value>> {
        let mut object = IndexMap::with_capacity(entries.len());
        for (key, json) in entries {
            if let Some(loops) = property_loops(key, json) {
                for copy in loops {
                    let elements = self.copy(&copy).map_err(|error| error.within("copy"))?;
                    object.insert(copy.name, elements);
                }
                continue;
            }
            let evaluated = self.text(key).map_err(|error| error.within(key))?;
            let name = match evaluated {
                Value::String(name) => name,
                Value::Unknown(text) => format!("[{text}]"),
                other => {
                    return Err(template_error!(
                        "The property name '{key}' must give a string, not '{}'.",
                        other.kind()
                    )
                    .within(key));
                }
            };
            let value = self.json(json).map_err(|error| error.within(key))?;
            object.insert(name, value);
        }
        Ok(object)
    }

    /// Evaluates a loop over a value into an array.
    pub(super) fn copy(&self, copy: &CopyInput) -> Result<Value> {
        let count = self.count(&copy.count).map_err(|error| error.within("count"))?;
        (0..count)
            .map(|index| {
                let looped = Loop { name: copy.name.clone(), index };
                self.in_loop(Some(looped), || self.json(&copy.input))
                    .map_err(|error| error.within("input"))
            })
            .collect::<Result<_, _>>()
            .map(Value::Array)
    }

    /// The number of rounds of a loop, which must be known before the deployment starts.
    pub(super) fn count(&self, json: &Json) -> Result<i64> {
        let count = match self.json(json)? {
            Value::Number(number) => number.as_i64(),
            Value::Unknown(text) => {
                return Err(template_error!(
                    "The count of a loop must be known before the deployment starts; it depends on '[{text}]'."
                ));
            }
            _ => None,
        };
        count.filter(|count| (0..=MOST_INSTANCES).contains(count)).ok_or_else(|| {
            template_error!("The count of a loop must be an integer from 0 to {MOST_INSTANCES}.")
        })
    }

    /// Evaluates one string of a template.
    pub(super) fn text(&self, text: &str) -> Result<Value> {
        match parse_text(text)? {
            TemplateText::Literal(text) => Ok(Value::String(text)),
            TemplateText::Expression(expression) => self.expression(&expression),
        }
    }

    /// Evaluates a parsed expression.
    pub(super) fn expression(&self, expression: &Expression) -> Result<Value> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return Err(template_error!(
                "The expression, with the variables it uses, is nested more than {DEEPEST} levels deep."
            ));
        }
        self.depth.set(depth + 1);
        let value = self.node(expression);
        self.depth.set(depth);
        value
    }

    fn node(&self, expression: &Expression) -> Result<Value> {
        match expression {
            Expression::String(text) => Ok(Value::String(text.clone())),
            Expression::Integer(number) => Ok(Value::integer(*number)),
            Expression::Call { name, arguments } => function::call(self, name, arguments),
            Expression::Property { target, name, safe } => {
                let value = self.expression(target)?;
                property(&value, name, *safe)
            }
            Expression::Index { target, index, safe } => {
                let value = self.expression(target)?;
                element(&value, &self.expression(index)?, *safe)
            }
        }
    }
}

/// The property loops under a key `copy`; any other value under such a key is plain data.
fn property_loops(key: &str, json: &Json) -> Option<Vec<CopyInput>> {
    let elements = json.as_array().filter(|_| key == "copy")?;
    if elements.is_empty() {
        return None;
    }
    elements.iter().map(CopyInput::from_json).collect()
}
