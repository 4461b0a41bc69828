//! Money: whole minor units with their currency, and unit prices with four decimals.
//!
//! No floating point touches money. There is one rounding point, the line total, and it rounds
//! half away from zero to the currency's minor unit; every other total is a sum of rounded lines.
//!
//! ```
//! use trade::money::{Currency, UnitPrice};
//! let price: UnitPrice = "3.1050".parse().unwrap();
//! // 3 × 3.1050 = 9.315, half away from zero: 9.32.
//! assert_eq!(price.line_total(3, Currency::EUR).unwrap().minor, 932);
//! ```

use serde::{Deserialize, Serialize};

/// An ISO 4217 currency code of three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "sea-orm", sea_orm(value_type = "String"))]
pub struct Currency([u8; 3]);

impl Currency {
    /// Euro.
    pub const EUR: Currency = Currency(*b"EUR");
    /// Pound sterling.
    pub const GBP: Currency = Currency(*b"GBP");

    /// The three letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimals the minor unit has (ISO 4217): 0 for JPY, 3 for KWD, 2 for most.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"CLP" | b"ISK" | b"VND" | b"XAF" | b"XOF" | b"XPF" | b"UGX"
            | b"PYG" | b"RWF" | b"KMF" | b"GNF" | b"DJF" | b"BIF" | b"VUV" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }

    /// Ten-thousandths of the major unit in one minor unit.
    pub(crate) fn ten_thousandths_per_minor(self) -> i128 {
        10_i128.pow(4_u32.saturating_sub(self.decimals()))
    }
}

impl std::str::FromStr for Currency {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let bytes: [u8; 3] = text
            .as_bytes()
            .try_into()
            .map_err(|_| MoneyError::UnknownCurrency(text.into()))?;
        if bytes.iter().all(u8::is_ascii_uppercase) {
            Ok(Currency(bytes))
        } else {
            Err(MoneyError::UnknownCurrency(text.into()))
        }
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// What can go wrong with money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies in one sum.
    #[error("{0} and {1} cannot be added")]
    CurrencyMismatch(Currency, Currency),
    /// Not three capital letters.
    #[error("{0:?} is not a currency code")]
    UnknownCurrency(String),
    /// Larger than sixty-four bits of minor units.
    #[error("the amount is too large")]
    TooLarge,
    /// Not a decimal number, or with too many decimals.
    #[error("{0:?} is not an amount")]
    NotAnAmount(String),
}

/// A whole number of minor units (cents) of one currency. May be negative, for credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: 1240 is 12.40 EUR.
    pub minor: i64,
    /// The currency they are of.
    pub currency: Currency,
}

impl Money {
    /// `minor` units of `currency`.
    #[must_use]
    pub fn new(minor: i64, currency: Currency) -> Self {
        Money { minor, currency }
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        Money { minor: 0, currency }
    }

    /// The sum.
    ///
    /// # Errors
    /// Two currencies, or a sum beyond 64 bits.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch(self.currency, other.currency));
        }
        let minor = self
            .minor
            .checked_add(other.minor)
            .ok_or(MoneyError::TooLarge)?;
        Ok(Money {
            minor,
            currency: self.currency,
        })
    }

    /// The sum of all, zero when there are none.
    ///
    /// # Errors
    /// As [`Money::plus`].
    pub fn sum(
        currency: Currency,
        all: impl IntoIterator<Item = Money>,
    ) -> Result<Money, MoneyError> {
        all.into_iter().try_fold(Money::zero(currency), Money::plus)
    }

    /// `rate` of this amount, rounded half away from zero to the minor unit.
    ///
    /// # Errors
    /// A result beyond 64 bits.
    pub fn share(self, rate: BasisPoints) -> Result<Money, MoneyError> {
        let exact = i128::from(self.minor) * i128::from(rate.0);
        let minor = i64::try_from(round_div(exact, 10_000)).map_err(|_| MoneyError::TooLarge)?;
        Ok(Money {
            minor,
            currency: self.currency,
        })
    }

    /// Parts in proportion to `weights` that add up to the whole to the minor unit (largest
    /// remainder; among equal remainders the earlier part gets the cent). With no positive weight
    /// everything falls on the first part.
    #[must_use]
    pub fn spread(self, weights: &[u64]) -> Vec<Money> {
        let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        let part = |minor: i64| Money {
            minor,
            currency: self.currency,
        };
        if total == 0 {
            let mut parts = vec![part(0); weights.len()];
            if let Some(first) = parts.first_mut() {
                first.minor = self.minor;
            }
            return parts;
        }
        let sign = i128::from(self.minor.signum());
        let whole = i128::from(self.minor).abs();
        let mut shares: Vec<(usize, i128, i128)> = weights
            .iter()
            .enumerate()
            .map(|(at, w)| {
                let exact = whole * i128::from(*w);
                (at, exact / total, exact % total)
            })
            .collect();
        let given: i128 = shares.iter().map(|(_, share, _)| *share).sum();
        let left = usize::try_from(whole - given).unwrap_or(0);
        shares.sort_by(|a, b| b.2.cmp(&a.2).then(a.0.cmp(&b.0)));
        for share in shares.iter_mut().take(left) {
            share.1 += 1;
        }
        shares.sort_by_key(|share| share.0);
        shares
            .into_iter()
            .map(|(_, s, _)| part(i64::try_from(sign * s).unwrap_or(0)))
            .collect()
    }

    /// `12.40`: the major unit with a point and the currency's decimals, as the API writes it.
    #[must_use]
    pub fn to_decimal(self) -> String {
        decimal(self.minor, self.currency.decimals())
    }

    /// Reads `12.40`; at most the currency's decimals.
    ///
    /// # Errors
    /// Not such a number, or too large.
    pub fn from_decimal(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        Ok(Money {
            minor: parse_decimal(text, currency.decimals())?,
            currency,
        })
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

/// Hundredths of a per cent: 1 900 is 19 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct BasisPoints(pub i32);

/// The price of one unit of measure, in ten-thousandths of the major unit: 31 050 is 3.1050 EUR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct UnitPrice(pub i64);

impl UnitPrice {
    /// The one rounding of the house: `quantity` units at this price, half away from zero.
    ///
    /// # Errors
    /// A total beyond 64 bits.
    pub fn line_total(self, quantity: i64, currency: Currency) -> Result<Money, MoneyError> {
        let exact = i128::from(self.0) * i128::from(quantity);
        let minor = i64::try_from(round_div(exact, currency.ten_thousandths_per_minor()))
            .map_err(|_| MoneyError::TooLarge)?;
        Ok(Money { minor, currency })
    }

    /// This price less `discount`, rounded half away from zero to a ten-thousandth.
    #[must_use]
    pub fn less(self, discount: BasisPoints) -> UnitPrice {
        let kept = i128::from(self.0) * i128::from(10_000 - discount.0);
        UnitPrice(i64::try_from(round_div(kept, 10_000)).unwrap_or(self.0))
    }

    /// The price of a unit that holds `factor` of these.
    ///
    /// # Errors
    /// A price beyond 64 bits.
    pub fn times(self, factor: i64) -> Result<UnitPrice, MoneyError> {
        self.0
            .checked_mul(factor)
            .map(UnitPrice)
            .ok_or(MoneyError::TooLarge)
    }

    /// `3.105`: at least two decimals, at most four.
    #[must_use]
    pub fn to_decimal(self) -> String {
        let mut text = decimal(self.0, 4);
        for _ in 0..2 {
            if text.ends_with('0') {
                text.pop();
            }
        }
        text
    }
}

impl std::str::FromStr for UnitPrice {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        parse_decimal(text, 4).map(UnitPrice)
    }
}

