//! The template that is compiled into the program: one fragment per area, merged once.
//!
//! This module must not change what the fragments say; whoever adapts the template edits `assets/template`.

use std::sync::LazyLock;

use serde_json::Value;

use super::{Result, Template};

/// The areas in the order in which plans show them, each with its fragment. `main` comes first: it has what all need.
const FRAGMENTS: [(&str, &str); 10] = [
    ("main", include_str!("../../assets/template/main.json")),
    ("monitor", include_str!("../../assets/template/monitor.json")),
    ("network", include_str!("../../assets/template/network.json")),
    ("dns", include_str!("../../assets/template/dns.json")),
    ("firewall", include_str!("../../assets/template/firewall.json")),
    ("data", include_str!("../../assets/template/data.json")),
    ("workspace", include_str!("../../assets/template/workspace.json")),
    ("access", include_str!("../../assets/template/access.json")),
    ("diagnostics", include_str!("../../assets/template/diagnostics.json")),
    ("roles", include_str!("../../assets/template/roles.json")),
];

static EMBEDDED: LazyLock<Template> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the fragments are compiled in, and a test merges them")]
    load(&FRAGMENTS).expect("a readable template")
});

impl Template {
    /// The template that is compiled into the program.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }
}

/// Merges fragments, each given by its area and text.
pub(super) fn load(fragments: &[(&str, &str)]) -> Result<Template> {
    let fragments = fragments
        .iter()
        .map(|(area, text)| Ok(((*area).to_owned(), parse(area, text)?)))
        .collect::<Result<Vec<(String, Value)>>>()?;
    Template::from_json(Template::merge(fragments)?)
}

fn parse(area: &str, text: &str) -> Result<Value> {
    serde_json::from_str(text)
        .map_err(|failure| template_error!("The fragment {area} is no JSON: {failure}."))
}
