//! The mails an order causes: to the retailer's person who placed it, and to the account's KAM.
//! What its holds cause stands in `hold_mails`.
//!
//! Where staff or a program placed the order, the account's first admin or buyer is told instead;
//! so they are where the person who placed it may no longer sign in.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use trade::hold::Releaser;
use trade::money::Money;
use trade::order::OrderState;
use uuid::Uuid;

use super::document::confirmation_pdf;
use super::mail_view::{MailLine, OrderCancelledMail, OrderConfirmationMail, OrderReceivedMail};
use super::{hold_mails, show};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, hold, mail, order, order_event, order_line, user};
use crate::db::words::{OrderSource, Role, Topic, UserStatus};
use crate::error::Result;
use crate::holds;
use crate::jobs::outbox::{self, Letter};
use crate::mail::Attachment;
use crate::pricing::view::PromotionStep;
use crate::stock::outlook;
use crate::web::locale::Lang;

/// The kind of mail that carries the confirmation as a PDF.
pub const CONFIRMATION: &str = "order-confirmation";
const PLACED: &str = "order-placed/";
const CONFIRMED: &str = "order-confirmed/";

/// Tells whom it concerns of an event.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn event(app: &App, id: Uuid) -> Result<()> {
    let tx = app.db.begin_system("order mails").await?;
    let event = tx.get::<order_event::Entity>(id).await?;
    let order = tx.get::<order::Entity>(event.order_id).await?;
    match event.kind.as_str() {
        "placed" => placed(app, &tx, &order).await?,
        "held" => held(app, &tx, &order).await?,
        "hold_opened" => hold_mails::opened(app, &tx, &event, &order).await?,
        "confirmed" => confirmed(app, &tx, &order).await?,
        "rejected" => hold_mails::rejected(app, &tx, &event, &order).await?,
        "expired" => hold_mails::expired(app, &tx, &order).await?,
        "cancelled" => cancelled(app, &tx, &event, &order).await?,
        // What becomes of one hold shows in what becomes of its order.
        _ => return Ok(()),
    }
    tx.commit().await?;
    app.wake.notify_one();
    Ok(())
}

/// Tells the KAM in short that an order is in; where they have to decide about it, they are told
/// that instead.
async fn placed(app: &App, tx: &Tx, order: &order::Model) -> Result<()> {
    let account = tx.get::<account::Entity>(order.account_id).await?;
    let Some(kam) = account.kam_id else {
        return Ok(());
    };
    let holds = holds::of_orders(tx, &[order.id]).await?;
    let decides =
        |hold: &hold::Model| hold.releaser == Releaser::Kam && hold.opened_at == order.placed_at;
    if holds.iter().any(decides) {
        return Ok(());
    }
    let kam = tx.get::<user::Entity>(kam).await?;
    let view = received(app, order, &account, &kam);
    let event = format!("{PLACED}{}", order.number);
    let letter = Letter {
        event: &event,
        kind: "order-received",
        account: Some(account.id),
        topic: Some(Topic::Orders),
        follows: None,
    };
    outbox::post(app, tx, letter, &kam, &view).await?;
    Ok(())
}

/// Tells the buyer that the order is in and what it waits for; unless that is over by now.
async fn held(app: &App, tx: &Tx, order: &order::Model) -> Result<()> {
    if order.state != OrderState::Held {
        return Ok(());
    }
    let Some(buyer) = reader(tx, order).await? else {
        return Ok(());
    };
    let mut view = confirmation(app, tx, order, &buyer).await?;
    view.holds = hold_mails::for_buyer(app, tx, order).await?;
    let event = format!("order-held/{}", order.number);
    let letter = Letter {
        event: &event,
        kind: "order-held",
        account: Some(order.account_id),
        topic: Some(Topic::Orders),
        follows: None,
    };
    outbox::post(app, tx, letter, &buyer, &view).await?;
    Ok(())
}

