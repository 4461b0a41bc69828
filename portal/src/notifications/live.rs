//! The bell's number, kept right on every open page while things happen.
//!
//! Each open page is an [`Ear`]; one task a process looks for all of them, and only while there is
//! one. Once a second it asks for notifications newer than those it knows, by their ids, which grow
//! with time; so it hears of every instance's, and nothing has to be told between them. An id may
//! be seen after a later one (its transaction took longer, another instance's clock runs behind):
//! so the last seconds are always asked for again, and what was seen is not told twice. Every few
//! seconds everybody's number is counted afresh, which catches what was read elsewhere and whatever
//! came later than that; and pages whose session has ended are let go.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::Value;
use tokio::sync::{Notify, watch};
use tokio::time::MissedTickBehavior;
use trade::id::UserId;
use uuid::Uuid;

use super::MANY;
use crate::app::App;
use crate::auth::session::Session;
use crate::catalogue::padded;
use crate::db::{Tx, placeholders};
use crate::error::Result;
use crate::web::locale::Lang;
use crate::web::shape::Message;

/// How often it is looked for what is new.
const EVERY: Duration = Duration::from_secs(1);
/// After so many looks everybody's number is counted, and sessions are checked.
const ROUND: u32 = 5;
/// So far back it is looked each time.
const LOOK_BACK_MILLIS: u128 = 10_000;
/// So many of the newest are told one by one; a number alone says the rest.
const MOST_NEW: usize = 2_000;
/// People asked for in one query.
const AT_ONCE: usize = 512;
/// A comment now and then keeps proxies from closing the line.
const STILL_HERE: Duration = Duration::from_secs(15);

/// Those who listen in this process.
#[derive(Default)]
pub struct Bell {
    ears: Mutex<Ears>,
    /// Somebody wants to know now.
    asked: Notify,
}

#[derive(Default)]
struct Ears {
    next: u64,
    all: HashMap<u64, Ear>,
    /// Whose number is to be counted at the next look.
    stale: HashSet<UserId>,
    looking: bool,
    closed: bool,
}

/// An open page.
struct Ear {
    person: UserId,
    session: Uuid,
    tell: watch::Sender<Told>,
}

/// What a page is told.
#[derive(Debug, Clone, Default, PartialEq)]
struct Told {
    /// None until it was counted.
    unread: Option<i64>,
    newest: Option<Newest>,
}

#[derive(Debug, Clone, PartialEq)]
struct Newest {
    id: Uuid,
    said: Message,
}

impl Bell {
    /// Counts a person's unread afresh, now: they have just read something.
    pub fn count_again(&self, person: UserId) {
        self.lock().stale.insert(person);
        self.asked.notify_one();
    }

    /// Lets every page go, and takes no more: the server stops. They come back to the next one.
    pub fn close(&self) {
        let mut ears = self.lock();
        ears.closed = true;
        ears.all.clear();
    }

    /// How many pages listen.
    #[must_use]
    pub fn listening(&self) -> usize {
        self.lock().all.len()
    }

    fn lock(&self) -> MutexGuard<'_, Ears> {
        self.ears.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, person: UserId, session: Uuid) -> watch::Receiver<Told> {
        let (tell, heard) = watch::channel(Told::default());
        let mut ears = self.lock();
        if !ears.closed {
            ears.next += 1;
            let ear = Ear {
                person,
                session,
                tell,
            };
            let id = ears.next;
            ears.all.insert(id, ear);
            ears.stale.insert(person);
        }
        heard
    }

    /// Forgets pages that were closed; whether any is left. Where none is, whoever looks stops.
    fn goes_on(&self) -> bool {
        let mut ears = self.lock();
        ears.all.retain(|_, ear| !ear.tell.is_closed());
        ears.looking = !ears.all.is_empty();
        ears.looking
    }

    /// Whom to look for: everybody who listens, and their sessions.
    fn audience(&self) -> (HashSet<UserId>, HashSet<Uuid>) {
        let ears = self.lock();
        let people = ears.all.values().map(|ear| ear.person).collect();
        let sessions = ears.all.values().map(|ear| ear.session).collect();
        (people, sessions)
    }

    fn tell(&self, unread: &HashMap<UserId, i64>, newest: &HashMap<UserId, Newest>) {
        for ear in self.lock().all.values() {
            let Some(unread) = unread.get(&ear.person) else {
                continue;
            };
            ear.tell.send_if_modified(|told| {
                let before = told.clone();
                told.unread = Some(*unread);
                if let Some(newest) = newest.get(&ear.person) {
                    told.newest = Some(newest.clone());
                }
                *told != before
            });
        }
    }
}

/// One open page's line to the bell.
pub struct Listener {
    app: Arc<App>,
    lang: Lang,
    heard: watch::Receiver<Told>,
    announced: Option<Uuid>,
    greeted: bool,
}

impl Listener {
    /// Begins to listen for whoever is signed in.
    #[must_use]
    pub fn begin(app: Arc<App>, session: &Session) -> Listener {
        let heard = app.bell.begin(session.user_id, session.id);
        Listener {
            app,
            lang: session.lang,
            heard,
            announced: None,
            greeted: false,
        }
    }

