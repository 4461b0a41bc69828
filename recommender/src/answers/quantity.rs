//! How many.

use crate::model::Model;
use crate::state::Pair;
use crate::suggestion::Step;

impl Model {
    /// What the account usually takes of an item: the quantity it took most often of the last few,
    /// the latest of equals, made allowed.
    pub(crate) fn usual_pieces(&self, pair: &Pair, step: Step) -> u32 {
        let remembered = pair.remembered();
        let times = |pieces: u32| remembered.iter().filter(|other| **other == pieces).count();
        let mut best = pair.pieces[0];
        for &pieces in remembered {
            if times(pieces) > times(best) {
                best = pieces;
            }
        }
        step.nearest(f64::from(best))
    }
}
