//! Speaking to a printer over IPP (RFC 8011): what it can, handing it a page, and how far it has come.

use crate::labels::media;
use crate::labels::printer_address::PrinterAddress;
use crate::labels::stock::Stock;
use crate::platform::tls;
use ::ipp::operation::IppOperation;
use ::ipp::parser::IppParser;
use ::ipp::prelude::{
    DelimiterTag, IppAttribute, IppOperationBuilder, IppPayload, IppRequestResponse, IppValue, StatusCode, Uri,
};
use ::ipp::reader::IppReader;
use std::io::{Cursor, Read};
use std::net::SocketAddr;
use std::time::Duration;
use url::Url;

/// What we send, and who we say we are: a printer shows and drops a job for whoever ordered it.
const PDF: &str = "application/pdf";
const USER: &str = "Digilador";
/// How long a printer may take to answer at all, to answer a question, and to take a file.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(10);
const TAKE: Duration = Duration::from_secs(60);
/// The most of an answer that is read, in bytes.
const LONGEST_ANSWER: usize = 1_000_000;

/// Why a printer did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IppError {
    /// Nobody answers at the address.
    #[error("the printer does not answer: {0}")]
    Unreachable(String),
    /// It answers, and says no for now.
    #[error("the printer is busy: {0}")]
    Busy(String),
    /// It answers, and says no.
    #[error("the printer refused: {0:?}")]
    Refused(StatusCode),
    /// It cannot print what we send.
    #[error("the printer takes no PDF")]
    NoPdf,
    /// It has no paper of that size.
    #[error("the printer has no such paper: {0}")]
    NoMedia(String),
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
    /// The printer gave up, or was told to; its reasons.
    Failed(String),
    /// The printer knows nothing of it, any more.
    Forgotten,
}

/// A printer at an address, as `ipp://printer.example/ipp/print`.
pub struct Printer {
    client: reqwest::Client,
    uri: Uri,
    url: Url,
}

impl Printer {
    /// Finds a printer. `own` is where this program listens itself.
    ///
    /// # Errors
    /// When the address is none of a printer's, or leads nowhere, or no client can be made.
    pub async fn find(address: &str, own: SocketAddr) -> Result<Self, IppError> {
        let unreadable = || IppError::NotAPrinter(address.to_owned());
        let address = PrinterAddress::read(address).ok_or_else(unreadable)?;
        let places = address.resolve(own).await.map_err(IppError::Unreachable)?;
        let fault = |error: String| IppError::Unreachable(error);
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .resolve_to_addrs(address.url.host_str().unwrap_or_default(), &places)
            .tls_backend_preconfigured(tls::client(None).map_err(|error| fault(error.to_string()))?)
            .build()
            .map_err(|error| fault(error.to_string()))?;
        Ok(Self { client, uri: address.uri.parse().map_err(|_| unreadable())?, url: address.url })
    }

