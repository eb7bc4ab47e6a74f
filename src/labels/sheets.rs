//! How labels come on the pages of a stock: which one stands in which place.

use super::render::RenderError;
use super::stock::Stock;

/// How labels come on their pages.
#[derive(Debug, Clone, Copy)]
pub struct Sheets<'a> {
    /// The stock.
    pub stock: &'a Stock,
    /// The place of the first label on the first page; 1 is the upper left one.
    pub start: u32,
    /// How many of each label, one after the other.
    pub copies: u32,
    /// How far all is moved to the right and down, in millimetres, for a printer that does not feed straight.
    pub offset: (f32, f32),
    /// Pages as they lie in the printer, which may be turned.
    pub as_fed: bool,
}

/// A label on its page: which of those to print, and the place, 0 being the upper left one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Which label, from 0.
    pub label: usize,
    /// Where.
    pub place: u32,
}

impl<'a> Sheets<'a> {
    /// One of each, from the first place on.
    pub fn of(stock: &'a Stock) -> Self {
        Self { stock, start: 1, copies: 1, offset: (0.0, 0.0), as_fed: false }
    }

    /// Page by page, what stands on it when there are so many labels.
    ///
    /// # Errors
    /// When there are no labels, or no such place.
    pub fn pages(&self, labels: usize) -> Result<impl Iterator<Item = Vec<Placed>> + use<>, RenderError> {
        let places = self.stock.per_page();
        if labels == 0 || self.copies == 0 {
            return Err(RenderError::NoLabels);
        }
        if !(1..=places).contains(&self.start) {
            return Err(RenderError::NoSuchPlace { places });
        }
        let (per_page, copies, before) = (places as usize, self.copies as usize, self.start as usize - 1);
        let end = before + labels * copies;
        Ok((0..end.div_ceil(per_page)).map(move |page| {
            (0..places)
                .zip(page * per_page..end)
                .filter(|(_, position)| *position >= before)
                .map(|(place, position)| Placed { label: (position - before) / copies, place })
                .collect()
        }))
    }

    /// Where the label in that place has its upper left corner, in millimetres from the page's.
    pub fn corner(&self, place: u32) -> (f32, f32) {
        let (left, top) = self.stock.corner(place);
        (left + self.offset.0, top + self.offset.1)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::labels::stock::USUAL;

    #[test]
    fn labels_fill_pages_from_the_place_told() {
        let stock = Stock::named(USUAL).unwrap();
        for (labels, start, copies, expected) in [
            (1, 1, 1, 1),
            (14, 1, 1, 1),
            (15, 1, 1, 2),
            (14, 2, 1, 2),
            (1, 14, 1, 1),
            (2, 14, 1, 2),
            (28, 1, 1, 2),
            (1, 1, 20, 2),
            (7, 1, 2, 1),
            (5, 1, 3, 2),
            (14, 1, 2, 2),
        ] {
            let sheets = Sheets { start, copies, ..Sheets::of(&stock) };
            let pages: Vec<Vec<Placed>> = sheets.pages(labels).unwrap().collect();
            assert_eq!(pages.len(), expected, "{copies} of {labels} labels from place {start}");
            assert_eq!(pages[0][0], Placed { label: 0, place: start - 1 });
            let all: Vec<usize> = pages.iter().flatten().map(|placed| placed.label).collect();
            let wanted: Vec<usize> = (0..labels).flat_map(|label| vec![label; copies as usize]).collect();
            assert_eq!(all, wanted);
            for page in &pages[..pages.len() - 1] {
                assert_eq!(page.last().unwrap().place, 13, "a page is full before the next begins");
            }
        }
    }

    #[test]
    fn what_cannot_be_printed_is_told() {
        let stock = Stock::named(USUAL).unwrap();
        assert!(matches!(Sheets::of(&stock).pages(0).err(), Some(RenderError::NoLabels)));
        for start in [0, 15, u32::MAX] {
            let sheets = Sheets { start, ..Sheets::of(&stock) };
            assert!(matches!(sheets.pages(1).err(), Some(RenderError::NoSuchPlace { places: 14 })));
        }
    }
}
