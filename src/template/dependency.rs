//! Which resource a word of the template means, and which resources must exist first.
//!
//! Rules: <https://learn.microsoft.com/azure/azure-resource-manager/templates/resource-dependency>. It must not
//! evaluate.

use std::collections::BTreeSet;

use super::document::CopyLoop;
use super::error::TemplateError;

/// A resource as others can refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// Symbol with the index of the instance, such as `disk[0]`.
    pub(super) symbol: String,
    /// Symbol of the declaration, which stands for all instances of a loop.
    pub(super) declared: String,
    /// Index of the declaration in the template.
    pub(super) declaration: usize,
    /// Index of the instance where there is a loop.
    pub(super) instance: Option<usize>,
    /// Name of the loop over it.
    pub(super) loop_name: Option<String>,
    pub(super) resource_type: String,
    pub(super) api_version: String,
    pub(super) name: String,
    pub(super) id: String,
    /// False for existing resources and for those whose condition is false.
    pub(super) deployed: bool,
}

/// How a word matched a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    /// By its symbolic name.
    Symbol,
    /// By its name in Azure.
    Name,
    /// By its resource id.
    Id,
}

/// The resources that a symbol, a name or an id means: several for a loop's symbol.
pub(super) fn find(targets: &[Target], word: &str) -> Option<(Vec<usize>, Match)> {
    let same = |text: &str| text.eq_ignore_ascii_case(word);
    let found = |way: Match, fits: &dyn Fn(&Target) -> bool| {
        let found = indexes(targets, fits);
        (!found.is_empty()).then_some((found, way))
    };
    found(Match::Symbol, &|target| same(&target.symbol))
        .or_else(|| found(Match::Symbol, &|target| same(&target.declared)))
        .or_else(|| found(Match::Id, &|target| same(&target.id)))
        .or_else(|| found(Match::Name, &|target| same(&target.name)))
}

fn indexes(targets: &[Target], fits: &dyn Fn(&Target) -> bool) -> Vec<usize> {
    targets.iter().enumerate().filter(|(_, target)| fits(target)).map(|(index, _)| index).collect()
}

/// The resources that one entry of `dependsOn` means: also a loop's name, or the type and name without the scope.
///
/// # Errors
/// `InvalidTemplate` when the template has no such resource.
pub(super) fn depended_on(targets: &[Target], word: &str) -> Result<Vec<usize>, TemplateError> {
    if let Some((found, _)) = find(targets, word) {
        return Ok(found);
    }
    let by_loop = indexes(targets, &|target| {
        target.loop_name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(word))
    });
    if !by_loop.is_empty() {
        return Ok(by_loop);
    }
    // `Microsoft.Network/virtualNetworks/vnet` is how older templates write it with concat().
    let tail = format!("/providers/{word}").to_ascii_lowercase();
    let by_path = indexes(targets, &|target| {
        word.contains('/') && target.id.to_ascii_lowercase().ends_with(&tail)
    });
    if by_path.is_empty() {
        return Err(template_error!("The resource '{word}' is not defined in the template."));
    }
    Ok(by_path)
}

/// The instances of the batch before, on which an instance of a serial loop waits.
pub(super) fn batch_before(
    targets: &[Target],
    target: &Target,
    copy: Option<&CopyLoop>,
) -> BTreeSet<usize> {
    let batch = copy.and_then(|copy| copy.batch_size);
    let (Some(size), Some(instance)) = (batch, target.instance) else { return BTreeSet::new() };
    let Some(before) = (instance / size).checked_sub(1) else { return BTreeSet::new() };
    indexes(targets, &|other| {
        other.declaration == target.declaration
            && other.instance.is_some_and(|instance| instance / size == before)
    })
    .into_iter()
    .collect()
}