/// Sends the buyer the confirmation; unless the order has come to nothing by now.
async fn confirmed(app: &App, tx: &Tx, order: &order::Model) -> Result<()> {
    match order.state {
        OrderState::Confirmed | OrderState::Released | OrderState::Closed => {}
        OrderState::Held | OrderState::Cancelled | OrderState::Rejected | OrderState::Expired => {
            return Ok(());
        }
    }
    let Some(buyer) = reader(tx, order).await? else {
        return Ok(());
    };
    let mut view = confirmation(app, tx, order, &buyer).await?;
    OrderState::Confirmed.name().clone_into(&mut view.state);
    let event = format!("{CONFIRMED}{}", order.number);
    let letter = Letter {
        event: &event,
        kind: CONFIRMATION,
        account: Some(order.account_id),
        topic: Some(Topic::Orders),
        follows: None,
    };
    outbox::post(app, tx, letter, &buyer, &view).await?;
    Ok(())
}

/// Tells the retailer that the order is cancelled, by whom and why.
async fn cancelled(
    app: &App,
    tx: &Tx,
    cancelled: &order_event::Model,
    order: &order::Model,
) -> Result<()> {
    let Some(buyer) = reader(tx, order).await? else {
        return Ok(());
    };
    let view = OrderCancelledMail {
        brand_name: app.brand.row.name.clone(),
        name: buyer.name.clone(),
        number: order.number.clone(),
        po_number: some_text(&order.po_number),
        cancelled_by: cancelled.by_name.clone(),
        reason: order.cancel_reason.clone().unwrap_or_default(),
        net: Money::new(order.net_minor, order.currency),
        link: link(app, order),
    };
    let event = format!("order-cancelled/{}", order.number);
    let letter = Letter {
        event: &event,
        kind: "order-cancelled",
        account: Some(order.account_id),
        topic: Some(Topic::Orders),
        follows: None,
    };
    outbox::post(app, tx, letter, &buyer, &view).await?;
    Ok(())
}

/// Who of the retailer is written to.
pub(super) async fn reader(tx: &Tx, order: &order::Model) -> Result<Option<user::Model>> {
    let placed_itself = match order.source {
        OrderSource::Portal => order.placed_by_id,
        OrderSource::OnBehalf | OrderSource::Api | OrderSource::Import => None,
    };
    if let Some(id) = placed_itself {
        let user = tx.get::<user::Entity>(id).await?;
        let theirs = user.account_id == Some(order.account_id);
        if theirs && user.status == UserStatus::Active {
            return Ok(Some(user));
        }
    }
    let people = tx
        .all::<user::Entity>(|users| {
            users
                .filter(user::Column::AccountId.eq(order.account_id))
                .filter(user::Column::Status.eq(UserStatus::Active))
                .filter(user::Column::Role.is_in([Role::AccountAdmin, Role::Buyer]))
                .order_by_asc(user::Column::CreatedAt)
                .order_by_asc(user::Column::Id)
        })
        .await?;
    // `min_by_key` keeps the first of equals: the longest-standing admin, else buyer.
    Ok(people
        .into_iter()
        .min_by_key(|user| user.role != Role::AccountAdmin))
}

async fn confirmation(
    app: &App,
    tx: &Tx,
    order: &order::Model,
    buyer: &user::Model,
) -> Result<OrderConfirmationMail> {
    let lines = lines(tx, app, order).await?;
    let expected_date = lines.iter().filter_map(|line| line.expected.clone()).max();
    Ok(OrderConfirmationMail {
        brand_name: app.brand.row.name.clone(),
        name: buyer.name.clone(),
        number: order.number.clone(),
        state: order.state.name().to_owned(),
        po_number: some_text(&order.po_number),
        placed_on: order.placed_on.to_string(),
        placed_by: order.placed_by.clone(),
        on_behalf_of: order.on_behalf_of.clone(),
        requested_date: order.requested_date.map(|date| date.to_string()),
        expected_date,
        ship_to: show::address(order, "ship_to"),
        lines,
        totals: show::totals(order),
        terms_days: order.payment_terms_days.into(),
        note: some_text(&order.note),
        holds: Vec::new(),
        link: link(app, order),
    })
}

