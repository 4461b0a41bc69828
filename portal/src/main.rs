//! `kontor`: serve | worker | migrate | seed | import | export | train | brand | user | key | mail |
//! check | openapi.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use portal::cli;
use portal::config::Config;
use portal::db::words::Role;

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
    /// The first admin, or help for one who is locked out.
    User {
        #[command(subcommand)]
        action: User,
    },
    /// Who runs this Kontor: name, address, currency, time zone, VAT rates.
    Brand(cli::brand::Arguments),
    /// API keys for other programs.
    Key {
        #[command(subcommand)]
        action: Key,
    },
    /// Reads the configuration, reaches every service, verifies the books.
    Check,
    /// Fills an empty database.
    Seed {
        #[command(subcommand)]
        what: Seed,
    },
    /// Loads a file: CSV or XLSX, gzip accepted; all or nothing unless --keep-good.
    Import(portal::imports::command::Arguments),
    /// Learns from every order what accounts will order next, and stores the model.
    Train,
    /// What has to do with mail.
    Mail {
        #[command(subcommand)]
        action: Mail,
    },
    /// Prints the description of the REST API (OpenAPI 3.1).
    Openapi,
    /// Writes what is stored to standard output, as the CSV that `import` reads.
    Export(portal::imports::command::ExportArguments),
}

#[derive(Subcommand)]
enum Key {
    /// Makes a key and prints it, the only time it is seen.
    Add {
        /// What it is for; stands in timelines as who placed an order.
        #[arg(long)]
        name: String,
        /// The account's number; none for the brand's own programs.
        #[arg(long)]
        account: Option<String>,
        /// A permission: orders:read, stock:write … May be repeated.
        #[arg(long = "may", required = true)]
        may: Vec<String>,
    },
    /// Shows every key by its first characters.
    List,
    /// Ends a key, from the next call on.
    Disable {
        /// Its first characters, as the list shows them.
        #[arg(long)]
        prefix: String,
    },
}

#[derive(Subcommand)]
enum Mail {
    /// Reads the mailbox that returned mail goes to: a mailbox file, a message, or a folder of them.
    Bounces {
        /// The file or folder.
        path: std::path::PathBuf,
    },
}

#[derive(Subcommand)]
enum Seed {
    /// The demo brand: deterministic, of any size.
    Demo(portal::seed::command::Arguments),
}

#[derive(Subcommand)]
enum User {
    /// Invites a person and prints the link with which they choose a password.
    Add {
        /// Their e-mail address.
        #[arg(long)]
        email: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// buyer, approver, account_admin, kam, marketing, finance, operations or admin.
        #[arg(long)]
        role: Role,
        /// The account's number, for a retailer's roles.
        #[arg(long)]
        account: Option<String>,
    },
    /// Shuts a person out, from the next request on.
    Disable {
        /// Their e-mail address.
        #[arg(long)]
        email: String,
    },
    /// Prints a link with which a person chooses a new password.
    Reset {
        /// Their e-mail address.
        #[arg(long)]
        email: String,
    },
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
    if let Some(Command::Openapi) = arguments.command {
        println!("{}", portal::api::docs::document());
        return ExitCode::SUCCESS;
    }
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
            Command::User { action } => match action {
                User::Add {
                    email,
                    name,
                    role,
                    account,
                } => {
                    let account = account.as_deref();
                    cli::users::add(config, &email, &name, role, account).await
                }
                User::Disable { email } => cli::users::disable(config, &email).await,
                User::Reset { email } => cli::users::reset(config, &email).await,
            },
            Command::Brand(arguments) => cli::brand::set(config, arguments).await,
            Command::Key { action } => match action {
                Key::Add { name, account, may } => {
                    cli::keys::add(config, &name, account.as_deref(), &may).await
                }
                Key::List => cli::keys::list(config).await,
                Key::Disable { prefix } => cli::keys::disable(config, &prefix).await,
            },
            Command::Check => cli::check(config).await,
            Command::Seed {
                what: Seed::Demo(arguments),
            } => cli::seed(config, arguments).await,
            Command::Import(arguments) => cli::import(config, arguments).await,
            Command::Mail {
                action: Mail::Bounces { path },
            } => cli::mail::bounces(config, path).await,
            Command::Train => cli::train::train(config).await,
            // Answered above: it needs neither settings nor a database.
            Command::Openapi => Ok(()),
            Command::Export(arguments) => cli::export(config, arguments).await,
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
