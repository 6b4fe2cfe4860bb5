//! Words of the narration.

use super::*;

#[test]
fn a_pause_reads_as_people_say_it() {
    let said = |millis| {
        let wait = Duration::from_millis(millis);
        http_words(&HttpNotice::Throttled { wait }).unwrap()
    };
    assert_eq!(said(100), "Asked to slow down; waiting a moment.");
    assert_eq!(said(14_000), "Asked to slow down; waiting 14s.");
}
