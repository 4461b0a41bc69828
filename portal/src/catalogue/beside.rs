//! What the recommender says beside a product: how the account orders it, what goes with it, and
//! what to take instead where it cannot be had.

use recommender::{Reason, Suggestion};
use trade::id::ProductId;
use trade::quantity::PackFactor;

use super::Article;
use super::rows::Shopper;
use super::view::{HabitView, ProductRow};
use crate::app::App;
use crate::db::Tx;
use crate::db::words::SuggestionList;
use crate::error::Result;
use crate::promotions::offers::whole;
use crate::suggestions::picks::{Pick, Wish, picks};
use crate::suggestions::words::local_date;
use crate::suggestions::{ask, instead};
use crate::web::shape::{Arg, Message};

/// Items that go with it.
const TOGETHER: usize = 4;
/// Items to take instead.
const INSTEAD: usize = 3;
/// How many are asked for: some have no price, or are not there.
const ASKED: usize = 40;

/// What stands beside a product.
#[derive(Debug, Default)]
pub struct Beside {
    /// How the account orders it.
    pub habit: Option<HabitView>,
    /// Often ordered together with it.
    pub together: Vec<Pick>,
    /// Instead of it; none where it can be had.
    pub instead: Vec<Pick>,
}

/// What the model said.
#[derive(Debug, Default)]
struct Said {
    habit: Option<Suggestion>,
    together: Vec<Suggestion>,
    instead: Vec<Suggestion>,
}

impl Beside {
    /// Asks for the product of `row`; `named` are the substitutes that the brand names.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(
        tx: &Tx,
        app: &App,
        shopper: &Shopper,
        article: &Article,
        row: &ProductRow,
        named: &[ProductId],
    ) -> Result<Beside> {
        let account = shopper.customer.account;
        let said = ask(tx, app, account, ASKED, |model, ask| {
            let habit = model.own_habit(ask, article.id);
            let pieces = habit.as_ref().map(|habit| habit.pieces);
            let short = is_short(article, row, pieces);
            Said {
                together: model.goes_with(ask, &[article.id]),
                instead: if short {
                    instead::of(model, ask, article.id, named, pieces)
                } else {
                    Vec::new()
                },
                habit,
            }
        });
        let mut said = said.await?.unwrap_or_default();
        said.together.retain(is_together);
        let replaced = |one: &Suggestion| said.instead.iter().any(|i| i.product == one.product);
        said.together.retain(|one| !replaced(one));
        let wishes = [
            Wish::new(SuggestionList::GoesWith, said.together, TOGETHER),
            Wish::new(SuggestionList::Instead, said.instead, INSTEAD),
        ];
        let lists = picks(tx, app, shopper.customer, &wishes).await?.into_iter();
        let mut lists = lists.map(|list| list.into_iter().map(Pick::beside).collect());
        Ok(Beside {
            habit: said.habit.and_then(|habit| habit_view(article, &habit)),
            together: lists.next().unwrap_or_default(),
            instead: lists.next().unwrap_or_default(),
        })
    }
}

/// Whether it often stands in one order with the product: in a twentieth of its orders, three at
/// least. What is suggested for the account's own sake has its place elsewhere.
fn is_together(one: &Suggestion) -> bool {
    one.reasons.iter().any(|reason| {
        matches!(reason, Reason::GoesWith { with, of, .. }
            if *with >= 3 && u64::from(*with) * 20 >= u64::from(*of))
    })
}

/// Whether there is less of it than the account usually takes, or none at all.
fn is_short(article: &Article, row: &ProductRow, usual: Option<u32>) -> bool {
    let usual = usual.map(i64::from);
    let less = article.available.zip(usual).is_some_and(|(a, b)| a < b);
    match row.availability.state.as_str() {
        "none" | "back-order" => true,
        "low" => less,
        _ => !article.status.is_sold(),
    }
}

fn habit_view(article: &Article, habit: &Suggestion) -> Option<HabitView> {
    let factor = article
        .factor(article.order_unit)
        .unwrap_or(PackFactor::ONE);
    let units = whole(habit.pieces.into(), factor.get());
    let quantity = article.rule().at_least(units, factor);
    let usually = Arg::Quantity {
        quantity,
        unit: article.order_unit,
    };
    let rhythm = habit.reasons.iter().find_map(|reason| {
        let Reason::Rhythm {
            every_days,
            last_days_ago,
        } = reason
        else {
            return None;
        };
        let text = Message::new("habit-rhythm")
            .with("every", i64::from(*every_days))
            .with("ago", i64::from(*last_days_ago));
        Some(text)
    });
    let last = || {
        habit.reasons.iter().find_map(|reason| {
            let Reason::LastOrdered { on, .. } = reason else {
                return None;
            };
            let date = local_date(*on)?.to_string();
            Some(Message::new("habit-last").with("date", Arg::Date { date }))
        })
    };
    Some(HabitView {
        quantity,
        text: rhythm.or_else(last)?.with("quantity", usually),
    })
}
