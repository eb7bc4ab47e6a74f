//! A synchronous PostgreSQL connection in pure Rust: tokio-postgres on a runtime of its own, TLS by rustls.
//!
//! It stands in for `diesel::PgConnection`, so that the binary needs no libpq and still speaks TLS. Each connection
//! owns a single-threaded runtime: the query and the connection's driver run on the calling thread, without a hop.

use crate::platform::tls;
use diesel::connection::{
    CacheSize, Connection, ConnectionSealed, Instrumentation, LoadConnection, MultiConnectionHelper, SimpleConnection,
    TransactionManager, TransactionManagerStatus,
};
use diesel::expression::QueryMetadata;
use diesel::pg::{FailedToLookupTypeError, Pg, PgMetadataCacheKey, PgMetadataLookup, PgTypeMetadata};
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::sql_types::TypeMetadata;
use diesel::{ConnectionError, ConnectionResult, QueryResult};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use std::any::Any;
use std::cell::RefCell;
use std::error::Error as StdError;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio_postgres::config::SslMode;

thread_local! {
    /// Hands the runtime from `establish` to the wrapper, whose constructor takes no arguments.
    static RUNTIME_FOR_NEXT: RefCell<Option<Runtime>> = const { RefCell::new(None) };
}

/// Runs the wrapped connection's futures on the runtime that the connection was made on.
pub struct OwnRuntime(Option<Runtime>);

impl Drop for OwnRuntime {
    // Without waiting: the last connections are dropped on threads that run the server's own runtime, when it stops.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl BlockOn for OwnRuntime {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        match &self.0 {
            Some(runtime) => runtime.block_on(future),
            // Only `establish` below makes connections, and it always leaves a runtime.
            None => unreachable!("a PostgreSQL connection made without its runtime"),
        }
    }

    fn get_runtime() -> Self {
        Self(RUNTIME_FOR_NEXT.with(RefCell::take))
    }
}

type Wrapped = AsyncConnectionWrapper<AsyncPgConnection, OwnRuntime>;
type WrappedTransactions = <Wrapped as Connection>::TransactionManager;

/// One connection to PostgreSQL.
pub struct PgConn {
    connection: Wrapped,
    used_at: Instant,
}

impl PgConn {
    /// True when it was used so short a time ago.
    pub fn used_within(&self, time: Duration) -> bool {
        self.used_at.elapsed() < time
    }
}

/// The chain of causes in one line: the outermost message alone ("error connecting to server") helps nobody.
fn bad_connection(error: &dyn StdError) -> ConnectionError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    ConnectionError::BadConnection(text)
}

/// Further authorities, in the file that other clients of PostgreSQL read, too.
fn extra_authorities() -> Option<PathBuf> {
    std::env::var_os("PGSSLROOTCERT").map(PathBuf::from)
}

async fn connect(config: &tokio_postgres::Config) -> ConnectionResult<AsyncPgConnection> {
    if config.get_ssl_mode() == SslMode::Disable {
        let (client, driver) = config.connect(tokio_postgres::NoTls).await.map_err(|e| bad_connection(&e))?;
        AsyncPgConnection::try_from_client_and_connection(client, driver).await
    } else {
        let tls = tls::client(extra_authorities()).map_err(|e| bad_connection(e.as_ref()))?;
        let connector = tokio_postgres_rustls::MakeRustlsConnect::new(tls);
        let (client, driver) = config.connect(connector).await.map_err(|e| bad_connection(&e))?;
        AsyncPgConnection::try_from_client_and_connection(client, driver).await
    }
}

impl ConnectionSealed for PgConn {}

impl SimpleConnection for PgConn {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.connection.batch_execute(query)
    }
}

impl Connection for PgConn {
    type Backend = Pg;
    type TransactionManager = PgTransactions;

