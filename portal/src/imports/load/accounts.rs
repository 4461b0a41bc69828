//! Accounts, by number: the company, its group, parent, KAM, price lists and default place.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};
use trade::calendar::LocalDate;
use trade::id::{AccountGroupId, AccountId, PriceListId, ShipToId, UserId};
use trade::money::{BasisPoints, Currency};

use super::{Context, Loader, Numbered, Outcome, bill_to, insert_many, short};
use crate::credit::terms;
use crate::db::Tx;
use crate::db::entity::{
    account, account_group, credit_account, price_list, price_list_assignment, ship_to, user,
};
use crate::db::words::{DeliveryPolicy, Role};
use crate::error::Result;
use crate::imports::records::{AccountRow, Layout, Problem};

/// Whether an account's address also becomes its first place of delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultPlaces {
    Made,
    /// The places come from elsewhere.
    Left,
}

/// The code of the place that an account's own address makes.
const MAIN: &str = "MAIN";

pub struct Accounts {
    context: Context,
    layout: Option<Layout>,
    places: DefaultPlaces,
    groups: HashMap<String, AccountGroupId>,
    kams: HashMap<String, UserId>,
    lists: HashMap<String, PriceListId>,
    ids: HashMap<String, AccountId>,
    seen: HashMap<String, u64>,
    /// Parents wait for the last row: they may stand below their children.
    parents: Vec<Numbered<(AccountId, String)>>,
    /// So does who pays.
    payers: Vec<bill_to::Wish>,
    resequence: bool,
}

impl Accounts {
    /// # Errors
    /// Whatever the database says.
    pub async fn new(
        tx: &Tx,
        context: Context,
        layout: Option<Layout>,
        places: DefaultPlaces,
    ) -> Result<Self> {
        let groups = tx.all::<account_group::Entity>(|all| all).await?;
        let kams = tx
            .all::<user::Entity>(|all| {
                all.filter(user::Column::Role.is_in([Role::Kam, Role::Admin]))
            })
            .await?;
        let lists = tx.all::<price_list::Entity>(|all| all).await?;
        Ok(Self {
            context,
            layout,
            places,
            groups: groups
                .into_iter()
                .map(|group| (group.code, group.id))
                .collect(),
            kams: kams.into_iter().map(|user| (user.email, user.id)).collect(),
            lists: lists.into_iter().map(|list| (list.code, list.id)).collect(),
            ids: HashMap::new(),
            seen: HashMap::new(),
            parents: Vec::new(),
            payers: Vec::new(),
            resequence: false,
        })
    }

    fn has(&self, column: &str) -> bool {
        self.layout.as_ref().is_none_or(|layout| layout.has(column))
    }

    fn refuse(&mut self, row: &Numbered<AccountRow>) -> Option<(&'static str, Problem)> {
        let record = &row.record;
        if let Some(first) = self.seen.insert(record.number.clone(), row.row) {
            return Some(("number", Problem::Repeats { first }));
        }
        let unknown = |key: &String| Problem::Unknown { key: key.clone() };
        if let Some(kam) = record
            .kam
            .as_ref()
            .filter(|kam| !self.kams.contains_key(*kam))
        {
            return Some(("kam", unknown(kam)));
        }
        let list = record
            .price_lists
            .iter()
            .find(|code| !self.lists.contains_key(*code));
        if let Some(code) = list {
            return Some(("price_lists", unknown(code)));
        }
        let currency = record.currency.as_deref().map(str::parse::<Currency>);
        matches!(currency, Some(Err(_))).then_some(("currency", Problem::NotACurrency))
    }

    async fn group(&mut self, tx: &Tx, code: &str) -> Result<AccountGroupId> {
        if let Some(id) = self.groups.get(code) {
            return Ok(*id);
        }
        let id = AccountGroupId(self.context.ids.next(self.context.now));
        tx.insert(account_group::ActiveModel {
            id: Set(id),
            code: Set(code.to_owned()),
            name: Set(code.to_owned()),
        })
        .await?;
        self.groups.insert(code.to_owned(), id);
        Ok(id)
    }

