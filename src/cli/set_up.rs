//! Setting up without a browser: an organisation, its people, their tokens.

use super::{say, warn};
use crate::accounts::actions::{self, SavePerson};
use crate::accounts::rules::{self, Role};
use crate::accounts::{sign_in, store};
use crate::evaluations::actions::ensure_form;
use crate::labels::address;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::connection::Conn;
use crate::platform::db::{Db, Tx};
use crate::platform::error::Error;
use crate::platform::events::By;
use crate::platform::ids::UnitId;
use crate::schema::units;
use clap::{Args, Subcommand};
use diesel::prelude::*;

/// How long a printed link can be used, in hours.
const LINK_HOURS: i64 = 24;

#[derive(Debug, Clone, Args)]
pub struct Init {
    /// The organisation's name.
    #[arg(long)]
    organisation: String,
    /// The address of its first administrator.
    #[arg(long)]
    admin: String,
}

#[derive(Debug, Clone, Subcommand)]
pub enum PersonCommand {
    /// Add a person; prints a sign-in link.
    Add(AddPerson),
}

#[derive(Debug, Clone, Args)]
pub struct AddPerson {
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// borrower, warehouse, developer or admin; may be given several times.
    #[arg(long, required = true)]
    role: Vec<Role>,
    /// The unit a borrower borrows for, by name; may be given several times.
    #[arg(long)]
    unit: Vec<String>,
    /// The organisation, by name, when there are several.
    #[arg(long)]
    organisation: Option<String>,
}

#[derive(Debug, Clone, Subcommand)]
pub enum TokenCommand {
    /// Make an API token; prints it alone, once.
    Create(CreateToken),
}

#[derive(Debug, Clone, Args)]
pub struct CreateToken {
    #[arg(long)]
    email: String,
    /// What the token is for.
    #[arg(long, default_value = "API")]
    name: String,
    /// The organisation, by name, when the person has accounts in several.
    #[arg(long)]
    organisation: Option<String>,
}

/// Adds an organisation with its first administrator.
pub async fn init(db: Db, config: Config, args: Init) -> Result<(), Error> {
    let now = Clock::system().now();
    let address_advice = address::wrong(&config.label_url).map(|_| {
        format!(
            "Labels would carry {} for years, so none are printed yet. Set DIGILADOR_LABEL_URL to an https address whose \
             name will last.",
            config.label_url
        )
    });
    let link = db
        .write(move |tx| {
            let organisation = actions::add_organisation(tx, &args.organisation, now)?;
            ensure_form(tx, organisation.id, now)?;
            let by = By { organisation: organisation.id, person: None, now };
            let email = rules::email("admin", &args.admin).map_err(|wrong| Error::invalid_fields(vec![wrong]))?;
            let name = email.split('@').next().unwrap_or_default().to_owned();
            let roles = vec![Role::Admin];
            let person = SavePerson { name, email, language: None, roles, units: Vec::new() };
            let added = actions::add_person(tx, by, &person)?;
            sign_in::link(tx, added.id, &config.public_url, LINK_HOURS, now)
        })
        .await?;
    say(&link);
    if let Some(advice) = address_advice {
        warn(&advice);
    }
    Ok(())
}

/// Adds a person.
pub async fn person(db: Db, config: Config, command: PersonCommand) -> Result<(), Error> {
    let PersonCommand::Add(args) = command;
    let now = Clock::system().now();
    let link = db
        .write(move |tx| {
            let organisation = the_organisation(tx, args.organisation.as_deref())?;
            let by = By { organisation: organisation.id, person: None, now };
            let person = SavePerson {
                name: args.name.clone(),
                email: args.email.clone(),
                language: None,
                roles: args.role.clone(),
                units: units_by_name(tx, &organisation, &args.unit)?,
            };
            let added = actions::add_person(tx, by, &person)?;
            sign_in::link(tx, added.id, &config.public_url, LINK_HOURS, now)
        })
        .await?;
    say(&link);
    Ok(())
}

/// Makes an API token.
pub async fn token(db: Db, _config: Config, command: TokenCommand) -> Result<(), Error> {
    let TokenCommand::Create(args) = command;
    let now = Clock::system().now();
    let token = db
        .write(move |tx| {
            let email = rules::email("email", &args.email).map_err(|wrong| Error::invalid_fields(vec![wrong]))?;
            let mut people = store::people_with_email(tx, &email)?;
            if let Some(name) = &args.organisation {
                let organisation = the_organisation(tx, Some(name))?;
                people.retain(|person| person.organisation_id == organisation.id);
            }
            if people.len() > 1 {
                return Err(Error::refused("organisation.which"));
            }
            let person = people.first().ok_or_else(|| Error::not_found("person.not_found"))?;
            let by = By { organisation: person.organisation_id, person: None, now };
            actions::create_token(tx, by, person.id, &args.name)
        })
        .await?;
    say(&token.token.unwrap_or_default());
    Ok(())
}

/// The organisation of this name, or the only one.
///
/// # Errors
/// `organisation.not_found`, or `organisation.which` when there are several and none is named.
pub fn the_organisation(tx: &mut Conn, name: Option<&str>) -> Result<store::Organisation, Error> {
    let mut organisations = store::organisations(tx)?;
    match name {
        Some(name) => organisations.retain(|organisation| organisation.name == name),
        None if organisations.len() > 1 => return Err(Error::refused("organisation.which")),
        None => (),
    }
    organisations.pop().ok_or_else(|| Error::not_found("organisation.not_found"))
}

fn units_by_name(tx: &mut Tx<'_>, organisation: &store::Organisation, names: &[String]) -> Result<Vec<UnitId>, Error> {
    let found: Vec<UnitId> = units::table
        .filter(units::organisation_id.eq(organisation.id).and(units::name.eq_any(names)))
        .select(units::id)
        .load(&mut **tx)?;
    if found.len() == names.len() { Ok(found) } else { Err(Error::invalid("unit", "unit.not_found")) }
}
