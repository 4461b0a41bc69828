//! The demo's campaigns: one that was sent three weeks ago, with what became of its mails and the
//! orders that used its promotion, and one that is planned.
//!
//! The orders are the accounts' own, told or not: whether such mails bring something is not for a
//! demo to make up, and sixty accounts are too few to see it. `docs/campaign-effect.md` shows what
//! comes out where something is brought.

use std::collections::{HashMap, HashSet};

use jiff::ToSpan;
use jiff::civil::Date;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Set};
use trade::calendar::LocalDate;
use trade::id::{AccountId, CampaignId, OrderId, ProductId, UserId};
use trade::money::{BasisPoints, Currency, Money};
use trade::order::OrderState;
use trade::tax::{LineTax, totals};
use uuid::Uuid;

use super::chance::Chance;
use super::world::World;
use crate::campaigns::audience::KIND;
use crate::campaigns::rules;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{
    account, campaign, campaign_account, campaign_message, mail, mail_bounce, mail_suppression,
    notification_choice, order, order_line, product, promotion, promotion_use, user,
};
use crate::db::words::{
    BounceKind, CampaignArm, CampaignState, MailChoice, SuppressedBecause, Topic, UseState,
    UserStatus, Wave,
};
use crate::error::Result;
use crate::imports::load::Ids;
use crate::promotions::results::concerned;
use crate::promotions::{changed, plan};

/// Announced, and planned.
const SENT: &str = "DOGWET-MIX";
const NEXT: &str = "BIRDS-NEW-YEAR";
/// Days from today: announced with its promotion's first day, reminded a fortnight later.
const ANNOUNCED: i64 = -20;
const REMINDED: i64 = -6;
/// Cases from which the promotion gives something, and how much, in basis points.
const STEPS: [(i64, i32); 2] = [(40, 500), (20, 300)];
/// A fifth is told nothing.
const HOLDOUT: i32 = 2_000;
const SALT: i64 = 20_261_124;
const MORNING: i32 = 420;
const DAY: i64 = 24 * 3_600_000;

/// Whom mails of the demo always reach: everybody who tries it signs in there.
const ALWAYS: &str = "@demo.kontor.example";

/// Announces one promotion and plans to announce another.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn fill(tx: &Tx, world: &World, ids: &mut Ids, now: i64) -> Result<()> {
    // A small world may lack them.
    if let Some(row) = by_code(tx, NEXT).await? {
        let remind_on = LocalDate(row.valid_from.0.checked_add(36.days())?);
        let planned = campaign::ActiveModel {
            remind_on: Set(Some(remind_on)),
            holdout_share: Set(1_500),
            salt: Set(SALT + 1),
            ..plan_of(&row, CampaignId(ids.next(now)), row.valid_from, now - DAY)
        };
        tx.insert(planned).await?;
    }
    let Some(row) = by_code(tx, SENT).await? else {
        return Ok(());
    };
    let announced = Announced::of(tx, world, ids, row, now).await?;
    let ordered = announced.use_it(tx, world).await?;
    announced.write(tx, world, ids, &ordered).await?;
    changed(tx).await
}

async fn by_code(tx: &Tx, code: &str) -> Result<Option<promotion::Model>> {
    tx.one::<promotion::Entity>(|all| all.filter(promotion::Column::Code.eq(code)))
        .await
}

fn plan_of(
    row: &promotion::Model,
    id: CampaignId,
    on: LocalDate,
    created_at: i64,
) -> campaign::ActiveModel {
    campaign::ActiveModel {
        id: Set(id),
        promotion_id: Set(row.id),
        state: Set(CampaignState::Planned),
        announce_on: Set(on),
        announce_minute: Set(Some(MORNING)),
        remind_on: Set(None),
        holdout_share: Set(HOLDOUT),
        salt: Set(SALT),
        most_accounts: Set(None),
        created_by: Set(row.created_by.clone()),
        created_by_id: Set(row.created_by_id),
        created_at: Set(created_at),
        started_at: Set(None),
        finished_at: Set(None),
        stopped_by: Set(None),
        stopped_at: Set(None),
        reported_at: Set(None),
    }
}

/// The one that was sent.
struct Announced {
    id: CampaignId,
    stored: plan::Stored,
    from: i64,
    reminded: i64,
    told: HashSet<AccountId>,
}

/// When accounts first used the promotion.
type Ordered = HashMap<AccountId, i64>;