    async fn wanted(
        &mut self,
        tx: &Tx,
        record: &AccountRow,
        old: Option<&account::Model>,
    ) -> Result<account::Model> {
        let group_id = match &record.group {
            Some(code) => Some(self.group(tx, code).await?),
            None => None,
        };
        let currency = record
            .currency
            .as_deref()
            .and_then(|code| code.parse().ok());
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let now = self.context.now;
        let mut new = account::Model {
            id: old.map_or_else(|| AccountId(self.context.ids.next(now)), |old| old.id),
            number: record.number.clone(),
            name: record.name.clone(),
            group_id,
            parent_id: old.and_then(|old| old.parent_id),
            kam_id: record
                .kam
                .as_ref()
                .and_then(|kam| self.kams.get(kam).copied()),
            status: old.map_or_else(|| "active".to_owned(), |old| old.status.clone()),
            street: text(&record.street),
            postal_code: text(&record.postal_code),
            city: text(&record.city),
            country: record.country.clone(),
            region: text(&record.region),
            vat_id: record.vat_id.clone(),
            currency: currency.unwrap_or(self.context.currency),
            locale: record.locale.clone().unwrap_or_else(|| "en".to_owned()),
            payment_terms_days: short(record.payment_terms_days.unwrap_or(30)),
            credit_limit_minor: record.credit_limit,
            // One that is named is set with the last row.
            bill_to_id: old
                .and_then(|old| old.bill_to_id)
                .filter(|_| pays_elsewhere(record)),
            overdue_tolerance_days: record.overdue_tolerance_days.map(short),
            early_payment_days: short(record.early_payment_days.unwrap_or(0)),
            early_payment_discount: record.early_payment_discount.unwrap_or(BasisPoints(0)),
            minimum_order_minor: record.minimum_order,
            delivery_policy: record.delivery_policy.unwrap_or(DeliveryPolicy::BackOrder),
            review_note: old.and_then(|old| old.review_note.clone()),
            created_at: old.map_or(now, |old| old.created_at),
        };
        if let Some(old) = old {
            macro_rules! keep {
                ($($column:literal $field:ident),+) => {
                    $(if !self.has($column) { new.$field.clone_from(&old.$field); })+
                };
            }
            keep!("group" group_id, "kam" kam_id, "street" street, "postal_code" postal_code,
                "city" city, "country" country, "region" region, "vat_id" vat_id,
                "currency" currency, "locale" locale, "payment_terms_days" payment_terms_days,
                "credit_limit" credit_limit_minor, "bill_to" bill_to_id,
                "overdue_tolerance_days" overdue_tolerance_days,
                "early_payment_days" early_payment_days,
                "early_payment_discount" early_payment_discount,
                "minimum_order" minimum_order_minor, "delivery_policy" delivery_policy);
        }
        Ok(new)
    }

    /// The account's own address as a place: made with the account, kept in step with it.
    async fn main_places(&mut self, tx: &Tx, accounts: &[account::Model]) -> Result<()> {
        if self.places == DefaultPlaces::Left {
            return Ok(());
        }
        let mut stored: HashMap<AccountId, Vec<ship_to::Model>> = HashMap::new();
        for chunk in accounts.chunks(500) {
            let ids = chunk.iter().map(|account| account.id);
            let rows = tx
                .all::<ship_to::Entity>(|all| all.filter(ship_to::Column::AccountId.is_in(ids)))
                .await?;
            for row in rows {
                stored.entry(row.account_id).or_default().push(row);
            }
        }
        let mut made = Vec::new();
        for account in accounts {
            let places = stored.remove(&account.id).unwrap_or_default();
            let main = places.iter().find(|place| place.code == MAIN);
            let id = main.map(|place| place.id);
            let new = ship_to::Model {
                id: id.unwrap_or_else(|| ShipToId(self.context.ids.next(self.context.now))),
                account_id: account.id,
                code: MAIN.to_owned(),
                name: account.name.clone(),
                street: account.street.clone(),
                postal_code: account.postal_code.clone(),
                city: account.city.clone(),
                country: account.country.clone(),
                is_default: main.map_or(places.is_empty(), |place| place.is_default),
                active: main.is_none_or(|place| place.active),
            };
            match main {
                Some(main) if *main == new => {}
                Some(_) => {
                    tx.update(ship_to::ActiveModel::from(new).reset_all())
                        .await?
                }
                None if places.is_empty() => made.push(ship_to::ActiveModel::from(new).reset_all()),
                None => {}
            }
        }
        insert_many(tx, made).await
    }

    /// The account's own lists, outside a contract. Lists it has beside those of the file stay.
    async fn lists_of(&mut self, tx: &Tx, accounts: &[(AccountId, Vec<String>)]) -> Result<bool> {
        let known: HashSet<(AccountId, PriceListId)> = tx
            .all::<price_list_assignment::Entity>(|all| {
                all.filter(price_list_assignment::Column::AccountId.is_not_null())
            })
            .await?
            .into_iter()
            .filter_map(|row| Some((row.account_id?, row.price_list_id)))
            .collect();
        let mut made = Vec::new();
        for (account, codes) in accounts {
            for (place, code) in (0..).zip(codes) {
                let Some(&list) = self.lists.get(code) else {
                    continue;
                };
                if known.contains(&(*account, list)) {
                    continue;
                }
                made.push(price_list_assignment::ActiveModel {
                    id: Set(self.context.ids.next(self.context.now)),
                    price_list_id: Set(list),
                    account_id: Set(Some(*account)),
                    ship_to_id: Set(None),
                    group_id: Set(None),
                    priority: Set(100 + place),
                    valid_from: Set(LocalDate(Date::constant(2000, 1, 1))),
                    valid_until: Set(LocalDate::OPEN_END),
                });
            }
        }
        let some = !made.is_empty();
        insert_many(tx, made).await?;
        Ok(some)
    }
}