async fn lines(tx: &Tx, app: &App, order: &order::Model) -> Result<Vec<MailLine>> {
    let rows = tx
        .all::<order_line::Entity>(|lines| {
            lines
                .filter(order_line::Column::OrderId.eq(order.id))
                .order_by_asc(order_line::Column::Position)
        })
        .await?;
    let promises = outlook::of_order(tx, app.today(), order.id).await?;
    let line = |row: order_line::Model| {
        let back_ordered = row.back_ordered;
        let factor = Ord::max(i64::from(row.pack_factor), 1);
        let expected = promises.get(&row.position).and_then(|promise| promise.by);
        let promotions = show::trace(&row).as_ref().map(PromotionStep::of);
        let promotions = promotions.unwrap_or_default();
        MailLine {
            expected: expected
                .filter(|_| back_ordered > 0)
                .map(|date| date.to_string()),
            sku: row.sku,
            name: row.name,
            quantity: row.quantity.into(),
            unit: row.unit,
            unit_price: row.unit_price,
            price_unit: row.unit,
            currency: order.currency,
            // Quantity times price; what promotions took off follows in lines of its own.
            total: Money::new(row.net_minor + row.discount_minor, order.currency),
            promotions,
            is_free: row.promotion_id.is_some(),
            // A case that is not complete is owed as a case.
            back_ordered: (back_ordered + factor - 1) / factor,
        }
    };
    Ok(rows.into_iter().map(line).collect())
}

fn received(
    app: &App,
    order: &order::Model,
    account: &account::Model,
    kam: &user::Model,
) -> OrderReceivedMail {
    OrderReceivedMail {
        brand_name: app.brand.row.name.clone(),
        name: kam.name.clone(),
        account_name: account.name.clone(),
        account_number: account.number.clone(),
        number: order.number.clone(),
        state: order.state.name().to_owned(),
        lines: order.line_count.into(),
        net: Money::new(order.net_minor, order.currency),
        placed_by: order.placed_by.clone(),
        on_behalf: order.on_behalf_of.is_some(),
        link: link(app, order),
    }
}

/// The name of the file a mail of that event carries.
#[must_use]
pub fn document_name(event: &str) -> Option<String> {
    number_of(event).map(|number| format!("confirmation-{number}.pdf"))
}

/// Confirmations that waited while Kontor was brought up to date bear the older event.
fn number_of(event: &str) -> Option<&str> {
    event
        .strip_prefix(CONFIRMED)
        .or_else(|| event.strip_prefix(PLACED))
}

/// The confirmation as a file, drawn from the order when the mail leaves.
///
/// # Errors
/// The order is gone, or whatever the database says.
pub async fn confirmation_document(app: &App, mail: &mail::Model) -> Result<Vec<Attachment>> {
    let (Some(number), Some(name)) = (number_of(&mail.event), document_name(&mail.event)) else {
        return Ok(Vec::new());
    };
    let tx = app.db.read_system("order mails").await?;
    let whole = show::load(&tx, number).await?;
    let reader = tx
        .one::<user::Entity>(|users| users.filter(user::Column::Email.eq(&mail.to_email)))
        .await?;
    // Drawing takes its time; no transaction waits for it.
    drop(tx);
    let lang = reader
        .and_then(|reader| Lang::parse(&reader.locale))
        .unwrap_or(app.brand.lang);
    let bytes = confirmation_pdf(app, &whole, lang).await?;
    Ok(vec![Attachment {
        name,
        media_type: "application/pdf".into(),
        bytes,
    }])
}

pub(super) fn link(app: &App, order: &order::Model) -> String {
    format!("{}/orders/{}", app.base_url, order.number)
}

pub(super) fn some_text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
