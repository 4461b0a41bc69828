//! The form a promotion is written in: read field by field, every fault at its field, nothing
//! lost; and filled again from what is kept.

mod amounts;
mod fill;
mod lookup;
mod mechanic;

pub use fill::{blank, filled, kept};

use jiff::civil::Date;
use trade::calendar::Period;
use trade::id::PromotionId;
use trade::money::Currency;
use trade::promotion::Assortment;

use self::lookup::Lookup;
use super::plan::{Plan, Reach};
use crate::app::App;
use crate::db::Tx;
use crate::db::scope;
use crate::error::Result;
use crate::web::Fields;
use crate::web::form::FormState;

/// The kinds of mechanics, in the order in which they are offered.
pub const KINDS: [&str; 10] = [
    "percent",
    "amount",
    "fixed_price",
    "buy_get",
    "buy_get_other",
    "free_goods",
    "bundle",
    "mix_and_match",
    "order_value",
    "free_freight",
];

/// Most characters of a code, and of a class.
const CODE: usize = 40;
/// Most characters of a name.
const NAME: usize = 200;
/// Most characters of a note.
const NOTE: usize = 2_000;

/// Reads the form of a new promotion, or of the draft `id`.
///
/// # Errors
/// Whatever the database says. What is wrong with the form stands in the form.
pub async fn read(
    tx: &Tx,
    app: &App,
    fields: &Fields,
    id: Option<PromotionId>,
) -> Result<(FormState, Option<Plan>)> {
    let mut form = fields.form();
    let look = Lookup::load(tx, app, fields).await?;
    let code = text(&mut form, "code", CODE, true);
    if !code.is_empty() && look.code_is_taken(tx, &code, id).await? {
        form.refuse_key("code", "error-promotion-code-taken");
    }
    let name = text(&mut form, "name", NAME, true);
    let note = text(&mut form, "note", NOTE, false);
    let class = text(&mut form, "class", CODE, false);
    let currency = match fields.text("currency") {
        "" => Some(app.brand.currency),
        typed => typed.parse::<Currency>().ok(),
    };
    if currency.is_none() {
        form.refuse_key("currency", "error-choice");
    }
    let money_in = currency.unwrap_or(app.brand.currency);
    let assortment = assortment(&mut form, &look, fields);
    let mechanic = mechanic::read(&mut form, &look, fields, money_in);
    let validity = validity(&mut form, fields, app.today());
    let reach = reach(tx, &mut form, &look, fields);
    let fund = look.fund(&mut form, fields, money_in);
    let priority = match fields.text("priority") {
        "" => Some(100),
        typed => typed.parse::<i32>().ok().filter(|p| (0..=999).contains(p)),
    };
    if priority.is_none() {
        form.refuse_key("priority", "error-promotion-priority");
    }
    let most_uses = amounts::optional_count(&mut form, "most_uses", fields);
    let most_uses_per_account = amounts::optional_count(&mut form, "most_uses_per_account", fields);
    let cap_minor = amounts::optional_money(&mut form, "cap", fields, money_in);
    let (Some(mechanic), Some(validity), Some(priority), true) =
        (mechanic, validity, priority, form.is_valid())
    else {
        return Ok((form, None));
    };
    let plan = Plan {
        code,
        name,
        note,
        mechanic,
        assortment,
        currency: money_in,
        class: Some(class).filter(|class| !class.is_empty()),
        priority,
        validity,
        reach,
        fund,
        most_uses,
        most_uses_per_account,
        cap_minor,
    };
    Ok((form, Some(plan)))
}

fn text(form: &mut FormState, field: &str, most: usize, required: bool) -> String {
    let typed = form.values.get(field).map_or("", |value| value.trim());
    let typed = typed.to_owned();
    if required && typed.is_empty() {
        form.refuse_key(field, "error-required");
    } else if typed.chars().count() > most {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        form.refuse_with(field, "error-too-long", "most", most);
    }
    typed
}

fn assortment(form: &mut FormState, look: &Lookup, fields: &Fields) -> Assortment {
    let mut include = look.skus(form, "skus", fields);
    include.extend(look.brands(fields, "brand"));
    include.extend(look.categories(fields, "category"));
    let mut exclude = look.skus(form, "without_skus", fields);
    exclude.extend(look.brands(fields, "without_brand"));
    exclude.extend(look.categories(fields, "without_category"));
    Assortment { include, exclude }
}

/// People write the last day; the books keep the day after it.
fn validity(form: &mut FormState, fields: &Fields, today: Date) -> Option<Period> {
    let mut day = |field: &str| {
        let typed = fields.text(field);
        let parsed = typed.parse::<Date>().ok();
        match (typed, parsed) {
            ("", _) => form.refuse_key(field, "error-required"),
            (_, None) => form.refuse_key(field, "error-date"),
            // What tables keep as the end of what has none is no day to write.
            (_, Some(date)) if date.year() > 9_000 || date.year() < 2_000 => {
                form.refuse_key(field, "error-date");
                return None;
            }
            (_, Some(_)) => {}
        }
        parsed
    };
    let (from, last) = (day("valid_from"), day("valid_last"));
    let (from, last) = (from?, last?);
    if last < from {
        form.refuse_key("valid_last", "error-promotion-ends-before");
        return None;
    }
    if last < today {
        form.refuse_key("valid_last", "error-promotion-over");
        return None;
    }
    Some(Period::new(from, last.tomorrow().ok()))
}

/// A KAM's promotion reaches accounts of theirs, by number, and nobody else.
fn reach(tx: &Tx, form: &mut FormState, look: &Lookup, fields: &Fields) -> Reach {
    let is_kam = matches!(tx.scope().reach, scope::Reach::Portfolio(_));
    if fields.text("audience") != "chosen" && !is_kam {
        return Reach {
            everybody: true,
            ..Reach::default()
        };
    }
    let accounts = look.accounts(form, fields);
    let mut reach = Reach {
        everybody: false,
        accounts,
        groups: Vec::new(),
        regions: Vec::new(),
    };
    if !is_kam {
        reach.groups = look.groups(fields);
        reach.regions = look.regions(fields);
    }
    let nobody = reach.accounts.is_empty() && reach.groups.is_empty() && reach.regions.is_empty();
    let faulty = form.errors.iter().any(|error| error.field == "accounts");
    if nobody && !faulty {
        form.refuse_key("accounts", "error-promotion-nobody");
    }
    reach
}

/// A fund's budget, read from its field.
pub(super) fn budget_of(form: &mut FormState, fields: &Fields, currency: Currency) -> Option<i64> {
    amounts::needed(form, "budget", fields, |typed| {
        amounts::money_of(typed, currency)
    })
}
