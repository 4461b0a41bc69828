//! The accounts a promotion reaches, by what is expected of them: whom to call first.

use std::collections::HashMap;

use actix_web::web::Data;
use recommender::answers::promotions::Gain;
use recommender::{Reason, Suggestion};
use trade::id::{AccountId, ProductId, PromotionId};
use trade::money::Currency;

use super::audience;
use super::life::Stand;
use super::plan::{self, Stored};
use super::ranked_view::{ExpectedItem, RankedPage, RankedRow};
use crate::app::App;
use crate::catalogue::{Article, article};
use crate::db::Tx;
use crate::db::entity::account;
use crate::error::Result;
use crate::imports::cells::neutralise_formula;
use crate::suggestions::ranking::{self, money};
use crate::suggestions::words::{self, Reader, ReasonView};
use crate::web::shape::{Paging, Query};

/// Accounts that are ranked, those that ordered last first.
const MOST: u64 = 500;
/// Accounts on a page.
const PAGE: u64 = 50;
/// Items that are named of what an account is expected to order.
const ITEMS: usize = 3;

/// What is expected of the accounts the caller sees.
struct Ranked {
    stored: Stored,
    /// Accounts that are reached, ranked or not.
    reached: u64,
    is_ready: bool,
    accounts: HashMap<AccountId, account::Model>,
    gains: Vec<(AccountId, Gain)>,
}

impl Ranked {
    async fn load(tx: &Tx, app: &Data<App>, id: PromotionId) -> Result<Ranked> {
        let stored = plan::find(tx, id).await?;
        let plan = &stored.plan;
        let reached = audience::of(tx, &plan.reach, plan.currency).await?.count;
        let accounts = audience::lately(tx, &plan.reach, plan.currency, MOST).await?;
        let promotion = stored.promotion();
        let mut gains = ranking::rank(tx, app, &promotion, accounts.clone()).await?;
        // Who orders nothing more because of it is not worth a call.
        if let Some(gains) = &mut gains {
            gains.retain(|(_, gain)| gain.value > 0.0);
        }
        Ok(Ranked {
            stored,
            reached,
            is_ready: gains.is_some(),
            accounts: accounts.into_iter().map(|one| (one.id, one)).collect(),
            gains: gains.unwrap_or_default(),
        })
    }
}

/// The page.
///
/// # Errors
/// `NotFound`.
pub async fn page(
    tx: &Tx,
    app: &Data<App>,
    id: PromotionId,
    mut query: Query,
) -> Result<RankedPage> {
    let ranked = Ranked::load(tx, app, id).await?;
    let total = u64::try_from(ranked.gains.len())?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let shown = ranked.gains.iter().skip(usize::try_from(offset)?);
    let shown: Vec<&(AccountId, Gain)> = shown.take(usize::try_from(PAGE)?).collect();
    let goods = Goods::load(tx, app, &shown).await?;
    let row = &ranked.stored.row;
    let highest = ranked.gains.first().map_or(0.0, |(_, gain)| gain.value);
    let mut rows = Vec::with_capacity(shown.len());
    for (at, (account, gain)) in shown.into_iter().enumerate() {
        if let Some(account) = ranked.accounts.get(account) {
            rows.push(goods.row(account, gain, at, (row.currency, highest)));
        }
    }
    let validity = &ranked.stored.plan.validity;
    let stand = Stand::on(row.state, validity, app.today());
    Ok(RankedPage {
        id: row.id.to_string(),
        name: row.name.clone(),
        code: row.code.clone(),
        state: stand.name().to_owned(),
        is_ready: ranked.is_ready,
        reached: i64::try_from(ranked.reached)?,
        most: (ranked.reached > MOST).then_some(i64::try_from(MOST)?),
        rows,
        query,
        paging,
    })
}

const HEADER: [&str; 8] = [
    "account",
    "name",
    "city",
    "expected",
    "saving",
    "currency",
    "items",
    "promotion",
];

/// All of them as a file: its name and its text.
///
/// # Errors
/// `NotFound`.
pub async fn csv(tx: &Tx, app: &Data<App>, id: PromotionId) -> Result<(String, Vec<u8>)> {
    let ranked = Ranked::load(tx, app, id).await?;
    let all: Vec<&(AccountId, Gain)> = ranked.gains.iter().collect();
    let goods = Goods::load(tx, app, &all).await?;
    let row = &ranked.stored.row;
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(HEADER).map_err(anyhow::Error::from)?;
    for (account, gain) in all {
        let Some(account) = ranked.accounts.get(account) else {
            continue;
        };
        let items: Vec<String> = goods
            .items(gain)
            .into_iter()
            .map(|item| format!("{} × {}", item.pieces, item.sku))
            .collect();
        let money = |value: f64| money(value, row.currency).to_decimal();
        // What people typed could begin a formula; a sum below zero is none.
        let typed = |text: &str| neutralise_formula(text).into_owned();
        let fields = [
            typed(&account.number),
            typed(&account.name),
            typed(&account.city),
            money(gain.value),
            money(gain.saving),
            row.currency.to_string(),
            typed(&items.join(", ")),
            typed(&row.code),
        ];
        out.write_record(fields).map_err(anyhow::Error::from)?;
    }
    let file = out
        .into_inner()
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok((row.code.clone(), file))
}

/// The products that gains name, and why each account orders its first.
struct Goods {
    articles: HashMap<ProductId, Article>,
    reasons: Vec<Vec<ReasonView>>,
}

impl Goods {
    async fn load(tx: &Tx, app: &App, shown: &[&(AccountId, Gain)]) -> Result<Goods> {
        let mut ids: Vec<ProductId> = shown
            .iter()
            .flat_map(|(_, gain)| gain.items.iter().take(ITEMS).map(|item| item.product))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let reference = app.reference.get(tx).await?;
        let first: Vec<Suggestion> = shown.iter().map(|(_, gain)| because(gain)).collect();
        Ok(Goods {
            articles: article::by_id(tx, &reference, &ids).await?,
            reasons: words::reasons(tx, app, Reader::Staff, &first).await?,
        })
    }

    fn items(&self, gain: &Gain) -> Vec<ExpectedItem> {
        let items = gain.items.iter().take(ITEMS);
        let items = items.filter_map(|item| {
            let article = self.articles.get(&item.product)?;
            Some(ExpectedItem {
                sku: article.sku.clone(),
                name: article.name.clone(),
                pieces: item.pieces.into(),
                unit: article.base_unit,
            })
        });
        items.collect()
    }

    fn row(
        &self,
        account: &account::Model,
        gain: &Gain,
        at: usize,
        (currency, highest): (Currency, f64),
    ) -> RankedRow {
        let share = if highest > 0.0 {
            (gain.value / highest).clamp(0.0, 1.0)
        } else {
            0.0
        };
        RankedRow {
            number: account.number.clone(),
            name: account.name.clone(),
            city: account.city.clone(),
            value: money(gain.value, currency),
            saving: money(gain.saving, currency),
            permille: format!("{:.0}", share * 1_000.0).parse().unwrap_or(0),
            items: self.items(gain),
            reasons: self.reasons.get(at).cloned().unwrap_or_default(),
        }
    }
}

/// The item the account is likeliest to order, with what speaks for it beside the promotion.
fn because(gain: &Gain) -> Suggestion {
    let mut first = gain.items.first().cloned().unwrap_or(Suggestion {
        product: ProductId(uuid::Uuid::nil()),
        pieces: 1,
        score: 0.0,
        probability: None,
        reasons: Vec::new(),
    });
    first
        .reasons
        .retain(|reason| !matches!(reason, Reason::InPromotion { .. }));
    first
}
