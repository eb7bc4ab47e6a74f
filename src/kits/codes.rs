//! A kit's codes besides its own: printed in advance and put on a kit later, a second label, or replaced by another.
//!
//! A code on a kit stays that kit's for ever. A kit goes by one of its codes, `kits.code`; the others lead to it, and a
//! replaced one says which code took its place.

use crate::kits::actions::{free_code, live_kit};
use crate::kits::code::Code;
use crate::kits::store::Kit;
use crate::kits::views::{CodeView, KitView};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, FieldError};
use crate::platform::events::{self, By};
use crate::platform::ids::{KitId, OrganisationId, PersonId};
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{kit_codes, kits};
use diesel::prelude::*;
use serde_json::json;

/// The most codes drawn at once.
pub const MOST_BLANKS: i32 = 500;

/// A code besides the one that a kit goes by.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = kit_codes)]
pub struct KitCode {
    /// The code.
    pub code: Code,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// The kit that it is on; on none yet without one.
    pub kit_id: Option<KitId>,
    /// When it was drawn, or given up by its kit.
    pub added_at: Instant,
    /// Who did.
    pub added_by: Option<PersonId>,
    /// When it came on its kit.
    pub bound_at: Option<Instant>,
    /// When another took its place.
    pub retired_at: Option<Instant>,
}

/// What a code leads to.
#[derive(Debug, Clone)]
pub enum Lead {
    /// A kit.
    Kit(Kit),
    /// Nothing yet: it was printed in advance.
    Blank(OrganisationId),
    /// A kit that goes by another code now.
    Replaced(Kit),
}

impl Lead {
    /// Whose code it is.
    pub fn organisation(&self) -> OrganisationId {
        match self {
            Self::Kit(kit) | Self::Replaced(kit) => kit.organisation_id,
            Self::Blank(organisation) => *organisation,
        }
    }

    /// The kit.
    ///
    /// # Errors
    /// `code.blank` for a code that is on no kit yet, `code.replaced` with `code_now` that took its place.
    pub fn kit(self, code: &Code) -> Result<Kit, Error> {
        match self {
            Self::Kit(kit) => Ok(kit),
            Self::Blank(_) => Err(Error::refused("code.blank").arg("code", code.to_string())),
            Self::Replaced(kit) => {
                let (old, new) = (code.to_string(), kit.code.to_string());
                Err(Error::refused("code.replaced").arg("code", old).arg("new", new).with("code_now", kit.code))
            }
        }
    }
}

/// What a code leads to, in any organisation. None when nobody has it.
///
/// # Errors
/// When the database fails.
pub fn lead(conn: &mut Conn, code: &Code) -> Result<Option<Lead>, Error> {
    if let Some(kit) = kits::table.filter(kits::code.eq(code)).get_result(conn).optional()? {
        return Ok(Some(Lead::Kit(kit)));
    }
    let Some(other) = find(conn, code)? else { return Ok(None) };
    let Some(kit) = other.kit_id else { return Ok(Some(Lead::Blank(other.organisation_id))) };
    let kit: Kit = kits::table.find(kit).get_result(conn)?;
    Ok(Some(if other.retired_at.is_some() { Lead::Replaced(kit) } else { Lead::Kit(kit) }))
}

/// Draws codes to be printed now and put on kits later.
///
/// # Errors
/// `field.range` on the field `count`, 1 to 500.
pub fn draw(tx: &mut Tx<'_>, by: By, count: i32) -> Result<Vec<Code>, Error> {
    if !(1..=MOST_BLANKS).contains(&count) {
        return Err(FieldError::new("count", "field.range").arg("least", 1).arg("most", MOST_BLANKS).into());
    }
    let mut drawn = Vec::new();
    for _ in 0..count {
        let code = free_code(tx)?;
        insert(tx, by, code, None)?;
        drawn.push(code);
    }
    events::append(tx, by, by.organisation, "organisation.codes_drawn", json!({ "to": { "count": count } }))?;
    Ok(drawn)
}

/// Puts a code that was printed in advance on a kit. `own` for the only label that the kit has: it goes by that code then.
///
/// # Errors
/// `kit.unknown_code` and `kit.retired` for the kit, `code.unknown` and `code.taken` for the code.
pub fn bind(tx: &mut Tx<'_>, by: By, code: &Code, kit: &Code, own: bool) -> Result<KitView, Error> {
    let (kit_type, mut kit) = live_kit(tx, by, kit)?;
    match lead(tx, code)?.filter(|lead| lead.organisation() == by.organisation) {
        Some(Lead::Blank(_)) => (),
        Some(_) => return Err(Error::refused("code.taken").arg("code", code.to_string())),
        None => return Err(Error::not_found("code.unknown").arg("code", code.to_string())),
    }
    diesel::update(kit_codes::table.find(code))
        .set((kit_codes::kit_id.eq(kit.id), kit_codes::bound_at.eq(by.now)))
        .execute(&mut **tx)?;
    if own {
        go_by(tx, by, &mut kit, *code)?;
    }
    events::append(tx, by, kit.id, "kit.code_added", json!({ "to": { "code": code } }))?;
    Ok(KitView::new(kit, kit_type.name))
}

