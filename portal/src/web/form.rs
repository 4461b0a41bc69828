//! What a person typed into a form, kept, with what is wrong at which field.

use std::collections::BTreeMap;

use serde::Serialize;

use super::shape::{Arg, Message};

/// One fault at one field. `field` is the input's name; an empty one concerns the whole form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    pub field: String,
    #[serde(flatten)]
    pub message: Message,
}

/// The values of a form as typed, and its faults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FormState {
    pub values: BTreeMap<String, String>,
    pub errors: Vec<FieldError>,
}

impl FormState {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn value(mut self, field: &str, value: impl Into<String>) -> Self {
        self.values.insert(field.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn error(mut self, field: &str, message: Message) -> Self {
        self.refuse(field, message);
        self
    }

    /// Notes a fault at a field.
    pub fn refuse(&mut self, field: &str, message: Message) {
        self.errors.push(FieldError {
            field: field.to_owned(),
            message,
        });
    }

    /// Notes a fault whose message takes no argument.
    pub fn refuse_key(&mut self, field: &str, key: &str) {
        self.refuse(field, Message::new(key));
    }

    /// Notes a fault whose message takes one argument.
    pub fn refuse_with(&mut self, field: &str, key: &str, name: &str, value: impl Into<Arg>) {
        self.refuse(field, Message::new(key).with(name, value));
    }

    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }
}
