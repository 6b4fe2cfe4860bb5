//! Examples of <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string>.

use serde_json::json;

use super::{check, check_refused, evaluate, evaluate_in};
use crate::template::Unknown;
use crate::template::evaluate::EvaluationStage;
use crate::template::scope::Runtime;

#[test]
fn conversions() {
    check(&[
        ("base64('one, two, three')", json!("b25lLCB0d28sIHRocmVl")),
        ("base64ToString('b25lLCB0d28sIHRocmVl')", json!("one, two, three")),
        // The page's input has its JSON in single quotes.
        (
            "base64ToJson(base64('{''one'': ''a'', ''two'': ''b''}'))",
            json!({"one": "a", "two": "b"}),
        ),
        ("dataUri('Hello')", json!("data:text/plain;charset=utf8;base64,SGVsbG8=")),
        ("dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", json!("Hello, World!")),
        (
            "string(createObject('valueA', 10, 'valueB', 'Example Text'))",
            json!("{\"valueA\":10,\"valueB\":\"Example Text\"}"),
        ),
        ("string(createArray('a', 'b', 'c'))", json!("[\"a\",\"b\",\"c\"]")),
        ("string(5)", json!("5")),
        ("toLower('One Two Three')", json!("one two three")),
        ("toUpper('One Two Three')", json!("ONE TWO THREE")),
        ("trim('    one two three   ')", json!("one two three")),
    ]);
    check_refused(&[
        ("base64ToString('*')", "base64"),
        ("base64ToJson('b25l')", "JSON"),
        ("dataUriToString('x')", "data URI"),
    ]);
}

#[test]
fn parts_and_positions() {
    check(&[
        ("startsWith('abcdef', 'ab')", json!(true)),
        ("startsWith('abcdef', 'A')", json!(true)),
        ("startsWith('abcdef', 'e')", json!(false)),
        ("endsWith('abcdef', 'ef')", json!(true)),
        ("endsWith('abcdef', 'F')", json!(true)),
        ("endsWith('abcdef', 'e')", json!(false)),
        ("indexOf('test', 't')", json!(0)),
        ("lastIndexOf('test', 't')", json!(3)),
        ("indexOf('abcdef', 'CD')", json!(2)),
        ("lastIndexOf('abcdef', 'AB')", json!(0)),
        ("indexOf('abcdef', 'z')", json!(-1)),
        ("first('One Two Three')", json!("O")),
        ("last('One Two Three')", json!("e")),
        ("length('One Two Three')", json!(13)),
        ("skip('one two three', 4)", json!("two three")),
        ("take('one two three', 2)", json!("on")),
        ("skip('one', -1)", json!("one")),
        ("skip('one', 9)", json!("")),
        ("take('one', -1)", json!("")),
        ("take('one', 9)", json!("one")),
        ("substring('one two three', 4, 3)", json!("two")),
        ("substring('one two three', 8)", json!("three")),
        ("contains('OneTwoThree', 'e')", json!(true)),
        ("contains('OneTwoThree', 'z')", json!(false)),
        ("contains('OneTwoThree', 'one')", json!(false)),
        ("empty('')", json!(true)),
        ("empty('a')", json!(false)),
    ]);
    // The page's own error text.
    check_refused(&[(
        "substring('1234567890', 0, 11)",
        "The index and length parameters must refer to a location within the string. The index parameter: \
         '0', the length parameter: '11', the length of the string parameter: '10'.",
    )]);
    check_refused(&[("substring('abc', 1, -1)", "location within the string")]);
}

#[test]
fn joining_and_splitting() {
    check(&[
        ("concat('prefix', '-', '5yj4yjf5mbg72')", json!("prefix-5yj4yjf5mbg72")),
        ("concat('vm', 1)", json!("vm1")),
        ("join(createArray('one', 'two', 'three'), ',')", json!("one,two,three")),
        ("join(createArray('one', 'two', 'three'), ';')", json!("one;two;three")),
        ("padLeft('123', 10, '0')", json!("0000000123")),
        ("padLeft(123, 5)", json!("  123")),
        ("padLeft('12345', 3, '0')", json!("12345")),
        ("replace('123-123-1234', '-', '')", json!("1231231234")),
        ("replace('123-123-1234', '1234', 'xxxx')", json!("123-123-xxxx")),
        ("split('one,two,three', ',')", json!(["one", "two", "three"])),
        ("split('one;two,three', createArray(',', ';'))", json!(["one", "two", "three"])),
        ("split('one,,two', ',')", json!(["one", "", "two"])),
    ]);
    check_refused(&[
        ("padLeft('1', 5, '00')", "one character"),
        ("concat('a', createArray('b'))", "argument 2"),
    ]);
}

