//! Writes so many labels of one kind of sheet as one PDF: what `tests/load/labels` measures.

use digilador::kits::code::Code;
use digilador::labels::pdf::pdf;
use digilador::labels::render::Label;
use digilador::labels::sheets::Sheets;
use digilador::labels::stock::{Stock, USUAL};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let (count, out) = (std::env::args().nth(1), std::env::args().nth(2));
    let count: u32 = count.ok_or("how many?")?.parse()?;
    let codes = (1..).step_by(4_711).filter_map(Code::from_value);
    let label = |(number, code): (u32, Code)| Label {
        payload: code.payload("https://lada.lindvalla.se"),
        code: code.to_string(),
        title: "Bee-Bot".to_owned(),
        copy: number.to_string(),
        owner: "Lindvalla kommun, 021-00 00 00".to_owned(),
        note: "Skanna: innehåll, tips och utvärdering".to_owned(),
    };
    let labels: Vec<Label> = (1..=count).zip(codes).map(label).collect();
    let stock = Stock::named(USUAL).ok_or("the usual stock is gone")?;
    std::fs::write(out.ok_or("where to?")?, pdf(&labels, &Sheets::of(&stock))?)?;
    Ok(())
}
