//! Handlers of the queue, and of deciding: in it, or on the order's page.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use trade::hold::HoldState;
use trade::id::HoldId;

use super::{not_open, queue};
use crate::auth::{Kam, SignedIn};
use crate::db::again;
use crate::db::entity::{hold, order};
use crate::db::scope::Scope;
use crate::error::{Error, Result};
use crate::orders::{decide, show};
use crate::web::context::local_path;
use crate::web::form::FormState;
use crate::web::shape::{Message, Query};
use crate::web::{Fields, Page, flash};

/// The most letters of a reason.
const REASON: usize = 500;

/// GET `/kam/exceptions`.
///
/// # Errors
/// Whatever the database says.
pub async fn exceptions(page: Page, who: Kam) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let view = queue::page(&tx, &page.app, page.query()).await?;
    page.render(&view)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Decision {
    Release,
    Reject,
}

/// POST `/holds/{id}/release`: the order may go on as far as this hold is concerned.
///
/// # Errors
/// `NotFound`; `Forbidden` where somebody else decides; `Refused` where it has been decided.
pub async fn release(
    page: Page,
    who: SignedIn,
    staff: Option<Kam>,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    decide(&page, &who, staff, &id, &fields, Decision::Release).await
}

/// POST `/holds/{id}/reject`: the order is not carried out.
///
/// # Errors
/// As [`release`].
pub async fn reject(
    page: Page,
    who: SignedIn,
    staff: Option<Kam>,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    decide(&page, &who, staff, &id, &fields, Decision::Reject).await
}

async fn decide(
    page: &Page,
    who: &SignedIn,
    staff: Option<Kam>,
    id: &str,
    fields: &Fields,
    decision: Decision,
) -> Result<HttpResponse> {
    let id: HoldId = id.parse().map_err(|_| Error::NotFound)?;
    // The brand's people decide as themselves, also while they act for an account; and what
    // follows from it reaches further than what they see, such as the books of whoever pays.
    let (scope, acting) = match staff {
        Some(staff) => (staff.scope.clone(), staff.scope.everywhere()),
        None => (who.scope.clone(), who.scope.clone()),
    };
    let tx = page.app.db.read(&scope).await?;
    let found = tx.get::<hold::Entity>(id).await?;
    if !decide::may_decide(&scope, &found) {
        return Err(Error::Forbidden);
    }
    let order = tx.get::<order::Entity>(found.order_id).await?;
    drop(tx);
    if found.state != HoldState::Open {
        return Err(not_open(&page.app, &found, &order.number).into());
    }
    let at_home = format!("/orders/{}", order.number);
    let back = local_path(fields.text("back"), &at_home);
    if let Some(form) = faults(fields, decision) {
        return ask_again(page, who, &scope, id, form, &order.number, back).await;
    }
    let reason = fields.text("reason");
    let deciding = async || {
        let tx = page.app.db.begin(&acting).await?;
        let order = match decision {
            Decision::Release => decide::release(&tx, &page.app, id, reason).await?,
            Decision::Reject => decide::reject(&tx, &page.app, id, reason).await?,
        };
        tx.commit().await?;
        Ok(order)
    };
    let decided = match again(deciding).await {
        Ok(order) => order,
        // Somebody else was quicker by a moment: say who.
        Err(Error::Refused(refusal)) => {
            let tx = page.app.db.read(&scope).await?;
            let now = tx.get::<hold::Entity>(id).await?;
            if now.state == HoldState::Open {
                return Err(Error::Refused(refusal));
            }
            return Err(not_open(&page.app, &now, &order.number).into());
        }
        Err(error) => return Err(error),
    };
    page.app.wake.notify_one();
    let message = match (decision, decided.state.name()) {
        (Decision::Reject, _) => Message::new("hold-rejected-done"),
        (Decision::Release, "held") => Message::new("hold-released-done"),
        (Decision::Release, _) => Message::new("hold-confirmed-done"),
    };
    let message = message.with("number", decided.number.clone());
    Ok(page.redirect_with(back, flash::good(message)))
}

fn faults(fields: &Fields, decision: Decision) -> Option<FormState> {
    let reason = fields.text("reason");
    let message = if reason.chars().count() > REASON {
        Message::new("error-too-long").with("most", i64::try_from(REASON).unwrap_or(i64::MAX))
    } else if decision == Decision::Reject && reason.is_empty() {
        Message::new("hold-reason-missing")
    } else {
        return None;
    };
    Some(fields.form().error("reason", message))
}

/// The page the form came from, with what was typed and what is missing.
async fn ask_again(
    page: &Page,
    who: &SignedIn,
    scope: &Scope,
    id: HoldId,
    form: FormState,
    number: &str,
    back: &str,
) -> Result<HttpResponse> {
    let id = id.to_string();
    let (place, _) = back.split_once('#').unwrap_or((back, ""));
    let (path, query) = place.split_once('?').unwrap_or((place, ""));
    if path == queue::PATH && who.is_staff() {
        let query = form_urlencoded::parse(query.as_bytes());
        let query: Query = query.into_owned().collect();
        let tx = page.app.db.read(scope).await?;
        let mut view = queue::page(&tx, &page.app, query).await?;
        if let Some(row) = view.rows.iter_mut().find(|row| row.hold.id == id) {
            row.hold.form = form;
            return page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view);
        }
    }
    let tx = page.app.db.read(&who.scope).await?;
    let mut view = show::seen_by(&tx, &page.app, who, number).await?;
    if let Some(hold) = view.holds.iter_mut().find(|hold| hold.id == id) {
        hold.form = form;
    }
    page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
}
