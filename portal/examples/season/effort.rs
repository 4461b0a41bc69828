//! What a buyer's hands, eyes and mind do, and how long that takes: the keystroke-level model.
//!
//! Card, Moran and Newell, "The keystroke-level model for user performance time with interactive
//! systems", Communications of the ACM 23 (7), 1980; the glance from the same authors' "The
//! Psychology of Human-Computer Interaction", 1983. Waiting for the machine is left out.

/// A keystroke of an average typist (40 words a minute), and the press of a button.
const KEY: u32 = 280;
/// The pointer brought to a target on the screen.
const POINT: u32 = 1_100;
/// The hand moved from mouse to keyboard, or back.
const HOME: u32 = 400;
/// Making up one's mind before a step.
const THOUGHT: u32 = 1_350;
/// One fixation of the eyes, their movement included.
const GLANCE: u32 = 230;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Hand {
    #[default]
    Mouse,
    Keyboard,
}

/// Everything done so far; the hand lies on the mouse at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    hand: Hand,
    keys: u32,
    points: u32,
    homes: u32,
    thoughts: u32,
    glances: u32,
}

impl Effort {
    /// Points at something and presses.
    pub fn press(&mut self) {
        self.to(Hand::Mouse);
        self.points += 1;
        self.keys += 1;
    }

    /// Types so many keys.
    pub fn types(&mut self, keys: u32) {
        self.to(Hand::Keyboard);
        self.keys += keys;
    }

    /// Presses twice into a field, which marks what stands there, and types over it.
    pub fn overwrite(&mut self, keys: u32) {
        self.press();
        self.keys += 1;
        self.types(keys);
    }

    pub fn think(&mut self) {
        self.thoughts += 1;
    }

    pub fn glance(&mut self, times: u32) {
        self.glances += times;
    }

    fn to(&mut self, hand: Hand) {
        if self.hand != hand {
            self.homes += 1;
            self.hand = hand;
        }
    }

    /// Keystrokes, presses and movements of the pointer.
    pub fn actions(&self) -> u32 {
        self.keys + self.points
    }

    pub fn millis(&self) -> u32 {
        self.keys * KEY
            + self.points * POINT
            + self.homes * HOME
            + self.thoughts * THOUGHT
            + self.glances * GLANCE
    }
}

/// Keys of a number.
pub fn digits(number: u32) -> u32 {
    number.checked_ilog10().unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hand_moves_only_between_mouse_and_keyboard() {
        let mut effort = Effort::default();
        effort.press();
        effort.press();
        effort.types(3);
        effort.types(1);
        effort.press();
        // Three presses, four keys, two ways of the hand.
        assert_eq!(effort.millis(), 3 * (1_100 + 280) + 4 * 280 + 2 * 400);
        assert_eq!(effort.actions(), 10);
    }

    #[test]
    fn a_quantity_is_marked_and_typed_over() {
        let mut effort = Effort::default();
        effort.overwrite(digits(24));
        assert_eq!(effort.millis(), 1_100 + 2 * 280 + 400 + 2 * 280);
        assert_eq!(
            (digits(0), digits(9), digits(10), digits(1_000)),
            (1, 1, 2, 4)
        );
    }

    #[test]
    fn thinking_and_looking_take_time_and_are_no_actions() {
        let mut effort = Effort::default();
        effort.think();
        effort.glance(2);
        assert_eq!((effort.actions(), effort.millis()), (0, 1_350 + 2 * 230));
    }
}
