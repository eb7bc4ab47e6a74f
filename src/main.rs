//! Starts the program; everything else is in the library.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// An answer is made of thousands of small pieces on one thread and thrown away on another, which takes the usual allocator of
/// Linux up to a quarter of the time of the answer.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    digilador::cli::run()
}
