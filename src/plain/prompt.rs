//! Questions: with `inquire` in an ordinary terminal, as append-only lines for screen readers and dumb terminals, and
//! not at all where nobody can answer.
//!
//! A question without an answer is an error that names the flag. This module must not know what the answers mean.

use std::{
    borrow::Cow,
    io::{BufRead as _, IsTerminal as _, Write as _},
};

use inquire::{
    Confirm, InquireError, Password, PasswordDisplayMode, Select, Text,
    ui::RenderConfig,
    validator::{ErrorMessage, Validation},
};

use crate::domain::foreign;
use crate::domain::problem::Problem;
use crate::domain::secret::Secret;

/// One question.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The question itself, with its question mark or colon.
    pub prompt: &'a str,
    /// One line of help.
    pub help: &'a str,
    /// The flag that answers it, such as `--region`.
    pub flag: &'a str,
}

impl Question<'_> {
    /// Prompt and help, safe to show: both can name what Azure has.
    fn safe(&self) -> (Cow<'_, str>, Cow<'_, str>) {
        (foreign::line(self.prompt), foreign::line(self.help))
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// Nobody can be asked here.
    #[error("needs an answer")]
    Nobody(Box<Problem>),
    /// The person pressed Esc or Ctrl-C, or closed the input.
    #[error("cancelled")]
    Cancelled,
}

/// How questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompter {
    /// `inquire`: lists that filter as one types, checks at each key.
    Rich { color: bool },
    /// Numbered lists and whole lines, nothing is ever redrawn.
    Lines,
    /// There is no terminal: every question is an error that names its flag.
    Nobody,
}

impl Prompter {
    /// Chooses by what standard input and standard error are.
    pub fn detect(plain: bool, json: bool, no_color: bool) -> Self {
        if json || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Self::Nobody;
        }
        let dumb = std::env::var_os("TERM").is_none_or(|value| value == "dumb" || value.is_empty());
        if plain || dumb {
            return Self::Lines;
        }
        let color = !no_color && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self::Rich { color }
    }

    /// Asks for a text that `check` accepts; `check` answers what is wrong and what would be right.
    ///
    /// # Errors
    /// When nobody can be asked or the person gives up.
    pub fn text(
        self,
        question: Question<'_>,
        default: Option<&str>,
        check: impl Fn(&str) -> Result<(), String> + Clone + 'static,
    ) -> Result<String, NoAnswer> {
        match self {
            Self::Rich { color } => {
                let (prompt, help) = question.safe();
                let mut prompt = Text::new(&prompt)
                    .with_help_message(&help)
                    .with_render_config(render(color))
                    .with_validator(move |text: &str| {
                        Ok(match check(text.trim()) {
                            Ok(()) => Validation::Valid,
                            Err(why) => {
                                let why = foreign::line(&why).into_owned();
                                Validation::Invalid(ErrorMessage::Custom(why))
                            }
                        })
                    });
                // What cannot be shown as it is cannot be agreed to by Enter.
                if let Some(default) = default.filter(|text| !text.contains(foreign::is_obeyed)) {
                    prompt = prompt.with_default(default);
                }
                prompt.prompt().map(|text| text.trim().to_owned()).map_err(no_answer)
            }
            Self::Lines => {
                ask_lines(question, default, |text| check(text).map(|()| text.to_owned()))
            }
            Self::Nobody => Err(NoAnswer::Nobody(Box::new(unanswered(question)))),
        }
    }

    /// Asks for one of several; the list filters as the person types. Answers the index.
    ///
    /// # Errors
    /// When nobody can be asked or the person gives up.
    pub fn choose(
        self,
        question: Question<'_>,
        options: &[String],
        start: usize,
    ) -> Result<usize, NoAnswer> {
        let (prompt, help) = question.safe();
        let safe = |option: &String| foreign::line(option).into_owned();
        match self {
            Self::Rich { color } => Select::new(&prompt, options.iter().map(safe).collect())
                .with_help_message(&help)
                .with_starting_cursor(start.min(options.len().saturating_sub(1)))
                .with_page_size(10)
                .with_render_config(render(color))
                .raw_prompt()
                .map(|chosen| chosen.index)
                .map_err(no_answer),
            Self::Lines => {
                for (index, option) in options.iter().enumerate() {
                    let _ = writeln!(std::io::stderr(), "{:>3}  {}", index + 1, safe(option));
                }
                let default = (start + 1).to_string();
                ask_lines(question, Some(&default), |text| pick(text, options))
            }
            Self::Nobody => Err(NoAnswer::Nobody(Box::new(unanswered(question)))),
        }
    }

    /// Asks yes or no; Enter alone means no.
    ///
    /// # Errors
    /// When nobody can be asked or the person gives up.
    pub fn confirm(self, question: Question<'_>) -> Result<bool, NoAnswer> {
        let (prompt, help) = question.safe();
        match self {
            Self::Rich { color } => Confirm::new(&prompt)
                .with_default(false)
                .with_help_message(&help)
                .with_render_config(render(color))
                .prompt()
                .map_err(no_answer),
            Self::Lines => {
                ask_lines(question, Some("no"), |text| match text.to_lowercase().as_str() {
                    "y" | "yes" => Ok(true),
                    "n" | "no" => Ok(false),
                    _ => Err("Answer yes or no.".to_owned()),
                })
            }
            Self::Nobody => Err(NoAnswer::Nobody(Box::new(unanswered(question)))),
        }
    }

    /// Asks for a secret without showing it; `twice` asks again to rule out a slip.
    ///
    /// # Errors
    /// When nobody can be asked, the terminal cannot hide it, or the person gives up.
    pub fn secret(self, question: Question<'_>, twice: bool) -> Result<Secret, NoAnswer> {
        if self == Self::Nobody {
            return Err(NoAnswer::Nobody(Box::new(unanswered(question))));
        }
        let color = matches!(self, Self::Rich { color: true });
        let (prompt, help) = question.safe();
        let mut prompt = Password::new(&prompt)
            .with_help_message(&help)
            .with_display_mode(PasswordDisplayMode::Hidden)
            .with_render_config(render(color));
        if !twice {
            prompt = prompt.without_confirmation();
        }
        prompt.prompt().map(Secret::new).map_err(no_answer)
    }
}

