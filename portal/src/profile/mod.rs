//! A person's own page: name, language, colours, password, and where they are signed in.

pub mod view;
pub mod web;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Set};
use trade::id::UserId;
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::auth::session::{self, Session};
use crate::auth::{links, password, people};
use crate::db::entity::{session as session_row, user};
use crate::db::scope::Scope;
use crate::error::Result;
use crate::stock::alerts;
use crate::web::Fields;
use crate::web::form::FormState;
use crate::web::locale::Lang;
use crate::web::page::Theme;
use crate::web::shape::Message;
use view::{ProfilePage, SessionRow};

/// The page, with its two forms as they stand.
///
/// # Errors
/// Whatever the database says.
pub async fn page(
    app: &App,
    own: &Session,
    scope: &Scope,
    form: Option<FormState>,
    password_form: FormState,
) -> Result<ProfilePage> {
    let tx = app.db.read_system("profile").await?;
    let rows = tx
        .all::<session_row::Entity>(|rows| {
            rows.filter(session_row::Column::UserId.eq(own.user_id))
                .filter(session_row::Column::ExpiresAt.gt(app.clock.millis()))
                .order_by_desc(session_row::Column::LastSeenAt)
                .order_by_desc(session_row::Column::Id)
        })
        .await?;
    let sessions = rows
        .into_iter()
        .map(|row| SessionRow {
            current: row.id == own.id,
            id: row.id.to_string(),
            device: device(&row.user_agent),
            signed_in_at: row.created_at,
            last_seen_at: row.last_seen_at,
        })
        .collect();
    // The brand's people see every product; while they act for an account, too.
    let sees = own.role.is_retailer().then_some(scope);
    let alerts = alerts::of_person(&tx, own.user_id, sees).await?;
    let stored = || {
        FormState::new()
            .value("name", &own.name)
            .value("lang", own.lang.as_str())
            .value("theme", own.theme.as_str())
    };
    Ok(ProfilePage {
        email: own.email.clone(),
        role: own.role.name().to_owned(),
        form: form.unwrap_or_else(stored),
        password_form,
        sessions,
        alerts,
    })
}

/// Keeps name, language and colours.
///
/// # Errors
/// `Invalid` with what is wrong at which field; whatever the database says.
pub async fn save(app: &App, scope: &Scope, own: UserId, fields: &Fields) -> Result<()> {
    let mut form = fields.form();
    let name = people::checked_name(&mut form, fields.text("name"));
    let lang = Lang::parse(fields.text("lang"));
    let theme = Theme::parse(fields.text("theme"));
    for (field, known) in [("lang", lang.is_some()), ("theme", theme.is_some())] {
        if !known {
            form.refuse_key(field, "error-choice");
        }
    }
    let (Some(lang), Some(theme), true) = (lang, theme, form.is_valid()) else {
        return Err(form.into());
    };
    // Staff who act for an account see that account's people; their own row is beyond it.
    let tx = app.db.begin(&scope.everywhere()).await?;
    tx.update(user::ActiveModel {
        id: Set(own),
        name: Set(name),
        locale: Set(lang.as_str().to_owned()),
        theme: Set(theme.as_str().to_owned()),
        ..Default::default()
    })
    .await?;
    tx.commit().await
}

/// Sets a new password for who knows the current one; every other session and every link ends.
///
/// # Errors
/// `Invalid` with what is wrong at which field; whatever the database says.
pub async fn change_password(
    app: &App,
    scope: &Scope,
    own: &Session,
    fields: &Fields,
) -> Result<()> {
    let mut form = FormState::new();
    let id = own.user_id;
    let tx = app.db.read_system("profile").await?;
    let stored = tx.get::<user::Entity>(id).await?.password_hash;
    drop(tx);
    let typed = fields.raw("current").to_owned();
    let checked = stored.clone();
    let known = actix_web::web::block(move || password::verify(&typed, checked.as_deref())).await?;
    if !known {
        form.refuse_key("current", "error-password-wrong");
    }
    let new = fields.raw("new").to_owned();
    if let Err(fault) = password::check(&new, &own.email) {
        form.refuse("new", links::password_message(&fault));
    }
    if !form.is_valid() {
        return Err(form.into());
    }
    let hash = links::hash(new).await?;
    let now = app.clock.millis();
    let tx = app.db.begin(&scope.everywhere()).await?;
    // The hash that was checked, or somebody changed it meanwhile.
    let changed = tx
        .change::<user::Entity>(|update| {
            update
                .filter(user::Column::Id.eq(id))
                .filter(user::Column::PasswordHash.eq(stored))
                .set(user::ActiveModel {
                    password_hash: Set(Some(hash)),
                    ..Default::default()
                })
        })
        .await?;
    if changed == 0 {
        return Err(form
            .error("current", Message::new("error-password-wrong"))
            .into());
    }
    session::end_others(&tx, id, Some(own.id)).await?;
    links::spend_all(&tx, id, now).await?;
    let subject = format!("user {}", own.email);
    let account = own
        .account
        .as_ref()
        .filter(|_| !own.acting)
        .map(|account| account.id);
    audit::note(&tx, now, "password changed", &subject, account, None, None).await?;
    tx.commit().await
}

/// Ends one of the person's own sessions.
///
/// # Errors
/// Whatever the database says.
pub async fn revoke(app: &App, own: &Session, id: Uuid) -> Result<()> {
    let tx = app.db.begin_system("profile").await?;
    let ended = session::end(&tx, own.user_id, id).await?;
    // Pressed twice, or somebody else's: there is no such session either way.
    tracing::debug!(ended, "a session was signed out");
    tx.commit().await
}

/// What a browser calls itself, as far as people care: "Firefox · Windows".
#[must_use]
pub fn device(user_agent: &str) -> String {
    let find = |known: &[(&str, &'static str)]| {
        known
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    // Most name those before them as well, so the order matters.
    let browser = find(&[
        ("Firefox/", "Firefox"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) if user_agent.is_empty() => "–".to_owned(),
        (None, None) => user_agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn devices_are_named_as_people_call_them() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                    Gecko) Chrome/126.0 Safari/537.36 Edg/126.0";
        assert_eq!(device(edge), "Edge · Windows");
        let phone =
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36";
        assert_eq!(device(phone), "Chrome · Android");
        assert_eq!(device("curl/8.5"), "curl/8.5");
        assert_eq!(device(""), "–");
    }
}
