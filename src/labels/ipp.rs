//! Speaking to a printer over IPP (RFC 8011): what it can, handing it a page, and how far it has come.

use crate::labels::media;
use crate::labels::printer_address::PrinterAddress;
use crate::labels::pwg::{self, Paper};
use crate::labels::raster::DOTS_PER_INCH;
use crate::labels::stock::{Form, Stock};
use crate::platform::tls;
use ::ipp::operation::IppOperation;
use ::ipp::parser::IppParser;
use ::ipp::prelude::{
    DelimiterTag, IppAttribute, IppOperationBuilder, IppPayload, IppRequestResponse, IppValue, StatusCode, Uri,
};
use ::ipp::reader::IppReader;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::net::SocketAddr;
use std::time::Duration;
use url::Url;

/// What we send, and who we say we are: a printer shows and drops a job for whoever ordered it.
const PDF: &str = "application/pdf";
const USER: &str = "Digilador";
/// How printers call labels among their kinds of paper, and printing on one side only.
const LABELS: &str = "labels";
const ONE_SIDED: &str = "one-sided";
/// The dots in an inch at which the smallest codes come out sharp.
const FINE: u32 = 300;
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
    /// It takes none of the formats that we make.
    #[error("the printer takes neither PDF nor PWG Raster")]
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
    /// The printer gave up; its reasons.
    Failed(String),
    /// Somebody called it off, at the printer or by other ways.
    CalledOff,
    /// The printer knows nothing of it, any more.
    Forgotten,
}

/// What a printer can; a list is empty when it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Abilities {
    formats: Vec<String>,
    papers: Vec<String>,
    /// What may be said of the paper besides its size.
    paper_facts: Vec<String>,
    /// Where paper lies in it.
    pub trays: Vec<String>,
    /// The kinds of paper that it knows.
    pub media_types: Vec<String>,
    sides: Vec<String>,
    /// The kinds of dots that it takes, and how many in an inch, both ways.
    dots: Vec<String>,
    dots_per_inch: Vec<u32>,
}

/// What a printer is handed.
#[derive(Debug, Clone)]
pub enum Takes {
    /// PDF, the sharpest and smallest.
    Pdf,
    /// PWG Raster on this paper. Driverless printers must take it, and many label printers take nothing else.
    Raster(Paper),
}

impl Takes {
    fn media_type(&self) -> &'static str {
        match self {
            Self::Pdf => PDF,
            Self::Raster(_) => pwg::MEDIA_TYPE,
        }
    }
}

/// From where a printer takes the labels; empty where it decides by itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Feed<'a> {
    /// One of its trays.
    pub tray: &'a str,
    /// One of the kinds of paper that it knows.
    pub media_type: &'a str,
}

/// Whether a printer's list has a word, or says nothing.
fn lists(list: &[String], word: &str) -> bool {
    list.is_empty() || list.iter().any(|one| one == word)
}

impl Abilities {
    /// In what form the printer takes pages for that stock.
    ///
    /// # Errors
    /// When it takes none that we make, or has no such paper.
    pub fn takes(&self, stock: &Stock) -> Result<Takes, IppError> {
        if lists(&self.formats, PDF) {
            return Ok(Takes::Pdf);
        }
        if !lists(&self.formats, pwg::MEDIA_TYPE) || !lists(&self.dots, pwg::GREY) {
            return Err(IppError::NoPdf);
        }
        let name = self.paper(stock)?;
        let able = || self.dots_per_inch.iter().copied().filter(|dots| DOTS_PER_INCH.contains(dots));
        // A roll's own; else what sets the smallest codes well; else what there is.
        let own = able().find(|dots| stock.form == Form::Roll && *dots == stock.dots_per_inch);
        let fine = || able().filter(|dots| *dots >= FINE).min();
        let dots_per_inch = own.or_else(fine).or_else(|| able().max()).ok_or(IppError::NoPdf)?;
        Ok(Takes::Raster(Paper { name, dots_per_inch }))
    }

    fn paper(&self, stock: &Stock) -> Result<String, IppError> {
        media::name(stock, &self.papers).ok_or_else(|| IppError::NoMedia(stock.name.clone()))
    }

