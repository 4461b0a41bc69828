//! What the orders say, counted: per account and item, per account, per item. Built by taking one
//! order after another, so that an order more is one step more, and the same numbers come out as
//! if it had been there from the start.

use crate::history::{AccountAt, Basket, ItemAt};

/// Weights by age in orders: an order `k` orders back counts `DECAYS[i]^k`.
pub(crate) const DECAYS: [f32; 4] = [0.95, 0.85, 0.7, 0.5];
/// Weights by age in days: half as much after so many.
pub(crate) const HALF_LIVES: [f32; 3] = [14.0, 45.0, 180.0];
/// Quantities remembered of a pair.
pub(crate) const REMEMBERED: usize = 5;

/// What an account did with an item.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pair {
    pub item: ItemAt,
    /// Orders with it.
    pub count: u32,
    /// Number of the account's first order with it, from 0 on.
    pub first: u32,
    /// Number of the last.
    pub last: u32,
    pub first_day: i32,
    pub last_day: i32,
    /// Gaps between its orders, in days, and their squares.
    pub gap_days: f32,
    pub gap_days_squared: f32,
    /// In orders; their sum is `last - first`.
    pub gap_orders_squared: f32,
    pub longest_gap: u32,
    /// Decayed counts as of `last`.
    pub by_order: [f32; DECAYS.len()],
    /// Decayed counts as of `last_day`.
    pub by_day: [f32; HALF_LIVES.len()],
    /// Bit `k`: it stood in order number `last - k`.
    pub marks: u64,
    /// Quantities, the newest first; `min(count, REMEMBERED)` of them are filled.
    pub pieces: [u32; REMEMBERED],
}

impl Pair {
    fn first_time(item: ItemAt, order: u32, day: i32, pieces: u32) -> Self {
        let mut remembered = [0; REMEMBERED];
        remembered[0] = pieces;
        Self {
            item,
            count: 1,
            first: order,
            last: order,
            first_day: day,
            last_day: day,
            gap_days: 0.0,
            gap_days_squared: 0.0,
            gap_orders_squared: 0.0,
            longest_gap: 0,
            by_order: [1.0; DECAYS.len()],
            by_day: [1.0; HALF_LIVES.len()],
            marks: 1,
            pieces: remembered,
        }
    }

    fn again(&mut self, order: u32, day: i32, pieces: u32) {
        let orders = order - self.last;
        let days = (day - self.last_day) as f32;
        for (value, decay) in self.by_order.iter_mut().zip(DECAYS) {
            *value = *value * decay.powi(orders as i32) + 1.0;
        }
        for (value, half_life) in self.by_day.iter_mut().zip(HALF_LIVES) {
            *value = *value * (-days / half_life).exp2() + 1.0;
        }
        self.gap_days += days;
        self.gap_days_squared += days * days;
        self.gap_orders_squared += (orders * orders) as f32;
        self.longest_gap = self.longest_gap.max(orders);
        self.marks = self.marks.checked_shl(orders).unwrap_or(0) | 1;
        self.pieces.rotate_right(1);
        self.pieces[0] = pieces;
        self.count += 1;
        self.last = order;
        self.last_day = day;
    }

    /// Quantities remembered, the newest first.
    pub fn remembered(&self) -> &[u32] {
        &self.pieces[..REMEMBERED.min(self.count as usize)]
    }

    /// The marks seen from after `orders` orders: bit 0 is the account's latest order.
    pub fn marks_from(&self, orders: u32) -> u64 {
        let since = orders.saturating_sub(1).saturating_sub(self.last);
        self.marks.checked_shl(since).unwrap_or(0)
    }

    /// In how many of the account's latest `of` orders (at most 64) it stood.
    pub fn in_latest(&self, orders: u32, of: u32) -> u32 {
        let mask = if of >= 64 { u64::MAX } else { (1 << of) - 1 };
        (self.marks_from(orders) & mask).count_ones()
    }

    /// Mean days between its orders; none before the second.
    pub fn mean_gap(&self) -> Option<f32> {
        (self.count > 1).then(|| self.gap_days / (self.count - 1) as f32)
    }
}

