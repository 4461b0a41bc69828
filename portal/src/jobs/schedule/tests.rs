use super::*;

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn daily(now: &str) -> String {
    let slot = Rhythm::Daily(2).slot(at(now), &berlin()).unwrap();
    Timestamp::from_millisecond(slot).unwrap().to_string()
}

#[test]
fn every_quarter_of_an_hour_counts_from_the_hour() {
    let slot = Rhythm::Minutes(15).slot(at("2026-11-24T09:44:59.999Z"), &berlin());
    assert_eq!(slot.unwrap(), at("2026-11-24T09:30:00Z"));
    let slot = Rhythm::Minutes(15).slot(at("2026-11-24T09:45:00Z"), &berlin());
    assert_eq!(slot.unwrap(), at("2026-11-24T09:45:00Z"));
}

#[test]
fn once_a_day_is_by_the_brands_clock() {
    assert_eq!(daily("2026-11-24T00:59:59Z"), "2026-11-23T01:00:00Z");
    assert_eq!(daily("2026-11-24T01:00:00Z"), "2026-11-24T01:00:00Z");
    assert_eq!(daily("2026-07-24T00:00:00Z"), "2026-07-24T00:00:00Z");
}

#[test]
fn an_hour_that_does_not_exist_is_the_next_and_one_that_comes_twice_is_the_first() {
    // At two the clock goes to three.
    assert_eq!(daily("2027-03-28T00:59:59Z"), "2027-03-27T01:00:00Z");
    assert_eq!(daily("2027-03-28T01:00:00Z"), "2027-03-28T01:00:00Z");
    // At three it goes back to two.
    assert_eq!(daily("2026-10-25T00:30:00Z"), "2026-10-25T00:00:00Z");
    assert_eq!(daily("2026-10-25T01:30:00Z"), "2026-10-25T00:00:00Z");
    assert_eq!(daily("2026-10-26T00:59:00Z"), "2026-10-25T00:00:00Z");
    assert_eq!(daily("2026-10-26T01:00:00Z"), "2026-10-26T01:00:00Z");
}

#[test]
fn around_every_change_of_the_clock_a_day_has_one_slot() {
    for around in ["2027-03-28T00:00:00Z", "2026-10-25T00:00:00Z"] {
        for hour in 0..24 {
            let minute = 60_000;
            let from = at(around) - 1_440 * minute;
            let slots: std::collections::BTreeSet<i64> = (0..2_880)
                .map(|step| Rhythm::Daily(hour).slot(from + step * minute, &berlin()))
                .map(|slot| slot.unwrap())
                .collect();
            assert!((2..=3).contains(&slots.len()), "{around} {hour}: {slots:?}");
            let gaps: Vec<i64> = slots
                .iter()
                .zip(slots.iter().skip(1))
                .map(|(a, b)| b - a)
                .collect();
            assert!(
                gaps.iter()
                    .all(|gap| (23..=25).contains(&(gap / 3_600_000))),
                "{gaps:?}"
            );
        }
    }
}
