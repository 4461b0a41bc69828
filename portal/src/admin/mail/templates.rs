//! Every kind of mail with sample data, for those who answer for how the brand writes.

use super::view::{KindRow, TemplatePage, TemplatesPage};
use crate::app::App;
use crate::error::{Error, Result};
use crate::messages::kinds::{self, MailKind, Sample};
use crate::web::locale::Lang;
use crate::web::page::Theme;
use crate::web::shape::{Choice, Query};

/// What is looked at: which sample, in which language, how wide, in which colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Which of the kind's samples, counted from 0.
    pub sample: usize,
    pub lang: Lang,
    pub wide: bool,
    pub dark: bool,
}

impl Look {
    /// As the address says; what it does not say is the first sample in the reader's language, on
    /// a desktop, in the light.
    #[must_use]
    pub fn asked(query: &Query, lang: Lang) -> Look {
        let said = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
        Look {
            sample: said("sample").parse().unwrap_or(0),
            lang: Lang::parse(said("lang")).unwrap_or(lang),
            wide: said("width") != "phone",
            dark: said("colours") == "dark",
        }
    }
}

/// The list.
#[must_use]
pub fn list() -> TemplatesPage {
    let row = |kind: &MailKind| KindRow {
        name: kind.name.to_owned(),
        topic: kind.about().map(str::to_owned),
    };
    TemplatesPage {
        rows: kinds::ALL.iter().map(row).collect(),
    }
}

/// One kind, as `look` asks for it.
///
/// # Errors
/// `NotFound` for a word that is no kind, or a sample that is none.
pub fn one(app: &App, word: &str, look: Look) -> Result<TemplatePage> {
    let kind = kinds::find(word).ok_or(Error::NotFound)?;
    let samples = kind.samples(&app.templates, look.lang)?;
    let shown = samples.get(look.sample).ok_or(Error::NotFound)?;
    let choice = |value: &str, label: &str, chosen| Choice::new(value, label, chosen);
    Ok(TemplatePage {
        name: kind.name.to_owned(),
        topic: kind.about().map(str::to_owned),
        subject: shown.mail.subject.clone(),
        text: shown.mail.text.clone(),
        bytes: i64::try_from(shown.mail.html.len())?,
        samples: samples
            .iter()
            .enumerate()
            .map(|(at, one)| choice(&at.to_string(), one.name, at == look.sample))
            .collect(),
        langs: Lang::ALL
            .into_iter()
            .map(|lang| choice(lang.as_str(), "", lang == look.lang))
            .collect(),
        lang: look.lang.as_str().to_owned(),
        sample: i64::try_from(look.sample)?,
        wide: look.wide,
        dark: look.dark,
    })
}

/// The HTML part of a sample in light or dark, whatever the reader's own screen prefers.
///
/// # Errors
/// As [`one`].
pub fn html(app: &App, word: &str, look: Look) -> Result<String> {
    let kind = kinds::find(word).ok_or(Error::NotFound)?;
    let samples = kind.samples(&app.templates, look.lang)?;
    let Sample { mail, .. } = samples
        .into_iter()
        .nth(look.sample)
        .ok_or(Error::NotFound)?;
    let theme = if look.dark { Theme::Dark } else { Theme::Light };
    Ok(in_colours(&mail.html, theme))
}

/// A mail as an inbox in these colours shows it.
fn in_colours(html: &str, theme: Theme) -> String {
    let query = "@media (prefers-color-scheme: dark)";
    match theme {
        Theme::Auto => html.to_owned(),
        Theme::Light => html
            .replace(query, "@media not all")
            .replace("color-scheme: light dark", "color-scheme: light"),
        Theme::Dark => html
            .replace(query, "@media all")
            .replace("color-scheme: light dark", "color-scheme: dark"),
    }
}
