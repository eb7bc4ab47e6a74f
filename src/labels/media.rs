//! Paper as printers name it: self-describing names (PWG 5101.1), such as `iso_a4_210x297mm`.

use crate::labels::stock::{A4, Form, Stock};

/// How far the printer's paper may differ from ours, in millimetres: it is often told in inches.
const ABOUT: f32 = 0.6;
const INCH: f32 = 25.4;

/// The name under which a printer takes a stock, of those that it tells; one that tells none is taken at its word. None
/// when it has no such paper.
pub fn name(stock: &Stock, supported: &[String]) -> Option<String> {
    let (width, height) = stock.fed();
    let about = |(w, h): (f32, f32)| (w - width).abs() <= ABOUT && (h - height).abs() <= ABOUT;
    let is_limit = |name: &str| name.contains("_min_") || name.contains("_max_");
    if let Some(same) = supported.iter().find(|name| !is_limit(name) && size(name).is_some_and(about)) {
        return Some(same.clone());
    }
    let sizes =
        |key: &'static str| supported.iter().filter(move |name| name.contains(key)).filter_map(|name| size(name));
    let cut = sizes("_min_").any(|(w, h)| w <= width + ABOUT && h <= height + ABOUT)
        && sizes("_max_").any(|(w, h)| w >= width - ABOUT && h >= height - ABOUT);
    (supported.is_empty() || cut).then(|| match stock.form {
        Form::Sheet if stock.page() == A4 => "iso_a4_210x297mm".to_owned(),
        Form::Sheet => format!("custom_sheet_{width}x{height}mm"),
        Form::Roll => format!("custom_label_{width}x{height}mm"),
    })
}

/// The width and height in a name, in millimetres.
pub fn size(name: &str) -> Option<(f32, f32)> {
    let last = name.rsplit('_').next()?;
    let (lengths, unit) = match last.strip_suffix("mm") {
        Some(lengths) => (lengths, 1.0),
        None => (last.strip_suffix("in")?, INCH),
    };
    let (width, height) = lengths.split_once('x')?;
    Some((width.parse::<f32>().ok()? * unit, height.parse::<f32>().ok()? * unit))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn named(stock: &str, supported: &[&str]) -> Option<String> {
        let supported: Vec<String> = supported.iter().map(|name| (*name).to_owned()).collect();
        name(&Stock::named(stock).unwrap(), &supported)
    }

    #[test]
    fn paper_is_named_as_the_printer_names_it() {
        let office = ["na_letter_8.5x11in", "iso_a4_210x297mm", "na_index-4x6_4x6in"];
        assert_eq!(named("L7163", &office).as_deref(), Some("iso_a4_210x297mm"));
        assert_eq!(named("4x6in", &office).as_deref(), Some("na_index-4x6_4x6in"));
        assert_eq!(named("99012", &office), None);
        assert_eq!(named("99012", &["om_large-address_36x89mm"]).as_deref(), Some("om_large-address_36x89mm"));
        // How large paper may be is no paper.
        let limits = ["custom_min_76x127mm", "custom_max_210x297mm", "iso_a4_210x297mm"];
        assert_eq!(named("L7163", &limits).as_deref(), Some("iso_a4_210x297mm"));
        let roll = ["roll_min_12x12mm", "roll_max_62x1000mm"];
        assert_eq!(named("DK-22205", &roll).as_deref(), Some("custom_label_62x38mm"));
        assert_eq!(named("99014", &["custom_min_12x12mm", "custom_max_50x200mm"]), None);
    }

    #[test]
    fn a_printer_that_tells_nothing_is_told_the_measures() {
        assert_eq!(named("L7163", &[]).as_deref(), Some("iso_a4_210x297mm"));
        assert_eq!(named("99012", &[]).as_deref(), Some("custom_label_36x89mm"));
    }
}
