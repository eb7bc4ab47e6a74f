//! The card of a contents check: each line of the contents list with how many are there, prefilled with all that should be.
//! The warehouse and the unit that has the kit fill in the same card.

use crate::kits::pictures::encode::{Encoded, LARGEST_FILE, encode};
use crate::kits::rules::{ContentKind, ContentLine, ServiceKind};
use crate::kits::store as kits;
use crate::loans::checks::actions::{FoundAgain, ReportDeviation, SaveCheck};
use crate::loans::checks::rules::{Resolution, expected};
use crate::loans::checks::store::{self, Deviation};
use crate::loans::rules::DeviationKind;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, FieldError as WrongField};
use crate::platform::ids::{ContentLineId, KitId, KitTypeId};
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, Field, choices, whole_number};
use crate::platform::web::heavy;
use crate::platform::web::upload::limits;
use actix_multipart::form::bytes::Bytes;
use actix_multipart::form::text::Text;
use actix_multipart::form::{MultipartForm, MultipartFormConfig};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The kinds of deviation that a line can have.
const KINDS: [DeviationKind; 3] = [DeviationKind::Missing, DeviationKind::Broken, DeviationKind::UsedUp];
/// What can be asked for after a check.
const NEEDS: [ServiceKind; 3] = [ServiceKind::Charge, ServiceKind::Repair, ServiceKind::Clean];

/// How much a card may carry: the largest photos that one is likely to have. The browser makes them smaller where it can.
pub fn card_limits() -> MultipartFormConfig {
    limits(2 * LARGEST_FILE + LINES, "check.photos_too_large")
}

/// The most of a line that can be counted.
const MOST: i32 = 10_000;

/// How long the lines of a card are, in bytes.
const LINES: usize = 256 << 10;

/// The card, as templates read it.
pub struct Card {
    pub key: Uuid,
    pub lines: Vec<CardLine>,
    pub extra: Field,
    pub extra_quantity: Field,
    pub needs: Vec<Choice>,
}

/// A line of the contents list.
pub struct CardLine {
    pub place: usize,
    pub id: ContentLineId,
    /// How many the card shows at first: what is changed says something, what is left does not.
    pub shown: i32,
    pub name: String,
    /// What should be there, in words, with what is known to be gone.
    pub note: String,
    pub count: Field,
    pub kinds: Vec<Choice>,
    pub words: String,
    /// It differs already in what was sent.
    pub open: bool,
}

/// What a card sends. Every line sends one of each, so that they stand in the lines' order.
#[derive(MultipartForm)]
pub struct CardForm {
    /// The kit or the loan that it is about.
    pub about: Text<String>,
    key: Text<Uuid>,
    /// `yes` when all is there that should be.
    all: Option<Text<String>>,
    line: Vec<Text<ContentLineId>>,
    shown: Vec<Text<String>>,
    count: Vec<Text<String>>,
    kind: Vec<Text<String>>,
    note: Vec<Text<String>>,
    photo: Vec<Bytes>,
    extra: Option<Text<String>>,
    extra_quantity: Option<Text<String>>,
    need: Vec<Text<String>>,
}

/// A card as it was sent, in plain values.
#[derive(Debug, Clone, Default)]
pub struct SentCard {
    pub key: Uuid,
    rows: Vec<SentRow>,
    extra: String,
    extra_quantity: String,
    needs: Vec<ServiceKind>,
    photos: Vec<(usize, Encoded)>,
    /// All is there, says whoever sent it.
    all: bool,
}

/// A line as it was sent.
#[derive(Debug, Clone)]
struct SentRow {
    line: ContentLineId,
    /// How many the card showed; none when it did not say.
    shown: Option<i32>,
    count: String,
    kind: DeviationKind,
    note: String,
}

impl CardForm {
    /// Reads a card. Its photos are made into those that are kept, which takes a while.
    ///
    /// # Errors
    /// A photo that is none, told on its line.
    pub async fn read(self) -> Result<(SentCard, Option<Error>), Error> {
        let mut photos = Vec::new();
        let mut wrong = None;
        for (place, file) in self.photo.into_iter().enumerate().filter(|(_, file)| !file.data.is_empty()) {
            let (name, bytes) = (file.file_name.unwrap_or_default(), file.data);
            if bytes.len() > LARGEST_FILE {
                wrong = Some(Error::invalid(format!("count-{place}"), "picture.too_large"));
                continue;
            }
            match heavy::run(move || encode(&bytes)).await? {
                Ok(encoded) => photos.push((place, encoded)),
                Err(unfit) => wrong = Some(unfit.told(&format!("count-{place}"), name.into())),
            }
        }
        let texts = |texts: Vec<Text<String>>| texts.into_iter().map(Text::into_inner);
        let shown = texts(self.shown).map(|shown| shown.parse().ok()).chain(std::iter::repeat(None));
        let lines = self.line.into_iter().map(Text::into_inner).zip(shown);
        let told = texts(self.kind).zip(texts(self.note));
        let rows = lines.zip(texts(self.count)).zip(told).map(|(((line, shown), count), (kind, note))| {
            let kind = kind.parse().unwrap_or(DeviationKind::Missing);
            SentRow { line, shown, count, kind, note: note.trim().to_owned() }
        });
        let sent = SentCard {
            key: self.key.into_inner(),
            rows: rows.collect(),
            extra: self.extra.map(Text::into_inner).unwrap_or_default(),
            extra_quantity: self.extra_quantity.map(Text::into_inner).unwrap_or_default(),
            needs: texts(self.need).filter_map(|need| need.parse().ok()).collect(),
            photos,
            all: self.all.is_some(),
        };
        Ok((sent, wrong))
    }
}

