//! What is in the morning of one of the brand's people, each list with the first of its rows and
//! how many there are in all. It is asked with the reader's own scope: a KAM reads of their own
//! accounts and of no other.

use jiff::tz::TimeZone;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, Condition, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use trade::calendar::LocalDate;
use trade::id::{AccountId, PromotionId};
use trade::money::{Currency, Money};
use trade::order::OrderState;

use super::mornings::{self, Morning};
use super::rhythm::{self, Rhythm};
use super::sections::{MailRow, MailSection};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, mail, order, promotion};
use crate::db::scope::Reach;
use crate::db::words::{OrderSource, PromotionState, Role};
use crate::error::Result;
use crate::holds::queue;
use crate::orders::hold_words::{day, kind_word};
use crate::promotions::life;
use crate::web::shape::{Arg, Message};

/// Rows of a list.
const SHOWN: usize = 8;
/// Accounts whose rhythm is looked at; a portfolio is smaller.
const MOST_ACCOUNTS: u64 = 5_000;
/// Mails that were given up longer ago are no news.
const DEAD_MILLIS: i64 = 7 * 24 * 3_600_000;

/// The time that is told of.
pub(super) struct Since {
    /// The reader's morning.
    pub morning: Morning,
    /// The working morning before it.
    pub last: Morning,
    /// The reader's clock.
    pub zone: TimeZone,
}

/// What there is to say.
#[derive(Debug, Default)]
pub(super) struct News {
    pub sections: Vec<MailSection>,
    /// How many decisions wait for the reader.
    pub decisions: i64,
}

/// A list: its heading, its first rows, how many there are, where all of them are.
struct List {
    title: &'static str,
    rows: Vec<(Message, String)>,
    total: i64,
    all: &'static str,
}

impl News {
    fn add(&mut self, app: &App, list: List) {
        if list.total == 0 {
            return;
        }
        let here = |path: &str| Some(format!("{}{path}", app.base_url));
        let rows = list.rows.into_iter().map(|(text, path)| MailRow {
            text,
            link: here(&path),
        });
        let title = Message::new(list.title).with("count", list.total);
        let rows: Vec<MailRow> = rows.take(SHOWN).collect();
        // What is only counted is said whole by its heading.
        let total = if rows.is_empty() { 0 } else { list.total };
        let section = MailSection::new(title, rows, total, here(list.all));
        self.sections.push(section);
    }
}

/// Gathers what concerns the person the transaction reads for.
pub(super) async fn gather(tx: &Tx, app: &App, since: &Since) -> Result<News> {
    let mut news = News::default();
    let role = tx.scope().actor.role;
    if matches!(role, Some(Role::Kam | Role::Finance | Role::Operations)) {
        let list = holds(tx, since).await?;
        news.decisions += list.total;
        news.add(app, list);
    }
    if life::decides(tx.scope()) {
        let list = submitted(tx, since).await?;
        news.decisions += list.total;
        news.add(app, list);
    }
    if role == Some(Role::Kam) {
        orders(tx, app, since, &mut news).await?;
        news.add(app, overdue(tx, app).await?);
    }
    if matches!(role, Some(Role::Kam | Role::Marketing)) {
        news.add(app, promotions(tx, since).await?);
    }
    if role == Some(Role::Kam) {
        news.add(app, bounced(tx, since).await?);
        news.add(app, undelivered(tx, app).await?);
    }
    if role == Some(Role::Admin) {
        news.add(app, dead_mails(tx).await?);
        news.add(app, dead_jobs(tx).await?);
    }
    Ok(news)
}

