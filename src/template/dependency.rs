//! Which resource a word of the template means, and which resources must exist first.
//!
//! Rules: <https://learn.microsoft.com/azure/azure-resource-manager/templates/resource-dependency>. It must not
//! evaluate.

use std::collections::BTreeSet;

use super::document::CopyLoop;
use super::error::Result;
use super::resolve::ResolvedResource;

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
pub(super) fn find(resources: &[ResolvedResource], word: &str) -> Option<(Vec<usize>, Match)> {
    let same = |text: &str| text.eq_ignore_ascii_case(word);
    let found = |way: Match, fits: &dyn Fn(&ResolvedResource) -> bool| {
        let found = indexes(resources, fits);
        (!found.is_empty()).then_some((found, way))
    };
    found(Match::Symbol, &|resource| same(&resource.symbol))
        .or_else(|| found(Match::Symbol, &|resource| same(&resource.declared)))
        .or_else(|| found(Match::Id, &|resource| same(&resource.id)))
        .or_else(|| found(Match::Name, &|resource| same(&resource.name)))
}

fn indexes(resources: &[ResolvedResource], fits: &dyn Fn(&ResolvedResource) -> bool) -> Vec<usize> {
    resources
        .iter()
        .enumerate()
        .filter(|(_, resource)| fits(resource))
        .map(|(index, _)| index)
        .collect()
}

/// The resources that one entry of `dependsOn` means: also a loop's name, or the type and name without the scope.
///
/// # Errors
/// `InvalidTemplate` when the template has no such resource.
pub(super) fn depended_on(resources: &[ResolvedResource], word: &str) -> Result<Vec<usize>> {
    if let Some((found, _)) = find(resources, word) {
        return Ok(found);
    }
    let by_loop = indexes(resources, &|resource| {
        resource.loop_name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(word))
    });
    if !by_loop.is_empty() {
        return Ok(by_loop);
    }
    // `Microsoft.Network/virtualNetworks/vnet` is how older templates write it with concat().
    let tail = format!("/providers/{word}").to_ascii_lowercase();
    let by_path = indexes(resources, &|resource| {
        word.contains('/') && resource.id.to_ascii_lowercase().ends_with(&tail)
    });
    if by_path.is_empty() {
        return Err(template_error!("The resource '{word}' is not defined in the template."));
    }
    Ok(by_path)
}

/// The instances of the batch before, on which an instance of a serial loop waits.
pub(super) fn batch_before(
    resources: &[ResolvedResource],
    resource: &ResolvedResource,
    copy: Option<&CopyLoop>,
) -> BTreeSet<usize> {
    let batch = copy.and_then(|copy| copy.batch_size);
    let (Some(size), Some(instance)) = (batch, resource.copy_index) else { return BTreeSet::new() };
    let Some(before) = (instance / size).checked_sub(1) else { return BTreeSet::new() };
    indexes(resources, &|other| {
        other.declaration == resource.declaration
            && other.copy_index.is_some_and(|instance| instance / size == before)
    })
    .into_iter()
    .collect()
}
