//! Speaking to a printer over IPP (RFC 8011): what it can, handing it a page, and how far it has come.

use crate::platform::tls;
use ::ipp::operation::IppOperation;
use ::ipp::parser::IppParser;
use ::ipp::prelude::{
    DelimiterTag, IppAttribute, IppOperationBuilder, IppPayload, IppRequestResponse, IppValue, StatusCode, Uri,
};
use ::ipp::reader::IppReader;
use std::io::{Cursor, Read};
use std::time::Duration;

/// The port that `ipp` and `ipps` mean unless another is told.
const PORT: u16 = 631;
/// What we send.
const PDF: &str = "application/pdf";
/// How long a printer may take to answer at all, and to take a file.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(60);
/// The most of an answer that is read, in bytes.
const LONGEST_ANSWER: usize = 1_000_000;

/// Why a printer did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IppError {
    /// Nobody answers at the address.
    #[error("the printer does not answer: {0}")]
    Unreachable(String),
    /// It answers, and says no.
    #[error("the printer refused: {0}")]
    Refused(String),
    /// It cannot print what we send.
    #[error("the printer takes no PDF")]
    NoPdf,
    /// It answers what no printer says.
    #[error("the answer is none of a printer's: {0}")]
    NotAPrinter(String),
}

/// How far a job has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The printer has it, and is not done.
    Going,
    /// The printer waits for somebody; its reasons.
    Stopped(String),
    /// It lies in the tray.
    Done,
    /// The printer gave up; its reasons.
    Failed(String),
}

/// A printer at an address, as `ipp://printer.example/ipp/print`.
pub struct Printer {
    client: reqwest::Client,
    uri: Uri,
    url: String,
}

impl Printer {
    /// # Errors
    /// When the address is none of a printer's, or no client can be made.
    pub fn new(address: &str) -> Result<Self, IppError> {
        let unreadable = || IppError::NotAPrinter(address.to_owned());
        let url = web_address(address).ok_or_else(unreadable)?;
        let fault = |error: String| IppError::Unreachable(error);
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tls_backend_preconfigured(tls::client(None).map_err(|error| fault(error.to_string()))?)
            .build()
            .map_err(|error| fault(error.to_string()))?;
        Ok(Self { client, uri: address.parse().map_err(|_| unreadable())?, url })
    }