    /// The next event, in the words of the protocol; none where the session or the server ends. May
    /// be dropped while it waits, and asked again.
    pub async fn next(&mut self) -> Option<String> {
        if !self.greeted {
            self.greeted = true;
            look_for(&self.app);
            return Some("retry: 2000\n\n".to_owned());
        }
        match tokio::time::timeout(STILL_HERE, self.heard.changed()).await {
            Ok(Ok(())) => {
                let told = self.heard.borrow_and_update().clone();
                Some(self.event(&told))
            }
            // Its sender was let go.
            Ok(Err(_)) => None,
            Err(_) => {
                // Whoever looked may have stopped with the thread it ran on.
                look_for(&self.app);
                Some(": here\n\n".to_owned())
            }
        }
    }

    /// The number as it is shown and as it is read out, and what is new in one sentence.
    fn event(&mut self, told: &Told) -> String {
        let words = self.app.templates.words();
        let unread = told.unread.unwrap_or_default();
        let label = Message::new("bell-unread").with("count", unread);
        let mut data = serde_json::json!({
            "unread": unread,
            "shown": shown(unread),
            "label": words.message(self.lang, &label),
        });
        if let Some(newest) = &told.newest
            && self.announced.replace(newest.id) != Some(newest.id)
        {
            let said = words.message(self.lang, &newest.said);
            let says = Message::new("bell-new").with("said", said);
            if let Some(fields) = data.as_object_mut() {
                fields.insert("says".to_owned(), words.message(self.lang, &says).into());
            }
        }
        format!("event: bell\ndata: {data}\n\n")
    }
}

/// The number as the bell shows it.
#[must_use]
pub fn shown(unread: i64) -> String {
    if unread >= MANY {
        format!("{}+", MANY - 1)
    } else {
        unread.to_string()
    }
}

/// Sees to it that somebody looks, and soon.
fn look_for(app: &Arc<App>) {
    let begins = {
        let mut ears = app.bell.lock();
        let begins = !ears.looking && !ears.all.is_empty();
        ears.looking |= begins;
        begins
    };
    if begins {
        tokio::spawn(look(Arc::clone(app)));
    }
    app.bell.asked.notify_one();
}

/// Whoever looks says so when it is ended from outside.
struct Looking {
    app: Arc<App>,
    ended: bool,
}

impl Drop for Looking {
    fn drop(&mut self) {
        if !self.ended {
            self.app.bell.lock().looking = false;
        }
    }
}

/// Looks until nobody listens.
async fn look(app: Arc<App>) {
    let mut looking = Looking { app, ended: false };
    let bell = &looking.app.bell;
    let mut recent = Recent::default();
    let mut looks: u32 = 0;
    let mut second = tokio::time::interval(EVERY);
    second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let due = tokio::select! {
            // First what was there before, so that what comes is known as new.
            biased;
            _ = second.tick() => true,
            () = bell.asked.notified() => false,
        };
        if !bell.goes_on() {
            looking.ended = true;
            return;
        }
        let round = due && looks.is_multiple_of(ROUND);
        if due {
            looks = looks.wrapping_add(1);
        }
        let stale = std::mem::take(&mut bell.lock().stale);
        if let Err(error) = once(&looking.app, due.then_some(&mut recent), round, &stale).await {
            tracing::warn!(error = error.cause(), "the bell could not look");
            bell.lock().stale.extend(stale);
        }
    }
}

/// One look.
async fn once(
    app: &App,
    recent: Option<&mut Recent>,
    round: bool,
    stale: &HashSet<UserId>,
) -> Result<()> {
    if recent.is_none() && stale.is_empty() {
        return Ok(());
    }
    let (people, sessions) = app.bell.audience();
    let tx = app.db.read_system("bell").await?;
    if round {
        let good = good_sessions(&tx, &sessions, app.clock.millis()).await?;
        let mut ears = app.bell.lock();
        ears.all
            .retain(|_, ear| good.contains(&ear.session) || !sessions.contains(&ear.session));
    }
    let mut newest = HashMap::new();
    if let Some(recent) = recent {
        for (id, person) in recent.look(&tx).await? {
            if people.contains(&person) {
                newest.insert(person, id);
            }
        }
    }
    let count: Vec<UserId> = if round {
        people.into_iter().collect()
    } else {
        stale.iter().chain(newest.keys()).copied().collect()
    };
    let unread = unread(&tx, &count).await?;
    let newest = said(&tx, &newest).await?;
    drop(tx);
    app.bell.tell(&unread, &newest);
    Ok(())
}

/// The notifications of the last seconds that were seen.
#[derive(Default)]
struct Recent {
    seen: BTreeSet<Uuid>,
    from: Option<Uuid>,
}

