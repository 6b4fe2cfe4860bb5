//! What the name of a machine's size tells
//! (<https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions>).

/// Whether a text has the form of a size's name, such as `Standard_D2s_v5`: Azure has many more than the practice cloud
/// lists.
pub(super) fn has_form(text: &str) -> bool {
    let Some((tier, name)) = text.split_once('_') else { return false };
    let tier = ["standard", "basic"].contains(&tier.to_ascii_lowercase().as_str());
    let family = name.trim_start_matches(|each: char| each.is_ascii_alphabetic());
    tier && family.len() < name.len() && family.starts_with(|each: char| each.is_ascii_digit())
}

/// The kind of disk that a machine gets unasked: a size with an `s` among its features has premium ones, such as
/// `Standard_D2s_v5`.
pub(super) fn disk(size: &str) -> &'static str {
    let features = size.split('_').nth(1).unwrap_or("");
    if features.trim_start_matches(|each: char| !each.is_ascii_digit()).contains('s') {
        "Premium_LRS"
    } else {
        "Standard_LRS"
    }
}
