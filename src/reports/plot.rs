//! Demand against worth, as a plot: where each kit type stands, in which of four fields, and which names have room. What is
//! drawn stands in a table beside it.

use crate::reports::rules::WORTH_IT;

/// How wide the plot is, in its own units.
pub const WIDTH: f64 = 720.0;
/// How high it is.
pub const HEIGHT: f64 = 460.0;
/// Where the axes stand.
const LEFT: f64 = 48.0;
const BOTTOM: f64 = 412.0;
const TOP: f64 = 16.0;
const RIGHT: f64 = 704.0;
/// How large a dot is, and the letters beside it.
const DOT: f64 = 7.0;
const LINE: f64 = 16.0;
const LETTER: f64 = 7.6;

/// A kit type to draw.
#[derive(Debug, Clone)]
pub struct Point {
    /// Its name.
    pub name: String,
    /// Where its figures are.
    pub href: String,
    /// Wishes for each kit.
    pub demand: f64,
    /// The mean of what it was worth, 1 to 5.
    pub worth: f64,
}

/// The plot: places in units of its own, from the upper left.
#[derive(Debug, Clone)]
pub struct Plot {
    /// The dots.
    pub dots: Vec<Dot>,
    /// Where the middle demand is.
    pub middle: String,
    /// Where worth begins.
    pub worth_it: String,
    /// Marks below, with their numbers.
    pub demands: Vec<Mark>,
    /// Marks at the left, with their numbers.
    pub worths: Vec<Mark>,
}

/// A number on an axis.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Its place along the axis.
    pub at: String,
    /// The number.
    pub number: f64,
}

/// A kit type's dot.
#[derive(Debug, Clone)]
pub struct Dot {
    /// What it shows.
    pub point: Point,
    /// Its place.
    pub x: String,
    /// Its place.
    pub y: String,
    /// Where its name stands, and from which end it is written; none where another name is in the way.
    pub name: Option<Name>,
}

/// Where a name stands.
#[derive(Debug, Clone)]
pub struct Name {
    /// Its place.
    pub x: String,
    /// Its place.
    pub y: String,
    /// `start` or `end`.
    pub anchor: &'static str,
}

#[derive(Clone, Copy)]
struct Place {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Place {
    fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// Draws kit types, given the middle demand of all of them.
pub fn plot(points: Vec<Point>, middle: f64) -> Plot {
    let most = points.iter().map(|point| point.demand).fold(middle, f64::max);
    let step = step(most);
    let end = (most / step).ceil().max(1.0) * step;
    let x = |demand: f64| LEFT + (RIGHT - LEFT) * (demand / end).clamp(0.0, 1.0);
    let y = |worth: f64| BOTTOM - (BOTTOM - TOP) * ((worth - 1.0) / 4.0).clamp(0.0, 1.0);
    let around = |point: &Point| {
        let (x, y) = (x(point.demand), y(point.worth));
        Place { left: x - DOT, top: y - DOT, right: x + DOT, bottom: y + DOT }
    };
    let mut taken: Vec<Place> = points.iter().map(around).collect();
    let dots = points.into_iter().map(|point| {
        let (x, y) = (x(point.demand), y(point.worth));
        let name = place_name(&point.name, (x, y), &mut taken);
        Dot { x: written(x), y: written(y), name, point }
    });
    let dots = dots.collect();
    let marks = (end / step).round() as u32;
    Plot {
        dots,
        middle: written(x(middle)),
        worth_it: written(y(WORTH_IT)),
        demands: (0..=marks)
            .map(|mark| f64::from(mark) * step)
            .map(|at| Mark { at: written(x(at)), number: at })
            .collect(),
        worths: (1..=5).map(f64::from).map(|at| Mark { at: written(y(at)), number: at }).collect(),
    }
}

/// A round distance between marks, so that there are five or so.
fn step(most: f64) -> f64 {
    let rough = (most / 5.0).max(0.1);
    let power = 10_f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    steps.iter().map(|step| step * power).find(|step| *step >= rough - 1e-9).unwrap_or(rough)
}

/// Beside the dot, on the side with room.
fn place_name(name: &str, (x, y): (f64, f64), taken: &mut Vec<Place>) -> Option<Name> {
    let width = name.chars().count() as f64 * LETTER;
    let gap = DOT + 4.0;
    let at = |left: f64, middle: f64| Place {
        left,
        top: middle - LINE / 2.0,
        right: left + width,
        bottom: middle + LINE / 2.0,
    };
    let sides = [(x + gap, y, "start"), (x - gap, y, "end"), (x, y - gap - 4.0, "start"), (x, y + gap + 6.0, "start")];
    for (from, middle, anchor) in sides {
        let place = at(if anchor == "end" { from - width } else { from }, middle);
        let inside = place.left >= LEFT && place.right <= WIDTH && place.top >= 0.0 && place.bottom <= BOTTOM;
        if inside && !taken.iter().any(|other| place.meets(other)) {
            taken.push(place);
            return Some(Name { x: written(from), y: written(middle + LINE / 3.0), anchor });
        }
    }
    None
}

fn written(place: f64) -> String {
    format!("{place:.1}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(name: &str, demand: f64, worth: f64) -> Point {
        Point { name: name.to_owned(), href: String::new(), demand, worth }
    }

    #[test]
    fn a_kit_type_stands_in_its_field() {
        let plot = plot(vec![point("Bee-Bot", 6.0, 4.5), point("Spike", 1.0, 2.0)], 3.0);
        let number = |text: &str| text.parse::<f64>().unwrap();
        let [bee_bot, spike] = plot.dots.as_slice() else { unreachable!() };
        assert!(number(&bee_bot.x) > number(&plot.middle) && number(&bee_bot.y) < number(&plot.worth_it));
        assert!(number(&spike.x) < number(&plot.middle) && number(&spike.y) > number(&plot.worth_it));
        let numbers: Vec<f64> = plot.demands.iter().map(|mark| mark.number).collect();
        assert_eq!(numbers, [0.0, 2.0, 4.0, 6.0]);
    }

    proptest! {
        #[test]
        fn nothing_is_drawn_outside_and_no_name_over_another(
            points in prop::collection::vec(("[a-zåäö ]{0,40}", 0.0..500.0_f64, 1.0..=5.0_f64), 0..60),
            middle in 0.0..500.0_f64,
        ) {
            let plot = plot(points.iter().map(|(name, demand, worth)| point(name, *demand, *worth)).collect(), middle);
            prop_assert_eq!(plot.dots.len(), points.len());
            let mut names: Vec<Place> = Vec::new();
            for dot in &plot.dots {
                let (x, y): (f64, f64) = (dot.x.parse().unwrap(), dot.y.parse().unwrap());
                prop_assert!((LEFT..=RIGHT).contains(&x) && (TOP..=BOTTOM).contains(&y));
                if let Some(name) = &dot.name {
                    let width = dot.point.name.chars().count() as f64 * LETTER;
                    let from: f64 = name.x.parse().unwrap();
                    let left = if name.anchor == "end" { from - width } else { from };
                    let top = name.y.parse::<f64>().unwrap() - LINE / 3.0 - LINE / 2.0;
                    let place = Place { left, top, right: left + width, bottom: top + LINE - 0.2 };
                    prop_assert!(left >= 0.0 && left + width <= WIDTH + 0.1);
                    let within = Place { left: left + 0.2, top: top + 0.2, ..place };
                    let free = !names.iter().any(|other| within.meets(other));
                    prop_assert!(width == 0.0 || free);
                    names.push(place);
                }
            }
            prop_assert!((2..=12).contains(&plot.demands.len()));
        }
    }
}
