//! The list of environments with the chosen one beside it, or the welcome.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
};

use crate::{
    app::{
        App, Tone,
        account::Account,
        message::{EnvironmentRow, Target},
        screen::environments::{CHOICES, Search},
    },
    domain::{
        environment::{Keeping, Known, Phase},
        words,
    },
    tui::{
        canvas::{Canvas, Room, below, first_row},
        text::{self, clock},
        widget::field,
    },
};

pub(super) fn title(app: &App) -> String {
    if app.environments.is_first_run() {
        "welcome".to_owned()
    } else {
        "environments".to_owned()
    }
}

pub(super) fn summary(app: &App) -> String {
    let rows = &app.environments.rows;
    if rows.is_empty() {
        return "Nothing has been deployed from this machine yet.".to_owned();
    }
    let found = rows
        .iter()
        .filter(|row| row.known == Known::AzureOnly)
        .count();
    let all = words::count(rows.len(), "environment");
    let here = rows.len().saturating_sub(found);
    if found == 0 {
        format!("{all}, recorded on this machine")
    } else {
        format!("{all}: {here} recorded on this machine, {found} found in Azure by tags")
    }
}

pub(super) fn sentence(app: &App) -> (Tone, String) {
    let list = &app.environments;
    if let Account::Failed(problem) = &app.account {
        return (Tone::Warn, problem.what.clone());
    }
    if let Search::Failed(problem) = &list.search {
        return (
            Tone::Warn,
            format!("Azure could not be asked: {}", problem.what),
        );
    }
    if let Some(problem) = list.problems.first() {
        let more = list.problems.len();
        return (
            Tone::Warn,
            format!(
                "{} could not be read: {}",
                words::count(more, "entry"),
                problem.what
            ),
        );
    }
    if list.filtering {
        return (
            Tone::Plain,
            format!("{} of {} fit", list.fitting().len(), list.rows.len()),
        );
    }
    match list.chosen() {
        Some(row) => (Tone::Plain, credentials(row)),
        None if list.is_first_run() && !list.recorded => {
            (Tone::Plain, "Reading this machine's records…".to_owned())
        }
        None if list.is_first_run() => (
            Tone::Plain,
            "Nothing has been deployed from this machine yet.".to_owned(),
        ),
        None => (
            Tone::Plain,
            "Enter begins a new environment; nothing is made before you say so.".to_owned(),
        ),
    }
}

fn credentials(row: &EnvironmentRow) -> String {
    let name = &row.record.full_name;
    if row.known == Known::AzureOnly {
        return format!("{name} was found in Azure; its password may be on another machine.");
    }
    match row.record.credentials {
        Keeping::Keychain => format!("{name}: the jumpbox password is in this machine's keychain."),
        Keeping::File => format!("{name}: the jumpbox password is in an encrypted file here."),
        Keeping::Practice => format!("{name}: the jumpbox password is in the practice store."),
        Keeping::None => format!("{name}: the jumpbox password is kept nowhere here."),
    }
}

pub(super) fn liveness(app: &App) -> (String, Tone) {
    match &app.environments.search {
        Search::NotBegun => (String::new(), Tone::Plain),
        Search::Looking => ("looking in Azure…".to_owned(), Tone::Plain),
        Search::Done(_) if !app.environments.problems.is_empty() => {
            ("partly read".to_owned(), Tone::Warn)
        }
        Search::Done(at) => (format!("checked {}", clock(app, *at)), Tone::Plain),
        Search::Failed(_) => ("not read".to_owned(), Tone::Warn),
    }
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if app.environments.is_first_run() {
        welcome(app, canvas, area);
    } else if canvas.room == Room::Wide {
        let [list, detail] =
            Layout::horizontal([Constraint::Fill(3), Constraint::Length(40)]).areas(area);
        rows(app, canvas, list);
        details(app, canvas, detail);
    } else {
        let height = if area.height > 16 { 7 } else { 0 };
        let [list, detail] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(height)]).areas(area);
        rows(app, canvas, list);
        details(app, canvas, detail);
    }
}

/// What a recommended environment costs by the prices that the program carries, in US dollars a day. A test compares it.
const USUAL_DOLLARS: u32 = 41;
/// How long one usually takes, in minutes, to the nearest five. A test compares it.
const USUAL_MINUTES: u32 = 10;
const PROMISES: [(&str, &str); 4] = [
    (
        "You get",
        "a workspace with private endpoints only, storage, vault, registry, a firewall with an allowlist, Bastion and \
         a Windows jumpbox.",
    ),
    (
        "You need",
        "rights to create resources in one subscription; checked before anything starts.",
    ),
    (
        "It costs",
        "about ${dollars} a day at list price while it exists, used or not; the preview has the exact sum.",
    ),
    (
        "It changes",
        "nothing until you press D on the preview and say yes.",
    ),
];

