//! How many: of an item the account knows, and of one it orders for the first time.
//!
//! Every quantity that is in question (what the account took of the item lately, and the ladder of
//! quantities customers really order of it) gets points for what speaks for it; the one with the
//! most is suggested. How many points each fact is worth is learned from the latest orders
//! ([`QuantityModel::fit`]).

mod fit;

use serde::{Deserialize, Serialize};
use trade::id::ProductId;

use crate::history::{AccountAt, ItemAt};
use crate::model::Model;
use crate::state::{Buyer, Pair};
use crate::suggestion::{Ask, Step};

/// Facts that speak for a quantity of an item the account has not ordered.
const FIRST: usize = 6;
/// Facts that speak for a quantity of an item it has.
const AGAIN: usize = FIRST + 12;
/// What the facts are worth before anything is learned: what a giftware wholesaler's orders teach.
const DEFAULT_FIRST: [f64; FIRST] = [0.96, 0.26, -0.23, 0.18, -0.4, 0.4];
const DEFAULT_AGAIN: [f64; AGAIN] = [
    0.71, 0.09, -0.27, 0.11, -0.13, 0.32, // as for a first time
    0.49, 0.27, -0.24, -0.7, 0.36, -0.93, -0.17, -0.17, -0.1, 0.11, 0.14, 0.47,
];
/// Accounts are told apart by how much of an item they take, in steps of `LEVEL` on the natural
/// logarithm of their multiple of what is typical, `LEVELS` steps down and up.
const LEVEL: f64 = 0.35;
const LEVELS: f64 = 6.0;
/// How fast the ladder of accounts of another level counts less.
const LIKENESS: f64 = 3.0;
/// So many of the most frequent quantities of an item are in question.
const RUNGS: usize = 14;
/// Orders looked at for an item that training had not seen.
const UNSEEN: usize = 400;

/// What training learned about quantities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuantityModel {
    first: Vec<f64>,
    again: Vec<f64>,
    /// By item: the quantities in use, sorted by pieces and level.
    ladders: Vec<Vec<Rung>>,
    /// By item: the most frequent quantity, the smaller of two; 0 where there is none.
    typical: Vec<u32>,
    /// Over all items: pieces and how often, sorted by pieces.
    overall: Vec<(u32, u32)>,
    lines: u32,
}

/// A quantity in use for an item, among accounts of one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Rung {
    pieces: u32,
    level: i8,
    times: u32,
}

/// How much an account takes in general.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Habit {
    /// Natural logarithm of its usual multiple of what is typical of an item.
    multiple: f64,
    /// Its latest quantities over all items, with how often; sorted by pieces.
    taken: Vec<(u32, u32)>,
    lines: u32,
}

/// What is known when a quantity is asked for.
struct Question<'a> {
    ladder: &'a [Rung],
    /// A line of the ladder to be left out, since it is the one asked for: pieces and level.
    left_out: Option<(u32, i8)>,
    habit: &'a Habit,
    /// What the account took of the item, the newest first.
    remembered: &'a [u32],
    /// Natural logarithm of the time since the last order with it, by the mean time between them.
    gap: f64,
}

/// A quantity in question, with the facts that speak for it; of a first time only the first few.
struct Choice {
    pieces: u32,
    facts: [f64; AGAIN],
}

impl Default for QuantityModel {
    fn default() -> Self {
        Self {
            first: DEFAULT_FIRST.to_vec(),
            again: DEFAULT_AGAIN.to_vec(),
            ladders: Vec::new(),
            typical: Vec::new(),
            overall: Vec::new(),
            lines: 0,
        }
    }
}

impl Model {
    /// What the account will probably take of an item it has ordered, made allowed.
    pub(crate) fn usual_pieces(
        &self,
        habit: &Habit,
        pair: &Pair,
        today: crate::history::Day,
        step: Step,
    ) -> u32 {
        let gap = if self.history.dated {
            gap(pair, today.0)
        } else {
            0.0
        };
        self.probable_pieces(habit, pair.item, pair.remembered(), gap, step)
    }

