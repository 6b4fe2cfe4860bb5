//! The wizard in a real terminal on the practice cloud: from the first key to saved credentials, left and met again at
//! any moment, cancelled, failed and mended; and the terminal given back each time.

#![cfg(unix)]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::{
    Machine,
    terminal::{CTRL_C, CTRL_N, ENTER, ESCAPE, Terminal, program},
};

/// Where keys alone lead to the preview.
fn preview_by_keys(terminal: &mut Terminal) {
    terminal.wait("Practice subscription");
    terminal.press(ENTER);
    terminal.wait("Name");
    terminal.press("demo");
    terminal.wait("Everything is filled in");
    terminal.press(CTRL_N);
}

/// Where keys alone lead to a deployment that is under way.
fn deploy_by_keys(terminal: &mut Terminal) {
    preview_by_keys(terminal);
    terminal.wait("Nothing has been created yet");
    terminal.press("D");
    terminal.wait("y yes   Esc no");
    // It does not.
    terminal.press(ENTER);
    terminal.press("y");
}

/// Starts the wizard on a machine's practice cloud.
fn wizard(machine: &Machine, flags: &[&str], columns: u16, rows: u16) -> Terminal {
    let arguments = [&["practice", "--no-hubs"], flags].concat();
    Terminal::start(machine.home(), &arguments, columns, rows)
}

/// Waits until Azure has told which environments there are; the line above the keys says when.
fn answered(terminal: &Terminal) {
    terminal.wait_until("checked", |screen| {
        let contents = screen.contents();
        contents.lines().rev().take(2).any(|line| line.contains("checked"))
    });
}

/// Waits until an environment stands: followed to its end, or found finished and opened to its status.
fn stands(terminal: &Terminal) {
    terminal.wait_until("an environment that stands", |screen| {
        let contents = screen.contents();
        contents.contains("Your private workspace is ready")
            || contents.contains("Everything is as planned")
    });
}

/// The one environment of a machine, as `list` tells it.
fn listed(machine: &Machine) -> serde_json::Value {
    let listed = machine.run(&["list", "--practice", "--json"]).expect(0).lines();
    assert_eq!(listed.len(), 1, "{listed:?}");
    listed.into_iter().next().unwrap()
}

#[test]
fn keys_alone_lead_to_ready_at_every_size() {
    for (columns, rows) in [(100, 30), (80, 24), (60, 18)] {
        let machine = Machine::new();
        let mut terminal = wizard(&machine, &["--speed", "3000"], columns, rows);
        deploy_by_keys(&mut terminal);
        terminal.wait("Your private workspace is ready");
        terminal.wait("v show");
        terminal.press("v");
        terminal.wait("hidden in");
        terminal.press("v");
        terminal.wait("v show");
        terminal.press("q");
        assert_eq!(terminal.end_clean(), 0);
        let environment = listed(&machine);
        assert_eq!(environment["phase"], "ready");
        let name = environment["full_name"].as_str().unwrap();
        let kept = ["credentials", name, "--practice", "--show", "--json"];
        assert_eq!(machine.run(&kept).expect(0).event("credentials")["verified"], true);
    }
}

/// What somebody does to a terminal.
type Act = fn(&mut Terminal);

#[test]
fn however_it_is_left_it_leads_back_to_the_same_deployment() {
    let leave: [(&str, Act); 4] = [
        ("q", |terminal| terminal.press("q")),
        ("Ctrl-C twice", |terminal| {
            terminal.press(CTRL_C);
            terminal.wait("Stop watching, or stop the deployment?");
            terminal.press(CTRL_C);
        }),
        ("SIGTERM", |terminal| terminal.signal("TERM")),
        ("SIGINT", |terminal| terminal.signal("INT")),
    ];
    for (how, act) in leave {
        let machine = Machine::new();
        let mut terminal = wizard(&machine, &["--speed", "20"], 100, 30);
        deploy_by_keys(&mut terminal);
        terminal.wait("Safe to close");
        act(&mut terminal);
        assert_eq!(terminal.end_clean(), 3, "{how}");
        assert!(terminal.screen().contains("goes on without this window"), "{how}");
        met_again(&machine);
    }
}

