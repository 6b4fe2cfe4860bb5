//! Examples of <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-date>, and of the
//! standard formats of <https://learn.microsoft.com/dotnet/standard/base-types/standard-date-and-time-format-strings>.

use serde_json::{Value as Json, json};

use super::{check, check_refused, evaluate_in};
use crate::template::Unknown;
use crate::template::evaluate::EvaluationStage;
use crate::template::scope::Runtime;

#[test]
fn adding_a_duration() {
    check(&[
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y')", json!("4/7/2023 2:53:14 PM")),
        ("dateTimeAdd('2020-04-07 14:53:14Z', '-P9D')", json!("3/29/2020 2:53:14 PM")),
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'PT1H')", json!("4/7/2020 3:53:14 PM")),
        ("dateTimeAdd('2024-01-31T00:00:00Z', 'P1M', 'yyyy-MM-dd')", json!("2024-02-29")),
        ("dateTimeAdd('20190305T175318Z', 'PT1H')", json!("20190305T185318Z")),
    ]);
    check_refused(&[
        ("dateTimeAdd('tomorrow', 'P1D')", "ISO 8601"),
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'one day')", "duration"),
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'P1D', 'W')", "not supported"),
    ]);
}

#[test]
fn epochs() {
    check(&[
        ("dateTimeFromEpoch(1683040573)", json!("2023-05-02T15:16:13Z")),
        ("dateTimeToEpoch('2023-05-02T15:16:13Z')", json!(1_683_040_573)),
        ("dateTimeToEpoch(dateTimeFromEpoch(0))", json!(0)),
    ]);
}

struct Clock;

impl Runtime for Clock {
    fn reference(&self, _: &str, _: Option<&str>, _: bool) -> Option<Json> {
        None
    }
    fn list(&self, _: &str, _: &str, _: &str, _: Option<&Json>) -> Option<Json> {
        None
    }
    fn utc_now(&self) -> Option<String> {
        Some("2019-03-05T17:53:18.1234567Z".into())
    }
    fn new_guid(&self) -> Option<String> {
        None
    }
}

#[test]
fn now_in_many_formats() {
    for (expression, expected) in [
        ("utcNow()", "20190305T175318Z"),
        ("utcNow('d')", "03/05/2019"),
        ("utcNow('M d')", "3 5"),
        ("utcNow('D')", "Tuesday, 05 March 2019"),
        ("utcNow('f')", "Tuesday, 05 March 2019 17:53"),
        ("utcNow('g')", "03/05/2019 17:53"),
        ("utcNow('G')", "03/05/2019 17:53:18"),
        ("utcNow('m')", "March 05"),
        ("utcNow('o')", "2019-03-05T17:53:18.1234567Z"),
        ("utcNow('r')", "Tue, 05 Mar 2019 17:53:18 GMT"),
        ("utcNow('s')", "2019-03-05T17:53:18"),
        ("utcNow('u')", "2019-03-05 17:53:18Z"),
        ("utcNow('y')", "2019 March"),
        ("utcNow('yyyyMMddHHmmss')", "20190305175318"),
        ("utcNow('yyyy-MM-ddTHH:mm:ssZ')", "2019-03-05T17:53:18Z"),
        ("utcNow('h:mm tt, ddd d MMM yy')", "5:53 PM, Tue 5 Mar 19"),
        ("utcNow('''day'' dd \\d')", "day 05 d"),
        ("utcNow('%d')", "5"),
    ] {
        let value = evaluate_in(expression, EvaluationStage::ParameterDefault, &Clock);
        assert_eq!(value.unwrap(), json!(expected), "{expression}");
    }
}

#[test]
fn now_stands_in_defaults_only() {
    let now = |stage, runtime: &dyn Runtime| evaluate_in("utcNow('u')", stage, runtime);
    assert_eq!(now(EvaluationStage::ParameterDefault, &Unknown).unwrap(), json!("[utcNow('u')]"));
    let error = now(EvaluationStage::Body, &Clock).unwrap_err();
    assert!(error.message.contains("default value"), "{}", error.message);
}
