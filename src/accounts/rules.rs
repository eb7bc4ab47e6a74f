//! Roles, the evaluation gate, and what makes an address or a name usable.

use crate::platform::db::types::text_enum;
use crate::platform::error::FieldError;

text_enum! {
    /// What a person may do; one person can have several.
    pub enum Role {
        /// Finds and reserves kits for their units, sees their loans, writes their evaluations.
        Borrower = "borrower",
        /// Packs, hands out, receives, labels.
        Warehouse = "warehouse",
        /// Reads evaluations, reserves for any unit, releases a loan from its evaluation.
        Developer = "developer",
        /// Looks after the organisation, its people, units, kit types and kits.
        Admin = "admin",
    }
}

text_enum! {
    /// What a missing evaluation holds back.
    pub enum EvaluationGate {
        /// The kit cannot be lent until the loan is returned.
        Kit = "kit",
        /// The kit can be lent once it is back; the unit owes the evaluation.
        Unit = "unit",
    }
}

/// The longest name or address taken, in characters.
pub const LONGEST_NAME: usize = 120;

/// An address as it is stored: trimmed and in lower case, so that one person has one account.
///
/// # Errors
/// `field.missing` or `field.email`.
pub fn email(field: &str, text: &str) -> Result<String, FieldError> {
    let address = text.trim().to_lowercase();
    if address.is_empty() {
        return Err(FieldError::new(field, "field.missing"));
    }
    match address.parse::<lettre::Address>() {
        Ok(_) if address.chars().count() <= LONGEST_NAME => Ok(address),
        _ => Err(FieldError::new(field, "field.email")),
    }
}

/// A name as it is stored: trimmed, one line, not empty, at most [`LONGEST_NAME`] characters.
///
/// # Errors
/// `field.missing`, `field.too_long` or `field.one_line`.
pub fn name(field: &str, text: &str) -> Result<String, FieldError> {
    let name = text.trim();
    if name.is_empty() {
        return Err(FieldError::new(field, "field.missing"));
    }
    line(field, name)
}

/// A line of text that may be empty.
///
/// # Errors
/// `field.too_long` or `field.one_line`.
pub fn line(field: &str, text: &str) -> Result<String, FieldError> {
    let line = text.trim();
    if line.chars().count() > LONGEST_NAME {
        return Err(FieldError::new(field, "field.too_long").arg("most", LONGEST_NAME));
    }
    if line.chars().any(char::is_control) {
        return Err(FieldError::new(field, "field.one_line"));
    }
    Ok(line.to_owned())
}

/// A number within bounds.
///
/// # Errors
/// `field.range`, with the bounds.
pub fn in_range(field: &str, value: i32, least: i32, most: i32) -> Result<i32, FieldError> {
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(FieldError::new(field, "field.range").arg("least", least).arg("most", most))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_form() {
        assert_eq!(email("email", " Samira.Haddad@Lindvalla.Example ").unwrap(), "samira.haddad@lindvalla.example");
        for bad in ["", "  ", "samira", "samira@", "@lindvalla.example", "a b@c.se", "a@b.se\r\nBcc: c@d.se"] {
            assert!(email("email", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_are_one_short_line() {
        assert_eq!(name("name", " Lyktans förskola ").unwrap(), "Lyktans förskola");
        assert_eq!(name("name", " ").unwrap_err().code, "field.missing");
        assert_eq!(name("name", "a\u{0}b").unwrap_err().code, "field.one_line");
        assert_eq!(name("name", &"å".repeat(LONGEST_NAME + 1)).unwrap_err().code, "field.too_long");
    }
}
