//! A lane at work: what it has claimed, what is under way, what is done and not yet written down.
//!
//! Nothing waits for a whole batch. While jobs run, the next ones are claimed and read, and whatever
//! has ended meanwhile is written down in one transaction: the more there is to do, the more goes
//! into each commit, and what has left but is not yet noted stays as little as one commit takes.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::StreamExt;
use futures_util::future::{Fuse, FusedFuture, LocalBoxFuture};
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior};
use uuid::Uuid;

use super::Lane;
use super::claims::{self, Claimed, Outcome, Tried};
use super::outbox::{self, Opened};
use super::relay::Relay;
use super::worker;
use crate::app::App;
use crate::error::{Error, Result};

/// How often claims are prolonged: three times in a row may fail before somebody else takes them.
const BEAT: Duration = Duration::from_secs(5);
/// What is claimed ahead is worked off within about that time, so that who no longer wants a mail
/// is heard until shortly before it leaves.
const AHEAD: Duration = Duration::from_secs(1);
/// Ended jobs that may wait to be written down before the next ones begin: where the database is slow,
/// sending waits for it, so that a kill repeats few mails.
const MOST_UNNOTED: usize = 32;
/// Before it is tried again to write down what the database did not take.
const NOTE_PAUSE: Duration = Duration::from_secs(1);

/// What tells a lane that there is something to do.
#[derive(Debug, Clone)]
pub(super) struct Calls {
    /// Something is due.
    pub look: watch::Receiver<()>,
    /// No more is to be begun.
    pub stop: watch::Receiver<bool>,
}

/// A claimed job with what was read for it.
struct Waiting {
    claimed: Claimed,
    /// The mail, where it is to send one.
    mail: Option<Opened>,
    since: Instant,
}

/// What came of writing down how jobs ended.
struct Noted {
    /// To be tried again, because the database was away.
    left: Vec<Tried>,
    /// Whether others waited for one of them.
    frees_others: bool,
}

/// How much a lane does at once.
#[derive(Debug, Clone, Copy)]
struct Pace {
    at_once: usize,
    /// At most so many are claimed before their turn.
    ahead: usize,
}

fn pace(app: &App, lane: Lane) -> Pace {
    let connections = app.mailer.at_once();
    let (at_once, ahead) = match lane {
        Lane::Short => (4, 16),
        Lane::Long | Lane::Bulk => (1, 0),
        Lane::Mail => (connections, Ord::max(connections, 64)),
        // A campaign leaves a connection to mails that somebody waits for.
        Lane::BulkMail => (Ord::max(connections * 3 / 4, 1), Ord::max(connections, 128)),
        // Slow ones must not hold claims on what others could do meanwhile.
        Lane::Hook => (16, 0),
    };
    Pace { at_once, ahead }
}

/// One lane's work of one worker.
pub(super) struct Shift<'a> {
    app: &'a App,
    lane: Lane,
    pace: Pace,
    relay: Rc<Relay>,
    /// Whether there may be more to claim.
    look: bool,
    /// How many were claimed last ahead of their turn, and when.
    batch: usize,
    claimed_at: Instant,
    renewed_at: Instant,
    total: usize,
    /// Why nothing could be claimed.
    trouble: Option<Error>,
    queue: VecDeque<Waiting>,
    under_way: FuturesUnordered<LocalBoxFuture<'a, Tried>>,
    /// Claims in the queue and under way.
    out: HashMap<Uuid, i32>,
    ended: Vec<Tried>,
    /// So many are being written down.
    noted: usize,
    claiming: Fuse<LocalBoxFuture<'a, Result<Vec<Waiting>>>>,
    noting: Fuse<LocalBoxFuture<'a, Noted>>,
    renewing: Fuse<LocalBoxFuture<'a, Result<u64>>>,
}

/// Works a lane until `stop` says so; what is under way is finished then, and what was only claimed
/// is left to others.
pub(super) async fn work(app: &App, lane: Lane, mut calls: Calls) {
    let mut shift = Shift::new(app, lane);
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stopping = false;
    loop {
        // Whoever could say stop is gone: that is one, too.
        stopping |= *calls.stop.borrow() || calls.stop.has_changed().is_err();
        if stopping {
            shift.put_down();
        } else {
            shift.claim();
        }
        shift.go_on();
        if let Some(error) = shift.trouble.take() {
            // Whoever looks for work says when there is some.
            tracing::warn!(%error, "the worker could not claim jobs");
        }
        if stopping && shift.is_idle() {
            return;
        }
        let rest = shift.relay.rests_until();
        tokio::select! {
            () = shift.step(), if !shift.is_idle() => {}
            _ = beat.tick(), if !shift.out.is_empty() => shift.renew(),
            () = until(rest), if rest.is_some() => shift.look = true,
            changed = calls.look.changed(), if !stopping => match changed {
                Ok(()) => shift.look = true,
                Err(_) => stopping = true,
            },
            _ = calls.stop.changed(), if !stopping => {}
        }
    }
}

