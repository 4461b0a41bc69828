//! What an order would wait for, asked before it is submitted: the same rules as at submit, on
//! what is known now and without holding anybody up. Submit asks them again.

use trade::hold::{Opening, Releaser};
use trade::id::UserId;

use super::hold_words::{self, Reader};
use super::judge;
use super::quote::{ForWhom, Quote};
use crate::app::App;
use crate::cart::view::WaitView;
use crate::db::Tx;
use crate::error::Result;
use crate::{approvals, credit};

/// The holds an order of these lines would open, the account's own approvals first.
///
/// # Errors
/// Whatever the database says.
pub async fn openings(
    tx: &Tx,
    app: &App,
    whom: &ForWhom,
    quote: &Quote,
    person: Option<UserId>,
    po_number: &str,
) -> Result<Vec<Opening>> {
    let mut openings = approvals::openings(tx, app, whom, quote, person).await?;
    if let Some(standing) = credit::standing(tx, app, &whom.account).await? {
        openings.extend(credit::openings(tx, app, &standing, quote.totals.gross).await?);
    }
    let digest = judge::digest(quote);
    openings.extend(judge::openings(tx, app, whom, quote, po_number, &digest).await?);
    Ok(openings)
}

/// The same in words for whoever is about to submit.
#[must_use]
pub fn waits(app: &App, whom: &ForWhom, openings: Vec<Opening>, is_staff: bool) -> Vec<WaitView> {
    let reader = if is_staff {
        Reader::Decider
    } else {
        Reader::Buyer {
            pays: whom.bill_to() == whom.account.id,
        }
    };
    openings
        .into_iter()
        .map(|opening| WaitView {
            kind: hold_words::kind_word(opening.kind),
            by: match opening.kind.releaser() {
                Releaser::Approver => "approver",
                Releaser::Kam => "kam",
                Releaser::Finance => "finance",
                Releaser::Operations => "operations",
            }
            .to_owned(),
            why: hold_words::why_of(opening.kind, opening.facts, reader, &app.brand.zone),
        })
        .collect()
}
