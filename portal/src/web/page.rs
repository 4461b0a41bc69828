//! Typed views: a template is rendered by its own struct only.
//!
//! [`Templates`] holds one engine a language, so that messages, amounts and dates need no language
//! passed along. A page is its view beside the [`Chrome`]; a fragment is one block of the very
//! same template, so it cannot drift from the page.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use tera::{Context, Tera};

use super::filters;
use super::locale::{Lang, LocaleError, Words};
use super::shape::{Day, Message};
use crate::messages::frame::MailFrame;

/// A page or a mail: the data of exactly one template.
pub trait View: Serialize {
    /// The page's template, or the folder of an e-mail's three.
    const TEMPLATE: &'static str;

    /// States worth looking at, each with its name: tests render all of them.
    fn samples() -> Vec<(&'static str, Self)>
    where
        Self: Sized;
}

/// The templates and message files: part of the binary, read from disk in debug builds.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../templates"]
pub struct TemplateFiles;

impl TemplateFiles {
    /// Every file with its text.
    pub fn texts() -> impl Iterator<Item = (String, String)> {
        Self::iter().filter_map(|name| {
            let text = String::from_utf8(Self::get(&name)?.data.into_owned()).ok()?;
            Some((name.into_owned(), text))
        })
    }
}

/// What went wrong with a template.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error("templates: {0}")]
    Template(#[from] tera::Error),
    #[error(transparent)]
    Locale(#[from] LocaleError),
    #[error("no templates for the language {0}")]
    Language(&'static str),
}

/// A mail in words, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailText {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Every template, ready to render, in every language.
pub struct Templates {
    engines: BTreeMap<Lang, Tera>,
    words: Arc<Words>,
}

impl Templates {
    /// Reads and checks all templates and messages.
    pub fn load() -> Result<Self, PageError> {
        let words = Arc::new(Words::load()?);
        let files = TemplateFiles::texts()
            .filter(|(name, _)| name.ends_with(".html") || name.ends_with(".txt"))
            .collect::<Vec<_>>();
        let mut engines = BTreeMap::new();
        for lang in Lang::ALL {
            let mut tera = Tera::new();
            filters::register(&mut tera, lang, &words);
            tera.add_raw_templates(
                files
                    .iter()
                    .map(|(name, text)| (name.as_str(), text.as_str())),
            )?;
            engines.insert(lang, tera);
        }
        Ok(Self { engines, words })
    }

    /// The messages, for texts outside of templates.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// A whole page.
    pub fn page<V: View>(&self, chrome: &Chrome, view: &V) -> Result<String, PageError> {
        Ok(self
            .engine(chrome.lang)?
            .render(V::TEMPLATE, &context(chrome, view)?)?)
    }

    /// One block of a page.
    pub fn fragment<V: View>(
        &self,
        chrome: &Chrome,
        view: &V,
        block: &str,
    ) -> Result<String, PageError> {
        let context = context(chrome, view)?;
        Ok(self
            .engine(chrome.lang)?
            .render_block(V::TEMPLATE, block, &context)?)
    }

    /// A mail: its template is a folder with `subject.txt`, `body.txt` and `body.html`. The frame
    /// stands around both parts.
    pub fn email<V: View>(
        &self,
        view: &V,
        lang: Lang,
        frame: &MailFrame,
    ) -> Result<MailText, PageError> {
        let mut context = Context::from_serialize(view)?;
        context.insert("lang", &lang);
        context.insert("frame", frame);
        let engine = self.engine(lang)?;
        let part = |file: &str| engine.render(&format!("{}/{file}", V::TEMPLATE), &context);
        let foot = engine.render("components/mail_foot.txt", &context)?;
        Ok(MailText {
            // A line break in a subject would start a new header.
            subject: part("subject.txt")?
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            // Readers fold away what follows these dashes.
            text: format!("{}\n\n-- \n{}\n", tidy(&part("body.txt")?), tidy(&foot)),
            html: part("body.html")?.trim().to_owned(),
        })
    }

    /// The names of all templates, for the test that looks for orphans.
    pub fn names(&self) -> Vec<String> {
        let engine = self.engines.get(&Lang::En);
        engine
            .map(|tera| tera.get_template_names().map(str::to_owned).collect())
            .unwrap_or_default()
    }

    fn engine(&self, lang: Lang) -> Result<&Tera, PageError> {
        self.engines
            .get(&lang)
            .ok_or(PageError::Language(lang.as_str()))
    }
}

/// Plain text as a person would have set it: no blanks at the ends of lines, never two blank lines
/// in a row, none around it.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.trim().lines().map(str::trim_end) {
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank > 1 {
            continue;
        }
        if !tidied.is_empty() {
            tidied.push('\n');
        }
        tidied.push_str(line);
    }
    tidied
}

fn context<V: View>(chrome: &Chrome, view: &V) -> Result<Context, PageError> {
    let mut context = Context::from_serialize(view)?;
    context.insert("chrome", chrome);
    Ok(context)
}

/// The reader's choice of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.as_str() == text)
    }
}