/// Ends a code of a kit: whoever scans it is told which took its place. When it is the one that the kit goes by, the kit
/// takes another: its newest further code, or a new one.
///
/// # Errors
/// `kit.unknown_code`, `kit.retired`, `code.blank`, `code.replaced`.
pub fn replace(tx: &mut Tx<'_>, by: By, code: &Code) -> Result<KitView, Error> {
    let (kit_type, mut kit) = live_kit(tx, by, code)?;
    if kit.code == *code {
        let further: Option<Code> = kit_codes::table
            .filter(kit_codes::kit_id.eq(kit.id).and(kit_codes::retired_at.is_null()).and(kit_codes::code.ne(code)))
            .order(kit_codes::bound_at.desc())
            .select(kit_codes::code)
            .first(&mut **tx)
            .optional()?;
        let new = match further {
            Some(further) => further,
            None => {
                let new = free_code(tx)?;
                insert(tx, by, new, Some(kit.id))?;
                new
            }
        };
        go_by(tx, by, &mut kit, new)?;
    }
    diesel::update(kit_codes::table.find(code)).set(kit_codes::retired_at.eq(by.now)).execute(&mut **tx)?;
    let change = json!({ "from": { "code": code }, "to": { "code": kit.code } });
    events::append(tx, by, kit.id, "kit.code_replaced", change)?;
    Ok(KitView::new(kit, kit_type.name))
}

/// The kit goes by another of its codes from now on. The one before stays its own.
fn go_by(tx: &mut Tx<'_>, by: By, kit: &mut Kit, code: Code) -> Result<(), Error> {
    if find(tx, &kit.code)?.is_none() {
        insert(tx, by, kit.code, Some(kit.id))?;
    }
    (kit.code, kit.version) = (code, kit.version + 1);
    diesel::update(kits::table.find(kit.id))
        .set((kits::code.eq(kit.code), kits::version.eq(kit.version)))
        .execute(&mut **tx)?;
    Ok(())
}

fn insert(tx: &mut Tx<'_>, by: By, code: Code, kit: Option<KitId>) -> Result<(), Error> {
    let row = KitCode {
        code,
        organisation_id: by.organisation,
        kit_id: kit,
        added_at: by.now,
        added_by: by.person,
        bound_at: kit.map(|_| by.now),
        retired_at: None,
    };
    diesel::insert_into(kit_codes::table).values(&row).execute(&mut **tx)?;
    Ok(())
}

fn find(conn: &mut Conn, code: &Code) -> Result<Option<KitCode>, Error> {
    Ok(kit_codes::table.find(code).get_result(conn).optional()?)
}

/// The codes of an organisation that are on no kit yet.
///
/// # Errors
/// When the database fails.
pub fn blanks(conn: &mut Conn, organisation: OrganisationId, paging: &Paging) -> Result<Listing<CodeView>, Error> {
    let mut query = kit_codes::table
        .filter(kit_codes::organisation_id.eq(organisation).and(kit_codes::kit_id.is_null()))
        .into_boxed();
    if let Some(after) = paging.after::<Code>()? {
        query = query.filter(kit_codes::code.gt(after));
    }
    let rows: Vec<KitCode> = query.order(kit_codes::code.asc()).limit(paging.rows()).load(conn)?;
    Ok(Listing::cut(rows, paging, |row| row.code).map(CodeView::from))
}

/// How many codes of an organisation are on no kit yet.
///
/// # Errors
/// When the database fails.
pub fn count_blanks(conn: &mut Conn, organisation: OrganisationId) -> Result<i64, Error> {
    let blank = kit_codes::organisation_id.eq(organisation).and(kit_codes::kit_id.is_null());
    Ok(kit_codes::table.filter(blank).count().get_result(conn)?)
}

/// The codes of an organisation that are on no kit yet, oldest first, so many at most.
///
/// # Errors
/// When the database fails.
pub fn unused(conn: &mut Conn, organisation: OrganisationId, most: i64) -> Result<Vec<Code>, Error> {
    let blank = kit_codes::organisation_id.eq(organisation).and(kit_codes::kit_id.is_null());
    let oldest_first = (kit_codes::added_at.asc(), kit_codes::code.asc());
    Ok(kit_codes::table.filter(blank).order(oldest_first).select(kit_codes::code).limit(most).load(conn)?)
}

/// A kit's codes besides the one that it goes by, newest first.
///
/// # Errors
/// When the database fails.
pub fn further(conn: &mut Conn, kit: &Kit) -> Result<Vec<CodeView>, Error> {
    let rows: Vec<KitCode> = kit_codes::table
        .filter(kit_codes::kit_id.eq(kit.id).and(kit_codes::code.ne(kit.code)))
        .order(kit_codes::bound_at.desc())
        .load(conn)?;
    Ok(rows.into_iter().map(CodeView::from).collect())
}
