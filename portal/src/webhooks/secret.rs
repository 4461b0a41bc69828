//! The secret of an endpoint, and what is signed with it.
//!
//! A secret follows from Kontor's own, the endpoint's id and a version: none is kept that could
//! leak with a copy of the database, and a new version is a new secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use trade::id::WebhookId;

use crate::db::entity::webhook_endpoint;
use crate::error::{Error, Result};

/// For so long the secret before signs as well.
pub const OVERLAP_MILLIS: i64 = 24 * 3_600_000;

/// 32 bytes that only this endpoint's requests are signed with.
pub struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// The secret of an endpoint in a version.
    ///
    /// # Errors
    /// None: 32 bytes are not too many.
    pub fn of(kontor: &str, endpoint: WebhookId, version: i32) -> Result<Secret> {
        let mut bytes = [0; 32];
        let info = format!("kontor webhook\0{}\0{version}", endpoint.0.simple());
        Hkdf::<Sha256>::new(None, kontor.as_bytes())
            .expand(info.as_bytes(), &mut bytes)
            .map_err(|error| Error::Internal(anyhow::anyhow!("{error}")))?;
        Ok(Secret(bytes))
    }

    /// As it is given to whoever checks signatures.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    /// The signature of a message: `v1,` and HMAC-SHA256 over `id.timestamp.body`.
    ///
    /// # Errors
    /// None: a key of any length will do.
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> Result<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0)
            .map_err(|error| Error::Internal(anyhow::anyhow!("{error}")))?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        Ok(format!(
            "v1,{}",
            STANDARD.encode(mac.finalize().into_bytes())
        ))
    }
}

/// The versions that sign for an endpoint now, the current one first.
#[must_use]
pub fn versions(endpoint: &webhook_endpoint::Model, now: i64) -> Vec<i32> {
    let mut versions = vec![endpoint.secret_version];
    let overlaps = endpoint.previous_until.is_some_and(|until| now < until);
    if overlaps && endpoint.secret_version > 1 {
        versions.push(endpoint.secret_version - 1);
    }
    versions
}

/// What stands in `webhook-signature`: one signature for each secret that is good now.
///
/// # Errors
/// None.
pub fn signatures(
    kontor: &str,
    endpoint: &webhook_endpoint::Model,
    now: i64,
    id: &str,
    body: &[u8],
) -> Result<String> {
    let mut all = Vec::new();
    for version in versions(endpoint, now) {
        let secret = Secret::of(kontor, endpoint.id, version)?;
        all.push(secret.sign(id, now.div_euclid(1_000), body)?);
    }
    Ok(all.join(" "))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const KONTOR: &str = "0123456789012345678901234567890123456789";

    /// The example of the specification's own libraries.
    #[test]
    fn a_message_is_signed_as_the_specification_says() {
        let bytes = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&bytes).unwrap();
        mac.update(b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}");
        let signed = STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(signed, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        // And ours is that, over its own key.
        let secret = Secret::of(KONTOR, WebhookId(Uuid::nil()), 1).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).unwrap();
        mac.update(b"an-id.1614265330.{}");
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        assert_eq!(
            secret.sign("an-id", 1_614_265_330, b"{}").unwrap(),
            expected
        );
    }

    #[test]
    fn each_endpoint_and_each_version_has_its_own_secret() {
        let words = |id: u128, version| {
            let secret = Secret::of(KONTOR, WebhookId(Uuid::from_u128(id)), version);
            secret.unwrap().in_words()
        };
        assert!(words(1, 1).starts_with("whsec_"));
        assert_eq!(words(1, 1).len(), "whsec_".len() + 44);
        assert_eq!(words(1, 1), words(1, 1));
        assert_ne!(words(1, 1), words(1, 2));
        assert_ne!(words(1, 1), words(2, 1));
        let other = Secret::of("another", WebhookId(Uuid::from_u128(1)), 1).unwrap();
        assert_ne!(words(1, 1), other.in_words());
    }
}
