//! Text set in lines on paper, whatever it is written in: each sign from a font that has it, letters joined and marks placed
//! as their script wants, and what is written from the right set from the right.

use crate::labels::layout::{POINT, REGULAR, SEMI_BOLD, words};
use crate::labels::render::RenderError;
use krilla::geom::Point;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use parley::fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, FontWeight, SourceCache};
use parley::{Alignment, AlignmentOptions, FontContext, FontFamily, FontFamilyName, LayoutContext};
use parley::{OverflowWrap, PositionedLayoutItem, StyleProperty};
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

const INTER: &str = "Inter";
/// What Inter lacks. None of them is bold: words that need them are few, and mostly what somebody wrote.
const ARABIC: &str = "Noto Sans Arabic";
const HEBREW: &str = "Noto Sans Hebrew";
const EMOJI: &str = "Noto Emoji";

const FILES: [(&[u8], &str, FontWeight); 5] = [
    (REGULAR, INTER, FontWeight::NORMAL),
    (SEMI_BOLD, INTER, FontWeight::SEMI_BOLD),
    (include_bytes!("../../../assets/fonts/NotoSansArabic-Regular.ttf"), ARABIC, FontWeight::NORMAL),
    (include_bytes!("../../../assets/fonts/NotoSansHebrew-Regular.ttf"), HEBREW, FontWeight::NORMAL),
    (include_bytes!("../../../assets/fonts/NotoEmoji-Regular.ttf"), EMOJI, FontWeight::NORMAL),
];
/// The order in which fonts are asked for a sign.
const FAMILIES: [FontFamilyName<'_>; 4] = [
    FontFamilyName::named(INTER),
    FontFamilyName::named(ARABIC),
    FontFamilyName::named(HEBREW),
    FontFamilyName::named(EMOJI),
];

/// Sets text.
pub(super) struct Typesetter {
    contexts: RefCell<(FontContext, LayoutContext<()>)>,
    /// What each file of [`FILES`] is called by those who shape, and by those who draw.
    fonts: Vec<(u64, Font)>,
    lacked: Cell<bool>,
}

/// A line, told from the left edge of the column it was set in. Lengths in millimetres.
pub(super) struct Line {
    /// The paragraph that it is of; glyphs tell the bytes that they show.
    text: Rc<str>,
    size: f32,
    runs: Vec<Run>,
}

/// Glyphs of one font, from left to right.
struct Run {
    font: Font,
    x: f32,
    glyphs: Vec<KrillaGlyph>,
}

/// Which side a text stands on in its column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Side {
    /// Where its script begins.
    Start,
    /// To the right, as figures do.
    Right,
}

impl Typesetter {
    /// # Errors
    /// When an embedded font cannot be read.
    pub fn new() -> Result<Self, RenderError> {
        let options = CollectionOptions { shared: false, system_fonts: false };
        let mut collection = Collection::new(options);
        let mut fonts = Vec::new();
        for (bytes, family, weight) in FILES {
            let blob = Blob::new(Arc::new(bytes));
            fonts.push((blob.id(), Font::new(bytes.into(), 0).ok_or(RenderError::Font)?));
            let named =
                FontInfoOverride { family_name: Some(family), weight: Some(weight), ..FontInfoOverride::default() };
            collection.register_fonts(blob, Some(named));
        }
        let context = FontContext { collection, source_cache: SourceCache::default() };
        Ok(Self { contexts: RefCell::new((context, LayoutContext::new())), fonts, lacked: Cell::new(false) })
    }

