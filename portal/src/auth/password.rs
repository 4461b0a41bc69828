//! Passwords: what is accepted, how it is kept, how it is checked.
//!
//! Kept as Argon2id with the OWASP parameters (19 MiB, two passes, one lane) in the PHC form, which carries its own
//! parameters. Hashed in Unicode's composed form (NFC), because keyboards of different systems send "ü" as one or as two
//! characters. An unknown user costs a sign-in the same time as a wrong password, or the time would tell who exists.
//!
//! [`hash`] and [`verify`] take tens of milliseconds of a whole core on purpose: call them from a blocking thread.

use std::hint::black_box;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use unicode_normalization::UnicodeNormalization;

/// NIST SP 800-63B asks for at least eight; a portal that places orders on account asks for a little more.
pub const MIN_CHARACTERS: usize = 10;
/// Long enough for any passphrase, short enough that a sign-in is not a way to burn the server's time.
pub const MAX_BYTES: usize = 256;

/// A hash of nobody's password with the parameters of [`hash`], checked when there is no user.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$a29udG9yLW5vYm9keS0x$gK7Zp0Yw5cA3n9m1QkVbq0m3dKx2oV8T4c1sJ6uHf1E";

/// The most used passwords that are long enough to pass otherwise, in lower case.
const COMMON: &[&str] = &[
    "0123456789",
    "0987654321",
    "1029384756",
    "1111111111",
    "1122334455",
    "1234512345",
    "123456789a",
    "1234567890",
    "12345678900",
    "12345678910",
    "123456789123",
    "1234567891",
    "123123123123",
    "147258369a",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "2wsx3edc4rfv",
    "9876543210",
    "987654321a",
    "a123456789",
    "a1b2c3d4e5",
    "abc1234567",
    "abcd123456",
    "abcdefghij",
    "abcdefghijk",
    "administrator",
    "admin12345",
    "admin123456",
    "adminadmin",
    "alexander1",
    "asdasdasd1",
    "asdf123456",
    "asdfasdfasdf",
    "asdfghjkl1",
    "asdfghjkl;",
    "baseball123",
    "basketball",
    "blink182blink",
    "changeme123",
    "charlie123",
    "chocolate1",
    "christopher",
    "computer123",
    "dragon12345",
    "elizabeth1",
    "football123",
    "football12",
    "hallo12345",
    "hallo123456",
    "hallohallo",
    "ichliebedich",
    "iloveyou12",
    "iloveyou123",
    "iloveyou1234",
    "jennifer12",
    "kontorkontor",
    "letmein123",
    "letmein1234",
    "liverpool1",
    "liverpoolfc",
    "manchester",
    "master12345",
    "michael123",
    "michaeljackson",
    "monkey12345",
    "motdepasse",
    "motdepasse1",
    "p@ssw0rd123",
    "p@ssword123",
    "pa55word123",
    "passw0rd12",
    "passw0rd123",
    "password00",
    "password01",
    "password10",
    "password11",
    "password12",
    "password123",
    "password1234",
    "password12345",
    "password123!",
    "password1!",
    "passwordpassword",
    "passwort12",
    "passwort123",
    "passwort1234",
    "passwort1!",
    "princess12",
    "princess123",
    "q1w2e3r4t5",
    "q1w2e3r4t5y6",
    "qazwsxedc1",
    "qazwsxedcrfv",
    "qwer123456",
    "qwert12345",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "qwertyqwerty",
    "qwertyuiop",
    "qwertyuiop1",
    "qwertzuiop",
    "qwertzuiop1",
    "samsung123",
    "schatz12345",
    "sommer2024",
    "sommer2025",
    "sommer2026",
    "spiderman1",
    "starwars123",
    "stephanie1",
    "summer2024",
    "summer2025",
    "summer2026",
    "sunshine12",
    "sunshine123",
    "superman123",
    "test123456",
    "testtest123",
    "testtesttest",
    "trustno1trustno1",
    "unbelievable",
    "user123456",
    "volleyball",
    "wachtwoord",
    "welcome123",
    "welcome1234",
    "welcome2024",
    "welcome2025",
    "welcome2026",
    "willkommen",
    "willkommen1",
    "winter2024",
    "winter2025",
    "winter2026",
    "zaq12wsxcde3",
    "zxcvbnm123",
    "zxcvbnm1234",
];

/// Why a password is not accepted, for the form to say in the user's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    #[error("shorter than {MIN_CHARACTERS} characters")]
    TooShort,
    #[error("longer than {MAX_BYTES} bytes")]
    TooLong,
    #[error("the same as the e-mail address")]
    IsEmail,
    #[error("one of the most used passwords")]
    Common,
    #[error("one character repeated")]
    OneCharacter,
}

/// The hash could not be made: memory or randomness is missing.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashFailed(argon2::password_hash::Error);

/// Whether a new password is acceptable. Nothing is asked about digits or signs: such rules make passwords worse
/// (NIST SP 800-63B, 5.1.1.2); length and not being on everybody's list is what helps.
pub fn check(password: &str, email: &str) -> Result<(), PasswordFault> {
    // Before composing, so that the work is bounded.
    if password.len() > MAX_BYTES {
        return Err(PasswordFault::TooLong);
    }
    let composed: Vec<char> = password.nfc().collect();
    if composed.len() < MIN_CHARACTERS {
        return Err(PasswordFault::TooShort);
    }
    if composed
        .windows(2)
        .all(|pair| matches!(pair, [left, right] if left == right))
    {
        return Err(PasswordFault::OneCharacter);
    }
    let lower = comparable(password);
    let email = comparable(email);
    let local_part = email
        .split_once('@')
        .map_or("", |(local_part, _)| local_part);
    if lower == email || lower == local_part {
        return Err(PasswordFault::IsEmail);
    }
    if COMMON.contains(&lower.as_str()) {
        return Err(PasswordFault::Common);
    }
    Ok(())
}

