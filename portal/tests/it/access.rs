//! Every URL with every kind of caller.
//!
//! The table of routes says who may use a URL; a case here says which thing its path names. From
//! the two follows what each caller must get: the page, the way to sign in, 403 for the wrong role,
//! 404 for what belongs to somebody else, told apart from nothing that does not exist at all. A
//! new URL without a case fails.

use std::collections::BTreeMap;

use portal::db::words::Topic;
use portal::messages::links;
use portal::routes::{Access, Route, TABLE};
use trade::id::UserId;
use uuid::Uuid;

use crate::harness::client::unescape;
use crate::harness::world::{BUYER, KAM_NORTH, Shop};
use crate::harness::{Answer, App, Client, SECRET, World};

/// Which thing a path names.
enum Names {
    /// None.
    Nothing,
    /// A thing that everybody in the group may see, as the path says it.
    Shared(fn(&World) -> String),
    /// A thing of an account; the other path names none at all.
    OfAccount(fn(&Shop) -> String, &'static str),
    /// A thing of the corner shop's buyer alone: their colleagues do not reach it either.
    OfBuyer(Uuid, fn(Uuid) -> String),
}

use Names::{Nothing, OfAccount, OfBuyer, Shared};

/// Rows that the walk lays out, because a fresh world has none of their kind.
const MAIL: Uuid = Uuid::from_u128(0x11);
const JOB: Uuid = Uuid::from_u128(0x12);
const SESSION: Uuid = Uuid::from_u128(0x13);
const IMPORT: Uuid = Uuid::from_u128(0x14);
const PROMOTION: Uuid = Uuid::from_u128(0x15);
const FUND: Uuid = Uuid::from_u128(0x16);
const NOTICE: Uuid = Uuid::from_u128(0x17);
const DEVICE: Uuid = Uuid::from_u128(0x18);
const WEBHOOK: Uuid = Uuid::from_u128(0x17);
const EVENT: Uuid = Uuid::from_u128(0x18);
const DELIVERY: Uuid = Uuid::from_u128(0x19);

/// What the path of a URL names. Every URL of the table stands here.
fn names(route: &Route) -> Option<Names> {
    Some(match (route.method, route.path) {
        (_, path) if !path.contains('{') => return known(route).then_some(Nothing),
        ("get", "/assets/{path:.*}") => Shared(|_| "/assets/css/tokens.css".into()),
        ("get" | "post", "/reset/{token}") => Shared(|_| format!("/reset/{}", "x".repeat(43))),
        ("get" | "post", "/invitation/{token}") => {
            Shared(|_| format!("/invitation/{}", "x".repeat(43)))
        }
        _ if route.path.starts_with("/mail/") => return links_of_mails(route),
        ("get", "/products/{sku}") => Shared(|world| format!("/products/{}", world.sku)),
        ("get", "/products/{sku}/picture.svg") => {
            Shared(|world| format!("/products/{}/picture.svg", world.sku))
        }
        ("get", "/orders/{number}") => {
            OfAccount(|shop| format!("/orders/{}", shop.order), "/orders/1")
        }
        ("get", "/orders/{number}/confirmation.pdf") => OfAccount(
            |shop| format!("/orders/{}/confirmation.pdf", shop.order),
            "/orders/1/confirmation.pdf",
        ),
        ("post", "/orders/{number}/cancel") => OfAccount(
            |shop| format!("/orders/{}/cancel", shop.order),
            "/orders/1/cancel",
        ),
        ("post", "/holds/{id}/release") => OfAccount(
            |shop| format!("/holds/{}/release", hold_of(shop)),
            "/holds/00000000-0000-0000-0000-0000000000ff/release",
        ),
        ("post", "/holds/{id}/reject") => OfAccount(
            |shop| format!("/holds/{}/reject", hold_of(shop)),
            "/holds/00000000-0000-0000-0000-0000000000ff/reject",
        ),
        ("post", "/orders/{number}/take-back") => OfAccount(
            |shop| format!("/orders/{}/take-back", shop.order),
            "/orders/1/take-back",
        ),
        ("get", "/api/docs/{path:.*}") => Shared(|_| "/api/docs/swagger-ui.css".into()),
        ("post", "/cart/lines/{id}") => OfAccount(
            |shop| format!("/cart/lines/{}", line_of(shop)),
            "/cart/lines/00000000-0000-0000-0000-0000000000ff",
        ),
        ("post", "/cart/lines/{id}/price") => OfAccount(
            |shop| format!("/cart/lines/{}/price", line_of(shop)),
            "/cart/lines/00000000-0000-0000-0000-0000000000ff/price",
        ),
        ("post", "/cart/lines/{id}/remove") => OfAccount(
            |shop| format!("/cart/lines/{}/remove", line_of(shop)),
            "/cart/lines/00000000-0000-0000-0000-0000000000ff/remove",
        ),
        ("post", "/quick-order/rows/{position}") => Shared(|_| "/quick-order/rows/1".into()),
        ("post", "/quick-order/rows/{position}/remove") => {
            Shared(|_| "/quick-order/rows/1/remove".into())
        }
        ("post", "/company/users/{id}") => OfAccount(
            |shop| format!("/company/users/{}", shop.buyer),
            "/company/users/00000000-0000-0000-0000-0000000000ff",
        ),
        // Nobody learns which sessions there are: what is not one's own is as good as over.
        ("post", "/profile/sessions/{id}/revoke") => {
            Shared(|_| format!("/profile/sessions/{SESSION}/revoke"))
        }
        // What people are told is their own, and so are their devices.
        ("post", "/notifications/{id}/open") => {
            OfBuyer(NOTICE, |id| format!("/notifications/{id}/open"))
        }
        ("post", "/notifications/devices/{id}/remove") => {
            OfBuyer(DEVICE, |id| format!("/notifications/devices/{id}/remove"))
        }
        ("post", "/orders/{number}/reorder") => OfAccount(
            |shop| format!("/orders/{}/reorder", shop.order),
            "/orders/1/reorder",
        ),
        _ => return names_at_the_desk(route),
    })
}

/// As [`names`], of links that open with the word in them: here with one that Kontor wrote.
fn links_of_mails(route: &Route) -> Option<Names> {
    Some(match route.path {
        "/mail/choices/{word}" => {
            Shared(|world| links::choices(SECRET, UserId(world.corner_shop.buyer)))
        }
        "/mail/unsubscribe/{topic}/{word}" => Shared(|world| {
            links::unsubscribe(SECRET, Topic::Claims, UserId(world.corner_shop.buyer))
        }),
        "/mail/open/{word}.gif" => Shared(|_| links::opened(SECRET, MAIL)),
        _ => return None,
    })
}

/// As [`names`], for the brand's own people.
fn names_at_the_desk(route: &Route) -> Option<Names> {
    Some(match (route.method, route.path) {
        ("get", "/kam/accounts/{number}") => OfAccount(
            |shop| format!("/kam/accounts/{}", shop.number),
            "/kam/accounts/1",
        ),
        ("post", "/kam/accounts/{number}/act") => OfAccount(
            |shop| format!("/kam/accounts/{}/act", shop.number),
            "/kam/accounts/1/act",
        ),
        ("get", "/kam/accounts/{number}/gaps") => OfAccount(
            |shop| format!("/kam/accounts/{}/gaps", shop.number),
            "/kam/accounts/1/gaps",
        ),
        ("get", "/kam/accounts/{number}/ledger") => OfAccount(
            |shop| format!("/kam/accounts/{}/ledger", shop.number),
            "/kam/accounts/1/ledger",
        ),
        ("get", "/kam/accounts/{number}/statement") => OfAccount(
            |shop| format!("/kam/accounts/{}/statement", shop.number),
            "/kam/accounts/1/statement",
        ),
        ("get", "/kam/accounts/{number}/statement.csv") => OfAccount(
            |shop| format!("/kam/accounts/{}/statement.csv", shop.number),
            "/kam/accounts/1/statement.csv",
        ),
        ("post", "/kam/accounts/{number}/terms") => OfAccount(
            |shop| format!("/kam/accounts/{}/terms", shop.number),
            "/kam/accounts/1/terms",
        ),
        ("get", "/admin/imports/{id}/rejected.csv") => {
            Shared(|_| format!("/admin/imports/{IMPORT}/rejected.csv"))
        }
        ("post", "/admin/jobs/{id}/retry") => Shared(|_| format!("/admin/jobs/{JOB}/retry")),
        ("get", "/admin/mail/{id}") => Shared(|_| format!("/admin/mail/{MAIL}")),
        ("get", "/admin/mail/{id}/html") => Shared(|_| format!("/admin/mail/{MAIL}/html")),
        ("get", "/admin/mail/templates/{kind}") => {
            Shared(|_| "/admin/mail/templates/invitation".into())
        }
        ("get", "/admin/mail/templates/{kind}/html") => {
            Shared(|_| "/admin/mail/templates/invitation/html".into())
        }
        ("post", "/admin/users/{id}") => {
            Shared(|world| format!("/admin/users/{}", world.corner_shop.buyer))
        }
        ("post", "/admin/users/{id}/reset") => {
            Shared(|world| format!("/admin/users/{}/reset", world.corner_shop.buyer))
        }
        _ => return approvals(route),
    })
}

/// As [`names`], of approvals and what they rest on.
fn approvals(route: &Route) -> Option<Names> {
    Some(match (route.method, route.path) {
        ("post", "/orders/{number}/take-back") => OfAccount(
            |shop| format!("/orders/{}/take-back", shop.order),
            "/orders/1/take-back",
        ),
        ("get", "/approvals/{number}") => {
            OfAccount(|shop| format!("/approvals/{}", shop.order), "/approvals/1")
        }
        ("post", "/approvals/{number}/approve") => OfAccount(
            |shop| format!("/approvals/{}/approve", shop.order),
            "/approvals/1/approve",
        ),
        ("post", "/approvals/{number}/reject") => OfAccount(
            |shop| format!("/approvals/{}/reject", shop.order),
            "/approvals/1/reject",
        ),
        ("post", "/company/rules/{id}/remove") => OfAccount(
            |shop| format!("/company/rules/{}/remove", rule_of(shop)),
            "/company/rules/00000000-0000-0000-0000-0000000000ff/remove",
        ),
        ("post", "/company/budgets/{user}/remove") => OfAccount(
            |shop| format!("/company/budgets/{}/remove", shop.buyer),
            "/company/budgets/00000000-0000-0000-0000-0000000000ff/remove",
        ),
        _ => return of_stock(route),
    })
}

/// As [`names`], of stock and of what to take instead.
fn of_stock(route: &Route) -> Option<Names> {
    Some(match (route.method, route.path) {
        ("post", "/cart/lines/{id}/substitute") => OfAccount(
            |shop| format!("/cart/lines/{}/substitute", line_of(shop)),
            "/cart/lines/00000000-0000-0000-0000-0000000000ff/substitute",
        ),
        ("post", "/products/{sku}/alert") => {
            Shared(|world| format!("/products/{}/alert", world.sku))
        }
        ("post", "/products/{sku}/alert/remove") => {
            Shared(|world| format!("/products/{}/alert/remove", world.sku))
        }
        ("get", "/kam/stock/{sku}") => Shared(|world| format!("/kam/stock/{}", world.sku)),
        ("post", "/kam/stock/{sku}/count") => {
            Shared(|world| format!("/kam/stock/{}/count", world.sku))
        }
        ("post", "/kam/stock/{sku}/receipts") => {
            Shared(|world| format!("/kam/stock/{}/receipts", world.sku))
        }
        ("post", "/kam/stock/{sku}/receive") => {
            Shared(|world| format!("/kam/stock/{}/receive", world.sku))
        }
        _ => return promotions(route),
    })
}

/// As [`names`], of promotions and funds.
fn promotions(route: &Route) -> Option<Names> {
    Some(match (route.method, route.path) {
        (_, path) if path.starts_with("/kam/funds/") => Shared(|_| format!("/kam/funds/{FUND}")),
        (_, "/kam/promotions/{id}") => Shared(|_| of_promotion("")),
        // One that everybody knows, and that is over.
        (_, "/promotions/{code}/order") => Shared(|_| "/promotions/OLD/order".into()),
        (_, path) if path.starts_with("/admin/webhooks/") => Shared(of_webhook(path)?),
        ("get", "/kam/promotions/{id}/accounts") => Shared(|_| of_promotion("/accounts")),
        ("get", "/kam/promotions/{id}/accounts.csv") => Shared(|_| of_promotion("/accounts.csv")),
        ("get" | "post", "/kam/promotions/{id}/campaign") => Shared(|_| of_promotion("/campaign")),
        ("get", "/kam/promotions/{id}/campaign/preview/{user}") => OfAccount(
            |shop| of_promotion(&format!("/campaign/preview/{}", shop.buyer)),
            "/kam/promotions/00000000-0000-0000-0000-000000000015/campaign/preview/\
             00000000-0000-0000-0000-0000000000ff",
        ),
        ("post", "/kam/promotions/{id}/campaign/start") => {
            Shared(|_| of_promotion("/campaign/start"))
        }
        ("post", "/kam/promotions/{id}/campaign/stop") => {
            Shared(|_| of_promotion("/campaign/stop"))
        }
        ("get", "/kam/promotions/{id}/edit") => Shared(|_| of_promotion("/edit")),
        ("post", "/kam/promotions/{id}/approve") => Shared(|_| of_promotion("/approve")),
        ("post", "/kam/promotions/{id}/cancel") => Shared(|_| of_promotion("/cancel")),
        ("post", "/kam/promotions/{id}/copy") => Shared(|_| of_promotion("/copy")),
        ("post", "/kam/promotions/{id}/return") => Shared(|_| of_promotion("/return")),
        ("post", "/kam/promotions/{id}/settle") => Shared(|_| of_promotion("/settle")),
        ("post", "/kam/promotions/{id}/stop") => Shared(|_| of_promotion("/stop")),
        ("post", "/kam/promotions/{id}/submit") => Shared(|_| of_promotion("/submit")),
        ("post", "/kam/promotions/{id}/withdraw") => Shared(|_| of_promotion("/withdraw")),
        _ => return None,
    })
}

fn of_webhook(path: &str) -> Option<fn(&World) -> String> {
    Some(match path {
        "/admin/webhooks/{id}" => |_| format!("/admin/webhooks/{WEBHOOK}"),
        "/admin/webhooks/{id}/disable" => |_| format!("/admin/webhooks/{WEBHOOK}/disable"),
        "/admin/webhooks/{id}/enable" => |_| format!("/admin/webhooks/{WEBHOOK}/enable"),
        "/admin/webhooks/{id}/replay" => |_| format!("/admin/webhooks/{WEBHOOK}/replay"),
        "/admin/webhooks/{id}/secret" => |_| format!("/admin/webhooks/{WEBHOOK}/secret"),
        "/admin/webhooks/{id}/test" => |_| format!("/admin/webhooks/{WEBHOOK}/test"),
        "/admin/webhooks/{id}/deliveries/{delivery}" => {
            |_| format!("/admin/webhooks/{WEBHOOK}/deliveries/{DELIVERY}")
        }
        "/admin/webhooks/{id}/deliveries/{delivery}/replay" => {
            |_| format!("/admin/webhooks/{WEBHOOK}/deliveries/{DELIVERY}/replay")
        }
        _ => return None,
    })
}

fn of_promotion(step: &str) -> String {
    format!("/kam/promotions/{PROMOTION}{step}")
}

/// URLs without a thing in them.
fn known(route: &Route) -> bool {
    let paths: &[&str] = match (route.access, route.method) {
        (Access::Public, "get") => &[
            "/healthz",
            "/readyz",
            "/sw.js",
            "/sign-in",
            "/forgot-password",
            "/api/docs",
            "/api/openapi.json",
        ],
        (Access::Public, "post") => &["/sign-in", "/sign-out", "/forgot-password", "/preferences"],
        (Access::SignedIn, "get") => &[
            "/",
            "/credit-notes",
            "/notifications",
            "/notifications/events",
            "/profile",
            "/profile/messages",
        ],
        (Access::SignedIn, "post") => &[
            "/notifications/devices",
            "/notifications/read",
            "/profile",
            "/profile/messages",
            "/profile/password",
        ],
        (Access::Buyer, "get") => &[
            "/approvals",
            "/cart",
            "/catalogue",
            "/catalogue/suggest",
            "/checkout",
            "/company",
            "/invoices",
            "/invoices.csv",
            "/orders",
            "/quick-order",
            "/quick-order/complete",
            "/suggestions/dismissed",
        ],
        (Access::Buyer, "post") => &[
            "/",
            "/cart/details",
            "/cart/empty",
            "/cart/lines",
            "/checkout",
            "/quick-order",
            "/quick-order/add",
            "/quick-order/clear",
            "/quick-order/upload",
            "/quick-order/usual",
            "/suggestions/dismiss",
            "/suggestions/take-back",
        ],
        (Access::AccountAdmin, "post") => &["/company/users", "/company/rules", "/company/budgets"],
        _ => &[],
    };
    paths.contains(&route.path) || known_to_staff(route)
}

/// As [`known`], of the brand's people.
fn known_to_staff(route: &Route) -> bool {
    let paths: &[&str] = match (route.access, route.method) {
        (Access::Kam, "get") => &[
            "/kam",
            "/kam/accounts",
            "/kam/events",
            "/kam/exceptions",
            "/kam/funds",
            "/kam/orders",
            "/kam/prices",
            "/kam/stock",
            "/kam/promotions",
        ],
        (Access::Kam, "post") => &["/act/stop"],
        (Access::Planner, "get") => &["/kam/promotions/new"],
        (Access::Planner, "post") => &["/kam/promotions", "/kam/promotions/preview"],
        (Access::Decider, "get") => &["/admin/suggestions"],
        (Access::Decider, "post") => &["/kam/funds"],
        (Access::Admin, "get") => &[
            "/admin",
            "/admin/audit",
            "/admin/imports",
            "/admin/health",
            "/admin/mail",
            "/admin/mail/bounces",
            "/admin/mail/suppressions",
            "/admin/mail/templates",
            "/admin/messages",
            "/admin/recommender",
            "/admin/users",
            "/admin/webhooks",
        ],
        (Access::Admin, "post") => &[
            "/admin/mail/bounces",
            "/admin/mail/suppressions",
            "/admin/mail/suppressions/lift",
            "/admin/imports",
            "/admin/messages",
            "/admin/jobs/retry",
            "/admin/recommender/train",
            "/admin/suggestions/trial",
            "/admin/suggestions/trial/end",
            "/admin/users",
            "/admin/webhooks",
        ],
        _ => &[],
    };
    paths.contains(&route.path)
}

/// What a form must say to get as far as the thing its path names.
fn fields(route: &Route) -> &'static [(&'static str, &'static str)] {
    match route.path {
        "/company/users/{id}" | "/admin/users/{id}" => &[("role", "buyer")],
        _ => &[],
    }
}

