//! Makes a picture that somebody sent into the pictures that are shown: turned the right way up, made smaller, and without
//! anything but what is seen. What a file claims to be is looked at before any of it is unpacked.

use crate::platform::error::{Arg, Error, FieldError};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageResult, Limits, Rgb, RgbImage};
use std::io::Cursor;

/// The largest file read, in bytes.
pub const LARGEST_FILE: usize = 15 << 20;
/// The longest edge read, in pixels, and the most pixels: more than a phone's camera makes.
pub const LONGEST_EDGE: u32 = 16_384;
/// See [`LONGEST_EDGE`].
pub const MOST_PIXELS: u64 = 50_000_000;
/// The most memory that unpacking may take, in bytes: four for each pixel.
const MOST_MEMORY: u64 = MOST_PIXELS * 4;
/// The quality of what is kept, as JPEG counts it.
const QUALITY: u8 = 82;

/// A size in which pictures are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// In a list.
    Small,
    /// By itself.
    Large,
}

impl Size {
    /// Every size.
    pub const ALL: [Self; 2] = [Self::Small, Self::Large];

    /// The longest edge, in pixels, by which the size is known. A small picture is not made larger.
    pub fn edge(self) -> u32 {
        match self {
            Self::Small => 480,
            Self::Large => 1200,
        }
    }
}

/// A picture as it is kept.
#[derive(Debug, Clone)]
pub struct Encoded {
    /// The width of the large one, in pixels.
    pub width: u32,
    /// The height of the large one, in pixels.
    pub height: u32,
    /// A JPEG for each of [`Size::ALL`], in its order.
    pub files: [Vec<u8>; 2],
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It is empty.
    Empty,
    /// It is no picture that is known.
    NoPicture,
    /// It is a drawing made of lines, which can hold programs.
    Svg,
    /// It is a picture as Apple's phones keep them.
    Heic,
    /// It is a picture of another kind.
    OtherKind,
    /// It moves.
    Moving,
    /// It has too many pixels.
    TooManyPixels,
    /// It cannot be read to its end.
    Damaged,
}

impl Unfit {
    /// The stable name of the reason.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "picture.no_file",
            Self::NoPicture => "picture.no_picture",
            Self::Svg => "picture.svg",
            Self::Heic => "picture.heic",
            Self::OtherKind => "picture.other_kind",
            Self::Moving => "picture.moving",
            Self::TooManyPixels => "picture.too_many_pixels",
            Self::Damaged => "picture.damaged",
        }
    }

    /// The same about a field, naming the file.
    pub fn told(self, field: &str, file: Arg) -> Error {
        FieldError::new(field, self.code()).arg("file", file).into()
    }
}

/// Reads a JPEG, PNG or WebP file and makes the pictures that are kept. Takes a while and much memory: not for a thread
/// that others wait for.
///
/// # Errors
/// Why the file is not taken.
pub fn encode(file: &[u8]) -> Result<Encoded, Unfit> {
    let format = kind(file)?;
    let (picture, turn) = match format {
        ImageFormat::Jpeg => {
            if !ends(file) {
                return Err(Unfit::Damaged);
            }
            unpack(JpegDecoder::new(Cursor::new(file)))
        }
        ImageFormat::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(file), limits()).map_err(unfit)?;
            if decoder.is_apng().map_err(unfit)? {
                return Err(Unfit::Moving);
            }
            unpack(Ok(decoder))
        }
        _ => {
            let decoder = WebPDecoder::new(Cursor::new(file)).map_err(unfit)?;
            if decoder.has_animation() {
                return Err(Unfit::Moving);
            }
            unpack(Ok(decoder))
        }
    }?;
    let mut large = smaller(picture, Size::Large);
    large.apply_orientation(turn);
    let large = DynamicImage::ImageRgb8(on_white(&large));
    let (width, height) = (large.width(), large.height());
    let file = jpeg(&large)?;
    Ok(Encoded { width, height, files: [jpeg(&smaller(large, Size::Small))?, file] })
}

/// What kind of picture a file is, by its first bytes, whatever its name says.
fn kind(file: &[u8]) -> Result<ImageFormat, Unfit> {
    match image::guess_format(file) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => return Ok(format),
        Ok(ImageFormat::Gif) => return Err(Unfit::Moving),
        Ok(ImageFormat::Avif) => return Err(Unfit::Heic),
        Ok(_) => return Err(Unfit::OtherKind),
        Err(_) => (),
    }
    let head = file.get(..file.len().min(512)).unwrap_or_default();
    let has = |part: &[u8]| head.windows(part.len()).any(|window| window == part);
    Err(match head {
        [] => Unfit::Empty,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] if !has(b"qt  ") && !has(b"mp4") => Unfit::Heic,
        _ if has(b"<svg") => Unfit::Svg,
        _ => Unfit::NoPicture,
    })
}

