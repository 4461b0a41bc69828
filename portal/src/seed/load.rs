//! The demo world into an empty database, by the same loaders that files go through.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter, Set};
use thiserror::Error;
use trade::calendar::{LocalDate, Period};
use trade::id::{
    AccountGroupId, AccountId, CategoryId, ContractId, PriceListId, ProductBrandId, ProductId,
    ShipToId, UserId,
};
use trade::money::{BasisPoints, Currency};
use uuid::Uuid;

use super::conditions::{Holder, List, Visibility};
use super::pictures;
use super::retailers::{GROUPS, STAFF};
use super::trading::{Happening, PastLine};
use super::world::{BRAND, PASSWORD, TAX_RATES, TIME_ZONE, World};
use crate::db::entity::{
    account, account_group, brand, category, contract, freight_rate, price_condition, price_list,
    price_list_assignment, product, product_brand, ship_to, tax_rate, user, visibility_rule,
};
use crate::db::words::{OrderSource, Role, UserStatus};
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::imports::load::history::{Document, Line, Writer};
use crate::imports::load::{
    Accounts, Contacts, Context, DefaultPlaces, Ids, Prices, Products, Stock, load_all, settle,
};
use crate::imports::records::{Discounted, OrderKind, Party};
use crate::orders::store::order_number;

/// Documents written together.
const BATCH: usize = 500;

/// The series that order numbers are drawn from.
pub const ORDER_SERIES: &str = "orders";

/// Why there is no demo.
#[derive(Debug, Error)]
pub enum SeedError {
    #[error("the database is not empty: it has {accounts} accounts and {products} products")]
    NotEmpty { accounts: u64, products: u64 },
    #[error("the password of the demo users could not be hashed: {0}")]
    Password(#[from] crate::auth::password::HashFailed),
    #[error(transparent)]
    Database(#[from] crate::error::Error),
}

/// What the demo holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    pub products: u64,
    pub accounts: u64,
    pub prices: u64,
    pub orders: u64,
    pub credit_notes: u64,
}

/// Net, in euro cents: smaller orders are held for the KAM to decide.
const MINIMUM_ORDER_MINOR: i64 = 7_500;
/// Country (empty for all others), from which value of goods on, and what the freight costs.
const FREIGHT: [(&str, i64, i64); 4] = [
    ("DE", 0, 690),
    ("DE", 15_000, 0),
    ("", 0, 1_490),
    ("", 40_000, 0),
];

/// Whether there is nothing that a demo would stand beside.
///
/// # Errors
/// Whatever the database says.
pub async fn is_empty(tx: &Tx) -> Result<bool> {
    let (accounts, products) = count(tx).await?;
    Ok(accounts + products == 0)
}

async fn count(tx: &Tx) -> Result<(u64, u64)> {
    let accounts = tx.count::<account::Entity>(|all| all).await?;
    Ok((accounts, tx.count::<product::Entity>(|all| all).await?))
}

/// Fills an empty database with `world`, all of it or nothing. `progress` hears how many orders
/// have been stored.
///
/// # Errors
/// A database that is not empty.
pub async fn demo(
    db: &Db,
    world: &World,
    now: i64,
    progress: &mut dyn FnMut(u64),
) -> Result<Seeded, SeedError> {
    let password = crate::auth::password::hash(PASSWORD)?;
    let tx = db.begin_system("demo").await?;
    let (accounts, products) = count(&tx).await?;
    if accounts + products > 0 {
        return Err(SeedError::NotEmpty { accounts, products });
    }
    let mut seeding = Seeding {
        tx: &tx,
        world,
        now,
        ids: Ids::Repeatable(world.chance.of("ids", 0)),
    };
    let mut seeded = Seeded::default();
    seeding.house().await?;
    seeding.staff(&password).await?;
    seeded.products = seeding.products().await?;
    seeded.accounts = seeding.accounts(&password).await?;
    super::approvals::corner_shop(&tx, &mut seeding.ids, now).await?;
    seeded.prices = seeding.conditions().await?;
    let (orders, credit_notes) = seeding.history(progress).await?;
    (seeded.orders, seeded.credit_notes) = (orders, credit_notes);
    super::promotions::fill(&tx, world, &mut seeding.ids, now).await?;
    if world.size.campaigns {
        super::campaigns::fill(&tx, world, &mut seeding.ids, now).await?;
    }
    super::receivables::fill(&tx, world, now).await?;
    settle(&tx).await?;
    tx.commit().await?;
    Ok(seeded)
}

struct Seeding<'a> {
    tx: &'a Tx,
    world: &'a World,
    now: i64,
    ids: Ids,
}

