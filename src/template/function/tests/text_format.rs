//! The example of `format`'s page, and of
//! <https://learn.microsoft.com/dotnet/standard/base-types/standard-numeric-format-strings>.

use serde_json::json;

use super::{check, check_refused};

#[test]
fn items() {
    check(&[
        (
            "format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
            json!("Hello, User. Formatted number: 8,175,133"),
        ),
        ("format('{0:D4}', 7)", json!("0007")),
        ("format('{0:d3}', -7)", json!("-007")),
        ("format('{0:X}', 255)", json!("FF")),
        ("format('{0:x4}', 255)", json!("00ff")),
        ("format('{0:000}', 12)", json!("012")),
        ("format('{0:F1}', 12)", json!("12.0")),
        ("format('{0:N}', -1234567)", json!("-1,234,567.00")),
        ("format('{0:F1}', float('1.25'))", json!("1.2")),
        ("format('{1}/{0}', 'a', 'b')", json!("b/a")),
        ("format('{0,5}|{0,-5}|', 'ab')", json!("   ab|ab   |")),
        ("format('{{0}} {0}', 'a')", json!("{0} a")),
        ("format('{0} {1}', true(), null())", json!("True ")),
    ]);
}

#[test]
fn wrong_items_are_refused() {
    check_refused(&[
        ("format('{1}', 'a')", "no argument"),
        ("format('{x}', 'a')", "not valid"),
        ("format('{0', 'a')", "no partner"),
        ("format('{0:Q}', 1)", "not supported"),
        ("format('{0:D99999999}', 1)", "not supported"),
        ("format('{0,99999999}', 1)", "too wide"),
    ]);
}