    fn establish(url: &str) -> ConnectionResult<Self> {
        let config: tokio_postgres::Config = url.parse().map_err(|e: tokio_postgres::Error| bad_connection(&e))?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| bad_connection(&e))?;
        let connection = runtime.block_on(connect(&config))?;
        RUNTIME_FOR_NEXT.with(|next| next.replace(Some(runtime)));
        Ok(Self { connection: Wrapped::from(connection), used_at: Instant::now() })
    }

    fn execute_returning_count<T: QueryFragment<Pg> + QueryId>(&mut self, source: &T) -> QueryResult<usize> {
        self.used_at = Instant::now();
        self.connection.execute_returning_count(source)
    }

    fn transaction_state(&mut self) -> &mut <PgTransactions as TransactionManager<Self>>::TransactionStateData {
        self.connection.transaction_state()
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.connection.instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.connection.set_instrumentation(instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        self.connection.set_prepared_statement_cache_size(size);
    }
}

impl LoadConnection for PgConn {
    type Cursor<'conn, 'query> = <Wrapped as LoadConnection>::Cursor<'conn, 'query>;
    type Row<'conn, 'query> = <Wrapped as LoadConnection>::Row<'conn, 'query>;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<Pg> + QueryId + 'query,
        Pg: QueryMetadata<T::SqlType>,
    {
        self.used_at = Instant::now();
        self.connection.load(source)
    }
}

/// Transactions of [`PgConn`], those of the wrapped connection.
pub struct PgTransactions;

impl TransactionManager<PgConn> for PgTransactions {
    type TransactionStateData = <WrappedTransactions as TransactionManager<Wrapped>>::TransactionStateData;

    fn begin_transaction(connection: &mut PgConn) -> QueryResult<()> {
        WrappedTransactions::begin_transaction(&mut connection.connection)
    }

    fn rollback_transaction(connection: &mut PgConn) -> QueryResult<()> {
        WrappedTransactions::rollback_transaction(&mut connection.connection)
    }

    fn commit_transaction(connection: &mut PgConn) -> QueryResult<()> {
        WrappedTransactions::commit_transaction(&mut connection.connection)
    }

    fn transaction_manager_status_mut(connection: &mut PgConn) -> &mut TransactionManagerStatus {
        WrappedTransactions::transaction_manager_status_mut(&mut connection.connection)
    }

    fn is_broken_transaction_manager(connection: &mut PgConn) -> bool {
        WrappedTransactions::is_broken_transaction_manager(&mut connection.connection)
    }
}

impl diesel::migration::MigrationConnection for PgConn {
    fn setup(&mut self) -> QueryResult<usize> {
        self.connection.setup()
    }
}

impl diesel::r2d2::R2D2Connection for PgConn {
    fn ping(&mut self) -> QueryResult<()> {
        diesel::r2d2::R2D2Connection::ping(&mut self.connection)
    }

    fn is_broken(&mut self) -> bool {
        diesel::r2d2::R2D2Connection::is_broken(&mut self.connection)
    }
}

/// Every SQL type used here has a fixed number, so that nothing is looked up by name.
struct FixedNumbers;

impl PgMetadataLookup for FixedNumbers {
    fn lookup_type(&mut self, type_name: &str, schema: Option<&str>) -> PgTypeMetadata {
        let key = PgMetadataCacheKey::new(schema.map(|s| s.to_owned().into()), type_name.to_owned().into());
        PgTypeMetadata::from_result(Err(FailedToLookupTypeError::new(key)))
    }

    fn as_any<'a>(&mut self) -> &mut (dyn Any + 'a)
    where
        Self: 'a,
    {
        self
    }
}

impl MultiConnectionHelper for PgConn {
    fn to_any<'a>(_: &mut <Pg as TypeMetadata>::MetadataLookup) -> &mut (dyn Any + 'a) {
        // A value without size: leaking it allocates nothing.
        Box::leak(Box::new(FixedNumbers))
    }

    fn from_any(lookup: &mut dyn Any) -> Option<&mut <Pg as TypeMetadata>::MetadataLookup> {
        lookup.downcast_mut::<FixedNumbers>().map(|l| l as _)
    }
}
