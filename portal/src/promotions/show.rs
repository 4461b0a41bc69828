//! One promotion with everything one wants to know before deciding about it.

use trade::id::PromotionId;

use super::life::{Stand, Step, may_write};
use super::plan::{self, Plan, Stored};
use super::view::{Actions, Explained, FundLink, PromotionPage};
use super::words::Names;
use super::{audience, example, funds, results, words};
use crate::app::App;
use crate::campaigns;
use crate::db::Tx;
use crate::db::entity::fund;
use crate::db::words::Role;
use crate::error::Result;
use crate::web::form::FormState;

/// The page; `campaign` is the one whose results are asked for.
///
/// # Errors
/// `NotFound`.
pub async fn page(
    tx: &Tx,
    app: &App,
    id: PromotionId,
    campaign: Option<&str>,
    form: FormState,
) -> Result<PromotionPage> {
    let stored = plan::find(tx, id).await?;
    let names = plan::names(tx, app, &[&stored.plan]).await?;
    let stand = Stand::on(stored.row.state, &stored.plan.validity, app.today());
    let begun = matches!(
        stand,
        Stand::Running | Stand::Ended | Stand::Stopped | Stand::Settled
    );
    let fund = match stored.plan.fund {
        Some(fund) => {
            let fund = tx.get::<fund::Entity>(fund).await?;
            Some(FundLink {
                id: fund.id.to_string(),
                burn: funds::burn(&fund),
                name: fund.name,
            })
        }
        None => None,
    };
    let results = if begun {
        Some(results::of(tx, &stored).await?)
    } else {
        None
    };
    let campaign = campaigns::results::of(tx, app, &stored, campaign).await?;
    let actions = actions(tx, &stored, stand);
    let explained = explain(tx, app, &stored.plan, id, &names).await?;
    let Stored { row, plan } = stored;
    Ok(PromotionPage {
        id: row.id.to_string(),
        code: row.code,
        name: row.name,
        note: row.note,
        state: stand.name().to_owned(),
        kind: plan.mechanic.kind().to_owned(),
        explained,
        fund,
        results,
        campaign,
        created_by: row.created_by,
        created_at: row.created_at,
        submitted_by: row.submitted_by,
        submitted_at: row.submitted_at,
        approved_by: row.approved_by,
        approved_at: row.approved_at,
        stopped_at: row.stopped_at,
        actions,
        form,
    })
}

/// What a plan comes to, in words and in an example.
///
/// # Errors
/// Whatever the database says.
pub async fn explain(
    tx: &Tx,
    app: &App,
    plan: &Plan,
    id: PromotionId,
    names: &Names,
) -> Result<Explained> {
    let promotion = plan.promotion(id);
    let reached = audience::of(tx, &plan.reach, plan.currency).await?;
    let examples = example::baskets(tx, app, plan, names, reached.first.first()).await?;
    Ok(Explained {
        sentence: words::sentence(&promotion, names),
        short: words::short(&promotion, names),
        items: words::assortment(&plan.assortment, names),
        validity: words::validity(&plan.validity),
        limits: words::limits(&plan.limits()),
        reach: audience::words(tx, &plan.reach).await?,
        reached: i64::try_from(reached.count)?,
        accounts: reached.first.into_iter().map(|row| row.name).collect(),
        class: plan.class.clone(),
        priority: plan.priority.into(),
        examples,
    })
}

fn actions(tx: &Tx, stored: &Stored, stand: Stand) -> Actions {
    let scope = tx.scope();
    let can = |step: &Step| step.fits(stand) && step.is_for(scope, &stored.row);
    let approve = can(&Step::Approve { seen: None });
    let own =
        stored.row.submitted_by_id.is_some() && stored.row.submitted_by_id == scope.actor.user_id;
    Actions {
        edit: stand == Stand::Draft && may_write(scope, &stored.row),
        copy: matches!(
            scope.actor.role,
            Some(Role::Kam | Role::Marketing | Role::Admin)
        ),
        submit: can(&Step::Submit),
        withdraw: can(&Step::Withdraw),
        approve: approve && !own,
        own: stand == Stand::Submitted && own,
        send_back: can(&Step::SendBack(String::new())) && !own,
        stop: can(&Step::Stop),
        cancel: can(&Step::Cancel),
        settle: can(&Step::Settle),
    }
}
