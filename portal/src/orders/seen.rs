//! What a checkout page has shown, as its form carries it back: lines, goods that come along, and
//! freight; and what of it is not so any more.

use std::collections::HashMap;

use trade::id::ProductId;
use trade::money::{Money, UnitPrice};
use trade::quantity::Unit;

use super::quote::{Quote, QuotedLine, Wanted};
use super::submit::Shown;
use crate::app::App;
use crate::cart;
use crate::cart::view::LineDifference;
use crate::catalogue::{Article, article};
use crate::db::Tx;
use crate::error::Result;

/// Beyond this no amount is a real one, and sums stay within 64 bits.
const MOST_MINOR: i64 = 1_000_000_000_000;
const FREE: &str = "free";
const FREIGHT: &str = "freight";

/// A line as the page showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenLine {
    product: ProductId,
    unit: Unit,
    quantity: i64,
    unit_price: UnitPrice,
    net_minor: i64,
}

impl SeenLine {
    fn write(line: &QuotedLine) -> Option<String> {
        let price = line.trace.as_ref()?.price?;
        let wanted = &line.wanted;
        let product = wanted.product.0.simple();
        Some(format!(
            "{product},{},{},{},{}",
            wanted.unit, wanted.quantity, price.0, line.net?.minor
        ))
    }

    fn read(text: &str) -> Option<SeenLine> {
        let mut parts = text.split(',');
        let mut next = || parts.next();
        Some(SeenLine {
            product: next()?.parse().ok()?,
            unit: next()?.parse().ok()?,
            quantity: next()?.parse().ok()?,
            unit_price: UnitPrice(next()?.parse().ok()?),
            net_minor: minor(next()?)?,
        })
    }

    /// As a refusal names it.
    #[must_use]
    pub fn shown(&self) -> Shown {
        Shown {
            product: self.product,
            unit: self.unit,
            unit_price: self.unit_price,
        }
    }
}

fn minor(text: &str) -> Option<i64> {
    text.parse()
        .ok()
        .filter(|minor| (0..=MOST_MINOR).contains(minor))
}

/// Everything the page showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// What was ordered.
    pub lines: Vec<SeenLine>,
    /// What came along.
    pub free: Vec<Wanted>,
    /// The freight, in minor units.
    pub freight_minor: i64,
}

impl Seen {
    /// As the form carries it.
    #[must_use]
    pub fn write(quote: &Quote) -> String {
        let lines = quote.lines.iter().filter_map(SeenLine::write);
        let free = quote.free.iter().map(|line| {
            let Wanted {
                product,
                unit,
                quantity,
            } = line.wanted;
            format!("{FREE},{},{unit},{quantity}", product.0.simple())
        });
        let freight = Some(quote.freight.charge.minor).filter(|charge| *charge > 0);
        let freight = freight.map(|charge| format!("{FREIGHT},{charge}"));
        lines
            .chain(free)
            .chain(freight)
            .collect::<Vec<_>>()
            .join(";")
    }

    /// What cannot be read is left out: it only words a refusal.
    #[must_use]
    pub fn read(text: &str) -> Seen {
        let mut seen = Seen::default();
        for part in text.split(';').take(2 * cart::MOST_LINES) {
            if let Some(free) = part.strip_prefix("free,") {
                seen.free.extend(read_free(free));
            } else if let Some(charge) = part.strip_prefix("freight,") {
                seen.freight_minor = minor(charge).unwrap_or(0);
            } else {
                seen.lines.extend(SeenLine::read(part));
            }
        }
        seen
    }

    /// Net of all of it.
    #[must_use]
    pub fn net_minor(&self) -> i64 {
        let lines: i64 = self.lines.iter().map(|line| line.net_minor).sum();
        lines + self.freight_minor
    }
}

fn read_free(text: &str) -> Option<Wanted> {
    let mut parts = text.split(',');
    let mut next = || parts.next();
    Some(Wanted {
        product: next()?.parse().ok()?,
        unit: next()?.parse().ok()?,
        quantity: next()?.parse().ok()?,
    })
}