impl SentCard {
    /// All that was filled in, told apart from any other card.
    pub fn filled_in(&self) -> String {
        let digest = |(place, photo): &(usize, Encoded)| {
            let [_, large] = &photo.files;
            (*place, Sha256::digest(large))
        };
        let photos: Vec<_> = self.photos.iter().map(digest).collect();
        format!("{:?} {:?} {:?} {:?} {:?} {photos:?}", self.all, self.rows, self.extra, self.extra_quantity, self.needs)
    }

    /// Something on the card says that not all is there, or that there is more to tell.
    fn differs(&self, stocks: &[Stock]) -> bool {
        let line = |row: &SentRow| {
            let stock = stocks.iter().find(|stock| stock.line.id == Some(row.line));
            stock.is_some_and(|stock| {
                !row.note.is_empty() || row.kind != usual(&stock.line) || row.as_shown(stock.expected()).is_none()
            })
        };
        !self.photos.is_empty() || !self.extra.trim().is_empty() || self.rows.iter().any(line)
    }
}

impl SentRow {
    /// How many were counted, if it is a number.
    fn count(&self) -> Option<i32> {
        self.count.trim().parse().ok().filter(|count| (0..=MOST).contains(count))
    }

    /// How many were counted, where nobody changed what the card showed and so much is expected now.
    fn as_shown(&self, expected: i32) -> Option<i32> {
        let shown = self.shown.unwrap_or(expected);
        (self.count() == Some(shown)).then_some(expected)
    }
}

/// What is there of a line, on the list and in the kit.
#[derive(Debug, Clone)]
struct Stock {
    line: ContentLine,
    lacking: Vec<Deviation>,
}

impl Stock {
    fn expected(&self) -> i32 {
        let lacking = self.lacking.iter().fold(0_i32, |sum, deviation| sum.saturating_add(deviation.quantity));
        expected(self.line.quantity, lacking)
    }
}

/// What a line is without, if nobody says otherwise.
fn usual(line: &ContentLine) -> DeviationKind {
    if line.kind == ContentKind::Consumable { DeviationKind::UsedUp } else { DeviationKind::Missing }
}

fn stocks(conn: &mut Conn, kit: KitId, kit_type: KitTypeId) -> Result<Vec<Stock>, Error> {
    let lacking = store::lacking(conn, kit)?;
    let of = |id| lacking.iter().filter(|deviation| deviation.content_line_id == id).cloned().collect();
    Ok(kits::contents(conn, kit_type)?.into_iter().map(|line| Stock { lacking: of(line.id), line }).collect())
}

/// Empty cards stand for all that should be there; a card that was refused stands as it was sent.
///
/// # Errors
/// When the database fails.
pub fn card(
    conn: &mut Conn,
    t: Texts,
    (kit, kit_type): (KitId, KitTypeId),
    sent: &SentCard,
    errors: &Errors,
    staff: bool,
) -> Result<Card, Error> {
    let lines = stocks(conn, kit, kit_type)?.into_iter().enumerate().filter_map(|(place, stock)| {
        let id = stock.line.id?;
        let row = sent.rows.iter().find(|row| row.line == id);
        let kind = row.map_or(usual(&stock.line), |row| row.kind);
        let expected = stock.expected();
        let count = match row {
            Some(row) => row.as_shown(expected).map_or_else(|| row.count.clone(), |count| count.to_string()),
            None => expected.to_string(),
        };
        let differs = count != expected.to_string();
        let count = errors.field(&format!("count-{place}"), count);
        Some(CardLine {
            place,
            id,
            shown: expected,
            note: note(t, &stock),
            open: differs || count.error.is_some(),
            count,
            kinds: choices(&KINDS, |kind| t.s(&format!("contents-kind-{kind}")), |one| one == kind),
            words: row.map(|row| row.note.clone()).unwrap_or_default(),
            name: stock.line.name,
        })
    });
    let needs = if staff { NEEDS.as_slice() } else { &[] };
    Ok(Card {
        key: Uuid::now_v7(),
        lines: lines.collect(),
        extra: errors.field("extra", sent.extra.clone()),
        extra_quantity: errors.field("extra_quantity", sent.extra_quantity.clone()),
        needs: choices(needs, |need| t.s(&format!("contents-need-{need}")), |need| sent.needs.contains(&need)),
    })
}

