//! The life of a held order, by its people: the buyer submits, a colleague approves from the mail,
//! finance releases the credit hold, and the buyer reads that it is confirmed. One sum, to the
//! cent, on every page, in the mails and on paper.

use std::process::{Command, Stdio};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use super::*;

const APPROVER: &str = "approver@demo.kontor.example";
const FINANCE: &str = "finance@demo.kontor.example";

/// Only a total above ten euros and an empty credit limit hold the corner shop's orders.
const GROUND: [&str; 6] = [
    "DELETE FROM approval_rules WHERE kind <> 'total' OR level > 1",
    "UPDATE approval_rules SET threshold_minor = 1000",
    "UPDATE accounts SET credit_limit_minor = 1, overdue_tolerance_days = 365, \
     minimum_order_minor = 0, review_note = NULL",
    "UPDATE account_products SET times = 1",
    "DELETE FROM user_budgets",
    "UPDATE users SET locale = 'en'",
];

async fn database(kontor: &Kontor) -> DatabaseConnection {
    let file = kontor.folder.join("kontor.db");
    let url = format!("sqlite://{}", file.display());
    Database::connect(url).await.unwrap()
}

async fn text(db: &DatabaseConnection, sql: &str, number: &str) -> String {
    let asked = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [number.into()]);
    let row = db.query_one_raw(asked).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

/// An amount as English pages write it.
fn written(minor: &str) -> String {
    let (whole, cents) = minor.split_at(minor.len() - 2);
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{cents}")
}

/// The text of mails about the order that are for this address; where lines were folded on the way
/// they are whole again.
fn mails(kontor: &Kontor, to: &str, order: &str) -> Vec<String> {
    let files = std::fs::read_dir(kontor.folder.join("mail"));
    let files = files.into_iter().flatten().flatten();
    let texts = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
    texts
        .map(|text| {
            text.replace("=\r\n", "")
                .replace("=\n", "")
                .replace("=3D", "=")
        })
        .filter(|text| text.contains(to) && text.contains(order))
        .collect()
}

async fn mail(browser: &Browser, kontor: &Kontor, to: &str, order: &str, says: &str) -> String {
    let about = || mails(kontor, to, order);
    browser
        .until(&format!("a mail to {to} that says {says}"), async || {
            about().into_iter().find(|mail| mail.contains(says))
        })
        .await
}

/// Fills the cart from a list and submits it; the order's number, and what the checkout showed.
pub async fn submit(buyer: &Browser, kontor: &Kontor, script: Script) -> (String, String) {
    sign_in_by_one_click(buyer, BUYER, script).await;
    let products = kontor.products().await;
    let lines = products[..3]
        .iter()
        .map(|(sku, least, _)| format!("{sku};{least}"));
    buyer.go("/quick-order").await;
    let lines: Vec<String> = lines.collect();
    buyer.fill("textarea[name=lines]", &lines.join("\n")).await;
    buyer
        .click("form:has(textarea[name=lines]) button[type=submit]")
        .await;
    buyer
        .click("form[action=\"/quick-order/add\"] button")
        .await;
    buyer
        .until("the cart", async || {
            (!buyer.address().await.starts_with("/quick-order")).then_some(())
        })
        .await;
    buyer.go("/checkout").await;
    let checkout = buyer.text("main").await;
    look_for_barriers(buyer, script, "checkout that will be held").await;
    buyer
        .click("form[action=\"/checkout\"] button.primary")
        .await;
    let order = buyer
        .until("the held order", async || {
            let address = buyer.address().await;
            let number = address
                .strip_prefix("/orders/")?
                .strip_suffix("?placed=1")?;
            Some(number.to_owned())
        })
        .await;
    look_for_barriers(buyer, script, "held order").await;
    (order, checkout)
}

async fn approve(approver: &Browser, order: &str, net: &str, script: Script) {
    // As from the mail: first to sign in, then to the order.
    approver.go(&format!("/approvals/{order}")).await;
    assert!(approver.address().await.starts_with("/sign-in"));
    approver
        .click(&format!(
            ".demo-users form:has(input[value=\"{APPROVER}\"]) button"
        ))
        .await;
    let page = format!("/approvals/{order}");
    approver
        .until("the order to approve", async || {
            (approver.address().await == page).then_some(())
        })
        .await;
    look_for_barriers(approver, script, "approval").await;
    let text = approver.text("main").await;
    assert!(text.contains(net), "{net} is not in {text}");
    approver
        .click(&format!("form[action=\"{page}/approve\"] button"))
        .await;
    approver
        .until("the decision", async || {
            (approver.address().await != page).then_some(())
        })
        .await;
    look_for_barriers(approver, script, "approvals").await;
}

