//! Finding the leaves of a nested error.
//!
//! A path leads from the outermost error to a leaf. The leaf takes the deepest code on its path that the table knows,
//! because the innermost code is at times a mere `BadArgument`. This module must not word anything.

use serde_json::{Deserializer, Value, json};

use super::{advice, policy};

/// Deepest nesting followed: nested deployments and providers together stay well below it.
const DEEPEST: usize = 12;
/// Most leaves kept; a template of ours has about seventy resources.
const MOST: usize = 40;
/// Most places in a message at which JSON is looked for.
const MOST_BRACES: usize = 8;

/// Stands for a code that Azure does not tell.
pub(super) const UNKNOWN: &str = "Unknown";

/// Codes that only say that something inside failed.
const WRAPPERS: &[&str] = &[
    "InvalidTemplateDeployment",
    "DeploymentFailed",
    "ResourceDeploymentFailure",
    "ResourceOperationFailure",
    "DeploymentFailedCleanUp",
    "MultipleErrorsOccurred",
];

/// Codes whose words name a right that one has beside the one that is missing.
const LINKED: &[&str] = &["LinkedAuthorizationFailed", "LinkedAccessCheckFailed"];

/// One reason, without its wrapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) target: Option<String>,
    pub(super) policy: Option<String>,
}

impl Leaf {
    /// A leaf of which only code and words are known.
    pub(super) fn bare(code: &str, message: &str) -> Self {
        Self { code: code.into(), message: message.into(), target: None, policy: None }
    }

    fn read(error: &Value) -> Self {
        Self {
            code: text(error, &["code", "Code"]).unwrap_or_default(),
            message: text(error, &["message", "Message"]).unwrap_or_default(),
            target: text(error, &["target", "Target"]),
            policy: policy::of(error),
        }
    }

    fn is_empty(&self) -> bool {
        self.code.is_empty() && self.message.is_empty()
    }

    fn is_wrapper(&self) -> bool {
        WRAPPERS.iter().any(|wrapper| wrapper.eq_ignore_ascii_case(&self.code))
    }
}

/// The leaf of a refusal that has words and no code, in the shapes that gateways and older services use; its status
/// stands for the code.
pub(super) fn codeless(status: u16, body: &Value) -> Option<Leaf> {
    let words = |object: &Value| text(object, &["message", "Message", "detail", "title"]);
    let error = body.get("error").or_else(|| body.get("Error"));
    let message = error
        .and_then(|error| error.as_str().map(str::to_owned).or_else(|| words(error)))
        .or_else(|| words(body))?;
    Some(Leaf::bare(&status.to_string(), &message))
}

/// All leaves of whatever carries an error; none when it carries none.
pub(super) fn leaves(body: &Value) -> Vec<Leaf> {
    let mut found = Vec::new();
    if let Some(error) = error_of(body) {
        walk(error, &mut Vec::new(), &mut found);
    }
    found
}

/// The error object in the shapes that Azure's services use.
fn error_of(body: &Value) -> Option<&Value> {
    let nested = ["error", "Error", "odata.error"]
        .iter()
        .filter_map(|key| body.get(key))
        .find(|error| error.is_object());
    if nested.is_some() {
        return nested;
    }
    if let Some(error) = body.get("statusMessage").and_then(error_of) {
        return Some(error);
    }
    let bare =
        text(body, &["code", "Code"]).is_some() && text(body, &["message", "Message"]).is_some();
    bare.then_some(body)
}

fn walk(error: &Value, path: &mut Vec<Leaf>, found: &mut Vec<Leaf>) {
    let level = Leaf::read(error);
    let children = children(error, &level.message);
    path.push(level);
    if children.is_empty() || path.len() >= DEEPEST {
        if found.len() < MOST
            && let Some(leaf) = choose(path)
        {
            found.push(leaf);
        }
    } else {
        for child in &children {
            walk(child, path, found);
        }
    }
    path.pop();
}

