//! `kontor mail`: what has to do with mail and is done by hand or by a timer.

use std::path::PathBuf;

use crate::app;
use crate::config::Config;
use crate::messages::bounces::{self, Source, Taken, mailbox};

/// Reports taken in within one transaction.
const AT_ONCE: usize = 200;

/// `kontor mail bounces`: reads the mailbox that returned mail goes to.
///
/// # Errors
/// A file that cannot be read, or the database.
pub async fn bounces(config: Config, path: PathBuf) -> anyhow::Result<()> {
    let found =
        mailbox::read(&path).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    let db = app::open(&config).await?;
    let app = super::build(config, db).await?;
    let mut taken = Taken::default();
    for reports in found.reports.chunks(AT_ONCE) {
        let tx = app.db.begin_system("returned mail").await?;
        taken += bounces::take(&tx, &app, Source::Mailbox, reports).await?;
        tx.commit().await?;
    }
    println!(
        "{} messages, {} of them no reports; {} new reports, {} known, {} of no mail of ours; \
         {} addresses are written to no more",
        found.messages, found.others, taken.new, taken.known, taken.foreign, taken.suppressed
    );
    Ok(())
}
