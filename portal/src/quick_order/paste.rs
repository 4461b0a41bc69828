//! The text a buyer pastes into the quick order, read line by line.
