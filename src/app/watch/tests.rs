//! The bar of a deployment, whatever happens to it.

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::app::tests::record;
use crate::domain::progress::{Counts, DeploymentEnd, DeploymentOperation, TargetResource};

const MOST: usize = 6;
/// What rounding may make of a share.
const HAIR: f64 = 1e-6;

/// What happens: who waits for whom, how long things usually take and take this time, what fails, and when it is read.
#[derive(Debug, Clone)]
struct Story {
    before: Vec<Vec<usize>>,
    usual: Vec<u32>,
    slow: Vec<u32>,
    /// By attempt and step.
    takes: Vec<Vec<u64>>,
    fails: Vec<Vec<bool>>,
    /// Seconds between two looks, over and over.
    looks: Vec<u64>,
}

fn any_story() -> impl Strategy<Value = Story> {
    let attempts = 3;
    let steps = || proptest::collection::vec(1_u32..120, MOST);
    // One in eight takes far too long.
    let factor = prop_oneof![7 => 0_u64..150, 1 => 150_u64..3000];
    (
        proptest::collection::vec(any::<bool>(), MOST * MOST),
        steps(),
        steps(),
        proptest::collection::vec(proptest::collection::vec(factor, MOST), attempts),
        proptest::collection::vec(proptest::collection::vec(0_u32..6, MOST), attempts),
        proptest::collection::vec(1_u64..100, 1..8),
    )
        .prop_map(|(edges, usual, varies, factors, fails, looks)| Story {
            before: (0..MOST)
                .map(|step| (0..step).filter(|earlier| edges[step * MOST + earlier]).collect())
                .collect(),
            slow: usual.iter().zip(&varies).map(|(usual, varies)| usual + varies).collect(),
            takes: factors
                .iter()
                .map(|row| {
                    let steps = row.iter().zip(&usual);
                    steps.map(|(factor, usual)| 1 + factor * u64::from(*usual) / 100).collect()
                })
                .collect(),
            usual,
            fails: fails.iter().map(|row| row.iter().map(|dice| *dice == 0).collect()).collect(),
            looks,
        })
}

fn at(second: u64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + i64::try_from(second).unwrap()).unwrap()
}

fn id(step: usize) -> String {
    format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/things/s{step}")
}

fn plan_of(story: &Story) -> Plan {
    let resources: Vec<_> = (0..MOST)
        .map(|step| {
            let before: Vec<_> = story.before[step].iter().map(|each| format!("s{each}")).collect();
            json!({
                "symbol": format!("s{step}"), "type": "Microsoft.Network/things", "name": format!("s{step}"),
                "id": id(step), "area": "network", "depends_on": before, "seconds": story.usual[step],
                "slow_seconds": story.slow[step],
            })
        })
        .collect();
    serde_json::from_value(json!({
        "name": "test", "suffix": "4821", "region": "westeurope", "resource_group": "rg-test4821",
        "address_space": "10.1.0.0/22", "subnets": [], "critical_path": [], "critical_seconds": 0, "firewall": [],
        "nsg": [], "resources": resources,
    }))
    .unwrap()
}

/// What Azure has told of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    Open,
    Running(u64),
    Done,
}

/// Every chain of steps, by its members.
fn chains(story: &Story) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = Vec::new();
    for step in 0..MOST {
        let mut own = vec![vec![step]];
        for earlier in &story.before[step] {
            let ends = all.iter().filter(|chain| chain.last() == Some(earlier));
            own.extend(ends.map(|chain| [chain.as_slice(), &[step]].concat()));
        }
        all.extend(own);
    }
    all
}

/// The person who looks at the bar, and who counts every chain by hand.
struct Judge<'a> {
    story: &'a Story,
    chains: Vec<Vec<usize>>,
    told: Vec<Told>,
    read: u64,
    certain: f64,
    shown: f64,
}

