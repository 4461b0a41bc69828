//! A mail server of the tests' own: it counts what it takes, puts off or refuses whom it is told to,
//! and can be killed and started again where it was.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What it has taken, whether or not whoever sent it heard so.
#[derive(Default)]
struct Books {
    /// How often each message came, by its id without what stands behind the `@`.
    taken: BTreeMap<String, u32>,
    /// Those whom it has told to come again.
    put_off: BTreeSet<String>,
}

/// The server.
pub struct Smtp {
    address: SocketAddr,
    books: Arc<Mutex<Books>>,
    /// How long it takes over each mail.
    pace: Duration,
    running: Option<Running>,
}

/// Each conversation, and the thread that holds it.
type Talks = Arc<Mutex<Vec<(TcpStream, JoinHandle<()>)>>>;

struct Running {
    stop: Arc<AtomicBool>,
    talks: Talks,
    listening: JoinHandle<()>,
}

impl Smtp {
    /// Listens on a free port.
    pub fn start(pace: Duration) -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut smtp = Smtp {
            address: listener.local_addr().unwrap(),
            books: Arc::default(),
            pace,
            running: None,
        };
        smtp.run(listener);
        smtp
    }

    /// As `SMTP_URL` has it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// How often each message was taken.
    pub fn taken(&self) -> BTreeMap<String, u32> {
        self.books.lock().unwrap().taken.clone()
    }

    /// Cuts every conversation where it is. What was taken and not answered is taken.
    pub fn kill(&mut self) {
        let running = self.running.take().unwrap();
        running.stop.store(true, Ordering::SeqCst);
        // Wakes whoever waits for a connection.
        let _ = TcpStream::connect(self.address);
        running.listening.join().unwrap();
        let talks = std::mem::take(&mut *running.talks.lock().unwrap());
        for (stream, _) in &talks {
            let _ = stream.shutdown(Shutdown::Both);
        }
        for (_, talk) in talks {
            talk.join().unwrap();
        }
    }

    /// Listens again, where it did before.
    pub fn restart(&mut self) {
        let listener = TcpListener::bind(self.address).unwrap();
        self.run(listener);
    }

    fn run(&mut self, listener: TcpListener) {
        let stop = Arc::new(AtomicBool::new(false));
        let talks: Arc<Mutex<Vec<_>>> = Arc::default();
        let (stopped, kept) = (Arc::clone(&stop), Arc::clone(&talks));
        let (books, pace) = (Arc::clone(&self.books), self.pace);
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let other = stream.try_clone().unwrap();
                let books = Arc::clone(&books);
                let talk = std::thread::spawn(move || {
                    // It ends when either side hangs up.
                    let _ = talk(stream, &books, pace);
                });
                kept.lock().unwrap().push((other, talk));
            }
        });
        self.running = Some(Running {
            stop,
            talks,
            listening,
        });
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.kill();
        }
    }
}

fn talk(mut stream: TcpStream, books: &Mutex<Books>, pace: Duration) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"220 sink\r\n")?;
    while let Some(Ok(line)) = lines.next() {
        let word = line.split([' ', ':']).next().unwrap_or_default();
        let answer = match word.to_ascii_uppercase().as_str() {
            "EHLO" => "250-sink\r\n250 8BITMIME".to_owned(),
            "RCPT" => receive(&line, books).to_owned(),
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let Some(id) = message_id(&mut lines) else {
                    return Ok(());
                };
                std::thread::sleep(pace);
                *books.lock().unwrap().taken.entry(id).or_default() += 1;
                "250 taken".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 well".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}

/// Whoever begins with `later` is put off the first time, whoever begins with `gone` is refused.
fn receive(line: &str, books: &Mutex<Books>) -> &'static str {
    let address = line.split(['<', '>']).nth(1).unwrap_or_default();
    if address.starts_with("gone") {
        return "550 5.1.1 no such box";
    }
    let is_first = || books.lock().unwrap().put_off.insert(address.to_owned());
    if address.starts_with("later") && is_first() {
        return "451 4.7.1 come again";
    }
    "250 well"
}

/// Reads a message to its end; none where it breaks off before.
fn message_id(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> Option<String> {
    let mut id = None;
    for line in lines {
        let line = line.ok()?;
        if line == "." {
            return id;
        }
        if let Some(word) = line.strip_prefix("Message-ID: <").filter(|_| id.is_none()) {
            id = word.split('@').next().map(str::to_owned);
        }
    }
    None
}
