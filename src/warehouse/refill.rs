//! What is to be put in which kit, and what to buy for it; also as a file.

use crate::accounts::rules::Role;
use crate::accounts::session::{Staff, Warehouse};
use crate::loans::actions::Context;
use crate::loans::checks::actions::{self, Resolve};
use crate::loans::checks::refill::{self, KitToRefill, Purchase};
use crate::loans::checks::rules::Resolution;
use crate::platform::error::Error;
use crate::platform::ids::DeviationId;
use crate::platform::state::AppState;
use crate::platform::tables;
use crate::platform::text::{Texts, amount};
use crate::platform::web::forms::Sent;
use crate::platform::web::page::{self, Page, see_other};
use crate::platform::web::texts;
use crate::warehouse::more;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

type App = web::Data<AppState>;

/// The most kits that are listed; what is to be bought is summed over all of them.
const MOST: usize = 300;

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
    more: Option<String>,
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
        price: purchase.price.map(|price| t.money(i64::from(price))).unwrap_or_default(),
        cost: purchase.cost.map(|cost| t.money(cost)).unwrap_or_default(),
    }
}

async fn show(request: HttpRequest, app: App, who: Staff) -> Result<HttpResponse, Error> {
    let (t, organisation) = (texts(&request), who.organisation_id());
    let list = app.db.read(move |conn| refill::list(conn, organisation)).await?;
    let page = RefillPage {
        t,
        page: Page::new(&request, &t.s("contents-refill")),
        may_act: who.is(Role::Warehouse),
        more: more(t, list.kits.len(), MOST),
        kits: list.kits.into_iter().take(MOST).map(|kit| kit_row(t, kit)).collect(),
        total: t.money(list.total),
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
        .body(tables::csv(&rows)?))
}
