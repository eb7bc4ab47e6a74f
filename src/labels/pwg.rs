//! Pages as dots, in the file format that every driverless printer takes: PWG Raster (PWG 5102.4-2012).

use image::GrayImage;

/// Its media type.
pub const MEDIA_TYPE: &str = "image/pwg-raster";
/// The kind of pages made here, as printers call it: grey, 8 bits a dot.
pub const GREY: &str = "sgray_8";
/// How a file begins.
const SYNC: &[u8] = b"RaS2";
/// The bytes that describe a page (§4.3).
const HEADER: usize = 1796;
/// The longest run of lines, and of dots, that is told as one.
const MOST_LINES: usize = 256;
const MOST_DOTS: usize = 128;

/// The paper of pages.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Its self-describing name, as `iso_a4_210x297mm`.
    pub name: String,
    /// The dots in an inch, both ways.
    pub dots_per_inch: u32,
}

/// A file, page by page.
pub struct Raster {
    paper: Paper,
    bytes: Vec<u8>,
}

impl Raster {
    /// A file without pages.
    pub fn new(paper: Paper) -> Self {
        Self { paper, bytes: SYNC.to_vec() }
    }

    /// Adds a page.
    pub fn page(&mut self, picture: &GrayImage) {
        self.bytes.extend_from_slice(&header(&self.paper, picture.dimensions()));
        let width = picture.width().max(1) as usize;
        let lines: Vec<&[u8]> = picture.as_raw().chunks_exact(width).collect();
        for same in lines.chunk_by(|one, next| one == next) {
            for told in same.chunks(MOST_LINES) {
                self.bytes.push(small(told.len() - 1));
                packed(told.first().copied().unwrap_or_default(), &mut self.bytes);
            }
        }
    }

    /// The file.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// What is known to be less than 256.
fn small(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// What describes a page of so many dots. What is not told is zero: the printer decides.
fn header(paper: &Paper, (width, height): (u32, u32)) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let mut put = |at: usize, value: &[u8]| {
        if let Some(place) = header.get_mut(at..at + value.len()) {
            place.copy_from_slice(value);
        }
    };
    let dots = paper.dots_per_inch;
    let points = |length: u32| (u64::from(length) * 72 + u64::from(dots) / 2) / u64::from(dots.max(1));
    let numbers = [
        (276, dots),
        (280, dots),
        (352, u32::try_from(points(width)).unwrap_or(u32::MAX)),
        (356, u32::try_from(points(height)).unwrap_or(u32::MAX)),
        (372, width),
        (376, height),
        // Bits of a colour and of a dot, bytes of a line.
        (384, 8),
        (388, 8),
        (392, width),
        // The colours of a dot stand together; they are sGray, which is one.
        (396, 0),
        (400, 18),
        (420, 1),
        // As they lie: neither mirrored nor turned on its way.
        (456, 1),
        (460, 1),
        // All of the page has something on it; the other corner of what does.
        (472, width),
        (476, height),
    ];
    put(0, b"PwgRaster");
    numbers.into_iter().for_each(|(at, number)| put(at, &number.to_be_bytes()));
    // The name ends with a zero.
    let name = paper.name.as_bytes();
    put(1732, name.get(..63).unwrap_or(name));
    header
}

/// A line (§4.4): runs of one dot, and of dots that are not alike.
fn packed(line: &[u8], bytes: &mut Vec<u8>) {
    let mut unlike: &[u8] = &[];
    let mut from = 0;
    let told = |dots: &[u8], bytes: &mut Vec<u8>| {
        for dots in dots.chunks(MOST_DOTS) {
            match dots {
                [dot] => bytes.extend_from_slice(&[0, *dot]),
                _ => {
                    bytes.push(small(257 - dots.len()));
                    bytes.extend_from_slice(dots);
                }
            }
        }
    };
    for run in line.chunk_by(|one, next| one == next) {
        if let [_] = run {
            unlike = line.get(from - unlike.len()..=from).unwrap_or_default();
        } else {
            told(unlike, bytes);
            unlike = &[];
            for dots in run.chunks(MOST_DOTS) {
                bytes.extend_from_slice(&[small(dots.len() - 1), run.first().copied().unwrap_or_default()]);
            }
        }
        from += run.len();
    }
    told(unlike, bytes);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A line, read as the format's text says it is to be.
    fn unpacked(mut bytes: &[u8]) -> Vec<u8> {
        let mut line = Vec::new();
        while let [count, rest @ ..] = bytes {
            let count = usize::from(*count);
            assert_ne!(count, 128);
            if count < 128 {
                line.extend(std::iter::repeat_n(rest[0], count + 1));
                bytes = &rest[1..];
            } else {
                line.extend_from_slice(&rest[..257 - count]);
                bytes = &rest[257 - count..];
            }
        }
        line
    }

    #[test]
    fn lines_are_packed_as_the_format_says() {
        let pack = |line: &[u8]| {
            let mut bytes = Vec::new();
            packed(line, &mut bytes);
            bytes
        };
        assert_eq!(pack(&[255; 130]), [127, 255, 1, 255]);
        assert_eq!(pack(&[1, 2, 3, 9, 9, 4]), [254, 1, 2, 3, 1, 9, 0, 4]);
        assert_eq!(pack(&[]), Vec::<u8>::new());
    }

    #[test]
    fn like_lines_are_told_once() {
        let paper = Paper { name: "iso_a4_210x297mm".to_owned(), dots_per_inch: 300 };
        let mut raster = Raster::new(paper);
        raster.page(&GrayImage::from_pixel(100, 300, image::Luma([255])));
        let bytes = raster.finish();
        assert_eq!(bytes[4 + HEADER..], [255, 99, 255, 43, 99, 255]);
    }

    proptest! {
        #[test]
        fn every_line_comes_back(line in proptest::collection::vec(0_u8..3, 0..600)) {
            let mut bytes = Vec::new();
            packed(&line, &mut bytes);
            prop_assert_eq!(unpacked(&bytes), line);
        }
    }
}
