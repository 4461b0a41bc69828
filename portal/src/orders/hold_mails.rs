//! The mails an order's holds cause: to who decides, and to the buyer and the KAM what came of it.

use trade::hold::{HoldState, Releaser};
use trade::money::Money;
use trade::order::OrderState;

use super::hold_mail_view::{
    HoldOpenedMail, MailHold, OrderApprovedMail, OrderExpiredMail, OrderRejectedMail,
};
use super::hold_words::{self, Reader};
use super::mails::{approvals, some_text};
use super::readers::{self, Told, link};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, hold, order, order_event};
use crate::db::words::Topic;
use crate::error::Result;
use crate::holds::{self, deciders};
use crate::web::shape::{Arg, Message};

/// Kinds of hold as a sentence names them.
pub(super) fn kinds<'a>(words: impl Iterator<Item = &'a String>) -> Arg {
    let said = words.map(|word| Message::new(format!("hold-{word}")).into());
    Arg::List {
        all: said.collect(),
    }
}

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

/// Why somebody hears of holds they decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// They were opened.
    First,
    /// They run out before long.
    Again,
}

/// Tells who decides that there is something to decide. What opened at once for the same people is
/// one mail, whichever of its events comes first.
pub(super) async fn opened(
    app: &App,
    tx: &Tx,
    event: &order_event::Model,
    order: &order::Model,
) -> Result<()> {
    let found = holds::of_orders(tx, &[order.id]).await?;
    match found.iter().find(|hold| event.hold_id == Some(hold.id)) {
        Some(this) => ask(app, tx, Asked::First, this, order, &found).await,
        None => Ok(()),
    }
}

/// Asks those who decide `this` hold of an order, and with it what opened at once for them.
pub(crate) async fn ask(
    app: &App,
    tx: &Tx,
    asked: Asked,
    this: &hold::Model,
    order: &order::Model,
    of_order: &[hold::Model],
) -> Result<()> {
    // Decided by now, or gone with its order.
    if this.state != HoldState::Open {
        return Ok(());
    }
    let with_this = |hold: &&hold::Model| {
        hold.state == HoldState::Open
            && (hold.releaser, hold.approver_id, hold.opened_at)
                == (this.releaser, this.approver_id, this.opened_at)
    };
    let found: Vec<&hold::Model> = of_order.iter().filter(with_this).collect();
    let account = tx.get::<account::Entity>(order.account_id).await?;
    let people = deciders::told(tx, this, &account).await?;
    let is_approval = this.releaser == Releaser::Approver;
    let due_at = found.iter().map(|hold| hold.due_at).min();
    let (kind, key) = match (asked, is_approval) {
        (Asked::First, false) => ("hold-opened", "told-hold-opened"),
        (Asked::First, true) => ("hold-opened", "told-approval-asked"),
        (Asked::Again, false) => ("hold-running-out", "told-hold-running-out"),
        (Asked::Again, true) => ("hold-running-out", "told-approval-running-out"),
    };
    let event = format!(
        "{kind}/{}/{}/{}",
        order.number, this.releaser, this.opened_at
    );
    let mut view = hold_opened(app, order, &account, &found);
    view.due = hold_words::local_day(due_at.unwrap_or(this.due_at), &app.brand.zone);
    view.again = asked == Asked::Again;
    view.is_approval = is_approval;
    let path = if is_approval {
        format!("/approvals/{}", order.number)
    } else {
        format!("{}?releaser=mine", holds::queue::PATH)
    };
    view.link = format!("{}{path}", app.base_url);
    for person in people {
        view.name.clone_from(&person.name);
        let told = Told {
            topic: if is_approval {
                Topic::Approvals
            } else {
                Topic::Accounts
            },
            event: &event,
            kind,
            said: Message::new(key)
                .with("number", order.number.clone())
                .with("account", account.name.clone())
                .with("by", order.placed_by.clone())
                .with("net", view.net)
                .with("kinds", kinds(view.holds.iter().map(|hold| &hold.kind)))
                .with(
                    "date",
                    Arg::Date {
                        date: view.due.clone(),
                    },
                ),
            link: Some(path.clone()),
        };
        readers::tell(app, tx, order, told, (&person, &view)).await?;
    }
    Ok(())
}

fn hold_opened(
    app: &App,
    order: &order::Model,
    account: &account::Model,
    found: &[&hold::Model],
) -> HoldOpenedMail {
    let zone = &app.brand.zone;
    let holds = found.iter().map(|hold| MailHold {
        kind: hold_words::kind_word(hold.kind),
        why: hold_words::why(hold, Reader::Decider, zone),
        next: Vec::new(),
    });
    HoldOpenedMail {
        brand_name: app.brand.row.name.clone(),
        name: String::new(),
        account_name: account.name.clone(),
        account_number: account.number.clone(),
        number: order.number.clone(),
        net: Money::new(order.net_minor, order.currency),
        placed_by: order.placed_by.clone(),
        holds: holds.collect(),
        due: String::new(),
        again: false,
        is_approval: false,
        link: String::new(),
    }
}

