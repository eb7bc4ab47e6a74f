//! A real printer on loopback: it speaks IPP, announces itself, and keeps what it prints as files.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use tempfile::TempDir;

/// What ippeveprinter announces itself through; it ends with this process, when its standard input closes.
static ANNOUNCER: OnceLock<(String, Child)> = OnceLock::new();

fn bus() -> &'static str {
    let (address, _) = ANNOUNCER.get_or_init(|| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/announcer");
        let mut child = Command::new(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(!address.is_empty(), "no announcer; tests/run installs avahi-daemon and dbus");
        (address.trim().to_owned(), child)
    });
    address
}

/// Prints as long as this value lives.
pub struct Printer {
    folder: TempDir,
    child: Option<Child>,
    port: u16,
    name: String,
    formats: &'static str,
}

impl Printer {
    /// Starts on a port of its own.
    pub fn start(name: &str, formats: &'static str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let name = name.to_owned();
        let mut printer = Self { folder: tempfile::tempdir().unwrap(), child: None, port, name, formats };
        printer.switch_on();
        printer
    }

    /// Where it prints.
    pub fn address(&self) -> String {
        format!("ipp://localhost:{}/ipp/print", self.port)
    }

    /// It answers from now on.
    pub fn switch_on(&mut self) {
        let child = Command::new("ippeveprinter")
            .args(["-p", &self.port.to_string(), "-n", "localhost", "-k", "-f", self.formats, "-d"])
            .arg(self.folder.path())
            .arg(&self.name)
            .env("DBUS_SYSTEM_BUS_ADDRESS", bus())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("ippeveprinter, see tests/run");
        self.child = Some(child);
        for _ in 0..100 {
            if TcpStream::connect(("localhost", self.port)).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the printer did not start");
    }

    /// It does not answer from now on.
    pub fn switch_off(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// What it has printed.
    pub fn printed(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "pdf"));
        files.sort();
        files
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.switch_off();
    }
}
