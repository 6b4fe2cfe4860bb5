//! A fault of a template or of its parameters, in ARM's codes.
//!
//! It names the function and the place in the template, as ARM does. It must not carry parameter values of secure type.

use std::fmt;

use crate::domain::problem::{Problem, Retry};

/// A [`TemplateError`] of a template that can never be deployed as it stands, with a message as `format!` takes it.
macro_rules! template_error {
    ($($message:tt)+) => {
        $crate::template::error::TemplateError::invalid(format!($($message)+))
    };
}

/// A fault in a template, found before or while it is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// ARM's error code: `InvalidTemplate` for what can be seen from the template alone, `InvalidTemplateDeployment`
    /// for what can be seen only when it is deployed.
    pub code: &'static str,
    /// What is wrong, naming the function or the parameter.
    pub message: String,
    /// JSON path of the place, such as `resources.vnet.properties.addressSpace`. Empty when it concerns the whole
    /// template.
    pub place: String,
    /// The place is complete: callers further out must not put more before it.
    rooted: bool,
}

impl TemplateError {
    /// A template that can never be deployed as it stands.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::of("InvalidTemplate", message.into())
    }

    /// A template that cannot be deployed with these parameters or in this state of its resources.
    pub fn deployment(message: impl Into<String>) -> Self {
        Self::of("InvalidTemplateDeployment", message.into())
    }

    fn of(code: &'static str, message: String) -> Self {
        Self { code, message, place: String::new(), rooted: false }
    }

    /// Puts a property's name before the place, so that the path grows from the leaf to the root.
    pub fn within(mut self, segment: &str) -> Self {
        if self.rooted {
            return self;
        }
        self.place = match self.place.chars().next() {
            None => segment.to_owned(),
            Some('[') => format!("{segment}{}", self.place),
            Some(_) => format!("{segment}.{}", self.place),
        };
        self
    }

    /// Puts a section and a name before the place and ends it there: a fault in a variable stands where the variable is
    /// defined, not where it is used.
    pub(super) fn rooted_at(self, place: &str) -> Self {
        let mut error = self.within(place);
        error.rooted = true;
        error
    }

    /// Takes secret texts out of the message.
    pub(super) fn without(mut self, secrets: &[String]) -> Self {
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            self.message = self.message.replace(secret.as_str(), "(hidden)");
        }
        self
    }

    /// Puts an array index before the place.
    pub fn within_element(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }
}

/// What a template gives, unless it is at fault.
pub type Result<T, E = TemplateError> = std::result::Result<T, E>;

impl fmt::Display for TemplateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)?;
        if !self.place.is_empty() {
            write!(formatter, " (at {})", self.place)?;
        }
        Ok(())
    }
}

impl std::error::Error for TemplateError {}

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        let advice = "Correct the template or the parameter at the place named, then try again.";
        let problem = Self::new(error.code, error.message, advice).retry(Retry::AfterChange);
        if error.place.is_empty() { problem } else { problem.at(error.place) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_grows_from_leaf_to_root() {
        let error = TemplateError::invalid("wrong")
            .within_element(2)
            .within("subnets")
            .within("properties");
        assert_eq!(error.place, "properties.subnets[2]");
        assert_eq!(error.to_string(), "InvalidTemplate: wrong (at properties.subnets[2])");
        let problem = Problem::from(error);
        assert_eq!(problem.place.as_deref(), Some("properties.subnets[2]"));
        assert!(!problem.advice.is_empty());
    }
}
