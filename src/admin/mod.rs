//! Pages for administrators, made of several features; no rules of their own.