    /// A text in lines that a column of that width holds; none when it has no words. A word that is wider than the column is
    /// broken. Type size and width in millimetres.
    pub fn lines(&self, text: &str, (bold, size): (bool, f32), width: f32, side: Side) -> Vec<Line> {
        let text: Rc<str> = words(text).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").into();
        if text.is_empty() {
            return Vec::new();
        }
        let (fonts, layouts) = &mut *self.contexts.borrow_mut();
        let mut builder = layouts.ranged_builder(fonts, &text, 1.0, false);
        builder.push_default(FontFamily::from(&FAMILIES[..]));
        builder.push_default(StyleProperty::FontSize(size));
        builder.push_default(StyleProperty::FontWeight(if bold { FontWeight::SEMI_BOLD } else { FontWeight::NORMAL }));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::BreakWord));
        let mut layout = builder.build(&text);
        layout.break_all_lines(Some(width));
        let side = if side == Side::Right { Alignment::Right } else { Alignment::Start };
        layout.align(side, AlignmentOptions::default());
        let runs = |line: parley::Line<'_, ()>| line.items().filter_map(|item| self.run(&item, size)).collect();
        layout.lines().map(|line| Line { text: text.clone(), size, runs: runs(line) }).collect()
    }

    fn run(&self, item: &PositionedLayoutItem<'_, ()>, size: f32) -> Option<Run> {
        let PositionedLayoutItem::GlyphRun(placed) = item else { return None };
        let run = placed.run();
        let (_, font) = self.fonts.iter().find(|(id, _)| *id == run.font().data.id())?;
        // What several letters share one glyph for lies with the first of them.
        let mut clusters: Vec<(Vec<parley::Glyph>, Range<usize>)> = Vec::new();
        for cluster in run.clusters() {
            match clusters.last_mut() {
                Some((_, bytes)) if cluster.is_ligature_continuation() => bytes.end = cluster.text_range().end,
                _ => clusters.push((cluster.glyphs().collect(), cluster.text_range())),
            }
        }
        if run.is_rtl() {
            clusters.reverse();
        }
        let mut glyphs = Vec::new();
        for (shown, bytes) in clusters {
            for glyph in shown {
                self.lacked.set(self.lacked.get() || glyph.id == 0);
                let (x, y, advance) = (glyph.x / size, -glyph.y / size, glyph.advance / size);
                glyphs.push(KrillaGlyph::new(GlyphId::new(glyph.id), advance, x, y, 0.0, bytes.clone(), None));
            }
        }
        Some(Run { font: font.clone(), x: placed.offset(), glyphs })
    }

    /// Whether any text set so far has a sign that no font has: a striped box stands in its place.
    pub fn lacked(&self) -> bool {
        self.lacked.get()
    }
}