#[test]
fn a_closed_terminal_and_a_kill_change_nothing_either() {
    let machine = Machine::new();
    let mut terminal = wizard(&machine, &["--speed", "20"], 100, 30);
    deploy_by_keys(&mut terminal);
    terminal.wait("Safe to close");
    assert_eq!(terminal.hang_up(), 3);
    let mut terminal = wizard(&machine, &["--speed", "20"], 100, 30);
    terminal.wait("deploying");
    answered(&terminal);
    terminal.press(ENTER);
    terminal.wait("Safe to close");
    terminal.signal("KILL");
    terminal.end();
    met_again(&machine);
}

/// Opens the wizard again and follows the deployment that it finds to its end.
fn met_again(machine: &Machine) {
    let before = listed(machine);
    let mut terminal = wizard(machine, &["--speed", "3000"], 100, 30);
    terminal.wait(before["full_name"].as_str().unwrap());
    answered(&terminal);
    terminal.press(ENTER);
    stands(&terminal);
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
    let after = listed(machine);
    assert_eq!(after["phase"], "ready");
    assert_eq!(after["full_name"], before["full_name"]);
}

#[test]
fn killed_at_any_moment_it_is_one_environment_in_the_end() {
    let machine = Machine::new();
    for pause in [0_u64, 120, 400] {
        let mut terminal = wizard(&machine, &["--speed", "20"], 100, 30);
        terminal.wait("Practice subscription");
        if terminal.screen().contains("Start") {
            deploy_by_keys(&mut terminal);
            terminal.wait("DEPLOY");
        } else {
            answered(&terminal);
            terminal.press(ENTER);
        }
        // No wait for luck: whatever has been reached by then is the moment that is tested.
        std::thread::sleep(std::time::Duration::from_millis(pause));
        terminal.signal("KILL");
        terminal.end();
    }
    let mut terminal = wizard(&machine, &["--speed", "3000"], 100, 30);
    terminal.wait("Practice subscription");
    answered(&terminal);
    let screen = terminal.screen();
    if screen.contains("Start") {
        deploy_by_keys(&mut terminal);
    } else {
        terminal.press(ENTER);
        terminal.wait_until("a screen of its own", |screen| {
            let contents = screen.contents();
            ["BASICS", "DEPLOY", "CREDENTIALS", "Everything is as planned"]
                .iter()
                .any(|each| contents.contains(each))
        });
        if terminal.screen().contains("BASICS") {
            // Killed before anything was sent: the form has what was chosen.
            terminal.wait("Everything is filled in");
            terminal.press(CTRL_N);
            terminal.wait("Nothing has been created yet");
            terminal.press("D");
            terminal.wait("y yes   Esc no");
            terminal.press("y");
        }
    }
    stands(&terminal);
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
    assert_eq!(listed(&machine)["phase"], "ready");
}

#[test]
fn cancelled_during_bastion_and_firewall_it_tells_the_truth_and_can_be_completed() {
    let machine = Machine::new();
    let mut terminal = wizard(&machine, &["--speed", "60"], 100, 30);
    deploy_by_keys(&mut terminal);
    terminal.wait("usually 7m 30s");
    terminal.press("x");
    terminal.wait("Stop watching, or stop the deployment?");
    // Enter takes the answer that has the cursor, and that is never the one that cancels.
    terminal.press(ENTER);
    terminal.wait_until("the question closed", |screen| {
        !screen.contents().contains("Stop watching, or stop the deployment?")
    });
    terminal.press("x");
    terminal.wait("Stop watching, or stop the deployment?");
    terminal.press("\u{18}");
    terminal.wait("has started ends first");
    terminal.wait("It was cancelled after");
    terminal.wait("what exists costs nothing");
    let cancelled = listed(&machine);
    terminal.press("R");
    terminal.wait("Create what is missing");
    terminal.press("y");
    terminal.wait("Your private workspace is ready");
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
    let completed = listed(&machine);
    assert_eq!(completed["full_name"], cancelled["full_name"]);
    assert_eq!(completed["phase"], "ready");
}

