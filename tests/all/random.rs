//! Keys and answers at random, in any order and at any size: the wizard never panics and never loses its way out.

use crate::support::wizard::{
    after, app, cells, ended, endings, found, look, made, news, problem, signed_in, troubles,
    watched,
};
use privateaml::{
    app::{
        App,
        key::{Code, Key},
        message::{ClickTarget, Message},
    },
    domain::environment::Phase,
    tui::Choice,
};
use proptest::prelude::*;

/// Something that happens.
#[derive(Debug, Clone)]
enum Happening {
    Key(Key),
    Paste(String),
    Click(ClickTarget),
    /// One of the world's answers, by its number.
    World(usize),
    /// Seconds pass.
    Wait(u64),
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        4 => proptest::char::range(' ', '~').prop_map(Key::char),
        4 => prop_oneof![
            Just(Code::Enter),
            Just(Code::Escape),
            Just(Code::Tab),
            Just(Code::BackTab),
            Just(Code::Up),
            Just(Code::Down),
            Just(Code::Left),
            Just(Code::Right),
            Just(Code::Home),
            Just(Code::End),
            Just(Code::PageUp),
            Just(Code::PageDown),
            Just(Code::Backspace),
            Just(Code::Delete),
            Just(Code::Function(1)),
        ]
        .prop_map(Key::of),
        2 => proptest::char::range('a', 'z').prop_map(Key::control),
        1 => any::<char>().prop_map(Key::char),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        12 => key().prop_map(Happening::Key),
        1 => ".{0,40}".prop_map(Happening::Paste),
        1 => (0..12_usize).prop_map(|row| Happening::Click(ClickTarget::Row(row))),
        1 => (0..8_usize).prop_map(|pane| Happening::Click(ClickTarget::Pane(pane))),
        4 => (0..40_usize).prop_map(Happening::World),
        2 => (0..40_u64).prop_map(Happening::Wait),
    ]
}

/// What the world may answer, whether it was asked or not.
fn answers(app: &App) -> Vec<Message> {
    let run = app.deploy.shown;
    let mut answers = vec![
        signed_in(),
        Message::SignInFailed(problem()),
        found(true, Phase::Ready),
        found(true, Phase::Deploying),
        Message::Found { rows: Vec::new(), problems: vec![problem()] },
        Message::FindFailed(problem()),
        Message::SuffixDrawn("4821".into()),
        Message::Keychain(Err(problem())),
        Message::Keychain(Ok("the keychain".into())),
        Message::Networks(Ok(Vec::new())),
        Message::Networks(Err(problem())),
        Message::PassphraseWanted { new: true },
        Message::Failed(problem()),
    ];
    for generation in 0..3 {
        answers.push(Message::Planned { generation, plan: Box::new(made()) });
    }
    answers.extend(news(run, 20, 5));
    answers.extend(troubles().into_iter().map(|event| Message::Operation { id: run, event }));
    answers.extend(endings().into_iter().map(|each| ended(run, each)));
    answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_happens_makes_it_panic(
        practice: bool,
        happenings in prop::collection::vec(happening(), 0..120),
        columns in 1..140_u16,
        rows in 1..50_u16,
    ) {
        let mut app = app(practice);
        watched(&mut app);
        let plain = privateaml::tui::Appearance::new(Choice { color: false, light: true, ascii: true });
        let mut seconds = 0;
        for (index, happening) in happenings.into_iter().enumerate() {
            let message = match happening {
                Happening::Key(key) => Message::Key(key),
                Happening::Paste(text) => Message::Paste(text),
                Happening::Click(target) => Message::Click(target),
                Happening::World(number) => {
                    let mut answers = answers(&app);
                    let number = number % answers.len();
                    answers.swap_remove(number)
                }
                Happening::Wait(wait) => {
                    seconds += wait;
                    Message::Tick
                }
            };
            let is_tick = message == Message::Tick;
            app.update(after(seconds), message);
            // What waits for a time must wait for one to come, or the loop would never sleep.
            if is_tick {
                prop_assert!(app.next_tick().is_none_or(|next| next > app.now));
            }
            if index % 8 == 0 {
                cells(&app, &look(), columns, rows);
                cells(&app, &plain, columns, rows);
            }
        }
        cells(&app, &look(), 100, 30);
        // The way out is never lost.
        for _ in 0..2 {
            app.update(after(seconds), Message::Key(Key::control('c')));
        }
        prop_assert!(app.quitting);
    }
}
