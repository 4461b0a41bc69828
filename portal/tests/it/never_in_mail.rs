//! What must not stand in any mail, tried on every account of the demo world and every kind of mail
//! that the world can be made to write: something that is hidden from its reader's company, a price
//! of another company, anything at all to somebody who may not sign in.

use std::collections::{BTreeMap, HashMap, HashSet};

use portal::jobs::Job;
use portal::messages::{digest, morning, reorder};
use portal::{campaigns, jobs};
use sea_orm::QueryResult;
use sea_orm::sea_query::Value;
use trade::id::ProductId;
use uuid::Uuid;

use crate::harness::{App, NOW};

const HOUR: i64 = 3_600_000;

async fn run(app: &App, sql: &str, values: impl IntoIterator<Item = Value>) -> u64 {
    app.sql.run(sql, values).await.unwrap()
}

async fn rows<T>(app: &App, sql: &str, read: impl Fn(&QueryResult) -> T) -> Vec<T> {
    app.sql.rows(sql, []).await.iter().map(read).collect()
}

fn at<T: sea_orm::TryGetable>(row: &QueryResult, column: usize) -> T {
    row.try_get_by_index(column).unwrap()
}

/// An account with what it alone pays for a piece, in cents.
#[derive(Debug, Clone)]
struct Shop {
    id: Uuid,
    group: Option<Uuid>,
    name: String,
    cents: i64,
}

/// Every account by id. Each has one price list of its own: a piece costs 2.01, 2.02, …, and a pack
/// as many times that as it holds.
async fn own_prices(app: &App) -> BTreeMap<Uuid, Shop> {
    let sql = "SELECT id, group_id, name, currency FROM accounts ORDER BY number";
    let accounts = rows(app, sql, |row| {
        (
            at::<Uuid>(row, 0),
            at(row, 1),
            at::<String>(row, 2),
            at::<String>(row, 3),
        )
    });
    run(app, "DELETE FROM account_price_lists", []).await;
    let mut shops = BTreeMap::new();
    for (number, (id, group, name, currency)) in (1_i64..).zip(accounts.await) {
        let list = Uuid::now_v7();
        let sql = "INSERT INTO price_lists (id, code, name, currency) VALUES ($1, $2, 'Own', $3)";
        run(
            app,
            sql,
            [list.into(), format!("OWN-{number}").into(), currency.into()],
        )
        .await;
        let sql = "INSERT INTO account_price_lists (id, account_id, price_list_id, rank, \
                   priority, valid_from, valid_until) \
                   VALUES ($1, $2, $3, 0, 0, '2020-01-01', '9999-12-31')";
        run(app, sql, [Uuid::now_v7().into(), id.into(), list.into()]).await;
        let cents = 200 + number;
        let sql = "INSERT INTO price_rows (product_id, price_list_id, unit, min_quantity, \
                   valid_from, amount) SELECT product_id, $1, unit, 1, '2020-01-01', \
                   $2 * pack_factor FROM product_units";
        run(app, sql, [list.into(), (cents * 100).into()]).await;
        shops.insert(
            id,
            Shop {
                id,
                group,
                name,
                cents,
            },
        );
    }
    shops
}

/// Hides from each account what it orders most often, and from a third of them a whole category.
async fn hide(app: &App, shops: &BTreeMap<Uuid, Shop>) {
    let sql = "SELECT account_id, product_id FROM account_products ORDER BY account_id, times DESC, \
               product_id";
    let bought = rows(app, sql, |row| (at::<Uuid>(row, 0), at::<Uuid>(row, 1))).await;
    let mut first: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (account, product) in bought {
        first.entry(account).or_default().push(product);
    }
    for (place, shop) in shops.values().enumerate() {
        let own = first.get(&shop.id).cloned().unwrap_or_default();
        for product in own.iter().take(2) {
            let sql = "INSERT INTO visibility_rules (id, effect, product_id, account_id) \
                       VALUES ($1, 'exclude', $2, $3)";
            let values = [Uuid::now_v7().into(), (*product).into(), shop.id.into()];
            run(app, sql, values).await;
        }
        if let (0, Some(product)) = (place % 3, own.get(2)) {
            let sql = "INSERT INTO visibility_rules (id, effect, category_id, account_id) \
                       SELECT $1, 'exclude', category_id, $2 FROM products WHERE id = $3";
            let values = [Uuid::now_v7().into(), shop.id.into(), (*product).into()];
            run(app, sql, values).await;
        }
    }
    let sql = "UPDATE counters SET value = value + 1 WHERE name IN ('promotions', 'catalogue')";
    run(app, sql, []).await;
}

