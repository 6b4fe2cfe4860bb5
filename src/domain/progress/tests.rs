use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::plan::PlannedResource;

fn plan(edges: &[(&str, &[&str])]) -> Plan {
    let resources = edges.iter().map(|(symbol, depends_on)| PlannedResource {
        symbol: (*symbol).into(),
        resource_type: "Microsoft.Network/things".into(),
        name: (*symbol).into(),
        id: id(symbol),
        area: "network".into(),
        description: String::new(),
        depends_on: depends_on.iter().map(|each| (*each).into()).collect(),
        seconds: 10,
        slow_seconds: 30,
        api_version: String::new(),
        body: serde_json::Value::Null,
    });
    Plan {
        name: "test".into(),
        suffix: "4821".into(),
        region: "westeurope".into(),
        resource_group: "rg-test4821".into(),
        address_space: "10.1.0.0/22".parse().unwrap(),
        subnets: Vec::new(),
        resources: resources.collect(),
        critical_path: Vec::new(),
        critical_seconds: 0,
        firewall: Vec::new(),
        nsg: Vec::new(),
        routes: Vec::new(),
        parameters: BTreeMap::new(),
        secure_parameters: Vec::new(),
    }
}

fn id(symbol: &str) -> String {
    format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/things/{symbol}")
}

/// An operation on `symbol` that has run for `elapsed` of the seconds since `start`.
fn operation(symbol: &str, state: &str, start: i64, elapsed: u64) -> DeploymentOperation {
    DeploymentOperation {
        id: format!("op-{symbol}"),
        // Azure does not keep the case of ids.
        target: Some(TargetResource {
            id: id(symbol).replace("resourceGroups", "resourcegroups"),
            resource_type: "Microsoft.Network/things".into(),
            name: symbol.into(),
        }),
        provisioning_operation: "Create".into(),
        state: state.into(),
        timestamp: at(start + i64::try_from(elapsed).unwrap()),
        duration: Duration::from_secs(elapsed),
        status_code: None,
        problem: None,
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn state<'a>(progress: &'a Progress, symbol: &str) -> &'a StepState {
    let mut steps = progress.steps().iter();
    &steps.find(|step| step.symbol == symbol).unwrap().state
}

fn course(progress: &Progress) -> Course {
    Course::of(progress.steps(), Duration::ZERO)
}

fn left(progress: &Progress) -> Duration {
    course(progress).left
}

fn chain() -> Plan {
    plan(&[("a", &[]), ("b", &["a"]), ("c", &["b"]), ("d", &["a"]), ("e", &[])])
}

#[test]
fn steps_wait_run_and_end() {
    let mut progress = Progress::new(&chain());
    assert_eq!(*state(&progress, "a"), StepState::Waiting { on: vec![] });
    assert_eq!(left(&progress), Duration::from_secs(30));
    let changes = progress.absorb(&[operation("a", "Running", 0, 2)], Some(at(4)));
    assert_eq!(changes.len(), 1);
    assert_eq!(progress.steps()[0].elapsed, Some(Duration::from_secs(4)));
    assert_eq!(left(&progress), Duration::from_secs(26));
    let seen = [operation("a", "Succeeded", 0, 9), operation("b", "Running", 9, 0)];
    let changes = progress.absorb(&seen, Some(at(50)));
    let words: Vec<_> =
        changes.iter().map(|each| (each.symbol.as_str(), each.state.word())).collect();
    assert_eq!(words, [("a", "done"), ("b", "running")]);
    assert_eq!(*state(&progress, "c"), StepState::Waiting { on: vec!["b".into()] });
    assert!(progress.steps()[1].is_slow());
    assert!(progress.absorb(&seen, Some(at(50))).is_empty());
}

#[test]
fn what_waits_for_a_failure_will_not_run() {
    let mut progress = Progress::new(&chain());
    let mut failed = operation("b", "Failed", 9, 3);
    failed.problem = Some(Problem::new("QuotaExceeded", "No cores left.", "Ask for more."));
    progress.absorb(&[operation("a", "Succeeded", 0, 9), failed], None);
    let because = "b failed".into();
    assert_eq!(*state(&progress, "c"), StepState::WillNotRun { because });
    assert_eq!(*state(&progress, "d"), StepState::Waiting { on: vec![] });
    assert_eq!(progress.failures()[0].code, "QuotaExceeded");
    progress.finish(DeploymentEnd::Failed);
    let because = "the deployment ended before it".into();
    assert_eq!(*state(&progress, "d"), StepState::WillNotRun { because });
    let counts = progress.counts();
    assert_eq!((counts.total, counts.done, counts.failed, counts.will_not_run), (5, 1, 1, 3));
}

