//! Keeping the model up to date between trainings.
//!
//! Before an answer for an account, that account's orders which the model does not know yet are
//! taken in: one question by primary key, and nothing more where there are none. In the background
//! every instance does the same for everybody, and exchanges its model where another was trained.
//! Only what an account's own two counters say is believed (see `seen`), so neither clocks nor the
//! order of commits can make the model miss an order or count one twice.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use trade::id::AccountId;

use super::live::{Origin, Recommender};
use super::{source, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;

/// How often an instance looks for another model and for others' orders.
const EVERY: Duration = Duration::from_secs(5);
/// How long a starting instance waits for its model before it serves without.
const PATIENCE: Duration = Duration::from_secs(2);
/// Two requests of an account at once may each find the other to have been first.
const TRIES: usize = 4;

/// Takes in what an account ordered or cancelled since the model looked.
///
/// # Errors
/// Whatever the database says.
pub async fn account(tx: &Tx, recommender: &Recommender, account: AccountId) -> Result<()> {
    for _ in 0..TRIES {
        let now = source::mark(tx, account).await?;
        let Some(known) = recommender.mark(account) else {
            return Ok(());
        };
        if known.covers(&now) {
            return Ok(());
        }
        let news = source::news(tx, account, known, now).await?;
        if recommender.take(account, known, news) {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads the model for an instance that starts; where that takes long, the instance begins without
/// and gets it later.
pub async fn start(app: &Arc<App>) {
    app.recommender.is_followed();
    let loading = {
        let app = Arc::clone(app);
        tokio::spawn(async move {
            if let Err(error) = tick(&app).await {
                tracing::warn!(
                    error = error.cause(),
                    "the recommender's model was not read"
                );
            }
        })
    };
    if tokio::time::timeout(PATIENCE, loading).await.is_err() {
        tracing::info!("the recommender's model is being read; pages do without it so far");
    }
}

/// Keeps the model of an instance until `stop` says so.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut failing = false;
    while !*stop.borrow() {
        match tick(&app).await {
            Ok(()) => failing = false,
            // Once a change: a database that is away is named often enough.
            Err(error) if !failing => {
                failing = true;
                tracing::warn!(
                    error = error.cause(),
                    "the recommender does not follow orders"
                );
            }
            Err(_) => {}
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

/// Looks once for another model and for orders of everybody. An instance that nobody has asked
/// anything, such as a worker's, has no model to keep.
///
/// # Errors
/// Whatever the database says.
pub async fn tick(app: &App) -> Result<()> {
    let recommender = &app.recommender;
    if recommender.reading(|_| ()).is_some() || recommender.followed() {
        exchange(app).await?;
        catch_up(app).await?;
    }
    Ok(())
}

/// Reads the newest model, where it is not the one that is asked. Requests go on meanwhile.
async fn exchange(app: &App) -> Result<()> {
    let recommender = &app.recommender;
    let _turn = recommender.loading.lock().await;
    let asked = recommender.reading(|live| live.origin);
    let tx = app.db.read_system("recommender").await?;
    if asked.is_none() {
        let live = store::load(&tx, app).await?;
        recommender.exchange(live);
        return Ok(());
    }
    for head in store::heads(&tx).await? {
        if let Some(Origin::Trained { id, .. }) = asked
            && id == head.id
        {
            return Ok(());
        }
        if let Some(live) = store::open(&tx, app, &head).await? {
            recommender.exchange(live);
            return Ok(());
        }
    }
    Ok(())
}

/// Takes in what anybody ordered. An account at a time, each in a transaction of its own: after an
/// import of years of orders this takes a while, and neither holds up requests nor holds much in
/// memory; a request in between takes its own account in first.
async fn catch_up(app: &App) -> Result<()> {
    let recommender = &app.recommender;
    let tx = app.db.read_system("recommender").await?;
    let changes = source::changes(&tx).await?;
    if recommender.reading(|live| live.seen.changes()) == Some(changes) {
        return Ok(());
    }
    let marks = source::marks(&tx).await?;
    drop(tx);
    let behind = recommender.reading(|live| {
        let behind = marks
            .iter()
            .filter(|(id, mark)| !live.seen.mark(*id).covers(mark));
        behind.map(|(account, _)| account).collect::<Vec<_>>()
    });
    for id in behind.unwrap_or_default() {
        let tx = app.db.read_system("recommender").await?;
        account(&tx, recommender, id).await?;
    }
    Ok(())
}
