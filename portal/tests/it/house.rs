//! What the house promises about its own source.

use std::path::{Path, PathBuf};

/// The repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Every file below `folder` with that ending: its path from the repository's root, and its text.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == ending)
            {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no .{ending} below {folder}");
    found
}

/// The lines, with their numbers, in which `is_wrong` finds a fault.
fn faults(files: &[(String, String)], is_wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, text) in files {
        let lines = text.lines().enumerate().filter(|(_, line)| is_wrong(line));
        faults.extend(lines.map(|(at, line)| format!("{name}:{}: {}", at + 1, line.trim())));
    }
    faults
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// The web stays at the door: handlers, callers and what wraps every request.
#[test]
fn actix_web_is_spoken_at_the_door_only() {
    let at_the_door = |name: &str| {
        let inside = name.trim_start_matches("portal/src/");
        let last = inside.rsplit('/').next().unwrap();
        ["web.rs", "tests.rs"].contains(&last)
            || inside.contains("/web/")
            || ["web/", "api/"]
                .iter()
                .any(|folder| inside.starts_with(folder))
            || [
                "server.rs",
                "routes.rs",
                "error.rs",
                "main.rs",
                "cli.rs",
                "cli/mod.rs",
            ]
            .contains(&inside)
            // The callers, a stream of events, and two sets of handlers too large for one web.rs.
            || [
                "auth/caller.rs",
                "desk/live.rs",
                "orders/checkout.rs",
                "quick_order/upload.rs",
            ]
            .contains(&inside)
    };
    let mut sources = files("portal/src", "rs");
    sources.retain(|(name, _)| !at_the_door(name));
    // Work that would hold up a worker's other requests is handed to a thread, wherever it stands.
    let wrong = faults(&sources, |line| {
        let line = line
            .replace("actix_web::web::block(", "")
            .replace(" web::block(", "")
            .replace("use actix_web::web;", "")
            .replace("use actix_web::web::Data;", "");
        (line.contains("actix_web") || line.contains(" web::")) && !is_comment(&line)
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pages_know_nothing_of_tables() {
    let mut views = files("portal/src", "rs");
    views.retain(|(name, _)| name.ends_with("view.rs") || name.contains("/view/"));
    let wrong = faults(&views, |line| {
        (line.contains("db::entity") || line.contains("sea_orm")) && !is_comment(line)
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_inner_crates_know_nothing_of_the_outside() {
    let manifest = std::fs::read_to_string(root().join("trade/Cargo.toml")).unwrap();
    for outside in ["portal", "actix", "tokio", "reqwest", "sqlx", "tera"] {
        assert!(!manifest.contains(outside), "trade depends on {outside}");
    }
}

/// The security policy forbids what stands inline; a browser would silently leave it out.
#[test]
fn no_script_or_style_stands_inline() {
    let mut templates = files("templates", "html");
    // Mail programs read no style sheets.
    templates.retain(|(name, _)| {
        !name.starts_with("templates/emails") && name != "templates/components/mail.html"
    });
    let wrong = faults(&templates, |line| {
        let script = line.contains("<script") && !line.contains(" src=");
        let handler = [
            "onclick=",
            "onsubmit=",
            "onchange=",
            "onload=",
            "oninput=",
            "javascript:",
        ];
        script
            || line.contains("<style")
            || line.contains(" style=")
            || handler
                .iter()
                .any(|word| line.contains(&format!(" {word}")))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let mut pages = files("templates", "html");
    pages.extend(files("assets", "css"));
    pages.extend(files("assets", "js"));
    let wrong = faults(&pages, |line| {
        [
            "src=\"http",
            "href=\"http",
            "url(http",
            "url(\"http",
            "@import",
            "from \"http",
            "import(\"http",
        ]
        .iter()
        .any(|word| line.contains(word))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn colours_stand_in_the_tokens_alone() {
    let mut sources = files("assets/css", "css");
    sources.retain(|(name, _)| name != "assets/css/tokens.css");
    sources.extend(files("assets/js", "js"));
    let wrong = faults(&sources, has_colour);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `#abc`, `rgb(`, `hsl(` and their like.
fn has_colour(line: &str) -> bool {
    let functions = [
        "rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "lab(", "lch(",
    ];
    let hexadecimal = line.match_indices('#').any(|(at, _)| {
        let rest = line.get(at + 1..).unwrap();
        let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
        let ends = rest
            .chars()
            .nth(digits)
            .is_none_or(|c| !c.is_alphanumeric() && c != '-');
        matches!(digits, 3 | 4 | 6 | 8) && ends
    });
    hexadecimal || functions.iter().any(|word| line.contains(word))
}

#[test]
fn a_file_is_read_in_one_sitting() {
    let mut sources = files("portal/src", "rs");
    sources.extend(files("trade/src", "rs"));
    let long: Vec<_> = sources
        .iter()
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > 600)
        .collect();
    assert!(long.is_empty(), "over 600 lines: {long:?}");
}

/// A name that fits anything tells nothing.
#[test]
fn no_module_is_a_drawer_for_odds_and_ends() {
    let wrong: Vec<_> = files("portal/src", "rs")
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| {
            ["utils", "helpers", "manager", "service", "common", "misc"]
                .iter()
                .any(|word| {
                    name.split('/')
                        .any(|part| part.trim_end_matches(".rs") == *word)
                })
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_language_has_every_file() {
    let names = |language: &str| {
        let mut names: Vec<_> = files(&format!("templates/locales/{language}"), "ftl")
            .into_iter()
            .map(|(name, _)| name.rsplit('/').next().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("en"), names("de"));
}
