//! Pictures as the API tells them, and as templates read them.

use crate::kits::pictures::encode::Size;
use crate::kits::pictures::store::Picture;
use crate::platform::ids::{ContentLineId, PictureId};
use serde::Serialize;

/// A picture of a kit type.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PictureView {
    /// The picture.
    pub id: PictureId,
    /// The part of the contents list that it shows; none if it shows the kit.
    pub content_line_id: Option<ContentLineId>,
    /// What can be seen, in words.
    pub alt: String,
    /// The width of the large one, in pixels.
    pub width: i32,
    /// The height of the large one, in pixels.
    pub height: i32,
    /// The address of the small one, for lists: a JPEG with no edge longer than 480 pixels.
    pub small: String,
    /// The address of the large one: a JPEG with no edge longer than 1,200 pixels.
    pub large: String,
}

impl From<Picture> for PictureView {
    fn from(picture: Picture) -> Self {
        // A picture's file is never changed, so the address by its id may be kept for ever.
        let address = |size: Size| format!("/bilder/{}/{}.jpg", picture.id, size.edge());
        Self {
            small: address(Size::Small),
            large: address(Size::Large),
            id: picture.id,
            content_line_id: picture.content_line_id,
            alt: picture.alt,
            width: picture.width,
            height: picture.height,
        }
    }
}
