//! What is to be put in which kit, and what to buy for it in all.

use crate::kits::code::Code;
use crate::kits::rules::ContentKind;
use crate::kits::views::KitTypeName;
use crate::loans::rules::DeviationKind;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{ContentLineId, DeviationId, KitTypeId, OrganisationId};
use crate::schema::{content_lines, deviations, kit_types, kits};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::HashMap;

/// A part that a kit lacks.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct LackingPart {
    /// The deviation that it was reported with.
    pub deviation_id: DeviationId,
    /// The line of the contents list.
    pub content_line_id: ContentLineId,
    /// The part, as it is called now.
    pub name: String,
    /// Why it is to be put in.
    pub kind: DeviationKind,
    /// What it means that it is gone.
    pub line_kind: ContentKind,
    /// How many.
    pub quantity: i32,
    /// The kit cannot be lent without it.
    pub keeps_kit: bool,
}

/// A kit that something is to be put in.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct KitToRefill {
    /// The code of the kit.
    pub kit_code: Code,
    /// What kind it is.
    pub kit_type: KitTypeName,
    /// Which of its kind it is.
    pub kit_copy: String,
    /// Where it stands.
    pub shelf: String,
    /// What is to be put in.
    pub parts: Vec<LackingPart>,
}

impl KitToRefill {
    /// The kit as people call it: "Bee-Bot B".
    pub fn kit_name(&self) -> String {
        format!("{} {}", self.kit_type.name, self.kit_copy)
    }

    /// It cannot be lent without it.
    pub fn is_kept(&self) -> bool {
        self.parts.iter().any(|part| part.keeps_kit)
    }
}

/// Something to buy.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Purchase {
    /// What kind of kit it is for.
    pub kit_type: KitTypeName,
    /// The line of the contents list.
    pub content_line_id: ContentLineId,
    /// The part.
    pub name: String,
    /// How many in all.
    pub quantity: i64,
    /// What one costs, in hundredths of the currency; none when nobody has said.
    pub price: Option<i32>,
    /// What all of it costs.
    pub cost: Option<i64>,
}

/// What is to be put in which kit, and what to buy.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RefillList {
    /// The kits, by shelf.
    pub kits: Vec<KitToRefill>,
    /// What to buy, by kit type and part.
    pub purchases: Vec<Purchase>,
    /// What that costs, as far as prices are known, in hundredths of the currency.
    pub total: i64,
    /// How many of the purchases have no price.
    pub without_price: usize,
}

/// A part with its kit, as it is read.
struct Row {
    kit: KitToRefill,
    part: LackingPart,
    price: Option<i32>,
}

/// What is to be put in which kit of an organisation, and what to buy for it.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn, organisation: OrganisationId) -> Result<RefillList, Error> {
    type Kit = (Code, String, String, KitTypeId, String);
    type Part = (DeviationId, ContentLineId, String, DeviationKind, ContentKind, i32, bool);
    let rows: Vec<(Kit, Part, Option<i32>)> = deviations::table
        .inner_join(kits::table.inner_join(kit_types::table))
        .inner_join(content_lines::table)
        .filter(deviations::organisation_id.eq(organisation).and(deviations::resolution.is_null()))
        .filter(deviations::kind.ne(DeviationKind::Extra).and(content_lines::position.is_not_null()))
        .filter(kits::retired_at.is_null())
        .order(deviations::id.asc())
        .select((
            (kits::code, kits::copy, kits::shelf, kit_types::id, kit_types::name),
            (
                deviations::id,
                content_lines::id,
                content_lines::name,
                deviations::kind,
                content_lines::kind,
                deviations::quantity,
                deviations::keeps_kit,
            ),
            content_lines::price,
        ))
        .load(conn)?;
    let row = |(kit, part, price): (Kit, Part, Option<i32>)| {
        let (kit_code, kit_copy, shelf, kit_type, type_name) = kit;
        let (deviation_id, content_line_id, name, kind, line_kind, quantity, keeps_kit) = part;
        let kit_type = KitTypeName { id: kit_type, name: type_name };
        Row {
            kit: KitToRefill { kit_code, kit_type, kit_copy, shelf, parts: Vec::new() },
            part: LackingPart { deviation_id, content_line_id, name, kind, line_kind, quantity, keeps_kit },
            price,
        }
    };
    Ok(summed(rows.into_iter().map(row).collect()))
}

/// The list that parts make: by kit, and in all.
fn summed(rows: Vec<Row>) -> RefillList {
    let mut by_line: HashMap<ContentLineId, Purchase> = HashMap::new();
    let mut by_code: HashMap<Code, KitToRefill> = HashMap::new();
    for Row { kit, part, price } in rows {
        let purchase = by_line.entry(part.content_line_id).or_insert_with(|| Purchase {
            kit_type: kit.kit_type.clone(),
            content_line_id: part.content_line_id,
            name: part.name.clone(),
            quantity: 0,
            price,
            cost: None,
        });
        purchase.quantity += i64::from(part.quantity);
        by_code.entry(kit.kit_code).or_insert(kit).parts.push(part);
    }
    let mut kits: Vec<KitToRefill> = by_code.into_values().collect();
    let mut purchases: Vec<Purchase> = by_line.into_values().collect();
    for purchase in &mut purchases {
        purchase.cost = purchase.price.map(|price| i64::from(price).saturating_mul(purchase.quantity));
    }
    kits.sort_by(|a, b| (&a.shelf, a.kit_name(), a.kit_code).cmp(&(&b.shelf, b.kit_name(), b.kit_code)));
    purchases.sort_by(|a, b| {
        (&a.kit_type.name, &a.name, a.content_line_id).cmp(&(&b.kit_type.name, &b.name, b.content_line_id))
    });
    RefillList {
        total: purchases.iter().filter_map(|purchase| purchase.cost).fold(0, i64::saturating_add),
        without_price: purchases.iter().filter(|purchase| purchase.price.is_none()).count(),
        kits,
        purchases,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn row(kit: u32, shelf: &str, line: ContentLineId, quantity: i32, price: Option<i32>) -> Row {
        let kit_type = KitTypeName { id: KitTypeId::from(uuid::Uuid::nil()), name: "Bee-Bot".to_owned() };
        let code = (kit * 100..).find_map(Code::from_value).unwrap();
        Row {
            kit: KitToRefill { kit_code: code, kit_type, kit_copy: "A".into(), shelf: shelf.into(), parts: Vec::new() },
            part: LackingPart {
                deviation_id: DeviationId::new(),
                content_line_id: line,
                name: format!("Del {quantity}"),
                kind: DeviationKind::Missing,
                line_kind: ContentKind::Replaceable,
                quantity,
                keeps_kit: false,
            },
            price,
        }
    }

    #[test]
    fn parts_are_summed_by_line_and_by_kit() {
        let (robot, map) = (ContentLineId::new(), ContentLineId::new());
        let list = summed(vec![
            row(1, "B2", robot, 1, Some(90_000)),
            row(2, "A1", robot, 2, Some(90_000)),
            row(1, "B2", map, 3, None),
        ]);
        assert_eq!(
            list.kits.iter().map(|kit| (kit.shelf.as_str(), kit.parts.len())).collect::<Vec<_>>(),
            [("A1", 1), ("B2", 2)]
        );
        assert_eq!(
            list.purchases.iter().map(|one| (one.quantity, one.cost)).collect::<Vec<_>>(),
            [(3, Some(270_000)), (3, None)]
        );
        assert_eq!((list.total, list.without_price), (270_000, 1));
    }
}
