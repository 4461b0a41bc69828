use jiff::civil::date;
use serde_json::json;
use trade::id::{AccountId, HoldId, OrderId, ProductId};
use trade::money::Currency;
use uuid::Uuid;

use super::*;
use crate::web::locale::{Lang, Words};

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// Opened on 12 March 2026 at 08:00 in Berlin, due two days later.
fn hold(kind: HoldKind, facts: &Facts) -> hold::Model {
    hold::Model {
        id: HoldId(Uuid::nil()),
        order_id: OrderId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        kind,
        level: 1,
        releaser: kind.releaser(),
        approver_id: None,
        requested_by_id: None,
        state: HoldState::Open,
        facts: serde_json::to_value(facts).unwrap(),
        opened_at: 1_773_298_800_000,
        due_at: 1_773_298_800_000 + 2 * 86_400_000,
        decided_at: None,
        decided_by: None,
        decided_by_id: None,
        reason: None,
    }
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn said(lang: Lang, messages: &[Message]) -> Vec<String> {
    let words = Words::load().unwrap();
    let message = |message: &Message| words.message(lang, message);
    messages.iter().map(message).collect()
}

const OWN: Reader = Reader::Buyer { pays: true };
const PAID_FOR: Reader = Reader::Buyer { pays: false };

fn credit() -> Facts {
    Facts::Credit {
        limit: eur(1_000_000),
        exposure: eur(950_000),
        gross: eur(82_000),
    }
}

#[test]
fn the_buyer_reads_by_how_much_and_what_helps() {
    let hold = hold(HoldKind::Credit, &credit());
    let invoice = Payable {
        number: "R-4711".into(),
        open: eur(50_000),
    };
    assert_eq!(
        said(Lang::En, &why(&hold, OWN, &berlin())),
        ["This order goes over your credit limit of €10,000.00 by €320.00."]
    );
    assert_eq!(
        said(Lang::En, &next(&hold, None, Some(&invoice), &berlin())),
        [
            "Our finance team decides by 14 Mar 2026.",
            "Paying invoice R-4711 over €500.00 helps."
        ]
    );
    assert_eq!(
        said(Lang::De, &next(&hold, None, Some(&invoice), &berlin())),
        [
            "Unsere Buchhaltung entscheidet bis 14.03.2026.",
            "Es hilft, die Rechnung R-4711 über 500,00\u{a0}€ zu bezahlen."
        ]
    );
}

#[test]
fn a_child_never_reads_how_its_parent_stands() {
    let overdue = Facts::Overdue {
        overdue: eur(123_456),
        items: 3,
        oldest_days: 40,
        tolerance_days: 14,
    };
    for (kind, facts) in [(HoldKind::Credit, credit()), (HoldKind::Overdue, overdue)] {
        let hold = hold(kind, &facts);
        for lang in Lang::ALL {
            let text = said(lang, &why(&hold, PAID_FOR, &berlin())).concat();
            assert!(!text.contains(|c: char| c.is_ascii_digit()), "{text}");
            assert!(!text.is_empty());
        }
    }
}

#[test]
fn who_decides_reads_all_there_is() {
    let hold = hold(HoldKind::Credit, &credit());
    assert_eq!(
        said(Lang::En, &why(&hold, Reader::Decider, &berlin())),
        [
            "Limit €10,000.00, exposure before it €9,500.00, this order €820.00 gross: €320.00 over the limit."
        ]
    );
}

#[test]
fn what_the_brand_notes_about_an_account_stays_with_it() {
    let facts = Facts::KamReview {
        note: "behind with everything".into(),
    };
    let hold = hold(HoldKind::KamReview, &facts);
    assert_eq!(
        said(Lang::En, &why(&hold, OWN, &berlin())),
        ["Your key account manager looks at your orders first."]
    );
    assert_eq!(
        said(Lang::En, &why(&hold, Reader::Decider, &berlin())),
        ["Review asked for: behind with everything"]
    );
}

#[test]
fn five_lines_are_named_and_the_rest_counted() {
    let line = |at: i64| LineFact {
        product: ProductId(Uuid::nil()),
        sku: format!("SKU-{at}"),
        name: "Terrine".into(),
        ordered: 1_200,
        against: 24,
        date: (at == 1).then_some(date(2026, 3, 19)),
    };
    let facts = Facts::StockShort {
        lines: (1..=7).map(line).collect(),
        complete_only: true,
    };
    let text = said(
        Lang::En,
        &why(&hold(HoldKind::StockShort, &facts), OWN, &berlin()),
    );
    assert_eq!(text.len(), 7);
    assert_eq!(
        text.first().unwrap(),
        "Terrine (SKU-1): 24 of 1,200 there, more on 19 Mar 2026."
    );
    assert_eq!(
        text.get(1).unwrap(),
        "Terrine (SKU-2): 24 of 1,200 there, no date known for the rest."
    );
    assert_eq!(text.get(5).unwrap(), "2 more lines.");
    let unusual = Facts::UnusualQuantity {
        lines: vec![line(1)],
    };
    assert_eq!(
        said(
            Lang::De,
            &why(&hold(HoldKind::UnusualQuantity, &unusual), OWN, &berlin())
        ),
        ["Terrine (SKU-1): 1.200 bestellt, sonst 24."]
    );
}

#[test]
fn every_reason_for_approval_is_a_sentence() {
    let reasons = vec![
        ApprovalReason::Total {
            net: eur(120_000),
            threshold: eur(100_000),
        },
        ApprovalReason::Category {
            category: trade::id::CategoryId(Uuid::nil()),
            name: "Dog › Toys".into(),
            net: eur(60_000),
            threshold: eur(50_000),
        },
        ApprovalReason::OffList {
            skus: vec!["A".into(), "B".into()],
            count: 2,
        },
        ApprovalReason::NewShipTo {
            name: "Store Celle".into(),
        },
        ApprovalReason::Budget {
            from: date(2026, 3, 1),
            limit: eur(300_000),
            used: eur(250_000),
            net: eur(120_000),
        },
    ];
    let hold = hold(HoldKind::Approval, &Facts::Approval { reasons });
    assert_eq!(
        said(Lang::En, &why(&hold, PAID_FOR, &berlin())),
        [
            "Orders over €1,000.00 net need approval; this one is €1,200.00 net.",
            "Dog › Toys: over €500.00 net needs approval; this order has €600.00 of it.",
            "2 items have no agreed price: A, B.",
            "Nothing has ever been delivered to Store Celle.",
            "The budget from 1 Mar 2026 is €3,000.00 net, €2,500.00 of it used. With €1,200.00 this order goes €700.00 over it.",
        ]
    );
    assert_eq!(
        said(Lang::En, &next(&hold, Some("Anton Arndt"), None, &berlin())),
        ["Anton Arndt decides by 14 Mar 2026."]
    );
}

#[test]
fn facts_of_a_later_version_are_left_out_and_break_nothing() {
    let mut hold = hold(HoldKind::Credit, &credit());
    hold.facts = json!({"kind": "weather", "rain": true});
    assert_eq!(why(&hold, Reader::Decider, &berlin()), []);
}

#[test]
fn every_kind_has_its_name_in_every_language() {
    let words = Words::load().unwrap();
    for lang in Lang::ALL {
        for kind in HoldKind::ALL {
            assert!(
                words
                    .plain(lang, &format!("hold-{}", kind_word(*kind)))
                    .is_some()
            );
        }
        for state in [
            "waiting",
            "open",
            "released",
            "rejected",
            "expired",
            "withdrawn",
        ] {
            assert!(words.plain(lang, &format!("hold-state-{state}")).is_some());
        }
        for releaser in Releaser::ALL {
            assert!(words.plain(lang, &format!("releaser-{releaser}")).is_some());
        }
    }
}