    /// What the account will probably take of an item it never ordered, made allowed.
    pub(crate) fn first_pieces(&self, habit: &Habit, item: ItemAt, step: Step) -> u32 {
        self.probable_pieces(habit, item, &[], 0.0, step)
    }

    /// How much an account takes in general; ask once, then for every item.
    pub(crate) fn habit(&self, buyer: Option<&Buyer>) -> Habit {
        buyer.map_or_else(Habit::default, |buyer| self.quantities.habit(buyer))
    }

    /// What the account will probably take of an item, whether it knows the item or not; none where
    /// it may not order it.
    #[must_use]
    pub fn pieces_of(&self, ask: &Ask<'_>, product: ProductId) -> Option<u32> {
        let step = (ask.may)(product)?;
        let buyer = self.buyer(ask.account);
        let habit = self.habit(buyer);
        let Some(item) = self.history.item_at.get(&product) else {
            return Some(step.nearest(1.0));
        };
        let pair = buyer.and_then(|buyer| buyer.pair(*item));
        Some(match pair {
            Some(pair) => self.usual_pieces(&habit, pair, ask.today, step),
            None => self.first_pieces(&habit, *item, step),
        })
    }

    fn probable_pieces(
        &self,
        habit: &Habit,
        item: ItemAt,
        remembered: &[u32],
        gap: f64,
        step: Step,
    ) -> u32 {
        let seen = self.quantities.ladders.get(item as usize);
        let seen = seen.filter(|ladder| !ladder.is_empty());
        let counted;
        let ladder = if let Some(ladder) = seen {
            ladder.as_slice()
        } else {
            counted = self.ladder_of(item);
            &counted
        };
        let question = Question {
            ladder,
            left_out: None,
            habit,
            remembered,
            gap,
        };
        self.quantities.choose(&question, step)
    }

    /// The ladder of an item training had not seen, from the orders with it.
    fn ladder_of(&self, item: ItemAt) -> Vec<Rung> {
        let Some(sales) = self.state.sales.get(item as usize) else {
            return Vec::new();
        };
        let every = sales.postings.len() / UNSEEN + 1;
        let mut pieces: Vec<u32> = sales
            .postings
            .iter()
            .step_by(every)
            .filter_map(|&(account, order)| self.taken(account, order, item))
            .collect();
        pieces.sort_unstable();
        let mut ladder: Vec<Rung> = Vec::new();
        for pieces in pieces {
            match ladder.last_mut().filter(|last| last.pieces == pieces) {
                Some(rung) => rung.times += 1,
                None => ladder.push(Rung {
                    pieces,
                    level: 0,
                    times: 1,
                }),
            }
        }
        ladder
    }

    /// Pieces of an item in an order.
    fn taken(&self, account: AccountAt, order: u32, item: ItemAt) -> Option<u32> {
        let basket = self.history.baskets[account as usize].get(order as usize)?;
        let at = basket.lines.binary_search_by_key(&item, |line| line.0);
        Some(basket.lines[at.ok()?].1)
    }
}

/// Natural logarithm of the time since the last order with an item by the mean time between them,
/// within a quarter and four times; 0 before there are two gaps.
fn gap(pair: &Pair, today: i32) -> f64 {
    let Some(mean) = pair.mean_gap().filter(|_| pair.count > 2) else {
        return 0.0;
    };
    let ago = f64::from(today - pair.last_day);
    (ago / f64::from(mean).max(1.0)).clamp(0.25, 4.0).ln()
}

fn level(multiple: f64) -> i8 {
    (multiple / LEVEL).round().clamp(-LEVELS, LEVELS) as i8
}

/// Logarithm of how many times `b` goes into `a`.
fn times(a: u32, b: f64) -> f64 {
    (f64::from(a.max(1))).ln() - b.ln()
}

