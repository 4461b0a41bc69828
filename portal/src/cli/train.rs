//! `kontor train`: learns from every order what accounts will order next, and says how well.

use std::fmt::Write as _;
use std::time::Duration;

use crate::app;
use crate::config::Config;
use crate::jobs::training::{self, ByHand};
use crate::suggestions::store::Head;
use crate::suggestions::train::Stage;

/// Runs the command.
///
/// # Errors
/// There are no orders, somebody else trains, or the database.
pub async fn train(config: Config) -> anyhow::Result<()> {
    let db = app::open(&config).await?;
    let app = super::build(config, db).await?;
    let bar = crate::imports::command::bar("orders read");
    let mut tell = |stage| match stage {
        Stage::Reading(orders) => bar.set_position(orders),
        Stage::Learning => {
            bar.set_message("orders read; learning from them");
            bar.enable_steady_tick(Duration::from_millis(200));
        }
    };
    let trained = training::by_hand(&app, &mut tell).await;
    bar.finish_and_clear();
    match trained? {
        ByHand::Trained(model) => print!("{}", told(&model)),
        ByHand::Busy => anyhow::bail!(
            "a training goes on already: its result will stand under /admin/recommender"
        ),
        ByHand::Nothing => anyhow::bail!(
            "there is nothing to learn from: no order counts yet; `kontor import orders FILE` \
             brings history"
        ),
    }
    Ok(())
}

/// What was learned, a line a fact.
fn told(model: &Head) -> String {
    let report = &model.report;
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "  {name:<10} {value}");
    };
    line("accounts", report.accounts.to_string());
    line("items", report.items.to_string());
    line("orders", report.orders.to_string());
    line("lines", report.lines.to_string());
    line("recall@10", quality(model));
    line("snapshot", size(model.bytes));
    if model.peak_kib > 0 {
        line(
            "memory",
            format!("{} at most", size(model.peak_kib * 1_024)),
        );
    }
    let seconds = Duration::from_millis(model.train_millis.unsigned_abs()).as_secs_f64();
    format!("the recommender is trained, in {seconds:.1} s\n{text}")
}

fn quality(model: &Head) -> String {
    let report = &model.report;
    if report.examples == 0 {
        return "not measured: too few orders to hold any out".to_owned();
    }
    format!(
        "{:.3}, beside {:.3} of what each account orders most often, on {} orders held out",
        report.recall_at_10, report.baseline_recall_at_10, report.examples
    )
}

fn size(bytes: i64) -> String {
    const MIB: i64 = 1_024 * 1_024;
    // One decimal.
    let tenths = bytes * 10 / MIB;
    if tenths == 0 {
        return format!("{} KiB", bytes / 1_024);
    }
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use recommender::model::Report;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_was_learned_reads_line_by_line() {
        let model = Head {
            id: Uuid::nil(),
            trained_at: 0,
            orders_until: 0,
            format: 1,
            checksum: String::new(),
            changes: 0,
            report: Report {
                accounts: 60,
                items: 320,
                orders: 6_123,
                lines: 61_230,
                examples: 58,
                recall_at_10: 0.2311,
                baseline_recall_at_10: 0.1874,
            },
            train_millis: 12_340,
            peak_kib: 146_432,
            bytes: 1_310_720,
        };
        assert_eq!(
            told(&model),
            "the recommender is trained, in 12.3 s\n\
             \x20 accounts   60\n\
             \x20 items      320\n\
             \x20 orders     6123\n\
             \x20 lines      61230\n\
             \x20 recall@10  0.231, beside 0.187 of what each account orders most often, on 58 orders held out\n\
             \x20 snapshot   1.2 MiB\n\
             \x20 memory     143.0 MiB at most\n"
        );
        let few = Head {
            report: Report::default(),
            ..model
        };
        assert!(told(&few).contains("not measured: too few orders"));
    }
}
