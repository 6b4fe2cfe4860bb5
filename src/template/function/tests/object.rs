//! Examples of <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-object>.

use serde_json::json;

use super::{check, check_refused, outputs};

#[test]
fn making_objects() {
    check(&[
        (
            "createObject('intProp', 1, 'stringProp', 'abc', 'boolProp', true(), 'arrayProp', \
             createArray('a', 'b', 'c'), 'objectProp', createObject('key1', 'value1'))",
            json!({
                "intProp": 1,
                "stringProp": "abc",
                "boolProp": true,
                "arrayProp": ["a", "b", "c"],
                "objectProp": {"key1": "value1"}
            }),
        ),
        ("createObject()", json!({})),
        ("empty(json('null'))", json!(true)),
        ("empty(null())", json!(true)),
        ("json('{\"a\": \"b\"}')", json!({"a": "b"})),
        ("json('\"test\"')", json!("test")),
        ("json('true')", json!(true)),
        ("json('3')", json!(3)),
        ("json('[1,2,3 ]')", json!([1, 2, 3])),
        ("json(concat('{\"a\": \"', 'demo value', '\"}'))", json!({"a": "demo value"})),
        ("json('{''it'': ''a \"b\"''}')", json!({"it": "a \"b\""})),
    ]);
    check_refused(&[
        ("createObject('a')", "even"),
        ("createObject(1, 2)", "String"),
        ("json('{')", "JSON"),
    ]);
}

#[test]
fn looking_into_objects() {
    check(&[
        ("contains(json('{\"one\":\"a\",\"two\":\"b\"}'), 'one')", json!(true)),
        ("contains(json('{\"one\":\"a\",\"two\":\"b\"}'), 'ONE')", json!(true)),
        ("contains(json('{\"one\":\"a\",\"two\":\"b\"}'), 'a')", json!(false)),
        (
            "length(json('{\"propA\":\"one\",\"propB\":\"two\",\"propC\":\"three\",\"propD\":{\"propD-1\":\"sub\",\"propD-2\":\"sub\"}}'))",
            json!(4),
        ),
        ("empty(createObject())", json!(true)),
        ("objectKeys(createObject('b', 1, 'a', 2))", json!(["a", "b"])),
        ("tryGet(createObject('a', createObject('b', 1)), 'a', 'b')", json!(1)),
        ("tryGet(createObject('a', createObject('b', 1)), 'x', 'b')", json!(null)),
        ("createObject('Name', 1).name", json!(1)),
        ("createObject('a', 1)['a']", json!(1)),
        ("createObject('a', 1).?b", json!(null)),
        ("createObject('a', 1).?b.?c", json!(null)),
    ]);
    let error = super::evaluate("createObject('a', 1, 'c', 2).b").unwrap_err();
    assert_eq!(
        error.message,
        "The language expression property 'b' doesn't exist, available properties are 'a, c'."
    );
}

#[test]
fn sets() {
    check(&[
        (
            "intersection(json('{\"one\":\"a\",\"two\":\"b\",\"three\":\"c\"}'), \
             json('{\"one\":\"a\",\"two\":\"z\",\"three\":\"c\"}'))",
            json!({"one": "a", "three": "c"}),
        ),
        (
            "union(json('{\"one\":\"a\",\"two\":\"b\",\"three\":\"c1\"}'), \
             json('{\"three\":\"c2\",\"four\":\"d\",\"five\":\"e\"}'))",
            json!({"one": "a", "two": "b", "three": "c2", "four": "d", "five": "e"}),
        ),
        (
            "union(json('{\"property\":{\"one\":\"a\",\"two\":\"b\",\"three\":\"c1\"},\"nestedArray\":[1,2]}'), json('{\"property\":{\"three\":\"c2\",\"four\":\"d\",\"five\":\"e\"},\"nestedArray\":[3,4]}'))",
            json!({
                "property": {"one": "a", "two": "b", "three": "c2", "four": "d", "five": "e"},
                "nestedArray": [3, 4]
            }),
        ),
        (
            "shallowMerge(createArray(createObject('one', 'a', 'sub', createObject('x', 1)), \
             createObject('two', 'b', 'sub', createObject('y', 2))))",
            json!({"one": "a", "sub": {"y": 2}, "two": "b"}),
        ),
    ]);
}

#[test]
fn items_sorted_by_key_in_a_loop() {
    let template = json!({
        "variables": {
            "copy": [{
                "name": "modifiedListOfEntities",
                "count": "[length(items(variables('entities')))]",
                "input": {
                    "key": "[items(variables('entities'))[copyIndex('modifiedListOfEntities')].key]",
                    "fullName": "[items(variables('entities'))[copyIndex('modifiedListOfEntities')].value.displayName]",
                    "itemEnabled": "[items(variables('entities'))[copyIndex('modifiedListOfEntities')].value.enabled]"
                }
            }],
            "entities": {
                "item002": {"enabled": false, "displayName": "Example item 2", "number": 200},
                "item001": {"enabled": true, "displayName": "Example item 1", "number": 300}
            }
        },
        "resources": [],
        "outputs": {
            "modifiedResult": {"type": "array", "value": "[variables('modifiedListOfEntities')]"},
            "itemsResult": {"type": "array", "value": "[items(variables('entities'))]"}
        }
    });
    let outputs = outputs(template);
    assert_eq!(
        outputs["modifiedResult"],
        json!([
            {"fullName": "Example item 1", "itemEnabled": true, "key": "item001"},
            {"fullName": "Example item 2", "itemEnabled": false, "key": "item002"}
        ])
    );
    assert_eq!(
        outputs["itemsResult"],
        json!([
            {"key": "item001", "value": {"displayName": "Example item 1", "enabled": true, "number": 300}},
            {"key": "item002", "value": {"displayName": "Example item 2", "enabled": false, "number": 200}}
        ])
    );
}
