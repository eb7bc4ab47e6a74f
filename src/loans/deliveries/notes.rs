//! Delivery notes: the paper that goes with a kit, with what lies in it and where it goes. A5.

use crate::accounts::session::Person;
use crate::accounts::store::{self as accounts, Organisation};
use crate::labels::address::Address;
use crate::labels::card::{self, Card};
use crate::labels::{files, prints, queries as labels};
use crate::loans::deliveries::queries;
use crate::loans::queries as loans;
use crate::loans::views::LoanView;
use crate::loans::wording;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::LoanId;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use chrono::NaiveDate;

/// The notes of loans, in the order given. They are in the lender's language, as the cards in the kits are.
///
/// # Errors
/// What is wrong with a kit's code, and when the database fails.
fn cards(
    conn: &mut Conn,
    organisation: &Organisation,
    address: &Address,
    loans: &[LoanView],
) -> Result<Vec<Card>, Error> {
    let t = Texts::new(organisation.language);
    let codes: Vec<String> = loans.iter().map(|loan| loan.kit_code.to_string()).collect();
    let cards = labels::cards(conn, organisation, address, &codes)?;
    let mut notes = Vec::new();
    for (loan, card) in loans.iter().zip(cards) {
        let unit = accounts::find_unit(conn, organisation.id, loan.unit.id)?;
        let (street, area) = unit.map(|unit| (unit.street_address, unit.area)).unwrap_or_default();
        let to: Vec<&str> = [&*loan.unit.name, &*street, &*area].into_iter().filter(|line| !line.is_empty()).collect();
        let days = wording::days(t, loan.first_day, loan.last_day);
        notes.push(Card {
            title: t.v("delivery-note", "kit", card.title),
            picture: None,
            about: vec![
                (t.s("delivery-to"), to.join("\n")),
                (t.s("delivery-loan"), t.a("delivery-days", &[("days", days.into()), ("last", loan.last_day.into())])),
            ],
            advice: vec![
                (t.s("delivery-missing"), t.s("delivery-missing-text")),
                (t.s("delivery-thanks"), t.s("delivery-thanks-text")),
            ],
            signatures: vec![t.s("delivery-packed-by"), t.s("delivery-received-by")],
            ..card
        });
    }
    Ok(notes)
}

/// The note of a loan, as PDF.
///
/// # Errors
/// `loan.not_found`, `delivery.no_kit` when no kit is in sight for it; what is wrong with the labels' address.
pub async fn of_loan(app: &AppState, who: &Person, id: LoanId) -> Result<Vec<u8>, Error> {
    let (organisation, today) = (who.organisation.clone(), who.organisation.today(app.clock.now()));
    let find = move |conn: &mut Conn| {
        let loan = loans::find_loan(conn, &organisation, id, today)?;
        let loan = loan.ok_or_else(|| Error::not_found("loan.not_found"))?;
        if loan.at_risk { Err(Error::refused("delivery.no_kit")) } else { Ok(vec![loan]) }
    };
    pdf(app, who, find).await
}

/// The notes of what a round brings, in the order of its stops, as PDF. A loan that no kit is in sight for has none.
///
/// # Errors
/// `delivery.nothing_to_deliver`; what is wrong with the labels' address.
pub async fn of_round(app: &AppState, who: &Person, day: NaiveDate) -> Result<Vec<u8>, Error> {
    let (organisation, today) = (who.organisation.clone(), who.organisation.today(app.clock.now()));
    let find = move |conn: &mut Conn| {
        let round = queries::round(conn, &organisation, day, today)?;
        Ok(round.stops.into_iter().flat_map(|stop| stop.deliver).filter(|loan| !loan.at_risk).collect())
    };
    pdf(app, who, find).await
}

async fn pdf(
    app: &AppState,
    who: &Person,
    find: impl FnOnce(&mut Conn) -> Result<Vec<LoanView>, Error> + Send + 'static,
) -> Result<Vec<u8>, Error> {
    let (organisation, address) = (who.organisation.clone(), Address::of(&app.config)?);
    let cards = app.db.read(move |conn| {
        let loans = find(conn)?;
        if loans.is_empty() {
            return Err(Error::refused("delivery.nothing_to_deliver"));
        }
        cards(conn, &organisation, &address, &loans)
    });
    let cards = cards.await?;
    prints::long_work(move || card::pdf(&cards).map_err(files::told)).await
}
