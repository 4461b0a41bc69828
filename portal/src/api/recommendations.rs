//! What an account will probably order next, is due to order and might try, and which promotions
//! pay for it: the suggestions that its own pages show, with the facts that speak for each.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use actix_web::{HttpRequest, HttpResponse, web};
use recommender::{Reason, Suggestion};
use serde::Serialize;
use serde_json::{Value, json};
use trade::id::ProductId;
use utoipa::ToSchema;

use super::Answer;
use super::body::Asked;
use super::caller::{ApiCaller, ForAccount};
use super::cursor::List;
use super::docs::Listing;
use super::keys::Permission;
use super::shape::Money;
use crate::app::App;
use crate::auth::session::AccountHead;
use crate::catalogue::{Article, Reference, article};
use crate::db::Tx;
use crate::error::Result;
use crate::orders::quote::ForWhom;
use crate::pricing::PriceBook;
use crate::suggestions;
use crate::suggestions::promotions::{Fitting, fitting};
use crate::suggestions::words::{Names, Reader, local_date};
use crate::web::locale::Lang;
use crate::web::shape::Message;

/// Asked for beyond the limit: what has no price is left out.
const SPARE: usize = 50;
/// What comes due within so many days is due.
const WITHIN_DAYS: u32 = 7;
/// Where all lists are asked, one place in so many is kept for what is new.
const NEW_PART: usize = 5;

/// Something to order, how much of it, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Recommendation {
    /// `usual`, `due` or `new`.
    pub list: String,
    /// The article number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// What it is ordered in (UN/ECE Recommendation 20).
    pub unit: String,
    /// How many of it.
    pub quantity: i64,
    /// The same in base units.
    pub pieces: i64,
    /// What stock counts in.
    pub base_unit: String,
    /// That the next order holds it, 0 to 1; null where its list states none.
    #[schema(required = true, minimum = 0, maximum = 1)]
    pub probability: Option<f64>,
    /// The price of one unit at that quantity.
    pub price: Money,
    /// The strongest first.
    pub reasons: Vec<Because>,
}

/// A fact that speaks for a recommendation.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Because {
    /// A stable word, such as `often_ordered`, `rhythm`, `like_accounts` or `goes_with`.
    pub kind: String,
    /// Its numbers, and the article numbers, categories, brands and promotions it names.
    #[schema(value_type = Object)]
    pub facts: Value,
    /// The same as an English sentence.
    pub text: String,
}

/// A promotion that fits the account, with what it usually orders of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecommendedPromotion {
    /// The promotion's code.
    pub promotion: String,
    /// Its name.
    pub name: String,
    /// What it does, in English.
    pub text: String,
    /// Its last day; null where no end is set.
    #[schema(required = true, format = Date)]
    pub valid_until: Option<String>,
    /// What it takes off these quantities.
    pub saving: Money,
    /// What comes along free with them is worth so much.
    pub along: Money,
    /// What they cost with everything that is in force, without tax.
    pub net: Money,
    /// Whether these are the quantities of all the promotion's days, ordered at once.
    pub ahead: bool,
    /// What is usually ordered of it.
    pub items: Vec<PromotionItem>,
    /// Why it fits: `saves` or `near`, with the amounts.
    pub reasons: Vec<Because>,
}

/// An item of a promotion in the quantity the account orders.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PromotionItem {
    /// The article number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// What it is ordered in (UN/ECE Recommendation 20).
    pub unit: String,
    /// How many of it.
    pub quantity: i64,
    /// The same in base units.
    pub pieces: i64,
    /// What these cost, without tax.
    pub total: Money,
}

/// A list that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Which {
    Due,
    Usual,
    New,
}

/// No list of that name.
struct NoList;

impl Which {
    fn name(self) -> &'static str {
        match self {
            Which::Due => "due",
            Which::Usual => "usual",
            Which::New => "new",
        }
    }
}

impl FromStr for Which {
    type Err = NoList;

    fn from_str(text: &str) -> Result<Which, NoList> {
        [Which::Due, Which::Usual, Which::New]
            .into_iter()
            .find(|which| which.name() == text)
            .ok_or(NoList)
    }
}