fn render(color: bool) -> RenderConfig<'static> {
    if color { RenderConfig::default_colored() } else { RenderConfig::empty() }
}

fn no_answer(error: InquireError) -> NoAnswer {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => NoAnswer::Cancelled,
        other => NoAnswer::Nobody(Box::new(Problem::new(
            "NoTerminal",
            format!("The question could not be asked: {other}."),
            "Run it in a terminal, or give every answer as a flag (see --help).",
        ))),
    }
}

fn unanswered(question: Question<'_>) -> Problem {
    let asked = question.prompt.trim_end_matches([':', '?', ' ']);
    Problem::new(
        "NeedsAnswer",
        format!("There is no terminal to ask in, and this is not known: {asked}."),
        format!("Answer it with {}.", question.flag),
    )
    .at(question.flag)
}

fn ask_lines<T>(
    question: Question<'_>,
    default: Option<&str>,
    check: impl Fn(&str) -> Result<T, String>,
) -> Result<T, NoAnswer> {
    let mut input = std::io::stdin().lock();
    loop {
        let shown = default.map(|text| format!(" [{text}]")).unwrap_or_default();
        let asked = format!("{}{shown}  ({})", question.prompt, question.help);
        let _ = writeln!(std::io::stderr(), "{}", foreign::line(&asked));
        let mut line = String::new();
        match input.read_line(&mut line) {
            Ok(0) | Err(_) => return Err(NoAnswer::Cancelled),
            Ok(_) => {}
        }
        let text = match (line.trim(), default) {
            ("", Some(default)) => default,
            (text, _) => text,
        };
        match check(text) {
            Ok(value) => return Ok(value),
            Err(why) => {
                let _ = writeln!(std::io::stderr(), "{}", foreign::line(&why));
            }
        }
    }
}

/// One of `options` by its number or by a part of its text that only it has.
fn pick(text: &str, options: &[String]) -> Result<usize, String> {
    if let Ok(number) = text.parse::<usize>() {
        return match number.checked_sub(1) {
            Some(index) if index < options.len() => Ok(index),
            _ => Err(format!("Answer with a number from 1 to {}.", options.len())),
        };
    }
    let wanted = text.to_lowercase();
    let matching: Vec<usize> = options
        .iter()
        .enumerate()
        .filter(|(_, option)| option.to_lowercase().contains(&wanted))
        .map(|(index, _)| index)
        .collect();
    match matching.as_slice() {
        [only] => Ok(*only),
        [] => Err(format!("Nothing in the list contains \"{text}\".")),
        several => {
            Err(format!("\"{text}\" fits {} of them; type more of it, or a number.", several.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Vec<String> {
        ["West Europe (westeurope)", "West US (westus)", "North Europe (northeurope)"]
            .map(String::from)
            .to_vec()
    }

    #[test]
    fn a_choice_is_taken_by_number_or_by_a_telling_part() {
        assert_eq!(pick("2", &options()), Ok(1));
        assert_eq!(pick("northeu", &options()), Ok(2));
        assert!(pick("west", &options()).is_err_and(|why| why.contains("fits 2")));
        assert!(pick("9", &options()).is_err_and(|why| why.contains("1 to 3")));
        assert!(pick("mars", &options()).is_err());
    }

    #[test]
    fn where_nobody_can_answer_the_flag_is_named() {
        let question = Question { prompt: "Region:", help: "", flag: "--region" };
        match Prompter::Nobody.text(question, None, |_| Ok(())) {
            Err(NoAnswer::Nobody(problem)) => assert!(problem.advice.contains("--region")),
            other => panic!("{other:?}"),
        }
    }
}
