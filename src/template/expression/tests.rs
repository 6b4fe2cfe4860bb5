//! Reading expressions, right and wrong ones.

use super::*;
use proptest::prelude::*;

fn call(name: &str, arguments: Vec<Expression>) -> Expression {
    Expression::Call { name: name.into(), arguments }
}

fn text(value: &str) -> Expression {
    Expression::String(value.into())
}

#[test]
fn brackets_make_an_expression_and_double_brackets_do_not() {
    // https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions#escape-characters
    let literal = |text: &str| TemplateText::Literal(text.to_owned());
    assert_eq!(parse_text("plain").unwrap(), literal("plain"));
    assert_eq!(parse_text("[[test value]").unwrap(), literal("[test value]"));
    assert_eq!(parse_text("[test] value").unwrap(), literal("[test] value"));
    assert_eq!(
        parse_text("[resourceGroup().location]").unwrap(),
        TemplateText::Expression(Expression::Property {
            target: Box::new(call("resourceGroup", vec![])),
            name: "location".into(),
            safe: false
        })
    );
}

#[test]
fn quotes_are_escaped_by_doubling() {
    assert_eq!(parse("'it''s'").unwrap(), text("it's"));
    assert_eq!(parse("''").unwrap(), text(""));
    assert_eq!(parse("''''").unwrap(), text("'"));
}

#[test]
fn calls_nest_and_chains_link() {
    let parsed = parse(" concat( 'a' , first( parameters('p').list[0]['k'] ), -1 ) ").unwrap();
    let chain = Expression::Index {
        target: Box::new(Expression::Index {
            target: Box::new(Expression::Property {
                target: Box::new(call("parameters", vec![text("p")])),
                name: "list".into(),
                safe: false,
            }),
            index: Box::new(Expression::Integer(0)),
            safe: false,
        }),
        index: Box::new(text("k")),
        safe: false,
    };
    assert_eq!(
        parsed,
        call("concat", vec![text("a"), call("first", vec![chain]), Expression::Integer(-1)])
    );
}

#[test]
fn safe_dereference() {
    let parsed = parse("variables('v').?a[?0]").unwrap();
    let Expression::Index { target, safe, .. } = parsed else { panic!("an index") };
    assert!(safe);
    assert!(matches!(*target, Expression::Property { safe: true, .. }));
}

#[test]
fn an_expression_is_printed_as_it_can_be_read() {
    let text = "concat('it''s', a(-1).b.?c['d'][?0])";
    assert_eq!(parse(text).unwrap().to_string(), text);
}

#[test]
fn faults_name_the_position() {
    for (expression, position) in [
        ("concat('a'", "at position 10"),
        ("concat", "at position 6"),
        ("'open", "at position 5"),
        ("a() b", "at position 4"),
        ("", "at position 0"),
        ("a().", "at position 4"),
    ] {
        let error = parse(expression).unwrap_err();
        assert_eq!(error.code, "InvalidTemplate");
        assert!(error.message.contains(position), "{}", error.message);
    }
    assert!(parse(&"a(".repeat(20_000)).is_err());
    assert!(parse(&format!("a(){}", ".b".repeat(5_000))).is_err());
}

proptest! {
    #[test]
    fn parsing_never_panics(random in "\\PC{0,80}") {
        let _ = parse(&random);
        let _ = parse_text(&format!("[{random}]"));
    }

    #[test]
    fn parsing_never_panics_on_what_looks_like_an_expression(random in "[a-c('\\[\\].,?0-9 )-]{0,60}") {
        let _ = parse(&random);
    }
}
