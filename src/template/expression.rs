//! The expression language of ARM templates: from text to a tree.
//!
//! Syntax: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions>. This module
//! must not evaluate: it knows no function by name.

use std::fmt;
use std::iter::Peekable;
use std::str::CharIndices;

use super::error::{Result, TemplateError};

/// The longest expression that ARM accepts, in characters
/// (<https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices>).
const LONGEST: usize = 24_576;
/// Nesting that no readable template reaches; it bounds the stack.
const DEEPEST: usize = 96;

/// A parsed expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// A string literal, its doubled quotes made single.
    String(String),
    /// An integer literal.
    Integer(i64),
    /// A function call. Function names are case-insensitive.
    Call { name: String, arguments: Vec<Expression> },
    /// `target.name`, or with `safe` `target.?name`.
    Property {
        /// What the property belongs to.
        target: Box<Expression>,
        /// The property's name.
        name: String,
        /// Gives null where the property is missing.
        safe: bool,
    },
    /// `target[index]`, or with `safe` `target[?index]`.
    Index {
        /// What is indexed.
        target: Box<Expression>,
        /// An integer for an array, a string for an object.
        index: Box<Expression>,
        /// Gives null where the element is missing.
        safe: bool,
    },
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = |safe: bool| if safe { "?" } else { "" };
        match self {
            Self::String(text) => write!(formatter, "'{}'", text.replace('\'', "''")),
            Self::Integer(number) => write!(formatter, "{number}"),
            Self::Call { name, arguments } => {
                let list: Vec<_> = arguments.iter().map(Self::to_string).collect();
                write!(formatter, "{name}({})", list.join(", "))
            }
            Self::Property { target, name, safe } => {
                write!(formatter, "{target}.{}{name}", mark(*safe))
            }
            Self::Index { target, index, safe } => {
                write!(formatter, "{target}[{}{index}]", mark(*safe))
            }
        }
    }
}

/// What a JSON string of a template stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateText {
    /// The text itself; a leading `[[` has become `[`.
    Literal(String),
    /// An expression between brackets.
    Expression(Expression),
}

/// Reads one JSON string of a template.
///
/// # Errors
/// `InvalidTemplate` when the string is in brackets and what they hold is no expression.
pub fn parse_text(text: &str) -> Result<TemplateText> {
    match text.strip_prefix('[') {
        Some(rest) if rest.starts_with('[') => Ok(TemplateText::Literal(rest.to_owned())),
        Some(rest) => match rest.strip_suffix(']') {
            Some(inside) => parse(inside).map(TemplateText::Expression),
            None => Ok(TemplateText::Literal(text.to_owned())),
        },
        None => Ok(TemplateText::Literal(text.to_owned())),
    }
}

/// Parses an expression without its brackets.
///
/// # Errors
/// `InvalidTemplate` naming the position, 0-based in characters, and what was expected there.
pub fn parse(text: &str) -> Result<Expression> {
    if text.chars().count() > LONGEST {
        return Err(template_error!("The expression is longer than {LONGEST} characters."));
    }
    let mut parser = Parser { text, characters: text.char_indices().peekable(), depth: 0 };
    let expression = parser.expression()?;
    parser.space();
    match parser.characters.peek() {
        None => Ok(expression),
        Some(_) => Err(parser.fault("the end of the expression")),
    }
}

struct Parser<'a> {
    text: &'a str,
    characters: Peekable<CharIndices<'a>>,
    depth: usize,
}

