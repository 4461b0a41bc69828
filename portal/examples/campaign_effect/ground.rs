//! A demo world in a database of its own, in which a campaign can be drawn again and again: each
//! time everything is written, measured, and rolled back.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use anyhow::Context as _;
use jiff::ToSpan;
use jiff::civil::Date;
use portal::app::{self, App};
use portal::campaigns::effect::{self, Adjusting};
use portal::campaigns::rules::arm;
use portal::campaigns::{self, results};
use portal::clock::Clock;
use portal::config::{Config, Environment};
use portal::db::entity::{account, campaign, campaign_account, order, promotion, promotion_use};
use portal::db::words::{CampaignArm, CampaignState, OrderSource, UseState};
use portal::db::{Db, Tx, migrate};
use portal::imports::load::history::{Document, Line, Writer};
use portal::imports::load::{Context, Ids};
use portal::imports::records::OrderKind;
use portal::mail::Mailer;
use portal::promotions::plan::{self, Stored};
use portal::seed::chance::Chance;
use portal::seed::load;
use portal::seed::trading::{Happening, PastLine};
use portal::seed::world::{World, WorldSize};
use sea_orm::{ColumnTrait, QueryFilter, Set};
use trade::calendar::LocalDate;
use trade::id::{AccountId, CampaignId, OrderId};
use trade::money::Currency;
use trade::order::OrderState;
use uuid::Uuid;

use super::mails::{self, Lift};
use super::table::Told;

/// The promotion that is announced: wet food for dogs, for everybody, from so many cases on.
const CODE: &str = "DOGWET-MIX";
const CATEGORY: [&str; 2] = ["Dog", "Wet food"];
const CASES: i64 = 20;
/// The announcement's first day, counted back from today.
const DAYS: i64 = 20;
/// What shops usually buy is what they bought within so many days before it.
const USUAL_DAYS: i64 = 56;

/// The last line of each product.
type Usual = HashMap<usize, PastLine>;
/// An order that has the promotion: whose, and when.
type Large = (OrderId, AccountId, i64);

pub struct Ground {
    app: App,
    world: World,
    stored: Stored,
    /// Accounts by their place in the world.
    accounts: Vec<Option<AccountId>>,
    /// What each of them last took of each of the promotion's items before the announcement.
    usual: Vec<Usual>,
    /// Orders of their own since, that are large enough for the promotion.
    large: Vec<Large>,
    from: i64,
    // Goes with everything in it.
    _folder: tempfile::TempDir,
}

fn today() -> Date {
    jiff::civil::date(2026, 11, 24)
}

