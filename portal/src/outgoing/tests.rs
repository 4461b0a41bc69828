use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::header::HeaderValue;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

fn public() -> Outgoing {
    Outgoing::new(false).unwrap()
}

fn given(give: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static, private: bool) -> Outgoing {
    Outgoing::asking(Names::Given(Arc::new(give)), private).unwrap()
}

/// A server that answers every request with `answer`, and counts them.
async fn server(answer: &'static [u8]) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut read = [0; 4_096];
            let _ = stream.read(&mut read).await;
            let _ = stream.write_all(answer).await;
        }
    });
    (port, calls)
}

#[test]
fn odd_forms_of_an_address_are_what_they_mean() {
    let outgoing = public();
    for url in [
        "https://127.0.0.1/",
        "https://127.0.0.1:8443/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://127.0.0.1./",
        "https://%31%32%37.0.0.1/",
        "https://①②⑦.0.0.1/",
        "https://0/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://0xa9fea9fe/",
        "https://[::1]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1]/",
        "https://[::]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://hooks.localhost/",
    ] {
        assert_eq!(outgoing.check(url), Err(Forbidden::Private), "{url}");
    }
}

#[test]
fn only_https_without_credentials_is_called() {
    let outgoing = public();
    for (url, why) in [
        ("http://hooks.example.com/", Forbidden::NotHttps),
        ("ftp://hooks.example.com/", Forbidden::NotHttps),
        ("file:///etc/passwd", Forbidden::NotHttps),
        ("gopher://hooks.example.com/", Forbidden::NotHttps),
        ("javascript:alert(1)", Forbidden::NotHttps),
        ("https://me:word@hooks.example.com/", Forbidden::Credentials),
        ("https://me@hooks.example.com/", Forbidden::Credentials),
        ("https://", Forbidden::NotAnAddress),
        ("https:///", Forbidden::NotAnAddress),
        ("hooks.example.com", Forbidden::NotAnAddress),
        ("https://[fe80::1%25eth0]/", Forbidden::NotAnAddress),
        ("https://256.256.256.256/", Forbidden::NotAnAddress),
        ("", Forbidden::NotAnAddress),
    ] {
        assert_eq!(outgoing.check(url), Err(why), "{url}");
    }
    for url in [
        "https://hooks.example.com/in?shop=7",
        "https://hooks.example.com:8443/",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "HTTPS://HOOKS.EXAMPLE.COM/",
    ] {
        assert!(outgoing.check(url).is_ok(), "{url}");
    }
}

#[test]
fn private_targets_are_called_where_the_operator_allows_them() {
    let outgoing = Outgoing::new(true).unwrap();
    for url in [
        "http://127.0.0.1:4000/",
        "https://localhost/",
        "http://erp/",
    ] {
        assert!(outgoing.check(url).is_ok(), "{url}");
    }
    assert_eq!(
        outgoing.check("http://me:word@erp/"),
        Err(Forbidden::Credentials)
    );
    assert_eq!(outgoing.check("ftp://erp/"), Err(Forbidden::NotHttps));
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_it_is_connected_to() {
    for inside in [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
    ] {
        let outgoing = given(move |_| vec![inside.parse().unwrap()], false);
        let said = outgoing
            .post("https://hooks.example.com/", &[], vec![])
            .await;
        assert_eq!(said, Err(Forbidden::Private.into()), "{inside}");
        let checked = outgoing.check_host("https://hooks.example.com/").await;
        assert_eq!(checked, Err(Forbidden::Private), "{inside}");
    }
}

/// The answer differs each time it is asked for: what was checked before does not count.
#[tokio::test]
async fn a_name_that_turns_inside_after_the_check_reaches_nobody() {
    let (port, calls) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let asked = Arc::new(AtomicUsize::new(0));
    let outgoing = given(
        move |_| match asked.fetch_add(1, Ordering::SeqCst) {
            0 => vec![IpAddr::V4(Ipv4Addr::new(93, 184, 215, 14))],
            _ => vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
        },
        false,
    );
    let url = format!("https://hooks.example.com:{port}/");
    assert!(outgoing.check_host(&url).await.is_ok());
    let said = outgoing.post(&url, &[], vec![]).await;
    assert_eq!(said, Err(Forbidden::Private.into()));
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[test]
fn of_a_name_that_leads_both_ways_only_the_way_out_is_left() {
    let found = ["10.0.0.1:0", "8.8.8.8:0", "[::1]:0"].map(|text| text.parse().unwrap());
    let left = only_out_there(found.to_vec());
    assert_eq!(left, ["8.8.8.8:0".parse().unwrap()]);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let (inside, calls) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let told = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:{inside}/\r\n\
         content-length: 0\r\n\r\n"
    );
    let (port, _) = server(told.leak().as_bytes()).await;
    let outgoing = Outgoing::new(true).unwrap();
    let url = format!("http://127.0.0.1:{port}/");
    let answer = outgoing.post(&url, &[], vec![]).await.unwrap();
    assert_eq!(answer.status, 307);
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn only_the_beginning_of_a_long_answer_is_read() {
    let mut long = b"HTTP/1.1 200 OK\r\ncontent-length: 10000000\r\n\r\n".to_vec();
    long.extend(std::iter::repeat_n(b'a', 200_000));
    let (port, _) = server(long.leak()).await;
    let outgoing = Outgoing::new(true).unwrap();
    let url = format!("http://127.0.0.1:{port}/");
    let answer = outgoing.post(&url, &[], vec![]).await.unwrap();
    assert_eq!((answer.status, answer.body.len()), (200, MOST_BYTES));
}

#[test]
fn when_to_come_back_is_a_number_or_a_date() {
    let headers = |after: &'static str, date: Option<&'static str>| {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(after));
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        retry_after(&headers)
    };
    let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(headers("120", None), Some(120));
    assert_eq!(headers("Sun, 06 Nov 1994 08:51:37 GMT", date), Some(120));
    assert_eq!(headers("Sun, 06 Nov 1994 08:40:00 GMT", date), None);
    assert_eq!(headers("Sun, 06 Nov 1994 08:51:37 GMT", None), None);
    assert_eq!(headers("soon", date), None);
    assert_eq!(headers("-5", date), None);
}
