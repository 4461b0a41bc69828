//! What the form names: looked up once, in a handful of queries however much is pasted.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::id::PromotionId;
use trade::id::{AccountGroupId, AccountId, CategoryId, FundId, ProductBrandId, ProductId};
use trade::money::Currency;
use trade::price::Target;

use crate::app::App;
use crate::catalogue::{Reference, padded};
use crate::db::Tx;
use crate::db::entity::{account, account_group, fund, product, product_unit, promotion};
use crate::error::Result;
use crate::web::Fields;
use crate::web::form::FormState;
use crate::web::shape::{Choice, Message};

/// Most SKUs or account numbers in one field.
const MOST_PASTED: usize = 2_000;

/// A product that was named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Product {
    pub id: ProductId,
    pub order_factor: i64,
}

pub(super) struct Lookup {
    pub reference: Arc<Reference>,
    pub groups: Vec<account_group::Model>,
    pub regions: Vec<String>,
    pub funds: Vec<fund::Model>,
    pub currencies: Vec<Currency>,
    products: HashMap<String, Product>,
    accounts: HashMap<String, AccountId>,
}

impl Lookup {
    /// Looks up everything that `fields` names, and what can be chosen.
    pub(super) async fn load(tx: &Tx, app: &App, fields: &Fields) -> Result<Lookup> {
        let mut skus: Vec<String> = ["skus", "without_skus"]
            .iter()
            .flat_map(|field| words(fields.raw(field)))
            .collect();
        skus.extend(fields.raw("parts").lines().filter_map(|line| {
            let first = words(line).next();
            first.map(|sku| sku.trim_matches([';', ',']).to_owned())
        }));
        skus.push(fields.text("gift_sku").to_owned());
        let numbers: Vec<String> = words(fields.raw("accounts")).collect();
        let mut currencies: Vec<Currency> = tx
            .report::<account::Entity, Coin>(|all| {
                all.select_only()
                    .column(account::Column::Currency)
                    .distinct()
            })
            .await?
            .into_iter()
            .map(|coin| coin.currency)
            .collect();
        currencies.push(app.brand.currency);
        currencies.sort_unstable();
        currencies.dedup();
        Ok(Lookup {
            reference: app.reference.get(tx).await?,
            groups: tx
                .all::<account_group::Entity>(|all| all.order_by_asc(account_group::Column::Name))
                .await?,
            regions: regions(tx).await?,
            funds: tx
                .all::<fund::Entity>(|all| all.order_by_asc(fund::Column::Name))
                .await?,
            currencies,
            products: products(tx, skus).await?,
            accounts: accounts(tx, numbers).await?,
        })
    }

    pub(super) async fn code_is_taken(
        &self,
        tx: &Tx,
        code: &str,
        but: Option<PromotionId>,
    ) -> Result<bool> {
        let taken = tx
            .one::<promotion::Entity>(|all| all.filter(promotion::Column::Code.eq(code)))
            .await?;
        Ok(taken.is_some_and(|row| Some(row.id) != but))
    }

    pub(super) fn product(&self, sku: &str) -> Option<Product> {
        self.products.get(&sku.to_uppercase()).copied()
    }

    /// Products pasted into a field, without doubles.
    pub(super) fn skus(&self, form: &mut FormState, field: &str, fields: &Fields) -> Vec<Target> {
        let mut targets = Vec::new();
        let mut unknown = Vec::new();
        let typed: Vec<String> = words(fields.raw(field)).collect();
        if typed.len() > MOST_PASTED {
            too_many(form, field);
            return targets;
        }
        for sku in typed {
            match self.product(&sku) {
                Some(product) => {
                    let target = Target::Product(product.id);
                    if !targets.contains(&target) {
                        targets.push(target);
                    }
                }
                None => unknown.push(sku),
            }
        }
        refuse_unknown(form, field, "error-promotion-skus", &unknown);
        targets
    }

    pub(super) fn brands(&self, fields: &Fields, field: &str) -> Vec<Target> {
        chosen(fields, field, |id: ProductBrandId| {
            self.reference
                .brands
                .contains_key(&id)
                .then_some(Target::Brand(id))
        })
    }

    pub(super) fn categories(&self, fields: &Fields, field: &str) -> Vec<Target> {
        chosen(fields, field, |id: CategoryId| {
            self.reference
                .categories
                .contains_key(&id)
                .then_some(Target::Category(id))
        })
    }

    pub(super) fn groups(&self, fields: &Fields) -> Vec<AccountGroupId> {
        chosen(fields, "group", |id: AccountGroupId| {
            self.groups.iter().any(|group| group.id == id).then_some(id)
        })
    }

    pub(super) fn regions(&self, fields: &Fields) -> Vec<String> {
        let known = |typed: &&str| self.regions.iter().any(|region| region == typed);
        let mut regions: Vec<String> = fields
            .all("region")
            .filter(known)
            .map(str::to_owned)
            .collect();
        regions.sort_unstable();
        regions.dedup();
        regions
    }

    /// Accounts pasted by number. One that the writer does not look after is as unknown to them as
    /// one that does not exist.
    pub(super) fn accounts(&self, form: &mut FormState, fields: &Fields) -> Vec<AccountId> {
        let mut ids = Vec::new();
        let mut unknown = Vec::new();
        let typed: Vec<String> = words(fields.raw("accounts")).collect();
        if typed.len() > MOST_PASTED {
            too_many(form, "accounts");
            return ids;
        }
        for number in typed {
            match self.accounts.get(&number) {
                Some(id) if !ids.contains(id) => ids.push(*id),
                Some(_) => {}
                None => unknown.push(number),
            }
        }
        refuse_unknown(form, "accounts", "error-promotion-accounts", &unknown);
        ids
    }