impl Announced {
    async fn of(
        tx: &Tx,
        world: &World,
        ids: &mut Ids,
        row: promotion::Model,
        now: i64,
    ) -> Result<Announced> {
        let morning = |days: i64| -> Result<(Date, i64)> {
            let day = world.size.today.checked_add(days.days())?;
            let at = world.zone.to_timestamp(day.at(7, 0, 0, 0))?;
            Ok((day, at.as_millisecond()))
        };
        let (on, from) = morning(ANNOUNCED)?;
        let (remind_on, reminded) = morning(REMINDED)?;
        let id = CampaignId(ids.next(now));
        tx.insert(campaign::ActiveModel {
            state: Set(CampaignState::Finished),
            remind_on: Set(Some(LocalDate(remind_on))),
            started_at: Set(Some(from)),
            finished_at: Set(Some(reminded)),
            reported_at: Set(Some(reminded)),
            ..plan_of(&row, id, LocalDate(on), from - 5 * DAY)
        })
        .await?;
        let accounts = tx
            .all::<account::Entity>(|all| {
                all.filter(account::Column::Status.eq("active"))
                    .filter(account::Column::Currency.eq(Currency::EUR))
                    .order_by_asc(account::Column::Number)
            })
            .await?;
        let arm = |account| rules::arm(account, SALT, HOLDOUT);
        let drawn = (1..)
            .zip(&accounts)
            .map(|(place, account)| campaign_account::ActiveModel {
                campaign_id: Set(id),
                account_id: Set(account.id),
                arm: Set(arm(account.id)),
                place: Set(place),
                expected_minor: Set(None),
                saving_minor: Set(None),
            });
        tx.insert_all(drawn.collect::<Vec<_>>()).await?;
        let told = accounts.iter().map(|account| account.id);
        Ok(Announced {
            id,
            from,
            reminded,
            told: told.filter(|one| arm(*one) == CampaignArm::Mail).collect(),
            stored: plan::find(tx, row.id).await?,
        })
    }

    /// Orders with cases enough have the promotion.
    async fn use_it(&self, tx: &Tx, world: &World) -> Result<Ordered> {
        use order::Column as O;
        let orders = tx
            .all::<order::Entity>(|all| {
                all.filter(O::PlacedAt.gte(self.from))
                    .filter(O::State.ne(OrderState::Cancelled))
                    .order_by_asc(O::PlacedAt)
                    .order_by_asc(O::Number)
            })
            .await?;
        let products = tx
            .all::<product::Entity>(|all| all.filter(concerned(&self.stored)))
            .await?;
        let by_sku: HashMap<&str, i64> = world
            .products
            .iter()
            .filter_map(|made| {
                let case = made.row.pack_factor(made.row.order_unit)?;
                Some((made.row.sku.as_str(), case.get()))
            })
            .collect();
        let cases: HashMap<ProductId, i64> = products
            .iter()
            .filter_map(|row| Some((row.id, *by_sku.get(row.sku.as_str())?)))
            .collect();
        let mut lines: HashMap<OrderId, Vec<order_line::Model>> = HashMap::new();
        let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
        for chunk in ids.chunks(1_000) {
            let those = tx
                .all::<order_line::Entity>(|all| {
                    all.filter(order_line::Column::OrderId.is_in(padded(chunk)))
                        .order_by_asc(order_line::Column::Position)
                })
                .await?;
            for line in those {
                lines.entry(line.order_id).or_default().push(line);
            }
        }
        let counted: HashSet<ProductId> = cases.keys().copied().collect();
        let (mut uses, mut ordered) = (Vec::new(), Ordered::new());
        for order in orders {
            let own = lines.remove(&order.id).unwrap_or_default();
            let count = |line: &order_line::Model| {
                let case = cases.get(&line.product_id);
                case.map_or(0, |case| line.ordered / Ord::max(*case, 1))
            };
            let taken: i64 = own.iter().map(count).sum();
            let Some((_, off)) = STEPS.iter().find(|(from, _)| taken >= *from) else {
                continue;
            };
            let spend = take_off(tx, &order, &own, &counted, BasisPoints(*off)).await?;
            ordered.entry(order.account_id).or_insert(order.placed_at);
            uses.push((order, spend));
        }
        let spent: i64 = uses.iter().map(|(_, spend)| spend).sum();
        let count = i64::try_from(uses.len())?;
        let uses = uses
            .into_iter()
            .map(|(order, spend)| promotion_use::ActiveModel {
                promotion_id: Set(self.stored.row.id),
                order_id: Set(order.id),
                account_id: Set(order.account_id),
                spend_minor: Set(spend),
                state: Set(UseState::Committed),
                at: Set(order.placed_at),
            });
        tx.insert_all(uses.collect::<Vec<_>>()).await?;
        tx.change::<promotion::Entity>(|update| {
            update
                .filter(promotion::Column::Id.eq(self.stored.row.id))
                .col_expr(promotion::Column::Uses, Expr::value(count))
                .col_expr(promotion::Column::SpentMinor, Expr::value(spent))
        })
        .await?;
        Ok(ordered)
    }