/// Open holds they decide, the first to expire first.
async fn holds(tx: &Tx, since: &Since) -> Result<List> {
    let total = i64::try_from(queue::mine(tx).await?)?;
    let waiting = queue::soonest(tx, u64::try_from(SHOWN)?).await?;
    let row = |waiting: queue::Waiting| {
        let kind = Message::new(format!("hold-{}", kind_word(waiting.hold.kind)));
        let text = Message::new("morning-hold")
            .with("account", waiting.account_name)
            .with("number", waiting.order_number.clone())
            .with("net", waiting.net)
            .with("kind", kind)
            .with("since", day(waiting.hold.opened_at, &since.zone))
            .with("due", day(waiting.hold.due_at, &since.zone));
        (text, format!("/orders/{}", waiting.order_number))
    };
    Ok(List {
        title: "morning-holds",
        rows: waiting.into_iter().map(row).collect(),
        total,
        all: "/kam/exceptions?releaser=mine",
    })
}

/// Promotions that wait for a second person, and are not their own.
async fn submitted(tx: &Tx, since: &Since) -> Result<List> {
    use promotion::Column as P;
    let reader = tx.scope().actor.user_id;
    let condition = Condition::all()
        .add(P::State.eq(PromotionState::Submitted))
        .add(
            Condition::any()
                .add(P::SubmittedById.is_null())
                .add(P::SubmittedById.ne(reader.map(|id| id.0))),
        );
    let total = tx
        .count::<promotion::Entity>(|all| all.filter(condition.clone()))
        .await?;
    let rows = tx
        .all::<promotion::Entity>(|all| {
            all.filter(condition)
                .order_by_asc(P::SubmittedAt)
                .order_by_asc(P::Id)
                .limit(u64::try_from(SHOWN).unwrap_or(1))
        })
        .await?;
    let row = |row: promotion::Model| {
        let at = row.submitted_at.unwrap_or(row.updated_at);
        let text = Message::new("morning-promotion-submitted")
            .with("name", row.name)
            .with("by", row.submitted_by.unwrap_or_default())
            .with("date", day(at, &since.zone));
        (text, format!("/kam/promotions/{}", row.id))
    };
    Ok(List {
        title: "morning-submitted",
        rows: rows.into_iter().map(row).collect(),
        total: i64::try_from(total)?,
        all: "/kam/promotions",
    })
}

#[derive(Debug, FromQueryResult)]
struct Sum {
    currency: Currency,
    source: OrderSource,
    orders: i64,
    value: Option<i64>,
}

/// What came in since the last working morning, and how much of it by itself.
async fn orders(tx: &Tx, app: &App, since: &Since, news: &mut News) -> Result<()> {
    use order::Column as O;
    let taken_back = [
        OrderState::Cancelled,
        OrderState::Rejected,
        OrderState::Expired,
    ];
    let sums: Vec<Sum> = tx
        .report::<order::Entity, Sum>(|orders| {
            orders
                .filter(O::PlacedAt.gte(since.last.began_at))
                .filter(O::PlacedAt.lt(since.morning.began_at))
                .filter(O::State.is_not_in(taken_back))
                // History from a file did not come in.
                .filter(O::Source.ne(OrderSource::Import))
                .select_only()
                .column(O::Currency)
                .column(O::Source)
                .expr_as(Expr::col(O::Id).count(), "orders")
                .expr_as(Expr::col(O::NetMinor).sum().cast_as("bigint"), "value")
                .group_by(O::Currency)
                .group_by(O::Source)
                .order_by_asc(O::Currency)
                .order_by_asc(O::Source)
        })
        .await?;
    let total: i64 = sums.iter().map(|sum| sum.orders).sum();
    if total == 0 {
        return Ok(());
    }
    let own = sums
        .iter()
        .filter(|sum| matches!(sum.source, OrderSource::Portal | OrderSource::Api));
    let own: i64 = own.map(|sum| sum.orders).sum();
    let mut values: Vec<Money> = Vec::new();
    for sum in &sums {
        let minor = sum.value.unwrap_or(0);
        match values
            .iter_mut()
            .find(|known| known.currency == sum.currency)
        {
            Some(known) => known.minor = known.minor.saturating_add(minor),
            None => values.push(Money::new(minor, sum.currency)),
        }
    }
    let title = Message::new("morning-orders")
        .with("count", total)
        .with(
            "value",
            Arg::List {
                all: values.into_iter().map(Arg::from).collect(),
            },
        )
        .with(
            "share",
            Arg::Rate {
                rate_bp: own * 10_000 / total,
            },
        )
        .with(
            "date",
            Arg::Date {
                date: since.last.date.to_string(),
            },
        );
    let link = Some(format!("{}/kam/orders", app.base_url));
    news.sections
        .push(MailSection::new(title, Vec::new(), 0, link));
    Ok(())
}