/// Tells the retailer that the order is approved and what it still waits for. Where it is confirmed
/// by that, the confirmation says who approved; each level but the last is told to nobody.
pub(super) async fn released(
    app: &App,
    tx: &Tx,
    event: &order_event::Model,
    order: &order::Model,
) -> Result<()> {
    let found = holds::of_orders(tx, &[order.id]).await?;
    let this = found.iter().find(|hold| event.hold_id == Some(hold.id));
    let of_approver = |hold: &hold::Model| hold.releaser == Releaser::Approver;
    let waits = found
        .iter()
        .any(|hold| of_approver(hold) && hold.state.holds_up());
    if order.state != OrderState::Held || !this.is_some_and(of_approver) || waits {
        return Ok(());
    }
    let holds = for_buyer(app, tx, order).await?;
    let key = format!("order-approved/{}", order.number);
    for buyer in readers::of_retailer(tx, order).await? {
        let view = OrderApprovedMail {
            brand_name: app.brand.row.name.clone(),
            name: buyer.name.clone(),
            number: order.number.clone(),
            po_number: some_text(&order.po_number),
            net: Money::new(order.net_minor, order.currency),
            approvals: approvals(&found),
            holds: holds.clone(),
            link: link(app, order),
        };
        let told = Told {
            topic: Topic::Approvals,
            event: &key,
            kind: "order-approved",
            said: Message::new("told-order-approved")
                .with("number", order.number.clone())
                .with("by", event.by_name.clone())
                .with("why", kinds(holds.iter().map(|hold| &hold.kind))),
            link: None,
        };
        readers::tell(app, tx, order, told, (&buyer, &view)).await?;
    }
    Ok(())
}

/// Tells the retailer that the order is rejected, by whom and why, and what can be done now; and
/// the KAM, whom it was told of, unless it was they who did.
pub(super) async fn rejected(
    app: &App,
    tx: &Tx,
    event: &order_event::Model,
    order: &order::Model,
) -> Result<()> {
    let account = tx.get::<account::Entity>(order.account_id).await?;
    let found = holds::of_orders(tx, &[order.id]).await?;
    let rejected = found.iter().find(|hold| hold.state == HoldState::Rejected);
    let by_approver = rejected.is_some_and(|hold| hold.releaser == Releaser::Approver);
    let by = rejected.and_then(|hold| hold.decided_by_id);
    let kam = readers::kam(tx, &account).await?;
    let kam = kam.filter(|kam| Some(kam.id) != by);
    let buyers = readers::of_retailer(tx, order).await?;
    let reason = order.cancel_reason.clone().unwrap_or_default();
    let key = format!("order-rejected/{}", order.number);
    let people = buyers.iter().map(|buyer| (buyer, false));
    for (person, is_staff) in people.chain(kam.iter().map(|kam| (kam, true))) {
        let view = OrderRejectedMail {
            brand_name: app.brand.row.name.clone(),
            name: person.name.clone(),
            account_name: account.name.clone(),
            number: order.number.clone(),
            po_number: some_text(&order.po_number),
            rejected_by: event.by_name.clone(),
            reason: reason.clone(),
            net: Money::new(order.net_minor, order.currency),
            is_staff,
            link: link(app, order),
        };
        let (topic, word) = match (is_staff, by_approver) {
            (true, _) => (Topic::Accounts, "told-account-order-rejected"),
            // What a colleague decides is one topic, what the brand decides another.
            (false, true) => (Topic::Approvals, "told-order-rejected"),
            (false, false) => (Topic::Orders, "told-order-rejected"),
        };
        let told = Told {
            topic,
            event: &key,
            kind: "order-rejected",
            said: Message::new(word)
                .with("number", order.number.clone())
                .with("by", event.by_name.clone())
                .with("reason", reason.clone())
                .with("account", account.name.clone()),
            link: None,
        };
        readers::tell(app, tx, order, told, (person, &view)).await?;
    }
    Ok(())
}

/// Tells the retailer and the KAM that nobody decided in time.
pub(super) async fn expired(app: &App, tx: &Tx, order: &order::Model) -> Result<()> {
    let account = tx.get::<account::Entity>(order.account_id).await?;
    let buyers = readers::of_retailer(tx, order).await?;
    let kam = readers::kam(tx, &account).await?;
    let holds = holds::of_orders(tx, &[order.id]).await?;
    let words: Vec<String> = holds
        .iter()
        .filter(|hold| hold.state == HoldState::Expired)
        .map(|hold| hold_words::kind_word(hold.kind))
        .collect();
    let key = format!("order-expired/{}", order.number);
    let people = buyers.iter().map(|buyer| (buyer, false));
    for (person, is_staff) in people.chain(kam.iter().map(|kam| (kam, true))) {
        let view = OrderExpiredMail {
            brand_name: app.brand.row.name.clone(),
            name: person.name.clone(),
            account_name: account.name.clone(),
            number: order.number.clone(),
            po_number: some_text(&order.po_number),
            net: Money::new(order.net_minor, order.currency),
            kinds: words.clone(),
            is_staff,
            link: link(app, order),
        };
        let (topic, word) = if is_staff {
            (Topic::Accounts, "told-account-order-expired")
        } else {
            (Topic::Orders, "told-order-expired")
        };
        let told = Told {
            topic,
            event: &key,
            kind: "order-expired",
            said: Message::new(word)
                .with("number", order.number.clone())
                .with("account", account.name.clone())
                .with("kinds", kinds(words.iter())),
            link: None,
        };
        readers::tell(app, tx, order, told, (person, &view)).await?;
    }
    Ok(())
}
