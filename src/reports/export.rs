//! Kit types compared, as a file to keep.

use crate::platform::error::{Error, Fault};
use crate::platform::tables::{self, Cell, FileFormat, Xlsx};
use crate::platform::term::Term;
use crate::platform::text::Texts;
use crate::platform::web::heavy;
use crate::reports::rules::{Mean, Terms};
use crate::reports::views::KitTypeFigures;
use serde::Serialize;

/// Figures of kit types as a file for programs.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FiguresExport {
    /// The first term that they tell of.
    #[schema(value_type = String)]
    pub from_term: Term,
    /// The last one.
    #[schema(value_type = String)]
    pub to_term: Term,
    /// Kit types, by name.
    pub items: Vec<KitTypeFigures>,
}

/// The heads of the columns, by their keys.
const HEADS: [&str; 21] = [
    "kit-type",
    "retired",
    "kits",
    "loans",
    "evaluations",
    "used",
    "children",
    "again",
    "again-of",
    "fun",
    "fun-n",
    "easy",
    "easy-n",
    "worth",
    "worth-n",
    "waiting",
    "wait-days",
    "refused-weeks",
    "lost-parts",
    "cost",
    "advice",
];

fn row(one: &KitTypeFigures, t: Texts) -> Vec<Cell> {
    let mean = |mean: Mean| [mean.mean.into(), mean.n.into()];
    let ([fun, fun_n], [easy, easy_n], [worth, worth_n]) = (mean(one.fun), mean(one.easy), mean(one.worth));
    vec![
        one.kit_type.name.as_str().into(),
        t.s(if one.retired { "export-yes" } else { "export-no" }).into(),
        one.kits.into(),
        one.loans.into(),
        one.evaluations.into(),
        one.used.into(),
        one.children.into(),
        one.again.count.into(),
        one.again.of.into(),
        fun,
        fun_n,
        easy,
        easy_n,
        worth,
        worth_n,
        one.waiting.into(),
        one.median_wait_days.into(),
        one.refused_weeks.into(),
        one.lost_parts.into(),
        Cell::Number(one.cost as f64 / 100.0),
        one.advice.map(|advice| t.s(&format!("reports-advice-{advice}"))).unwrap_or_default().into(),
    ]
}

/// The file.
///
/// # Errors
/// When it cannot be written.
pub async fn file(figures: Vec<KitTypeFigures>, terms: Terms, format: FileFormat, t: Texts) -> Result<Vec<u8>, Error> {
    let heads: Vec<String> = HEADS.iter().map(|key| t.s(&format!("export-figures-{key}"))).collect();
    let rows = |figures: &[KitTypeFigures]| figures.iter().map(|one| row(one, t)).collect::<Vec<_>>();
    match format {
        FileFormat::Json => {
            let export = FiguresExport { from_term: terms.from, to_term: terms.to, items: figures };
            Ok(serde_json::to_vec(&export).map_err(Fault::from_error)?)
        }
        FileFormat::Csv => {
            let mut file = tables::csv_begin(&heads, t.lang)?;
            file.extend(tables::csv_rows(&rows(&figures), t.lang)?);
            Ok(file)
        }
        FileFormat::Xlsx => {
            let rows = rows(&figures);
            let written = heavy::run(move || {
                let mut file = Xlsx::begin(&heads)?;
                rows.iter().try_for_each(|row| file.add(row))?;
                file.finish()
            });
            Ok(written.await??)
        }
    }
}
