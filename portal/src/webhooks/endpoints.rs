//! Where programs want to be told: set up, changed, tried, switched on and off. Each change stands
//! in the audit log.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Set};
use serde_json::{Value, json};
use trade::id::{AccountId, WebhookId};
use uuid::Uuid;

use super::kinds::Kind;
use super::secret::OVERLAP_MILLIS;
use super::view::WebhookStoppedMail;
use super::{Happened, delivery, row};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::db::entity::{account, user, webhook_endpoint};
use crate::db::words::{Role, Topic, UserStatus};
use crate::error::{Error, Result};
use crate::messages::{self, Notice};
use crate::web::Fields;
use crate::web::form::FormState;
use crate::web::shape::Message;

/// Why an endpoint is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// An admin switched it off.
    ByHand,
    /// It answered that it is gone.
    Gone,
    /// Nothing arrived for days.
    Failing,
}

impl Because {
    /// The word in the table and in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Because::ByHand => "by_hand",
            Because::Gone => "gone",
            Because::Failing => "failing",
        }
    }
}

/// What an admin says of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What people call it.
    pub name: String,
    /// Where to.
    pub url: String,
    /// Whose events; none for everybody's.
    pub account: Option<AccountId>,
    /// Which; none named are all.
    pub kinds: Vec<Kind>,
}

impl Wanted {
    /// Reads the form: `name`, `url`, `account` (a number, or nothing), `which` (`all` or `some`)
    /// and `kind` for each of some.
    ///
    /// # Errors
    /// `Invalid` with every fault at its field.
    pub async fn read(app: &App, fields: &Fields) -> Result<Wanted> {
        let mut form = fields.form();
        let name = fields.text("name");
        match name.chars().count() {
            0 => form.refuse_key("name", "error-required"),
            1..=100 => {}
            _ => form.refuse("name", Message::new("error-too-long").with("most", 100)),
        }
        let url = fields.text("url");
        if url.is_empty() {
            form.refuse_key("url", "error-required");
        } else if url.chars().count() > 1_000 {
            form.refuse("url", Message::new("error-too-long").with("most", 1_000));
        } else if let Err(why) = app.outgoing.check_host(url).await {
            form.refuse_key("url", why.key());
        }
        let account = account_of(app, fields.text("account")).await?;
        if account.is_none() && fields.has("account") {
            form.refuse_key("account", "error-account-unknown");
        }
        let some = fields.text("which") == "some";
        let kinds: Vec<Kind> = fields.all("kind").filter_map(Kind::parse).collect();
        if some && kinds.is_empty() {
            form.refuse_key("which", "webhook-error-no-kind");
        }
        if !form.errors.is_empty() {
            return Err(form.into());
        }
        Ok(Wanted {
            name: name.to_owned(),
            url: url.to_owned(),
            account,
            kinds: if some { kinds } else { Vec::new() },
        })
    }

    fn words(&self) -> String {
        let names: Vec<&str> = self.kinds.iter().map(|kind| kind.name()).collect();
        names.join(" ")
    }

    fn facts(&self) -> Value {
        json!({
            "name": self.name,
            "url": without_query(&self.url),
            "kinds": if self.kinds.is_empty() { "all".to_owned() } else { self.words() },
        })
    }
}

/// A query may bear a token, which is nobody's who reads the audit log.
fn without_query(url: &str) -> String {
    match url.split_once('?') {
        Some((before, _)) => format!("{before}?…"),
        None => url.to_owned(),
    }
}

async fn account_of(app: &App, number: &str) -> Result<Option<AccountId>> {
    if number.is_empty() {
        return Ok(None);
    }
    let tx = app.db.read_system("webhooks").await?;
    let found = tx
        .one::<account::Entity>(|all| all.filter(account::Column::Number.eq(number)))
        .await?;
    Ok(found.map(|account| account.id))
}

