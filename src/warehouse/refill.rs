//! What is to be put in which kit, and what to buy for it; also as a file.

use crate::accounts::rules::Role;
use crate::accounts::session::{Staff, Warehouse};
use crate::loans::actions::Context;
use crate::loans::checks::actions::{self, Resolve};
use crate::loans::checks::refill::{self, KitToRefill, Purchase};
use crate::loans::checks::rules::Resolution;
use crate::platform::error::Error;
use crate::platform::ids::DeviationId;
use crate::platform::spreadsheet;
use crate::platform::state::AppState;
use crate::platform::text::Texts;
use crate::platform::web::forms::Sent;
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::texts;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

type App = web::Data<AppState>;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/lager/pafyllning", web::get().to(show))
        .route("/lager/pafyllning", web::post().to(refilled))
        .route("/lager/pafyllning.csv", web::get().to(file));
}

#[derive(Template)]
#[template(path = "contents/refill.html")]
struct RefillPage {
    t: Texts,
    page: Page,
    may_act: bool,
    kits: Vec<KitRow>,
    purchases: Vec<PurchaseRow>,
    total: String,
    without_price: Option<String>,
}

struct KitRow {
    href: String,
    kit: String,
    code: String,
    shelf: String,
    kept: bool,
    parts: Vec<PartRow>,
}

struct PartRow {
    id: DeviationId,
    words: String,
}

struct PurchaseRow {
    kit_type: String,
    name: String,
    quantity: i64,
    price: String,
    cost: String,
}

/// An amount in hundredths, as it is read: "1 250,50".
fn amount(hundredths: i64) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    let digits = whole.to_string();
    let grouped: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|some| std::str::from_utf8(some).ok()).collect();
    let whole = grouped.join("\u{a0}");
    if part == 0 { whole } else { format!("{whole},{part:02}") }
}

fn money(t: Texts, hundredths: i64) -> String {
    t.v("contents-money", "amount", amount(hundredths))
}

fn kit_row(t: Texts, kit: KitToRefill) -> KitRow {
    KitRow {
        href: format!("/lager/lada/{}", kit.kit_code.as_str()),
        kit: kit.kit_name(),
        code: kit.kit_code.to_string(),
        kept: kit.is_kept(),
        shelf: kit.shelf,
        parts: kit
            .parts
            .into_iter()
            .map(|part| PartRow {
                id: part.deviation_id,
                words: t.a(
                    &format!("contents-is-{}", part.kind),
                    &[("count", part.quantity.into()), ("name", part.name.into())],
                ),
            })
            .collect(),
    }
}

fn purchase_row(t: Texts, purchase: Purchase) -> PurchaseRow {
    PurchaseRow {
        kit_type: purchase.kit_type.name,
        name: purchase.name,
        quantity: purchase.quantity,
        price: purchase.price.map(|price| money(t, i64::from(price))).unwrap_or_default(),
        cost: purchase.cost.map(|cost| money(t, cost)).unwrap_or_default(),
    }
}

async fn show(request: HttpRequest, app: App, who: Staff) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(&request), who.organisation_id());
    let list = app.db.read(move |conn| refill::list(conn, organisation)).await?;
    let page = RefillPage {
        t,
        page: Page::new(&request, &t.s("contents-refill")),
        may_act: who.is(Role::Warehouse),
        kits: list.kits.into_iter().map(|kit| kit_row(t, kit)).collect(),
        total: money(t, list.total),
        without_price: Some(list.without_price)
            .filter(|count| *count > 0)
            .map(|count| t.v("contents-buy-without", "count", count)),
        purchases: list.purchases.into_iter().map(|purchase| purchase_row(t, purchase)).collect(),
    };
    Ok(page::ok(&page))
}

/// Notes that the ticked parts of a kit are there again.
async fn refilled(app: App, who: Warehouse, sent: web::Form<Sent>) -> Result<HttpResponse, Error> {
    let context = Context::of(&who, &app);
    let parts: Vec<DeviationId> = sent.all("part").filter_map(|id| id.parse().ok()).collect();
    app.db
        .write(move |tx| {
            let resolve = Resolve { resolution: Resolution::Replaced, quantity: None, note: String::new() };
            for part in &parts {
                match actions::resolve(tx, &context, *part, &resolve) {
                    // Somebody else was faster.
                    Err(Error::Problem(problem)) if problem.code == "deviation.resolved" => (),
                    done => done.map(|_| ())?,
                }
            }
            Ok(())
        })
        .await?;
    Ok(see_other("/lager/pafyllning?klart=contents-refilled"))
}

/// What to buy, as a file for a spreadsheet.
async fn file(request: HttpRequest, app: App, who: Staff) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(&request), who.organisation_id());
    let list = app.db.read(move |conn| refill::list(conn, organisation)).await?;
    let plain = |hundredths: i64| amount(hundredths).replace('\u{a0}', "");
    let mut rows = vec![
        ["contents-buy-type", "contents-buy-part", "contents-buy-quantity", "contents-buy-price", "contents-buy-cost"]
            .map(|key| t.s(key))
            .to_vec(),
    ];
    rows.extend(list.purchases.into_iter().map(|purchase| {
        vec![
            purchase.kit_type.name,
            purchase.name,
            purchase.quantity.to_string(),
            purchase.price.map(|price| plain(i64::from(price))).unwrap_or_default(),
            purchase.cost.map(plain).unwrap_or_default(),
        ]
    }));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"inkop.csv\""))
        .body(spreadsheet::csv(&rows)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_groups() {
        assert_eq!(amount(0), "0");
        assert_eq!(amount(4_950), "49,50");
        assert_eq!(amount(125_000_005), "1\u{a0}250\u{a0}000,05");
    }
}
