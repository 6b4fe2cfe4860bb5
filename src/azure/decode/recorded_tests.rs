//! Refusals as real Azure has sent them, in shorter bodies of our own: each is told by its cause.
//!
//! Every case names the issue or the kind of recording that it follows.

use serde_json::json;

use super::*;

fn denied(id: &str) -> String {
    format!(
        "Authorization failed for template resource '{id}' of type \
         'Microsoft.Authorization/roleAssignments'. The client \
         'ada@contoso.com' with object id '9' does not have permission to perform action \
         'Microsoft.Authorization/roleAssignments/write' at scope '/subscriptions/8/resourceGroups/rg/providers/\
         Microsoft.Storage/storageAccounts/s/providers/Microsoft.Authorization/roleAssignments/{id}'."
    )
}

fn template(message: &str) -> Value {
    json!({"error": {"code": "InvalidTemplateDeployment", "message": message}})
}

/// microsoft/finops-toolkit#1700, #1248; Azure-Samples/azure-search-openai-demo#1483; Azure/data-management-zone#214
#[test]
fn a_right_that_is_missing_is_told_though_it_stands_in_the_message_alone() {
    let once = template(&format!("The template deployment failed with error: '{}'.", denied("a6")));
    let nested = json!({"error": {"code": "DeploymentFailed", "target": "/subscriptions/\
        8", "message": "At least one failed.",
        "details": [once["error"]]}});
    for body in [once, nested] {
        let found = problem(400, &body, None);
        assert_eq!(found.code, "AuthorizationFailed");
        assert!(found.what.contains("not assign roles"), "{}", found.what);
        assert!(found.advice.contains("account key"), "{}", found.advice);
        assert_eq!(found.retry, Retry::AfterChange);
        assert!(found.place.as_deref().is_some_and(|place| place.ends_with("/a6")));
        let words = found.original.unwrap();
        assert!(
            words.starts_with("The client 'ada@contoso.com'") && words.ends_with("/a6'"),
            "{words}"
        );
        assert!(found.others.is_empty());
    }
}

#[test]
fn several_rights_in_one_message_are_told_each_once() {
    let both = format!(
        "Deployment failed with multiple errors: '{}:{}:The client 'ada@contoso.com' with object id '9' does not have \
         authorization to perform action 'Microsoft.Network/virtualNetworks/write' over scope '/subscriptions/8'.'",
        denied("d0"),
        denied("e1")
    );
    let found = problem(400, &template(&both), None);
    let told: Vec<&Problem> = found.leaves().collect();
    assert_eq!(told.len(), 3);
    assert_eq!(told[0].what, told[1].what);
    assert_ne!(told[0].place, told[1].place);
    assert!(told[2].what.contains("Microsoft.Network/virtualNetworks/write"));
    assert!(told[2].advice.contains("on /subscriptions/8."), "{}", told[2].advice);
}

/// F5Networks/f5-azure-arm-templates-v2#45
#[test]
fn an_assignment_of_an_identity_that_is_gone_is_told() {
    let body = json!({"error": {"code": "RoleAssignmentUpdateNotPermitted",
        "message": "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."}});
    let found = problem(400, &body, None);
    assert!(found.what.contains("no longer exists"), "{}", found.what);
    assert!(
        found.advice.contains("az role assignment delete") && found.advice.contains("try again")
    );
    assert_eq!(found.retry, Retry::AfterChange);
}