/// Whose people a signed-in user belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Retailer,
    Brand,
}

/// Who is signed in, as the header shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChromeUser {
    pub name: String,
    /// `buyer`, `approver`, `account_admin`, `kam`, `marketing`, `finance`, `operations`, `admin`.
    pub role: String,
    pub side: Side,
    /// The retailer's own account; none for the brand's people.
    pub account_name: Option<String>,
    pub account_number: Option<String>,
}

/// The account a KAM orders for at the moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActingFor {
    pub account_name: String,
    pub account_number: String,
}

/// One entry of the main navigation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NavItem {
    pub href: &'static str,
    pub key: &'static str,
    pub icon: &'static str,
    pub current: bool,
    /// How many things wait there for the reader.
    pub waiting: i64,
}

/// How a flash message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FlashKind {
    Good,
    Warning,
    Bad,
}

/// What the last action did, said once on the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub kind: FlashKind,
    pub message: Message,
    /// What one can do about it.
    #[serde(default)]
    pub steps: Vec<FlashStep>,
}

impl Flash {
    /// The same, with a step to take from there.
    #[must_use]
    pub fn then(mut self, step: FlashStep) -> Self {
        self.steps.push(step);
        self
    }
}

/// A step that a flash message offers; the label is a message's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum FlashStep {
    /// A page to go to.
    Link { href: String, label: String },
    /// A form to send, such as one that takes the action back.
    Post {
        action: String,
        fields: BTreeMap<String, String>,
        label: String,
    },
}

/// What stands around every page.
#[derive(Clone, Debug, Serialize)]
pub struct Chrome {
    pub lang: Lang,
    pub theme: Theme,
    pub csrf: String,
    pub brand_name: String,
    /// The path of the page, for the navigation; `here` adds its parameters, for coming back.
    pub path: String,
    pub here: String,
    pub today: Day,
    pub time_zone: String,
    pub user: Option<ChromeUser>,
    pub acting_for: Option<ActingFor>,
    pub cart_lines: i64,
    /// What the reader has not read of what they were told; [`crate::notifications::MANY`] is
    /// that many or more.
    pub unread: i64,
    pub nav: Vec<NavItem>,
    pub flash: Vec<Flash>,
    pub demo: bool,
}

impl Chrome {
    /// For a page nobody is signed in to; [`Chrome::signed_in`] adds the rest.
    pub fn new(lang: Lang, brand_name: &str, path: &str, today: &str, time_zone: &str) -> Self {
        Self {
            lang,
            theme: Theme::Auto,
            csrf: String::new(),
            brand_name: brand_name.to_owned(),
            path: path.to_owned(),
            here: path.to_owned(),
            today: today.to_owned(),
            time_zone: time_zone.to_owned(),
            user: None,
            acting_for: None,
            cart_lines: 0,
            unread: 0,
            nav: Vec::new(),
            flash: Vec::new(),
            demo: false,
        }
    }

    /// Adds who is signed in and for whom they act, and the navigation that follows from it.
    #[must_use]
    pub fn signed_in(
        mut self,
        user: ChromeUser,
        acting_for: Option<ActingFor>,
        cart_lines: i64,
    ) -> Self {
        self.nav = navigation(&user, acting_for.is_some(), &self.path);
        self.user = Some(user);
        self.acting_for = acting_for;
        self.cart_lines = cart_lines;
        self
    }

