//! One's own profile: name, language, password, sessions.

pub mod view;
