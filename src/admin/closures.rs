//! A closure with the loans that it touches, for the page and the API alike.

use crate::loans::actions::{self, Context};
use crate::loans::queries;
use crate::loans::views::LoanView;
use crate::opening::actions::{self as opening, AddClosure};
use crate::opening::views::ClosureView;
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::ids::LoanId;
use serde::Serialize;

/// A new closure, and the loans that begin or end on its days.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Closed {
    /// The closure.
    #[serde(flatten)]
    closure: ClosureView,
    /// The loans.
    loans: Vec<LoanView>,
}

/// Closes the warehouse for some days, and tells the units whose loans begin or end then if that is wished for.
pub(super) fn close(tx: &mut Tx<'_>, context: &Context, add: &AddClosure, tell: bool) -> Result<Closed, Error> {
    let row = opening::add_closure(tx, context.by, add)?;
    let days = (row.first_day, row.last_day);
    let loans = queries::on_days(tx, &context.organisation, days, context.today())?;
    if tell {
        let ids: Vec<LoanId> = loans.iter().map(|loan| loan.id).collect();
        actions::tell_closed(tx, context, &ids, row.first_day)?;
    }
    Ok(Closed { closure: row.into(), loans })
}
