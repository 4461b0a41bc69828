//! Where the goods go, when they are wanted, the buyer's own number and a note: the same fields on
//! the cart's page and at checkout.

use jiff::civil::Date;
use trade::id::ShipToId;

use crate::db::entity::cart;
use crate::web::Fields;
use crate::web::form::FormState;

/// The longest order number of the buyer's own.
pub const MOST_PO_NUMBER: usize = 64;
/// The longest note.
pub const MOST_NOTE: usize = 2_000;

/// What is asked for beside the lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Where to; the account's default place where none is chosen.
    pub ship_to: Option<ShipToId>,
    /// The buyer's own number.
    pub po_number: String,
    /// When it is wanted.
    pub requested_date: Option<Date>,
    /// For the warehouse.
    pub note: String,
}

impl Details {
    /// Reads the form's fields; what is wrong is noted in `form` at its field.
    #[must_use]
    pub fn read(fields: &Fields, today: Date, form: &mut FormState) -> Details {
        let mut details = Details::default();
        match fields.text("ship_to") {
            "" => {}
            typed => match typed.parse() {
                Ok(id) => details.ship_to = Some(id),
                Err(_) => form.refuse_key("ship_to", "error-choice"),
            },
        }
        match fields.text("requested_date") {
            "" => {}
            typed => match typed.parse::<Date>() {
                Err(_) => form.refuse_key("requested_date", "error-date"),
                Ok(date) if date < today => form.refuse_key("requested_date", "error-date-past"),
                Ok(date) => details.requested_date = Some(date),
            },
        }
        details.po_number = text(fields, "po_number", MOST_PO_NUMBER, form).replace('\n', " ");
        details.note = text(fields, "note", MOST_NOTE, form);
        details
    }

    /// What a cart has.
    #[must_use]
    pub fn of(cart: &cart::Model) -> Details {
        Details {
            ship_to: cart.ship_to_id,
            po_number: cart.po_number.clone(),
            requested_date: cart.requested_date.map(|date| date.0),
            note: cart.note.clone(),
        }
    }

    /// As the form shows it.
    #[must_use]
    pub fn form(&self) -> FormState {
        FormState::new()
            .value(
                "ship_to",
                self.ship_to.map(|id| id.to_string()).unwrap_or_default(),
            )
            .value("po_number", &*self.po_number)
            .value(
                "requested_date",
                self.requested_date
                    .map(|date| date.to_string())
                    .unwrap_or_default(),
            )
            .value("note", &*self.note)
    }
}

/// Browsers end a note's lines with two characters, which count as one; what cannot be seen is
/// left out.
fn text(fields: &Fields, name: &str, most: usize, form: &mut FormState) -> String {
    let typed = fields.text(name).replace("\r\n", "\n");
    let typed: String = typed
        .chars()
        .filter(|char| *char == '\n' || !char.is_control())
        .collect();
    if typed.chars().count() > most {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        form.refuse_with(name, "error-too-long", "most", most);
    }
    typed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> (Details, Vec<(String, String)>) {
        let pairs = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        let mut form = FormState::new();
        let details = Details::read(
            &Fields::new(pairs),
            jiff::civil::date(2026, 3, 12),
            &mut form,
        );
        let errors = form
            .errors
            .into_iter()
            .map(|error| (error.field, error.message.key));
        (details, errors.collect())
    }

    fn fault(field: &str, key: &str) -> Vec<(String, String)> {
        vec![(field.to_owned(), key.to_owned())]
    }

    #[test]
    fn nothing_filled_in_is_nothing_asked_for() {
        assert_eq!(read(&[]), (Details::default(), vec![]));
        assert_eq!(read(&[("ship_to", ""), ("requested_date", " ")]).1, vec![]);
    }

    #[test]
    fn a_day_that_has_passed_or_is_none_is_refused_and_today_is_not() {
        let date = |text| read(&[("requested_date", text)]);
        assert_eq!(date("2026-03-12").1, vec![]);
        assert_eq!(
            date("2026-03-11").1,
            fault("requested_date", "error-date-past")
        );
        assert_eq!(date("2026-02-30").1, fault("requested_date", "error-date"));
        assert_eq!(date("soon").1, fault("requested_date", "error-date"));
    }

    #[test]
    fn a_number_of_64_characters_is_kept_whole_and_a_longer_one_refused() {
        let most = "ü".repeat(64);
        assert_eq!(read(&[("po_number", &most)]).0.po_number, most);
        let more = "ü".repeat(65);
        assert_eq!(
            read(&[("po_number", &more)]).1,
            fault("po_number", "error-too-long")
        );
        assert_eq!(read(&[("note", "a\r\nb\u{0}c")]).0.note, "a\nbc");
    }
}