/// `numerator / denominator`, half away from zero. The denominator is positive.
#[must_use]
pub fn round_div(numerator: i128, denominator: i128) -> i128 {
    let size = numerator.abs();
    // Twice the remainder against the denominator decides, so odd denominators need no care.
    let up = i128::from((size % denominator) * 2 >= denominator);
    let rounded = size / denominator + up;
    if numerator < 0 { -rounded } else { rounded }
}

fn decimal(value: i64, decimals: u32) -> String {
    let scale = 10_u64.pow(decimals);
    let size = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    if decimals == 0 {
        return format!("{sign}{size}");
    }
    let width = usize::try_from(decimals).unwrap_or(0);
    format!("{sign}{}.{:0width$}", size / scale, size % scale)
}

fn parse_decimal(text: &str, decimals: u32) -> Result<i64, MoneyError> {
    let bad = || MoneyError::NotAnAmount(text.chars().take(40).collect());
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let width = usize::try_from(decimals).unwrap_or(0);
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(part) || digits.ends_with('.') {
        return Err(bad());
    }
    // Trailing zeros beyond the decimals carry no value: "2.5500" is fine for cents.
    let part = part.trim_end_matches('0');
    if part.len() > width {
        return Err(bad());
    }
    let all = format!("{whole}{part:0<width$}");
    let size: i64 = all.parse().map_err(|_| MoneyError::TooLarge)?;
    Ok(if negative { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_total_rounds_half_away_from_zero() {
        let eur = Currency::EUR;
        assert_eq!(UnitPrice(31_050).line_total(3, eur).unwrap().minor, 932);
        assert_eq!(UnitPrice(50).line_total(1, eur).unwrap().minor, 1);
        assert_eq!(UnitPrice(49).line_total(1, eur).unwrap().minor, 0);
        assert_eq!(UnitPrice(50).line_total(-1, eur).unwrap().minor, -1);
        let jpy: Currency = "JPY".parse().unwrap();
        assert_eq!(UnitPrice(15_000).line_total(1, jpy).unwrap().minor, 2);
    }

    #[test]
    fn decimals_are_read_and_written_exactly() {
        assert_eq!("3.1050".parse::<UnitPrice>().unwrap().0, 31_050);
        assert_eq!(UnitPrice(31_050).to_decimal(), "3.105");
        assert_eq!(UnitPrice(31_000).to_decimal(), "3.10");
        assert_eq!(
            Money::from_decimal("-0.05", Currency::EUR).unwrap().minor,
            -5
        );
        assert_eq!(Money::new(-5, Currency::EUR).to_decimal(), "-0.05");
        for wrong in ["", ".5", "5.", "1,5", "1e3", "0.00001", "--1", "+1", "NaN"] {
            assert!(wrong.parse::<UnitPrice>().is_err(), "{wrong}");
        }
        assert_eq!(
            "99999999999999999".parse::<UnitPrice>(),
            Err(MoneyError::TooLarge)
        );
    }

    #[test]
    fn parts_of_an_amount_add_up_to_it() {
        let parts = Money::new(100, Currency::EUR).spread(&[1, 1, 1]);
        assert_eq!(
            parts.iter().map(|p| p.minor).collect::<Vec<_>>(),
            [34, 33, 33]
        );
        let parts = Money::new(-7, Currency::EUR).spread(&[0, 0]);
        assert_eq!(parts.iter().map(|p| p.minor).collect::<Vec<_>>(), [-7, 0]);
    }

    #[test]
    fn two_currencies_do_not_add() {
        let sum = Money::new(1, Currency::EUR).plus(Money::new(1, Currency::GBP));
        assert_eq!(
            sum,
            Err(MoneyError::CurrencyMismatch(Currency::EUR, Currency::GBP))
        );
    }
}
