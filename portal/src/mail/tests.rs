use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use proptest::prelude::*;

use super::*;

fn from() -> Mailbox {
    Mailbox::new(
        Some("Nordlicht, \"Kaffee\" & Söhne".to_owned()),
        "orders@nordlicht.example".parse().unwrap(),
    )
}

fn mail() -> OutgoingMail {
    OutgoingMail {
        to_email: "ina@laden.example".to_owned(),
        to_name: Some("Ina Petersen".to_owned()),
        subject: "Your order K-1001".to_owned(),
        text: "Thank you.".to_owned(),
        html: "<p>Thank you.</p>".to_owned(),
        message_id: "018f-1@kontor.example".to_owned(),
        headers: Vec::new(),
        attachments: Vec::new(),
    }
}

fn pdf() -> Attachment {
    Attachment {
        name: "Auftragsbestätigung K-1001.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: b"%PDF-1.7 \x00\xff".to_vec(),
    }
}

fn eml(mail: &OutgoingMail) -> String {
    String::from_utf8(message(mail, &from()).unwrap().formatted()).unwrap()
}

/// The header lines before the first empty line, unfolded.
fn headers(eml: &str) -> Vec<String> {
    let (head, _) = eml.split_once("\r\n\r\n").unwrap();
    head.replace("\r\n ", " ")
        .split("\r\n")
        .map(str::to_owned)
        .collect()
}

/// A mail server for one conversation; hands back every line it was told.
fn server(rcpt_answer: &'static str) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || converse(&listener.accept().unwrap().0, rcpt_answer));
    (url, heard)
}

fn converse(mut stream: &TcpStream, rcpt_answer: &str) -> Vec<String> {
    let mut heard = Vec::new();
    let mut in_message = false;
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    stream.write_all(b"220 sink.example\r\n").unwrap();
    for line in lines.map_while(Result::ok) {
        let answer = match line.split_whitespace().next().unwrap_or("") {
            "." => "250 taken",
            _ if in_message => "",
            "RCPT" => rcpt_answer,
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 sink.example",
        };
        in_message = answer.is_empty() || answer.starts_with("354");
        heard.push(line);
        if !answer.is_empty()
            && stream
                .write_all(format!("{answer}\r\n").as_bytes())
                .is_err()
        {
            break;
        }
    }
    heard
}

/// The connections of a dropped mailer close on its runtime, which must therefore not be blocked.
async fn everything(heard: JoinHandle<Vec<String>>) -> Vec<String> {
    tokio::task::spawn_blocking(|| heard.join().unwrap())
        .await
        .unwrap()
}

async fn send_to(rcpt_answer: &'static str) -> (Result<(), MailError>, Vec<String>) {
    let (url, heard) = server(rcpt_answer);
    let mailer = Mailer::from_settings(Some(&url), PathBuf::new(), from()).unwrap();
    let sent = mailer.send(&mail()).await;
    drop(mailer);
    (sent, everything(heard).await)
}

#[test]
fn a_message_has_a_plain_and_an_html_form() {
    let eml = eml(&mail());
    let headers = headers(&eml);
    assert!(
        headers.contains(&"To: \"Ina Petersen\" <ina@laden.example>".to_owned()),
        "{headers:?}"
    );
    assert!(headers.contains(&"Subject: Your order K-1001".to_owned()));
    assert!(headers.contains(&"Message-ID: <018f-1@kontor.example>".to_owned()));
    assert!(
        headers
            .iter()
            .any(|line| line.starts_with("Content-Type: multipart/alternative;"))
    );
    assert!(
        headers
            .iter()
            .any(|line| line.starts_with("From: ") && line.ends_with("<orders@nordlicht.example>"))
    );
    assert!(eml.contains("Content-Type: text/plain; charset=utf-8"));
    assert!(eml.contains("Content-Type: text/html; charset=utf-8"));
}

#[test]
fn an_attachment_keeps_its_name_and_bytes() {
    let eml = eml(&OutgoingMail {
        attachments: vec![pdf()],
        ..mail()
    });
    assert!(
        headers(&eml)
            .iter()
            .any(|line| line.starts_with("Content-Type: multipart/mixed;"))
    );
    assert!(eml.contains("Content-Type: application/pdf"));
    assert!(
        eml.contains("utf-8''Auftragsbest%C3%A4tigung%20K-1001.pdf"),
        "{eml}"
    );
    assert!(eml.contains("JVBERi0xLjcgAP8="), "base64 of the bytes");
}

