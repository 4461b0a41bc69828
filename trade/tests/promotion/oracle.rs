//! The engine against slow arithmetic that shares no code with it: products are taken apart into
//! single pieces, rounds are played one by one, and every fraction keeps its denominator.
//!
//! `KONTOR_BASKETS` says how many baskets (a night's worth is 1 000 000), `KONTOR_SEED` which is
//! the first.

use std::collections::{BTreeMap, BTreeSet};

use trade::id::{FundId, ProductId, PromotionId};
use trade::price::Item;
use trade::promotion::{
    CountIn, Cut, Line, Mechanic, Outcome, Part, Passed, Promotion, Stage, Tier, apply,
};

use super::fractions::{Fraction, belongs, deal, deal_under};
use super::random::{World, world};
use super::shop::{EUR, TODAY};

#[derive(Clone)]
struct Stack {
    item: Item,
    pieces: i64,
    pack: i64,
    /// Ten-thousandths that are left.
    exact: i128,
    /// Lines and the cents left of them.
    lines: Vec<(usize, i64)>,
}

impl Stack {
    fn cents(&self) -> i64 {
        self.lines.iter().map(|line| line.1).sum()
    }
    /// So many pieces, put together one by one.
    fn some(&self, pieces: i64) -> Fraction {
        let mut sum = 0;
        for _ in 0..pieces {
            sum += self.exact;
        }
        Fraction(sum, i128::from(self.pieces))
    }
    /// What is counted, each with its number of pieces.
    fn counted(&self, count_in: CountIn) -> Vec<i64> {
        let size = if count_in == CountIn::Pieces {
            1
        } else {
            self.pack
        };
        let mut rest = self.pieces;
        let mut counted = Vec::new();
        while rest >= size {
            rest -= size;
            counted.push(size);
        }
        counted
    }
}

#[derive(Clone)]
struct Table {
    stacks: BTreeMap<ProductId, Stack>,
    funds: BTreeMap<FundId, i64>,
    steps: Vec<(usize, PromotionId, i64)>,
    applied: Vec<(PromotionId, i64, i64, i64)>,
    passed: Vec<(PromotionId, Passed)>,
    free: Vec<(PromotionId, Part)>,
    freight: Option<PromotionId>,
}

#[derive(Default)]
struct Given {
    off: BTreeMap<ProductId, i64>,
    spend: i64,
    times: i64,
    free: Option<Part>,
    freight: bool,
}

struct Oracle<'w> {
    world: &'w World,
}

