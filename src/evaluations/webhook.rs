//! What other programs are told of an evaluation that came in: its ids, where it is read, and its answers. What looks like
//! somebody's name, number or address is masked: nobody has read it yet.

use crate::accounts::store as accounts;
use crate::evaluations::answers::{Answer, Answers};
use crate::evaluations::form::{Form, Kind};
use crate::evaluations::names::{self, Known};
use crate::evaluations::queries;
use crate::evaluations::reading::rules;
use crate::evaluations::store;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{AnyId, EvaluationId, OrganisationId};
use serde_json::{Value, json};

/// An evaluation has been submitted.
pub const SUBMITTED: &str = "evaluation.submitted";

/// What is told of an evaluation; none when there is none. `site`: the address that people use.
///
/// # Errors
/// When the database fails.
pub fn describe(
    conn: &mut Conn,
    organisation: OrganisationId,
    subject: AnyId,
    site: &str,
) -> Result<Option<Value>, Error> {
    let id = EvaluationId::from(subject.uuid());
    let Some(row) = store::submitted(conn, organisation, id)? else { return Ok(None) };
    let Some(one) = queries::views(conn, &[id])?.pop() else { return Ok(None) };
    let organisation = accounts::organisation(conn, organisation)?;
    let form = store::form(conn, row.form_version_id)?;
    let known = queries::no_names(conn, &organisation)?;
    Ok(Some(json!({
        "evaluation_id": one.id,
        "loan_id": one.loan_id,
        "kit_type": one.kit_type,
        "unit": one.unit,
        "submitted_at": one.submitted_at,
        "used": one.used,
        "share": one.share,
        "form_version": one.form_version,
        "link": format!("{site}/utvarderingar/{}", one.id),
        "answers": without_names(&form, one.answers, &known),
    })))
}

/// The answers, with what looks like a name masked in every text.
fn without_names(form: &Form, answers: Answers, known: &Known) -> Answers {
    let is_text = |id: &str| form.question(id).is_none_or(|question| question.kind == Kind::Text);
    let masked = answers.into_iter().map(|(id, answer)| match answer {
        Answer::Text(text) if is_text(&id) => (id, Answer::Text(masked(text, known))),
        answer => (id, answer),
    });
    masked.collect()
}

fn masked(text: String, known: &Known) -> String {
    let words = names::suspects(&text, known);
    words.iter().fold(text, |text, word| rules::masked(&text, word).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves() {
        let known = Known::of(["Bee-Bot"]);
        let text = "Vi byggde med Bee-Bot. Sedan kom Alva, 070-123 45 67.".to_owned();
        let told = masked(text, &known);
        assert!(told.contains("Bee-Bot") && !told.contains("Alva") && !told.contains("123"), "{told}");
    }
}
