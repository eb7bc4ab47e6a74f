//! What tells those who watch the program how it is.

use crate::support::{Browser, Reply, TestApp, both};
use digilador::platform::config::Secret;
use reqwest::Method;
use serde_json::json;

async fn metrics(app: &TestApp, header: Option<(&'static str, &str)>) -> Reply {
    let mut request = Browser::new(&app.base, None).request(Method::GET, "/metrics");
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    Reply::of(request).await
}

both! {
    async fn it_lives_and_is_ready(app: &TestApp) {
        for path in ["/healthz", "/readyz"] {
            assert_eq!(app.browser().get(path).await.status, 200, "{path}");
        }
    }

    async fn requests_mails_and_jobs_are_counted(app: &TestApp) {
        digilador::platform::jobs::enter(&app.state, digilador::app::JOBS).await.unwrap();
        let admin = app.admin();
        admin.post("/units", json!({ "name": "Lyktan" })).await.created();
        admin.get("/kits/7K3M9QX").await;
        admin.get("/nonsense/one").await;
        admin.get("/nonsense/two").await;
        Reply::of(admin.request(Method::from_bytes(b"BREW").unwrap(), "/units")).await;
        let reply = metrics(app, None).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "text/plain; version=0.0.4; charset=utf-8"));
        let text = reply.text();
        let count = |labels: &str| {
            let line = text.lines().find(|line| line.starts_with(&format!("digilador_http_request_seconds_count{labels}")));
            line.and_then(|line| line.rsplit(' ').next()?.parse::<u32>().ok())
        };
        assert_eq!(count(r#"{method="POST",route="/api/v1/units",status="201"}"#), Some(1), "{text}");
        assert_eq!(count(r#"{method="GET",route="/api/v1/kits/{code}",status="404"}"#), Some(1), "{text}");
        assert!(!text.contains("nonsense") && !text.contains("7K3M9QX") && !text.contains("BREW"), "{text}");
        assert!(text.contains(r#"digilador_mails{state="queued"}"#), "{text}");
        assert!(text.contains(r#"digilador_mails{state="failed"} 0"#), "{text}");
        assert!(text.contains(r#"digilador_job_failed{job="loans"} 0"#), "{text}");
        assert!(text.contains(r#"digilador_job_late_seconds{job="forget"}"#), "{text}");
    }

    async fn figures_are_for_the_machine_itself_or_for_a_token(app: &mut TestApp) {
        metrics(app, Some(("x-forwarded-for", "192.0.2.7"))).await.refused(401, "metrics.token_needed");
        metrics(app, Some(("forwarded", "for=192.0.2.7"))).await.refused(401, "metrics.token_needed");
        app.restart(|config| config.metrics_token = Some(Secret("sixteen-letters-".to_owned()))).await;
        metrics(app, None).await.refused(401, "metrics.token_needed");
        metrics(app, Some(("authorization", "Bearer dgl_admin"))).await.refused(401, "metrics.token_needed");
        let reply = metrics(app, Some(("authorization", "Bearer sixteen-letters-"))).await;
        assert_eq!(reply.status, 200);
    }
}
