//! The handler of the first page.

use actix_web::HttpResponse;

use crate::auth::SignedIn;
use crate::error::Result;
use crate::web::Page;

/// GET `/`: the buyer's desk. The brand's people, unless they act for an account, have their own.
///
/// # Errors
/// Whatever the database says.
pub async fn home(page: Page, who: SignedIn) -> Result<HttpResponse> {
    let Some(account) = &who.session.account else {
        return Ok(page.redirect("/kam"));
    };
    let tx = page.app.db.read(&who.scope).await?;
    let view = super::desk(&tx, &page.app, &who.session, account).await?;
    drop(tx);
    page.render(&view)
}