/// The line that [`lay_cart`] puts into an account's cart.
fn line_of(shop: &Shop) -> Uuid {
    Uuid::from_u128(if shop.email == BUYER { 0x21 } else { 0x22 })
}

/// The rule that [`lay_ground`] gives an account.
fn rule_of(shop: &Shop) -> Uuid {
    Uuid::from_u128(if shop.email == BUYER { 0x31 } else { 0x32 })
}

/// A cart with a line for two accounts, and a row of quick order for everybody who orders: what
/// forms remove is there again for the next caller.
async fn lay_cart(app: &App) {
    for table in ["cart_lines", "quick_order_rows"] {
        app.sql
            .run(&format!("DELETE FROM {table}"), [])
            .await
            .unwrap();
    }
    for shop in [&app.world.corner_shop, &app.world.stranger] {
        let cart = "INSERT INTO carts (id, account_id, state, created_at, updated_at) \
                    VALUES ($1, $2, 'open', 0, 0) ON CONFLICT DO NOTHING";
        app.sql
            .run(cart, [Uuid::now_v7().into(), shop.id.into()])
            .await
            .unwrap();
        let line = "INSERT INTO cart_lines \
                    (id, account_id, cart_id, product_id, unit, quantity, added_by, added_at) \
                    SELECT $1, c.account_id, c.id, p.id, p.order_unit, p.moq, 'Bea', 0 \
                    FROM carts c, products p \
                    WHERE c.account_id = $2 AND c.state = 'open' AND p.sku = $3";
        let values = [
            line_of(shop).into(),
            shop.id.into(),
            app.world.sku.clone().into(),
        ];
        assert_eq!(app.sql.run(line, values).await.unwrap(), 1);
    }
    let row = "INSERT INTO quick_order_rows (account_id, user_id, position, code, quantity, unit) \
               SELECT coalesce(account_id, $1), id, 1, 'nonsense', '1', '' FROM users \
               WHERE account_id IS NOT NULL OR email = $2";
    let values = [app.world.corner_shop.id.into(), KAM_NORTH.into()];
    app.sql.run(row, values).await.unwrap();
}

