//! Unguessable words: session ids, invitation and reset links, API keys, and the word a form carries so that another
//! site cannot send it.
//!
//! A token leaves the program once, in a cookie or a link; the database holds its digest only, so a copied database
//! opens no session. A form's word is masked anew for every answer: a compressed page that holds both a secret and text
//! of the visitor's choosing gives the secret away by its length (BREACH), unless the secret looks different each time.
//!
//! ```
//! use portal::auth::token::{self, FormSecret};
//!
//! let token = token::random()?;
//! assert_eq!(token.len(), 43);
//! assert!(token::same(&token::digest(&token), &token::digest(&token)));
//!
//! let secret = FormSecret::random()?;
//! assert_ne!(secret.mask()?, secret.mask()?);
//! assert!(secret.verify(&secret.mask()?));
//! # Ok::<(), token::NoEntropy>(())
//! ```

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// 256 bits: beyond guessing for ever, and one digest's width.
const SECRET_BYTES: usize = 32;

/// The operating system gave no randomness; nothing that needs a secret may go on.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no randomness: {0}")]
pub struct NoEntropy(getrandom::Error);

/// A new token: 32 random bytes as 43 characters that need no escaping in a URL or a cookie.
pub fn random() -> Result<String, NoEntropy> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes()?))
}

/// What the database keeps of a token: SHA-256 as 64 lower-case hexadecimal digits. No salt and no slow hash, because
/// the token is random already and is looked up by this value on every request.
#[must_use]
pub fn digest(token: &str) -> String {
    Sha256::digest(token.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            for nibble in [byte >> 4, byte & 0x0f] {
                hex.extend(char::from_digit(u32::from(nibble), 16));
            }
            hex
        })
}

/// Whether two secrets are equal, in a time that tells nothing about where they differ. Their lengths may be told.
#[must_use]
pub fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// A session's secret against forged forms. Never shown unmasked and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct FormSecret([u8; SECRET_BYTES]);

impl FormSecret {
    /// A secret for a new session.
    pub fn random() -> Result<Self, NoEntropy> {
        random_bytes().map(Self)
    }

    /// The secret as the session's row keeps it.
    #[must_use]
    pub fn to_stored(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The secret back from the session's row; `None` when the row holds something else.
    #[must_use]
    pub fn from_stored(stored: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(stored).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// The word for one answer's forms: a random pad, then the secret under that pad; 86 characters.
    pub fn mask(&self) -> Result<String, NoEntropy> {
        let pad = random_bytes()?;
        let mut word = pad.to_vec();
        word.extend(exclusive_or(&pad, &self.0));
        Ok(URL_SAFE_NO_PAD.encode(word))
    }

    /// Whether a form's word was made from this secret.
    #[must_use]
    pub fn verify(&self, masked: &str) -> bool {
        let Ok(word) = URL_SAFE_NO_PAD.decode(masked) else {
            return false;
        };
        let Some((pad, covered)) = word.split_first_chunk::<SECRET_BYTES>() else {
            return false;
        };
        exclusive_or(pad, covered).ct_eq(&self.0).into()
    }
}

impl fmt::Debug for FormSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormSecret(..)")
    }
}

/// Empty when the lengths differ: a word with bytes missing or left over is not ours, whatever its first half says.
fn exclusive_or(pad: &[u8], covered: &[u8]) -> Vec<u8> {
    if covered.len() != pad.len() {
        return Vec::new();
    }
    pad.iter()
        .zip(covered)
        .map(|(pad, covered)| pad ^ covered)
        .collect()
}

fn random_bytes() -> Result<[u8; SECRET_BYTES], NoEntropy> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(NoEntropy)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_is_43_url_safe_characters_and_never_the_same_twice() {
        let tokens: std::collections::HashSet<String> =
            (0..1_000).map(|_| random().unwrap()).collect();
        assert_eq!(tokens.len(), 1_000);
        for token in tokens {
            assert_eq!(token.len(), 43);
            assert!(
                token
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            );
        }
    }

    #[test]
    fn a_digest_is_the_published_sha_256() {
        assert_eq!(
            digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            digest(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn a_word_of_another_session_is_refused() {
        let (mine, other) = (FormSecret::random().unwrap(), FormSecret::random().unwrap());
        assert!(mine.verify(&mine.mask().unwrap()));
        assert!(!mine.verify(&other.mask().unwrap()));
    }

    #[test]
    fn a_word_cut_short_lengthened_or_unmasked_is_refused() {
        let secret = FormSecret::random().unwrap();
        let word = secret.mask().unwrap();
        assert!(!secret.verify(""));
        assert!(!secret.verify(&word[..84]));
        assert!(!secret.verify(&format!("{word}AAAA")));
        assert!(!secret.verify(&secret.to_stored()));
        assert!(!secret.verify(&format!("{word}=")));
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", FormSecret([7; 32])), "FormSecret(..)");
    }

    proptest! {
        #[test]
        fn a_masked_word_verifies_with_its_secret_and_does_not_hold_it(bytes in any::<[u8; 32]>()) {
            let secret = FormSecret(bytes);
            let word = secret.mask().unwrap();
            prop_assert_eq!(word.len(), 86);
            prop_assert!(secret.verify(&word));
            prop_assert!(!word.contains(&secret.to_stored()));
        }

        #[test]
        fn a_stored_secret_comes_back_whole(bytes in any::<[u8; 32]>()) {
            let secret = FormSecret(bytes);
            prop_assert_eq!(FormSecret::from_stored(&secret.to_stored()), Some(secret));
        }

        #[test]
        fn any_text_is_refused_without_a_panic(bytes in any::<[u8; 32]>(), word in ".{0,200}") {
            prop_assert!(!FormSecret(bytes).verify(&word));
        }

        #[test]
        fn one_flipped_bit_is_refused(bytes in any::<[u8; 32]>(), at in 0_usize..64, bit in 0_u8..8) {
            let secret = FormSecret(bytes);
            let mut word = URL_SAFE_NO_PAD.decode(secret.mask().unwrap()).unwrap();
            word[at] ^= 1 << bit;
            prop_assert!(!secret.verify(&URL_SAFE_NO_PAD.encode(word)));
        }

        #[test]
        fn same_is_equality(left in "[ab]{0,6}", right in "[ab]{0,6}") {
            prop_assert_eq!(same(&left, &right), left == right);
        }
    }
}
