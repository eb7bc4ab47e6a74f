//! The command line.

mod check;
mod copy;
mod import;
mod labels;
mod serve;
mod set_up;

use crate::evaluations::search::index;
use crate::platform::config::{Config, Overrides};
use crate::platform::db::{Db, migrate};
use crate::platform::error::{Error, Fault};
use crate::platform::text::{Lang, Texts};
use clap::{Args, Parser, Subcommand};
use std::future::Future;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(name = "digilador", version, about = "Lending of digilådor", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Args, Default)]
struct ServeArgs {
    /// Fill the database with an invented municipality; no mail leaves.
    #[arg(long)]
    demo: bool,
    /// Address to listen on, as in 127.0.0.1:8080.
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// The database: sqlite://path or postgres://user:password@host/database.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve people and programs; what happens without a command, too.
    Serve(ServeArgs),
    /// First set-up without the browser; prints a sign-in link.
    Init(set_up::Init),
    /// People who have an account.
    #[command(subcommand)]
    Person(set_up::PersonCommand),
    /// Tokens for the API.
    #[command(subcommand)]
    Token(set_up::TokenCommand),
    /// Read kits, units or people from a file: all of it, or nothing.
    Import(import::ImportFile),
    /// Write labels to a PDF file.
    Labels(labels::PrintLabels),
    /// Bring the database up to this version of the program.
    Migrate,
    /// Test over the whole database what must always hold; exit code 1 when something is broken.
    Check,
    /// Write a backup, a SQLite file, while the program may go on.
    Backup(copy::BackupFile),
    /// Bring a backup back into the database, which must be empty.
    Restore(copy::BackupFile),
    /// Move a whole installation to another database.
    Copy(copy::Copy),
    /// Print the API's OpenAPI document.
    Openapi,
}

/// Reads the command line and does what it says. The exit code is 0 when it was done, 1 when not.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        None => serve::serve(&cli.serve),
        Some(Command::Serve(args)) => serve::serve(&args),
        Some(Command::Init(args)) => {
            made().and_then(|config| with_database(config, |db, config| set_up::init(db, config, args)))
        }
        Some(Command::Person(command)) => {
            existing().and_then(|config| with_database(config, |db, config| set_up::person(db, config, command)))
        }
        Some(Command::Token(command)) => {
            existing().and_then(|config| with_database(config, |db, config| set_up::token(db, config, command)))
        }
        Some(Command::Import(args)) => {
            existing().and_then(|config| with_database(config, |db, config| import::import(db, config, args)))
        }
        Some(Command::Labels(args)) => {
            existing().and_then(|config| with_database(config, |db, config| labels::labels(db, config, args)))
        }
        Some(Command::Migrate) => made().and_then(|config| with_database(config, migrated)),
        Some(Command::Check) => existing().and_then(|config| with_database(config, check::check)),
        Some(Command::Backup(args)) => existing().and_then(|config| copy::backup(&config, &args)),
        Some(Command::Restore(args)) => made().and_then(|config| copy::restore(&config, &args)),
        Some(Command::Copy(args)) => copy::copy(&args),
        Some(Command::Openapi) => openapi(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", told(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error in words, for a terminal.
fn told(error: &Error) -> String {
    let t = Texts::new(Lang::En);
    match error {
        Error::Problem(problem) if problem.fields.is_empty() => t.problem(problem),
        Error::Problem(problem) => {
            let lines: Vec<String> =
                problem.fields.iter().map(|field| format!("{}: {}", field.field, t.field(field))).collect();
            lines.join("\n")
        }
        Error::Fault(fault) => fault.chain(),
    }
}

fn settings(args: &ServeArgs) -> Result<Config, Error> {
    let overrides = Overrides { listen: args.listen.clone(), database: args.database.clone(), demo: args.demo };
    Config::load(&overrides).map_err(|error| Fault::new(error.to_string()).into())
}

/// The settings, their database made or brought up to date if need be.
fn made() -> Result<Config, Error> {
    let config = settings(&ServeArgs::default())?;
    migrate::run(&config.database)?;
    Ok(config)
}

/// The settings, their database there and up to date.
fn existing() -> Result<Config, Error> {
    let config = settings(&ServeArgs::default())?;
    migrate::require_current(&config.database)?;
    Ok(config)
}

/// Runs a command that needs the database open.
fn with_database<F, Done>(config: Config, command: F) -> Result<(), Error>
where
    F: FnOnce(Db, Config) -> Done,
    Done: Future<Output = Result<(), Error>>,
{
    let db = Db::open(&config.database, 2)?;
    actix_web::rt::System::new().block_on(command(db, config))
}

/// What is to be done in a database besides its migrations.
async fn migrated(db: Db, _config: Config) -> Result<(), Error> {
    let added = db.write(index::add_missing).await?;
    say(&format!("The database is up to date; {added} evaluations were added to the search."));
    Ok(())
}

fn openapi() -> Result<(), Error> {
    let document = crate::api::document().to_pretty_json().map_err(Fault::from_error)?;
    say(&document);
    Ok(())
}

/// Prints a line of result. What the log says goes to stderr.
#[expect(clippy::print_stdout, reason = "results of commands belong on stdout")]
fn say(line: &str) {
    println!("{line}");
}

/// Tells what to think of, beside the result.
fn warn(line: &str) {
    eprintln!("{line}");
}
