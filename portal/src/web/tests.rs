//! Every view is rendered with every sample in every language.
//!
//! With `KONTOR_RENDER_DIR` set, the pages are also written there, to be looked at in a browser.
#![expect(
    clippy::disallowed_methods,
    reason = "where to write pages for a look is no setting of the program"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::error_view::ErrorPage;
use super::locale::{Lang, Words};
use super::page::{
    ActingFor, Chrome, ChromeUser, Flash, FlashKind, FlashStep, Side, TemplateFiles, Templates,
    Theme, View,
};
use super::shape::Message;
use crate::accounts::insight_view::GapsPage;
use crate::accounts::view::{AccountPage, AccountsPage};
use crate::admin::mail::view::{BouncesPage, SuppressionsPage, TemplatePage, TemplatesPage};
use crate::admin::recommender::view::RecommenderPage;
use crate::admin::view::{AuditPage, HealthPage, MailListPage, MailPage, UsersPage};
use crate::approvals::view::{ApprovalPage, ApprovalsPage};
use crate::auth::view::{ForgotPasswordPage, InvitationPage, ResetPasswordPage, SignInPage};
use crate::campaigns::view::CampaignPage;
use crate::cart::view::{CartPage, CheckoutPage};
use crate::catalogue::view::{CataloguePage, ProductPage, SuggestFragment};
use crate::company::view::CompanyPage;
use crate::credit::view::{LedgerPage, StatementPage};
use crate::desk::view::DeskPage;
use crate::holds::view::QueuePage;
use crate::home::view::HomePage;
use crate::imports::view::ImportsPage;
use crate::messages::brand::view::SettingsPage;
use crate::messages::kinds::{self, Sample};
use crate::messages::links::view::{MailChoicesPage, UnknownLinkPage, UnsubscribePage};
use crate::messages::own::view::ChoicesPage;
use crate::notifications::view::NotificationsPage;
use crate::orders::view::{CreditNotesPage, OrderPage, OrdersPage};
use crate::prepared::view::{OverPage, PreparedPage};
use crate::pricing::view::PricesPage;
use crate::profile::view::ProfilePage;
use crate::promotions::ranked_view::RankedPage;
use crate::promotions::view::{EditorPage, FundPage, FundsPage, PromotionPage, PromotionsPage};
use crate::quick_order::view::{CompleteFragment, QuickOrderPage};
use crate::stock::view::{StockItemPage, StockPage};
use crate::suggestions::dismiss::view::DismissedPage;
use crate::suggestions::report::view::ReportPage;
use crate::webhooks::view::{DeliveryPage, WebhookPage, WebhooksPage};

/// What was rendered: template, sample, language, text.
struct Rendered {
    template: &'static str,
    sample: String,
    lang: Lang,
    text: String,
}

struct Gallery {
    templates: Templates,
    rendered: Vec<Rendered>,
}

impl Gallery {
    fn pages<V: View>(&mut self, who: Who) {
        for lang in Lang::ALL {
            for (sample, view) in V::samples() {
                let path = V::TEMPLATE;
                let text = self
                    .templates
                    .page(&chrome(lang, who, path), &view)
                    .unwrap_or_else(|error| panic!("{path} ({sample}): {error:?}"));
                self.rendered.push(Rendered {
                    template: V::TEMPLATE,
                    sample: sample.replace([' ', ','], "-"),
                    lang,
                    text,
                });
            }
        }
    }

    fn mails(&mut self) {
        for lang in Lang::ALL {
            for kind in kinds::ALL {
                let samples = kind
                    .samples(&self.templates, lang)
                    .unwrap_or_else(|error| panic!("{}: {error:?}", kind.name));
                for Sample { name, mail } in samples {
                    for (part, text) in [
                        ("subject", mail.subject),
                        ("text", mail.text),
                        ("html", mail.html),
                    ] {
                        self.rendered.push(Rendered {
                            template: kind.template,
                            sample: format!("{}-{part}", name.replace(' ', "-")),
                            lang,
                            text,
                        });
                    }
                }
            }
        }
    }