impl QuantityModel {
    fn habit(&self, buyer: &Buyer) -> Habit {
        let mut all: Vec<u32> = Vec::with_capacity(buyer.pairs.len() * 2);
        let (mut sum, mut lines) = (0.0, 0_u32);
        for pair in &buyer.pairs {
            let typical = self.typical.get(pair.item as usize).copied().unwrap_or(0);
            for &pieces in pair.remembered().iter().take(3) {
                all.push(pieces);
                if typical > 0 {
                    sum += times(pieces, f64::from(typical));
                    lines += 1;
                }
            }
        }
        Habit {
            multiple: sum / f64::from(lines + 3),
            lines: all.len() as u32,
            taken: counted(all),
        }
    }

    fn choose(&self, question: &Question<'_>, step: Step) -> u32 {
        let worth: &[f64] = if question.remembered.is_empty() {
            &self.first
        } else {
            &self.again
        };
        let choices = self.choices(question);
        let points: Vec<f64> = choices
            .iter()
            .map(|choice| worth.iter().zip(choice.facts).map(|(w, f)| w * f).sum())
            .collect();
        let most = points.iter().copied().fold(f64::MIN, f64::max);
        // Quantities that a step makes the same speak together.
        let mut best = (step.nearest(1.0), 0.0);
        let mut at = 0;
        while let Some(first) = choices.get(at) {
            let pieces = step.nearest(f64::from(first.pieces));
            let mut chance = 0.0;
            while let Some(choice) = choices.get(at)
                && step.nearest(f64::from(choice.pieces)) == pieces
            {
                chance += (points[at] - most).exp();
                at += 1;
            }
            if chance > best.1 {
                best = (pieces, chance);
            }
        }
        best.0
    }

    /// The quantities in question, ascending.
    fn choices(&self, question: &Question<'_>) -> Vec<Choice> {
        let ladder = question.ladder();
        let own = question.remembered;
        let sold: f64 = ladder.iter().map(|rung| rung.1).sum();
        let alike: f64 = ladder.iter().map(|rung| rung.2).sum();
        let typical = ladder
            .iter()
            .fold((1, 0.0), |best, rung| {
                if rung.1 > best.1 {
                    (rung.0, rung.1)
                } else {
                    best
                }
            })
            .0;
        let target = f64::from(typical) * question.habit.multiple.exp();
        let middle = middle(own);
        let mut by_sales: Vec<&(u32, f64, f64)> = ladder.iter().collect();
        by_sales.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut pieces: Vec<u32> = by_sales.iter().take(RUNGS).map(|rung| rung.0).collect();
        pieces.extend_from_slice(own);
        pieces.extend(nearest_rung(&ladder, target));
        if pieces.is_empty() {
            pieces.push(1);
        }
        pieces.sort_unstable();
        pieces.dedup();
        let own = Own::of(own, middle, question.gap);
        pieces
            .into_iter()
            .map(|pieces| {
                let rung = ladder.binary_search_by_key(&pieces, |rung| rung.0);
                let (of_all, of_alike) = rung.map_or((0.0, 0.0), |at| (ladder[at].1, ladder[at].2));
                let share = (of_all + 0.5) / (sold + 10.0);
                let away = times(pieces, target).abs();
                let mut facts = [0.0; AGAIN];
                facts[0] = ((of_alike + 2.0 * share) / (alike + 2.0)).ln();
                facts[1] = f64::from(pieces == typical);
                facts[2] = away;
                facts[3] = self.habitual(question.habit, pieces);
                facts[4] = away.min(0.7);
                facts[5] = times(pieces, f64::from(typical)).abs().min(1.5);
                if let Some(own) = &own {
                    own.speak(pieces, &mut facts);
                }
                Choice { pieces, facts }
            })
            .collect()
    }

    /// How usual a quantity is for the account whatever the item, where it is seldom seen: for all.
    fn habitual(&self, habit: &Habit, pieces: u32) -> f64 {
        let times = |counted: &[(u32, u32)]| {
            let at = counted.binary_search_by_key(&pieces, |taken| taken.0);
            at.map_or(0.0, |at| f64::from(counted[at].1))
        };
        let everywhere = (times(&self.overall) + 1.0) / f64::from(self.lines.max(1));
        ((times(&habit.taken) + everywhere) / f64::from(habit.lines + 1)).ln()
    }
}