/// Accounts that let their usual day pass; those that did so last first, the others were read of
/// before.
async fn overdue(tx: &Tx, app: &App) -> Result<List> {
    let accounts = tx
        .all::<account::Entity>(|all| {
            all.filter(account::Column::Status.eq("active"))
                .order_by_asc(account::Column::Number)
                .limit(MOST_ACCOUNTS)
        })
        .await?;
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let rhythms = rhythm::of(tx, &ids, app.today()).await?;
    let mut late: Vec<(Rhythm, &account::Model)> = accounts
        .iter()
        .filter_map(|account| Some((*rhythms.get(&account.id)?, account)))
        .filter(|(rhythm, _)| rhythm.is_overdue())
        .collect();
    late.sort_by_key(|(rhythm, _)| rhythm.late());
    let row = |(rhythm, account): &(Rhythm, &account::Model)| {
        let text = Message::new("morning-overdue")
            .with("account", account.name.clone())
            .with("every", i64::from(rhythm.every))
            .with("ago", i64::from(rhythm.ago));
        (text, format!("/kam/accounts/{}", account.number))
    };
    Ok(List {
        title: "morning-overdues",
        rows: late.iter().take(SHOWN).map(row).collect(),
        total: i64::try_from(late.len())?,
        all: "/kam/accounts",
    })
}

/// Promotions that reach the reader's accounts and start or end today; on a Monday, this week.
async fn promotions(tx: &Tx, since: &Since) -> Result<List> {
    let from = since.morning.date;
    let until = LocalDate(mornings::ahead(from)?);
    let mut values = vec![LocalDate(from).into(), until.into()];
    let reaches = match tx.scope().reach {
        Reach::Portfolio(kam) => {
            values.push(kam.into());
            "AND (p.audience = 'everybody' OR EXISTS (SELECT 1 FROM promotion_audiences r \
             JOIN accounts a ON a.kam_id = $3 AND (a.id = r.account_id \
             OR a.group_id = r.group_id OR a.region = r.region) WHERE r.promotion_id = p.id))"
        }
        Reach::Account { .. } | Reach::Brand | Reach::System => "",
    };
    // What starts and ends on these days is said as both.
    let sql = format!(
        "SELECT id, name, starts, on_day FROM (\
         SELECT p.id, p.name, 1 AS starts, p.valid_from AS on_day FROM promotions p \
         WHERE p.state = 'approved' AND p.valid_from BETWEEN $1 AND $2 {reaches} UNION ALL \
         SELECT p.id, p.name, 0 AS starts, p.valid_until AS on_day FROM promotions p \
         WHERE p.state = 'approved' AND p.valid_until BETWEEN $1 AND $2 {reaches}\
         ) AS turns ORDER BY on_day, starts DESC, name, id"
    );
    let found = tx.rows(&sql, values).await?;
    let mut rows = Vec::new();
    for row in found.iter().take(SHOWN) {
        let id: PromotionId = row.try_get_by_index(0)?;
        let name: String = row.try_get_by_index(1)?;
        let starts: i32 = row.try_get_by_index(2)?;
        let on: LocalDate = row.try_get_by_index(3)?;
        let key = if starts == 1 {
            "morning-promotion-starts"
        } else {
            "morning-promotion-ends"
        };
        let date = Arg::Date {
            date: on.to_string(),
        };
        let text = Message::new(key).with("name", name).with("date", date);
        rows.push((text, format!("/kam/promotions/{id}")));
    }
    Ok(List {
        title: "morning-promotions",
        rows,
        total: i64::try_from(found.len())?,
        all: "/kam/promotions",
    })
}