impl Judge<'_> {
    fn time(&self, chain: &[usize], passed: u64) -> f64 {
        let open = chain.iter().map(|step| {
            let usual = f64::from(self.story.usual[*step]);
            match self.told[*step] {
                Told::Done => 0.0,
                Told::Open => usual,
                #[expect(clippy::cast_precision_loss, reason = "some hours")]
                Told::Running(taken) => (usual - (taken + passed) as f64).max(0.0),
            }
        });
        open.sum()
    }

    fn look(&mut self, watch: &Watch, second: u64) {
        let course = watch.course(at(second), 1.0);
        let usual =
            |chain: &Vec<usize>| -> u32 { chain.iter().map(|step| self.story.usual[*step]).sum() };
        let whole = self.chains.iter().map(usual).max().unwrap();
        let passed = second - self.read;
        let open = self.chains.iter().map(|chain| self.time(chain, passed)).fold(0.0, f64::max);
        self.certain = self.certain.max(1.0 - open / f64::from(whole));
        assert!(course.share >= self.shown - HAIR, "backwards: {} {}", self.shown, course.share);
        self.shown = course.share;
        assert!(
            course.share <= self.certain + HAIR,
            "ahead of time: {} {}",
            course.share,
            self.certain
        );
        let is_done = self.told.iter().all(|told| *told == Told::Done);
        assert_eq!(is_done, course.share > 0.995, "{}", course.share);
        let late =
            self.chains.iter().filter(|chain| usual(chain) == whole).flatten().find(|step| {
                let usual = u64::from(self.story.usual[**step]);
                matches!(self.told[**step], Told::Running(taken) if taken > usual)
            });
        if let Some(step) = late {
            let late = course
                .late
                .as_ref()
                .unwrap_or_else(|| panic!("s{step} is late, and it is not said"));
            let said = crate::domain::sentences::prospect(&course, watch.elapsed);
            assert!(said.contains(" usually takes ") && said.contains("it has taken"), "{said}");
            assert!(late.taken > late.usual);
        }
    }
}

fn tell(watch: &mut Watch, progress: &mut Progress, second: u64, attempt: u32) {
    let attempt = Attempt { number: attempt, elapsed: Duration::ZERO };
    let elapsed = Duration::from_secs(second);
    let changed = progress.news();
    let event = Event::Steps { changed, turned: Vec::new(), elapsed, attempt };
    watch.take(at(second), 1.0, event);
}

/// What one attempt does: begin and end of each step that begins in it.
fn course_of(
    story: &Story,
    attempt: usize,
    begun: u64,
    done: &[bool],
) -> Vec<Option<(u64, u64, bool)>> {
    let mut spans: Vec<Option<(u64, u64, bool)>> = Vec::new();
    for step in 0..MOST {
        let ready =
            story.before[step].iter().map(|earlier| match (done[*earlier], spans[*earlier]) {
                (true, _) => Some(begun),
                (false, Some((_, end, true))) => Some(end),
                _ => None,
            });
        let ready: Option<Vec<u64>> = ready.collect();
        let begins = ready.filter(|_| !done[step]);
        spans.push(begins.map(|ready| {
            let start = ready.into_iter().max().unwrap_or(begun);
            (start, start + story.takes[attempt][step], !story.fails[attempt][step])
        }));
    }
    spans
}

fn operation(step: usize, attempt: usize, span: (u64, u64, bool), now: u64) -> DeploymentOperation {
    let (start, end, is_good) = span;
    let is_over = end <= now;
    DeploymentOperation {
        id: format!("{attempt}-{step}"),
        target: Some(TargetResource {
            id: id(step),
            resource_type: "Microsoft.Network/things".into(),
            name: format!("s{step}"),
        }),
        provisioning_operation: "Create".into(),
        state: match (is_over, is_good) {
            (false, _) => "Running",
            (true, true) => "Succeeded",
            (true, false) => "Failed",
        }
        .into(),
        timestamp: at(if is_over { end } else { start }),
        duration: Duration::from_secs(if is_over { end - start } else { 0 }),
        status_code: None,
        problem: None,
    }
}

