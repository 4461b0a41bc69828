//! How mails are built: every kind with every sample in both languages is what inboxes show as it
//! is meant, and reads as the snapshots below `tests/snapshots/mails` say.
//!
//! `KONTOR_UPDATE_SNAPSHOTS=1` writes the snapshots anew; look at the difference before it is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use portal::messages::kinds::{self, MailKind};
use portal::web::locale::Lang;
use portal::web::page::{MailText, TemplateFiles, Templates};

/// Gmail cuts off what is longer.
const MOST_BYTES: usize = 102_400;
/// Phones show about half of it.
const LONGEST_SUBJECT: usize = 90;
/// What inboxes show alike.
const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "th", "h1", "h2",
    "p", "a", "strong", "em", "br", "span", "ul", "ol", "li", "img",
];
const EMPTY: &[&str] = &["meta", "br", "img"];
/// What Outlook, Gmail or both leave out or get wrong.
const BAD_STYLES: &[&str] = &[
    "position",
    "flex",
    "grid",
    "float",
    "var(",
    "calc(",
    "url(",
    "@import",
    "@font-face",
    "expression",
    "rem;",
    "rem ",
    "vw",
    "vh",
];

/// An element as it opens, or closes.
struct Tag<'a> {
    name: &'a str,
    closes: bool,
    attributes: BTreeMap<&'a str, &'a str>,
}

impl<'a> Tag<'a> {
    fn read(inside: &'a str) -> Self {
        let (closes, inside) = match inside.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, inside),
        };
        let end = inside.find(char::is_whitespace).unwrap_or(inside.len());
        let (name, mut rest) = inside.split_at(end);
        let mut attributes = BTreeMap::new();
        while let Some((name, value)) = rest.split_once("=\"") {
            let (value, after) = value.split_once('"').unwrap_or((value, ""));
            attributes.insert(name.trim(), value);
            rest = after;
        }
        Tag {
            name,
            closes,
            attributes,
        }
    }

    fn has(&self, name: &str) -> &'a str {
        self.attributes.get(name).copied().unwrap_or_default()
    }

    fn classes(&self) -> impl Iterator<Item = &'a str> {
        self.has("class").split_whitespace()
    }
}

/// A mail's tags without its comments, and the text of its style block.
fn tags(html: &str) -> (Vec<Tag<'_>>, String) {
    let mut found = Vec::new();
    let mut style = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        if found
            .last()
            .is_some_and(|tag: &Tag<'_>| tag.name == "style" && !tag.closes)
        {
            style.push_str(before);
        }
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (inside, after) = after.split_once('>').unwrap_or((after, ""));
        rest = after;
        if !inside.starts_with('!') {
            found.push(Tag::read(inside));
        }
    }
    (found, style)
}

/// What is wrong with a mail; nothing where every inbox shows it as it is meant.
pub fn faults(mail: &MailText, lang: Lang) -> Vec<String> {
    let mut faults = Vec::new();
    let (tags, style) = tags(&mail.html);
    words(mail, &mut faults);
    frame(mail, &tags, &style, lang, &mut faults);
    nesting(&tags, &mut faults);
    for tag in tags.iter().filter(|tag| !tag.closes) {
        element(tag, &style, &mut faults);
    }
    for tag in tags.iter().filter(|tag| tag.name == "a" && !tag.closes) {
        let href = tag.has("href").replace("&amp;", "&").replace("&#x2F;", "/");
        let known = ["https://", "http://", "mailto:"];
        if !known.iter().any(|scheme| href.starts_with(scheme)) {
            faults.push(format!("a link to {href:?}"));
        }
        let address = href.strip_prefix("mailto:").unwrap_or(&href);
        if !mail.text.contains(address) {
            faults.push(format!("{address} stands in the HTML part only"));
        }
    }
    faults
}

