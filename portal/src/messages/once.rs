//! What is done once for something at its time, such as a reminder: whoever writes its row in
//! `schedule_runs` does it, as with recurring work. Rows are kept for two days after that time.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, QueryFilter};

use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::schedule_run;
use crate::error::Result;

/// What, and its time.
pub type Mark = (String, i64);

/// Those of `marks` that are taken.
///
/// # Errors
/// Whatever the database says.
pub async fn taken(tx: &Tx, marks: &[Mark]) -> Result<HashSet<Mark>> {
    let mut found = HashSet::new();
    for chunk in marks.chunks(1_000) {
        let names: Vec<&str> = chunk.iter().map(|(name, _)| name.as_str()).collect();
        let names = padded(&names);
        let rows = tx
            .all::<schedule_run::Entity>(|rows| {
                rows.filter(schedule_run::Column::Task.is_in(names))
            })
            .await?;
        found.extend(rows.into_iter().map(|row| (row.task, row.due_at)));
    }
    Ok(found)
}

/// Takes one; says whether it was free. With the transaction it is given back.
///
/// # Errors
/// Whatever the database says.
pub async fn take(tx: &Tx, now: i64, (name, at): &Mark) -> Result<bool> {
    let taken = tx
        .execute(
            "INSERT INTO schedule_runs (task, due_at, taken_at) VALUES ($1, $2, $3) \
             ON CONFLICT (task, due_at) DO NOTHING",
            [name.as_str().into(), (*at).into(), now.into()],
        )
        .await?;
    Ok(taken == 1)
}
