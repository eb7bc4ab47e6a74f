//! The square code of a label: error correction Q, so that a quarter of it may be scratched away.

use super::render::RenderError;
use qrcode::{Color, EcLevel, QrCode};

/// Light modules that a reader needs around the code.
pub const QUIET: usize = 4;

/// A QR code as horizontal runs of dark modules.
pub struct Qr {
    /// Modules on a side, without the quiet zone.
    pub size: usize,
    pub runs: Vec<Run>,
}

/// Dark modules beside each other, from the upper left corner of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub x: usize,
    pub y: usize,
    pub length: usize,
}

impl Qr {
    /// # Errors
    /// When the payload is longer than a QR code can hold.
    pub fn new(payload: &str) -> Result<Self, RenderError> {
        let code = QrCode::with_error_correction_level(payload, EcLevel::Q).map_err(|_| RenderError::PayloadTooLong)?;
        let size = code.width();
        let mut runs = Vec::new();
        for (y, row) in code.to_colors().chunks(size).enumerate() {
            let mut x = 0;
            for modules in row.chunk_by(|one, next| one == next) {
                if modules.first() == Some(&Color::Dark) {
                    runs.push(Run { x, y, length: modules.len() });
                }
                x += modules.len();
            }
        }
        Ok(Self { size, runs })
    }

    /// Modules on a side with the quiet zone.
    pub fn whole(&self) -> usize {
        self.size + 2 * QUIET
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_upper_case_makes_a_small_code() {
        // Lower case would need bytes, and 33 modules on a side.
        assert_eq!(Qr::new("HTTPS://LADA.VASTERAS.SE/K/7K3M9QX").unwrap().size, 29);
        assert_eq!(Qr::new("https://lada.vasteras.se/k/7k3m9qx").unwrap().size, 33);
    }

    #[test]
    fn runs_are_the_dark_modules() {
        let payload = "HTTPS://LADA.VASTERAS.SE/K/7K3M9QX";
        let qr = Qr::new(payload).unwrap();
        let code = QrCode::with_error_correction_level(payload, EcLevel::Q).unwrap();
        let mut dark = vec![false; qr.size * qr.size];
        for run in &qr.runs {
            dark[run.y * qr.size + run.x..][..run.length].fill(true);
        }
        let expected: Vec<bool> = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        assert_eq!(dark, expected);
    }

    #[test]
    fn a_payload_that_does_not_fit_is_refused() {
        assert!(matches!(Qr::new(&"A".repeat(5_000)), Err(RenderError::PayloadTooLong)));
    }
}
