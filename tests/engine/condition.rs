//! What has changed since an environment was made, and whether it is still private.

use privateaml::{
    domain::{
        allowlist::Preset,
        audit::{Answer, Audit, Point},
    },
    engine::{audit, inspect},
};

use super::bench::{Bench, ready, request};

async fn made(preset: Preset) -> Bench {
    let bench = Bench::at(4000.0, &[]);
    let mut wanted = request();
    wanted.settings.preset = preset;
    ready(
        bench
            .deploy_with(&wanted, &privateaml::engine::Control::default())
            .await,
    );
    bench
}

fn failing(audit: &Audit) -> Vec<&Point> {
    let points = audit.points.iter();
    points
        .filter(|each| each.answer == Answer::DoesNotHold)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_environment_has_no_drift_and_no_failing_point() {
    for preset in [Preset::Recommended, Preset::LockedDown] {
        let bench = made(preset).await;
        let (context, record) = (bench.context(), bench.record().unwrap());
        let seen = inspect(&context, &record).await.unwrap();
        assert_eq!(seen.drift.differences, [], "{preset:?}");
        assert_eq!(seen.drift.unknown, Vec::<String>::new());
        for part in &seen.parts {
            eprintln!("{part:?}");
        }
        let audit = audit(&context, &record, true).await.unwrap();
        assert_eq!(failing(&audit), Vec::<&Point>::new(), "{preset:#?}");
        let unknown: Vec<&Point> = audit
            .points
            .iter()
            .filter(|each| each.answer == Answer::Unknown)
            .collect();
        assert_eq!(unknown, Vec::<&Point>::new(), "{preset:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_of_2022_has_its_known_holes() {
    let bench = made(Preset::PrivateAml2022).await;
    let audit = audit(&bench.context(), &bench.record().unwrap(), true)
        .await
        .unwrap();
    let failing = failing(&audit);
    let numbers: Vec<u8> = failing.iter().map(|each| each.number).collect();
    for point in &failing {
        eprintln!("{point:#?}");
    }
    assert_eq!(numbers, [20, 22, 23]);
}
