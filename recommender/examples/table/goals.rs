//! What the recommender is to reach on the open data it was developed with.

/// Goals for one folder; those that are not set are NaN.
pub struct Goals {
    pub name: &'static str,
    /// Recall@10, NDCG@10, Recall@20.
    pub lists: [f64; 3],
    /// Recall@10 of what is new to the account.
    pub explore: f64,
    /// Recall@10 of the other half of an order.
    pub cart: f64,
    /// Quantities: exact of repeated lines, exact of first ones, mean error of first ones.
    pub pieces: [f64; 3],
}

const NONE: f64 = f64::NAN;

pub const GOALS: [Goals; 4] = [
    Goals {
        name: "tafeng",
        lists: [0.182, 0.162, 0.232],
        explore: NONE,
        cart: NONE,
        pieces: [NONE; 3],
    },
    Goals {
        name: "online-retail-last",
        lists: [0.234, 0.258, 0.327],
        explore: 0.060,
        cart: 0.275,
        pieces: [0.50, 0.48, 4.3],
    },
    Goals {
        name: "online-retail-time",
        lists: [0.205, 0.228, 0.308],
        explore: 0.065,
        cart: NONE,
        pieces: [NONE; 3],
    },
    Goals {
        name: "dunnhumby-cj",
        lists: [0.163, 0.176, 0.214],
        explore: NONE,
        cart: NONE,
        pieces: [NONE; 3],
    },
];

/// The goals for a folder, if it has any.
pub fn of(name: &str) -> Option<&'static Goals> {
    GOALS.iter().find(|goals| goals.name == name)
}
