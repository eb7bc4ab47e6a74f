//! Rows of kit types, their contents lists, and kits.

use crate::kits::code::Code;
use crate::kits::rules::{self, ContentKind, ContentLine, PowerSource, Screen, ServiceKind};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{ContentLineId, KitId, KitTypeId, OrganisationId};
use crate::schema::{content_lines, kit_codes, kit_types, kits, pictures};
use diesel::dsl::exists;
use diesel::prelude::*;

/// A kit type, without its contents list.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = kit_types)]
pub struct KitType {
    /// The kit type.
    pub id: KitTypeId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// What it is, and what children do with it.
    pub description: String,
    /// How to get started, one step a line.
    pub get_started: String,
    /// Youngest age, in years.
    pub age_from: Option<i32>,
    /// Oldest age, in years.
    pub age_to: Option<i32>,
    /// How much it is used in front of a screen.
    pub screen: Screen,
    /// Batteries and charging, in words.
    pub power: String,
    /// What its parts run on.
    pub power_source: PowerSource,
    /// The longest loan, in days, first and last day included.
    pub loan_days: i32,
    /// Days that a kit needs between two loans.
    pub turnaround_days: i32,
    /// What is done each time a kit comes back.
    pub service_after_loan: Option<ServiceKind>,
    /// What is done every so many days.
    pub service_every: Option<ServiceKind>,
    /// Every how many days.
    pub service_every_days: Option<i32>,
    /// Counts the changes.
    pub version: i32,
    /// When it was added.
    pub created_at: Instant,
    /// When it was taken out of the catalogue.
    pub retired_at: Option<Instant>,
}

/// A kit.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = kits)]
pub struct Kit {
    /// The kit.
    pub id: KitId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// What kind it is.
    pub kit_type_id: KitTypeId,
    /// What stands on its label, for ever.
    pub code: Code,
    /// Which of its kind it is: A, B, …
    pub copy: String,
    /// Where it stands; empty when not said.
    pub shelf: String,
    /// Counts the changes.
    pub version: i32,
    /// When it was added.
    pub created_at: Instant,
    /// When it was taken out of use.
    pub retired_at: Option<Instant>,
    /// When it was noted as lost, if that is why it is out of use.
    pub lost_at: Option<Instant>,
}

/// A kit type of an organisation, also a retired one.
///
/// # Errors
/// When the database fails.
pub fn find_kit_type(conn: &mut Conn, organisation: OrganisationId, id: KitTypeId) -> Result<Option<KitType>, Error> {
    Ok(kit_types::table
        .filter(kit_types::id.eq(id).and(kit_types::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// Makes every other write that claims, adds or retires kits of this type wait until the transaction ends. On PostgreSQL
/// two inserts that race against the exclusion constraint could block each other; on SQLite there is one writer anyway.
///
/// # Errors
/// When the database fails.
pub fn lock_kit_type(tx: &mut Tx<'_>, id: KitTypeId) -> Result<(), Error> {
    if let Conn::Pg(pg) = &mut **tx {
        kit_types::table.find(id).select(kit_types::version).for_update().get_result::<i32>(pg).optional()?;
    }
    Ok(())
}

/// The columns of a line of a contents list.
pub type LineColumns =
    (content_lines::id, content_lines::name, content_lines::quantity, content_lines::kind, content_lines::price);
/// What is read of a line of a contents list.
pub const LINE_COLUMNS: LineColumns =
    (content_lines::id, content_lines::name, content_lines::quantity, content_lines::kind, content_lines::price);
/// The columns of a line as they come out.
pub type LineRow = (ContentLineId, String, i32, ContentKind, Option<i32>);

/// A line as it is read.
pub fn line((id, name, quantity, kind, price): LineRow) -> ContentLine {
    ContentLine { id: Some(id), name, quantity, kind, price }
}

/// The contents list of a kit type.
///
/// # Errors
/// When the database fails.
pub fn contents(conn: &mut Conn, kit_type: KitTypeId) -> Result<Vec<ContentLine>, Error> {
    let lines: Vec<LineRow> = content_lines::table
        .filter(content_lines::kit_type_id.eq(kit_type).and(content_lines::position.is_not_null()))
        .order(content_lines::position.asc())
        .select(LINE_COLUMNS)
        .load(conn)?;
    Ok(lines.into_iter().map(line).collect())
}

/// Puts a contents list in the place of the one that was there: the list as it is now. Lines keep their ids, and those
/// taken off the list stay as rows without a place, since deviations may be about them.
///
/// # Errors
/// When the database fails.
pub fn save_contents(tx: &mut Tx<'_>, kit_type: KitTypeId, lines: &[ContentLine]) -> Result<Vec<ContentLine>, Error> {
    let of_type = || content_lines::table.filter(content_lines::kit_type_id.eq(kit_type));
    let known: Vec<(ContentLineId, String)> =
        of_type().order(content_lines::id.asc()).select((content_lines::id, content_lines::name)).load(&mut **tx)?;
    diesel::update(of_type()).set(content_lines::position.eq(None::<i32>)).execute(&mut **tx)?;
    let mut saved = Vec::new();
    for ((position, line), same) in (0..).zip(lines).zip(rules::same_lines(&known, lines)) {
        let id = same.unwrap_or_else(ContentLineId::new);
        let values = (
            content_lines::position.eq::<Option<i32>>(Some(position)),
            content_lines::name.eq(&line.name),
            content_lines::quantity.eq(line.quantity),
            content_lines::kind.eq(line.kind),
            content_lines::price.eq(line.price),
        );
        if same.is_some() {
            diesel::update(content_lines::table.find(id)).set(values).execute(&mut **tx)?;
        } else {
            let new = (content_lines::id.eq(id), content_lines::kit_type_id.eq(kit_type), values);
            diesel::insert_into(content_lines::table).values(new).execute(&mut **tx)?;
        }
        saved.push(ContentLine { id: Some(id), ..line.clone() });
    }
    // A picture of a part that is no longer on the list is one of the kit.
    let kept: Vec<Option<ContentLineId>> = saved.iter().map(|line| line.id).collect();
    diesel::update(pictures::table.filter(pictures::kit_type_id.eq(kit_type)))
        .filter(pictures::content_line_id.is_not_null().and(diesel::dsl::not(pictures::content_line_id.eq_any(kept))))
        .set(pictures::content_line_id.eq(None::<ContentLineId>))
        .execute(&mut **tx)?;
    Ok(saved)
}

/// True when the code is some kit's, or was printed for one, in any organisation: it will never be given to another.
///
/// # Errors
/// When the database fails.
pub fn code_is_taken(conn: &mut Conn, code: &Code) -> Result<bool, Error> {
    let on_a_kit = diesel::select(exists(kits::table.filter(kits::code.eq(code)))).get_result::<bool>(conn)?;
    Ok(on_a_kit || diesel::select(exists(kit_codes::table.find(code))).get_result::<bool>(conn)?)
}

/// The kits of a type that are not retired, in the order in which they were added.
///
/// # Errors
/// When the database fails.
pub fn kits_of_type(conn: &mut Conn, kit_type: KitTypeId) -> Result<Vec<Kit>, Error> {
    Ok(kits::table
        .filter(kits::kit_type_id.eq(kit_type).and(kits::retired_at.is_null()))
        .order(kits::id.asc())
        .load(conn)?)
}