/// What an account did in all.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Buyer {
    /// Sorted by item.
    pub pairs: Vec<Pair>,
    pub orders: u32,
    pub lines: u32,
    pub first_day: i32,
    pub last_day: i32,
    pub gap_days_squared: f32,
    /// Lines of orders after the first that had been ordered before.
    pub repeated: u32,
    /// Lines of orders after the first.
    pub later_lines: u32,
    /// Lines of the last order that were new, and all of its lines.
    pub last_new: u32,
    pub last_lines: u32,
    /// Share of new lines and size of an order, each decayed by 0.7 an order.
    pub new_share: f32,
    pub size: f32,
    pub weight: f32,
    /// Square of the length of its vector of orders by item, see [`Buyer::weight_of`].
    pub length_squared: f64,
}

impl Buyer {
    pub fn of(baskets: &[Basket]) -> Self {
        let mut buyer = Self::default();
        for basket in baskets {
            buyer.take(basket);
        }
        buyer
    }

    /// One order more, not older than the last.
    pub fn take(&mut self, basket: &Basket) {
        let order = self.orders;
        let mut new = Vec::new();
        // Both are sorted by item.
        let mut at = 0;
        for &(item, pieces) in &basket.lines {
            at += self.pairs[at..].partition_point(|pair| pair.item < item);
            match self.pairs.get_mut(at).filter(|pair| pair.item == item) {
                Some(pair) => {
                    let before = Self::weight_of(pair);
                    pair.again(order, basket.day, pieces);
                    let now = Self::weight_of(pair);
                    self.length_squared += now * now - before * before;
                }
                None => {
                    let pair = Pair::first_time(item, order, basket.day, pieces);
                    let now = Self::weight_of(&pair);
                    self.length_squared += now * now;
                    new.push(pair);
                }
            }
        }
        let (lines, fresh) = (basket.lines.len() as u32, new.len() as u32);
        if !new.is_empty() {
            self.pairs.append(&mut new);
            self.pairs.sort_unstable_by_key(|pair| pair.item);
        }
        if order == 0 {
            self.first_day = basket.day;
        } else {
            let gap = (basket.day - self.last_day) as f32;
            self.gap_days_squared += gap * gap;
            self.repeated += lines - fresh;
            self.later_lines += lines;
            self.new_share = self.new_share * 0.7 + fresh as f32 / lines as f32;
            self.weight = self.weight * 0.7 + 1.0;
        }
        self.size = if order == 0 {
            lines as f32
        } else {
            self.size * 0.7 + lines as f32 * 0.3
        };
        self.last_new = fresh;
        self.last_lines = lines;
        self.last_day = basket.day;
        self.lines += lines;
        self.orders += 1;
    }

    /// What one order counts for, by its number: less for older ones. Only their proportions say
    /// anything, so that an order more leaves all others as they are.
    pub fn order_weight(order: u32) -> f64 {
        f64::from(DECAYS[0]).powi(-(order.min(10_000) as i32))
    }

    /// The sum of [`Buyer::order_weight`] over the orders with an item.
    pub fn weight_of(pair: &Pair) -> f64 {
        f64::from(pair.by_order[0]) * Self::order_weight(pair.last)
    }

    pub fn pair(&self, item: ItemAt) -> Option<&Pair> {
        let at = self.pairs.binary_search_by_key(&item, |pair| pair.item);
        at.ok().map(|at| &self.pairs[at])
    }

    /// Mean days between orders; none before the second.
    pub fn mean_gap(&self) -> Option<f32> {
        (self.orders > 1)
            .then(|| (self.last_day - self.first_day) as f32 / (self.orders - 1) as f32)
    }
}

/// What everybody did with an item.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Sales {
    /// Orders with it: account and number of its order, sorted.
    pub postings: Vec<(AccountAt, u32)>,
    /// Accounts that ordered it.
    pub buyers: u32,
    /// Accounts whose last order holds it.
    pub in_last: u32,
    /// Orders with it that were followed by another order of the account, and of those how many
    /// held it again.
    pub followed: u32,
    pub followed_by_it: u32,
    /// Gaps between orders with it, of all accounts: how many, days together.
    pub gaps: u32,
    pub gap_days: f32,
    /// Days with orders of it, ascending, and how many on each.
    pub days: Vec<(i32, u32)>,
}

/// Everything counted.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct State {
    pub buyers: Vec<Buyer>,
    pub sales: Vec<Sales>,
    /// Accounts with an order.
    pub active: u32,
    pub orders: u32,
    pub lines: u32,
    pub last_day: i32,
}

