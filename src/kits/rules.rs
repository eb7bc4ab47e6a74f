//! What makes a kit type and a kit usable, and which copy letter comes next.

use crate::accounts::rules::{in_range, line, name};
use crate::platform::db::types::text_enum;
use crate::platform::error::{FieldError, all_fields};
use crate::platform::ids::{ContentLineId, KitId};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

text_enum! {
    /// How much a kit type is used in front of a screen.
    pub enum Screen {
        /// Without any screen.
        None = "none",
        /// With a screen now and then, or if one wishes.
        Partly = "partly",
        /// In front of a screen.
        Screen = "screen",
    }
}

text_enum! {
    /// What the parts of a kit run on.
    pub enum PowerSource {
        /// Nothing, or the borrower's own devices.
        None = "none",
        /// Batteries that are changed. They leak when they lie for months.
        Batteries = "batteries",
        /// Batteries that are charged. They die when they lie empty for months.
        Rechargeable = "rechargeable",
        /// A socket in the wall.
        Mains = "mains",
    }
}

text_enum! {
    /// What it means that a part is gone.
    pub enum ContentKind {
        /// Without it the kit cannot be lent.
        Essential = "essential",
        /// The kit can go on without it until it has been replaced.
        Replaceable = "replaceable",
        /// It is meant to be used up.
        Consumable = "consumable",
    }
}

text_enum! {
    /// What is done with a kit that is kept from being lent meanwhile.
    pub enum ServiceKind {
        /// Something is mended.
        Repair = "repair",
        /// Batteries are charged.
        Charge = "charge",
        /// It is cleaned.
        Clean = "clean",
        /// What is missing is put in.
        Refill = "refill",
    }
}

/// The longest description, and the longest way to get started, in characters.
pub const LONGEST_TEXT: usize = 4000;
/// The longest contents list, in lines.
pub const MOST_LINES: usize = 200;
/// The longest name of a copy, in characters.
pub const LONGEST_COPY: usize = 10;

/// A new kit type, or what a kit type is changed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveKitType {
    /// Its name, unique in the organisation.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// What it is, and what children do with it.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub description: String,
    /// How to get started, one step a line.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub get_started: String,
    /// Youngest age, in years.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 99)]
    pub age_from: Option<i32>,
    /// Oldest age, in years.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 99)]
    pub age_to: Option<i32>,
    /// How much it is used in front of a screen.
    #[serde(default = "without_screen")]
    pub screen: Screen,
    /// Batteries and charging, in words.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub power: String,
    /// What its parts run on: tells what is done before a kit stands for months.
    #[serde(default = "no_power")]
    #[schema(default = "none")]
    pub power_source: PowerSource,
    /// The longest loan, in days, from its first day to its last: a loan of 21 days that begins on a Tuesday ends on a Tuesday.
    #[serde(default = "three_weeks")]
    #[schema(minimum = 1, maximum = 366, default = 21)]
    pub loan_days: i32,
    /// Days that a kit needs between two loans.
    #[serde(default = "three_days")]
    #[schema(minimum = 0, maximum = 90, default = 3)]
    pub turnaround_days: i32,
    /// What is done with a kit each time it comes back, on its turnaround days; nothing when left out.
    #[serde(default)]
    pub service_after_loan: Option<ServiceKind>,
    /// What is done with a kit every so many days; nothing when left out.
    #[serde(default)]
    pub service_every: Option<ServiceKind>,
    /// Every how many days that is done.
    #[serde(default)]
    #[schema(minimum = 7, maximum = 1000)]
    pub service_every_days: Option<i32>,
    /// What is in the box.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub contents: Vec<ContentLine>,
}

/// A line of the contents list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentLine {
    /// The line, by which it is known when it is renamed, and when a part is reported missing. Told of every line that is
    /// saved; sent back, the line stays the same. A line sent without it is known by its name.
    #[serde(default)]
    pub id: Option<ContentLineId>,
    /// The part.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// How many.
    #[schema(minimum = 1, maximum = 10_000)]
    pub quantity: i32,
    /// What it means that it is gone.
    pub kind: ContentKind,
    /// What one costs to buy, in hundredths of the currency (öre).
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub price: Option<i32>,
}

