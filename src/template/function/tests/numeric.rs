//! Examples of <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-numeric>.

use serde_json::json;

use super::{check, check_refused, outputs};

#[test]
fn arithmetic() {
    check(&[
        ("add(5, 3)", json!(8)),
        ("sub(7, 3)", json!(4)),
        ("mul(5, 3)", json!(15)),
        ("div(8, 3)", json!(2)),
        ("mod(7, 3)", json!(1)),
        ("int('4')", json!(4)),
        ("int(4)", json!(4)),
        ("float('3.0')", json!(3.0)),
        ("float(3)", json!(3.0)),
    ]);
    check_refused(&[
        ("div(1, 0)", "divisor"),
        ("mod(1, 0)", "divisor"),
        ("add(9223372036854775807, 1)", "64-bit"),
        ("mul(9223372036854775807, 2)", "64-bit"),
        ("int('four')", "not an integer"),
        ("float('three')", "not a number"),
        ("copyIndex()", "no copy loop"),
        ("copyIndex('disks')", "'disks'"),
    ]);
}

/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-outputs>,
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-variables>.
#[test]
fn copy_index_with_name_and_offset() {
    let outputs = outputs(json!({
        "parameters": {"itemCount": {"type": "int", "defaultValue": 3}},
        "variables": {
            "copy": [{
                "name": "stringArray",
                "count": "[parameters('itemCount')]",
                "input": "[concat('item', copyIndex('stringArray', 1))]"
            }],
            "diskArray": {
                "copy": [{
                    "name": "disks",
                    "count": 2,
                    "input": {"name": "[format('myDataDisk{0}', copyIndex('disks', \
                     1))]", "diskIndex": "[copyIndex('disks')]"}
                }]
            }
        },
        "resources": [],
        "outputs": {
            "strings": {"type": "array", "value": "[variables('stringArray')]"},
            "disks": {"type": "object", "value": "[variables('diskArray')]"},
            "loop": {"type": "array", "copy": {"count": "[parameters('itemCount')]", "input": "[copyIndex(10)]"}}
        }
    }));
    assert_eq!(outputs["strings"], json!(["item1", "item2", "item3"]));
    assert_eq!(
        outputs["disks"],
        json!({"disks": [
            {"name": "myDataDisk1", "diskIndex": 0},
            {"name": "myDataDisk2", "diskIndex": 1}
        ]})
    );
    assert_eq!(outputs["loop"], json!([10, 11, 12]));
}