#[test]
fn a_long_unsubscribe_link_stays_whole() {
    let link = format!("<https://kontor.example/unsubscribe/{}>", "a".repeat(200));
    let header = ("List-Unsubscribe".to_owned(), link.clone());
    let eml = eml(&OutgoingMail {
        headers: vec![header],
        ..mail()
    });
    assert!(eml.contains(&link));
}

#[test]
fn line_breaks_in_people_s_text_start_no_header() {
    let hostile = OutgoingMail {
        subject: "Order\r\nBcc: thief@evil.example\r\n\r\n<script>".to_owned(),
        to_name: Some("Ina\r\nBcc: thief@evil.example".to_owned()),
        attachments: vec![Attachment {
            name: "a\r\nBcc: x@evil.example\".pdf".to_owned(),
            ..pdf()
        }],
        ..mail()
    };
    let eml = eml(&hostile);
    assert!(
        !eml.lines()
            .any(|line| line.to_ascii_lowercase().starts_with("bcc")),
        "{eml}"
    );
    assert!(headers(&eml).contains(&"Subject: Order Bcc: thief@evil.example <script>".to_owned()));
    let message = message(&hostile, &from()).unwrap();
    assert_eq!(
        message.envelope().to(),
        ["ina@laden.example".parse::<Address>().unwrap()]
    );
}

#[test]
fn headers_that_break_the_message_are_refused_for_good() {
    for (name, value) in [
        ("X-A\r\nBcc", "thief@evil.example"),
        ("X-A", "b\r\nBcc: thief@evil.example"),
        ("X-A", "b\nBcc: thief@evil.example"),
        ("BCC", "thief@evil.example"),
        ("Content-Type", "text/html"),
        ("", "x"),
        ("X-Ä", "x"),
    ] {
        let headers = vec![(name.to_owned(), value.to_owned())];
        let fault = message(&OutgoingMail { headers, ..mail() }, &from()).unwrap_err();
        assert!(
            matches!(fault, MailError::Header { .. }),
            "{name:?}: {fault}"
        );
        assert!(fault.is_permanent());
    }
}

#[test]
fn a_bad_address_id_or_media_type_is_refused_for_good() {
    for to_email in [
        "",
        "ina",
        "ina@",
        "a@b@c.example",
        "ina@laden.example\r\nRCPT TO:<x@evil.example>",
        "<ina@laden.example>",
    ] {
        let fault = message(
            &OutgoingMail {
                to_email: to_email.to_owned(),
                ..mail()
            },
            &from(),
        );
        let fault = fault.unwrap_err();
        assert!(
            matches!(fault, MailError::Recipient),
            "{to_email:?}: {fault}"
        );
        assert!(fault.is_permanent());
    }
    for message_id in [
        "",
        "x",
        "@x",
        "../../etc@x",
        "a/b@x",
        "a@x/../y",
        "a@b@c",
        ".a@b",
        "a\r\n@b",
        "<a@b>",
    ] {
        let fault = message(
            &OutgoingMail {
                message_id: message_id.to_owned(),
                ..mail()
            },
            &from(),
        );
        assert!(
            matches!(fault.unwrap_err(), MailError::MessageId),
            "{message_id:?}"
        );
    }
    let attachments = vec![Attachment {
        media_type: "pdf".to_owned(),
        ..pdf()
    }];
    let fault = message(
        &OutgoingMail {
            attachments,
            ..mail()
        },
        &from(),
    )
    .unwrap_err();
    assert!(matches!(fault, MailError::MediaType { .. }));
}

#[tokio::test]
async fn a_server_that_takes_the_mail_has_the_whole_of_it() {
    let (sent, heard) = send_to("250 ok").await;
    sent.unwrap();
    assert!(
        heard.contains(&"MAIL FROM:<orders@nordlicht.example>".to_owned()),
        "{heard:?}"
    );
    assert!(heard.contains(&"RCPT TO:<ina@laden.example>".to_owned()));
    assert!(heard.contains(&"<p>Thank you.</p>".to_owned()));
}

#[tokio::test]
async fn a_refusal_is_final_and_names_no_address() {
    let (sent, _) = send_to("550 5.1.1 <ina@laden.example> unknown").await;
    let fault = sent.unwrap_err();
    assert!(
        matches!(fault, MailError::Refused { code: 550, .. }),
        "{fault}"
    );
    assert!(fault.is_permanent());
    assert!(!fault.to_string().contains("laden"), "{fault}");
    assert!(!format!("{fault:?}").contains("laden"), "{fault:?}");
}

