//! Rows of pictures, and of their files.

use crate::kits::pictures::encode::{Encoded, Size};
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::Error;
use crate::platform::ids::{ContentLineId, KitTypeId, OrganisationId, PictureId};
use crate::schema::{picture_files, pictures};
use diesel::prelude::*;

/// A picture, without its files.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = pictures)]
pub struct Picture {
    /// The picture.
    pub id: PictureId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// What it shows.
    pub kit_type_id: KitTypeId,
    /// The part of it that it shows, if it is not the whole.
    pub content_line_id: Option<ContentLineId>,
    /// Its place among those of the type, from 0.
    pub position: i32,
    /// What can be seen, in words.
    pub alt: String,
    /// The width of the large one, in pixels.
    pub width: i32,
    /// The height of the large one, in pixels.
    pub height: i32,
    /// When it was added.
    pub created_at: Instant,
}

fn edge(size: Size) -> i32 {
    i32::try_from(size.edge()).unwrap_or(i32::MAX)
}

/// Adds a picture with its files.
///
/// # Errors
/// When the database fails.
pub fn insert(tx: &mut Tx<'_>, picture: &Picture, encoded: &Encoded) -> Result<(), Error> {
    diesel::insert_into(pictures::table).values(picture).execute(&mut **tx)?;
    for (size, file) in Size::ALL.into_iter().zip(&encoded.files) {
        diesel::insert_into(picture_files::table)
            .values((
                picture_files::picture_id.eq(picture.id),
                picture_files::edge.eq(edge(size)),
                picture_files::file.eq(file),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Removes a picture with its files.
///
/// # Errors
/// When the database fails.
pub fn delete(tx: &mut Tx<'_>, id: PictureId) -> Result<(), Error> {
    diesel::delete(picture_files::table.filter(picture_files::picture_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(pictures::table.find(id)).execute(&mut **tx)?;
    Ok(())
}

/// The pictures of some kit types, each type's in their order.
///
/// # Errors
/// When the database fails.
pub fn of_types(conn: &mut Conn, kit_types: &[KitTypeId]) -> Result<Vec<Picture>, Error> {
    Ok(pictures::table
        .filter(pictures::kit_type_id.eq_any(kit_types))
        .order((pictures::kit_type_id.asc(), pictures::position.asc(), pictures::id.asc()))
        .load(conn)?)
}

/// A picture of an organisation.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, organisation: OrganisationId, id: PictureId) -> Result<Option<Picture>, Error> {
    Ok(pictures::table
        .filter(pictures::id.eq(id).and(pictures::organisation_id.eq(organisation)))
        .get_result(conn)
        .optional()?)
}

/// The file of a picture of an organisation, in a size.
///
/// # Errors
/// When the database fails.
pub fn file(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: PictureId,
    size: Size,
) -> Result<Option<Vec<u8>>, Error> {
    Ok(picture_files::table
        .inner_join(pictures::table)
        .filter(pictures::id.eq(id).and(pictures::organisation_id.eq(organisation)))
        .filter(picture_files::edge.eq(edge(size)))
        .select(picture_files::file)
        .get_result(conn)
        .optional()?)
}

/// Writes what a picture shows, in words too, and the order of its type's pictures.
///
/// # Errors
/// When the database fails.
pub fn save_order(tx: &mut Tx<'_>, pictures: &[Picture]) -> Result<(), Error> {
    for (position, picture) in (0..).zip(pictures) {
        diesel::update(pictures::table.find(picture.id))
            .set((
                pictures::position.eq::<i32>(position),
                pictures::alt.eq(&picture.alt),
                pictures::content_line_id.eq(picture.content_line_id),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}
