//! Units and people from the lists that municipalities have.

use crate::accounts::actions::{self, SavePerson, SaveUnit};
use crate::accounts::rules::Role;
use crate::accounts::store::Unit;
use crate::platform::db::Tx;
use crate::platform::db::connection::Conn;
use crate::platform::error::{Error, FieldError, all_fields};
use crate::platform::events::By;
use crate::platform::ids::{OrganisationId, PersonId, UnitId};
use crate::platform::import::{ByName, Import, Plan, Seen, folded, number, said};
use crate::platform::spreadsheet::{Column, Row, Table};
use crate::schema::{people, person_roles, person_units, units};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Units: name, area, e-mail, number of children, street address, the weekday of delivery.
#[derive(Debug)]
pub struct Units;

impl Import for Units {
    const COLUMNS: &'static [Column] = &[
        Column {
            key: "name",
            names: &[
                "Namn",
                "Enhet",
                "Förskola",
                "Enhetsnamn",
                "Name",
                "Unit",
                "Preschool",
                "Navn",
                "Enhed",
                "Børnehave",
            ],
        },
        Column { key: "area", names: &["Område", "Stadsdel", "Distrikt", "Area", "District"] },
        Column { key: "email", names: EMAIL },
        Column {
            key: "children",
            names: &["Antal barn", "Barn", "Children", "Number of children", "Antal børn", "Børn"],
        },
        Column {
            key: "street_address",
            names: &["Adress", "Gatuadress", "Besöksadress", "Leveransadress", "Address", "Street address", "Adresse"],
        },
        Column {
            key: "delivery_weekday",
            names: &["Leveransdag", "Turdag", "Veckodag", "Delivery day", "Weekday", "Leveringsdag", "Ugedag"],
        },
    ];
    const NEEDED: &'static [&'static str] = &["name"];
    type Existing = Vec<Unit>;
    type Add = SaveUnit;

    fn existing(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<Unit>, Error> {
        Ok(units::table.filter(units::organisation_id.eq(organisation)).load(conn)?)
    }

    fn plan(existing: &Vec<Unit>, table: &Table) -> Plan<SaveUnit> {
        let known: ByName<&Unit> = existing.iter().map(|unit| (unit.name.clone(), unit)).collect();
        let (mut plan, mut seen) = (Plan::default(), Seen::default());
        for row in &table.rows {
            plan.take(row, unit(&known, &mut seen, row));
        }
        plan
    }

    fn add(tx: &mut Tx<'_>, by: By, add: &SaveUnit) -> Result<(), Error> {
        actions::add_unit(tx, by, add).map(drop)
    }
}

const EMAIL: &[&str] = &[
    "E-post",
    "E-postadress",
    "Mejl",
    "Mejladress",
    "Mail",
    "Mailadress",
    "E-mail",
    "Email address",
    "Funktionsbrevlåda",
];

fn unit(known: &ByName<&Unit>, seen: &mut Seen, row: &Row) -> Result<Option<(SaveUnit, usize)>, Vec<FieldError>> {
    let children = number("children", row);
    let weekday = weekday("delivery_weekday", row);
    let save = SaveUnit {
        name: row.get("name").to_owned(),
        area: said("area", row),
        email: said("email", row),
        children: children.clone().unwrap_or_default(),
        street_address: said("street_address", row),
        delivery_weekday: weekday.clone().unwrap_or_default(),
    };
    all_fields! {
        _children = children,
        _weekday = weekday,
        save = save.checked(),
        _once = seen.once("name", row.get("name"), row),
    }
    let Some(unit) = known.get(&save.name) else { return Ok(Some((save, 1))) };
    let same = said("area", row).is_none_or(|area| area == unit.area)
        && said("email", row).is_none_or(|email| email.to_lowercase() == unit.email)
        && save.children.is_none_or(|children| unit.children == Some(children))
        && said("street_address", row).is_none_or(|address| address == unit.street_address)
        && save.delivery_weekday.is_none_or(|day| unit.delivery_weekday == Some(day));
    if same { Ok(None) } else { Err(vec![FieldError::new("name", "import.already_there")]) }
}

/// What the days of the week are called in lists, from Monday, by how their names begin.
const WEEKDAYS: [&[&str]; 7] = [
    &["mån", "man", "mon"],
    &["tis", "tir", "tue"],
    &["ons", "wed"],
    &["tor", "thu"],
    &["fre", "fri"],
    &["lör", "lør", "sat"],
    &["sön", "søn", "sun"],
];