impl Line {
    /// Draws it, its column's left edge and its baseline there, in millimetres.
    pub fn draw(&self, surface: &mut Surface<'_>, (left, baseline): (f32, f32)) {
        for run in &self.runs {
            let at = Point::from_xy((left + run.x) / POINT, baseline / POINT);
            surface.draw_glyphs(at, &run.glyphs, run.font.clone(), &self.text, self.size / POINT, false);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use krilla::text::Glyph;
    use proptest::prelude::*;

    const SIZE: f32 = 3.3;

    fn set(text: &str, width: f32) -> (Vec<Line>, bool) {
        let typesetter = Typesetter::new().unwrap();
        (typesetter.lines(text, (false, SIZE), width, Side::Start), typesetter.lacked())
    }

    /// A line's glyphs from left to right: which, what it shows, where it begins and ends.
    fn glyphs(line: &Line) -> Vec<(u32, &str, f32, f32)> {
        let mut told = Vec::new();
        for run in &line.runs {
            let mut x = run.x;
            for glyph in &run.glyphs {
                let end = x + glyph.x_advance(line.size);
                told.push((glyph.glyph_id().to_u32(), &line.text[glyph.text_range()], x, end));
                x = end;
            }
        }
        told
    }

    /// What a line shows, from left to right: what several glyphs show together, once.
    fn shown(line: &Line) -> Vec<&str> {
        let mut shown: Vec<&str> = glyphs(line).into_iter().map(|(_, bytes, ..)| bytes).collect();
        shown.dedup_by_key(|bytes| bytes.as_ptr());
        shown
    }

    #[test]
    fn arabic_is_joined_and_set_from_the_right() {
        let (lines, lacked) = set("مرحبا", 100.0);
        assert_eq!((shown(&lines[0]), lacked), (vec!["ا", "ب", "ح", "ر", "م"], false));
        let joined = glyphs(&lines[0]);
        assert!((joined.last().unwrap().3 - 100.0).abs() < 0.1, "{joined:?}");
        for letter in ["م", "ح", "ا"] {
            let within: Vec<u32> =
                joined.iter().filter(|(_, bytes, ..)| *bytes == letter).map(|(id, ..)| *id).collect();
            let alone: Vec<u32> = glyphs(&set(letter, 100.0).0[0]).iter().map(|(id, ..)| *id).collect();
            assert_ne!(within, alone, "{letter} is drawn as if it stood alone");
        }
    }

    #[test]
    fn words_of_another_script_stand_within_a_swedish_sentence() {
        let (lines, lacked) = set("Barnen sa مرحبا och שלום till 🤖.", 150.0);
        assert_eq!((shown(&lines[0]).concat().as_str(), lacked), ("Barnen sa ابحرم och םולש till 🤖.", false));
    }

    #[test]
    fn letters_with_their_marks_apart_are_put_together() {
        let (lines, lacked) = set("A\u{308}ggro\u{308}ra", 100.0);
        let apart: Vec<u32> = glyphs(&lines[0]).iter().map(|(id, ..)| *id).collect();
        let whole: Vec<u32> = glyphs(&set("Äggröra", 100.0).0[0]).iter().map(|(id, ..)| *id).collect();
        assert_eq!((apart, lacked), (whole, false));
    }

    #[test]
    fn what_people_send_each_other_is_one_sign_each() {
        for sign in ["😊", "🤖", "❤️", "👍🏽", "👩\u{200d}👧", "🧑🏿\u{200d}🏫", "🇸🇪", "1️⃣", "🐝"]
        {
            let (lines, lacked) = set(sign, 100.0);
            let drawn: Vec<_> = glyphs(&lines[0]).into_iter().filter(|(.., x, end)| end > x).collect();
            assert!(drawn.len() == 1 && !lacked, "{sign}: {drawn:?}");
        }
    }

    #[test]
    fn a_sign_that_no_font_has_is_a_striped_box_and_not_passed_over() {
        let typesetter = Typesetter::new().unwrap();
        typesetter.lines("Åäö – ½ ✓ → 5 €, Київ, Ωμέγα\u{ad}\u{202e}\t", (true, SIZE), 100.0, Side::Start);
        assert!(!typesetter.lacked());
        let lines = typesetter.lines("หุ่น", (false, SIZE), 100.0, Side::Start);
        assert!(typesetter.lacked());
        assert!(glyphs(&lines[0]).iter().all(|(id, _, x, end)| *id == 0 && end > x));
    }

    #[test]
    fn without_words_there_is_no_line() {
        assert!(["", " ", "\n\t \u{2003}"].into_iter().all(|text| set(text, 100.0).0.is_empty()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Whatever is written, all of it is on the paper, within its column.
        #[test]
        fn everything_is_set_within_the_column(text in "([a-zåäö]{1,12}|[א-ת]{1,9}|[ء-ي]{1,9}|[😀-🙏]|[\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{fe0f}]|.| ){0,40}", width in 15.0..170.0_f32) {
            let (lines, _) = set(&text, width);
            let mut shown = String::new();
            for line in &lines {
                for (_, bytes, x, end) in glyphs(line) {
                    // The space at the end of a line hangs out of it; where both directions meet, it may push what is last.
                    let seen = end > x + 0.001 && bytes.trim() != "";
                    let space = 0.3 * SIZE;
                    prop_assert!(!seen || (x >= -space && end <= width + space), "{bytes:?} from {x} to {end} of {width}");
                    shown.push_str(bytes);
                }
            }
            let missing: Vec<char> = text.chars().filter(|c| c.is_alphanumeric() && !shown.contains(*c)).collect();
            prop_assert!(missing.is_empty(), "{missing:?} of {text:?}");
        }
    }
}
