//! The web server: what `kontor serve` runs and the tests start on a free port.

use std::collections::BTreeMap;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as ActixApp, HttpResponse, HttpServer, web};
use serde_json::json;

use crate::app::App;
use crate::error::Result;
use crate::{routes, web as pages};

/// A server that is bound but not yet running, and the address it got.
pub struct Bound {
    /// To be awaited, or spawned.
    pub server: Server,
    /// The address, with the port that was picked where 0 was asked for.
    pub address: std::net::SocketAddr,
}

/// Binds `listener` to the application.
///
/// # Errors
/// The listener cannot be used.
pub fn start(
    app: web::Data<App>,
    listener: std::net::TcpListener,
    workers: usize,
) -> anyhow::Result<Bound> {
    let address = listener.local_addr()?;
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(app.clone())
            .wrap(from_fn(pages::middleware::around))
            .wrap(Compress::default())
            .wrap(tracing_actix_web::TracingLogger::default())
            .configure(routes::configure)
    })
    .workers(workers)
    .shutdown_timeout(10)
    .listen(listener)?
    .run();
    Ok(Bound { server, address })
}

/// GET `/healthz`: the process answers.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "alive"}))
}

/// GET `/readyz`: every service this Kontor is configured with, and whether it answers.
///
/// # Errors
/// None; a service that is down is named in a 503.
pub async fn ready(app: web::Data<App>) -> Result<HttpResponse> {
    let database = app.db.ping().await.is_ok();
    let word = |up: bool| if up { "up" } else { "down" };
    let mut services = BTreeMap::from([("database", word(database))]);
    if app.config.smtp_url.is_some() {
        // Orders are taken without mail; the outbox waits. So it is named, but not a reason to
        // take the instance out of service.
        services.insert("mail", word(app.mailer.reach().await.is_ok()));
    }
    let body = json!({"status": word(database), "services": services});
    Ok(if database {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().json(body)
    })
}