/// Sets one up; it is on at once.
///
/// # Errors
/// Whatever the database says.
pub async fn create(tx: &Tx, now: i64, wanted: &Wanted) -> Result<WebhookId> {
    let id = WebhookId(Uuid::now_v7());
    tx.insert(webhook_endpoint::ActiveModel {
        id: Set(id),
        name: Set(wanted.name.clone()),
        url: Set(wanted.url.clone()),
        account_id: Set(wanted.account),
        kinds: Set(wanted.words()),
        secret_version: Set(1),
        previous_until: Set(None),
        created_by: Set(tx.scope().actor.name.clone()),
        created_at: Set(now),
        disabled_at: Set(None),
        disabled_because: Set(None),
        failing_since: Set(None),
    })
    .await?;
    let after = Some(wanted.facts());
    noted(tx, now, "webhook created", id, wanted.account, None, after).await?;
    Ok(id)
}

/// Changes one. Whose events it hears stays as it is: who has its secret has heard them.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn save(tx: &Tx, now: i64, id: WebhookId, wanted: &Wanted) -> Result<()> {
    use webhook_endpoint::Column as E;
    let before = tx.get::<webhook_endpoint::Entity>(id).await?;
    tx.change::<webhook_endpoint::Entity>(|update| {
        update
            .filter(E::Id.eq(id))
            .col_expr(E::Name, Expr::value(wanted.name.clone()))
            .col_expr(E::Url, Expr::value(wanted.url.clone()))
            .col_expr(E::Kinds, Expr::value(wanted.words()))
    })
    .await?;
    let was = json!({
        "name": before.name,
        "url": without_query(&before.url),
        "kinds": if before.kinds.is_empty() { "all" } else { &before.kinds },
    });
    let after = Some(wanted.facts());
    let account = before.account_id;
    noted(tx, now, "webhook changed", id, account, Some(was), after).await
}

/// Gives it a new secret; the one before signs as well for a day.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn rotate(tx: &Tx, now: i64, id: WebhookId) -> Result<()> {
    use webhook_endpoint::Column as E;
    let before = tx.get::<webhook_endpoint::Entity>(id).await?;
    let next = before.secret_version + 1;
    // Pressed twice at once, it is done once: the form showed this version.
    tx.change::<webhook_endpoint::Entity>(|update| {
        update
            .filter(E::Id.eq(id))
            .filter(E::SecretVersion.eq(before.secret_version))
            .col_expr(E::SecretVersion, Expr::value(next))
            .col_expr(E::PreviousUntil, Expr::value(now + OVERLAP_MILLIS))
    })
    .await?;
    let (was, is) = (
        json!({"version": before.secret_version}),
        json!({"version": next}),
    );
    let action = "webhook secret renewed";
    noted(tx, now, action, id, before.account_id, Some(was), Some(is)).await
}

/// Switches it on, as good as new.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn enable(tx: &Tx, now: i64, id: WebhookId) -> Result<()> {
    use webhook_endpoint::Column as E;
    let before = tx.get::<webhook_endpoint::Entity>(id).await?;
    let touched = tx
        .change::<webhook_endpoint::Entity>(|update| {
            update
                .filter(E::Id.eq(id))
                .filter(E::DisabledAt.is_not_null())
                .col_expr(E::DisabledAt, Expr::value(None::<i64>))
                .col_expr(E::DisabledBecause, Expr::value(None::<String>))
                .col_expr(E::FailingSince, Expr::value(None::<i64>))
        })
        .await?;
    if touched == 0 {
        return Ok(());
    }
    noted(
        tx,
        now,
        "webhook switched on",
        id,
        before.account_id,
        None,
        None,
    )
    .await
}

/// Switches it off by hand.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn disable(tx: &Tx, now: i64, id: WebhookId) -> Result<()> {
    let endpoint = tx.get::<webhook_endpoint::Entity>(id).await?;
    switch_off(tx, now, &endpoint, Because::ByHand).await?;
    Ok(())
}

