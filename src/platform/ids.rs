//! Ids: one type for each kind of thing, so that a kit's id is never taken for a loan's.

use crate::platform::db::connection::{MultiBackend, MultiRawValue};
use crate::platform::db::types::{IdSql, both_databases};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sqlite::{Sqlite, SqliteValue};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::io::Write;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, AsExpression,
            FromSqlRow, utoipa::ToSchema,
        )]
        #[diesel(sql_type = IdSql)]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id; later ids sort after earlier ones (UUID v7).
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id as a plain UUID.
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl ToSql<IdSql, Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.0.as_bytes().as_slice());
                Ok(IsNull::No)
            }
        }

        impl ToSql<IdSql, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(self.0.as_bytes())?;
                Ok(IsNull::No)
            }
        }

        impl FromSql<IdSql, Sqlite> for $name {
            fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                Ok(Self(Uuid::from_slice(value.read_blob())?))
            }
        }

        impl FromSql<IdSql, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok(Self(Uuid::from_slice(value.as_bytes())?))
            }
        }
        both_databases!(IdSql, $name);
    )+};
}

ids! {
    /// An organisation: a municipality, or another body that lends kits.
    OrganisationId,
    /// A unit: the preschool that borrows.
    UnitId,
    /// A person with an account.
    PersonId,
    /// A token for the API.
    TokenId,
    /// One attempt to sign in by mail.
    SignInId,
    /// One entry of the event log.
    EventId,
    /// One mail in the outbox.
    MailId,
    /// Days on which the warehouse is closed.
    ClosureId,
    /// A kit type.
    KitTypeId,
    /// A line of a contents list.
    ContentLineId,
    /// A picture of a kit type.
    PictureId,
    /// A kit.
    KitId,
    /// A course that kit types can ask for.
    CourseId,
    /// A day on which a course is given.
    CourseDateId,
    /// That somebody has completed a course.
    CertificateId,
    /// A printing of labels.
    LabelPrintId,
    /// A printer for labels.
    PrinterId,
    /// What a printer is to print.
    PrintJobId,
    /// A loan, reserved or further.
    LoanId,
    /// A place in the queue for a kit type.
    QueueEntryId,
    /// Loans that were reserved together.
    BundleId,
    /// A calendar that other programs subscribe to.
    CalendarId,
    /// A season round.
    RoundId,
    /// A unit's wish in a round.
    WishId,
    /// What a unit gets in a round, or does not.
    AllocationId,
    /// A scan of a label.
    ScanId,
    /// A stocktake.
    StocktakeId,
    /// A contents check.
    CheckId,
    /// Work on a kit that keeps it from being lent.
    ServiceJobId,
    /// A photo of a deviation.
    PhotoId,
    /// A deviation from a contents list.
    DeviationId,
    /// A version of an organisation's evaluation form.
    FormVersionId,
    /// An evaluation.
    EvaluationId,
    /// A link by which an evaluation is written without an account.
    EvaluationLinkId,
    /// An evaluation in the idea bank, as others know it.
    IdeaId,
    /// A theme that evaluations can have.
    ThemeId,
    /// A collection of evaluations.
    CollectionId,
    /// A file with another municipality's figures.
    ExchangeFileId,
    /// An address of another program.
    WebhookId,
    /// A message to such an address.
    DeliveryId,
    /// An id of any kind, for the event log that speaks of everything.
    AnyId,
}

impl IdeaId {
    /// An id that tells nothing, not even when it was made.
    pub fn random() -> Self {
        Self(uuid::Builder::from_random_bytes(rand::rng().random()).into_uuid())
    }
}
