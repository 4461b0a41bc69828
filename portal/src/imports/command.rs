//! `kontor import`: a file from the command line, with a progress bar where somebody watches.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};

use super::load::{self, Kind, Options, Outcome, Report};
use super::online_retail::Wholesaler;
use super::rejected::RejectedRows;
use super::table::Table;
use crate::db::Db;

/// The converter's word, beside the kinds of files of one's own.
const ONLINE_RETAIL: &str = "online-retail";

/// What stands behind `kontor import`.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// products, prices, accounts, contacts, stock, orders, contracts, open-items, freight; or online-retail
    kind: String,
    /// CSV or XLSX, gzip accepted
    file: PathBuf,
    /// Do everything but keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Keep the good rows although others are rejected
    #[arg(long)]
    keep_good: bool,
    /// Where rejected rows go, as CSV [default: FILE.rejected.csv in the working directory]
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
}

/// Runs the command. `now` in UTC milliseconds.
///
/// # Errors
/// A file that cannot be read, or whose rejected rows kept it out.
pub async fn import(db: &Db, arguments: Arguments, now: i64) -> anyhow::Result<()> {
    if arguments.kind == ONLINE_RETAIL {
        return online_retail(db, &arguments, now).await;
    }
    let kind: Kind = arguments.kind.parse()?;
    let table = Table::open(&arguments.file)?;
    let (path, out) = rejected_file(&arguments)?;
    let mut rejected = RejectedRows::new(out, table.header())?;
    let file_name = arguments
        .file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let options = Options {
        dry_run: arguments.dry_run,
        keep_good: arguments.keep_good,
        now,
        by: "command line".to_owned(),
        file_name: file_name.unwrap_or_default(),
    };
    let bar = bar("rows");
    let report = load::run(db, kind, table, &options, &mut rejected, &mut |rows| {
        bar.set_position(rows);
    })
    .await;
    bar.finish_and_clear();
    rejected.finish()?;
    let report = report?;
    tell(&report);
    keep_or_remove(&path, report.rejected);
    if report.rejected > 0 && !report.stored && !arguments.dry_run {
        anyhow::bail!(
            "rows rejected: {}. Nothing was stored; see {}, or use --keep-good",
            report.rejected,
            path.display()
        );
    }
    Ok(())
}

/// What stands behind `kontor export`.
#[derive(Clone, Debug, clap::Args)]
pub struct ExportArguments {
    /// products, prices, accounts, contacts, stock, orders, contracts, open-items, freight
    kind: String,
}

/// Writes everything of a kind to standard output as CSV.
///
/// # Errors
/// A word that is no kind; an output that is closed.
pub async fn export(db: &Db, arguments: ExportArguments) -> anyhow::Result<()> {
    let kind: Kind = arguments.kind.parse()?;
    let tx = db.read_system("export").await?;
    super::export::export(&tx, kind, BufWriter::new(std::io::stdout())).await?;
    Ok(())
}

fn tell(report: &Report) {
    println!(
        "{}: {} rows read, {} inserted, {} changed, {} unchanged, {} rejected{}",
        report.kind.name(),
        report.read,
        report.inserted,
        report.changed,
        report.unchanged,
        report.rejected,
        if report.stored {
            ""
        } else {
            "; nothing was stored"
        }
    );
    if !report.ignored_columns.is_empty() {
        println!("columns left alone: {}", report.ignored_columns.join(", "));
    }
}

async fn online_retail(db: &Db, arguments: &Arguments, now: i64) -> anyhow::Result<()> {
    let table = Table::open(&arguments.file)?;
    let (path, out) = rejected_file(arguments)?;
    let mut rejected = RejectedRows::new(out, table.header())?;
    let reading = bar("rows read");
    let wholesaler = Wholesaler::read(table, &mut rejected, |rows| reading.set_position(rows));
    reading.finish_and_clear();
    rejected.finish()?;
    let wholesaler = wholesaler?;
    let tally = wholesaler.tally;
    println!(
        "{} rows: {} order lines, {} credit note lines, {} rejected ({} without customer, {} \
         services, {} without price, {} with a quantity that does not fit, {} unreadable; see {})",
        tally.rows,
        tally.order_lines,
        tally.credit_lines,
        tally.rejected(),
        tally.no_customer,
        tally.service,
        tally.no_price,
        tally.negative,
        tally.unreadable,
        path.display()
    );
    keep_or_remove(&path, tally.rejected());
    if arguments.dry_run {
        return Ok(());
    }
    let storing = bar("invoices stored");
    let mut progress = |count| storing.set_position(count);
    let stored = load::online_retail::store(db, &wholesaler, now, &mut progress).await;
    storing.finish_and_clear();
    let stored = stored?;
    let say = |what: &str, outcome: &Outcome| {
        println!(
            "{what}: {} inserted, {} changed, {} unchanged",
            outcome.inserted, outcome.changed, outcome.unchanged
        );
    };
    say("products", &stored.products);
    say("accounts", &stored.accounts);
    say("prices", &stored.prices);
    say("invoices and credit notes", &stored.documents);
    Ok(())
}

/// Where rejected rows go: the file's folder may be somebody else's, so the working directory.
fn rejected_file(arguments: &Arguments) -> anyhow::Result<(PathBuf, Box<dyn Write>)> {
    let path = arguments.rejected.clone().unwrap_or_else(|| {
        let mut name = arguments.file.file_name().unwrap_or_default().to_owned();
        name.push(".rejected.csv");
        PathBuf::from(name)
    });
    let file = File::create(&path)
        .map_err(|error| anyhow::anyhow!("cannot write {}: {error}", path.display()))?;
    Ok((path, Box::new(BufWriter::new(file))))
}

/// A list of nothing is no file. That it cannot be removed is no reason to fail.
fn keep_or_remove(path: &std::path::Path, rejected: u64) {
    if rejected == 0 {
        let _ = std::fs::remove_file(path);
    }
}

/// A counter on the terminal; silent where there is none.
pub(crate) fn bar(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} {msg} [{elapsed}]") {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}
