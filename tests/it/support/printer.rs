//! A real printer on loopback: it speaks IPP, announces itself, and keeps what it prints as files.

use super::actors::client;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

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

/// What ipptool asks it.
const QUESTION: &str = "{
    OPERATION Get-Jobs
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR language attributes-natural-language en
    ATTR uri printer-uri $uri
    ATTR keyword which-jobs completed
    ATTR keyword requested-attributes all
}
";

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

    /// It answers from now on. It prints in colour, and so on photo paper, too: small sheets, as a
    /// roll's; and on both sides.
    pub fn switch_on(&mut self) {
        let child = Command::new("ippeveprinter")
            .args(["-p", &self.port.to_string(), "-n", "localhost", "-k", "-2", "-s", "10,5", "-f", self.formats, "-d"])
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

    /// How it was told to print what it has printed.
    pub fn told(&self) -> String {
        let question = self.folder.path().join("question");
        std::fs::write(&question, QUESTION).unwrap();
        let answer = Command::new("ipptool").arg("-tv").arg(self.address()).arg(question).output().unwrap();
        String::from_utf8(answer.stdout).unwrap()
    }

    /// What it has printed.
    pub fn printed(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "pdf" || extension == "pwg"));
        files.sort();
        files
    }
}

/// A page of dots that was printed, as another program reads it.
pub struct Dots {
    /// Kind of file, paper, dots in an inch both ways, dots in width and height, bits of a dot, space of colours.
    pub facts: String,
    /// As PNG.
    pub picture: PathBuf,
}

/// The pages of a PWG Raster file.
pub fn dots(file: &Path) -> Vec<Dots> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support/read_pages.py");
    let read = Command::new("/usr/bin/python3").arg(script).arg(file).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let page = |(number, facts): (usize, &str)| Dots {
        facts: facts.to_owned(),
        picture: PathBuf::from(format!("{}-{number}.png", file.display())),
    };
    String::from_utf8(read.stdout).unwrap().lines().enumerate().map(page).collect()
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.switch_off();
    }
}

/// Stands before a printer and passes on what is asked; the answer to the first print is lost on the way back.
pub struct BadLine {
    port: u16,
    task: tokio::task::JoinHandle<()>,
}

impl BadLine {
    /// Starts on a port of its own.
    pub async fn to(printer: &Printer) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let printer = printer.address().replace("ipp://", "http://");
        let task = tokio::spawn(async move {
            let mut lost = false;
            while let Ok((mut stream, _)) = listener.accept().await {
                let asked = body(&mut stream).await;
                // The operation of an IPP request (RFC 8010 §3.1.1): 2 is Print-Job.
                let prints = asked.get(2..4) == Some(&[0, 2]);
                let request =
                    client().build().unwrap().post(&printer).header("content-type", "application/ipp").body(asked);
                let answer = request.send().await.unwrap().bytes().await.unwrap();
                let head = if prints && !std::mem::replace(&mut lost, true) {
                    "HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".to_owned()
                } else {
                    let length = answer.len();
                    format!(
                        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/ipp\r\ncontent-length: {length}\r\n\r\n"
                    )
                };
                let sent = if head.contains("502") { Vec::new() } else { answer.to_vec() };
                stream.write_all(&[head.as_bytes(), &sent].concat()).await.unwrap();
            }
        });
        Self { port, task }
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("ipp://127.0.0.1:{}/ipp/print", self.port)
    }
}

impl Drop for BadLine {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The body of a request.
async fn body(stream: &mut tokio::net::TcpStream) -> Vec<u8> {
    let (mut read, mut part) = (Vec::new(), [0; 65536]);
    loop {
        let count = stream.read(&mut part).await.unwrap();
        read.extend_from_slice(&part[..count]);
        if let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
            if read.len() >= end + 4 + length {
                return read.split_off(end + 4);
            }
        }
        assert!(count > 0, "the request was cut off");
    }
}
