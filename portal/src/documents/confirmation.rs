//! How an order lies on its pages: letterhead, addresses and facts, then the table, the totals, the small print.
//!
//! A line of the order is never split between pages, and the totals never stand on a page without a line above them.

use jiff::civil::Date;
use jiff::fmt::strtime;

use super::page::{About, Ink, Mark, Style, draw};
use super::sheet::{
    BODY, BRAND, Block, FOOTER, HEAD, LEFT, RIGHT, SMALL, Sheet, TITLE, TOP, WIDTH, title,
};
use super::typeface::Typeface;
use super::{DocumentError, OrderDocument};

/// DIN 5008 form B: the window of an envelope begins 45 mm from the top.
const ADDRESS: f32 = 127.6;
const FACTS: f32 = LEFT + 270.0;
const FACT_VALUES: f32 = FACTS + 84.0;

/// The PDF of an order in the state `doc.kind` names.
pub fn confirmation(doc: &OrderDocument) -> Result<Vec<u8>, DocumentError> {
    let typeface = Typeface::load().ok_or(DocumentError::Typeface)?;
    let pages = lay_out(doc, &typeface)?;
    let about = About {
        title: title(doc),
        author: doc.letterhead.name.clone(),
        language: doc.language.clone(),
        created_at: doc.created_at,
    };
    draw(pages, about, &typeface)
}

pub(super) fn lay_out(
    doc: &OrderDocument,
    typeface: &Typeface,
) -> Result<Vec<Vec<Mark>>, DocumentError> {
    let mut sheet = Sheet {
        doc,
        typeface,
        pages: vec![Vec::new()],
        y: TOP,
    };
    sheet.opening()?;
    sheet.table();
    sheet.small_print();
    sheet.feet();
    Ok(sheet.pages)
}

fn written(date: Date, format: &str) -> Result<String, DocumentError> {
    strtime::format(format, date).map_err(|source| DocumentError::DateFormat {
        format: format.to_owned(),
        source,
    })
}

impl Sheet<'_> {
    fn opening(&mut self) -> Result<(), DocumentError> {
        let head = self.letterhead();
        let height = head.height;
        self.put(head);
        self.y = ADDRESS.max(TOP + height + 14.0);
        let (addresses, facts) = (self.addresses(), self.facts()?);
        let height = addresses.height.max(facts.height);
        let top = self.y;
        self.put(addresses);
        self.y = top;
        self.put(facts);
        self.y = top + height + 22.0;
        let mut block = Block::default();
        let mut y = block.text(
            self.typeface,
            &title(self.doc),
            TITLE,
            (LEFT, 0.0),
            (WIDTH, 2),
        );
        if let Some(introduction) = &self.doc.introduction {
            y = block.text(
                self.typeface,
                introduction,
                BODY,
                (LEFT, y + 4.0),
                (WIDTH, 8),
            );
        }
        block.height = y + 12.0;
        self.put(block);
        Ok(())
    }

    fn letterhead(&self) -> Block {
        let letterhead = &self.doc.letterhead;
        let mut block = Block::default();
        block.text(
            self.typeface,
            &letterhead.name,
            BRAND,
            (LEFT, 0.0),
            (250.0, 2),
        );
        let mut y = 0.0;
        for line in letterhead.address.iter().chain(&letterhead.contact).take(6) {
            let mut row = Block::default();
            row.figure(self.typeface, line, SMALL, RIGHT, 210.0);
            block
                .marks
                .extend(row.marks.into_iter().map(|mark| mark.lowered(y)));
            y += row.height;
        }
        let end = block.height.max(y) + 6.0;
        block.rule(LEFT, end, WIDTH, 1.2, Ink::Accent);
        block
    }

    fn addresses(&self) -> Block {
        let (doc, typeface) = (self.doc, self.typeface);
        let mut block = Block::default();
        let sender: Vec<&str> = std::iter::once(&doc.letterhead.name)
            .chain(&doc.letterhead.address)
            .map(String::as_str)
            .collect();
        let mut y = block.text(
            typeface,
            &sender.join(" · "),
            FOOTER,
            (LEFT, 0.0),
            (240.0, 1),
        ) + 5.0;
        for line in doc.bill_to.iter().take(8) {
            y = block.text(
                typeface,
                line,
                Style { size: 10.0, ..BODY },
                (LEFT, y),
                (240.0, 2),
            );
        }
        if !doc.ship_to.is_empty() {
            y = block.text(
                typeface,
                &doc.labels.ship_to,
                HEAD,
                (LEFT, y + 12.0),
                (240.0, 1),
            ) + 1.0;
            for line in doc.ship_to.iter().take(8) {
                y = block.text(typeface, line, BODY, (LEFT, y), (240.0, 2));
            }
        }
        block
    }

    fn facts(&self) -> Result<Block, DocumentError> {
        let (doc, labels) = (self.doc, &self.doc.labels);
        let account = format!("{}\n{}", doc.account_number, doc.account_name);
        let mut facts = vec![
            (&labels.order_number, doc.order_number.clone()),
            (
                &labels.order_date,
                written(doc.order_date, &labels.date_format)?,
            ),
        ];
        if let Some(po_number) = &doc.po_number {
            facts.push((&labels.po_number, po_number.clone()));
        }
        facts.push((&labels.account, account));
        if let Some(date) = doc.requested_date {
            facts.push((&labels.requested_date, written(date, &labels.date_format)?));
        }
        let mut block = Block::default();
        let mut y = 0.0;
        for (label, value) in facts {
            let label_end = block.text(
                self.typeface,
                label,
                SMALL,
                (FACTS, y + 1.2),
                (FACT_VALUES - FACTS - 6.0, 2),
            );
            let value_end = block.text(
                self.typeface,
                &value,
                BODY,
                (FACT_VALUES, y),
                (RIGHT - FACT_VALUES, 3),
            );
            y = label_end.max(value_end) + 3.0;
        }
        Ok(block)
    }
}