#[test]
fn what_is_late_is_told_with_its_usual_time_and_no_number_for_its_end() {
    let mut progress = Progress::new(&chain());
    let seen = [operation("a", "Succeeded", 0, 9), operation("b", "Running", 9, 0)];
    progress.absorb(&seen, Some(at(19)));
    assert_eq!(course(&progress).late, None);
    progress.absorb(&seen, Some(at(25)));
    let late = course(&progress).late.unwrap();
    assert_eq!((late.symbol.as_str(), late.taken.as_secs(), late.after.as_secs()), ("b", 16, 10));
    let said = crate::domain::sentences::prospect(&course(&progress), Duration::from_secs(25));
    assert_eq!(
        said,
        "b usually takes 10 to 30s; it has taken 16s. What waits for it usually takes 10s."
    );
    // What nobody waits for is not late as long as something else takes longer.
    let mut progress = Progress::new(&chain());
    progress.absorb(&[operation("e", "Running", 0, 0)], Some(at(11)));
    assert_eq!(course(&progress).late, None);
}

#[test]
fn a_bar_counts_time_and_no_resources() {
    let many: Vec<(String, Vec<&str>)> =
        (0..90).map(|each| (format!("small{each}"), Vec::new())).collect();
    let mut edges: Vec<(&str, &[&str])> =
        many.iter().map(|(symbol, before)| (symbol.as_str(), before.as_slice())).collect();
    edges.push(("slow", &[]));
    let mut plan = plan(&edges);
    plan.resources.last_mut().unwrap().seconds = 600;
    plan.resources.last_mut().unwrap().slow_seconds = 695;
    let mut progress = Progress::new(&plan);
    let mut seen: Vec<DeploymentOperation> =
        many.iter().map(|(symbol, _)| operation(symbol, "Succeeded", 0, 9)).collect();
    seen.push(operation("slow", "Running", 0, 0));
    for (second, percent) in [(60, 10), (300, 50), (600, 86), (975, 91)] {
        progress.absorb(&seen, Some(at(second)));
        assert_eq!(course(&progress).percent(), percent, "{second}");
    }
    progress.absorb(&[operation("slow", "Succeeded", 0, 980)], None);
    assert_eq!(course(&progress).percent(), 100);
}

#[test]
fn what_fails_is_not_behind_and_not_waited_for() {
    let mut progress = Progress::new(&chain());
    let seen = [operation("a", "Failed", 0, 9), operation("e", "Running", 0, 0)];
    progress.absorb(&seen, Some(at(9)));
    let course = course(&progress);
    assert_eq!((course.percent(), course.left.as_secs(), course.has_failed), (0, 1, true));
}

#[test]
fn the_end_settles_what_the_list_has_not_told_yet() {
    let seen = [operation("a", "Succeeded", 0, 9), operation("b", "Running", 9, 3)];
    for (end, running, unseen) in [
        (DeploymentEnd::Succeeded, "done", "done"),
        (DeploymentEnd::Failed, "cancelled", "will-not-run"),
        (DeploymentEnd::Cancelled, "cancelled", "will-not-run"),
    ] {
        let mut progress = Progress::new(&chain());
        progress.absorb(&seen, None);
        progress.finish(end);
        assert_eq!(state(&progress, "b").word(), running);
        assert_eq!(state(&progress, "c").word(), unseen);
        assert_eq!(left(&progress), Duration::ZERO);
    }
}

#[test]
fn operations_that_make_nothing_of_the_plan_do_not_count() {
    let mut progress = Progress::new(&chain());
    let mut read = operation("elsewhere", "Succeeded", 0, 1);
    read.provisioning_operation = "Read".into();
    let mut nested = operation("inner", "Running", 0, 1);
    nested.target.as_mut().unwrap().resource_type = "Microsoft.Resources/deployments".into();
    let mut outputs = operation("outputs", "Failed", 0, 1);
    outputs.target = None;
    outputs.provisioning_operation = "EvaluateDeploymentOutput".into();
    progress.absorb(&[read, nested, outputs], None);
    assert_eq!(progress.counts().total, 5);
    assert_eq!(progress.failures().len(), 1);
}

#[test]
fn an_operation_that_the_plan_does_not_know_is_added_and_said() {
    let mut progress = Progress::new(&chain());
    let changes = progress.absorb(&[operation("stranger", "Running", 0, 1)], None);
    assert_eq!(changes[0].symbol, "Microsoft.Network/things/stranger");
    assert!(!changes[0].planned);
    let counts = progress.counts();
    assert_eq!((counts.total, counts.unplanned), (6, 1));
}