impl Parser<'_> {
    fn expression(&mut self) -> Result<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(template_error!(
                "The expression is nested more than {DEEPEST} levels deep."
            ));
        }
        self.space();
        let mut expression = match self.peek() {
            Some('\'') => Expression::String(self.string()?),
            Some(first) if first == '-' || first.is_ascii_digit() => self.integer()?,
            Some(first) if first == '_' || first.is_alphabetic() => self.call()?,
            _ => return Err(self.fault("a function, a string or an integer")),
        };
        // A chain of accesses nests as deeply as calls do when the tree is walked.
        let mut links = 0;
        while let Some(linked) = self.access(&mut expression)? {
            expression = linked;
            links += 1;
            if links > DEEPEST {
                return Err(template_error!(
                    "The expression chains more than {DEEPEST} properties."
                ));
            }
        }
        self.depth -= 1;
        Ok(expression)
    }

    /// One `.name`, `.?name`, `[index]` or `[?index]` after an expression.
    fn access(&mut self, target: &mut Expression) -> Result<Option<Expression>> {
        self.space();
        let dot = match self.peek() {
            Some('.') => true,
            Some('[') => false,
            _ => return Ok(None),
        };
        self.characters.next();
        self.space();
        let safe = self.take('?');
        let target = Box::new(std::mem::replace(target, Expression::Integer(0)));
        if dot {
            self.space();
            let name = self.identifier("a property name")?;
            return Ok(Some(Expression::Property { target, name, safe }));
        }
        let index = Box::new(self.expression()?);
        self.expect(']')?;
        Ok(Some(Expression::Index { target, index, safe }))
    }

    fn call(&mut self) -> Result<Expression> {
        let mut name = self.identifier("a function name")?;
        self.space();
        while self.take('.') {
            name.push('.');
            name.push_str(&self.identifier("a function name")?);
            self.space();
        }
        if !self.take('(') {
            return Err(self.fault(&format!("'(' after '{name}'")));
        }
        let mut arguments = Vec::new();
        self.space();
        if self.take(')') {
            return Ok(Expression::Call { name, arguments });
        }
        loop {
            arguments.push(self.expression()?);
            self.space();
            if self.take(')') {
                return Ok(Expression::Call { name, arguments });
            }
            self.expect(',')?;
        }
    }

    fn identifier(&mut self, expected: &str) -> Result<String> {
        let mut name = String::new();
        while let Some(next) = self.peek() {
            let fits = next == '_' || next == '$' || next.is_alphanumeric();
            if !fits || (name.is_empty() && next.is_ascii_digit()) {
                break;
            }
            name.push(next);
            self.characters.next();
        }
        if name.is_empty() {
            return Err(self.fault(expected));
        }
        Ok(name)
    }

    fn string(&mut self) -> Result<String> {
        self.characters.next();
        let mut text = String::new();
        while let Some((_, next)) = self.characters.next() {
            if next != '\'' {
                text.push(next);
            } else if self.take('\'') {
                text.push('\'');
            } else {
                return Ok(text);
            }
        }
        Err(self.fault("the closing quote of a string"))
    }

    fn integer(&mut self) -> Result<Expression> {
        let mut digits = String::new();
        while let Some(next) = self.peek() {
            if !(next.is_ascii_digit() || (next == '-' && digits.is_empty())) {
                break;
            }
            digits.push(next);
            self.characters.next();
        }
        digits.parse().map(Expression::Integer).map_err(|_| self.fault("a 64-bit integer"))
    }

    fn peek(&mut self) -> Option<char> {
        self.characters.peek().map(|(_, next)| *next)
    }

    fn take(&mut self, wanted: char) -> bool {
        self.characters.next_if(|(_, next)| *next == wanted).is_some()
    }

    fn expect(&mut self, wanted: char) -> Result<()> {
        self.space();
        if self.take(wanted) { Ok(()) } else { Err(self.fault(&format!("'{wanted}'"))) }
    }

    fn space(&mut self) {
        while self.characters.next_if(|(_, next)| next.is_whitespace()).is_some() {}
    }

    fn fault(&mut self, expected: &str) -> TemplateError {
        let at = self.characters.peek().map_or(self.text.len(), |(at, _)| *at);
        let position = self.text.get(..at).unwrap_or_default().chars().count();
        template_error!(
            "The template language expression '{}' is not valid: {expected} expected at position {position}.",
            self.text
        )
    }
}

#[cfg(test)]
mod tests;