/// What Azure refuses before anything was sent leaves nothing: no record, no group, and the same form again.
#[test]
fn a_refusal_is_told_in_words_and_leaves_nothing_behind() {
    let machine = Machine::new();
    let fault = ["--speed", "3000", "--fault", "policy"];
    let mut terminal = wizard(&machine, &fault, 100, 30);
    preview_by_keys(&mut terminal);
    terminal.wait("open finding");
    terminal.press("D");
    terminal.wait("y yes   Esc no");
    terminal.press("y");
    terminal.wait("What happened");
    terminal.wait_until("the cause in words", |screen| {
        let contents = screen.contents();
        contents.contains("policy") && !contents.contains("{\"")
    });
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
    assert_eq!(
        machine.run(&["list", "--practice", "--json"]).expect(0).lines(),
        Vec::<serde_json::Value>::new()
    );
}

#[test]
fn a_small_window_and_a_larger_one_show_the_same_run() {
    let machine = Machine::new();
    let mut terminal = wizard(&machine, &["--speed", "20"], 100, 30);
    deploy_by_keys(&mut terminal);
    terminal.wait("Safe to close");
    terminal.resize(40, 8);
    terminal.wait("deployment is not affected");
    terminal.resize(60, 18);
    terminal.wait("[Resources]");
    terminal.resize(100, 30);
    terminal.wait("Working on now");
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 3);
}

#[test]
fn the_mouse_is_used_only_when_it_is_asked_for() {
    let machine = Machine::new();
    let mut terminal = wizard(&machine, &[], 100, 30);
    terminal.wait("Practice subscription");
    terminal.press("\u{1b}[19~");
    terminal.wait_until("the mouse", |screen| {
        screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None
    });
    // The help hint stands in the last row; a click on it opens help.
    let line = terminal.screen().lines().last().unwrap().to_owned();
    let column = line.find("? help").unwrap() + 1;
    terminal.press(&format!("\u{1b}[<0;{column};30M"));
    terminal.wait("Commands: Welcome");
    terminal.press(ESCAPE);
    terminal.wait_until("help closed", |screen| !screen.contents().contains("Commands: Welcome"));
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
}

#[test]
fn pasted_text_comes_in_one_piece_and_without_its_end_of_line() {
    let machine = Machine::new();
    let mut terminal = wizard(&machine, &[], 100, 30);
    terminal.wait("Practice subscription");
    terminal.press(ENTER);
    terminal.wait("Name");
    terminal.press("\u{1b}[200~demo\r\n\u{1b}[201~");
    terminal.wait("Everything is filled in");
    terminal.press(CTRL_C);
    assert_eq!(terminal.end_clean(), 0);
}

#[test]
fn without_utf_8_and_without_colours_only_plain_signs_are_used() {
    let machine = Machine::new();
    let mut command = program(machine.home(), &["practice", "--no-hubs"]);
    command.env("LANG", "C");
    command.env("NO_COLOR", "1");
    let mut terminal = Terminal::run(command, 100, 30);
    terminal.wait("Practice subscription");
    terminal.press(ENTER);
    terminal.wait("Name");
    terminal.press("demo");
    terminal.wait("Everything is filled in");
    assert!(terminal.screen().is_ascii(), "{}", terminal.screen());
    terminal.press(CTRL_C);
    assert_eq!(terminal.end_clean(), 0);
}

#[test]
fn a_recording_holds_no_secret_and_plays_back() {
    let machine = Machine::new();
    let file = machine.home().join("session.jsonl");
    let flags = ["--speed", "3000", "--record-session", file.to_str().unwrap()];
    let mut terminal = wizard(&machine, &flags, 100, 30);
    deploy_by_keys(&mut terminal);
    terminal.wait("Your private workspace is ready");
    terminal.wait("v show");
    terminal.press("v");
    terminal.wait("hidden in");
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
    let recorded = std::fs::read_to_string(&file).unwrap();
    let name = listed(&machine)["full_name"].as_str().unwrap().to_owned();
    let read = ["credentials", &name, "--practice", "--show", "--json"];
    let credentials = machine.run(&read).expect(0).event("credentials");
    let password = credentials["password"].as_str().unwrap();
    assert!(!recorded.contains(password));
    let path = file.to_str().unwrap();
    let mut terminal = Terminal::start(machine.home(), &["replay", path, "--pace", "0"], 100, 30);
    terminal.wait("Your private workspace is ready");
    terminal.wait("(not in a recording)");
    assert!(!terminal.screen().contains(password));
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
}