/// The day of the week in a cell, by its name or its number from Monday, if there is anything.
fn weekday(column: &'static str, row: &Row) -> Result<Option<i32>, FieldError> {
    let text = folded(row.get(column));
    if text.is_empty() {
        return Ok(None);
    }
    let named = WEEKDAYS.iter().position(|names| names.iter().any(|name| text.starts_with(name)));
    let day = named.and_then(|day| i32::try_from(day + 1).ok()).or_else(|| text.parse().ok());
    day.filter(|day| (1..=7).contains(day)).map(Some).ok_or_else(|| FieldError::new(column, "import.not_a_weekday"))
}

/// People: name, e-mail, roles, units.
#[derive(Debug)]
pub struct People;

/// A person who is there already.
#[derive(Debug, Clone)]
pub struct Known {
    name: String,
    roles: BTreeSet<Role>,
    units: BTreeSet<UnitId>,
}

/// What people are compared with.
#[derive(Debug)]
pub struct UnitsAndPeople {
    units: ByName<UnitId>,
    people: ByName<Known>,
}

impl Import for People {
    const COLUMNS: &'static [Column] = &[
        Column { key: "name", names: &["Namn", "Person", "Name", "Navn"] },
        Column { key: "email", names: EMAIL },
        Column { key: "roles", names: &["Roll", "Roller", "Role", "Roles", "Rolle"] },
        Column {
            key: "units",
            names: &[
                "Förskola",
                "Enhet",
                "Enheter",
                "Förskolor",
                "Unit",
                "Units",
                "Preschool",
                "Enhed",
                "Enheder",
                "Børnehave",
            ],
        },
    ];
    const NEEDED: &'static [&'static str] = &["name", "email", "roles"];
    type Existing = UnitsAndPeople;
    type Add = SavePerson;

    fn existing(conn: &mut Conn, organisation: OrganisationId) -> Result<UnitsAndPeople, Error> {
        let units: Vec<(String, UnitId)> =
            units::table.filter(units::organisation_id.eq(organisation)).select((units::name, units::id)).load(conn)?;
        let mine = people::table.filter(people::organisation_id.eq(organisation).and(people::removed_at.is_null()));
        let rows: Vec<(PersonId, Option<String>, String)> =
            mine.select((people::id, people::email, people::name)).load(conn)?;
        let roles: Vec<(PersonId, Role)> = people::table
            .inner_join(person_roles::table)
            .filter(people::organisation_id.eq(organisation))
            .select((people::id, person_roles::role))
            .load(conn)?;
        let members: Vec<(PersonId, UnitId)> = people::table
            .inner_join(person_units::table)
            .filter(people::organisation_id.eq(organisation))
            .select((people::id, person_units::unit_id))
            .load(conn)?;
        let (mut roles, mut members) = (grouped(roles), grouped(members));
        let known = rows.into_iter().map(|(id, email, name)| {
            let known = Known {
                name,
                roles: roles.remove(&id).unwrap_or_default(),
                units: members.remove(&id).unwrap_or_default(),
            };
            (email.unwrap_or_default(), known)
        });
        Ok(UnitsAndPeople { units: units.into_iter().collect(), people: known.collect() })
    }

    fn plan(existing: &UnitsAndPeople, table: &Table) -> Plan<SavePerson> {
        let (mut plan, mut seen) = (Plan::default(), Seen::default());
        for row in &table.rows {
            plan.take(row, person(existing, &mut seen, row));
        }
        plan
    }

    fn add(tx: &mut Tx<'_>, by: By, add: &SavePerson) -> Result<(), Error> {
        actions::add_person(tx, by, add).map(drop)
    }
}

fn grouped<T: Ord>(pairs: Vec<(PersonId, T)>) -> HashMap<PersonId, BTreeSet<T>> {
    let mut groups: HashMap<PersonId, BTreeSet<T>> = HashMap::new();
    for (person, thing) in pairs {
        groups.entry(person).or_default().insert(thing);
    }
    groups
}