/// Line by line, what differs from what was shown.
///
/// # Errors
/// Whatever the database says.
pub async fn differences(
    tx: &Tx,
    app: &App,
    quote: &Quote,
    seen: &Seen,
) -> Result<Vec<LineDifference>> {
    if seen.lines.is_empty() {
        return Ok(Vec::new());
    }
    let currency = quote.totals.net.currency;
    let money = |minor| Money::new(minor, currency);
    let mut before: HashMap<(ProductId, Unit), &SeenLine> = seen
        .lines
        .iter()
        .map(|line| ((line.product, line.unit), line))
        .collect();
    let mut differences = Vec::new();
    for line in &quote.lines {
        let old = before.remove(&(line.wanted.product, line.wanted.unit));
        let old_total = old.map(|old| old.net_minor);
        if old_total == line.net.map(|net| net.minor) {
            continue;
        }
        let Some(article) = &line.article else {
            continue;
        };
        differences.push(LineDifference {
            old_total: old_total.map(money),
            new_total: line.net,
            ..of_article("line", article, &line.wanted)
        });
    }
    let lost = seen.free.iter().filter(|free| {
        let free = **free;
        !quote.free.iter().any(|line| line.wanted == free)
    });
    let lost: Vec<Wanted> = lost.copied().collect();
    let mut gone: Vec<ProductId> = before.values().map(|line| line.product).collect();
    gone.extend(lost.iter().map(|free| free.product));
    let reference = app.reference.get(tx).await?;
    let articles = article::by_id(tx, &reference, &gone).await?;
    for line in &seen.lines {
        let wanted = Wanted {
            product: line.product,
            unit: line.unit,
            quantity: line.quantity,
        };
        if let (true, Some(article)) = (
            before.contains_key(&(line.product, line.unit)),
            articles.get(&line.product),
        ) {
            differences.push(LineDifference {
                old_total: Some(money(line.net_minor)),
                new_total: Some(money(0)),
                ..of_article("line", article, &wanted)
            });
        }
    }
    for free in &lost {
        let Some(article) = articles.get(&free.product) else {
            continue;
        };
        differences.push(LineDifference {
            old_total: Some(money(0)),
            ..of_article("free", article, free)
        });
    }
    for line in &quote.free {
        if let (false, Some(article)) = (seen.free.contains(&line.wanted), &line.article) {
            differences.push(LineDifference {
                new_total: line.net,
                ..of_article("free", article, &line.wanted)
            });
        }
    }
    if seen.freight_minor != quote.freight.charge.minor {
        differences.push(LineDifference {
            kind: FREIGHT.to_owned(),
            sku: String::new(),
            name: String::new(),
            quantity: 1,
            unit: Unit::Piece,
            old_total: Some(money(seen.freight_minor)),
            new_total: Some(quote.freight.charge),
        });
    }
    Ok(differences)
}

fn of_article(kind: &str, article: &Article, wanted: &Wanted) -> LineDifference {
    LineDifference {
        kind: kind.to_owned(),
        sku: article.sku.clone(),
        name: article.name.clone(),
        quantity: wanted.quantity,
        unit: wanted.unit,
        old_total: None,
        new_total: None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_was_shown_is_read_back() {
        let product = ProductId(Uuid::from_u128(7));
        let simple = product.0.simple();
        let text = format!("{simple},XCS,24,33500,96480");
        let line = SeenLine {
            product,
            unit: Unit::Case,
            quantity: 24,
            unit_price: UnitPrice(33_500),
            net_minor: 96_480,
        };
        assert_eq!(Seen::read(&text).lines, std::slice::from_ref(&line));
        let seen = Seen::read(&format!(
            "{text};broken;{text},more;free,{simple},XCS,2;free,x;freight,690"
        ));
        let free = Wanted {
            product,
            unit: Unit::Case,
            quantity: 2,
        };
        let expected = Seen {
            lines: vec![line.clone(), line],
            free: vec![free],
            freight_minor: 690,
        };
        assert_eq!(seen, expected);
        assert_eq!(seen.net_minor(), 2 * 96_480 + 690);
        assert_eq!(Seen::read(""), Seen::default());
    }

    proptest! {
        #[test]
        fn nothing_in_the_field_can_break_the_page(text in "[0-9a-zA-Z,;-]{0,200}") {
            prop_assert!(Seen::read(&text).net_minor() >= 0);
        }
    }
}
