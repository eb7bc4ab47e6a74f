//! What a page of the reading room is asked for: a view, all of which stands in its address, to send to a colleague.

use crate::evaluations::search::query::Search;
use crate::platform::error::{Error, FieldError as WrongField};
use crate::platform::text::Texts;
use crate::platform::web::forms::{Choice, Errors, FieldError};
use crate::platform::web::page::query_value;
use chrono::NaiveDate;
use serde::Deserialize;

/// What is shown of all evaluations, by the name it has in an address; everything, for an empty one.
pub const SHOWN: [&str; 5] = ["unread", "", "starred", "offered", "shared"];

/// A view as the page's form sends it: an empty field narrows nothing, nor does a wrong one, which says so.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct View {
    /// Words.
    pub q: String,
    /// One of [`SHOWN`].
    pub show: String,
    /// A kit type's id.
    pub kit_type_id: String,
    /// A unit's id.
    pub unit_id: String,
    /// An area's name.
    pub area: String,
    /// An option of the question about ages.
    pub age: String,
    /// An option of the question about goals.
    pub goal: String,
    /// A scale question and its steps, as `fun:4-5`.
    pub score: String,
    /// A theme's id.
    pub theme_id: String,
    /// A day.
    pub from: String,
    /// A day.
    pub to: String,
    /// Something, when the page is to have its filters although nothing is chosen in them.
    pub filters: String,
    /// Where the list goes on.
    pub cursor: Option<String>,
}

impl View {
    fn fields(&self) -> [(&'static str, &str); 12] {
        [
            ("q", &self.q),
            ("show", &self.show),
            ("kit_type_id", &self.kit_type_id),
            ("unit_id", &self.unit_id),
            ("area", &self.area),
            ("age", &self.age),
            ("goal", &self.goal),
            ("score", &self.score),
            ("theme_id", &self.theme_id),
            ("from", &self.from),
            ("to", &self.to),
            ("filters", &self.filters),
        ]
    }

    /// True when anything is asked for in particular, besides what is shown.
    pub fn narrows(&self) -> bool {
        self.fields().iter().any(|(name, value)| !["show", "filters"].contains(name) && !value.trim().is_empty())
    }

    /// True when the page has its filters: they are asked for, or something is chosen in them. Without them it is much
    /// smaller, where there are many kit types and units.
    pub fn has_filters(&self) -> bool {
        self.fields().iter().any(|(name, value)| !["q", "show"].contains(name) && !value.is_empty())
    }

    /// The view without some fields, as in an address: with its question mark, or nothing.
    pub fn query_without(&self, without: &[&str]) -> String {
        let said = self.fields().into_iter().filter(|(name, value)| !value.is_empty() && !without.contains(name));
        let said: Vec<String> = said.map(|(name, value)| format!("{name}={}", query_value(value))).collect();
        if said.is_empty() { String::new() } else { format!("?{}", said.join("&")) }
    }

    /// What is asked for, and what is wrong with the period.
    ///
    /// # Errors
    /// Never, in truth: what is wrong with a field is told beside it.
    pub fn search(&self, t: Texts) -> Result<(Search, Errors), Error> {
        let (from, to, wrong) = period_said(&self.from, &self.to);
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.trim().is_empty());
        let score = self.score.split_once(':').and_then(|(question, steps)| {
            let (least, most) = steps.split_once('-')?;
            let step = |text: &str| text.parse::<i64>().ok().filter(|step| (1..=5).contains(step));
            Some((question.to_owned(), step(least)?, step(most)?))
        });
        let only = |name: &str| Some(self.show == name).filter(|only| *only);
        let search = Search {
            q: said(&self.q),
            kit_type_id: self.kit_type_id.parse().ok(),
            unit_id: self.unit_id.parse().ok(),
            area: said(&self.area),
            age: said(&self.age),
            goal: said(&self.goal),
            least: score.as_ref().map(|score| score.1),
            most: score.as_ref().map(|score| score.2),
            scale: score.map(|score| score.0),
            theme_id: self.theme_id.parse().ok(),
            starred: only("starred"),
            unread: only("unread"),
            offered: only("offered"),
            shared: only("shared"),
            from,
            to,
        };
        Ok((search, Errors::of(Error::invalid_fields(wrong), t)?))
    }
}

/// A period as two fields say it, and what is wrong with it.
fn period_said(from: &str, to: &str) -> (Option<NaiveDate>, Option<NaiveDate>, Vec<WrongField>) {
    let mut wrong = Vec::new();
    let mut day = |field: &str, text: &str| match text.parse::<NaiveDate>() {
        Ok(day) => Some(day),
        Err(_) => {
            wrong.extend((!text.is_empty()).then(|| WrongField::new(field, "field.day")));
            None
        }
    };
    let (from, mut to) = (day("from", from), day("to", to));
    if let (Some(first), Some(last)) = (from, to)
        && last < first
    {
        wrong.push(WrongField::new("to", "field.before").arg("first", first));
        to = None;
    }
    (from, to, wrong)
}

/// What is wrong with a period, with the labels of its fields.
pub fn summary_of(errors: Errors, t: Texts) -> Vec<FieldError> {
    errors.named(|field| t.find(&format!("evaluations-{field}")))
}

/// A list to choose from, whose first line narrows nothing.
pub fn narrowing(all: String, names: Vec<(String, String)>, chosen: &str) -> Vec<Choice> {
    let everything = Choice { value: String::new(), label: all, checked: chosen.is_empty() };
    let each = names.into_iter().map(|(value, label)| Choice { checked: value == chosen, value, label });
    std::iter::once(everything).chain(each).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::platform::text::Lang;

    #[test]
    fn a_view_is_its_address() {
        let view = View {
            q: "hår & tejp".to_owned(),
            show: "unread".to_owned(),
            score: "fun:1-2".to_owned(),
            from: "i går".to_owned(),
            ..View::default()
        };
        assert_eq!(view.query_without(&["from"]), "?q=h%C3%A5r%20%26%20tejp&show=unread&score=fun%3A1-2");
        assert_eq!(View::default().query_without(&[]), "");
        let (search, errors) = view.search(Texts::new(Lang::Sv)).unwrap();
        assert_eq!((search.scale.as_deref(), search.least, search.most), (Some("fun"), Some(1), Some(2)));
        assert_eq!((search.unread, search.starred, search.from), (Some(true), None, None));
        assert_eq!(errors.0.len(), 1);
    }
}