impl Oracle<'_> {
    fn table(&self) -> Table {
        let mut lines: Vec<(usize, &Line)> = self.world.lines.iter().enumerate().collect();
        lines.sort_by_key(|(_, l)| (l.unit, l.quantity, l.price.0, l.factor.get(), l.net.minor));
        let mut stacks = BTreeMap::new();
        for (at, line) in lines {
            let stack = stacks.entry(line.item.product).or_insert(Stack {
                item: line.item.clone(),
                pieces: 0,
                pack: line.order_factor.get(),
                exact: 0,
                lines: Vec::new(),
            });
            for _ in 0..line.quantity {
                stack.pieces += line.factor.get();
                stack.exact += i128::from(line.price.0);
            }
            stack.lines.push((at, line.net.minor));
        }
        Table {
            stacks,
            funds: self.world.funds.iter().map(|f| (f.fund, f.minor)).collect(),
            steps: Vec::new(),
            applied: Vec::new(),
            passed: Vec::new(),
            free: Vec::new(),
            freight: None,
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one arm a mechanic, each in a breath"
    )]
    /// What a promotion gives on this table, restricted to some products.
    fn given(
        &self,
        promotion: &Promotion,
        start: &Table,
        table: &Table,
        only: Option<&BTreeSet<ProductId>>,
    ) -> Option<Given> {
        let mine: Vec<&Stack> = table
            .stacks
            .values()
            .filter(|s| belongs(promotion, &s.item))
            .filter(|s| only.is_none_or(|only| only.contains(&s.item.product)))
            .collect();
        let count = |count_in| {
            let each = mine.iter().map(|s| s.counted(count_in).len());
            i64::try_from(each.sum::<usize>()).unwrap()
        };
        let rounds = |count_in, buy: i64, limit: Option<i64>| {
            let (mut rest, mut rounds) = (count(count_in), 0);
            while rest >= buy && limit.is_none_or(|limit| rounds < limit) {
                rest -= buy;
                rounds += 1;
            }
            rounds
        };
        match &promotion.mechanic {
            Mechanic::Percent {
                off,
                from,
                count_in,
            } => item_by_item(&mine, *from, *count_in, |s, _| s.some(s.pieces).rate(off.0)),
            Mechanic::Amount {
                off,
                from,
                count_in,
            } => item_by_item(&mine, *from, *count_in, |s, counted| {
                let most: i128 = counted.iter().map(|_| i128::from(off.0)).sum();
                s.some(counted.iter().sum()).up_to(most)
            }),
            Mechanic::FixedPrice {
                price,
                from,
                count_in,
            } => item_by_item(&mine, *from, *count_in, |s, counted| {
                let price: i128 = counted.iter().map(|_| i128::from(price.0)).sum();
                s.some(counted.iter().sum()).without(price)
            }),
            Mechanic::BuyGet {
                buy,
                get,
                off,
                count_in,
                times,
            } => buy_get(&mine, (*buy, *get, off.0), *count_in, *times),
            Mechanic::BuyGetOther {
                buy,
                count_in,
                get,
                off,
                times,
            } => {
                let other = table.stacks.get(&get.product)?;
                let (mut rest, mut used) = (other.pieces, 0);
                for _ in 0..rounds(*count_in, *buy, *times) {
                    if rest > 0 {
                        rest -= get.pieces.min(rest);
                        used += 1;
                    }
                }
                let off = other.some(other.pieces - rest).rate(off.0);
                (used > 0).then(|| together(&[(other, 1)], off, used))
            }
            Mechanic::FreeGoods {
                buy,
                count_in,
                give,
                times,
            } => {
                let times = rounds(*count_in, *buy, *times);
                let worth = self.world.worth.iter().find(|w| w.0 == give.product);
                let worth = worth.map_or(0, |w| i128::from(w.1.0));
                let pieces = give.pieces * times;
                (times > 0).then(|| Given {
                    spend: Fraction(worth * i128::from(pieces), 1).cents(),
                    times,
                    free: Some(Part {
                        product: give.product,
                        pieces,
                    }),
                    ..Given::default()
                })
            }
            Mechanic::Bundle {
                parts,
                price_minor,
                times,
            } => bundle(table, parts, *price_minor, *times),
            Mechanic::MixAndMatch { tiers, count_in } => tier(&mine, tiers, count(*count_in)),
            Mechanic::OrderValue { tiers } => {
                let before = mine.iter().map(|s| start.stacks[&s.item.product].cents());
                tier(&mine, tiers, before.sum())
            }
            Mechanic::FreeFreight { from_minor } => {
                let value: i64 = mine.iter().map(|s| s.cents()).sum();
                (!mine.is_empty() && value >= *from_minor).then(|| Given {
                    times: 1,
                    freight: true,
                    ..Given::default()
                })
            }
        }
    }

    fn closed(&self, promotion: &Promotion) -> Option<Passed> {
        let over = promotion.validity.until.is_some_and(|until| TODAY >= until);
        [
            (promotion.currency != EUR, Passed::OtherCurrency),
            (
                over || TODAY < promotion.validity.from,
                Passed::OutsideValidity,
            ),
            (promotion.left.account_uses == Some(0), Passed::AccountLimit),
            (promotion.left.uses == Some(0), Passed::TotalLimit),
        ]
        .into_iter()
        .find_map(|(is, why)| is.then_some(why))
    }

    fn play(&self) -> Table {
        let mut table = self.table();
        for stage in [Stage::Line, Stage::Assortment, Stage::Order, Stage::Freight] {
            let mut promotions: Vec<&Promotion> = self.world.promotions.iter().collect();
            promotions.retain(|p| p.mechanic.stage() == stage);
            promotions.sort_by_key(|p| (p.priority, p.id));
            let mut out: BTreeMap<PromotionId, Passed> = BTreeMap::new();
            for promotion in &promotions {
                out.extend(self.closed(promotion).map(|why| (promotion.id, why)));
            }
            table = loop {
                match self.stage(stage, &promotions, &table, &out) {
                    Ok(table) => break table,
                    Err((id, why)) => out.insert(id, why),
                };
            };
        }
        table
    }

    fn stage(
        &self,
        stage: Stage,
        promotions: &[&Promotion],
        start: &Table,
        out: &BTreeMap<PromotionId, Passed>,
    ) -> Result<Table, (PromotionId, Passed)> {
        let mut table = start.clone();
        for promotion in promotions {
            if let Some(why) = out.get(&promotion.id) {
                table.passed.push((promotion.id, *why));
                continue;
            }
            let rivals: Vec<&Promotion> = promotions
                .iter()
                .copied()
                .filter(|p| p.id != promotion.id && p.class == promotion.class)
                .filter(|p| p.class.is_some() && !out.contains_key(&p.id))
                .collect();
            let alone = |p: &Promotion| self.given(p, start, start, None);
            let worth = |given: &Given| given.free.is_some() || given.freight || given.spend > 0;
            let mut only = None;
            if let Some(ours) = alone(promotion).filter(|given| !rivals.is_empty() && worth(given))
            {
                let rivals: Vec<(&Promotion, Given)> = rivals
                    .into_iter()
                    .filter_map(|p| Some((p, alone(p).filter(&worth)?)))
                    .collect();
                let rank = |p: &Promotion, gives: i64| (-gives, p.priority, p.id);
                if stage == Stage::Line {
                    let cents =
                        |given: &Given, product| given.off.get(product).copied().unwrap_or(0);
                    let lost: BTreeSet<ProductId> = start
                        .stacks
                        .keys()
                        .filter(|product| {
                            rivals.iter().any(|(rival, theirs)| {
                                let (our, their) = (cents(&ours, product), cents(theirs, product));
                                their > 0 && rank(rival, their) < rank(promotion, our)
                            })
                        })
                        .copied()
                        .collect();
                    let mut bids = ours.off.iter().filter(|(_, cents)| **cents > 0);
                    if bids.all(|(product, _)| lost.contains(product)) {
                        table.passed.push((promotion.id, Passed::BetterInClass));
                        continue;
                    }
                    let all = start.stacks.keys().copied();
                    only = Some(all.filter(|product| !lost.contains(product)).collect());
                } else if rivals
                    .iter()
                    .any(|(rival, theirs)| rank(rival, theirs.spend) < rank(promotion, ours.spend))
                {
                    table.passed.push((promotion.id, Passed::BetterInClass));
                    continue;
                }
            }
            match self.given(promotion, start, &table, only.as_ref()) {
                None => table.passed.push((promotion.id, Passed::NotReached)),
                Some(given) if !worth(&given) || (given.freight && table.freight.is_some()) => {
                    table.passed.push((promotion.id, Passed::NothingLeft));
                }
                Some(given) => table.take(promotion, &given)?,
            }
        }
        Ok(table)
    }
}