/// The hold that [`lay_ground`] puts on an account's order: its KAM has decided it, and so whoever
/// may decide is told that it is too late.
fn hold_of(shop: &Shop) -> Uuid {
    Uuid::from_u128(if shop.email == BUYER { 0x31 } else { 0x32 })
}

async fn lay_ground(app: &App) {
    lay_cart(app).await;
    for shop in [&app.world.corner_shop, &app.world.stranger] {
        let hold = "INSERT INTO holds (id, order_id, account_id, kind, level, releaser, state, \
                    facts, opened_at, due_at, decided_at, decided_by) \
                    SELECT $1, id, account_id, 'kam_review', 1, 'kam', 'released', $2, 0, 1, 0, \
                    'Karla' FROM orders WHERE number = $3";
        let facts = serde_json::json!({"kind": "kam_review", "note": "A look"});
        let values = [
            hold_of(shop).into(),
            facts.into(),
            shop.order.clone().into(),
        ];
        assert_eq!(app.sql.run(hold, values).await.unwrap(), 1);
    }
    let mail = "INSERT INTO mails (id, event, to_email, to_name, kind, subject, body_text, \
                body_html, state, created_at) \
                VALUES ($1, 'test', 'a@b.example', 'A', 'test', 'S', 'T', '<p>T</p>', 'sent', 0)";
    app.sql.run(mail, [MAIL.into()]).await.unwrap();
    let job = "INSERT INTO jobs (id, kind, payload, state, run_at, created_at) \
               VALUES ($1, 'send_mail', $2, 'dead', 0, 0)";
    let payload = serde_json::json!({"kind": "send_mail", "mail": MAIL});
    app.sql
        .run(job, [JOB.into(), payload.into()])
        .await
        .unwrap();
    let import = "INSERT INTO imports (id, kind, file_name, by_name, at, dry_run, inserted, changed, \
                  unchanged, rejected, rejected_rows) \
                  VALUES ($1, 'products', 'p.csv', 'Ada', 0, $2, 0, 0, 0, 1, 'row,column,problem')";
    app.sql
        .run(import, [IMPORT.into(), false.into()])
        .await
        .unwrap();
    for shop in [&app.world.corner_shop, &app.world.stranger] {
        let rule = "INSERT INTO approval_rules (id, account_id, kind, level, created_at) \
                    VALUES ($1, $2, 'new_ship_to', 3, 0)";
        let binds = [rule_of(shop).into(), shop.id.into()];
        app.sql.run(rule, binds).await.unwrap();
    }
    // One that is over and done with: whoever may touch it is told so.
    let promotion = "INSERT INTO promotions (id, code, name, state, mechanic, currency, \
                     valid_from, valid_until, audience, created_by, created_at, updated_at) \
                     VALUES ($1, 'OLD', 'Old', 'settled', $2, 'EUR', '2026-01-01', '2026-02-01', \
                     'everybody', 'Ada', 0, 0)";
    let mechanic = serde_json::json!({"kind": "free_freight", "from_minor": 1});
    app.sql
        .run(promotion, [PROMOTION.into(), mechanic.into()])
        .await
        .unwrap();
    let fund = "INSERT INTO funds (id, code, name, currency, budget_minor, created_at, updated_at) \
                VALUES ($1, 'OLD', 'Old', 'EUR', 1, 0, 0)";
    app.sql.run(fund, [FUND.into()]).await.unwrap();
    lay_webhook(app).await;
    let session = "INSERT INTO sessions \
                   (id, token_hash, user_id, csrf_secret, created_at, last_seen_at, expires_at) \
                   VALUES ($1, 'none', $2, 'none', 0, 0, $3)";
    let buyer = app.world.corner_shop.buyer;
    app.sql
        .run(session, [SESSION.into(), buyer.into(), i64::MAX.into()])
        .await
        .unwrap();
    let notice = "INSERT INTO notifications \
                  (id, user_id, topic, event, said, link, created_at, in_app) \
                  VALUES ($1, $2, 'orders', 'test', $3, '/orders', 0, $4)";
    let said = serde_json::json!({"key": "plain", "args": {"text": "Something"}});
    let values = [NOTICE.into(), buyer.into(), said.into(), true.into()];
    app.sql.run(notice, values).await.unwrap();
    let device = "INSERT INTO push_subscriptions \
                  (id, user_id, endpoint, p256dh, auth, created_at) \
                  VALUES ($1, $2, 'https://push.example/1', 'p', 'a', 0)";
    app.sql
        .run(device, [DEVICE.into(), buyer.into()])
        .await
        .unwrap();
}

