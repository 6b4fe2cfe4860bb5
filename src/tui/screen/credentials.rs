//! The credentials as they are drawn: hidden until asked for, where they are, the way in, and what was checked.

use ratatui::{
    layout::{
        Constraint::{Fill, Length},
        Layout, Rect,
    },
    text::{Line, Span},
};

use super::DrawRow;
use crate::app::screen::credentials::{doors, seconds_until, steps};
use crate::app::watch::Watch;
use crate::app::{App, Tone};
use crate::domain::cost::estimate;
use crate::domain::environment::Keeping;
use crate::domain::ways::{self, Direction};
use crate::domain::words;
use crate::tui::canvas::{Canvas, LABEL, Room, below};
use crate::tui::text::{self, clock};

/// Letters that stand for a hidden password, whatever its length.
const HIDDEN: usize = 16;
/// Lines of the panel that tells what was read back.
const CHECKED: u16 = 10;

pub(super) const ROW: DrawRow = DrawRow::new(draw, sentence);

fn sentence(app: &App) -> (Tone, String) {
    if let Some(until) = app.credentials.clipboard_until {
        return Tone::Good.says(format!(
            "The password is in the clipboard ({}); it is taken out in {} s.",
            app.credentials.copied_how,
            seconds_until(app, until)
        ));
    }
    if app.credentials.password.is_some() {
        return Tone::Warn.says("The password is on the screen.");
    }
    Tone::Plain.says("All of this can be met again from the list of environments.")
}

fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let top = if area.height >= 20 { 9 } else { 7 };
    let [credentials, rest] = Layout::vertical([Length(top), Fill(1)]).areas(area);
    secrets(app, canvas, credentials);
    if canvas.room == Room::Wide {
        let [left, right] = Layout::horizontal([Fill(1), Fill(1)]).areas(rest);
        way_in(app, canvas, left);
        let [upper, lower] = Layout::vertical([Length(CHECKED), Fill(1)]).areas(right);
        checked(app, canvas, upper);
        data(app, canvas, lower);
    } else if rest.height >= 15 {
        let [upper, lower] = Layout::vertical([Fill(1), Length(7)]).areas(rest);
        way_in(app, canvas, upper);
        checked(app, canvas, lower);
    } else {
        way_in(app, canvas, rest);
    }
}

fn secrets(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let credentials = &app.credentials;
    let inner = canvas.panel(area, "Jumpbox credentials", true);
    let roomy = inner.height >= 6;
    let done = canvas.look.glyphs.done;
    let head = match credentials.took.map(words::duration) {
        // Only a deployment that was followed to its end was read back.
        Some(took) if !is_mended(app) => {
            let words = format!("{done} Your private workspace is ready. It took {took}.");
            Line::styled(words, theme.ok)
        }
        Some(took) => {
            let words = format!("{done} The template was deployed again over it in {took}.");
            Line::styled(words, theme.ok)
        }
        None => Line::styled("How the environment is now stands on its status.", theme.quiet),
    };
    let mut rest = canvas.lines(inner, [head]);
    if roomy {
        rest = below(rest, 1);
    }
    let user = credentials.user_name.as_deref().unwrap_or("not known here");
    let wide = canvas.room == Room::Wide;
    rest = row(canvas, rest, "User name", user, if wide { "u copies it" } else { "u copy" });
    let (password, hint) = password(app, canvas, wide);
    rest = row(canvas, rest, "Password", &password, &hint);
    if roomy {
        rest = below(rest, 1);
    }
    canvas.labelled(rest, "Saved in", &kept(app), theme.text);
}

fn deployment(app: &App) -> Option<&Watch> {
    let record = app.credentials.record.as_ref()?;
    app.deployment_of(&record.full_name).map(|(_, watch)| watch)
}

fn is_mended(app: &App) -> bool {
    deployment(app).is_some_and(|watch| watch.operation.is_mend())
}