/// What the account might order now.
///
/// # Errors
/// What [`Listing`] says.
#[utoipa::path(
    get, path = "/api/v1/recommendations", tag = "recommendations",
    description = "Needs `orders:read`. Without `list`, what is due comes first, then the usual order, each \
        product once; one place in five is kept for what is new. Empty for an account without orders to learn \
        from, and for one that goes without suggestions in a trial. `next` is always null.",
    params(
        ("list" = Option<String>, Query, description = "`usual`: the next order as it probably will be. `due`: what its rhythm asks for within a week. `new`: what it never ordered", pattern = "^(usual|due|new)?$"),
        ("limit" = Option<u16>, Query, description = "Entries at most, 20 unless said otherwise", minimum = 1, maximum = 100),
        ("account" = Option<String>, Query, description = "Brand keys: for whom", max_length = 64),
    ),
    responses((status = 200, description = "Recommendations, the best first", body = List<Recommendation>), Listing),
)]
pub async fn list(app: web::Data<App>, caller: ApiCaller, request: HttpRequest) -> Answer {
    caller.may(Permission::OrdersRead)?;
    let mut asked = Asked::of(&request);
    let limit = asked.limit(20, 100);
    let which: Option<Which> = asked.word("list", "api-recommendation-list");
    let account = asked.text("account", 64);
    asked.done()?;
    let whom = caller.for_account(&app, &account).await?;
    let limit = usize::try_from(limit).map_err(crate::error::Error::from)?;
    let items = recommendations(&app, &whom, which, limit).await?;
    Ok(HttpResponse::Ok().json(List { items, next: None }))
}

/// Which promotions fit the account.
///
/// # Errors
/// What [`Listing`] says.
#[utoipa::path(
    get, path = "/api/v1/recommendations/promotions", tag = "recommendations",
    description = "Needs `orders:read`. What saves on the usual quantities first. Empty under the same \
        conditions as recommendations. `next` is always null.",
    params(
        ("limit" = Option<u16>, Query, description = "Entries at most, 20 unless said otherwise", minimum = 1, maximum = 100),
        ("account" = Option<String>, Query, description = "Brand keys: for whom", max_length = 64),
    ),
    responses((status = 200, description = "Promotions, the best first", body = List<RecommendedPromotion>), Listing),
)]
pub async fn promotions(app: web::Data<App>, caller: ApiCaller, request: HttpRequest) -> Answer {
    caller.may(Permission::OrdersRead)?;
    let mut asked = Asked::of(&request);
    let limit = asked.limit(20, 100);
    let account = asked.text("account", 64);
    asked.done()?;
    let whom = caller.for_account(&app, &account).await?;
    let limit = usize::try_from(limit).map_err(crate::error::Error::from)?;
    let tx = app.db.read(&whom.scope).await?;
    let found = fitting(&tx, &app, &head(&whom), limit).await?;
    let say = |message: &Message| app.templates.words().message(Lang::En, message);
    let items = found.iter().map(|one| promotion(one, &say)).collect();
    Ok(HttpResponse::Ok().json(List::<RecommendedPromotion> { items, next: None }))
}

fn head(whom: &ForAccount) -> AccountHead {
    let account = &whom.account;
    AccountHead {
        id: account.id,
        number: account.number.clone(),
        name: account.name.clone(),
        group: account.group_id,
        currency: account.currency,
        country: account.country.clone(),
        has_vat_id: account.vat_id.is_some(),
        blocked: account.status == "blocked",
        cart_lines: 0,
    }
}

fn promotion(one: &Fitting, say: &impl Fn(&Message) -> String) -> RecommendedPromotion {
    let saving = Money::from(one.saving);
    let along = Money::from(one.along);
    let because = match &one.near {
        Some(near) => Because {
            kind: "near".to_owned(),
            facts: json!({}),
            text: say(near),
        },
        None => Because {
            kind: "saves".to_owned(),
            facts: json!({"saving": saving, "along": along}),
            text: say(&one.sentence),
        },
    };
    RecommendedPromotion {
        promotion: one.code.clone(),
        name: one.name.clone(),
        text: say(&one.sentence),
        valid_until: one.last_day.clone(),
        saving,
        along,
        net: one.net.into(),
        ahead: one.ahead,
        items: one
            .items
            .iter()
            .map(|item| PromotionItem {
                sku: item.sku.clone(),
                name: item.name.clone(),
                unit: item.unit.to_string(),
                quantity: item.quantity,
                pieces: item.pieces,
                total: item.net.into(),
            })
            .collect(),
        reasons: vec![because],
    }
}