    pub(super) fn fund(
        &self,
        form: &mut FormState,
        fields: &Fields,
        currency: Currency,
    ) -> Option<FundId> {
        let typed = fields.text("fund");
        if typed.is_empty() {
            return None;
        }
        let found = self.funds.iter().find(|fund| fund.id.to_string() == typed);
        match found {
            None => form.refuse_key("fund", "error-choice"),
            Some(fund) if fund.currency != currency => {
                let theirs = fund.currency.to_string();
                form.refuse_with("fund", "error-promotion-fund-currency", "currency", theirs);
            }
            Some(fund) => return Some(fund.id),
        }
        None
    }

    /// The brands to tick.
    pub(super) fn brand_choices(&self, ticked: impl Fn(ProductBrandId) -> bool) -> Vec<Choice> {
        let mut brands: Vec<_> = self.reference.brands.values().collect();
        brands.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
        brands
            .into_iter()
            .map(|brand| Choice::new(&brand.id.to_string(), &brand.name, ticked(brand.id)))
            .collect()
    }

    /// The categories to tick, in the order of the tree.
    pub(super) fn category_choices(&self, ticked: impl Fn(CategoryId) -> bool) -> Vec<Choice> {
        self.reference
            .category_order
            .iter()
            .filter_map(|id| self.reference.categories.get(id))
            .map(|category| {
                let row = &category.row;
                Choice::new(&row.id.to_string(), &row.path, ticked(row.id))
            })
            .collect()
    }
}

#[derive(Debug, sea_orm::FromQueryResult)]
struct Coin {
    currency: Currency,
}

#[derive(Debug, sea_orm::FromQueryResult)]
struct Place {
    region: String,
}

async fn regions(tx: &Tx) -> Result<Vec<String>> {
    let rows = tx
        .report::<account::Entity, Place>(|all| {
            all.filter(account::Column::Region.ne(""))
                .select_only()
                .column(account::Column::Region)
                .distinct()
                .order_by_asc(account::Column::Region)
        })
        .await?;
    Ok(rows.into_iter().map(|place| place.region).collect())
}

async fn products(tx: &Tx, mut skus: Vec<String>) -> Result<HashMap<String, Product>> {
    let mut found = HashMap::new();
    skus.retain(|sku| !sku.is_empty());
    // Scanners and people write small letters; SKUs are asked for as typed and in capitals.
    let capitals: Vec<String> = skus.iter().map(|sku| sku.to_uppercase()).collect();
    skus.extend(capitals);
    skus.sort_unstable();
    skus.dedup();
    skus.truncate(4 * MOST_PASTED);
    for chunk in skus.chunks(1_000) {
        let rows = tx
            .all::<product::Entity>(|all| all.filter(product::Column::Sku.is_in(filled(chunk))))
            .await?;
        let ids: Vec<ProductId> = rows.iter().map(|row| row.id).collect();
        if ids.is_empty() {
            continue;
        }
        let units = tx
            .all::<product_unit::Entity>(|all| {
                all.filter(product_unit::Column::ProductId.is_in(padded(&ids)))
            })
            .await?;
        let units: HashMap<_, i64> = units
            .into_iter()
            .map(|unit| ((unit.product_id, unit.unit), unit.pack_factor.into()))
            .collect();
        for row in rows {
            let order_factor = units.get(&(row.id, row.order_unit)).copied().unwrap_or(1);
            let product = Product {
                id: row.id,
                order_factor,
            };
            found.insert(row.sku.to_uppercase(), product);
        }
    }
    Ok(found)
}

async fn accounts(tx: &Tx, mut numbers: Vec<String>) -> Result<HashMap<String, AccountId>> {
    let mut found = HashMap::new();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.truncate(2 * MOST_PASTED);
    for chunk in numbers.chunks(1_000) {
        let rows = tx
            .all::<account::Entity>(|all| all.filter(account::Column::Number.is_in(filled(chunk))))
            .await?;
        found.extend(rows.into_iter().map(|row| (row.number, row.id)));
    }
    Ok(found)
}

/// As [`padded`], for words.
fn filled(words: &[String]) -> Vec<String> {
    let mut all = words.to_vec();
    if let Some(last) = words.last() {
        all.resize(words.len().next_power_of_two(), last.clone());
    }
    all
}

/// What stands between blanks, commas and semicolons.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| c.is_whitespace() || c == ',' || c == ';')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
}

fn chosen<I: std::str::FromStr, T: PartialEq>(
    fields: &Fields,
    field: &str,
    known: impl Fn(I) -> Option<T>,
) -> Vec<T> {
    let mut all = Vec::new();
    for id in fields.all(field) {
        if let Some(one) = id.parse::<I>().ok().and_then(&known)
            && !all.contains(&one)
        {
            all.push(one);
        }
    }
    all
}

fn refuse_unknown(form: &mut FormState, field: &str, key: &str, unknown: &[String]) {
    if unknown.is_empty() {
        return;
    }
    let some: Vec<String> = unknown
        .iter()
        .take(10)
        .map(|word| word.chars().take(40).collect())
        .collect();
    let count = i64::try_from(unknown.len()).unwrap_or(i64::MAX);
    form.refuse(
        field,
        Message::new(key)
            .with("count", count)
            .with("typed", some.join(", ")),
    );
}

fn too_many(form: &mut FormState, field: &str) {
    let most = i64::try_from(MOST_PASTED).unwrap_or(i64::MAX);
    form.refuse_with(field, "error-promotion-rows", "most", most);
}