fn welcome(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let tall = area.height >= 20;
    let area = if tall { below(area, 2) } else { area };
    let area = Layout::horizontal([Constraint::Max(92)])
        .flex(ratatui::layout::Flex::Center)
        .split(area)
        .first()
        .copied()
        .unwrap_or(area);
    let mut rest = crate::tui::canvas::inset(area);
    rest = canvas.prose(
        rest,
        &format!(
            "Azure Machine Learning behind your own network, in {USUAL_MINUTES} to {} minutes.",
            USUAL_MINUTES * 2
        ),
        theme.strong,
    );
    if tall {
        rest = below(rest, 1);
    }
    let practice = app.start.practice.then_some((
        "Practice",
        "this is a simulated Azure inside the program: nothing is made in Azure and nothing costs anything.",
    ));
    for (label, words) in practice.into_iter().chain(PROMISES) {
        if app.start.practice && label == "It costs" {
            continue;
        }
        let words = words.replace("{dollars}", &USUAL_DOLLARS.to_string());
        rest = labelled(canvas, rest, label, &words, theme.text);
    }
    if tall {
        rest = below(rest, 1);
    }
    for (index, (command, label)) in CHOICES.iter().enumerate() {
        let chosen = index == app.environments.selected;
        let mark = if chosen {
            canvas.look.glyphs.chosen
        } else {
            " "
        };
        let style = if chosen {
            theme.accent.patch(theme.strong)
        } else {
            theme.text
        };
        let off = crate::app::command::availability(app, app.screen_place(), *command).is_err();
        let style = if off { theme.quiet } else { style };
        if rest.height > 0 {
            canvas.hit(Rect { height: 1, ..rest }, Target::Row(index));
        }
        rest = canvas.lines(
            rest,
            [Line::from(Span::styled(format!("  {mark} {label}"), style))],
        );
    }
    if tall {
        rest = below(rest, 1);
    }
    let (who, subscription) = signed_in(app);
    rest = labelled(canvas, rest, "Signed in", &who, theme.text);
    labelled(canvas, rest, "Subscription", &subscription, theme.text);
}

fn signed_in(app: &App) -> (String, String) {
    match &app.account {
        Account::Looking => (
            "looking for a sign-in of this machine…".to_owned(),
            "…".to_owned(),
        ),
        Account::Failed(problem) => (
            format!("no: {} Press a for the ways to sign in.", problem.what),
            "none; `privateaml practice` needs none".to_owned(),
        ),
        Account::SignedIn(found) => (
            format!("{}, by {}; a changes it", found.who, found.how),
            found.subscription().map_or_else(
                || "none chosen: s opens the list".to_owned(),
                |each| format!("{} ({})", each.name, each.id),
            ),
        ),
    }
}

/// A label with prose behind it.
fn labelled(canvas: &mut Canvas<'_>, area: Rect, label: &str, words: &str, style: Style) -> Rect {
    const LABEL: usize = 13;
    let columns = usize::from(area.width).saturating_sub(LABEL);
    let quiet = canvas.look.theme.quiet;
    let lines: Vec<Line<'_>> = text::wrap(words, columns)
        .into_iter()
        .enumerate()
        .map(|(index, line)| {
            let head = if index == 0 { label } else { "" };
            Line::from(vec![
                Span::styled(format!("{head:<LABEL$}"), quiet),
                Span::styled(line, style),
            ])
        })
        .collect();
    canvas.lines(area, lines)
}