async fn recommendations(
    app: &App,
    whom: &ForAccount,
    which: Option<Which>,
    limit: usize,
) -> Result<Vec<Recommendation>> {
    let tx = app.db.read(&whom.scope).await?;
    let most = limit.saturating_add(SPARE);
    let asked = suggestions::ask(&tx, app, whom.account.id, most, |model, ask| {
        let wanted = |one: Which| which.is_none_or(|which| which == one);
        let mut found: Vec<(Which, Suggestion)> = Vec::new();
        let mut add = |one: Which, list: Vec<Suggestion>| {
            found.extend(list.into_iter().map(|suggestion| (one, suggestion)));
        };
        if wanted(Which::Due) {
            add(Which::Due, model.due(ask, WITHIN_DAYS));
        }
        if wanted(Which::Usual) {
            add(Which::Usual, model.usual_order(ask));
        }
        if wanted(Which::New) {
            add(Which::New, model.new_items(ask));
        }
        found
    });
    let found = asked.await?.unwrap_or_default();
    let goods = Goods::load(&tx, app, whom, &found).await?;
    let mut seen = HashSet::new();
    let had: Vec<(Which, Suggestion, Had)> = found
        .into_iter()
        .filter_map(|(which, one)| goods.had(&one).map(|had| (which, one, had)))
        .filter(|(_, one, _)| seen.insert(one.product))
        .collect();
    let kept = shared_out(had, limit);
    let teller = Teller::load(&tx, app, &kept, goods.reference).await?;
    Ok(kept
        .into_iter()
        .map(|(which, one, had)| Recommendation {
            list: which.name().to_owned(),
            sku: had.sku,
            name: had.name,
            unit: had.unit,
            quantity: had.quantity,
            pieces: one.pieces.into(),
            base_unit: had.base_unit,
            probability: one.probability,
            price: had.price,
            reasons: teller.because(app, &one),
        })
        .collect())
}

/// At most `limit`, with one place in five for what is new where there is anything else, and the
/// places that one side does not need for the other.
fn shared_out<T>(all: Vec<(Which, Suggestion, T)>, limit: usize) -> Vec<(Which, Suggestion, T)> {
    let (mut known, mut new): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|(which, ..)| *which != Which::New);
    let kept = Ord::max(limit / NEW_PART, Ord::min(limit / 2, 1));
    let for_new = Ord::min(new.len(), kept);
    known.truncate(limit - Ord::min(for_new, limit));
    new.truncate(limit - Ord::min(known.len(), limit));
    known.extend(new);
    known
}

/// A product as it can be ordered now.
struct Had {
    sku: String,
    name: String,
    unit: String,
    base_unit: String,
    quantity: i64,
    price: Money,
}

struct Goods {
    articles: HashMap<ProductId, Article>,
    book: PriceBook,
    reference: std::sync::Arc<Reference>,
}

impl Goods {
    async fn load(
        tx: &Tx,
        app: &App,
        whom: &ForAccount,
        found: &[(Which, Suggestion)],
    ) -> Result<Goods> {
        let mut ids: Vec<ProductId> = found.iter().map(|(_, one)| one.product).collect();
        ids.sort_unstable();
        ids.dedup();
        let reference = app.reference.get(tx).await?;
        let whom = ForWhom::load(tx, app, whom.account.id, None).await?;
        Ok(Goods {
            articles: article::by_id(tx, &reference, &ids).await?,
            book: PriceBook::for_list(tx, whom.customer, &ids).await?,
            reference,
        })
    }

    /// None where it is not sold, or its price is on request.
    fn had(&self, one: &Suggestion) -> Option<Had> {
        let article = self.articles.get(&one.product)?;
        let unit = article.order_unit;
        let factor = article.factor(unit)?;
        let units = crate::promotions::offers::whole(one.pieces.into(), factor.get());
        let quantity = article.rule().at_least(units, factor);
        let price = self.book.price(article, unit, quantity)?;
        Some(Had {
            sku: article.sku.clone(),
            name: article.name.clone(),
            unit: unit.to_string(),
            base_unit: article.base_unit.to_string(),
            quantity,
            price: Money::unit(price, self.book.customer().currency),
        })
    }
}

/// Says reasons, with the names and numbers of what they name.
struct Teller {
    names: Names,
    skus: HashMap<ProductId, String>,
    codes: HashMap<trade::id::PromotionId, String>,
    reference: std::sync::Arc<Reference>,
}

impl Teller {
    async fn load<T>(
        tx: &Tx,
        app: &App,
        kept: &[(Which, Suggestion, T)],
        reference: std::sync::Arc<Reference>,
    ) -> Result<Teller> {
        let each: Vec<(ProductId, &[Reason])> = kept
            .iter()
            .map(|(_, one, _)| (one.product, one.reasons.as_slice()))
            .collect();
        let reasons = each.iter().flat_map(|(_, reasons)| *reasons);
        let mut named: Vec<ProductId> = reasons.filter_map(product_of).collect();
        named.sort_unstable();
        named.dedup();
        let skus = article::by_id(tx, &reference, &named).await?;
        let approved = app.promotions.get(tx).await?;
        Ok(Teller {
            names: Names::load(tx, app, &each).await?,
            skus: skus.into_iter().map(|(id, one)| (id, one.sku)).collect(),
            codes: approved
                .iter()
                .map(|one| (one.promotion.id, one.promotion.code.clone()))
                .collect(),
            reference,
        })
    }