/// An endpoint at which nobody listens, with something that was sent there.
async fn lay_webhook(app: &App) {
    let endpoint = "INSERT INTO webhook_endpoints (id, name, url, created_by, created_at) \
                    VALUES ($1, 'ERP', 'http://127.0.0.1:9/', 'Ada', 0)";
    app.sql.run(endpoint, [WEBHOOK.into()]).await.unwrap();
    let event = "INSERT INTO events (id, at, kind, subject, data) \
                 VALUES ($1, 0, 'order.placed', 'order/1', $2)";
    let data = serde_json::json!({});
    app.sql
        .run(event, [EVENT.into(), data.into()])
        .await
        .unwrap();
    let delivery = "INSERT INTO webhook_deliveries (id, endpoint_id, event_id, state, created_at) \
                    VALUES ($1, $2, $3, 'dead', 0)";
    let values = [DELIVERY.into(), WEBHOOK.into(), EVENT.into()];
    app.sql.run(delivery, values).await.unwrap();
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Caller {
    Nobody,
    Buyer,
    Owner,
    Stranger,
    Kam,
    /// Orders for the corner shop just now.
    ActingKam,
    OtherKam,
    Admin,
}

const CALLERS: [Caller; 8] = [
    Caller::Nobody,
    Caller::Buyer,
    Caller::Owner,
    Caller::Stranger,
    Caller::Kam,
    Caller::ActingKam,
    Caller::OtherKam,
    Caller::Admin,
];

impl Caller {
    async fn client(self, app: &App) -> Client {
        match self {
            Caller::Nobody => app.visitor(),
            Caller::Buyer => app.as_buyer().await,
            Caller::Owner => app.as_owner().await,
            Caller::Stranger => app.as_stranger().await,
            Caller::Kam => app.as_kam().await,
            Caller::ActingKam => {
                let kam = app.as_kam().await;
                let act = format!("/kam/accounts/{}/act", app.world.corner_shop.number);
                kam.post(&act, &[]).await.expect(303);
                kam
            }
            Caller::OtherKam => app.as_other_kam().await,
            Caller::Admin => app.as_admin().await,
        }
    }

    /// Whether the group of a URL has this caller in it.
    fn is_in(self, access: Access) -> bool {
        match access {
            Access::Public => true,
            Access::SignedIn => self != Caller::Nobody,
            Access::Buyer => matches!(
                self,
                Caller::Buyer | Caller::Owner | Caller::Stranger | Caller::ActingKam
            ),
            Access::AccountAdmin => self == Caller::Owner,
            Access::Kam | Access::Planner => matches!(
                self,
                Caller::Kam | Caller::ActingKam | Caller::OtherKam | Caller::Admin
            ),
            Access::Finance | Access::Operations | Access::Decider | Access::Admin => {
                self == Caller::Admin
            }
            Access::Api | Access::Service => false,
        }
    }

    fn is_staff(self) -> bool {
        self.is_in(Access::Kam)
    }

    /// Whether the corner shop's things are this caller's to see.
    fn reaches_the_corner_shop(self) -> bool {
        !matches!(self, Caller::Nobody | Caller::Stranger | Caller::OtherKam)
    }
}

/// What a caller must get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Served,
    SignIn,
    Forbidden,
    NotFound,
}

