//! Accounts and the people who buy for them.

use trade::money::BasisPoints;

use super::open_item::percent;
use super::{Column, Fields, Record, code, country, currency, optional, required, within};
use crate::db::words::DeliveryPolicy;
use crate::imports::cells;

/// A retailer company, with the address its goods and invoices go to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountRow {
    pub number: String,
    pub name: String,
    pub group: Option<String>,
    /// The number of the account above it.
    pub parent: Option<String>,
    pub country: String,
    pub vat_id: Option<String>,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub payment_terms_days: Option<i64>,
    /// Minor units of the brand's currency.
    pub credit_limit: Option<i64>,
    /// The key account manager's e-mail address.
    pub kam: Option<String>,
    pub price_lists: Vec<String>,
    pub currency: Option<String>,
    pub locale: Option<String>,
    pub region: Option<String>,
    /// The number of the account that pays; none is the account itself.
    pub bill_to: Option<String>,
    /// Days an invoice may be late before orders are held; none is the brand's.
    pub overdue_tolerance_days: Option<i64>,
    pub early_payment_days: Option<i64>,
    pub early_payment_discount: Option<BasisPoints>,
    /// Minor units.
    pub minimum_order: Option<i64>,
    pub delivery_policy: Option<DeliveryPolicy>,
}

const POLICIES: &[&str] = &["complete", "back_order", "cancel_rest"];
const POLICY_VALUES: [DeliveryPolicy; 3] = [
    DeliveryPolicy::Complete,
    DeliveryPolicy::BackOrder,
    DeliveryPolicy::CancelRest,
];

impl Record for AccountRow {
    const COLUMNS: &'static [Column] = &[
        required(
            "number",
            &[
                "account",
                "account number",
                "customer",
                "customer number",
                "kundennummer",
            ],
        ),
        required("name", &["company", "firma"]),
        optional("group", &["account group", "kundengruppe"]),
        optional("parent", &["parent account", "zentrale"]),
        optional("country", &["country code", "land"]),
        optional("vat_id", &["vat", "vat number", "ust-id", "ustid"]),
        optional("street", &["address", "straße", "strasse"]),
        optional("postal_code", &["postcode", "zip", "plz"]),
        optional("city", &["town", "ort"]),
        optional(
            "payment_terms_days",
            &["payment terms", "terms", "zahlungsziel"],
        ),
        optional("credit_limit", &["limit", "kreditlimit"]),
        optional("kam", &["kam e-mail", "key account manager", "sales rep"]),
        optional("price_lists", &["price list", "preislisten", "preisliste"]),
        optional("currency", &["währung", "waehrung"]),
        optional("locale", &["language", "sprache"]),
        optional("region", &["gebiet"]),
        optional(
            "bill_to",
            &["payer", "invoice recipient", "rechnungsempfänger", "zahler"],
        ),
        optional("overdue_tolerance_days", &["overdue tolerance", "toleranz"]),
        optional("early_payment_days", &["discount days", "skontotage"]),
        optional("early_payment_discount", &["skonto", "skonto percent"]),
        optional(
            "minimum_order",
            &["minimum order value", "mindestbestellwert"],
        ),
        optional("delivery_policy", &["deliveries", "lieferregel"]),
    ];

    fn read(fields: &mut Fields<'_>) -> Self {
        let locales: &'static [&'static str] = &["en", "de"];
        Self {
            number: fields.must("number", code),
            name: fields.must_text("name", 200),
            group: fields.maybe("group", code),
            parent: fields.maybe("parent", code),
            country: fields
                .maybe("country", country)
                .unwrap_or_else(|| "DE".to_owned()),
            vat_id: fields.text("vat_id", 20),
            street: fields.text("street", 200),
            postal_code: fields.text("postal_code", 20),
            city: fields.text("city", 100),
            payment_terms_days: fields.whole("payment_terms_days", 0, 365),
            credit_limit: fields.maybe("credit_limit", |cell| {
                within(cells::decimal(cell, 2)?, 0, i64::MAX)
            }),
            kam: fields.maybe("kam", cells::email),
            price_lists: fields.list("price_lists", code),
            currency: fields.maybe("currency", currency),
            locale: fields.word("locale", locales, locales).map(str::to_owned),
            region: fields.text("region", 80),
            bill_to: fields.maybe("bill_to", code),
            overdue_tolerance_days: fields.whole("overdue_tolerance_days", 0, 365),
            early_payment_days: fields.whole("early_payment_days", 0, 365),
            early_payment_discount: fields.maybe("early_payment_discount", percent),
            minimum_order: fields.maybe("minimum_order", |cell| {
                within(cells::decimal(cell, 2)?, 0, i64::MAX)
            }),
            delivery_policy: fields.word("delivery_policy", POLICIES, &POLICY_VALUES),
        }
    }
}

/// What a retailer's user may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContactRole {
    #[default]
    Buyer,
    Approver,
    Owner,
}

/// A person of an account who signs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactRow {
    pub account: String,
    pub email: String,
    pub name: String,
    pub role: ContactRole,
}

impl Record for ContactRow {
    const COLUMNS: &'static [Column] = &[
        required(
            "account",
            &[
                "account number",
                "customer",
                "customer number",
                "kundennummer",
            ],
        ),
        required("email", &["mail", "e-mail", "e-mail address"]),
        required("name", &["contact", "full name", "ansprechpartner"]),
        optional("role", &["rolle"]),
    ];

    fn read(fields: &mut Fields<'_>) -> Self {
        const WORDS: &[&str] = &["buyer", "approver", "owner", "account admin"];
        let values = [
            ContactRole::Buyer,
            ContactRole::Approver,
            ContactRole::Owner,
            ContactRole::Owner,
        ];
        Self {
            account: fields.must("account", code),
            email: fields.must("email", cells::email),
            name: fields.must_text("name", 120),
            role: fields.word("role", WORDS, &values).unwrap_or_default(),
        }
    }
}
