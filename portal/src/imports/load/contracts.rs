//! Contracts, by number; each row one discount off the list price. Fixed prices of a contract are
//! imported as prices of the list that bears its number.

use std::collections::HashMap;

use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};
use trade::calendar::LocalDate;
use trade::id::{
    AccountGroupId, AccountId, CategoryId, ContractId, PriceListId, ProductBrandId, ProductId,
};
use trade::money::BasisPoints;

use super::{Context, Loader, Numbered, Outcome, short};
use crate::db::Tx;
use crate::db::entity::{
    account, account_group, category, contract, price_condition, price_list, product, product_brand,
};
use crate::error::Result;
use crate::imports::records::{ContractRow, Discounted, Party, Problem};

pub struct Contracts {
    context: Context,
    accounts: HashMap<String, AccountId>,
    groups: HashMap<String, AccountGroupId>,
    brands: HashMap<String, ProductBrandId>,
    categories: HashMap<String, CategoryId>,
    contracts: HashMap<String, contract::Model>,
    touched: bool,
}

type Refusal = (&'static str, Problem);

impl Contracts {
    /// # Errors
    /// Whatever the database says.
    pub async fn new(tx: &Tx, context: Context) -> Result<Self> {
        let accounts = tx.all::<account::Entity>(|all| all).await?;
        let groups = tx.all::<account_group::Entity>(|all| all).await?;
        let brands = tx.all::<product_brand::Entity>(|all| all).await?;
        let categories = tx.all::<category::Entity>(|all| all).await?;
        let contracts = tx.all::<contract::Entity>(|all| all).await?;
        Ok(Self {
            context,
            accounts: accounts
                .into_iter()
                .map(|row| (row.number, row.id))
                .collect(),
            groups: groups.into_iter().map(|row| (row.code, row.id)).collect(),
            brands: brands.into_iter().map(|row| (row.name, row.id)).collect(),
            categories: categories
                .into_iter()
                .map(|row| (row.path, row.id))
                .collect(),
            contracts: contracts
                .into_iter()
                .map(|row| (row.number.clone(), row))
                .collect(),
            touched: false,
        })
    }

    /// The contract of a row, made where it is new.
    async fn contract(
        &mut self,
        tx: &Tx,
        record: &ContractRow,
    ) -> Result<Result<contract::Model, Refusal>> {
        let unknown = |key: &str| Problem::Unknown {
            key: key.to_owned(),
        };
        let (account_id, group_id) = match &record.party {
            Some(Party::Account(number)) => match self.accounts.get(number) {
                Some(id) => (Some(*id), None),
                None => return Ok(Err(("account", unknown(number)))),
            },
            Some(Party::Group(code)) => match self.groups.get(code) {
                Some(id) => (None, Some(*id)),
                None => return Ok(Err(("group", unknown(code)))),
            },
            None => return Ok(Err(("account", Problem::Missing))),
        };
        if let Some(known) = self.contracts.get(&record.number) {
            if (known.account_id, known.group_id) == (account_id, group_id) {
                return Ok(Ok(known.clone()));
            }
            let reason = "is a contract with somebody else".to_owned();
            return Ok(Err(("number", Problem::Refused { reason })));
        }
        let taken = tx
            .count::<price_list::Entity>(|all| {
                all.filter(price_list::Column::Code.eq(&record.number))
            })
            .await?;
        if taken > 0 {
            let reason = "is the code of a price list".to_owned();
            return Ok(Err(("number", Problem::Refused { reason })));
        }
        let list = PriceListId(self.context.ids.next(self.context.now));
        let name = record.name.clone().unwrap_or_else(|| record.number.clone());
        tx.insert(price_list::ActiveModel {
            id: Set(list),
            code: Set(record.number.clone()),
            name: Set(name.clone()),
            currency: Set(self.context.currency),
        })
        .await?;
        let until = record.last_day.and_then(|day| day.tomorrow().ok());
        let new = contract::Model {
            id: ContractId(self.context.ids.next(self.context.now)),
            number: record.number.clone(),
            name,
            account_id,
            group_id,
            price_list_id: list,
            priority: short(record.priority),
            valid_from: LocalDate(record.valid_from.unwrap_or(self.context.today)),
            valid_until: until.map_or(LocalDate::OPEN_END, LocalDate),
        };
        tx.insert(contract::ActiveModel::from(new.clone()).reset_all())
            .await?;
        self.contracts.insert(new.number.clone(), new.clone());
        self.touched = true;
        Ok(Ok(new))
    }

    /// The condition a row stands for.
    async fn wanted(&self, tx: &Tx, record: &ContractRow) -> Result<Result<Condition, Refusal>> {
        let unknown = |key: &str| {
            Err((
                "target",
                Problem::Unknown {
                    key: key.to_owned(),
                },
            ))
        };
        let mut condition = Condition {
            target: "everything",
            product_id: None,
            brand_id: None,
            category_id: None,
        };
        match &record.target {
            Discounted::Everything => {}
            Discounted::Brand(name) => {
                let Some(id) = self.brands.get(name) else {
                    return Ok(unknown(name));
                };
                (condition.target, condition.brand_id) = ("brand", Some(*id));
            }
            Discounted::Category(path) => {
                let path = path.join(" > ");
                let Some(id) = self.categories.get(&path) else {
                    return Ok(unknown(&path));
                };
                (condition.target, condition.category_id) = ("category", Some(*id));
            }
            Discounted::Sku(sku) => {
                let product = tx
                    .one::<product::Entity>(|all| all.filter(product::Column::Sku.eq(sku)))
                    .await?;
                let Some(product) = product else {
                    return Ok(unknown(sku));
                };
                (condition.target, condition.product_id) = ("product", Some(product.id));
            }
        }
        Ok(Ok(condition))
    }

    async fn store(
        &mut self,
        tx: &Tx,
        record: &ContractRow,
        contract: &contract::Model,
        condition: Condition,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let valid_from = record.valid_from.map_or(contract.valid_from, LocalDate);
        let until = record.last_day.and_then(|day| day.tomorrow().ok());
        let valid_until = until.map_or(contract.valid_until, LocalDate);
        let discount = BasisPoints(short(record.discount_basis_points));
        let known = tx
            .all::<price_condition::Entity>(|all| {
                all.filter(price_condition::Column::PriceListId.eq(contract.price_list_id))
            })
            .await?;
        let same = known.into_iter().find(|row| {
            (
                row.target.as_str(),
                row.product_id,
                row.brand_id,
                row.category_id,
                row.valid_from,
            ) == (
                condition.target,
                condition.product_id,
                condition.brand_id,
                condition.category_id,
                valid_from,
            )
        });
        let new = price_condition::Model {
            id: same
                .as_ref()
                .map_or_else(|| self.context.ids.next(self.context.now), |row| row.id),
            price_list_id: contract.price_list_id,
            target: condition.target.to_owned(),
            product_id: condition.product_id,
            brand_id: condition.brand_id,
            category_id: condition.category_id,
            discount,
            valid_from,
            valid_until,
        };
        match same {
            Some(same) if same == new => outcome.unchanged += 1,
            Some(_) => {
                tx.update(price_condition::ActiveModel::from(new).reset_all())
                    .await?;
                outcome.changed += 1;
            }
            None => {
                tx.insert(price_condition::ActiveModel::from(new).reset_all())
                    .await?;
                outcome.inserted += 1;
            }
        }
        Ok(())
    }
}

/// What a discount is given on, as stored.
struct Condition {
    target: &'static str,
    product_id: Option<ProductId>,
    brand_id: Option<ProductBrandId>,
    category_id: Option<CategoryId>,
}

impl Loader for Contracts {
    type Record = ContractRow;

    async fn load(
        &mut self,
        tx: &Tx,
        rows: Vec<Numbered<ContractRow>>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        for Numbered { row, cells, record } in rows {
            let contract = match self.contract(tx, &record).await? {
                Ok(contract) => contract,
                Err((column, problem)) => {
                    outcome.reject(row, &cells, column, problem);
                    continue;
                }
            };
            match self.wanted(tx, &record).await? {
                Ok(condition) => {
                    self.store(tx, &record, &contract, condition, outcome)
                        .await?
                }
                Err((column, problem)) => outcome.reject(row, &cells, column, problem),
            }
        }
        Ok(())
    }

    async fn finish(&mut self, tx: &Tx, _: &mut Outcome) -> Result<()> {
        if self.touched {
            crate::pricing::assign::rebuild(tx, None).await?;
        }
        Ok(())
    }
}
