//! Values with a name: parameters, given or by default, and variables.
//!
//! Each is evaluated once, when it is first used, whatever loop or lambda asks for it. Secure values are asked of the
//! run each time and are kept only as far as messages must be cleaned of them.

use serde_json::{Map, Value as Json, json};

use super::super::document::Variable;
use super::super::error::Result;
use super::super::value::{Value, quoted};
use super::{EvaluationStage, Evaluator};

impl Evaluator<'_> {
    /// The given parameters as ARM shows them; secure ones without a value.
    pub(in super::super) fn given_parameters(&self) -> Map<String, Json> {
        self.given
            .iter()
            .map(|(name, value)| {
                let secure = self
                    .template
                    .parameter(name)
                    .is_none_or(|(_, parameter)| parameter.kind.is_secure());
                let shown = if secure { json!({}) } else { json!({ "value": value }) };
                (name.clone(), shown)
            })
            .collect()
    }

    /// The value of a parameter.
    pub(in super::super) fn parameter(&self, name: &str) -> Result<Value> {
        let Some((name, parameter)) = self.template.parameter(name) else {
            return Err(template_error!("The template parameter '{name}' is not found."));
        };
        if parameter.kind.is_secure() {
            // A secure value is asked for each time and kept nowhere.
            if let Some(value) = self.runtime.secure(name) {
                note_texts(&value, &mut self.secrets.borrow_mut());
                return Ok(Value::from(value));
            }
        } else if let Some(value) = given(self.given, name) {
            return Ok(Value::from(value));
        }
        match &parameter.default {
            Some(default) if !parameter.kind.is_secure() || given(self.given, name).is_none() => {
                self.settle("parameters", name, EvaluationStage::ParameterDefault, || {
                    self.json(default).map_err(|error| error.within("defaultValue"))
                })
            }
            _ if parameter.kind.is_secure() => {
                Ok(Value::Unknown(format!("parameters({})", quoted(name))))
            }
            None if parameter.nullable => Ok(Value::Null),
            _ => Err(template_error!(
                "The value for the template parameter '{name}' is not provided."
            )
            .rooted_at(&format!("parameters.{name}"))),
        }
    }

    /// The value of a variable.
    pub(in super::super) fn variable(&self, name: &str) -> Result<Value> {
        let Some((name, variable)) = self.template.variable(name) else {
            return Err(template_error!("The template variable '{name}' is not found."));
        };
        self.settle("variables", name, EvaluationStage::Variable, || match variable {
            Variable::Value(json) => self.json(json),
            Variable::Copy(copy) => self.copy(copy),
        })
    }

    /// Evaluates a named value once, apart from the loops and lambdas of the place that asked for it.
    fn settle(
        &self,
        section: &str,
        name: &str,
        stage: EvaluationStage,
        work: impl FnOnce() -> Result<Value>,
    ) -> Result<Value> {
        let place = format!("{section}.{name}");
        if let Some(value) = self.settled.borrow().get(&place) {
            return Ok(value.clone());
        }
        if self.under_way.borrow().contains(&place) {
            let chain = self.under_way.borrow().join("' -> '");
            return Err(template_error!(
                "The definition of '{place}' refers to itself: '{chain}' -> '{place}'."
            )
            .rooted_at(&place));
        }
        self.under_way.borrow_mut().push(place.clone());
        let before = self.stage.replace(stage);
        let loops = self.loops.take();
        let lambdas = self.lambdas.take();
        let value = work();
        self.stage.set(before);
        self.loops.replace(loops);
        self.lambdas.replace(lambdas);
        self.under_way.borrow_mut().pop();
        let value = value.map_err(|error| error.rooted_at(&place))?;
        self.settled.borrow_mut().insert(place, value.clone());
        Ok(value)
    }
}

fn note_texts(json: &Json, texts: &mut Vec<String>) {
    match json {
        Json::String(text) => texts.push(text.clone()),
        Json::Array(elements) => elements.iter().for_each(|json| note_texts(json, texts)),
        Json::Object(entries) => entries.values().for_each(|json| note_texts(json, texts)),
        _ => {}
    }
}

/// The value given for a parameter, whatever its case.
pub(in super::super) fn given<'a>(given: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    given.get(name).or_else(|| {
        given.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    })
}
