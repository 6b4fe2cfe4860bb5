//! What there is after a deployment that did not come to its end, in the words of the screen.

use crate::domain::operation::KeptResources;

/// What it costs that something exists, in a sentence.
pub fn kept_words(kept: &KeptResources, practice: bool) -> String {
    match (kept.count(), &kept.cost) {
        (None, _) => "What exists could not be read, so it is not known what it costs.".to_owned(),
        (Some(0), _) => "Nothing exists, so nothing costs anything.".to_owned(),
        _ if practice => "On the practice cloud what exists costs nothing.".to_owned(),
        (_, Some(cost)) => {
            format!("You are paying for what exists: about ${:.0} a day.", cost.daily)
        }
        (_, None) => "What exists has no price of its own.".to_owned(),
    }
}
