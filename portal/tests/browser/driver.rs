//! A browser, driven by the WebDriver protocol: the few commands that the journeys need, over the
//! HTTP client that the tests have anyway.

use std::time::Duration;

use serde_json::{Value, json};

/// The key under which WebDriver names elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long a page may take to show what a journey waits for.
const PATIENCE: u32 = 300;

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    On,
    Off,
}

/// A window.
pub struct Browser {
    http: reqwest::Client,
    session: String,
    /// Where the product runs.
    pub url: String,
}

/// An element of the page.
pub struct Element(String);

impl Browser {
    /// Opens a window that has never been anywhere.
    pub async fn open(driver: &str, url: &str, script: Script) -> Browser {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,1000",
            "--lang=en",
        ];
        let mut options = json!({"args": arguments});
        if script == Script::Off {
            options["prefs"] = json!({"profile.managed_default_content_settings.javascript": 2});
        }
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
        }}});
        let sent = http
            .post(format!("{driver}/session"))
            .json(&wanted)
            .send()
            .await
            .unwrap();
        let answer: Value = sent.json().await.unwrap();
        let id = answer["value"]["sessionId"].as_str();
        let id = id.unwrap_or_else(|| panic!("no browser: {answer}"));
        Browser {
            http,
            session: format!("{driver}/session/{id}"),
            url: url.to_owned(),
        }
    }

    async fn try_command(&self, path: &str, body: &Value) -> Result<Value, Value> {
        let request = self.http.post(format!("{}{path}", self.session)).json(body);
        let answer = request.send().await.unwrap();
        let good = answer.status().is_success();
        let mut answer: Value = answer.json().await.unwrap();
        let value = answer["value"].take();
        if good { Ok(value) } else { Err(value) }
    }

    async fn command(&self, path: &str, body: Value) -> Value {
        let answer = self.try_command(path, &body).await;
        answer.unwrap_or_else(|error| panic!("{path}: {}: {}", error["error"], error["message"]))
    }

    async fn ask(&self, path: &str) -> Value {
        let answer = self
            .http
            .get(format!("{}{path}", self.session))
            .send()
            .await
            .unwrap();
        let mut answer: Value = answer.json().await.unwrap();
        answer["value"].take()
    }

    /// Opens a page of the product.
    pub async fn go(&self, path: &str) {
        self.command("/url", json!({"url": format!("{}{path}", self.url)}))
            .await;
    }

    /// Where the window is.
    pub async fn address(&self) -> String {
        self.ask("/url")
            .await
            .as_str()
            .unwrap()
            .replace(&self.url, "")
    }

    /// The page's source.
    pub async fn source(&self) -> String {
        self.ask("/source")
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The elements that a CSS selector finds.
    pub async fn all(&self, css: &str) -> Vec<Element> {
        let found = self
            .command("/elements", json!({"using": "css selector", "value": css}))
            .await;
        let found = found.as_array().unwrap();
        found
            .iter()
            .map(|one| Element(one[ELEMENT].as_str().unwrap().to_owned()))
            .collect()
    }

    /// The first element that a CSS selector finds, once it is there.
    pub async fn find(&self, css: &str) -> Element {
        self.until(css, async || self.all(css).await.into_iter().next())
            .await
    }

    /// Waits for something to be there.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        for _ in 0..PATIENCE {
            if let Some(found) = look().await {
                return found;
            }
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        }
        self.photograph(what).await;
        panic!("{what} did not come at {}", self.address().await);
    }

    /// Clicks the first element that a CSS selector finds, also where the page is being swapped.
    pub async fn click(&self, css: &str) {
        self.until(css, async || {
            let element = self.all(css).await.into_iter().next()?;
            let path = format!("/element/{}/click", element.0);
            self.try_command(&path, &json!({})).await.ok()
        })
        .await;
    }

    /// Types into a field, after what is there has gone.
    pub async fn fill(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        self.command(&format!("/element/{}/clear", element.0), json!({}))
            .await;
        self.command(
            &format!("/element/{}/value", element.0),
            json!({"text": text}),
        )
        .await;
    }

    /// An element's text.
    pub async fn text(&self, css: &str) -> String {
        let element = self.find(css).await;
        let text = self.ask(&format!("/element/{}/text", element.0)).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// The cookies of the window, as a request sends them.
    pub async fn cookies(&self) -> String {
        let cookies = self.ask("/cookie").await;
        let pairs = cookies.as_array().unwrap().iter();
        let pairs: Vec<String> = pairs
            .map(|one| {
                format!(
                    "{}={}",
                    one["name"].as_str().unwrap(),
                    one["value"].as_str().unwrap()
                )
            })
            .collect();
        pairs.join("; ")
    }

    /// Shows pages as people see them who prefer these colours.
    pub async fn prefer(&self, colours: &str) {
        // Without motion: a colour that is on its way to the other theme has no contrast yet.
        let features = json!([
            {"name": "prefers-color-scheme", "value": colours},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        let command =
            json!({"cmd": "Emulation.setEmulatedMedia", "params": {"features": features}});
        self.command("/goog/cdp/execute", command).await;
    }

    /// Gives pages that many pixels to stand in, as a phone does.
    pub async fn resize(&self, width: u32, height: u32) {
        let screen =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": screen});
        self.command("/goog/cdp/execute", command).await;
    }

    /// Allows the product to notify, as its reader would when the browser asks.
    pub async fn allow_notifications(&self) {
        let params = json!({"origin": self.url, "permissions": ["notifications"]});
        let command = json!({"cmd": "Browser.grantPermissions", "params": params});
        self.command("/goog/cdp/execute", command).await;
    }

    /// Wakes the page's service worker with a message, as a push service would.
    pub async fn push(&self, data: &Value) {
        let enable = json!({"cmd": "ServiceWorker.enable", "params": {}});
        self.command("/goog/cdp/execute", enable).await;
        let params = json!({
            "origin": self.url, "registrationId": "0", "data": data.to_string(),
        });
        let command = json!({"cmd": "ServiceWorker.deliverPushMessage", "params": params});
        self.command("/goog/cdp/execute", command).await;
    }

    /// Runs a script of the tests' own that calls back with its answer.
    pub async fn run(&self, script: &str) -> Value {
        self.command("/execute/async", json!({"script": script, "args": []}))
            .await
    }

    /// Keeps a picture of the page below `target/`, for whoever looks into a failure.
    pub async fn photograph(&self, what: &str) {
        use base64::Engine;
        let picture = self.ask("/screenshot").await;
        let engine = base64::engine::general_purpose::STANDARD;
        let Ok(bytes) = engine.decode(picture.as_str().unwrap_or_default()) else {
            return;
        };
        let name: String = what
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
        let path = folder.join(format!("{name}.png"));
        if std::fs::create_dir_all(&folder).is_ok() && std::fs::write(&path, bytes).is_ok() {
            println!("a picture of the page: {}", path.display());
        }
    }

    /// Closes the window.
    pub async fn close(self) {
        let _ = self.http.delete(&self.session).send().await;
    }
}
