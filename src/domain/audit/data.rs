//! Points 7 to 11: storage, vault, registry and logs.

use serde_json::Value;

use super::{
    case::{Case, Part, items, text},
    sheet::{Rule, Sheet},
    workspace::with,
};

const STORAGE: &str = "Microsoft.Storage/storageAccounts";
const VAULT: &str = "Microsoft.KeyVault/vaults";
const REGISTRY: &str = "Microsoft.ContainerRegistry/registries";
const LOGS: &str = "Microsoft.OperationalInsights/workspaces";
const INSIGHTS: &str = "Microsoft.Insights/components";
const SCOPE: &str = "Microsoft.Insights/privateLinkScopes";
const CLOSE: &str = "Set public network access to Disabled on its Networking page.";

pub(super) fn storage_network(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(storage) = with(case, sheet, STORAGE) else {
        return;
    };
    sheet.field(
        &storage,
        "/properties/publicNetworkAccess",
        Rule::Is("Disabled"),
        CLOSE,
    );
    let rules = "Remove it on the storage account's Networking page.";
    sheet.field(
        &storage,
        "/properties/networkAcls/defaultAction",
        Rule::Is("Deny"),
        "Set the default action to Deny.",
    );
    let bypass =
        "Let only trusted Azure services past the rules (bypass AzureServices), or nobody.";
    sheet.field(
        &storage,
        "/properties/networkAcls/bypass",
        Rule::OneOf(&["AzureServices", "None"]),
        bypass,
    );
    for list in ["ipRules", "virtualNetworkRules", "resourceAccessRules"] {
        let list = format!("/properties/networkAcls/{list}");
        sheet.nothing_added(case, &storage, STORAGE, &list, rules);
    }
}

pub(super) fn storage_options(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(storage) = with(case, sheet, STORAGE) else {
        return;
    };
    let page = "Switch it off on the storage account's Configuration page.";
    sheet.field(
        &storage,
        "/properties/allowBlobPublicAccess",
        Rule::False,
        page,
    );
    let keys = "Switch storage account key access off; with --datastore-access account-key the workspace needs it.";
    let what = "Whoever gets hold of an account key reads and writes all data, inside the network; the settings \
                say so (--datastore-access account-key).";
    sheet.field_or_chosen(
        &storage,
        case.planned_body(storage.id),
        "/properties/allowSharedKeyAccess",
        (Rule::False, keys),
        what,
    );
    sheet.field(
        &storage,
        "/properties/allowCrossTenantReplication",
        Rule::False,
        page,
    );
    let tls = "Set the minimum TLS version to 1.2.";
    sheet.field(
        &storage,
        "/properties/minimumTlsVersion",
        Rule::OneOf(&["TLS1_2", "TLS1_3"]),
        tls,
    );
    sheet.field(
        &storage,
        "/properties/isSftpEnabled",
        Rule::NotTrue,
        "Switch SFTP off.",
    );
    sheet.field(
        &storage,
        "/properties/isLocalUserEnabled",
        Rule::NotTrue,
        "Switch local users off.",
    );
    if let Ok(body) = storage.body
        && text(body, "/properties/allowedCopyScope").is_empty()
    {
        let field = "properties.allowedCopyScope";
        let what = "Copies into accounts elsewhere are not restricted by the account itself; the network closes that way.";
        sheet.open(storage.name, field, "not set", what);
    }
}

pub(super) fn vault(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(vault) = with(case, sheet, VAULT) else {
        return;
    };
    sheet.field(
        &vault,
        "/properties/publicNetworkAccess",
        Rule::Is("Disabled"),
        CLOSE,
    );
    sheet.field(
        &vault,
        "/properties/networkAcls/defaultAction",
        Rule::Is("Deny"),
        "Set the default action to Deny.",
    );
    let bypass =
        "Let only trusted Azure services past the rules (bypass AzureServices), or nobody.";
    sheet.field(
        &vault,
        "/properties/networkAcls/bypass",
        Rule::OneOf(&["AzureServices", "None"]),
        bypass,
    );
    for list in ["ipRules", "virtualNetworkRules"] {
        let remedy = "Remove it on the vault's Networking page.";
        let list = format!("/properties/networkAcls/{list}");
        sheet.nothing_added(case, &vault, VAULT, &list, remedy);
    }
    let roles = "Set the vault's permission model to Azure role-based access control.";
    let what = "Access policies of the vault say who reads its secrets, and whoever may write the vault can add themselves; \
                the settings say so (--datastore-access account-key).";
    sheet.field_or_chosen(
        &vault,
        case.planned_body(vault.id),
        "/properties/enableRbacAuthorization",
        (Rule::True, roles),
        what,
    );
    let purge = "Switch purge protection on: without it, whoever deletes the vault can destroy its secrets at once.";
    sheet.field(
        &vault,
        "/properties/enablePurgeProtection",
        Rule::True,
        purge,
    );
}

