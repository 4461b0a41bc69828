//! The form, filled from what was typed or from what is kept.

use jiff::ToSpan;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use trade::id::PromotionId;
use trade::money::{BasisPoints, Money, UnitPrice};
use trade::price::Target;
use trade::promotion::{CountIn, Cut, Mechanic, Part, Tier};

use super::KINDS;
use super::lookup::Lookup;
use crate::app::App;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::account;
use crate::db::scope;
use crate::error::Result;
use crate::promotions::plan::{Plan, Stored};
use crate::promotions::view::EditorPage;
use crate::promotions::words::Names;
use crate::web::Fields;
use crate::web::form::FormState;
use crate::web::shape::{Choice, Currency};

/// The form with what `fields` hold ticked and `form` says.
///
/// # Errors
/// Whatever the database says.
pub async fn filled(
    tx: &Tx,
    app: &App,
    id: Option<PromotionId>,
    fields: &Fields,
    form: FormState,
) -> Result<EditorPage> {
    let look = Lookup::load(tx, app, fields).await?;
    let ticked = |field: &'static str, id: String| fields.all(field).any(|typed| typed == id);
    let currency = fields
        .text("currency")
        .parse()
        .unwrap_or(app.brand.currency);
    let funds = look.funds.iter().map(|fund| {
        let label = format!("{} ({})", fund.name, fund.currency);
        let chosen = fields.text("fund") == fund.id.to_string();
        Choice::new(&fund.id.to_string(), &label, chosen)
    });
    let words = |all: &[&str]| all.iter().map(|one| Choice::new(one, "", false)).collect();
    Ok(EditorPage {
        id: id.map(|id| id.to_string()),
        form,
        kinds: words(&KINDS),
        counts: words(&["packs", "pieces"]),
        currencies: look
            .currencies
            .iter()
            .map(|coin| Choice::new(coin.code(), coin.code(), *coin == currency))
            .collect(),
        funds: funds.collect(),
        brands: look.brand_choices(|id| ticked("brand", id.to_string())),
        categories: look.category_choices(|id| ticked("category", id.to_string())),
        without_brands: look.brand_choices(|id| ticked("without_brand", id.to_string())),
        without_categories: look.category_choices(|id| ticked("without_category", id.to_string())),
        groups: look
            .groups
            .iter()
            .map(|group| {
                let id = group.id.to_string();
                Choice::new(&id, &group.name, ticked("group", id.clone()))
            })
            .collect(),
        regions: look
            .regions
            .iter()
            .map(|region| Choice::new(region, region, ticked("region", region.clone())))
            .collect(),
        only_accounts: matches!(tx.scope().reach, scope::Reach::Portfolio(_)),
        preview: None,
    })
}

/// The fields of a new promotion.
#[must_use]
pub fn blank(app: &App, kind: &str) -> Fields {
    // There is time to have it approved, and a month is what most are planned for.
    let first = app.today().last_of_month().saturating_add(1.days());
    let kind = if KINDS.contains(&kind) {
        kind
    } else {
        "percent"
    };
    let pairs = [
        ("mechanic", kind.to_owned()),
        ("count_in", "packs".to_owned()),
        ("gift_in", "packs".to_owned()),
        ("gift_quantity", "1".to_owned()),
        ("currency", app.brand.currency.to_string()),
        ("priority", "100".to_owned()),
        ("audience", "everybody".to_owned()),
        ("valid_from", first.to_string()),
        ("valid_last", first.last_of_month().to_string()),
    ];
    Fields::new(named(pairs))
}

fn named<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> Vec<(String, String)> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// The fields that say what is kept.
///
/// # Errors
/// Whatever the database says.
pub async fn kept(tx: &Tx, stored: &Stored, names: &Names) -> Result<Fields> {
    let plan = &stored.plan;
    let mut pairs = named([
        ("code", plan.code.clone()),
        ("name", plan.name.clone()),
        ("note", plan.note.clone()),
        ("currency", plan.currency.to_string()),
        ("class", plan.class.clone().unwrap_or_default()),
        ("priority", plan.priority.to_string()),
        ("valid_from", plan.validity.from.to_string()),
        ("mechanic", plan.mechanic.kind().to_owned()),
        ("version", stored.row.updated_at.to_string()),
    ]);
    let last = plan.validity.last_day();
    pairs.extend(named([(
        "valid_last",
        last.map(|day| day.to_string()).unwrap_or_default(),
    )]));
    let optional = |count: Option<i64>| count.map(|count| count.to_string()).unwrap_or_default();
    pairs.extend(named([
        ("most_uses", optional(plan.most_uses)),
        (
            "most_uses_per_account",
            optional(plan.most_uses_per_account),
        ),
        (
            "cap",
            plan.cap_minor
                .map(|cap| money(cap, plan.currency))
                .unwrap_or_default(),
        ),
        (
            "fund",
            plan.fund.map(|fund| fund.to_string()).unwrap_or_default(),
        ),
    ]));
    pairs.extend(named(mechanic(&plan.mechanic, plan.currency, names)));
    pairs.extend(items(plan, names));
    pairs.extend(reach(tx, plan).await?);
    Ok(Fields::new(pairs))
}

fn money(minor: i64, currency: Currency) -> String {
    Money::new(minor, currency).to_decimal()
}

/// Two decimals or four: three could be read as thousands.
fn each(price: UnitPrice) -> String {
    let text = price.to_decimal();
    match text.split_once('.') {
        Some((_, part)) if part.len() == 3 => format!("{text}0"),
        _ => text,
    }
}

