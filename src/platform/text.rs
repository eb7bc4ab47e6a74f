//! Texts that people see: Swedish, English and Danish, from `assets/locales`, with days and weeks as each writes them.

use crate::platform::db::types::{Instant, text_enum};
use crate::platform::error::{Arg, FieldError, Problem};
use crate::platform::term::Term;
use chrono::{Datelike, NaiveDate};
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::static_loader;
use std::collections::HashMap;
use unic_langid::{LanguageIdentifier, langid};

static_loader! {
    static TEXTS = {
        locales: "./assets/locales",
        fallback_language: "sv",
        // The marks around values that Fluent adds for mixed directions show up as boxes in mail and labels.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static SV: LanguageIdentifier = langid!("sv");
static EN: LanguageIdentifier = langid!("en");
static DA: LanguageIdentifier = langid!("da");

text_enum! {
    /// A language that the program speaks.
    pub enum Lang {
        /// Swedish
        Sv = "sv",
        /// English
        En = "en",
        /// Danish
        Da = "da",
    }
}

impl Lang {
    /// The best of ours for an `Accept-Language` header; Swedish when none fits.
    pub fn negotiate(header: &str) -> Self {
        let mut wishes: Vec<(f32, Self)> = header
            .split(',')
            .filter_map(|wish| {
                let (tag, parameters) = wish.split_once(';').unwrap_or((wish, "q=1"));
                let language = tag.trim().split('-').next()?.parse().ok()?;
                Some((parameters.trim().strip_prefix("q=")?.trim().parse().ok()?, language))
            })
            .filter(|wish| wish.0 > 0.0)
            .collect();
        wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
        wishes.first().map_or(Self::Sv, |wish| wish.1)
    }

    /// Its name, in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sv => "Svenska",
            Self::En => "English",
            Self::Da => "Dansk",
        }
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Self::Sv => &SV,
            Self::En => &EN,
            Self::Da => &DA,
        }
    }
}

/// Texts in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    /// The language.
    pub lang: Lang,
}

impl Texts {
    /// Texts in this language.
    pub fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// The text with this key; the key itself when there is none, which a test keeps from happening.
    pub fn s(&self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| key.to_owned())
    }

    /// The text with this key, if there is one.
    pub fn find(&self, key: &str) -> Option<String> {
        self.looked_up(key, None)
    }

    /// A text that mentions one value.
    pub fn v(&self, key: &str, name: &'static str, value: impl Into<Arg>) -> String {
        self.a(key, &[(name, value.into())])
    }

    /// A text that mentions several values.
    pub fn a<const N: usize>(&self, key: &str, args: &[(&'static str, Arg); N]) -> String {
        self.with(key, args)
    }

    fn with(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        let values: HashMap<&str, FluentValue<'_>> =
            args.iter().map(|(name, value)| (*name, self.value(value))).collect();
        self.looked_up(key, Some(&values)).unwrap_or_else(|| key.to_owned())
    }

    /// The text in this language, or else in Swedish. The loader's own way to fall back weighs all languages against each
    /// other anew for each text, of which a page has hundreds.
    fn looked_up(&self, key: &str, values: Option<&HashMap<&str, FluentValue<'_>>>) -> Option<String> {
        let own = |lang: Lang| TEXTS.lookup_single_language(lang.id(), key, values).ok();
        own(self.lang).or_else(|| own(Lang::Sv))
    }

    fn value<'a>(&self, arg: &'a Arg) -> FluentValue<'a> {
        match arg {
            Arg::Text(text) => FluentValue::from(text.as_str()),
            Arg::Number(number) => FluentValue::from(*number),
            Arg::Day(day) => FluentValue::from(self.day(*day)),
            Arg::Date(day) => FluentValue::from(self.date(*day)),
            Arg::Key(key) => FluentValue::from(self.s(key)),
        }
    }

    /// What a problem tells the user: what happened, and what to do.
    pub fn problem(&self, problem: &Problem) -> String {
        self.with(&error_key(problem.code), &problem.args)
    }

    /// What is wrong with a field.
    pub fn field(&self, field: &FieldError) -> String {
        self.with(&error_key(field.code), &field.args)
    }

    /// A day with its weekday: "tis 4 nov"; the year is added when it is not this one of the reader's concern.
    pub fn day(&self, day: NaiveDate) -> String {
        let weekday = self.s(&format!("weekday-{}", day.weekday().number_from_monday()));
        let month = self.s(&format!("month-{}", day.month()));
        self.a("day", &[("weekday", weekday.into()), ("day", i64::from(day.day()).into()), ("month", month.into())])
    }

    /// A day with its year: "4 nov 2026".
    pub fn date(&self, day: NaiveDate) -> String {
        let month = self.s(&format!("month-{}", day.month()));
        let year = day.year().to_string();
        self.a("date", &[("day", i64::from(day.day()).into()), ("month", month.into()), ("year", year.into())])
    }

    /// The ISO week of a day: "v. 43".
    pub fn week(&self, day: NaiveDate) -> String {
        self.v("week", "week", i64::from(day.iso_week().week()))
    }

    /// The ISO weeks a period touches: "v. 43" or "v. 43–45".
    pub fn weeks(&self, first: NaiveDate, last: NaiveDate) -> String {
        if first.iso_week() == last.iso_week() {
            self.week(first)
        } else {
            let to = i64::from(last.iso_week().week());
            self.a("weeks", &[("from", i64::from(first.iso_week().week()).into()), ("to", to.into())])
        }
    }

    /// The month of a day, with its year: "nov 2026".
    pub fn month(&self, day: NaiveDate) -> String {
        format!("{} {}", self.s(&format!("month-{}", day.month())), day.year())
    }

    /// A term: "hösten 2026".
    pub fn term(&self, term: Term) -> String {
        self.v(if term.is_autumn() { "term-autumn" } else { "term-spring" }, "year", term.year().to_string())
    }

    /// Days without their weekdays: "19–25 okt", or "26 okt – 1 nov".
    pub fn dates(&self, first: NaiveDate, last: NaiveDate) -> String {
        let month = |day: NaiveDate| self.s(&format!("month-{}", day.month()));
        if first == last {
            format!("{} {}", first.day(), month(first))
        } else if (first.year(), first.month()) == (last.year(), last.month()) {
            format!("{}–{} {}", first.day(), last.day(), month(last))
        } else {
            format!("{} {} – {} {}", first.day(), month(first), last.day(), month(last))
        }
    }

    /// Money in hundredths: "1 250,50 kr".
    pub fn money(&self, hundredths: i64) -> String {
        self.v("money", "amount", amount(hundredths))
    }

    /// A moment in a time zone: "4 nov 2026 13.05".
    pub fn moment(&self, at: Instant, zone: chrono_tz::Tz) -> String {
        let local = at.utc().with_timezone(&zone);
        format!("{} {}", self.date(local.date_naive()), local.format("%H.%M"))
    }
}

