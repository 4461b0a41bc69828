//! Credit: open items from files, the statement, the ledger, the terms, and what they hold.

use portal::check;
use portal::credit::{self, Entry};
use portal::imports::load::{self, Kind, Options};
use portal::imports::rejected::RejectedRows;
use portal::imports::table::Table;
use trade::hold::{Facts, HoldKind};
use trade::id::AccountId;
use trade::money::{Currency, Money};

use crate::harness::client::unescape;
use crate::harness::{App, Client, NOW};

const FINANCE: &str = "finance@demo.kontor.example";

/// Imports a file: rows inserted, changed, unchanged, and what was wrong with the others.
async fn import(app: &App, kind: Kind, csv: &str) -> ([u64; 3], Vec<String>) {
    let table = Table::from_bytes(csv.into()).unwrap();
    let mut rejected = RejectedRows::new(Vec::new(), table.header()).unwrap();
    let options = Options {
        dry_run: false,
        keep_good: true,
        now: NOW,
        by: "Test".into(),
        file_name: "test.csv".into(),
    };
    let report = load::run(
        &app.data.db,
        kind,
        table,
        &options,
        &mut rejected,
        &mut |_| {},
    )
    .await
    .unwrap();
    let text = String::from_utf8(rejected.finish().unwrap()).unwrap();
    let problems = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{} {}", cells[1], cells[2])
    });
    (
        [report.inserted, report.changed, report.unchanged],
        problems.collect(),
    )
}

async fn items(app: &App, rows: &str) -> [u64; 3] {
    let (counts, problems) = import(app, Kind::OpenItems, &format!("{HEAD}{rows}")).await;
    assert_eq!(problems, Vec::<String>::new());
    counts
}

const HEAD: &str = "account,number,kind,order,issued_on,due_on,amount,open,early_payment_on,early_payment_discount\n";

/// Held, confirmed and receivable of an account, in cents.
async fn sums(app: &App, account: &str) -> [i64; 3] {
    let sql = "SELECT c.held_minor, c.confirmed_minor, c.receivable_minor FROM credit_accounts c \
               JOIN accounts a ON a.id = c.account_id WHERE a.number = $1";
    let rows = app.sql.rows(sql, [account.into()]).await;
    let Some(row) = rows.first() else {
        return [0; 3];
    };
    [0, 1, 2].map(|at| row.try_get_by_index(at).unwrap())
}

async fn entries(app: &App) -> i64 {
    app.sql
        .number("SELECT count(*) FROM credit_entries", [])
        .await
}

/// What the books say of credit that does not hold.
async fn findings(app: &App) -> Vec<String> {
    let all = check::books(&app.data.db).await.unwrap();
    let of = all.iter().filter(|finding| {
        ["bill-to", "pays for itself"]
            .iter()
            .any(|word| finding.holds.contains(word))
    });
    of.map(ToString::to_string).collect()
}

/// Settles everything that is open of the corner shop, by the files themselves.
async fn settle(app: &App) {
    let number = &app.world.corner_shop.number;
    let sql = "SELECT i.number, CAST(i.amount_minor AS text) FROM open_items i \
               JOIN accounts a ON a.id = i.account_id WHERE a.number = $1 AND i.open_minor <> 0";
    let mut file = String::new();
    for row in app.sql.rows(sql, [number.clone().into()]).await {
        let item: String = row.try_get_by_index(0).unwrap();
        let minor: String = row.try_get_by_index(1).unwrap();
        let amount = Money::new(minor.parse().unwrap(), Currency::EUR).to_decimal();
        file.push_str(&format!("{number},{item},,,2026-10-01,,{amount},0,,\n"));
    }
    items(app, &file).await;
    assert_eq!(sums(app, number).await[2], 0);
}

fn figures(page: &str) -> String {
    unescape(page).replace('\u{a0}', " ")
}