/// The subject and the text part.
fn words(mail: &MailText, faults: &mut Vec<String>) {
    let mut fault = |text: &str| faults.push(text.to_owned());
    let length = mail.subject.chars().count();
    if length == 0 || length > LONGEST_SUBJECT || mail.subject.contains('\n') {
        fault(&format!("a subject of {length} characters"));
    }
    if mail.html.len() >= MOST_BYTES {
        fault("so long that inboxes cut it off");
    }
    let body = mail.text.split("\n-- \n").next().unwrap();
    if body.trim().len() < 40 || !mail.text.contains("\n-- \n") {
        fault("the text part says nothing, or has no foot");
    }
    for sign in ["</", "<p", "<br", "&amp;", "&#", "&quot;", "\n\n\n", "\t"] {
        if mail.text.contains(sign) {
            fault(&format!("{sign:?} in the text part"));
        }
    }
    for line in mail.text.lines().filter(|line| *line != "-- ") {
        if line.trim_end() != line || line.trim_start().contains("  ") {
            fault(&format!("blanks too many in {line:?}"));
        }
    }
    for part in [&mail.subject, &mail.text, &mail.html] {
        for sign in ["[[", "{$", "{ $", "{{", "{%", "\u{2068}", "undefined"] {
            if part.contains(sign) {
                fault(&format!("{sign:?} is left in it"));
            }
        }
    }
}

