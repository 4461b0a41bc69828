//! What a handler answers with: a page or one block of it, a redirect, a file.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};

use super::fields::without_nul;
use super::flash;
use super::locale::Lang;
use super::middleware::Visitor;
use super::page::{ActingFor, Chrome, ChromeUser, Flash, Side, Theme, View};
use crate::app::App;
use crate::auth::session::Session;
use crate::error::{Error, Result};

/// The header with which the page's script asks for one block.
pub const FRAGMENT: &str = "Kontor-Fragment";
/// Cookies of what a visitor chose before sign-in.
pub const LANG_COOKIE: &str = "kontor_lang";
/// As [`LANG_COOKIE`].
pub const THEME_COOKIE: &str = "kontor_theme";

/// How many lines the cart has, where the request itself changed that.
#[derive(Clone, Copy)]
struct CartLines(i64);

/// The request as a page needs it.
#[derive(Clone)]
pub struct Page {
    /// The application.
    pub app: web::Data<App>,
    request: HttpRequest,
}

impl FromRequest for Page {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Page::of(request))
    }
}

impl Page {
    /// The page context of a request.
    ///
    /// # Errors
    /// Only where the application was put together without its state.
    pub fn of(request: &HttpRequest) -> Result<Page> {
        let app = request
            .app_data::<web::Data<App>>()
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("no application state")))?;
        Ok(Page {
            app: app.clone(),
            request: request.clone(),
        })
    }

    /// Who is signed in.
    #[must_use]
    pub fn session(&self) -> Option<Rc<Session>> {
        self.request.extensions().get::<Rc<Session>>().cloned()
    }

    /// The reader's language: their own choice, else the browser's, else the brand's.
    #[must_use]
    pub fn lang(&self) -> Lang {
        if let Some(session) = self.session() {
            return session.lang;
        }
        let chosen = self.request.cookie(LANG_COOKIE);
        let header = self.request.headers().get("accept-language");
        chosen
            .and_then(|cookie| Lang::parse(cookie.value()))
            .or_else(|| Lang::from_accept_language(header?.to_str().ok()?))
            .unwrap_or(self.app.brand.lang)
    }

    /// Where the request comes from, for rate limits.
    #[must_use]
    pub fn address(&self) -> String {
        self.request
            .peer_addr()
            .map_or_else(|| "unknown".into(), |peer| peer.ip().to_string())
    }

    /// What the browser calls itself.
    #[must_use]
    pub fn user_agent(&self) -> &str {
        self.request
            .headers()
            .get("user-agent")
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    }

    /// The block that the page's script asks for.
    #[must_use]
    pub fn fragment(&self) -> Option<&str> {
        self.request.headers().get(FRAGMENT)?.to_str().ok()
    }

    /// The query string's pairs.
    #[must_use]
    pub fn query(&self) -> super::shape::Query {
        form_urlencoded::parse(self.request.query_string().as_bytes())
            .map(|(name, value)| (without_nul(&name), without_nul(&value)))
            .collect()
    }

    /// So many lines are in the cart by now: for a page that is shown by the request that changed
    /// it.
    pub fn cart_holds(&self, lines: i64) {
        self.request.extensions_mut().insert(CartLines(lines));
    }

    fn chrome(&self) -> Result<Chrome> {
        let app = &self.app;
        let mut chrome = Chrome::new(
            self.lang(),
            &app.brand.row.name,
            self.request.path(),
            &app.today().to_string(),
            &app.brand.row.time_zone,
        );
        chrome.here = self.request.uri().to_string();
        chrome.demo = app.is_demo();
        chrome.flash = flash::read(&self.request, &app.config.secret);
        let Some(session) = self.session() else {
            let theme = self.request.cookie(THEME_COOKIE);
            chrome.theme = theme
                .and_then(|cookie| Theme::parse(cookie.value()))
                .unwrap_or_default();
            if let Some(visitor) = self.request.extensions().get::<Visitor>() {
                chrome.csrf = visitor.secret.mask()?;
            }
            return Ok(chrome);
        };
        let retailer = session.role.is_retailer();
        let account = session.account.as_ref();
        let user = ChromeUser {
            name: session.name.clone(),
            role: session.role.name().to_owned(),
            side: if retailer {
                Side::Retailer
            } else {
                Side::Brand
            },
            account_name: account.filter(|_| retailer).map(|a| a.name.clone()),
            account_number: account.filter(|_| retailer).map(|a| a.number.clone()),
        };
        let acting = account.filter(|_| session.acting).map(|account| ActingFor {
            account_name: account.name.clone(),
            account_number: account.number.clone(),
        });
        let counted = self.request.extensions().get::<CartLines>().copied();
        let lines = account.map_or(0, |account| account.cart_lines);
        let lines = counted.map_or(lines, |CartLines(lines)| lines);
        let chrome = chrome
            .signed_in(user, acting, lines)
            .with_approvals(session.approvals)
            .with_unread(session.unread)
            .with_theme(session.theme);
        Ok(chrome.with_csrf(session.secret.mask()?))
    }

    /// The page, or the one block the page's script asks for.
    ///
    /// # Errors
    /// A template that fails.
    pub fn render<V: View>(&self, view: &V) -> Result<HttpResponse> {
        self.render_as(StatusCode::OK, view)
    }

    /// As [`Page::render`], with another status: a form with errors is 422.
    ///
    /// # Errors
    /// A template that fails.
    pub fn render_as<V: View>(&self, status: StatusCode, view: &V) -> Result<HttpResponse> {
        let chrome = self.chrome()?;
        let html = match self.fragment() {
            Some(block) if is_word(block) => self
                .app
                .templates
                .fragment(&chrome, view, block)
                .or_else(|_| self.app.templates.page(&chrome, view))?,
            _ => self.app.templates.page(&chrome, view)?,
        };
        let mut answer = HttpResponse::build(status);
        answer.content_type("text/html; charset=utf-8");
        answer.insert_header(("Cache-Control", "private, no-store"));
        answer.insert_header(("Vary", FRAGMENT));
        if !chrome.flash.is_empty() {
            let mut spent = Cookie::build(flash::COOKIE, "").path("/").finish();
            spent.set_max_age(Duration::ZERO);
            answer.cookie(spent);
        }
        Ok(answer.body(html))
    }

    /// Sends the browser to another page.
    #[must_use]
    pub fn redirect(&self, to: &str) -> HttpResponse {
        HttpResponse::SeeOther()
            .insert_header(("Location", to.to_owned()))
            .finish()
    }

    /// As [`Page::redirect`], with what was done.
    #[must_use]
    pub fn redirect_with(&self, to: &str, flash: Flash) -> HttpResponse {
        let config = &self.app.config;
        HttpResponse::SeeOther()
            .insert_header(("Location", to.to_owned()))
            .cookie(flash::cookie(
                &config.secret,
                config.secure_cookies(),
                &[flash],
            ))
            .finish()
    }
}

/// A path of this site to go back to, or `otherwise`: never another host.
#[must_use]
pub fn local_path<'a>(path: &'a str, otherwise: &'a str) -> &'a str {
    let local = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control);
    if local { path } else { otherwise }
}

fn is_word(block: &str) -> bool {
    block.len() <= 40
        && block
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_paths_of_this_site_are_gone_back_to() {
        assert_eq!(local_path("/cart?x=1", "/"), "/cart?x=1");
        for foreign in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "/a\nb",
        ] {
            assert_eq!(local_path(foreign, "/"), "/");
        }
    }
}
