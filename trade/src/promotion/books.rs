//! The books of a basket while promotions are applied: what is left, of values and of funds.

use std::collections::HashMap;

use super::benefit::{Benefit, Gives};
use super::goods::{Goods, Left};
use super::spread::spread;
use super::{Adjusted, Applied, FreeGood, FundLeft, Passed, Promotion, Step};
use crate::id::{FundId, PromotionId};
use crate::money::{Money, MoneyError};

/// Where a basket stands after the promotions so far.
#[derive(Debug, Clone)]
pub(super) struct Books {
    pub left: Left,
    pub funds: HashMap<FundId, i64>,
    pub applied: Vec<Applied>,
    pub passed: Vec<(PromotionId, Passed)>,
    pub free: Vec<FreeGood>,
    pub free_freight: Option<PromotionId>,
    steps: Vec<Taken>,
}

/// What a promotion took off a line.
#[derive(Debug, Clone, Copy)]
struct Taken {
    good: usize,
    line: usize,
    /// The place of the promotion in [`Books::applied`].
    by: usize,
    minor: i64,
}

/// Whether a gain was entered.
pub(super) enum Entry {
    Done,
    Refused(Passed),
}

impl Books {
    pub fn open(left: Left, funds: &[FundLeft]) -> Books {
        Books {
            left,
            funds: funds.iter().map(|fund| (fund.fund, fund.minor)).collect(),
            applied: Vec::new(),
            passed: Vec::new(),
            free: Vec::new(),
            free_freight: None,
            steps: Vec::new(),
        }
    }

    pub fn pass(&mut self, promotion: &Promotion, why: Passed) {
        self.passed.push((promotion.id, why));
    }

    /// Why the limits could not carry so much.
    pub fn refusal(&self, promotion: &Promotion, spend: i64) -> Option<Passed> {
        let carries = |left: i64| spend <= left.max(0);
        if !promotion.left.cap_minor.is_none_or(carries) {
            return Some(Passed::CapReached);
        }
        let fund = promotion.fund?;
        let left = self.funds.get(&fund).copied().unwrap_or(0);
        (!carries(left)).then_some(Passed::FundSpent)
    }

    /// Enters what a promotion gives: off the lines, out of its fund.
    pub fn enter(
        &mut self,
        goods: &Goods<'_>,
        promotion: &Promotion,
        gain: &Benefit,
    ) -> Result<Entry, MoneyError> {
        if let Some(why) = self.refusal(promotion, gain.spend) {
            return Ok(Entry::Refused(why));
        }
        if let Some(left) = promotion.fund.and_then(|fund| self.funds.get_mut(&fund)) {
            *left -= gain.spend;
        }
        let at = self.applied.len();
        for (place, off) in &gain.off {
            let Some(good) = goods.get(*place) else {
                continue;
            };
            let over: Vec<(i128, i64)> = good
                .lines
                .iter()
                .map(|line| self.left.of_line(*line))
                .map(|left| (i128::from(left), left))
                .collect();
            for (line, part) in good.lines.iter().zip(spread(*off, &over)) {
                if part > 0 {
                    self.left.take(*place, *line, part, goods.scale);
                    self.steps.push(Taken {
                        good: *place,
                        line: *line,
                        by: at,
                        minor: part,
                    });
                }
            }
        }
        match gain.gives {
            Gives::Discount => {}
            Gives::Goods(part) => self.free.push(FreeGood {
                part,
                promotion: promotion.id,
            }),
            Gives::Freight => self.free_freight = Some(promotion.id),
        }
        self.applied.push(Applied {
            promotion: promotion.id,
            discount: Money::new(gain.discount(), goods.currency),
            spend: Money::new(gain.spend, goods.currency),
            times: gain.times,
        });
        Ok(Entry::Done)
    }

    /// Which promotion took something off which product.
    pub fn takers(&self) -> impl Iterator<Item = (PromotionId, usize)> + '_ {
        self.steps.iter().filter_map(|taken| {
            let applied = self.applied.get(taken.by)?;
            Some((applied.promotion, taken.good))
        })
    }

    /// What becomes of each line of the basket.
    pub fn adjusted(
        &self,
        goods: &Goods<'_>,
        promotions: &[&Promotion],
        lines: usize,
    ) -> Result<Vec<Adjusted>, MoneyError> {
        let names: HashMap<PromotionId, &&Promotion> = promotions
            .iter()
            .map(|promotion| (promotion.id, promotion))
            .collect();
        let mut adjusted = vec![
            Adjusted {
                discount: Money::zero(goods.currency),
                steps: Vec::new(),
            };
            lines
        ];
        for taken in &self.steps {
            let promotion = self
                .applied
                .get(taken.by)
                .and_then(|applied| names.get(&applied.promotion));
            let (Some(line), Some(promotion)) = (adjusted.get_mut(taken.line), promotion) else {
                continue;
            };
            let discount = Money::new(taken.minor, goods.currency);
            line.discount = line.discount.plus(discount)?;
            line.steps.push(Step {
                promotion: promotion.id,
                code: promotion.code.clone(),
                name: promotion.name.clone(),
                discount,
            });
        }
        Ok(adjusted)
    }
}