fn without_screen() -> Screen {
    Screen::None
}

fn no_power() -> PowerSource {
    PowerSource::None
}

fn three_weeks() -> i32 {
    21
}

fn three_days() -> i32 {
    3
}

/// A kit type as it is stored: trimmed, and within bounds.
///
/// # Errors
/// Every wrong field; of the contents list by its place, as in `contents[2].quantity`.
pub fn kit_type(save: &SaveKitType) -> Result<SaveKitType, Vec<FieldError>> {
    all_fields! {
        name = name("name", &save.name),
        description = text("description", &save.description),
        get_started = text("get_started", &save.get_started),
        age_from = age("age_from", save.age_from),
        age_to = match (save.age_from, save.age_to) {
            (Some(from), Some(to)) if to < from => Err(FieldError::new("age_to", "kit_type.ages_reversed")),
            (_, to) => age("age_to", to),
        },
        power = line("power", &save.power),
        loan_days = in_range("loan_days", save.loan_days, 1, 366),
        turnaround_days = in_range("turnaround_days", save.turnaround_days, 0, 90),
        service_every_days = service_every_days(save.service_every, save.service_every_days),
        contents = contents(&save.contents),
    }
    let screen = save.screen;
    Ok(SaveKitType {
        name,
        description,
        get_started,
        age_from,
        age_to,
        screen,
        power,
        power_source: save.power_source,
        loan_days,
        turnaround_days,
        service_after_loan: save.service_after_loan,
        service_every: save.service_every,
        service_every_days,
        contents,
    })
}

/// A shelf's name without what makes no difference: case, and spaces around and between.
pub fn shelf_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// True when two names are of one shelf.
pub fn same_shelf(one: &str, other: &str) -> bool {
    shelf_key(one) == shelf_key(other)
}

/// The order in which one walks along the shelves: numbers in their names count as numbers, so that A2 stands before A10.
/// What has no shelf comes last. Two names of one shelf have the same.
pub fn shelf_order(shelf: &str) -> (bool, Vec<(String, u64)>, String) {
    let mut parts: Vec<(String, u64)> = vec![(String::new(), 0)];
    let mut in_number = false;
    let key = shelf_key(shelf);
    for letter in key.chars() {
        let digit = letter.to_digit(10);
        if in_number && digit.is_none() {
            parts.push((String::new(), 0));
        }
        in_number = digit.is_some();
        if let Some((name, number)) = parts.last_mut() {
            match digit {
                Some(digit) => *number = number.saturating_mul(10).saturating_add(u64::from(digit)),
                None => name.push(letter),
            }
        }
    }
    (key.is_empty(), parts, key)
}

/// Where a kit stands in a list by shelf; as it is written in a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfPlace {
    /// The kit.
    pub kit: KitId,
    /// Its shelf.
    pub shelf: String,
}

impl ShelfPlace {
    /// The order of such lists.
    pub fn order(&self) -> (impl Ord + use<>, KitId) {
        (shelf_order(&self.shelf), self.kit)
    }
}

impl fmt::Display for ShelfPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kit, self.shelf)
    }
}

impl FromStr for ShelfPlace {
    type Err = ();

    fn from_str(cursor: &str) -> Result<Self, ()> {
        let (kit, shelf) = cursor.split_once(' ').ok_or(())?;
        Ok(Self { kit: kit.parse().map_err(|_| ())?, shelf: shelf.to_owned() })
    }
}

/// What is done every so many days needs both: what, and how many.
fn service_every_days(kind: Option<ServiceKind>, days: Option<i32>) -> Result<Option<i32>, FieldError> {
    match (kind, days) {
        (Some(_), None) => Err(FieldError::new("service_every_days", "field.missing")),
        (None, Some(_)) => Err(FieldError::new("service_every", "field.missing")),
        (_, days) => days.map(|days| in_range("service_every_days", days, 7, 1000)).transpose(),
    }
}

fn age(field: &str, years: Option<i32>) -> Result<Option<i32>, FieldError> {
    years.map(|years| in_range(field, years, 0, 99)).transpose()
}

