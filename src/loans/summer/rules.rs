//! What a kit needs before it stands for months.

use crate::kits::rules::PowerSource;
use crate::platform::db::types::text_enum;

text_enum! {
    /// What is done with a kit before it stands for months.
    pub enum Care {
        /// Its batteries are taken out: they leak.
        BatteriesOut = "batteries_out",
        /// It is charged half full and its charger laid in: batteries that lie empty die.
        Charge = "charge",
    }
}

/// What a kit that runs on this needs, if anything.
pub fn care(source: PowerSource) -> Option<Care> {
    match source {
        PowerSource::Batteries => Some(Care::BatteriesOut),
        PowerSource::Rechargeable => Some(Care::Charge),
        PowerSource::None | PowerSource::Mains => None,
    }
}
