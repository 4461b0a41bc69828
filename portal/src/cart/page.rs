//! The cart as its page shows it: every line quoted, one page of them worded.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use trade::id::{AccountId, CartLineId, ProductId};
use trade::quantity::Unit;
use trade::usual::Habit;

use super::details::Details;
use super::lacks::lacks;
use super::view::{CartLineView, CartPage, FreeLine, LineProblem, RefusedLine};
use super::{advice, overrides, problem};
use crate::app::App;
use crate::auth::caller::Buyer;
use crate::catalogue::view::Availability;
use crate::catalogue::{Article, padded};
use crate::db::entity::{cart, cart_line, ship_to};
use crate::db::words::StockPolicy;
use crate::db::{Tx, placeholders};
use crate::error::Result;
use crate::orders::judge;
use crate::orders::quote::{self, ForWhom, Problem, Quote, QuotedLine};
use crate::orders::show::vat_word;
use crate::pricing::view::{ByHandView, PromotionStep};
use crate::stock::alerts;
use crate::stock::short::{self, Shortage};
use crate::stock::view::{SplitView, SubstituteView};
use crate::web::form::FormState;
use crate::web::shape::{Choice, Money, NetParts, Paging, Totals, VatLine};

/// Lines on one page.
pub const PER_PAGE: i64 = 100;

/// Which page of the lines is wanted, and what a request that was refused adds to it.
#[derive(Debug, Default)]
pub struct Overlay {
    /// The page of lines that is asked for, counted from 1.
    pub page: i64,
    /// Lines that were not added, and where they came from.
    pub refused: Vec<RefusedLine>,
    /// The page to go back to.
    pub return_to: String,
    /// A quantity that was not taken, with its line.
    pub quantity: Option<(CartLineId, i64, LineProblem)>,
    /// A price that was not taken, as typed, with its line.
    pub price: Option<(CartLineId, FormState)>,
    /// The details as typed.
    pub details: Option<FormState>,
}

/// A cart with its lines priced.
#[derive(Debug)]
pub struct Priced {
    /// Its row.
    pub cart: cart::Model,
    /// Its lines.
    pub lines: Vec<cart_line::Model>,
    /// For whom.
    pub whom: ForWhom,
    /// The same lines, quoted.
    pub quote: Quote,
}

/// The account's open cart, priced; none where there is none.
///
/// # Errors
/// Whatever the database says.
pub async fn priced(tx: &Tx, app: &App, account: AccountId) -> Result<Option<Priced>> {
    let Some(cart) = super::find(tx, account).await? else {
        return Ok(None);
    };
    let lines = super::lines(tx, cart.id).await?;
    let mut whom = ForWhom::load(tx, app, account, cart.ship_to_id).await?;
    if cart.ship_to_id.is_some() && whom.ship_to.is_none() {
        // The place was closed since it was chosen.
        whom = ForWhom::load(tx, app, account, None).await?;
    }
    whom.by_hand = super::by_hand(&lines);
    let quote = quote::quote(tx, app, &whom, &super::wanted(&lines)).await?;
    Ok(Some(Priced {
        cart,
        lines,
        whom,
        quote,
    }))
}

