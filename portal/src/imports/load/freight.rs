//! Freight steps, by currency, country and value. A row without a charge takes its step away.

use std::collections::HashMap;

use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter};
use trade::money::Currency;

use super::open_items::minor;
use super::{Context, Loader, Numbered, Outcome};
use crate::db::Tx;
use crate::db::entity::freight_rate;
use crate::error::Result;
use crate::imports::records::{FreightRow, Problem};

type Step = (Currency, String, i64);

pub struct Freight {
    context: Context,
    stored: HashMap<Step, i64>,
    seen: HashMap<Step, u64>,
}

impl Freight {
    /// # Errors
    /// Whatever the database says.
    pub async fn new(tx: &Tx, context: Context) -> Result<Self> {
        let stored = tx.all::<freight_rate::Entity>(|all| all).await?;
        Ok(Self {
            context,
            stored: stored
                .into_iter()
                .map(|row| {
                    (
                        (row.currency, row.country, row.from_minor),
                        row.charge_minor,
                    )
                })
                .collect(),
            seen: HashMap::new(),
        })
    }

    /// The step a row names, with its charge.
    fn read(
        &mut self,
        row: u64,
        record: &FreightRow,
    ) -> std::result::Result<(Step, Option<i64>), (&'static str, Problem)> {
        let currency = match &record.currency {
            Some(code) => code
                .parse()
                .map_err(|_| ("currency", Problem::NotACurrency))?,
            None => self.context.currency,
        };
        let from = minor("from", record.from, currency)?;
        let charge = record
            .charge
            .map(|charge| minor("charge", charge, currency));
        let country = record.country.clone().unwrap_or_default();
        let step = (currency, country, from);
        if let Some(first) = self.seen.insert(step.clone(), row) {
            return Err(("from", Problem::Repeats { first }));
        }
        Ok((step, charge.transpose()?))
    }
}

impl Loader for Freight {
    type Record = FreightRow;

    async fn load(
        &mut self,
        tx: &Tx,
        rows: Vec<Numbered<FreightRow>>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        for Numbered { row, cells, record } in rows {
            let (step, charge) = match self.read(row, &record) {
                Ok(read) => read,
                Err((column, problem)) => {
                    outcome.reject(row, &cells, column, problem);
                    continue;
                }
            };
            let old = self.stored.get(&step).copied();
            if old == charge {
                outcome.unchanged += 1;
                continue;
            }
            let (currency, country, from_minor) = step.clone();
            let model = |charge_minor| {
                freight_rate::ActiveModel::from(freight_rate::Model {
                    currency,
                    country: country.clone(),
                    from_minor,
                    charge_minor,
                })
                .reset_all()
            };
            match (old, charge) {
                (Some(_), Some(charge)) => tx.update(model(charge)).await?,
                (None, Some(charge)) => tx.insert(model(charge)).await?,
                (_, None) => {
                    use freight_rate::Column as F;
                    let country = country.clone();
                    tx.delete::<freight_rate::Entity>(|all| {
                        all.filter(F::Currency.eq(currency))
                            .filter(F::Country.eq(country))
                            .filter(F::FromMinor.eq(from_minor))
                    })
                    .await?;
                }
            }
            match old {
                Some(_) => outcome.changed += 1,
                None => outcome.inserted += 1,
            }
        }
        Ok(())
    }

    async fn finish(&mut self, _: &Tx, _: &mut Outcome) -> Result<()> {
        Ok(())
    }
}
