//! Tokens and codes: made at random, kept only as hashes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngExt;
use sha2::{Digest, Sha256};

/// What API tokens begin with, so that one that leaks is recognised.
pub const API_TOKEN_PREFIX: &str = "dgl_";

/// A new secret of 256 bits, as text for a cookie, a link or a header.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
}

/// A new code of six digits, to be typed from a mail.
pub fn code() -> String {
    format!("{:06}", rand::rng().random_range(0..1_000_000))
}

/// How a secret is kept. A random 256-bit token needs no salt and no slow hash; a code has so few tries and so short
/// a life that neither would help it.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Compares a secret with what is kept, without telling by time how far it matched.
pub fn matches(secret: &str, kept: &[u8]) -> bool {
    use subtle::ConstantTimeEq;
    hash(secret).ct_eq(kept).into()
}
