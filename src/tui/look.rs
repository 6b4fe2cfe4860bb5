//! How things look: colours by what they mean, and glyphs for terminals with and without UTF-8.
//!
//! Sixteen colours at most, and never colour alone: each state has a glyph and a word too. No fills, so that light and
//! dark backgrounds both work.

use ratatui::style::{Color, Modifier, Style};

use crate::app::Tone;

/// What a person, their terminal and its variables ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Whether there may be colours.
    pub color: bool,
    /// Whether the background is light.
    pub light: bool,
    /// Whether only ASCII can be shown.
    pub ascii: bool,
}

impl Choice {
    /// Reads the variables that terminals and people set: `NO_COLOR`, `TERM`, `COLORFGBG` and the locale.
    ///
    /// A locale that says nothing counts as UTF-8: containers often have none, and their terminals can.
    pub(crate) fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let terminal = set("TERM").unwrap_or_default();
        let locale = set("LC_ALL")
            .or_else(|| set("LC_CTYPE"))
            .or_else(|| set("LANG"))
            .map(|locale| locale.to_lowercase());
        let is_utf8 =
            locale.is_none_or(|locale| locale.contains("utf-8") || locale.contains("utf8"));
        let background =
            set("COLORFGBG").and_then(|colors| colors.rsplit(';').next()?.parse::<u8>().ok());
        Self {
            color: set("NO_COLOR").is_none() && terminal != "dumb",
            light: matches!(background, Some(7 | 9..=15)),
            ascii: !is_utf8 || terminal == "linux",
        }
    }
}

/// Styles by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Everything that has no other meaning.
    pub text: Style,
    /// Labels, times, hints.
    pub quiet: Style,
    /// The current step, the chosen row, the keys.
    pub accent: Style,
    /// Done, passed.
    pub ok: Style,
    /// Worth a thought.
    pub warn: Style,
    /// Failed, refused.
    pub bad: Style,
    /// Headings, and the one pane that has the keys.
    pub strong: Style,
    /// Changed a moment ago.
    pub fresh: Style,
}

impl Theme {
    fn new(choice: Choice) -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let dim = plain.add_modifier(Modifier::DIM);
        if !choice.color {
            return Self {
                text: plain,
                quiet: dim,
                accent: bold,
                ok: plain,
                warn: bold,
                bad: bold,
                strong: bold,
                fresh: bold,
            };
        }
        let (accent, warn) =
            if choice.light { (Color::Blue, Color::Magenta) } else { (Color::Cyan, Color::Yellow) };
        Self {
            text: plain,
            quiet: plain.fg(Color::DarkGray),
            accent: plain.fg(accent),
            ok: plain.fg(Color::Green),
            warn: plain.fg(warn),
            bad: plain.fg(Color::Red),
            strong: bold,
            fresh: bold,
        }
    }

    /// The style of a row's name, by whether the row is chosen.
    pub fn row(&self, chosen: bool) -> Style {
        if chosen { self.accent.patch(self.strong) } else { self.text }
    }

    /// The style of something told.
    pub(crate) fn tone(&self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => self.text,
            Tone::Good => self.ok,
            Tone::Warn => self.warn,
            Tone::Bad => self.bad,
        }
    }
}

/// Glyphs by meaning, each one column wide but for the ASCII arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    pub done: &'static str,
    pub ready: &'static str,
    pub running: &'static str,
    pub waiting: &'static str,
    pub failed: &'static str,
    pub skipped: &'static str,
    pub warning: &'static str,
    pub unknown: &'static str,
    pub pending: &'static str,
    pub chosen: &'static str,
    pub open: &'static str,
    pub closed: &'static str,
    pub bar_full: &'static str,
    pub bar_empty: &'static str,
    pub bullet: &'static str,
    pub masked: &'static str,
    pub dash: &'static str,
    pub middle: &'static str,
    pub up_down: &'static str,
    pub arrow: &'static str,
    pub branch: &'static str,
    pub last_branch: &'static str,
    pub critical: &'static str,
}

impl Glyphs {
    fn new(ascii: bool) -> Self {
        let either = |sign: &'static str, plain: &'static str| if ascii { plain } else { sign };
        Self {
            done: either("✓", "v"),
            ready: either("●", "*"),
            running: either("◐", "@"),
            waiting: either("○", "o"),
            failed: either("✗", "x"),
            skipped: either("–", "~"),
            warning: either("!", "!"),
            unknown: either("?", "?"),
            pending: either("…", "."),
            chosen: either("›", ">"),
            open: either("▾", "-"),
            closed: either("▸", "+"),
            bar_full: either("█", "#"),
            bar_empty: either("░", "."),
            bullet: either("·", "-"),
            masked: either("•", "*"),
            dash: either("──", "--"),
            middle: either("·", "-"),
            up_down: either("↑↓", "Up/Dn"),
            arrow: either("→", "->"),
            branch: either("├", "|"),
            last_branch: either("└", "`"),
            critical: either("◂", "<"),
        }
    }
}

/// Everything about how things look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appearance {
    /// Colours.
    pub theme: Theme,
    /// Glyphs.
    pub glyphs: Glyphs,
    /// Whether only ASCII can be shown: then texts are put into it too.
    pub ascii: bool,
}

impl Appearance {
    /// The look for a choice.
    pub fn new(choice: Choice) -> Self {
        Self { theme: Theme::new(choice), glyphs: Glyphs::new(choice.ascii), ascii: choice.ascii }
    }

    /// What stands before a row, by whether it is chosen.
    pub(crate) fn mark(&self, chosen: bool) -> &'static str {
        if chosen { self.glyphs.chosen } else { " " }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(pairs: &[(&str, &str)]) -> Choice {
        Choice::detect(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_variables_of_people_and_terminals_are_obeyed() {
        assert!(!detect(&[("NO_COLOR", "1")]).color);
        assert!(detect(&[("NO_COLOR", "")]).color);
        assert!(detect(&[("LANG", "C")]).ascii);
        assert!(!detect(&[("LANG", "C.UTF-8")]).ascii);
        assert!(!detect(&[("LC_ALL", "de_DE.utf8"), ("LANG", "C")]).ascii);
        assert!(!detect(&[]).ascii);
        assert!(detect(&[("COLORFGBG", "0;15")]).light);
        assert!(!detect(&[("COLORFGBG", "15;0")]).light);
    }

    #[test]
    fn in_ascii_cursor_fold_arrow_and_states_have_marks_of_their_own() {
        let glyphs = Appearance::new(detect(&[("LANG", "C")])).glyphs;
        let marks = [
            glyphs.chosen,
            glyphs.open,
            glyphs.closed,
            glyphs.arrow,
            glyphs.done,
            glyphs.failed,
            glyphs.running,
            glyphs.waiting,
            glyphs.skipped,
        ];
        let apart: std::collections::BTreeSet<&str> = marks.into_iter().collect();
        assert_eq!(apart.len(), marks.len(), "{marks:?}");
    }

    #[test]
    fn without_colours_nothing_is_coloured() {
        let look = Appearance::new(detect(&[("NO_COLOR", "1")]));
        for style in [look.theme.ok, look.theme.bad, look.theme.warn, look.theme.quiet] {
            assert_eq!(style.fg, None);
        }
    }
}
