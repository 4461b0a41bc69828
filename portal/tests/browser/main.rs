//! The buyer's journey in a real browser: found with a typo, ordered from a pasted list, confirmed
//! on the page, on paper and by mail, seen by the key account manager. With scripts and without;
//! and no page on the way that axe-core finds a barrier on, in light or dark.
//!
//! Runs where `KONTOR_TEST_BROWSER` names a chromedriver; axe-core comes by `.ci/setup`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that stumbles says where"
)]

mod bell;
mod driver;
mod held;
mod letters;
mod order_desk;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use driver::{Browser, Script};
use futures_util::FutureExt;
use serde_json::Value;

const BUYER: &str = "buyer@demo.kontor.example";
const KAM: &str = "kam@demo.kontor.example";

/// Kontor as somebody runs it who tries it out.
struct Kontor {
    process: Child,
    folder: PathBuf,
    url: String,
}

impl Kontor {
    async fn start(name: &str) -> Kontor {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("journey-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let database = format!("sqlite://{}", folder.join("kontor.db").display());
        let command = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_kontor"));
            command.args(arguments).current_dir(&folder).env_clear();
            command
                .env("DATABASE_URL", &database)
                .env("KONTOR_BIND", "127.0.0.1:0");
            command.env("RUST_LOG", "error");
            command
        };
        let seeded = command(&["seed", "demo", "--weeks", "8"]).output().unwrap();
        assert!(seeded.status.success(), "{seeded:?}");
        // A journey that depends on what is left in the demo's warehouse would be no journey.
        let sql = sea_orm::Database::connect(&database).await.unwrap();
        let plenty = "UPDATE products SET stock_policy = 'back_order'";
        sea_orm::ConnectionTrait::execute_unprepared(&sql, plenty)
            .await
            .unwrap();
        sql.close().await.unwrap();
        // Otherwise what is suggested changes under the reader once the worker has learned it.
        let trained = command(&["train"]).output().unwrap();
        assert!(trained.status.success(), "{trained:?}");
        let mut process = command(&["serve"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines
            .by_ref()
            .map(|line| line.unwrap())
            .find_map(|line| line.strip_prefix("listening on ").map(str::to_owned))
            .expect("the server did not start");
        std::thread::spawn(move || lines.for_each(drop));
        Kontor {
            process,
            folder,
            url,
        }
    }

    /// Products that the demo buyer may order, by the API: SKU, least quantity, step.
    async fn products(&self) -> Vec<(String, i64, i64)> {
        let keys = std::fs::read_to_string(self.folder.join("demo-keys.json")).unwrap();
        let keys: Value = serde_json::from_str(&keys).unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut products = Vec::new();
        let mut cursor = String::new();
        while products.len() < 60 {
            let page: Value = http
                .get(format!("{}/api/v1/products{cursor}", self.url))
                .bearer_auth(keys["account"].as_str().unwrap())
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            for product in page["items"].as_array().unwrap() {
                if product["price"].is_null() {
                    continue;
                }
                let (moq, step) = (product["moq"].as_i64(), product["multiple"].as_i64());
                let (moq, step) = (moq.unwrap(), step.unwrap());
                let least = (moq + step - 1) / step * step;
                products.push((product["sku"].as_str().unwrap().to_owned(), least, step));
            }
            cursor = format!(
                "?cursor={}",
                page["next"].as_str().expect("too few products")
            );
        }
        products
    }

    /// Whether a mail has left that names the order.
    fn has_mail_about(&self, order: &str) -> bool {
        let mails = std::fs::read_dir(self.folder.join("mail"))
            .into_iter()
            .flatten()
            .flatten();
        mails
            .into_iter()
            .any(|mail| std::fs::read_to_string(mail.path()).is_ok_and(|text| text.contains(order)))
    }
}

impl Drop for Kontor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Looks for barriers in both colour schemes; without scripts there is nothing to look with.
async fn look_for_barriers(browser: &Browser, script: Script, page: &str) {
    if script == Script::Off {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/browser/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(path).expect("axe-core is missing: run .ci/setup");
    for colours in ["light", "dark"] {
        browser.prefer(colours).await;
        let found = browser
            .run(&format!(
                "{axe}; const done = arguments[arguments.length - 1]; \
                 axe.run(document).then(result => done(result.violations.map(one => \
                 one.id + ': ' + one.help + ' at ' + one.nodes.map(node => node.target.join(' ') \
                 + ' ' + node.html.slice(0, 160)).slice(0, 4).join(' | '))), \
                 error => done([String(error)]));"
            ))
            .await;
        let found = found.as_array().unwrap();
        if !found.is_empty() {
            browser.photograph(&format!("{page}-{colours}")).await;
        }
        assert!(found.is_empty(), "{page} in {colours}: {found:#?}");
    }
    browser.prefer("light").await;
}

async fn sign_in_by_one_click(browser: &Browser, email: &str, script: Script) {
    browser.go("/sign-in").await;
    look_for_barriers(browser, script, "sign-in").await;
    browser
        .click(&format!(
            ".demo-users form:has(input[value=\"{email}\"]) button"
        ))
        .await;
    browser
        .until("being signed in", async || {
            (!browser.address().await.starts_with("/sign-in")).then_some(())
        })
        .await;
}

/// Fifty lines as from a spreadsheet, three of them wrong, and the quantity that mends the last.
fn pasted(products: &[(String, i64, i64)]) -> (String, i64) {
    let mut lines: Vec<String> = products[..47]
        .iter()
        .map(|(sku, least, _)| format!("{sku};{least}"))
        .collect();
    let (sku, least, _) = &products[47];
    // A letter too many, a quantity off the rule, a quantity that is none.
    lines.insert(5, format!("{sku}X;{least}"));
    let off = products[47..]
        .iter()
        .find(|(_, least, step)| *least > 1 && *step > 1);
    let (sku, least, _) = off.expect("no product is sold in steps");
    lines.insert(20, format!("{sku};{}", least + 1));
    let (sku, least, _) = &products[46];
    lines.push(format!("{sku};many"));
    (lines.join("\n"), *least)
}

async fn correct_in_place(browser: &Browser, mend: i64) {
    let wrong = async || browser.all(".wrong-row").await.len();
    for left in [3, 2, 1] {
        browser
            .until("the wrong lines", async || {
                (wrong().await == left).then_some(())
            })
            .await;
        let row = browser.text(".wrong-row").await;
        if row.contains("many") {
            browser
                .fill(".wrong-row input[name=quantity]", &mend.to_string())
                .await;
        }
        let nearest = ".wrong-row:first-of-type button[name=quantity]";
        if row.contains("many") || browser.all(nearest).await.is_empty() {
            browser
                .click(".wrong-row .inline-form button[type=submit]")
                .await;
        } else {
            browser.click(nearest).await;
        }
    }
    browser
        .until("no wrong line", async || (wrong().await == 0).then_some(()))
        .await;
}

async fn journey(driver: &str, kontor: &Kontor, script: Script) {
    let buyer = Browser::open(driver, &kontor.url, script).await;
    let kam = Browser::open(driver, &kontor.url, script).await;
    let done = std::panic::AssertUnwindSafe(walk(&buyer, &kam, kontor, script));
    let done = done.catch_unwind().await;
    if done.is_err() {
        buyer.photograph(&format!("journey-{script:?}")).await;
    }
    buyer.close().await;
    kam.close().await;
    if let Err(panic) = done {
        std::panic::resume_unwind(panic);
    }
}

async fn walk(buyer: &Browser, kam: &Browser, kontor: &Kontor, script: Script) {
    sign_in_by_one_click(kam, KAM, script).await;
    kam.go("/kam").await;
    look_for_barriers(kam, script, "desk").await;

    sign_in_by_one_click(buyer, BUYER, script).await;
    look_for_barriers(buyer, script, "home").await;
    // Salmon, with a letter missing.
    buyer.fill("#top-q", "samon\u{e007}").await;
    buyer.find("main a[href^=\"/products/\"]").await;
    look_for_barriers(buyer, script, "catalogue").await;
    buyer.click("main a[href^=\"/products/\"]").await;
    buyer
        .until("the product", async || {
            buyer
                .address()
                .await
                .starts_with("/products/")
                .then_some(())
        })
        .await;
    let product = buyer.source().await;
    assert!(
        ["Why this price?", "Warum dieser Preis?"]
            .iter()
            .any(|title| product.contains(title)),
        "no explanation of the price"
    );
    look_for_barriers(buyer, script, "product").await;

    let (lines, mend) = pasted(&kontor.products().await);
    buyer.go("/quick-order").await;
    buyer.fill("textarea[name=lines]", &lines).await;
    buyer
        .click("form:has(textarea[name=lines]) button[type=submit]")
        .await;
    buyer.find(".wrong-row").await;
    look_for_barriers(buyer, script, "quick order").await;
    correct_in_place(buyer, mend).await;
    buyer
        .click("form[action=\"/quick-order/add\"] button")
        .await;
    buyer
        .until("the cart", async || {
            (!buyer.address().await.starts_with("/quick-order/add")).then_some(())
        })
        .await;
    buyer.go("/cart").await;
    look_for_barriers(buyer, script, "cart").await;
    buyer.click("main a[href=\"/checkout\"]").await;
    buyer.find("form[action=\"/checkout\"]").await;
    look_for_barriers(buyer, script, "checkout").await;
    buyer
        .fill(
            "form[action=\"/checkout\"] input[name=po_number]",
            "PO-4711",
        )
        .await;
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
    assert!(buyer.source().await.contains("PO-4711"));
    look_for_barriers(buyer, script, "confirmation").await;
    afterwards(buyer, kam, kontor, script, &order).await;
}

async fn afterwards(buyer: &Browser, kam: &Browser, kontor: &Kontor, script: Script, order: &str) {
    kam.until("the order on the desk", async || {
        if script == Script::Off {
            kam.go("/kam").await;
        }
        kam.source().await.contains(order).then_some(())
    })
    .await;
    let pdf = reqwest::Client::builder().no_proxy().build().unwrap();
    let pdf = pdf
        .get(format!("{}/orders/{order}/confirmation.pdf", kontor.url))
        .header("cookie", buyer.cookies().await);
    let pdf = pdf.send().await.unwrap().bytes().await.unwrap();
    assert!(pdf.starts_with(b"%PDF"), "{:?}", pdf.get(..40));
    buyer
        .until("the mail", async || {
            kontor.has_mail_about(order).then_some(())
        })
        .await;
}

/// The chromedriver that journeys run with; where none is named they are skipped, and say so.
fn driver_url(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no settings of their own"
    )]
    let driver = std::env::var("KONTOR_TEST_BROWSER")
        .ok()
        .filter(|url| !url.is_empty());
    let Some(driver) = driver else {
        // Past the test runner, which keeps what passing tests print.
        let line = format!("skipped: browser::{name}: KONTOR_TEST_BROWSER is not set\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        return None;
    };
    Some(driver.trim_end_matches('/').to_owned())
}

fn run(name: &str, script: Script) {
    let Some(driver) = driver_url(name) else {
        return;
    };
    actix_web::rt::System::new().block_on(async {
        let kontor = Kontor::start(name).await;
        journey(&driver, &kontor, script).await;
    });
}

#[test]
fn a_buyer_orders_and_the_kam_sees_it() {
    run("a_buyer_orders_and_the_kam_sees_it", Script::On);
}

#[test]
fn a_buyer_orders_without_scripts_and_the_kam_sees_it() {
    run(
        "a_buyer_orders_without_scripts_and_the_kam_sees_it",
        Script::Off,
    );
}
