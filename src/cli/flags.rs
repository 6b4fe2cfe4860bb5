//! The flags of the choices, made from the table of fields: what each takes, and the help that describes it.
//!
//! Clap checks the words of fields that have a few; what else is right is the domain's to say.

use std::path::PathBuf;

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
    parser::ValueSource,
    value_parser,
};
use serde::de::DeserializeOwned;

use crate::domain::settings::fields::{AnswerKind, FieldRow, ROWS};
use crate::domain::settings::{Choice, Field};

/// What a person chooses about an environment.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// The words behind each flag that was given.
    pub given: Vec<(Field, Vec<String>)>,
    /// A plan file with further choices.
    pub plan: Option<PathBuf>,
}

impl Choices {
    /// The choices that single words make.
    pub fn of(words: &[(Field, &str)]) -> Self {
        let given = words.iter().map(|(field, word)| (*field, vec![(*word).to_owned()])).collect();
        Self { given, plan: None }
    }

    /// The first word behind a flag.
    pub fn word(&self, field: Field) -> Option<&str> {
        let (_, words) = self.given.iter().find(|(given, _)| *given == field)?;
        words.first().map(String::as_str)
    }
}

impl FromArgMatches for Choices {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let given = flags()
            .filter(|row| matches.value_source(row.key) == Some(ValueSource::CommandLine))
            .map(|row| {
                let words = matches.get_raw(row.key).into_iter().flatten();
                (row.field, words.map(|word| word.to_string_lossy().into_owned()).collect())
            })
            .collect();
        Ok(Self { given, plan: matches.get_one("plan").cloned() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Choices {
    fn augment_args(command: Command) -> Command {
        let plan = Arg::new("plan")
            .long("plan")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("Read the choices from a plan file; flags go before it");
        command.next_help_heading("The environment").args(flags().map(argument)).arg(plan)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// The fields with a flag; `--cloud` is one that every command takes.
fn flags() -> impl Iterator<Item = &'static FieldRow> {
    ROWS.iter().filter(|row| !row.flag.is_empty() && row.field != Field::Cloud)
}

fn argument(row: &'static FieldRow) -> Arg {
    let name = row.flag.trim_start_matches('-');
    let flag = Arg::new(row.key).long(name).value_name(row.placeholder).help(row.help);
    match row.kind {
        AnswerKind::Switch(_) => {
            Arg::new(row.key).long(name).help(row.help).action(ArgAction::SetTrue)
        }
        AnswerKind::OneOf(choices) => flag.value_parser(words(choices)),
        AnswerKind::Number => flag.value_parser(value_parser!(u16)),
        AnswerKind::Packages => flag.num_args(0..=1).default_missing_value("ask"),
        AnswerKind::Many | AnswerKind::Hosts | AnswerKind::Tags => flag.action(ArgAction::Append),
        AnswerKind::Text | AnswerKind::Listed | AnswerKind::Button => flag,
    }
}

fn words(choices: &'static [Choice]) -> PossibleValuesParser {
    let value = |choice: &Choice| PossibleValue::new(choice.id).help(choice.help);
    choices.iter().map(value).collect::<Vec<_>>().into()
}

/// Reads a word of a field that has a few.
pub fn one_of<T>(field: Field) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    let choices: &[Choice] = match field.row().kind {
        AnswerKind::OneOf(choices) => choices,
        _ => &[],
    };
    words(choices).try_map(|word| serde_json::from_value::<T>(serde_json::Value::String(word)))
}
