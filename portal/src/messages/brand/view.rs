//! What the brand settles for all messages.

use serde::Serialize;

use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::Instant;

/// `/admin/messages`. Its form: `promotion_mails_a_week`, `quiet_from`, `quiet_until`, `morning`
/// (`HH:MM`), `counts_opens`, `holdout_share` (per cent).
#[derive(Clone, Debug, Serialize)]
pub struct SettingsPage {
    pub form: FormState,
    /// None where they are as Kontor came.
    pub changed_at: Option<Instant>,
    /// The brand's own time zone.
    pub zone: String,
}

impl View for SettingsPage {
    const TEMPLATE: &'static str = "pages/admin/messages.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            form: FormState::new()
                .value("promotion_mails_a_week", "2")
                .value("quiet_from", "19:00")
                .value("quiet_until", "06:30")
                .value("morning", "07:00")
                .value("holdout_share", "10"),
            changed_at: None,
            zone: "Europe/Berlin".into(),
        };
        let mut form = page.form.clone().value("counts_opens", "1");
        form.refuse_with("promotion_mails_a_week", "error-mails-a-week", "most", 14);
        form.refuse_key("quiet_from", "error-clock");
        form.refuse_key("morning", "error-morning-quiet");
        form.refuse_with("holdout_share", "error-holdout-share", "most", 50);
        let refused = Self {
            form,
            changed_at: Some(1_773_298_800_000),
            ..page.clone()
        };
        vec![("settings", page), ("refused", refused)]
    }
}
