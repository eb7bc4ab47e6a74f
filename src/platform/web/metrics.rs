//! Counts requests and measures how long they take, for `/metrics`.

use crate::platform::error::Fault;
use crate::platform::state::AppState;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web;
use prometheus::{HistogramOpts, HistogramVec, IntGaugeVec, Opts, Registry, TextEncoder};
use std::time::Instant;

/// Bounds of the time an answer takes, in seconds: around what is promised, 50 and 100 ms.
const BOUNDS: [f64; 9] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// What the program tells those who watch it.
pub struct Metrics {
    registry: Registry,
    requests: HistogramVec,
    /// Mails by state; those that were sent are not counted.
    pub mails: IntGaugeVec,
    /// Seconds by which the run of a job is late.
    pub jobs_late: IntGaugeVec,
    /// 1 for a job whose last run failed, else 0.
    pub jobs_failed: IntGaugeVec,
}

impl Metrics {
    /// Metrics that have counted nothing.
    ///
    /// # Errors
    /// When two have one name.
    pub fn new() -> Result<Self, Fault> {
        let named = |name: &str, help: &str, label: &str| IntGaugeVec::new(Opts::new(name, help), &[label]);
        let new = || -> prometheus::Result<Self> {
            let requests = HistogramOpts::new("digilador_http_request_seconds", "Time to an answer.");
            let metrics = Self {
                registry: Registry::new(),
                requests: HistogramVec::new(requests.buckets(BOUNDS.to_vec()), &["route", "method", "status"])?,
                mails: named("digilador_mails", "Mails that wait to be sent, or were given up.", "state")?,
                jobs_late: named("digilador_job_late_seconds", "How late a periodic job is.", "job")?,
                jobs_failed: named("digilador_job_failed", "1 when a job's last run failed.", "job")?,
            };
            metrics.registry.register(Box::new(metrics.requests.clone()))?;
            for gauge in [&metrics.mails, &metrics.jobs_late, &metrics.jobs_failed] {
                metrics.registry.register(Box::new(gauge.clone()))?;
            }
            Ok(metrics)
        };
        new().map_err(Fault::from_error)
    }

    /// All figures in Prometheus's text format.
    ///
    /// # Errors
    /// When a figure cannot be written.
    pub fn text(&self) -> Result<String, Fault> {
        TextEncoder::new().encode_to_string(&self.registry.gather()).map_err(Fault::from_error)
    }
}

/// Measures a request. What is not a route of ours, or no usual method, is counted under one name, so that nobody can
/// fill the memory with names of their own.
pub async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let begun = Instant::now();
    let response = next.call(request).await?;
    let request = response.request();
    if let Some(app) = request.app_data::<web::Data<AppState>>() {
        let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
        let method = match *request.method() {
            Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::PATCH | Method::DELETE => {
                request.method().as_str()
            }
            _ => "other",
        };
        app.metrics
            .requests
            .with_label_values(&[&*route, method, response.status().as_str()])
            .observe(begun.elapsed().as_secs_f64());
    }
    Ok(response)
}
