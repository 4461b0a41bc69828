//! A mail server that answers as it is told, by the recipient's name.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use crate::mail::Mailer;

/// A mailer whose server says the same of every recipient, but that it hangs up on whoever is called
/// `poison`, and says nothing more to whoever is called `silent`.
pub fn always(answer: &'static str) -> Mailer {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || talk(stream, answer));
        }
    });
    let from = "orders@feldhof.example".parse().unwrap();
    Mailer::from_settings(Some(&url), "unused".into(), from).unwrap()
}

fn talk(mut stream: TcpStream, answer: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"220 here\r\n")?;
    while let Some(Ok(line)) = lines.next() {
        let word = line.split([' ', ':']).next().unwrap_or_default();
        let said = match word.to_ascii_uppercase().as_str() {
            "RCPT" if line.contains("<poison") => return Ok(()),
            "RCPT" if line.contains("<silent") => continue,
            "RCPT" => answer,
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let more = |line: std::io::Result<String>| line.is_ok_and(|line| line != ".");
                while lines.next().is_some_and(more) {}
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 well",
        };
        stream.write_all(format!("{said}\r\n").as_bytes())?;
    }
    Ok(())
}
