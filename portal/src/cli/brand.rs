//! `kontor brand`: who runs this Kontor, and the VAT rates of its country. A fresh database has
//! neither; without a rate nothing can be ordered.

use anyhow::{Context, bail};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use trade::calendar::LocalDate;
use trade::money::{BasisPoints, Currency, Money};
use trade::tax::TaxClass;

use crate::app;
use crate::audit;
use crate::auth::links;
use crate::catalogue::reference;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Tx;
use crate::db::entity::{brand, tax_rate};
use crate::web::locale::Lang;

/// What stands behind `kontor brand`. What is not named stays as it is.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// The name on pages, mails and documents.
    #[arg(long)]
    name: Option<String>,
    /// The address mails are from.
    #[arg(long)]
    email: Option<String>,
    /// Street and house number.
    #[arg(long)]
    street: Option<String>,
    /// Postal code.
    #[arg(long)]
    postal_code: Option<String>,
    /// City.
    #[arg(long)]
    city: Option<String>,
    /// Country, two letters: DE.
    #[arg(long)]
    country: Option<String>,
    /// VAT identification number.
    #[arg(long)]
    vat_id: Option<String>,
    /// Currency of the books: EUR.
    #[arg(long)]
    currency: Option<Currency>,
    /// Time zone: Europe/Berlin.
    #[arg(long)]
    time_zone: Option<String>,
    /// Language of what the brand writes itself: en or de.
    #[arg(long)]
    locale: Option<String>,
    /// A VAT rate of the country in per cent: standard=19, reduced=7. May be repeated.
    #[arg(long = "vat", value_name = "CLASS=PER CENT")]
    rates: Vec<String>,
    /// The least an order should be worth, net: 75 or 75.00; 0 for none. Accounts may have their own.
    #[arg(long, value_name = "AMOUNT")]
    minimum_order: Option<String>,
    /// Days an invoice may be overdue before orders are held. Accounts may have their own.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i32).range(0..=365))]
    overdue_tolerance: Option<i32>,
    /// The first day of the rates given.
    #[arg(long, default_value = "2000-01-01")]
    vat_from: Date,
}

/// Sets the brand up, or changes it.
///
/// # Errors
/// A word that cannot be used, named; a first set-up without name, e-mail and country.
pub async fn set(config: Config, arguments: Arguments) -> anyhow::Result<()> {
    let db = app::open(&config).await?;
    let tx = db.begin_system("kontor brand").await?;
    let before = tx.one::<brand::Entity>(|all| all).await?;
    let row = changed(before.clone(), &arguments)?;
    let rates = rates(&arguments.rates)?;
    let now = Clock::System.millis();
    let after = json!({
        "name": row.name,
        "country": row.country,
        "currency": row.currency,
        "minimum_order": Money::new(row.minimum_order_minor, row.currency).to_decimal(),
        "overdue_tolerance_days": row.overdue_tolerance_days,
    });
    let country = row.country.clone();
    println!(
        "{}, {}, {}, {}, {}",
        row.name, row.email, row.country, row.currency, row.time_zone
    );
    match before {
        Some(_) => tx.update(row.into_active_model().reset_all()).await?,
        None => tx.insert(row.into_active_model()).await?,
    }
    for (class, rate) in rates {
        put_rate(&tx, &country, class, arguments.vat_from, rate).await?;
        println!(
            "VAT {country} {class}: {} basis points from {}",
            rate.0, arguments.vat_from
        );
    }
    reference::changed(&tx).await?;
    audit::note(&tx, now, "brand changed", "brand", None, None, Some(after)).await?;
    tx.commit().await?;
    println!("running instances show it after their next start");
    Ok(())
}

