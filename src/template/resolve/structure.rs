//! The structure of a deployment: its instances, and the edges between them.
//!
//! Two passes: names first, because any body may refer to any other resource; then bodies, whose references are edges.

use std::collections::BTreeSet;

use super::super::document::Declaration;
use super::super::evaluate::{EvaluationStage, Evaluator, Loop};
use super::super::graph;
use super::super::scope::Unknown;
use super::super::value::Value;
use super::name::{Identity, identify, known_string};
use super::{Resolved, ResolvedResource, Result, TemplateError, dependency, instance_loop};

/// Settles variables, instances, names, ids and conditions.
pub(super) fn settle(resolved: &mut Resolved) -> Result<()> {
    let template = std::sync::Arc::clone(&resolved.template);
    let settled = resolved.settled.clone();
    let scope = resolved.scope.clone();
    let evaluator = Evaluator::new(&template, &scope, &settled, &[], &Unknown);
    for name in template.variables().keys() {
        let value = evaluator.variable(name)?.to_json();
        resolved.variables.insert(name.clone(), value);
    }
    for (index, declaration) in template.resources().iter().enumerate() {
        let instances = instances(&evaluator, index, declaration)
            .map_err(|error| error.within(&declaration.place))?;
        for resource in instances {
            refuse_duplicate(resolved, &resource)
                .map_err(|error| error.within(&declaration.place))?;
            resolved.resources.push(resource);
        }
    }
    Ok(())
}

fn refuse_duplicate(resolved: &Resolved, resource: &ResolvedResource) -> Result<()> {
    let same = |other: &&ResolvedResource| {
        other.is_deployed() && other.id.eq_ignore_ascii_case(&resource.id)
    };
    if resource.is_deployed() && resolved.resources.iter().any(|other| same(&other)) {
        return Err(template_error!(
            "The resource '{}' is defined multiple times in a template.",
            resource.id
        ));
    }
    Ok(())
}

fn instances(
    evaluator: &Evaluator<'_>,
    index: usize,
    declaration: &Declaration,
) -> Result<Vec<ResolvedResource>> {
    evaluator.enter(EvaluationStage::Structure);
    let Some(copy) = &declaration.copy else {
        return Ok(vec![instance(evaluator, index, declaration, None)?]);
    };
    let count = evaluator.count(&copy.count).map_err(|error| error.within("copy.count"))?;
    (0..count)
        .map(|number| {
            let looped = Loop { name: copy.name.clone(), index: number };
            evaluator.in_loop(Some(looped), || {
                let number = usize::try_from(number).unwrap_or_default();
                instance(evaluator, index, declaration, Some(number))
            })
        })
        .collect()
}

fn instance(
    evaluator: &Evaluator<'_>,
    index: usize,
    declaration: &Declaration,
    number: Option<usize>,
) -> Result<ResolvedResource> {
    let Identity { resource_type, api_version, name, id, scope } =
        identify(evaluator, declaration)?;
    Ok(ResolvedResource {
        symbol: match number {
            Some(number) => format!("{}[{number}]", declaration.symbol),
            None => declaration.symbol.clone(),
        },
        resource_type,
        api_version,
        name,
        id,
        scope,
        area: declaration.area.clone(),
        description: declaration.description.clone(),
        condition: condition(evaluator, declaration)?,
        existing: declaration.existing,
        depends_on: Vec::new(),
        copy_index: number,
        declared: declaration.symbol.clone(),
        declaration: index,
        loop_name: declaration.copy.as_ref().map(|copy| copy.name.clone()),
    })
}

fn condition(evaluator: &Evaluator<'_>, declaration: &Declaration) -> Result<bool> {
    let Some(condition) = &declaration.condition else { return Ok(true) };
    let fault = |message: String| Err(TemplateError::invalid(message).within("condition"));
    match evaluator.json(condition).map_err(|error| error.within("condition"))? {
        Value::Bool(condition) => Ok(condition),
        Value::Unknown(text) => fault(format!(
            "The condition must be known before the deployment starts; it depends on '[{text}]'."
        )),
        other => fault(format!("The condition must be a boolean, not '{}'.", other.kind())),
    }
}

/// Finds the edges: `dependsOn`, references in bodies, and the batches of serial loops.
pub(super) fn connect(resolved: &mut Resolved) -> Result<()> {
    let resources = &resolved.resources;
    let depends_on = resources.iter().map(|resource| {
        if !resource.is_deployed() {
            return Ok(Vec::new());
        }
        let found = dependencies(resolved, resource)?.into_iter();
        let deployed = found.filter_map(|index| resources.get(index)).filter(|on| on.is_deployed());
        let mut symbols: Vec<_> = deployed.map(|on| on.symbol.clone()).collect();
        symbols.sort();
        Ok(symbols)
    });
    let depends_on = depends_on.collect::<Result<Vec<_>>>()?;
    for (resource, symbols) in resolved.resources.iter_mut().zip(depends_on) {
        resource.depends_on = symbols;
    }
    let nodes: Vec<_> = resolved
        .resources
        .iter()
        .map(|resource| (&resource.symbol, &resource.depends_on))
        .collect();
    graph::topological_order(&nodes).map(|_| ()).map_err(|cycle| {
        template_error!(
            "Circular dependency detected: '{}' -> '{}'. Each of them waits for the next.",
            cycle.join("' -> '"),
            cycle.first().map_or("", String::as_str)
        )
        .within("resources")
    })
}

fn dependencies(resolved: &Resolved, resource: &ResolvedResource) -> Result<BTreeSet<usize>> {
    let Some(declaration) = resolved.template.resources().get(resource.declaration) else {
        return Ok(BTreeSet::new());
    };
    let resources = &resolved.resources;
    let mut found = dependency::batch_before(resources, resource, declaration.copy.as_ref());
    let evaluator = resolved.evaluator(&Unknown);
    for (position, entry) in declaration.depends_on.iter().enumerate() {
        evaluator.enter(EvaluationStage::Structure);
        let meant = evaluator
            .in_loop(instance_loop(resource), || known_string(&evaluator, entry, "dependency"))
            .and_then(|word| dependency::depended_on(resources, &word))
            .map_err(|error| {
                error.within_element(position).within("dependsOn").within(&declaration.place)
            })?;
        found.extend(meant);
    }
    resolved.resource_body(&evaluator, resource)?;
    found.extend(evaluator.take_references());
    Ok(found)
}
