use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// Tuesday, 24 November 2026, 09:30 in Berlin.
const NOW: i64 = 1_795_509_000_000;
/// 07:00 in Berlin on that day.
const MORNING: i64 = NOW - 2 * HOUR - HOUR / 2;

fn settings(quiet_from: i32, quiet_until: i32, morning: i32) -> message_setting::Model {
    message_setting::Model {
        id: 1,
        promotion_mails_a_week: 2,
        quiet_from,
        quiet_until,
        morning,
        counts_opens: false,
        holdout_share: 1_000,
        changed_at: 0,
    }
}

fn custom() -> message_setting::Model {
    settings(1_140, 390, 420)
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn on(day: i8, minute: Option<i32>, last: Option<i8>) -> When {
    When {
        on: jiff::civil::date(2026, 11, day),
        minute,
        last: last.map(|day| jiff::civil::date(2026, 11, day)),
    }
}

fn due_in(name: &str, when: When) -> i64 {
    due(when, NOW, &zone(name), &custom()).unwrap()
}

#[test]
fn a_morning_to_come_is_each_readers_own() {
    let tomorrow = on(25, Some(420), None);
    assert_eq!(due_in("Europe/Berlin", tomorrow), MORNING + DAY);
    assert_eq!(due_in("Europe/Helsinki", tomorrow), MORNING + DAY - HOUR);
    assert_eq!(due_in("Asia/Tokyo", tomorrow), MORNING + DAY - 8 * HOUR);
    assert_eq!(
        due_in("America/New_York", tomorrow),
        MORNING + DAY + 6 * HOUR
    );
}

#[test]
fn a_morning_that_has_passed_is_the_next_one_unless_that_is_too_late() {
    let today = |last| on(24, Some(420), last);
    assert_eq!(due_in("Europe/Berlin", today(None)), MORNING + DAY);
    assert_eq!(due_in("Europe/Berlin", today(Some(25))), MORNING + DAY);
    assert_eq!(due_in("Europe/Berlin", today(Some(24))), NOW);
    // There it is half past three: their morning is still to come.
    assert_eq!(due_in("America/New_York", today(None)), MORNING + 6 * HOUR);
}

#[test]
fn at_once_is_at_once_but_at_a_quiet_hour() {
    let at_once = on(24, None, None);
    assert_eq!(due_in("Europe/Berlin", at_once), NOW);
    // Half past three in New York, half past five in the evening in Tokyo.
    assert_eq!(due_in("America/New_York", at_once), MORNING + 6 * HOUR);
    assert_eq!(due_in("Asia/Tokyo", at_once), NOW);
    let evening = NOW + 10 * HOUR;
    let tomorrow = due(at_once, evening, &zone("Europe/Berlin"), &custom()).unwrap();
    assert_eq!(tomorrow, MORNING + DAY);
}

#[test]
fn a_brand_without_a_decent_minute_still_comes_to_an_end() {
    let never = settings(0, 1_439, 420);
    let berlin = zone("Europe/Berlin");
    let at = decent(NOW, &berlin, &never).unwrap();
    // The last minute of the day is the only one that is not quiet.
    assert_eq!(at, MORNING + 17 * HOUR - 60_000);
}

#[test]
fn who_is_told_must_order_be_let_in_want_it_and_have_an_address_that_lives() {
    let custom = crate::messages::choices::custom(crate::db::words::Topic::Promotions);
    let reader = Reader {
        status: UserStatus::Active,
        role: Role::Buyer,
        choice: custom,
        suppressed: false,
    };
    assert_eq!(excluded(&reader), None);
    let with = |change: fn(&mut Reader)| {
        let mut reader = reader;
        change(&mut reader);
        excluded(&reader)
    };
    assert_eq!(with(|one| one.role = Role::Approver), None);
    assert_eq!(with(|one| one.role = Role::Kam), Some(Excluded::NoUser));
    let invited = with(|one| one.status = UserStatus::Invited);
    assert_eq!(invited, Some(Excluded::Disabled));
    let disabled = with(|one| one.status = UserStatus::Disabled);
    assert_eq!(disabled, Some(Excluded::Disabled));
    let off = with(|one| one.choice.mail = MailChoice::Off);
    assert_eq!(off, Some(Excluded::Unsubscribed));
    let dead = with(|one| one.suppressed = true);
    assert_eq!(dead, Some(Excluded::Suppressed));
    assert_eq!(with(|one| one.choice.mail = MailChoice::Daily), None);
}

#[test]
fn the_best_come_first_and_the_unknown_last() {
    let account = |id: u128| AccountId(Uuid::from_u128(id));
    let mut all = vec![
        ((None, Some(900)), account(1)),
        ((Some(5), Some(0)), account(4)),
        ((Some(-3), None), account(2)),
        ((Some(5), Some(0)), account(3)),
        ((Some(5), Some(70)), account(5)),
        ((None, None), account(0)),
    ];
    by_expectation(&mut all, |one| *one);
    let order: Vec<u128> = all.iter().map(|(_, id)| id.0.as_u128()).collect();
    assert_eq!(order, [5, 3, 4, 2, 1, 0]);
}

#[test]
fn the_mail_after_the_last_that_is_allowed_is_one_too_many() {
    assert_eq!(
        [0, 1, 2, 3].map(|had| is_capped(had, 2)),
        [false, false, true, true]
    );
    assert!(is_capped(0, 0));
}

#[test]
fn a_word_stands_for_one_reason() {
    let mut words: Vec<&str> = Excluded::ALL.iter().map(|one| one.name()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Excluded::ALL.len());
}

const ZONES: [&str; 7] = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Tokyo",
    "Pacific/Kiritimati",
    "Pacific/Niue",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
];

