//! The KAM's bell: an order is in, and the page in front of them says so by itself. And the device
//! that lets itself be woken shows what it is woken for.

use serde_json::json;

use super::*;

/// What the bell shows; none where it shows no number.
async fn number(browser: &Browser) -> Option<String> {
    let shown = browser
        .run(
            "const count = document.querySelector('[data-bell-count]'); \
             arguments[arguments.length - 1](count.hidden ? '' : \
             count.querySelector('[data-bell-shown]').textContent);",
        )
        .await;
    let shown = shown.as_str().unwrap_or_default().to_owned();
    (!shown.is_empty()).then_some(shown)
}

async fn rings(buyer: &Browser, kam: &Browser, kontor: &Kontor) {
    order_desk::ground(kontor).await;
    sign_in_by_one_click(kam, KAM, Script::On).await;
    kam.go("/kam/stock").await;
    let before = number(kam).await.unwrap_or_default();
    kam.run("window.here = true; arguments[arguments.length - 1]()")
        .await;
    let (order, _) = held::submit(buyer, kontor, Script::On).await;
    kam.until("another number on the bell", async || {
        number(kam).await.filter(|now| *now != before)
    })
    .await;
    // It is said aloud, on the very page that was open.
    let said = kam
        .until("the sentence", async || {
            let said = kam
                .run(
                    "arguments[arguments.length - 1](window.here && \
                     document.querySelector('[data-bell-status]').textContent)",
                )
                .await;
            said.as_str()
                .map(str::to_owned)
                .filter(|said| !said.is_empty())
        })
        .await;
    assert!(said.contains(&order), "{said}");

    kam.click(".top a.bell").await;
    kam.find(".notices .unread").await;
    look_for_barriers(kam, Script::On, "notifications").await;
    assert!(
        kam.text(".notices .unread .notice-said")
            .await
            .contains(&order)
    );
    let count = number(kam).await.unwrap();
    kam.click(".notices .unread button").await;
    kam.until("the order", async || {
        (kam.address().await.starts_with(&format!("/orders/{order}"))).then_some(())
    })
    .await;
    assert_ne!(number(kam).await, Some(count));
    wakes(kam).await;
}

/// Without a push service in reach the browser cannot subscribe, and says so; its worker is there
/// all the same, and shows what it is handed.
async fn wakes(kam: &Browser) {
    kam.allow_notifications().await;
    kam.go("/notifications").await;
    kam.click("[data-device-form] button").await;
    kam.until("the answer", async || {
        let failed = kam.all("[data-state=failed]:not([hidden])").await;
        let added = kam.all("[data-device]").await;
        (failed.len() + added.len() > 0).then_some(())
    })
    .await;
    let worker = kam
        .run(
            "const done = arguments[arguments.length - 1]; \
             navigator.serviceWorker.ready.then(one => done(one.active.scriptURL));",
        )
        .await;
    assert_eq!(worker, json!(format!("{}/sw.js", kam.url)));
    let told = json!({
        "id": "", "title": "Feldmann", "said": "Order 4711 is in.", "lang": "en",
        "link": "/orders/4711", "tag": "t",
    });
    let shown = kam
        .until("the notification", async || {
            // What is handed to a worker that is only just starting is lost; the tag keeps it one.
            kam.push(&told).await;
            let shown = kam
                .run(
                    "const done = arguments[arguments.length - 1]; \
                     navigator.serviceWorker.ready.then(one => one.getNotifications()) \
                     .then(all => done(all.map(one => [one.title, one.body, one.data.link])));",
                )
                .await;
            shown.as_array().filter(|all| !all.is_empty()).cloned()
        })
        .await;
    assert_eq!(
        shown,
        [json!(["Feldmann", "Order 4711 is in.", "/orders/4711"])]
    );
}

#[test]
fn an_order_rings_the_bell_on_the_page_the_kam_has_open() {
    let name = "an_order_rings_the_bell_on_the_page_the_kam_has_open";
    let Some(driver) = driver_url(name) else {
        return;
    };
    actix_web::rt::System::new().block_on(async {
        let kontor = Kontor::start(name).await;
        let buyer = Browser::open(&driver, &kontor.url, Script::On).await;
        let kam = Browser::open(&driver, &kontor.url, Script::On).await;
        let done = std::panic::AssertUnwindSafe(rings(&buyer, &kam, &kontor));
        let done = done.catch_unwind().await;
        if done.is_err() {
            kam.photograph(name).await;
        }
        buyer.close().await;
        kam.close().await;
        if let Err(panic) = done {
            std::panic::resume_unwind(panic);
        }
    });
}
