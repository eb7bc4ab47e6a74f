//! Forms that carry files.

use crate::platform::error::{Error, Kind};
use actix_multipart::MultipartError;
use actix_multipart::form::MultipartFormConfig;
use actix_web::error::PayloadError;

/// What a form holds besides its files, in bytes.
const OTHER_FIELDS: usize = 4096;

/// A form that takes files, which are so long together; `too_large` is told of longer ones.
pub fn limits(files: usize, too_large: &'static str) -> MultipartFormConfig {
    let largest = files + OTHER_FIELDS;
    let form = MultipartFormConfig::default().total_limit(largest).memory_limit(largest);
    form.error_handler(move |error, _| match error {
        MultipartError::Payload(PayloadError::Overflow) => Error::new(Kind::TooLarge, too_large).into(),
        _ => Error::new(Kind::Malformed, "request.malformed_form").into(),
    })
}