/// The page.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, app: &App, who: &Buyer, overlay: Overlay) -> Result<CartPage> {
    let places = places(tx, who.account.id).await?;
    let priced = priced(tx, app, who.account.id).await?;
    let Some(priced) = priced else {
        let details = overlay.details.unwrap_or_default();
        return Ok(CartPage {
            refused: overlay.refused,
            return_to: overlay.return_to,
            lines: Vec::new(),
            free: Vec::new(),
            near: Vec::new(),
            progress: Vec::new(),
            forgotten: Vec::new(),
            goes_with: Vec::new(),
            has_usual: has_usual(tx, who.account.id).await?,
            paging: Paging::new(1, PER_PAGE, 0),
            problems: 0,
            details,
            ship_tos: choices(&places, None),
            earliest_date: Some(app.today().to_string()),
            totals: None,
            last_changed_by: None,
            last_changed_at: None,
            reorder: None,
            blocked: who.account.blocked,
            can_checkout: false,
        });
    };
    let problems = priced
        .quote
        .lines
        .iter()
        .filter(|line| line.problem.is_some())
        .count();
    let total = i64::try_from(priced.lines.len())?;
    let paging = Paging::new(overlay.page, PER_PAGE, total);
    let refused = overlay.quantity.as_ref().map(|(line, ..)| *line);
    let refused = refused.or(overlay.price.as_ref().map(|(line, _)| *line));
    let shown = shown_lines(&priced, &paging, refused);
    let about = About {
        names: names_of_hidden(tx, &shown).await?,
        habits: judge::habits(tx, &priced.whom, &priced.quote).await?,
        is_staff: who.is_staff(),
        may_set_price: overrides::may(tx, who).await?,
        overlay: &overlay,
    };
    let supply = Supply::load(tx, app, &priced).await?;
    let lines = shown
        .into_iter()
        .map(|(row, quoted)| {
            let mut line = line_view(app, row, quoted, &about);
            supply.tell(row, quoted, &mut line);
            line
        })
        .collect();
    let progress = advice::progress(&priced.quote);
    let lacks = lacks(tx, app, &priced).await?;
    let chosen = priced.whom.ship_to.as_ref().map(|place| place.id);
    let newest = priced.lines.iter().max_by_key(|line| line.added_at);
    let newest = newest.filter(|line| line.added_at == priced.cart.updated_at);
    let reorder = priced.cart.notices.clone();
    Ok(CartPage {
        free: free_lines(&priced.quote),
        near: advice::near(tx, app, &priced.quote).await?,
        progress: if total > 0 { progress } else { Vec::new() },
        forgotten: lacks.forgotten,
        goes_with: lacks.goes_with,
        has_usual: total == 0 && has_usual(tx, who.account.id).await?,
        refused: overlay.refused,
        return_to: overlay.return_to,
        lines,
        paging,
        problems: i64::try_from(problems)?,
        details: overlay
            .details
            .unwrap_or_else(|| Details::of(&priced.cart).form()),
        ship_tos: choices(&places, chosen),
        earliest_date: Some(app.today().to_string()),
        totals: (total > 0).then(|| totals_view(&priced.quote)),
        last_changed_by: newest.map(|line| line.added_by.clone()),
        last_changed_at: newest.map(|line| line.added_at),
        reorder: reorder.and_then(|report| serde_json::from_value(report).ok()),
        blocked: who.account.blocked,
        can_checkout: !who.account.blocked && priced.quote.is_orderable(),
    })
}

/// Whether the account has ever ordered.
async fn has_usual(tx: &Tx, account: AccountId) -> Result<bool> {
    let sql = "SELECT 1 FROM account_products WHERE account_id = $1 LIMIT 1";
    Ok(!tx.rows(sql, [account.into()]).await?.is_empty())
}

/// One page of the lines. Where there are several, those that need a decision come first: nobody
/// leafs through thirty pages to find them.
fn shown_lines<'a>(
    priced: &'a Priced,
    paging: &Paging,
    refused: Option<CartLineId>,
) -> Vec<(&'a cart_line::Model, &'a QuotedLine)> {
    let mut all: Vec<_> = priced.lines.iter().zip(&priced.quote.lines).collect();
    if paging.pages > 1 {
        all.sort_by_key(|(_, quoted)| quoted.problem.is_none());
    }
    let before = usize::try_from((paging.page - 1) * PER_PAGE).unwrap_or(0);
    let count = usize::try_from(PER_PAGE).unwrap_or(0);
    let mut shown: Vec<_> = all.iter().skip(before).take(count).copied().collect();
    if let Some(line) = refused
        && !shown.iter().any(|(row, _)| row.id == line)
    {
        shown.splice(0..0, all.iter().find(|(row, _)| row.id == line).copied());
    }
    shown
}

/// What there is to say of lines that cannot be had whole at once.
struct Supply {
    /// By the lines' ids.
    splits: HashMap<CartLineId, SplitView>,
    shortages: HashMap<CartLineId, Shortage>,
    waited_for: Vec<ProductId>,
}

impl Supply {
    async fn load(tx: &Tx, app: &App, priced: &Priced) -> Result<Supply> {
        let lines = &priced.quote.lines;
        let promises = short::promises(tx, app, lines).await?;
        let shortages = short::explain(tx, app, &priced.whom, lines).await?;
        let out: Vec<ProductId> = lines
            .iter()
            .filter_map(|line| line.article.as_deref())
            .filter(|article| alerts::is_out(article))
            .map(|article| article.id)
            .collect();
        let id = |at: usize| priced.lines.get(at).map(|line| line.id);
        Ok(Supply {
            splits: promises
                .iter()
                .filter_map(|(at, promise)| Some((id(*at)?, SplitView::from(promise))))
                .collect(),
            shortages: shortages
                .into_iter()
                .filter_map(|(at, shortage)| Some((id(at)?, shortage)))
                .collect(),
            waited_for: alerts::waited_for(tx, &out).await?,
        })
    }