/// An amount in hundredths, as it is read: "1 250,50".
pub fn amount(hundredths: i64) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    let digits = whole.to_string();
    let grouped: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|some| std::str::from_utf8(some).ok()).collect();
    let whole = grouped.join("\u{a0}");
    if part == 0 { whole } else { format!("{whole},{part:02}") }
}

/// The key of a code's text.
pub fn error_key(code: &str) -> String {
    format!("error-{}", code.replace('.', "-"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_s_first_wish_that_we_speak_is_taken() {
        assert_eq!(Lang::negotiate("fr-FR,da;q=0.8,en;q=0.9"), Lang::En);
        assert_eq!(Lang::negotiate("sv-SE,sv;q=0.9,en;q=0.8"), Lang::Sv);
        assert_eq!(Lang::negotiate("da"), Lang::Da);
        assert_eq!(Lang::negotiate("en;q=0, da; q=0.1"), Lang::Da);
        for odd in ["", "*", ";;q=,", "en;q=x", "en;q=0", "de"] {
            assert_eq!(Lang::negotiate(odd), Lang::Sv, "{odd}");
        }
    }

    #[test]
    fn amounts_are_read_in_groups() {
        assert_eq!(amount(0), "0");
        assert_eq!(amount(4_950), "49,50");
        assert_eq!(amount(125_000_005), "1\u{a0}250\u{a0}000,05");
    }

    #[test]
    fn days_and_weeks_are_written_as_each_language_does() {
        let day: NaiveDate = "2026-11-03".parse().unwrap();
        let sv = Texts::new(Lang::Sv);
        assert_eq!(sv.day(day), "tis 3 nov");
        assert_eq!(sv.week(day), "v. 45");
        assert_eq!(sv.weeks(day, "2026-11-24".parse().unwrap()), "v. 45–48");
        assert_eq!(Texts::new(Lang::Da).week(day), "uge 45");
        assert_eq!(sv.dates(day, "2026-11-08".parse().unwrap()), "3–8 nov");
        assert_eq!(sv.dates("2026-10-26".parse().unwrap(), "2026-11-01".parse().unwrap()), "26 okt – 1 nov");
        // The last days of 2026 and the first of 2027 are one week, number 53.
        assert_eq!(sv.weeks("2026-12-28".parse().unwrap(), "2027-01-03".parse().unwrap()), "v. 53");
    }
}