#[test]
fn what_an_earlier_attempt_made_stays_made() {
    let first = [operation("a", "Succeeded", 0, 9), operation("b", "Failed", 9, 3)];
    let mut live = Progress::new(&chain());
    live.absorb(&first, None);
    live.finish(DeploymentEnd::Failed);
    live.begin_attempt();
    let mut resumed = Progress::new(&chain());
    resumed.carry_over(&first);
    for progress in [&mut live, &mut resumed] {
        assert_eq!(state(progress, "a").word(), "done");
        assert_eq!(*state(progress, "b"), StepState::Waiting { on: vec![] });
        progress.absorb(&[operation("a", "Running", 100, 1)], None);
        assert_eq!(state(progress, "a").word(), "done");
        progress.absorb(&[operation("a", "Failed", 100, 2)], None);
        assert_eq!(state(progress, "a").word(), "failed");
    }
    assert_eq!(live.steps(), resumed.steps());
}

const SYMBOLS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "stranger"];

/// Edges lead from later symbols to earlier ones, so there is no circle.
fn any_plan() -> impl Strategy<Value = Plan> {
    proptest::collection::vec(any::<bool>(), 36).prop_map(|edges| {
        let symbols = &SYMBOLS[..6];
        let before = |index: usize| -> Vec<&str> {
            (0..index)
                .filter(|earlier| edges[index * 6 + earlier])
                .map(|earlier| symbols[earlier])
                .collect()
        };
        let rows: Vec<(&str, Vec<&str>)> =
            symbols.iter().enumerate().map(|(index, symbol)| (*symbol, before(index))).collect();
        let rows: Vec<(&str, &[&str])> =
            rows.iter().map(|(symbol, before)| (*symbol, before.as_slice())).collect();
        plan(&rows)
    })
}

/// Forms that operations could have had, two of them alike in time among them.
fn any_history() -> impl Strategy<Value = Vec<DeploymentOperation>> {
    let states = ["Running", "Succeeded", "Failed", "Canceled", "Accepted"];
    let one = (0..SYMBOLS.len(), 0..states.len(), 0i64..5, 0u64..5).prop_map(
        move |(symbol, state, start, elapsed)| {
            operation(SYMBOLS[symbol], states[state], start, elapsed)
        },
    );
    proptest::collection::vec(one, 0..24)
}

proptest! {
    #[test]
    fn order_repetition_and_grouping_make_no_difference(
        (plan, history, shuffled, sizes) in (any_plan(), any_history()).prop_flat_map(|(plan, history)| {
            let twice: Vec<DeploymentOperation> = history.iter().chain(&history).cloned().collect();
            (Just(plan), Just(history), Just(twice).prop_shuffle(), proptest::collection::vec(1usize..6, 1..12))
        }),
        end in proptest::option::of(prop_oneof![Just(DeploymentEnd::Succeeded), Just(DeploymentEnd::Failed), Just(DeploymentEnd::Cancelled)]),
    ) {
        let mut at_once = Progress::new(&plan);
        at_once.absorb(&history, Some(at(3)));
        let mut in_pieces = Progress::new(&plan);
        let mut told: BTreeMap<String, StepState> = BTreeMap::new();
        let mut changes = Vec::new();
        let mut rest = shuffled.as_slice();
        let mut sizes = sizes.iter().cycle();
        while !rest.is_empty() {
            let size = (*sizes.next().unwrap()).min(rest.len());
            changes.extend(in_pieces.absorb(&rest[..size], Some(at(3))));
            rest = &rest[size..];
        }
        in_pieces.absorb(&[], Some(at(3)));
        if let Some(end) = end {
            at_once.finish(end);
            changes.extend(in_pieces.finish(end));
        }
        prop_assert_eq!(at_once.steps(), in_pieces.steps());
        prop_assert_eq!(at_once.counts(), in_pieces.counts());
        prop_assert_eq!(at_once.failures(), in_pieces.failures());
        // Whoever only hears of changes knows the same.
        for change in changes {
            told.insert(change.symbol, change.state);
        }
        for step in in_pieces.steps() {
            if let Some(heard) = told.get(&step.symbol) {
                prop_assert_eq!(heard.word(), step.state.word());
            } else {
                prop_assert_eq!(step.state.word(), "waiting");
            }
        }
    }

    #[test]
    fn every_step_is_counted_once(plan in any_plan(), history in any_history()) {
        let mut progress = Progress::new(&plan);
        progress.absorb(&history, None);
        let counts = progress.counts();
        let sum = counts.waiting + counts.running + counts.done + counts.failed + counts.cancelled + counts.will_not_run;
        prop_assert_eq!(sum, counts.total);
        prop_assert_eq!(counts.total - counts.unplanned, 6);
    }
}