impl Table {
    fn take(&mut self, promotion: &Promotion, given: &Given) -> Result<(), (PromotionId, Passed)> {
        if promotion
            .left
            .cap_minor
            .is_some_and(|cap| given.spend > cap)
        {
            return Err((promotion.id, Passed::CapReached));
        }
        if let Some(fund) = promotion.fund {
            let left = self.funds.entry(fund).or_insert(0);
            if given.spend > *left {
                return Err((promotion.id, Passed::FundSpent));
            }
            *left -= given.spend;
        }
        let mut discount = 0;
        for (product, cents) in &given.off {
            let stack = self.stacks.get_mut(product).unwrap();
            let weights: Vec<i128> = stack.lines.iter().map(|l| i128::from(l.1)).collect();
            for ((line, left), part) in stack.lines.iter_mut().zip(deal(*cents, &weights)) {
                *left -= part;
                if part > 0 {
                    self.steps.push((*line, promotion.id, part));
                }
            }
            stack.exact = (stack.exact - i128::from(*cents) * 100).max(0);
            discount += cents;
        }
        self.free
            .extend(given.free.map(|part| (promotion.id, part)));
        if given.freight {
            self.freight = Some(promotion.id);
        }
        self.applied
            .push((promotion.id, discount, given.spend, given.times));
        Ok(())
    }
}

