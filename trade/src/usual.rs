//! What an account usually orders of an item, and what is far from it.

/// What an account has ordered of an item so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Habit {
    /// In how many orders.
    pub times: i64,
    /// Base units in all.
    pub pieces: i64,
}

impl Habit {
    /// Base units of a usual order, rounded up; 0 where it was never ordered.
    #[must_use]
    pub fn usual(&self) -> i64 {
        if self.times > 0 {
            self.pieces.div_euclid(self.times) + i64::from(self.pieces.rem_euclid(self.times) > 0)
        } else {
            0
        }
    }
}

/// An order of an item this many times its usual quantity is asked about.
const FACTOR: i64 = 6;
/// Before this many orders nothing is usual.
const LEAST_TIMES: i64 = 3;

/// Whether `pieces` are far more than what is usual: a slip of the finger more likely than a need
/// ("you usually order 12; 1200?").
#[must_use]
pub fn is_unusual(habit: Habit, pieces: i64) -> bool {
    habit.times >= LEAST_TIMES && pieces >= habit.usual().max(1).saturating_mul(FACTOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_times_the_usual_is_asked_about_once_there_is_a_habit() {
        let habit = |times, pieces| Habit { times, pieces };
        assert_eq!(habit(3, 37).usual(), 13);
        assert!(is_unusual(habit(3, 36), 72));
        assert!(!is_unusual(habit(3, 36), 71));
        assert!(!is_unusual(habit(2, 24), 1_200));
        assert!(!is_unusual(habit(0, 0), 1_200));
    }
}