/// The errors inside an error, in the order in which they tell most: `details`, then the inner error, then JSON text in
/// the message.
fn children(error: &Value, message: &str) -> Vec<Value> {
    let listed: Vec<Value> = ["details", "Details"]
        .iter()
        .filter_map(|key| error.get(key)?.as_array())
        .flatten()
        .map(|detail| error_of(detail).unwrap_or(detail))
        .filter(|detail| detail.is_object() && !Leaf::read(detail).is_empty())
        .cloned()
        .collect();
    if !listed.is_empty() {
        return listed;
    }
    let inner = ["innererror", "innerError", "InnerError"]
        .iter()
        .filter_map(|key| error.get(key))
        .find(|inner| inner.is_object() && !Leaf::read(inner).is_empty());
    if let Some(inner) = inner {
        return vec![inner.clone()];
    }
    let code = text(error, &["code", "Code"]).unwrap_or_default();
    let refused = refusals(message);
    // One that says by its code already what it is keeps its words whole.
    let is_told = code == "AuthorizationFailed" && refused.len() == 1
        || LINKED.iter().any(|linked| linked.eq_ignore_ascii_case(&code));
    if !refused.is_empty() && !is_told {
        return refused;
    }
    within(message).into_iter().collect()
}

/// The refusals for want of a right that stand in a message alone, under a code that only says that the template was
/// not accepted: one for each action and scope (microsoft/finops-toolkit#1700).
fn refusals(message: &str) -> Vec<Value> {
    const ACTION: &str = " to perform action '";
    const SCOPE: &str = " scope '";
    let found = message.match_indices(ACTION).take(MOST);
    found
        .filter_map(|(at, _)| {
            let (before, rest) = message.split_at_checked(at)?;
            let start = before.rfind("The client '").unwrap_or(at);
            let own = rest.get(ACTION.len()..)?;
            let own = own.split(ACTION).next()?;
            let from = own.find(SCOPE)? + SCOPE.len();
            let length = own.get(from..)?.find('\'')?;
            let end = at + ACTION.len() + from + length + 1;
            Some(json!({
                "code": "AuthorizationFailed",
                "message": message.get(start..end)?,
                "target": own.get(from..from + length)?,
            }))
        })
        .collect()
}

/// The error that stands as JSON text in a message, with or without words around it.
fn within(message: &str) -> Option<Value> {
    objects(message).find_map(|parsed| error_of(&parsed).cloned())
}

/// The objects that stand as JSON text in a message.
fn objects(message: &str) -> impl Iterator<Item = Value> {
    message.match_indices('{').take(MOST_BRACES).filter_map(|(start, _)| {
        let rest = message.get(start..)?;
        Deserializer::from_str(rest).into_iter::<Value>().next()?.ok()
    })
}

/// The words of an object without a code that stands as JSON text in a message.
pub(super) fn sentence_within(message: &str) -> Option<String> {
    objects(message).find_map(|object| codeless(0, &object)).map(|leaf| leaf.message)
}

/// One leaf for a path: the deepest known code, with the deepest words, target and policy at or above it.
fn choose(path: &[Leaf]) -> Option<Leaf> {
    let telling: Vec<&Leaf> = path
        .iter()
        .enumerate()
        .filter(|(depth, level)| {
            !level.is_empty() && (*depth + 1 == path.len() || !level.is_wrapper())
        })
        .map(|(_, level)| level)
        .collect();
    let last = telling.last()?;
    let words = telling
        .iter()
        .rev()
        .map(|level| level.message.as_str())
        .find(|message| !message.is_empty())
        .unwrap_or_default();
    let with_words = |level: &Leaf| Leaf {
        message: if level.message.is_empty() { words.to_owned() } else { level.message.clone() },
        ..level.clone()
    };
    let mut leaf = telling
        .iter()
        .rev()
        .map(|level| with_words(level))
        .find(advice::knows)
        .unwrap_or_else(|| with_words(last));
    if leaf.code.is_empty() {
        leaf.code = path
            .iter()
            .rev()
            .map(|level| level.code.clone())
            .find(|code| !code.is_empty())
            .unwrap_or_else(|| UNKNOWN.into());
    }
    let deepest = |part: fn(&Leaf) -> Option<&String>| path.iter().rev().find_map(part).cloned();
    leaf.target = leaf.target.or_else(|| deepest(|level| level.target.as_ref()));
    leaf.policy = leaf.policy.or_else(|| deepest(|level| level.policy.as_ref()));
    Some(leaf)
}

/// A text member, also where a service puts it into `{"value": …}`.
pub(super) fn text(object: &Value, keys: &[&str]) -> Option<String> {
    keys.iter()
        .filter_map(|key| object.get(key))
        .find_map(|value| value.as_str().or_else(|| value.get("value")?.as_str()))
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}