fn person(
    existing: &UnitsAndPeople,
    seen: &mut Seen,
    row: &Row,
) -> Result<Option<(SavePerson, usize)>, Vec<FieldError>> {
    let (roles, units) = (roles(row), units_of(&existing.units, row));
    let save = SavePerson {
        name: row.get("name").to_owned(),
        email: row.get("email").to_owned(),
        language: None,
        roles: roles.clone().unwrap_or_default(),
        units: units.clone().unwrap_or_default(),
    };
    let checked = save.checked().map_err(|mut wrong| {
        // What cannot be read is not missing.
        wrong.retain(|wrong| !(wrong.field == "roles" && roles.is_err() || wrong.field == "units" && units.is_err()));
        wrong
    });
    all_fields! {
        save = checked,
        _roles = roles,
        _units = units,
        _once = seen.once("email", row.get("email"), row),
    }
    let Some(known) = existing.people.get(&save.email) else { return Ok(Some((save, 1))) };
    let same = save.name == known.name
        && known.roles.iter().eq(&save.roles)
        && (save.units.is_empty() || known.units.iter().eq(&save.units));
    if same { Ok(None) } else { Err(vec![FieldError::new("email", "import.already_there")]) }
}

/// The words that lists have for roles, in Swedish, Danish and English.
fn role(word: &str) -> Option<Role> {
    match folded(word).as_str() {
        "låntagare" | "lånare" | "låner" | "låntager" | "borrower" => Some(Role::Borrower),
        "lager" | "lagret" | "lagerpersonal" | "warehouse" => Some(Role::Warehouse),
        "utvecklare" | "utvecklare inom förskolan" | "udvikler" | "developer" => Some(Role::Developer),
        "administratör" | "admin" | "administrator" => Some(Role::Admin),
        _ => None,
    }
}

fn roles(row: &Row) -> Result<Vec<Role>, FieldError> {
    several(row.get("roles"))
        .map(|word| role(word).ok_or_else(|| FieldError::new("roles", "import.unknown_role").arg("name", word)))
        .collect()
}

/// The units in a cell. A name with a comma of its own is tried first.
fn units_of(known: &ByName<UnitId>, row: &Row) -> Result<Vec<UnitId>, FieldError> {
    let cell = row.get("units");
    if let Some(unit) = known.get(cell) {
        return Ok(vec![*unit]);
    }
    several(cell)
        .map(|name| known.find("units", name, "import.unknown_unit", "import.unknown_unit_like").copied())
        .collect()
}

