//! A user's own page: name, language, colours, password, where they are signed in.

use serde::Serialize;

use crate::stock::view::AlertRow;
use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Instant, Message};

/// One sign-in that is still good.
#[derive(Clone, Debug, Serialize)]
pub struct SessionRow {
    pub id: String,
    /// Such as "Firefox on Windows".
    pub device: String,
    pub signed_in_at: Instant,
    pub last_seen_at: Instant,
    pub current: bool,
}

/// `/profile`. Forms: `/profile` (name, lang, theme), `/profile/password` (current, new).
#[derive(Clone, Debug, Serialize)]
pub struct ProfilePage {
    pub email: String,
    pub role: String,
    pub form: FormState,
    pub password_form: FormState,
    pub sessions: Vec<SessionRow>,
    /// Items one is told of when they are back.
    pub alerts: Vec<AlertRow>,
}

impl View for ProfilePage {
    const TEMPLATE: &'static str = "pages/profile.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let session = |id: &str, device: &str, current| SessionRow {
            id: id.into(),
            device: device.into(),
            signed_in_at: 1_773_298_800_000,
            last_seen_at: 1_773_302_400_000,
            current,
        };
        vec![(
            "wrong password",
            Self {
                email: "buyer@demo.kontor.example".into(),
                role: "buyer".into(),
                form: FormState::new()
                    .value("name", "Britta Becker")
                    .value("lang", "de")
                    .value("theme", "auto"),
                password_form: FormState::new()
                    .error("current", Message::new("error-password-wrong")),
                sessions: vec![
                    session("s1", "Firefox on Windows", true),
                    session("s2", "Chrome on Android", false),
                ],
                alerts: vec![AlertRow {
                    sku: "DOG-ADL-12".into(),
                    name: "Adult Dog Beef & Barley 12 kg".into(),
                    since: 1_773_298_800_000,
                }],
            },
        )]
    }
}
