//! Figures of the engine room, printed: how long a plan takes, and how the deployment's longest chain compares.
//!
//! Run with `cargo bench`. Nothing is asserted; the budgets are printed beside the figures.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use privateaml::{
    domain::{
        name::{EnvironmentName, Suffix},
        settings::Settings,
    },
    template::{
        Template,
        plan::{PlanScope, plan},
    },
};

/// Makespan of the Terraform scripts' own graph with the same durations, at their parallelism of ten.
const TERRAFORM_SECONDS: f64 = 1065.0;
const ROUNDS: usize = 50;

fn main() {
    let first = Instant::now();
    let template = Template::embedded();
    let load = first.elapsed();
    let settings = Settings::new(
        EnvironmentName::parse("test").unwrap(),
        Suffix::parse("4821").unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    );
    let scope = PlanScope::default();
    let mut rounds: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            black_box(plan(black_box(&settings), template, &scope).unwrap());
            start.elapsed()
        })
        .collect();
    rounds.sort();
    let made = plan(&settings, template, &scope).unwrap();
    let critical = f64::from(made.critical_seconds);
    println!("template read and merged          {:>8.1} ms", millis(load));
    println!(
        "plan of {} resources, median      {:>8.1} ms",
        made.resources.len(),
        millis(rounds[ROUNDS / 2])
    );
    println!("plan, slowest of {ROUNDS}               {:>8.1} ms", millis(rounds[ROUNDS - 1]));
    println!(
        "longest chain of the template     {critical:>8.0} s   ({})",
        made.critical_path.join(", ")
    );
    println!(
        "the same / the Terraform scripts  {:>8.2}     (budget 0.60)",
        critical / TERRAFORM_SECONDS
    );
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
