//! The functions of the template language, one file per page of Azure's documentation.
//!
//! List: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions>. A function over
//! arguments that are not known yet stays symbolic. What is not here is refused by name, never ignored.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the functions of the tables share one signature, whether or not they can refuse"
)]

/// A refusal with a reason as `format!` takes it.
macro_rules! refuse {
    ($($reason:tt)+) => {
        $crate::template::function::invalid(format!($($reason)+))
    };
}

mod argument;
mod array;
mod cidr;
mod collection;
mod comparison;
mod date;
mod date_format;
mod deployment;
mod hash;
mod lambda;
mod logical;
mod numeric;
mod object;
mod resource;
mod scope;
mod string;
mod text_format;
mod uri;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::error::TemplateError;
use super::evaluate::Evaluator;
use super::expression::Expression;
use super::value::Value;
use argument::Call;

/// No upper limit to the number of arguments.
const MANY: usize = usize::MAX;

/// Why a function gives no value.
enum Refusal {
    /// It depends on what is not known yet: the call stays symbolic.
    Symbolic,
    /// The same, and this is what stays of the call.
    Late(Value),
    /// The arguments are wrong: the reason.
    Invalid(String),
    /// A fault below it, with its own place.
    Fault(TemplateError),
}

impl From<TemplateError> for Refusal {
    fn from(error: TemplateError) -> Self {
        Self::Fault(error)
    }
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self::Invalid(reason)
    }
}

impl From<&str> for Refusal {
    fn from(reason: &str) -> Self {
        Self::Invalid(reason.to_owned())
    }
}

type CallResult = Result<Value>;
type Result<T, E = Refusal> = std::result::Result<T, E>;
type Whole = fn(&Call<'_, '_>) -> CallResult;
type Unevaluated = fn(&Evaluator<'_>, &[Expression]) -> CallResult;

fn invalid<T>(reason: impl Into<String>) -> Result<T> {
    Err(Refusal::Invalid(reason.into()))
}

#[derive(Clone, Copy)]
enum Evaluation {
    /// Needs all arguments to be known in all their parts.
    Strict(Whole),
    /// Needs to know the outer form of its arguments only: unknown parts are carried along.
    Structural(Whole),
    /// Evaluates its arguments itself, not always all of them.
    Lazy(Unevaluated),
}

struct Function {
    name: &'static str,
    least: usize,
    most: usize,
    run: Evaluation,
}

const fn strict(name: &'static str, least: usize, most: usize, run: Whole) -> Function {
    Function { name, least, most, run: Evaluation::Strict(run) }
}

const fn structural(name: &'static str, least: usize, most: usize, run: Whole) -> Function {
    Function { name, least, most, run: Evaluation::Structural(run) }
}

const fn lazy(name: &'static str, least: usize, most: usize, run: Unevaluated) -> Function {
    Function { name, least, most, run: Evaluation::Lazy(run) }
}

/// Any action of a resource whose name starts with `list`.
static LIST: Function = structural("list*", 2, 3, resource::list);

static FUNCTIONS: LazyLock<HashMap<String, &'static Function>> = LazyLock::new(|| {
    [
        array::FUNCTIONS,
        cidr::FUNCTIONS,
        collection::FUNCTIONS,
        comparison::FUNCTIONS,
        date::FUNCTIONS,
        deployment::FUNCTIONS,
        hash::FUNCTIONS,
        lambda::FUNCTIONS,
        logical::FUNCTIONS,
        numeric::FUNCTIONS,
        object::FUNCTIONS,
        resource::FUNCTIONS,
        scope::FUNCTIONS,
        string::FUNCTIONS,
        uri::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
    .map(|function| (function.name.to_ascii_lowercase(), function))
    .collect()
});

