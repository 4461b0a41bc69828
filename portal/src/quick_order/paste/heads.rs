//! The header a spreadsheet is pasted with: which column is which.

use super::cells;

const CODE_HEADS: &[&str] = &[
    "article",
    "articleno",
    "articlenumber",
    "artikel",
    "artikelnr",
    "artikelnummer",
    "artnr",
    "barcode",
    "bestellnr",
    "bestellnummer",
    "code",
    "ean",
    "gtin",
    "item",
    "itemcode",
    "itemno",
    "itemnumber",
    "material",
    "materialnummer",
    "product",
    "productcode",
    "produkt",
    "sku",
    "skucode",
];
const QUANTITY_HEADS: &[&str] = &[
    "amount",
    "anzahl",
    "bestellmenge",
    "count",
    "menge",
    "order",
    "orderqty",
    "orderquantity",
    "qty",
    "quantity",
    "stk",
    "stück",
    "stückzahl",
];
const UNIT_HEADS: &[&str] = &[
    "bestelleinheit",
    "einheit",
    "me",
    "mengeneinheit",
    "uom",
    "unit",
    "unitofmeasure",
];

/// Where the header says things stand.
#[derive(Debug, Default)]
pub struct Columns {
    /// An article number and a GTIN may both be there.
    pub codes: Vec<usize>,
    pub quantity: Option<usize>,
    pub unit: Option<usize>,
}

impl Columns {
    /// The columns of a header line; `None` if the line is none.
    pub fn of_header(line: &str) -> Option<Self> {
        if line.chars().any(char::is_numeric) {
            return None;
        }
        let cells = cells::cells(line);
        let in_cells = cells.is_some();
        let cells = cells.unwrap_or_else(|| cells::words(line));
        let heads: Vec<String> = cells.iter().map(|cell| head(cell)).collect();
        let places = |known: &[&str]| -> Vec<usize> {
            let known = |(_, head): &(usize, &String)| known.contains(&head.as_str());
            let heads = heads.iter().enumerate().filter(known);
            heads.map(|(place, _)| place).collect()
        };
        let columns = Self {
            codes: places(CODE_HEADS),
            quantity: places(QUANTITY_HEADS).first().copied(),
            unit: places(UNIT_HEADS).first().copied(),
        };
        let alone = cells.len() == 1;
        let is_header = !columns.codes.is_empty() && (alone || columns.quantity.is_some());
        // Words between spaces have no columns under them; such a header is only passed over.
        is_header.then(|| if in_cells { columns } else { Self::default() })
    }
}

/// A column's head without what it is decorated with: "Art.-Nr." is "artnr".
fn head(cell: &str) -> String {
    let letters = cell.chars().filter(|char| char.is_alphabetic());
    letters.flat_map(char::to_lowercase).collect()
}
