//! The graph in the language of Mermaid, which code hosts draw where it stands in a text.
//!
//! Every label is quoted, since Mermaid takes words such as `end` for its own otherwise.

use std::fmt::Write as _;

use super::{Whole, heading};
use crate::domain::plan::Plan;

/// A plan's graph as a Mermaid flowchart.
pub fn mermaid(plan: &Plan) -> String {
    let whole = Whole::of(plan);
    let mut text = format!(
        "%% {}\n%% What is created after what. Dependencies that others imply are left out.\nflowchart LR\n",
        heading(plan)
    );
    for (number, (area, members)) in whole.areas.iter().enumerate() {
        let _ = writeln!(text, "  subgraph a{number}[\"{}\"]", escaped(area));
        for member in members {
            let Some(node) = whole.graph.nodes.get(*member) else { continue };
            let critical = if node.critical { ":::critical" } else { "" };
            let _ = writeln!(
                text,
                "    n{member}[\"{}<br/>{}\"]{critical}",
                escaped(&node.label),
                escaped(whole.name(*member))
            );
        }
        text.push_str("  end\n");
    }
    for edge in &whole.graph.edges {
        let arrow = if edge.critical { "==>" } else { "-->" };
        let _ = writeln!(text, "  n{} {arrow} n{}", edge.from, edge.to);
    }
    let edges = whole.graph.edges.iter().enumerate().filter(|(_, edge)| edge.critical);
    let critical: Vec<String> = edges.map(|(number, _)| number.to_string()).collect();
    text.push_str("  classDef critical stroke:#c2410c,stroke-width:3px\n");
    if !critical.is_empty() {
        let _ =
            writeln!(text, "  linkStyle {} stroke:#c2410c,stroke-width:3px", critical.join(","));
    }
    text
}

/// A text for within quotes, in Mermaid's own kind of entities.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("#quot;"),
            '#' => escaped.push_str("#35;"),
            '&' => escaped.push_str("#amp;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '`' => escaped.push_str("#96;"),
            '\n' | '\r' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped() {
        assert_eq!(escaped("a \"b\" <c> #1 & d"), "a #quot;b#quot; #lt;c#gt; #35;1 #amp; d");
    }
}
