//! Imports from the browser: a file loaded, its rejected rows kept, and the list of what was
//! imported so far.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::load::{self, Kind, LoadError, Options};
use super::rejected::RejectedRows;
use super::table::Table;
use super::view::{ImportRow, ImportsPage};
use crate::admin::PAGE;
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::import;
use crate::error::{Error, Result};
use crate::web::form::FormState;
use crate::web::shape::{Choice, Message, Paging, Query};

/// The most bytes of an uploaded file.
pub const MAX_FILE_MIB: i64 = 50;
/// Problems that the page shows itself; the file of rejected rows has them all.
const SHOWN_PROBLEMS: usize = 10;

/// A file as it was sent.
#[derive(Debug)]
pub struct Upload<'a> {
    /// What it holds.
    pub kind: Kind,
    /// Where it lies.
    pub path: &'a std::path::Path,
    /// What its sender calls it.
    pub file_name: &'a str,
    /// Only check.
    pub dry_run: bool,
    /// Who sends it.
    pub by: &'a str,
}

/// What came of an upload.
#[derive(Debug)]
pub struct Loaded {
    /// The import, by which its page shows it.
    pub id: Option<Uuid>,
    /// Whether any row was rejected; then nothing was stored.
    pub rejected: bool,
}

/// Loads a file, all of it or nothing.
///
/// # Errors
/// `Invalid` at `file` where it cannot be read or lacks columns; whatever the database says.
pub async fn load(app: &App, upload: &Upload<'_>) -> Result<Loaded> {
    let refused =
        |problem: String| Error::from(FormState::new().error("file", Message::plain(problem)));
    let table = Table::open(upload.path).map_err(|error| refused(error.to_string()))?;
    let mut rejected = RejectedRows::new(Vec::new(), table.header())?;
    let options = Options {
        dry_run: upload.dry_run,
        keep_good: false,
        now: app.clock.millis(),
        by: upload.by.to_owned(),
        file_name: upload.file_name.to_owned(),
    };
    let ran = load::run(
        &app.db,
        upload.kind,
        table,
        &options,
        &mut rejected,
        &mut |_| {},
    )
    .await;
    let report = match ran {
        Ok(report) => report,
        Err(LoadError::Database(error)) => return Err(error),
        Err(LoadError::Rejected(error)) => return Err(error.into()),
        Err(error @ (LoadError::Table(_) | LoadError::Header(_))) => {
            return Err(refused(error.to_string()));
        }
    };
    let rows = String::from_utf8_lossy(&rejected.finish()?).into_owned();
    let tx = app.db.begin_system("import").await?;
    let stored = tx
        .one::<import::Entity>(|rows| {
            rows.filter(import::Column::At.eq(options.now))
                .filter(import::Column::Kind.eq(upload.kind.name()))
                .filter(import::Column::FileName.eq(&options.file_name))
                .filter(import::Column::ByName.eq(&options.by))
                .order_by_desc(import::Column::Id)
        })
        .await?;
    let id = stored.map(|row| row.id);
    if let Some(id) = id
        && report.rejected > 0
    {
        tx.change::<import::Entity>(|update| {
            update
                .filter(import::Column::Id.eq(id))
                .col_expr(import::Column::RejectedRows, rows.into())
        })
        .await?;
    }
    tx.commit().await?;
    Ok(Loaded {
        id,
        rejected: report.rejected > 0,
    })
}

/// The page: the form, the import that just ran, and the list of all (`page`).
///
/// # Errors
/// Whatever the database says.
pub async fn page(
    tx: &Tx,
    mut query: Query,
    latest: Option<Uuid>,
    form: FormState,
) -> Result<ImportsPage> {
    let asked = query.remove("import").and_then(|id| id.parse().ok());
    let latest = match latest.or(asked) {
        Some(id) => {
            tx.one::<import::Entity>(|rows| rows.filter(import::Column::Id.eq(id)))
                .await?
        }
        None => None,
    };
    let total = tx.count::<import::Entity>(|rows| rows).await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let imports = tx
        .all::<import::Entity>(|rows| {
            rows.order_by_desc(import::Column::At)
                .order_by_desc(import::Column::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let chosen = form.values.get("kind").cloned().unwrap_or_default();
    let kinds = Kind::ALL
        .iter()
        .map(|kind| Choice::new(kind.name(), "", kind.name() == chosen));
    Ok(ImportsPage {
        kinds: kinds.collect(),
        latest: latest.map(row),
        rows: imports.into_iter().map(row).collect(),
        query,
        paging,
        form,
    })
}

/// The rejected rows of an import, as a file, with the name to save it by.
///
/// # Errors
/// `NotFound` where there are none.
pub async fn rejected(tx: &Tx, id: Uuid) -> Result<(String, String)> {
    let import = tx.get::<import::Entity>(id).await?;
    if import.rejected_rows.is_empty() {
        return Err(Error::NotFound);
    }
    Ok((
        format!("rejected-{}.csv", import.kind),
        import.rejected_rows,
    ))
}

fn row(import: import::Model) -> ImportRow {
    let state = if import.rejected > 0 && import.dry_run {
        "refused"
    } else {
        "done"
    };
    ImportRow {
        id: import.id.to_string(),
        at: import.at,
        by: import.by_name,
        kind: import.kind,
        file: import.file_name,
        dry_run: import.dry_run,
        state: state.to_owned(),
        read: import.inserted + import.changed + import.unchanged + import.rejected,
        created: import.inserted,
        updated: import.changed,
        unchanged: import.unchanged,
        rejected: import.rejected,
        problems: first_problems(&import.rejected_rows),
    }
}

fn first_problems(rejected_rows: &str) -> Vec<Message> {
    let mut rows = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(rejected_rows.as_bytes());
    rows.records()
        .filter_map(std::result::Result::ok)
        .take(SHOWN_PROBLEMS)
        .map(|row| {
            let cell = |at| row.get(at).unwrap_or_default().to_owned();
            Message::new("import-problem")
                .with("row", cell(0))
                .with("column", cell(1))
                .with("problem", cell(2))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::first_problems;
    use crate::web::shape::Message;

    #[test]
    fn the_page_shows_the_first_problems_of_the_file() {
        let rows = "row,column,problem,sku\n17,gtin,has 5 digits,A-1\n18,price,is no amount,B-2\n";
        let problems = first_problems(rows);
        assert_eq!(problems.len(), 2);
        assert_eq!(
            problems[0],
            Message::new("import-problem")
                .with("row", "17")
                .with("column", "gtin")
                .with("problem", "has 5 digits")
        );
        assert_eq!(first_problems(""), []);
    }
}