    fn all() -> Self {
        let mut gallery = Self {
            templates: Templates::load().unwrap(),
            rendered: Vec::new(),
        };
        for who in [Who::Nobody, Who::Buyer] {
            gallery.pages::<ErrorPage>(who);
        }
        gallery.pages::<SignInPage>(Who::Nobody);
        gallery.pages::<ForgotPasswordPage>(Who::Nobody);
        gallery.pages::<ResetPasswordPage>(Who::Nobody);
        gallery.pages::<InvitationPage>(Who::Nobody);
        gallery.pages::<ProfilePage>(Who::Buyer);
        gallery.pages::<ChoicesPage>(Who::Buyer);
        gallery.pages::<MailChoicesPage>(Who::Nobody);
        gallery.pages::<UnsubscribePage>(Who::Nobody);
        gallery.pages::<UnknownLinkPage>(Who::Nobody);
        gallery.pages::<SettingsPage>(Who::Admin);
        gallery.pages::<PreparedPage>(Who::Buyer);
        gallery.pages::<OverPage>(Who::Buyer);
        gallery.pages::<NotificationsPage>(Who::Buyer);
        gallery.pages::<HomePage>(Who::Buyer);
        gallery.pages::<CataloguePage>(Who::Buyer);
        gallery.pages::<SuggestFragment>(Who::Buyer);
        gallery.pages::<ProductPage>(Who::Acting);
        gallery.pages::<DismissedPage>(Who::Buyer);
        gallery.pages::<QuickOrderPage>(Who::Buyer);
        gallery.pages::<CompleteFragment>(Who::Buyer);
        gallery.pages::<CartPage>(Who::Buyer);
        gallery.pages::<CheckoutPage>(Who::Buyer);
        gallery.pages::<OrdersPage>(Who::Buyer);
        gallery.pages::<OrderPage>(Who::Buyer);
        gallery.pages::<CreditNotesPage>(Who::Buyer);
        gallery.pages::<StatementPage>(Who::Buyer);
        gallery.pages::<LedgerPage>(Who::Kam);
        gallery.pages::<CompanyPage>(Who::Owner);
        gallery.pages::<ApprovalsPage>(Who::Owner);
        gallery.pages::<ApprovalPage>(Who::Owner);
        gallery.pages::<DeskPage>(Who::Kam);
        gallery.pages::<QueuePage>(Who::Kam);
        gallery.pages::<AccountsPage>(Who::Kam);
        gallery.pages::<AccountPage>(Who::Kam);
        gallery.pages::<GapsPage>(Who::Kam);
        gallery.pages::<PricesPage>(Who::Kam);
        gallery.pages::<StockPage>(Who::Kam);
        gallery.pages::<StockItemPage>(Who::Admin);
        gallery.pages::<PromotionsPage>(Who::Kam);
        gallery.pages::<PromotionPage>(Who::Kam);
        gallery.pages::<RankedPage>(Who::Kam);
        gallery.pages::<CampaignPage>(Who::Kam);
        gallery.pages::<EditorPage>(Who::Kam);
        gallery.pages::<FundsPage>(Who::Kam);
        gallery.pages::<FundPage>(Who::Kam);
        gallery.pages::<UsersPage>(Who::Admin);
        gallery.pages::<MailListPage>(Who::Admin);
        gallery.pages::<MailPage>(Who::Admin);
        gallery.pages::<BouncesPage>(Who::Admin);
        gallery.pages::<SuppressionsPage>(Who::Admin);
        gallery.pages::<TemplatesPage>(Who::Admin);
        gallery.pages::<TemplatePage>(Who::Admin);
        gallery.pages::<AuditPage>(Who::Admin);
        gallery.pages::<ReportPage>(Who::Admin);
        gallery.pages::<HealthPage>(Who::Admin);
        gallery.pages::<RecommenderPage>(Who::Admin);
        gallery.pages::<ImportsPage>(Who::Admin);
        gallery.pages::<WebhooksPage>(Who::Admin);
        gallery.pages::<WebhookPage>(Who::Admin);
        gallery.pages::<DeliveryPage>(Who::Admin);
        gallery.mails();
        gallery
    }
}

#[derive(Clone, Copy)]
enum Who {
    Nobody,
    Buyer,
    Owner,
    Kam,
    Acting,
    Admin,
}

