//! `kontor export`: what is stored, as the files that `kontor import` reads. A file that went out
//! and comes back unchanged changes nothing.

use std::collections::HashMap;
use std::hash::Hash;
use std::io::Write;

use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use trade::calendar::LocalDate;
use trade::money::{BasisPoints, Money, UnitPrice};

use super::cells::neutralise_formula;
use super::load::Kind;
use super::records::{
    AccountRow, Column, ContactRow, ContractRow, FreightRow, OpenItemRow, OrderRow, PriceRow,
    ProductRow, Record, StockRow,
};
use crate::clock;
use crate::db::Tx;
use crate::db::entity::{
    account, account_group, brand, category, contract, credit_note, credit_note_line,
    expected_receipt, freight_rate, open_item, order, order_line, price_condition, price_list,
    price_list_assignment, price_row, product, product_brand, product_substitute, product_unit,
    ship_to, stock, user,
};
use crate::db::words::Role;
use crate::error::Result;

/// Orders read together.
const PAGE: u64 = 1_000;

/// Writes everything of `kind` that the transaction sees as CSV; says how many rows.
///
/// # Errors
/// The database, or `out`.
pub async fn export<W: Write>(tx: &Tx, kind: Kind, out: W) -> Result<u64> {
    let mut sheet = Sheet {
        out: csv::Writer::from_writer(out),
        rows: 0,
    };
    match kind {
        Kind::Products => products(tx, &mut sheet).await?,
        Kind::Prices => prices(tx, &mut sheet).await?,
        Kind::Accounts => accounts(tx, &mut sheet).await?,
        Kind::Contacts => contacts(tx, &mut sheet).await?,
        Kind::Stock => stock(tx, &mut sheet).await?,
        Kind::Orders => orders(tx, &mut sheet).await?,
        Kind::Contracts => contracts(tx, &mut sheet).await?,
        Kind::OpenItems => open_items(tx, &mut sheet).await?,
        Kind::Freight => freight(tx, &mut sheet).await?,
    }
    sheet.out.flush()?;
    Ok(sheet.rows)
}

struct Sheet<W: Write> {
    out: csv::Writer<W>,
    rows: u64,
}

impl<W: Write> Sheet<W> {
    /// The header, as the import's own columns are named.
    fn head<R: Record>(&mut self) -> Result<()> {
        let names = R::COLUMNS.iter().map(|column: &Column| column.name);
        Ok(self.out.write_record(names).map_err(std::io::Error::from)?)
    }