/// Some lines of text, which may be empty: trimmed, with plain line breaks.
///
/// # Errors
/// `field.too_long` or `field.plain_text`.
pub fn text(field: &str, text: &str) -> Result<String, FieldError> {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().count() > LONGEST_TEXT {
        return Err(FieldError::new(field, "field.too_long").arg("most", LONGEST_TEXT));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(FieldError::new(field, "field.plain_text"));
    }
    Ok(text)
}

fn contents(lines: &[ContentLine]) -> Result<Vec<ContentLine>, Vec<FieldError>> {
    if lines.len() > MOST_LINES {
        return Err(vec![FieldError::new("contents", "kit_type.too_many_lines").arg("most", MOST_LINES)]);
    }
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for (place, line) in lines.iter().enumerate() {
        match content_line(place, line) {
            Ok(line) => good.push(line),
            Err(more) => wrong.extend(more),
        }
    }
    if wrong.is_empty() { Ok(good) } else { Err(wrong) }
}

fn content_line(place: usize, line: &ContentLine) -> Result<ContentLine, Vec<FieldError>> {
    all_fields! {
        name = name(&format!("contents[{place}].name"), &line.name),
        quantity = in_range(&format!("contents[{place}].quantity"), line.quantity, 1, 10_000),
        price = line.price.map(|price| in_range(&format!("contents[{place}].price"), price, 0, 100_000_000)).transpose(),
    }
    Ok(ContentLine { id: line.id, name, quantity, kind: line.kind, price })
}

/// Which of a type's lines each line of a list that is saved is: the one with its id, else one of its name that no other
/// line is. None for a new line.
pub fn same_lines(known: &[(ContentLineId, String)], lines: &[ContentLine]) -> Vec<Option<ContentLineId>> {
    let mut left = known.to_vec();
    let mut take = |is_it: &dyn Fn(&(ContentLineId, String)) -> bool| {
        let place = left.iter().position(is_it)?;
        Some(left.remove(place).0)
    };
    let by_id: Vec<_> = lines.iter().map(|line| take(&|(id, _)| line.id == Some(*id))).collect();
    by_id.into_iter().zip(lines).map(|(same, line)| same.or_else(|| take(&|(_, name)| *name == line.name))).collect()
}

/// The name of a copy as it is stored: short, in upper case.
///
/// # Errors
/// `field.missing`, `field.too_long` or `field.one_line`.
pub fn copy(field: &str, text: &str) -> Result<String, FieldError> {
    let copy = name(field, text)?.to_uppercase();
    if copy.chars().count() > LONGEST_COPY {
        return Err(FieldError::new(field, "field.too_long").arg("most", LONGEST_COPY));
    }
    Ok(copy)
}

/// The first copy letter that is not taken: A to Z, then AA to AZ, BA and so on.
pub fn next_copy(taken: &HashSet<String>) -> String {
    let mut copy = letters(0);
    // One more than are taken is enough to find a free one.
    for number in 1..=taken.len() {
        if !taken.contains(&copy) {
            break;
        }
        copy = letters(number);
    }
    copy
}