fn chrome(lang: Lang, who: Who, template: &str) -> Chrome {
    let path = template
        .trim_start_matches("pages")
        .trim_end_matches(".html")
        .replace("/orders/list", "/orders")
        .replace("/home", "/")
        .replace("/kam/desk", "/kam")
        .replace("/kam/account", "/kam/accounts")
        .replace("accountss", "accounts")
        .replace('_', "-");
    let theme = match std::env::var("KONTOR_RENDER_THEME").as_deref() {
        Ok("dark") => Theme::Dark,
        _ => Theme::Auto,
    };
    let mut chrome = Chrome::new(lang, "Feldhof", &path, "2026-03-12", "Europe/Berlin")
        .with_csrf("c5rf")
        .with_theme(theme);
    chrome.demo = true;
    let user = |name: &str, role: &str, side| ChromeUser {
        name: name.into(),
        role: role.into(),
        side,
        account_name: (side == Side::Retailer).then(|| "Corner Shop Hannover".into()),
        account_number: (side == Side::Retailer).then(|| "10001".into()),
    };
    let acting = ActingFor {
        account_name: "Corner Shop Hannover".into(),
        account_number: "10001".into(),
    };
    match who {
        Who::Nobody => chrome,
        Who::Buyer => chrome
            .signed_in(user("Britta Becker", "buyer", Side::Retailer), None, 3)
            .with_unread(2),
        Who::Owner => {
            let mut chrome =
                chrome.signed_in(user("Olga Ott", "account_admin", Side::Retailer), None, 0);
            chrome.flash = [FlashKind::Good, FlashKind::Warning, FlashKind::Bad]
                .map(|kind| Flash {
                    kind,
                    message: Message::plain("Saved."),
                    steps: vec![
                        FlashStep::Link {
                            href: "/cart".into(),
                            label: "nav-cart".into(),
                        },
                        FlashStep::Post {
                            action: "/suggestions/take-back".into(),
                            fields: [("sku".to_owned(), "CAT-WET-85".to_owned())].into(),
                            label: "dismiss-undo".into(),
                        },
                    ],
                })
                .to_vec();
            chrome
        }
        Who::Kam => chrome.signed_in(user("Karl Kamp", "kam", Side::Brand), None, 0),
        Who::Acting => chrome.signed_in(user("Karl Kamp", "kam", Side::Brand), Some(acting), 12),
        Who::Admin => chrome.signed_in(user("Ada Adler", "admin", Side::Brand), None, 0),
    }
}

#[test]
fn every_view_renders_with_every_sample_in_every_language() {
    let gallery = Gallery::all();
    let folder = std::env::var("KONTOR_RENDER_DIR").ok();
    for page in &gallery.rendered {
        let name = format!(
            "{}--{}--{}",
            page.template
                .trim_start_matches("pages/")
                .trim_end_matches(".html")
                .replace('/', "_"),
            page.sample,
            page.lang.as_str()
        );
        assert!(
            !page.text.contains("[["),
            "{name} lacks a message: {}",
            odd(&page.text, "[[")
        );
        assert!(
            !page.text.contains("{$"),
            "{name} lacks an argument: {}",
            odd(&page.text, "{$")
        );
        assert!(!page.text.contains("{ $"), "{name} lacks an argument");
        if let Some(folder) = &folder {
            std::fs::write(Path::new(folder).join(format!("{name}.html")), &page.text).unwrap();
        }
    }
}

#[test]
fn no_page_carries_a_style_or_a_script_of_its_own() {
    for page in Gallery::all().rendered {
        if page.template.starts_with("emails/") {
            continue;
        }
        assert!(!page.text.contains(" style="), "{}", page.template);
        assert!(!page.text.contains("<style"), "{}", page.template);
        for script in page.text.split("<script").skip(1) {
            assert!(
                script.contains(" src=") && script.contains("></script>"),
                "{}",
                page.template
            );
        }
        for handler in [" onclick=", " onchange=", " onsubmit=", "javascript:"] {
            assert!(
                !page.text.contains(handler),
                "{} has {handler}",
                page.template
            );
        }
        assert!(
            page.text.matches("<h1").count() <= 1,
            "{} has two h1",
            page.template
        );
    }
}

#[test]
fn every_posted_form_carries_the_csrf_token() {
    for page in Gallery::all().rendered {
        for form in page.text.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let tag = form.split('>').next().unwrap();
            // The word in a mail's link is what lets its form do something.
            if tag.contains("method=\"post\"") && !tag.contains("action=\"/mail/") {
                assert!(
                    form.contains("name=\"csrf\" value=\"c5rf\""),
                    "{}: {form}",
                    page.template
                );
            }
        }
    }
}

