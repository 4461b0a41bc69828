//! The words people read: message files in Fluent, one set a language, English as the fallback.
//!
//! A message file lies at `templates/locales/{en,de}/<feature>.ftl`. Values inside a message are
//! formatted by the language: amounts of money, quantities with their unit, dates.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fluent_templates::LanguageIdentifier;
use fluent_templates::fluent_bundle::concurrent::FluentBundle;
use fluent_templates::fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

use super::filters;
use super::page::TemplateFiles;
use super::shape::{Arg, Message};

/// A language Kontor speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    En,
    De,
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.as_str() == text)
    }

    /// The first language of an `Accept-Language` header that Kontor speaks.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        header.split(',').find_map(|part| {
            let tag = part.split(';').next().unwrap_or_default().trim();
            Self::parse(
                &tag.split('-')
                    .next()
                    .unwrap_or_default()
                    .to_ascii_lowercase(),
            )
        })
    }
}

/// Why the message files could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LocaleError {
    #[error("message file {file} does not parse: {detail}")]
    Syntax { file: String, detail: String },
    #[error("message file {file} repeats a key: {detail}")]
    Repeated { file: String, detail: String },
    #[error("{0} is not a language tag")]
    Tag(String),
}

/// The messages that can be worded without being told anything.
fn without_arguments(
    bundle: &FluentBundle<FluentResource>,
    keys: &BTreeSet<String>,
) -> HashMap<String, String> {
    keys.iter()
        .filter_map(|key| {
            let pattern = bundle.get_message(key)?.value()?;
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, None, &mut errors);
            errors.is_empty().then(|| (key.clone(), text.into_owned()))
        })
        .collect()
}

/// All messages of all languages.
pub struct Words {
    bundles: BTreeMap<Lang, FluentBundle<FluentResource>>,
    keys: BTreeMap<Lang, BTreeSet<String>>,
    /// Messages that take no argument, already in words: a page says hundreds of them.
    plain: BTreeMap<Lang, HashMap<String, String>>,
}

impl Words {
    /// Reads the message files that are part of the binary.
    pub fn load() -> Result<Self, LocaleError> {
        let mut words = Self {
            bundles: BTreeMap::new(),
            keys: BTreeMap::new(),
            plain: BTreeMap::new(),
        };
        for lang in Lang::ALL {
            let tag: LanguageIdentifier = lang
                .as_str()
                .parse()
                .map_err(|_| LocaleError::Tag(lang.as_str().into()))?;
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            // The marks that isolate right-to-left text would end up in mails, PDFs and searches.
            bundle.set_use_isolating(false);
            bundle.set_formatter(match lang {
                Lang::En => Some(|value, _| grouped(Lang::En, value)),
                Lang::De => Some(|value, _| grouped(Lang::De, value)),
            });
            let mut keys = BTreeSet::new();
            let folder = format!("locales/{}/", lang.as_str());
            for (name, text) in TemplateFiles::texts() {
                if !name.starts_with(&folder) {
                    continue;
                }
                keys.extend(message_keys(&text));
                let resource =
                    FluentResource::try_new(text).map_err(|(_, errors)| LocaleError::Syntax {
                        file: name.clone(),
                        detail: format!("{errors:?}"),
                    })?;
                bundle
                    .add_resource(resource)
                    .map_err(|errors| LocaleError::Repeated {
                        file: name.clone(),
                        detail: format!("{errors:?}"),
                    })?;
            }
            words.plain.insert(lang, without_arguments(&bundle, &keys));
            words.bundles.insert(lang, bundle);
            words.keys.insert(lang, keys);
        }
        Ok(words)
    }

    /// The keys a language has, for the test that compares them.
    pub fn keys(&self, lang: Lang) -> BTreeSet<String> {
        self.keys.get(&lang).cloned().unwrap_or_default()
    }