    /// Adds how many approvals wait for the reader, or for others of what a buyer has ordered.
    #[must_use]
    pub fn with_approvals(mut self, waiting: i64) -> Self {
        for item in &mut self.nav {
            if item.href == APPROVALS.0 {
                item.waiting = waiting;
            }
        }
        // Buyers who wait for nothing have nothing to look at there.
        let buyer = self.user.as_ref().is_some_and(|user| user.role == "buyer");
        if buyer && waiting == 0 {
            self.nav
                .retain(|item| item.href != APPROVALS.0 || item.current);
        }
        self
    }

    #[must_use]
    pub fn with_unread(mut self, unread: i64) -> Self {
        self.unread = unread;
        self
    }

    #[must_use]
    pub fn with_csrf(mut self, csrf: impl Into<String>) -> Self {
        self.csrf = csrf.into();
        self
    }

    #[must_use]
    pub fn with_theme(mut self, theme: Theme) -> Self {
        self.theme = theme;
        self
    }
}

type Entry = (&'static str, &'static str, &'static str);

const ORDERING: [Entry; 6] = [
    ("/", "nav-home", "desk"),
    ("/catalogue", "nav-catalogue", "search"),
    ("/quick-order", "nav-quick-order", "list"),
    ("/orders", "nav-orders", "document"),
    ("/invoices", "nav-invoices", "money"),
    ("/credit-notes", "nav-credit-notes", "return"),
];
const DESK: [Entry; 8] = [
    ("/kam", "nav-desk", "desk"),
    ("/kam/exceptions", "nav-exceptions", "clock"),
    ("/kam/orders", "nav-kam-orders", "document"),
    ("/kam/accounts", "nav-accounts", "building"),
    ("/kam/prices", "nav-prices", "tag"),
    ("/kam/stock", "nav-stock", "box"),
    ("/kam/promotions", "nav-promotions", "calendar"),
    ("/kam/funds", "nav-funds", "coins"),
];
const ADMIN: [Entry; 9] = [
    ("/admin/users", "nav-users", "people"),
    ("/admin/imports", "nav-imports", "upload"),
    ("/admin/mail", "nav-mail", "mail"),
    ("/admin/messages", "nav-messages", "clock"),
    ("/admin/webhooks", "nav-webhooks", "upload"),
    ("/admin/audit", "nav-audit", "shield"),
    ("/admin/recommender", "nav-recommender", "again"),
    EFFECT,
    ("/admin/health", "nav-health", "pulse"),
];

/// Also read by those who plan and pay for what is suggested.
const EFFECT: Entry = ("/admin/suggestions", "nav-suggestions", "up");
const APPROVALS: Entry = ("/approvals", "nav-approvals", "check");

/// The navigation of a role. A KAM who acts for an account sees the buyer's pages.
fn navigation(user: &ChromeUser, acting: bool, path: &str) -> Vec<NavItem> {
    let mut entries: Vec<Entry> = Vec::new();
    if user.side == Side::Retailer || acting {
        entries.extend(ORDERING);
        if user.side == Side::Retailer {
            // Beside the orders, where a phone still shows it.
            let orders = entries.iter().position(|(href, ..)| *href == "/orders");
            entries.insert(orders.map_or(entries.len(), |at| at + 1), APPROVALS);
        }
    } else {
        entries.extend(DESK);
        if user.role == "admin" {
            entries.extend(ADMIN);
        } else if matches!(user.role.as_str(), "marketing" | "finance") {
            entries.push(EFFECT);
        }
    }
    if user.side == Side::Retailer && user.role == "account_admin" {
        entries.push(("/company", "nav-company", "building"));
    }
    // The longest entry that leads here is the current one: `/kam/orders`, not also `/kam`.
    let leads = |href: &str| path == href || (href != "/" && path.starts_with(&format!("{href}/")));
    let current = entries
        .iter()
        .map(|(href, ..)| *href)
        .filter(|href| leads(href));
    let current = current.max_by_key(|href| href.len());
    entries
        .into_iter()
        .map(|(href, key, icon)| NavItem {
            href,
            key,
            icon,
            current: Some(href) == current,
            waiting: 0,
        })
        .collect()
}