/// Works a lane until nothing in it is due; says how many jobs that were.
///
/// # Errors
/// Whatever the database says when jobs are claimed.
pub(super) async fn work_off(app: &App, lane: Lane) -> Result<usize> {
    let mut shift = Shift::new(app, lane);
    loop {
        shift.claim();
        shift.go_on();
        if let Some(error) = shift.trouble.take() {
            return Err(error);
        }
        if shift.is_idle() {
            return Ok(shift.total);
        }
        shift.step().await;
    }
}

async fn until(at: Option<Instant>) {
    if let Some(at) = at {
        tokio::time::sleep_until(at).await;
    }
}

impl<'a> Shift<'a> {
    fn new(app: &'a App, lane: Lane) -> Shift<'a> {
        let pace = pace(app, lane);
        Shift {
            app,
            lane,
            pace,
            relay: Rc::default(),
            look: true,
            batch: pace.at_once,
            claimed_at: Instant::now(),
            renewed_at: Instant::now(),
            total: 0,
            trouble: None,
            queue: VecDeque::new(),
            under_way: FuturesUnordered::new(),
            out: HashMap::new(),
            ended: Vec::new(),
            noted: 0,
            claiming: Fuse::terminated(),
            noting: Fuse::terminated(),
            renewing: Fuse::terminated(),
        }
    }

    fn is_idle(&self) -> bool {
        self.queue.is_empty()
            && self.under_way.is_empty()
            && self.ended.is_empty()
            && self.claiming.is_terminated()
            && self.noting.is_terminated()
            && self.renewing.is_terminated()
    }

    /// How many to claim now.
    fn wanted(&mut self) -> usize {
        if !self.look || !self.claiming.is_terminated() || self.relay.rests_until().is_some() {
            return 0;
        }
        if self.relay.is_doubtful() {
            return usize::from(self.out.is_empty());
        }
        let Pace { at_once, ahead } = self.pace;
        if ahead == 0 {
            return at_once.saturating_sub(self.out.len());
        }
        if self.queue.len() >= at_once {
            return 0;
        }
        let quick = self.claimed_at.elapsed() < AHEAD;
        let next = if quick {
            self.batch * 2
        } else {
            self.batch / 2
        };
        Ord::clamp(next, at_once, ahead)
    }

    fn claim(&mut self) {
        let wanted = self.wanted();
        if wanted == 0 {
            return;
        }
        self.look = false;
        self.batch = wanted;
        self.claimed_at = Instant::now();
        let (app, lane) = (self.app, self.lane);
        let claim = async move { read(app, claims::claim(app, lane, wanted).await?).await };
        self.claiming = claim.boxed_local().fuse();
    }

    /// Begins what there is room for, and the writing down of what has ended.
    fn go_on(&mut self) {
        let lease = u64::try_from(claims::lease_millis(self.lane)).unwrap_or_default();
        while self.under_way.len() < self.pace.at_once
            && self.ended.len() + self.noted < MOST_UNNOTED
            && let Some(waiting) = self.queue.pop_front()
        {
            // A claim that may have run out is no longer acted on: somebody else may hold it.
            let since = Ord::max(waiting.since, self.renewed_at);
            if since.elapsed() + BEAT > Duration::from_millis(lease) {
                self.out.remove(&waiting.claimed.id);
                continue;
            }
            let (app, relay) = (self.app, Rc::clone(&self.relay));
            let run =
                async move { worker::run_one(app, &relay, waiting.claimed, waiting.mail).await };
            self.under_way.push(run.boxed_local());
        }
        if !self.ended.is_empty() && self.noting.is_terminated() {
            let tried = std::mem::take(&mut self.ended);
            self.noted = tried.len();
            self.noting = write_down(self.app, tried).boxed_local().fuse();
        }
    }

    /// Waits for the next thing to happen.
    async fn step(&mut self) {
        tokio::select! {
            Some(tried) = self.under_way.next(), if !self.under_way.is_empty() => {
                self.end(tried);
                // Others that have ended meanwhile go into the same commit.
                while let Some(Some(tried)) = self.under_way.next().now_or_never() {
                    self.end(tried);
                }
            }
            claimed = &mut self.claiming, if !self.claiming.is_terminated() => self.take(claimed),
            noted = &mut self.noting, if !self.noting.is_terminated() => {
                self.noted = 0;
                self.look |= noted.frees_others;
                self.ended.extend(noted.left);
            }
            renewed = &mut self.renewing, if !self.renewing.is_terminated() => match renewed {
                Ok(_) => self.renewed_at = Instant::now(),
                Err(error) => {
                    tracing::warn!(%error, "claims on jobs could not be prolonged");
                }
            },
            else => {}
        }
    }

    fn take(&mut self, claimed: Result<Vec<Waiting>>) {
        match claimed {
            Ok(claimed) => {
                // A full batch: there may be more.
                self.look = claimed.len() >= self.batch;
                self.total += claimed.len();
                for waiting in claimed {
                    let claim = &waiting.claimed;
                    self.out.insert(claim.id, claim.attempt);
                    self.queue.push_back(waiting);
                }
            }
            Err(error) => self.trouble = Some(error),
        }
    }

    fn end(&mut self, tried: Tried) {
        self.out.remove(&tried.claimed.id);
        let is_away = matches!(tried.outcome, Some(Ok(Outcome::Later { .. })));
        self.ended.push(tried);
        if is_away && self.relay.rests_until().is_some() {
            self.put_down();
        }
    }

    /// Leaves to others, or to later, what was claimed and not begun. It is not counted as a try.
    fn put_down(&mut self) {
        for waiting in std::mem::take(&mut self.queue) {
            self.out.remove(&waiting.claimed.id);
            self.ended.push(Tried {
                claimed: waiting.claimed,
                outcome: None,
                mail: None,
            });
        }
    }

    fn renew(&mut self) {
        if !self.renewing.is_terminated() {
            return;
        }
        let (app, lane) = (self.app, self.lane);
        let out: Vec<(Uuid, i32)> = self.out.iter().map(|(id, at)| (*id, *at)).collect();
        self.renewing = async move { claims::renew(app, lane, out).await }
            .boxed_local()
            .fuse();
    }
}

/// Reads what claimed jobs need, for all of them together.
async fn read(app: &App, claimed: Vec<Claimed>) -> Result<Vec<Waiting>> {
    let since = Instant::now();
    let ids: Vec<Uuid> = claimed.iter().filter_map(claims::mail_of).collect();
    let mut mails = outbox::open(app, &ids).await?;
    let waiting = |claimed: Claimed| {
        let mail = claims::mail_of(&claimed);
        let mail = mail.map(|id| mails.remove(&id).unwrap_or(Opened::Settled));
        Waiting {
            claimed,
            mail,
            since,
        }
    };
    Ok(claimed.into_iter().map(waiting).collect())
}

async fn write_down(app: &App, tried: Vec<Tried>) -> Noted {
    let frees_others = tried.iter().any(|tried| tried.claimed.is_followed);
    let mut left = Vec::new();
    match claims::note(app, &tried).await {
        Ok(()) => {
            if tried.iter().any(|tried| tried.mail.is_none()) {
                // It may have left work for other lanes.
                app.wake.notify_one();
            }
        }
        Err(error) => {
            tracing::warn!(%error, "the outcome of jobs could not be noted");
            left = one_by_one(app, tried).await;
        }
    }
    if !left.is_empty() {
        tokio::time::sleep(NOTE_PAUSE).await;
    }
    Noted { left, frees_others }
}

/// Writes down each on its own, for one of them may be what the database does not take; gives back
/// those that it will take later.
async fn one_by_one(app: &App, tried: Vec<Tried>) -> Vec<Tried> {
    let mut left = Vec::new();
    for one in tried {
        match claims::note(app, std::slice::from_ref(&one)).await {
            Ok(()) => {}
            Err(Error::Busy(_) | Error::GaveWay(_)) => left.push(one),
            Err(error) => {
                // Its claim runs out, and it runs again.
                let (job, error) = (one.claimed.id, error.cause());
                tracing::error!(%job, error, "a job's outcome cannot be noted");
            }
        }
    }
    left
}