    /// A message that takes no argument, in words; none where it takes one or does not exist.
    pub fn plain(&self, lang: Lang, key: &str) -> Option<&str> {
        self.plain.get(&lang)?.get(key).map(String::as_str)
    }

    /// A message in words. A key that is missing shows as itself between brackets and is logged:
    /// a page with one odd label is better than no page.
    pub fn say(&self, lang: Lang, key: &str, args: &BTreeMap<String, Arg>) -> String {
        let fluent = args
            .iter()
            .map(|(name, value)| (name.clone(), self.value(lang, value)))
            .collect::<FluentArgs>();
        self.format(lang, key, &fluent)
            .or_else(|| self.format(Lang::En, key, &fluent))
            .unwrap_or_else(|| {
                tracing::error!(
                    message.key = key,
                    lang = lang.as_str(),
                    "message is missing"
                );
                format!("[[{key}]]")
            })
    }

    /// A message as handlers hold it, in words.
    pub fn message(&self, lang: Lang, message: &Message) -> String {
        self.say(lang, &message.key, &message.args)
    }

    /// A unit of measure in words, in the right number: `H87`, 3 → "pieces".
    pub fn unit(&self, lang: Lang, code: &str, count: i64) -> String {
        let mut args = FluentArgs::new();
        args.set("count", count);
        self.format(lang, &format!("unit-{}", code.to_ascii_lowercase()), &args)
            .unwrap_or_else(|| code.to_owned())
    }

    fn format(&self, lang: Lang, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = self.bundles.get(&lang)?;
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors);
        if !errors.is_empty() {
            tracing::error!(
                message.key = key,
                ?errors,
                "message could not be worded fully"
            );
        }
        Some(text.into_owned())
    }

    fn value(&self, lang: Lang, value: &Arg) -> FluentValue<'static> {
        match value {
            Arg::Number(number) => FluentValue::from(*number),
            Arg::Text(text) => FluentValue::from(text.clone()),
            Arg::Money(money) => FluentValue::from(filters::money_text(lang, *money)),
            Arg::UnitPrice {
                unit_price,
                currency,
            } => FluentValue::from(filters::unit_price_text(lang, *unit_price, *currency)),
            Arg::Quantity { quantity, unit } => FluentValue::from(format!(
                "{} {}",
                filters::quantity_text(lang, *quantity),
                self.unit(lang, unit.code(), *quantity)
            )),
            Arg::Date { date } => FluentValue::from(filters::date_text(lang, date)),
            Arg::Rate { rate_bp } => FluentValue::from(filters::percent_text(lang, *rate_bp)),
            Arg::Said { said } => FluentValue::from(self.message(lang, said)),
            Arg::List { all } => FluentValue::from(self.list(lang, all)),
        }
    }

    /// "a", "a and b", "a, b and c".
    fn list(&self, lang: Lang, all: &[Arg]) -> String {
        let mut said: Vec<String> = all
            .iter()
            .map(|one| match self.value(lang, one) {
                FluentValue::String(text) => text.into_owned(),
                FluentValue::Number(number) => number.as_string().into_owned(),
                FluentValue::Custom(_) | FluentValue::None | FluentValue::Error => String::new(),
            })
            .collect();
        let Some(last) = said.pop() else {
            return String::new();
        };
        if said.is_empty() {
            return last;
        }
        let mut args = FluentArgs::new();
        args.set("some", said.join(", "));
        args.set("last", last);
        self.format(lang, "list-and", &args).unwrap_or_default()
    }
}

/// Numbers inside a sentence are grouped as everywhere else.
fn grouped(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let whole = number.as_string().parse::<i64>().ok()?;
    Some(filters::quantity_text(lang, whole))
}

/// The keys of a message file: what stands at the start of a line before an equals sign. Terms
/// (`-brand`) are for other messages only and do not count.
fn message_keys(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter_map(|line| line.split_once('='))
        .map(|(key, _)| key.trim().to_owned())
        .collect()
}
