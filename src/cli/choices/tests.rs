//! From the words of a command line to settings and back, and the help that describes them.

use clap::{CommandFactory as _, Parser as _};
use proptest::prelude::*;

use super::*;
use crate::cli::arguments::{Arguments, CliCommand};
use crate::domain::allowlist::Allowlist;
use crate::domain::region::RegionOffer;
use crate::domain::settings::Cloud;
use crate::domain::settings::tests::any_settings;
use crate::template::parameters;

fn parse(words: &[String]) -> Result<Arguments, clap::Error> {
    let begin = ["privateaml", "plan"].map(str::to_owned);
    Arguments::try_parse_from(begin.iter().chain(words))
}

/// The settings that a command line means.
fn settings(words: &[String]) -> Result<Settings, Ending> {
    let arguments = parse(words).unwrap();
    let Some(CliCommand::Plan(plan)) = arguments.command else {
        panic!("it is the command plan");
    };
    let draft = draft(&plan.choices, &arguments.global)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let asked = ask_for_packages(draft, &plan.choices, None, Prompter::Nobody);
    finish(&runtime.block_on(asked)?, regions())
}

/// The words of a flag and its value, as a shell takes them apart.
fn shell_words(flag: &str) -> Vec<String> {
    match flag.split_once(' ') {
        None => vec![flag.to_owned()],
        Some((name, value)) => {
            let value = match value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
                Some(quoted) => quoted.replace(r"'\''", "'"),
                None => value.to_owned(),
            };
            vec![name.to_owned(), value]
        }
    }
}

fn rich() -> Settings {
    let plan = "name='test'\nsuffix='4821'\nregion='westeurope'\ncidr='10.1.0.0/22'\npreset='privateaml-2022'\n\
                allow=['ubuntu']\npython_packages=['a.contoso.com','b.contoso.com']\nbastion='premium'\n\
                disable_copy_paste=true\nfirewall='premium'\njumpbox_size='Standard_D4s_v5'\n\
                auto_shutdown='18:30'\ntime_zone='W. Europe Standard Time'\nbuild_size='Standard_D4s_v5'\n\
                compute_instance=true\nservice_endpoint_policy=true\ndns_zones='existing'\n\
                datastore_access='account-key'\nlog_retention=90\nmonitor_access='open'\ncloud='public'\n\
                [tags]\ncostCenter='4711'\nowner='You, \\\"me\\\" and us'\n\
                [[host]]\nhost='c.contoso.com'\nports='https:8443'\nreason='ours'\n[[host]]\nhost='d.contoso.com'";
    finish(&Draft::from_toml(&plan.replace("\\\"", "\"")).unwrap(), regions()).unwrap()
}

proptest! {
    #[test]
    fn the_flags_of_settings_lead_back_to_them(settings_before in any_settings()) {
        let words: Vec<String> =
            settings_before.flags().iter().flat_map(|flag| shell_words(flag)).collect();
        prop_assert_eq!(settings(&words).unwrap(), settings_before);
    }
}

#[test]
fn a_region_in_the_list_says_why_it_cannot_be_chosen_or_that_it_is_not_known() {
    let known = region::find("northeurope", Cloud::Public).unwrap();
    for (offer, label) in [
        (RegionOffer::Offered, "North Europe (northeurope)"),
        (RegionOffer::NotListed, "North Europe (northeurope): not offered to this subscription"),
        (
            RegionOffer::NotKnown("Azure did not answer.".into()),
            "North Europe (northeurope): not known whether it is offered",
        ),
    ] {
        assert_eq!(region_label(&Region { offer, ..known.clone() }), label);
    }
}

#[test]
fn flags_and_parameters_of_settings_are_these() {
    let mut usgov = rich();
    usgov.cloud = Cloud::UsGov;
    usgov.auto_shutdown = None;
    usgov.allow.clear();
    usgov.deny.insert("ubuntu".into());
    usgov.tags.insert("owner".into(), "nobody's".into());
    let plain = Settings::new(
        EnvironmentName::parse("test").unwrap(),
        Suffix::parse("4821").unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    );
    let told: Vec<String> = [plain, rich(), usgov]
        .iter()
        .map(|settings| {
            let flags = settings.flags().join("\n");
            let selection = Allowlist::embedded().select(settings).unwrap();
            let mut values = parameters::parameters(settings, &selection, None);
            values.sort_keys();
            values.retain(|name, _| !name.ends_with("Rules") && name != "firewallRuleCollections");
            format!("{flags}\n{}\n", serde_json::to_string_pretty(&values).unwrap())
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn the_help_of_commands_with_choices_is_this() {
    let command = Arguments::command().term_width(100);
    for name in ["plan", "deploy", "export", "mend"] {
        let mut command = command.clone();
        command.build();
        let command = command.find_subcommand_mut(name).unwrap();
        let (long, short) = (command.render_long_help(), command.render_help());
        insta::assert_snapshot!(format!("help_of_{name}"), format!("{long}\n\n{short}"));
    }
}

#[test]
fn what_flags_may_not_say_is_told_in_these_words() {
    let told: Vec<String> = [
        "--bastion gold",
        "--bastion Standard",
        "--preset",
        "--log-retention long",
        "--log-retention 70000",
        "--compute-instance=yes",
        "--name a --name b",
        "--cidr",
        "--jumpbox 7",
        "--compute-instance --compute-instance",
        "--cloud moon",
        "--allow",
    ]
    .iter()
    .map(|line| {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        format!("{line}\n  {}", parse(&words).unwrap_err().to_string().replace('\n', "\n  "))
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn what_cannot_be_used_is_a_problem_with_its_flag() {
    let whole = "--name test --region westeurope --cidr 10.1.0.0/22";
    let told: Vec<String> = [
        "--tag owner",
        "--tag =x",
        "--suffix 12",
        "--python-packages",
        "--python-packages azure-ml",
        "--python-packages https://a.contoso.com/x",
        "--python-packages off",
        "--auto-shutdown 25",
        "--auto-shutdown OFF",
        "--time-zone Europe/Amsterdam",
        "--log-retention 20",
        "--region atlantis",
        "--name ''",
        "--allow-host *",
        "--allow-host a.contoso.com=x",
        "--deny sign-in --allow nothing",
        "--jumpbox-size D2",
        "--hub x --bastion developer --disable-copy-paste",
    ]
    .iter()
    .map(|line| {
        let before =
            if line.starts_with("--region") || line.starts_with("--name") { "" } else { whole };
        let words: Vec<String> =
            format!("{before} {line}").split_whitespace().map(str::to_owned).collect();
        match settings(&words) {
            Ok(settings) => format!("{line}\n  {:?}", &settings.flags()[2..]),
            Err(Ending::Usage(problem)) => format!("{line}\n  usage {}", leaves(&problem)),
            Err(Ending::NeedsAnswer(problem)) => format!("{line}\n  needs {}", leaves(&problem)),
            Err(ending) => panic!("{line}: {ending:?}"),
        }
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

fn leaves(problem: &Problem) -> String {
    let told: Vec<String> = problem
        .leaves()
        .map(|each| {
            format!(
                "{} at {}: {} {}",
                each.code,
                each.place.as_deref().unwrap(),
                each.what,
                each.advice
            )
        })
        .collect();
    told.join("\n  and ")
}
