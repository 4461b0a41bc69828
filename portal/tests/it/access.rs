//! Every URL with every kind of caller.
//!
//! The table of routes says who may use a URL; a case here says which thing its path names. From
//! the two follows what each caller must get: the page, the way to sign in, 403 for the wrong role,
//! 404 for what belongs to somebody else, told apart from nothing that does not exist at all. A
//! new URL without a case fails.

use std::collections::BTreeMap;

use portal::routes::{Access, Route, TABLE};

use crate::harness::client::unescape;
use crate::harness::world::Shop;
use crate::harness::{Answer, App, Client, World};

/// Which thing a path names.
enum Names {
    /// None.
    Nothing,
    /// A thing that everybody in the group may see, as the path says it.
    Shared(fn(&World) -> String),
    /// A thing of an account; the other path names none at all.
    OfAccount(fn(&Shop) -> String, &'static str),
}

use Names::{Nothing, OfAccount, Shared};

/// What the path of a URL names. Every URL of the table stands here.
fn names(route: &Route) -> Option<Names> {
    Some(match (route.method, route.path) {
        ("get", "/healthz" | "/readyz" | "/sign-in" | "/forgot-password")
        | ("post", "/sign-in" | "/sign-out" | "/forgot-password" | "/preferences") => Nothing,
        ("get", "/assets/{path:.*}") => Shared(|_| "/assets/css/tokens.css".into()),
        ("get" | "post", "/reset/{token}") => Shared(|_| format!("/reset/{}", "x".repeat(43))),
        ("get" | "post", "/invitation/{token}") => {
            Shared(|_| format!("/invitation/{}", "x".repeat(43)))
        }
        (
            "get",
            "/credit-notes" | "/orders" | "/kam" | "/kam/accounts" | "/kam/events" | "/kam/orders",
        )
        | ("post", "/act/stop") => Nothing,
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
        ("get", "/kam/accounts/{number}") => OfAccount(
            |shop| format!("/kam/accounts/{}", shop.number),
            "/kam/accounts/1",
        ),
        ("post", "/kam/accounts/{number}/act") => OfAccount(
            |shop| format!("/kam/accounts/{}/act", shop.number),
            "/kam/accounts/1/act",
        ),
        _ => return None,
    })
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
            Access::Kam => matches!(
                self,
                Caller::Kam | Caller::ActingKam | Caller::OtherKam | Caller::Admin
            ),
            Access::Admin => self == Caller::Admin,
            Access::Api => false,
        }
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

/// The pages that people use; programs have their own walk.
fn pages() -> impl Iterator<Item = (&'static Route, Names)> {
    let pages = TABLE.iter().filter(|route| route.access != Access::Api);
    pages.filter_map(|route| names(route).map(|names| (route, names)))
}

async fn ask(client: &Client, route: &Route, path: &str) -> Answer {
    match route.method {
        "get" => client.get(path).await,
        "post" => client.post(path, &[]).await,
        method => panic!("no page is asked for by {method}"),
    }
}

#[test]
fn every_url_has_a_case() {
    let missing: Vec<_> = TABLE
        .iter()
        .filter(|route| route.access != Access::Api && names(route).is_none())
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

both! {
    async fn every_caller_gets_what_is_due(app) {
        let mut wrong = Vec::new();
        let mut clients = BTreeMap::new();
        for caller in CALLERS {
            clients.insert(caller, caller.client(app).await);
        }
        let signed_in = app.sql.row_counts().await;
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
                assert_eq!(app.sql.row_counts().await, signed_in, "a GET has changed something");
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        app.forget_jobs().await;
    }

    async fn what_belongs_to_others_looks_like_what_does_not_exist(app) {
        let mut wrong = Vec::new();
        for caller in [Caller::Stranger, Caller::OtherKam] {
            let client = caller.client(app).await;
            for (route, names) in pages() {
                let OfAccount(own, unknown) = names else { continue };
                if !caller.is_in(route.access) {
                    continue;
                }
                let foreign = own(&app.world.corner_shop);
                let there = ask(&client, route, &foreign).await;
                let nowhere = ask(&client, route, unknown).await;
                let same = there.status == 404
                    && nowhere.status == 404
                    && anonymous(&there, &foreign) == anonymous(&nowhere, unknown);
                if !same {
                    wrong.push(format!(
                        "{} {foreign} as {caller:?}: {}, and {unknown}: {}",
                        route.method, there.status, nowhere.status
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
        for (route, names) in pages().filter(|(route, _)| route.method == "post") {
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
    }
}

/// The page without what differs from request to request.
fn anonymous(answer: &Answer, path: &str) -> String {
    let token = answer.field("csrf").unwrap_or_default();
    unescape(&answer.text())
        .replace(&token, "")
        .replace(path, "")
}
