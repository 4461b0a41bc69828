//! Promotions on the brand's side: from draft to settled, by two people, within what each may do.

use uuid::Uuid;

use crate::harness::world::KAM_NORTH;
use crate::harness::{Answer, App, Client};

const MARKETING: &str = "marketing@demo.kontor.example";
const FINANCE: &str = "finance@demo.kontor.example";

/// A promotion that runs from the case's day on.
const SOUND: [(&str, &str); 10] = [
    ("name", "Ragout: ten and one"),
    ("code", "RAGOUT-11"),
    ("mechanic", "buy_get"),
    ("buy", "10"),
    ("get", "1"),
    ("count_in", "packs"),
    ("skus", ""),
    ("audience", "everybody"),
    ("valid_from", "2026-11-24"),
    ("valid_last", "2026-12-24"),
];

/// The sound form with some fields changed or added.
fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form: Vec<(&str, &str)> = SOUND.to_vec();
    for (name, value) in changes {
        form.retain(|(field, _)| field != name);
        form.push((name, value));
    }
    form
}

/// Keeps a draft; says where it stands.
async fn draft(client: &Client, changes: &[(&str, &str)]) -> String {
    let answer = client
        .post("/kam/promotions", &form(changes))
        .await
        .expect(303);
    answer.location().to_owned()
}

async fn step(client: &Client, path: &str, step: &str) -> Answer {
    client.post(&format!("{path}/{step}"), &[]).await
}

async fn state(app: &App, code: &str) -> String {
    app.sql
        .text(
            "SELECT state FROM promotions WHERE code = $1",
            [code.into()],
        )
        .await
}

/// A promotion of the demo world.
async fn path_of(app: &App, code: &str) -> String {
    let rows = app
        .sql
        .rows("SELECT id FROM promotions WHERE code = $1", [code.into()])
        .await;
    let id: Uuid = rows[0].try_get("", "id").unwrap();
    format!("/kam/promotions/{id}")
}

