//! Files in, with a dry run and a list of rejected rows.

use serde::Serialize;

use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Choice, Instant, Message, Paging, Query};

/// One import that ran, or only tried.
#[derive(Clone, Debug, Serialize)]
pub struct ImportRow {
    pub id: String,
    pub at: Instant,
    pub by: String,
    /// The message `import-kind-<kind>` names it.
    pub kind: String,
    pub file: String,
    pub dry_run: bool,
    /// `running`, `done`, `refused` or `failed`.
    pub state: String,
    pub read: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    /// The first problems, in words.
    pub problems: Vec<Message>,
}

/// `/admin/imports`. Fields: `kind`, `file`, `dry_run`.
#[derive(Clone, Debug, Serialize)]
pub struct ImportsPage {
    pub form: FormState,
    pub kinds: Vec<Choice>,
    /// The import that just ran.
    pub latest: Option<ImportRow>,
    pub query: Query,
    pub rows: Vec<ImportRow>,
    pub paging: Paging,
}

impl View for ImportsPage {
    const TEMPLATE: &'static str = "pages/admin/imports.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |state: &str, dry_run, rejected| ImportRow {
            id: "i1".into(),
            at: 1_773_298_800_000,
            by: "Ada Adler".into(),
            kind: "products".into(),
            file: "products-2026.xlsx".into(),
            dry_run,
            state: state.into(),
            read: 3_704,
            created: 12,
            updated: 88,
            unchanged: 3_600,
            rejected,
            problems: if rejected > 0 {
                vec![Message::plain(
                    "Row 17: the GTIN 40123 has 5 digits; 8, 12, 13 or 14 are valid.",
                )]
            } else {
                vec![]
            },
        };
        let kinds = [
            "products",
            "prices",
            "accounts",
            "contacts",
            "stock",
            "orders",
            "contracts",
        ]
        .map(|kind| Choice::new(kind, "", kind == "products"))
        .to_vec();
        let page = Self {
            form: FormState::new(),
            kinds,
            latest: Some(row("refused", true, 4)),
            query: Query::new(),
            rows: vec![
                row("refused", true, 4),
                row("done", false, 0),
                row("running", false, 0),
            ],
            paging: Paging::new(1, 50, 3),
        };
        let none = Self {
            form: FormState::new().error("file", Message::new("error-required")),
            latest: None,
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            ..page.clone()
        };
        vec![("some", page), ("none", none)]
    }
}
