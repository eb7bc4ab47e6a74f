//! The sources, for tests that read them.

use std::path::Path;

/// A file of the project.
pub struct File {
    /// Below the project's folder.
    pub path: String,
    pub text: String,
}

impl File {
    /// Rust without comments, and without the unit tests at its end.
    pub fn code(&self) -> String {
        let text = self.text.split("#[cfg(test)]\n").next().unwrap_or_default();
        let lines = text.lines().map(|line| {
            let line = if line.trim_start().starts_with("//") { "" } else { line };
            format!("{line}\n")
        });
        lines.collect()
    }
}

/// One file.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The files below a folder, by path.
pub fn files(folder: &str) -> Vec<File> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
                found.push(File { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The files below a folder whose names end so.
pub fn files_ending(folder: &str, end: &str) -> Vec<File> {
    files(folder).into_iter().filter(|file| file.path.ends_with(end)).collect()
}
