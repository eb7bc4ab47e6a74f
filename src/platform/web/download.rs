//! Files to keep. A long one is made while it is sent: only a part of it is in memory, and it waits for a slow reader.

use crate::platform::error::Error;
use crate::platform::jobs;
use crate::platform::tables::FileFormat;
use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Deserialize;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// How many parts are made ahead of the reader.
const AHEAD: usize = 1;

/// What a file is wanted as.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsFile {
    /// What the file is written as; `csv` unless said.
    #[param(inline)]
    pub format: Option<FileFormat>,
}

impl AsFile {
    /// What the file is written as.
    pub fn format(self) -> FileFormat {
        self.format.unwrap_or(FileFormat::Csv)
    }
}

/// A file that is made part by part.
pub trait Parts {
    /// The next part; none after the last one.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Error>>;
}

fn attachment(name: &str, format: FileFormat) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(format.media_type())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{format}\"")));
    answer
}

/// Sends a file that is made already.
pub fn whole(name: &str, format: FileFormat, file: Vec<u8>) -> HttpResponse {
    attachment(name, format).body(file)
}

/// Sends a file while it is made. When making it fails the connection is broken off, so that nobody takes a part for the
/// whole.
///
/// # Errors
/// What is wrong with the first part is told as an answer.
pub async fn parts(name: &str, format: FileFormat, mut file: impl Parts + 'static) -> Result<HttpResponse, Error> {
    let first = file.next().await?.unwrap_or_default();
    let (sender, receiver) = mpsc::channel(AHEAD);
    actix_web::rt::spawn(async move {
        let mut part = Ok(Some(first));
        loop {
            let made = match part {
                Ok(Some(made)) => Ok(Bytes::from(made)),
                Ok(None) => return,
                Err(error) => {
                    jobs::log(&error, "download");
                    Err(std::io::Error::other("the file could not be made to its end"))
                }
            };
            // Nobody reads any more, or it has failed.
            let ends = made.is_err();
            if sender.send(made).await.is_err() || ends {
                return;
            }
            part = file.next().await;
        }
    });
    Ok(attachment(name, format).body(Body(receiver)))
}

/// The parts as they are made.
struct Body(mpsc::Receiver<Result<Bytes, std::io::Error>>);

impl MessageBody for Body {
    type Error = std::io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.0.poll_recv(context)
    }
}
