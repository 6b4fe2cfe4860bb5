//! Which outcomes are repeated and how long the pauses are, on a stopped clock.

use std::sync::{Arc, Mutex};

use reqwest::header::HeaderMap;

use super::*;

fn answer(status: u16, retry_after: Option<u64>) -> HttpAnswer {
    let mut headers = HeaderMap::new();
    if let Some(seconds) = retry_after {
        headers.insert("retry-after", seconds.into());
    }
    HttpAnswer::new(status, &headers, b"", "/x")
}

struct Run {
    outcome: Result<HttpAnswer, Broken>,
    attempts: usize,
    notices: Vec<Notice>,
    took: Duration,
}

/// Runs a series of outcomes on the stopped clock; the last one repeats.
async fn run(repeatable: bool, outcomes: Vec<Result<HttpAnswer, Broken>>) -> Run {
    let notices: Arc<Mutex<Vec<Notice>>> = Arc::default();
    let kept = Arc::clone(&notices);
    let hook: Hook = Arc::new(move |notice| kept.lock().unwrap().push(notice.clone()));
    let mut attempts = 0;
    let started = Instant::now();
    let outcome = repeat(Policy::default(), repeatable, Some(&hook), || {
        let outcome = outcomes.get(attempts).or(outcomes.last()).cloned().unwrap();
        attempts += 1;
        async move { outcome }
    })
    .await;
    Run { outcome, attempts, notices: notices.lock().unwrap().clone(), took: started.elapsed() }
}

#[tokio::test(start_paused = true)]
async fn a_named_pause_is_kept_to_the_second_and_not_multiplied() {
    let throttled = || Ok(answer(429, Some(17)));
    let run = run(true, vec![throttled(), throttled(), Ok(answer(200, None))]).await;
    assert_eq!(run.outcome.unwrap().status, 200);
    assert_eq!(run.took.as_secs(), 34);
    let wait = Duration::from_secs(17);
    assert_eq!(run.notices, vec![Notice::Throttled { wait }; 2]);
}

#[tokio::test(start_paused = true)]
async fn own_pauses_double_with_jitter_and_end() {
    let run = run(true, vec![Ok(answer(503, None))]).await;
    assert_eq!(run.outcome.unwrap().status, 503);
    assert_eq!(run.attempts, 7);
    // Six pauses of 0.5, 1, 2, 4, 8 and 16 s, each between half and whole.
    assert!((15.7..=31.6).contains(&run.took.as_secs_f32()), "{:?}", run.took);
    let attempts: Vec<u32> = run
        .notices
        .iter()
        .map(|notice| match notice {
            Notice::Retrying { attempt, .. } => *attempt,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(attempts, [2, 3, 4, 5, 6, 7]);
}

/// The trap: `azure_core` repeats a refused connection for 82 seconds without a word.
#[tokio::test(start_paused = true)]
async fn a_refused_connection_is_told_within_seconds() {
    let run = run(true, vec![Err(Broken::NeverSent("refused".into()))]).await;
    assert!(run.outcome.is_err());
    assert_eq!(run.attempts, 4);
    assert_eq!(run.notices.len(), 3);
    assert!(run.took < Duration::from_secs(4), "{:?}", run.took);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_comes_back_is_told() {
    let broken = Err(Broken::Interrupted("reset".into()));
    let run = run(true, vec![broken, Ok(answer(200, None))]).await;
    assert_eq!(run.notices.last(), Some(&Notice::Reconnected));
    assert_eq!(run.attempts, 2);
}

#[tokio::test(start_paused = true)]
async fn an_act_is_repeated_only_when_it_certainly_did_not_arrive() {
    for (outcome, attempts) in [
        (Ok(answer(500, None)), 1),
        (Ok(answer(503, Some(1))), 1),
        (Err(Broken::Interrupted("reset".into())), 1),
        (Err(Broken::TimedOut), 1),
        (Ok(answer(429, Some(1))), 2),
        (Err(Broken::NeverSent("refused".into())), 2),
    ] {
        let run = run(false, vec![outcome.clone(), Ok(answer(200, None))]).await;
        assert_eq!(run.attempts, attempts, "{outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_is_not_repeated() {
    for outcome in [
        Ok(answer(400, Some(1))),
        Ok(answer(409, None)),
        Ok(answer(404, None)),
        Err(Broken::Untrusted("unknown issuer".into())),
        Err(Broken::Unusable("bad header".into())),
    ] {
        assert_eq!(run(true, vec![outcome]).await.attempts, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn pauses_are_bounded_in_time_and_in_number() {
    let long = run(true, vec![Ok(answer(429, Some(200)))]).await;
    assert_eq!(long.attempts, 2, "a second pause of 200 s passes the bound of 300 s");
    assert_eq!(long.took.as_secs(), 200);
    let endless = run(true, vec![Ok(answer(429, Some(0)))]).await;
    assert_eq!(endless.attempts, 61);
}