    /// The mails, and what became of them.
    async fn write(&self, tx: &Tx, world: &World, ids: &mut Ids, ordered: &Ordered) -> Result<()> {
        let people = tx
            .all::<user::Entity>(|all| {
                all.filter(user::Column::AccountId.is_not_null())
                    .filter(user::Column::Status.eq(UserStatus::Active))
                    .order_by_asc(user::Column::Email)
            })
            .await?;
        let mut book = Book::default();
        for (at, person) in (0..).zip(&people) {
            let Some(account) = person.account_id.filter(|one| self.told.contains(one)) else {
                continue;
            };
            let mut chance = world.chance.of("campaign mail", at);
            let fate = Fate::of(&mut chance, &person.email);
            let has_ordered = ordered.get(&account).is_some_and(|on| *on < self.reminded);
            let waves = [
                (Wave::Announcement, self.from, true),
                (
                    Wave::Reminder,
                    self.reminded,
                    !has_ordered && fate != Fate::Dead,
                ),
            ];
            for (wave, due_at, _) in waves.into_iter().filter(|(_, _, is_for)| *is_for) {
                let (id, mail) = (ids.next(due_at), ids.next(due_at));
                let letter = Letter {
                    message: (id, mail),
                    account,
                    wave,
                    due_at,
                };
                book.message(self, &mut chance, &letter, person, fate);
            }
        }
        tx.insert_all(book.mails).await?;
        tx.insert_all(book.messages).await?;
        tx.insert_all(book.choices).await?;
        tx.insert_all(book.bounces).await?;
        tx.insert_all(book.suppressions).await
    }
}

/// Takes the promotion off an order's lines, and what that makes of its sums; says what it is.
async fn take_off(
    tx: &Tx,
    order: &order::Model,
    lines: &[order_line::Model],
    of: &HashSet<ProductId>,
    off: BasisPoints,
) -> Result<i64> {
    let mut spend = 0;
    let mut nets = Vec::with_capacity(lines.len());
    for line in lines {
        let net = Money::new(line.net_minor, order.currency);
        let less = if of.contains(&line.product_id) {
            net.share(off)?.minor
        } else {
            0
        };
        spend += less;
        let net = Money::new(line.net_minor - less, order.currency);
        nets.push((
            net,
            LineTax {
                rate: line.tax_rate,
                reason: line.tax_reason,
            },
        ));
        if less == 0 {
            continue;
        }
        tx.change::<order_line::Entity>(|update| {
            update
                .filter(order_line::Column::OrderId.eq(order.id))
                .filter(order_line::Column::Position.eq(line.position))
                .col_expr(order_line::Column::NetMinor, Expr::value(net.minor))
                .col_expr(order_line::Column::DiscountMinor, Expr::value(less))
        })
        .await?;
    }
    let sums = totals(order.currency, nets)?;
    tx.update(order::ActiveModel {
        id: Set(order.id),
        discount_minor: Set(spend),
        net_minor: Set(sums.net.minor),
        tax_minor: Set(sums.tax.minor),
        gross_minor: Set(sums.gross.minor),
        taxes: Set(serde_json::to_value(&sums.rows)?),
        ..Default::default()
    })
    .await?;
    Ok(spend)
}

/// What becomes of mails to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Wants none.
    Unsubscribed,
    /// Had enough that week.
    Capped,
    /// The address is dead.
    Dead,
    Read,
    Unread,
}

impl Fate {
    fn of(chance: &mut Chance, email: &str) -> Fate {
        let throw = chance.between(0, 99);
        match throw {
            _ if email.ends_with(ALWAYS) => Fate::Read,
            0..6 => Fate::Unsubscribed,
            6..9 => Fate::Capped,
            9..11 => Fate::Dead,
            11..44 => Fate::Read,
            _ => Fate::Unread,
        }
    }
}

struct Letter {
    /// The message's id and its mail's.
    message: (Uuid, Uuid),
    account: AccountId,
    wave: Wave,
    due_at: i64,
}

/// Rows to be stored.
#[derive(Default)]
struct Book {
    mails: Vec<mail::ActiveModel>,
    messages: Vec<campaign_message::ActiveModel>,
    choices: Vec<notification_choice::ActiveModel>,
    bounces: Vec<mail_bounce::ActiveModel>,
    suppressions: Vec<mail_suppression::ActiveModel>,
}

