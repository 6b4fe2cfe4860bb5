//! A program that ends at any moment, and the same command again.

use std::time::Duration;

use privateaml::engine::{Control, Outcome, deploy};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::bench::{Bench, ready, request};

/// Dropping the run at a random point is what `kill -9` does, but for writes that are under way.
#[tokio::test]
async fn a_run_that_ends_anywhere_is_taken_up_again() {
    for seed in 0..8 {
        let mut random = StdRng::seed_from_u64(seed);
        let bench = Bench::new();
        let mut ended = None;
        for round in 0..40 {
            let (context, wanted, control) = (bench.context(), request(), Control::default());
            let run = deploy(&context, &wanted, &bench.events, &control);
            let patience = Duration::from_millis(random.random_range(1..60) * (round + 1));
            if let Ok(outcome) = tokio::time::timeout(patience, run).await {
                ended = Some(outcome);
                break;
            }
        }
        let ready = match ended {
            Some(Ok(Outcome::Stands(stands))) => {
                assert!(stands.problems.is_empty());
                stands.record
            }
            other => ready(other.unwrap()).record,
        };
        assert_eq!(bench.secrets.accounts().len(), 1, "seed {seed}");
        assert!(bench.password_agrees().await, "seed {seed}");
        assert!(
            ready.attempts.len() <= 2,
            "seed {seed}: {:?}",
            ready.attempts
        );
    }
}
