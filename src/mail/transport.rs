//! How a mail leaves: by SMTP, or, where no mail server is set, as a file that an administrator can read.

use crate::mail::outbox::MailRow;
use crate::platform::config::Config;
use crate::platform::error::Fault;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::response::Category;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::path::PathBuf;

/// Connections to the mail server at the same time.
const CONNECTIONS: u32 = 4;

/// Where mails go.
pub struct Transport {
    from: Mailbox,
    way: Way,
}

enum Way {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Files(PathBuf),
}

/// A mail that did not leave.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct NotSent {
    /// What the mail server, or the disk, said.
    pub why: String,
    /// Another try would end the same way.
    pub for_good: bool,
}

impl NotSent {
    fn for_good(why: impl ToString) -> Self {
        Self { why: why.to_string(), for_good: true }
    }

    fn for_now(why: impl ToString) -> Self {
        Self { why: why.to_string(), for_good: false }
    }
}

impl Transport {
    /// The way that the settings name.
    ///
    /// # Errors
    /// When the address of the mail server cannot be read.
    pub fn new(config: &Config) -> Result<Self, Fault> {
        let from = config.mail_from.parse().map_err(Fault::from_error)?;
        let way = match &config.smtp_url {
            Some(url) => {
                let pool = lettre::transport::smtp::PoolConfig::new().max_size(CONNECTIONS);
                let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url.0)
                    .map_err(|_| Fault::new("DIGILADOR_SMTP_URL must look like smtps://user:password@mail.example"))?;
                Way::Smtp(Box::new(smtp.pool_config(pool).build()))
            }
            None => Way::Files(config.data_dir.join("mail")),
        };
        Ok(Self { from, way })
    }

    /// Sends a mail. Its Message-ID is the row's id, so that a mail sent twice after a crash is seen as one.
    ///
    /// # Errors
    /// When the mail server, or the disk, does not take it.
    pub async fn send(&self, mail: &MailRow) -> Result<(), NotSent> {
        let host = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(mail.recipient.parse().map_err(NotSent::for_good)?)
            .message_id(Some(format!("<{}@{host}>", mail.id)))
            .date(mail.created_at.utc().into())
            .subject(&mail.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(NotSent::for_good)?;
        match &self.way {
            Way::Smtp(smtp) => match smtp.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => Err(NotSent { for_good: is_about_this_mail(&error), why: error.to_string() }),
            },
            Way::Files(folder) => {
                let path = folder.join(format!("{}.eml", mail.id));
                let folder = folder.clone();
                actix_web::web::block(move || {
                    std::fs::create_dir_all(folder)?;
                    std::fs::write(path, message.formatted())
                })
                .await
                .map_err(NotSent::for_now)?
                .map_err(NotSent::for_now)
            }
        }
    }
}

/// True when the mail server will never take this mail. What it says about the connection or about who we are (5xy where
/// x is no 5, such as a wrong password) holds for all mails, and ends when somebody mends it.
fn is_about_this_mail(error: &lettre::transport::smtp::Error) -> bool {
    error.is_permanent() && error.status().is_some_and(|code| code.category == Category::MailSystem)
}