    fn row<const N: usize>(&mut self, cells: [String; N]) -> Result<()> {
        let cells = cells
            .iter()
            .map(|cell| neutralise_formula(cell).into_owned());
        self.out.write_record(cells).map_err(std::io::Error::from)?;
        self.rows += 1;
        Ok(())
    }
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Basis points as a price of ten-thousandths, so that one function places the point.
fn percent(rate: BasisPoints) -> String {
    UnitPrice(i64::from(rate.0) * 100).to_decimal()
}

/// The last day of a period as tables keep it; empty where no end is agreed.
fn last_day(until: LocalDate) -> String {
    let ends = until < LocalDate::OPEN_END;
    shown(until.0.yesterday().ok().filter(|_| ends))
}

fn looked_up<K: Eq + Hash, V: Clone + Default>(map: &HashMap<K, V>, key: Option<K>) -> V {
    key.and_then(|key| map.get(&key).cloned())
        .unwrap_or_default()
}

macro_rules! by_id {
    ($tx:ident, $entity:ident, $field:ident) => {{
        let rows = $tx.all::<$entity::Entity>(|all| all).await?;
        rows.into_iter()
            .map(|row| (row.id, row.$field))
            .collect::<HashMap<_, _>>()
    }};
}

async fn products<W: Write>(tx: &Tx, sheet: &mut Sheet<W>) -> Result<()> {
    sheet.head::<ProductRow>()?;
    let brands = by_id!(tx, product_brand, name);
    let categories = by_id!(tx, category, path);
    let skus = by_id!(tx, product, sku);
    let mut units: HashMap<_, Vec<String>> = HashMap::new();
    let by_factor = |all: sea_orm::Select<product_unit::Entity>| {
        all.filter(product_unit::Column::PackFactor.gt(1))
            .order_by_asc(product_unit::Column::PackFactor)
    };
    for row in tx.all::<product_unit::Entity>(by_factor).await? {
        units
            .entry(row.product_id)
            .or_default()
            .push(format!("{}:{}", row.unit, row.pack_factor));
    }
    let mut substitutes: HashMap<_, Vec<String>> = HashMap::new();
    let in_order = |all: sea_orm::Select<product_substitute::Entity>| {
        all.order_by_asc(product_substitute::Column::Position)
    };
    for row in tx.all::<product_substitute::Entity>(in_order).await? {
        let sku = looked_up(&skus, Some(row.substitute_id));
        substitutes.entry(row.product_id).or_default().push(sku);
    }
    for row in tx
        .all::<product::Entity>(|all| all.order_by_asc(product::Column::Sku))
        .await?
    {
        sheet.row([
            row.sku,
            text(&row.gtin),
            row.name,
            row.description,
            looked_up(&brands, Some(row.brand_id)),
            looked_up(&categories, Some(row.category_id)),
            row.base_unit.to_string(),
            row.order_unit.to_string(),
            looked_up(&units, Some(row.id)).join("|"),
            row.moq.to_string(),
            row.multiple.to_string(),
            row.tax_class.name().to_owned(),
            row.status.to_string(),
            row.stock_policy.to_string(),
            looked_up(&substitutes, Some(row.id)).join("|"),
        ])?;
    }
    Ok(())
}

async fn prices<W: Write>(tx: &Tx, sheet: &mut Sheet<W>) -> Result<()> {
    use price_row::Column as P;
    sheet.head::<PriceRow>()?;
    let skus = by_id!(tx, product, sku);
    let lists = tx.all::<price_list::Entity>(|all| all.order_by_asc(price_list::Column::Code));
    for list in lists.await? {
        let rows = tx.all::<price_row::Entity>(|all| {
            all.filter(P::PriceListId.eq(list.id))
                .order_by_asc(P::ProductId)
                .order_by_asc(P::Unit)
                .order_by_asc(P::MinQuantity)
                .order_by_asc(P::ValidFrom)
        });
        for row in rows.await? {
            sheet.row([
                list.code.clone(),
                looked_up(&skus, Some(row.product_id)),
                row.unit.to_string(),
                row.min_quantity.to_string(),
                row.amount.to_decimal(),
                list.currency.to_string(),
                row.valid_from.to_string(),
                last_day(row.valid_until),
            ])?;
        }
    }
    Ok(())
}

async fn accounts<W: Write>(tx: &Tx, sheet: &mut Sheet<W>) -> Result<()> {
    sheet.head::<AccountRow>()?;
    let groups = by_id!(tx, account_group, code);
    let numbers = by_id!(tx, account, number);
    let emails = by_id!(tx, user, email);
    let codes = by_id!(tx, price_list, code);
    let mut lists: HashMap<_, Vec<String>> = HashMap::new();
    let by_priority = |all: sea_orm::Select<price_list_assignment::Entity>| {
        all.order_by_asc(price_list_assignment::Column::Priority)
    };
    for row in tx.all::<price_list_assignment::Entity>(by_priority).await? {
        if let Some(account) = row.account_id {
            let code = looked_up(&codes, Some(row.price_list_id));
            lists.entry(account).or_default().push(code);
        }
    }
    for row in tx
        .all::<account::Entity>(|all| all.order_by_asc(account::Column::Number))
        .await?
    {
        let money = |minor| Money::new(minor, row.currency);
        let limit = row.credit_limit_minor.map(money);
        let minimum = row.minimum_order_minor.map(money);
        sheet.row([
            row.number,
            row.name,
            looked_up(&groups, row.group_id),
            looked_up(&numbers, row.parent_id),
            row.country,
            text(&row.vat_id),
            row.street,
            row.postal_code,
            row.city,
            row.payment_terms_days.to_string(),
            limit.map(|limit| limit.to_decimal()).unwrap_or_default(),
            looked_up(&emails, row.kam_id),
            looked_up(&lists, Some(row.id)).join("|"),
            row.currency.to_string(),
            row.locale,
            row.region,
            looked_up(&numbers, row.bill_to_id),
            shown(row.overdue_tolerance_days),
            row.early_payment_days.to_string(),
            percent(row.early_payment_discount),
            minimum.map(|least| least.to_decimal()).unwrap_or_default(),
            row.delivery_policy.to_string(),
        ])?;
    }
    Ok(())
}

async fn contacts<W: Write>(tx: &Tx, sheet: &mut Sheet<W>) -> Result<()> {
    sheet.head::<ContactRow>()?;
    let numbers = by_id!(tx, account, number);
    for row in tx
        .all::<user::Entity>(|all| all.order_by_asc(user::Column::Email))
        .await?
    {
        let role = match row.role {
            Role::Buyer => "buyer",
            Role::Approver => "approver",
            Role::AccountAdmin => "owner",
            Role::Kam | Role::Marketing | Role::Finance | Role::Operations | Role::Admin => {
                continue;
            }
        };
        sheet.row([
            looked_up(&numbers, row.account_id),
            row.email,
            row.name,
            role.to_owned(),
        ])?;
    }
    Ok(())
}

async fn stock<W: Write>(tx: &Tx, sheet: &mut Sheet<W>) -> Result<()> {
    sheet.head::<StockRow>()?;
    let skus = by_id!(tx, product, sku);
    let mut receipts: HashMap<_, Vec<String>> = HashMap::new();
    for row in tx
        .all::<expected_receipt::Entity>(|all| {
            all.order_by_asc(expected_receipt::Column::ExpectedOn)
        })
        .await?
    {
        let days = receipts.entry(row.product_id).or_default();
        days.push(format!("{}:{}", row.expected_on, row.quantity));
    }
    for row in tx.all::<stock::Entity>(|all| all).await? {
        let receipts = receipts.remove(&row.product_id).unwrap_or_default();
        sheet.row([
            looked_up(&skus, Some(row.product_id)),
            row.on_hand.to_string(),
            shown(row.expected_on),
            shown(row.expected_quantity),
            receipts.join("|"),
        ])?;
    }
    Ok(())
}

async fn freight<W: Write>(tx: &Tx, sheet: &mut Sheet<W>) -> Result<()> {
    use freight_rate::Column as F;
    sheet.head::<FreightRow>()?;
    let rows = tx.all::<freight_rate::Entity>(|all| {
        all.order_by_asc(F::Currency)
            .order_by_asc(F::Country)
            .order_by_asc(F::FromMinor)
    });
    for row in rows.await? {
        let money = |minor| Money::new(minor, row.currency).to_decimal();
        sheet.row([
            row.currency.to_string(),
            row.country.clone(),
            money(row.from_minor),
            money(row.charge_minor),
        ])?;
    }
    Ok(())
}

async fn contracts<W: Write>(tx: &Tx, sheet: &mut Sheet<W>) -> Result<()> {
    sheet.head::<ContractRow>()?;
    let numbers = by_id!(tx, account, number);
    let groups = by_id!(tx, account_group, code);
    let brands = by_id!(tx, product_brand, name);
    let categories = by_id!(tx, category, path);
    let skus = by_id!(tx, product, sku);
    let mut conditions: HashMap<_, Vec<price_condition::Model>> = HashMap::new();
    for row in tx.all::<price_condition::Entity>(|all| all).await? {
        conditions.entry(row.price_list_id).or_default().push(row);
    }
    for row in tx
        .all::<contract::Entity>(|all| all.order_by_asc(contract::Column::Number))
        .await?
    {
        for condition in conditions.remove(&row.price_list_id).unwrap_or_default() {
            let target = match condition.target.as_str() {
                "product" => format!("sku:{}", looked_up(&skus, condition.product_id)),
                "brand" => format!("brand:{}", looked_up(&brands, condition.brand_id)),
                "category" => format!("category:{}", looked_up(&categories, condition.category_id)),
                _ => "all".to_owned(),
            };
            let percent = percent(condition.discount);
            sheet.row([
                row.number.clone(),
                row.name.clone(),
                looked_up(&numbers, row.account_id),
                looked_up(&groups, row.group_id),
                target,
                percent,
                condition.valid_from.to_string(),
                last_day(condition.valid_until),
                row.priority.to_string(),
            ])?;
        }
    }
    Ok(())
}

async fn open_items<W: Write>(tx: &Tx, sheet: &mut Sheet<W>) -> Result<()> {
    use open_item::Column::Number;
    sheet.head::<OpenItemRow>()?;
    let numbers = by_id!(tx, account, number);
    let mut after: Option<String> = None;
    loop {
        let beyond = after.as_ref().map(|number| Number.gt(number.as_str()));
        let page = tx.all::<open_item::Entity>(|all| {
            let all = all.order_by_asc(Number).limit(PAGE);
            match beyond {
                Some(beyond) => all.filter(beyond),
                None => all,
            }
        });
        let page = page.await?;
        let Some(last) = page.last() else { break };
        after = Some(last.number.clone());
        for row in page {
            let money = |minor| Money::new(minor, row.currency).to_decimal();
            sheet.row([
                looked_up(&numbers, Some(row.account_id)),
                row.number,
                row.kind.to_string(),
                text(&row.order_number),
                row.issued_on.to_string(),
                row.due_on.to_string(),
                row.currency.to_string(),
                money(row.amount_minor),
                money(row.open_minor),
                shown(row.early_payment_on),
                percent(row.early_payment_discount),
            ])?;
        }
    }
    Ok(())
}

async fn orders<W: Write>(tx: &Tx, sheet: &mut Sheet<W>) -> Result<()> {
    use order::Column::{Id, PlacedAt};
    sheet.head::<OrderRow>()?;
    let zone = tx.one::<brand::Entity>(|all| all).await?;
    let zone = zone.and_then(|row| jiff::tz::TimeZone::get(&row.time_zone).ok());
    let zone = zone.unwrap_or(jiff::tz::TimeZone::UTC);
    let time = |millis| {
        clock::zoned(millis, &zone)
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string()
    };
    let numbers = by_id!(tx, account, number);
    let places = by_id!(tx, ship_to, code);
    let mut after = None;
    loop {
        let beyond = match after {
            None => Condition::all(),
            Some((at, id)) => {
                let same = Condition::all().add(PlacedAt.eq(at)).add(Id.gt(id));
                Condition::any().add(PlacedAt.gt(at)).add(same)
            }
        };
        let page = tx.all::<order::Entity>(|all| {
            all.filter(beyond)
                .order_by_asc(PlacedAt)
                .order_by_asc(Id)
                .limit(PAGE)
        });
        let page = page.await?;
        let Some(last) = page.last() else { break };
        after = Some((last.placed_at, last.id));
        let ids = page.iter().map(|order| order.id);
        let lines = tx.all::<order_line::Entity>(|all| {
            all.filter(order_line::Column::OrderId.is_in(ids))
                .order_by_asc(order_line::Column::Position)
        });
        let mut by_order: HashMap<_, Vec<order_line::Model>> = HashMap::new();
        for line in lines.await? {
            by_order.entry(line.order_id).or_default().push(line);
        }
        for order in page {
            for line in by_order.remove(&order.id).unwrap_or_default() {
                sheet.row([
                    order.number.clone(),
                    time(order.placed_at),
                    looked_up(&numbers, Some(order.account_id)),
                    line.sku,
                    line.quantity.to_string(),
                    line.unit.to_string(),
                    line.unit_price.to_decimal(),
                    order.po_number.clone(),
                    looked_up(&places, order.ship_to_id),
                ])?;
            }
        }
    }
    let notes = by_id!(tx, credit_note, number);
    let dates = by_id!(tx, credit_note, issued_at);
    let lines = tx.all::<credit_note_line::Entity>(|all| {
        all.order_by_asc(credit_note_line::Column::CreditNoteId)
            .order_by_asc(credit_note_line::Column::Position)
    });
    for line in lines.await? {
        sheet.row([
            looked_up(&notes, Some(line.credit_note_id)),
            time(looked_up(&dates, Some(line.credit_note_id))),
            looked_up(&numbers, Some(line.account_id)),
            line.sku,
            format!("-{}", line.quantity),
            line.unit.to_string(),
            line.unit_price.to_decimal(),
            String::new(),
            String::new(),
        ])?;
    }
    Ok(())
}