fn rate(off: BasisPoints) -> String {
    let text = each(UnitPrice(i64::from(off.0) * 100));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn counting(count_in: CountIn) -> (&'static str, String) {
    let word = match count_in {
        CountIn::Packs => "packs",
        CountIn::Pieces => "pieces",
    };
    ("count_in", word.to_owned())
}

#[expect(clippy::too_many_lines, reason = "an arm a mechanic")]
fn mechanic(mechanic: &Mechanic, currency: Currency, names: &Names) -> Vec<(&'static str, String)> {
    let often = |times: &Option<i64>| {
        let text = times.map(|times| times.to_string());
        ("times", text.unwrap_or_default())
    };
    match mechanic {
        Mechanic::Percent {
            off,
            from,
            count_in,
        } => vec![
            ("rate", rate(*off)),
            ("from", from.to_string()),
            counting(*count_in),
        ],
        Mechanic::Amount {
            off: price,
            from,
            count_in,
        }
        | Mechanic::FixedPrice {
            price,
            from,
            count_in,
        } => vec![
            ("each", each(*price)),
            ("from", from.to_string()),
            counting(*count_in),
        ],
        Mechanic::BuyGet {
            buy,
            get,
            off,
            count_in,
            times,
        } => vec![
            ("buy", buy.to_string()),
            ("get", get.to_string()),
            ("rate", rate(*off)),
            counting(*count_in),
            often(times),
        ],
        Mechanic::BuyGetOther {
            buy,
            count_in,
            get,
            off,
            times,
        } => {
            let mut pairs = gift(get, names);
            pairs.extend([
                ("buy", buy.to_string()),
                ("rate", rate(*off)),
                counting(*count_in),
                often(times),
            ]);
            pairs
        }
        Mechanic::FreeGoods {
            buy,
            count_in,
            give,
            times,
        } => {
            let mut pairs = gift(give, names);
            pairs.extend([("buy", buy.to_string()), counting(*count_in), often(times)]);
            pairs
        }
        Mechanic::Bundle {
            parts,
            price_minor,
            times,
        } => {
            let rows: Vec<String> = parts
                .iter()
                .map(|part| {
                    let (sku, quantity, is_pieces) = named_part(part, names);
                    let unit = if is_pieces { " pieces" } else { "" };
                    format!("{sku} {quantity}{unit}")
                })
                .collect();
            vec![
                ("parts", rows.join("\n")),
                ("bundle_price", money(*price_minor, currency)),
                often(times),
            ]
        }
        Mechanic::MixAndMatch {
            tiers: steps,
            count_in,
        } => vec![
            ("tiers", tiers(steps, currency, |from| from.to_string())),
            counting(*count_in),
        ],
        Mechanic::OrderValue { tiers: steps } => {
            vec![(
                "tiers",
                tiers(steps, currency, |from| money(from, currency)),
            )]
        }
        Mechanic::FreeFreight { from_minor } => {
            vec![("from_value", money(*from_minor, currency))]
        }
    }
}

fn gift(part: &Part, names: &Names) -> Vec<(&'static str, String)> {
    let (sku, quantity, is_pieces) = named_part(part, names);
    let unit = if is_pieces { "pieces" } else { "packs" };
    vec![
        ("gift_sku", sku),
        ("gift_quantity", quantity.to_string()),
        ("gift_in", unit.to_owned()),
    ]
}

fn named_part(part: &Part, names: &Names) -> (String, i64, bool) {
    let Some(named) = names.find(part.product) else {
        return (String::new(), part.pieces, true);
    };
    let factor = named.order_factor.get();
    if part.pieces % factor == 0 {
        (named.sku.clone(), part.pieces / factor, false)
    } else {
        (named.sku.clone(), part.pieces, true)
    }
}

fn tiers(tiers: &[Tier], currency: Currency, from: impl Fn(i64) -> String) -> String {
    let rows = tiers.iter().map(|tier| match tier.cut {
        Cut::Percent(off) => format!("{} {}%", from(tier.from), rate(off)),
        Cut::Amount(minor) => format!("{} {}", from(tier.from), money(minor, currency)),
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn items(plan: &Plan, names: &Names) -> Vec<(String, String)> {
    let sides = [
        ("skus", "brand", "category", &plan.assortment.include),
        (
            "without_skus",
            "without_brand",
            "without_category",
            &plan.assortment.exclude,
        ),
    ];
    let mut pairs = Vec::new();
    for (skus, brand, category, targets) in sides {
        let mut pasted = Vec::new();
        for target in targets {
            match target {
                Target::Product(id) => {
                    pasted.extend(names.find(*id).map(|named| named.sku.clone()))
                }
                Target::Brand(id) => pairs.push((brand.to_owned(), id.to_string())),
                Target::Category(id) => pairs.push((category.to_owned(), id.to_string())),
                Target::Everything => {}
            }
        }
        pairs.push((skus.to_owned(), pasted.join("\n")));
    }
    pairs
}

async fn reach(tx: &Tx, plan: &Plan) -> Result<Vec<(String, String)>> {
    let reach = &plan.reach;
    let audience = if reach.everybody {
        "everybody"
    } else {
        "chosen"
    };
    let mut pairs = named([("audience", audience.to_owned())]);
    pairs.extend(named(
        reach.groups.iter().map(|id| ("group", id.to_string())),
    ));
    pairs.extend(named(reach.regions.iter().map(|r| ("region", r.clone()))));
    if !reach.accounts.is_empty() {
        let accounts = tx
            .all::<account::Entity>(|all| {
                all.filter(account::Column::Id.is_in(padded(&reach.accounts)))
                    .order_by_asc(account::Column::Number)
            })
            .await?;
        let numbers: Vec<String> = accounts.into_iter().map(|row| row.number).collect();
        pairs.extend(named([("accounts", numbers.join("\n"))]));
    }
    Ok(pairs)
}