#[test]
fn every_id_is_used_once_on_a_page() {
    for page in Gallery::all().rendered {
        let mut seen = BTreeSet::new();
        for id in page.text.split(" id=\"").skip(1) {
            let id = id.split('"').next().unwrap();
            assert!(
                seen.insert(id.to_owned()),
                "{} ({}): {id}",
                page.template,
                page.sample
            );
        }
    }
}

#[test]
fn a_fragment_is_the_very_block_of_its_page() {
    let templates = Templates::load().unwrap();
    let chrome = chrome(Lang::En, Who::Buyer, "pages/quick_order.html");
    let (_, view) = QuickOrderPage::samples().remove(1);
    let fragment = templates.fragment(&chrome, &view, "lines").unwrap();
    assert!(fragment.contains("wrong-title"));
    assert!(
        templates
            .page(&chrome, &view)
            .unwrap()
            .contains(fragment.trim())
    );
    for (view, block) in [("results", "results"), ("none", "nothing")] {
        let (_, page) = CataloguePage::samples().remove(0);
        let answer = templates.fragment(&chrome, &page, block);
        assert_eq!(answer.is_ok(), view == "results");
    }
}

#[test]
fn every_template_belongs_to_a_view() {
    let gallery = Gallery::all();
    let used: BTreeSet<&str> = gallery.rendered.iter().map(|page| page.template).collect();
    for name in gallery.templates.names() {
        let shared = name == "base.html" || name.starts_with("components/");
        let folder = name
            .rsplit_once('/')
            .map(|(folder, _)| folder.to_owned())
            .unwrap_or_default();
        assert!(
            shared || used.contains(name.as_str()) || used.contains(folder.as_str()),
            "{name} is rendered by no view"
        );
    }
}

#[test]
fn both_languages_have_the_same_messages() {
    let words = Words::load().unwrap();
    assert_eq!(words.keys(Lang::En), words.keys(Lang::De));
}

#[test]
fn every_message_a_template_names_exists() {
    let keys = Words::load().unwrap().keys(Lang::En);
    let mut missing = BTreeMap::new();
    for (file, text) in TemplateFiles::texts() {
        for named in text.split("t(key=\"").skip(1) {
            let (key, rest) = named.split_once('"').unwrap();
            let prefix = rest.starts_with(" ~");
            let known = keys
                .iter()
                .any(|known| known == key || (prefix && known.starts_with(key)));
            if !known {
                missing.insert(key.to_owned(), file.clone());
            }
        }
    }
    assert_eq!(missing, BTreeMap::new());
}

#[test]
fn every_message_the_program_names_exists() {
    let keys = Words::load().unwrap().keys(Lang::En);
    let mut missing = BTreeMap::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for named in text.split("Message::new(").skip(1) {
                let Some(rest) = named.trim_start().strip_prefix('"') else {
                    continue;
                };
                let key = rest.split('"').next().unwrap();
                if !keys.contains(key) && !path.ends_with("web/tests.rs") {
                    missing.insert(key.to_owned(), path.clone());
                }
            }
        }
    }
    assert_eq!(missing, BTreeMap::new());
}

#[test]
fn what_people_type_is_escaped() {
    let templates = Templates::load().unwrap();
    let mut page = CataloguePage::samples().remove(0).1;
    page.q = "<script>alert(1)</script>".into();
    let text = templates
        .page(&chrome(Lang::En, Who::Buyer, "pages/catalogue.html"), &page)
        .unwrap();
    assert!(!text.contains("<script>alert"));
    assert!(text.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn numbers_inside_a_sentence_are_grouped_and_plural() {
    let words = Words::load().unwrap();
    let message = |count: i64| Message::new("cart-lines").with("count", count);
    assert_eq!(words.message(Lang::En, &message(1)), "1 line");
    assert_eq!(words.message(Lang::En, &message(1_200)), "1,200 lines");
    assert_eq!(words.message(Lang::De, &message(1_200)), "1.200 Positionen");
    assert_eq!(words.unit(Lang::De, "XCS", 12), "Kartons");
}

fn odd(text: &str, mark: &str) -> String {
    text.split(mark)
        .nth(1)
        .unwrap_or_default()
        .chars()
        .take(60)
        .collect()
}