proptest! {
    #[test]
    fn nothing_is_due_before_now_nor_at_a_quiet_hour_nor_days_late(
        now in NOW..NOW + 400 * DAY,
        day in 0_i64..3,
        minute in proptest::option::of(0_i32..1_440),
        at in 0_usize..ZONES.len(),
        quiet in (0_i32..1_440, 0_i32..1_440),
        morning in 0_i32..1_440,
    ) {
        let zone = zone(ZONES[at]);
        // At least an hour of the day is decent.
        let length = (quiet.1 - quiet.0).rem_euclid(1_440);
        prop_assume!(length <= 1_380);
        let settings = settings(quiet.0, quiet.1, morning);
        let on = zoned(now + day * DAY, &zone).date();
        let due = due(When { on, minute, last: None }, now, &zone, &settings).unwrap();
        prop_assert!(due >= now);
        prop_assert!(due <= now + (day + 3) * DAY);
        prop_assert!(!is_quiet(&settings, due, &zone), "{due}");
    }

    #[test]
    fn a_decent_hour_is_left_alone(
        now in NOW..NOW + 400 * DAY,
        at in 0_usize..ZONES.len(),
    ) {
        let zone = zone(ZONES[at]);
        let settings = custom();
        let decent_at = decent(now, &zone, &settings).unwrap();
        if is_quiet(&settings, now, &zone) {
            let here = zoned(decent_at, &zone);
            prop_assert_eq!((here.hour(), here.minute()), (7, 0));
            prop_assert!(decent_at - now <= 13 * HOUR);
        } else {
            prop_assert_eq!(decent_at, now);
        }
    }

    #[test]
    fn an_arm_follows_from_account_and_salt_and_a_larger_share_keeps_who_was_held_out(
        id in any::<u128>(),
        salt in any::<i64>(),
        share in 0_i32..=MOST_HOLDOUT,
    ) {
        let account = AccountId(Uuid::from_u128(id));
        let drawn = arm(account, salt, share);
        prop_assert_eq!(drawn, arm(account, salt, share));
        if drawn == CampaignArm::Holdout {
            prop_assert_eq!(arm(account, salt, MOST_HOLDOUT), CampaignArm::Holdout);
        }
        prop_assert_eq!(arm(account, salt, 0), CampaignArm::Mail);
    }
}
