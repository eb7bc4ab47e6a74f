//! What is done with pictures. The history of a kit type tells of its pictures, too.

use crate::accounts::rules::name;
use crate::kits::actions::live_kit_type;
use crate::kits::pictures::encode::Encoded;
use crate::kits::pictures::store::{self, Picture};
use crate::kits::pictures::views::PictureView;
use crate::kits::store as kits;
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::ids::{ContentLineId, KitTypeId, PictureId};
use serde::Deserialize;
use serde_json::json;

/// The most pictures of one kit type as a whole; of each part there is one.
pub const MOST_PICTURES: usize = 8;

/// What a new picture shows.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Shows {
    /// What can be seen, in words: for those who do not see it.
    #[serde(default)]
    #[param(required = true, min_length = 1, max_length = 120)]
    pub alt: String,
    /// The line of the contents list that it is a picture of. Without it, it shows the kit.
    #[serde(default)]
    pub content_line_id: Option<ContentLineId>,
}

/// What is changed of a picture.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavePicture {
    /// What can be seen, in words: for those who do not see it.
    #[schema(min_length = 1, max_length = 120)]
    pub alt: String,
    /// Its new place among the type's pictures, from 0; the first one stands in lists.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub position: Option<usize>,
    /// The line of the contents list that it is a picture of. Without it, it shows the kit.
    #[serde(default)]
    pub content_line_id: Option<ContentLineId>,
}

/// Adds a picture after the others of a kit type.
///
/// # Errors
/// `kit_type.not_found`, `kit_type.retired`, `picture.too_many`, `picture.part_has_one`, `request.invalid` (the words, the
/// line).
pub fn add(
    tx: &mut Tx<'_>,
    by: By,
    kit_type: KitTypeId,
    shows: &Shows,
    encoded: &Encoded,
) -> Result<PictureView, Error> {
    live_kit_type(tx, by, kit_type)?;
    let alt = name("alt", &shows.alt)?;
    let others = store::of_types(tx, &[kit_type])?;
    check_part(tx, kit_type, shows.content_line_id, &others)?;
    let pixels = |edge: u32| i32::try_from(edge).unwrap_or(i32::MAX);
    let picture = Picture {
        id: PictureId::new(),
        organisation_id: by.organisation,
        kit_type_id: kit_type,
        content_line_id: shows.content_line_id,
        position: others.last().map_or(0, |last| last.position + 1),
        alt,
        width: pixels(encoded.width),
        height: pixels(encoded.height),
        created_at: by.now,
    };
    store::insert(tx, &picture, encoded)?;
    let change =
        json!({ "to": { "picture": picture.id, "alt": picture.alt, "content_line": picture.content_line_id } });
    events::append(tx, by, kit_type, "kit_type.picture_added", change)?;
    Ok(picture.into())
}

/// Changes what a picture is said to show, and its place.
///
/// # Errors
/// `picture.not_found`, `kit_type.retired`, `picture.too_many`, `picture.part_has_one`, `request.invalid` (the words, the
/// line).
pub fn change(tx: &mut Tx<'_>, by: By, id: PictureId, save: &SavePicture) -> Result<PictureView, Error> {
    let (old, mut pictures) = with_others(tx, by, id)?;
    let alt = name("alt", &save.alt)?;
    let from = pictures.iter().position(|other| other.id == id).unwrap_or(0);
    let to = save.position.unwrap_or(from).min(pictures.len().saturating_sub(1));
    let mut picture = pictures.remove(from);
    if save.content_line_id != old.content_line_id {
        check_part(tx, old.kit_type_id, save.content_line_id, &pictures)?;
    }
    picture.alt.clone_from(&alt);
    picture.content_line_id = save.content_line_id;
    pictures.insert(to, picture.clone());
    store::save_order(tx, &pictures)?;
    let change = json!({
        "from": { "picture": id, "alt": old.alt, "position": from, "content_line": old.content_line_id },
        "to": { "picture": id, "alt": alt, "position": to, "content_line": save.content_line_id },
    });
    events::append(tx, by, old.kit_type_id, "kit_type.picture_changed", change)?;
    Ok(picture.into())
}

/// Removes a picture.
///
/// # Errors
/// `picture.not_found`, `kit_type.retired`.
pub fn remove(tx: &mut Tx<'_>, by: By, id: PictureId) -> Result<(), Error> {
    let (old, mut pictures) = with_others(tx, by, id)?;
    store::delete(tx, id)?;
    pictures.retain(|other| other.id != id);
    store::save_order(tx, &pictures)?;
    let change = json!({ "from": { "picture": id, "alt": old.alt } });
    events::append(tx, by, old.kit_type_id, "kit_type.picture_removed", change)
}

/// Checks that a picture may show that part, or the whole kit, beside the `others`.
fn check_part(
    tx: &mut Tx<'_>,
    kit_type: KitTypeId,
    part: Option<ContentLineId>,
    others: &[Picture],
) -> Result<(), Error> {
    let same = others.iter().filter(|other| other.content_line_id == part).count();
    let Some(part) = part else {
        let full = same >= MOST_PICTURES;
        return if full { Err(Error::refused("picture.too_many").arg("most", MOST_PICTURES)) } else { Ok(()) };
    };
    if !kits::contents(tx, kit_type)?.iter().any(|line| line.id == Some(part)) {
        return Err(Error::invalid("content_line_id", "picture.no_such_line"));
    }
    if same > 0 { Err(Error::refused("picture.part_has_one")) } else { Ok(()) }
}

/// A picture, and all of its kit type in their order.
fn with_others(tx: &mut Tx<'_>, by: By, id: PictureId) -> Result<(Picture, Vec<Picture>), Error> {
    let picture = store::find(tx, by.organisation, id)?.ok_or_else(|| Error::not_found("picture.not_found"))?;
    live_kit_type(tx, by, picture.kit_type_id)?;
    let pictures = store::of_types(tx, &[picture.kit_type_id])?;
    Ok((picture, pictures))
}