async fn put_rate(
    tx: &Tx,
    country: &str,
    class: TaxClass,
    from: Date,
    rate: BasisPoints,
) -> anyhow::Result<()> {
    let key = (country.to_owned(), class, LocalDate(from));
    let row = tax_rate::ActiveModel {
        country: Set(country.to_owned()),
        tax_class: Set(class),
        valid_from: Set(LocalDate(from)),
        rate: Set(rate),
    };
    match tx.get::<tax_rate::Entity>(key).await {
        Ok(_) => tx.update(row).await?,
        Err(crate::error::Error::NotFound) => tx.insert(row).await?,
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// The row with what was named; a first one needs a name, an address and a country.
fn changed(before: Option<brand::Model>, arguments: &Arguments) -> anyhow::Result<brand::Model> {
    let mut row = match before {
        Some(row) => row,
        None => {
            for (named, option) in [
                (arguments.name.is_some(), "--name"),
                (arguments.email.is_some(), "--email"),
                (arguments.country.is_some(), "--country"),
            ] {
                if !named {
                    bail!("a brand that is set up for the first time needs {option}");
                }
            }
            app::unnamed_brand()
        }
    };
    let set = |place: &mut String, value: &Option<String>| {
        if let Some(value) = value {
            *place = value
                .trim()
                .chars()
                .filter(|c| !c.is_control())
                .take(200)
                .collect();
        }
    };
    set(&mut row.name, &arguments.name);
    set(&mut row.email, &arguments.email);
    set(&mut row.street, &arguments.street);
    set(&mut row.postal_code, &arguments.postal_code);
    set(&mut row.city, &arguments.city);
    set(&mut row.country, &arguments.country);
    set(&mut row.time_zone, &arguments.time_zone);
    set(&mut row.locale, &arguments.locale);
    if arguments.vat_id.is_some() {
        row.vat_id.clone_from(&arguments.vat_id);
    }
    row.currency = arguments.currency.unwrap_or(row.currency);
    if let Some(amount) = &arguments.minimum_order {
        row.minimum_order_minor = minimum(amount, row.currency)?;
    }
    row.overdue_tolerance_days = arguments
        .overdue_tolerance
        .unwrap_or(row.overdue_tolerance_days);
    if !links::looks_like_email(&row.email) {
        bail!("{} is not an e-mail address", row.email);
    }
    if row.country.len() != 2 || !row.country.bytes().all(|b| b.is_ascii_uppercase()) {
        bail!(
            "{} is not a country: two capital letters, such as DE",
            row.country
        );
    }
    TimeZone::get(&row.time_zone).with_context(|| format!("{} is no time zone", row.time_zone))?;
    Lang::parse(&row.locale).with_context(|| format!("{} is neither en nor de", row.locale))?;
    Ok(row)
}

fn minimum(amount: &str, currency: Currency) -> anyhow::Result<i64> {
    let wrong = || format!("{amount} is not an amount of {currency}, such as 75.00");
    let minor = Money::from_decimal(amount.trim(), currency)
        .with_context(wrong)?
        .minor;
    if minor < 0 {
        bail!(wrong());
    }
    Ok(minor)
}

fn rates(words: &[String]) -> anyhow::Result<Vec<(TaxClass, BasisPoints)>> {
    let rate = |word: &String| {
        let wrong = || format!("{word} is not a rate: standard=19 or reduced=5.5");
        let (class, per_cent) = word.split_once('=').with_context(wrong)?;
        let class: TaxClass = class.parse().with_context(wrong)?;
        // A rate has two decimals, as an amount of euros has.
        let rate = Money::from_decimal(per_cent.trim(), Currency::EUR);
        let rate = rate.with_context(wrong)?.minor;
        if !(0..=10_000).contains(&rate) {
            bail!(wrong());
        }
        Ok((class, BasisPoints(i32::try_from(rate)?)))
    };
    words.iter().map(rate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minimum_is_an_amount_of_the_currency() {
        assert_eq!(minimum("75", Currency::EUR).unwrap(), 7_500);
        assert_eq!(minimum(" 75.5 ", Currency::EUR).unwrap(), 7_550);
        for wrong in ["-1", "75,00", "much", "1.005"] {
            assert!(minimum(wrong, Currency::EUR).is_err(), "{wrong}");
        }
    }

    #[test]
    fn rates_are_read_to_the_hundredth() {
        let read = rates(&["standard=19".into(), "reduced=5.5".into()]).unwrap();
        assert_eq!(
            read,
            [
                (TaxClass::Standard, BasisPoints(1_900)),
                (TaxClass::Reduced, BasisPoints(550))
            ]
        );
        for wrong in [
            "standard",
            "luxury=33",
            "standard=101",
            "standard=-1",
            "reduced=5,5",
        ] {
            assert!(rates(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