/// The reader, for queries that are written by hand.
fn reader(tx: &Tx) -> sea_orm::Value {
    tx.scope().actor.user_id.map(|id| id.0).into()
}

/// People of the reader's accounts whose address is written to no more since the last morning.
async fn bounced(tx: &Tx, since: &Since) -> Result<List> {
    let sql = "SELECT u.name, u.email, a.name, a.number FROM mail_suppressions s \
               JOIN users u ON lower(u.email) = s.email JOIN accounts a ON a.id = u.account_id \
               WHERE a.kam_id = $1 AND s.since >= $2 AND u.status <> 'disabled' \
               ORDER BY s.since DESC, s.email";
    let found = tx
        .rows(sql, [reader(tx), since.last.began_at.into()])
        .await?;
    let mut rows = Vec::new();
    for row in found.iter().take(SHOWN) {
        let text = Message::new("morning-address")
            .with("name", row.try_get_by_index::<String>(0)?)
            .with("email", row.try_get_by_index::<String>(1)?)
            .with("account", row.try_get_by_index::<String>(2)?);
        let number: String = row.try_get_by_index(3)?;
        rows.push((text, format!("/kam/accounts/{number}")));
    }
    Ok(List {
        title: "morning-bounced",
        rows,
        total: i64::try_from(found.len())?,
        all: "/kam/accounts",
    })
}

/// Mails to the reader's accounts that were given up, of the last days.
async fn undelivered(tx: &Tx, app: &App) -> Result<List> {
    let after = app.clock.millis() - DEAD_MILLIS;
    let of_reader = "FROM mails m JOIN accounts a ON a.id = m.account_id \
                     WHERE a.kam_id = $1 AND m.state = 'dead' AND m.created_at >= $2";
    let count = tx
        .rows(
            &format!("SELECT count(*) {of_reader}"),
            [reader(tx), after.into()],
        )
        .await?;
    let total = count.first().map(|row| row.try_get_by_index::<i64>(0));
    let sql = format!(
        "SELECT m.subject, m.to_name, a.name, a.number {of_reader} \
         ORDER BY m.created_at DESC, m.id LIMIT {SHOWN}"
    );
    let mut rows = Vec::new();
    for row in tx.rows(&sql, [reader(tx), after.into()]).await? {
        let text = Message::new("morning-dead-mail")
            .with("subject", row.try_get_by_index::<String>(0)?)
            .with("name", row.try_get_by_index::<String>(1)?)
            .with("account", row.try_get_by_index::<String>(2)?);
        let number: String = row.try_get_by_index(3)?;
        rows.push((text, format!("/kam/accounts/{number}")));
    }
    Ok(List {
        title: "morning-undelivered",
        rows,
        total: total.transpose()?.unwrap_or(0),
        all: "/kam/accounts",
    })
}

/// How many mails wait for somebody to mend what stopped them.
async fn dead_mails(tx: &Tx) -> Result<List> {
    let total = tx
        .count::<mail::Entity>(|all| all.filter(mail::Column::State.eq("dead")))
        .await?;
    Ok(List {
        title: "morning-dead-mails",
        rows: Vec::new(),
        total: i64::try_from(total)?,
        all: "/admin/mail",
    })
}

/// The same of other work.
async fn dead_jobs(tx: &Tx) -> Result<List> {
    // Those of mails were counted as mails.
    let sql = "SELECT count(*) FROM jobs WHERE state = 'dead' AND kind <> 'send_mail'";
    let count = tx.rows(sql, []).await?;
    let total = count.first().map(|row| row.try_get_by_index::<i64>(0));
    Ok(List {
        title: "morning-dead-jobs",
        rows: Vec::new(),
        total: total.transpose()?.unwrap_or(0),
        all: "/admin/health",
    })
}
