//! The order a promotion's mail prepares: its items in the quantities the account usually takes, at
//! its own prices, with what the promotion makes of them. Whoever opens it changes what they like
//! and puts it into the cart in one go.
//!
//! Looking changes nothing but that the mail was clicked; what is said of a saving is what a cart
//! with these lines and no others would be quoted.

mod lines;
mod standing;
pub mod view;
pub mod web;

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::money::Money;
use trade::promotion::Promotion;

use crate::app::App;
use crate::auth::Buyer;
use crate::auth::session::AccountHead;
use crate::cart::page::free_lines;
use crate::cart::view::LineProblem;
use crate::cart::{check, problem};
use crate::catalogue::rows::Shopper;
use crate::catalogue::shelf::Shelf;
use crate::catalogue::{Article, Reference};
use crate::db::Tx;
use crate::db::entity::{campaign, campaign_message};
use crate::error::Result;
use crate::home::typed::TypedLine;
use crate::home::view::Notice;
use crate::messages::signed::{self, Purpose};
use crate::orders::quote::{ForWhom, Goods, Problem, Quote, Wanted};
use crate::promotions::offers::Offers;
use crate::promotions::words::sentence;
use crate::quick_order::paste::parse_quantity;
use crate::web::locale::Lang;
use crate::web::shape::Unit;
use lines::Laid;
pub use standing::{Over, Standing};
use view::{LineView, PreparedPage, Taken};

/// What was typed before the page is shown again, and what became of it.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    /// The lines as typed; none where the page is opened.
    pub typed: Option<Vec<TypedLine>>,
    /// Why lines did not go in, by article number.
    pub problems: HashMap<String, LineProblem>,
    /// What happened.
    pub notice: Option<Notice>,
    /// The reader's language, in which quantities are typed.
    pub lang: Lang,
}

/// The account and the promotion it looks at.
pub struct Prepared {
    reference: Arc<Reference>,
    shelf: Arc<Shelf>,
    shopper: Shopper,
    offers: Offers,
    promotion: Promotion,
}

/// The promotion with that code as it stands for the account.
///
/// # Errors
/// `NotFound` where it never was the account's, or gives nothing without what is hidden from it.
pub async fn find(tx: &Tx, app: &App, account: &AccountHead, code: &str) -> Result<Standing> {
    standing::find(tx, app, account, code).await
}

impl Prepared {
    /// The page, with the lines as typed or else as they are prepared.
    ///
    /// # Errors
    /// Whatever the database says; a sum beyond 64 bits.
    pub async fn page(
        mut self,
        tx: &Tx,
        app: &App,
        account: &AccountHead,
        overlay: Overlay,
    ) -> Result<PreparedPage> {
        let Laid {
            lines: mut laid,
            articles,
            rows,
            usual,
            ahead,
        } = match &overlay.typed {
            Some(typed) => lines::typed(&mut self, tx, app, typed).await?,
            None => lines::prepared(&mut self, tx, app).await?,
        };
        let whom = ForWhom::load(tx, app, account.id, self.shopper.customer.ship_to).await?;
        let book = Arc::new(self.offers.book().clone());
        let products = articles.iter().map(|article| article.id);
        let goods = Goods::load(tx, app, &whom, products, &book.gifts()).await?;
        let mut problems = overlay.problems;
        let wanted = wanted(&laid, &articles, overlay.lang, &mut problems);
        let draft = goods.draft(app, &whom, &asked(&wanted));
        // What cannot be ordered as it stands is not in the basket that is reckoned.
        let mut good = Vec::with_capacity(wanted.len());
        for (line, (at, ask)) in draft.lines().iter().zip(wanted) {
            match (&line.problem, laid.get_mut(at)) {
                (Some(fault), Some(one)) => {
                    let words = problem::words(fault, line.article.as_deref(), ask.unit);
                    problems.entry(one.sku.clone()).or_insert(words);
                    // Nobody asked for it yet: what is prepared can be ordered as it stands.
                    one.ticked = one.ticked && overlay.typed.is_some();
                }
                _ => good.push((at, ask)),
            }
        }
        let quote = goods
            .draft(app, &whom, &asked(&good))
            .quote(app, &whom, book)?;
        self.offers.compare(&quote);
        let range = self.shelf.range(tx).await?;
        let told = self.told(|product| {
            let place = self.shelf.place(product);
            place.is_some_and(|place| range.has(place))
        });
        let mut page = self.view(&quote, &told, account);
        page.lines = LineView::all(laid, &rows, &mut problems);
        (page.usual, page.ahead, page.notice) = (usual, ahead, overlay.notice);
        Ok(page)
    }