impl Ground {
    pub async fn make(accounts: u32, skus: u32, weeks: u32, seed: u64) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let size = WorldSize {
            accounts,
            skus,
            weeks,
            seed,
            today: today(),
            campaigns: false,
        };
        let world = World::of(size);
        let at = |day: Date, hour: i8| -> anyhow::Result<i64> {
            let at = world.zone.to_timestamp(day.at(hour, 0, 0, 0))?;
            Ok(at.as_millisecond())
        };
        let (now, from) = (at(today(), 6)?, at(today().checked_sub(DAYS.days())?, 7)?);
        let app = app(&folder, now, &world).await?;
        let tx = app.db.read_system("simulation").await?;
        let row = tx
            .one::<promotion::Entity>(|all| all.filter(promotion::Column::Code.eq(CODE)))
            .await?;
        let row = row.context("the world is too small for the promotion")?;
        let stored = plan::find(&tx, row.id).await?;
        drop(tx);
        let accounts = told_of(&app, &world, &stored, from).await?;
        let tx = app.db.read_system("simulation").await?;
        let mut ground = Self {
            usual: Vec::new(),
            large: Vec::new(),
            _folder: folder,
            accounts,
            stored,
            world,
            from,
            app,
        };
        let own = ground.look_back(&tx).await?;
        drop(tx);
        (ground.usual, ground.large) = own;
        Ok(ground)
    }

    pub fn audience(&self) -> usize {
        self.accounts.iter().flatten().count()
    }

    /// What shops usually take, and which of their own orders since have the promotion.
    async fn look_back(&self, tx: &Tx) -> anyhow::Result<(Vec<Usual>, Vec<Large>)> {
        let ids: HashMap<(AccountId, i64), OrderId> = tx
            .all::<order::Entity>(|all| all.filter(order::Column::PlacedAt.gte(self.from)))
            .await?
            .into_iter()
            .map(|row| ((row.account_id, row.placed_at), row.id))
            .collect();
        let usual_from = self.from - USUAL_DAYS * 86_400_000;
        let mut usual = vec![Usual::new(); self.accounts.len()];
        let mut large = Vec::new();
        for happening in self.world.history() {
            let Happening::Ordered(past) = happening else {
                continue;
            };
            let at = past.placed_at.as_millisecond();
            if past.state == OrderState::Cancelled || at < usual_from {
                continue;
            }
            if at < self.from {
                let counted = past.lines.into_iter().filter(|line| self.counts(line));
                if let Some(usual) = usual.get_mut(past.account) {
                    usual.extend(counted.map(|line| (line.product, line)));
                }
            } else if self.cases(&past.lines) >= CASES {
                let account = self.accounts.get(past.account).copied().flatten();
                large.extend(account.and_then(|one| Some((*ids.get(&(one, at))?, one, at))));
            }
        }
        Ok((usual, large))
    }

    fn counts(&self, line: &PastLine) -> bool {
        let product = self.world.products.get(line.product);
        product.is_some_and(|product| product.row.category.iter().take(2).eq(CATEGORY.iter()))
    }

    /// Cases of the promotion's items.
    fn cases(&self, lines: &[PastLine]) -> i64 {
        let counted = lines.iter().filter(|line| self.counts(line));
        counted
            .filter_map(|line| {
                let row = &self.world.products.get(line.product)?.row;
                let case = row.pack_factor(row.order_unit)?.get();
                Some(line.quantity * line.pack_factor / case)
            })
            .sum()
    }

    /// Announces it to some, lets them order, and asks what the mails brought; none where the
    /// results say that this cannot be told.
    pub async fn campaign(
        &self,
        holdout: i32,
        lift: Lift,
        draw: u64,
    ) -> anyhow::Result<Option<Told>> {
        let chance = Chance::new(self.world.size.seed).of("campaign", draw);
        let salt = i64::try_from(draw)? * 7_919 + i64::from(holdout);
        let tx = self.app.db.begin_system("simulation").await?;
        let campaign = self.draw(&tx, holdout, salt).await?;
        let mut uses = self.large.clone();
        let mut truth = 0;
        if lift == Lift::Some {
            let (orders, net) = self.order(&tx, &chance, salt, holdout).await?;
            uses.extend(orders);
            truth = net;
        }
        let uses = uses
            .into_iter()
            .map(|(order, account, at)| promotion_use::ActiveModel {
                promotion_id: Set(self.stored.row.id),
                order_id: Set(order),
                account_id: Set(account),
                spend_minor: Set(0),
                state: Set(UseState::Committed),
                at: Set(at),
            });
        tx.insert_all(uses.collect::<Vec<_>>()).await?;
        let did = results::did(&tx, &self.app, &campaign, &self.stored).await?;
        let plain = effect::difference(&results::sales(&did), Adjusting::Not, salt.unsigned_abs());
        let (Ok(brought), Ok(plain)) = (results::brought(&did, salt), plain) else {
            return Ok(None);
        };
        let own: i64 = did
            .iter()
            .filter(|one| one.arm == CampaignArm::Mail)
            .map(|one| one.net)
            .sum();
        // Dropped, and with it everything that was written.
        drop(tx);
        Ok(Some(Told {
            world: self.world.size.seed,
            holdout,
            lift,
            truth,
            told_net: own,
            adjusted: brought.sales.total,
            plain: plain.total,
        }))
    }

    async fn draw(&self, tx: &Tx, holdout: i32, salt: i64) -> anyhow::Result<campaign::Model> {
        let id = CampaignId(Uuid::from_u64_pair(1, salt.unsigned_abs()));
        tx.insert(row(&self.stored, id, self.from, (salt, holdout))?)
            .await?;
        let drawn = (1..)
            .zip(self.accounts.iter().flatten())
            .map(|(place, account)| campaign_account::ActiveModel {
                campaign_id: Set(id),
                account_id: Set(*account),
                arm: Set(arm(*account, salt, holdout)),
                place: Set(place),
                expected_minor: Set(None),
                saving_minor: Set(None),
            });
        tx.insert_all(drawn.collect::<Vec<_>>()).await?;
        Ok(tx.get::<campaign::Entity>(id).await?)
    }

    /// Writes what the told order more; says which of these orders have the promotion, and what
    /// all of them come to.
    async fn order(
        &self,
        tx: &Tx,
        chance: &Chance,
        salt: i64,
        holdout: i32,
    ) -> anyhow::Result<(Vec<Large>, i64)> {
        let (mut orders, mut net) = (Vec::new(), 0);
        for (at, account) in self.accounts.iter().enumerate() {
            let Some(account) = account.filter(|one| arm(*one, salt, holdout) == CampaignArm::Mail)
            else {
                continue;
            };
            let Some(usual) = self.usual.get(at) else {
                continue;
            };
            for extra in mails::extras(chance, at, usual) {
                let placed_at = self.from + extra.day * 86_400_000 + 5_400_000;
                for line in &extra.lines {
                    let total = line.unit_price.line_total(line.quantity, Currency::EUR)?;
                    net += total.minor;
                }
                orders.push((at, account, placed_at, extra.lines));
            }
        }
        let numbers: Vec<String> = (1..=orders.len()).map(|at| format!("M{at}")).collect();
        let documents = numbers.iter().zip(&orders).filter_map(|(number, order)| {
            let (at, _, placed_at, lines) = order;
            self.document(*at, number, *placed_at, lines)
        });
        let documents: Vec<Document<'_>> = documents.collect();
        let context = Context::load(tx, self.from, Ids::Repeatable(chance.of("ids", 0))).await?;
        Writer::new(tx, context)
            .await?
            .write(tx, &documents)
            .await?;
        let written = tx
            .all::<order::Entity>(|all| all.filter(order::Column::Number.like("M%")))
            .await?;
        anyhow::ensure!(written.len() == orders.len(), "an order was not written");
        let written: HashMap<String, OrderId> = written
            .into_iter()
            .map(|row| (row.number, row.id))
            .collect();
        let large = numbers.iter().zip(&orders).filter_map(|(number, order)| {
            let (_, account, placed_at, lines) = order;
            let id = written.get(number)?;
            (self.cases(lines) >= CASES).then_some((*id, *account, *placed_at))
        });
        Ok((large.collect(), net))
    }

    fn document<'a>(
        &'a self,
        at: usize,
        number: &'a str,
        placed_at: i64,
        lines: &'a [PastLine],
    ) -> Option<Document<'a>> {
        let line = |line: &PastLine| {
            Some(Line {
                sku: &self.world.products.get(line.product)?.row.sku,
                unit: Some(line.unit),
                quantity: line.quantity,
                unit_price: line.unit_price.0,
                returned: 0,
            })
        };
        Some(Document {
            kind: OrderKind::Order,
            number: Cow::Borrowed(number),
            account: &self.world.retailers.get(at)?.row.number,
            placed_at,
            state: OrderState::Closed,
            source: OrderSource::Portal,
            placed_by: Cow::Borrowed("simulation"),
            on_behalf: false,
            po_number: Cow::Borrowed(""),
            ship_to: None,
            lines: lines.iter().filter_map(line).collect(),
        })
    }
}