fn due(route: &Route, caller: Caller, names: &Names) -> Due {
    match (caller.is_in(route.access), names) {
        (false, _) if caller == Caller::Nobody => Due::SignIn,
        (false, _) => Due::Forbidden,
        (true, OfAccount(..)) if !caller.reaches_the_corner_shop() => Due::NotFound,
        (true, OfBuyer(..)) if caller != Caller::Buyer => Due::NotFound,
        // Whose hold it is, they see; who decides it is another matter.
        (true, OfAccount(..)) if route.path.starts_with("/holds/") && !caller.is_staff() => {
            Due::Forbidden
        }
        // They see the line; its price is for staff to agree.
        (true, OfAccount(..)) if route.path.ends_with("/price") && !caller.is_staff() => {
            Due::Forbidden
        }
        (true, _) => Due::Served,
    }
}

fn is_what_is_due(answer: &Answer, due: Due) -> bool {
    match due {
        Due::Served => {
            answer.status < 500 && !matches!(answer.status, 403 | 404) && !asks_to_sign_in(answer)
        }
        Due::SignIn => asks_to_sign_in(answer),
        Due::Forbidden => answer.status == 403,
        Due::NotFound => answer.status == 404,
    }
}

/// Signing out ends at the same page, but does not say where to go on.
fn asks_to_sign_in(answer: &Answer) -> bool {
    answer.asks_to_sign_in() && answer.status == 303
}