fn follow(story: &Story) {
    let plan = plan_of(story);
    let mut progress = Progress::new(&plan);
    let mut watch = Watch::new(Operation::Follow(Box::new(record())), at(0));
    watch.take(at(0), 1.0, Event::Planned(Box::new(plan)));
    let of = Subject::Environment(Box::new(record()));
    watch.take(at(0), 1.0, Event::Started { of, deployment: "d".into(), found: false });
    let mut judge = Judge {
        story,
        chains: chains(story),
        told: vec![Told::Open; MOST],
        read: 0,
        certain: 0.0,
        shown: 0.0,
    };
    let (mut now, mut done) = (0, vec![false; MOST]);
    let mut looks = story.looks.iter().cycle();
    for attempt in 0..story.takes.len() {
        let number = u32::try_from(attempt).unwrap() + 1;
        let spans = course_of(story, attempt, now, &done);
        let end = spans.iter().flatten().map(|(_, end, _)| *end).max().unwrap();
        let is_good = spans.iter().flatten().all(|(_, _, is_good)| *is_good);
        let first = now;
        while now < end {
            let pause = *looks.next().unwrap();
            for part in 1..=3 {
                // The picture is drawn between two looks too.
                judge.look(&watch, now + pause * part / 3);
            }
            now += pause;
            let begun = spans.iter().enumerate();
            let begun = begun
                .filter_map(|(step, span)| Some((step, span.filter(|(start, ..)| *start <= now)?)));
            let operations: Vec<_> =
                begun.map(|(step, span)| operation(step, attempt, span, now)).collect();
            progress.absorb(&operations, Some(at(now)));
            if now >= end {
                let how = if is_good { DeploymentEnd::Succeeded } else { DeploymentEnd::Failed };
                progress.finish(how);
            }
            tell(&mut watch, &mut progress, now, number);
            for (step, span) in spans.iter().enumerate() {
                judge.told[step] = match *span {
                    _ if done[step] => Told::Done,
                    Some((_, end, true)) if end <= now => Told::Done,
                    Some((start, end, _)) if start <= now && now < end => {
                        Told::Running(now - start)
                    }
                    _ => Told::Open,
                };
            }
            judge.read = now;
            judge.look(&watch, now);
        }
        assert!(now > first);
        if is_good {
            assert!(watch.course(at(now), 1.0).share > 0.995);
            return;
        }
        done = judge.told.iter().map(|told| *told == Told::Done).collect();
        let wait = Duration::from_mins(1);
        watch.take(at(now), 1.0, Event::Retrying { attempt: number, wait, because: Vec::new() });
        now += 60;
        judge.look(&watch, now);
        progress.begin_attempt();
        tell(&mut watch, &mut progress, now, number + 1);
        judge.read = now;
        judge.look(&watch, now);
    }
}

proptest! {
    #[test]
    fn the_bar_is_never_ahead_of_time_and_never_goes_back_and_what_is_late_is_said(story in any_story()) {
        follow(&story);
    }
}

#[test]
fn what_is_no_deployment_has_a_bar_of_time_too() {
    let mut watch = Watch::new(Operation::Resume(Box::new(record())), at(0));
    let act = |number| Event::Act {
        act: OperationStep::ResumingFirewall { name: "fw-test4821".into() },
        number,
        of: 3,
    };
    watch.take(at(0), 1.0, act(1));
    let percent = |watch: &Watch, second| watch.course(at(second), 1.0).percent();
    let early = percent(&watch, 100);
    assert!((10..30).contains(&early), "{early}");
    assert!(watch.course(at(100), 1.0).late.is_none());
    assert!(percent(&watch, 450) < 88, "{}", percent(&watch, 450));
    let late = watch.course(at(455), 1.0).late.unwrap();
    let said = crate::domain::sentences::late(&late);
    assert!(
        said.starts_with("This step usually takes 7 to 15 min; it has taken 7m 35s."),
        "{said}"
    );
    watch.take(at(460), 1.0, act(3));
    let after = percent(&watch, 460);
    assert!((85..90).contains(&after), "{after}");
    watch.end(at(500), 1.0, Ok(Ended::Done(Finished::AsAsked)));
    assert_eq!(percent(&watch, 500), 100);
}

#[test]
fn a_step_that_was_not_needed_is_none() {
    let mut watch = Watch::new(Operation::Pause(Box::new(record())), at(0));
    let act = OperationStep::PausingFirewall { name: "fw-test4821".into() };
    watch.take(at(0), 1.0, Event::Act { act, number: 3, of: 3 });
    let course = watch.course(at(0), 1.0);
    assert_eq!((course.percent(), course.usual.as_secs(), course.left.as_secs()), (0, 300, 300));
}

#[test]
fn after_a_repetition_the_whole_time_is_told_and_the_attempt_apart() {
    let mut watch = Watch::new(Operation::Follow(Box::new(record())), at(0));
    let attempt = Attempt { number: 2, elapsed: Duration::from_secs(40) };
    let elapsed = Duration::from_secs(724);
    watch.take(
        at(0),
        1.0,
        Event::Steps { changed: Vec::new(), turned: Vec::new(), elapsed, attempt },
    );
    watch.state = RunState::Ended(Box::new(Ended::Left { deployment: None }));
    let mut stopped = watch.clone();
    stopped.state =
        RunState::Ended(Box::new(Ended::Stopped(Box::new(crate::domain::operation::Stopped {
            cancelled: true,
            record: None,
            deployment: None,
            took: elapsed,
            problems: Vec::new(),
            counts: Counts::default(),
            not_attempted: Vec::new(),
            kept: crate::domain::operation::KeptResources { resources: Ok(0), cost: None },
        }))));
    let said = stopped.ending_sentence().1;
    assert_eq!(said, "Cancelled after 12m 04s, the last 40s of it in attempt 2.");
}
