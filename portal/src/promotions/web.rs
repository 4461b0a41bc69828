//! Handlers of promotions and funds.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use trade::id::{FundId, PromotionId};
use uuid::Uuid;

use super::life::{self, Step};
use super::{drafts, editor, funds, list, plan, ranked, show};
use crate::auth::{Decider, Kam, Planner};
use crate::error::{Error, Result};
use crate::web::form::FormState;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

type Id = web::Path<Uuid>;

/// GET `/kam/promotions`.
///
/// # Errors
/// Whatever the database says.
pub async fn list(page: Page, who: Kam) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    page.render(&list::page(&tx, &page.app, page.query()).await?)
}

/// GET `/kam/promotions/new`: an empty form; `mechanic` chooses its kind.
///
/// # Errors
/// Whatever the database says.
pub async fn new(page: Page, who: Planner) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let query = page.query();
    let kind = query
        .get("mechanic")
        .map(String::as_str)
        .unwrap_or_default();
    let fields = editor::blank(&page.app, kind);
    page.render(&editor::filled(&tx, &page.app, None, &fields, fields.form()).await?)
}

/// POST `/kam/promotions`: keeps a new draft.
///
/// # Errors
/// Whatever the database says.
pub async fn create(page: Page, who: Planner, fields: Fields) -> Result<HttpResponse> {
    let app = &page.app;
    let tx = app.db.begin(&who.scope).await?;
    let (form, plan) = editor::read(&tx, app, &fields, None).await?;
    let Some(plan) = plan else {
        let view = editor::filled(&tx, app, None, &fields, form).await?;
        return page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view);
    };
    let id = drafts::create(&tx, app.clock.millis(), &plan).await?;
    tx.commit().await?;
    Ok(to(&page, id, "promotion-created"))
}

/// POST `/kam/promotions/preview`: what the form would do, nothing kept. `id` names the draft it
/// is for.
///
/// # Errors
/// Whatever the database says.
pub async fn preview(page: Page, who: Planner, fields: Fields) -> Result<HttpResponse> {
    let app = &page.app;
    let tx = app.db.read(&who.scope).await?;
    let id = fields.text("id").parse::<PromotionId>().ok();
    let (form, plan) = editor::read(&tx, app, &fields, id).await?;
    let mut view = editor::filled(&tx, app, id, &fields, form).await?;
    let Some(plan) = plan else {
        return page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view);
    };
    let names = plan::names(&tx, app, &[&plan]).await?;
    let nameless = PromotionId(Uuid::nil());
    view.preview = Some(show::explain(&tx, app, &plan, nameless, &names).await?);
    page.render(&view)
}

/// GET `/kam/promotions/{id}`; `campaign` chooses whose results are shown.
///
/// # Errors
/// `NotFound`.
pub async fn one(page: Page, who: Kam, id: Id) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let id = PromotionId(*id);
    let query = page.query();
    let campaign = query.get("campaign").map(String::as_str);
    page.render(&show::page(&tx, &page.app, id, campaign, FormState::new()).await?)
}

/// GET `/kam/promotions/{id}/accounts`: whom it reaches, by what is expected of them.
///
/// # Errors
/// `NotFound`.
pub async fn ranked(page: Page, who: Kam, id: Id) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    page.render(&ranked::page(&tx, &page.app, PromotionId(*id), page.query()).await?)
}

/// GET `/kam/promotions/{id}/accounts.csv`.
///
/// # Errors
/// `NotFound`.
pub async fn ranked_csv(page: Page, who: Kam, id: Id) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let (code, file) = ranked::csv(&tx, &page.app, PromotionId(*id)).await?;
    let word: String = code
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let name = format!("accounts-{word}-{}.csv", page.app.today());
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            "Content-Disposition",
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header(("Cache-Control", "private, no-store"))
        .body(file))
}

/// GET `/kam/promotions/{id}/edit`.
///
/// # Errors
/// Refused where it is no draft.
pub async fn edit(page: Page, who: Planner, id: Id) -> Result<HttpResponse> {
    let app = &page.app;
    let tx = app.db.read(&who.scope).await?;
    let stored = drafts::open(&tx, app, PromotionId(*id)).await?;
    let names = plan::names(&tx, app, &[&stored.plan]).await?;
    let fields = editor::kept(&tx, &stored, &names).await?;
    let id = Some(stored.row.id);
    let mut view = editor::filled(&tx, app, id, &fields, fields.form()).await?;
    view.preview = Some(show::explain(&tx, app, &stored.plan, stored.row.id, &names).await?);
    page.render(&view)
}

/// POST `/kam/promotions/{id}`: rewrites a draft.
///
/// # Errors
/// Refused where it is no draft.
pub async fn save(page: Page, who: Planner, id: Id, fields: Fields) -> Result<HttpResponse> {
    let app = &page.app;
    let tx = app.db.begin(&who.scope).await?;
    let before = drafts::open(&tx, app, PromotionId(*id)).await?;
    let id = before.row.id;
    let (mut form, plan) = editor::read(&tx, app, &fields, Some(id)).await?;
    let version = before.row.updated_at.to_string();
    if fields.has("version") && fields.text("version") != version {
        // Saving once more overwrites knowingly.
        form.refuse_key("", "error-promotion-changed-meanwhile");
        form.values.insert("version".to_owned(), version);
    }
    let Some(plan) = plan.filter(|_| form.is_valid()) else {
        let view = editor::filled(&tx, app, Some(id), &fields, form).await?;
        return page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view);
    };
    drafts::save(&tx, app, app.clock.millis(), &before, &plan).await?;
    tx.commit().await?;
    Ok(to(&page, id, "promotion-saved"))
}

