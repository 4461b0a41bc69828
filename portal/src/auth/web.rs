//! Handlers of signing in and out, reset links, invitations, and what a visitor prefers.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::session;
use super::view::{DemoUser, ForgotPasswordPage, InvitationPage, ResetPasswordPage, SignInPage};
use super::{links, password};
use crate::db::words::Role;
use crate::error::{Error, Result};
use crate::web::context::{LANG_COOKIE, THEME_COOKIE, local_path};
use crate::web::form::FormState;
use crate::web::locale::Lang;
use crate::web::middleware::{session_cookie, session_cookie_name};
use crate::web::page::Theme;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// The password of every user of the demo.
pub const DEMO_PASSWORD: &str = "kontor-demo";

/// The demo's people, by role.
pub const DEMO_USERS: [(&str, Role, &str); 7] = [
    ("buyer@demo.kontor.example", Role::Buyer, "Lena Petersen"),
    (
        "approver@demo.kontor.example",
        Role::Approver,
        "Jens Petersen",
    ),
    (
        "owner@demo.kontor.example",
        Role::AccountAdmin,
        "Hanne Petersen",
    ),
    ("kam@demo.kontor.example", Role::Kam, "Katrin Ahlers"),
    (
        "marketing@demo.kontor.example",
        Role::Marketing,
        "Jana Vogt",
    ),
    ("finance@demo.kontor.example", Role::Finance, "Peter Sommer"),
    ("admin@demo.kontor.example", Role::Admin, "Anna Feldmann"),
];

fn sign_in_view(page: &Page, form: FormState, next: &str) -> SignInPage {
    let demo_users = if page.app.is_demo() {
        DEMO_USERS
            .iter()
            .map(|(email, role, name)| DemoUser {
                email: (*email).to_owned(),
                password: DEMO_PASSWORD.to_owned(),
                role: role.name().to_owned(),
                name: (*name).to_owned(),
            })
            .collect()
    } else {
        Vec::new()
    };
    SignInPage {
        form,
        next: local_path(next, "/").to_owned(),
        demo_users,
    }
}

/// GET `/sign-in`.
///
/// # Errors
/// A template that fails.
pub async fn sign_in_page(page: Page) -> Result<HttpResponse> {
    let query = page.query();
    let next = query.get("next").map_or("/", String::as_str);
    if page.session().is_some() {
        return Ok(page.redirect(local_path(next, "/")));
    }
    page.render(&sign_in_view(&page, FormState::new(), next))
}

/// POST `/sign-in`. The answer and its time are the same for an unknown address and a wrong
/// password.
///
/// # Errors
/// `TooFast`; whatever the database says.
pub async fn sign_in(page: Page, fields: Fields) -> Result<HttpResponse> {
    let email = fields.text("email").to_lowercase();
    page.app.limits.sign_in(&email, &page.address())?;
    let found = links::find_user(&page.app, &email).await?;
    let stored = found.as_ref().and_then(|user| user.password_hash.clone());
    let typed = fields.raw("password").to_owned();
    let good = web::block(move || password::verify(&typed, stored.as_deref())).await?;
    let user = found.filter(|user| good && session::may_sign_in(user.status));
    let Some(user) = user else {
        let mut form = fields.form();
        form.refuse("", Message::new("sign-in-refused"));
        let view = sign_in_view(&page, form, fields.text("next"));
        return page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view);
    };
    let now = page.app.clock.millis();
    let tx = page.app.db.begin_system("sign-in").await?;
    // The session before sign-in, if any, ends: a planted cookie is worth nothing.
    if let Some(old) = page.session() {
        session::end(&tx, old.user_id, old.id).await?;
    }
    let new = session::begin(&tx, user.id, page.user_agent(), now).await?;
    links::note_sign_in(&tx, user.id, now).await?;
    tx.commit().await?;
    let mut answer = page.redirect(local_path(fields.text("next"), "/"));
    let secure = page.app.config.secure_cookies();
    answer
        .add_cookie(&session_cookie(secure, new.token))
        .map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(answer)
}

/// POST `/sign-out`.
///
/// # Errors
/// Whatever the database says.
pub async fn sign_out(page: Page, _fields: Fields) -> Result<HttpResponse> {
    if let Some(session) = page.session() {
        let tx = page.app.db.begin_system("sign-out").await?;
        session::end(&tx, session.user_id, session.id).await?;
        tx.commit().await?;
    }
    let mut answer = page.redirect("/sign-in");
    let secure = page.app.config.secure_cookies();
    let mut spent = Cookie::build(session_cookie_name(secure), "")
        .path("/")
        .secure(secure)
        .finish();
    spent.make_removal();
    answer
        .add_cookie(&spent)
        .map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(answer)
}

/// GET `/forgot-password`.
///
/// # Errors
/// A template that fails.
pub async fn forgot_password_page(page: Page) -> Result<HttpResponse> {
    page.render(&ForgotPasswordPage {
        form: FormState::new(),
        sent: false,
    })
}

