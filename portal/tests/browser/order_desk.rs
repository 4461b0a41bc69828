//! The buyer's morning: the usual order stands ready, is changed where it is wrong, and goes into
//! the cart in one press. What came of the suggestions is on the order.

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};

use super::*;

/// The total that stands below the lines.
async fn total(browser: &Browser) -> String {
    browser.text(".desk-bar .big").await
}

async fn database(kontor: &Kontor) -> sea_orm::DatabaseConnection {
    let file = kontor.folder.join("kontor.db");
    let db = Database::connect(format!("sqlite://{}", file.display())).await;
    db.unwrap()
}

/// Nothing but the order's own lines is to decide, and pages are in English.
pub async fn ground(kontor: &Kontor) {
    let db = database(kontor).await;
    for sql in [
        "DELETE FROM approval_rules",
        "DELETE FROM user_budgets",
        "UPDATE accounts SET credit_limit_minor = 100000000, minimum_order_minor = 0, \
         overdue_tolerance_days = 365, review_note = NULL",
        "UPDATE users SET locale = 'en'",
    ] {
        db.execute_unprepared(sql).await.unwrap();
    }
    db.close().await.unwrap();
}

async fn morning(buyer: &Browser, kontor: &Kontor, script: Script) {
    sign_in_by_one_click(buyer, BUYER, script).await;
    buyer.go("/").await;
    look_for_barriers(buyer, script, "order desk").await;
    let lines = buyer.all(".desk-line").await.len();
    assert!(lines >= 4, "only {lines} lines are suggested");
    let before = total(buyer).await;

    // One more of the first, none of the second.
    let first: i64 = value_of_first(buyer).await;
    let more = (first * 2).to_string();
    buyer.fill("#line-1-quantity", &more).await;
    buyer.click("#line-2 input[name=tick]").await;
    if script == Script::Off {
        buyer.click(".desk-bar button[value=count]").await;
    }
    buyer
        .until("another total", async || {
            let now = total(buyer).await;
            (now != before).then_some(now)
        })
        .await;

    // The third is dismissed and taken back; what was typed is still there.
    let third = article_of_third(buyer).await;
    buyer.click("#line-3 .not-wanted summary").await;
    buyer.click("#line-3 button[value^=not_now]").await;
    let undo = "#desk .notice button[value^=undo]";
    buyer.find(undo).await;
    look_for_barriers(buyer, script, "dismissed").await;
    assert_eq!(value_of_first(buyer).await.to_string(), more);
    buyer.click(undo).await;
    buyer
        .until("the line again", async || {
            (article_of_third(buyer).await == third).then_some(())
        })
        .await;
    assert_eq!(value_of_first(buyer).await.to_string(), more);

    buyer.click(".desk-bar button[value=add]").await;
    buyer.find(".flashes a[href=\"/checkout\"]").await;
    look_for_barriers(buyer, script, "after adding").await;
    buyer.click(".flashes a[href=\"/checkout\"]").await;
    buyer.find("form[action=\"/checkout\"]").await;
    buyer
        .click("form[action=\"/checkout\"] button.primary")
        .await;
    let order = buyer
        .until("the confirmation", async || {
            let address = buyer.address().await;
            let number = address
                .strip_prefix("/orders/")?
                .strip_suffix("?placed=1")?;
            Some(number.to_owned())
        })
        .await;
    let db = database(kontor).await;
    let sql = "SELECT count(*) FROM order_lines l JOIN orders o ON o.id = l.order_id \
               WHERE o.number = $1 AND l.suggested_list = 'usual'";
    let asked = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [order.into()]);
    let row = db.query_one_raw(asked).await.unwrap().unwrap();
    let from_the_desk: i64 = row.try_get_by_index(0).unwrap();
    assert!(
        from_the_desk >= 2,
        "{from_the_desk} lines came from the desk"
    );
    db.close().await.unwrap();
}

/// The article of the third line, as the server wrote it.
async fn article_of_third(browser: &Browser) -> String {
    let source = browser.source().await;
    let third = source
        .split_once("id=\"line-3\"")
        .map_or("", |(_, after)| after);
    let name = third
        .split_once("/products/")
        .map_or("", |(_, after)| after);
    name.split('"').next().unwrap().to_owned()
}

/// As the server wrote it.
async fn value_of_first(browser: &Browser) -> i64 {
    let source = browser.source().await;
    let (_, field) = source.split_once("id=\"line-1-quantity\"").unwrap();
    let (_, value) = field.split_once("value=\"").unwrap();
    value.split('"').next().unwrap().parse().unwrap()
}

fn run(name: &str, script: Script) {
    let Some(driver) = driver_url(name) else {
        return;
    };
    actix_web::rt::System::new().block_on(async {
        let kontor = Kontor::start(name).await;
        ground(&kontor).await;
        let buyer = Browser::open(&driver, &kontor.url, script).await;
        let done = std::panic::AssertUnwindSafe(morning(&buyer, &kontor, script));
        let done = done.catch_unwind().await;
        if done.is_err() {
            buyer.photograph(&format!("order-desk-{script:?}")).await;
        }
        buyer.close().await;
        if let Err(panic) = done {
            std::panic::resume_unwind(panic);
        }
    });
}

#[test]
fn the_usual_order_is_changed_and_sent_in_one_press() {
    run(
        "the_usual_order_is_changed_and_sent_in_one_press",
        Script::On,
    );
}

#[test]
fn the_usual_order_is_changed_and_sent_without_scripts() {
    run(
        "the_usual_order_is_changed_and_sent_without_scripts",
        Script::Off,
    );
}