/// POST `/kam/promotions/{id}/copy`.
///
/// # Errors
/// `NotFound`.
pub async fn copy(page: Page, who: Planner, id: Id, _: Fields) -> Result<HttpResponse> {
    let app = &page.app;
    let tx = app.db.begin(&who.scope).await?;
    let copy = drafts::copy(&tx, app, app.clock.millis(), PromotionId(*id)).await?;
    tx.commit().await?;
    let to = format!("/kam/promotions/{copy}/edit");
    Ok(page.redirect_with(&to, flash::good(Message::new("promotion-copied"))))
}

/// POST `/kam/promotions/{id}/submit`.
///
/// # Errors
/// Refused where it is no draft, or not ready.
pub async fn submit(page: Page, who: Planner, id: Id, _: Fields) -> Result<HttpResponse> {
    step(&page, &who.scope, *id, &Step::Submit).await
}

/// POST `/kam/promotions/{id}/withdraw`.
///
/// # Errors
/// Refused where it does not wait.
pub async fn withdraw(page: Page, who: Planner, id: Id, _: Fields) -> Result<HttpResponse> {
    step(&page, &who.scope, *id, &Step::Withdraw).await
}

/// POST `/kam/promotions/{id}/approve`: `seen` is when it was submitted, as the page said.
///
/// # Errors
/// Refused where it does not wait, or waits for somebody else.
pub async fn approve(page: Page, who: Decider, id: Id, fields: Fields) -> Result<HttpResponse> {
    let seen = fields.text("seen").parse().ok();
    step(&page, &who.scope, *id, &Step::Approve { seen }).await
}

/// POST `/kam/promotions/{id}/return`: back to draft, with a `word`.
///
/// # Errors
/// Refused where it does not wait.
pub async fn send_back(page: Page, who: Decider, id: Id, fields: Fields) -> Result<HttpResponse> {
    let word: String = fields.text("word").chars().take(500).collect();
    let answer = step(&page, &who.scope, *id, &Step::SendBack(word)).await;
    let Err(Error::Invalid(form)) = answer else {
        return answer;
    };
    let tx = page.app.db.read(&who.scope).await?;
    let view = show::page(&tx, &page.app, PromotionId(*id), None, *form).await?;
    page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

/// POST `/kam/promotions/{id}/stop`.
///
/// # Errors
/// Refused where it does not run.
pub async fn stop(page: Page, who: Kam, id: Id, _: Fields) -> Result<HttpResponse> {
    step(&page, &who.scope, *id, &Step::Stop).await
}

/// POST `/kam/promotions/{id}/cancel`.
///
/// # Errors
/// Refused where it has begun.
pub async fn cancel(page: Page, who: Planner, id: Id, _: Fields) -> Result<HttpResponse> {
    step(&page, &who.scope, *id, &Step::Cancel).await
}

/// POST `/kam/promotions/{id}/settle`.
///
/// # Errors
/// Refused where it is not over, or held orders still reserve some of it.
pub async fn settle(page: Page, who: Decider, id: Id, _: Fields) -> Result<HttpResponse> {
    step(&page, &who.scope, *id, &Step::Settle).await
}

async fn step(
    page: &Page,
    scope: &crate::db::scope::Scope,
    id: Uuid,
    step: &Step,
) -> Result<HttpResponse> {
    let app = &page.app;
    let id = PromotionId(id);
    let tx = app.db.begin(scope).await?;
    life::take(&tx, app.today(), app.clock.millis(), id, step).await?;
    tx.commit().await?;
    Ok(to(page, id, &format!("promotion-done-{}", step.name())))
}

fn to(page: &Page, id: PromotionId, said: &str) -> HttpResponse {
    let href = format!("/kam/promotions/{id}");
    page.redirect_with(&href, flash::good(Message::new(said)))
}

/// GET `/kam/funds`.
///
/// # Errors
/// Whatever the database says.
pub async fn list_funds(page: Page, who: Kam) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    page.render(&funds::page(&tx, &page.app, page.query(), FormState::new()).await?)
}

/// POST `/kam/funds`.
///
/// # Errors
/// Whatever the database says.
pub async fn create_fund(page: Page, who: Decider, fields: Fields) -> Result<HttpResponse> {
    let app = &page.app;
    let tx = app.db.begin(&who.scope).await?;
    match funds::create(&tx, app, app.clock.millis(), &fields).await {
        Ok(id) => {
            tx.commit().await?;
            let good = flash::good(Message::new("fund-created"));
            Ok(page.redirect_with(&format!("/kam/funds/{id}"), good))
        }
        Err(Error::Invalid(form)) => {
            let view = funds::page(&tx, app, page.query(), *form).await?;
            page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(other) => Err(other),
    }
}

/// GET `/kam/funds/{id}`.
///
/// # Errors
/// `NotFound`.
pub async fn one_fund(page: Page, who: Kam, id: Id) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    page.render(&funds::one(&tx, &page.app, FundId(*id), page.query(), None).await?)
}

/// POST `/kam/funds/{id}`: another budget.
///
/// # Errors
/// `NotFound`.
pub async fn set_budget(page: Page, who: Decider, id: Id, fields: Fields) -> Result<HttpResponse> {
    let app = &page.app;
    let id = FundId(*id);
    let tx = app.db.begin(&who.scope).await?;
    match funds::set_budget(&tx, app.clock.millis(), id, &fields).await {
        Ok(()) => {
            tx.commit().await?;
            let good = flash::good(Message::new("fund-saved"));
            Ok(page.redirect_with(&format!("/kam/funds/{id}"), good))
        }
        Err(Error::Invalid(form)) => {
            let view = funds::one(&tx, app, id, page.query(), Some(*form)).await?;
            page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(other) => Err(other),
    }
}