/// Code, message, words of what happened, words of the advice, retry.
const RECORDED: &[(&str, &str, &str, &str, Retry)] = &[
    (
        "InvalidTemplateDeployment",
        "Resource 'x' was disallowed by policy. Policy identifiers: 'y'.",
        "A policy forbids this",
        "exemption",
        Retry::AfterChange,
    ),
    (
        "DeploymentFailed",
        "The scope 'x' cannot perform write operation because following scope(s) are locked: 'y'.",
        "A lock",
        "az lock list",
        Retry::AfterChange,
    ),
    (
        "InvalidTemplateDeployment",
        "The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: \
         Standard_D2s_v5' is currently not available.",
        "Standard_D2s_v5",
        "another size",
        Retry::AfterChange,
    ),
    (
        "BadRequest",
        "The storage account named x is already taken.",
        "Somebody in the world",
        "other digits",
        Retry::AfterChange,
    ),
    (
        "BadRequest",
        r#"Conflict response body: {"error":{"code":"StorageAccountIsNotProvisioned","message":"The state must be 'Succeeded'."}}"#,
        "storage account",
        "tried again",
        Retry::Transient,
    ),
    (
        "VmssGatewayDeploymentFailed",
        "The gateway deployment operation failed due to an intermittent error.",
        "gateway",
        "tried again",
        Retry::Transient,
    ),
    ("GatewayError", "", "gateway", "tried again", Retry::Transient),
    (
        "Conflict",
        "Another operation is pending on the specified resource.",
        "Another change",
        "tried again",
        Retry::Transient,
    ),
    (
        "429",
        "Request is temporarily throttled because the subscription has issued too many requests.",
        "Too many requests",
        "by itself",
        Retry::Transient,
    ),
    (
        "InvalidParameter",
        "The following list of images referenced from the deployment template are not found: Publisher: a, Offer: b.",
        "image",
        "az vm image list-skus",
        Retry::AfterChange,
    ),
    (
        "QuotaExceeded",
        "Operation could not be completed as it results in exceeding approved Total Regional Cores quota.",
        "all sizes together",
        "Another size does not help",
        Retry::AfterChange,
    ),
    (
        "InvalidTemplateDeployment",
        "Operation could not be completed as it results in exceeding approved standardDSv5Family Cores quota.",
        "standardDSv5Family",
        "Quotas",
        Retry::AfterChange,
    ),
    (
        "InvalidTemplateDeployment",
        "The value of parameter x is wrong.",
        "does not accept the template",
        "defect",
        Retry::AfterChange,
    ),
    (
        "InvalidValuesForRequestParameters",
        "Values for request parameters are invalid: x.",
        "one of its values",
        "defect",
        Retry::AfterChange,
    ),
    (
        "InvalidResourceGroup",
        "The provided resource group name 'a&b' has these invalid characters: '&'.",
        "name of the resource group",
        "1 to 90 letters",
        Retry::AfterChange,
    ),
    (
        "FailedIdentityOperation",
        r#"Identity operation failed with error 'Response: '{"error":{"code":"BadRequest","message":"Resource 'x' was not found."}}'.'"#,
        "identity",
        "once more",
        Retry::TransientOnce,
    ),
    (
        "InvalidResourceReference",
        "Resource a referenced by resource b was not found.",
        "not there",
        "once more",
        Retry::TransientOnce,
    ),
    (
        "PreconditionFailed",
        "Etag provided in if-match header does not match.",
        "same moment",
        "Try again",
        Retry::TransientOnce,
    ),
    (
        "RoleAssignmentNotFound",
        "The role assignment 'x' is not found.",
        "not there",
        "name",
        Retry::TransientOnce,
    ),
    (
        "CannotDeleteResource",
        "Cannot delete resource while nested resources exist.",
        "cannot be deleted",
        "a few minutes",
        Retry::TransientOnce,
    ),
    (
        "NicInUse",
        "Network Interface x is used by existing resource y.",
        "cannot be deleted",
        "a few minutes",
        Retry::TransientOnce,
    ),
    (
        "InvalidGatewaySkuSpecifiedForGatewayDeploymentType",
        "",
        "size",
        "same family",
        Retry::AfterChange,
    ),
    (
        "RequestDisallowedByPolicy",
        "Resource 'x' was disallowed by policy. Reasons: MFA is required. See error details for policy resource IDs.",
        "multi-factor",
        "az login",
        Retry::AfterChange,
    ),
];

#[test]
fn what_real_azure_refuses_is_told_by_its_cause() {
    for (code, message, what, advice, retry) in RECORDED {
        let found = problem(400, &json!({"error": {"code": code, "message": message}}), None);
        assert!(found.what.contains(what), "{code}: {}", found.what);
        assert!(found.advice.contains(advice), "{code}: {}", found.advice);
        assert_eq!(found.retry, *retry, "{code}");
    }
}

#[test]
fn words_without_a_code_are_told_with_their_status() {
    for body in [
        json!({"Message": "The resource is busy."}),
        json!({"message": "The resource is busy."}),
        json!({"error": {"message": "The resource is busy."}}),
        json!({"error": "The resource is busy."}),
    ] {
        let found = problem(409, &body, None);
        assert_eq!(found.what, "Azure reports 409: The resource is busy.", "{body}");
        assert!(problem(429, &body, None).is_transient(), "{body}");
        assert!(problem(503, &body, None).is_transient(), "{body}");
        assert!(problem(401, &body, None).advice.contains("az login"), "{body}");
    }
    assert_eq!(failure(&json!({"message": "All is well."}), None), None);
}

#[test]
fn a_missing_network_is_not_a_missing_sign_in() {
    for (words, what) in [
        ("http_407: ", "proxy"),
        ("login.microsoftonline.com cannot be reached from here.", "could not be reached"),
        (
            "HTTPSConnectionPool(host='login.microsoftonline.com', port=443): Max retries exceeded",
            "could not be reached",
        ),
    ] {
        let found = sign_in_cause(words).unwrap();
        assert!(found.what.contains(what), "{words}: {}", found.what);
        assert!(!found.advice.contains("az login"), "{}", found.advice);
        assert_eq!(found.is_unanswered(), what != "proxy", "{}", found.code);
    }
    assert_eq!(sign_in_cause("Please run 'az login' to setup account."), None);
}