/// True when a JPEG file has an end after its last scan began. The decoder would fill what is missing with grey.
fn ends(file: &[u8]) -> bool {
    let last = |marker: u8| file.windows(2).rposition(|pair| pair == [0xff, marker]);
    matches!((last(0xda), last(0xd9)), (Some(scan), Some(end)) if scan < end)
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_EDGE);
    limits.max_image_height = Some(LONGEST_EDGE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

/// Unpacks a picture that is not too large; also how it is to be turned.
fn unpack<D: ImageDecoder>(decoder: ImageResult<D>) -> Result<(DynamicImage, image::metadata::Orientation), Unfit> {
    let mut decoder = decoder.map_err(unfit)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(Unfit::TooManyPixels);
    }
    decoder.set_limits(limits()).map_err(unfit)?;
    // A picture whose notes cannot be read stands as it is.
    let turn = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(unfit)?, turn))
}

fn unfit(error: image::ImageError) -> Unfit {
    match error {
        image::ImageError::Limits(_) => Unfit::TooManyPixels,
        image::ImageError::Unsupported(_) => Unfit::OtherKind,
        _ => Unfit::Damaged,
    }
}

/// A picture with no edge longer than its size allows.
fn smaller(picture: DynamicImage, size: Size) -> DynamicImage {
    let edge = size.edge();
    if picture.width().max(picture.height()) <= edge { picture } else { picture.thumbnail(edge, edge) }
}