/// What stands around every mail.
fn frame(mail: &MailText, tags: &[Tag<'_>], style: &str, lang: Lang, faults: &mut Vec<String>) {
    let mut need = |is_there: bool, what: &str| {
        if !is_there {
            faults.push(format!("lacks {what}"));
        }
    };
    let meta = |name: &str| {
        tags.iter()
            .any(|tag| tag.name == "meta" && tag.has("name") == name)
    };
    let count = |name: &str| {
        tags.iter()
            .filter(|tag| tag.name == name && !tag.closes)
            .count()
    };
    let html = tags.first();
    need(mail.html.starts_with("<!doctype html>"), "a doctype");
    need(
        html.is_some_and(|tag| tag.has("lang") == lang.as_str()),
        "its language",
    );
    need(meta("viewport"), "a viewport");
    need(
        meta("color-scheme") && meta("supported-color-schemes"),
        "its colour schemes",
    );
    need(
        count("title") == 1 && !mail.html.contains("<title></title>"),
        "a title",
    );
    need(count("h1") == 1, "one headline");
    need(count("style") == 1, "one style block");
    need(
        style.contains("(prefers-color-scheme: dark)"),
        "colours for the dark",
    );
    let body = mail.html.split("<body").nth(1).unwrap_or_default();
    let preview = body
        .split("display:none")
        .nth(1)
        .and_then(|rest| rest.split('>').nth(1));
    need(
        preview.is_some_and(|text| text.split('&').next().unwrap().trim().len() > 10),
        "a line for the list of mails: give email.frame its `preview`",
    );
    for bad in BAD_STYLES {
        // The block has no layout of its own; colours and paddings only.
        need(
            !style.contains(bad),
            &format!("a style block without {bad}"),
        );
    }
}

fn nesting(tags: &[Tag<'_>], faults: &mut Vec<String>) {
    let mut open: Vec<&str> = Vec::new();
    for tag in tags.iter().filter(|tag| !EMPTY.contains(&tag.name)) {
        if !tag.closes {
            open.push(tag.name);
        } else if open.pop() != Some(tag.name) {
            faults.push(format!("</{}> closes nothing", tag.name));
        }
    }
    if !open.is_empty() {
        faults.push(format!("{open:?} are left open"));
    }
}

fn element(tag: &Tag<'_>, style_block: &str, faults: &mut Vec<String>) {
    let mut fault = |what: String| faults.push(format!("<{}>: {what}", tag.name));
    if !ELEMENTS.contains(&tag.name) {
        fault("no element for a mail".into());
    }
    for name in tag.attributes.keys() {
        let loads = ["background", "srcset", "ping", "poster"].contains(name);
        if name.starts_with("on") || *name == "id" || loads {
            fault(format!("the attribute {name}"));
        }
    }
    if tag.name == "img" {
        if !tag.attributes.contains_key("alt") {
            fault("no alt text".into());
        }
        // The one exception, where the brand counts openings: a dot that means nothing.
        let dot = tag.has("src").contains("/mail/open/")
            && (tag.has("alt"), tag.has("width"), tag.has("height")) == ("", "1", "1");
        let own = ["cid:", "data:image/"];
        if !dot && !own.iter().any(|scheme| tag.has("src").starts_with(scheme)) {
            fault(format!("loads {:?}", tag.has("src")));
        }
    }
    let style = tag.has("style");
    for bad in BAD_STYLES {
        if style.contains(bad) {
            fault(format!("{bad} in its style"));
        }
    }
    widths(tag, style, &mut fault);
    // What the block colours in the dark has a colour where no block is read.
    for class in tag.classes() {
        if !style_block.contains(&format!(".{class} ")) {
            fault(format!("the class {class} means nothing"));
        }
        let needs = match class {
            "ink" | "soft" | "link" | "button-label" => "color:#",
            "page" | "card" | "panel" | "button" => "background-color:#",
            "line" => "border",
            _ => "",
        };
        let given = style.split(';').any(|one| one.trim().starts_with(needs));
        if !needs.is_empty() && !given {
            fault(format!("class {class} without {needs} in its style"));
        }
    }
    let colour = style.split(';').any(|one| one.trim().starts_with("color:"));
    if colour && tag.classes().next().is_none() {
        fault("a colour of its own, so that it is dark on dark: give it a class".into());
    }
}

/// Nothing is wider than 600 px, and nothing of a layout has a width in pixels that a phone has not.
fn widths(tag: &Tag<'_>, style: &str, fault: &mut impl FnMut(String)) {
    let width = tag.has("width");
    if tag.name == "table" && !width.is_empty() && width != "100%" {
        fault(format!("a width of {width} that does not give way"));
    }
    if width.parse::<i64>().is_ok_and(|pixels| pixels > 300) {
        fault(format!("{width} px wide"));
    }
    for one in style.split(';').map(str::trim) {
        let Some((name, value)) = one.split_once(':') else {
            continue;
        };
        let pixels = value
            .trim()
            .strip_suffix("px")
            .and_then(|px| px.parse::<f64>().ok());
        let Some(pixels) = pixels else { continue };
        match name.trim() {
            "width" | "min-width" if pixels > 300.0 => fault(one.to_owned()),
            "max-width" if pixels > 600.0 => fault(one.to_owned()),
            "font-size" if pixels < 13.0 => fault(format!("{one} is too small to read")),
            _ => {}
        }
    }
}

fn each(mut look: impl FnMut(&MailKind, &str, Lang, &MailText)) {
    let templates = Templates::load().unwrap();
    for kind in kinds::ALL {
        for lang in Lang::ALL {
            for sample in kind.samples(&templates, lang).unwrap() {
                look(kind, sample.name, lang, &sample.mail);
            }
        }
    }
}

#[test]
fn every_inbox_shows_every_mail_as_it_is_meant() {
    let mut found = Vec::new();
    each(|kind, sample, lang, mail| {
        for fault in faults(mail, lang) {
            found.push(format!(
                "{} ({sample}, {}): {fault}",
                kind.name,
                lang.as_str()
            ));
        }
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_mail_that_an_inbox_would_spoil_is_found() {
    let templates = Templates::load().unwrap();
    let kind = kinds::find("order-held").unwrap();
    let good = kind.samples(&templates, Lang::En).unwrap().remove(0).mail;
    assert_eq!(faults(&good, Lang::En), Vec::<String>::new());
    let spoilt = [
        (
            "</h1>",
            "</h1><img src=\"https://t.example/o.gif\" alt=\"\">",
            "<img>: loads \"https://t.example/o.gif\"",
        ),
        ("</h1>", "</h1><img src=\"cid:a\">", "<img>: no alt text"),
        (
            "</h1>",
            "</h1><script></script>",
            "<script>: no element for a mail",
        ),
        (
            "</h1>",
            "</h1><p style=\"position:absolute;\">x</p>",
            "<p>: position in its style",
        ),
        (
            "</h1>",
            "</h1><p style=\"color:#000000;\">x</p>",
            "<p>: a colour of its own, so that it is dark on dark: give it a class",
        ),
        (
            "</h1>",
            "</h1><p class=\"ink\">x</p>",
            "<p>: class ink without color:# in its style",
        ),
        ("</h1>", "</h1><p>", "</td> closes nothing"),
        (
            "</h1>",
            "</h1><p style=\"font-size:11px\">x</p>",
            "<p>: font-size:11px is too small to read",
        ),
        (
            "</h1>",
            "</h1><table width=\"600\"></table>",
            "<table>: a width of 600 that does not give way",
        ),
        (
            "</style>",
            "@import 'x';</style>",
            "lacks a style block without @import",
        ),
        ("lang=\"en\"", "lang=\"de\"", "lacks its language"),
        (
            "href=\"https://kontor.example/orders",
            "href=\"/orders",
            "a link to \"/orders/100240\"",
        ),
        ("</h1>", "</h1>[[some-key]]", "\"[[\" is left in it"),
    ];
    for (place, with, fault) in spoilt {
        let mut bad = good.clone();
        bad.html = bad.html.replacen(place, with, 1);
        let found = faults(&bad, Lang::En);
        assert!(found.iter().any(|one| one == fault), "{with}: {found:?}");
    }
    let mut bad = good.clone();
    bad.text = bad.text.replacen("Hello ", "Hello  <br>", 1);
    assert!(faults(&bad, Lang::En).contains(&"\"<br\" in the text part".to_owned()));
    let mut bad = good;
    bad.subject = String::new();
    assert_eq!(faults(&bad, Lang::En), ["a subject of 0 characters"]);
}

#[test]
fn every_mail_has_a_kind_with_words_of_its_own() {
    let folders: BTreeSet<String> = TemplateFiles::texts()
        .filter_map(|(name, _)| Some(name.strip_prefix("emails/")?.split_once('/')?.0.to_owned()))
        .map(|folder| format!("emails/{folder}"))
        .collect();
    let known: BTreeSet<String> = kinds::ALL
        .iter()
        .map(|kind| kind.template.to_owned())
        .collect();
    assert_eq!(folders, known, "messages/kinds.rs lists every mail");
    let keys = Templates::load().unwrap().words().keys(Lang::En);
    for kind in kinds::ALL {
        for word in [kind.name].iter().chain(kind.also) {
            let key = format!("mail-kind-{word}");
            assert!(keys.contains(&key), "{key}");
        }
        let key = format!("mail-kind-{}-when", kind.name);
        assert!(keys.contains(&key), "{key}");
    }
}

/// Where the snapshots lie.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/mails")
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whether snapshots are written anew is no setting of the program"
)]
fn every_mail_reads_as_its_snapshot() {
    let update = std::env::var("KONTOR_UPDATE_SNAPSHOTS").is_ok();
    let mut written = BTreeMap::new();
    each(|kind, sample, lang, mail| {
        let name = format!(
            "{}--{}.{}",
            kind.name,
            sample.replace([' ', ','], "-"),
            lang.as_str()
        );
        let text = format!("Subject: {}\n\n{}", mail.subject, mail.text);
        written.insert(format!("{name}.txt"), text);
        written.insert(format!("{name}.html"), format!("{}\n", mail.html));
    });
    if update {
        let _ = std::fs::remove_dir_all(folder());
        std::fs::create_dir_all(folder()).unwrap();
        for (name, text) in &written {
            std::fs::write(folder().join(name), text).unwrap();
        }
    }
    let mut wrong = Vec::new();
    let mut kept: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for (name, text) in &written {
        kept.remove(name);
        if std::fs::read_to_string(folder().join(name)).ok().as_ref() != Some(text) {
            wrong.push(name.clone());
        }
    }
    wrong.extend(kept.into_iter().map(|name| format!("{name} is of no mail")));
    assert!(
        wrong.is_empty(),
        "other than their snapshots (KONTOR_UPDATE_SNAPSHOTS=1 writes them anew): {wrong:#?}"
    );
}
