//! Whether a column is one of some values, in a question that is prepared once.
//!
//! diesel's `eq_any` is prepared anew every time on SQLite, since its text depends on how many values there are; that can
//! take longer than the answer. Here the values travel as one array.

use super::connection::MultiBackend;
use super::types::{IdSql, Json, JsonSql};
use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, Bool, HasSqlType, SqlType, Text};
use diesel::sqlite::Sqlite;
use std::fmt;

/// A column type whose values can be listed.
pub trait Listed: SqlType + 'static {
    /// One of them, as SQLite reads it from `json_each`.
    const FROM_JSON: &'static str;
}

impl Listed for IdSql {
    const FROM_JSON: &'static str = "unhex(value, '-')";
}

impl Listed for Text {
    const FROM_JSON: &'static str = "value";
}

/// See [`OneOfMethod::one_of`].
#[derive(Debug, Clone)]
pub struct OneOf<C, V: fmt::Debug> {
    column: C,
    values: Json<Vec<V>>,
}

/// Adds `one_of` to columns.
pub trait OneOfMethod: Expression + Sized {
    /// True when the column is one of the values; of none, when there are none.
    fn one_of<V: Clone + fmt::Debug>(self, values: &[V]) -> OneOf<Self, V>
    where
        Self::SqlType: Listed,
    {
        OneOf { column: self, values: Json(values.to_vec()) }
    }
}

impl<C: Expression> OneOfMethod for C {}

impl<C, V: fmt::Debug> Expression for OneOf<C, V> {
    type SqlType = Bool;
}

impl<C: SelectableExpression<From>, V: fmt::Debug, From> SelectableExpression<From> for OneOf<C, V> {}

impl<C: AppearsOnTable<From>, V: fmt::Debug, From> AppearsOnTable<From> for OneOf<C, V> {}

impl<C: ValidGrouping<By>, V: fmt::Debug, By> ValidGrouping<By> for OneOf<C, V> {
    type IsAggregate = C::IsAggregate;
}

// Known by its text.
impl<C, V: fmt::Debug> QueryId for OneOf<C, V> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, V: fmt::Debug> QueryFragment<Sqlite> for OneOf<C, V>
where
    C: Expression<SqlType: Listed> + QueryFragment<Sqlite>,
    Json<Vec<V>>: ToSql<JsonSql, Sqlite>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (SELECT ");
        out.push_sql(C::SqlType::FROM_JSON);
        out.push_sql(" FROM json_each(");
        out.push_bind_param::<JsonSql, _>(&self.values)?;
        out.push_sql("))");
        Ok(())
    }
}

impl<C, V: fmt::Debug> QueryFragment<Pg> for OneOf<C, V>
where
    C: Expression<SqlType: Listed> + QueryFragment<Pg>,
    Pg: HasSqlType<Array<C::SqlType>>,
    Vec<V>: ToSql<Array<C::SqlType>, Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" = ANY(");
        out.push_bind_param::<Array<C::SqlType>, _>(&self.values.0)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<C, V: fmt::Debug> QueryFragment<MultiBackend> for OneOf<C, V>
where
    Self: QueryFragment<Sqlite> + QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, out)
    }
}