impl State {
    /// Counts histories, one slice of baskets an account, of items `0..items`.
    pub fn of(baskets: &[&[Basket]], items: usize) -> Self {
        let mut state = Self {
            buyers: vec![Buyer::default(); baskets.len()],
            sales: vec![Sales::default(); items],
            ..Self::default()
        };
        for (account, baskets) in (0..).zip(baskets) {
            for (at, basket) in baskets.iter().enumerate() {
                state.take(account, basket, at.checked_sub(1).map(|at| &baskets[at]));
            }
        }
        state
    }

    /// One order more of an account, not older than its last, which is `before`.
    pub fn take(&mut self, account: AccountAt, basket: &Basket, before: Option<&Basket>) {
        let at = account as usize;
        if self.buyers.len() <= at {
            self.buyers.resize(at + 1, Buyer::default());
        }
        let most = basket.lines.last().map_or(0, |line| line.0 as usize + 1);
        if self.sales.len() < most {
            self.sales.resize(most, Sales::default());
        }
        let buyer = &mut self.buyers[at];
        let order = buyer.orders;
        if let Some(before) = before {
            for (item, _) in &before.lines {
                let sales = &mut self.sales[*item as usize];
                sales.in_last -= 1;
                sales.followed += 1;
            }
        } else {
            self.active += 1;
        }
        for (item, _) in &basket.lines {
            let sales = &mut self.sales[*item as usize];
            sales.in_last += 1;
            if let Some(pair) = buyer.pair(*item) {
                sales.gaps += 1;
                sales.gap_days += (basket.day - pair.last_day) as f32;
                sales.followed_by_it += u32::from(pair.last + 1 == order);
            } else {
                sales.buyers += 1;
            }
            let day = sales.days.partition_point(|other| other.0 < basket.day);
            match sales
                .days
                .get_mut(day)
                .filter(|other| other.0 == basket.day)
            {
                Some(other) => other.1 += 1,
                None => sales.days.insert(day, (basket.day, 1)),
            }
            let posting = (account, order);
            let end = sales.postings.partition_point(|other| *other < posting);
            sales.postings.insert(end, posting);
        }
        buyer.take(basket);
        self.orders += 1;
        self.lines += basket.lines.len() as u32;
        self.last_day = self.last_day.max(basket.day);
    }

    /// Takes everything of an account back: as if it had never ordered.
    pub fn forget(&mut self, account: AccountAt, baskets: &[Basket]) {
        let Some(buyer) = self.buyers.get_mut(account as usize) else {
            return;
        };
        let buyer = std::mem::take(buyer);
        if buyer.orders == 0 {
            return;
        }
        for pair in &buyer.pairs {
            self.sales[pair.item as usize].forget(account, pair, buyer.orders);
        }
        for basket in baskets {
            for (item, _) in &basket.lines {
                self.sales[*item as usize].forget_day(basket.day);
            }
        }
        self.active -= 1;
        self.orders -= buyer.orders;
        self.lines -= buyer.lines;
        if self.last_day == buyer.last_day {
            let others = self.buyers.iter().filter(|other| other.orders > 0);
            self.last_day = others.map(|other| other.last_day).max().unwrap_or(0).max(0);
        }
    }
}

impl Sales {
    /// Takes an account's orders with the item back; `orders` is how many it placed in all.
    fn forget(&mut self, account: AccountAt, pair: &Pair, orders: u32) {
        let from = self.postings.partition_point(|posting| posting.0 < account);
        let until = self
            .postings
            .partition_point(|posting| posting.0 <= account);
        let numbers: Vec<u32> = self.postings.drain(from..until).map(|p| p.1).collect();
        let in_a_row = numbers.windows(2).filter(|two| two[0] + 1 == two[1]);
        let in_last = u32::from(pair.last + 1 == orders);
        self.followed_by_it -= in_a_row.count() as u32;
        self.followed -= pair.count - in_last;
        self.in_last -= in_last;
        self.buyers -= 1;
        self.gaps -= pair.count - 1;
        self.gap_days -= pair.gap_days;
    }

    fn forget_day(&mut self, day: i32) {
        let Ok(at) = self.days.binary_search_by_key(&day, |other| other.0) else {
            return;
        };
        self.days[at].1 -= 1;
        if self.days[at].1 == 0 {
            self.days.remove(at);
        }
    }

    /// Orders with it on days in `from..until`, of all accounts.
    pub fn sold(&self, from: i32, until: i32) -> u32 {
        let begin = self.days.partition_point(|day| day.0 < from);
        let days = self.days[begin..].iter();
        days.take_while(|day| day.0 < until).map(|day| day.1).sum()
    }
}
