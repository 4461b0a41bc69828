//! A stand-in for other people's servers: it keeps what it is told and answers as it was asked to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Heard {
    pub path: String,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Heard {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// Kind and order of what it tells.
    pub fn of_order(&self) -> (String, String) {
        let order = self.json()["data"]["order"].as_str().unwrap().to_owned();
        (self.kind(), order)
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Whether one of its signatures is good for a secret, reckoned as the specification says and
    /// not as Kontor does.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD
            .decode(secret.strip_prefix("whsec_").unwrap())
            .unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(self.header("webhook-id").as_bytes());
        mac.update(b".");
        mac.update(self.header("webhook-timestamp").as_bytes());
        mac.update(b".");
        mac.update(&self.body);
        let good = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        let mut signatures = self.header("webhook-signature").split(' ');
        signatures.any(|signature| signature == good)
    }
}

/// What it is to say.
#[derive(Debug, Clone)]
pub struct Says {
    pub status: u16,
    pub headers: String,
    pub body: String,
}

pub fn status(status: u16) -> Says {
    Says {
        status,
        headers: String::new(),
        body: String::new(),
    }
}

#[derive(Default)]
struct State {
    heard: Vec<Heard>,
    /// Said one after the other; then 204.
    says: VecDeque<Says>,
    always: Option<Says>,
    /// Nothing is said before this is true.
    gate: Option<watch::Receiver<bool>>,
}

/// The server. It ends with the test.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    pub async fn start() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Receiver {
            url: format!("http://{}/in", listener.local_addr().unwrap()),
            state: Arc::default(),
        };
        let state = Arc::clone(&receiver.state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&state)));
            }
        });
        receiver
    }

    /// What it says next, one after the other; 204 after that.
    pub fn says(&self, says: impl IntoIterator<Item = Says>) {
        self.state.lock().unwrap().says.extend(says);
    }

    /// What it says from now on, whenever nothing else is to be said.
    pub fn says_always(&self, says: Option<Says>) {
        self.state.lock().unwrap().always = says;
    }

    /// It says nothing until it is let go.
    pub fn waits(&self) -> watch::Sender<bool> {
        let (let_go, gate) = watch::channel(false);
        self.state.lock().unwrap().gate = Some(gate);
        let_go
    }

    /// How much it has heard since it was asked last.
    pub fn count(&self) -> usize {
        self.state.lock().unwrap().heard.len()
    }

    /// What it has heard since it was asked last.
    pub fn heard(&self) -> Vec<Heard> {
        std::mem::take(&mut self.state.lock().unwrap().heard)
    }
}

async fn answer(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let Some(heard) = read(&mut stream).await else {
        return;
    };
    let (says, gate) = {
        let mut state = state.lock().unwrap();
        state.heard.push(heard);
        let gate = state.gate.clone();
        let always = state.always.clone();
        let next = state.says.pop_front();
        (next.or(always).unwrap_or_else(|| status(204)), gate)
    };
    if let Some(mut gate) = gate {
        let _ = gate.wait_for(|open| *open).await;
    }
    let said = format!(
        "HTTP/1.1 {} X\r\n{}content-length: {}\r\nconnection: close\r\n\r\n{}",
        says.status,
        says.headers,
        says.body.len(),
        says.body
    );
    let _ = stream.write_all(said.as_bytes()).await;
}

async fn read(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let end = loop {
        let mut part = [0; 4_096];
        let count = stream.read(&mut part).await.ok()?;
        bytes.extend_from_slice(&part[..count]);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        match end {
            Some(end) => break end,
            None if count == 0 => return None,
            None => {}
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length")?.parse().ok()?;
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length {
        let mut part = [0; 4_096];
        let count = stream.read(&mut part).await.ok()?;
        body.extend_from_slice(&part[..count]);
    }
    Some(Heard {
        path,
        headers,
        body,
    })
}
