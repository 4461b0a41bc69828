//! The list of notifications, and the reader's devices beside it.

use serde::Serialize;

use crate::web::page::View;
use crate::web::shape::{Choice, Day, Instant, Message, Paging, Query};

/// One notification.
#[derive(Clone, Debug, Serialize)]
pub struct NoticeRow {
    pub id: String,
    /// The message `told-<topic>` names it.
    pub topic: String,
    pub said: Message,
    pub at: Instant,
    pub unread: bool,
}

/// What was told on one day of the reader's.
#[derive(Clone, Debug, Serialize)]
pub struct DayOfNotices {
    pub day: Day,
    pub rows: Vec<NoticeRow>,
}

/// A browser that may be woken.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceRow {
    pub id: String,
    pub name: String,
    /// By which the browser finds itself: the digest of its address.
    pub mark: String,
    pub since: Instant,
    pub last_used_at: Option<Instant>,
}

/// `/notifications`. Forms: `/notifications/{id}/open`, `/notifications/read` (until, topic),
/// `/notifications/devices` (endpoint, p256dh, auth, replaces), `/notifications/devices/{id}/remove`.
#[derive(Clone, Debug, Serialize)]
pub struct NotificationsPage {
    pub days: Vec<DayOfNotices>,
    /// Whether there is anything at all that is unread.
    pub any_unread: bool,
    /// When the newest one shown was told.
    pub until: Instant,
    /// The clock that the reader goes by, and the day it shows.
    pub time_zone: String,
    pub today: Day,
    pub topics: Vec<Choice>,
    pub topic: Option<String>,
    pub unread_only: bool,
    pub query: Query,
    pub paging: Paging,
    /// The key that push services know this Kontor by.
    pub key: String,
    pub devices: Vec<DeviceRow>,
    /// The topics that wake them.
    pub pushed: Vec<String>,
}

impl View for NotificationsPage {
    const TEMPLATE: &'static str = "pages/notifications.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let notice = |id: &str, topic: &str, said: &str, at, unread| NoticeRow {
            id: id.into(),
            topic: topic.into(),
            said: Message::plain(said),
            at,
            unread,
        };
        let full = Self {
            days: vec![
                DayOfNotices {
                    day: "2026-03-12".into(),
                    rows: vec![
                        notice(
                            "n2",
                            "orders",
                            "Order 100123 is confirmed.",
                            1_773_302_400_000,
                            true,
                        ),
                        notice(
                            "n1",
                            "approvals",
                            "Order 100124 waits for your approval.",
                            1_773_298_800_000,
                            false,
                        ),
                    ],
                },
                DayOfNotices {
                    day: "2026-03-11".into(),
                    rows: vec![notice(
                        "n0",
                        "back_in_stock",
                        "Adult dog food 12 kg is back.",
                        1_773_216_000_000,
                        false,
                    )],
                },
            ],
            any_unread: true,
            until: 1_773_302_400_000,
            time_zone: "Europe/Berlin".into(),
            today: "2026-03-12".into(),
            topics: vec![
                Choice::new("orders", "", false),
                Choice::new("approvals", "", false),
            ],
            topic: None,
            unread_only: false,
            query: Query::new(),
            paging: Paging::new(1, 30, 3),
            key: "BEl62iUYgUivxIkv69yViEuiBIa".into(),
            devices: vec![DeviceRow {
                id: "d1".into(),
                name: "Chrome · Android".into(),
                mark: "0f".repeat(32),
                since: 1_773_216_000_000,
                last_used_at: Some(1_773_302_400_000),
            }],
            pushed: vec!["orders".into(), "approvals".into()],
        };
        let none = Self {
            days: Vec::new(),
            any_unread: false,
            until: 0,
            paging: Paging::new(1, 30, 0),
            devices: Vec::new(),
            pushed: Vec::new(),
            ..full.clone()
        };
        let narrowed = Self {
            topic: Some("orders".into()),
            unread_only: true,
            ..none.clone()
        };
        vec![("full", full), ("none", none), ("none found", narrowed)]
    }
}