impl Seeding<'_> {
    fn id(&mut self) -> Uuid {
        self.ids.next(self.now)
    }

    async fn context(&self, what: &str) -> Result<Context> {
        let ids = Ids::Repeatable(self.world.chance.of(what, 1));
        Context::load(self.tx, self.now, ids).await
    }

    async fn house(&mut self) -> Result<()> {
        self.tx
            .insert(brand::ActiveModel {
                id: Set(1),
                name: Set(BRAND.to_owned()),
                street: Set("Speicherstraße 12".to_owned()),
                postal_code: Set("20457".to_owned()),
                city: Set("Hamburg".to_owned()),
                country: Set("DE".to_owned()),
                vat_id: Set(Some("DE999999999".to_owned())),
                email: Set("orders@demo.kontor.example".to_owned()),
                currency: Set(Currency::EUR),
                time_zone: Set(TIME_ZONE.to_owned()),
                locale: Set("en".to_owned()),
                overdue_tolerance_days: Set(14),
                minimum_order_minor: Set(MINIMUM_ORDER_MINOR),
            })
            .await?;
        let freight =
            FREIGHT.iter().map(
                |(country, from_minor, charge_minor)| freight_rate::ActiveModel {
                    currency: Set(Currency::EUR),
                    country: Set((*country).to_owned()),
                    from_minor: Set(*from_minor),
                    charge_minor: Set(*charge_minor),
                },
            );
        self.tx.insert_all(freight.collect::<Vec<_>>()).await?;
        let rates = TAX_RATES.iter().map(|rate| tax_rate::ActiveModel {
            country: Set(rate.country.to_owned()),
            tax_class: Set(rate.class),
            valid_from: Set(LocalDate(Date::constant(2000, 1, 1))),
            rate: Set(BasisPoints(rate.basis_points)),
        });
        self.tx.insert_all(rates.collect::<Vec<_>>()).await?;
        for (code, name) in GROUPS {
            let id = AccountGroupId(self.id());
            let (code, name) = (Set(code.to_owned()), Set(name.to_owned()));
            self.tx
                .insert(account_group::ActiveModel {
                    id: Set(id),
                    code,
                    name,
                })
                .await?;
        }
        Ok(())
    }

    async fn staff(&mut self, password: &str) -> Result<()> {
        for person in STAFF {
            let id = UserId(self.id());
            let role: Role = person.role.parse().unwrap_or(Role::Kam);
            self.tx
                .insert(user::ActiveModel {
                    id: Set(id),
                    email: Set(person.email.to_owned()),
                    name: Set(person.name.to_owned()),
                    password_hash: Set(Some(password.to_owned())),
                    role: Set(role),
                    account_id: Set(None),
                    status: Set(UserStatus::Active),
                    locale: Set("en".to_owned()),
                    theme: Set("auto".to_owned()),
                    created_at: Set(self.now),
                    last_sign_in_at: Set(None),
                    may_override_prices: Set(person.email.starts_with("kam@")),
                    time_zone: Set(None),
                })
                .await?;
        }
        Ok(())
    }

    async fn products(&mut self) -> Result<u64> {
        let loader = Products::new(self.tx, self.context("products").await?, None).await?;
        let rows = self
            .world
            .products
            .iter()
            .map(|product| product.row.clone());
        let loaded = load_all(self.tx, loader, rows).await?;
        for made in &self.world.products {
            let picture = pictures::draw(&made.look);
            self.tx
                .change::<product::Entity>(|update| {
                    use product::Column::{Picture, Sku};
                    let picture = sea_orm::sea_query::Expr::value(picture);
                    update
                        .filter(Sku.eq(&made.row.sku))
                        .col_expr(Picture, picture)
                })
                .await?;
        }
        let loader = Stock::new(self.tx, self.context("stock").await?).await?;
        load_all(self.tx, loader, self.world.stock.iter().cloned()).await?;
        Ok(loaded.inserted)
    }

    async fn accounts(&mut self, password: &str) -> Result<u64> {
        let context = self.context("accounts").await?;
        let loader = Accounts::new(self.tx, context, None, DefaultPlaces::Left).await?;
        let rows = self
            .world
            .retailers
            .iter()
            .map(|retailer| retailer.row.clone());
        let loaded = load_all(self.tx, loader, rows).await?;
        let ids = self.account_ids().await?;
        let mut places = Vec::new();
        for retailer in &self.world.retailers {
            let Some(&account_id) = ids.get(&retailer.row.number) else {
                continue;
            };
            for place in &retailer.ship_tos {
                places.push(ship_to::ActiveModel {
                    id: Set(ShipToId(self.id())),
                    account_id: Set(account_id),
                    code: Set(place.code.clone()),
                    name: Set(place.name.clone()),
                    street: Set(place.street.clone()),
                    postal_code: Set(place.postal_code.clone()),
                    city: Set(place.city.clone()),
                    country: Set(place.country.clone()),
                    is_default: Set(place.is_default),
                    active: Set(true),
                });
            }
        }
        self.tx.insert_all(places).await?;
        let loader = Contacts::new(self.tx, self.context("contacts").await?).await?;
        let contacts = self
            .world
            .retailers
            .iter()
            .flat_map(|r| r.contacts.iter().cloned());
        load_all(self.tx, loader, contacts).await?;
        // One hash for all: a demo's password is no secret, and hashing is slow on purpose.
        self.tx
            .change::<user::Entity>(|update| {
                use sea_orm::sea_query::Expr;
                use user::Column::{AccountId, PasswordHash, Status};
                update
                    .filter(AccountId.is_not_null())
                    .col_expr(PasswordHash, Expr::value(password))
                    .col_expr(Status, Expr::value(UserStatus::Active.name()))
            })
            .await?;
        Ok(loaded.inserted)
    }

    async fn account_ids(&self) -> Result<HashMap<String, AccountId>> {
        let rows = self.tx.all::<account::Entity>(|all| all).await?;
        Ok(rows.into_iter().map(|row| (row.number, row.id)).collect())
    }

    async fn conditions(&mut self) -> Result<u64> {
        let names = Names::load(self.tx, self.account_ids().await?).await?;
        for list in &self.world.conditions.lists {
            self.list(list, &names).await?;
        }
        for rule in &self.world.conditions.visibility {
            self.rule(rule, &names).await?;
        }
        let loader = Prices::new(self.tx, self.context("prices").await?).await?;
        let rows = self.world.conditions.prices.iter().cloned();
        let loaded = load_all(self.tx, loader, rows).await?;
        crate::pricing::assign::rebuild(self.tx, None).await?;
        Ok(loaded.inserted)
    }

    async fn list(&mut self, list: &List, names: &Names) -> Result<()> {
        let id = PriceListId(self.id());
        self.tx
            .insert(price_list::ActiveModel {
                id: Set(id),
                code: Set(list.code.clone()),
                name: Set(list.name.clone()),
                currency: Set(Currency::EUR),
            })
            .await?;
        let (valid_from, valid_until) = stored(list.validity);
        for discount in &list.discounts {
            let mut condition = price_condition::ActiveModel {
                id: Set(self.id()),
                price_list_id: Set(id),
                target: Set("everything".to_owned()),
                product_id: Set(None),
                brand_id: Set(None),
                category_id: Set(None),
                discount: Set(BasisPoints(discount.basis_points)),
                valid_from: Set(valid_from),
                valid_until: Set(valid_until),
            };
            match &discount.target {
                Discounted::Everything => {}
                Discounted::Brand(name) => {
                    condition.target = Set("brand".to_owned());
                    condition.brand_id = Set(names.brands.get(name).copied());
                }
                Discounted::Category(path) => {
                    condition.target = Set("category".to_owned());
                    condition.category_id = Set(names.categories.get(&path.join(" > ")).copied());
                }
                Discounted::Sku(sku) => {
                    condition.target = Set("product".to_owned());
                    condition.product_id = Set(names.products.get(sku).copied());
                }
            }
            self.tx.insert(condition).await?;
        }
        self.holder(id, list, names).await
    }

    /// Whom a list is for: a contract, or an assignment.
    async fn holder(&mut self, id: PriceListId, list: &List, names: &Names) -> Result<()> {
        let (valid_from, valid_until) = stored(list.validity);
        let (mut account_id, mut group_id, mut ship_to_id) = (None, None, None);
        match &list.holder {
            Holder::Everybody => {}
            Holder::Group(code) => group_id = names.groups.get(code).copied(),
            Holder::ShipTo { account, ship_to } => {
                let retailer = self.world.retailers.get(*account);
                ship_to_id = retailer.and_then(|retailer| {
                    let account = names.accounts.get(&retailer.row.number)?;
                    let code = &retailer.ship_tos.get(*ship_to)?.code;
                    names.places.get(&(*account, code.clone())).copied()
                });
            }
            Holder::Contract { number, party } => {
                match party {
                    Party::Account(number) => account_id = names.accounts.get(number).copied(),
                    Party::Group(code) => group_id = names.groups.get(code).copied(),
                }
                let contract = contract::ActiveModel {
                    id: Set(ContractId(self.id())),
                    number: Set(number.clone()),
                    name: Set(list.name.clone()),
                    account_id: Set(account_id),
                    group_id: Set(group_id),
                    price_list_id: Set(id),
                    priority: Set(list.priority),
                    valid_from: Set(valid_from),
                    valid_until: Set(valid_until),
                };
                return self.tx.insert(contract).await;
            }
        }
        self.tx
            .insert(price_list_assignment::ActiveModel {
                id: Set(self.id()),
                price_list_id: Set(id),
                account_id: Set(account_id),
                ship_to_id: Set(ship_to_id),
                group_id: Set(group_id),
                priority: Set(list.priority),
                valid_from: Set(valid_from),
                valid_until: Set(valid_until),
            })
            .await
    }

    async fn rule(&mut self, rule: &Visibility, names: &Names) -> Result<()> {
        let (effect, product_id, category_id, group) = match rule {
            Visibility::OnlyFor { sku, group } => {
                ("include", names.products.get(sku).copied(), None, group)
            }
            Visibility::HiddenFrom { category, group } => (
                "exclude",
                None,
                names.categories.get(&category.join(" > ")).copied(),
                group,
            ),
        };
        // A small world may lack the category.
        if product_id.is_none() && category_id.is_none() {
            return Ok(());
        }
        self.tx
            .insert(visibility_rule::ActiveModel {
                id: Set(self.id()),
                effect: Set(effect.to_owned()),
                product_id: Set(product_id),
                category_id: Set(category_id),
                account_id: Set(None),
                group_id: Set(names.groups.get(group).copied()),
            })
            .await
    }

    async fn history(&mut self, progress: &mut dyn FnMut(u64)) -> Result<(u64, u64)> {
        let mut writer = Writer::new(self.tx, self.context("history").await?).await?;
        let (mut orders, mut notes, mut last) = (0_u64, 0_u64, 0_i64);
        let mut history = self.world.history();
        loop {
            let happened: Vec<Happening> = history.by_ref().take(BATCH).collect();
            if happened.is_empty() {
                break;
            }
            let documents: Vec<Document<'_>> = happened
                .iter()
                .filter_map(|happening| document(self.world, happening))
                .collect();
            for document in &documents {
                match document.kind {
                    OrderKind::Order => orders += 1,
                    OrderKind::CreditNote => notes += 1,
                }
            }
            for happening in &happened {
                if let Happening::Ordered(order) = happening {
                    last = order.number;
                }
            }
            writer.write(self.tx, &documents).await?;
            progress(orders);
        }
        writer.finish(self.tx).await?;
        // The portal's own orders go on from the last number of the history.
        let sql = "INSERT INTO counters (name, value) VALUES ($1, $2)";
        self.tx
            .execute(sql, [ORDER_SERIES.into(), last.into()])
            .await?;
        Ok((orders, notes))
    }
}

