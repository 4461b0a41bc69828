//! Every setting, read from the environment (or a `.env` file) and checked at start.

use std::path::PathBuf;

/// Where this Kontor runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// The demo brand, made-up data, file mail.
    Demo,
    /// A real brand: no demo data, no insecure cookie, no file mail, an own secret.
    Production,
}

/// The settings.
#[derive(Clone)]
pub struct Config {
    /// `KONTOR_ENV`.
    pub environment: Environment,
    /// `KONTOR_BIND`: address and port; port 0 picks a free one.
    pub bind: String,
    /// `KONTOR_BASE_URL`: what absolute links begin with, without a slash at the end. None until
    /// the address is bound, where it is not set.
    pub base_url: Option<String>,
    /// `KONTOR_SECRET`: signs cookies.
    pub secret: String,
    /// `DATABASE_URL`.
    pub database_url: String,
    /// `SMTP_URL`; without it mails go to files.
    pub smtp_url: Option<String>,
    /// `KONTOR_WORKER`: whether `serve` runs the job worker too.
    pub worker: bool,
    /// `KONTOR_PRIVATE_TARGETS`: whether webhooks may call this machine and its network.
    pub private_targets: bool,
    /// `KONTOR_BOUNCE_TOKEN`: the word by which a mail service proves itself that reports bounces;
    /// without it nothing is taken.
    pub bounce_token: Option<String>,
    /// `KONTOR_MIGRATE`: whether `serve` may migrate PostgreSQL.
    pub migrate: bool,
    /// Where files are kept: `var`, or beside the SQLite file.
    pub folder: PathBuf,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.without_secrets())
    }
}

/// A setting that cannot be used, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value outside what the setting takes.
    #[error("{name}={value:?} cannot be used: {hint}")]
    Unusable {
        /// The variable.
        name: &'static str,
        /// What it says.
        value: String,
        /// What it takes.
        hint: &'static str,
    },
    /// A setting that production needs.
    #[error("{name} is not set: {hint}")]
    Missing {
        /// The variable.
        name: &'static str,
        /// Why it is needed.
        hint: &'static str,
    },
    /// The folder or the secret's file cannot be written.
    #[error("{path}: {source}")]
    Folder {
        /// The path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

impl Config {
    /// Reads the settings from the environment.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads settings"
    )]
    pub fn from_environment() -> Result<Config, ConfigError> {
        Config::read(|name| {
            std::env::var(name)
                .ok()
                .filter(|value| !value.trim().is_empty())
        })
    }

    /// Reads the settings from `get`.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn read(get: impl Fn(&'static str) -> Option<String>) -> Result<Config, ConfigError> {
        let environment = match get("KONTOR_ENV").as_deref() {
            None | Some("demo") => Environment::Demo,
            Some("production") => Environment::Production,
            Some(value) => {
                return Err(unusable("KONTOR_ENV", value, "it is demo or production"));
            }
        };
        let database_url =
            get("DATABASE_URL").unwrap_or_else(|| "sqlite://var/kontor.db".to_owned());
        let folder = folder_of(&database_url)?;
        let on = |name| match get(name).as_deref() {
            None => Ok(None),
            Some("on" | "true" | "1") => Ok(Some(true)),
            Some("off" | "false" | "0") => Ok(Some(false)),
            Some(value) => Err(unusable(name, value, "it is on or off")),
        };
        let base_url = get("KONTOR_BASE_URL").map(|url| url.trim_end_matches('/').to_owned());
        if let Some(url) = &base_url
            && !url.starts_with("http://")
            && !url.starts_with("https://")
        {
            return Err(unusable(
                "KONTOR_BASE_URL",
                url,
                "it begins with http:// or https://",
            ));
        }
        let config = Config {
            environment,
            bind: get("KONTOR_BIND").unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
            secret: secret(get("KONTOR_SECRET"), environment, &folder)?,
            worker: on("KONTOR_WORKER")?.unwrap_or(true),
            migrate: on("KONTOR_MIGRATE")?.unwrap_or(false),
            private_targets: on("KONTOR_PRIVATE_TARGETS")?.unwrap_or(false),
            bounce_token: get("KONTOR_BOUNCE_TOKEN"),
            smtp_url: get("SMTP_URL"),
            base_url,
            database_url,
            folder,
        };
        config.check_production()?;
        Ok(config)
    }

    fn check_production(&self) -> Result<(), ConfigError> {
        if self.environment == Environment::Demo {
            return Ok(());
        }
        if self.smtp_url.is_none() {
            let hint = "production sends its mails; smtp://user:password@host:587?tls=required";
            return Err(ConfigError::Missing {
                name: "SMTP_URL",
                hint,
            });
        }
        match &self.base_url {
            None => Err(ConfigError::Missing {
                name: "KONTOR_BASE_URL",
                hint: "links in mails begin with it, such as https://orders.example.com",
            }),
            Some(url) if !url.starts_with("https://") => Err(unusable(
                "KONTOR_BASE_URL",
                url,
                "production is reached by https://, or cookies could be read on the way",
            )),
            Some(_) => Ok(()),
        }
    }

    /// Whether cookies are marked as for https only.
    #[must_use]
    pub fn secure_cookies(&self) -> bool {
        self.base_url
            .as_ref()
            .is_some_and(|url| url.starts_with("https://"))
    }

    /// The settings, a line each, with every secret struck out.
    #[must_use]
    pub fn without_secrets(&self) -> String {
        let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".into());
        let switch = |on: bool| if on { "on" } else { "off" };
        let environment = match self.environment {
            Environment::Demo => "demo",
            Environment::Production => "production",
        };
        format!(
            "KONTOR_ENV={environment}\nKONTOR_BIND={}\nKONTOR_BASE_URL={}\nKONTOR_SECRET=(set)\n\
             DATABASE_URL={}\nSMTP_URL={}\nKONTOR_WORKER={}\nKONTOR_MIGRATE={}\n\
             KONTOR_PRIVATE_TARGETS={}\nKONTOR_BOUNCE_TOKEN={}",
            self.bind,
            or_none(&self.base_url),
            without_password(&self.database_url),
            self.smtp_url
                .as_deref()
                .map_or_else(|| "none".into(), without_password),
            switch(self.worker),
            switch(self.migrate),
            switch(self.private_targets),
            self.bounce_token.as_ref().map_or("none", |_| "(set)"),
        )
    }
}

