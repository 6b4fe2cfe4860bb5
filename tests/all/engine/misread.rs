//! Answers that are not Azure's, or not about what was asked for: nothing is forgotten, and nothing false is said.

use privateaml::{
    azure::machine::Power,
    domain::{
        environment::{Phase, Record, remains::Remain},
        operation::{Ended, Event, Notice},
        peering::HubName,
        problem::Problem,
    },
    engine::{
        Context, Control, DeleteOptions, delete_environment, deploy, pause,
        peering::{delete_hub, unlink},
        resume, status, stop,
    },
    store::keychain::SecretStore as _,
};

use super::{
    bench::{Bench, FULL_NAME, GROUP, power, ready, request},
    liar::{EVERYWHERE, Liar, Lie},
};

async fn delete(
    context: &Context,
    bench: &Bench,
    record: &Record,
) -> Result<Ended<Vec<Remain>>, Problem> {
    let options = DeleteOptions::default();
    let control = Control::default();
    delete_environment(context, record, options, &control, &bench.events).await
}

async fn nothing_is_forgotten(bench: &Bench, why: &str) {
    let record = bench.record().unwrap_or_else(|| panic!("no record: {why}"));
    let kept = bench.secrets.read(&record.account()).await.unwrap();
    assert!(kept.is_some(), "no credentials: {why}");
}

/// Words that tell an end which was not seen.
fn claims_nothing(problem: &Problem, why: &str) {
    let said = problem.to_string().to_lowercase();
    for claim in
        ["is gone", "is deleted", "is paused", "is stopped", "nothing exists", "nothing was made"]
    {
        assert!(!said.contains(claim), "{why}: {said}");
    }
    assert!(!problem.advice.is_empty(), "{why}");
}

#[tokio::test]
async fn nothing_is_done_or_said_where_every_answer_lies() {
    let bench = Bench::at(4000.0, &[]);
    let liar = Liar::before(&bench).await;
    let record = ready(bench.deploy().await).record;
    let context = liar.context(&bench);
    // The practice cloud must be known as one before it is lied about: it makes itself known in its answers.
    context.arm.subscription().await.unwrap();
    let hub: HubName = "office".parse().unwrap();
    let control = Control::default();
    for lie in EVERYWHERE {
        liar.everywhere(lie);
        let (context, events) = (&context, &bench.events);
        let refused = [
            ("delete", delete(context, &bench, &record).await.err()),
            ("pause", pause(context, &record, &control, events).await.err()),
            ("resume", resume(context, &record, &control, events).await.err()),
            ("stop", stop(context, &record, &Control::default(), events).await.err()),
            ("unlink", unlink(context, &record, &control, events).await.err()),
            ("hub", delete_hub(context, &hub, &control, events).await.err()),
            ("status", status(context, record.clone()).await.err()),
        ];
        for (act, problem) in refused {
            let why = format!("{act} with {lie:?}");
            let problem = problem.unwrap_or_else(|| panic!("{why} was called done"));
            claims_nothing(&problem, &why);
        }
        nothing_is_forgotten(&bench, &format!("{lie:?}")).await;
    }
    liar.honest();
    assert_eq!(power(&context, &record).await.unwrap(), Power::Running);
    assert_eq!(bench.record().unwrap().phase, Phase::Ready);
    delete(&context, &bench, &record).await.unwrap();
    assert_eq!(bench.record(), None);
}

#[tokio::test]
async fn a_group_whose_removal_was_only_answered_is_not_forgotten() {
    let bench = Bench::at(4000.0, &[]);
    let liar = Liar::before(&bench).await;
    let record = ready(bench.deploy().await).record;
    let context = liar.context(&bench);
    let group = format!("/resourcegroups/{GROUP}");
    for lie in [Lie::Empty204, Lie::Accepted, Lie::Page404, Lie::SubscriptionNotFound] {
        let of_group = group.clone();
        liar.lie(move |method, path| {
            (method == "DELETE" && path.ends_with(&of_group)).then_some(lie)
        });
        let problem = delete(&context, &bench, &record).await.unwrap_err();
        claims_nothing(&problem, &format!("{lie:?}"));
        nothing_is_forgotten(&bench, &format!("{lie:?}")).await;
    }
    liar.honest();
    delete(&context, &bench, &record).await.unwrap();
    assert_eq!(bench.record(), None);
}

