//! What the benches share: a plain HTTP client that costs little, and a child process whose
//! processor time and memory the operating system accounts for.
#![allow(dead_code, reason = "each bench uses a part of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// One keep-alive connection.
pub struct Client {
    stream: BufReader<TcpStream>,
    pub cookie: String,
}

/// An answer: its status, cookies and body.
pub struct Answer {
    pub status: u16,
    pub cookies: Vec<String>,
    pub location: String,
    pub body: Vec<u8>,
}

impl Client {
    pub fn connect(address: &str) -> Client {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("nodelay");
        Client {
            stream: BufReader::new(stream),
            cookie: String::new(),
        }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {}\r\n\r\n",
            self.cookie
        ))
    }

    pub fn post(&mut self, path: &str, kind: &str, extra: &str, body: &str) -> Answer {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nHost: bench\r\nCookie: {}\r\nContent-Type: {kind}\r\n\
             {extra}Content-Length: {}\r\n\r\n{body}",
            self.cookie,
            body.len()
        ))
    }

    fn send(&mut self, request: &str) -> Answer {
        self.stream
            .get_mut()
            .write_all(request.as_bytes())
            .expect("written");
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("a status line");
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|s| s.parse().ok())
            .expect("a status");
        let mut answer = Answer {
            status,
            cookies: vec![],
            location: String::new(),
            body: vec![],
        };
        let mut length = 0;
        let mut chunked = false;
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("a header");
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            match name {
                "content-length" => length = value.parse().expect("a length"),
                "transfer-encoding" => chunked = value == "chunked",
                "location" => answer.location = value.to_owned(),
                "set-cookie" => {
                    answer
                        .cookies
                        .push(value.split(';').next().unwrap_or_default().to_owned());
                }
                _ => {}
            }
        }
        if chunked {
            loop {
                line.clear();
                self.stream.read_line(&mut line).expect("a chunk");
                let size = usize::from_str_radix(line.trim_end(), 16).expect("a chunk's size");
                let mut chunk = vec![0; size + 2];
                self.stream.read_exact(&mut chunk).expect("a chunk");
                if size == 0 {
                    break;
                }
                answer.body.extend_from_slice(&chunk[..size]);
            }
        } else {
            answer.body = vec![0; length];
            self.stream.read_exact(&mut answer.body).expect("a body");
        }
        answer
    }

    /// Signs in through the form, as a person does.
    pub fn sign_in(&mut self, email: &str, password: &str) {
        let page = self.get("/sign-in");
        self.cookie = page.cookies.join("; ");
        let token = token_of(&page.body);
        let body = format!("csrf={token}&email={email}&password={password}&next=/");
        let done = self.post("/sign-in", "application/x-www-form-urlencoded", "", &body);
        assert_eq!(done.status, 303, "signing in failed");
        self.cookie = format!("{}; {}", self.cookie, done.cookies.join("; "));
    }
}

/// The token of a page's forms.
pub fn token_of(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let after = text.split("name=\"csrf\" value=\"").nth(1).expect("a form");
    after.split('"').next().unwrap_or_default().to_owned()
}

/// A server in a process of its own.
pub struct Server {
    pub child: Child,
    pub address: String,
}

impl Server {
    /// Starts `program` and waits for its line `listening on http://…`.
    pub fn start(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Server {
        let mut child = Command::new(program)
            .args(arguments)
            .envs(environment.iter().copied())
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let address = lines
            .find_map(|line| {
                line.ok()?
                    .strip_prefix("listening on http://")
                    .map(str::to_owned)
            })
            .expect("an address");
        // What it prints later is read and dropped, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, address }
    }

    /// Processor seconds it has used.
    pub fn cpu_seconds(&self) -> f64 {
        cpu_seconds(self.child.id())
    }

    /// Proportional set size in MiB.
    pub fn memory_mib(&self) -> f64 {
        let path = format!("/proc/{}/smaps_rollup", self.child.id());
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let line = text
            .lines()
            .find(|line| line.starts_with("Pss:"))
            .unwrap_or_default();
        let kib: f64 = line
            .split_whitespace()
            .nth(1)
            .and_then(|n| n.parse().ok())
            .unwrap_or(f64::NAN);
        kib / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor seconds of a process, by the operating system's accounts.
pub fn cpu_seconds(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|n| n.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    (ticks(11) + ticks(12)) / 100.0
}

/// Processor seconds of every PostgreSQL process on this machine.
pub fn postgres_cpu_seconds() -> f64 {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return 0.0;
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| {
            std::fs::read_to_string(format!("/proc/{pid}/comm"))
                .is_ok_and(|name| name.trim() == "postgres")
        })
        .map(cpu_seconds)
        .sum()
}

/// What a load gave.
pub struct Measured {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub requests: usize,
}

/// Sends `path` over `connections` for `time`; every answer must be 200.
pub fn load(
    address: &str,
    cookie: &str,
    path: &str,
    connections: usize,
    time: Duration,
) -> Measured {
    let begin = Instant::now();
    let threads: Vec<_> = (0..connections)
        .map(|_| {
            let (address, cookie, path) = (address.to_owned(), cookie.to_owned(), path.to_owned());
            std::thread::spawn(move || {
                let mut client = Client::connect(&address);
                client.cookie = cookie;
                let mut took = Vec::new();
                while begin.elapsed() < time {
                    let one = Instant::now();
                    let answer = client.get(&path);
                    assert_eq!(answer.status, 200, "{path}");
                    took.push(one.elapsed().as_secs_f64() * 1000.0);
                }
                took
            })
        })
        .collect();
    let mut took: Vec<f64> = threads
        .into_iter()
        .flat_map(|thread| thread.join().expect("no panic"))
        .collect();
    let seconds = begin.elapsed().as_secs_f64();
    took.sort_by(f64::total_cmp);
    Measured {
        per_second: took.len() as f64 / seconds,
        p50_ms: percentile(&took, 0.5),
        p95_ms: percentile(&took, 0.95),
        requests: took.len(),
    }
}

/// The value below which that share of the sorted values lies.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let at = ((sorted.len() as f64) * share).ceil() as usize;
    sorted
        .get(at.saturating_sub(1))
        .copied()
        .unwrap_or(f64::NAN)
}
