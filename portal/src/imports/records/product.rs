//! Products as a brand's item master lists them.

use super::{Column, Fields, Problem, Record, optional, required};
pub use crate::db::words::{ProductStatus, StockPolicy};
use crate::imports::cells;
use trade::quantity::{PackFactor, Unit};
use trade::tax::TaxClass;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    pub sku: String,
    pub gtin: Option<String>,
    pub name: String,
    pub description: Option<String>,
    pub brand: Option<String>,
    /// From the root of the category tree.
    pub category: Vec<String>,
    pub base_unit: Unit,
    pub order_unit: Unit,
    /// Units above the base unit with their pack factors.
    pub units: Vec<(Unit, PackFactor)>,
    /// In order units.
    pub moq: i64,
    /// In order units.
    pub multiple: i64,
    pub tax_class: TaxClass,
    pub status: ProductStatus,
    pub stock_policy: StockPolicy,
    /// SKUs to offer in its place, best first.
    pub substitutes: Vec<String>,
}

impl ProductRow {
    /// Base units in a unit of this product.
    pub fn pack_factor(&self, unit: Unit) -> Option<PackFactor> {
        if unit == self.base_unit {
            return Some(PackFactor::ONE);
        }
        let known = self.units.iter().find(|(code, _)| *code == unit);
        known.map(|(_, factor)| *factor)
    }
}

impl Record for ProductRow {
    const COLUMNS: &'static [Column] = &[
        required(
            "sku",
            &[
                "article",
                "article number",
                "item",
                "item number",
                "artikelnummer",
            ],
        ),
        optional("gtin", &["ean", "barcode", "ean13", "gtin13"]),
        required("name", &["product name", "title", "bezeichnung"]),
        optional("description", &["text", "beschreibung"]),
        optional("brand", &["marke", "product brand"]),
        optional("category", &["category path", "warengruppe", "kategorie"]),
        optional("base_unit", &["basiseinheit", "unit"]),
        optional("order_unit", &["bestelleinheit", "sales unit"]),
        optional("units", &["packaging", "einheiten"]),
        optional(
            "moq",
            &["minimum", "minimum order quantity", "mindestmenge"],
        ),
        optional("multiple", &["increment", "order increment", "staffelung"]),
        optional("tax_class", &["tax", "vat class", "steuerklasse"]),
        optional("status", &[]),
        optional("stock_policy", &["stock", "bestandsregel"]),
        optional("substitutes", &["substitute", "replacement", "ersatz"]),
    ];

    fn read(fields: &mut Fields<'_>) -> Self {
        let base = fields
            .maybe("base_unit", cells::unit)
            .unwrap_or(Unit::Piece);
        let order_unit = fields.maybe("order_unit", cells::unit);
        let product = Self {
            sku: fields.must("sku", cells::sku),
            gtin: fields.maybe("gtin", cells::gtin),
            name: fields.must_text("name", 200),
            description: fields.text("description", 4_000),
            brand: fields.text("brand", 80),
            category: fields
                .maybe("category", cells::category)
                .unwrap_or_default(),
            order_unit: order_unit.unwrap_or(base),
            base_unit: base,
            units: fields.maybe("units", cells::units).unwrap_or_default(),
            moq: fields.whole("moq", 1, 1_000_000).unwrap_or(1),
            multiple: fields.whole("multiple", 1, 1_000_000).unwrap_or(1),
            tax_class: fields
                .word("tax_class", TAX_CLASSES, &TAX_CLASS_VALUES)
                .unwrap_or(TaxClass::Standard),
            status: fields
                .word("status", STATUSES, &STATUS_VALUES)
                .unwrap_or(ProductStatus::Active),
            stock_policy: fields
                .word("stock_policy", POLICIES, &POLICY_VALUES)
                .unwrap_or(StockPolicy::BackOrder),
            substitutes: fields.list("substitutes", cells::sku),
        };
        if product.pack_factor(product.order_unit).is_none() {
            fields.fault("order_unit", Problem::UnitNotOfProduct);
        }
        product
    }
}

const STATUSES: &[&str] = &["active", "phasing_out", "delisted"];
const STATUS_VALUES: [ProductStatus; 3] = [
    ProductStatus::Active,
    ProductStatus::PhasingOut,
    ProductStatus::Delisted,
];
const POLICIES: &[&str] = &["strict", "back_order", "untracked"];
const POLICY_VALUES: [StockPolicy; 3] = [
    StockPolicy::Strict,
    StockPolicy::BackOrder,
    StockPolicy::Untracked,
];
const TAX_CLASSES: &[&str] = &["standard", "reduced", "zero"];
const TAX_CLASS_VALUES: [TaxClass; 3] = [TaxClass::Standard, TaxClass::Reduced, TaxClass::Zero];
