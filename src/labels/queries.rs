//! What the labels of kits say.

use crate::accounts::store::Organisation;
use crate::kits::code::Code;
use crate::labels::address::Address;
use crate::labels::render::Label;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::text_enum;
use crate::platform::error::{Error, FieldError};
use crate::platform::ids::{KitTypeId, OrganisationId};
use crate::platform::text::Texts;
use crate::schema::{content_lines, kit_types, kits};
use diesel::dsl::sum;
use diesel::prelude::*;
use std::collections::HashMap;

/// The most labels made at once.
pub const MOST: usize = 2000;

text_enum! {
    /// Where a label goes.
    pub enum Kind {
        /// On the box: whose it is, and what scanning gives.
        Box = "box",
        /// Inside the lid: how many pieces there are to count.
        Lid = "lid",
        /// On a piece of the contents, so that it finds its box again.
        Part = "part",
    }
}

/// The labels of these kits of an organisation, in the order asked for.
///
/// # Errors
/// `label.none` and `label.too_many` on the field `codes`; `kit.unknown_code` and `kit.retired` on each wrong code, as
/// in `codes[3]`.
pub fn labels(
    conn: &mut Conn,
    organisation: &Organisation,
    address: &Address,
    kind: Kind,
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
    let rows: Vec<(Code, KitTypeId, String, String, bool)> = kits::table
        .inner_join(kit_types::table)
        .filter(kits::organisation_id.eq(organisation.id).and(kits::code.eq_any(&known)))
        .select((kits::code, kit_types::id, kit_types::name, kits::copy, kits::retired_at.is_not_null()))
        .load(conn)?;
    let types: Vec<KitTypeId> = rows.iter().map(|row| row.1).collect();
    let pieces = if kind == Kind::Lid { pieces(conn, &types)? } else { HashMap::new() };
    let found: HashMap<Code, _> = rows.into_iter().map(|row| (row.0, row)).collect();
    let words = Words::of(organisation, kind, address.demo);
    let (mut labels, mut wrong) = (Vec::new(), Vec::new());
    for (place, code) in read.iter().enumerate() {
        let field = || format!("codes[{place}]");
        match code.and_then(|code| Some((code, found.get(&code)?))) {
            Some((_, (.., true))) => wrong.push(FieldError::new(field(), "kit.retired")),
            Some((code, (_, kit_type, name, copy, _))) => {
                let pieces = pieces.get(kit_type).copied();
                labels.push(words.label(code, &format!("{name} {copy}"), pieces, &address.url));
            }
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

/// How many pieces lie in a box of each of these types.
fn pieces(conn: &mut Conn, types: &[KitTypeId]) -> Result<HashMap<KitTypeId, i64>, Error> {
    let rows: Vec<(KitTypeId, Option<i64>)> = content_lines::table
        .filter(content_lines::kit_type_id.eq_any(types).and(content_lines::position.is_not_null()))
        .group_by(content_lines::kit_type_id)
        .select((content_lines::kit_type_id, sum(content_lines::quantity)))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(kit_type, pieces)| Some((kit_type, pieces?))).collect())
}

/// What every label of an organisation says, in its language.
struct Words {
    t: Texts,
    kind: Kind,
    demo: bool,
    owner: String,
}

impl Words {
    fn of(organisation: &Organisation, kind: Kind, demo: bool) -> Self {
        let owner = [organisation.name.as_str(), &organisation.contact_phone];
        let owner = owner.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
        Self { t: Texts::new(organisation.language), kind, demo, owner }
    }

    fn label(&self, code: Code, title: &str, pieces: Option<i64>, label_url: &str) -> Label {
        let (owner, note) = match (self.kind, pieces) {
            (Kind::Box, _) => (self.owner.clone(), self.t.s("labels-note")),
            (Kind::Lid, Some(pieces)) => (self.t.v("labels-pieces", "count", pieces), self.t.s("labels-note-lid")),
            (Kind::Lid, None) => (String::new(), self.t.s("labels-note-lid")),
            (Kind::Part, _) => (String::new(), String::new()),
        };
        Label {
            payload: code.payload(label_url),
            code: code.to_string(),
            title: title.to_owned(),
            owner: if self.demo { self.t.s("labels-demo") } else { owner },
            note,
        }
    }
}
