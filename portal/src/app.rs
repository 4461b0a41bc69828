//! Everything that is built once at start; `kontor serve` and the tests share it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use sea_orm::{ColumnTrait, QueryFilter};
use tokio::sync::Notify;
use trade::money::Currency;

use crate::auth::limits::Limits;
use crate::catalogue::index::SearchIndex;
use crate::catalogue::reference::ReferenceCache;
use crate::catalogue::shelf::ShelfCache;
use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::db::entity::{brand, user};
use crate::db::{Db, migrate};
use crate::jobs::schedule;
use crate::mail::Mailer;
use crate::notifications::live::Bell;
use crate::outgoing::Outgoing;
use crate::promotions::book::PromotionCache;
use crate::promotions::offers::OfferCache;
use crate::suggestions::Recommender;
use crate::suggestions::due::DueCache;
use crate::suggestions::showings::Remembered;
use crate::web::locale::Lang;
use crate::web::page::Templates;

/// Who runs this Kontor, as read at start.
#[derive(Debug, Clone)]
pub struct Brand {
    /// Its row.
    pub row: brand::Model,
    /// Its time zone.
    pub zone: TimeZone,
    /// The language of what it writes itself.
    pub lang: Lang,
    /// The currency of its books.
    pub currency: Currency,
}

/// The running application.
pub struct App {
    /// The settings.
    pub config: Config,
    /// What absolute links begin with.
    pub base_url: String,
    /// The database.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// The pages.
    pub templates: Templates,
    /// How mails leave.
    pub mailer: Mailer,
    /// The way to other people's servers.
    pub outgoing: Outgoing,
    /// Who runs this.
    pub brand: Brand,
    /// How often one may try.
    pub limits: Limits,
    /// The catalogue's slow-moving part.
    pub reference: ReferenceCache,
    /// The approved promotions.
    pub promotions: PromotionCache,
    /// What retailers are told of them.
    pub offers: OfferCache,
    /// What can be listed.
    pub shelf: ShelfCache,
    /// The search index.
    pub search: SearchIndex,
    /// What retailers will order next.
    pub recommender: Recommender,
    /// What of it is due, for lists.
    pub due: DueCache,
    /// What of that was put before whom today.
    pub showings: Remembered,
    /// When it was started, in UTC milliseconds.
    pub started_at: i64,
    /// Whether the demo's buyer is there; a brand's own data in the demo's settings has no such.
    has_demo_people: bool,
    /// What is known of recurring work.
    pub recurring: schedule::Known,
    /// Whoever is told at once of what is new.
    pub bell: Bell,
    /// Wakes the worker when there is a job.
    pub wake: Notify,
}

impl App {
    /// Opens a database whose schema is up to date and which has its brand.
    ///
    /// # Errors
    /// A template that does not compile, an SMTP address that is none, or the database.
    pub async fn build(
        config: Config,
        db: Db,
        clock: Clock,
        mailer: Mailer,
    ) -> anyhow::Result<App> {
        let has_demo_people = has_demo_people(&db).await?;
        let brand = load_brand(&db).await?;
        let base_url = config
            .base_url
            .clone()
            .unwrap_or_else(|| format!("http://{}", config.bind));
        Ok(App {
            base_url,
            db,
            started_at: clock.millis(),
            clock,
            templates: Templates::load()?,
            mailer,
            outgoing: Outgoing::new(config.private_targets)?,
            brand,
            limits: Limits::default(),
            reference: ReferenceCache::default(),
            promotions: PromotionCache::default(),
            offers: OfferCache::default(),
            shelf: ShelfCache::default(),
            search: SearchIndex::default(),
            recommender: Recommender::default(),
            due: DueCache::default(),
            showings: Remembered::default(),
            has_demo_people,
            recurring: schedule::Known::default(),
            bell: Bell::default(),
            wake: Notify::new(),
            config,
        })
    }

    /// The brand's local date.
    #[must_use]
    pub fn today(&self) -> Date {
        self.clock.today(&self.brand.zone)
    }

    /// Whether this is the demo, with the demo's people in it.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.config.environment == Environment::Demo && self.has_demo_people
    }
}

/// Opens the database and, where allowed, brings its schema up to date.
///
/// # Errors
/// The database does not answer; or PostgreSQL is outdated and `KONTOR_MIGRATE` is off.
pub async fn open(config: &Config) -> anyhow::Result<Db> {
    let db = Db::connect(&config.database_url).await?;
    let sqlite = config.database_url.starts_with("sqlite:");
    if sqlite || config.migrate {
        migrate::up(&db).await?;
    } else if migrate::pending(&db).await? > 0 {
        anyhow::bail!(
            "the database is not up to date: run `kontor migrate`, or set KONTOR_MIGRATE=on"
        );
    }
    Ok(db)
}

async fn has_demo_people(db: &Db) -> anyhow::Result<bool> {
    let tx = db.read_system("start").await?;
    let buyer = user::Column::Email.eq("buyer@demo.kontor.example");
    Ok(tx
        .count::<user::Entity>(|users| users.filter(buyer))
        .await?
        > 0)
}

/// Whom mails are from: the brand's name and address.
///
/// # Errors
/// The database, or an address that is none.
pub async fn sender(db: &Db) -> anyhow::Result<lettre::message::Mailbox> {
    let brand = load_brand(db).await?.row;
    Ok(lettre::message::Mailbox::new(
        Some(brand.name),
        brand.email.parse()?,
    ))
}

async fn load_brand(db: &Db) -> anyhow::Result<Brand> {
    let tx = db.read_system("start").await?;
    let row = tx.one::<brand::Entity>(|all| all).await?;
    let row = row.unwrap_or_else(unnamed_brand);
    let zone = TimeZone::get(&row.time_zone)?;
    let lang = Lang::parse(&row.locale).unwrap_or_default();
    Ok(Brand {
        zone,
        lang,
        currency: row.currency,
        row,
    })
}

/// What stands for the brand until a first import or an admin names it.
pub(crate) fn unnamed_brand() -> brand::Model {
    brand::Model {
        id: 1,
        name: "Kontor".into(),
        street: String::new(),
        postal_code: String::new(),
        city: String::new(),
        country: "DE".into(),
        vat_id: None,
        email: "orders@localhost.localdomain".into(),
        currency: Currency::EUR,
        time_zone: "UTC".into(),
        locale: "en".into(),
        overdue_tolerance_days: 14,
        minimum_order_minor: 0,
    }
}
