//! Every mail as a phone and a desktop show it, in light and dark: nothing runs out of the window,
//! every text stands out from what is behind it.
//!
//! What is opened are the snapshots below `tests/snapshots/mails`, which another test holds to what
//! Kontor writes; so no server is needed.

use serde_json::Value;

use super::*;

/// Widths of a small phone and of the pane of a desktop's mail program.
const WIDTHS: [u32; 2] = [360, 640];

/// What sticks out of the window, what is too small to read or touch, and what axe finds of
/// contrast. A mail is measured as it stands: nothing is scrolled, nothing runs.
const LOOK: &str = "const done = arguments[arguments.length - 1]; const wrong = []; \
    const root = document.documentElement; \
    if (root.scrollWidth > innerWidth) wrong.push('scrolls sideways: ' + root.scrollWidth); \
    for (const one of document.querySelectorAll('body *')) { \
        const box = one.getBoundingClientRect(); \
        if (box.width && box.right > innerWidth + 0.5) wrong.push('sticks out: ' + one.tagName); \
        const size = parseFloat(getComputedStyle(one).fontSize); \
        if (box.width && size < 13) wrong.push('small print of ' + size + ' px'); } \
    for (const one of document.querySelectorAll('a.button-label')) { \
        if (one.getBoundingClientRect().height < 40) wrong.push('a button too low to touch'); } \
    axe.run(document, {runOnly: ['color-contrast', 'html-has-lang', 'image-alt', 'link-name', \
        'document-title', 'td-headers-attr', 'th-has-data-cells']}) \
        .then(found => done(wrong.concat(found.violations.map(one => one.id + ' at ' + \
        one.nodes.map(node => node.html.slice(0, 120) + node.any.map(it => it.message)) \
        .slice(0, 2).join(' | ')))), error => done([String(error)]));";

async fn look(browser: &Browser, axe: &str, names: &[String]) {
    let mut wrong = Vec::new();
    for width in WIDTHS {
        browser.resize(width, 900).await;
        for name in names {
            browser.go(&format!("/{name}")).await;
            for colours in ["light", "dark"] {
                browser.prefer(colours).await;
                let found = browser.run(&format!("{axe}; {LOOK}")).await;
                let found = found.as_array().unwrap();
                if !found.is_empty() {
                    browser
                        .photograph(&format!("{name}-{width}-{colours}"))
                        .await;
                    wrong.push(format!("{name} at {width} px in {colours}: {found:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The background of a page, to be sure that the colours asked for are those shown.
async fn background(browser: &Browser) -> Value {
    let script = "arguments[0](getComputedStyle(document.body).backgroundColor)";
    browser.run(script).await
}

#[test]
fn every_mail_is_legible_on_a_phone_and_a_desktop_in_light_and_dark() {
    let name = "every_mail_is_legible_on_a_phone_and_a_desktop_in_light_and_dark";
    let Some(driver) = driver_url(name) else {
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/mails");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        // German words are the longer ones; English is looked at by the lint.
        .filter(|name| name.ends_with(".de.html"))
        .collect();
    names.sort();
    assert!(names.len() >= 14, "only {} mails", names.len());
    let axe = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/browser/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).expect("axe-core is missing: run .ci/setup");
    actix_web::rt::System::new().block_on(async {
        let url = format!("file://{}", folder.display());
        let browser = Browser::open(&driver, &url, Script::On).await;
        let done = std::panic::AssertUnwindSafe(async {
            browser.go(&format!("/{}", names[0])).await;
            for (colours, shown) in [("light", "rgb(246, 244, 240)"), ("dark", "rgb(22, 21, 19)")] {
                browser.prefer(colours).await;
                assert_eq!(background(&browser).await, shown);
            }
            look(&browser, &axe, &names).await;
        });
        let done = done.catch_unwind().await;
        browser.close().await;
        if let Err(panic) = done {
            std::panic::resume_unwind(panic);
        }
    });
}
