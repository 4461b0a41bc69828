//! Signing in, and the links that let people in.

use serde::Serialize;

use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::Message;

/// A demo sign-in by one click.
#[derive(Clone, Debug, Serialize)]
pub struct DemoUser {
    pub email: String,
    pub password: String,
    pub role: String,
    pub name: String,
}

/// `/sign-in`. Fields: `email`, `password`, `next`.
#[derive(Clone, Debug, Serialize)]
pub struct SignInPage {
    pub form: FormState,
    pub next: String,
    /// Empty outside of the demo.
    pub demo_users: Vec<DemoUser>,
}

/// `/forgot-password`. Field: `email`. `sent` looks the same whether the address is known or not.
#[derive(Clone, Debug, Serialize)]
pub struct ForgotPasswordPage {
    pub form: FormState,
    pub sent: bool,
}

/// `/reset/{token}`. Field: `password`.
#[derive(Clone, Debug, Serialize)]
pub struct ResetPasswordPage {
    pub form: FormState,
    pub token: String,
    /// The link is spent or too old.
    pub expired: bool,
    pub email: String,
}

/// `/invitation/{token}`. Fields: `name`, `password`.
#[derive(Clone, Debug, Serialize)]
pub struct InvitationPage {
    pub form: FormState,
    pub token: String,
    pub expired: bool,
    pub email: String,
    pub role: String,
    /// The retailer, or the brand for its own people.
    pub company: String,
}

/// The mail that invites a person.
#[derive(Clone, Debug, Serialize)]
pub struct InvitationMail {
    pub brand_name: String,
    pub company: String,
    pub invited_by: String,
    pub role: String,
    pub link: String,
    pub valid_hours: i64,
}

/// The mail with a link to set a new password.
#[derive(Clone, Debug, Serialize)]
pub struct PasswordResetMail {
    pub brand_name: String,
    pub name: String,
    pub link: String,
    pub valid_minutes: i64,
}

impl View for SignInPage {
    const TEMPLATE: &'static str = "pages/auth/sign_in.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let user = |role: &str, name: &str| DemoUser {
            email: format!("{role}@demo.kontor.example"),
            password: "kontor-demo".into(),
            role: role.into(),
            name: name.into(),
        };
        let demo = Self {
            form: FormState::new(),
            next: "/".into(),
            demo_users: vec![
                user("buyer", "Britta Becker"),
                user("approver", "Anton Arndt"),
                user("account_admin", "Olga Ott"),
                user("kam", "Karl Kamp"),
                user("marketing", "Mira Mai"),
                user("finance", "Finn Fink"),
                user("admin", "Ada Adler"),
            ],
        };
        let refused = Self {
            form: FormState::new()
                .value("email", "buyer@demo.kontor.example")
                .error("", Message::new("sign-in-refused")),
            next: "/cart".into(),
            demo_users: vec![],
        };
        vec![("demo", demo), ("refused", refused)]
    }
}

impl View for ForgotPasswordPage {
    const TEMPLATE: &'static str = "pages/auth/forgot_password.html";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![
            (
                "asked",
                Self {
                    form: FormState::new(),
                    sent: false,
                },
            ),
            (
                "invalid",
                Self {
                    form: FormState::new()
                        .value("email", "buyer")
                        .error("email", Message::new("error-email")),
                    sent: false,
                },
            ),
            (
                "sent",
                Self {
                    form: FormState::new().value("email", "b@example.com"),
                    sent: true,
                },
            ),
        ]
    }
}

impl View for ResetPasswordPage {
    const TEMPLATE: &'static str = "pages/auth/reset_password.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |expired| Self {
            form: FormState::new().error(
                "password",
                Message::new("error-password-short").with("least", 10),
            ),
            token: "t0k3n".into(),
            expired,
            email: "buyer@demo.kontor.example".into(),
        };
        vec![("too short", page(false)), ("expired", page(true))]
    }
}

impl View for InvitationPage {
    const TEMPLATE: &'static str = "pages/auth/invitation.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |expired| Self {
            form: FormState::new(),
            token: "t0k3n".into(),
            expired,
            email: "new@demo.kontor.example".into(),
            role: "buyer".into(),
            company: "Corner Shop Hannover".into(),
        };
        vec![("open", page(false)), ("expired", page(true))]
    }
}

impl View for InvitationMail {
    const TEMPLATE: &'static str = "emails/invitation";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "buyer",
            Self {
                brand_name: "Feldhof".into(),
                company: "Corner Shop Hannover".into(),
                invited_by: "Olga Ott".into(),
                role: "buyer".into(),
                link: "https://kontor.example/invitation/t0k3n".into(),
                valid_hours: 72,
            },
        )]
    }
}

impl View for PasswordResetMail {
    const TEMPLATE: &'static str = "emails/password_reset";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "asked",
            Self {
                brand_name: "Feldhof".into(),
                name: "Britta Becker".into(),
                link: "https://kontor.example/reset/t0k3n".into(),
                valid_minutes: 60,
            },
        )]
    }
}
