//! Pages for the warehouse, made of several features; no rules of their own.
