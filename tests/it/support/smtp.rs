//! A real mail server on loopback, which keeps what it is sent.

use super::app::{Mail, mails_in};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Runs as long as this value lives.
pub struct MailServer {
    folder: TempDir,
    child: Child,
    /// For `DIGILADOR_SMTP_URL`.
    pub url: String,
}

impl MailServer {
    /// Starts on a port of its own.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support/smtp.py");
        // Debian's own Python: that is the one with Debian's aiosmtpd.
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        assert!(!port.is_empty(), "the mail server did not start; tests/run installs python3-aiosmtpd");
        Self { folder, child, url: format!("smtp://127.0.0.1:{}", port.trim()) }
    }

    /// What it was sent, in the order in which it came.
    pub fn mails(&self) -> Vec<Mail> {
        mails_in(self.folder.path())
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // A test is over either way.
        let _ = self.child.wait();
    }
}