/// Whether people use it; programs have their own walk, services prove themselves by their word.
fn is_a_page(route: &Route) -> bool {
    !matches!(route.access, Access::Api | Access::Service)
}

/// The pages that people use.
fn pages() -> impl Iterator<Item = (&'static Route, Names)> {
    let pages = TABLE.iter().filter(|route| is_a_page(route));
    pages.filter_map(|route| names(route).map(|names| (route, names)))
}

async fn ask(client: &Client, route: &Route, path: &str) -> Answer {
    match route.method {
        "get" => client.get(path).await,
        "post" => client.post(path, fields(route)).await,
        method => panic!("no page is asked for by {method}"),
    }
}

#[test]
fn every_url_has_a_case() {
    let missing: Vec<_> = TABLE
        .iter()
        .filter(|route| is_a_page(route) && names(route).is_none())
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert!(
        missing.is_empty(),
        "URLs without a case in access.rs: {missing:#?}"
    );
    for (route, names) in pages() {
        let names_something = !matches!(names, Nothing);
        assert_eq!(route.path.contains('{'), names_something, "{}", route.path);
    }
}

/// How many rows each table has. What was put before somebody is noted when they look: that is no
/// change of anything theirs.
async fn rows_of_people(app: &App) -> Vec<(String, i64)> {
    let mut counts = app.sql.row_counts().await;
    counts.retain(|(table, _)| table != "suggestion_showings");
    counts
}

