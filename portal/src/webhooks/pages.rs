//! The list of endpoints and the page of one, put together for an admin.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::id::{AccountId, WebhookId};

use super::kinds::Kind;
use super::secret::{self, Secret};
use super::view::{EndpointRow, KindChoice, WebhookPage, WebhooksPage};
use super::{endpoints, log};
use crate::admin::PAGE;
use crate::app::App;
use crate::catalogue::padded;
use crate::db::entity::{account, webhook_endpoint};
use crate::db::{Tx, placeholders};
use crate::error::{Error, Result};
use crate::web::Fields;
use crate::web::form::FormState;
use crate::web::shape::{Choice, Paging, Query};

/// The page of endpoints that `query` asks for, by name; what was typed, where it was refused.
///
/// # Errors
/// Whatever the database says.
pub async fn list(
    tx: &Tx,
    app: &App,
    mut query: Query,
    typed: Option<(FormState, &Fields)>,
) -> Result<WebhooksPage> {
    let total = tx.count::<webhook_endpoint::Entity>(|all| all).await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let found = tx
        .all::<webhook_endpoint::Entity>(|all| {
            all.order_by_asc(webhook_endpoint::Column::Name)
                .order_by_asc(webhook_endpoint::Column::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let chosen = typed.as_ref().map(|(_, fields)| chosen(fields));
    Ok(WebhooksPage {
        rows: rows(tx, &found).await?,
        query,
        paging,
        kinds: choices(&chosen.unwrap_or_default()),
        form: typed.map(|(form, _)| form).unwrap_or_default(),
        private_targets: app.outgoing.private_targets(),
    })
}

/// The page of an endpoint, with the deliveries that `query` asks for. `tx` sees the jobs too.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn one(
    tx: &Tx,
    app: &App,
    id: WebhookId,
    mut query: Query,
    typed: Option<(FormState, &Fields)>,
) -> Result<WebhookPage> {
    let now = app.clock.millis();
    let found = tx.get::<webhook_endpoint::Entity>(id).await?;
    let row = rows(tx, std::slice::from_ref(&found)).await?.pop();
    let words =
        |version| -> Result<String> { Ok(Secret::of(&app.config.secret, id, version)?.in_words()) };
    let mut versions = secret::versions(&found, now).into_iter();
    let secret = versions.next().map(words).transpose()?;
    let previous_secret = versions.next().map(words).transpose()?;
    let kinds = match &typed {
        Some((_, fields)) => chosen(fields),
        None => found.kinds.split_whitespace().map(str::to_owned).collect(),
    };
    let asked = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (state, kind) = (asked("state"), asked("kind"));
    let (rows, paging) = log::page(tx, id, &mut query).await?;
    let filter_kinds = Kind::CHOICES.into_iter().chain([Kind::Test]);
    let week_ago = app.today().saturating_sub(jiff::Span::new().days(7));
    Ok(WebhookPage {
        endpoint: row.ok_or(Error::NotFound)?,
        created_by: found.created_by.clone(),
        created_at: found.created_at,
        disabled_at: found.disabled_at,
        failing_since: found.failing_since,
        kinds: choices(&kinds),
        form: typed.map_or_else(|| endpoints::form(&found), |(form, _)| form),
        private_targets: app.outgoing.private_targets(),
        secret: secret.unwrap_or_default(),
        previous_until: found.previous_until.filter(|_| previous_secret.is_some()),
        previous_secret,
        query,
        rows,
        paging,
        states: log::STATES
            .map(|one| Choice::new(one, "", one == state))
            .to_vec(),
        filter_kinds: filter_kinds
            .map(|one| Choice::new(one.name(), one.name(), one.name() == kind))
            .collect(),
        replay: FormState::new().value("since", week_ago.to_string()),
    })
}

fn chosen(fields: &Fields) -> Vec<String> {
    fields.all("kind").map(str::to_owned).collect()
}

fn choices(chosen: &[String]) -> Vec<KindChoice> {
    let choice = |kind: Kind| KindChoice {
        name: kind.name().to_owned(),
        key: format!("webhook-kind-{}", kind.name().replace(['.', '_'], "-")),
        is_of_account: kind.is_of_account(),
        is_chosen: chosen.iter().any(|name| name == kind.name()),
    };
    Kind::CHOICES.into_iter().map(choice).collect()
}

async fn rows(tx: &Tx, found: &[webhook_endpoint::Model]) -> Result<Vec<EndpointRow>> {
    let accounts = account_names(tx, found).await?;
    let counts = counts(tx, found).await?;
    let row = |endpoint: &webhook_endpoint::Model| {
        let count = |state: &str| {
            let key = (endpoint.id, state.to_owned());
            counts.get(&key).copied().unwrap_or(0)
        };
        let state = match (endpoint.disabled_at, endpoint.failing_since) {
            (Some(_), _) => "off",
            (None, Some(_)) => "failing",
            (None, None) => "on",
        };
        EndpointRow {
            id: endpoint.id.to_string(),
            name: endpoint.name.clone(),
            url: endpoint.url.clone(),
            account: endpoint
                .account_id
                .and_then(|id| accounts.get(&id).cloned()),
            kinds: i64::try_from(endpoint.kinds.split_whitespace().count()).unwrap_or(0),
            state: state.to_owned(),
            because: endpoint.disabled_because.clone().unwrap_or_default(),
            waiting: count("waiting"),
            dead: count("dead"),
        }
    };
    Ok(found.iter().map(row).collect())
}

async fn account_names(
    tx: &Tx,
    found: &[webhook_endpoint::Model],
) -> Result<HashMap<AccountId, String>> {
    let ids: Vec<AccountId> = found.iter().filter_map(|one| one.account_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = tx
        .all::<account::Entity>(|all| all.filter(account::Column::Id.is_in(padded(&ids))))
        .await?;
    let named = rows
        .into_iter()
        .map(|row| (row.id, format!("{} {}", row.number, row.name)));
    Ok(named.collect())
}

/// What waits and what was given up, by endpoint.
async fn counts(
    tx: &Tx,
    found: &[webhook_endpoint::Model],
) -> Result<HashMap<(WebhookId, String), i64>> {
    let ids: Vec<WebhookId> = found.iter().map(|one| one.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = padded(&ids);
    let sql = format!(
        "SELECT endpoint_id, state, COUNT(*) AS many FROM webhook_deliveries \
         WHERE state <> 'delivered' AND endpoint_id IN ({}) GROUP BY endpoint_id, state",
        placeholders(1, ids.len())
    );
    let mut counts = HashMap::new();
    for row in tx.rows(&sql, ids.into_iter().map(Into::into)).await? {
        let key = (row.try_get("", "endpoint_id")?, row.try_get("", "state")?);
        counts.insert(key, row.try_get("", "many")?);
    }
    Ok(counts)
}
