//! The order history from a file of lines. The lines of an order stand together.

use std::borrow::Cow;
use std::collections::HashMap;

use trade::order::OrderState;

use super::history::{Document, Line, Writer, Written};
use super::{Context, Loader, Numbered, Outcome};
use crate::db::Tx;
use crate::db::words::OrderSource;
use crate::error::Result;
use crate::imports::records::{Fault, OrderRow, Problem};

pub struct Orders {
    context: Context,
    writer: Option<Writer>,
    /// Lines of the order that may go on in the next rows.
    open: Vec<Numbered<OrderRow>>,
    /// Orders that have ended, with the row they began at.
    ended: HashMap<String, u64>,
}

impl Orders {
    /// # Errors
    /// Whatever the database says.
    pub async fn new(tx: &Tx, context: Context) -> Result<Self> {
        let writer = Some(Writer::new(tx, context.clone()).await?);
        Ok(Self {
            context,
            writer,
            open: Vec::new(),
            ended: HashMap::new(),
        })
    }

    async fn store(
        &mut self,
        tx: &Tx,
        orders: Vec<Vec<Numbered<OrderRow>>>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let mut good = Vec::with_capacity(orders.len());
        for lines in orders {
            match self.refuse(&lines) {
                None => good.push(lines),
                Some((column, problem)) => reject_all(&lines, None, column, &problem, outcome),
            }
        }
        let documents: Vec<Document<'_>> = good
            .iter()
            .filter_map(|lines| self.document(lines))
            .collect();
        let Some(writer) = &mut self.writer else {
            return Ok(());
        };
        let written = writer.write(tx, &documents).await?;
        for (lines, written) in std::iter::zip(&good, written) {
            let count = u64::try_from(lines.len()).unwrap_or(0);
            match written {
                Written::Inserted => outcome.inserted += count,
                Written::Unchanged => outcome.unchanged += count,
                Written::Refused(line, column, problem) => {
                    reject_all(lines, line, column, &problem, outcome);
                }
            }
        }
        Ok(())
    }

    /// What of an order's rows does not fit together.
    fn refuse(&mut self, lines: &[Numbered<OrderRow>]) -> Option<(&'static str, Problem)> {
        let first = lines.first()?;
        if let Some(before) = self.ended.insert(first.record.number.clone(), first.row) {
            let reason = format!("began at row {before} already: lines of an order stand together");
            return Some(("order_number", Problem::Refused { reason }));
        }
        if lines
            .iter()
            .any(|line| line.record.account != first.record.account)
        {
            let reason = "differs within the order".to_owned();
            return Some(("account", Problem::Refused { reason }));
        }
        if lines
            .iter()
            .any(|line| line.record.kind != first.record.kind)
        {
            let reason = "goes both ways within the order".to_owned();
            return Some(("quantity", Problem::Refused { reason }));
        }
        self.instant(first)
            .is_none()
            .then_some(("placed_at", Problem::NotADate))
    }

    fn instant(&self, line: &Numbered<OrderRow>) -> Option<i64> {
        let placed_at = line.record.placed_at?;
        Some(placed_at.instant(&self.context.zone)?.as_millisecond())
    }

    fn document<'a>(&self, lines: &'a [Numbered<OrderRow>]) -> Option<Document<'a>> {
        let first = lines.first()?;
        Some(Document {
            kind: first.record.kind,
            number: Cow::Borrowed(&first.record.number),
            account: &first.record.account,
            placed_at: self.instant(first)?,
            state: OrderState::Closed,
            source: OrderSource::Import,
            placed_by: Cow::Borrowed("Import"),
            on_behalf: false,
            po_number: Cow::Borrowed(first.record.po_number.as_deref().unwrap_or_default()),
            ship_to: first.record.ship_to.as_deref().map(Cow::Borrowed),
            lines: lines.iter().map(line).collect(),
        })
    }
}

fn line(row: &Numbered<OrderRow>) -> Line<'_> {
    Line {
        sku: &row.record.sku,
        unit: row.record.unit,
        quantity: row.record.quantity,
        unit_price: row.record.unit_price,
        returned: 0,
    }
}

/// An order is refused as a whole; the line at fault says why, the others that they belong to it.
fn reject_all(
    lines: &[Numbered<OrderRow>],
    at_fault: Option<usize>,
    column: &'static str,
    problem: &Problem,
    outcome: &mut Outcome,
) {
    for (at, line) in lines.iter().enumerate() {
        let own = at_fault.is_none_or(|fault| fault == at);
        let (column, problem) = if own {
            (column, problem.clone())
        } else {
            let reason = "belongs to an order of which another line is at fault".to_owned();
            ("order_number", Problem::Refused { reason })
        };
        let fault = Fault::new(line.row, column, problem);
        outcome.rejections.push((vec![fault], line.cells.clone()));
    }
}

impl Loader for Orders {
    type Record = OrderRow;

    async fn load(
        &mut self,
        tx: &Tx,
        rows: Vec<Numbered<OrderRow>>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let mut orders = Vec::new();
        for row in rows {
            let other = self
                .open
                .first()
                .is_some_and(|open| open.record.number != row.record.number);
            if other {
                orders.push(std::mem::take(&mut self.open));
            }
            self.open.push(row);
        }
        self.store(tx, orders, outcome).await
    }

    async fn finish(&mut self, tx: &Tx, outcome: &mut Outcome) -> Result<()> {
        let last = std::mem::take(&mut self.open);
        if !last.is_empty() {
            self.store(tx, vec![last], outcome).await?;
        }
        match self.writer.take() {
            Some(writer) => writer.finish(tx).await,
            None => Ok(()),
        }
    }
}