/// Functions that exist in Azure but whose answer only Azure has, and why.
const REFUSED: &[(&str, &str)] = &[
    (
        "pickZones",
        "it needs Azure's list of zones; write the zones into the template or a parameter",
    ),
    ("providers", "Azure has deprecated it; write the API version into the template"),
    ("managementGroup", "deployments to management groups are out of this tool's scope"),
    ("deployer", "who deploys is known to Azure alone; pass the object id as a parameter"),
    ("getSecret", "a secret is passed as a secure parameter"),
    ("toLogicalZone", "Azure alone knows which zones a subscription sees"),
    ("toLogicalZones", "Azure alone knows which zones a subscription sees"),
    ("toPhysicalZone", "Azure alone knows which zones a subscription sees"),
    ("toPhysicalZones", "Azure alone knows which zones a subscription sees"),
    ("externalInput", "it belongs to parameter files"),
    ("fail", "it stops a deployment on purpose; use a condition or allowedValues instead"),
];

fn find(name: &str) -> Result<&'static Function, TemplateError> {
    let lower = name.to_ascii_lowercase();
    if let Some(function) = FUNCTIONS.get(&lower) {
        return Ok(function);
    }
    if let Some((name, reason)) =
        REFUSED.iter().find(|(refused, _)| refused.eq_ignore_ascii_case(name))
    {
        return Err(template_error!(
            "The template function '{name}' is not supported by this tool: {reason}."
        ));
    }
    if lower.starts_with("list") {
        return Ok(&LIST);
    }
    Err(template_error!(
        "The template function '{name}' is not valid: this tool does not know a function of that name."
    ))
}

/// Checks that a function can be evaluated here.
///
/// # Errors
/// `InvalidTemplate` naming the function, and for a function that Azure has, why it is refused.
pub(super) fn check(name: &str) -> Result<(), TemplateError> {
    if name.eq_ignore_ascii_case("lambda") {
        return Ok(());
    }
    find(name).map(drop)
}

/// Calls a function.
///
/// # Errors
/// `InvalidTemplate` naming the function when it is not known, or its arguments are wrong in number, type or value.
pub(super) fn call(
    evaluator: &Evaluator<'_>,
    name: &str,
    arguments: &[Expression],
) -> Result<Value, TemplateError> {
    let function = find(name)?;
    let count = arguments.len();
    if count < function.least || count > function.most {
        let wanted = match (function.least, function.most) {
            (least, most) if least == most => least.to_string(),
            (least, MANY) => format!("at least {least}"),
            (least, most) => format!("{least} to {most}"),
        };
        return Err(template_error!(
            "Unable to evaluate template language function '{name}': function requires {wanted} argument(s) while \
             {count} were provided."
        ));
    }
    let values = match function.run {
        Evaluation::Lazy(_) => Vec::new(),
        Evaluation::Strict(_) | Evaluation::Structural(_) => evaluate(evaluator, arguments)?,
    };
    let call = Call { evaluator, name, values };
    let is_open = |value: &Value| !matches!(value, Value::Unknown(_));
    let answer = match function.run {
        Evaluation::Lazy(run) => run(evaluator, arguments),
        Evaluation::Strict(run) if call.values.iter().all(Value::is_known) => run(&call),
        Evaluation::Structural(run) if call.values.iter().all(is_open) => run(&call),
        Evaluation::Strict(_) | Evaluation::Structural(_) => Err(Refusal::Symbolic),
    };
    match answer {
        Err(Refusal::Symbolic) => Ok(symbolic(name, &call.values)),
        Ok(value) | Err(Refusal::Late(value)) => Ok(value),
        Err(Refusal::Fault(error)) => Err(error),
        Err(Refusal::Invalid(reason)) => {
            Err(template_error!("Unable to evaluate template language function '{name}': {reason}"))
        }
    }
}

fn evaluate(
    evaluator: &Evaluator<'_>,
    arguments: &[Expression],
) -> Result<Vec<Value>, TemplateError> {
    arguments.iter().map(|argument| evaluator.expression(argument)).collect()
}

/// A call that waits for the run, as its text.
fn symbolic(name: &str, values: &[Value]) -> Value {
    let arguments: Vec<_> = values.iter().map(Value::expression).collect();
    Value::Unknown(format!("{name}({})", arguments.join(", ")))
}
