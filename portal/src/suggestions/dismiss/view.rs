//! What a company does not want suggested.

use serde::Serialize;

use crate::db::words::Dismissal;
use crate::web::page::View;
use crate::web::shape::{Day, Instant};

/// One product that is not suggested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DismissedRow {
    pub sku: String,
    pub name: String,
    pub kind: Dismissal,
    /// Who said so; none where that person is no more.
    pub by: Option<String>,
    pub dismissed_at: Instant,
    /// The first day it may be suggested again.
    pub until: Day,
}

/// `/suggestions/dismissed`.
#[derive(Clone, Debug, Serialize)]
pub struct DismissedPage {
    pub rows: Vec<DismissedRow>,
}

impl View for DismissedPage {
    const TEMPLATE: &'static str = "pages/suggestions/dismissed.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |sku: &str, name: &str, kind, until: &str| DismissedRow {
            sku: sku.into(),
            name: name.into(),
            kind,
            by: Some("Britta Becker".into()),
            dismissed_at: 1_772_000_000_000,
            until: until.into(),
        };
        let rows = vec![
            row(
                "CAT-WET-85",
                "Cat Terrine Salmon 85 g",
                Dismissal::NotNow,
                "2026-03-28",
            ),
            row(
                "BRD-SED-25",
                "Wild Bird Seed 2.5 kg",
                Dismissal::NotForUs,
                "2026-09-10",
            ),
        ];
        vec![("some", Self { rows }), ("none", Self { rows: vec![] })]
    }
}
