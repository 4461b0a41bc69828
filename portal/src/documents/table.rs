//! The table of an order's lines, with its header on every page, and the totals under it.

use super::page::{Ink, Mark, Style};
use super::sheet::{BODY, BOTTOM, Block, HEAD, LEFT, RIGHT, SMALL, STRONG, Sheet, TOP, WIDTH};
use super::typeface::printable;
use super::{DocumentLine, DocumentTotal, TotalWeight};

const SKU: f32 = LEFT + 26.0;
const SKU_WIDTH: f32 = 66.0;
const NAME: f32 = LEFT + 98.0;
const NAME_WIDTH: f32 = 168.0;
/// Figures end here and their unit begins a little later, so that the figures stand one under the other.
const QUANTITY_END: f32 = LEFT + 308.0;
const QUANTITY_WIDTH: f32 = 38.0;
const UNIT: f32 = QUANTITY_END + 3.0;
const UNIT_WIDTH: f32 = 40.0;
const PRICE_END: f32 = LEFT + 412.0;
const PRICE_WIDTH: f32 = 58.0;
const NET_WIDTH: f32 = 66.0;
const TOTAL_LABEL: f32 = LEFT + 230.0;
const TOTAL_LABEL_WIDTH: f32 = 158.0;
const TOTAL_AMOUNT_WIDTH: f32 = 90.0;
const HEAD_HEIGHT: f32 = 18.0;

const SMALL_FIGURE: Style = Style { size: 9.0, ..SMALL };

impl Sheet<'_> {
    pub fn table(&mut self) {
        let rows: Vec<Block> = self.doc.lines.iter().map(|line| self.row(line)).collect();
        let totals: Vec<Block> = self
            .doc
            .totals
            .iter()
            .map(|total| self.total(total))
            .collect();
        let totals_height = totals.iter().map(|total| total.height).sum::<f32>() + 8.0;
        let whole_page = BOTTOM - TOP - HEAD_HEIGHT - 24.0;
        // The header does not stand alone at the foot of a page either.
        let first = rows.first().map_or(0.0, |row| row.height);
        if self.y + HEAD_HEIGHT + first > BOTTOM {
            self.next_page();
        }
        self.table_head();
        let mut rows = rows.into_iter().peekable();
        while let Some(row) = rows.next() {
            let mut needed = row.height;
            // The last line goes with the totals to the next page when they do not fit under it.
            if rows.peek().is_none() && needed + totals_height <= whole_page {
                needed += totals_height;
            }
            if self.y + needed > BOTTOM {
                self.next_page();
                self.table_head();
            }
            self.put(row);
        }
        self.y += 8.0;
        for total in totals {
            self.put_whole(total);
        }
        self.y += 10.0;
    }

    fn table_head(&mut self) {
        let (labels, typeface) = (&self.doc.labels, self.typeface);
        let mut block = Block::default();
        for (x, width, label) in [
            (LEFT + 4.0, SKU - LEFT - 6.0, &labels.position),
            (SKU, SKU_WIDTH, &labels.sku),
            (NAME, NAME_WIDTH, &labels.product),
        ] {
            let label = printable(label);
            let size = typeface.fitting_size(&label, HEAD.weight, HEAD.size, width);
            block.marks.push(Mark::Text {
                x,
                y: 0.0,
                text: label,
                style: Style { size, ..HEAD },
            });
        }
        for (end, width, label) in [
            (QUANTITY_END + 24.0, QUANTITY_WIDTH + 24.0, &labels.quantity),
            (PRICE_END, PRICE_WIDTH, &labels.unit_price),
            (RIGHT - 4.0, NET_WIDTH, &labels.net),
        ] {
            let mut cell = Block::default();
            cell.figure(typeface, label, HEAD, end, width);
            block.marks.extend(
                cell.marks
                    .into_iter()
                    .map(|mark| mark.lowered(-HEAD.size * 0.95)),
            );
        }
        let letters = block.marks.into_iter().map(|mark| mark.lowered(11.8));
        let band = Mark::Fill {
            x: LEFT,
            y: 0.0,
            width: WIDTH,
            height: HEAD_HEIGHT,
            ink: Ink::Tint,
        };
        let marks = std::iter::once(band).chain(letters).collect();
        self.put(Block {
            marks,
            height: HEAD_HEIGHT,
        });
    }

    fn row(&self, line: &DocumentLine) -> Block {
        let typeface = self.typeface;
        let mut cells = Block::default();
        cells.text(
            typeface,
            &line.position,
            SMALL_FIGURE,
            (LEFT + 4.0, 0.0),
            (SKU - LEFT - 6.0, 1),
        );
        cells.text(typeface, &line.sku, BODY, (SKU, 0.0), (SKU_WIDTH, 3));
        let mut y = cells.text(typeface, &line.name, BODY, (NAME, 0.0), (NAME_WIDTH, 6));
        if let Some(pack) = &line.pack {
            y = cells.text(typeface, pack, SMALL, (NAME, y), (NAME_WIDTH, 2));
        }
        if let Some(note) = &line.note {
            cells.text(typeface, note, SMALL, (NAME, y), (NAME_WIDTH, 6));
        }
        cells.figure(typeface, &line.quantity, BODY, QUANTITY_END, QUANTITY_WIDTH);
        let unit = printable(&line.unit);
        let size = typeface.fitting_size(&unit, SMALL_FIGURE.weight, SMALL_FIGURE.size, UNIT_WIDTH);
        let style = Style {
            size,
            ..SMALL_FIGURE
        };
        cells.marks.push(Mark::Text {
            x: UNIT,
            y: BODY.size * 0.95,
            text: unit,
            style,
        });
        cells.figure(typeface, &line.unit_price, BODY, PRICE_END, PRICE_WIDTH);
        cells.figure(typeface, &line.net, BODY, RIGHT - 4.0, NET_WIDTH);
        let mut row = Block {
            marks: Vec::new(),
            height: cells.height + 9.0,
        };
        row.marks
            .extend(cells.marks.into_iter().map(|mark| mark.lowered(4.5)));
        row.rule(LEFT, row.height - 0.5, WIDTH, 0.5, Ink::Hairline);
        row
    }

    fn total(&self, total: &DocumentTotal) -> Block {
        let (style, gap) = match total.weight {
            TotalWeight::Part => (BODY, 3.0),
            TotalWeight::Sum => (
                Style {
                    size: 10.5,
                    ..STRONG
                },
                7.0,
            ),
        };
        let mut cells = Block::default();
        let at = (TOTAL_LABEL, 0.0);
        let y = cells.text(
            self.typeface,
            &total.label,
            style,
            at,
            (TOTAL_LABEL_WIDTH, 3),
        );
        if let Some(reason) = &total.reason {
            cells.text(
                self.typeface,
                reason,
                SMALL,
                (TOTAL_LABEL, y),
                (TOTAL_LABEL_WIDTH, 4),
            );
        }
        cells.figure(
            self.typeface,
            &total.amount,
            style,
            RIGHT - 4.0,
            TOTAL_AMOUNT_WIDTH,
        );
        let mut row = Block {
            marks: Vec::new(),
            height: cells.height + gap,
        };
        row.marks
            .extend(cells.marks.into_iter().map(|mark| mark.lowered(gap)));
        if total.weight == TotalWeight::Sum {
            row.rule(TOTAL_LABEL, 2.5, RIGHT - TOTAL_LABEL, 0.8, Ink::Text);
        }
        row
    }
}
