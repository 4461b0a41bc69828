//! `kontor`: serve | worker | migrate | seed | import | export | user | check | openapi.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use portal::cli;
use portal::config::Config;

#[derive(Parser)]
#[command(name = "kontor", version, about = "Self-hosted B2B ordering portal")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Web server, with the job worker inside unless KONTOR_WORKER=off (the default).
    Serve,
    /// The job worker alone.
    Worker,
    /// Brings the schema up to date.
    Migrate,
    /// Reads the configuration, reaches every service, verifies the books.
    Check,
    /// Fills an empty database.
    Seed {
        #[command(subcommand)]
        what: Seed,
    },
    /// Loads a file: CSV or XLSX, gzip accepted; all or nothing unless --keep-good.
    Import(portal::imports::command::Arguments),
}

#[derive(Subcommand)]
enum Seed {
    /// The demo brand: deterministic, of any size.
    Demo(portal::seed::command::Arguments),
}

fn main() -> ExitCode {
    dotenvy::dotenv().ok();
    cli::start_logging();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = u8::from(error.use_stderr()) * 2;
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let config = match Config::from_environment() {
        Ok(config) => config,
        Err(error) => {
            eprintln!("kontor: {error}");
            return ExitCode::from(2);
        }
    };
    let done = actix_web::rt::System::new().block_on(async {
        match arguments.command.unwrap_or(Command::Serve) {
            Command::Serve => cli::serve(config).await,
            Command::Worker => cli::worker(config).await,
            Command::Migrate => cli::migrate(config).await,
            Command::Check => cli::check(config).await,
            Command::Seed {
                what: Seed::Demo(arguments),
            } => cli::seed(config, arguments).await,
            Command::Import(arguments) => cli::import(config, arguments).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kontor: {error:#}");
            ExitCode::from(1)
        }
    }
}
