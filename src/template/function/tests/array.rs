//! Examples of <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-array>.

use serde_json::json;

use super::{check, check_refused};

#[test]
fn making_arrays() {
    check(&[
        ("array(1)", json!([1])),
        ("array('efgh')", json!(["efgh"])),
        ("array(createObject('a', 'b', 'c', 'd'))", json!([{"a": "b", "c": "d"}])),
        ("createArray('a', 'b', 'c')", json!(["a", "b", "c"])),
        ("createArray(1, 2, 3)", json!([1, 2, 3])),
        (
            "createArray(createObject('one', 'a', 'two', 'b', 'three', 'c'))",
            json!([{"one": "a", "two": "b", "three": "c"}]),
        ),
        ("createArray(createArray('one', 'two', 'three'))", json!([["one", "two", "three"]])),
        ("createArray()", json!([])),
        (
            "concat(createArray('1-1', '1-2', '1-3'), createArray('2-1', '2-2', '2-3'))",
            json!(["1-1", "1-2", "1-3", "2-1", "2-2", "2-3"]),
        ),
        ("range(5, 3)", json!([5, 6, 7])),
        ("flatten(createArray(createArray('a', 'b'), createArray('c')))", json!(["a", "b", "c"])),
    ]);
    check_refused(&[
        ("range(0, 10001)", "10000"),
        ("range(2147483647, 1)", "2147483647"),
        ("flatten(createArray(1))", "Array"),
    ]);
}

#[test]
fn looking_into_arrays() {
    let array = "createArray('one', 'two', 'three')";
    let table: Vec<(String, _)> = vec![
        (format!("contains({array}, 'three')"), json!(true)),
        (format!("contains({array}, 'four')"), json!(false)),
        (format!("first({array})"), json!("one")),
        (format!("last({array})"), json!("three")),
        (format!("length({array})"), json!(3)),
        (format!("skip({array}, 2)"), json!(["three"])),
        (format!("take({array}, 2)"), json!(["one", "two"])),
        (format!("indexOf({array}, 'two')"), json!(1)),
        (format!("indexOf({array}, 'TWO')"), json!(-1)),
        ("lastIndexOf(createArray('one', 'two', 'one'), 'one')".into(), json!(2)),
        (format!("indexFromEnd({array}, 1)"), json!("three")),
        (format!("tryIndexFromEnd({array}, 3)"), json!("one")),
        (format!("tryIndexFromEnd({array}, 4)"), json!(null)),
        (format!("tryGet({array}, 0)"), json!("one")),
        (format!("tryGet({array}, 3)"), json!(null)),
        (format!("{array}[1]"), json!("two")),
        (format!("{array}[?3]"), json!(null)),
        ("empty(createArray())".into(), json!(true)),
        ("first(createArray())".into(), json!(null)),
        ("max(createArray(0, 3, 2, 5, 4))".into(), json!(5)),
        ("max(0, 3, 2, 5, 4)".into(), json!(5)),
        ("min(createArray(0, 3, 2, 5, 4))".into(), json!(0)),
        ("min(0, 3, 2, 5, 4)".into(), json!(0)),
    ];
    for (expression, expected) in table {
        check(&[(expression.as_str(), expected)]);
    }
    check_refused(&[("indexFromEnd(createArray(1), 2)", "out of bounds")]);
    let error = super::evaluate("createArray(1)[1]").unwrap_err();
    assert!(error.message.contains("out of bounds"), "{}", error.message);
}

#[test]
fn sets() {
    check(&[
        (
            "intersection(createArray('one', 'two', 'three'), createArray('two', 'three'))",
            json!(["two", "three"]),
        ),
        (
            "union(createArray('one', 'two', 'three'), createArray('three', 'four'))",
            json!(["one", "two", "three", "four"]),
        ),
        (
            "union(json('[[\"one\", \"two\"], [\"three\"]]'), json('[[\"three\"], [\"four\", \"two\"]]'))",
            json!([["one", "two"], ["three"], ["four", "two"]]),
        ),
    ]);
}