fn rows(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let list = &app.environments;
    let mut inner = canvas.panel(area, "Environments", true);
    if list.filtering || !list.filter.value().is_empty() {
        let row = Rect {
            height: 1.min(inner.height),
            ..inner
        };
        field::draw(canvas, row, "/ ", &list.filter, list.filtering);
        inner = below(inner, 1);
    }
    canvas.text(
        Rect {
            height: 1.min(inner.height),
            ..inner
        },
        &format!("  {:<14}{:<17}{}", "NAME", "REGION", "STATE"),
        theme.quiet,
    );
    inner = below(inner, 1);
    let fitting = list.fitting();
    let height = usize::from(inner.height);
    let first = first_row(list.selected, fitting.len() + 1, height);
    for index in first..(first + height).min(fitting.len() + 1) {
        let chosen = index == list.selected;
        let mark = if chosen {
            canvas.look.glyphs.chosen
        } else {
            " "
        };
        let name_style = if chosen {
            theme.accent.patch(theme.strong)
        } else {
            theme.text
        };
        let row = Rect { height: 1, ..inner };
        match fitting.get(index) {
            Some(environment) => {
                let (glyph, style, state) = state(app, canvas, environment);
                canvas.line(
                    row,
                    Line::from(vec![
                        Span::styled(
                            format!("{mark} {:<14}", environment.record.full_name),
                            name_style,
                        ),
                        Span::raw(format!(
                            "{:<17}",
                            text::fit(&environment.record.settings.region, 16)
                        )),
                        Span::styled(format!("{glyph} {state}"), style),
                    ]),
                );
            }
            None => canvas.text(
                row,
                &format!("{mark} + New private environment"),
                name_style,
            ),
        }
        canvas.hit(row, Target::Row(index));
        inner = below(inner, 1);
    }
}

/// Glyph, style and words for a row's state.
fn state(app: &App, canvas: &Canvas<'_>, row: &EnvironmentRow) -> (&'static str, Style, String) {
    let (theme, glyphs) = (&canvas.look.theme, &canvas.look.glyphs);
    let name = &row.record.full_name;
    if let Some((_, left)) = app
        .environments
        .removing
        .iter()
        .find(|(each, _)| each == name)
    {
        let left = left.map_or_else(String::new, |left| {
            format!(", {} left", words::count(left, "resource"))
        });
        return (glyphs.running, theme.text, format!("deleting{left}"));
    }
    if row.gone {
        return (glyphs.skipped, theme.quiet, "gone from Azure".to_owned());
    }
    if app.deploy.is_of(name) && app.deploy.is_running() {
        let done = app
            .deploy
            .steps
            .iter()
            .filter(|step| step.is_done())
            .count();
        let total = app.deploy.steps.len();
        return (
            glyphs.running,
            theme.text,
            format!("deploying {done}/{total}"),
        );
    }
    match row.record.phase {
        Phase::Ready => (glyphs.ready, theme.ok, "ready".to_owned()),
        Phase::Failed => (glyphs.failed, theme.bad, "failed".to_owned()),
        Phase::Cancelled => (glyphs.skipped, theme.warn, "cancelled".to_owned()),
        Phase::Submitted | Phase::Deploying if row.known == Known::AzureOnly => {
            (glyphs.unknown, theme.text, "found in Azure".to_owned())
        }
        Phase::Submitted | Phase::Deploying => (glyphs.running, theme.text, "deploying".to_owned()),
        Phase::Deleting => (glyphs.running, theme.text, "deleting".to_owned()),
        Phase::Draft | Phase::Preparing => (glyphs.waiting, theme.quiet, "not sent".to_owned()),
        Phase::Deleted => (glyphs.skipped, theme.quiet, "deleted".to_owned()),
    }
}