fn stored(validity: Period) -> (LocalDate, LocalDate) {
    (
        LocalDate(validity.from),
        validity.until.map_or(LocalDate::OPEN_END, LocalDate),
    )
}

fn document<'a>(world: &'a World, happening: &'a Happening) -> Option<Document<'a>> {
    match happening {
        Happening::Ordered(order) => {
            let retailer = world.retailers.get(order.account)?;
            let buyer = retailer.contacts.first()?;
            let kam = STAFF
                .iter()
                .find(|staff| retailer.row.kam.as_deref() == Some(staff.email));
            let by = match (order.self_service, kam) {
                (false, Some(kam)) => kam.name,
                (true, _) | (false, None) => buyer.name.as_str(),
            };
            Some(Document {
                kind: OrderKind::Order,
                number: Cow::Owned(order_number(order.number)),
                account: &retailer.row.number,
                placed_at: order.placed_at.as_millisecond(),
                state: order.state,
                source: if order.self_service {
                    OrderSource::Portal
                } else {
                    OrderSource::OnBehalf
                },
                placed_by: Cow::Borrowed(by),
                on_behalf: !order.self_service,
                po_number: Cow::Borrowed(&order.po_number),
                ship_to: retailer
                    .ship_tos
                    .get(order.ship_to)
                    .map(|s| Cow::Borrowed(s.code.as_str())),
                lines: order
                    .lines
                    .iter()
                    .filter_map(|past| line(world, past))
                    .collect(),
            })
        }
        Happening::SentBack(credit) => {
            let retailer = world.retailers.get(credit.account)?;
            Some(Document {
                kind: OrderKind::CreditNote,
                number: Cow::Owned(format!("C{}", 50_000 + credit.number)),
                account: &retailer.row.number,
                placed_at: credit.issued_at.as_millisecond(),
                state: trade::order::OrderState::Closed,
                source: OrderSource::Import,
                placed_by: Cow::Borrowed(BRAND),
                on_behalf: false,
                po_number: Cow::Borrowed(""),
                ship_to: None,
                lines: line(world, &credit.line).into_iter().collect(),
            })
        }
    }
}