    fn because(&self, app: &App, one: &Suggestion) -> Vec<Because> {
        let words = app.templates.words();
        let said = one.reasons.iter().filter_map(|reason| {
            let view = self.names.say(Reader::Buyer, one.product, reason)?;
            Some(Because {
                kind: view.kind.to_owned(),
                facts: self.facts(reason)?,
                text: words.message(Lang::En, &view.text),
            })
        });
        said.collect()
    }

    /// The numbers of a reason; ids become what a program knows things by.
    fn facts(&self, reason: &Reason) -> Option<Value> {
        Some(match reason {
            Reason::OftenOrdered { times, of } => json!({"times": times, "of": of}),
            Reason::Rhythm {
                every_days,
                last_days_ago,
            } => json!({"every_days": every_days, "last_days_ago": last_days_ago}),
            Reason::LastOrdered { on, pieces } => {
                json!({"on": local_date(*on)?.to_string(), "pieces": pieces})
            }
            Reason::LikeAccounts { buyers, of }
            | Reason::OfYourKind { buyers, of }
            | Reason::Popular { buyers, of } => json!({"buyers": buyers, "of": of}),
            Reason::GoesWith { product, with, of } => {
                json!({"sku": self.skus.get(product)?, "with": with, "of": of})
            }
            Reason::Rising { recent, before } => json!({"recent": recent, "before": before}),
            Reason::Season { on } => json!({"on": local_date(*on)?.to_string()}),
            Reason::CategoryYouStock { category, orders } => {
                let category = self.reference.categories.get(category)?;
                json!({"category": category.row.path, "orders": orders})
            }
            Reason::BrandYouStock { brand, orders } => {
                let brand = self.reference.brands.get(brand)?;
                json!({"brand": brand.name, "orders": orders})
            }
            Reason::Replaces { product, switched } => {
                json!({"sku": self.skus.get(product)?, "switched": switched})
            }
            Reason::VariantOf { product } => json!({"sku": self.skus.get(product)?}),
            Reason::JustAdded => json!({}),
            Reason::InPromotion { promotion } => {
                json!({"promotion": self.codes.get(promotion)?})
            }
        })
    }
}

fn product_of(reason: &Reason) -> Option<ProductId> {
    match reason {
        Reason::GoesWith { product, .. }
        | Reason::Replaces { product, .. }
        | Reason::VariantOf { product } => Some(*product),
        Reason::OftenOrdered { .. }
        | Reason::Rhythm { .. }
        | Reason::LastOrdered { .. }
        | Reason::LikeAccounts { .. }
        | Reason::Rising { .. }
        | Reason::Season { .. }
        | Reason::CategoryYouStock { .. }
        | Reason::BrandYouStock { .. }
        | Reason::OfYourKind { .. }
        | Reason::Popular { .. }
        | Reason::JustAdded
        | Reason::InPromotion { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn some(which: Which, count: u128) -> Vec<(Which, Suggestion, ())> {
        let one = |id| Suggestion {
            product: ProductId(Uuid::from_u128(id)),
            pieces: 1,
            score: 1.0,
            probability: None,
            reasons: Vec::new(),
        };
        (0..count).map(|id| (which, one(id), ())).collect()
    }

    fn shares(due: u128, usual: u128, new: u128, limit: usize) -> [usize; 3] {
        let mut all = some(Which::Due, due);
        all.extend(some(Which::Usual, usual));
        all.extend(some(Which::New, new));
        let kept = shared_out(all, limit);
        [Which::Due, Which::Usual, Which::New]
            .map(|which| kept.iter().filter(|(one, ..)| *one == which).count())
    }

    #[test]
    fn one_place_in_five_is_for_what_is_new() {
        assert_eq!(shares(3, 30, 30, 20), [3, 13, 4]);
        assert_eq!(shares(30, 30, 30, 10), [8, 0, 2]);
        assert_eq!(shares(5, 5, 5, 2), [1, 0, 1]);
        assert_eq!(shares(5, 5, 5, 1), [1, 0, 0]);
    }

    #[test]
    fn places_nobody_needs_go_to_the_others() {
        assert_eq!(shares(1, 2, 30, 10), [1, 2, 7]);
        assert_eq!(shares(1, 30, 1, 10), [1, 8, 1]);
        assert_eq!(shares(0, 0, 30, 10), [0, 0, 10]);
        assert_eq!(shares(0, 4, 0, 10), [0, 4, 0]);
    }
}