fn item_by_item(
    mine: &[&Stack],
    from: i64,
    count_in: CountIn,
    off: impl Fn(&Stack, &[i64]) -> Fraction,
) -> Option<Given> {
    let mut given = Given {
        times: 1,
        ..Given::default()
    };
    for stack in mine {
        let counted = stack.counted(count_in);
        if i64::try_from(counted.len()).unwrap() >= from {
            let cents = off(stack, &counted).cents().min(stack.cents());
            given.off.insert(stack.item.product, cents);
            given.spend += cents;
        }
    }
    (!given.off.is_empty()).then_some(given)
}

fn buy_get(
    mine: &[&Stack],
    (buy, get, off): (i64, i64, i32),
    count_in: CountIn,
    times: Option<i64>,
) -> Option<Given> {
    // Rounds are handed out one by one, to whom one round is worth most.
    let mut open: Vec<(&Stack, i64, i64)> = mine
        .iter()
        .map(|s| (*s, i64::try_from(s.counted(count_in).len()).unwrap(), 0))
        .collect();
    let size = |s: &Stack| {
        if count_in == CountIn::Pieces {
            1
        } else {
            s.pack
        }
    };
    let mut handed = 0;
    while times.is_none_or(|times| handed < times) {
        let worth = |s: &Stack| {
            let Fraction(over, under) = s.some(get * size(s)).rate(off);
            over / under
        };
        let mut best: Option<usize> = None;
        for (at, (stack, rest, _)) in open.iter().enumerate() {
            if *rest >= buy + get && best.is_none_or(|best| worth(stack) > worth(open[best].0)) {
                best = Some(at);
            }
        }
        let Some(best) = best else { break };
        open[best].1 -= buy + get;
        open[best].2 += 1;
        handed += 1;
    }
    let mut given = Given {
        times: handed,
        ..Given::default()
    };
    for (stack, _, rounds) in open.into_iter().filter(|(_, _, rounds)| *rounds > 0) {
        let cheaper = stack.some(rounds * get * size(stack)).rate(off);
        let cents = cheaper.cents().min(stack.cents());
        given.off.insert(stack.item.product, cents);
        given.spend += cents;
    }
    (handed > 0).then_some(given)
}

fn bundle(table: &Table, parts: &[Part], price: i64, limit: Option<i64>) -> Option<Given> {
    let mut rest: BTreeMap<ProductId, i64> =
        table.stacks.iter().map(|(p, s)| (*p, s.pieces)).collect();
    let mut times = 0;
    while limit.is_none_or(|limit| times < limit) {
        let mut without = rest.clone();
        for part in parts {
            *without.entry(part.product).or_insert(0) -= part.pieces;
        }
        if without.values().any(|pieces| *pieces < 0) {
            break;
        }
        rest = without;
        times += 1;
    }
    if times == 0 {
        return None;
    }
    let mut value = Fraction(0, 1);
    let mut concerned = Vec::new();
    for (product, stack) in &table.stacks {
        let pieces = stack.pieces - rest[product];
        if pieces > 0 {
            let part = stack.some(pieces);
            concerned.push((stack, part.0 / part.1));
            value = value.and(part);
        }
    }
    let off = value.without(i128::from(price) * 100 * i128::from(times));
    Some(together(&concerned, off, times))
}