    /// How pages for that stock are printed: true to size, for a label that is fitted to the page misses its place; on one
    /// side, for the second page belongs on the second sheet; and from the paper on which the labels are.
    ///
    /// # Errors
    /// When it has no such paper, or does not take it from there.
    pub fn ways(&self, stock: &Stock, feed: Feed<'_>) -> Result<Vec<IppAttribute>, IppError> {
        let no_media = |what: &str| IppError::NoMedia(what.to_owned());
        let media = self.paper(stock)?;
        let mut ways = vec![attribute("print-scaling", word("none")?)?];
        if lists(&self.sides, ONE_SIDED) {
            ways.push(attribute("sides", word(ONE_SIDED)?)?);
        }
        let knows_labels = self.media_types.iter().any(|one| one == LABELS);
        let usual = if knows_labels { LABELS } else { "" };
        let media_type = if feed.media_type.is_empty() { usual } else { feed.media_type };
        let mut facts = BTreeMap::new();
        for (name, value, known) in
            [("media-source", feed.tray, &self.trays), ("media-type", media_type, &self.media_types)]
        {
            if value.is_empty() || !lists(&self.paper_facts, name) {
                continue;
            }
            if !lists(known, value) {
                return Err(no_media(value));
            }
            facts.insert(name.try_into().map_err(not_a_printer)?, word(value)?);
        }
        match media::size(&media).filter(|_| !facts.is_empty()) {
            None => ways.push(attribute("media", word(&media)?)?),
            // In hundredths of a millimetre (PWG 5100.7).
            Some((width, height)) => {
                let mut size = BTreeMap::new();
                for (name, length) in [("x-dimension", width), ("y-dimension", height)] {
                    let length = IppValue::Integer((length * 100.0).round() as i32);
                    size.insert(name.try_into().map_err(not_a_printer)?, length);
                }
                facts.insert("media-size".try_into().map_err(not_a_printer)?, IppValue::Collection(size));
                ways.push(attribute("media-col", IppValue::Collection(facts))?);
            }
        }
        Ok(ways)
    }
}

/// A word of IPP's, or a name that somebody gave.
fn word(text: &str) -> Result<IppValue, IppError> {
    let keyword = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte));
    let value = if keyword { IppValue::new_keyword(text) } else { IppValue::new_name_without_language(text) };
    value.map_err(not_a_printer)
}