#[tokio::test]
async fn a_question_about_an_operation_that_tells_no_state_is_no_end() {
    let bench = Bench::at(4000.0, &[]);
    let liar = Liar::before(&bench).await;
    let record = ready(bench.deploy().await).record;
    let context = liar.context(&bench);
    for lie in [Lie::Object200, Lie::Null200, Lie::Empty200, Lie::Page200] {
        liar.lie(move |method, path| {
            (method == "GET" && path.contains("operation")).then_some(lie)
        });
        let control = Control::default();
        match pause(&context, &record, &control, &bench.events).await {
            // What was begun before may have ended meanwhile; then it is read, not believed.
            Ok(_) => {
                let power = power(&bench.context(), &record).await.unwrap();
                assert_eq!(power, Power::Deallocated, "{lie:?}");
            }
            Err(problem) => claims_nothing(&problem, &format!("pause with {lie:?}")),
        }
        nothing_is_forgotten(&bench, &format!("{lie:?}")).await;
    }
    // What a removal of the group is asked about may be anything: the group itself is read.
    match delete(&context, &bench, &record).await {
        Ok(_) => assert_eq!(bench.context().arm.resource_group(GROUP).await.unwrap(), None),
        Err(problem) => claims_nothing(&problem, "delete"),
    }
}

#[tokio::test]
async fn a_firewall_that_was_not_read_is_neither_paused_nor_resumed() {
    let bench = Bench::at(4000.0, &[]);
    let liar = Liar::before(&bench).await;
    let record = ready(bench.deploy().await).record;
    let context = liar.context(&bench);
    let control = Control::default();
    for lie in [Lie::Page404, Lie::Empty404, Lie::Null200, Lie::Object200, Lie::Empty200] {
        liar.lie(move |method, path| {
            (method == "GET" && path.contains("/azurefirewalls/")).then_some(lie)
        });
        for ended in [
            pause(&context, &record, &control, &bench.events).await,
            resume(&context, &record, &control, &bench.events).await,
        ] {
            claims_nothing(&ended.unwrap_err(), &format!("{lie:?}"));
        }
        assert_eq!(bench.record().unwrap().phase, Phase::Ready, "{lie:?}");
    }
    // Taken, but not done.
    liar.lie(|method, path| {
        (method == "PUT" && path.contains("/azurefirewalls/")).then_some(Lie::Object200)
    });
    let paused = pause(&context, &record, &control, &bench.events).await;
    assert_eq!(paused.unwrap_err().code, "FirewallStillOn");
    liar.honest();
    resume(&context, &record, &control, &bench.events).await.unwrap();
    liar.lie(|method, path| {
        (method == "POST" && path.ends_with("/deallocate")).then_some(Lie::Empty200)
    });
    let stopped = stop(&context, &record, &Control::default(), &bench.events).await;
    assert_eq!(stopped.unwrap_err().code, "PowerUnchanged");
}

#[tokio::test]
async fn a_cancel_says_what_it_does_not_know() {
    let bench = Bench::at(40.0, &[]);
    let liar = Liar::before(&bench).await;
    let context = liar.context(&bench);
    let of_group = format!("/resourcegroups/{GROUP}/resources");
    liar.lie(move |_, path| path.ends_with(&of_group).then_some(Lie::Page200));
    let ended = bench
        .deploy_until(
            &context,
            |event| matches!(event, Event::Started { .. }),
            |control| control.cancel.cancel(),
        )
        .await;
    let Ok(Ended::Stopped(stopped)) = ended else {
        panic!("{ended:?}");
    };
    assert!(stopped.kept.resources.is_err());
    let said = stopped.kept.sentence();
    assert!(said.contains("could not be read"), "{said}");
    assert_eq!(stopped.kept.count(), None);
}

#[tokio::test]
async fn a_cancel_that_did_not_arrive_is_told() {
    let bench = Bench::at(40.0, &[]);
    let liar = Liar::before(&bench).await;
    let context = liar.context(&bench);
    liar.lie(|_, path| path.ends_with("/cancel").then_some(Lie::Page404));
    let ended = bench
        .deploy_until(
            &context,
            |event| matches!(event, Event::Started { .. }),
            |control| control.cancel.cancel(),
        )
        .await;
    let problem = ended.unwrap_err();
    assert!(problem.what.contains("goes on, and costs"), "{problem}");
    nothing_is_forgotten(&bench, "a cancel that did not arrive").await;
}

#[tokio::test]
async fn a_hub_that_is_not_seen_any_more_keeps_its_half_and_that_is_told() {
    let bench = Bench::at(4000.0, &[]);
    let liar = Liar::before(&bench).await;
    let mut record = ready(bench.deploy().await).record;
    let context = liar.context(&bench);
    let hub = super::leave::hub(&context).await;
    record.settings.hub = Some(hub);
    let control = Control::default();
    for lie in [Lie::SubscriptionNotFound, Lie::WrongTenant] {
        liar.lie(move |_, path| path.contains("/resourcegroups/rg-hub/").then_some(lie));
        let ended = unlink(&context, &record, &control, &bench.events).await;
        let Ok(Ended::Done(remains)) = ended else {
            panic!("{lie:?}: {ended:?}");
        };
        let said: Vec<String> = remains.iter().map(Remain::sentence).collect();
        assert!(
            said.iter().any(|each| each.contains("The peering to vnet-test4821")),
            "{lie:?}: {said:?}"
        );
    }
    liar.honest();
    let left = context.arm.virtual_network_peerings(record.settings.hub.as_deref().unwrap());
    assert_eq!(left.await.unwrap().unwrap().len(), 1);
}

