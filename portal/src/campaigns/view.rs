//! A campaign as its page shows it.

use serde::Serialize;

use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Day, Instant, Message, Money, Paging, Query, eur};

/// `/kam/promotions/{id}/campaign`.
#[derive(Clone, Debug, Serialize)]
pub struct CampaignPage {
    pub id: String,
    pub name: String,
    pub code: String,
    /// Where the promotion stands.
    pub stand: String,
    /// Why it cannot be announced; none where it can.
    pub hindrance: Option<String>,
    /// The campaign that is planned or under way, else the last one.
    pub campaign: Option<CampaignView>,
    /// Whether the reader may plan, start and stop.
    pub can_plan: bool,
    /// Whether there is a plan to make or to change.
    pub is_open_to_plan: bool,
    pub form: FormState,
    /// The brand's morning, as a clock shows it.
    pub morning: String,
    pub first_day: Day,
    pub last_day: Option<Day>,
    /// Mails to a person within seven days.
    pub cap: i64,
    pub audience: AudienceView,
    /// The mail that is shown.
    pub mail: Option<MailPreview>,
    pub query: Query,
    pub paging: Paging,
}

/// A campaign, and how far it is.
#[derive(Clone, Debug, Serialize)]
pub struct CampaignView {
    /// planned, drawing, sending, finished or stopped.
    pub state: String,
    pub announce_on: Day,
    /// By the reader's clock; none is at once.
    pub announce_at: Option<String>,
    pub remind_on: Option<Day>,
    pub holdout_bp: i64,
    pub most: Option<i64>,
    pub created_by: String,
    pub created_at: Instant,
    pub started_at: Option<Instant>,
    pub stopped_by: Option<String>,
    pub stopped_at: Option<Instant>,
    pub finished_at: Option<Instant>,
    pub told: i64,
    pub waiting: i64,
    pub skipped: i64,
    pub clicked: i64,
    pub accounts: i64,
    pub ordered: i64,
    pub holdout: i64,
}

/// Whom it tells, or would tell today.
#[derive(Clone, Debug, Serialize)]
pub struct AudienceView {
    /// Whether these are the accounts that were drawn, no longer a forecast.
    pub is_drawn: bool,
    /// Whether those left out are shown.
    pub shows_excluded: bool,
    /// Accounts it reaches.
    pub reached: i64,
    /// How many of them were looked at, where those are fewer.
    pub most: Option<i64>,
    /// Accounts that are told.
    pub included: i64,
    /// People who are told.
    pub people: i64,
    /// Accounts of which nobody is told, by why.
    pub excluded: Vec<ExcludedCount>,
    pub rows: Vec<AudienceRow>,
}

/// So many accounts, for one reason.
#[derive(Clone, Debug, Serialize)]
pub struct ExcludedCount {
    pub because: String,
    pub count: i64,
}

/// An account.
#[derive(Clone, Debug, Serialize)]
pub struct AudienceRow {
    pub place: i64,
    pub number: String,
    pub name: String,
    pub city: String,
    pub expected: Option<Money>,
    pub saving: Option<Money>,
    /// Why it is likely to order the first item.
    pub reason: Option<Message>,
    /// mail or holdout, once drawn.
    pub arm: Option<String>,
    /// Why nobody of it is told.
    pub excluded: Option<String>,
    pub people: Vec<PersonView>,
}

/// Somebody who buys for an account.
#[derive(Clone, Debug, Serialize)]
pub struct PersonView {
    pub id: String,
    pub name: String,
    /// Where their mail can be looked at.
    pub has_mail: bool,
    /// When they are told.
    pub due_at: Option<Instant>,
    /// The clock they go by.
    pub zone: String,
    /// Whether it comes with their daily mail.
    pub is_daily: bool,
    /// waiting, mailed or skipped, once drawn.
    pub state: Option<String>,
    /// Why not.
    pub excluded: Option<String>,
}

/// A mail as its reader would get it.
#[derive(Clone, Debug, Serialize)]
pub struct MailPreview {
    pub user: String,
    pub name: String,
    pub email: String,
    pub subject: String,
    pub text: String,
    pub is_reminder: bool,
}

