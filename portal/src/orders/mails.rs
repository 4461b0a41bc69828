//! The mails an order causes: to the retailer's people whom it concerns, and to the account's KAM.
//! What its holds cause stands in `hold_mails`, who the readers are in `readers`.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use trade::hold::{HoldState, Releaser};
use trade::money::Money;
use trade::order::OrderState;
use uuid::Uuid;

use super::document::confirmation_pdf;
use super::mail_view::{
    Approval, MailLine, OrderCancelledMail, OrderConfirmationMail, OrderReceivedMail,
};
use super::readers::{self, Told, link};
use super::{hold_mails, show};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, hold, mail, order, order_event, order_line, user};
use crate::db::words::{OrderSource, Topic};
use crate::error::Result;
use crate::holds;
use crate::mail::Attachment;
use crate::pricing::view::PromotionStep;
use crate::stock::outlook;
use crate::web::locale::Lang;
use crate::web::shape::Message;

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
        "hold_released" => hold_mails::released(app, &tx, &event, &order).await?,
        "rejected" => hold_mails::rejected(app, &tx, &event, &order).await?,
        "expired" => hold_mails::expired(app, &tx, &order).await?,
        "cancelled" => cancelled(app, &tx, &event, &order).await?,
        // What else becomes of one hold shows in what becomes of its order.
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
    let Some(kam) = readers::kam(tx, &account).await? else {
        return Ok(());
    };
    let holds = holds::of_orders(tx, &[order.id]).await?;
    let decides =
        |hold: &hold::Model| hold.releaser == Releaser::Kam && hold.opened_at == order.placed_at;
    if holds.iter().any(decides) {
        return Ok(());
    }
    let view = received(app, order, &account, &kam);
    let told = Told {
        topic: Topic::Accounts,
        event: &format!("{PLACED}{}", order.number),
        kind: "order-received",
        said: Message::new("told-account-order")
            .with("account", account.name.clone())
            .with("number", order.number.clone())
            .with("net", view.net),
        link: None,
    };
    readers::tell(app, tx, order, told, (&kam, &view)).await
}

/// Tells the retailer that the order is in and what it waits for; unless that is over by now.
async fn held(app: &App, tx: &Tx, order: &order::Model) -> Result<()> {
    if order.state != OrderState::Held {
        return Ok(());
    }
    let holds = hold_mails::for_buyer(app, tx, order).await?;
    for buyer in readers::of_retailer(tx, order).await? {
        let mut view = confirmation(app, tx, order, &buyer).await?;
        view.holds.clone_from(&holds);
        let told = Told {
            topic: Topic::Orders,
            event: &format!("order-held/{}", order.number),
            kind: "order-held",
            said: said("told-order-held", order).with(
                "why",
                hold_mails::kinds(holds.iter().map(|hold| &hold.kind)),
            ),
            link: None,
        };
        readers::tell(app, tx, order, told, (&buyer, &view)).await?;
    }
    Ok(())
}

/// Sends the retailer the confirmation; unless the order has come to nothing by now.
async fn confirmed(app: &App, tx: &Tx, order: &order::Model) -> Result<()> {
    match order.state {
        OrderState::Confirmed | OrderState::Released | OrderState::Closed => {}
        OrderState::Held | OrderState::Cancelled | OrderState::Rejected | OrderState::Expired => {
            return Ok(());
        }
    }
    let holds = holds::of_orders(tx, &[order.id]).await?;
    let approvals = approvals(&holds);
    for buyer in readers::of_retailer(tx, order).await? {
        let mut view = confirmation(app, tx, order, &buyer).await?;
        OrderState::Confirmed.name().clone_into(&mut view.state);
        view.approvals.clone_from(&approvals);
        let told = Told {
            topic: Topic::Orders,
            event: &format!("{CONFIRMED}{}", order.number),
            kind: CONFIRMATION,
            said: said("told-order-confirmed", order),
            link: None,
        };
        readers::tell(app, tx, order, told, (&buyer, &view)).await?;
    }
    Ok(())
}

/// Who of the retailer approved, and their words.
pub(super) fn approvals(holds: &[hold::Model]) -> Vec<Approval> {
    let approved = holds
        .iter()
        .filter(|hold| hold.releaser == Releaser::Approver && hold.state == HoldState::Released);
    let approval = |hold: &hold::Model| {
        let by = hold.decided_by.clone().filter(|name| !name.is_empty())?;
        let reason = hold.reason.clone().filter(|reason| !reason.is_empty());
        Some(Approval { by, reason })
    };
    approved.filter_map(approval).collect()
}

/// A sentence about an order; one that its readers did not place says who did.
fn said(key: &str, order: &order::Model) -> Message {
    let placed = if readers::placed_by_its_own(order) {
        "own"
    } else {
        "other"
    };
    Message::new(key)
        .with("number", order.number.clone())
        .with("net", Money::new(order.net_minor, order.currency))
        .with("placed", placed)
        .with("by", order.placed_by.clone())
}

/// Tells the retailer that the order is cancelled, by whom and why; and the KAM, whom it was told
/// of, unless it was they who did.
async fn cancelled(
    app: &App,
    tx: &Tx,
    cancelled: &order_event::Model,
    order: &order::Model,
) -> Result<()> {
    let account = tx.get::<account::Entity>(order.account_id).await?;
    let kam = readers::kam(tx, &account).await?;
    let kam = kam.filter(|kam| kam.name != cancelled.by_name);
    let buyers = readers::of_retailer(tx, order).await?;
    let event = format!("order-cancelled/{}", order.number);
    let people = buyers.iter().map(|buyer| (buyer, false));
    for (person, is_staff) in people.chain(kam.iter().map(|kam| (kam, true))) {
        let view = OrderCancelledMail {
            brand_name: app.brand.row.name.clone(),
            name: person.name.clone(),
            account_name: account.name.clone(),
            number: order.number.clone(),
            po_number: some_text(&order.po_number),
            cancelled_by: cancelled.by_name.clone(),
            reason: order.cancel_reason.clone().unwrap_or_default(),
            net: Money::new(order.net_minor, order.currency),
            is_staff,
            link: link(app, order),
        };
        let (topic, key) = if is_staff {
            (Topic::Accounts, "told-account-order-cancelled")
        } else {
            (Topic::Orders, "told-order-cancelled")
        };
        let told = Told {
            topic,
            event: &event,
            kind: "order-cancelled",
            said: Message::new(key)
                .with("number", order.number.clone())
                .with("by", cancelled.by_name.clone())
                .with("account", account.name.clone()),
            link: None,
        };
        readers::tell(app, tx, order, told, (person, &view)).await?;
    }
    Ok(())
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
        by_program: order.source == OrderSource::Api,
        requested_date: order.requested_date.map(|date| date.to_string()),
        expected_date,
        ship_to: show::address(order, "ship_to"),
        lines,
        totals: show::totals(order),
        terms_days: order.payment_terms_days.into(),
        note: some_text(&order.note),
        approvals: Vec::new(),
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

pub(super) fn some_text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