/// Says whether it was on until now.
async fn switch_off(
    tx: &Tx,
    now: i64,
    endpoint: &webhook_endpoint::Model,
    because: Because,
) -> Result<bool> {
    use webhook_endpoint::Column as E;
    let touched = tx
        .change::<webhook_endpoint::Entity>(|update| {
            update
                .filter(E::Id.eq(endpoint.id))
                .filter(E::DisabledAt.is_null())
                .col_expr(E::DisabledAt, Expr::value(now))
                .col_expr(E::DisabledBecause, Expr::value(because.name()))
        })
        .await?;
    if touched == 0 {
        return Ok(false);
    }
    let (account, why) = (endpoint.account_id, json!({"because": because.name()}));
    let action = "webhook switched off";
    noted(tx, now, action, endpoint.id, account, None, Some(why)).await?;
    Ok(true)
}

/// Switches off what wants no more, or cannot be reached for days, and tells the admins once.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn stop(
    app: &App,
    tx: &Tx,
    endpoint: &webhook_endpoint::Model,
    because: Because,
) -> Result<()> {
    let now = app.clock.millis();
    if !switch_off(tx, now, endpoint, because).await? {
        return Ok(());
    }
    let admins = tx
        .all::<user::Entity>(|users| {
            users
                .filter(user::Column::Role.eq(Role::Admin))
                .filter(user::Column::Status.eq(UserStatus::Active))
                .order_by_asc(user::Column::Id)
        })
        .await?;
    let event = format!("webhook-stopped/{}/{now}", endpoint.id);
    let link = format!("/admin/webhooks/{}", endpoint.id);
    let notice = Notice {
        topic: Topic::Accounts,
        event: &event,
        kind: "webhook-stopped",
        account: endpoint.account_id,
        said: Message::new(format!("webhook-stopped-{}", because.name()))
            .with("name", endpoint.name.clone()),
        link: link.clone(),
        follows: None,
    };
    for admin in &admins {
        let mail = WebhookStoppedMail {
            brand_name: app.brand.row.name.clone(),
            name: admin.name.clone(),
            endpoint: endpoint.name.clone(),
            because: because.name().to_owned(),
            link: format!("{}{link}", app.base_url),
        };
        messages::tell(app, tx, &notice, admin, &mail).await?;
    }
    Ok(())
}

/// Writes a test event, which goes to this endpoint alone, and its delivery; the caller makes it.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn test(tx: &Tx, now: i64, id: WebhookId) -> Result<Uuid> {
    let endpoint = tx.get::<webhook_endpoint::Entity>(id).await?;
    let event = Uuid::now_v7();
    let subject = format!("webhook/{id}");
    let happened = Happened {
        kind: Kind::Test.name(),
        account: endpoint.account_id,
        subject: subject.clone(),
        data: json!({"endpoint": endpoint.name, "by": tx.scope().actor.name}),
    };
    tx.insert(row(now, event, happened)).await?;
    // Somebody waits for the answer: it is made at once, by no job.
    let (delivery, _) = delivery(now, id, event, 0, &subject);
    let made = delivery.id.clone().take();
    tx.insert(delivery).await?;
    noted(
        tx,
        now,
        "webhook tested",
        id,
        endpoint.account_id,
        None,
        None,
    )
    .await?;
    made.ok_or_else(|| Error::Internal(anyhow::anyhow!("a delivery without its id")))
}

pub(super) async fn noted(
    tx: &Tx,
    now: i64,
    action: &str,
    id: WebhookId,
    account: Option<AccountId>,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<()> {
    let subject = format!("webhook {id}");
    audit::note(tx, now, action, &subject, account, before, after).await
}

/// The form of an endpoint as it stands.
#[must_use]
pub fn form(endpoint: &webhook_endpoint::Model) -> FormState {
    let some = !endpoint.kinds.trim().is_empty();
    FormState::new()
        .value("name", &endpoint.name)
        .value("url", &endpoint.url)
        .value("which", if some { "some" } else { "all" })
}
