//! Kontor as its operator has it: the real program, that can be killed.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::database::{Backend, Copy};

/// A number that the environment sets for a run.
pub fn setting(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no settings of their own"
    )]
    std::env::var(name).ok()?.parse().ok()
}

/// A folder, a database, a command.
pub struct Installed {
    copy: Copy,
}

impl Installed {
    /// A small demo world.
    pub async fn new(name: &str, backend: &Backend) -> Installed {
        let copy = Copy::empty(backend).await;
        std::fs::create_dir_all(copy.folder()).unwrap();
        let installed = Installed { copy };
        let size = ["--accounts", "12", "--skus", "60", "--weeks", "4"];
        let seeded = installed.command(&["seed", "demo"]).args(size).output();
        let seeded = seeded.unwrap();
        assert!(seeded.status.success(), "{name}: {seeded:?}");
        installed
    }

    /// As `DATABASE_URL` has it.
    pub fn database(&self) -> &str {
        &self.copy.url
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kontor"));
        command
            .args(arguments)
            .current_dir(self.copy.folder())
            .env_clear()
            .env("DATABASE_URL", self.database())
            .env("KONTOR_MIGRATE", "on")
            .env("KONTOR_BIND", "127.0.0.1:0")
            .env("RUST_LOG", "error");
        command
    }

    /// Starts serving; gives the process and its address.
    pub fn serve(&self) -> Running {
        self.serve_with(&[])
    }

    /// As [`Installed::serve`], with more settings.
    pub fn serve_with(&self, settings: &[(&str, &str)]) -> Running {
        self.start("serve", settings, "listening on ")
    }

    /// Starts a worker.
    pub fn work(&self, settings: &[(&str, &str)]) -> Running {
        self.start("worker", settings, "working")
    }

    /// Starts the program, and waits for the line that says it is ready.
    fn start(&self, command: &str, settings: &[(&str, &str)], ready: &str) -> Running {
        let mut process = self
            .command(&[command])
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines
            .by_ref()
            .map(|line| line.unwrap())
            .find_map(|line| line.strip_prefix(ready).map(str::to_owned))
            .expect("the program did not start");
        // What is not read would fill the pipe and stop the server.
        std::thread::spawn(move || lines.for_each(drop));
        Running { process, url }
    }

    /// The key of the demo shop's program.
    pub fn key(&self) -> String {
        let folder = self.copy.folder();
        let places = [
            folder.join("demo-keys.json"),
            folder.join("var/demo-keys.json"),
        ];
        let text = places
            .iter()
            .find_map(|place| std::fs::read_to_string(place).ok());
        let keys: Value = serde_json::from_str(&text.unwrap()).unwrap();
        keys["account"].as_str().unwrap().to_owned()
    }

    /// Insists that `kontor check` finds nothing.
    pub fn check(&self) {
        let checked = self.command(&["check"]).output().unwrap();
        assert!(
            checked.status.success(),
            "{}",
            String::from_utf8_lossy(&checked.stdout)
        );
    }

    /// Trains the recommender: what was printed, or the complaint.
    pub fn train(&self) -> Result<String, String> {
        let trained = self.command(&["train"]).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        if trained.status.success() {
            Ok(text(trained.stdout))
        } else {
            assert_eq!(trained.status.code(), Some(1));
            Err(text(trained.stderr))
        }
    }

    /// Removes folder and database. Where a case fails, they stay, to be looked at.
    pub async fn remove(self) {
        self.copy.remove().await;
    }
}

/// A process that serves or works.
pub struct Running {
    process: Child,
    /// Where, if it serves.
    pub url: String,
}

impl Running {
    /// As a power cut would: no signal that could be caught.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// As its operator does; says how long it took. It is asked at once.
    pub fn stop(mut self) -> impl Future<Output = Duration> {
        let asked = Instant::now();
        let id = self.process.id().to_string();
        let done = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(done.success());
        async move {
            while self.process.try_wait().unwrap().is_none() {
                actix_web::rt::time::sleep(Duration::from_millis(20)).await;
            }
            asked.elapsed()
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