async fn release(finance: &Browser, hold: &str, order: &str, net: &str, script: Script) {
    sign_in_by_one_click(finance, FINANCE, script).await;
    finance.go("/kam/exceptions").await;
    let form = format!("form[action=\"/holds/{hold}/release\"]");
    finance.find(&form).await;
    look_for_barriers(finance, script, "exceptions").await;
    let row = finance.text(&format!("tr:has({form})")).await;
    assert!(row.contains(order) && row.contains(net), "{net}: {row}");
    finance.click(&format!("{form} button.primary")).await;
    finance
        .until("the release", async || {
            finance.all(&form).await.is_empty().then_some(())
        })
        .await;
}

async fn life(kontor: &Kontor, [buyer, approver, finance]: &[Browser; 3], script: Script) {
    let db = database(kontor).await;
    for sql in GROUND {
        db.execute_unprepared(sql).await.unwrap();
    }
    let (order, checkout) = submit(buyer, kontor, script).await;
    let sum = async |column: &str| {
        let sql = format!("SELECT CAST({column} AS text) FROM orders WHERE number = $1");
        written(&text(&db, &sql, &order).await)
    };
    let (net, gross) = (sum("net_minor").await, sum("gross_minor").await);
    assert!(checkout.contains(&gross), "{gross} is not in {checkout}");
    let holds = "SELECT group_concat(kind, ' ') FROM (SELECT h.kind FROM holds h JOIN orders o \
                 ON o.id = h.order_id WHERE o.number = $1 ORDER BY h.kind)";
    assert_eq!(text(&db, holds, &order).await, "approval credit");
    let asked = mail(
        buyer,
        kontor,
        APPROVER,
        &order,
        &format!("/approvals/{order}"),
    )
    .await;
    assert!(asked.contains(&net), "{net} is not in {asked}");
    approve(approver, &order, &net, script).await;
    let state = "SELECT state FROM orders WHERE number = $1";
    assert_eq!(text(&db, state, &order).await, "held");
    mail(buyer, kontor, FINANCE, &order, &order).await;
    let hold = "SELECT lower(hex(h.id)) FROM holds h JOIN orders o ON o.id = h.order_id \
                WHERE o.number = $1 AND h.kind = 'credit' AND h.state = 'open'";
    let hold: uuid::Uuid = text(&db, hold, &order).await.parse().unwrap();
    release(finance, &hold.to_string(), &order, &net, script).await;
    assert_eq!(text(&db, state, &order).await, "confirmed");
    buyer.go(&format!("/orders/{order}")).await;
    look_for_barriers(buyer, script, "released order").await;
    let page = buyer.text("main").await;
    assert!(page.contains(&gross), "{gross} is not in {page}");
    mail(buyer, kontor, BUYER, &order, &gross).await;
    let paper = paper(buyer, kontor, &order).await;
    assert!(paper.is_none_or(|paper| paper.contains(&gross)), "{gross}");
    db.close().await.unwrap();
}

/// What stands on the confirmation; none where there is no program to read it.
async fn paper(buyer: &Browser, kontor: &Kontor, order: &str) -> Option<String> {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let pdf = http
        .get(format!("{}/orders/{order}/confirmation.pdf", kontor.url))
        .header("cookie", buyer.cookies().await);
    let pdf = pdf.send().await.unwrap().bytes().await.unwrap();
    assert!(pdf.starts_with(b"%PDF"));
    let mut reader = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    reader.stdin.take().unwrap().write_all(&pdf).unwrap();
    let read = reader.wait_with_output().unwrap();
    Some(String::from_utf8_lossy(&read.stdout).into_owned())
}

fn run(name: &str, script: Script) {
    let Some(driver) = driver_url(name) else {
        return;
    };
    actix_web::rt::System::new().block_on(async {
        let kontor = Kontor::start(name).await;
        let open = async || Browser::open(&driver, &kontor.url, script).await;
        let windows = [open().await, open().await, open().await];
        let done = std::panic::AssertUnwindSafe(life(&kontor, &windows, script));
        let done = done.catch_unwind().await;
        for (window, who) in windows.iter().zip(["buyer", "approver", "finance"]) {
            if done.is_err() {
                window.photograph(&format!("held-{who}-{script:?}")).await;
            }
        }
        for window in windows {
            window.close().await;
        }
        if let Err(panic) = done {
            std::panic::resume_unwind(panic);
        }
    });
}

#[test]
fn a_held_order_is_approved_and_released_by_its_people() {
    run(
        "a_held_order_is_approved_and_released_by_its_people",
        Script::On,
    );
}

#[test]
fn a_held_order_is_approved_and_released_without_scripts() {
    run(
        "a_held_order_is_approved_and_released_without_scripts",
        Script::Off,
    );
}