#[tokio::test]
async fn a_full_mailbox_and_refused_credentials_are_tried_again() {
    for (answer, code) in [("452 4.2.2 full", 452), ("535 5.7.8 who are you", 535)] {
        let (sent, _) = send_to(answer).await;
        let fault = sent.unwrap_err();
        assert!(
            matches!(fault, MailError::Deferred { code: told, .. } if told == code),
            "{fault}"
        );
        assert!(!fault.is_permanent());
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_told_from_one_that_is_there() {
    let (url, heard) = server("250 ok");
    let mailer = Mailer::from_settings(Some(&url), PathBuf::new(), from()).unwrap();
    mailer.reach().await.unwrap();
    drop(mailer);
    everything(heard).await;

    let away = Mailer::from_settings(Some(&url), PathBuf::new(), from()).unwrap();
    for fault in [
        away.reach().await.unwrap_err(),
        away.send(&mail()).await.unwrap_err(),
    ] {
        assert!(matches!(fault, MailError::Unreachable { .. }), "{fault}");
        assert!(!fault.is_permanent());
    }
}

#[tokio::test]
async fn without_a_server_mail_is_a_file_named_by_its_id() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("var/mail");
    let mailer = Mailer::from_settings(None, dir.clone(), from()).unwrap();
    mailer.reach().await.unwrap();
    mailer.send(&mail()).await.unwrap();
    mailer.send(&mail()).await.unwrap();
    let names: Vec<_> = std::fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["018f-1@kontor.example.eml"]);
    let written = std::fs::read_to_string(dir.join("018f-1@kontor.example.eml")).unwrap();
    assert!(headers(&written).contains(&"Subject: Your order K-1001".to_owned()));
}

#[tokio::test]
async fn memory_keeps_what_was_sent_and_nothing_that_was_refused() {
    let mailer = Mailer::memory(from());
    let clone = mailer.clone();
    clone.send(&mail()).await.unwrap();
    clone
        .send(&OutgoingMail {
            to_email: "nobody".to_owned(),
            ..mail()
        })
        .await
        .unwrap_err();
    let kept = mailer.kept();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].mail, mail());
    assert!(kept[0].eml.starts_with(b"From: "));
}

#[tokio::test]
async fn the_server_s_address_is_understood_or_refused_without_its_password() {
    for url in [
        "smtp://127.0.0.1:2525",
        "smtps://user:p%40ss@mail.example",
        "smtp+starttls://user:pass@mail.example:587",
        "smtp://mail.example?tls=opportunistic",
    ] {
        let mailer = Mailer::from_settings(Some(url), PathBuf::new(), from()).unwrap();
        assert!(matches!(mailer, Mailer::Smtp { .. }), "{url}");
    }
    for url in [
        "mail.example:25",
        "http://user:hunter2@mail.example",
        "smtp://user:hunter2@",
    ] {
        let Err(fault) = Mailer::from_settings(Some(url), PathBuf::new(), from()) else {
            panic!("{url} was taken");
        };
        assert!(!fault.to_string().contains("hunter2"), "{fault}");
    }
    assert_eq!(
        starttls_as_query("smtp+starttls://h:587"),
        "smtp://h:587?tls=required"
    );
    assert!(matches!(
        Mailer::from_settings(Some(" "), PathBuf::new(), from()),
        Ok(Mailer::File { .. })
    ));
}

proptest! {
    #[test]
    fn no_subject_or_name_adds_a_header(subject in "(?s).{0,300}", name in "(?s).{0,150}") {
        let plain = headers(&eml(&mail())).len();
        let hostile = OutgoingMail { subject, to_name: Some(name), ..mail() };
        let eml = eml(&hostile);
        prop_assert_eq!(headers(&eml).len(), plain);
        let (head, _) = eml.split_once("\r\n\r\n").unwrap();
        prop_assert!(head.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
    }
}

#[tokio::test]
async fn the_address_says_how_many_conversations_there_may_be() {
    let at_once = |url: &str| {
        let mailer = Mailer::from_settings(Some(url), PathBuf::new(), from());
        mailer.map(|mailer| mailer.at_once()).ok()
    };
    assert_eq!(at_once("smtp://mail.example"), Some(4));
    assert_eq!(at_once("smtp://mail.example?connections=12"), Some(12));
    let starttls = "smtp+starttls://user:pw@mail.example:587?connections=3";
    assert_eq!(at_once(starttls), Some(3));
    assert_eq!(
        at_once("smtp://mail.example?connections=8&tls=required"),
        Some(8)
    );
    assert_eq!(at_once("smtp://mail.example?connections=0"), None);
    assert_eq!(at_once("smtp://mail.example?connections=many"), None);
}
