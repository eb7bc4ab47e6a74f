//! What the labels of kits say.

use crate::accounts::store::Organisation;
use crate::kits::code::Code;
use crate::kits::pictures::encode::Size;
use crate::kits::pictures::store as pictures;
use crate::kits::pictures::views::PictureView;
use crate::kits::queries::{find_kit_type, kit};
use crate::kits::views::KitTypeView;
use crate::labels::address::Address;
use crate::labels::card::{Card, Piece};
use crate::labels::render::Label;
use crate::platform::db::connection::Conn;
use crate::platform::db::types::{Instant, text_enum};
use crate::platform::error::{Arg, Error, FieldError};
use crate::platform::ids::{KitId, KitTypeId, OrganisationId};
use crate::platform::text::Texts;
use crate::schema::{content_lines, kit_codes, kit_types, kits, label_prints};
use diesel::dsl::{exists, not, sum};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// The most labels made at once.
pub const MOST: usize = 2000;

text_enum! {
    /// Where a label goes.
    #[schema(as = LabelKind)]
    pub enum Kind {
        /// On the box: whose it is, and what scanning gives.
        Box = "box",
        /// Inside the lid: how many pieces there are to count.
        Lid = "lid",
        /// On a piece of the contents, so that it finds its box again.
        Part = "part",
    }
}

/// What is read of a kit: its code, type, the type's name, its letter, and whether it is retired.
type KitRow = (Code, KitTypeId, String, String, bool);

/// The labels of these kits of an organisation, in the order asked for.
///
/// # Errors
/// `label.none` and `label.too_many` on the field `codes`; `kit.unknown_code`, `kit.retired` and `code.replaced` on each
/// wrong code, as in `codes[3]`.
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
    let (mut labels, mut wrong) = (Vec::new(), Vec::new());
    for label in each_label(conn, organisation, address, kind, codes)? {
        match label {
            Ok(label) => labels.push(label),
            Err(field) => wrong.push(field),
        }
    }
    if wrong.is_empty() { Ok(labels) } else { Err(wrong.into()) }
}

/// The labels of those of these codes that have one, so many at most.
///
/// # Errors
/// When the database fails.
pub fn known_labels(
    conn: &mut Conn,
    organisation: &Organisation,
    address: &Address,
    kind: Kind,
    codes: &[String],
    most: usize,
) -> Result<Vec<Label>, Error> {
    let codes: Vec<String> = codes.iter().take(MOST).cloned().collect();
    let labels = each_label(conn, organisation, address, kind, &codes)?;
    Ok(labels.into_iter().filter_map(Result::ok).take(most).collect())
}

/// Those of these codes that can be on a label, the new ones for those that were replaced, and what is wrong with the
/// others.
///
/// # Errors
/// When the database fails.
pub fn checked(
    conn: &mut Conn,
    organisation: &Organisation,
    codes: &[String],
) -> Result<(Vec<String>, Vec<FieldError>), Error> {
    let address = Address { url: String::new(), demo: false };
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for label in each_label(conn, organisation, &address, Kind::Part, codes)? {
        match label {
            Ok(label) => good.push(label.code),
            Err(field) => {
                let new = field.args.iter().find(|(name, _)| *name == "new");
                good.extend(
                    new.and_then(|(_, code)| if let Arg::Text(code) = code { Some(code.clone()) } else { None }),
                );
                wrong.push(field);
            }
        }
    }
    Ok((good, wrong))
}

