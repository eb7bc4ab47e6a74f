//! The start page, the catalogue and the label page: what borrowers meet, made of several features.