#[test]
fn addresses() {
    check(&[
        (
            "uri('http://contoso.org/firstpath', 'myscript.sh')",
            json!("http://contoso.org/myscript.sh"),
        ),
        (
            "uri('http://contoso.org/firstpath/', 'myscript.sh')",
            json!("http://contoso.org/firstpath/myscript.sh"),
        ),
        (
            "uri('http://contoso.org/firstpath/azuredeploy.json', 'myscript.sh')",
            json!("http://contoso.org/firstpath/myscript.sh"),
        ),
        (
            "uri('http://contoso.org/firstpath/azuredeploy.json/', 'myscript.sh')",
            json!("http://contoso.org/firstpath/azuredeploy.json/myscript.sh"),
        ),
        (
            "uri('http://contoso.com/resources/', 'nested/azuredeploy.json')",
            json!("http://contoso.com/resources/nested/azuredeploy.json"),
        ),
        (
            "uriComponent('http://contoso.com/resources/nested/azuredeploy.json')",
            json!("http%3A%2F%2Fcontoso.com%2Fresources%2Fnested%2Fazuredeploy.json"),
        ),
        (
            "uriComponentToString('http%3A%2F%2Fcontoso.com%2Fresources%2Fnested%2Fazuredeploy.json')",
            json!("http://contoso.com/resources/nested/azuredeploy.json"),
        ),
    ]);
}

/// The page gives the namespace and no value; this one is of another implementation of version 5 UUIDs
/// (<https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string#guid>).
#[test]
fn guids() {
    check(&[
        ("guid('foo', 'bar')", json!("5153061a-20ce-546e-8e3a-7b6a1d0eb119")),
        ("guid('foo-bar')", json!("5153061a-20ce-546e-8e3a-7b6a1d0eb119")),
    ]);
    assert_ne!(
        evaluate("guid('hello', 'world')").unwrap(),
        evaluate("guid('world', 'hello')").unwrap()
    );
}

/// The first value is from a test that calls Microsoft's own library (`microsoft/commercial-marketplace-offer-deploy`,
/// `ArmFunctionsTests.cs`); the others were published as output of Bicep.
#[test]
fn unique_strings() {
    check(&[
        (
            "uniqueString('/subscriptions/31e9f9a0-9fd2-4294-a0a3-0101246d9700/resourceGroups/\
             rg-modm201-20230913120256/providers/Microsoft.Compute/virtualMachines/bobjacmodm201')",
            json!("yvjxno3je5on2"),
        ),
        ("uniqueString('test')", json!("rbgf3xv4ufgzg")),
        ("uniqueString('abc')", json!("cgtzqvhu4i23s")),
        ("uniqueString('hello', 'world')", json!("a7wkljktk6wne")),
        ("uniqueString('foo', 'bar', 'baz')", json!("xzi4ioaxtmth4")),
        (
            "uniqueString('/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/my-rg')",
            json!("bmg7c6xu4tw46"),
        ),
    ]);
}

struct Guids;

impl Runtime for Guids {
    fn reference(&self, _: &str, _: Option<&str>, _: bool) -> Option<serde_json::Value> {
        None
    }
    fn list(
        &self,
        _: &str,
        _: &str,
        _: &str,
        _: Option<&serde_json::Value>,
    ) -> Option<serde_json::Value> {
        None
    }
    fn utc_now(&self) -> Option<String> {
        None
    }
    fn new_guid(&self) -> Option<String> {
        Some("b76a51fc-bd72-4a77-b9a2-3c29e7d2e551".into())
    }
}

#[test]
fn new_guids_stand_in_defaults_only() {
    let guid = |stage, runtime: &dyn Runtime| evaluate_in("newGuid()", stage, runtime);
    assert_eq!(
        guid(EvaluationStage::ParameterDefault, &Guids).unwrap(),
        json!("b76a51fc-bd72-4a77-b9a2-3c29e7d2e551")
    );
    assert_eq!(guid(EvaluationStage::ParameterDefault, &Unknown).unwrap(), json!("[newGuid()]"));
    assert!(guid(EvaluationStage::Variable, &Guids).is_err());
}
