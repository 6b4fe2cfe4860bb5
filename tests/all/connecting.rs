//! Connecting an environment to a hub from the keyboard, in a real terminal: a hub that fits, one that overlaps, one
//! whose owner must act, and none at all.

#![cfg(unix)]

use crate::support::{
    Machine,
    terminal::{ENTER, Terminal},
};

const HOME: &str = "\x1b[H";

/// An environment that stands, with its peering open and the hubs read.
fn peering(machine: &Machine) -> Terminal {
    machine.deploy(&[]).expect(0);
    let mut terminal = Terminal::start(machine.home(), &["practice", "--speed", "3000"], 100, 30);
    terminal.wait_until("ready, and Azure has told so", |screen| {
        let contents = screen.contents();
        let mut lines = contents.lines();
        lines.any(|line| line.contains("test4821") && line.contains("ready"))
            && lines.rev().take(2).any(|line| line.contains("checked"))
    });
    terminal.press(ENTER);
    terminal.wait("Everything is as planned");
    terminal.press("H");
    terminal.wait("vnet-core-ne");
    terminal
}

/// Goes down to a hub. A picture can arrive in pieces, so each step waits for the row that it leads to.
fn choose(terminal: &mut Terminal, name: &str) {
    let row_of = |contents: &str, text: &str| {
        let mut rows = contents.lines().skip_while(|line| !line.contains("Gateway"));
        rows.position(|line| line.contains(text))
    };
    terminal.press(HOME);
    let wanted = row_of(&terminal.screen(), name).unwrap_or_default();
    for row in 1..=wanted {
        terminal.wait_until("the next one is chosen", |screen| {
            row_of(&screen.contents(), "›") == Some(row)
        });
        if row < wanted {
            terminal.press("j");
        }
    }
    let chosen = terminal.screen();
    let chosen = chosen.lines().find(|line| line.contains('›'));
    assert!(chosen.is_some_and(|line| line.contains(name)), "{name}");
}

fn linked_and_tested(terminal: &mut Terminal) {
    terminal.wait("both sides Connected");
    terminal.press("t");
    terminal.wait("names are as they must be");
}

#[test]
fn a_hub_that_fits_is_linked_and_answers_and_one_that_overlaps_is_refused() {
    let machine = Machine::new();
    let mut terminal = peering(&machine);
    choose(&mut terminal, "vnet-core-ne");
    terminal.wait("--cidr 10.2.0.0/22");
    terminal.press("L");
    terminal.wait("overlaps 10.1.0.0/16 of the hub vnet-core-ne");
    choose(&mut terminal, "vnet-hub-weu");
    terminal.press(ENTER);
    terminal.wait("not linked");
    terminal.press("L");
    terminal.wait("Link test4821 and vnet-hub-weu?");
    // Enter links nothing.
    terminal.press(ENTER);
    terminal.press("y");
    linked_and_tested(&mut terminal);
    terminal.press("U");
    terminal.wait("Take the link to vnet-hub-weu away?");
    // It takes no yes before it is known who relies on it.
    terminal.wait_until("it was looked who relies on it", |screen| {
        !screen.contents().contains("Looking whether others rely")
    });
    terminal.press("y");
    terminal.wait("The link is gone on both sides");
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
}

#[test]
fn an_owner_who_must_act_gets_a_file_that_says_what() {
    let machine = Machine::new();
    let mut terminal = peering(&machine);
    choose(&mut terminal, "vnet-team");
    terminal.press(ENTER);
    terminal.wait("not linked");
    terminal.press("L");
    terminal.wait("Link test4821 and vnet-team?");
    terminal.press("y");
    terminal.wait("Nothing could be created from here");
    terminal.press("h");
    terminal.wait("The directory to write into");
    let directory = machine.home().join("for-the-owner");
    terminal.press("\x15");
    terminal.press(directory.to_str().unwrap_or_default());
    terminal.press(ENTER);
    terminal.wait("with its template beside it");
    let text = std::fs::read_to_string(directory.join("hand-over.md")).unwrap_or_default();
    assert!(text.contains("az network vnet peering create"), "{text}");
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
}

#[test]
fn who_has_no_hub_makes_one_and_is_linked_with_it() {
    let machine = Machine::new();
    let mut terminal = peering(&machine);
    terminal.press("n");
    terminal.wait("Its name: 1");
    terminal.press(ENTER);
    terminal.wait("The public address of the VPN device");
    terminal.press("10.0.0.1");
    terminal.press(ENTER);
    terminal.wait("is not a public address");
    terminal.press("\x15");
    terminal.press("203.0.113.7");
    terminal.press(ENTER);
    terminal.wait("The address ranges behind it");
    terminal.press("192.168.0.0/16");
    terminal.press(ENTER);
    terminal.wait("The address space of the hub's own network");
    terminal.press(ENTER);
    terminal.wait("Deploy the hub office?");
    terminal.press("y");
    terminal.wait("The hub office is deployed");
    terminal.wait("Remote gateway");
    terminal.press(ENTER);
    terminal.wait_until("the hub that was made is chosen and looked at", |screen| {
        let contents = screen.contents();
        let mut lines = contents.lines();
        contents.contains("not linked")
            && lines.any(|line| line.contains('›') && line.contains("vnet-hub-of"))
    });
    terminal.press("L");
    terminal.wait("Link test4821 and vnet-hub-office?");
    terminal.press("y");
    linked_and_tested(&mut terminal);
    terminal.press("q");
    assert_eq!(terminal.end_clean(), 0);
}
