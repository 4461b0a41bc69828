//! The mail that tells a KAM that mail to one of their people comes back.

use serde::Serialize;

use crate::web::page::View;

/// To the account's KAM, when an address is written to no more.
#[derive(Clone, Debug, Serialize)]
pub struct ComesBackMail {
    pub brand_name: String,
    pub name: String,
    pub person: String,
    pub email: String,
    pub account_name: String,
    pub account_number: String,
    /// The reader called a mail unwanted; else there is no such address.
    pub is_complaint: bool,
    /// What the mail server said; may be empty.
    pub detail: String,
    pub link: String,
}

impl View for ComesBackMail {
    const TEMPLATE: &'static str = "emails/mail_comes_back";

    fn samples() -> Vec<(&'static str, Self)> {
        let gone = Self {
            brand_name: "Feldhof".into(),
            name: "Karl Kamp".into(),
            person: "Britta Becker".into(),
            email: "britta.becker@corner-shop.example".into(),
            account_name: "Corner Shop Hannover".into(),
            account_number: "10001".into(),
            is_complaint: false,
            detail: "550 5.1.1 Recipient address rejected: User unknown".into(),
            link: "https://kontor.example/kam/accounts/10001".into(),
        };
        let complaint = Self {
            is_complaint: true,
            detail: "abuse".into(),
            ..gone.clone()
        };
        vec![("gone", gone), ("complaint", complaint)]
    }
}