    fn tell(&self, row: &cart_line::Model, quoted: &QuotedLine, line: &mut CartLineView) {
        let Some(article) = quoted.article.as_deref() else {
            return;
        };
        if alerts::is_out(article) {
            let kept = self.waited_for.contains(&article.id);
            line.alert = if kept { "kept" } else { "offer" }.to_owned();
        }
        match (&quoted.problem, self.shortages.get(&row.id)) {
            (Some(own @ Problem::Short { .. }), Some(shortage)) => {
                let others = shortage.substitutes.iter();
                line.substitutes = others.map(SubstituteView::from).collect();
                line.availability.expected = shortage.date.map(|day| day.to_string());
                // What somebody typed just now and was refused is said first.
                let shown = problem::words(own, Some(article), row.unit);
                if line
                    .problem
                    .as_ref()
                    .is_none_or(|said| said.message == shown.message)
                {
                    line.problem =
                        Some(problem::short(own, Some(article), row.unit, shortage.date));
                }
            }
            // Only a line that can be ordered is promised something.
            (None, _) => {
                line.split = self.splits.get(&row.id).cloned();
                if let Some(split) = &line.split {
                    let last = split.later.last().filter(|_| split.unknown == 0);
                    line.availability.expected = last.map(|part| part.date.clone());
                }
            }
            (Some(_), _) => {}
        }
    }
}

type Names = HashMap<ProductId, (String, String)>;

/// Article number and name of products that the account put into its cart and no longer sees: it
/// must be able to tell which line to remove.
async fn names_of_hidden(tx: &Tx, lines: &[(&cart_line::Model, &QuotedLine)]) -> Result<Names> {
    let hidden: HashSet<ProductId> = lines
        .iter()
        .filter(|(_, quoted)| quoted.article.is_none())
        .map(|(row, _)| row.product_id)
        .collect();
    if hidden.is_empty() {
        return Ok(Names::new());
    }
    let ids = padded(&hidden.into_iter().collect::<Vec<_>>());
    let sql = format!(
        "SELECT id, sku, name FROM products WHERE id IN ({})",
        placeholders(1, ids.len())
    );
    let mut names = Names::new();
    for row in tx.rows(&sql, ids.into_iter().map(Into::into)).await? {
        let id: ProductId = row.try_get_by_index(0)?;
        names.insert(id, (row.try_get_by_index(1)?, row.try_get_by_index(2)?));
    }
    Ok(names)
}

/// What the lines of a page are shown with.
struct About<'a> {
    names: Names,
    habits: HashMap<ProductId, Habit>,
    is_staff: bool,
    may_set_price: bool,
    overlay: &'a Overlay,
}

impl About<'_> {
    /// The form to set a line's price: as typed where it was refused, else as it stands.
    fn price_form(&self, row: &cart_line::Model) -> Option<FormState> {
        if !self.may_set_price {
            return None;
        }
        let typed = self.overlay.price.as_ref();
        if let Some((_, form)) = typed.filter(|(line, _)| *line == row.id) {
            return Some(form.clone());
        }
        let price = row.override_price.map(|price| price.to_decimal());
        let reason = row.override_reason.clone();
        Some(
            FormState::new()
                .value("price", price.unwrap_or_default())
                .value("reason", reason.unwrap_or_default()),
        )
    }
}

/// Goods that come along, each with its cause.
#[must_use]
pub fn free_lines(quote: &Quote) -> Vec<FreeLine> {
    let shown = quote.free.iter().filter_map(|line| {
        let article = line.article.as_ref()?;
        let promotion = quote.book.find(line.comes_with?)?;
        Some(FreeLine {
            sku: article.sku.clone(),
            name: article.name.clone(),
            quantity: line.wanted.quantity,
            unit: line.wanted.unit,
            promotion: promotion.name.clone(),
            worth_nothing: line.net?,
        })
    });
    shown.collect()
}

/// The total of a line before promotions, where they take something off.
#[must_use]
pub fn before(line: &QuotedLine) -> Option<Money> {
    let discount = line.discount().filter(|discount| discount.minor > 0);
    line.before.filter(|_| discount.is_some())
}

