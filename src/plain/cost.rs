//! What something costs, in lines: rows that add up, uses of it, what is billed by use, which prices these are.

use serde_json::{Value, json};

use super::output::Output;
use crate::domain::cost::{Estimate, Mode};

/// The rows, the sum and what has to be known beside it.
pub fn rows(output: Output, estimate: &Estimate) {
    let currency = estimate.currency;
    let amount = |amount: f64| currency.exactly(amount);
    let width = estimate.lines.iter().map(|line| line.name().chars().count()).max().unwrap_or(0);
    for line in &estimate.lines {
        output.say(&format!(
            "  {:<width$}  {:>14} a month  {:>11} a day",
            line.name(),
            amount(line.monthly),
            amount(line.daily)
        ));
    }
    output.headline(&format!("  {}", crate::domain::words::capital(&estimate.total())));
    by_use(output, estimate);
    for remark in estimate.remarks() {
        output.prose(&remark);
    }
}

/// Everything that `cost` tells.
pub fn show(output: Output, title: &str, estimate: &Estimate) {
    output.headline(title);
    rows(output, estimate);
    output.say("");
    output.say("As it is used:");
    for mode in Mode::ALL {
        let used = estimate.in_mode(mode);
        output.say(&format!("  {:<52} {}", mode.words(), used.short()));
    }
}

/// What a yes agrees to, in short.
pub fn before_a_yes(output: Output, estimate: &Estimate) {
    output.prose(&crate::domain::sentences::cost_sentence(estimate));
    for remark in estimate.remarks().into_iter().skip(1) {
        output.prose(&remark);
    }
}

fn by_use(output: Output, estimate: &Estimate) {
    if estimate.usage.is_empty() {
        return;
    }
    output.say("Billed by use, not counted:");
    for line in &estimate.usage {
        let price = line.unit_price(estimate.currency);
        let example = line.example_words(estimate.currency);
        let example = example.map_or_else(String::new, |example| format!(" ({example})"));
        output.hanging(&format!("  {}: ", line.what), &format!("{price}{example}"));
    }
}

/// The sums alone, for lists.
pub fn sums(estimate: &Estimate) -> Value {
    json!({
        "daily": estimate.daily,
        "monthly": estimate.monthly,
        "currency": estimate.currency,
        "as_of": estimate.as_of,
        "source": estimate.source,
        "missing": estimate.missing,
    })
}

/// Everything, with the sums of each use.
pub fn whole(estimate: &Estimate) -> Value {
    let modes: serde_json::Map<String, Value> = Mode::ALL
        .into_iter()
        .map(|mode| {
            let used = estimate.in_mode(mode);
            let name = json!(mode).as_str().unwrap_or_default().to_owned();
            (name, json!({ "daily": used.daily, "monthly": used.monthly, "assumes": mode.words() }))
        })
        .collect();
    let mut value = json!(estimate);
    if let Some(map) = value.as_object_mut() {
        map.insert("modes".into(), Value::Object(modes));
    }
    value
}