/// The audience as the product itself draws it: accounts that the promotion reaches and gives
/// something to on what they usually order. By their place in the world.
async fn told_of(
    app: &App,
    world: &World,
    stored: &Stored,
    from: i64,
) -> anyhow::Result<Vec<Option<AccountId>>> {
    let (id, salt, holdout) = (CampaignId(Uuid::from_u64_pair(2, 1)), 1, 2_000);
    let tx = app.db.begin_system("simulation").await?;
    tx.insert(campaign::ActiveModel {
        state: Set(CampaignState::Planned),
        finished_at: Set(None),
        ..row(stored, id, from, (salt, holdout))?
    })
    .await?;
    tx.commit().await?;
    campaigns::draw(app, id, None).await?;
    let tx = app.db.read_system("simulation").await?;
    let drawn = tx.all::<campaign_account::Entity>(|all| all).await?;
    let as_said = drawn
        .iter()
        .all(|one| one.arm == arm(one.account_id, salt, holdout));
    anyhow::ensure!(
        as_said,
        "an account was drawn for another arm than the rule says"
    );
    let drawn: HashSet<AccountId> = drawn.iter().map(|one| one.account_id).collect();
    let numbers: HashMap<String, AccountId> = tx
        .all::<account::Entity>(|all| all)
        .await?
        .into_iter()
        .filter(|row| drawn.contains(&row.id))
        .map(|row| (row.number, row.id))
        .collect();
    let retailers = world.retailers.iter();
    Ok(retailers
        .map(|retailer| numbers.get(&retailer.row.number).copied())
        .collect())
}

/// A campaign that was announced, and is done.
fn row(
    stored: &Stored,
    id: CampaignId,
    from: i64,
    (salt, holdout): (i64, i32),
) -> anyhow::Result<campaign::ActiveModel> {
    Ok(campaign::ActiveModel {
        id: Set(id),
        promotion_id: Set(stored.row.id),
        state: Set(CampaignState::Finished),
        announce_on: Set(LocalDate(today().checked_sub(DAYS.days())?)),
        announce_minute: Set(None),
        remind_on: Set(None),
        holdout_share: Set(holdout),
        salt: Set(salt),
        most_accounts: Set(None),
        created_by: Set("simulation".to_owned()),
        created_by_id: Set(None),
        created_at: Set(from),
        started_at: Set(Some(from)),
        finished_at: Set(Some(from)),
        stopped_by: Set(None),
        stopped_at: Set(None),
        reported_at: Set(None),
    })
}

async fn app(folder: &tempfile::TempDir, now: i64, world: &World) -> anyhow::Result<App> {
    let url = format!("sqlite://{}", folder.path().join("world.db").display());
    let db = Db::connect(&url).await?;
    migrate::up(&db).await?;
    load::demo(&db, world, now, &mut |_| {}).await?;
    let sender = app::sender(&db).await?;
    let config = Config {
        environment: Environment::Demo,
        base_url: Some("http://127.0.0.1".to_owned()),
        bind: "127.0.0.1:0".to_owned(),
        secret: "a simulation keeps nothing that a secret is for".to_owned(),
        database_url: url,
        smtp_url: None,
        worker: false,
        migrate: false,
        folder: folder.path().to_owned(),
        private_targets: false,
        bounce_token: None,
    };
    App::build(config, db, Clock::fixed(now), Mailer::memory(sender)).await
}