pub(super) fn registry(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(registry) = with(case, sheet, REGISTRY) else {
        return;
    };
    let premium = "Move the registry to Premium: only that tier has private endpoints.";
    sheet.field(&registry, "/sku/name", Rule::Is("Premium"), premium);
    sheet.field(
        &registry,
        "/properties/publicNetworkAccess",
        Rule::Is("Disabled"),
        CLOSE,
    );
    let deny = "Set the registry's default action to Deny.";
    sheet.field(
        &registry,
        "/properties/networkRuleSet/defaultAction",
        Rule::Is("Deny"),
        deny,
    );
    let list = "/properties/networkRuleSet/ipRules";
    sheet.nothing_added(case, &registry, REGISTRY, list, "Remove the addresses.");
    let bypass = "Let only trusted Azure services past the rules, or nobody.";
    sheet.field(
        &registry,
        "/properties/networkRuleBypassOptions",
        Rule::OneOf(&["AzureServices", "None"]),
        bypass,
    );
    sheet.field(
        &registry,
        "/properties/adminUserEnabled",
        Rule::NotTrue,
        "Switch the registry's admin user off.",
    );
    sheet.field(
        &registry,
        "/properties/anonymousPullEnabled",
        Rule::NotTrue,
        "Switch anonymous pull off.",
    );
    let export =
        "Disable the registry's export policy: it lets images be copied to another registry.";
    sheet.field(
        &registry,
        "/properties/policies/exportPolicy/status",
        Rule::Is("disabled"),
        export,
    );
}

pub(super) fn logs(case: &Case<'_>, sheet: &mut Sheet) {
    for kind in [LOGS, INSIGHTS] {
        let Some(store) = with(case, sheet, kind) else {
            continue;
        };
        let ingestion = "/properties/publicNetworkAccessForIngestion";
        let remedy = "Refuse ingestion from public networks on its Network Isolation page.";
        sheet.field(&store, ingestion, Rule::Is("Disabled"), remedy);
        let query = "properties.publicNetworkAccessForQuery";
        if let Ok(body) = store.body
            && text(body, "/properties/publicNetworkAccessForQuery") != "Disabled"
        {
            let what = "Logs can be queried from outside by whoever signs in with rights on them; this program reads the \
                        firewall's refusals that way.";
            sheet.open(store.name, query, "Enabled", what);
        }
    }
    let Some(scope) = with(case, sheet, SCOPE) else {
        return;
    };
    for mode in ["ingestionAccessMode", "queryAccessMode"] {
        access_mode(case, sheet, &scope, mode);
    }
    let Some(body) = sheet.body(
        &scope,
        "/properties/privateEndpointConnections",
        "an approved endpoint",
    ) else {
        return;
    };
    let approved = items(body, "/properties/privateEndpointConnections")
        .iter()
        .filter(|each| {
            text(each, "/properties/privateLinkServiceConnectionState/status") == "Approved"
        })
        .count();
    let remedy = "Run `privateaml mend`: without its endpoint the scope isolates nothing.";
    let field = "/properties/privateEndpointConnections";
    sheet.judge(
        scope.name,
        field,
        "an approved endpoint",
        &format!("{approved} approved"),
        approved > 0,
        remedy,
    );
}

/// An open mode that was chosen is open by choice; one that was not does not hold. Private-only is never wrong.
fn access_mode(case: &Case<'_>, sheet: &mut Sheet, scope: &Part<'_>, mode: &str) {
    let field = format!("/properties/accessModeSettings/{mode}");
    let is_open = |body: &Value| text(body, &field).eq_ignore_ascii_case("Open");
    let chosen = case.planned(SCOPE).any(|planned| is_open(&planned.body));
    if chosen && scope.body.is_ok_and(is_open) {
        let what = "Machines inside also reach other people's Azure Monitor resources that accept public networks, past \
                    the firewall: `privateaml mend NAME --monitor-access private-only` closes that.";
        let field = field.trim_start_matches('/').replace('/', ".");
        return sheet.open(scope.name, &field, "Open", what);
    }
    let remedy = "Set it to PrivateOnly on the scope's Access Modes page: with Open, machines inside also reach other \
                  people's Azure Monitor resources past the firewall. `privateaml mend` does it too.";
    sheet.field(scope, &field, Rule::Is("PrivateOnly"), remedy);
}