fn note(t: Texts, stock: &Stock) -> String {
    let mut note = t.v("contents-should", "count", stock.line.quantity);
    for deviation in &stock.lacking {
        let written_off = deviation.resolution == Some(Resolution::WrittenOff);
        let key = if written_off {
            "contents-known-written_off".to_owned()
        } else {
            format!("contents-known-{}", deviation.kind)
        };
        note = format!("{note} · {}", t.v(&key, "count", deviation.quantity));
    }
    note
}

/// What a card says: what differs that was not known before, what is there again, what is to be done; and which photos
/// belong to which of the deviations.
///
/// # Errors
/// `request.invalid` for counts that are none.
pub fn said(
    conn: &mut Conn,
    kit: KitId,
    kit_type: KitTypeId,
    sent: &SentCard,
) -> Result<(SaveCheck, Vec<(usize, Encoded)>), Error> {
    let stocks = stocks(conn, kit, kit_type)?;
    let mut save = SaveCheck { needs: sent.needs.clone(), ..SaveCheck::default() };
    if sent.all {
        let differs = sent.differs(&stocks);
        return if differs { Err(Error::invalid("form", "check.all_but")) } else { Ok((save, Vec::new())) };
    }
    let (mut photos, mut wrong) = (Vec::new(), Vec::new());
    for (row_place, row) in sent.rows.iter().enumerate() {
        // A line taken off the list meanwhile is not asked for any more.
        let Some((place, stock)) = stocks.iter().enumerate().find(|(_, stock)| stock.line.id == Some(row.line)) else {
            continue;
        };
        let wrong_count = |code| WrongField::new(format!("count-{place}"), code);
        let Some(count) = row.count() else {
            wrong.push(wrong_count("field.range").arg("least", 0).arg("most", MOST));
            continue;
        };
        let expected = stock.expected();
        let unchanged = row.as_shown(expected).is_some();
        if !unchanged && row.shown.is_some_and(|shown| shown != expected) {
            wrong.push(wrong_count("check.counted_meanwhile").arg("now", expected));
            continue;
        }
        let short = if unchanged { 0 } else { expected - count };
        let photo: Vec<Encoded> =
            sent.photos.iter().filter(|(of, _)| *of == row_place).map(|(_, photo)| photo.clone()).collect();
        // What somebody has said or shown is about something: without a number it would be lost.
        let said = row.kind != usual(&stock.line) || !row.note.is_empty();
        if short == 0 && said || short <= 0 && !photo.is_empty() {
            wrong.push(wrong_count("check.how_many").arg("name", stock.line.name.as_str()));
            continue;
        }
        if short > 0 {
            photos.extend(photo.into_iter().map(|photo| (save.deviations.len(), photo)));
            save.deviations.push(ReportDeviation {
                content_line_id: Some(row.line),
                name: String::new(),
                kind: row.kind,
                quantity: short,
                note: row.note.clone(),
            });
        }
        let mut more = -short;
        for deviation in &stock.lacking {
            let quantity = more.min(deviation.quantity);
            if quantity > 0 {
                save.found.push(FoundAgain { deviation_id: deviation.id, quantity, note: row.note.clone() });
                more -= quantity;
            }
        }
        if more > 0 {
            save.deviations.push(extra(stock.line.name.clone(), more, row.note.clone()));
        }
    }
    if !sent.extra.trim().is_empty() {
        match whole_number(&sent.extra_quantity).unwrap_or(1) {
            quantity @ 1..=MOST => save.deviations.push(extra(sent.extra.clone(), quantity, String::new())),
            _ => wrong.push(WrongField::new("extra_quantity", "field.range").arg("least", 1).arg("most", MOST)),
        }
    }
    if wrong.is_empty() { Ok((save, photos)) } else { Err(Error::invalid_fields(wrong)) }
}

fn extra(name: String, quantity: i32, note: String) -> ReportDeviation {
    ReportDeviation { content_line_id: None, name, kind: DeviationKind::Extra, quantity, note }
}

/// A refusal of the check, told on the card: what it says of the extra thing stands at its field.
pub fn on_card(error: Error, t: Texts) -> Result<Errors, Error> {
    let mut errors = Errors::of(error, t)?;
    for error in errors.0.iter_mut().filter(|error| error.field.starts_with("deviations[")) {
        error.field = if error.field.ends_with(".name") { "extra".to_owned() } else { "form".to_owned() };
    }
    Ok(errors)
}