/// The label of each code, or what is wrong with it.
fn each_label(
    conn: &mut Conn,
    organisation: &Organisation,
    address: &Address,
    kind: Kind,
    codes: &[String],
) -> Result<Vec<Result<Label, FieldError>>, Error> {
    let read: Vec<Option<Code>> = codes.iter().map(|text| Code::parse(text).ok()).collect();
    let known: Vec<Code> = read.iter().flatten().copied().collect();
    let mut rows: Vec<KitRow> = kits::table
        .inner_join(kit_types::table)
        .filter(kits::organisation_id.eq(organisation.id).and(kits::code.eq_any(&known)))
        .select((kits::code, kit_types::id, kit_types::name, kits::copy, kits::retired_at.is_not_null()))
        .load(conn)?;
    // Other labels of a kit, replaced ones too; and codes that are on no kit yet.
    let others: Vec<(Code, Option<KitId>, bool)> = kit_codes::table
        .filter(kit_codes::organisation_id.eq(organisation.id).and(kit_codes::code.eq_any(&known)))
        .select((kit_codes::code, kit_codes::kit_id, kit_codes::retired_at.is_not_null()))
        .load(conn)?;
    let blank: HashSet<Code> = others.iter().filter(|(_, kit, _)| kit.is_none()).map(|(code, ..)| *code).collect();
    let kits_of_others: HashSet<KitId> = others.iter().filter_map(|(_, kit, _)| *kit).collect();
    let further: Vec<(KitId, KitRow)> = kits::table
        .inner_join(kit_types::table)
        .filter(kits::id.eq_any(kits_of_others))
        .select((kits::id, (kits::code, kit_types::id, kit_types::name, kits::copy, kits::retired_at.is_not_null())))
        .load(conn)?;
    let mut replaced: HashMap<Code, Code> = HashMap::new();
    for (code, kit, ended) in &others {
        let Some((_, row)) = further.iter().find(|(id, _)| Some(*id) == *kit) else { continue };
        rows.push((*code, row.1, row.2.clone(), row.3.clone(), row.4));
        replaced.extend(ended.then_some((*code, row.0)));
    }
    let types: Vec<KitTypeId> = rows.iter().map(|row| row.1).collect();
    let pieces = if kind == Kind::Lid { pieces(conn, &types)? } else { HashMap::new() };
    let found: HashMap<Code, _> = rows.into_iter().map(|row| (row.0, row)).collect();
    let words = Words::of(organisation, kind, address.demo);
    let label = |(place, code): (usize, &Option<Code>)| {
        let wrong = |why| FieldError::new(format!("codes[{place}]"), why);
        let unknown = || wrong("kit.unknown_code").arg("code", codes.get(place).map_or("", String::as_str));
        let code = code.ok_or_else(unknown)?;
        match found.get(&code) {
            Some((.., true)) => Err(wrong("kit.retired").arg("code", code.to_string())),
            Some(_) if replaced.contains_key(&code) => {
                let new = replaced.get(&code).map(ToString::to_string).unwrap_or_default();
                Err(wrong("code.replaced").arg("code", code.to_string()).arg("new", new))
            }
            Some((_, kit_type, name, copy, _)) => {
                Ok(words.label(code, (name, copy), pieces.get(kit_type).copied(), &address.url))
            }
            None if blank.contains(&code) => Ok(words.label(code, ("", ""), None, &address.url)),
            None => Err(unknown()),
        }
    };
    Ok(read.iter().enumerate().map(label).collect())
}

/// Which kits are asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this type.
    pub kit_type: Option<KitTypeId>,
    /// On this shelf, or one whose name begins so.
    pub shelf: String,
    /// Only those of whose codes none that holds is on a printed label for the box.
    pub unprinted: bool,
    /// Only those that go by these codes.
    pub codes: Option<Vec<Code>>,
}

/// A kit in the list of labels.
#[derive(Debug, Clone)]
pub struct KitToLabel {
    /// Its code.
    pub code: Code,
    /// Its name and letter.
    pub name: String,
    /// Where it stands.
    pub shelf: String,
    /// When its label was last printed.
    pub printed_at: Option<Instant>,
}

/// Kits that are not retired, by type and letter, with when their labels were printed. So many at most.
///
/// # Errors
/// When the database fails.
pub fn kits_to_label(
    conn: &mut Conn,
    organisation: OrganisationId,
    wanted: &Wanted,
    most: i64,
) -> Result<Vec<KitToLabel>, Error> {
    let mut query = kits::table
        .inner_join(kit_types::table)
        .filter(kits::organisation_id.eq(organisation).and(kits::retired_at.is_null()))
        .select((kits::id, kits::code, kit_types::name, kits::copy, kits::shelf))
        .into_boxed();
    if let Some(kit_type) = wanted.kit_type {
        query = query.filter(kits::kit_type_id.eq(kit_type));
    }
    if !wanted.shelf.is_empty() {
        query = query.filter(kits::shelf.like(format!("{}%", like_text(&wanted.shelf))).escape('!'));
    }
    if let Some(codes) = &wanted.codes {
        query = query.filter(kits::code.eq_any(codes.clone()));
    }
    if wanted.unprinted {
        let own = label_prints::table.filter(label_prints::code.eq(kits::code).and(label_prints::kind.eq(Kind::Box)));
        let other = kit_codes::table
            .inner_join(label_prints::table.on(label_prints::code.eq(kit_codes::code)))
            .filter(kit_codes::kit_id.eq(kits::id.nullable()).and(kit_codes::retired_at.is_null()))
            .filter(label_prints::kind.eq(Kind::Box));
        query =
            query.filter(not(exists(own.select(label_prints::id)))).filter(not(exists(other.select(label_prints::id))));
    }
    let rows: Vec<(KitId, Code, String, String, String)> =
        query.order((kit_types::name.asc(), kits::id.asc())).limit(most).load(conn)?;
    let last = last_printed(conn, &rows.iter().map(|row| (row.0, row.1)).collect::<Vec<_>>())?;
    Ok(rows
        .into_iter()
        .map(|(id, code, name, copy, shelf)| KitToLabel {
            code,
            name: format!("{name} {copy}"),
            shelf,
            printed_at: last.get(&id).copied(),
        })
        .collect())
}

