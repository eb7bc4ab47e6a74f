//! The kits of an organisation by name: what a phone knows codes by without network, and what is looked through for a kit
//! that has no label.

use crate::kits::code::Code;
use crate::loans::rules::Status;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{KitId, OrganisationId};
use crate::schema::{kit_types, kits, loans, units};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;
use std::collections::HashMap;

/// The most kits that are told.
const MOST: i64 = 10_000;

/// A kit in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct KnownKit {
    /// Its code.
    pub code: Code,
    /// What people call it: "Bee-Bot A".
    pub name: String,
    /// Where it stands; empty when nobody has said.
    pub shelf: String,
    /// The unit that has it, or is to have it next.
    pub unit: Option<String>,
}

impl KnownKit {
    /// Each of the words is found in the kit's name, shelf, code or unit.
    pub fn matches(&self, words: &str) -> bool {
        let text = format!("{} {} {} {}", self.name, self.shelf, self.code, self.unit.as_deref().unwrap_or_default());
        let text = text.to_lowercase();
        let mut words = words.split_whitespace().map(str::to_lowercase).peekable();
        words.peek().is_some() && words.all(|word| text.contains(&word))
    }
}

/// All kits in use, by name.
///
/// # Errors
/// When the database fails.
pub fn kits(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<KnownKit>, Error> {
    let mut with: Vec<(KitId, Status, NaiveDate, String)> = loans::table
        .inner_join(units::table)
        .filter(loans::organisation_id.eq(organisation))
        .filter(loans::status.eq_any([Status::Reserved, Status::Ready, Status::Out]))
        .select((loans::kit_id, loans::status, loans::first_day, units::name))
        .load(conn)?;
    // The likeliest last: it is the one that stays in the map.
    with.sort_by_key(|(_, status, first_day, _)| {
        let nearness = [Status::Reserved, Status::Ready, Status::Out].iter().position(|one| one == status);
        (nearness, std::cmp::Reverse(*first_day))
    });
    let mut with: HashMap<KitId, String> = with.into_iter().map(|(kit, _, _, unit)| (kit, unit)).collect();
    let rows: Vec<(KitId, Code, String, String, String)> = kits::table
        .inner_join(kit_types::table)
        .filter(kits::organisation_id.eq(organisation).and(kits::retired_at.is_null()))
        .order((kit_types::name.asc(), kits::copy.asc()))
        .limit(MOST)
        .select((kits::id, kits::code, kit_types::name, kits::copy, kits::shelf))
        .load(conn)?;
    let known = |(id, code, name, copy, shelf): (KitId, Code, String, String, String)| KnownKit {
        code,
        name: format!("{name} {copy}"),
        shelf,
        unit: with.remove(&id),
    };
    Ok(rows.into_iter().map(known).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_kit_is_found_by_words_in_any_order() {
        let code = (100..).find_map(Code::from_value).unwrap();
        let kit = KnownKit {
            code,
            name: "Bee-Bot A".to_owned(),
            shelf: "B2".to_owned(),
            unit: Some("Förskolan Lyktan".to_owned()),
        };
        for words in ["bee-bot lyktan", "LYKTAN bee", "b2", "förskolan  a", code.to_string().as_str()] {
            assert!(kit.matches(words), "{words}");
        }
        assert!(!kit.matches("bee-bot kometen") && !kit.matches("  "));
    }
}
