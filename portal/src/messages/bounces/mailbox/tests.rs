use super::*;

const ID: &str = "0192f000-0000-7000-8000-000000000001@orders.example.com";

/// As Postfix writes it, for two recipients.
fn dsn() -> String {
    format!(
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)\r\n\
         To: orders@example.com\r\n\
         Subject: Undelivered Mail Returned to Sender\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\r\n\
         Message-Id: <20260312.1@mx.example>\r\n\r\n\
         --B\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n\r\n\
         --B\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; Britta@Shop.Example\r\n\
         Original-Recipient: rfc822;britta@shop.example\r\n\
         Action: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 <britta@shop.example>:\r\n    \
         Recipient address rejected: User unknown\r\n\r\n\
         Final-Recipient: rfc822; slow@shop.example\r\n\
         Action: delayed\r\nStatus: 4.4.1\r\n\r\n\
         --B\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         Message-ID: <{ID}>\r\nSubject: Order 100240 confirmed\r\n\
         To: Britta <britta@shop.example>\r\n\r\n--B--\r\n"
    )
}

fn complaint(kind: &str) -> String {
    format!(
        "From: fbl@provider.example\r\nSubject: FW: Spring offer\r\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=B\r\n\r\n\
         --B\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n\
         --B\r\nContent-Type: message/feedback-report\r\n\r\n\
         Feedback-Type: {kind}\r\nUser-Agent: FBL/1.0\r\nVersion: 1\r\n\r\n\
         --B\r\nContent-Type: message/rfc822\r\n\r\n\
         Message-ID: <{ID}>\r\nSubject: Spring offer\r\nTo: britta@shop.example\r\n\r\nHi\r\n\
         --B--\r\n"
    )
}

#[test]
fn a_failed_recipient_is_reported_and_a_late_one_is_not() {
    let found = reports(dsn().as_bytes());
    assert_eq!(found.len(), 1);
    let key = found[0].key.clone();
    assert_eq!(key.len(), 43);
    assert_eq!(
        found,
        [Report {
            email: "britta@shop.example".into(),
            message_id: ID.into(),
            subject: "Order 100240 confirmed".into(),
            kind: BounceKind::Hard,
            status: "5.1.1".into(),
            detail: "550 5.1.1 <britta@shop.example>: Recipient address rejected: User unknown"
                .into(),
            key,
        }]
    );
}

#[test]
fn a_complaint_is_reported_and_its_withdrawal_is_not() {
    let found = reports(complaint("abuse").as_bytes());
    assert_eq!(found.len(), 1);
    assert_eq!(
        (
            found[0].email.as_str(),
            found[0].message_id.as_str(),
            found[0].kind,
            found[0].detail.as_str()
        ),
        ("britta@shop.example", ID, BounceKind::Complaint, "abuse")
    );
    assert_eq!(reports(complaint("not-spam").as_bytes()), []);
}

#[test]
fn a_mailbox_holds_reports_among_other_things() {
    let answer = "From: britta@shop.example\r\nSubject: Re: Order\r\n\r\nThanks!\r\n";
    let mut mbox = String::new();
    for message in [dsn(), answer.to_owned(), complaint("abuse")] {
        mbox.push_str("From MAILER-DAEMON Thu Mar 12 07:00:00 2026\n");
        mbox.push_str(&message);
        mbox.push_str("\n\n");
    }
    let mut found = Found::default();
    take(mbox.as_bytes(), &mut found);
    assert_eq!(
        (found.messages, found.others, found.reports.len()),
        (3, 1, 2)
    );
}

#[test]
fn what_is_no_mail_at_all_reports_nothing() {
    for bytes in [&b""[..], b"\0\xff\xfe", b"From ", b"From x\n", b"Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: message/delivery-status\n\n--B--"] {
        let mut found = Found::default();
        take(bytes, &mut found);
        assert_eq!(found.reports, [], "{bytes:?}");
    }
}