    /// What the quote says of the promotion, still without lines.
    fn view(&self, quote: &Quote, told: &Promotion, account: &AccountHead) -> PreparedPage {
        let promotion = &self.promotion;
        let applied = quote
            .applied
            .iter()
            .find(|one| one.promotion == promotion.id);
        let currency = quote.goods.currency;
        let money = |minor: i64| Money::new(minor, currency);
        let saving = applied.map_or(0, |one| one.discount.minor);
        let along = applied.map_or(0, |one| one.spend.minor - one.discount.minor);
        let mut free = free_lines(quote);
        free.retain(|line| line.promotion == promotion.name);
        let taken = quote.lines.iter().filter_map(|line| {
            let (before, net) = (line.before?, line.net?);
            (before != net).then(|| Taken {
                name: line
                    .article
                    .as_ref()
                    .map_or_else(String::new, |of| of.name.clone()),
                before,
                net,
            })
        });
        PreparedPage {
            code: promotion.code.clone(),
            name: promotion.name.clone(),
            sentence: sentence(told, self.offers.names()),
            last_day: promotion.validity.last_day().map(|day| day.to_string()),
            usual: false,
            ahead: false,
            ticked: i64::try_from(quote.lines.len()).unwrap_or(i64::MAX),
            before: money(quote.goods.minor + quote.discount.minor),
            saving: money(saving),
            others: money(quote.discount.minor - saving),
            along: money(along),
            free,
            net: quote.goods,
            taken: taken.collect(),
            near: self.offers.near(promotion.id).cloned(),
            digits: currency.decimals(),
            can_order: !account.blocked,
            cart_lines: self.shopper.cart_lines(),
            lines: Vec::new(),
            notice: None,
        }
    }
}

fn asked(wanted: &[(usize, Wanted)]) -> Vec<Wanted> {
    wanted.iter().map(|(_, line)| *line).collect()
}

/// The ticked lines, each with its place among all; what is no quantity gets its problem.
fn wanted(
    lines: &[lines::Line],
    articles: &[Article],
    lang: Lang,
    problems: &mut HashMap<String, LineProblem>,
) -> Vec<(usize, Wanted)> {
    let known: HashMap<&str, &Article> = articles
        .iter()
        .map(|article| (article.sku.as_str(), article))
        .collect();
    let mut wanted = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.ticked) {
        let Some(article) = known.get(line.sku.as_str()) else {
            continue;
        };
        let unit = unit(line, article);
        let quantity = match parse_quantity(&line.quantity, lang) {
            Ok(quantity) => quantity,
            Err(_) => {
                let words = problem::quantity_words(&line.quantity);
                problems.entry(line.sku.clone()).or_insert(words);
                continue;
            }
        };
        match check(article, unit, quantity) {
            Ok(()) => wanted.push((
                at,
                Wanted {
                    product: article.id,
                    unit,
                    quantity,
                },
            )),
            Err(fault) => note(problems, line, &fault, article, unit),
        }
    }
    wanted
}

fn note(
    problems: &mut HashMap<String, LineProblem>,
    line: &lines::Line,
    fault: &Problem,
    article: &Article,
    unit: Unit,
) {
    let words = problem::words(fault, Some(article), unit);
    problems.entry(line.sku.clone()).or_insert(words);
}

fn unit(line: &lines::Line, article: &Article) -> Unit {
    line.unit.parse().unwrap_or(article.order_unit)
}

/// Notes that a campaign's message led here: the first time somebody of its account is signed in
/// and opens it. Mail servers that follow links are not signed in, and staff who act for the account
/// are not its reader. Says whether the word was one of the account's.
///
/// # Errors
/// Whatever the database says.
pub async fn clicked(app: &App, who: &Buyer, promotion: &str, word: &str) -> Result<bool> {
    use campaign_message::Column as C;
    let Some(id) = signed::read(&app.config.secret, Purpose::Campaign, word) else {
        return Ok(false);
    };
    let tx = app.db.read(&who.scope).await?;
    let message = tx
        .one::<campaign_message::Entity>(|all| all.filter(C::Id.eq(id)))
        .await?;
    let Some(message) = message.filter(|one| one.account_id == who.account.id) else {
        return Ok(false);
    };
    let of_promotion = standing::promotion_of(&tx, message.campaign_id).await?;
    drop(tx);
    if of_promotion.as_deref() != Some(promotion) {
        return Ok(false);
    }
    if message.clicked_at.is_none() && !who.is_staff() {
        let tx = app.db.begin(&who.scope).await?;
        tx.change::<campaign_message::Entity>(|update| {
            update
                .filter(C::Id.eq(id))
                .filter(C::ClickedAt.is_null())
                .col_expr(C::ClickedAt, Expr::value(app.clock.millis()))
        })
        .await?;
        tx.commit().await?;
    }
    Ok(true)
}

/// Whether the account was told of the promotion by mail.
async fn was_told(
    tx: &Tx,
    account: &AccountHead,
    promotion: trade::id::PromotionId,
) -> Result<bool> {
    let campaigns = tx
        .all_as_system::<campaign::Entity>(|all| {
            all.filter(campaign::Column::PromotionId.eq(promotion))
        })
        .await?;
    let campaigns: Vec<_> = campaigns.into_iter().map(|row| row.id).collect();
    let told = tx
        .count::<campaign_message::Entity>(|all| {
            all.filter(campaign_message::Column::AccountId.eq(account.id))
                .filter(campaign_message::Column::CampaignId.is_in(campaigns))
                .filter(campaign_message::Column::State.eq("mailed"))
        })
        .await?;
    Ok(told > 0)
}
