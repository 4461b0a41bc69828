//! The rows of a file that were not taken, as a file the sender can correct and send again.

use std::io::{self, Write};

use super::cells::neutralise_formula;
use super::records::Fault;

/// Writes rejected rows as CSV: row, column, problem, then the cells as they came.
pub struct RejectedRows<W: Write> {
    out: csv::Writer<W>,
    rows: u64,
    last: Option<u64>,
}

impl<W: Write> RejectedRows<W> {
    /// `header` is the original file's, so that its columns keep their names.
    pub fn new(out: W, header: &[String]) -> io::Result<Self> {
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(out);
        let own = ["row", "column", "problem"].into_iter().map(Into::into);
        write(
            &mut out,
            own.chain(header.iter().map(|cell| neutralise_formula(cell))),
        )?;
        Ok(Self {
            out,
            rows: 0,
            last: None,
        })
    }

    /// One line a fault, so that each problem stands beside the row it is in.
    pub fn reject(&mut self, faults: &[Fault], cells: &[String]) -> io::Result<()> {
        for fault in faults {
            if self.last != Some(fault.row) {
                self.rows = self.rows.saturating_add(1);
                self.last = Some(fault.row);
            }
            let own = [
                fault.row.to_string().into(),
                neutralise_formula(&fault.column).into_owned().into(),
                fault.problem.to_string().into(),
            ];
            let cells = cells.iter().map(|cell| neutralise_formula(cell));
            write(&mut self.out, own.into_iter().chain(cells))?;
        }
        Ok(())
    }

    /// How many rows were rejected, not how many faults they had.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        self.out
            .into_inner()
            .map_err(|error| io::Error::other(error.to_string()))
    }
}

fn write<'a, W: Write>(
    out: &mut csv::Writer<W>,
    cells: impl Iterator<Item = std::borrow::Cow<'a, str>>,
) -> io::Result<()> {
    for cell in cells {
        out.write_field(cell.as_bytes())?;
    }
    out.write_record(None::<&[u8]>)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::records::Problem;

    #[test]
    fn each_fault_is_a_line_with_the_cells_made_harmless() {
        let header = ["sku", "name"].map(str::to_owned);
        let mut rejected = RejectedRows::new(Vec::new(), &header).expect("writer");
        let faults = [
            Fault::new(7, "sku", Problem::Missing),
            Fault::new(7, "name", Problem::Missing),
        ];
        rejected
            .reject(&faults, &[String::new(), "=cmd()".to_owned()])
            .expect("written");
        assert_eq!(rejected.rows(), 1);
        let text = String::from_utf8(rejected.finish().expect("bytes")).expect("text");
        assert_eq!(
            text,
            "row,column,problem,sku,name\n7,sku,is missing,,'=cmd()\n7,name,is missing,,'=cmd()\n"
        );
    }
}