#[tokio::test]
async fn a_record_of_another_subscription_or_tenant_is_kept() {
    let bench = Bench::at(4000.0, &[]);
    let record = ready(bench.deploy().await).record;
    let context = bench.context();
    let account = record.account();
    let credentials = bench.secrets.read(&account).await.unwrap().unwrap();
    let mut elsewhere = record.clone();
    elsewhere.subscription_id = "11111111-0000-4000-8000-000000000009".into();
    elsewhere.tenant_id = "22222222-0000-4000-8000-000000000009".into();
    bench.secrets.write(&elsewhere.account(), &credentials).await.unwrap();
    context.records.write(&elsewhere).unwrap();
    let seen: std::sync::Arc<[_]> = context.arm.subscriptions().await.unwrap().into();
    // Where the subscriptions were read, none of them is it; where not, Azure does not know it.
    for subscriptions in [seen, std::sync::Arc::from([])] {
        let context = Context { subscriptions, ..context.in_subscription(&elsewhere) };
        let problem = delete(&context, &bench, &elsewhere).await.unwrap_err();
        assert_eq!(problem.code, "SubscriptionNotSeen");
        assert!(problem.advice.contains("nothing is forgotten"), "{problem}");
        nothing_is_forgotten(&bench, "another subscription").await;
        let stopped = stop(&context, &elsewhere, &Control::default(), &bench.events).await;
        claims_nothing(&stopped.unwrap_err(), "stop");
    }
    // Neither is anything changed in this subscription for a record of that one.
    let problem = delete(&context, &bench, &elsewhere).await.unwrap_err();
    assert_eq!(problem.code, "RecordElsewhere");
    let mut real = record.clone();
    real.practice = false;
    let problem = delete(&context, &bench, &real).await.unwrap_err();
    assert_eq!(problem.code, "RecordElsewhere");
    assert!(context.arm.resource_group(GROUP).await.unwrap().is_some());
}

#[tokio::test]
async fn what_cannot_be_purged_or_read_is_told_and_the_rest_goes() {
    let bench = Bench::at(4000.0, &[]);
    let liar = Liar::before(&bench).await;
    let record = ready(bench.deploy().await).record;
    let context = liar.context(&bench);
    liar.lie(|method, path| {
        let purge = method == "DELETE"
            && (path.contains("microsoft.operationalinsights/workspaces")
                || path.ends_with("/workspaces/ml-test4821"))
            && !path.contains("/diagnosticsettings/");
        let kept = path.ends_with("/deletedvaults") || path.ends_with("/deletedworkspaces");
        if purge { Some(Lie::Conflict) } else { kept.then_some(Lie::Object200) }
    });
    let ended = delete(&context, &bench, &record).await;
    let Ok(Ended::Done(remains)) = ended else {
        panic!("{ended:?}");
    };
    let said: Vec<String> = remains.iter().map(Remain::sentence).collect();
    for part in [
        "the workspace ml-test4821",
        "the log workspace log-test4821",
        "Which deleted key vaults Azure keeps could not be read",
        "Which deleted log workspaces Azure keeps could not be read",
    ] {
        assert!(said.iter().any(|each| each.contains(part)), "{part}: {said:?}");
    }
    liar.honest();
    assert_eq!(context.arm.resource_group(GROUP).await.unwrap(), None);
    assert_eq!(context.records.read(FULL_NAME).unwrap(), None);
}

/// The disk takes no record any more from the moment in which the deployment leaves.
#[tokio::test]
async fn a_full_disk_hides_no_deployment() {
    let mut bench = Bench::at(400.0, &[]);
    let liar = Liar::before(&bench).await;
    let context = liar.context(&bench);
    let record = bench.paths().environments(true).join("test4821.json");
    liar.lie(move |method, path| {
        if method == "PUT" && path.contains("/deployments/") {
            std::fs::remove_file(&record).unwrap();
            std::fs::create_dir(&record).unwrap();
        }
        None
    });
    let ended = deploy(&context, &request(), &Control::default(), &bench.events).await;
    ready(ended);
    let told = bench.notices().into_iter().any(|notice| match notice {
        Notice::Minor(problem) => problem.advice.contains("goes on, and costs"),
        _ => false,
    });
    assert!(told, "nobody was told");
}

#[tokio::test]
async fn credentials_that_cannot_be_removed_keep_no_record_and_are_told() {
    use privateaml::store::keychain::Failing;
    let bench = Bench::at(4000.0, &[]);
    let record = ready(bench.deploy().await).record;
    bench.secrets.set_failing(Some(Failing::Deletes));
    let ended = delete(&bench.context(), &bench, &record).await;
    let Ok(Ended::Done(remains)) = ended else {
        panic!("{ended:?}");
    };
    assert!(remains.iter().any(|each| matches!(each, Remain::Credentials { .. })));
    assert_eq!(bench.record(), None);
}
