//! What a status code and a server's words say about an address.
//!
//! RFC 3463 tells lasting failures (5) from passing ones (4), but a lasting failure of a message is
//! not yet a dead address: the mailbox may be full, or the server may not like the sender. Only what
//! is wrong with the address itself is hard; in doubt it is soft, for a customer who is not told of
//! their order is worse than a mail too many.

use crate::db::words::BounceKind;

/// How servers put it that there is no such address, where their code does not.
const NOBODY: [&str; 14] = [
    "user unknown",
    "unknown user",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "no mailbox here",
    "mailbox not found",
    "recipient not found",
    "recipient unknown",
    "unknown recipient",
    "invalid recipient",
    "does not exist",
    "doesn't exist",
    "account has been disabled",
];

/// What a failed delivery says about its address.
#[must_use]
pub fn kind(status: &str, words: &str) -> BounceKind {
    let own = parts(status);
    // `5.0.0` says only that it failed; the server's own words may hold the better code.
    let better = status_in(words).as_deref().and_then(parts);
    let code = match own {
        None | Some((_, 0, _)) => better.or(own),
        Some(_) => own,
    };
    let words = words.to_lowercase();
    let nobody = NOBODY.iter().any(|phrase| words.contains(phrase));
    let hard = match code {
        // The sender's address, not the reader's.
        Some((5, 1, 7 | 8)) => false,
        // The address, or a mailbox that is switched off, or a domain that there is not.
        Some((5, 1, _) | (5, 2, 1) | (5, 4, 4 | 310)) => true,
        Some((5, _, _)) | None => nobody,
        Some(_) => false,
    };
    if hard {
        BounceKind::Hard
    } else {
        BounceKind::Soft
    }
}

/// The first RFC 3463 code in a server's words.
#[must_use]
pub fn status_in(words: &str) -> Option<String> {
    let not_code = |c: char| !c.is_ascii_digit() && c != '.';
    let found = words.split(not_code).find(|word| parts(word).is_some());
    found.map(str::to_owned)
}

/// Class, subject and detail.
fn parts(status: &str) -> Option<(u16, u16, u16)> {
    let mut numbers = status.trim().split('.').map(str::parse::<u16>);
    let code = (
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
    );
    let whole = numbers.next().is_none();
    (whole && matches!(code.0, 2 | 4 | 5) && code.1 < 1000 && code.2 < 1000).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wrong_with_the_address_is_hard() {
        let cases = [
            ("5.1.1", "", BounceKind::Hard),
            ("5.1.10", "RESOLVER.ADR.RecipNotFound", BounceKind::Hard),
            ("5.1.2", "bad destination system", BounceKind::Hard),
            ("5.2.1", "mailbox disabled", BounceKind::Hard),
            ("5.4.4", "host not found", BounceKind::Hard),
            (
                "5.0.0",
                "smtp; 550 5.1.1 <a@b.example> gone",
                BounceKind::Hard,
            ),
            ("", "550 No such user here", BounceKind::Hard),
            ("5.7.1", "550 User unknown in relay table", BounceKind::Hard),
            // The mailbox is full, the message too large, the sender not trusted, time ran out.
            ("5.2.2", "over quota", BounceKind::Soft),
            ("5.3.4", "too large", BounceKind::Soft),
            ("5.7.1", "blocked by policy", BounceKind::Soft),
            ("5.1.8", "bad sender's system address", BounceKind::Soft),
            (
                "4.4.7",
                "delivery time expired; user unknown",
                BounceKind::Soft,
            ),
            ("4.1.1", "try later", BounceKind::Soft),
            ("5.0.0", "", BounceKind::Soft),
            ("", "", BounceKind::Soft),
            (
                "nonsense",
                "connection to 192.168.1.1 lost",
                BounceKind::Soft,
            ),
        ];
        for (status, words, expected) in cases {
            assert_eq!(kind(status, words), expected, "{status:?} {words:?}");
        }
    }

    #[test]
    fn a_code_is_found_among_words() {
        let found = |words: &str| status_in(words);
        assert_eq!(
            found("550 5.1.1 [address] unknown").as_deref(),
            Some("5.1.1")
        );
        assert_eq!(found("550-5.7.26 not signed").as_deref(), Some("5.7.26"));
        assert_eq!(found("host 10.5.1.1 said 550"), None);
        assert_eq!(found("550 no"), None);
    }
}
