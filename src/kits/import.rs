//! Kits from the list that a municipality has. Kit types must be there already: a list of kits does not say enough
//! about them.

use crate::accounts::rules::{in_range, line};
use crate::kits::actions::{self, AddKit};
use crate::kits::rules;
use crate::kits::store::Kit;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, FieldError, all_fields};
use crate::platform::events::By;
use crate::platform::ids::{KitTypeId, OrganisationId};
use crate::platform::import::{ByName, Import, Plan, Seen, number, said};
use crate::platform::spreadsheet::{Column, Row, Table};
use crate::schema::{kit_types, kits};
use diesel::prelude::*;
use std::collections::HashMap;

/// The most kits of one row.
const MOST_IN_ROW: i32 = 200;
/// The most kits of one file: they are added in one transaction, and others wait for it.
const MOST_IN_FILE: usize = 5000;

/// Kits: kit type, copy, shelf, how many.
#[derive(Debug)]
pub struct Kits;

/// What kits are compared with.
#[derive(Debug)]
pub struct TypesAndKits {
    types: ByName<KitTypeId>,
    kits: HashMap<(KitTypeId, String), Kit>,
}

/// Kits to add, all alike.
#[derive(Debug, Clone)]
pub struct AddKits {
    kit: AddKit,
    quantity: usize,
}

impl Import for Kits {
    const COLUMNS: &'static [Column] = &[
        Column {
            key: "kit_type",
            names: &["Lådtyp", "Låda", "Typ", "Namn", "Kit type", "Kit", "Type", "Name", "Kassetype", "Kasse", "Navn"],
        },
        Column { key: "copy", names: &["Kopia", "Exemplar", "Beteckning", "Bokstav", "Copy", "Eksemplar", "Bogstav"] },
        Column {
            key: "shelf",
            names: &["Hyllplats", "Hylla", "Plats", "Shelf", "Place", "Hylde", "Hyldeplads", "Plads"],
        },
        Column { key: "quantity", names: &["Antal", "Antal lådor", "Quantity", "Count", "Antal kasser"] },
    ];
    const NEEDED: &'static [&'static str] = &["kit_type"];
    type Existing = TypesAndKits;
    type Add = AddKits;

    fn existing(conn: &mut Conn, organisation: OrganisationId) -> Result<TypesAndKits, Error> {
        let types: Vec<(String, KitTypeId)> = kit_types::table
            .filter(kit_types::organisation_id.eq(organisation).and(kit_types::retired_at.is_null()))
            .select((kit_types::name, kit_types::id))
            .load(conn)?;
        let kits: Vec<Kit> = kits::table.filter(kits::organisation_id.eq(organisation)).load(conn)?;
        Ok(TypesAndKits {
            types: types.into_iter().collect(),
            kits: kits.into_iter().map(|kit| ((kit.kit_type_id, kit.copy.clone()), kit)).collect(),
        })
    }

    fn plan(existing: &TypesAndKits, table: &Table) -> Plan<AddKits> {
        let (mut plan, mut seen) = (Plan::default(), Seen::default());
        for row in &table.rows {
            let outcome = kits_of_row(existing, &mut seen, MOST_IN_FILE.saturating_sub(plan.added), row);
            plan.take(row, outcome);
        }
        // Kits that have a letter come first, so that those that get one do not take it.
        plan.add.sort_by_key(|add| add.kit.copy.is_none());
        plan
    }

    fn add(tx: &mut Tx<'_>, by: By, add: &AddKits) -> Result<(), Error> {
        for _ in 0..add.quantity {
            actions::add_kit(tx, by, &add.kit)?;
        }
        Ok(())
    }
}

fn kits_of_row(
    existing: &TypesAndKits,
    seen: &mut Seen,
    room: usize,
    row: &Row,
) -> Result<Option<(AddKits, usize)>, Vec<FieldError>> {
    let missing = || FieldError::new("kit_type", "field.missing");
    let known = |name: String| {
        let found = existing.types.find("kit_type", &name, "import.unknown_kit_type", "import.unknown_kit_type_like");
        found.copied()
    };
    all_fields! {
        kit_type = said("kit_type", row).ok_or_else(missing).and_then(known),
        copy = said("copy", row).map(|copy| rules::copy("copy", &copy)).transpose(),
        shelf = line("shelf", row.get("shelf")),
        quantity = quantity(row, room),
    }
    let kit = AddKit { kit_type_id: kit_type, copy, shelf: Some(shelf) };
    let Some(copy) = &kit.copy else { return Ok(Some((AddKits { kit, quantity }, quantity))) };
    seen.once("copy", &format!("{kit_type} {copy}"), row)?;
    match existing.kits.get(&(kit_type, copy.clone())) {
        None => Ok(Some((AddKits { kit, quantity }, quantity))),
        Some(there) if there.retired_at.is_some() => {
            Err(vec![FieldError::new("copy", "kit.copy_taken").arg("copy", copy)])
        }
        Some(there) if kit.shelf.as_ref().is_none_or(|shelf| shelf.is_empty() || *shelf == there.shelf) => Ok(None),
        Some(_) => Err(vec![FieldError::new("copy", "import.already_there")]),
    }
}

