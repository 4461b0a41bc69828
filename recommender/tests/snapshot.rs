//! A model as bytes: exact when read again, refused when anything is wrong with it.
#![expect(
    clippy::unwrap_used,
    clippy::as_conversions,
    reason = "a test that cannot go on fails"
)]
#![expect(dead_code, reason = "only histories are taken from what tests share")]

mod common;

use common::{account, product, world};
use proptest::prelude::*;
use recommender::snapshot::{FORMAT, SnapshotError};
use recommender::{Day, Line, Model, Order, PurchaseHistory, Settings, train};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_model_read_again_is_the_model_that_was_written(world in world()) {
        let model = train(world.history(), &Settings::default()).model;
        let bytes = model.to_bytes().unwrap();
        let again = Model::from_bytes(&bytes).unwrap();
        prop_assert_eq!(&again, &model);
        prop_assert_eq!(again.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn a_changed_byte_is_noticed(world in world(), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let mut bytes = world.model().to_bytes().unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        prop_assert!(Model::from_bytes(&bytes).is_err());
    }

    #[test]
    fn a_snapshot_that_was_cut_off_is_refused(world in world(), at in any::<prop::sample::Index>()) {
        let bytes = world.model().to_bytes().unwrap();
        let at = at.index(bytes.len());
        prop_assert!(Model::from_bytes(&bytes[..at]).is_err());
    }
}

fn bytes() -> Vec<u8> {
    let order = Order {
        account: account(0),
        day: Day(1),
        lines: vec![Line {
            product: product(0),
            pieces: 6,
        }],
    };
    Model::of(PurchaseHistory::of([order])).to_bytes().unwrap()
}

#[test]
fn a_snapshot_of_an_older_program_is_refused_by_its_format() {
    let mut bytes = bytes();
    bytes[8..12].copy_from_slice(&(FORMAT - 1).to_le_bytes());
    let found = FORMAT - 1;
    let refused = Model::from_bytes(&bytes);
    assert_eq!(refused, Err(SnapshotError::OtherFormat { found }));
}

#[test]
fn damaged_content_is_told_from_what_is_no_snapshot() {
    let mut damaged = bytes();
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(Model::from_bytes(&damaged), Err(SnapshotError::Damaged));
    assert_eq!(
        Model::from_bytes(b"%PDF-1.7 and so on, longer than the head of a snapshot would be"),
        Err(SnapshotError::NotASnapshot)
    );
    assert_eq!(Model::from_bytes(&[]), Err(SnapshotError::NotASnapshot));
}