impl Recent {
    /// Those seen for the first time, oldest first. At the first look nothing is new.
    async fn look(&mut self, tx: &Tx) -> Result<Vec<(Uuid, UserId)>> {
        let from = match self.from {
            Some(from) => from,
            None => {
                let latest = "SELECT id FROM notifications ORDER BY id DESC LIMIT 1";
                let rows = tx.rows(latest, []).await?;
                let latest = rows.first().map(|row| row.try_get("", "id")).transpose()?;
                before(latest.unwrap_or_default())
            }
        };
        let sql = format!(
            "SELECT id, user_id FROM notifications WHERE id > $1 AND in_app \
             ORDER BY id DESC LIMIT {MOST_NEW}"
        );
        let mut rows = Vec::new();
        for row in tx.rows(&sql, [from.into()]).await? {
            rows.push((row.try_get("", "id")?, row.try_get("", "user_id")?));
        }
        rows.reverse();
        Ok(self.note(from, &rows))
    }

    fn note(&mut self, from: Uuid, rows: &[(Uuid, UserId)]) -> Vec<(Uuid, UserId)> {
        let first = self.from.is_none();
        let new = rows.iter().filter(|(id, _)| self.seen.insert(*id));
        let new: Vec<_> = new.copied().collect();
        let from = rows.last().map_or(from, |(id, _)| from.max(before(*id)));
        self.seen = self.seen.split_off(&from);
        self.from = Some(from);
        if first { Vec::new() } else { new }
    }
}

/// The first id of some seconds before this one: the first 48 bits are milliseconds (RFC 9562).
fn before(id: Uuid) -> Uuid {
    let millis = id.as_u128() >> 80;
    Uuid::from_u128(millis.saturating_sub(LOOK_BACK_MILLIS) << 80)
}

/// Of these sessions those that are still good.
async fn good_sessions(tx: &Tx, sessions: &HashSet<Uuid>, now: i64) -> Result<HashSet<Uuid>> {
    let all: Vec<Uuid> = sessions.iter().copied().collect();
    let mut good = HashSet::new();
    for chunk in all.chunks(AT_ONCE) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id \
             WHERE s.expires_at > $1 AND u.status = 'active' AND s.id IN ({})",
            placeholders(2, ids.len())
        );
        let values = std::iter::once(Value::from(now)).chain(ids.into_iter().map(Value::from));
        for row in tx.rows(&sql, values).await? {
            good.insert(row.try_get("", "id")?);
        }
    }
    Ok(good)
}

/// What these people have not read, counted as far as [`MANY`]: the index holds the unread alone,
/// and no more than that many entries of a person are touched.
async fn unread(tx: &Tx, people: &[UserId]) -> Result<HashMap<UserId, i64>> {
    let mut counts = HashMap::new();
    for chunk in people.chunks(AT_ONCE) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT u.id, (SELECT count(*) FROM (SELECT 1 FROM notifications n \
             WHERE n.user_id = u.id AND n.in_app AND n.read_at IS NULL LIMIT {MANY}) few) AS unread \
             FROM users u WHERE u.id IN ({})",
            placeholders(1, ids.len())
        );
        let values = ids.into_iter().map(|id| Value::from(id.0));
        for row in tx.rows(&sql, values).await? {
            counts.insert(row.try_get("", "id")?, row.try_get("", "unread")?);
        }
    }
    Ok(counts)
}

/// What these notifications say.
async fn said(tx: &Tx, newest: &HashMap<UserId, Uuid>) -> Result<HashMap<UserId, Newest>> {
    let all: Vec<Uuid> = newest.values().copied().collect();
    let mut said = HashMap::new();
    for chunk in all.chunks(AT_ONCE) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT id, user_id, said FROM notifications WHERE id IN ({})",
            placeholders(1, ids.len())
        );
        for row in tx.rows(&sql, ids.into_iter().map(Value::from)).await? {
            let newest = Newest {
                id: row.try_get("", "id")?,
                said: super::sentence(row.try_get("", "said")?),
            };
            said.insert(row.try_get("", "user_id")?, newest);
        }
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(millis: u128, rest: u128) -> Uuid {
        Uuid::from_u128(millis << 80 | rest)
    }

    #[test]
    fn the_number_is_counted_as_far_as_anybody_wants_to_know() {
        assert_eq!(shown(1), "1");
        assert_eq!(shown(99), "99");
        assert_eq!(shown(100), "99+");
    }

    #[test]
    fn what_comes_out_of_order_is_told_once_and_what_was_there_before_is_not() {
        let who = UserId(Uuid::from_u128(1));
        let mut recent = Recent::default();
        let there = [(id(100_000, 1), who)];
        assert_eq!(recent.note(Uuid::nil(), &there), []);
        // A later one, then one whose transaction took two seconds longer.
        let later = [(id(100_000, 1), who), (id(103_000, 3), who)];
        let from = recent.from.unwrap();
        assert_eq!(from, id(90_000, 0));
        assert_eq!(recent.note(from, &later), [(id(103_000, 3), who)]);
        let from = recent.from.unwrap();
        let late = [later[0], (id(101_000, 2), who), later[1]];
        assert_eq!(recent.note(from, &late), [(id(101_000, 2), who)]);
        assert_eq!(recent.note(from, &late), []);
        // What is older than the look-back is forgotten.
        assert_eq!(recent.note(from, &[(id(120_000, 4), who)]).len(), 1);
        assert_eq!(recent.seen.len(), 1);
        assert_eq!(recent.from, Some(id(110_000, 0)));
    }
}
