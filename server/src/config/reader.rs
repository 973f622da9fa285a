//! Reads one setting after another from the layers and collects every problem on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use figment::error::Kind;
use figment::providers::{Format, Toml};
use figment::value::{Dict, Value};
use figment::{Figment, Provider as _};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Prefix of the environment variables that hold settings.
const ENV_PREFIX: &str = "HANPYO_";

/// Where settings come from. Held as data, so that tests need not touch the process environment.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// TOML file; it must exist when named.
    pub file: Option<PathBuf>,
    /// Environment variables as (name, value).
    pub env: Vec<(String, String)>,
    /// Flags as (dotted setting name, value).
    pub flags: Vec<(String, String)>,
}

impl Sources {
    /// Takes the environment of this process. Values that are not UTF-8 are left out.
    #[must_use]
    pub fn with_process_env(mut self) -> Self {
        self.env = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        self
    }
}

/// One setting as documentation: what `hanpyo-server config` prints.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Dotted name, for example `http.bind`.
    pub name: &'static str,
    /// Default in TOML notation; empty if there is none.
    pub default: String,
    /// What it does, with its unit.
    pub help: &'static str,
}

impl Setting {
    /// Name of the environment variable that sets it.
    #[must_use]
    pub fn env_name(&self) -> String {
        format!("{ENV_PREFIX}{}", self.name.replace('.', "_").to_uppercase())
    }
}

/// What is wrong with one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// Dotted name of the setting, or the name of the file or variable at fault.
    pub name: String,
    /// What was expected and what was found.
    pub reason: String,
}

/// Every problem of a configuration.
#[derive(Debug, Clone, thiserror::Error)]
pub struct ConfigError {
    /// At least one problem, in the order the settings are read.
    pub problems: Vec<SettingProblem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [problem] = self.problems.as_slice() {
            return write!(f, "{}: {}", problem.name, problem.reason);
        }
        write!(f, "{} problems with the settings:", self.problems.len())?;
        for problem in &self.problems {
            write!(f, "\n  {}: {}", problem.name, problem.reason)?;
        }
        Ok(())
    }
}

/// Reads settings by name and remembers which names exist and what was wrong.
pub struct Reader {
    figment: Figment,
    env: BTreeMap<String, String>,
    settings: Vec<Setting>,
    problems: Vec<SettingProblem>,
}

impl Reader {
    /// Opens the layers.
    ///
    /// # Errors
    /// The file is missing or is not TOML; nothing else can be judged then.
    pub fn new(sources: &Sources) -> Result<Self, ConfigError> {
        let mut figment = Figment::new();
        if let Some(path) = &sources.file {
            let fail = |reason: String| ConfigError {
                problems: vec![SettingProblem {
                    name: path.display().to_string(),
                    reason,
                }],
            };
            let text = std::fs::read_to_string(path).map_err(|e| fail(e.to_string()))?;
            figment = figment.merge(Toml::string(&text));
            figment.data().map_err(|e| fail(e.to_string()))?;
        }
        for (name, value) in &sources.flags {
            figment = figment.merge((name.as_str(), value.as_str()));
        }
        // Flags win over the environment, so a variable whose setting has a flag is not looked at.
        let flagged: BTreeSet<String> = sources
            .flags
            .iter()
            .map(|(name, _)| env_name(name))
            .collect();
        let env = sources
            .env
            .iter()
            .filter(|(name, _)| name.starts_with(ENV_PREFIX) && !flagged.contains(name))
            .cloned()
            .collect();
        Ok(Self {
            figment,
            env,
            settings: Vec::new(),
            problems: Vec::new(),
        })
    }

    /// A reader without layers: every setting takes its default.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            figment: Figment::new(),
            env: BTreeMap::new(),
            settings: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Reads `name`; on a problem notes it and goes on with the default.
    pub fn get<T>(&mut self, name: &'static str, default: T, help: &'static str) -> T
    where
        T: Serialize + DeserializeOwned,
    {
        let shown = Value::serialize(&default).map_or_else(|_| String::new(), |v| show(&v));
        self.read(name, shown, help).unwrap_or(default)
    }

