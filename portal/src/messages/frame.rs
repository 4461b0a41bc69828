//! What stands around every mail: who writes, why the reader gets it, and where they choose
//! otherwise. Views need not carry it.

use serde::Serialize;

use super::links;
use crate::app::App;
use crate::db::entity::user;
use crate::db::words::Topic;

/// What a mail's foot says.
#[derive(Clone, Debug, Serialize)]
pub struct MailFrame {
    pub brand_name: String,
    /// Street, then postal code and city.
    pub address: Vec<String>,
    /// Empty where nobody reads it.
    pub email: String,
    /// The message `mail-why-<why>` says why the reader gets it: a topic's name, `daily` or `access`.
    pub why: String,
    /// Where the reader chooses what they are told, without signing in; none for what they get
    /// whatever they chose.
    pub choices_link: Option<String>,
}

impl MailFrame {
    /// For a person, about a topic; none is about their access, which they get in any case.
    #[must_use]
    pub fn of(app: &App, topic: Option<Topic>, reader: &user::Model) -> Self {
        let brand = &app.brand.row;
        let city = [brand.postal_code.as_str(), brand.city.as_str()].join(" ");
        let address = [brand.street.clone(), city.trim().to_owned()];
        Self {
            brand_name: brand.name.clone(),
            address: address
                .into_iter()
                .filter(|line| !line.is_empty())
                .collect(),
            email: brand.email.clone(),
            why: topic.map_or("access", Topic::name).to_owned(),
            choices_link: topic.map(|_| choices_link(app, reader)),
        }
    }

    /// For a person's daily mail, whatever its topics are.
    #[must_use]
    pub fn daily(app: &App, reader: &user::Model) -> Self {
        Self {
            why: "daily".to_owned(),
            choices_link: Some(choices_link(app, reader)),
            ..Self::of(app, None, reader)
        }
    }

    /// For samples and previews.
    #[must_use]
    pub fn sample(topic: Option<Topic>) -> Self {
        let word = "AZsample0sample0sample0sample0sample0sample";
        Self {
            brand_name: "Feldhof".into(),
            address: vec!["Mühlenweg 12".into(), "49074 Osnabrück".into()],
            email: "orders@feldhof.example".into(),
            why: topic.map_or("access", Topic::name).to_owned(),
            choices_link: topic.map(|_| format!("https://kontor.example/mail/choices/{word}")),
        }
    }
}

/// Where a person chooses what they are told, without signing in.
#[must_use]
pub fn choices_link(app: &App, reader: &user::Model) -> String {
    let path = links::choices(&app.config.secret, reader.id);
    format!("{}{path}", app.base_url)
}