/// 0 is A, 25 is Z, 26 is AA.
fn letters(number: usize) -> String {
    let last = char::from(b'A' + u8::try_from(number % 26).unwrap_or_default());
    match number / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letters(more - 1)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn shelves_are_walked_along_in_the_order_of_their_numbers() {
        assert_eq!(shelf_order(" a  2"), shelf_order("A 2"));
        assert!(shelf_order("A") < shelf_order("A0"), "two shelves");
        let mut shelves = ["", "Rum 2:12", "Rum 2:2", "Rum 2:1", "B1", "A10", "A2", "99999999999999999999999", "3"];
        shelves.sort_by_cached_key(|shelf| shelf_order(shelf));
        assert_eq!(shelves, ["3", "99999999999999999999999", "A2", "A10", "B1", "Rum 2:1", "Rum 2:2", "Rum 2:12", ""]);
    }

    fn bee_bot() -> SaveKitType {
        serde_json::from_value(serde_json::json!({
            "name": " Bee-Bot ",
            "contents": [{ "name": "Bee-Bot", "quantity": 6, "kind": "essential" }],
        }))
        .unwrap()
    }

    fn line(id: Option<ContentLineId>, name: &str, quantity: i32) -> ContentLine {
        ContentLine { id, name: name.to_owned(), quantity, kind: ContentKind::Replaceable, price: None }
    }

    fn fields(save: &SaveKitType) -> Vec<(String, &'static str)> {
        kit_type(save).unwrap_err().into_iter().map(|wrong| (wrong.field, wrong.code)).collect()
    }

    #[test]
    fn what_is_not_said_has_a_usual_value() {
        let saved = kit_type(&bee_bot()).unwrap();
        assert_eq!(saved.name, "Bee-Bot");
        assert_eq!((saved.loan_days, saved.turnaround_days, saved.screen), (21, 3, Screen::None));
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let mut save = bee_bot();
        save.name = "  ".into();
        save.description = "å".repeat(LONGEST_TEXT + 1);
        save.get_started = "a\u{0}".into();
        (save.age_from, save.age_to) = (Some(5), Some(4));
        (save.loan_days, save.turnaround_days) = (0, 91);
        save.contents.push(line(None, "Karta", 1));
        save.contents.push(line(None, "", 10_001));
        let wrong = fields(&save);
        let names: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(
            names,
            [
                "name",
                "description",
                "get_started",
                "age_to",
                "loan_days",
                "turnaround_days",
                "contents[2].name",
                "contents[2].quantity",
            ]
        );
    }

    #[test]
    fn the_bounds_themselves_are_within() {
        let mut save = bee_bot();
        (save.age_from, save.age_to, save.loan_days, save.turnaround_days) = (Some(0), Some(99), 366, 0);
        save.description = "å".repeat(LONGEST_TEXT);
        assert!(kit_type(&save).is_ok());
        save.age_to = Some(100);
        assert_eq!(fields(&save), [("age_to".to_owned(), "field.range")]);
        save.age_to = Some(0);
        assert!(kit_type(&save).is_ok());
        save.contents = vec![save.contents[0].clone(); MOST_LINES + 1];
        assert_eq!(fields(&save), [("contents".to_owned(), "kit_type.too_many_lines")]);
    }

    #[test]
    fn a_line_is_known_by_its_id_and_else_by_its_name() {
        let [robot, card, mat] = [1, 2, 3].map(|n| ContentLineId::from(uuid::Uuid::from_u128(n)));
        let known = [(robot, "Robot".to_owned()), (card, "Karta".to_owned()), (mat, "Matta".to_owned())];
        let same = |lines: &[ContentLine]| same_lines(&known, lines);
        assert_eq!(same(&[line(None, "Karta", 1), line(None, "Ny", 1)]), [Some(card), None]);
        // The line that says its id has it, wherever it stands.
        assert_eq!(same(&[line(None, "Karta", 1), line(Some(card), "Stor karta", 1)]), [None, Some(card)]);
        assert_eq!(same(&[line(Some(mat), "A", 1), line(Some(mat), "B", 1)]), [Some(mat), None]);
        let elsewhere = ContentLineId::new();
        assert_eq!(same(&[line(Some(elsewhere), "Robot", 1)]), [Some(robot)]);
    }

    #[test]
    fn line_breaks_are_kept_plain() {
        let mut save = bee_bot();
        save.get_started = "Slå på.\r\nTryck framåt.\r\n".into();
        assert_eq!(kit_type(&save).unwrap().get_started, "Slå på.\nTryck framåt.");
    }

    #[test]
    fn copy_letters_go_on_after_z() {
        assert_eq!(["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"], [0, 25, 26, 51, 52, 701, 702].map(letters));
        let taken = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<HashSet<_>>();
        assert_eq!(next_copy(&taken(&[])), "A");
        assert_eq!(next_copy(&taken(&["A", "C", "1"])), "B");
        assert_eq!(next_copy(&(0..26).map(letters).collect()), "AA");
    }

    #[test]
    fn copies_are_short_and_in_upper_case() {
        assert_eq!(copy("copy", " b ").unwrap(), "B");
        assert_eq!(copy("copy", "lådan vid fönstret").unwrap_err().code, "field.too_long");
        assert_eq!(copy("copy", "").unwrap_err().code, "field.missing");
    }
}