/// What stands in a cell, divided by commas, semicolons, slashes or line breaks.
fn several(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([',', ';', '/', '\n']).map(str::trim).filter(|word| !word.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::platform::db::types::Instant;
    use crate::platform::spreadsheet;

    fn existing_unit(name: &str, area: &str, children: Option<i32>) -> Unit {
        Unit {
            id: UnitId::new(),
            organisation_id: OrganisationId::new(),
            name: name.to_owned(),
            area: area.to_owned(),
            email: String::new(),
            children,
            street_address: String::new(),
            delivery_weekday: None,
            version: 1,
            created_at: Instant::new("2026-08-17T06:00:00Z".parse().unwrap()),
        }
    }

    /// Every error as line, column, code and what it mentions.
    fn wrong<A>(plan: &Plan<A>) -> Vec<String> {
        let told = |error: &crate::platform::import::RowError| {
            let args: Vec<String> = error.wrong.args.iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
            format!("{} {} {}{}", error.line, error.wrong.field, error.wrong.code, args.concat())
        };
        plan.errors.iter().map(told).collect()
    }

    fn units(text: &str, existing: &[Unit]) -> Plan<SaveUnit> {
        Units::plan(&existing.to_vec(), &spreadsheet::read(text.as_bytes(), Units::COLUMNS).unwrap())
    }

    #[test]
    fn good_units_are_added_and_those_already_there_left_alone() {
        let there = [existing_unit("Lyktans förskola", "Centrum", Some(78))];
        let plan = units(
            "Förskola;Område;E-post;Antal barn\nKometens förskola;Norra;Kometen@Lindvalla.example;112,0\n\
             lyktans  FÖRSKOLA;Centrum;;\n",
            &there,
        );
        assert_eq!(wrong(&plan), Vec::<String>::new());
        assert_eq!((plan.added, plan.unchanged), (1, 1));
        let comet = plan.add.first().unwrap();
        assert_eq!(comet.email.as_deref(), Some("kometen@lindvalla.example"));
        assert_eq!(comet.children, Some(112));
    }

    #[test]
    fn every_bad_cell_of_every_unit_is_named() {
        let there = [existing_unit("Lyktans förskola", "Centrum", Some(78))];
        let plan = units(
            "Namn;Område;E-post;Antal barn\n;Norra;inte en adress;många\nKometen;;;-1\n\nKometen;;;\n\
             Lyktans förskola;Norra;;\n",
            &there,
        );
        assert_eq!(
            wrong(&plan),
            [
                "2 children import.not_a_number",
                "2 name field.missing",
                "2 email field.email",
                "3 children field.range least=Number(0) most=Number(100000)",
                "5 name import.duplicate_row line=Number(3)",
                "6 name import.already_there",
            ]
        );
        assert_eq!(plan.errors.first().unwrap().value, "många");
    }

    #[test]
    fn the_day_of_the_van_is_read_by_name_in_three_languages_and_by_number() {
        let plan = units(
            "Förskola;Gatuadress;Turdag\nA;Torggatan 4;Tisdag\nB;;tors\nC;;Friday\nD;;lørdag\nE;;1\nF;;\nG;;8\nH;;snart\n",
            &[],
        );
        let days: Vec<_> = plan.add.iter().map(|unit| unit.delivery_weekday).collect();
        assert_eq!(days, [Some(2), Some(4), Some(5), Some(6), Some(1), None]);
        assert_eq!(plan.add.first().unwrap().street_address.as_deref(), Some("Torggatan 4"));
        let expected = ["8 delivery_weekday import.not_a_weekday", "9 delivery_weekday import.not_a_weekday"];
        assert_eq!(wrong(&plan), expected);
    }

    fn people(text: &str) -> Plan<SavePerson> {
        let units: Vec<(String, UnitId)> = ["Lyktans förskola", "Kometens förskola", "Lek, lär och väx"]
            .map(|name| (name.to_owned(), UnitId::new()))
            .to_vec();
        let known = Known { name: "Anna Berglund".to_owned(), roles: [Role::Developer].into(), units: BTreeSet::new() };
        let existing = UnitsAndPeople {
            units: units.into_iter().collect(),
            people: [("anna@lindvalla.example".to_owned(), known)].into_iter().collect(),
        };
        People::plan(&existing, &spreadsheet::read(text.as_bytes(), People::COLUMNS).unwrap())
    }

    #[test]
    fn roles_and_units_are_read_in_three_languages_and_several_to_a_cell() {
        let plan = people(
            "Namn;E-post;Roll;Förskola\nSamira;samira@lindvalla.example;Låntagare;lyktans förskola / Kometens förskola\n\
             Leif;leif@lindvalla.example;lager, Administrator;\nMette;mette@lindvalla.example;Låner;Lek, lär och väx\n\
             Anna Berglund;ANNA@lindvalla.example;utvecklare;\n",
        );
        assert_eq!(wrong(&plan), Vec::<String>::new());
        assert_eq!((plan.added, plan.unchanged), (3, 1));
        let [samira, leif, mette] = plan.add.as_slice() else { unreachable!() };
        assert_eq!((samira.roles.as_slice(), samira.units.len()), ([Role::Borrower].as_slice(), 2));
        assert_eq!(leif.roles, [Role::Warehouse, Role::Admin]);
        assert_eq!(mette.units.len(), 1);
    }

    #[test]
    fn an_unknown_unit_names_the_one_that_was_probably_meant() {
        let plan = people(
            "Namn;E-post;Roll;Förskola\nSamira;samira@lindvalla.example;låntagare;Lyktan förskola\n\
             Omar;omar@lindvalla.example;rektor;Xyz\nOmar;omar@lindvalla.example;låntagare;\n\
             Anna;anna@lindvalla.example;lager;\n",
        );
        assert_eq!(
            wrong(&plan),
            [
                "2 units import.unknown_unit_like name=Text(\"Lyktan förskola\") nearest=Text(\"Lyktans förskola\")",
                "3 roles import.unknown_role name=Text(\"rektor\")",
                "3 units import.unknown_unit name=Text(\"Xyz\")",
                "4 units person.no_unit",
                "4 email import.duplicate_row line=Number(3)",
                "5 email import.already_there",
            ]
        );
    }
}