fn unusable(name: &'static str, value: &str, hint: &'static str) -> ConfigError {
    ConfigError::Unusable {
        name,
        value: value.to_owned(),
        hint,
    }
}

/// `postgres://user:…@host` without what stands between colon and at sign.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let Some((user, host)) = rest.rsplit_once('@') else {
        return url.to_owned();
    };
    let name = user.split(':').next().unwrap_or(user);
    format!("{scheme}://{name}:***@{host}")
}

fn folder_of(database_url: &str) -> Result<PathBuf, ConfigError> {
    if let Some(path) = database_url.strip_prefix("sqlite:") {
        let path = path.trim_start_matches("//");
        let path = path.split('?').next().unwrap_or(path);
        let folder = std::path::Path::new(path)
            .parent()
            .map(PathBuf::from)
            .unwrap_or_default();
        let here = folder.as_os_str().is_empty();
        return Ok(if here { PathBuf::from(".") } else { folder });
    }
    if database_url.starts_with("postgres://") || database_url.starts_with("postgresql://") {
        return Ok(PathBuf::from("var"));
    }
    Err(unusable(
        "DATABASE_URL",
        database_url,
        "it begins with sqlite:// or postgres://",
    ))
}

/// The secret that is set; in demo, one made once and kept beside the database.
fn secret(
    set: Option<String>,
    environment: Environment,
    folder: &std::path::Path,
) -> Result<String, ConfigError> {
    if let Some(secret) = set {
        if secret.len() < 32 {
            return Err(unusable(
                "KONTOR_SECRET",
                "…",
                "it has at least 32 characters",
            ));
        }
        return Ok(secret);
    }
    if environment == Environment::Production {
        let hint = "it signs cookies; make one with: openssl rand -hex 32";
        return Err(ConfigError::Missing {
            name: "KONTOR_SECRET",
            hint,
        });
    }
    let path = folder.join("secret");
    let failed = |source| ConfigError::Folder {
        path: path.display().to_string(),
        source,
    };
    if let Ok(secret) = std::fs::read_to_string(&path) {
        return Ok(secret.trim().to_owned());
    }
    let secret = crate::auth::token::random().map_err(|e| failed(std::io::Error::other(e)))?;
    std::fs::create_dir_all(folder).map_err(failed)?;
    write_private(&path, &secret).map_err(failed)?;
    Ok(secret)
}

/// Writes a file that only its owner may read.
///
/// # Errors
/// Whatever the file system says.
pub fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&'static str, &str)]) -> Result<Config, ConfigError> {
        Config::read(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    const SECRET: &str = "0123456789012345678901234567890123456789";

    #[test]
    fn production_names_what_it_lacks() {
        let production = ("KONTOR_ENV", "production");
        let error = read(&[production]).unwrap_err().to_string();
        assert!(error.starts_with("KONTOR_SECRET is not set"), "{error}");
        let error = read(&[production, ("KONTOR_SECRET", SECRET)])
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("SMTP_URL is not set"), "{error}");
        let plain = read(&[
            production,
            ("KONTOR_SECRET", SECRET),
            ("SMTP_URL", "smtp://localhost"),
            ("KONTOR_BASE_URL", "http://orders.example.com"),
        ]);
        assert!(plain.unwrap_err().to_string().contains("https://"));
    }

    #[test]
    fn secrets_are_struck_out() {
        let config = read(&[
            ("KONTOR_SECRET", SECRET),
            ("DATABASE_URL", "postgres://kontor:pa:ss@db/kontor"),
            ("SMTP_URL", "smtp://mailer:word@mx.example.com"),
        ]);
        let shown = config.unwrap().without_secrets();
        assert!(shown.contains("postgres://kontor:***@db/kontor"), "{shown}");
        assert!(
            shown.contains("smtp://mailer:***@mx.example.com"),
            "{shown}"
        );
        assert!(
            !shown.contains(SECRET) && !shown.contains("word"),
            "{shown}"
        );
    }

    #[test]
    fn nonsense_is_refused_with_what_would_do() {
        let error = read(&[("KONTOR_ENV", "staging")]).unwrap_err().to_string();
        assert_eq!(
            error,
            "KONTOR_ENV=\"staging\" cannot be used: it is demo or production"
        );
        let error = read(&[("DATABASE_URL", "mysql://x")])
            .unwrap_err()
            .to_string();
        assert!(error.contains("sqlite:// or postgres://"), "{error}");
    }
}