/// By account the products it does not see, as the rules say.
async fn hidden(app: &App, shops: &BTreeMap<Uuid, Shop>) -> HashMap<Uuid, HashSet<Uuid>> {
    let sql = "SELECT r.effect, r.account_id, r.group_id, p.id FROM visibility_rules r \
               JOIN products p ON p.id = r.product_id \
               UNION ALL SELECT r.effect, r.account_id, r.group_id, p.id FROM visibility_rules r \
               JOIN category_ancestors c ON c.ancestor_id = r.category_id \
               JOIN products p ON p.category_id = c.category_id";
    let rules = rows(app, sql, |row| {
        let (account, group): (Option<Uuid>, Option<Uuid>) = (at(row, 1), at(row, 2));
        (
            at::<String>(row, 0) == "exclude",
            account,
            group,
            at::<Uuid>(row, 3),
        )
    });
    let rules = rules.await;
    let mut hidden = HashMap::new();
    for shop in shops.values() {
        let concerns = |account: &Option<Uuid>, group: &Option<Uuid>| match (account, group) {
            (None, None) => true,
            (account, group) => {
                *account == Some(shop.id) || (group.is_some() && *group == shop.group)
            }
        };
        let (mut out, mut reserved, mut let_in) = (HashSet::new(), HashSet::new(), HashSet::new());
        for (excludes, account, group, product) in &rules {
            match (excludes, concerns(account, group)) {
                (true, true) => _ = out.insert(*product),
                (true, false) => {}
                (false, of) => {
                    reserved.insert(*product);
                    if of {
                        let_in.insert(*product);
                    }
                }
            }
        }
        out.extend(reserved.difference(&let_in));
        hidden.insert(shop.id, out);
    }
    hidden
}

/// Every fourth of the retailers' people may no longer sign in, nor may one of the brand's.
async fn disable(app: &App) -> HashSet<Uuid> {
    let sql = "SELECT id FROM users WHERE account_id IS NOT NULL ORDER BY email";
    let people = rows(app, sql, |row| at::<Uuid>(row, 0)).await;
    let mut gone: HashSet<Uuid> = people.into_iter().step_by(4).collect();
    let sql = "SELECT id FROM users WHERE email = 'marketing@demo.kontor.example'";
    gone.extend(rows(app, sql, |row| at::<Uuid>(row, 0)).await);
    for id in &gone {
        let sql = "UPDATE users SET status = 'disabled' WHERE id = $1";
        run(app, sql, [(*id).into()]).await;
    }
    gone
}

/// Everybody wants to hear of everything; a third of them once a day.
async fn choose(app: &App) {
    let sql = "SELECT id FROM users ORDER BY email";
    let people = rows(app, sql, |row| at::<Uuid>(row, 0)).await;
    for (place, id) in people.into_iter().enumerate() {
        let mail = if place % 3 == 0 { "daily" } else { "at_once" };
        for topic in [
            "orders",
            "promotions",
            "reorder",
            "back_in_stock",
            "morning",
        ] {
            let mail = if topic == "morning" { "at_once" } else { mail };
            let sql = "INSERT INTO notification_choices (user_id, topic, mail, in_app, push, \
                       changed_at) VALUES ($1, $2, $3, TRUE, FALSE, 0)";
            run(app, sql, [id.into(), topic.into(), mail.into()]).await;
        }
    }
}