fn details(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if area.height == 0 {
        return;
    }
    let theme = canvas.look.theme;
    let Some(row) = app.environments.chosen() else {
        let inner = canvas.panel(area, "New", false);
        canvas.prose(
            inner,
            "Choose a name, a region and an address space; see what would be made and what it costs; then say yes or no.",
            theme.text,
        );
        return;
    };
    let row = row.clone();
    let record = &row.record;
    let inner = canvas.panel(area, &record.full_name, false);
    let (glyph, style, words) = state(app, canvas, &row);
    let mut rest = canvas.lines(
        inner,
        [Line::from(Span::styled(format!("{glyph} {words}"), style))],
    );
    if inner.height > 8 {
        rest = below(rest, 1);
    }
    let known = match row.known {
        Known::Both => "recorded here, found in Azure",
        Known::HereOnly => "recorded here",
        Known::AzureOnly => "found in Azure by tags",
    };
    for (label, value) in [
        ("Region", record.settings.region.clone()),
        ("Group", record.resource_group.clone()),
        ("Network", record.settings.address_space.to_string()),
        ("Workspace", format!("ml-{}", record.full_name)),
        ("Known", known.to_owned()),
        (
            "Deployment",
            record.last_deployment().unwrap_or("none sent").to_owned(),
        ),
    ] {
        rest = labelled(canvas, rest, label, &value, theme.text);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        app::{
            App,
            account::{Account, SignedIn, SubscriptionRow},
            message::{EnvironmentRow, Message},
            tests::{BEGIN, app, record},
        },
        domain::{
            cost::{Prices, estimate},
            environment::{Known, Phase},
            problem::Problem,
        },
        tui::testing::{draw_at_all_sizes, picture},
    };

    fn connected() -> App {
        let mut app = app();
        app.start.practice = false;
        let found = SignedIn {
            who: "you@contoso.com".into(),
            how: "Azure CLI".into(),
            tenant_id: String::new(),
            subscriptions: vec![SubscriptionRow {
                id: record().subscription_id,
                name: "Contoso Research".into(),
                tenant_id: None,
            }],
            chosen: None,
        };
        app.update(BEGIN, Message::SignedIn(Box::new(found)));
        app
    }

    fn row(name: &str, region: &str, phase: Phase, known: Known) -> EnvironmentRow {
        let mut record = record();
        record.full_name = name.into();
        record.settings.region = region.into();
        record.resource_group = format!("rg-{name}");
        record.phase = phase;
        EnvironmentRow {
            record,
            known,
            gone: false,
        }
    }

    fn several() -> App {
        let mut app = connected();
        let mut gone = row("orion0093", "westeurope", Phase::Ready, Known::HereOnly);
        gone.gone = true;
        let rows = vec![
            row("demo1177", "northeurope", Phase::Ready, Known::Both),
            row("gene2040", "swedencentral", Phase::Failed, Known::Both),
            row("lab0815", "westeurope", Phase::Deploying, Known::AzureOnly),
            gone,
            row("scan4821", "westeurope", Phase::Deploying, Known::Both),
        ];
        app.update(
            BEGIN,
            Message::Found {
                rows,
                problems: Vec::new(),
            },
        );
        app
    }

    #[test]
    fn what_the_welcome_promises_is_what_the_plan_says() {
        let settings = record().settings;
        let template = crate::template::Template::embedded();
        let scope = crate::template::plan::PlanScope::default();
        let plan = crate::template::plan::plan(&settings, template, &scope).unwrap();
        let daily = estimate(&plan, Prices::embedded()).daily;
        assert_eq!(format!("{daily:.0}"), super::USUAL_DOLLARS.to_string());
        let fives = (plan.critical_seconds + 150) / 300;
        assert_eq!(fives * 5, super::USUAL_MINUTES);
    }

    #[test]
    fn the_list_at_each_size() {
        let app = several();
        for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
            insta::assert_snapshot!(
                format!("list_{columns}x{rows}"),
                picture(&app, columns, rows)
            );
        }
        draw_at_all_sizes(&app);
    }

    #[test]
    fn the_welcome_at_each_size() {
        let mut app = connected();
        app.update(
            BEGIN,
            Message::Recorded {
                rows: Vec::new(),
                problems: Vec::new(),
            },
        );
        for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
            insta::assert_snapshot!(
                format!("welcome_{columns}x{rows}"),
                picture(&app, columns, rows)
            );
        }
        draw_at_all_sizes(&app);
    }

    #[test]
    fn hundreds_of_environments_keep_the_chosen_one_in_sight() {
        let mut app = connected();
        let rows = (0..500)
            .map(|number| {
                row(
                    &format!("env{number:04}"),
                    "westeurope",
                    Phase::Ready,
                    Known::Both,
                )
            })
            .collect();
        app.update(
            BEGIN,
            Message::Found {
                rows,
                problems: Vec::new(),
            },
        );
        app.environments.selected = 250;
        assert!(picture(&app, 100, 30).contains("› env0250"));
    }

    #[test]
    fn nobody_signed_in_is_said_with_the_next_step() {
        let mut app = app();
        app.start.practice = false;
        app.account = Account::Failed(Box::new(Problem::new(
            "NotSignedIn",
            "No sign-in to Azure was found on this machine.",
            "Run `az login`.",
        )));
        insta::assert_snapshot!("not_signed_in", picture(&app, 100, 30));
        draw_at_all_sizes(&app);
    }

    #[test]
    fn what_could_not_be_read_is_said_beside_what_could() {
        let mut app = several();
        let problem = Problem::new(
            "RecordUnreadable",
            "The record of old0001 cannot be read.",
            "Delete the file, or mend it.",
        );
        app.environments.problems = vec![problem];
        let shown = picture(&app, 100, 30);
        assert!(shown.contains("1 entry could not be read"), "{shown}");
        assert!(shown.contains("demo1177"));
    }
}
