//! A tantivy query for products already known by their row, all worth the same.

use tantivy::query::{
    BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::{BitSet, DocId, Score, SegmentReader};

/// The rows that match and what a match is worth. The index has one segment, so a row of the
/// catalogue is a document's number there.
#[derive(Debug, Clone)]
pub struct Rows {
    pub rows: BitSet,
    pub worth: Score,
}

impl Query for Rows {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Rows {
    fn scorer(&self, _: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let rows = BitSetDocSet::from(self.rows.clone());
        Ok(Box::new(ConstScorer::new(rows, self.worth * boost)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("rows", self.worth))
    }
}
