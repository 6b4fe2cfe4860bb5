//! From wrapped errors to advice, and the table as a whole.

use serde_json::json;

use super::advice::CauseRow;
use super::*;

fn of(body: &Value) -> Problem {
    problem(400, body, Some("c-1"))
}

fn leaf(code: &str, message: &str) -> Problem {
    of(&json!({"error": {"code": code, "message": message}}))
}

#[test]
fn the_table_is_whole() {
    let rows: Vec<CauseRow> = advice::read(include_str!("../../../assets/errors.toml")).unwrap();
    assert!(rows.len() >= 64, "{}", rows.len());
    assert_eq!(rows.len(), advice::table().len());
    for row in &rows {
        let name = format!("{:?} {:?}", row.codes, row.contains);
        assert!(!(row.codes.is_empty() && row.contains.is_empty()), "{name}");
        assert!(row.what.ends_with('.'), "{name}");
        assert!(row.advice.ends_with('.'), "{name}");
        assert!(!row.source.is_empty(), "{name}");
        for part in [&row.what, &row.advice] {
            for piece in part.split('{').skip(1) {
                let word = piece.split('}').next().unwrap();
                assert!(word == "policy" || row.take.contains_key(word), "{name}: {word}");
            }
        }
    }
}

#[test]
fn every_row_can_be_reached() {
    for (index, row) in advice::table().iter().enumerate() {
        let code = row.codes.first().map_or("SomethingElse", |code| code.trim_start_matches('*'));
        let messages: Vec<String> = if row.contains.is_empty() {
            vec!["no".into()]
        } else {
            row.contains.iter().map(|words| format!("It says: {words}!")).collect()
        };
        let reached =
            row.codes.iter().map(|code| code.trim_start_matches('*')).chain([code]).any(|code| {
                messages.iter().any(|message| {
                    let leaf = Leaf::bare(code, message);
                    let first = advice::table().iter().position(|row| row.fits(&leaf));
                    first == Some(index)
                })
            });
        assert!(
            reached,
            "row {index} of {:?} {:?} is hidden by one before it",
            row.codes, row.contains
        );
    }
}

/// Code, message, words of what happened, words of the advice, and whether to try again.
const CAUSES: &[(&str, &str, &str, &str, Retry)] = &[
    (
        "AuthorizationFailed",
        "The client 'x' does not have authorization to perform action \
         'Microsoft.Resources/deployments/write' over scope '/subscriptions/s'.",
        "Microsoft.Resources/deployments/write",
        "/subscriptions/s",
        Retry::AfterChange,
    ),
    (
        "AuthorizationFailed",
        "perform action 'Microsoft.Authorization/roleAssignments/write' over scope 'x'",
        "assign roles",
        "account key",
        Retry::AfterChange,
    ),
    (
        "MissingSubscriptionRegistration",
        "The subscription is not registered to use namespace 'Microsoft.Network'.",
        "Microsoft.Network",
        "az provider register --namespace Microsoft.Network",
        Retry::AfterChange,
    ),
    (
        "IPv4StandardSkuPublicIpCountLimitReached",
        "Cannot create more than 10",
        "public addresses",
        "quota",
        Retry::AfterChange,
    ),
    ("StaticPublicIPCountLimitReached", "", "public addresses", "quota", Retry::AfterChange),
    (
        "SkuNotAvailable",
        "The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: \
         Standard_D2s_v5' is currently not available in location 'westeurope'.",
        "Standard_D2s_v5",
        "another size",
        Retry::AfterChange,
    ),
    (
        "OperationNotAllowed",
        "Operation could not be completed as it results in exceeding approved standardDSv5Family Cores quota.",
        "standardDSv5Family",
        "Quotas",
        Retry::AfterChange,
    ),
    (
        "OperationNotAllowed",
        "The operation is not allowed on this disk.",
        "Azure reports OperationNotAllowed",
        "c-1",
        Retry::No,
    ),
    (
        "ConflictError",
        "A vault with the same name already exists in deleted state.",
        "recycle bin",
        "other digits",
        Retry::AfterChange,
    ),
    (
        "Conflict",
        "Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete",
        "14 days",
        "purge",
        Retry::AfterChange,
    ),
    ("AnotherOperationInProgress", "", "going on", "again", Retry::Transient),
    ("AllocationFailed", "", "hardware", "once more", Retry::TransientOnce),
    (
        "BadRequest",
        "Firewall Policy Rule Collection Group x can not be updated because Parent Firewall Policy y is in \
         Updating state",
        "firewall policy",
        "again",
        Retry::Transient,
    ),
    (
        "ServiceUnavailable",
        "The region 'westeurope' is not available at the moment.",
        "region westeurope",
        "another region",
        Retry::Transient,
    ),
    (
        "RegionDoesNotAllowProvisioning",
        "Location 'westeurope' is not accepting creation of new resources of type 'x' at this time. Please \
         try another region.",
        "region westeurope",
        "other digits",
        Retry::AfterChange,
    ),
    (
        "ServiceUnavailable",
        "The service is temporarily unavailable.",
        "failed inside",
        "again",
        Retry::Transient,
    ),
    ("ScopeLocked", "", "lock", "az lock list", Retry::AfterChange),
    ("RemoteVnetHasNoGateways", "", "gateway", "wait", Retry::AfterChange),
];