both! {
    async fn a_promotion_lives_from_draft_to_settled_by_two_people(app) {
        let marketing = app.sign_in(MARKETING).await;
        let finance = app.sign_in(FINANCE).await;
        let version = "SELECT value FROM counters WHERE name = 'promotions'";
        let before = app.sql.number(version, []).await;
        let path = draft(&marketing, &[]).await;
        assert!(marketing.page(&path).await.text().contains("Of every 11 order units"));
        step(&marketing, &path, "submit").await.expect(303);
        assert_eq!(state(app, "RAGOUT-11").await, "submitted");
        step(&finance, &path, "approve").await.expect(303);
        assert!(finance.page(&path).await.text().contains("Running"));
        step(&marketing, &path, "cancel").await.expect(409);
        step(&finance, &path, "settle").await.expect(409);
        step(&marketing, &path, "stop").await.expect(303);
        step(&finance, &path, "settle").await.expect(303);
        assert_eq!(state(app, "RAGOUT-11").await, "settled");
        assert_eq!(app.sql.number(version, []).await, before + 5);
        let log = "SELECT action FROM audit_log WHERE subject = 'promotion RAGOUT-11' \
                   ORDER BY at, id";
        assert_eq!(app.sql.texts(log).await, [
            "promotion created",
            "promotion submitted",
            "promotion approved",
            "promotion stopped",
            "promotion settled",
        ]);
    }

    async fn nobody_approves_what_they_submitted(app) {
        let marketing = app.sign_in(MARKETING).await;
        let path = draft(&marketing, &[]).await;
        step(&marketing, &path, "submit").await.expect(303);
        let refused = step(&marketing, &path, "approve").await.expect(409);
        assert!(refused.text().contains("Somebody else has to approve it"));
        assert!(!marketing.page(&path).await.text().contains("/approve"));
        assert_eq!(state(app, "RAGOUT-11").await, "submitted");
        let kam = app.as_kam().await;
        step(&kam, &path, "approve").await.expect(403);
    }

    async fn what_was_sent_back_says_why_and_is_a_draft_again(app) {
        let marketing = app.sign_in(MARKETING).await;
        let finance = app.sign_in(FINANCE).await;
        let path = draft(&marketing, &[]).await;
        step(&marketing, &path, "submit").await.expect(303);
        let back = format!("{path}/return");
        let wordless = finance.post(&back, &[("word", " ")]).await.expect(422);
        assert!(wordless.text().contains("Please fill this in."));
        assert_eq!(state(app, "RAGOUT-11").await, "submitted");
        finance.post(&back, &[("word", "A cap, please.")]).await.expect(303);
        let page = marketing.page(&path).await.text();
        assert!(page.contains("Peter Sommer: A cap, please."), "{page}");
        assert_eq!(state(app, "RAGOUT-11").await, "draft");
    }

    async fn what_was_changed_since_it_was_read_is_not_approved(app) {
        let marketing = app.sign_in(MARKETING).await;
        let finance = app.sign_in(FINANCE).await;
        let path = draft(&marketing, &[]).await;
        step(&marketing, &path, "submit").await.expect(303);
        let seen = finance.page(&path).await.field("seen").unwrap();
        step(&marketing, &path, "withdraw").await.expect(303);
        marketing.post(&path, &form(&[("get", "5")])).await.expect(303);
        app.clock.advance(60_000);
        step(&marketing, &path, "submit").await.expect(303);
        finance.post(&format!("{path}/approve"), &[("seen", &seen)]).await.expect(409);
        assert_eq!(state(app, "RAGOUT-11").await, "submitted");
    }

    async fn a_running_promotion_is_stopped_not_rewritten(app) {
        let marketing = app.sign_in(MARKETING).await;
        let path = path_of(app, "HOFGOLD-10").await;
        let mechanic = "SELECT CAST(mechanic AS text) FROM promotions WHERE code = 'HOFGOLD-10'";
        let before = app.sql.text(mechanic, []).await;
        marketing.get(&format!("{path}/edit")).await.expect(409);
        let refused = marketing.post(&path, &form(&[("code", "HOFGOLD-10")])).await.expect(409);
        assert!(refused.text().contains("can be stopped"), "{}", refused.text());
        assert_eq!(app.sql.text(mechanic, []).await, before);
        let rewrite = "UPDATE promotions SET priority = 1 WHERE code = 'HOFGOLD-10'";
        assert!(app.sql.run(rewrite, []).await.is_err(), "the database lets it be rewritten");
        let copy = step(&marketing, &path, "copy").await.expect(303);
        assert!(marketing.page(copy.location()).await.text().contains("HOFGOLD-10-2"));
    }

    async fn a_draft_somebody_else_has_saved_is_not_overwritten_unawares(app) {
        let marketing = app.sign_in(MARKETING).await;
        let admin = app.as_admin().await;
        let path = draft(&marketing, &[]).await;
        let version = admin.page(&format!("{path}/edit")).await.field("version").unwrap();
        app.clock.advance(60_000);
        marketing.post(&path, &form(&[("buy", "20"), ("version", &version)])).await.expect(303);
        let late = form(&[("buy", "30"), ("version", &version)]);
        let refused = admin.post(&path, &late).await.expect(422);
        assert_eq!(refused.field("buy").as_deref(), Some("30"));
        let again = refused.field("version").unwrap();
        admin.post(&path, &form(&[("buy", "30"), ("version", &again)])).await.expect(303);
        assert!(admin.page(&path).await.text().contains("Of every 31"));
    }

    async fn a_kams_promotion_reaches_accounts_of_theirs_only(app) {
        let kam = app.as_kam().await;
        let own = app.world.corner_shop.number.clone();
        let foreign = app.world.stranger.number.clone();
        let refused = kam.post("/kam/promotions", &form(&[])).await.expect(422);
        assert!(refused.text().contains("Choose at least one account"));
        let both = format!("{own} {foreign}");
        let mixed = form(&[("audience", "chosen"), ("accounts", &both)]);
        let refused = kam.post("/kam/promotions", &mixed).await.expect(422).text();
        assert!(refused.contains(&both) && refused.contains("among yours"), "{refused}");
        let path = draft(&kam, &[("accounts", &own)]).await;
        // Nobody else's accounts, so no other KAM's business.
        app.as_other_kam().await.get(&path).await.expect(404);
        step(&kam, &path, "submit").await.expect(303);
        // Once the account is somebody else's, so is the promotion to them.
        let moved = "UPDATE accounts SET kam_id = (SELECT kam_id FROM accounts WHERE number = $1) \
                     WHERE number = $2";
        step(&kam, &path, "withdraw").await.expect(303);
        app.sql.run(moved, [foreign.into(), own.into()]).await.unwrap();
        step(&kam, &path, "submit").await.expect(409);
        assert_eq!(state(app, "RAGOUT-11").await, "draft");
        let others = path_of(app, "HOFGOLD-10").await;
        step(&kam, &others, "stop").await.expect(403);
        assert_eq!(state(app, "HOFGOLD-10").await, "approved");
        let sees = format!("SELECT name FROM users WHERE email = '{KAM_NORTH}'");
        assert_eq!(app.sql.texts(&sees).await, ["Katrin Ahlers"]);
    }

    async fn what_was_typed_wrongly_is_kept_and_marked(app) {
        let marketing = app.sign_in(MARKETING).await;
        let before = app.sql.row_counts().await;
        let wrong = form(&[
            ("code", "HOFGOLD-10"),
            ("buy", "ten"),
            ("rate", "2,500"),
            ("skus", "HG-1004 XX-0000 YY-1"),
            ("valid_last", "2026-11-01"),
            ("cap", "-5"),
        ]);
        let text = marketing.post("/kam/promotions", &wrong).await.expect(422).text();
        for said in [
            "This code is taken",
            "This is not a figure",
            "could be read in two ways",
            "2 SKUs are unknown: XX-0000, YY-1",
            "The last day is before the first one",
            "value=\"ten\"",
            "HG-1004 XX-0000 YY-1</textarea>",
            "value=\"Ragout: ten and one\"",
        ] {
            assert!(text.contains(said), "{said} is not there: {text}");
        }
        assert_eq!(app.sql.row_counts().await, before);
        let tiers = form(&[("mechanic", "mix_and_match"), ("tiers", "12 8%\n6 5%")]);
        let text = marketing.post("/kam/promotions", &tiers).await.expect(422).text();
        assert!(text.contains("does not begin above the step before it"), "{text}");
        let parts = form(&[("mechanic", "bundle"), ("parts", "HG-1004 2"), ("bundle_price", "9.90")]);
        let text = marketing.post("/kam/promotions", &parts).await.expect(422).text();
        assert!(text.contains("A bundle has at least two items"), "{text}");
    }

    async fn a_preview_says_what_it_would_do_and_keeps_nothing(app) {
        let marketing = app.sign_in(MARKETING).await;
        let before = app.sql.row_counts().await;
        let typed = form(&[("skus", "HG-1004"), ("rate", "50"), ("times", "2")]);
        let text = marketing.post("/kam/promotions/preview", &typed).await.expect(200).text();
        let said = "Of every 11 cases of Hofgold Classic Chicken &amp; Barley 800 g 1 is 50% off, \
                    up to 2 times an order.";
        assert!(text.contains(said), "{text}");
        assert!(text.contains("60 accounts") && text.contains("A little less"), "{text}");
        assert_eq!(app.sql.row_counts().await, before);
    }

    async fn what_is_kept_stands_in_the_form_again(app) {
        let admin = app.as_admin().await;
        let codes = app.sql.texts("SELECT code FROM promotions ORDER BY code").await;
        let sql = "SELECT CAST(mechanic AS text) FROM promotions WHERE code = $1";
        for code in codes {
            let path = path_of(app, &code).await;
            let copy = step(&admin, &path, "copy").await.expect(303);
            let page = admin.page(copy.location()).await;
            let fields = filled_in(&page.text());
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let to = copy.location().trim_end_matches("/edit");
            let saved = admin.post_raw(to, &fields).await;
            assert_eq!(saved.status, 303, "{code}: {}", saved.text());
            let kept = app.sql.text(sql, [code.clone().into()]).await;
            let again = app.sql.text(sql, [format!("{code}-2").into()]).await;
            assert_eq!(again, kept, "{code}");
        }
    }

    async fn a_budget_is_not_lowered_below_what_is_used(app) {
        let finance = app.sign_in(FINANCE).await;
        let rows = app.sql.rows("SELECT id FROM funds WHERE code = 'WINTER'", []).await;
        let id: Uuid = rows[0].try_get("", "id").unwrap();
        let used = "UPDATE funds SET reserved_minor = 30000, committed_minor = 120000 WHERE code = 'WINTER'";
        app.sql.run(used, []).await.unwrap();
        let path = format!("/kam/funds/{id}");
        let refused = finance.post(&path, &[("budget", "1499.99")]).await.expect(422);
        assert!(refused.text().contains("€1,500.00 are reserved or committed"), "{}", refused.text());
        assert_eq!(refused.field("budget").as_deref(), Some("1499.99"));
        let budget = "SELECT budget_minor FROM funds WHERE code = 'WINTER'";
        assert_eq!(app.sql.number(budget, []).await, 2_000_000);
        finance.post(&path, &[("budget", "1.500,00")]).await.expect(303);
        assert_eq!(app.sql.number(budget, []).await, 150_000);
        app.as_kam().await.post(&path, &[("budget", "9999")]).await.expect(403);
        assert_eq!(app.sql.number(budget, []).await, 150_000);
    }

    async fn what_orders_still_reserve_is_not_settled(app) {
        let finance = app.sign_in(FINANCE).await;
        let path = path_of(app, "POND-AUTUMN").await;
        let reserve = "INSERT INTO promotion_uses (promotion_id, order_id, account_id, spend_minor, \
                       state, at) SELECT p.id, o.id, o.account_id, 100, 'reserved', 0 \
                       FROM promotions p, orders o WHERE p.code = 'POND-AUTUMN' AND o.number = $1";
        app.sql.run(reserve, [app.world.corner_shop.order.clone().into()]).await.unwrap();
        let refused = step(&finance, &path, "settle").await.expect(409);
        assert!(refused.text().contains("One order on hold still reserves"), "{}", refused.text());
        let page = finance.page(&path).await.text();
        assert!(page.contains(&app.world.corner_shop.order) && page.contains("€1.00"), "{page}");
        app.sql.run("UPDATE promotion_uses SET state = 'committed'", []).await.unwrap();
        step(&finance, &path, "settle").await.expect(303);
        assert_eq!(state(app, "POND-AUTUMN").await, "settled");
    }

    async fn the_list_is_narrowed_by_state_and_words(app) {
        let marketing = app.sign_in(MARKETING).await;
        let waiting = marketing.page("/kam/promotions?state=submitted").await.text();
        assert!(waiting.contains("CATWET-CHAIN") && !waiting.contains("<span>HOFGOLD-10</span>"));
        let found = marketing.page("/kam/promotions?q=pond").await.text();
        assert!(found.contains("POND-AUTUMN") && found.contains("1 promotion<"), "{found}");
        let none = marketing.page("/kam/promotions?q=nothing-like-it").await.text();
        assert!(none.contains("No promotion fits"));
    }
}

/// Every field of a page's editor as a browser would send it.
fn filled_in(page: &str) -> Vec<(String, String)> {
    use crate::harness::client::unescape;
    let (_, form) = page.split_once("data-preview=").unwrap();
    let form = form.split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| {
        let (_, after) = tag.split_once(&format!(" {name}=\""))?;
        Some(unescape(after.split('"').next()?))
    };
    let mut fields = Vec::new();
    for part in form.split('<').skip(1) {
        let tag = part.split('>').next().unwrap();
        let Some(name) = attribute(tag, "name") else {
            continue;
        };
        if tag.starts_with("input") {
            let ticks = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
            if !ticks || tag.contains(" checked") {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("textarea") {
            let text = part.split_once('>').unwrap().1;
            fields.push((name, unescape(text)));
        } else if tag.starts_with("select") {
            let (_, after) = form.split_once(part).unwrap();
            let options = after.split("</select>").next().unwrap();
            let chosen = options
                .split("<option")
                .find(|option| option.contains(" selected"));
            fields.push((
                name,
                chosen
                    .and_then(|o| attribute(o, "value"))
                    .unwrap_or_default(),
            ));
        }
    }
    fields
}
