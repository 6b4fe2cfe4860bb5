//! What there is after a deployment that did not come to its end, in the words of the screen.

use crate::domain::operation::KeptResources;

/// What exists and what it costs, in a sentence.
pub fn kept_words(kept: &KeptResources, practice: bool) -> String {
    let exist = match kept.count() {
        None => {
            return "What exists could not be read, so it is not known what it costs.".to_owned();
        }
        Some(0) => return "Nothing exists, so nothing costs anything.".to_owned(),
        Some(1) => "1 resource exists".to_owned(),
        Some(more) => format!("{more} resources exist"),
    };
    match &kept.cost {
        _ if practice => format!("{exist}; on the practice cloud that costs nothing."),
        Some(cost) => {
            format!("You are paying for what exists: {exist}, {}.", cost.about())
        }
        None => format!("{exist}; none of them has a price of its own."),
    }
}
