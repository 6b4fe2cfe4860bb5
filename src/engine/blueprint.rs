//! The template that an environment is made with: the embedded one, or an edited copy in a directory.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::Context;
use crate::domain::environment::Record;
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::Settings;
use crate::store::atomic_file;
use crate::template::Template;
use crate::template::export::{self, Adapted};
use crate::template::plan::{PlanScope, plan};

/// A template with the values that only it has.
#[derive(Debug, Default)]
pub struct Blueprint {
    /// `None` for the embedded template.
    adapted: Option<Adapted>,
    directory: Option<PathBuf>,
}

impl Blueprint {
    /// The template that is compiled into the program.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// An edited copy, in the form in which `export` writes it.
    ///
    /// # Errors
    /// When the directory holds no readable template.
    pub fn read(directory: &Path) -> Result<Self> {
        let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
        let text = |name: &str| -> Result<Option<String>> {
            let path = directory.join(name);
            let content = atomic_file::read(&path)?;
            content
                .map(String::from_utf8)
                .transpose()
                .map_err(|error| missing(&path).saying(error.to_string()))
        };
        let template = text(export::TEMPLATE_FILE)?
            .ok_or_else(|| missing(&directory.join(export::TEMPLATE_FILE)))?;
        let parameters = text(export::PARAMETERS_FILE)?;
        Ok(Self {
            adapted: Some(export::read(&template, parameters.as_deref())?),
            directory: Some(directory),
        })
    }

    /// A template as Azure keeps it; `None` when it cannot be read.
    pub(super) fn from_template(template: Value) -> Option<Self> {
        let template = Template::from_json(template).ok()?;
        Some(Self { adapted: Some(Adapted { template, parameters: Map::new() }), directory: None })
    }

    /// The template that a record names.
    ///
    /// # Errors
    /// As `read`, for an edited copy.
    pub fn of(record: &Record) -> Result<Self> {
        record.template.as_deref().map_or_else(|| Ok(Self::embedded()), Self::read)
    }

    /// The template.
    pub fn template(&self) -> &Template {
        self.adapted.as_ref().map_or_else(|| Template::embedded(), |adapted| &adapted.template)
    }

    /// The directory of an edited copy.
    pub fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// A hash by which two templates are told apart: the first 16 hexadecimal digits of SHA-256.
    pub fn hash(&self) -> String {
        hash(self.template().to_json())
    }

    /// What would be made in a group with these settings, by the account of the context.
    ///
    /// # Errors
    /// When settings and template do not fit together.
    pub fn plan(&self, context: &Context, settings: &Settings, group: &str) -> Result<Plan> {
        let further = self.adapted.as_ref();
        let scope = PlanScope {
            subscription_id: context.arm.subscription_id().to_owned(),
            subscription_name: context.subscription_name.clone(),
            tenant_id: context.tenant_id.clone(),
            caller: context.caller.clone(),
            deployment: "privateaml".into(),
            resource_group: Some(group.to_owned()),
            further_parameters: further
                .map(|adapted| adapted.parameters.clone())
                .unwrap_or_default(),
        };
        plan(settings, self.template(), &scope)
    }
}

fn hash(template: &Value) -> String {
    Sha256::digest(template.to_string())
        .iter()
        .take(8)
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn missing(path: &Path) -> Problem {
    Problem::new(
        "TemplateMissing",
        "There is no readable template in the directory.",
        "Give the directory that `privateaml export` wrote, with main.json in it.",
    )
    .at(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_the_same_template_until_it_is_edited() {
        let home = tempfile::tempdir().unwrap();
        let problem = Blueprint::read(home.path()).unwrap_err();
        assert_eq!(problem.code, "TemplateMissing");
        let mut copy = Template::embedded().to_json().clone();
        let write = |copy: &Value| {
            std::fs::write(home.path().join(export::TEMPLATE_FILE), copy.to_string()).unwrap();
            Blueprint::read(home.path()).unwrap().hash()
        };
        assert_eq!(write(&copy), Blueprint::embedded().hash());
        copy["metadata"] = serde_json::json!({"edited": true});
        assert_ne!(write(&copy), Blueprint::embedded().hash());
        assert_eq!(write(&copy).len(), 16);
    }
}
