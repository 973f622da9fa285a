//! Texts of messages: our own, and what their placeholders stand for.

use hanpyo_ledger::manifest::Manifest;

use crate::api::paths::ElectionPath;
use crate::state::AppState;

pub(super) const INVITATION: &str = "{name} 님, {title}의 온라인투표 안내입니다.\n\
    투표 기간: {opens} ~ {closes} (한국 시각)\n투표 주소: {address}\n\
    투표 코드는 관리 기관이 따로 보내 드립니다. 이 메시지에는 코드가 없으며, 누구도 코드를 묻지 않습니다.\n\n\
    Dear {name}, you are invited to vote online: {title_en}\n\
    Voting: {opens} to {closes} (Korean time)\nWhere: {address}\n\
    Your voting code comes separately from the credential authority. It is not in this message, and nobody will ask you for it.\n";
pub(super) const REMINDER: &str = "{name} 님, {title}에 아직 투표하지 않으셨습니다.\n\
    투표 마감: {closes} (한국 시각)\n투표 주소: {address}\n이미 투표하셨다면 이 메시지는 무시해 주십시오.\n\n\
    Dear {name}, you have not voted yet: {title_en}\n\
    Voting ends: {closes} (Korean time)\nWhere: {address}\nIf you have voted by now, please ignore this message.\n";
const PLACEHOLDERS: [&str; 6] = ["name", "title", "title_en", "opens", "closes", "address"];

/// The first placeholder that there is not.
pub(super) fn unknown_placeholder(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        if !PLACEHOLDERS.contains(&name) {
            return Some(name.chars().take(40).collect());
        }
        rest = behind;
    }
    None
}

/// What placeholders stand for.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    title: String,
    title_en: String,
    opens: String,
    closes: String,
    address: String,
}

impl Facts {
    pub(super) fn new(state: &AppState, path: &ElectionPath, manifest: &Manifest) -> Self {
        let windows = &manifest.schedule.windows;
        let ledger = state.ledgers.find(&path.tenant, &path.election);
        let redated = ledger.and_then(|ledger| ledger.summary()).map(|s| s.closes);
        let announced = windows.last().map(|window| window.closes.get());
        let url = state.config.http.public_url_text();
        let english = manifest.title.en.to_string();
        Self {
            title: manifest.title.ko.to_string(),
            title_en: if english.is_empty() {
                manifest.title.ko.to_string()
            } else {
                english
            },
            opens: korean_time(windows.first().map(|window| window.opens.get())),
            closes: korean_time(redated.or(announced)),
            address: format!("{url}/e/{}/{}/", path.tenant, path.election),
        }
    }

    /// Placeholders are filled in one pass: a name with braces stays a name.
    pub(super) fn fill(&self, text: &str, name: &str) -> String {
        let mut filled = String::with_capacity(text.len() + 100);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let (placeholder, behind) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(match placeholder {
                "name" => name,
                "title" => &self.title,
                "title_en" => &self.title_en,
                "opens" => &self.opens,
                "closes" => &self.closes,
                "address" => &self.address,
                // Refused before.
                _ => "",
            });
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }
}

/// `2026-11-25 06:00`, nine hours ahead of UTC.
fn korean_time(seconds: Option<u64>) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]");
    seconds
        .and_then(|seconds| i64::try_from(seconds).ok())
        .and_then(|seconds| time::OffsetDateTime::from_unix_timestamp(seconds).ok())
        .map(|time| time.to_offset(time::macros::offset!(+9)))
        .and_then(|time| time.format(&format).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_once() {
        let facts = Facts {
            title: "투표".to_owned(),
            title_en: "Vote".to_owned(),
            opens: korean_time(Some(1_900_000_000)),
            closes: korean_time(Some(1_900_043_200)),
            address: "https://vote.example.org/e/city/meals/".to_owned(),
        };
        assert_eq!(facts.fill("{name}: {title}!", "{title}"), "{title}: 투표!");
        assert_eq!(facts.opens, "2030-03-18 02:46");
        for text in [INVITATION, REMINDER] {
            assert_eq!(unknown_placeholder(text), None);
            let filled = facts.fill(text, "김하나");
            assert!(
                !filled.contains('{') && filled.contains("김하나"),
                "{filled}"
            );
        }
        assert_eq!(unknown_placeholder("{code}").as_deref(), Some("code"));
        assert_eq!(unknown_placeholder("a { b").as_deref(), Some(" b"));
    }
}
