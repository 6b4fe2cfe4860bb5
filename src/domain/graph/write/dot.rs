//! The graph in the language of Graphviz.
//!
//! Only what every Graphviz of the last twenty years knows may be used.

use std::fmt::Write as _;

use super::{Whole, heading};
use crate::domain::plan::Plan;

/// A plan's graph for `dot`: `dot -Tsvg graph.dot > graph.svg`.
pub fn dot(plan: &Plan) -> String {
    let whole = Whole::of(plan);
    let mut text = format!(
        "// What is created after what. Dependencies that others imply are left out.\n\
         digraph environment {{\n\
         \x20 label={};\n\
         \x20 labelloc=t;\n\
         \x20 rankdir=LR;\n\
         \x20 ranksep=1;\n\
         \x20 fontname=\"sans-serif\";\n\
         \x20 node [shape=box, style=\"rounded,filled\", fillcolor=white, color=\"#64748b\", \
         fontname=\"sans-serif\"];\n\
         \x20 edge [color=\"#64748b\"];\n",
        quoted(&heading(plan))
    );
    for (number, (area, members)) in whole.areas.iter().enumerate() {
        let _ = write!(
            text,
            "  subgraph cluster_{number} {{\n    label={};\n    style=\"rounded,filled\";\n    color=\"#cbd5e1\";\n    \
             fillcolor=\"#f1f5f9\";\n",
            quoted(area)
        );
        for member in members {
            let Some(node) = whole.graph.nodes.get(*member) else { continue };
            let critical = if node.critical { CRITICAL } else { "" };
            let label = quoted(&format!("{}\n{}", node.label, whole.name(*member)));
            let _ = writeln!(text, "    n{member} [label={label}{critical}];");
        }
        text.push_str("  }\n");
    }
    for edge in &whole.graph.edges {
        let critical = if edge.critical { " [color=\"#c2410c\", penwidth=3]" } else { "" };
        let _ = writeln!(text, "  n{} -> n{}{critical};", edge.from, edge.to);
    }
    text.push_str("}\n");
    text
}

const CRITICAL: &str = ", color=\"#c2410c\", penwidth=3";

/// A string of the language.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped() {
        assert_eq!(quoted("a \"b\" \\N\nc"), r#""a \"b\" \\N\nc""#);
    }
}
