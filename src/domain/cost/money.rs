//! Amounts of money: the currencies that Azure's price list has, and amounts as people read them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::domain::problem::Problem;

/// A currency that the price list answers in, as its three letters
/// (<https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices#supported-currencies>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(&'static str);

const KNOWN: [&str; 17] = [
    "USD", "AUD", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "INR", "JPY", "KRW", "NOK",
    "NZD", "RUB", "SEK", "TWD",
];

impl Currency {
    /// US dollars, in which the price list is kept; others are indicative.
    pub const USD: Self = Self("USD");

    /// Its three letters.
    pub fn code(self) -> &'static str {
        self.0
    }

    /// An amount as people read it, with its cents: `$1,238.40`, `EUR 1,238.40`.
    pub fn exactly(self, amount: f64) -> String {
        let text = format!("{:.2}", amount.abs());
        let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
        self.signed(amount, &format!("{}.{cents}", grouped(whole)))
    }

    /// An amount without its cents: `$1,238`.
    pub fn about(self, amount: f64) -> String {
        self.signed(amount, &grouped(&format!("{:.0}", amount.abs())))
    }

    /// A price of one thing, with as many digits as it has: `$0.016`.
    pub fn price(self, amount: f64) -> String {
        if amount >= 1.0 {
            return self.exactly(amount);
        }
        let text = format!("{amount:.4}");
        let text = text.trim_end_matches('0');
        let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
        if digits < 2 { self.exactly(amount) } else { self.signed(amount, text) }
    }

    fn signed(self, amount: f64, text: &str) -> String {
        let sign =
            if amount < 0.0 && text.chars().any(|c| matches!(c, '1'..='9')) { "-" } else { "" };
        if self == Self::USD {
            format!("{sign}${text}")
        } else {
            format!("{sign}{} {text}", self.0)
        }
    }
}

impl Default for Currency {
    fn default() -> Self {
        Self::USD
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl FromStr for Currency {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let known = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(text.trim()));
        known.map(|known| Self(known)).ok_or_else(|| {
            Problem::new(
                "CurrencyUnknown",
                format!("Azure's price list has no prices in \"{text}\"."),
                format!("Use one of: {}.", KNOWN.join(", ")),
            )
            .at("--currency")
        })
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|problem: Problem| D::Error::custom(problem.what))
    }
}

/// Digits with a comma before every third from the right.
pub(super) fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount rounded to hundredths, in which rows are shown and added.
pub(crate) fn rounded(amount: f64) -> f64 {
    // Adding zero makes minus zero plain.
    (amount * 100.0).round() / 100.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let euro: Currency = "eur".parse().unwrap();
        assert_eq!(Currency::USD.exactly(1_238.4), "$1,238.40");
        assert_eq!(euro.exactly(1_234_567.891), "EUR 1,234,567.89");
        assert_eq!(Currency::USD.about(999.6), "$1,000");
        assert_eq!(Currency::USD.about(-70.1), "-$70");
        assert_eq!(Currency::USD.about(-0.2), "$0");
        assert_eq!(Currency::USD.price(0.016), "$0.016");
        assert_eq!(Currency::USD.price(0.5), "$0.50");
        assert_eq!(Currency::USD.price(0.0), "$0.00");
        assert_eq!(euro.price(2.3), "EUR 2.30");
        assert_eq!("DOLLAR".parse::<Currency>().unwrap_err().place.as_deref(), Some("--currency"));
    }
}