/// How many kits a row means: one unless it says; of a copy with a name there is one.
fn quantity(row: &Row, room: usize) -> Result<usize, FieldError> {
    let quantity = number("quantity", row)?.unwrap_or(1);
    let most = if row.get("copy").is_empty() { MOST_IN_ROW } else { 1 };
    if most == 1 && quantity > 1 {
        return Err(FieldError::new("quantity", "import.one_of_each_copy"));
    }
    let quantity = in_range("quantity", quantity, 1, most)?;
    match usize::try_from(quantity) {
        Ok(quantity) if quantity <= room => Ok(quantity),
        _ => Err(FieldError::new("quantity", "import.too_many_kits").arg("most", MOST_IN_FILE)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kits::code::Code;
    use crate::platform::db::types::Instant;
    use crate::platform::ids::KitId;
    use crate::platform::spreadsheet;

    fn plan(text: &str) -> Plan<AddKits> {
        let (bee_bot, cubetto) = (KitTypeId::new(), KitTypeId::new());
        let now = Instant::new("2026-08-17T06:00:00Z".parse().unwrap());
        let kit = |copy: &str, retired_at| Kit {
            id: KitId::new(),
            organisation_id: OrganisationId::new(),
            kit_type_id: bee_bot,
            code: Code::random(&mut rand::rng()),
            copy: copy.to_owned(),
            shelf: "B3".to_owned(),
            version: 1,
            created_at: now,
            retired_at,
            lost_at: None,
        };
        let kits = [kit("A", None), kit("B", Some(now))].map(|kit| ((bee_bot, kit.copy.clone()), kit));
        let types = [("Bee-Bot".to_owned(), bee_bot), ("Cubetto".to_owned(), cubetto)];
        let existing = TypesAndKits { types: types.into_iter().collect(), kits: kits.into_iter().collect() };
        Kits::plan(&existing, &spreadsheet::read(text.as_bytes(), Kits::COLUMNS).unwrap())
    }

    fn wrong(plan: &Plan<AddKits>) -> Vec<String> {
        plan.errors.iter().map(|error| format!("{} {} {}", error.line, error.wrong.field, error.wrong.code)).collect()
    }

    #[test]
    fn kits_with_a_letter_are_added_before_those_that_get_one() {
        let plan = plan("Lådtyp;Kopia;Hyllplats;Antal\nCUBETTO;;C1;3\nBee-Bot;a;B3;\nCubetto;a;C1;\n");
        assert_eq!(wrong(&plan), Vec::<String>::new());
        assert_eq!((plan.added, plan.unchanged), (4, 1));
        let copies: Vec<Option<&str>> = plan.add.iter().map(|add| add.kit.copy.as_deref()).collect();
        assert_eq!(copies, [Some("A"), None]);
    }

    #[test]
    fn every_bad_row_is_named() {
        let plan = plan(
            "Lådtyp;Kopia;Hyllplats;Antal\nBebot;C;;\nDator;;;\n;;B1;\nBee-Bot;A;B4;\nBee-Bot;B;;\nCubetto;A;;2\n\
             Cubetto;C;;\nCubetto;c;;\nCubetto;;;0\nCubetto;;;två\nCubetto;för långt namn;;\n",
        );
        assert_eq!(
            wrong(&plan),
            [
                "2 kit_type import.unknown_kit_type_like",
                "3 kit_type import.unknown_kit_type",
                "4 kit_type field.missing",
                "5 copy import.already_there",
                "6 copy kit.copy_taken",
                "7 quantity import.one_of_each_copy",
                "9 copy import.duplicate_row",
                "10 quantity field.range",
                "11 quantity import.not_a_number",
                "12 copy field.too_long",
            ]
        );
    }

    #[test]
    fn a_file_makes_no_endless_number_of_kits() {
        let text = format!("Lådtyp;Antal\n{}", "Cubetto;200\n".repeat(26));
        let plan = plan(&text);
        assert_eq!((plan.added, wrong(&plan)), (MOST_IN_FILE, vec!["27 quantity import.too_many_kits".to_owned()]));
    }
}
