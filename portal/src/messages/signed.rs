//! Links in mails that work without signing in: what they name, and that Kontor wrote them.
//!
//! A word is 16 bytes of identity and 16 bytes of HMAC-SHA256 over its purpose and the identity, in
//! 43 characters that need no escaping. It opens what it names and nothing else; a new
//! `KONTOR_SECRET` ends all of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// What a word opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A person's choices of what they are told; names the user.
    Choices,
    /// A message of a campaign; names its row.
    Campaign,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::Choices => "choices",
            Purpose::Campaign => "campaign",
        }
    }
}

/// The word for a link.
#[must_use]
pub fn word(secret: &str, purpose: Purpose, id: Uuid) -> String {
    let mut bytes = id.as_bytes().to_vec();
    bytes.extend(signature(secret, purpose, id));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What a word names; none where Kontor did not write it for that purpose.
#[must_use]
pub fn read(secret: &str, purpose: Purpose, word: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(word).ok()?;
    let (id, given) = bytes.split_first_chunk::<16>()?;
    let id = Uuid::from_bytes(*id);
    let genuine: bool = signature(secret, purpose, id).ct_eq(given).into();
    genuine.then_some(id)
}

fn signature(secret: &str, purpose: Purpose, id: Uuid) -> Vec<u8> {
    // A key of any length will do.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return Vec::new();
    };
    mac.update(b"kontor mail link\0");
    mac.update(purpose.name().as_bytes());
    mac.update(&[0]);
    mac.update(id.as_bytes());
    let mut code = mac.finalize().into_bytes().to_vec();
    code.truncate(16);
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789012345678901234567890123456789";

    #[test]
    fn a_word_opens_what_it_was_written_for_and_nothing_else() {
        let id = Uuid::from_u128(7);
        let written = word(SECRET, Purpose::Choices, id);
        assert_eq!(written.len(), 43);
        assert_eq!(read(SECRET, Purpose::Choices, &written), Some(id));
        assert_eq!(read(SECRET, Purpose::Campaign, &written), None);
        assert_eq!(read("another", Purpose::Choices, &written), None);
        let other = word(SECRET, Purpose::Choices, Uuid::from_u128(8));
        let (own_half, other_half) = (written.get(..22).unwrap(), other.get(22..).unwrap());
        assert_eq!(
            read(SECRET, Purpose::Choices, &format!("{own_half}{other_half}")),
            None
        );
        for broken in ["", "AAAA", "not base64!", &written[1..]] {
            assert_eq!(read(SECRET, Purpose::Choices, broken), None, "{broken}");
        }
    }
}