/// The password or what stands for it, and what the keys do.
fn password(app: &App, canvas: &Canvas<'_>, wide: bool) -> (String, String) {
    let credentials = &app.credentials;
    let shown = credentials.password.as_ref();
    if let (Some(shown), Some(until)) = (shown, credentials.shown_until) {
        let text = shown.secret().map_or("(not in a recording)", |secret| secret.expose());
        return (text.to_owned(), format!("hidden in {} s", seconds_until(app, until)));
    }
    if credentials.place.is_none() {
        let words = if credentials.known { "not on this machine" } else { "looking…" };
        return (words.to_owned(), String::new());
    }
    let hint = if wide { "v shows it for 10 s   c copies it for 30 s" } else { "v show  c copy" };
    (canvas.look.glyphs.masked.repeat(HIDDEN), hint.to_owned())
}

fn row(canvas: &mut Canvas<'_>, area: Rect, label: &str, value: &str, hint: &str) -> Rect {
    let theme = canvas.look.theme;
    canvas.lines(
        area,
        [Line::from(vec![
            Span::styled(format!("{label:<LABEL$}"), theme.quiet),
            Span::styled(format!("{value:<26}"), theme.strong),
            Span::styled(hint.to_owned(), theme.quiet),
        ])],
    )
}

fn kept(app: &App) -> String {
    let credentials = &app.credentials;
    let keeping = credentials.record.as_ref().map(|record| record.credentials);
    match (&credentials.place, keeping) {
        (Some(place), Some(Keeping::Practice)) => format!("{place}; the password opens nothing."),
        (Some(place), _) => format!(
            "{place}; written and read back before anything was sent. It is in no other file, log or output."
        ),
        (None, _) if !credentials.known => "looking…".to_owned(),
        (None, Some(Keeping::None)) => {
            "nowhere, as was chosen: `privateaml credentials --reset` sets a password and saves it."
                .to_owned()
        }
        (None, _) => {
            "not on this machine: use the one that created it, or press N to set a new password."
                .to_owned()
        }
    }
}

fn way_in(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(record) = &app.credentials.record else { return };
    let theme = canvas.look.theme;
    let inner = canvas.panel(area, "Use it", false);
    let steps = steps(record);
    let rows: usize = steps
        .iter()
        .map(|step| 1 + text::wrap(&step.words, usize::from(inner.width).saturating_sub(3)).len())
        .sum();
    let gaps = rows + steps.len() + 3 < usize::from(inner.height);
    let mut rest = inner;
    for (index, step) in steps.iter().enumerate() {
        let mut lines = vec![Line::from(vec![
            Span::styled(format!("{}  ", index + 1), theme.accent),
            Span::raw(step.title.clone()),
        ])];
        for line in text::wrap(&step.words, usize::from(inner.width).saturating_sub(3)) {
            lines.push(Line::styled(format!("   {line}"), theme.quiet));
        }
        rest = canvas.lines(rest, lines);
        if gaps {
            rest = below(rest, 1);
        }
    }
    let practice = app
        .start
        .practice
        .then_some("This is the PRACTICE cloud: there is no such portal page, and nothing to pay.");
    let words = practice.unwrap_or(
        "The studio will not open from this machine: that is the point. H connects the network to a VPN hub.",
    );
    canvas.prose(rest, &format!("! {words}"), theme.warn);
}

/// How data gets in and results leave, in a few words; G tells each way.
fn data(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(record) = &app.credentials.record else { return };
    let theme = canvas.look.theme;
    let seen = app.status.seen.as_deref().filter(|_| app.status.is_of(&record.full_name));
    let ways = ways::ways(&doors(record, seen));
    let mut rest = canvas.panel(area, "Data in, results out (G tells how)", false);
    for direction in [Direction::In, Direction::Out] {
        let words = format!("{}: {}.", direction.title(), ways::in_short(&ways, direction));
        rest = canvas.prose(rest, &words, theme.text);
    }
    let closed = ways::closed_in_short(&ways);
    if !closed.is_empty() {
        canvas.prose(rest, &format!("Closed: {closed}."), theme.quiet);
    }
}