both! {
    async fn every_caller_gets_what_is_due(app) {
        lay_ground(app).await;
        let mut wrong = Vec::new();
        let mut clients = BTreeMap::new();
        for caller in CALLERS {
            clients.insert(caller, caller.client(app).await);
        }
        let signed_in = rows_of_people(app).await;
        for method in ["get", "post"] {
            for (route, names) in pages().filter(|(route, _)| route.method == method) {
                for caller in CALLERS {
                    // What changes who one is, is tried in a browser of its own.
                    let own = match route.path {
                        "/sign-out" | "/act/stop" | "/kam/accounts/{number}/act" => {
                            Some(caller.client(app).await)
                        }
                        _ => None,
                    };
                    let client = own.as_ref().unwrap_or(&clients[&caller]);
                    let path = path_of(route, &names, app);
                    if method == "post" && (path.contains("cart") || path.contains("quick")) {
                        lay_cart(app).await;
                    }
                    let answer = ask(client, route, &path).await;
                    let due = due(route, caller, &names);
                    let leaves = route.path == "/sign-out" && answer.location() == "/sign-in";
                    if !is_what_is_due(&answer, due) && !leaves {
                        wrong.push(format!(
                            "{method} {path} as {caller:?}: {due:?} is due, got {} {}",
                            answer.status,
                            answer.location()
                        ));
                    }
                }
            }
            if method == "get" {
                assert_eq!(rows_of_people(app).await, signed_in, "a GET has changed something");
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        app.forget_jobs().await;
    }

    async fn what_belongs_to_others_looks_like_what_does_not_exist(app) {
        lay_ground(app).await;
        let mut wrong = Vec::new();
        for caller in CALLERS {
            // The admin sees everybody's.
            if matches!(caller, Caller::Nobody | Caller::Admin) {
                continue;
            }
            let client = caller.client(app).await;
            for (route, names) in pages().filter(|(route, _)| caller.is_in(route.access)) {
                let (foreign, unknown) = match names {
                    OfAccount(path, unknown) if caller.reaches_the_corner_shop() => {
                        (path(&app.world.stranger), unknown.to_owned())
                    }
                    OfAccount(path, unknown) => {
                        (path(&app.world.corner_shop), unknown.to_owned())
                    }
                    OfBuyer(id, path) if caller != Caller::Buyer => {
                        (path(id), path(Uuid::from_u128(0xff)))
                    }
                    Nothing | Shared(_) | OfBuyer(..) => continue,
                };
                let unknown = unknown.as_str();
                let there = ask(&client, route, &foreign).await;
                let nowhere = ask(&client, route, unknown).await;
                let same = there.status == 404
                    && nowhere.status == 404
                    && anonymous(&there, &foreign) == anonymous(&nowhere, unknown);
                if !same {
                    wrong.push(format!(
                        "{} {foreign} as {caller:?}: {}, and {unknown}: {}\n{}",
                        route.method,
                        there.status,
                        nowhere.status,
                        difference(&anonymous(&there, &foreign), &anonymous(&nowhere, unknown))
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn a_form_without_its_token_changes_nothing(app) {
        let mut wrong = Vec::new();
        let mut clients = Vec::new();
        for caller in CALLERS {
            clients.push((caller, caller.client(app).await));
        }
        let before = app.sql.row_counts().await;
        // Links of mails are posted to by programs that have no token: the word in them is enough.
        let with_token = |route: &Route| route.method == "post" && !route.path.contains("{word}");
        for (route, names) in pages().filter(|(route, _)| with_token(route)) {
            let path = path_of(route, &names, app);
            for (caller, client) in &clients {
                for token in [None, Some("forged")] {
                    let fields: Vec<_> = token.iter().map(|token| ("csrf", *token)).collect();
                    let answer = client.post_raw(&path, &fields).await;
                    let refused = answer.status == 403
                        || *caller == Caller::Nobody && answer.asks_to_sign_in();
                    if !refused {
                        wrong.push(format!("{path} as {caller:?}: {}", answer.status));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(app.sql.row_counts().await, before);
    }

    async fn nobody_signs_another_person_out(app) {
        lay_ground(app).await;
        for caller in [Caller::Owner, Caller::Stranger, Caller::Kam, Caller::Admin] {
            let client = caller.client(app).await;
            client.post(&format!("/profile/sessions/{SESSION}/revoke"), &[]).await;
        }
        let left = "SELECT count(*) FROM sessions WHERE id = $1";
        assert_eq!(app.sql.number(left, [SESSION.into()]).await, 1);
        let buyer = app.as_buyer().await;
        buyer.post(&format!("/profile/sessions/{SESSION}/revoke"), &[]).await.expect(303);
        assert_eq!(app.sql.number(left, [SESSION.into()]).await, 0);
    }

    async fn a_form_with_another_sessions_token_is_refused(app) {
        let buyer = app.as_buyer().await;
        let token = app.as_stranger().await.token().await;
        let answer = buyer.post_raw("/preferences", &[("csrf", &token), ("lang", "de")]).await;
        assert_eq!(answer.status, 403);
    }
}

/// The path to the corner shop's thing, or the shared one.
fn path_of(route: &Route, names: &Names, app: &App) -> String {
    match names {
        Nothing => route.path.to_owned(),
        Shared(path) => path(&app.world),
        OfAccount(path, _) => path(&app.world.corner_shop),
        OfBuyer(id, path) => path(*id),
    }
}

/// The page without what differs from request to request.
fn anonymous(answer: &Answer, path: &str) -> String {
    let token = answer.field("csrf").unwrap_or_default();
    unescape(&answer.text())
        .replace(&token, "")
        .replace(path, "")
}

/// The first lines in which two texts differ.
fn difference(one: &str, other: &str) -> String {
    let mut pairs = one.lines().zip(other.lines());
    let (one, other) = pairs.find(|(one, other)| one != other).unwrap_or_default();
    format!("  {}\n  {}", one.trim(), other.trim())
}
