//! The code on a label: six random characters and one that checks them.
//!
//! Crockford's base 32 (digits and letters without I, L, O and U) with his check character, the value modulo 37. Only
//! values whose check is an ordinary letter or digit are used, so that every code can be typed anywhere and fits QR's
//! alphanumeric mode. What stands here is printed on boxes: it must not change.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Crockford's digits; the first 32 of the check characters, too.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters that carry the value.
const LENGTH: usize = 6;
/// One more than the largest value.
const VALUES: u32 = 1 << (5 * LENGTH);
/// Crockford's check is taken modulo this prime.
const CHECK_MODULUS: u32 = 37;
/// Words that no child should carry home, as they would stand in a code (1 reads as I, 0 as O).
const RUDE: &[&str] = &["F1TTA", "KVK", "HRA", "F4N", "FAN", "SEX", "XXX", "P1SS", "SH1T", "KNAR", "NAZ1", "P0RR"];

/// A kit's code: seven characters, told as `00016JD`, printed as `000-16JD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, AsExpression, FromSqlRow, utoipa::ToSchema)]
#[diesel(sql_type = Text)]
#[schema(value_type = String, example = "00016JD")]
pub struct Code([u8; LENGTH + 1]);

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// There is nothing.
    #[error("empty")]
    Empty,
    /// Too short, too long, or with characters that no code has.
    #[error("not a code")]
    NotACode,
    /// A character was misread or mistyped, or two changed places.
    #[error("the check character does not fit")]
    WrongCheck,
}

impl Code {
    /// A code for a value; none when its check would be a symbol, or when it spells a rude word.
    pub fn from_value(value: u32) -> Option<Self> {
        if value >= VALUES {
            return None;
        }
        let mut characters = [0; LENGTH + 1];
        for (place, character) in characters.iter_mut().take(LENGTH).enumerate() {
            *character = digit(value >> (5 * (LENGTH - 1 - place)) & 31)?;
        }
        characters[LENGTH] = digit(value % CHECK_MODULUS)?;
        let code = Self(characters);
        if RUDE.iter().any(|word| code.as_str().contains(word)) { None } else { Some(code) }
    }

    /// A code at random.
    pub fn random(rng: &mut impl rand::Rng) -> Self {
        use rand::RngExt;
        loop {
            if let Some(code) = Self::from_value(rng.random_range(0..VALUES)) {
                return code;
            }
        }
    }

    /// Reads a code from what was scanned or typed: the code itself, or the address on a label of any host. Case,
    /// hyphens and spaces do not matter; I and L read as 1, O as 0.
    ///
    /// # Errors
    /// Why it is no code.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        let address = text.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let last = address.rsplit('/').next().unwrap_or_default();
        let mut characters = [0; LENGTH + 1];
        let mut count = 0;
        for character in last.chars().filter(|c| !matches!(c, '-' | ' ' | '\u{2010}'..='\u{2015}' | '\u{a0}')) {
            let place = characters.get_mut(count).ok_or(CodeError::NotACode)?;
            *place = canonical(character).ok_or(CodeError::NotACode)?;
            count += 1;
        }
        match count {
            0 => Err(CodeError::Empty),
            count if count == LENGTH + 1 => Self::checked(characters),
            _ => Err(CodeError::NotACode),
        }
    }

    fn checked(characters: [u8; LENGTH + 1]) -> Result<Self, CodeError> {
        let mut value = 0;
        for character in &characters[..LENGTH] {
            let digit = DIGITS.iter().position(|d| d == character).ok_or(CodeError::NotACode)?;
            value = value << 5 | u32::try_from(digit).map_err(|_| CodeError::NotACode)?;
        }
        if digit(value % CHECK_MODULUS) == Some(characters[LENGTH]) {
            Ok(Self(characters))
        } else {
            Err(CodeError::WrongCheck)
        }
    }

    /// The seven characters, as they are stored.
    pub fn as_str(&self) -> &str {
        // The characters are ASCII by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// What the QR on the label says: all in upper case, which QR stores in fewer bits. Frozen: labels outlive releases.
    pub fn payload(&self, label_url: &str) -> String {
        format!("{}/K/{}", label_url.trim_end_matches('/').to_uppercase(), self.as_str())
    }
}