/// Whether any of a kit's codes that hold is on a printed label for the box.
///
/// # Errors
/// When the database fails.
pub fn has_label(conn: &mut Conn, organisation: OrganisationId, code: &Code) -> Result<bool, Error> {
    let kit = kit(conn, organisation, code)?;
    let kit = kit.map(|kit| (kit.id, kit.code)).into_iter().collect::<Vec<_>>();
    Ok(!last_printed(conn, &kit)?.is_empty())
}

/// When a label for the box was last printed for any of these kits' codes that hold.
fn last_printed(conn: &mut Conn, kits: &[(KitId, Code)]) -> Result<HashMap<KitId, Instant>, Error> {
    let ids: Vec<KitId> = kits.iter().map(|(id, _)| *id).collect();
    let others: Vec<(Code, Option<KitId>)> = kit_codes::table
        .filter(kit_codes::kit_id.eq_any(&ids).and(kit_codes::retired_at.is_null()))
        .select((kit_codes::code, kit_codes::kit_id))
        .load(conn)?;
    let others = others.into_iter().filter_map(|(code, kit)| Some((code, kit?)));
    let owner: HashMap<Code, KitId> = kits.iter().map(|(id, code)| (*code, *id)).chain(others).collect();
    // Oldest first, so that the newest remains.
    let prints: Vec<(Code, Instant)> = label_prints::table
        .filter(label_prints::code.eq_any(owner.keys()).and(label_prints::kind.eq(Kind::Box)))
        .order(label_prints::id.asc())
        .select((label_prints::code, label_prints::printed_at))
        .load(conn)?;
    Ok(prints.into_iter().filter_map(|(code, at)| Some((*owner.get(&code)?, at))).collect())
}

/// A text as it stands in a pattern, where `!` keeps what follows it from meaning anything.
fn like_text(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
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

/// The contents cards of these kits of an organisation, in the order asked for.
///
/// # Errors
/// As for [`labels`].
pub fn cards(
    conn: &mut Conn,
    organisation: &Organisation,
    address: &Address,
    codes: &[String],
) -> Result<Vec<Card>, Error> {
    let t = Texts::new(organisation.language);
    let owner = Words::of(organisation, Kind::Box, address.demo).owner;
    let owner = if address.demo { t.s("labels-demo") } else { t.v("card-owner", "owner", owner) };
    let mut types: HashMap<KitTypeId, KitTypeView> = HashMap::new();
    let mut cards = Vec::new();
    for label in labels(conn, organisation, address, Kind::Part, codes)? {
        let found = Code::parse(&label.code).ok().map(|code| kit(conn, organisation.id, &code)).transpose()?;
        // A code that is on no kit yet has no contents.
        let Some(kit_type) = found.flatten().map(|kit| kit.kit_type_id) else { continue };
        if !types.contains_key(&kit_type) {
            types.extend(find_kit_type(conn, organisation.id, kit_type)?.map(|found| (kit_type, found)));
        }
        let Some(kit_type) = types.get(&kit_type) else { continue };
        let mut file = |picture: Option<&PictureView>, size| match picture {
            Some(picture) => pictures::file(conn, organisation.id, picture.id, size),
            None => Ok(None),
        };
        let mut pieces = Vec::new();
        for line in &kit_type.contents {
            let picture = file(kit_type.picture_of(line), Size::Small)?;
            pieces.push(Piece { quantity: line.quantity, name: line.name.clone(), picture });
        }
        cards.push(Card {
            title: label.name(),
            payload: label.payload,
            code: label.code,
            picture: file(kit_type.gallery().first().copied(), Size::Large)?,
            about: Vec::new(),
            count: (t.s("card-count"), pieces),
            advice: vec![
                (t.s("card-power"), kit_type.power.clone()),
                (t.s("card-start"), kit_type.get_started.clone()),
            ],
            signatures: Vec::new(),
            owner: owner.clone(),
        });
    }
    Ok(cards)
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
        // A number is not broken over a line.
        let phone = organisation.contact_phone.replace(' ', "\u{a0}");
        let owner = [organisation.name.as_str(), &phone];
        let owner = owner.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
        Self { t: Texts::new(organisation.language), kind, demo, owner }
    }

    fn label(&self, code: Code, (name, copy): (&str, &str), pieces: Option<i64>, label_url: &str) -> Label {
        let (owner, note) = match (self.kind, pieces) {
            (Kind::Box, _) => (self.owner.clone(), self.t.s("labels-note")),
            (Kind::Lid, Some(pieces)) => (self.t.v("labels-pieces", "count", pieces), self.t.s("labels-note-lid")),
            (Kind::Lid, None) => (String::new(), self.t.s("labels-note-lid")),
            (Kind::Part, _) => (String::new(), String::new()),
        };
        Label {
            payload: code.payload(label_url),
            code: code.to_string(),
            title: if self.demo { format!("{} {name}", self.t.s("labels-demo-mark")) } else { name.to_owned() },
            copy: copy.to_owned(),
            owner: if self.demo { self.t.s("labels-demo") } else { owner },
            note,
        }
    }
}