/// A picture without transparency, for JPEG has none.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let seen = picture.to_rgba8();
    RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [red, green, blue, opaque] = seen.get_pixel(x, y).0;
        let over = |color: u8| {
            let mixed = (u16::from(color) * u16::from(opaque) + 255 * (255 - u16::from(opaque))) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, Unfit> {
    let mut file = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut file, QUALITY)).map_err(unfit)?;
    Ok(file)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use image::{GrayImage, ImageEncoder, Luma, Rgba, RgbaImage};
    use proptest::prelude::*;

    /// A picture that is red to the left and blue to the right.
    fn halves(width: u32, height: u32) -> DynamicImage {
        let color = |x: u32| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) };
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| color(x)))
    }

    fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    /// A JPEG file with notes of its own: where it was taken, and which way it is to be turned.
    fn with_exif(picture: &DynamicImage, orientation: u8) -> Vec<u8> {
        let mut exif = b"MM\0*\0\0\0\x08\0\x02".to_vec();
        exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
        exif.extend([0x01, 0x0e, 0, 2, 0, 0, 0, 20, 0, 0, 0, 38]);
        exif.extend([0; 4]);
        exif.extend(b"GPS 59.6099N 16.5448E");
        let mut file = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut file, 90);
        encoder.set_exif_metadata(exif).unwrap();
        picture.write_with_encoder(encoder).unwrap();
        file
    }

    fn shown(file: &[u8]) -> RgbImage {
        image::load_from_memory_with_format(file, ImageFormat::Jpeg).unwrap().to_rgb8()
    }

    #[test]
    fn pictures_of_every_kind_are_made_smaller_and_never_larger() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let large = encode(&file(&halves(2400, 1200), format)).unwrap();
            assert_eq!((large.width, large.height), (1200, 600), "{format:?}");
            assert_eq!(shown(&large.files[0]).dimensions(), (480, 240));
            assert_eq!(shown(&large.files[1]).dimensions(), (1200, 600));
            let little = encode(&file(&halves(60, 90), format)).unwrap();
            assert_eq!((little.width, little.height), (60, 90));
            assert_eq!(shown(&little.files[0]).dimensions(), (60, 90));
        }
    }

    #[test]
    fn notes_in_the_file_are_gone_and_what_they_say_of_turning_is_done() {
        for orientation in 1..=8 {
            let sent = with_exif(&halves(40, 20), orientation);
            assert!(sent.windows(3).any(|part| part == b"GPS"));
            let kept = encode(&sent).unwrap();
            for file in &kept.files {
                assert!(!file.windows(3).any(|part| part == b"GPS") && !file.windows(4).any(|part| part == b"Exif"));
            }
            let seen = shown(&kept.files[1]);
            let red = |x: u32, y: u32| seen.get_pixel(x, y).0[0] > 120;
            // Where red stands after the turn: the file has it to the left.
            let expected = match orientation {
                1 | 4 => seen.dimensions() == (40, 20) && red(5, 10) && !red(35, 10),
                2 | 3 => seen.dimensions() == (40, 20) && !red(5, 10) && red(35, 10),
                5 | 6 => seen.dimensions() == (20, 40) && red(10, 5) && !red(10, 35),
                _ => seen.dimensions() == (20, 40) && !red(10, 5) && red(10, 35),
            };
            assert!(expected, "orientation {orientation}");
        }
    }

    #[test]
    fn what_can_be_seen_through_is_white_and_grey_stays_grey() {
        let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(9, 9, Rgba([0, 0, 0, 0])));
        assert_eq!(shown(&encode(&file(&clear, ImageFormat::Png)).unwrap().files[0]).get_pixel(4, 4), &Rgb([255; 3]));
        let gray = DynamicImage::ImageLuma8(GrayImage::from_pixel(9, 9, Luma([128])));
        let [red, green, blue] = shown(&encode(&file(&gray, ImageFormat::Png)).unwrap().files[0]).get_pixel(4, 4).0;
        assert!(red.abs_diff(128) < 3 && red == green && green == blue);
    }

    #[test]
    fn what_is_no_picture_is_told_by_its_kind() {
        for (file, why) in [
            (&b""[..], Unfit::Empty),
            (b"Namn;Antal\n", Unfit::NoPicture),
            (b"%PDF-1.7", Unfit::NoPicture),
            (b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", Unfit::Svg),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Unfit::Heic),
            (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", Unfit::Heic),
            (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", Unfit::NoPicture),
            (b"GIF89a\x01\0\x01\0\0\0\0;", Unfit::Moving),
            (b"II*\0\x08\0\0\0", Unfit::OtherKind),
            (b"BM\0\0\0\0", Unfit::OtherKind),
            (b"\xff\xd8\xff\xe0", Unfit::Damaged),
            (b"\x89PNG\r\n\x1a\n", Unfit::Damaged),
            (b"RIFF\0\0\0\0WEBP", Unfit::Damaged),
        ] {
            assert_eq!(encode(file).map(|_| ()), Err(why), "{}", String::from_utf8_lossy(file));
        }
    }

    #[test]
    fn a_file_that_was_cut_off_is_damaged() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let whole = file(&halves(300, 200), format);
            for part in [whole.len() / 4, whole.len() / 2, whole.len() * 9 / 10] {
                let cut = encode(&whole[..part]).map(|_| ());
                assert_eq!(cut, Err(Unfit::Damaged), "{format:?} {part}");
            }
        }
        // A preview inside the notes has an end of its own.
        let mut cut = with_exif(&halves(300, 200), 1);
        cut.truncate(cut.len() / 2);
        cut.splice(60..62, [0xff, 0xd9]);
        assert_eq!(encode(&cut).map(|_| ()), Err(Unfit::Damaged));
    }

    #[test]
    fn a_file_that_would_unpack_to_too_much_is_not_unpacked() {
        // A PNG of 40,000 × 40,000 pixels is 200 kB as a file.
        let mut bomb = Vec::new();
        let small = image::codecs::png::PngEncoder::new(&mut bomb);
        small.write_image(&[0; 16], 4, 4, image::ExtendedColorType::L8).unwrap();
        for (width, height) in [(40_000_u32, 40_000_u32), (16_384, 16_384), (7_100, 7_100), (u32::MAX >> 1, 1)] {
            bomb[16..20].copy_from_slice(&width.to_be_bytes());
            bomb[20..24].copy_from_slice(&height.to_be_bytes());
            let sum = crc(&bomb[12..29]);
            bomb[29..33].copy_from_slice(&sum.to_be_bytes());
            assert_eq!(encode(&bomb).map(|_| ()), Err(Unfit::TooManyPixels), "{width} × {height}");
        }
        // A JPEG that says it is as large as a JPEG can be.
        let mut bomb = file(&halves(16, 16), ImageFormat::Jpeg);
        let frame = bomb.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        bomb[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
        assert_eq!(encode(&bomb).map(|_| ()), Err(Unfit::TooManyPixels));
    }

    /// The sum that a PNG chunk ends with.
    fn crc(chunk: &[u8]) -> u32 {
        !chunk.iter().fold(!0_u32, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_file_makes_it_panic(
            format in prop::sample::select(vec![ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP]),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        ) {
            let mut changed = file(&halves(40, 30), format);
            for (place, byte) in changes {
                let place = place.index(changed.len());
                changed[place] = byte;
            }
            let _ = encode(&changed);
        }
    }
}
