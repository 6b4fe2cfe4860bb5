//! The command line as scripts see it: exit codes, JSON lines, files, and what they never contain.

use crate::support::{Machine, TEST};

fn with<'a>(first: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [first, TEST, rest].concat()
}

#[test]
fn a_plan_needs_no_account_and_writes_nothing() {
    let machine = Machine::new();
    let plan = machine.run(&with(&["plan"], &["--json"])).expect(0).event("plan");
    assert_eq!(plan["v"], 1);
    assert_eq!(plan["name"], "test");
    assert_eq!(plan["suffix"], "4821");
    assert_eq!(plan["address_space"], "10.1.0.0/22");
    let subnets: Vec<_> = plan["subnets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|subnet| (subnet["name"].as_str().unwrap(), subnet["prefix"].as_str().unwrap()))
        .collect();
    assert_eq!(
        subnets,
        [
            ("AzureFirewallSubnet", "10.1.1.0/24"),
            ("AzureBastionSubnet", "10.1.2.0/26"),
            ("SharedSubnet", "10.1.2.128/25"),
        ]
    );
    let symbols: Vec<_> = plan["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| resource["symbol"].as_str().unwrap().to_owned())
        .collect();
    for resource in plan["resources"].as_array().unwrap() {
        for key in ["symbol", "type", "name", "id", "area"] {
            assert!(resource[key].is_string(), "{key} in {resource}");
        }
        assert!(resource["seconds"].as_u64().is_some());
        for dependency in resource["depends_on"].as_array().unwrap() {
            assert!(symbols.contains(&dependency.as_str().unwrap().to_owned()));
        }
    }
    assert!(plan["critical_seconds"].as_u64().unwrap() > 600);
    assert!(plan["firewall"][0]["entries"][0]["reason"].is_string());
    assert!(plan["nsg"].as_array().unwrap().len() > 6);
    assert!(machine.files().is_empty(), "{:?}", machine.files());
}

#[test]
fn bad_answers_are_refused_with_what_would_be_right() {
    let machine = Machine::new();
    for (arguments, telling) in [
        (
            vec!["plan", "--name", "Test_1", "--region", "westeurope", "--cidr", "10.1.0.0/22"],
            "--name",
        ),
        (
            vec!["plan", "--name", "test", "--region", "westeurop", "--cidr", "10.1.0.0/22"],
            "westeurope",
        ),
        (
            vec!["plan", "--name", "test", "--region", "westeurope", "--cidr", "10.1.0.5/22"],
            "10.1.0.0/22",
        ),
        (vec!["plan", "--name", "test", "--region", "westeurope", "--cidr", "10.1.0.0/24"], "/22"),
        (
            vec!["plan", "--name", "test", "--region", "westeurope", "--cidr", "172.17.0.0/16"],
            "Docker",
        ),
        (
            vec![
                "plan",
                "--name",
                "test",
                "--region",
                "westeurope",
                "--cidr",
                "10.1.0.0/22",
                "--deny",
                "nothing",
            ],
            "nothing",
        ),
        (
            vec![
                "plan",
                "--name",
                "test",
                "--region",
                "westeurope",
                "--cidr",
                "10.1.0.0/22",
                "--allow-host",
                "*github.com",
            ],
            "*.github.com",
        ),
    ] {
        let ended = machine.run(&arguments).expect(2);
        assert!(ended.err.contains(telling), "{arguments:?} says:\n{}", ended.err);
        assert!(!ended.err.contains('{'), "raw data in:\n{}", ended.err);
    }
}

#[test]
fn a_group_of_the_persons_own_choice_is_planned_and_exported() {
    let machine = Machine::new();
    let chosen = ["--resource-group", "rg-mine", "--json"];
    let plan = machine.run(&with(&["plan"], &chosen)).expect(0);
    let plan = plan.event("plan");
    assert_eq!(plan["resource_group"], "rg-mine");
    for resource in plan["resources"].as_array().unwrap() {
        let id = resource["id"].as_str().unwrap();
        assert!(id.contains("/resourceGroups/rg-mine/"), "{id}");
    }
    let directory = machine.home().join("out");
    let export = ["export", directory.to_str().unwrap()];
    machine.run(&with(&export, &chosen)).expect(0);
    let readme = std::fs::read_to_string(directory.join("README.md")).unwrap();
    assert!(readme.contains("rg-mine") && !readme.contains("rg-test4821"));
}

#[test]
fn a_doubtful_address_space_is_planned_with_a_warning() {
    let machine = Machine::new();
    let given = ["--name", "test", "--region", "westeurope", "--cidr"];
    for command in ["plan", "export"] {
        let directory = machine.home().join("out");
        let mut arguments = vec![command];
        if command == "export" {
            arguments.push(directory.to_str().unwrap());
        }
        arguments.extend(given);
        arguments.extend(["8.8.0.0/16", "--json"]);
        let ended = machine.run(&arguments).expect(0);
        assert!(ended.err.contains("not a private range"), "{}", ended.err);
    }
    let usual = machine.run(&with(&["plan"], &["--json"])).expect(0);
    assert!(!usual.err.contains("Note:"), "{}", usual.err);
}

#[test]
fn without_a_terminal_a_missing_answer_names_its_flag() {
    let machine = Machine::new();
    for (arguments, flag) in [
        (
            vec![
                "deploy",
                "--practice",
                "--region",
                "westeurope",
                "--cidr",
                "10.1.0.0/22",
                "--yes",
            ],
            "--name",
        ),
        (
            vec!["deploy", "--practice", "--name", "test", "--cidr", "10.1.0.0/22", "--yes"],
            "--region",
        ),
        (
            vec!["deploy", "--practice", "--name", "test", "--region", "westeurope", "--yes"],
            "--cidr",
        ),
        (
            vec![
                "deploy",
                "--practice",
                "--name",
                "test",
                "--region",
                "westeurope",
                "--cidr",
                "10.1.0.0/22",
            ],
            "--yes",
        ),
        (vec!["delete", "test4821", "--practice"], "--yes"),
    ] {
        let ended = machine.run(&arguments);
        if arguments[0] == "delete" {
            // Nothing to delete is known first; the flag matters once there is something.
            assert_ne!(ended.code, 0);
            continue;
        }
        let ended = ended.expect(4);
        assert!(ended.err.contains(flag), "{arguments:?} says:\n{}", ended.err);
    }
}

#[test]
fn practice_without_a_terminal_makes_the_default_environment() {
    let machine = Machine::new();
    let ended = machine.run(&["practice", "--speed", "3000"]).expect(0);
    assert!(ended.out.contains("PRACTICE"), "{}", ended.out);
    assert!(ended.out.contains("Ready"), "{}", ended.out);
    let list = machine.run(&["list", "--practice", "--json"]).expect(0).event("environment");
    assert_eq!(list["name"], "test");
    assert_eq!(list["phase"], "ready");
}

#[test]
fn a_deployment_takes_as_long_as_its_critical_path() {
    let machine = Machine::new();
    let plan = machine.run(&with(&["plan"], &["--json"])).expect(0).event("plan");
    let deployed = machine.deploy(&["--json"]).expect(0);
    let started = deployed.event("started");
    assert_eq!(started["practice"], true);
    let finished = deployed.event("finished");
    assert_eq!(finished["state"], "succeeded");
    let seconds = finished["seconds"].as_f64().unwrap();
    let critical = plan["critical_seconds"].as_f64().unwrap();
    assert!((seconds - critical).abs() <= critical * 0.03, "{seconds} s against {critical} s");
    let done: std::collections::BTreeSet<_> = deployed
        .lines()
        .iter()
        .filter(|line| line["event"] == "step" && line["state"] == "done")
        .map(|line| line["symbol"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(done.len(), plan["resources"].as_array().unwrap().len());
}

#[test]
fn the_same_command_again_changes_nothing() {
    let machine = Machine::new();
    let command = with(&["deploy", "--practice", "--speed", "3000"], &["--yes", "--json"]);
    let first = machine.run(&command).expect(0);
    let agreed = first.event("agreed")["text"].clone();
    assert!(agreed.as_str().unwrap().contains("Windows licence"), "{agreed}");
    let password = machine.password();
    let again = machine.run(&command).expect(0);
    assert!(!again.out.contains("\"agreed\""));
    assert_eq!(again.event("standing")["changes"].as_array().map(Vec::len), Some(0));
    assert_eq!(machine.password(), password);
}

#[test]
fn an_export_holds_everything_but_the_secret() {
    let machine = Machine::new();
    let directory = machine.home().join("out");
    machine.run(&with(&["export", directory.to_str().unwrap()], &[])).expect(0);
    let parameters = std::fs::read_to_string(directory.join("main.parameters.json")).unwrap();
    assert!(!parameters.contains("adminPassword"));
    let readme = std::fs::read_to_string(directory.join("README.md")).unwrap();
    assert!(readme.contains("adminPassword") && readme.contains("az deployment group create"));
    assert!(readme.contains("az role assignment create") && readme.contains("SharedSubnet"));
    let again = machine.run(&with(&["export", directory.to_str().unwrap()], &[])).expect(1);
    assert!(again.err.contains("--force"), "{}", again.err);
    let deployed = machine.deploy(&["--template", directory.to_str().unwrap(), "--json"]).expect(0);
    assert_eq!(deployed.event("finished")["state"], "succeeded");
}

#[test]
fn deleting_leaves_no_environment_and_no_credentials() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let unasked = machine.run(&["delete", "test4821", "--practice"]).expect(4);
    assert!(unasked.err.contains("--yes"));
    machine.run(&["delete", "test4821", "--practice", "--speed", "3000", "--yes"]).expect(0);
    assert!(machine.run(&["list", "--practice", "--json"]).expect(0).out.is_empty());
    machine.run(&["credentials", "test4821", "--practice", "--show"]).expect(1);
}

#[test]
fn a_second_factor_is_told_with_the_command_that_answers_it() {
    let machine = Machine::new();
    let ended = machine.deploy(&["--fault", "second-factor"]).expect(1);
    let said = ended.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("not carried it out"), "{said}");
    assert!(
        said.contains(
            "--scope https://management.core.windows.net//.default --claims-challenge \""
        ),
        "{said}"
    );
}

#[test]
fn cost_is_told_with_its_rows_uses_and_prices_in_a_currency_and_without_an_account() {
    let machine = Machine::new();
    let told = machine.run(&with(&["cost"], &["--practice", "--json", "--currency", "EUR"]));
    let event = told.expect(0).event("cost");
    let cost = &event["cost"];
    // By hand from the practice cloud's rows: see engine::cost.
    assert_eq!(cost["monthly"], 1325.72);
    assert_eq!((&cost["currency"], &cost["source"]), (&"EUR".into(), &"practice".into()));
    assert_eq!(cost["modes"]["always"]["monthly"], cost["monthly"]);
    let paused = cost["modes"]["paused"]["monthly"].as_f64().unwrap();
    let hours = cost["modes"]["working-hours"]["monthly"].as_f64().unwrap();
    assert!(paused < hours && hours < 1325.72, "{paused} {hours}");
    let rows = cost["lines"].as_array().unwrap();
    let sum: f64 = rows.iter().map(|row| row["monthly"].as_f64().unwrap()).sum();
    assert!((sum - 1325.72).abs() < 0.001, "{sum}");
    assert!(cost["usage"].as_array().unwrap().len() > 5);
    let plain = machine.run(&with(&["cost"], &["--practice", "--plain", "--currency", "EUR"]));
    let text = plain.expect(0).out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "EUR 1,325.72 a month, EUR 43.59 a day",
        "Paused outside working hours (10 h on 22 days)",
        "Data that passes the firewall: EUR 0.0173 per GB",
        "Round figures of the practice cloud, not Azure's prices",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // A plan asks nobody, and shows what was read.
    let shown = machine.run(&with(&["plan"], &["--practice", "--json", "--currency", "EUR"]));
    assert_eq!(shown.expect(0).event("plan")["cost"]["monthly"].to_string(), "1325.72");
    machine.run(&["cost", "--currency", "XXX"]).expect(2);
}

#[test]
fn without_a_price_list_cost_is_told_from_the_dated_prices() {
    let machine = Machine::new();
    let nowhere = ["--endpoint", "http://127.0.0.1:9", "--json"];
    let event = machine.run(&with(&["cost"], &nowhere)).expect(0).event("cost");
    assert_eq!(event["cost"]["source"], "snapshot");
    assert!(event["cost"]["notes"][0].as_str().unwrap().contains("could not be read now"));
    assert!(event["cost"]["monthly"].as_f64().unwrap() > 1000.0);
}
