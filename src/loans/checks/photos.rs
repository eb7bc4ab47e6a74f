//! Photos of what differs from the contents list: seen by those who work for the lender, and by the unit that reported it.

use crate::accounts::session::Person;
use crate::kits::pictures::encode::Encoded;
use crate::loans::actions::Context;
use crate::loans::checks::rules::Occasion;
use crate::loans::checks::store::{self, Deviation};
use crate::loans::store as loans;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::events;
use crate::platform::ids::{DeviationId, PhotoId};
use crate::schema::deviation_photos;
use diesel::prelude::*;
use serde_json::json;

/// The most photos of one deviation.
pub const MOST_PHOTOS: i64 = 4;

/// Where a photo is shown.
pub fn address(id: PhotoId) -> String {
    format!("/foton/{id}.jpg")
}

/// A deviation that this person may see.
///
/// # Errors
/// `deviation.not_found`, also when it is for others.
pub fn visible(conn: &mut Conn, who: &Person, id: DeviationId) -> Result<Deviation, Error> {
    let not_found = || Error::not_found("deviation.not_found");
    let organisation = who.organisation_id();
    let deviation = store::find(conn, organisation, id)?.ok_or_else(not_found)?;
    if who.is_staff() {
        return Ok(deviation);
    }
    let check = store::find_check(conn, organisation, deviation.check_id)?.ok_or_else(not_found)?;
    let theirs = matches!(check.occasion, Occasion::Arrival | Occasion::BeforeReturn);
    let loan = match check.loan_id.filter(|_| theirs) {
        Some(loan) => loans::find(conn, organisation, loan)?,
        None => None,
    };
    loan.filter(|loan| who.acts_for(loan.unit_id)).map(|_| deviation).ok_or_else(not_found)
}

/// Adds a photo of a deviation.
///
/// # Errors
/// `deviation.not_found`, `deviation.too_many_photos`.
pub fn add(
    tx: &mut Tx<'_>,
    context: &Context,
    who: &Person,
    id: DeviationId,
    encoded: &Encoded,
) -> Result<PhotoId, Error> {
    let deviation = visible(tx, who, id)?;
    let there: i64 =
        deviation_photos::table.filter(deviation_photos::deviation_id.eq(id)).count().get_result(&mut **tx)?;
    if there >= MOST_PHOTOS {
        return Err(Error::refused("deviation.too_many_photos").arg("most", MOST_PHOTOS));
    }
    let pixels = |edge: u32| i32::try_from(edge).unwrap_or(i32::MAX);
    let photo = PhotoId::new();
    let [_, file] = &encoded.files;
    diesel::insert_into(deviation_photos::table)
        .values((
            deviation_photos::id.eq(photo),
            deviation_photos::organisation_id.eq(context.organisation.id),
            deviation_photos::deviation_id.eq(id),
            deviation_photos::width.eq(pixels(encoded.width)),
            deviation_photos::height.eq(pixels(encoded.height)),
            deviation_photos::file.eq(file),
            deviation_photos::added_by.eq(context.by.person),
            deviation_photos::added_at.eq(context.by.now),
        ))
        .execute(&mut **tx)?;
    let change = json!({ "to": { "deviation": id, "photo": photo } });
    events::append(tx, context.by, deviation.kit_id, "kit.photo_added", change)?;
    Ok(photo)
}

/// A photo's file, for somebody who may see it.
///
/// # Errors
/// `deviation.not_found`, also when it is for others.
pub fn file(conn: &mut Conn, who: &Person, id: PhotoId) -> Result<Vec<u8>, Error> {
    let row: Option<(DeviationId, Vec<u8>)> = deviation_photos::table
        .filter(deviation_photos::id.eq(id).and(deviation_photos::organisation_id.eq(who.organisation_id())))
        .select((deviation_photos::deviation_id, deviation_photos::file))
        .get_result(conn)
        .optional()?;
    let (deviation, file) = row.ok_or_else(|| Error::not_found("deviation.not_found"))?;
    visible(conn, who, deviation)?;
    Ok(file)
}

/// The photos of some deviations, in the order in which they were added.
///
/// # Errors
/// When the database fails.
pub fn of(conn: &mut Conn, deviations: &[DeviationId]) -> Result<Vec<(DeviationId, PhotoId)>, Error> {
    Ok(deviation_photos::table
        .filter(deviation_photos::deviation_id.eq_any(deviations))
        .order(deviation_photos::id.asc())
        .select((deviation_photos::deviation_id, deviation_photos::id))
        .load(conn)?)
}