    /// Hands over a file; gives the printer's number for the job. `name` tells the job apart from others.
    ///
    /// # Errors
    /// When the printer cannot be reached, or does not take it.
    pub async fn print(&self, name: &str, pdf: Vec<u8>, media: &str) -> Result<i32, IppError> {
        let formats = self.formats().await?;
        if !formats.is_empty() && !formats.iter().any(|format| format == PDF) {
            return Err(IppError::NoPdf);
        }
        let keyword = |name: &'static str, value: &str| {
            let value = IppValue::new_keyword(value).map_err(not_a_printer)?;
            IppAttribute::with_name(name, value).map_err(not_a_printer)
        };
        let operation = IppOperationBuilder::print_job(self.uri.clone(), IppPayload::new(Cursor::new(pdf)))
            .user_name("Digilador")
            .job_title(name)
            .document_format(PDF)
            // True to size: a label that is fitted to the page misses its place.
            .attribute(keyword("print-scaling", "none")?)
            .attribute(keyword("media", media)?)
            .build()
            .map_err(not_a_printer)?;
        let answer = self.ask(operation).await?;
        let job = answer.attributes().first_of(DelimiterTag::JobAttributes);
        let id = job.and_then(|job| job.get("job-id")).and_then(|id| number(id.value()));
        id.ok_or_else(|| IppError::NotAPrinter("no job-id".to_owned()))
    }

    /// The number of the job of that name, when the printer has it: an answer that was lost is not asked for twice.
    ///
    /// # Errors
    /// When the printer cannot be reached.
    pub async fn find(&self, name: &str) -> Result<Option<i32>, IppError> {
        for which in ["not-completed", "completed"] {
            let operation = IppOperationBuilder::get_jobs(self.uri.clone()).build().map_err(not_a_printer)?;
            let mut request = operation.into_ipp_request();
            let mut ask = |name: &'static str, value: IppValue| -> Result<(), IppError> {
                let attribute = IppAttribute::with_name(name, value).map_err(not_a_printer)?;
                request.attributes_mut().add(DelimiterTag::OperationAttributes, attribute);
                Ok(())
            };
            ask("which-jobs", IppValue::new_keyword(which).map_err(not_a_printer)?)?;
            let wanted = ["job-id", "job-name"].map(|name| IppValue::new_keyword(name).map_err(not_a_printer));
            ask("requested-attributes", IppValue::Array(wanted.into_iter().collect::<Result<_, _>>()?))?;
            let answer = self.send(request).await?;
            for job in answer.attributes().groups_of(DelimiterTag::JobAttributes) {
                let is = job.get("job-name").is_some_and(|found| found.value().to_string() == name);
                if let Some(id) = job.get("job-id").and_then(|id| number(id.value())).filter(|_| is) {
                    return Ok(Some(id));
                }
            }
        }
        Ok(None)
    }

    /// How far a job has come. A job that the printer has forgotten is done: printers forget what they have printed.
    ///
    /// # Errors
    /// When the printer cannot be reached.
    pub async fn progress(&self, id: i32) -> Result<Progress, IppError> {
        let operation = IppOperationBuilder::get_job_attributes(self.uri.clone(), id).build().map_err(not_a_printer)?;
        let answer = match self.ask(operation).await {
            Err(IppError::Refused(status)) if status == format!("{:?}", StatusCode::ClientErrorNotFound) => {
                return Ok(Progress::Done);
            }
            other => other?,
        };
        let job = answer.attributes().first_of(DelimiterTag::JobAttributes);
        let value = |name: &str| job.and_then(|job| job.get(name)).map(IppAttribute::value);
        let reasons = || value("job-state-reasons").map(ToString::to_string).unwrap_or_default();
        // RFC 8011 §5.3.7.
        Ok(match value("job-state").and_then(number) {
            Some(9) => Progress::Done,
            Some(7 | 8) => Progress::Failed(reasons()),
            Some(4 | 6) => Progress::Stopped(reasons()),
            _ => Progress::Going,
        })
    }

    /// Calls a job off. That the printer has it no more is no error.
    ///
    /// # Errors
    /// When the printer cannot be reached.
    pub async fn cancel(&self, id: i32) -> Result<(), IppError> {
        let operation = IppOperationBuilder::cancel_job(self.uri.clone(), id).build().map_err(not_a_printer)?;
        match self.ask(operation).await {
            Ok(_) | Err(IppError::Refused(_)) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// What the printer prints; empty when it does not say.
    async fn formats(&self) -> Result<Vec<String>, IppError> {
        let operation = IppOperationBuilder::get_printer_attributes(self.uri.clone())
            .attribute("document-format-supported")
            .build()
            .map_err(not_a_printer)?;
        let answer = self.ask(operation).await?;
        let printer = answer.attributes().first_of(DelimiterTag::PrinterAttributes);
        Ok(match printer.and_then(|printer| printer.get("document-format-supported")).map(IppAttribute::value) {
            Some(IppValue::Array(formats)) => formats.iter().map(ToString::to_string).collect(),
            Some(format) => vec![format.to_string()],
            None => Vec::new(),
        })
    }

    async fn ask(&self, operation: impl IppOperation) -> Result<IppRequestResponse, IppError> {
        self.send(operation.into_ipp_request()).await
    }

    async fn send(&self, request: IppRequestResponse) -> Result<IppRequestResponse, IppError> {
        let mut body = Vec::new();
        request.into_read().read_to_end(&mut body).map_err(not_a_printer)?;
        let unreachable = |error: reqwest::Error| IppError::Unreachable(chain(&error));
        let sent = self.client.post(&self.url).header("content-type", "application/ipp").body(body).send();
        let mut answer = sent.await.map_err(unreachable)?;
        if !answer.status().is_success() {
            return Err(IppError::NotAPrinter(answer.status().to_string()));
        }
        let mut bytes = Vec::new();
        while let Some(more) = answer.chunk().await.map_err(unreachable)? {
            bytes.extend_from_slice(&more);
            if bytes.len() > LONGEST_ANSWER {
                return Err(IppError::NotAPrinter("a long answer".to_owned()));
            }
        }
        let answer = IppParser::new(IppReader::new(Cursor::new(bytes))).parse().map_err(not_a_printer)?;
        match answer.header().status_code() {
            status if status.is_success() => Ok(answer),
            status => Err(IppError::Refused(format!("{status:?}"))),
        }
    }
}

fn not_a_printer(error: impl std::fmt::Display) -> IppError {
    IppError::NotAPrinter(error.to_string())
}

fn number(value: &IppValue) -> Option<i32> {
    match value {
        IppValue::Integer(number) | IppValue::Enum(number) => Some(*number),
        _ => None,
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    std::iter::once(error).chain(causes).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Where a printer is asked: IPP travels over HTTP. None for what is no printer's address.
pub fn web_address(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let plain = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if !plain(host) || host.contains(['@', '?', '#']) || path.contains(char::is_whitespace) {
        return None;
    }
    let scheme = match scheme {
        "ipp" => "http",
        "ipps" => "https",
        _ => return None,
    };
    let name = host.rsplit_once(']').map_or(host, |(_, port)| port);
    let host = if name.contains(':') { host.to_owned() } else { format!("{host}:{PORT}") };
    Some(format!("{scheme}://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::web_address;

    #[test]
    fn printers_are_asked_over_http() {
        let asked = |address| web_address(address);
        assert_eq!(asked("ipp://skrivare.example/ipp/print").as_deref(), Some("http://skrivare.example:631/ipp/print"));
        assert_eq!(asked("ipps://skrivare.example:443/").as_deref(), Some("https://skrivare.example:443/"));
        assert_eq!(asked("ipp://[::1]:8631/ipp").as_deref(), Some("http://[::1]:8631/ipp"));
        assert_eq!(asked("ipp://[::1]/ipp").as_deref(), Some("http://[::1]:631/ipp"));
        for none in
            ["", "skrivare", "http://skrivare/", "ipp://", "ipp:///x", "ipp://a b/", "ipp://me:pw@x/", "file:///x"]
        {
            assert_eq!(asked(none), None, "{none}");
        }
    }
}