fn tier(mine: &[&Stack], tiers: &[Tier], has: i64) -> Option<Given> {
    let mut reached = None;
    for tier in tiers {
        if has >= tier.from {
            reached = Some(tier);
        }
    }
    let whole = Fraction(mine.iter().map(|s| s.exact).sum(), 1);
    let off = match reached?.cut {
        Cut::Percent(rate) => whole.rate(rate.0),
        Cut::Amount(cents) => whole.up_to(i128::from(cents) * 100),
    };
    let concerned: Vec<(&Stack, i128)> = mine.iter().map(|s| (*s, s.exact)).collect();
    Some(together(&concerned, off, 1))
}

fn together(concerned: &[(&Stack, i128)], off: Fraction, times: i64) -> Given {
    let bounds: Vec<i64> = concerned.iter().map(|(s, _)| s.cents()).collect();
    let weights: Vec<i128> = concerned.iter().map(|(_, weight)| *weight).collect();
    let spend = off.cents().min(bounds.iter().sum());
    let parts = deal_under(spend, &weights, &bounds);
    let products = concerned.iter().map(|(s, _)| s.item.product);
    Given {
        off: products.zip(parts).collect(),
        spend,
        times,
        ..Given::default()
    }
}

/// The engine's answer in the oracle's form.
fn agrees(world: &World, outcome: &Outcome) -> Result<(), String> {
    let table = Oracle { world }.play();
    let mut steps: Vec<_> = Vec::new();
    for (at, line) in outcome.lines.iter().enumerate() {
        steps.extend(
            line.steps
                .iter()
                .map(|s| (at, s.promotion, s.discount.minor)),
        );
    }
    let mut theirs = table.steps.clone();
    // Stable: within a line the order of application stays.
    theirs.sort_by_key(|step| step.0);
    let same = |what: &str, ours: String, theirs: String| {
        (ours == theirs)
            .then_some(())
            .ok_or(format!("{what}: engine {ours}, oracle {theirs}"))
    };
    let applied: Vec<_> = outcome
        .applied
        .iter()
        .map(|a| (a.promotion, a.discount.minor, a.spend.minor, a.times))
        .collect();
    same(
        "applied",
        format!("{applied:?}"),
        format!("{:?}", table.applied),
    )?;
    same(
        "passed",
        format!("{:?}", outcome.passed),
        format!("{:?}", table.passed),
    )?;
    same("steps", format!("{steps:?}"), format!("{theirs:?}"))?;
    let free: Vec<_> = outcome.free.iter().map(|f| (f.promotion, f.part)).collect();
    same("free", format!("{free:?}"), format!("{:?}", table.free))?;
    same(
        "freight",
        format!("{:?}", outcome.free_freight),
        format!("{:?}", table.freight),
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a test runs is no setting of the program"
)]
#[test]
fn the_engine_and_the_oracle_agree_to_the_cent() {
    let number = |name: &str, otherwise: u64| {
        let set = std::env::var(name).ok();
        set.map_or(otherwise, |set| set.parse().unwrap())
    };
    let (baskets, first) = (number("KONTOR_BASKETS", 20_000), number("KONTOR_SEED", 1));
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in first..first + baskets {
        let world = world(seed, seed % 2 == 0);
        let outcome = apply(&world.basket(), &world.promotions, &world.funds).unwrap();
        if let Err(difference) = agrees(&world, &outcome) {
            panic!("KONTOR_SEED={seed} KONTOR_BASKETS=1: {difference}\n{world:?}");
        }
        for applied in &outcome.applied {
            let by = world
                .promotions
                .iter()
                .find(|p| p.id == applied.promotion)
                .unwrap();
            *kinds.entry(by.mechanic.kind()).or_default() += 1;
        }
    }
    println!("{baskets} baskets from seed {first}; applied: {kinds:?}");
    // Agreement about nothing would prove nothing.
    assert!(baskets < 1_000 || (kinds.len() == 10 && kinds.values().all(|n| *n > baskets / 100)));
}