async fn enqueue(app: &App, jobs: &[Job]) {
    let tx = app.data.db.begin_system("test").await.unwrap();
    for job in jobs {
        tx.enqueue(app.clock.millis(), job).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Tells every running promotion of the demo to everybody it reaches.
async fn announce(app: &App) {
    run(
        app,
        "UPDATE message_settings SET promotion_mails_a_week = 14, counts_opens = TRUE",
        [],
    )
    .await;
    let sql = "SELECT id FROM promotions WHERE state = 'approved' AND valid_from <= '2026-11-24' \
               AND valid_until > '2026-11-24'";
    for id in rows(app, sql, |row| at::<Uuid>(row, 0)).await {
        let sql = "INSERT INTO campaigns (id, promotion_id, state, announce_on, holdout_share, \
                   salt, created_by, created_at) VALUES ($1, $2, 'planned', '2026-11-24', 0, 1, \
                   'Jana', 0)";
        run(app, sql, [Uuid::now_v7().into(), id.into()]).await;
    }
    for _ in 0..4 {
        campaigns::due(&app.data).await.unwrap();
        jobs::worker::run_due(&app.data).await.unwrap();
    }
}

/// As if everybody waited for what sells best, and for what is hidden from them; now it is there.
async fn come_back(app: &App, hidden: &HashMap<Uuid, HashSet<Uuid>>) {
    let sql = "SELECT id FROM products WHERE status = 'active' AND stock_policy <> 'untracked' \
               ORDER BY popularity DESC, sku LIMIT 2";
    let popular = rows(app, sql, |row| at::<Uuid>(row, 0)).await;
    let sql = "SELECT id, account_id FROM users WHERE account_id IS NOT NULL";
    let people = rows(app, sql, |row| (at::<Uuid>(row, 0), at::<Uuid>(row, 1))).await;
    let mut products: HashSet<Uuid> = popular.iter().copied().collect();
    for (person, account) in people {
        let mut wished = popular.clone();
        wished.extend(hidden[&account].iter().take(2));
        products.extend(&wished);
        for product in wished {
            let sql = "INSERT INTO stock_alerts (user_id, product_id, account_id, created_at) \
                       VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING";
            run(app, sql, [person.into(), product.into(), account.into()]).await;
        }
    }
    let mut jobs = Vec::new();
    for product in products {
        let sql = "UPDATE stock SET on_hand = allocated + reserved + 500 WHERE product_id = $1";
        run(app, sql, [product.into()]).await;
        jobs.push(Job::BackInStock {
            product: ProductId(product),
        });
    }
    enqueue(app, &jobs).await;
    jobs::worker::run_due(&app.data).await.unwrap();
}

/// As if each account's last order were placed and confirmed now; of orders with nothing in them
/// that is hidden by now, for what was ordered is confirmed as it was.
async fn confirm(app: &App, hidden: &HashMap<Uuid, HashSet<Uuid>>) {
    let sql = "SELECT o.id, o.account_id, l.product_id FROM orders o JOIN order_lines l \
               ON l.order_id = o.id ORDER BY o.account_id, o.placed_at DESC, o.id";
    let lines = rows(app, sql, |row| {
        (at::<Uuid>(row, 0), at::<Uuid>(row, 1), at::<Uuid>(row, 2))
    });
    let mut orders: BTreeMap<Uuid, Vec<(Uuid, bool)>> = BTreeMap::new();
    for (order, account, product) in lines.await {
        let of = orders.entry(account).or_default();
        let seen = !hidden[&account].contains(&product);
        match of.last_mut() {
            Some((known, good)) if *known == order => *good &= seen,
            _ => of.push((order, seen)),
        }
    }
    // Whoever buys for the account placed them.
    let sql = "UPDATE orders SET placed_by_id = (SELECT u.id FROM users u \
               WHERE u.account_id = orders.account_id ORDER BY u.status, u.email LIMIT 1)";
    run(app, sql, []).await;
    let mut jobs = Vec::new();
    for of in orders.values() {
        let Some((order, _)) = of.iter().find(|(_, good)| *good) else {
            continue;
        };
        for kind in ["placed", "confirmed"] {
            let event = Uuid::now_v7();
            let sql = "INSERT INTO order_events (id, order_id, account_id, kind, at, by_name, told) \
                       SELECT $1, id, account_id, $2, placed_at, '', TRUE FROM orders WHERE id = $3";
            run(app, sql, [event.into(), kind.into(), (*order).into()]).await;
            jobs.push(Job::OrderEvent { event });
        }
    }
    enqueue(app, &jobs).await;
    jobs::worker::run_due(&app.data).await.unwrap();
}

/// A mail as it was written.
#[derive(Debug, Clone)]
struct Mail {
    kind: String,
    reader: Uuid,
    account: Option<Uuid>,
    subject: String,
    text: String,
    html: String,
}

async fn written(app: &App) -> Vec<Mail> {
    let sql = "SELECT m.kind, m.user_id, u.account_id, m.subject, m.body_text, m.body_html \
               FROM mails m JOIN users u ON u.id = m.user_id ORDER BY m.created_at, m.id";
    rows(app, sql, |row| Mail {
        kind: at(row, 0),
        reader: at(row, 1),
        account: at(row, 2),
        subject: at(row, 3),
        text: at(row, 4),
        html: at(row, 5),
    })
    .await
}

/// Cents of the first amount in a text: `€1,234.50`.
fn cents(text: &str) -> Option<i64> {
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let amount = text[from..]
        .split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .next()?;
    let (whole, part) = amount.trim_end_matches(['.', ',']).split_once('.')?;
    let whole: i64 = whole.replace(',', "").parse().ok()?;
    Some(whole * 100 + part.parse::<i64>().ok()?)
}

fn count(text: &str) -> i64 {
    let digits: String = text
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == ',')
        .collect();
    digits
        .replace(',', "")
        .parse()
        .unwrap_or_else(|_| panic!("no count in {text}"))
}

/// Article number and price of a piece for each line of a mail, with what the line says; a line
/// counts in order units, of `factors` pieces each.
fn pieces(mail: &Mail, factors: &HashMap<String, i64>) -> Vec<(String, i64, String)> {
    let mut found = Vec::new();
    let mut previous = "";
    for line in mail.text.lines() {
        if mail.kind == "promotion" && line.starts_with("- ") && line.contains("): ") {
            let (head, amounts) = line
                .rsplit_once("): ")
                .map_or_else(|| panic!("{line}"), |(head, amounts)| (head, amounts));
            let sku = head.rsplit_once('(').unwrap().1.to_owned();
            let quantity = count(&line[2..]);
            // Before promotions, where they take something off.
            let (net, before) = amounts.split_once(" (").unwrap_or((amounts, amounts));
            let before = cents(before).or(cents(net)).unwrap();
            assert_eq!(before % (quantity * factors[&sku]), 0, "{line}");
            found.push((
                sku.clone(),
                before / quantity / factors[&sku],
                line.to_owned(),
            ));
        }
        if mail.kind == "usual-order-due" && line.starts_with("    ") && line.contains(" = ") {
            let sku = previous.split("  ").nth(1).unwrap().to_owned();
            let each = cents(line).unwrap();
            found.push((
                sku.clone(),
                each / factors[&sku],
                format!("{previous}\n{line}"),
            ));
        }
        previous = line;
    }
    found
}

/// So many of each, for the rest to mean something.
const LEAST: [(&str, usize); 6] = [
    ("promotion", 60),
    ("usual-order-due", 5),
    ("back-in-stock", 40),
    ("order-confirmation", 4),
    ("digest", 15),
    ("morning", 2),
];

both! {
    async fn no_mail_of_the_whole_world_says_what_its_reader_may_not_know(app) {
        let shops = own_prices(app).await;
        hide(app, &shops).await;
        let hidden = hidden(app, &shops).await;
        let gone = disable(app).await;
        choose(app).await;
        run(app, "DELETE FROM mails WHERE kind <> 'sample'", []).await;
        announce(app).await;
        reorder::due(&app.data).await.unwrap();
        come_back(app, &hidden).await;
        confirm(app, &hidden).await;
        app.clock.advance(21 * HOUR + HOUR / 2);
        digest::due(&app.data).await.unwrap();
        morning::due(&app.data).await.unwrap();
        jobs::worker::run_due(&app.data).await.unwrap();
        let mails = written(app).await;
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for mail in &mails {
            *kinds.entry(mail.kind.as_str()).or_default() += 1;
        }
        for (kind, least) in LEAST {
            assert!(kinds.get(kind).copied().unwrap_or_default() >= least, "{kind}: {kinds:?}");
        }
        let sql = "SELECT p.id, p.sku, p.name, CAST(u.pack_factor AS bigint) FROM products p \
                   JOIN product_units u ON u.product_id = p.id AND u.unit = p.order_unit";
        let products = rows(app, sql, |row| {
            (at::<Uuid>(row, 0), at::<String>(row, 1), at::<String>(row, 2), at::<i64>(row, 3))
        });
        let products = products.await;
        let factors: HashMap<String, i64> =
            products.iter().map(|(_, sku, _, factor)| (sku.clone(), *factor)).collect();
        let mut wrong = Vec::new();
        let (mut compared, mut looked_for) = (0, 0);
        for mail in &mails {
            let what = format!("{} “{}” to {}", mail.kind, mail.subject, mail.reader);
            if gone.contains(&mail.reader) {
                wrong.push(format!("{what}: may not sign in"));
            }
            let Some(account) = mail.account else { continue };
            let (own, out) = (&shops[&account], &hidden[&account]);
            let all = [&mail.subject, &mail.text, &mail.html];
            let says = |word: &str| all.iter().any(|text| text.contains(word));
            for (id, sku, name, _) in &products {
                // A name that stands in another's is not told apart from it.
                let inside = |other: &(Uuid, String, String, i64)| {
                    !out.contains(&other.0) && (other.2.contains(name) || other.1.contains(sku))
                };
                if !out.contains(id) || products.iter().any(inside) {
                    continue;
                }
                looked_for += 1;
                let escaped = name.replace('&', "&amp;").replace('\'', "&#x27;");
                if says(sku) || says(name) || says(&escaped) {
                    wrong.push(format!("{what}: {sku} {name} is hidden"));
                }
            }
            let others = shops.values().filter(|other| !own.name.contains(&other.name));
            for other in others.filter(|other| says(&other.name)) {
                wrong.push(format!("{what}: names {}", other.name));
            }
            for (sku, each, line) in pieces(mail, &factors) {
                compared += 1;
                if each != own.cents {
                    wrong.push(format!("{what}: {sku} at {each}, not {}: {line}", own.cents));
                }
            }
            if mail.kind == "back-in-stock" {
                let (_, price) = mail.text.split_once("Your price: ").unwrap();
                let (_, sku) = mail.text.split_once("/products/").unwrap();
                let sku = sku.split_whitespace().next().unwrap();
                compared += 1;
                if cents(price) != Some(own.cents * factors[sku]) {
                    wrong.push(format!("{what}: {}", price.lines().next().unwrap()));
                }
            }
        }
        assert!(wrong.is_empty(), "{} faults: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
        assert!(compared > 200 && looked_for > 1_000, "{compared} prices, {looked_for} names");
        // What left is what was written.
        let addresses: HashSet<String> = app.mails().into_iter().map(|kept| kept.mail.to_email).collect();
        let sql = "SELECT email FROM users WHERE status = 'disabled'";
        for email in rows(app, sql, |row| at::<String>(row, 0)).await {
            assert!(!addresses.contains(&email), "{email}");
        }
        assert_eq!(app.clock.millis(), NOW + 21 * HOUR + HOUR / 2);
        app.forget_jobs().await;
    }
}