fn attribute(name: &'static str, value: IppValue) -> Result<IppAttribute, IppError> {
    IppAttribute::with_name(name, value).map_err(not_a_printer)
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

    /// Hands over pages, and how they are to be printed, as [`Abilities::ways`] tells; gives the printer's number for the
    /// job. `name` tells the job apart from others.
    ///
    /// # Errors
    /// When the printer cannot be reached, or does not take it.
    pub async fn print(
        &self,
        name: &str,
        pages: Vec<u8>,
        takes: &Takes,
        ways: Vec<IppAttribute>,
    ) -> Result<i32, IppError> {
        let operation = IppOperationBuilder::print_job(self.uri.clone(), IppPayload::new(Cursor::new(pages)))
            .job_title(name)
            .document_format(takes.media_type())
            .attributes(ways)
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
            Some(7) => Progress::CalledOff,
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

    /// What the printer can.
    ///
    /// # Errors
    /// When the printer cannot be reached.
    pub async fn abilities(&self) -> Result<Abilities, IppError> {
        let wanted = [
            "document-format-supported",
            "media-supported",
            "media-col-supported",
            "media-source-supported",
            "media-type-supported",
            "sides-supported",
            "pwg-raster-document-type-supported",
            "pwg-raster-document-resolution-supported",
        ];
        let operation = IppOperationBuilder::get_printer_attributes(self.uri.clone())
            .attributes(wanted)
            .build()
            .map_err(not_a_printer)?;
        let answer = self.ask(operation).await?;
        let printer = answer.attributes().first_of(DelimiterTag::PrinterAttributes);
        let values = |name| match printer.and_then(|printer| printer.get(name)).map(IppAttribute::value) {
            Some(IppValue::Array(several)) => several.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let dots_per_inch = wanted.into_iter().flat_map(values).filter_map(square_dots).collect();
        let [formats, papers, paper_facts, trays, media_types, sides, dots, _] =
            wanted.map(|name| values(name).into_iter().map(ToString::to_string).collect());
        Ok(Abilities { formats, papers, paper_facts, trays, media_types, sides, dots, dots_per_inch })
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

/// The dots in an inch, where they are as many both ways (RFC 8011 §5.1.16: unit 3 is an inch).
fn square_dots(value: &IppValue) -> Option<u32> {
    match value {
        IppValue::Resolution { cross_feed, feed, units: 3 } if cross_feed == feed => u32::try_from(*feed).ok(),
        _ => None,
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn list(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn told(abilities: &Abilities, feed: Feed<'_>) -> String {
        let ways = abilities.ways(&Stock::named("L7163").unwrap(), feed).unwrap();
        ways.iter().map(|way| format!("{}={} ", way.name(), way.value())).collect()
    }

    #[test]
    fn labels_are_printed_on_one_side_from_where_they_lie() {
        let office = Abilities {
            sides: list(&["one-sided", "two-sided-long-edge"]),
            trays: list(&["main", "by-pass-tray"]),
            media_types: list(&["stationery", "labels"]),
            paper_facts: list(&["media-size", "media-source", "media-type"]),
            ..Abilities::default()
        };
        let usual = told(&office, Feed::default());
        for part in ["sides=one-sided", "media-type=labels", "x-dimension=21000", "y-dimension=29700"] {
            assert!(usual.contains(part), "{part}: {usual}");
        }
        assert!(!usual.contains("media-source"), "{usual}");
        let chosen = told(&office, Feed { tray: "by-pass-tray", media_type: "stationery" });
        assert!(chosen.contains("media-source=by-pass-tray") && chosen.contains("media-type=stationery"), "{chosen}");
        let gone = office.ways(&Stock::named("L7163").unwrap(), Feed { tray: "tray-9", media_type: "" });
        assert!(matches!(gone, Err(IppError::NoMedia(_))));
        // One that says nothing is told the size in a word, and that one side is enough.
        let silent = told(&Abilities::default(), Feed::default());
        assert!(silent.contains("media=iso_a4_210x297mm") && silent.contains("sides=one-sided"), "{silent}");
        let roll = told(&Abilities { sides: list(&["two-sided-long-edge"]), ..Abilities::default() }, Feed::default());
        assert!(!roll.contains("sides="), "{roll}");
    }
    #[test]
    fn a_printer_is_handed_what_it_takes() {
        let (sheet, roll) = (Stock::named("L7163").unwrap(), Stock::named("DK-22205").unwrap());
        let takes = |formats: &[&str], dots: &[&str], dots_per_inch: &[u32], stock: &Stock| {
            let abilities = Abilities {
                formats: list(formats),
                dots: list(dots),
                dots_per_inch: dots_per_inch.to_vec(),
                ..Abilities::default()
            };
            abilities.takes(stock)
        };
        let dots = |takes: Result<Takes, IppError>| match takes.unwrap() {
            Takes::Raster(paper) => paper.dots_per_inch,
            Takes::Pdf => 0,
        };
        let raster = ["image/urf", pwg::MEDIA_TYPE];
        let grey = [pwg::GREY, "black_1"];
        assert!(matches!(takes(&["image/urf", PDF], &[], &[], &sheet), Ok(Takes::Pdf)));
        assert!(matches!(takes(&[], &[], &[], &sheet), Ok(Takes::Pdf)));
        assert_eq!(dots(takes(&raster, &grey, &[150, 300, 600], &sheet)), 300);
        assert_eq!(dots(takes(&raster, &grey, &[600, 1200], &sheet)), 600);
        assert_eq!(dots(takes(&raster, &grey, &[203], &sheet)), 203);
        assert_eq!(dots(takes(&raster, &grey, &[300, 600], &roll)), 300);
        for (formats, kinds, dots) in
            [(&["image/urf"][..], &grey[..], &[300][..]), (&raster, &["black_1"], &[300]), (&raster, &grey, &[1200])]
        {
            assert_eq!(
                takes(formats, kinds, dots, &sheet).err(),
                Some(IppError::NoPdf),
                "{formats:?} {kinds:?} {dots:?}"
            );
        }
    }
}
