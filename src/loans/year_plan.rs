//! The year plan: in which weeks each kit is taken, and by what. What it costs depends on the kits and the weeks that
//! are shown, not on how long the history is.

use crate::accounts::store::Organisation;
use crate::loans::allocation::Span;
use crate::loans::queries;
use crate::loans::rules::{Status, days_after};
use crate::loans::store;
use crate::loans::views::LoanView;
use crate::platform::clock::day_in;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{KitId, LoanId};
use crate::platform::week::Week;
use chrono::NaiveDate;
use std::collections::HashMap;

/// What takes a kit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// A loan.
    Loan(LoanId),
    /// It is put in order after a loan.
    Turnaround,
    /// It is held for somebody in the queue.
    Offer,
    /// It is in service.
    Service,
}

/// Days on which a kit is taken.
#[derive(Debug, Clone, Copy)]
pub struct Stay {
    /// The kit.
    pub kit: KitId,
    /// The days.
    pub span: Span,
    /// By what.
    pub taken: Taken,
}

/// Some weeks one after the other in which a kit is taken by the same; each week by itself when it is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The first of the weeks, by its place among those shown.
    pub first: usize,
    /// How many weeks.
    pub weeks: usize,
    /// What takes it.
    pub taken: Vec<Taken>,
}

/// What takes some kits, and the loans among that.
#[derive(Debug, Default)]
pub struct YearPlan {
    /// What takes them.
    pub stays: Vec<Stay>,
    /// The loans.
    pub loans: HashMap<LoanId, LoanView>,
}

impl YearPlan {
    /// Reads what takes these kits on some days.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load(
        conn: &mut Conn,
        organisation: &Organisation,
        kits: &[KitId],
        days: Span,
        today: NaiveDate,
    ) -> Result<Self, Error> {
        if kits.is_empty() {
            return Ok(Self::default());
        }
        let claims = store::claims_on(conn, kits, days)?;
        let live: Vec<LoanId> = claims.iter().filter_map(|claim| claim.loan).collect();
        let loans = queries::of_kits(conn, organisation, kits, days, &live, today)?;
        let away = |loan: &LoanView| {
            let end = match (loan.received_at, loan.status) {
                (Some(at), _) => day_in(organisation.zone(), at),
                (None, Status::Out) => loan.last_day.max(today),
                (None, _) => loan.last_day,
            };
            Span { first: loan.first_day, end: days_after(end.max(loan.first_day), 1) }
        };
        let mut plan = Self::default();
        for (kit, loan) in loans {
            plan.stays.push(Stay { kit, span: away(&loan), taken: Taken::Loan(loan.id) });
            plan.loans.insert(loan.id, loan);
        }
        for claim in claims {
            let stay = match claim.loan {
                Some(loan) => {
                    let first = plan.loans.get(&loan).map_or(claim.span.first, |loan| away(loan).end);
                    let span = Span { first: first.max(claim.span.first), end: claim.span.end };
                    Stay { kit: claim.kit, span, taken: Taken::Turnaround }
                }
                None => {
                    let taken = if claim.service.is_some() { Taken::Service } else { Taken::Offer };
                    Stay { kit: claim.kit, span: claim.span, taken }
                }
            };
            if stay.span.first < stay.span.end {
                plan.stays.push(stay);
            }
        }
        Ok(plan)
    }

    /// The weeks of one kit.
    pub fn cells(&self, kit: KitId, weeks: &[Week]) -> Vec<Cell> {
        let mut stays: Vec<&Stay> = self.stays.iter().filter(|stay| stay.kit == kit).collect();
        stays.sort_by_key(|stay| (stay.span.first, stay.span.end));
        cells(&stays, weeks)
    }
}

/// What takes a kit week for week. A turnaround is told only in weeks in which nothing else takes it.
fn cells(stays: &[&Stay], weeks: &[Week]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for (place, week) in weeks.iter().enumerate() {
        let span = Span { first: week.monday(), end: days_after(week.sunday(), 1) };
        let mut taken: Vec<Taken> =
            stays.iter().filter(|stay| stay.span.overlaps(span)).map(|stay| stay.taken).collect();
        if taken.iter().any(|taken| *taken != Taken::Turnaround) {
            taken.retain(|taken| *taken != Taken::Turnaround);
        } else {
            taken.truncate(1);
        }
        match cells.last_mut().filter(|last| !taken.is_empty() && last.taken == taken) {
            Some(last) => last.weeks += 1,
            None => cells.push(Cell { first: place, weeks: 1, taken }),
        }
    }
    cells
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn stay(taken: Taken, first: &str, end: &str) -> Stay {
        let span = Span { first: first.parse().unwrap(), end: end.parse().unwrap() };
        Stay { kit: KitId::from(uuid::Uuid::nil()), span, taken }
    }

    #[test]
    fn weeks_of_the_same_loan_are_one_cell() {
        let [one, two] = [1, 2].map(|n| Taken::Loan(LoanId::from(uuid::Uuid::from_u128(n))));
        let first: Week = "2026-W51".parse().unwrap();
        let weeks: Vec<Week> = (0..7).map(|later| first.later(later)).collect();
        // One ends on the Tuesday of week 53, the other begins on its Thursday, and is put in order in weeks 2 and 3.
        let stays = [
            stay(one, "2026-12-21", "2026-12-30"),
            stay(two, "2026-12-31", "2027-01-12"),
            stay(Taken::Turnaround, "2026-12-30", "2026-12-31"),
            stay(Taken::Turnaround, "2027-01-12", "2027-01-19"),
        ];
        let cells = cells(&stays.iter().collect::<Vec<_>>(), &weeks);
        let told: Vec<(usize, usize, Vec<Taken>)> =
            cells.into_iter().map(|cell| (cell.first, cell.weeks, cell.taken)).collect();
        assert_eq!(
            told,
            [
                (0, 1, vec![]),
                (1, 1, vec![one]),
                (2, 1, vec![one, two]),
                (3, 2, vec![two]),
                (5, 1, vec![Taken::Turnaround]),
                (6, 1, vec![]),
            ]
        );
    }
}
