//! A kit type in a list: what it is, for whom, what others think of it, and when it can be had.

use crate::evaluations::opinions::Opinion;
use crate::evaluations::wording::{FEWEST_ANSWERS, decimal, opinion};
use crate::kits::pictures::views::PictureView;
use crate::kits::rules::Screen;
use crate::kits::views::KitTypeView;
use crate::loans::views::CatalogueView;
use crate::platform::text::Texts;
use crate::platform::web::forms::Tag;

/// The longest that a summary may be, in characters.
const SUMMARY: usize = 140;
/// The scale question whose mean stands on a card.
pub(super) const CARD_QUESTION: &str = "easy_start";

/// A kit type in a list.
pub(super) struct KitCard {
    pub(super) href: String,
    pub(super) name: String,
    /// The first of its pictures.
    pub(super) picture: Option<PictureView>,
    pub(super) summary: String,
    pub(super) age: String,
    pub(super) screen: Screen,
    /// What others think of it, once enough have said.
    pub(super) opinions: Vec<String>,
    /// The course that it asks for.
    pub(super) course: Option<String>,
    pub(super) words: Tag,
}

impl KitCard {
    /// A kit type; with days that are wanted, how many can be had then, else when the next one can.
    pub(super) fn new(t: Texts, view: &CatalogueView, thought: Option<&Opinion>) -> Self {
        let kit_type = &view.kit_type;
        let wanted = view.wanted.zip(view.free_kits.filter(|free| *free > 0));
        let words = match (wanted, view.free_kits, view.next_free) {
            (Some((days, free)), ..) => {
                let weeks = t.weeks(days.first_day, days.last_day);
                Some(t.a("kits-period-count", &[("count", free.into()), ("weeks", weeks.into())]))
            }
            (_, None, Some(next)) => Some(t.v("kits-period-free", "weeks", t.weeks(next.first_day, next.last_day))),
            _ => None,
        };
        let about = wanted.map(|(days, _)| format!("?fran={}&till={}", days.first_day, days.last_day));
        Self {
            href: format!("/lador/{}{}", kit_type.id, about.unwrap_or_default()),
            name: kit_type.name.clone(),
            picture: kit_type.gallery().first().copied().cloned(),
            summary: summary(&kit_type.description),
            age: age(t, kit_type),
            screen: kit_type.screen,
            opinions: thought.map(|thought| opinions(t, thought)).unwrap_or_default(),
            course: course(t, kit_type),
            words: match words {
                Some(text) => Tag { color: "success", icon: "calendar", text },
                None if kit_type.kits == 0 => Tag { color: "neutral", icon: "clock", text: t.s("kits-period-no-kits") },
                None => Tag { color: "neutral", icon: "clock", text: t.s("kits-period-none") },
            },
        }
    }
}

/// What those who borrowed it think: how easy it was to begin, and whether they would borrow it again.
fn opinions(t: Texts, thought: &Opinion) -> Vec<String> {
    let easy = thought
        .mean()
        .filter(|_| thought.n >= FEWEST_ANSWERS)
        .map(|mean| t.a("kits-opinion-easy", &[("mean", decimal(mean, t.lang).into()), ("count", thought.n.into())]));
    let again = (thought.asked_again >= FEWEST_ANSWERS)
        .then(|| t.v("kits-opinion-again", "share", opinion(thought.again, thought.asked_again, t)));
    easy.into_iter().chain(again).collect()
}

/// That one must have completed a course, or several.
fn course(t: Texts, kit_type: &KitTypeView) -> Option<String> {
    let names: Vec<&str> = kit_type.courses.iter().map(|course| course.name.as_str()).collect();
    (!names.is_empty()).then(|| t.v("courses-asked", "course", names.join(", ")))
}

/// The first line of a text, shortened between two words.
fn summary(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let Some((end, _)) = line.char_indices().nth(SUMMARY) else { return line.to_owned() };
    let start = line.get(..end).unwrap_or_default();
    let words = start.rsplit_once(' ').map_or(start, |(words, _)| words);
    format!("{}…", words.trim_end_matches([' ', ',', '.', ';', ':']))
}

/// The ages that a kit type suits.
pub(super) fn age(t: Texts, kit_type: &KitTypeView) -> String {
    match (kit_type.age_from, kit_type.age_to) {
        (Some(from), Some(to)) => t.a("kits-age-between", &[("from", from.into()), ("to", to.into())]),
        (Some(from), None) => t.v("kits-age-from", "from", from),
        (None, Some(to)) => t.v("kits-age-to", "to", to),
        (None, None) => t.s("kits-age-any"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::text::Lang;

    #[test]
    fn a_summary_is_one_short_line() {
        assert_eq!(summary("Sex små bin.\nDe kör dit barnen pekar."), "Sex små bin.");
        assert_eq!(summary(&"å".repeat(200)).chars().count(), SUMMARY + 1);
        assert_eq!(summary(&"två. ".repeat(40)), format!("{}två…", "två. ".repeat(27)));
        assert_eq!(summary(""), "");
    }

    #[test]
    fn what_few_think_is_not_told() {
        let t = Texts::new(Lang::Sv);
        let few = Opinion { n: 4, sum: 20, again: 4, asked_again: 4 };
        assert!(opinions(t, &few).is_empty());
        let enough = Opinion { n: 5, sum: 23, again: 9, asked_again: 10 };
        assert_eq!(opinions(t, &enough), ["Lätt att komma igång: 4,6 av 5 (5 svar)", "90\u{a0}% skulle låna igen"]);
    }
}