fn line_view(
    app: &App,
    row: &cart_line::Model,
    quoted: &QuotedLine,
    about: &About<'_>,
) -> CartLineView {
    let article = quoted.article.as_deref();
    let refused = about.overlay.quantity.as_ref();
    let (sku, name) = match article {
        Some(article) => (article.sku.clone(), article.name.clone()),
        None => about
            .names
            .get(&row.product_id)
            .cloned()
            .unwrap_or_default(),
    };
    let factor = article.and_then(|article| article.factor(row.unit));
    let rule = article.map(Article::rule);
    let rule = rule.and_then(|rule| Some((rule.least(factor?), rule.step_in(factor?))));
    let (min, step) = rule.unwrap_or((1, 1));
    let refused = refused.filter(|(line, ..)| *line == row.id);
    let own = quoted
        .problem
        .as_ref()
        .map(|own| problem::words(own, article, row.unit));
    let trace = quoted.trace.as_ref();
    let price = trace.and_then(|trace| trace.price);
    CartLineView {
        id: row.id.to_string(),
        sku,
        name,
        quantity: refused.map_or(row.quantity.into(), |(_, typed, _)| *typed),
        unit: row.unit,
        factor: factor.map_or(1, |factor| factor.get()),
        base_unit: article.map_or(row.unit, |article| article.base_unit),
        min,
        step,
        unit_price: price,
        list_price: trace
            .and_then(|trace| trace.list_price)
            .filter(|list| Some(*list) != price),
        price_unit: row.unit,
        currency: trace.map_or(app.brand.currency, |trace| trace.currency),
        total: quoted.net.filter(|_| quoted.ordered.0 > 0),
        before: before(quoted),
        promotions: trace.map(PromotionStep::of).unwrap_or_default(),
        by_hand: trace
            .and_then(|trace| trace.by_hand.as_ref())
            .map(|by_hand| ByHandView::of(by_hand, about.is_staff)),
        usual: advice::usual_instead(quoted, &about.habits),
        price_form: about.price_form(row),
        availability: article
            .map(|article| availability(article, row.unit, row.quantity.into()))
            .unwrap_or_default(),
        split: None,
        substitutes: Vec::new(),
        alert: String::new(),
        problem: refused.map(|(.., problem)| problem.clone()).or(own),
        added_by: row.added_by.clone(),
        added_at: row.added_at,
    }
}

/// Whether so many of the unit can be had at once.
#[must_use]
pub fn availability(article: &Article, unit: Unit, wanted: i64) -> Availability {
    let expected = article.expected_on.map(|date| date.to_string());
    let quantity = article.available_in(unit);
    let strict = article.stock_policy == StockPolicy::Strict;
    let state = match quantity {
        None if article.stock_policy == StockPolicy::Untracked => "untracked",
        Some(there) if there >= wanted => "in-stock",
        Some(there) if strict && there > 0 => "low",
        None | Some(_) if strict => "none",
        None | Some(_) => "back-order",
    };
    Availability {
        state: state.to_owned(),
        quantity: quantity.unwrap_or(0),
        expected,
    }
}

/// The places an account can have goods sent to, its default first.
///
/// # Errors
/// Whatever the database says.
pub async fn places(tx: &Tx, account: AccountId) -> Result<Vec<ship_to::Model>> {
    tx.all::<ship_to::Entity>(|places| {
        places
            .filter(ship_to::Column::AccountId.eq(account))
            .filter(ship_to::Column::Active.eq(true))
            .order_by_desc(ship_to::Column::IsDefault)
            .order_by_asc(ship_to::Column::Name)
            .order_by_asc(ship_to::Column::Code)
    })
    .await
}

/// The places as choices; the default one where none is chosen.
#[must_use]
pub fn choices(places: &[ship_to::Model], chosen: Option<trade::id::ShipToId>) -> Vec<Choice> {
    let is_chosen = |place: &ship_to::Model| match chosen {
        Some(id) => place.id == id,
        None => place.is_default,
    };
    places
        .iter()
        .map(|place| {
            let label = format!(
                "{}, {}, {} {}",
                place.name, place.street, place.postal_code, place.city
            );
            Choice::new(&place.id.to_string(), &label, is_chosen(place))
        })
        .collect()
}

/// Totals as pages show them, with what the net is made of.
#[must_use]
pub fn totals_view(quote: &Quote) -> Totals {
    let totals = &quote.totals;
    let freight = &quote.freight;
    let waived_by = freight.waived_by.and_then(|id| quote.book.find(id));
    let vat = totals.rows.iter().map(|row| VatLine {
        rate_bp: row.tax.rate.0.into(),
        reason: vat_word(row.tax.reason, row.tax.rate.0).to_owned(),
        net: row.net,
        tax: row.amount,
    });
    Totals {
        parts: NetParts {
            goods: Money::new(
                quote.goods.minor + quote.discount.minor,
                quote.goods.currency,
            ),
            discount: quote.discount,
            freight: freight.charge,
            freight_waived_by: waived_by.map(|promotion| promotion.name.clone()),
            has_freight: freight.free_from.is_some() || freight.charge.minor > 0,
        },
        net: totals.net,
        vat: vat.collect(),
        tax: totals.tax,
        gross: totals.gross,
    }
}
