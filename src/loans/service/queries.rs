//! Lists of service jobs.

use crate::kits::store::Kit;
use crate::loans::service::rules::Status;
use crate::loans::service::store::ServiceJob;
use crate::loans::service::views::ServiceJobView;
use crate::platform::db::connection::Conn;
use crate::platform::error::Error;
use crate::platform::ids::{KitId, OrganisationId, ServiceJobId};
use crate::platform::web::paging::{Listing, Paging};
use crate::schema::{kit_types, kits, service_jobs};
use chrono::NaiveDate;
use diesel::prelude::*;

macro_rules! with_kits {
    () => {
        service_jobs::table.inner_join(kits::table.inner_join(kit_types::table)).select((
            service_jobs::all_columns,
            kits::all_columns,
            kit_types::name,
        ))
    };
}

/// The most open jobs that are shown together.
pub const MOST: usize = 500;

/// The open jobs of an organisation, the earliest first, and how many there are in all.
///
/// # Errors
/// When the database fails.
pub fn open(
    conn: &mut Conn,
    organisation: OrganisationId,
    today: NaiveDate,
) -> Result<(Vec<ServiceJobView>, usize), Error> {
    let open = service_jobs::organisation_id.eq(organisation).and(service_jobs::status.eq(Status::Open));
    let count: i64 = service_jobs::table.filter(open).count().get_result(conn)?;
    let rows: Vec<(ServiceJob, Kit, String)> = with_kits!()
        .filter(service_jobs::organisation_id.eq(organisation).and(service_jobs::status.eq(Status::Open)))
        .order((service_jobs::first_day.asc(), service_jobs::id.asc()))
        .limit(i64::try_from(MOST).unwrap_or(i64::MAX))
        .load(conn)?;
    Ok((views(rows, today), usize::try_from(count).unwrap_or(0)))
}

/// The open jobs of a kit, the earliest first.
///
/// # Errors
/// When the database fails.
pub fn open_on(conn: &mut Conn, kit: KitId, today: NaiveDate) -> Result<Vec<ServiceJobView>, Error> {
    let rows: Vec<(ServiceJob, Kit, String)> = with_kits!()
        .filter(service_jobs::kit_id.eq(kit).and(service_jobs::status.eq(Status::Open)))
        .order((service_jobs::first_day.asc(), service_jobs::id.asc()))
        .load(conn)?;
    Ok(views(rows, today))
}

/// Jobs of an organisation, newest first: of a status, on a kit, or all.
///
/// # Errors
/// When the database fails.
pub fn list(
    conn: &mut Conn,
    organisation: OrganisationId,
    status: Option<Status>,
    kit: Option<KitId>,
    paging: &Paging,
    today: NaiveDate,
) -> Result<Listing<ServiceJobView>, Error> {
    let mut query = with_kits!().filter(service_jobs::organisation_id.eq(organisation)).into_boxed();
    if let Some(status) = status {
        query = query.filter(service_jobs::status.eq(status));
    }
    if let Some(kit) = kit {
        query = query.filter(service_jobs::kit_id.eq(kit));
    }
    if let Some(before) = paging.after::<ServiceJobId>()? {
        query = query.filter(service_jobs::id.lt(before));
    }
    let rows: Vec<(ServiceJob, Kit, String)> = query.order(service_jobs::id.desc()).limit(paging.rows()).load(conn)?;
    Ok(Listing::cut(views(rows, today), paging, |job| job.id))
}

/// One job.
///
/// # Errors
/// `service.not_found`.
pub fn view(
    conn: &mut Conn,
    organisation: OrganisationId,
    id: ServiceJobId,
    today: NaiveDate,
) -> Result<ServiceJobView, Error> {
    let rows: Vec<(ServiceJob, Kit, String)> =
        with_kits!().filter(service_jobs::id.eq(id).and(service_jobs::organisation_id.eq(organisation))).load(conn)?;
    views(rows, today).pop().ok_or_else(|| Error::not_found("service.not_found"))
}

fn views(rows: Vec<(ServiceJob, Kit, String)>, today: NaiveDate) -> Vec<ServiceJobView> {
    rows.into_iter().map(|(job, kit, name)| ServiceJobView::new(job, &kit, &name, today)).collect()
}
