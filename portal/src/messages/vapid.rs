//! Who Kontor is to push services (VAPID, RFC 8292): a key pair, and a word signed with it.
//!
//! The key follows from `KONTOR_SECRET`, so every instance has the same and none is stored. A new
//! secret is a new key: browsers notice, and subscribe anew when their reader opens the list of
//! notifications.

use anyhow::anyhow;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use sha2::Sha256;

use crate::error::{Error, Result};

/// How long a word is good: half of what push services put up with.
const GOOD_SECONDS: i64 = 12 * 3_600;

/// The key pair.
pub struct Key(SigningKey);

impl Key {
    /// The key of this Kontor.
    ///
    /// # Errors
    /// None in practice: one attempt in four thousand million fails, and there are several.
    pub fn of(secret: &str) -> Result<Key> {
        let stretched = Hkdf::<Sha256>::new(Some(b"kontor web push"), secret.as_bytes());
        let found = (0_u8..8).find_map(|attempt| {
            let mut bytes = [0; 32];
            stretched
                .expand(&[b"vapid key", [attempt].as_slice()].concat(), &mut bytes)
                .ok()?;
            SigningKey::from_slice(&bytes).ok()
        });
        let key = found.ok_or_else(|| Error::Internal(anyhow!("no key for push services")))?;
        Ok(Key(key))
    }

    /// The public half, as browsers and push services spell it.
    #[must_use]
    pub fn public(&self) -> String {
        let point = self.0.verifying_key().to_encoded_point(false);
        URL_SAFE_NO_PAD.encode(point.as_bytes())
    }

    /// The header `Authorization` for a push service at `origin`; `contact` is whom its people may
    /// write to.
    #[must_use]
    pub fn authorization(&self, origin: &str, contact: &str, now_millis: i64) -> String {
        let spelled = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let head = spelled(serde_json::json!({"typ": "JWT", "alg": "ES256"}));
        let claims = spelled(serde_json::json!({
            "aud": origin,
            "exp": now_millis / 1_000 + GOOD_SECONDS,
            "sub": format!("mailto:{contact}"),
        }));
        let signed = format!("{head}.{claims}");
        let signature: Signature = self.0.sign(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_secret_gives_the_same_key_and_another_gives_another() {
        let key = |secret| Key::of(secret).unwrap().public();
        assert_eq!(key("one"), key("one"));
        assert_ne!(key("one"), key("two"));
        // An uncompressed point: 65 bytes that begin with 4.
        assert_eq!(key("one").len(), 87);
        assert!(key("one").starts_with('B'));
    }
}