/// What was read back at the end, and what it costs from now on.
fn checked(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let inner = canvas.panel(area, "Is it really private?", false);
    let watch = deployment(app);
    let rest = if app.credentials.took.is_some() {
        // What is read back is the last that a deployment does.
        let ended = watch.and_then(|watch| watch.log.last()).map(|line| line.at);
        let when = ended
            .or(app.credentials.checked)
            .map_or_else(String::new, |at| format!(", read back at {}", clock(app, at)));
        let lines = read_back(canvas, &when);
        canvas.lines(inner, lines)
    } else {
        let words = "Not read back here: i on the status audits it, thirty points.";
        canvas.prose(inner, words, theme.quiet)
    };
    let rest = below(rest, 1);
    let cost = match watch.and_then(|watch| watch.plan.as_deref()) {
        _ if app.start.practice => "Cost: nothing, this is the practice cloud.".to_owned(),
        Some(plan) => {
            let estimate = estimate(plan, &app.costs.prices(&plan.region));
            format!("Cost from now on: {}, used or not. {}.", estimate.about(), estimate.age())
        }
        None => "Cost: see the preview.".to_owned(),
    };
    let rest = canvas.prose(rest, &cost, theme.text);
    canvas.prose(rest, "X deletes everything; its name is asked for first.", theme.quiet);
}

/// What a deployment has read back at its end.
fn read_back(canvas: &Canvas<'_>, when: &str) -> Vec<Line<'static>> {
    let (theme, glyphs) = (canvas.look.theme, &canvas.look.glyphs);
    let mut lines: Vec<Line<'_>> = [
        format!("Public access is off{when}:"),
        "  workspace, storage, vault, registry".to_owned(),
        "The private endpoint is approved".to_owned(),
        "The default route leads to the firewall".to_owned(),
    ]
    .into_iter()
    .map(|words| match words.strip_prefix("  ") {
        Some(more) => Line::from(format!("  {more}")),
        None => {
            Line::from(vec![Span::styled(format!("{} ", glyphs.done), theme.ok), Span::raw(words)])
        }
    })
    .collect();
    lines.push(Line::from(vec![
        Span::styled(format!("{} ", glyphs.unknown), theme.quiet),
        Span::styled("The studio opens: only seen from inside", theme.quiet),
    ]));
    lines
}

#[cfg(test)]
mod tests {
    use crate::app::App;
    use crate::app::hidden::Hidden;
    use crate::app::message::Message;
    use crate::app::screen::Screen;
    use crate::app::screen::credentials::CredentialsScreen;
    use crate::app::tests::{BEGIN, app, record};
    use crate::domain::secret::Secret;
    use crate::tui::testing::{draw_at_all_sizes, picture};

    fn shown(place: Option<&str>) -> App {
        let mut app = app();
        app.credentials = CredentialsScreen {
            record: Some(Box::new(record())),
            user_name: Some("uabc2345".into()),
            took: Some(std::time::Duration::from_secs(611)),
            checked: Some(BEGIN),
            ..CredentialsScreen::default()
        };
        app.screen = Screen::Credentials;
        app.update(
            BEGIN,
            Message::Credentials {
                full_name: "test4821".into(),
                user_name: None,
                place: place.map(str::to_owned),
            },
        );
        app
    }

    #[test]
    fn the_credentials_at_each_size() {
        let app = shown(Some("the practice store (practice/credentials)"));
        for (columns, rows) in [(100, 30), (60, 18)] {
            insta::assert_snapshot!(
                format!("credentials_{columns}x{rows}"),
                picture(&app, columns, rows)
            );
        }
    }

    #[test]
    fn the_password_is_on_the_screen_only_while_it_is_shown() {
        let mut app = shown(Some("the keychain"));
        assert!(!picture(&app, 100, 30).contains("not-the-real-one"));
        let password = Hidden::new(Secret::new("not-the-real-one".into()));
        let message = Message::Password { full_name: "test4821".into(), password };
        app.update(BEGIN, message);
        assert!(picture(&app, 100, 30).contains("not-the-real-one"));
        draw_at_all_sizes(&app);
    }

    #[test]
    fn what_was_not_read_back_here_is_not_called_ready() {
        let mut app = shown(Some("the keychain"));
        app.credentials.took = None;
        let drawn = picture(&app, 100, 30);
        assert!(drawn.contains("Not read back here"), "{drawn}");
        assert!(!drawn.contains("is ready") && !drawn.contains("is off"), "{drawn}");
        draw_at_all_sizes(&app);
    }

    #[test]
    fn without_a_password_the_screen_says_what_to_do() {
        let app = shown(None);
        insta::assert_snapshot!("credentials_elsewhere", picture(&app, 100, 30));
        draw_at_all_sizes(&app);
    }
}
