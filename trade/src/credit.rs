//! Credit: what a bill-to owes and is about to owe, and what follows from it for the next order.
//!
//! Exposure is what is open of invoices (less credit notes and payments), what is confirmed and not
//! yet billed, and what is held. An order that would take it over the limit is held, not refused; so
//! is one of a bill-to whose invoices are overdue beyond what is tolerated.

use jiff::civil::Date;

use crate::hold::{Facts, HoldKind, Opening};
use crate::id::AccountId;
use crate::money::{BasisPoints, Currency, Money, MoneyError};

/// How a bill-to stands. All gross, in the bill-to's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who pays.
    pub bill_to: AccountId,
    /// The most it may owe; none is without limit.
    pub limit: Option<Money>,
    /// Gross of orders that are held.
    pub held: Money,
    /// Gross of orders that are confirmed and not yet billed.
    pub confirmed: Money,
    /// What is open of invoices, less credit notes and payments; negative where the brand owes.
    pub receivable: Money,
    /// Days an invoice may be past due before orders are held.
    pub tolerance_days: i32,
}

impl Standing {
    /// What the bill-to owes and is about to owe.
    ///
    /// # Errors
    /// A sum beyond 64 bits.
    pub fn exposure(&self) -> Result<Money, MoneyError> {
        self.receivable.plus(self.confirmed)?.plus(self.held)
    }

    /// What may still be ordered on account; negative where it is over the limit, none where there
    /// is no limit.
    ///
    /// # Errors
    /// A sum beyond 64 bits.
    pub fn remaining(&self) -> Result<Option<Money>, MoneyError> {
        let Some(limit) = self.limit else {
            return Ok(None);
        };
        let exposure = self.exposure()?;
        let minor = exposure.minor.checked_neg().ok_or(MoneyError::TooLarge)?;
        limit.plus(Money::new(minor, exposure.currency)).map(Some)
    }

    /// The standing as it was before an order of so much was held: for asking about that order
    /// anew when its last hold is released.
    ///
    /// # Errors
    /// Another currency, or a sum beyond 64 bits.
    pub fn without_held(mut self, gross: Money) -> Result<Standing, MoneyError> {
        let minor = gross.minor.checked_neg().ok_or(MoneyError::TooLarge)?;
        self.held = self.held.plus(Money::new(minor, gross.currency))?;
        Ok(self)
    }

    /// The hold of an order of so much gross that goes over the limit.
    ///
    /// # Errors
    /// Another currency, or a sum beyond 64 bits.
    pub fn over_limit(&self, gross: Money) -> Result<Option<Opening>, MoneyError> {
        let Some(limit) = self.limit else {
            return Ok(None);
        };
        let exposure = self.exposure()?;
        if exposure.plus(gross)?.minor <= limit.minor {
            return Ok(None);
        }
        let facts = Facts::Credit {
            limit,
            exposure,
            gross,
        };
        Ok(Some(Opening::new(HoldKind::Credit, facts)))
    }

    /// Invoices due before this day are overdue beyond what is tolerated; one that is late by just
    /// as many days as are tolerated is not.
    #[must_use]
    pub fn overdue_before(&self, today: Date) -> Date {
        let tolerance = jiff::Span::new().days(self.tolerance_days.clamp(0, 3_650));
        today.checked_sub(tolerance).unwrap_or(Date::MIN)
    }
}

/// Invoices that are overdue beyond what is tolerated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// What is open of them.
    pub open: Money,
    /// How many.
    pub items: i64,
    /// When the oldest was due.
    pub oldest_due: Date,
}

impl Overdue {
    /// The hold of an order that is placed meanwhile.
    #[must_use]
    pub fn opening(&self, today: Date, tolerance_days: i32) -> Opening {
        let facts = Facts::Overdue {
            overdue: self.open,
            items: self.items,
            oldest_days: days_late(self.oldest_due, today),
            tolerance_days: i64::from(tolerance_days),
        };
        Opening::new(HoldKind::Overdue, facts)
    }
}

/// Days past a due date; 0 on the day itself and before.
#[must_use]
pub fn days_late(due: Date, today: Date) -> i64 {
    let days = due.until(today).map_or(0, |span| span.get_days());
    i64::from(Ord::max(days, 0))
}

/// How late an item is, as statements group it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Age {
    /// Owed to the account: credit notes and payments that no invoice has used yet.
    Credit,
    /// Not yet due, or due today.
    NotDue,
    /// 1 to 30 days late.
    To30,
    /// 31 to 60 days late.
    To60,
    /// 61 to 90 days late.
    To90,
    /// More than 90 days late.
    Beyond90,
}

impl Age {
    /// Every one of them, in the order of a statement.
    pub const ALL: [Age; 6] = [
        Age::NotDue,
        Age::To30,
        Age::To60,
        Age::To90,
        Age::Beyond90,
        Age::Credit,
    ];

    /// The age of an item of which so many minor units are open.
    #[must_use]
    pub fn of(open_minor: i64, due: Date, today: Date) -> Age {
        if open_minor < 0 {
            return Age::Credit;
        }
        match days_late(due, today) {
            ..=0 => Age::NotDue,
            1..=30 => Age::To30,
            31..=60 => Age::To60,
            61..=90 => Age::To90,
            91.. => Age::Beyond90,
        }
    }
}

/// What is open, by age; the ages add up to the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ageing {
    /// An age with what is open at it, all of [`Age::ALL`].
    pub rows: [(Age, Money); 6],
    /// All of it.
    pub total: Money,
}

/// Groups what is open by age.
///
/// # Errors
/// A sum beyond 64 bits.
pub fn ageing(
    currency: Currency,
    today: Date,
    items: impl IntoIterator<Item = (Date, i64)>,
) -> Result<Ageing, MoneyError> {
    let mut rows = Age::ALL.map(|age| (age, Money::zero(currency)));
    let mut total = Money::zero(currency);
    for (due, open_minor) in items {
        let open = Money::new(open_minor, currency);
        let age = Age::of(open_minor, due, today);
        for row in rows.iter_mut().filter(|row| row.0 == age) {
            row.1 = row.1.plus(open)?;
        }
        total = total.plus(open)?;
    }
    Ok(Ageing { rows, total })
}

/// What settles an item of which so much is open, with `discount` taken off for paying early.
///
/// # Errors
/// A sum beyond 64 bits.
pub fn paid_early(open: Money, discount: BasisPoints) -> Result<Money, MoneyError> {
    let off = open.share(discount)?;
    let minor = off.minor.checked_neg().ok_or(MoneyError::TooLarge)?;
    open.plus(Money::new(minor, off.currency))
}