#[test]
fn known_causes_get_their_advice() {
    for (code, message, what, advice, retry) in CAUSES {
        let found = leaf(code, message);
        assert!(found.what.contains(what), "{code}: {}", found.what);
        assert!(found.advice.contains(advice), "{code}: {}", found.advice);
        assert_eq!(found.retry, *retry, "{code}");
        assert_eq!(found.code, *code);
        assert!(!found.what.contains('{') && !found.advice.contains('{'));
    }
}

#[test]
fn the_leaf_is_found_through_every_wrapping() {
    let bare = json!({"code": "AnotherOperationInProgress", "message": "busy"});
    let inside = |text: &str| json!({"error": {"code": "BadRequest", "message": text}});
    for body in [
        json!({"error": bare}),
        bare.clone(),
        json!({"Error": {"Code": "AnotherOperationInProgress", "Message": "busy"}}),
        json!({"odata.error": {"code": "AnotherOperationInProgress", "message": {"lang": "en", "value": "busy"}}}),
        json!({"status": "Failed", "error": bare}),
        json!({"statusMessage": {"status": "Failed", "error": bare}}),
        json!({"error": {"code": "InvalidTemplateDeployment", "message": "x", "details": [
            {"code": "ResourceDeploymentFailure", "message": "y", "details": [bare]}]}}),
        json!({"error": {"code": "DeploymentFailed", "message": "x", "details": [{"error": bare}]}}),
        json!({"error": {"code": "DeploymentFailed", "message": "x", "innererror": bare}}),
        inside(&json!({"error": bare}).to_string()),
        inside(&format!(
            "The request failed: {} Please look.",
            json!({"status": "Failed", "error": bare})
        )),
        inside(
            &json!({"error": {"code": "Conflict", "message": json!({"error": bare}).to_string()}})
                .to_string(),
        ),
    ] {
        let found = of(&body);
        assert_eq!(found.code, "AnotherOperationInProgress", "{body}");
        assert_eq!(found.original.as_deref(), Some("busy"), "{body}");
        assert!(found.others.is_empty());
    }
}

#[test]
fn an_outer_code_that_is_known_beats_an_inner_one_that_is_not() {
    let found = of(
        &json!({"error": {"code": "ImageBuildComputeNotValid", "message": "set it", "target": "ml",
        "innerError": {"code": "BadArgument", "message": "argument"}}}),
    );
    assert_eq!(found.code, "ImageBuildComputeNotValid");
    assert_eq!(found.place.as_deref(), Some("ml"));
}

