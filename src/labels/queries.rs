//! What the labels of kits say.

use crate::accounts::store::Organisation;
use crate::kits::code::Code;
use crate::labels::render::Label;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, FieldError};
use crate::platform::ids::{KitTypeId, OrganisationId};
use crate::platform::text::Texts;
use crate::schema::{kit_types, kits};
use diesel::prelude::*;
use std::collections::HashMap;

/// The most labels made at once.
pub const MOST: usize = 2000;

/// The labels of these kits of an organisation, in the order asked for.
///
/// # Errors
/// `label.none` and `label.too_many` on the field `codes`; `kit.unknown_code` and `kit.retired` on each wrong code, as
/// in `codes[3]`.
pub fn labels(
    conn: &mut Conn,
    organisation: &Organisation,
    label_url: &str,
    codes: &[String],
) -> Result<Vec<Label>, Error> {
    if codes.is_empty() {
        return Err(Error::invalid("codes", "label.none"));
    }
    if codes.len() > MOST {
        return Err(FieldError::new("codes", "label.too_many").arg("most", MOST).into());
    }
    let read: Vec<Option<Code>> = codes.iter().map(|text| Code::parse(text).ok()).collect();
    let known: Vec<Code> = read.iter().flatten().copied().collect();
    let rows: Vec<(Code, String, String, bool)> = kits::table
        .inner_join(kit_types::table)
        .filter(kits::organisation_id.eq(organisation.id).and(kits::code.eq_any(&known)))
        .select((kits::code, kit_types::name, kits::copy, kits::retired_at.is_not_null()))
        .load(conn)?;
    let found: HashMap<Code, _> = rows.into_iter().map(|(code, name, copy, gone)| (code, (name, copy, gone))).collect();
    let words = Words::of(organisation);
    let (mut labels, mut wrong) = (Vec::new(), Vec::new());
    for (place, code) in read.iter().enumerate() {
        let field = || format!("codes[{place}]");
        match code.and_then(|code| Some((code, found.get(&code)?))) {
            Some((_, (_, _, true))) => wrong.push(FieldError::new(field(), "kit.retired")),
            Some((code, (name, copy, _))) => labels.push(words.label(code, &format!("{name} {copy}"), label_url)),
            None => {
                let text = codes.get(place).map(String::as_str).unwrap_or_default();
                wrong.push(FieldError::new(field(), "kit.unknown_code").arg("code", text));
            }
        }
    }
    if wrong.is_empty() { Ok(labels) } else { Err(wrong.into()) }
}

/// The codes of all kits that are not retired, by kit type and copy.
///
/// # Errors
/// When the database fails.
pub fn all_codes(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<String>, Error> {
    Ok(kits::table
        .inner_join(kit_types::table)
        .filter(kits::organisation_id.eq(organisation).and(kits::retired_at.is_null()))
        .order((kit_types::name.asc(), kits::id.asc()))
        .select(kits::code)
        .load(conn)?)
}

/// The codes of the kits of a type that are not retired, in the order in which they were added.
///
/// # Errors
/// When the database fails.
pub fn codes_of_type(conn: &mut Conn, organisation: OrganisationId, kit_type: KitTypeId) -> Result<Vec<String>, Error> {
    Ok(kits::table
        .filter(kits::kit_type_id.eq(kit_type).and(kits::organisation_id.eq(organisation)))
        .filter(kits::retired_at.is_null())
        .order(kits::id.asc())
        .select(kits::code)
        .load(conn)?)
}

/// What every label of an organisation says, in its language.
struct Words {
    owner: String,
    note: String,
}

impl Words {
    fn of(organisation: &Organisation) -> Self {
        let owner = [organisation.name.as_str(), &organisation.contact_phone];
        Self {
            owner: owner.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "),
            note: Texts::new(organisation.language).s("labels-note"),
        }
    }

    fn label(&self, code: Code, title: &str, label_url: &str) -> Label {
        Label {
            payload: code.payload(label_url),
            code: code.to_string(),
            title: title.to_owned(),
            owner: self.owner.clone(),
            note: self.note.clone(),
        }
    }
}