    /// Hands over pages for a stock; gives the printer's number for the job. `name` tells the job apart from others.
    ///
    /// # Errors
    /// When the printer cannot be reached, or does not take it.
    pub async fn print(&self, name: &str, pdf: Vec<u8>, stock: &Stock) -> Result<i32, IppError> {
        let (formats, papers) = self.abilities().await?;
        if !formats.is_empty() && !formats.iter().any(|format| format == PDF) {
            return Err(IppError::NoPdf);
        }
        let media = media::name(stock, &papers).ok_or_else(|| IppError::NoMedia(stock.name.clone()))?;
        let keyword = |name: &'static str, value: &str| {
            let value = IppValue::new_keyword(value).map_err(not_a_printer)?;
            IppAttribute::with_name(name, value).map_err(not_a_printer)
        };
        let operation = IppOperationBuilder::print_job(self.uri.clone(), IppPayload::new(Cursor::new(pdf)))
            .job_title(name)
            .document_format(PDF)
            // True to size: a label that is fitted to the page misses its place.
            .attribute(keyword("print-scaling", "none")?)
            .attribute(keyword("media", &media)?)
            .build()
            .map_err(not_a_printer)?;
        let answer = self.send(operation.into_ipp_request(), TAKE).await?;
        let job = answer.attributes().first_of(DelimiterTag::JobAttributes);
        let id = job.and_then(|job| job.get("job-id")).and_then(|id| number(id.value()));
        id.ok_or_else(|| IppError::NotAPrinter("no job-id".to_owned()))
    }

    /// The number of the job of that name, when the printer has it or has printed it: what it took without our hearing
    /// of it is not sent twice. A job that it gave up does not count.
    ///
    /// # Errors
    /// When the printer cannot be reached.
    pub async fn job_named(&self, name: &str) -> Result<Option<i32>, IppError> {
        for which in ["not-completed", "completed"] {
            let operation = IppOperationBuilder::get_jobs(self.uri.clone()).build().map_err(not_a_printer)?;
            let mut request = operation.into_ipp_request();
            add(&mut request, "which-jobs", IppValue::new_keyword(which))?;
            let wanted: Result<Vec<_>, _> =
                ["job-id", "job-name", "job-state"].into_iter().map(IppValue::new_keyword).collect();
            add(&mut request, "requested-attributes", wanted.map(IppValue::Array))?;
            let answer = self.send(request, ANSWER).await?;
            for job in answer.attributes().groups_of(DelimiterTag::JobAttributes) {
                let is = job.get("job-name").is_some_and(|found| found.value().to_string() == name);
                let given_up = job.get("job-state").and_then(|state| number(state.value())).is_some_and(gave_up);
                let id = job.get("job-id").and_then(|id| number(id.value()));
                if let Some(id) = id.filter(|_| is && !given_up) {
                    return Ok(Some(id));
                }
            }
        }
        Ok(None)
    }

    /// How far a job has come.
    ///
    /// # Errors
    /// When the printer cannot be reached.
    pub async fn progress(&self, id: i32) -> Result<Progress, IppError> {
        let operation = IppOperationBuilder::get_job_attributes(self.uri.clone(), id).build().map_err(not_a_printer)?;
        let answer = match self.ask(operation).await {
            Err(IppError::Refused(StatusCode::ClientErrorNotFound | StatusCode::ClientErrorGone)) => {
                return Ok(Progress::Forgotten);
            }
            other => other?,
        };
        let job = answer.attributes().first_of(DelimiterTag::JobAttributes);
        let value = |name: &str| job.and_then(|job| job.get(name)).map(IppAttribute::value);
        let reasons = || value("job-state-reasons").map(ToString::to_string).unwrap_or_default();
        // RFC 8011 §5.3.7.
        Ok(match value("job-state").and_then(number) {
            Some(9) => Progress::Done,
            Some(state) if gave_up(state) => Progress::Failed(reasons()),
            Some(4 | 6) => Progress::Stopped(reasons()),
            _ => Progress::Going,
        })
    }

    /// Calls a job off.
    ///
    /// # Errors
    /// When the printer cannot be reached, or says no, as of one that it has printed.
    pub async fn cancel(&self, id: i32) -> Result<(), IppError> {
        let operation = IppOperationBuilder::cancel_job(self.uri.clone(), id).build().map_err(not_a_printer)?;
        self.ask(operation).await.map(drop)
    }

    /// The formats and the paper that the printer prints; empty when it does not say.
    async fn abilities(&self) -> Result<(Vec<String>, Vec<String>), IppError> {
        let wanted = ["document-format-supported", "media-supported"];
        let operation = IppOperationBuilder::get_printer_attributes(self.uri.clone())
            .attributes(wanted)
            .build()
            .map_err(not_a_printer)?;
        let answer = self.ask(operation).await?;
        let printer = answer.attributes().first_of(DelimiterTag::PrinterAttributes);
        let [formats, papers] =
            wanted.map(|name| match printer.and_then(|printer| printer.get(name)).map(IppAttribute::value) {
                Some(IppValue::Array(several)) => several.iter().map(ToString::to_string).collect(),
                Some(one) => vec![one.to_string()],
                None => Vec::new(),
            });
        Ok((formats, papers))
    }

    async fn ask(&self, operation: impl IppOperation) -> Result<IppRequestResponse, IppError> {
        self.send(operation.into_ipp_request(), ANSWER).await
    }

    async fn send(&self, mut request: IppRequestResponse, wait: Duration) -> Result<IppRequestResponse, IppError> {
        add(&mut request, "requesting-user-name", IppValue::new_name_without_language(USER))?;
        let mut body = Vec::new();
        request.into_read().read_to_end(&mut body).map_err(not_a_printer)?;
        let unreachable = |error: reqwest::Error| IppError::Unreachable(chain(&error));
        let sent = self.client.post(self.url.clone()).header("content-type", "application/ipp").body(body);
        let sent = sent.timeout(wait).send();
        let mut answer = sent.await.map_err(unreachable)?;
        if answer.status().is_server_error() {
            return Err(IppError::Unreachable(answer.status().to_string()));
        }
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
            // RFC 8011 §B.1: from here on the trouble is the printer's own, and may pass.
            status if status as i32 >= 0x0500 => Err(IppError::Busy(format!("{status:?}"))),
            status => Err(IppError::Refused(status)),
        }
    }
}

fn not_a_printer(error: impl std::fmt::Display) -> IppError {
    IppError::NotAPrinter(error.to_string())
}

/// Adds to what is asked.
fn add(
    request: &mut IppRequestResponse,
    name: &'static str,
    value: Result<IppValue, impl std::fmt::Display>,
) -> Result<(), IppError> {
    let attribute = IppAttribute::with_name(name, value.map_err(not_a_printer)?).map_err(not_a_printer)?;
    request.attributes_mut().add(DelimiterTag::OperationAttributes, attribute);
    Ok(())
}

/// The states of a job that comes to nothing: called off, given up (RFC 8011 §5.3.7).
fn gave_up(state: i32) -> bool {
    matches!(state, 7 | 8)
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