#[test]
fn several_leaves_come_with_the_most_telling_first() {
    let found = of(&json!({"error": {"code": "DeploymentFailed", "message": "x", "details": [
        {"code": "InternalServerError", "message": "a", "target": "fw"},
        {"code": "SomethingNew", "message": "b", "target": "kv"},
        {"code": "QuotaExceeded", "message": "c", "target": "vm"},
        {"code": "QuotaExceeded", "message": "c", "target": "vm"}]}}));
    let codes: Vec<&str> = found.leaves().map(|each| each.code.as_str()).collect();
    assert_eq!(codes, ["QuotaExceeded", "SomethingNew", "InternalServerError"]);
    assert!(!found.is_transient());
    let passing = of(&json!({"error": {"code": "DeploymentFailed", "message": "x", "details": [
        {"code": "RetryableError", "message": "a"}, {"code": "InternalServerError", "message": "b"}]}}));
    assert!(passing.is_transient());
}

#[test]
fn the_policy_that_refused_is_named() {
    let found = of(
        &json!({"error": {"code": "InvalidTemplateDeployment", "message": "x", "details": [
        {"code": "RequestDisallowedByPolicy", "target": "sttest4821", "message": "Resource 'sttest4821' was \
            disallowed by policy.",
         "additionalInfo": [{"type": "PolicyViolation", "info": {
            "policyDefinitionDisplayName": "Allowed locations", "policyAssignmentName": "contoso-regions"}}]}]}}),
    );
    assert!(
        found.what.contains("Allowed locations (assignment contoso-regions)"),
        "{}",
        found.what
    );
    let unnamed = leaf("RequestDisallowedByPolicy", "no");
    assert!(unnamed.what.contains("does not name it"));
}

#[test]
fn an_unknown_code_keeps_azures_words_and_the_correlation_id() {
    let found = leaf("QuiteNew", "The widget is blue. It must be red.");
    assert_eq!(found.what, "Azure reports QuiteNew: The widget is blue.");
    assert!(found.advice.contains("c-1"));
    assert_eq!(found.original.as_deref(), Some("The widget is blue. It must be red."));
    assert_eq!(found.correlation_id.as_deref(), Some("c-1"));
}

#[test]
fn answers_that_are_no_errors_of_azure_are_told_by_their_status() {
    let page = Value::String("<html><title>Access denied</title></html>".into());
    assert!(problem(403, &page, None).what.contains("proxy"));
    assert!(problem(407, &Value::Null, None).advice.contains("HTTPS_PROXY"));
    assert!(problem(502, &page, None).is_transient());
    assert_eq!(problem(418, &json!({}), None).code, "Http418");
    assert!(!problem(418, &json!({}), None).advice.is_empty());
    assert_eq!(failure(&json!({"status": "Succeeded", "properties": {}}), None), None);
}

#[test]
fn a_sign_in_that_ended_is_told_by_its_cause() {
    assert!(sign_in_ended("AADSTS50076: use multi-factor").what.contains("second factor"));
    assert!(sign_in_ended("AADSTS700082: expired").what.contains("ended"));
    assert!(sign_in_ended("anything").advice.contains("az login"));
    assert_eq!(sign_in_ended("anything").code, "SignInNeeded");
}

#[test]
fn neither_depth_nor_number_is_without_bound() {
    let mut deep = json!({"code": "Deepest", "message": "m"});
    for _ in 0..100 {
        deep = json!({"code": "DeploymentFailed", "message": "x", "details": [deep]});
    }
    assert!(!of(&json!({"error": deep})).code.is_empty());
    let many: Vec<Value> =
        (0..500).map(|each| json!({"code": format!("C{each}"), "message": "m"})).collect();
    let wide = of(&json!({"error": {"code": "DeploymentFailed", "message": "x", "details": many}}));
    assert_eq!(wide.leaves().count(), 40);
}
