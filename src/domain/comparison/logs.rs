//! What Azure Policy says of the group.

use serde_json::Value;

use super::{Book, Difference, Spot};

pub(super) fn policies(book: &mut Book<'_>) {
    let Some(group) = book.case.group_id() else { return };
    let path = format!("{group}/providers/Microsoft.PolicyInsights/policyStates");
    let spot =
        Spot::of(group, "Microsoft.PolicyInsights/policyStates").place("policyStates").point(29);
    let Some(summary) = book.list(&spot, &path) else { return };
    let counted: Option<Vec<u64>> = summary
        .iter()
        .map(|each| each.pointer("/results/nonCompliantResources").and_then(Value::as_u64))
        .collect();
    match counted.map(|counts| counts.iter().sum::<u64>()) {
        Some(0) => book.as_planned(&spot),
        Some(violations) => {
            let remedy = "Look at the group's Policy page: your organisation asks for something that is not met.";
            let found = format!("{violations} resources that do not comply");
            book.differs(&spot, Difference::changed("every resource complies", found, remedy));
        }
        None => book.unread(&spot, "the answer has no count of resources that do not comply"),
    }
}
