//! The fields of each mechanic.

use trade::money::{BasisPoints, Currency};
use trade::promotion::{CountIn, Cut, Mechanic, Part, Tier};

use super::amounts::{Fault, count_of, money_of, needed, optional_count, price, rate_of};
use super::lookup::Lookup;
use crate::web::Fields;
use crate::web::form::FormState;
use crate::web::shape::Message;

/// Most steps of a tiered promotion, and most items of a bundle.
const MOST_ROWS: usize = 20;

/// Reads the chosen mechanic; the fields of the others are not looked at.
pub(super) fn read(
    form: &mut FormState,
    look: &Lookup,
    fields: &Fields,
    currency: Currency,
) -> Option<Mechanic> {
    let mut reader = Reader {
        form,
        look,
        fields,
        currency,
    };
    reader.mechanic()
}

struct Reader<'a> {
    form: &'a mut FormState,
    look: &'a Lookup,
    fields: &'a Fields,
    currency: Currency,
}

impl Reader<'_> {
    fn mechanic(&mut self) -> Option<Mechanic> {
        let kind = self.fields.text("mechanic");
        let count_in = match self.fields.text("count_in") {
            "pieces" => CountIn::Pieces,
            _ => CountIn::Packs,
        };
        match kind {
            "percent" => {
                let (off, from) = (self.rate(), self.from());
                Some(Mechanic::Percent {
                    off: off?,
                    from: from?,
                    count_in,
                })
            }
            "amount" => {
                let (off, from) = (price(self.form, "each", self.fields), self.from());
                Some(Mechanic::Amount {
                    off: off?,
                    from: from?,
                    count_in,
                })
            }
            "fixed_price" => {
                let (price, from) = (price(self.form, "each", self.fields), self.from());
                Some(Mechanic::FixedPrice {
                    price: price?,
                    from: from?,
                    count_in,
                })
            }
            "buy_get" => {
                let (buy, get) = (self.count("buy"), self.count("get"));
                let (off, times) = (self.rate_or_free(), self.times());
                Some(Mechanic::BuyGet {
                    buy: buy?,
                    get: get?,
                    off: off?,
                    count_in,
                    times,
                })
            }
            "buy_get_other" => {
                let (buy, get) = (self.count("buy"), self.gift());
                let (off, times) = (self.rate_or_free(), self.times());
                Some(Mechanic::BuyGetOther {
                    buy: buy?,
                    count_in,
                    get: get?,
                    off: off?,
                    times,
                })
            }
            "free_goods" => {
                let (buy, give) = (self.count("buy"), self.gift());
                let times = self.times();
                Some(Mechanic::FreeGoods {
                    buy: buy?,
                    count_in,
                    give: give?,
                    times,
                })
            }
            "bundle" => {
                let (parts, times) = (self.parts(), self.times());
                let price_minor = self.money("bundle_price");
                Some(Mechanic::Bundle {
                    parts: parts?,
                    price_minor: price_minor?,
                    times,
                })
            }
            "mix_and_match" => Some(Mechanic::MixAndMatch {
                tiers: self.tiers(count_of)?,
                count_in,
            }),
            "order_value" => {
                let currency = self.currency;
                Some(Mechanic::OrderValue {
                    tiers: self.tiers(|typed| money_of(typed, currency))?,
                })
            }
            "free_freight" => Some(Mechanic::FreeFreight {
                from_minor: self.money("from_value")?,
            }),
            _ => {
                self.form.refuse_key("mechanic", "error-choice");
                None
            }
        }
    }

    fn rate(&mut self) -> Option<BasisPoints> {
        needed(self.form, "rate", self.fields, rate_of)
    }

    /// Left empty, what one gets is free.
    fn rate_or_free(&mut self) -> Option<BasisPoints> {
        if self.fields.has("rate") {
            self.rate()
        } else {
            Some(BasisPoints(10_000))
        }
    }

    /// Left empty, any quantity will do.
    fn from(&mut self) -> Option<i64> {
        if self.fields.has("from") {
            self.count("from")
        } else {
            Some(1)
        }
    }

    fn count(&mut self, field: &str) -> Option<i64> {
        needed(self.form, field, self.fields, count_of)
    }

    fn money(&mut self, field: &str) -> Option<i64> {
        let currency = self.currency;
        needed(self.form, field, self.fields, |typed| {
            money_of(typed, currency)
        })
    }

    fn times(&mut self) -> Option<i64> {
        optional_count(self.form, "times", self.fields)
    }

    fn gift(&mut self) -> Option<Part> {
        let quantity = self.count("gift_quantity");
        let sku = self.fields.text("gift_sku");
        if sku.is_empty() {
            self.form.refuse_key("gift_sku", "error-required");
            return None;
        }
        let Some(product) = self.look.product(sku) else {
            self.form.refuse_key("gift_sku", "error-sku-unknown");
            return None;
        };
        let factor = match self.fields.text("gift_in") {
            "pieces" => 1,
            _ => product.order_factor,
        };
        Some(Part {
            product: product.id,
            pieces: quantity?.saturating_mul(factor),
        })
    }

    /// "ST-1004 2" a line; a third word says pieces.
    fn parts(&mut self) -> Option<Vec<Part>> {
        let mut parts: Vec<Part> = Vec::new();
        for line in self.rows("parts")? {
            let words: Vec<&str> = line
                .split([' ', '\t', ';', ','])
                .filter(|word| !word.is_empty())
                .collect();
            let (sku, quantity, unit) = match words.as_slice() {
                [sku] => (*sku, "1", ""),
                [sku, quantity] => (*sku, *quantity, ""),
                [sku, quantity, unit] => (*sku, *quantity, *unit),
                _ => return self.refuse_row("parts", "error-promotion-part", &line),
            };
            let Some(product) = self.look.product(sku) else {
                return self.refuse_row("parts", "error-promotion-sku", sku);
            };
            let Ok(quantity) = count_of(quantity) else {
                return self.refuse_row("parts", "error-promotion-part", &line);
            };
            let factor = match is_pieces(unit) {
                Some(true) => 1,
                Some(false) => product.order_factor,
                None => return self.refuse_row("parts", "error-promotion-part", &line),
            };
            let pieces = quantity.saturating_mul(factor);
            if parts.iter().any(|part| part.product == product.id) {
                return self.refuse_row("parts", "error-promotion-part-twice", sku);
            }
            parts.push(Part {
                product: product.id,
                pieces,
            });
        }
        if parts.len() < 2 {
            self.form.refuse_key("parts", "error-promotion-parts-few");
            return None;
        }
        Some(parts)
    }

    /// "6 5%" a line: from so many on, so much off.
    fn tiers(&mut self, from_of: impl Fn(&str) -> Result<i64, Fault>) -> Option<Vec<Tier>> {
        let mut tiers: Vec<Tier> = Vec::new();
        for line in self.rows("tiers")? {
            let separators = [' ', '\t', ';', ':', '='];
            let split = line.trim().split_once(separators);
            let Some((from, off)) = split else {
                return self.refuse_row("tiers", "error-promotion-tier", &line);
            };
            let off = off.trim_matches(separators);
            let cut = if off.ends_with('%') {
                rate_of(off).map(Cut::Percent)
            } else {
                money_of(off, self.currency).map(Cut::Amount)
            };
            match (from_of(from), cut) {
                (Ok(from), Ok(cut)) => {
                    if tiers.last().is_some_and(|last| last.from >= from) {
                        return self.refuse_row("tiers", "error-promotion-tiers-rise", &line);
                    }
                    tiers.push(Tier { from, cut });
                }
                (Err(Fault::Ambiguous), _) | (_, Err(Fault::Ambiguous)) => {
                    return self.refuse_row("tiers", "error-figure-ambiguous", &line);
                }
                (Err(Fault::Figure), _) | (_, Err(Fault::Figure)) => {
                    return self.refuse_row("tiers", "error-promotion-tier", &line);
                }
            }
        }
        Some(tiers)
    }

    /// The lines of a field that have anything on them: at least one.
    fn rows(&mut self, field: &str) -> Option<Vec<String>> {
        let rows: Vec<String> = self
            .fields
            .raw(field)
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        if rows.is_empty() {
            self.form.refuse_key(field, "error-required");
            return None;
        }
        if rows.len() > MOST_ROWS {
            let most = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX);
            self.form
                .refuse_with(field, "error-promotion-rows", "most", most);
            return None;
        }
        Some(rows)
    }

    fn refuse_row<T>(&mut self, field: &str, key: &str, typed: &str) -> Option<T> {
        let typed: String = typed.chars().take(80).collect();
        self.form
            .refuse(field, Message::new(key).with("typed", typed));
        None
    }
}

/// Whether a word means pieces; none where it is no word for a unit.
fn is_pieces(word: &str) -> Option<bool> {
    let word = word.to_lowercase();
    match word.trim_end_matches('.') {
        "piece" | "pieces" | "pc" | "pcs" | "h87" | "stück" | "stk" | "st" => Some(true),
        "" | "case" | "cases" | "xcs" | "karton" | "kartons" | "krt" | "unit" | "units" => {
            Some(false)
        }
        _ => None,
    }
}