/// POST `/forgot-password`. Says the same whether the address is known or not; the mail is made
/// by a job, so it takes the same time, too.
///
/// # Errors
/// `TooFast`; whatever the database says.
pub async fn forgot_password(page: Page, fields: Fields) -> Result<HttpResponse> {
    let email = fields.text("email").to_lowercase();
    if !links::looks_like_email(&email) {
        let mut form = fields.form();
        form.refuse("email", Message::new("email-invalid"));
        let view = ForgotPasswordPage { form, sent: false };
        return page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    page.app.limits.reset(&email, &page.address())?;
    links::ask_for_reset(&page.app, &email).await?;
    page.render(&ForgotPasswordPage {
        form: FormState::new(),
        sent: true,
    })
}

/// GET `/reset/{token}`.
///
/// # Errors
/// Whatever the database says.
pub async fn reset_page(page: Page, token: web::Path<String>) -> Result<HttpResponse> {
    let user = links::open(&page.app, links::Kind::Reset, &token).await?;
    let view = ResetPasswordPage {
        form: FormState::new(),
        expired: user.is_none(),
        email: user.map(|user| user.email).unwrap_or_default(),
        token: token.into_inner(),
    };
    let status = if view.expired {
        StatusCode::GONE
    } else {
        StatusCode::OK
    };
    page.render_as(status, &view)
}

/// POST `/reset/{token}`.
///
/// # Errors
/// Whatever the database says.
pub async fn reset(page: Page, token: web::Path<String>, fields: Fields) -> Result<HttpResponse> {
    let user = links::open(&page.app, links::Kind::Reset, &token).await?;
    let email = user
        .as_ref()
        .map(|user| user.email.clone())
        .unwrap_or_default();
    let typed = fields.raw("password").to_owned();
    let mut form = FormState::new();
    if user.is_some() {
        if let Err(fault) = password::check(&typed, &email) {
            form.refuse("password", links::password_message(&fault));
        } else {
            let hash = links::hash(typed).await?;
            if links::set_password(&page.app, links::Kind::Reset, &token, None, hash).await? {
                let message = flash::good(Message::new("reset-done"));
                return Ok(page.redirect_with("/sign-in", message));
            }
        }
    }
    let expired = form.is_valid();
    let view = ResetPasswordPage {
        form,
        expired,
        email,
        token: token.into_inner(),
    };
    let status = if expired {
        StatusCode::GONE
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page.render_as(status, &view)
}

/// GET `/invitation/{token}`.
///
/// # Errors
/// Whatever the database says.
pub async fn invitation_page(page: Page, token: web::Path<String>) -> Result<HttpResponse> {
    let view = invitation_view(&page, &token, FormState::new()).await?;
    let status = if view.expired {
        StatusCode::GONE
    } else {
        StatusCode::OK
    };
    page.render_as(status, &view)
}

async fn invitation_view(page: &Page, token: &str, mut form: FormState) -> Result<InvitationPage> {
    let invited = links::open(&page.app, links::Kind::Invitation, token).await?;
    let company = match &invited {
        Some(user) => links::company_of(&page.app, user).await?,
        None => String::new(),
    };
    if let Some(user) = &invited {
        form.values
            .entry("name".into())
            .or_insert_with(|| user.name.clone());
    }
    Ok(InvitationPage {
        form,
        token: token.to_owned(),
        expired: invited.is_none(),
        role: invited
            .as_ref()
            .map(|user| user.role.name().to_owned())
            .unwrap_or_default(),
        email: invited.map(|user| user.email).unwrap_or_default(),
        company,
    })
}

/// POST `/invitation/{token}`.
///
/// # Errors
/// Whatever the database says.
pub async fn accept_invitation(
    page: Page,
    token: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let invited = links::open(&page.app, links::Kind::Invitation, &token).await?;
    let mut form = fields.form();
    if let Some(user) = invited {
        let typed = fields.raw("password").to_owned();
        let name = fields.text("name").to_owned();
        if name.is_empty() || name.chars().count() > 120 {
            form.refuse("name", Message::new("name-invalid"));
        }
        if let Err(fault) = password::check(&typed, &user.email) {
            form.refuse("password", links::password_message(&fault));
        }
        if form.is_valid() {
            let hash = links::hash(typed).await?;
            let kind = links::Kind::Invitation;
            if links::set_password(&page.app, kind, &token, Some(&name), hash).await? {
                let message = flash::good(Message::new("invitation-done"));
                return Ok(page.redirect_with("/sign-in", message));
            }
        }
    }
    let view = invitation_view(&page, &token, form).await?;
    let status = if view.expired {
        StatusCode::GONE
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page.render_as(status, &view)
}

/// POST `/preferences`: language and colours, from the header of every page.
///
/// # Errors
/// Whatever the database says.
pub async fn preferences(page: Page, fields: Fields) -> Result<HttpResponse> {
    let lang = Lang::parse(fields.text("lang"));
    let theme = Theme::parse(fields.text("theme"));
    let mut answer = page.redirect(local_path(fields.text("return"), "/"));
    if let Some(session) = page.session() {
        links::set_preferences(&page.app, session.user_id, lang, theme).await?;
        return Ok(answer);
    }
    let secure = page.app.config.secure_cookies();
    let chosen = [
        (LANG_COOKIE, lang.map(Lang::as_str)),
        (THEME_COOKIE, theme.map(Theme::as_str)),
    ];
    for (name, value) in chosen {
        if let Some(value) = value {
            let cookie = Cookie::build(name, value)
                .path("/")
                .http_only(true)
                .secure(secure)
                .same_site(SameSite::Lax)
                .permanent()
                .finish();
            answer
                .add_cookie(&cookie)
                .map_err(|e| Error::Internal(anyhow::anyhow!("{e}")))?;
        }
    }
    Ok(answer)
}
