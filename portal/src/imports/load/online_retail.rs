//! The real wholesaler into the database: the brand, its goods, customers, prices and history.

use std::borrow::Cow;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use sea_orm::Set;
use trade::calendar::LocalDate;
use trade::money::{BasisPoints, Currency};
use trade::order::OrderState;
use trade::tax::TaxClass;

use super::history::{Document, Line, Writer, Written};
use super::{Accounts, Context, DefaultPlaces, Ids, Outcome, Prices, Products, load_all, settle};
use crate::db::entity::{brand, tax_rate};
use crate::db::words::OrderSource;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::imports::online_retail::{self, Wholesaler};

const BATCH: usize = 500;

/// What was stored of each kind.
#[derive(Debug, Default)]
pub struct Stored {
    pub products: Outcome,
    pub accounts: Outcome,
    pub prices: Outcome,
    /// Orders and credit notes, not their lines.
    pub documents: Outcome,
}

/// Loads the wholesaler, all of it or nothing; a second time changes nothing. `progress` hears how
/// many of its documents are stored.
///
/// # Errors
/// A database that holds something else under the same numbers.
pub async fn store(
    db: &Db,
    wholesaler: &Wholesaler,
    now: i64,
    progress: &mut dyn FnMut(u64),
) -> Result<Stored> {
    let tx = db.begin_system("import of online-retail").await?;
    house(&tx).await?;
    let context = Context::load(&tx, now, Ids::Fresh).await?;
    let mut stored = Stored::default();
    let loader = Products::new(&tx, context.clone(), None).await?;
    stored.products = load_all(&tx, loader, wholesaler.products()).await?;
    let loader = Accounts::new(&tx, context.clone(), None, DefaultPlaces::Made).await?;
    stored.accounts = load_all(&tx, loader, wholesaler.accounts()).await?;
    let loader = Prices::new(&tx, context.clone()).await?;
    stored.prices = load_all(&tx, loader, wholesaler.prices()).await?;
    stored.documents = history(&tx, wholesaler, context, progress).await?;
    settle(&tx).await?;
    tx.commit().await?;
    Ok(stored)
}

/// The seller, and Britain's rates of those years: from 4 January 2011 on a fifth.
async fn house(tx: &Tx) -> Result<()> {
    if tx.count::<brand::Entity>(|all| all).await? == 0 {
        tx.insert(brand::ActiveModel {
            id: Set(1),
            name: Set("Online Retail".to_owned()),
            street: Set(String::new()),
            postal_code: Set(String::new()),
            city: Set("London".to_owned()),
            country: Set("GB".to_owned()),
            vat_id: Set(None),
            email: Set("orders@online-retail.example".to_owned()),
            currency: Set(Currency::GBP),
            time_zone: Set(online_retail::TIME_ZONE.to_owned()),
            locale: Set("en".to_owned()),
            overdue_tolerance_days: Set(14),
            minimum_order_minor: Set(0),
        })
        .await?;
    }
    if tx.count::<tax_rate::Entity>(|all| all).await? == 0 {
        let rate = |day, rate| tax_rate::ActiveModel {
            country: Set("GB".to_owned()),
            tax_class: Set(TaxClass::Standard),
            valid_from: Set(LocalDate(day)),
            rate: Set(BasisPoints(rate)),
        };
        let rates = [
            rate(Date::constant(2010, 1, 1), 1_750),
            rate(Date::constant(2011, 1, 4), 2_000),
        ];
        tx.insert_all(rates).await?;
    }
    Ok(())
}

async fn history(
    tx: &Tx,
    wholesaler: &Wholesaler,
    context: Context,
    progress: &mut dyn FnMut(u64),
) -> Result<Outcome> {
    let zone = TimeZone::get(online_retail::TIME_ZONE)?;
    let mut writer = Writer::new(tx, context).await?;
    let mut outcome = Outcome::default();
    let mut read = 0_u64;
    for chunk in wholesaler.documents().chunks(BATCH) {
        let documents: Vec<Document<'_>> = chunk
            .iter()
            .filter_map(|past| document(wholesaler, past, &zone))
            .collect();
        for written in writer.write(tx, &documents).await? {
            read += 1;
            match written {
                Written::Inserted => outcome.inserted += 1,
                Written::Unchanged => outcome.unchanged += 1,
                Written::Refused(_, column, problem) => {
                    return Err(anyhow::anyhow!("{column} of a document {problem}").into());
                }
            }
        }
        progress(read);
    }
    writer.finish(tx).await?;
    Ok(outcome)
}

fn document<'a>(
    wholesaler: &'a Wholesaler,
    past: &'a online_retail::Document,
    zone: &TimeZone,
) -> Option<Document<'a>> {
    let lines = wholesaler
        .lines_of(past)
        .map(|(sku, quantity, unit_price)| Line {
            sku,
            unit: None,
            quantity,
            unit_price,
            returned: 0,
        });
    Some(Document {
        kind: past.kind,
        number: Cow::Borrowed(&past.number),
        account: wholesaler.account_of(past),
        placed_at: zone.to_timestamp(past.placed_at).ok()?.as_millisecond(),
        state: OrderState::Closed,
        source: OrderSource::Import,
        placed_by: Cow::Borrowed("Online Retail"),
        on_behalf: false,
        po_number: Cow::Borrowed(""),
        ship_to: None,
        lines: lines.collect(),
    })
}