fn digit(value: u32) -> Option<u8> {
    DIGITS.get(usize::try_from(value).ok()?).copied()
}

fn canonical(character: char) -> Option<u8> {
    let upper = u8::try_from(character.to_ascii_uppercase()).ok()?;
    match upper {
        b'I' | b'L' => Some(b'1'),
        b'O' => Some(b'0'),
        other => DIGITS.contains(&other).then_some(other),
    }
}

/// As it is printed: `7K3-M9QX`.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, tail) = self.as_str().split_at(3);
        write!(f, "{head}-{tail}")
    }
}

impl std::str::FromStr for Code {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::parse(text)
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl<DB> ToSql<Text, DB> for Code
where
    DB: Backend,
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_str().to_sql(out)
    }
}

impl<DB> FromSql<Text, DB> for Code
where
    DB: Backend,
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::parse(&<String as FromSql<Text, DB>>::from_sql(value)?)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_payload_never_changes() {
        let code = Code::parse("7K3-M9Q0").or_else(|_| Code::from_value(244_420_278).ok_or(CodeError::NotACode));
        let code = code.unwrap();
        let expected = format!("HTTPS://LADA.KOMMUN.EXAMPLE/K/{}", code.as_str());
        assert_eq!(code.payload("https://lada.kommun.example/"), expected);
        assert_eq!(Code::from_value(1234).unwrap().payload("https://a.b"), "HTTPS://A.B/K/00016JD");
        assert_eq!(Code::from_value(1234).unwrap().to_string(), "000-16JD");
    }

    #[test]
    fn codes_are_read_from_labels_of_any_host_and_from_careless_typing() {
        let code = Code::from_value(1234).unwrap();
        for text in [
            "00016JD",
            "000-16jd",
            " ooo i6 jd ",
            "OOOL6JD",
            "HTTPS://OLD.EXAMPLE/K/00016JD",
            "http://127.0.0.1:8080/k/000-16jd/?a=b#c",
        ] {
            assert_eq!(Code::parse(text), Ok(code), "{text}");
        }
        assert_eq!(Code::parse(""), Err(CodeError::Empty));
        assert_eq!(Code::parse("00016JE"), Err(CodeError::WrongCheck));
        for text in ["00016J", "00016JDD", "0001UJD", "https://lada.example/om", "å", "00016J*"] {
            assert_eq!(Code::parse(text), Err(CodeError::NotACode), "{text}");
        }
    }

    #[test]
    fn one_wrong_character_or_two_that_change_places_are_noticed() {
        for value in (0..VALUES).step_by(2_654_435) {
            let Some(code) = Code::from_value(value) else { continue };
            for place in 0..code.0.len() {
                for other in DIGITS.iter().filter(|d| **d != code.0[place]) {
                    let mut wrong = code.0;
                    wrong[place] = *other;
                    assert_eq!(Code::checked(wrong), Err(CodeError::WrongCheck));
                }
                if place + 1 < code.0.len() && code.0[place] != code.0[place + 1] {
                    let mut wrong = code.0;
                    wrong.swap(place, place + 1);
                    assert_eq!(Code::checked(wrong), Err(CodeError::WrongCheck));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn a_code_is_read_as_it_was_written(value in 0..VALUES) {
            if let Some(code) = Code::from_value(value) {
                prop_assert_eq!(Code::parse(code.as_str()), Ok(code));
                prop_assert_eq!(Code::parse(&code.to_string().to_lowercase()), Ok(code));
            }
        }

        #[test]
        fn no_text_is_too_much(text in ".*") {
            let _ = Code::parse(&text);
        }
    }
}
