//! What no browser sends: bytes that a database refuses, sums that no register holds.

crate::both! {
    async fn a_nul_byte_is_never_an_error_of_ours(app) {
        let visitor = app.visitor();
        let signed = visitor.sign_in("a\0b@example.com", "whatever").await;
        assert_eq!(signed.status, 422);
        let buyer = app.as_buyer().await;
        assert_eq!(buyer.get("/orders?q=a%00b").await.status, 200);
        assert_eq!(buyer.get("/catalogue?q=%00").await.status, 200);
        assert_eq!(buyer.get("/orders/a%00b").await.status, 404);
        let cancelled = buyer
            .post("/orders/a%00b/cancel", &[("reason", "why not")])
            .await;
        assert_eq!(cancelled.status, 404);
        let owner = app.as_owner().await;
        let fields = [("email", "a\0b"), ("name", "A\0B"), ("role", "buyer")];
        assert_eq!(owner.post("/company/users", &fields).await.status, 422);
    }

    async fn a_line_beyond_what_an_order_adds_up_is_refused_in_words(app) {
        let buyer = app.as_buyer().await;
        app.sql
            .run("UPDATE price_rows SET amount = 9999999999999", [])
            .await
            .unwrap();
        let sku = app.world.sku.as_str();
        app.sql
            .run(
                "UPDATE products SET moq = 1, multiple = 1 WHERE sku = $1",
                [sku.into()],
            )
            .await
            .unwrap();
        let fields = [("sku", sku), ("quantity", "1000000")];
        assert_eq!(buyer.post("/cart/lines", &fields).await.status, 303);
        let cart = buyer.page("/cart").await.text();
        assert!(cart.contains("more than an order can add up"), "{cart}");
        assert_eq!(buyer.get("/checkout").await.location(), "/cart");
    }
}
