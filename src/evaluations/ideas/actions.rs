//! What units and developers decide about the idea bank: how far an evaluation may go, and who may read the bank.

use crate::evaluations::answers::Answer;
use crate::evaluations::ideas::queries;
use crate::evaluations::ideas::views::IdeaBank;
use crate::evaluations::reading::store as readings;
use crate::evaluations::rules::{SHARE, Share};
use crate::evaluations::search::index;
use crate::evaluations::store;
use crate::kits::store::lock_kit_type;
use crate::loans::actions::{Context, the_loan};
use crate::platform::db::Tx;
use crate::platform::db::connection::each;
use crate::platform::error::Error;
use crate::platform::events::{self, By};
use crate::platform::ids::LoanId;
use crate::schema::idea_banks::dsl;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

/// How far a unit lets its answers go, from now on.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// How far.
    pub share: Share,
}

/// A unit changes its mind about how far the evaluation of its loan may go. What it withdraws is shown nowhere any more, at
/// once; what it offers again, a developer reads through again.
///
/// # Errors
/// `loan.not_found`, `evaluation.not_submitted`, `evaluation.nothing_to_share`.
pub fn consent(tx: &mut Tx<'_>, context: &Context, loan: LoanId, consent: Consent) -> Result<(), Error> {
    let kit_type = the_loan(tx, context, loan)?.kit_type_id;
    lock_kit_type(tx, kit_type)?;
    let not_submitted = || Error::refused("evaluation.not_submitted");
    let mut evaluation = store::of_loan(tx, loan)?.ok_or_else(not_submitted)?;
    evaluation.submitted_at.ok_or_else(not_submitted)?;
    let before = evaluation.share.unwrap_or(Share::No);
    if before == consent.share {
        return Ok(());
    }
    let answers = &mut evaluation.answers.0;
    // Who never used the kit was not asked, and has told nothing that could be shared.
    if !answers.contains_key(SHARE) {
        return Err(Error::refused("evaluation.nothing_to_share"));
    }
    answers.insert(SHARE.to_owned(), Answer::Text(consent.share.to_string()));
    store::recount_answer(tx, &evaluation, SHARE, (before.as_str(), consent.share.as_str()))?;
    evaluation.share = Some(consent.share);
    store::save(tx, &evaluation)?;
    // What may no longer have a name may have it in its words, too: somebody looks before it is shown again.
    if consent.share != Share::Named {
        let mut reading = readings::reading(tx, &evaluation)?;
        if reading.approved_at.is_some() {
            reading.approve(None);
            readings::save(tx, &reading)?;
        }
    }
    index::renew(tx, &evaluation)?;
    let change = json!({ "from": { "share": before }, "to": { "share": consent.share } });
    events::append(tx, context.by, evaluation.id, "evaluation.consent_changed", change)
}

/// Opens an organisation's idea bank to everyone, or to those who are signed in.
///
/// # Errors
/// When the database fails.
pub fn open(tx: &mut Tx<'_>, by: By, bank: IdeaBank) -> Result<(), Error> {
    let before = queries::bank(tx, by.organisation)?;
    if before.public == bank.public {
        return Ok(());
    }
    each!(&mut **tx, c => diesel::insert_into(dsl::idea_banks)
        .values((dsl::organisation_id.eq(by.organisation), dsl::public.eq(bank.public)))
        .on_conflict(dsl::organisation_id)
        .do_update()
        .set(dsl::public.eq(bank.public))
        .execute(c))?;
    let change = json!({ "from": before, "to": bank });
    events::append(tx, by, by.organisation, "organisation.idea_bank_changed", change)
}