impl Book {
    fn message(
        &mut self,
        of: &Announced,
        chance: &mut Chance,
        letter: &Letter,
        person: &user::Model,
        fate: Fate,
    ) {
        let (id, mail) = letter.message;
        let skipped = match fate {
            Fate::Unsubscribed => Some("unsubscribed"),
            Fate::Capped if letter.wave == Wave::Announcement => Some("capped"),
            Fate::Capped | Fate::Dead | Fate::Read | Fate::Unread => None,
        };
        let sent_at = letter.due_at + chance.between(5_000, 240_000);
        let clicks = fate == Fate::Read && chance.permille(750);
        let clicked = sent_at + chance.between(300_000, 6 * 3_600_000);
        self.messages.push(campaign_message::ActiveModel {
            id: Set(id),
            campaign_id: Set(of.id),
            account_id: Set(letter.account),
            user_id: Set(person.id),
            wave: Set(letter.wave),
            due_at: Set(letter.due_at),
            state: Set(if skipped.is_some() {
                "skipped"
            } else {
                "mailed"
            }
            .to_owned()),
            skipped_because: Set(skipped.map(str::to_owned)),
            mail_id: Set(skipped.is_none().then_some(mail)),
            opened_at: Set(None),
            clicked_at: Set((clicks && skipped.is_none()).then_some(clicked)),
        });
        if skipped.is_none() {
            self.mails
                .push(of.mail(letter, person, sent_at, fate == Fate::Dead));
        }
        match (fate, letter.wave) {
            (Fate::Unsubscribed, Wave::Announcement) => {
                self.choices
                    .push(unsubscribed(person.id, letter.due_at - 30 * DAY));
            }
            (Fate::Dead, _) => self.came_back(mail, person, sent_at),
            (Fate::Unsubscribed | Fate::Capped | Fate::Read | Fate::Unread, _) => {}
        }
    }

    fn came_back(&mut self, mail: Uuid, person: &user::Model, at: i64) {
        let email = person.email.to_lowercase();
        let detail = "550 5.1.1 User unknown".to_owned();
        self.bounces.push(mail_bounce::ActiveModel {
            id: Set(mail),
            email: Set(email.clone()),
            mail_id: Set(Some(mail)),
            kind: Set(BounceKind::Hard),
            status: Set("5.1.1".to_owned()),
            detail: Set(detail.clone()),
            source: Set("mailbox".to_owned()),
            at: Set(at),
            digest: Set(mail.simple().to_string()),
        });
        self.suppressions.push(mail_suppression::ActiveModel {
            email: Set(email),
            reason: Set(SuppressedBecause::Bounce),
            detail: Set(detail),
            mail_id: Set(Some(mail)),
            since: Set(at),
            by_name: Set("mailbox".to_owned()),
        });
    }
}

fn unsubscribed(person: UserId, at: i64) -> notification_choice::ActiveModel {
    notification_choice::ActiveModel {
        user_id: Set(person),
        topic: Set(Topic::Promotions),
        mail: Set(MailChoice::Off),
        in_app: Set(true),
        push: Set(false),
        changed_at: Set(at),
    }
}

impl Announced {
    /// As it was: in short, for what it said stands on its promotion's page.
    fn mail(
        &self,
        letter: &Letter,
        person: &user::Model,
        sent_at: i64,
        bounced: bool,
    ) -> mail::ActiveModel {
        let name = &self.stored.row.name;
        let reminder = letter.wave == Wave::Reminder;
        let words = match (person.locale.as_str(), reminder) {
            ("de", false) => "Guten Morgen, ab heute gilt:",
            ("de", true) => "Guten Morgen, noch gilt:",
            (_, false) => "Good morning, from today on:",
            (_, true) => "Good morning, still on:",
        };
        mail::ActiveModel {
            id: Set(letter.message.1),
            event: Set(format!("campaign/{}/{}", self.id, letter.wave.name())),
            to_email: Set(person.email.clone()),
            to_name: Set(person.name.clone()),
            user_id: Set(Some(person.id)),
            account_id: Set(Some(letter.account)),
            kind: Set(KIND.to_owned()),
            topic: Set(Some(Topic::Promotions)),
            subject: Set(name.clone()),
            body_text: Set(format!("{words}\n\n{name}\n")),
            body_html: Set(format!("<p>{words}</p><p>{name}</p>")),
            state: Set("sent".to_owned()),
            last_error: Set(None),
            created_at: Set(letter.due_at),
            sent_at: Set(Some(sent_at)),
            bounced_at: Set(bounced.then_some(sent_at)),
        }
    }
}

#[cfg(test)]
mod tests;
