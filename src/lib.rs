//! Lending system for digilådor.
