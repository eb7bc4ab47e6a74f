//! What the invented municipality's developer has done in the reading room: most evaluations are read, some are starred, have
//! themes or are in the idea bank, and a few wait.

use crate::accounts::store::Organisation;
use crate::evaluations::answers::AsStored;
use crate::evaluations::queries;
use crate::evaluations::reading::actions::{self, Mark};
use crate::evaluations::rules::Share;
use crate::evaluations::search::query::Search;
use crate::platform::db::Tx;
use crate::platform::error::Error;
use crate::platform::events::By;
use crate::platform::web::paging::{MOST, Paging};

/// So many of the newest are not read yet.
const UNREAD: usize = 6;
/// Words that make it likely what an evaluation is about, and the theme's name.
const THEMES: [(&str, &str); 4] = [
    ("karta bana matta*", "Banor och kartor"),
    ("räkna", "Räkna och sortera"),
    ("saga", "Sagor och drama"),
    ("samarbeta tillsammans", "Samarbete"),
];

/// Reads and marks, one after another.
///
/// # Errors
/// When the demo breaks a rule, or the database fails.
pub fn fill(tx: &mut Tx<'_>, by: By, organisation: &Organisation) -> Result<(), Error> {
    let all = Paging { limit: Some(MOST), cursor: None };
    let evaluations = queries::list::<AsStored>(tx, organisation, &Search::default(), &all)?.items;
    for (place, evaluation) in evaluations.iter().enumerate().skip(UNREAD) {
        let mark = Mark {
            read: Some(true),
            starred: Some(place % 7 == 0),
            shared: Some(evaluation.share != Share::No && place % 3 != 0),
            note: (place == UNREAD + 1).then(|| "Ring och fråga om vi får visa den på mässan.".to_owned()),
            ..Mark::default()
        };
        actions::mark(tx, by, evaluation.id, &mark)?;
    }
    for (words, theme) in THEMES {
        for word in words.split(' ') {
            let search = Search { q: Some(word.to_owned()), ..Search::default() };
            for evaluation in queries::list::<AsStored>(tx, organisation, &search, &all)?.items {
                let mark = Mark { add_theme: Some(theme.to_owned()), ..Mark::default() };
                actions::mark(tx, by, evaluation.id, &mark)?;
            }
        }
    }
    Ok(())
}