impl Question<'_> {
    /// The ladder as seen by this account: pieces, how often, and how often by accounts that take
    /// as much as it does; ascending, without what is left out.
    fn ladder(&self) -> Vec<(u32, f64, f64)> {
        let mut ladder: Vec<(u32, f64, f64)> = Vec::with_capacity(self.ladder.len());
        for rung in self.ladder {
            let left_out = self.left_out == Some((rung.pieces, rung.level));
            let times = rung.times.saturating_sub(u32::from(left_out));
            if times == 0 {
                continue;
            }
            let apart = f64::from(rung.level) * LEVEL - self.habit.multiple;
            let (times, alike) = (f64::from(times), (-LIKENESS * apart.abs()).exp());
            match ladder.last_mut().filter(|last| last.0 == rung.pieces) {
                Some(last) => {
                    last.1 += times;
                    last.2 += times * alike;
                }
                None => ladder.push((rung.pieces, times, times * alike)),
            }
        }
        ladder
    }
}

/// What the account's own orders of the item say.
struct Own<'a> {
    remembered: &'a [u32],
    most_often: u32,
    middle: f64,
    gap: f64,
    many: f64,
    weight: f64,
}

impl<'a> Own<'a> {
    fn of(remembered: &'a [u32], middle: Option<u32>, gap: f64) -> Option<Self> {
        let middle = f64::from(middle?.max(1));
        let mut most_often = (0, 0);
        for &pieces in remembered {
            let often = remembered.iter().filter(|other| **other == pieces).count();
            if often > most_often.1 {
                most_often = (pieces, often);
            }
        }
        Some(Self {
            remembered,
            most_often: most_often.0,
            middle,
            gap,
            many: (remembered.len() as f64).ln(),
            weight: (0..remembered.len()).map(|k| 0.7_f64.powi(k as i32)).sum(),
        })
    }

    /// Adds what they say for a quantity to its facts.
    fn speak(&self, pieces: u32, facts: &mut [f64; AGAIN]) {
        let newest = self.remembered.first().copied().unwrap_or(pieces);
        let last = f64::from(pieces == newest);
        let agreed = self.remembered.get(1) == Some(&newest);
        let taken = self.remembered.iter().enumerate();
        let often: f64 = taken
            .filter(|(_, other)| **other == pieces)
            .map(|(k, _)| 0.7_f64.powi(k as i32))
            .sum::<f64>()
            / self.weight;
        let twice = f64::from(self.remembered.len() > 1);
        let own = [
            last,
            last * f64::from(agreed),
            f64::from(pieces == self.most_often),
            often,
            often * self.many,
            times(pieces, self.middle).abs(),
            last * self.many,
            times(pieces, f64::from(newest.max(1))) * self.gap,
            facts[0] * twice,
            facts[2] * twice,
            last * self.gap,
            f64::from(self.remembered.contains(&pieces)),
        ];
        facts[FIRST..].copy_from_slice(&own);
    }
}

/// The median of the last three, the upper of two.
fn middle(remembered: &[u32]) -> Option<u32> {
    let mut last: Vec<u32> = remembered.iter().take(3).copied().collect();
    last.sort_unstable();
    last.get(last.len() / 2).copied()
}

/// The quantity in use nearest to one, by how many times it is off; the larger of two.
fn nearest_rung(ladder: &[(u32, f64, f64)], pieces: f64) -> Option<u32> {
    let off = |rung: &(u32, f64, f64)| times(rung.0, pieces).abs();
    let nearest = ladder
        .iter()
        .rev()
        .min_by(|a, b| off(a).total_cmp(&off(b)))?;
    Some(nearest.0)
}

/// Numbers with how often they occur, ascending.
fn counted(mut numbers: Vec<u32>) -> Vec<(u32, u32)> {
    numbers.sort_unstable();
    let mut counted: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match counted.last_mut().filter(|last| last.0 == number) {
            Some(last) => last.1 += 1,
            None => counted.push((number, 1)),
        }
    }
    counted
}