    /// Reads `name`, which has no default.
    pub fn optional<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        help: &'static str,
    ) -> Option<T> {
        self.read(name, String::new(), help)
    }

    /// Reads a number and checks that it lies in `range`.
    pub fn number<T>(
        &mut self,
        name: &'static str,
        default: T,
        range: RangeInclusive<T>,
        help: &'static str,
    ) -> T
    where
        T: Serialize + DeserializeOwned + PartialOrd + fmt::Display + Copy,
    {
        let value = self.get(name, default, help);
        let (low, high) = (range.start(), range.end());
        self.check(name, range.contains(&value), || {
            format!("expected {low} to {high}, found {value}")
        });
        value
    }

    /// Notes a problem with `name` unless `holds`.
    pub fn check(&mut self, name: &'static str, holds: bool, reason: impl FnOnce() -> String) {
        if !holds {
            self.problem(name, reason());
        }
    }

    /// Notes a problem with `name`.
    pub fn problem(&mut self, name: impl Into<String>, reason: impl Into<String>) {
        self.problems.push(SettingProblem {
            name: name.into(),
            reason: reason.into(),
        });
    }

    /// Checks for names that no one read and returns every problem.
    ///
    /// # Errors
    /// At least one problem was found.
    pub fn finish(mut self) -> Result<(), ConfigError> {
        self.report_unknown();
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(ConfigError {
                problems: self.problems,
            })
        }
    }

    /// The settings read so far.
    #[must_use]
    pub fn into_settings(self) -> Vec<Setting> {
        self.settings
    }

    fn read<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        default: String,
        help: &'static str,
    ) -> Option<T> {
        let setting = Setting {
            name,
            default,
            help,
        };
        let variable = setting.env_name();
        self.settings.push(setting);
        // Lossy: a variable or flag is text, "8080" must do for a number.
        let (found, source) = match self.env.get(&variable) {
            Some(text) => (
                Figment::new()
                    .merge((name, text.as_str()))
                    .extract_inner_lossy::<T>(name),
                format!(" (environment variable {variable})"),
            ),
            None => (self.figment.extract_inner_lossy::<T>(name), String::new()),
        };
        match found {
            Ok(value) => Some(value),
            Err(error) => {
                if !matches!(error.kind, Kind::MissingField(_)) {
                    self.problem(name, format!("{}{source}", error.kind));
                }
                None
            }
        }
    }

    fn report_unknown(&mut self) {
        let known: BTreeSet<&str> = self.settings.iter().map(|s| s.name).collect();
        let mut present = Vec::new();
        if let Ok(data) = self.figment.data() {
            for dict in data.values() {
                flatten("", dict, &mut present);
            }
        }
        let unknown_names: Vec<String> = present
            .into_iter()
            .filter(|name| !known.contains(name.as_str()))
            .collect();
        // Other programs have HANPYO_ variables of their own; only those that begin like one of
        // our sections are ours to judge.
        let sections: BTreeSet<String> = known
            .iter()
            .filter_map(|name| name.split('.').next())
            .map(|section| format!("{}_", env_name(section)))
            .collect();
        let variables: BTreeSet<String> = self.settings.iter().map(Setting::env_name).collect();
        let unknown_variables: Vec<String> = self
            .env
            .keys()
            .filter(|name| sections.iter().any(|section| name.starts_with(section)))
            .filter(|name| !variables.contains(*name))
            .cloned()
            .collect();
        for name in unknown_names.into_iter().chain(unknown_variables) {
            self.problem(name, "no such setting (`hanpyo-server config` lists all)");
        }
    }
}

fn env_name(setting: &str) -> String {
    format!("{ENV_PREFIX}{}", setting.replace('.', "_").to_uppercase())
}

/// Dotted names of all leaves below `dict`.
fn flatten(prefix: &str, dict: &Dict, names: &mut Vec<String>) {
    for (key, value) in dict {
        let name = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            Value::Dict(_, inner) => flatten(&name, inner, names),
            _ => names.push(name),
        }
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::String(_, text) => format!("{text:?}"),
        Value::Bool(_, flag) => flag.to_string(),
        Value::Num(_, number) => number
            .to_u128()
            .map(|n| n.to_string())
            .or_else(|| number.to_i128().map(|n| n.to_string()))
            .or_else(|| number.to_f64().map(|n| n.to_string()))
            .unwrap_or_default(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, Sources) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hanpyo.toml");
        std::fs::write(&path, text).unwrap();
        (
            dir,
            Sources {
                file: Some(path),
                ..Sources::default()
            },
        )
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    }

    #[test]
    fn defaults_hold_together() {
        Config::load(&Sources::default()).unwrap();
    }

    #[test]
    fn later_layers_win() {
        let (_dir, mut sources) = file("[http]\nbind = \"127.0.0.1:1001\"\n");
        assert_eq!(Config::load(&sources).unwrap().http.bind.port(), 1001);
        sources.env = pairs(&[("HANPYO_HTTP_BIND", "127.0.0.1:1002")]);
        assert_eq!(Config::load(&sources).unwrap().http.bind.port(), 1002);
        sources.flags = pairs(&[("http.bind", "127.0.0.1:1003")]);
        assert_eq!(Config::load(&sources).unwrap().http.bind.port(), 1003);
    }

    #[test]
    fn numbers_come_from_text_layers() {
        let sources = Sources {
            env: pairs(&[("HANPYO_HTTP_JSON_BODY_BYTES", "70000")]),
            flags: pairs(&[("voter.code_minutes", "7")]),
            ..Sources::default()
        };
        let config = Config::load(&sources).unwrap();
        assert_eq!(
            (config.http.json_body_bytes, config.voter.code_minutes),
            (70_000, 7)
        );
    }

    #[test]
    fn all_problems_are_reported_at_once_with_their_names() {
        let (_dir, mut sources) = file(
            "colour = 1\n[http]\nbind = \"nowhere\"\nbnd = \"x\"\n[voter]\ncode_minutes = 0\n[outbox]\nkind = \"smtp\"\n",
        );
        sources.env = pairs(&[
            ("HANPYO_HTTP_WORKERS", "many"),
            ("HANPYO_VOTER_CODE", "6"),
            ("HANPYO_X", ""),
        ]);
        let error = Config::load(&sources).unwrap_err();
        let mut names: Vec<&str> = error.problems.iter().map(|p| p.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "HANPYO_VOTER_CODE",
                "colour",
                "http.bind",
                "http.bnd",
                "http.workers",
                "outbox.smtp.from",
                "outbox.smtp.host",
                "voter.code_minutes",
            ]
        );
        let text = error.to_string();
        assert!(text.starts_with("8 problems with the settings:"), "{text}");
        assert!(text.contains("HANPYO_HTTP_WORKERS"), "{text}");
    }

    #[test]
    fn missing_or_malformed_file_is_one_clear_problem() {
        let gone = Sources {
            file: Some("/nowhere/hanpyo.toml".into()),
            ..Sources::default()
        };
        assert_eq!(Config::load(&gone).unwrap_err().problems.len(), 1);
        let (_dir, malformed) = file("[http\n");
        assert_eq!(Config::load(&malformed).unwrap_err().problems.len(), 1);
    }

    #[test]
    fn names_are_unique() {
        let settings = Config::reference();
        let names: BTreeSet<&str> = settings.iter().map(|s| s.name).collect();
        assert_eq!(names.len(), settings.len());
    }
}
