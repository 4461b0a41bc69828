//! Pages being filled from the top: what stays together, where a page ends, and what every page repeats.

use super::page::{Ink, Mark, PAGE_WIDTH, Style};
use super::typeface::{Typeface, Weight, printable};
use super::{DocumentKind, Labels, OrderDocument};

pub const LEFT: f32 = 56.7;
pub const RIGHT: f32 = PAGE_WIDTH - 56.7;
pub const WIDTH: f32 = RIGHT - LEFT;
pub const TOP: f32 = 54.0;
/// Where the text area ends and the foot begins.
pub const BOTTOM: f32 = 770.0;
pub const FOOT: f32 = 792.0;

pub const BODY: Style = Style {
    weight: Weight::Regular,
    size: 9.0,
    ink: Ink::Text,
};
pub const STRONG: Style = Style {
    weight: Weight::Bold,
    ..BODY
};
pub const SMALL: Style = Style {
    weight: Weight::Regular,
    size: 7.5,
    ink: Ink::Muted,
};
pub const HEAD: Style = Style {
    weight: Weight::Bold,
    size: 7.5,
    ink: Ink::Muted,
};
pub const BRAND: Style = Style {
    weight: Weight::Bold,
    size: 15.0,
    ink: Ink::Accent,
};
pub const TITLE: Style = Style {
    weight: Weight::Bold,
    size: 14.0,
    ink: Ink::Text,
};
pub const FOOTER: Style = Style { size: 6.5, ..SMALL };

/// Marks that stay together, measured from their own top.
#[derive(Default)]
pub struct Block {
    pub marks: Vec<Mark>,
    pub height: f32,
}

impl Block {
    /// Wrapped lines from the top of the block or from `y`; returns where they end.
    pub fn text(
        &mut self,
        typeface: &Typeface,
        text: &str,
        style: Style,
        (x, y): (f32, f32),
        (width, max_lines): (f32, usize),
    ) -> f32 {
        let mut end = y;
        for line in typeface.wrap(text, style.weight, style.size, width, max_lines) {
            // The baseline lies about three quarters down a line of type.
            let baseline = end + style.size * 0.95;
            self.marks.push(Mark::Text {
                x,
                y: baseline,
                text: line,
                style,
            });
            end += style.size * 1.3;
        }
        self.height = self.height.max(end);
        end
    }

    /// One line that ends at `end`; set smaller when it is wider than its column, for a figure must not be cut.
    pub fn figure(&mut self, typeface: &Typeface, text: &str, style: Style, end: f32, width: f32) {
        let text = printable(text);
        let size = typeface.fitting_size(&text, style.weight, style.size, width);
        let x = end - typeface.width(&text, style.weight, size);
        let mark = Mark::Text {
            x,
            y: style.size * 0.95,
            text,
            style: Style { size, ..style },
        };
        self.marks.push(mark);
        self.height = self.height.max(style.size * 1.3);
    }

    pub fn rule(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.marks.push(Mark::Fill {
            x,
            y,
            width,
            height,
            ink,
        });
        self.height = self.height.max(y + height);
    }
}

pub struct Sheet<'a> {
    pub doc: &'a OrderDocument,
    pub typeface: &'a Typeface,
    pub pages: Vec<Vec<Mark>>,
    pub y: f32,
}

impl Sheet<'_> {
    pub fn small_print(&mut self) {
        let terms = self
            .doc
            .terms
            .iter()
            .map(|terms| format!("{}: {terms}", self.doc.labels.terms));
        for paragraph in terms.chain(self.doc.closing_notes.iter().cloned()) {
            for line in self
                .typeface
                .wrap(&paragraph, BODY.weight, BODY.size, WIDTH, 400)
            {
                let mut block = Block::default();
                block.text(self.typeface, &line, BODY, (LEFT, 0.0), (WIDTH * 1.01, 1));
                self.put_whole(block);
            }
            self.y += 6.0;
        }
    }

    pub fn feet(&mut self) {
        let letterhead = &self.doc.letterhead;
        let vat_id = letterhead
            .vat_id
            .iter()
            .map(|id| format!("{} {id}", self.doc.labels.vat_id));
        let sender: Vec<String> = std::iter::once(letterhead.name.clone())
            .chain(letterhead.address.iter().cloned())
            .chain(vat_id)
            .chain(letterhead.contact.iter().cloned())
            .collect();
        let mut foot = Block::default();
        foot.rule(LEFT, 0.0, WIDTH, 0.5, Ink::Hairline);
        foot.text(
            self.typeface,
            &sender.join(" · "),
            FOOTER,
            (LEFT, 5.0),
            (WIDTH - 60.0, 3),
        );
        let count = self.pages.len();
        for (page, number) in self.pages.iter_mut().zip(1_usize..) {
            let mut mark = Block::default();
            mark.figure(
                self.typeface,
                &format!("{number}/{count}"),
                SMALL,
                RIGHT,
                50.0,
            );
            page.extend(foot.marks.iter().cloned().map(|mark| mark.lowered(FOOT)));
            page.extend(mark.marks.into_iter().map(|mark| mark.lowered(FOOT + 5.0)));
        }
    }

    /// A page after the first says in one line what it belongs to.
    pub fn next_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
        let mut block = Block::default();
        block.text(
            self.typeface,
            &title(self.doc),
            SMALL,
            (LEFT, 0.0),
            (260.0, 1),
        );
        block.figure(
            self.typeface,
            &self.doc.letterhead.name,
            SMALL,
            RIGHT,
            200.0,
        );
        block.height = 18.0;
        self.put(block);
    }

    pub fn put_whole(&mut self, block: Block) {
        if self.y + block.height > BOTTOM {
            self.next_page();
        }
        self.put(block);
    }

    pub fn put(&mut self, block: Block) {
        let y = self.y;
        if let Some(page) = self.pages.last_mut() {
            page.extend(block.marks.into_iter().map(|mark| mark.lowered(y)));
        }
        self.y += block.height;
    }
}

pub fn title(doc: &OrderDocument) -> String {
    let Labels {
        title_received,
        title_confirmed,
        title_cancelled,
        ..
    } = &doc.labels;
    let word = match doc.kind {
        DocumentKind::Received => title_received,
        DocumentKind::Confirmed => title_confirmed,
        DocumentKind::Cancelled => title_cancelled,
    };
    format!("{word} {}", doc.order_number)
}