fn line<'a>(world: &'a World, past: &PastLine) -> Option<Line<'a>> {
    Some(Line {
        sku: &world.products.get(past.product)?.row.sku,
        unit: Some(past.unit),
        quantity: past.quantity,
        unit_price: past.unit_price.0,
        returned: past.returned * past.pack_factor,
    })
}

/// What conditions and rules are looked up in.
struct Names {
    accounts: HashMap<String, AccountId>,
    groups: HashMap<String, AccountGroupId>,
    places: HashMap<(AccountId, String), ShipToId>,
    brands: HashMap<String, ProductBrandId>,
    categories: HashMap<String, CategoryId>,
    products: HashMap<String, ProductId>,
}

impl Names {
    async fn load(tx: &Tx, accounts: HashMap<String, AccountId>) -> Result<Self> {
        let groups = tx.all::<account_group::Entity>(|all| all).await?;
        let places = tx.all::<ship_to::Entity>(|all| all).await?;
        let brands = tx.all::<product_brand::Entity>(|all| all).await?;
        let categories = tx.all::<category::Entity>(|all| all).await?;
        let products = tx.all::<product::Entity>(|all| all).await?;
        Ok(Self {
            accounts,
            groups: groups.into_iter().map(|row| (row.code, row.id)).collect(),
            places: places
                .into_iter()
                .map(|row| ((row.account_id, row.code), row.id))
                .collect(),
            brands: brands.into_iter().map(|row| (row.name, row.id)).collect(),
            categories: categories
                .into_iter()
                .map(|row| (row.path, row.id))
                .collect(),
            products: products.into_iter().map(|row| (row.sku, row.id)).collect(),
        })
    }
}
