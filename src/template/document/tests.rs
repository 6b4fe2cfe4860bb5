//! Reading templates of both forms, and what is refused.

use serde_json::{Value as Json, json};

use super::{ParameterType, Template, Variable};

fn refused(template: Json, place: &str, part: &str) {
    let error = Template::from_json(template).unwrap_err();
    assert_eq!(error.code, "InvalidTemplate");
    assert_eq!(error.place, place, "{}", error.message);
    assert!(error.message.contains(part), "{}", error.message);
}

#[test]
fn symbolic_resources() {
    let json = json!({
        "languageVersion": "2.0",
        "parameters": {
            "name": {"type": "string", "minLength": 1, "maxLength": 8, "metadata": {"description": "[the] name"}},
            "adminPassword": {"type": "secureString"},
            "count": {"type": "int", "minValue": 1, "maxValue": 3, "defaultValue": 2, "allowedValues": [1, 2, 3]}
        },
        "variables": {"copy": [{"name": "list", "count": 2, "input": "x"}], "plain": 1},
        "resources": {
            "vnet": {
                "type": "Microsoft.Network/virtualNetworks",
                "apiVersion": "2024-05-01",
                "name": "vnet",
                "location": "westeurope",
                "metadata": {"area": "network", "description": "The network"},
                "dependsOn": ["nsg"],
                "properties": {}
            },
            "nsg": {
                "existing": true,
                "type": "Microsoft.Network/networkSecurityGroups",
                "apiVersion": "2024-05-01",
                "name": "nsg",
                "resourceGroup": "other"
            }
        }
    });
    let template = Template::from_json(json.clone()).unwrap();
    assert_eq!(template.to_json(), &json);
    assert_eq!(template.secure_parameters().collect::<Vec<_>>(), ["adminPassword"]);
    let (name, parameter) = template.parameter("NAME").unwrap();
    assert_eq!((name, parameter.kind), ("name", ParameterType::String));
    assert_eq!(parameter.description, "[the] name");
    assert_eq!(parameter.maximum_length, Some(8));
    assert!(matches!(template.variable("list"), Some((_, Variable::Copy(_)))));
    let [vnet, nsg] = template.resources() else { panic!("two resources") };
    assert_eq!((vnet.symbol.as_str(), vnet.area.as_str()), ("vnet", "network"));
    assert_eq!(vnet.depends_on, ["nsg"]);
    assert_eq!(vnet.body.keys().collect::<Vec<_>>(), ["location", "properties"]);
    assert!(nsg.existing);
    assert_eq!(nsg.resource_group.as_deref(), Some("other"));
}

#[test]
fn an_array_of_resources_with_nested_ones() {
    let template = Template::from_json(json!({
        "resources": [{
            "type": "Microsoft.Network/virtualNetworks",
            "apiVersion": "2024-05-01",
            "name": "vnet",
            "resources": [
                {"type": "subnets", "apiVersion": "2024-05-01", "name": "one"},
                {"type": "subnets", "apiVersion": "2024-05-01", "name": "[concat('t', 'wo')]"}
            ]
        }]
    }))
    .unwrap();
    let [_, one, two] = template.resources() else { panic!("three resources") };
    assert_eq!(one.resource_type, "Microsoft.Network/virtualNetworks/subnets");
    assert_eq!(one.symbol, "resources[0].resources[0]");
    assert_eq!(two.names, ["vnet", "[concat('t', 'wo')]"]);
}

#[test]
fn what_cannot_be_carried_out_is_refused_at_its_place() {
    refused(json!([]), "", "JSON object");
    refused(json!({}), "", "no section 'resources'");
    refused(
        json!({"resources": {}, "functions": [{"namespace": "contoso"}]}),
        "functions",
        "User-defined functions",
    );
    refused(
        json!({"resources": {}, "parameters": {"p": {"type": "text"}}}),
        "parameters.p.type",
        "'text'",
    );
    refused(
        json!({"resources": [{"type": "a/b", "name": "n"}]}),
        "resources[0]",
        "'apiVersion' is missing",
    );
    refused(
        json!({"resources": {"inner": {"type": "Microsoft.Resources/deployments", "apiVersion": "1", "name": "n"}}}),
        "resources.inner.type",
        "Nested deployments",
    );
    refused(
        json!({"resources": {}, "outputs": {"o": {"type": "string"}}}),
        "outputs.o",
        "'value' or 'copy'",
    );
}

#[test]
fn wrong_expressions_are_found_even_where_they_are_not_used() {
    refused(
        json!({"resources": {}, "variables": {"a": {"b": ["x", "[frobnicate('y')]"]}}}),
        "variables.a.b[1]",
        "'frobnicate'",
    );
    refused(
        json!({"resources": {"r": {"type": "a/b", "apiVersion": "1", "name": "n", "properties": {"x": "[concat('a']"}}}}),
        "resources.r.properties.x",
        "expected at position 10",
    );
}
