//! The mails an order's holds cause: to who decides, and to the buyer and the KAM what came of it.

use trade::hold::{HoldState, Releaser};
use trade::money::Money;

use super::hold_mail_view::{HoldOpenedMail, MailHold, OrderExpiredMail, OrderRejectedMail};
use super::hold_words::{self, Reader};
use super::mails::{link, reader, some_text};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, hold, order, order_event, user};
use crate::db::words::Topic;
use crate::error::Result;
use crate::holds::{self, deciders};
use crate::jobs::outbox::{self, Letter};

/// What an order waits for, as its buyer reads it.
pub(super) async fn for_buyer(app: &App, tx: &Tx, order: &order::Model) -> Result<Vec<MailHold>> {
    let mut found = holds::of_orders(tx, &[order.id]).await?;
    found.retain(|hold| hold.state.holds_up());
    let named = holds::named(tx, &found).await?;
    let payable = holds::payable(tx, order, &found).await?;
    let told = Reader::of(order, false);
    let zone = &app.brand.zone;
    let mail_hold = |hold: &hold::Model| {
        let name = hold.approver_id.and_then(|id| named.get(&id));
        MailHold {
            kind: hold_words::kind_word(hold.kind),
            why: hold_words::why(hold, told, zone),
            next: hold_words::next(hold, name.map(String::as_str), payable.as_ref(), zone),
        }
    };
    Ok(found.iter().map(mail_hold).collect())
}

/// Tells who decides that there is something to decide. What opened at once for the same people is
/// one mail, whichever of its events comes first.
pub(super) async fn opened(
    app: &App,
    tx: &Tx,
    event: &order_event::Model,
    order: &order::Model,
) -> Result<()> {
    let mut found = holds::of_orders(tx, &[order.id]).await?;
    let Some(this) = found
        .iter()
        .find(|hold| event.hold_id == Some(hold.id))
        .cloned()
    else {
        return Ok(());
    };
    // Decided by now, or gone with its order.
    if this.state != HoldState::Open {
        return Ok(());
    }
    found.retain(|hold| {
        hold.state == HoldState::Open
            && (hold.releaser, hold.approver_id, hold.opened_at)
                == (this.releaser, this.approver_id, this.opened_at)
    });
    let account = tx.get::<account::Entity>(order.account_id).await?;
    let people = deciders::told(tx, &this, &account).await?;
    let zone = &app.brand.zone;
    let is_approval = this.releaser == Releaser::Approver;
    let due_at = found.iter().map(|hold| hold.due_at).min();
    let key = format!(
        "hold-opened/{}/{}/{}",
        order.number, this.releaser, this.opened_at
    );
    let mut view = HoldOpenedMail {
        brand_name: app.brand.row.name.clone(),
        name: String::new(),
        account_name: account.name.clone(),
        account_number: account.number.clone(),
        number: order.number.clone(),
        net: Money::new(order.net_minor, order.currency),
        placed_by: order.placed_by.clone(),
        holds: found
            .iter()
            .map(|hold| MailHold {
                kind: hold_words::kind_word(hold.kind),
                why: hold_words::why(hold, Reader::Decider, zone),
                next: Vec::new(),
            })
            .collect(),
        due: hold_words::local_day(due_at.unwrap_or(this.due_at), zone),
        is_approval,
        link: if is_approval {
            format!("{}/approvals/{}", app.base_url, order.number)
        } else {
            format!("{}{}?releaser=mine", app.base_url, holds::queue::PATH)
        },
    };
    for person in people {
        view.name.clone_from(&person.name);
        let letter = Letter {
            event: &key,
            kind: "hold-opened",
            account: Some(order.account_id),
            topic: Some(Topic::Orders),
            follows: None,
        };
        outbox::post(app, tx, letter, &person, &view).await?;
    }
    Ok(())
}

/// Tells the buyer that the order is rejected, by whom and why, and what can be done now.
pub(super) async fn rejected(
    app: &App,
    tx: &Tx,
    event: &order_event::Model,
    order: &order::Model,
) -> Result<()> {
    let Some(buyer) = reader(tx, order).await? else {
        return Ok(());
    };
    let view = OrderRejectedMail {
        brand_name: app.brand.row.name.clone(),
        name: buyer.name.clone(),
        number: order.number.clone(),
        po_number: some_text(&order.po_number),
        rejected_by: event.by_name.clone(),
        reason: order.cancel_reason.clone().unwrap_or_default(),
        net: Money::new(order.net_minor, order.currency),
        link: link(app, order),
    };
    let key = format!("order-rejected/{}", order.number);
    let letter = Letter {
        event: &key,
        kind: "order-rejected",
        account: Some(order.account_id),
        topic: Some(Topic::Orders),
        follows: None,
    };
    outbox::post(app, tx, letter, &buyer, &view).await?;
    Ok(())
}

/// Tells the buyer and the KAM that nobody decided in time.
pub(super) async fn expired(app: &App, tx: &Tx, order: &order::Model) -> Result<()> {
    let account = tx.get::<account::Entity>(order.account_id).await?;
    let buyer = reader(tx, order).await?;
    let kam = match account.kam_id {
        Some(id) => Some(tx.get::<user::Entity>(id).await?),
        None => None,
    };
    let holds = holds::of_orders(tx, &[order.id]).await?;
    let kinds: Vec<String> = holds
        .iter()
        .filter(|hold| hold.state == HoldState::Expired)
        .map(|hold| hold_words::kind_word(hold.kind))
        .collect();
    let key = format!("order-expired/{}", order.number);
    let readers = [(buyer, false), (kam, true)];
    for (person, is_staff) in readers {
        let Some(person) = person else { continue };
        let view = OrderExpiredMail {
            brand_name: app.brand.row.name.clone(),
            name: person.name.clone(),
            account_name: account.name.clone(),
            number: order.number.clone(),
            po_number: some_text(&order.po_number),
            net: Money::new(order.net_minor, order.currency),
            kinds: kinds.clone(),
            is_staff,
            link: link(app, order),
        };
        let letter = Letter {
            event: &key,
            kind: "order-expired",
            account: Some(order.account_id),
            topic: Some(Topic::Orders),
            follows: None,
        };
        outbox::post(app, tx, letter, &person, &view).await?;
    }
    Ok(())
}
