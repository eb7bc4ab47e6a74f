//! A label in the language of Zebra's and many other label printers: as a picture of the printer's own dots, so that it
//! looks the same on each, whatever fonts the printer has.

use super::raster;
use super::render::{Label, RenderError};
use super::stock::Stock;
use image::GrayImage;
use std::fmt::Write;

/// A label for a printer with so many dots in an inch; all on it is moved by `offset` millimetres to the right and down.
///
/// # Errors
/// When the payload is too long.
pub fn zpl(label: &Label, stock: &Stock, dots_per_inch: u32, offset: (f32, f32)) -> Result<String, RenderError> {
    let picture = raster::fed(raster::dots(label, stock, dots_per_inch, offset)?, stock);
    let (width, height) = picture.dimensions();
    let row = width.div_ceil(8);
    let data = compressed(&picture);
    Ok(format!(
        "^XA\n^PW{width}\n^LL{height}\n^LH0,0\n^FO0,0^GFA,{all},{all},{row},{data}^FS\n^PQ1\n^XZ\n",
        all = row * height
    ))
}

/// The dots as hexadecimal digits, with the shortenings of ZPL II: letters for repeats, `,` for the rest of a row in
/// white, `:` for a row like the one before.
fn compressed(picture: &GrayImage) -> String {
    let mut data = String::new();
    let mut before = String::new();
    for row in picture.rows() {
        let dots: Vec<bool> = row.map(|dot| dot.0 == [0]).collect();
        let digits: String = dots
            .chunks(8)
            .flat_map(|byte| [byte.get(..4.min(byte.len())), byte.get(4..)])
            .map(|half| {
                let bits = half.unwrap_or_default().iter().zip([8, 4, 2, 1]);
                let value: u32 = bits.filter(|(dot, _)| **dot).map(|(_, bit)| bit).sum();
                char::from_digit(value, 16).unwrap_or('0').to_ascii_uppercase()
            })
            .collect();
        if digits == before {
            data.push(':');
            continue;
        }
        let shown = digits.trim_end_matches('0');
        let runs = shown.as_bytes().chunk_by(|one, next| one == next);
        for run in runs {
            repeat(&mut data, run.len());
            data.extend(run.first().copied().map(char::from));
        }
        if shown.len() < digits.len() {
            data.push(',');
        }
        before = digits;
    }
    data
}

/// How often the next digit stands: `g` to `z` are 20 to 400, `G` to `Y` 1 to 19.
fn repeat(data: &mut String, mut times: usize) {
    if times < 2 {
        return;
    }
    while times > 400 {
        data.push('z');
        times -= 400;
    }
    let letter = |first: u8, place: usize| char::from(first + u8::try_from(place).unwrap_or(0));
    if times >= 20 {
        let _ = write!(data, "{}", letter(b'g', times / 20 - 1));
    }
    if !times.is_multiple_of(20) {
        let _ = write!(data, "{}", letter(b'G', times % 20 - 1));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use image::Luma;

    fn picture(rows: &[&str]) -> GrayImage {
        let width = u32::try_from(rows[0].len()).unwrap();
        let dot = |x: u32, y: u32| Luma([if rows[y as usize].as_bytes()[x as usize] == b'#' { 0 } else { 255 }]);
        GrayImage::from_fn(width, u32::try_from(rows.len()).unwrap(), dot)
    }

    #[test]
    fn rows_are_shortened_as_the_printer_reads_them() {
        assert_eq!(compressed(&picture(&["################"])), "JF");
        assert_eq!(compressed(&picture(&["########........", "########........"])), "HF,:");
        assert_eq!(compressed(&picture(&["................"])), ",");
        assert_eq!(compressed(&picture(&["#.#.....", "........"])), "A,,");
        assert_eq!(compressed(&picture(&["#........#"])), "804,");
    }

    #[test]
    fn long_repeats_are_letters() {
        let repeated = |times| {
            let mut data = String::new();
            repeat(&mut data, times);
            data
        };
        assert_eq!(repeated(1), "");
        assert_eq!(repeated(2), "H");
        assert_eq!(repeated(19), "Y");
        assert_eq!(repeated(20), "g");
        assert_eq!(repeated(41), "hG");
        assert_eq!(repeated(400), "z");
        assert_eq!(repeated(421), "zgG");
    }
}
