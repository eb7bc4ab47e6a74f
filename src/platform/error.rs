//! What can go wrong, without HTTP: a problem the user can do something about, or a fault of ours.

use chrono::NaiveDate;
use std::error::Error as StdError;
use std::fmt;

/// Why an action did not happen.
#[derive(Debug)]
pub enum Error {
    /// The caller's to mend; told to them in their language.
    Problem(Box<Problem>),
    /// Ours to mend; logged with its causes, told to nobody.
    Fault(Fault),
}

/// The kinds of problem; each has one HTTP status, chosen in `platform::web::answers`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be read.
    Malformed,
    /// Nobody is signed in.
    SignedOut,
    /// Signed in, but without the right.
    Forbidden,
    /// It does not exist, or belongs to somebody else.
    NotFound,
    /// The address exists, and this is not what can be done there.
    WrongMethod,
    /// The rules, or the state of things, say no.
    Refused,
    /// The thing has changed since the caller saw it.
    ChangedMeanwhile,
    /// The body is larger than is read.
    TooLarge,
    /// The body is of a type that is not read.
    UnsupportedType,
    /// Fields are wrong; each is named.
    Invalid,
    /// Too many tries.
    TooMany,
}

/// A problem with its stable code. The code is also the key of its text: `loan.no_kit_free` is told by the message
/// `error-loan-no_kit_free`.
#[derive(Debug)]
pub struct Problem {
    /// What kind of problem it is.
    pub kind: Kind,
    /// Stable name, for programs.
    pub code: &'static str,
    /// Values that the text mentions.
    pub args: Vec<(&'static str, Arg)>,
    /// One entry for each wrong field.
    pub fields: Vec<FieldError>,
    /// Further members of the JSON answer, such as `next_free`.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// A wrong field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    /// Its name in the request; for lists `contents[2].quantity`.
    pub field: String,
    /// Stable name of what is wrong.
    pub code: &'static str,
    /// Values that the text mentions.
    pub args: Vec<(&'static str, Arg)>,
}

/// A value mentioned in a text, written as the reader's language writes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// Shown as it is.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A day with its weekday, near enough to need no year.
    Day(NaiveDate),
    /// A day with its year.
    Date(NaiveDate),
    /// Words that have a key of their own.
    Key(&'static str),
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<NaiveDate> for Arg {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<i32> for Arg {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl FieldError {
    /// A wrong field, whose text mentions nothing.
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self { field: field.into(), code, args: Vec::new() }
    }

    /// The same, with a value that its text mentions.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

/// Lets a check of one field stand beside checks of several.
impl From<FieldError> for Vec<FieldError> {
    fn from(wrong: FieldError) -> Self {
        vec![wrong]
    }
}

impl From<FieldError> for Error {
    fn from(wrong: FieldError) -> Self {
        Self::invalid_fields(vec![wrong])
    }
}

impl From<Vec<FieldError>> for Error {
    fn from(wrong: Vec<FieldError>) -> Self {
        Self::invalid_fields(wrong)
    }
}

/// Makes the results of several checks into their values; if any is wrong, returns all that is wrong at once.
macro_rules! all_fields {
    ($($name:ident = $check:expr),+ $(,)?) => {
        $(let $name = $check.map_err(Vec::<$crate::platform::error::FieldError>::from);)+
        let wrong: Vec<_> = [$($name.as_ref().err().cloned()),+].into_iter().flatten().flatten().collect();
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        $(let $name = $name?;)+
    };
}
pub(crate) use all_fields;

impl Error {
    /// A problem of this kind.
    pub fn new(kind: Kind, code: &'static str) -> Self {
        Self::Problem(Box::new(Problem {
            kind,
            code,
            args: Vec::new(),
            fields: Vec::new(),
            extra: serde_json::Map::new(),
        }))
    }

    /// It does not exist, or belongs to somebody else: the caller is not told which.
    pub fn not_found(code: &'static str) -> Self {
        Self::new(Kind::NotFound, code)
    }

    /// The rules, or the state of things, say no.
    pub fn refused(code: &'static str) -> Self {
        Self::new(Kind::Refused, code)
    }

    /// Signed in, but without the right.
    pub fn forbidden(code: &'static str) -> Self {
        Self::new(Kind::Forbidden, code)
    }

    /// One wrong field.
    pub fn invalid(field: impl Into<String>, code: &'static str) -> Self {
        Self::invalid_fields(vec![FieldError::new(field, code)])
    }

    /// Several wrong fields.
    pub fn invalid_fields(fields: Vec<FieldError>) -> Self {
        let mut error = Self::new(Kind::Invalid, "request.invalid");
        if let Self::Problem(problem) = &mut error {
            problem.fields = fields;
        }
        error
    }

    /// The thing has changed since the caller saw it.
    pub fn changed_meanwhile() -> Self {
        Self::new(Kind::ChangedMeanwhile, "request.changed_meanwhile")
    }

    /// Adds a value that the text mentions.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        if let Self::Problem(problem) = &mut self {
            problem.args.push((name, value.into()));
        }
        self
    }

    /// Adds a member to the JSON answer.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl serde::Serialize) -> Self {
        if let Self::Problem(problem) = &mut self {
            problem.extra.insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
        }
        self
    }

    /// The stable code, for tests and for callers that go on in one case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Problem(problem) => problem.code,
            Self::Fault(fault) if fault.busy => "server.busy",
            Self::Fault(_) => "server.fault",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => {
                f.write_str(problem.code)?;
                for field in &problem.fields {
                    write!(f, " {}: {}", field.field, field.code)?;
                }
                Ok(())
            }
            Self::Fault(_) => f.write_str("the program failed"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Problem(_) => None,
            Self::Fault(fault) => Some(fault),
        }
    }
}

/// A fault of the program or of what it stands on: a database out of reach, a full disk, a broken row.
#[derive(Debug)]
pub struct Fault {
    message: String,
    /// Worth another try in a moment: the database was locked or had no free connection.
    pub busy: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Fault {
    /// A fault found by the program itself.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), busy: false, source: None }
    }

    /// A fault caused by another error.
    pub fn from_error(error: impl StdError + Send + Sync + 'static) -> Self {
        Self::from_boxed(Box::new(error))
    }

    /// A fault caused by another error, boxed.
    pub fn from_boxed(error: Box<dyn StdError + Send + Sync>) -> Self {
        Self { message: "a part that Digilador stands on failed".to_owned(), busy: false, source: Some(error) }
    }

    /// A fault that may be gone in a moment.
    pub fn busy(message: impl Into<String>) -> Self {
        Self { message: message.into(), busy: true, source: None }
    }

    /// This message and those of all its causes, for the log.
    pub fn chain(&self) -> String {
        let mut text = self.message.clone();
        let mut source = self.source();
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Fault {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<diesel::result::Error> for Fault {
    fn from(error: diesel::result::Error) -> Self {
        let busy = super::db::is_busy(&error);
        Self { message: "the database refused a statement".to_owned(), busy, source: Some(Box::new(error)) }
    }
}