/// A new hash with a new salt, for the user's row.
pub fn hash(password: &str) -> Result<String, HashFailed> {
    let composed: String = password.nfc().collect();
    Argon2::default()
        .hash_password(composed.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(HashFailed)
}

/// Whether the password is the one behind the hash. Without a hash (no such user, or one that never set a password) the
/// answer is no, after the same work.
#[must_use]
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    let composed: String = password.nfc().collect();
    let known = stored.and_then(|stored| PasswordHash::new(stored).ok());
    let Some(known) = known else {
        let nobody = PasswordHash::new(NOBODY);
        black_box(nobody.is_ok_and(|nobody| matches(&composed, &nobody)));
        return false;
    };
    matches(&composed, &known)
}

fn matches(composed: &str, hash: &PasswordHash) -> bool {
    Argon2::default()
        .verify_password(composed.as_bytes(), hash)
        .is_ok()
}

fn comparable(text: &str) -> String {
    text.trim().nfc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EMAIL: &str = "Ina.Petersen@laden.example";

    #[test]
    fn a_hash_opens_for_its_password_only() {
        let stored = hash("kontor-demo").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("kontor-demo", Some(&stored)));
        assert!(!verify("kontor-demo ", Some(&stored)));
        assert!(!verify("Kontor-demo", Some(&stored)));
        assert!(!verify("", Some(&stored)));
        assert_ne!(
            hash("kontor-demo").unwrap(),
            stored,
            "every hash has its own salt"
        );
    }

    #[test]
    fn nobody_signs_in_without_a_hash_or_with_a_broken_one() {
        assert!(!verify("kontor-demo", None));
        assert!(!verify("", None));
        assert!(!verify("kontor-demo", Some("")));
        assert!(!verify("kontor-demo", Some("kontor-demo")));
        assert!(!verify("kontor-demo", Some("$argon2id$v=19$m=1")));
    }

    #[test]
    fn an_unknown_user_costs_the_same_work_as_a_known_one() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let stored = hash("kontor-demo").unwrap();
        let somebody = PasswordHash::new(&stored).unwrap();
        assert_eq!(nobody.algorithm, somebody.algorithm);
        assert_eq!(nobody.version, somebody.version);
        assert_eq!(nobody.params.to_string(), somebody.params.to_string());
        assert_eq!(nobody.hash.unwrap().len(), somebody.hash.unwrap().len());
    }

    #[test]
    fn a_composed_and_a_decomposed_umlaut_are_the_same_password() {
        let stored = hash("gru\u{308}ne-Bo\u{308}hnchen").unwrap();
        assert!(verify("gr\u{fc}ne-B\u{f6}hnchen", Some(&stored)));
    }

    #[test]
    fn the_demo_password_is_acceptable() {
        assert_eq!(check("kontor-demo", "buyer@demo.kontor.example"), Ok(()));
    }

    #[test]
    fn length_counts_composed_characters_and_bytes() {
        assert_eq!(check("nine-char", EMAIL), Err(PasswordFault::TooShort));
        assert_eq!(check("ten--chars", EMAIL), Ok(()));
        // Nine letters, one of them sent as two characters.
        assert_eq!(
            check("gru\u{308}nkohl!", EMAIL),
            Err(PasswordFault::TooShort)
        );
        assert_eq!(check("", EMAIL), Err(PasswordFault::TooShort));
        assert_eq!(check(&"ab".repeat(128), EMAIL), Ok(()));
        assert_eq!(
            check(&format!("{}c", "ab".repeat(128)), EMAIL),
            Err(PasswordFault::TooLong)
        );
    }

    #[test]
    fn the_address_common_words_and_one_repeated_character_are_refused() {
        assert_eq!(
            check("ina.petersen@LADEN.example", EMAIL),
            Err(PasswordFault::IsEmail)
        );
        assert_eq!(check("INA.Petersen", EMAIL), Err(PasswordFault::IsEmail));
        assert_eq!(check("Password123", EMAIL), Err(PasswordFault::Common));
        assert_eq!(check("qwertzuiop", EMAIL), Err(PasswordFault::Common));
        assert_eq!(
            check("aaaaaaaaaaaaaaaa", EMAIL),
            Err(PasswordFault::OneCharacter)
        );
        assert_eq!(check("üüüüüüüüüü", EMAIL), Err(PasswordFault::OneCharacter));
    }

    #[test]
    fn every_common_password_is_lower_case_and_long_enough_to_matter() {
        for common in COMMON {
            assert_eq!(*common, comparable(common));
            assert!(
                common.chars().count() >= MIN_CHARACTERS,
                "{common} is refused for its length anyway"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(password in ".{0,300}", email in ".{0,60}") {
            let fault = check(&password, &email);
            if password.len() > MAX_BYTES {
                prop_assert_eq!(fault, Err(PasswordFault::TooLong));
            } else if password.nfc().count() < MIN_CHARACTERS {
                prop_assert_eq!(fault, Err(PasswordFault::TooShort));
            }
        }
    }
}