impl View for CampaignPage {
    const TEMPLATE: &'static str = "pages/kam/promotions/campaign.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let forecast = forecast();
        let excluded = excluded(&forecast);
        let planned = Self {
            campaign: Some(sample_campaign("planned")),
            ..forecast.clone()
        };
        let mut sending = Self {
            campaign: Some(sample_campaign("sending")),
            is_open_to_plan: false,
            ..forecast.clone()
        };
        sending.audience.is_drawn = true;
        for row in &mut sending.audience.rows {
            row.arm = Some("mail".into());
            for person in &mut row.people {
                person.state = Some("mailed".into());
            }
        }
        let stopped = Self {
            campaign: Some(sample_campaign("stopped")),
            can_plan: false,
            ..sending.clone()
        };
        let draft = Self {
            stand: "draft".into(),
            hindrance: Some("campaign-not-approved".into()),
            is_open_to_plan: false,
            audience: AudienceView {
                rows: vec![],
                excluded: vec![],
                included: 0,
                people: 0,
                ..forecast.audience.clone()
            },
            paging: Paging::new(1, 50, 0),
            ..forecast.clone()
        };
        let mail = Self {
            mail: Some(MailPreview {
                user: "0190b7a4-0000-7000-8000-000000000002".into(),
                name: "Britta Becker".into(),
                email: "buyer@demo.kontor.example".into(),
                subject: "Spring of the dogs: 24.90 € off what you usually order".into(),
                text: "Hello Britta Becker,".into(),
                is_reminder: false,
            }),
            ..forecast.clone()
        };
        vec![
            ("forecast", forecast),
            ("left out", excluded),
            ("planned", planned),
            ("sending", sending),
            ("stopped", stopped),
            ("draft", draft),
            ("a mail", mail),
        ]
    }
}

fn forecast() -> CampaignPage {
    let person = PersonView {
        id: "0190b7a4-0000-7000-8000-000000000002".into(),
        name: "Britta Becker".into(),
        has_mail: true,
        due_at: Some(1_795_586_400_000),
        zone: "Europe/Berlin".into(),
        is_daily: false,
        state: None,
        excluded: None,
    };
    let capped = PersonView {
        name: "Olaf Otte".into(),
        has_mail: false,
        due_at: None,
        excluded: Some("capped".into()),
        ..person.clone()
    };
    let daily = PersonView {
        name: "Tom Tiede".into(),
        is_daily: true,
        ..person.clone()
    };
    let row = AudienceRow {
        place: 1,
        number: "10001".into(),
        name: "Corner Shop Hannover".into(),
        city: "Hannover".into(),
        expected: Some(eur(18_420)),
        saving: Some(eur(2_490)),
        reason: Some(
            Message::new("reason-rhythm")
                .with("every", 14)
                .with("ago", 12),
        ),
        arm: None,
        excluded: None,
        people: vec![person, capped],
    };
    let second = AudienceRow {
        place: 2,
        number: "10002".into(),
        name: "Tierwelt Braunschweig".into(),
        expected: None,
        reason: None,
        people: vec![daily],
        ..row.clone()
    };
    CampaignPage {
        id: "0190b7a4-0000-7000-8000-000000000001".into(),
        name: "Spring of the dogs".into(),
        code: "SPRING-DOGS".into(),
        stand: "running".into(),
        hindrance: None,
        campaign: None,
        can_plan: true,
        is_open_to_plan: true,
        form: FormState::new()
            .value("announce", "morning")
            .value("on", "2026-11-25")
            .value("holdout", "10"),
        morning: "07:00".into(),
        first_day: "2026-11-24".into(),
        last_day: Some("2026-12-24".into()),
        cap: 2,
        audience: AudienceView {
            is_drawn: false,
            shows_excluded: false,
            reached: 812,
            most: Some(300),
            included: 2,
            people: 2,
            excluded: vec![ExcludedCount {
                because: "unsubscribed".into(),
                count: 1,
            }],
            rows: vec![row, second],
        },
        mail: None,
        query: Query::new(),
        paging: Paging::new(1, 50, 2),
    }
}

fn excluded(of: &CampaignPage) -> CampaignPage {
    let mut page = of.clone();
    page.audience.shows_excluded = true;
    page.audience.rows.truncate(1);
    for row in &mut page.audience.rows {
        row.place = 0;
        row.expected = None;
        row.saving = None;
        row.reason = None;
        row.excluded = Some("unsubscribed".into());
        for person in &mut row.people {
            person.has_mail = false;
            person.due_at = None;
            person.excluded = Some("unsubscribed".into());
        }
    }
    page.paging = Paging::new(1, 50, 1);
    page
}

fn sample_campaign(state: &str) -> CampaignView {
    let stopped = state == "stopped";
    let begun = state != "planned";
    CampaignView {
        state: state.into(),
        announce_on: "2026-11-25".into(),
        announce_at: Some("07:00".into()),
        remind_on: Some("2026-12-21".into()),
        holdout_bp: 1_000,
        most: Some(200),
        created_by: "Mia Markt".into(),
        created_at: 1_795_509_000_000,
        started_at: begun.then_some(1_795_586_400_000),
        stopped_by: stopped.then(|| "Mia Markt".into()),
        stopped_at: stopped.then_some(1_795_590_000_000),
        finished_at: None,
        told: if begun { 61 } else { 0 },
        waiting: if begun { 23 } else { 0 },
        skipped: if begun { 2 } else { 0 },
        clicked: if begun { 14 } else { 0 },
        accounts: if begun { 73 } else { 0 },
        ordered: if begun { 9 } else { 0 },
        holdout: if begun { 8 } else { 0 },
    }
}