/// Whether the row names another account that pays.
fn pays_elsewhere(record: &AccountRow) -> bool {
    record
        .bill_to
        .as_ref()
        .is_some_and(|payer| *payer != record.number)
}

/// Those of the accounts that have a ledger: what it says is in their currency.
async fn with_ledger(tx: &Tx, accounts: Vec<AccountId>) -> Result<HashSet<AccountId>> {
    let mut found = HashSet::new();
    for chunk in accounts.chunks(500) {
        let ids = chunk.iter().copied();
        let rows = tx
            .all::<credit_account::Entity>(|all| {
                all.filter(credit_account::Column::AccountId.is_in(ids))
            })
            .await?;
        found.extend(rows.into_iter().map(|row| row.account_id));
    }
    Ok(found)
}

impl Loader for Accounts {
    type Record = AccountRow;

    async fn load(
        &mut self,
        tx: &Tx,
        rows: Vec<Numbered<AccountRow>>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let mut stored: HashMap<String, account::Model> = HashMap::new();
        for chunk in rows.chunks(500) {
            let numbers = chunk.iter().map(|row| row.record.number.as_str());
            let found = tx
                .all::<account::Entity>(|all| all.filter(account::Column::Number.is_in(numbers)))
                .await?;
            stored.extend(found.into_iter().map(|row| (row.number.clone(), row)));
        }
        let moved = rows.iter().filter_map(|row| {
            let old = stored.get(&row.record.number)?;
            let code = row.record.currency.as_deref()?;
            (code != old.currency.code()).then_some(old.id)
        });
        let bound = with_ledger(tx, moved.collect()).await?;
        let (mut new_rows, mut touched, mut lists) = (Vec::new(), Vec::new(), Vec::new());
        let mut notes = Vec::new();
        for row in rows {
            if let Some((column, problem)) = self.refuse(&row) {
                outcome.reject(row.row, &row.cells, column, problem);
                continue;
            }
            let old = stored.remove(&row.record.number);
            let new = self.wanted(tx, &row.record, old.as_ref()).await?;
            if let Some(old) = old.as_ref()
                && old.currency != new.currency
                && bound.contains(&old.id)
            {
                let reason = format!("stays {} while there is a ledger in it", old.currency);
                let problem = Problem::Refused { reason };
                outcome.reject(row.row, &row.cells, "currency", problem);
                continue;
            }
            self.ids.insert(new.number.clone(), new.id);
            match &old {
                Some(old) if *old == new => outcome.unchanged += 1,
                Some(old) => {
                    self.resequence |= old.group_id != new.group_id;
                    let note = (self.context.ids.next(self.context.now), self.context.now);
                    notes.extend(terms::noted(tx, note, old, &new));
                    tx.update(account::ActiveModel::from(new.clone()).reset_all())
                        .await?;
                    outcome.changed += 1;
                }
                None => {
                    self.resequence = true;
                    new_rows.push(account::ActiveModel::from(new.clone()).reset_all());
                    outcome.inserted += 1;
                }
            }
            if !row.record.price_lists.is_empty() {
                lists.push((new.id, row.record.price_lists.clone()));
            }
            if pays_elsewhere(&row.record)
                && let Some(payer) = row.record.bill_to.clone()
            {
                self.payers.push(Numbered {
                    row: row.row,
                    cells: row.cells.clone(),
                    record: (new.id, payer),
                });
            }
            if let Some(parent) = row.record.parent {
                let record = (new.id, parent);
                self.parents.push(Numbered {
                    row: row.row,
                    cells: row.cells,
                    record,
                });
            }
            touched.push(new);
        }
        insert_many(tx, new_rows).await?;
        insert_many(tx, notes).await?;
        self.main_places(tx, &touched).await?;
        if !lists.is_empty() {
            self.resequence |= self.lists_of(tx, &lists).await?;
        }
        Ok(())
    }

    async fn finish(&mut self, tx: &Tx, outcome: &mut Outcome) -> Result<()> {
        for Numbered {
            row,
            cells,
            record: (child, number),
        } in std::mem::take(&mut self.parents)
        {
            let parent = match self.ids.get(&number) {
                Some(id) => Some(*id),
                None => tx
                    .one::<account::Entity>(|all| all.filter(account::Column::Number.eq(&number)))
                    .await?
                    .map(|account| account.id),
            };
            let Some(parent) = parent.filter(|parent| *parent != child) else {
                outcome.reject(row, &cells, "parent", Problem::Unknown { key: number });
                continue;
            };
            let changed = tx
                .change::<account::Entity>(|update| {
                    use account::Column::{Id, ParentId};
                    update
                        .filter(Id.eq(child))
                        .filter(ParentId.is_null().or(ParentId.ne(parent)))
                        .col_expr(ParentId, sea_orm::sea_query::Expr::value(parent))
                })
                .await?;
            self.resequence |= changed > 0;
        }
        bill_to::store(tx, std::mem::take(&mut self.payers), outcome).await?;
        if self.resequence {
            crate::pricing::assign::rebuild(tx, None).await?;
        }
        Ok(())
    }
}