both! {
    async fn the_demo_owes_what_its_ledger_says(app) {
        assert_eq!(findings(app).await, Vec::<String>::new());
        let [held, confirmed, receivable] = sums(app, &app.world.corner_shop.number).await;
        assert_eq!(held, 0);
        assert!(confirmed >= 0 && receivable > 0);
        // Enough is left for whatever a day brings.
        assert!(confirmed + receivable < 2_500_000, "{confirmed} {receivable}");
    }

    async fn a_repeated_statement_books_its_differences_once(app) {
        settle(app).await;
        let shop = app.world.corner_shop.number.clone();
        let first = format!("{shop},R-1,,,2026-11-01,2026-12-01,100.00,,,\n\
                             {shop},G-1,credit_note,,2026-11-02,2026-11-02,30.00,,,\n");
        let before = entries(app).await;
        assert_eq!(items(app, &first).await, [2, 0, 0]);
        assert_eq!(sums(app, &shop).await[2], 7_000);
        assert_eq!(items(app, &first).await, [0, 0, 2]);
        assert_eq!(entries(app).await, before + 2);
        // Part of it is paid, then it is open again as before, then it is settled.
        for (open, receivable) in [("40.00", 1_000), ("100.00", 7_000), ("0", -3_000)] {
            let row = format!("{shop},R-1,,,2026-11-01,2026-12-01,100.00,{open},,\n");
            assert_eq!(items(app, &row).await, [0, 1, 0]);
            assert_eq!(sums(app, &shop).await[2], receivable);
        }
        // Another due date is no entry.
        let row = format!("{shop},R-1,,,2026-11-01,2026-12-31,100.00,0,,\n");
        assert_eq!(items(app, &row).await, [0, 1, 0]);
        assert_eq!(entries(app).await, before + 5);
        assert_eq!(findings(app).await, Vec::<String>::new());
    }

    async fn an_invoice_takes_its_order_out_of_what_is_not_billed_once(app) {
        let sql = "SELECT o.number, a.number, CAST(o.gross_minor AS text) FROM orders o \
                   JOIN accounts a ON a.id = o.account_id WHERE o.state = 'confirmed' \
                   AND o.bill_to_id = o.account_id ORDER BY o.number LIMIT 1";
        let rows = app.sql.rows(sql, []).await;
        let order: String = rows[0].try_get_by_index(0).unwrap();
        let account: String = rows[0].try_get_by_index(1).unwrap();
        let gross: String = rows[0].try_get_by_index(2).unwrap();
        let gross: i64 = gross.parse().unwrap();
        let [_, confirmed, receivable] = sums(app, &account).await;
        let two = format!("{account},R-A,,{order},2026-11-20,,10.00,,,\n\
                           {account},R-B,,{order},2026-11-20,,20.00,,,\n");
        items(app, &two).await;
        assert_eq!(sums(app, &account).await, [0, confirmed - gross, receivable + 3_000]);
        items(app, &format!("{account},R-A,,{order},2026-11-20,,10.00,5.00,,\n")).await;
        assert_eq!(sums(app, &account).await, [0, confirmed - gross, receivable + 2_500]);
        assert_eq!(findings(app).await, Vec::<String>::new());
    }

    async fn a_row_that_cannot_be_booked_says_why(app) {
        let shop = app.world.corner_shop.number.clone();
        let other = app.world.stranger.number.clone();
        items(app, &format!("{shop},R-1,,,2026-11-01,,1.00,,,\n")).await;
        let rows = format!(
            "{HEAD}nobody,R-2,,,2026-11-01,,1.00,,,\n{other},R-1,,,2026-11-01,,1.00,,,\n\
             {shop},R-3,,,2026-11-01,,1.001,,,\n{shop},R-4,invoice,,2026-11-01,,-1,,,\n\
             {shop},R-5,,,2026-11-01,,1,2,,\n{shop},R-6,,,2026-11-01,2026-10-01,1,,,\n\
             {shop},R-7,,,2026-11-01,,1,,2026-11-05,\n{shop},R-8,,,2026-11-01,,1,,,\n\
             {shop},R-8,,,2026-11-01,,2,,,\n"
        );
        let before = sums(app, &shop).await;
        let (counts, mut problems) = import(app, Kind::OpenItems, &rows).await;
        problems.sort();
        assert_eq!(counts, [1, 0, 0]);
        assert_eq!(problems, [
            "account is not known: nobody",
            "amount has more than 2 decimals",
            "amount of an invoice is not below 0",
            "due_on lies before issued_on",
            "early_payment_on needs early_payment_discount filled in as well",
            "number is an item of another account",
            "number repeats row 9",
            "open is more than amount",
        ]);
        assert_eq!(sums(app, &shop).await[2], before[2] + 100);
        assert_eq!(findings(app).await, Vec::<String>::new());
    }

    async fn nobody_pays_for_somebody_who_pays_for_others(app) {
        let head = "number,name,country,currency,bill_to\n";
        let file = "A,A,DE,EUR,B\nB,B,DE,EUR,\nC,C,DE,EUR,A\nD,D,DE,CHF,B\nE,E,DE,EUR,F\nG,G,DE,EUR,G\n";
        let (counts, problems) = import(app, Kind::Accounts, &format!("{head}{file}")).await;
        assert_eq!(counts, [6, 0, 0]);
        assert_eq!(problems, [
            "bill_to does not pay for itself",
            "bill_to is kept in another currency",
            "bill_to is not known: F",
        ]);
        let (_, problems) = import(app, Kind::Accounts, &format!("{head}B,B,DE,EUR,G\n")).await;
        assert_eq!(problems, ["bill_to cannot pay for an account that pays for others"]);
        let paid = "SELECT a.number || ' by ' || p.number FROM accounts a \
                    JOIN accounts p ON p.id = a.bill_to_id WHERE length(a.number) = 1";
        assert_eq!(app.sql.texts(paid).await, ["A by B"]);
        // An item of A is B's to pay; a column that is not there leaves who pays.
        items(app, "A,R-1,,,2026-11-01,,9.99,,,\n").await;
        assert_eq!(sums(app, "B").await, [0, 0, 999]);
        import(app, Kind::Accounts, "number,name\nA,A\n").await;
        assert_eq!(app.sql.texts(paid).await, ["A by B"]);
        import(app, Kind::Accounts, "number,name,bill_to\nA,A,\n").await;
        assert_eq!(app.sql.texts(paid).await, Vec::<String>::new());
        // What is owed is owed in its currency.
        let (_, problems) = import(app, Kind::Accounts, "number,name,currency\nB,B,CHF\n").await;
        assert_eq!(problems, ["currency stays EUR while there is a ledger in it"]);
        assert_eq!(findings(app).await, Vec::<String>::new());
    }

    async fn a_file_that_changes_terms_is_noted(app) {
        let shop = app.world.corner_shop.number.clone();
        let file = format!("number,name,credit_limit\n{shop},Petersen,700.00\n");
        for _ in 0..2 {
            import(app, Kind::Accounts, &file).await;
        }
        let sql = "SELECT CAST(after AS text) FROM audit_log WHERE action = 'terms changed'";
        let [noted] = <[String; 1]>::try_from(app.sql.texts(sql).await).unwrap();
        assert!(noted.contains("700.00 EUR"), "{noted}");
        let by = "SELECT actor FROM audit_log WHERE action = 'terms changed'";
        assert_eq!(app.sql.texts(by).await, ["import of accounts by Test"]);
    }

    async fn a_file_that_went_out_and_comes_back_changes_nothing(app) {
        for kind in [Kind::Accounts, Kind::OpenItems] {
            let tx = app.data.db.read_system("test").await.unwrap();
            let mut file = Vec::new();
            let rows = portal::imports::export::export(&tx, kind, &mut file).await.unwrap();
            drop(tx);
            assert!(rows > 0);
            let (counts, problems) = import(app, kind, &String::from_utf8(file).unwrap()).await;
            assert_eq!(problems, Vec::<String>::new());
            assert_eq!(counts, [0, 0, rows], "{}", kind.name());
        }
    }

    async fn every_example_of_the_manual_can_be_imported(app) {
        // Into the demo, whose accounts of the same numbers they change.
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples");
        let (counts, problems) = {
            let file = std::fs::read_to_string(folder.join("open-items.csv")).unwrap();
            import(app, Kind::OpenItems, &file).await
        };
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(counts, [3, 0, 0]);
        let due = app.sql.text("SELECT due_on FROM open_items WHERE number = 'R-9002'", []).await;
        assert_eq!(due, "2026-04-19");
    }

    async fn a_statement_adds_up_to_the_cent(app) {
        settle(app).await;
        let shop = app.world.corner_shop.number.clone();
        let rows = [
            // Today is 24 November.
            ("R-NOT", "2026-11-24", "1,204.33", "2026-11-26", "2"),
            ("R-1", "2026-11-23", "0.01", "", ""),
            ("R-30", "2026-10-25", "10.00", "", ""),
            ("R-31", "2026-10-24", "20.00", "", ""),
            ("R-60", "2026-09-25", "40.00", "", ""),
            ("R-90", "2026-08-26", "80.00", "", ""),
            ("R-91", "2026-08-25", "160.50", "", ""),
        ];
        let mut file = String::new();
        for (number, due, amount, early_on, early) in rows {
            file.push_str(&format!("{shop},{number},,,2026-08-01,{due},\"{amount}\",,{early_on},{early}\n"));
        }
        file.push_str(&format!("{shop},P-1,payment,,2026-11-20,2026-11-20,14.84,,,\n"));
        items(app, &file).await;
        let buyer = app.as_buyer().await;
        let page = figures(&buyer.page("/invoices").await.text());
        for (age, open) in [
            ("Not due", "€1,204.33"),
            ("1–30 days", "€10.01"),
            ("31–60 days", "€60.00"),
            ("61–90 days", "€80.00"),
            ("More than 90 days", "€160.50"),
            ("Credit notes and payments on account", "−€14.84"),
        ] {
            let (_, rest) = page.split_once(&format!(">{age}</th>")).unwrap_or_else(|| panic!("{age}"));
            let (cell, _) = rest.split_once("</td>").unwrap();
            assert!(cell.ends_with(open), "{age}: {cell}");
        }
        // 1,204.33 less 2 %, which is 24.09.
        assert!(page.contains("Pay by 26 Nov 2026 and take 2% off: €1,180.24"), "{page}");
        assert!(page.contains("€1,500.00"), "the total");
        assert!(page.contains("91 days late"));
        assert!(page.contains("An invoice is more than 14 days late"));
        let file = buyer.page("/invoices.csv").await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        let text = file.text();
        let last = text.lines().last().unwrap();
        assert_eq!(last, "R-NOT,invoice,,2026-08-01,2026-11-24,0,EUR,1204.33,1204.33,2026-11-26,1180.24");
        assert!(text.contains("P-1,payment,,2026-11-20,2026-11-20,0,EUR,-14.84,-14.84,,\n"));
        // The brand reads the same.
        let kam = app.as_kam().await;
        let same = figures(&kam.page(&format!("/kam/accounts/{shop}/statement")).await.text());
        assert!(same.contains("€1,500.00"));
        let theirs = kam.page(&format!("/kam/accounts/{shop}/statement.csv")).await;
        assert_eq!(theirs.text(), text);
        let ledger = figures(&kam.page(&format!("/kam/accounts/{shop}/ledger")).await.text());
        assert!(ledger.contains("Open item R-NOT") && ledger.contains("+€1,204.33"), "{ledger}");
    }

    async fn a_file_for_a_spreadsheet_runs_nothing(app) {
        let shop = app.world.corner_shop.number.clone();
        items(app, &format!("{shop},-R1,,-HYPERLINK,2026-11-01,,1.00,,,\n")).await;
        let text = app.as_buyer().await.page("/invoices.csv").await.text();
        assert!(text.contains("'-R1,invoice,'-HYPERLINK,2026-11-01"), "{text}");
    }

    async fn others_statements_are_not_there(app) {
        let shop = &app.world.corner_shop.number;
        let stranger = app.as_other_kam().await;
        for page in ["statement", "statement.csv", "ledger"] {
            let answer = stranger.get(&format!("/kam/accounts/{shop}/{page}")).await;
            assert_eq!(answer.status, 404, "{page}");
        }
    }

    async fn a_shop_whose_parent_pays_sees_who_and_no_figure(app) {
        let sql = "SELECT a.number, p.name, u.email FROM accounts a \
                   JOIN accounts p ON p.id = a.bill_to_id JOIN users u ON u.account_id = a.id \
                   ORDER BY a.number LIMIT 1";
        let rows = app.sql.rows(sql, []).await;
        let parent: String = rows[0].try_get_by_index(1).unwrap();
        let email: String = rows[0].try_get_by_index(2).unwrap();
        let child = app.sign_in(&email).await;
        let page = unescape(&child.page("/invoices").await.text());
        assert!(page.contains(&format!("Paid by {parent}.")), "{page}");
        assert!(!page.contains('€'), "{page}");
        assert_eq!(child.get("/invoices.csv").await.status, 404);
    }

    async fn only_finance_changes_terms(app) {
        let shop = app.world.corner_shop.number.clone();
        let to = format!("/kam/accounts/{shop}/terms");
        let sent = [
            ("credit_limit", "1.250,50"), ("overdue_tolerance_days", ""), ("payment_terms_days", "45"),
            ("early_payment_days", "8"), ("early_payment_discount", "1,5 %"),
            ("minimum_order", "150"), ("delivery_policy", "complete"), ("review_note", "New owner"),
        ];
        let sql = "SELECT count(*) FROM accounts WHERE number = $1 AND credit_limit_minor = 125050 \
                   AND payment_terms_days = 45 AND early_payment_days = 8 \
                   AND early_payment_discount = 150 AND minimum_order_minor = 15000 \
                   AND delivery_policy = 'complete' AND review_note = 'New owner'";
        let outsiders: [Client; 3] = [app.as_kam().await, app.as_buyer().await, app.as_other_kam().await];
        for outsider in outsiders {
            assert_eq!(outsider.post(&to, &sent).await.status, 403);
        }
        assert!(!app.as_kam().await.page(&format!("/kam/accounts/{shop}")).await.text().contains("/terms"));
        assert_eq!(app.sql.number(sql, [shop.clone().into()]).await, 0);
        let finance = app.sign_in(FINANCE).await;
        assert!(finance.page(&format!("/kam/accounts/{shop}")).await.text().contains(&to));
        finance.post(&to, &sent).await.expect(303);
        assert_eq!(app.sql.number(sql, [shop.clone().into()]).await, 1);
        let noted = "SELECT count(*) FROM audit_log WHERE action = 'terms changed'";
        assert_eq!(app.sql.number(noted, []).await, 1);
        let facts = "SELECT CAST(after AS text) FROM audit_log WHERE action = 'terms changed'";
        assert!(app.sql.text(facts, []).await.contains("1250.50 EUR"));
        // The same again is no change.
        finance.post(&to, &sent).await.expect(303);
        assert_eq!(app.sql.number(noted, []).await, 1);
        // What cannot be is refused at its field, with what was typed.
        let mut wrong = sent;
        wrong[0].1 = "plenty";
        wrong[3].1 = "0";
        let page = finance.post(&to, &wrong).await.expect(422);
        assert!(page.text().contains("This is not an amount"));
        assert_eq!(page.field("credit_limit").as_deref(), Some("plenty"));
        assert_eq!(app.sql.number(sql, [shop.into()]).await, 1);
    }

    async fn an_order_over_the_limit_or_of_a_late_payer_is_held(app) {
        settle(app).await;
        let shop = app.world.corner_shop.number.clone();
        let id = AccountId(app.world.corner_shop.id);
        let limit = "UPDATE accounts SET credit_limit_minor = $1 WHERE number = $2";
        let [held, confirmed, _] = sums(app, &shop).await;
        let limit_minor = held + confirmed + 10_000;
        app.sql.run(limit, [limit_minor.into(), shop.clone().into()]).await.unwrap();
        let eur = |minor| Money::new(minor, Currency::EUR);
        let holds = async |gross| {
            let tx = app.data.db.begin_system("test").await.unwrap();
            let standing = credit::lock(&tx, &app.data, id).await.unwrap();
            credit::openings(&tx, &app.data, &standing, eur(gross)).await.unwrap()
        };
        assert_eq!(holds(10_000).await, []);
        let [opening] = <[_; 1]>::try_from(holds(10_001).await).unwrap();
        assert_eq!(opening.kind, HoldKind::Credit);
        assert_eq!(opening.facts, Facts::Credit {
            limit: eur(limit_minor), exposure: eur(held + confirmed), gross: eur(10_001),
        });
        // Fourteen days late are tolerated, fifteen are not.
        items(app, &format!("{shop},R-1,,,2026-10-01,2026-11-10,1.00,,,\n")).await;
        assert_eq!(holds(9_900).await, []);
        items(app, &format!("{shop},R-2,,,2026-10-01,2026-11-09,2.00,,,\n")).await;
        let [opening] = <[_; 1]>::try_from(holds(9_700).await).unwrap();
        assert_eq!(opening.facts, Facts::Overdue {
            overdue: eur(200), items: 1, oldest_days: 15, tolerance_days: 14,
        });
        app.sql.run("UPDATE accounts SET overdue_tolerance_days = 15 WHERE number = $1", [shop.clone().into()]).await.unwrap();
        assert_eq!(holds(9_700).await, []);
    }

    async fn checkout_says_what_is_left_and_what_happens_beyond_it(app) {
        let buyer = app.as_buyer().await;
        let sql = "SELECT CAST(moq AS text) FROM products WHERE sku = $1";
        let moq = app.sql.text(sql, [app.world.sku.clone().into()]).await;
        let line = [("sku", app.world.sku.as_str()), ("quantity", moq.as_str())];
        buyer.post("/cart/lines", &line).await;
        let page = figures(&buyer.page("/checkout").await.text());
        assert!(page.contains("Remaining credit: €"), "{page}");
        assert!(!page.contains("over your credit limit"));
        let limit = "UPDATE accounts SET credit_limit_minor = 0 WHERE id = $1";
        app.sql.run(limit, [app.world.corner_shop.id.into()]).await.unwrap();
        let page = figures(&buyer.page("/checkout").await.text());
        assert!(page.contains("Remaining credit: −€"), "{page}");
        assert!(page.contains("over your credit limit"));
    }

    async fn of_two_orders_at_sixty_per_cent_of_the_limit_one_is_held(app) {
        settle(app).await;
        let id = AccountId(app.world.corner_shop.id);
        let [_, confirmed, _] = sums(app, &app.world.corner_shop.number).await;
        let limit = "UPDATE accounts SET credit_limit_minor = $1 WHERE id = $2";
        app.sql.run(limit, [(confirmed + 10_000).into(), id.0.into()]).await.unwrap();
        let place = async |number: u32| {
            let tx = app.data.db.begin_system("test").await.unwrap();
            let standing = credit::lock(&tx, &app.data, id).await.unwrap();
            let gross = Money::new(6_000, Currency::EUR);
            let held = !credit::openings(&tx, &app.data, &standing, gross).await.unwrap().is_empty();
            let entry = Entry {
                cause: format!("test {number}"), order: None, open_item: None,
                held_minor: if held { 6_000 } else { 0 },
                confirmed_minor: if held { 0 } else { 6_000 },
                receivable_minor: 0,
            };
            credit::book(&tx, NOW, id, entry.clone()).await.unwrap();
            tx.commit().await.unwrap();
            held
        };
        let (one, other) = futures_util::join!(place(1), place(2));
        assert!(one != other, "{one} {other}");
        assert_eq!(sums(app, &app.world.corner_shop.number).await, [6_000, confirmed + 6_000, 0]);
        // The same cause twice is a bug, not an entry.
        let tx = app.data.db.begin_system("test").await.unwrap();
        credit::lock(&tx, &app.data, id).await.unwrap();
        let again = Entry {
            cause: "test 1".into(), order: None, open_item: None,
            held_minor: 1, confirmed_minor: 0, receivable_minor: 0,
        };
        assert!(credit::book(&tx, NOW, id, again).await.is_err());
        drop(tx);
        assert_eq!(findings(app).await, Vec::<String>::new());
    }

    async fn books_of_credit_that_do_not_agree_are_found(app) {
        let sql = "UPDATE credit_accounts SET receivable_minor = receivable_minor + 1 WHERE account_id = $1";
        app.sql.run(sql, [app.world.corner_shop.id.into()]).await.unwrap();
        assert_eq!(findings(app).await.len(), 2);
        let chain = "UPDATE accounts SET bill_to_id = (SELECT id FROM accounts \
                     WHERE bill_to_id IS NOT NULL LIMIT 1) WHERE id = $1";
        app.sql.run(chain, [app.world.corner_shop.id.into()]).await.unwrap();
        assert_eq!(findings(app).await.len(), 3);
    }
}
