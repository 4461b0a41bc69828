//! Quick order: rows typed, pasted and uploaded.

use std::time::Instant;

use reqwest::Method;
use reqwest::multipart::{Form, Part};

use crate::cart::many_products;
use crate::harness::client::unescape;
use crate::harness::{Answer, App, Client};
use crate::shelf::{KIBBLE, KIBBLE_CASE_GTIN, KIBBLE_GTIN, SECRET, TERRINE, cart, fill, line};

async fn paste(client: &Client, lines: &str) -> Answer {
    client.post("/quick-order", &[("lines", lines)]).await
}

async fn upload(client: &Client, bytes: impl Into<Vec<u8>>) -> Answer {
    let part = Part::bytes(bytes.into()).file_name("order.csv");
    let form = Form::new()
        .text("csrf", client.token().await)
        .part("file", part);
    client
        .send(
            client
                .request(Method::POST, "/quick-order/upload")
                .multipart(form),
        )
        .await
}

/// The rows kept, as typed.
async fn rows(app: &App) -> Vec<String> {
    app.sql
        .texts(
            "SELECT code || '|' || quantity || '|' || unit FROM quick_order_rows ORDER BY position",
        )
        .await
}

both! {
    async fn right_rows_go_into_the_cart_and_wrong_ones_stay(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        let text = format!("{TERRINE} 24\n{}\t5\n{TERRINE} 30\nK-0006 5\n{KIBBLE};many\n{SECRET} 1\n", KIBBLE.to_lowercase());
        assert_eq!(paste(&buyer, &text).await.expect(303).location(), "/quick-order");
        let page = unescape(&buyer.page("/quick-order").await.text());
        assert!(page.contains("4 rows need a decision"), "{page}");
        assert!(page.contains("2 rows are ready"), "{page}");
        assert!(page.contains("Multiples of 12: order 24 or 36."), "{page}");
        assert!(page.contains("There is no product with this SKU or GTIN."), "{page}");
        assert!(!page.contains("Product S-0001"), "{page}");
        // K-0006 is nearly K-0005.
        assert!(page.contains(&format!("value=\"{KIBBLE}\"")), "{page}");
        buyer.post("/quick-order/add", &[]).await.expect(303);
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 5), line(TERRINE, "H87", 24)]);
        assert_eq!(rows(app).await, ["T-0012|30|", "K-0006|5|", "K-0005|many|", "S-0001|1|"]);
    }

    async fn a_wrong_row_is_corrected_where_it_stands(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        paste(&buyer, &format!("{TERRINE} 30\nK-0006 5\n")).await.expect(303);
        let near = [("code", TERRINE), ("quantity", "30"), ("nearest", "36")];
        buyer.post("/quick-order/rows/1", &near).await.expect(303);
        let meant = [("code", KIBBLE), ("quantity", "5"), ("unit", "XCS")];
        buyer.post("/quick-order/rows/2", &meant).await.expect(303);
        buyer.post("/quick-order/add", &[]).await.expect(303);
        assert_eq!(cart(app).await, [line(KIBBLE, "XCS", 5), line(TERRINE, "H87", 36)]);
        assert_eq!(rows(app).await, Vec::<String>::new());
    }

    async fn the_gtin_of_a_case_means_cases(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        paste(&buyer, &format!("{KIBBLE_CASE_GTIN} 2\n{KIBBLE_GTIN} 6\n")).await.expect(303);
        buyer.post("/quick-order/add", &[]).await.expect(303);
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 6), line(KIBBLE, "XCS", 2)]);
    }

    async fn two_thousand_rows_are_all_answered(app) {
        fill(app).await;
        many_products(app, 1_900).await;
        let buyer = app.as_buyer().await;
        let good = (0..1_900).map(|at| format!("M-{at:05}\t3\n"));
        let wrong = (0..100).map(|at| format!("Q-{at:05}\t3\n"));
        let text: String = good.chain(wrong).collect();
        let start = Instant::now();
        paste(&buyer, &text).await.expect(303);
        let stored = start.elapsed();
        let page = buyer.page("/quick-order").await.text();
        let took = start.elapsed();
        assert!(page.contains("1,900 rows are ready"), "{}", page.len());
        assert!(page.contains("100 rows need a decision"), "{}", page.len());
        let start = Instant::now();
        let again = buyer.page("/quick-order").await.text();
        let shown = start.elapsed();
        // 1,900 × 3 × 2.50
        assert!(again.contains("14,250.00"), "the total is over all pages");
        let start = Instant::now();
        buyer.post("/quick-order/add", &[]).await.expect(303);
        eprintln!("2,000 rows: stored {stored:?}, shown {took:?}, again {shown:?}, added {:?}", start.elapsed());
        assert_eq!(cart(app).await.len(), 1_900);
        assert_eq!(rows(app).await.len(), 100);
    }

    async fn more_than_two_thousand_rows_are_counted_and_kept_in_the_field(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        let text = "K-0005 5\n".repeat(2_001);
        let answer = paste(&buyer, &text).await.expect(422);
        assert!(answer.text().contains("2,001"), "{}", answer.text().len());
        assert_eq!(answer.text().matches("K-0005 5").count(), 2_001);
        assert_eq!(rows(app).await.len(), 0);
        paste(&buyer, "K-0005 5").await.expect(303);
        paste(&buyer, &"K-0005 5\n".repeat(2_000)).await.expect(422);
        assert_eq!(rows(app).await.len(), 1);
        paste(&buyer, " \n ").await.expect(422);
    }

    async fn a_file_is_read_and_a_broken_one_is_said_at_its_field(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        upload(&buyer, format!("SKU;Menge;Einheit\n{KIBBLE};5;St\u{fc}ck\n")).await.expect(303);
        upload(&buyer, b"Artikel;Menge;Einheit\nT-0012;12;St\xfcck\n".to_vec()).await.expect(303);
        assert_eq!(rows(app).await, ["K-0005|5|Stück", "T-0012|12|Stück"]);
        let broken = upload(&buyer, b"PK\x03\x04 this is no workbook".to_vec()).await.expect(422);
        assert!(broken.text().contains("The file is damaged."), "{}", broken.text());
        assert!(broken.text().contains("f-file-error"), "{}", broken.text());
        let empty = upload(&buyer, "").await.expect(422);
        assert!(empty.text().contains("Please choose a file."), "{}", empty.text());
        let large = upload(&buyer, vec![b'x'; 11 << 20]).await.expect(413);
        assert!(large.text().contains("at most 10 MB"), "{}", large.text());
        assert_eq!(rows(app).await.len(), 2);
        let part = Part::bytes(b"K-0005;5\n".to_vec()).file_name("order.csv");
        let form = Form::new().text("csrf", "forged").part("file", part);
        let forged = buyer.request(Method::POST, "/quick-order/upload").multipart(form);
        buyer.send(forged).await.expect(403);
        assert_eq!(rows(app).await.len(), 2);
    }

    async fn rows_belong_to_their_user(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        paste(&buyer, "K-0005 5").await.expect(303);
        let owner = app.as_owner().await;
        assert!(!owner.page("/quick-order").await.text().contains("K-0005"));
        owner.post("/quick-order/rows/1/remove", &[]).await.expect(303);
        owner.post("/quick-order/clear", &[]).await.expect(303);
        assert_eq!(rows(app).await, ["K-0005|5|"]);
        buyer.post("/quick-order/rows/1/remove", &[]).await.expect(303);
        assert_eq!(rows(app).await, Vec::<String>::new());
    }

    async fn completion_offers_what_the_account_sees(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        let text = buyer.page("/quick-order/complete?q=product").await.text();
        assert!(text.contains("<option value=\"K-0005\">"), "{text}");
        assert!(!text.contains("S-0001"), "{text}");
        assert!(!text.contains("O-0001"), "{text}");
        assert_eq!(buyer.page("/quick-order/complete?q=").await.text().trim(), "");
    }
}
