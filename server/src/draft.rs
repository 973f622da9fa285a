//! An election until it is frozen: the manifest draft of `hanpyo-ledger` plus what only the server
//! knows, its own keys and the origin.

use hanpyo_ledger::manifest::{CheckedManifest, ManifestDraft};

use crate::problem::FieldError;

/// Longest title kept for lists, in bytes, as in the manifest.
const TITLE_BYTES: usize = 4096;

/// What the server puts into every manifest. Fixed when the election is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerPart {
    /// Name of the log: `<host>/<tenant>/<election>`.
    pub origin: String,
    /// vkey of the log.
    pub log_vkey: String,
    /// Key of acknowledgements, in hex.
    pub acknowledgement_key: String,
    /// Key of the commission, in hex.
    pub commission_key: String,
}

/// Checks what even a draft must have: a title to show, and nothing that contradicts the server's
/// part. What is missing for a manifest is no problem yet.
#[must_use]
pub fn check(draft: &ManifestDraft, server: Option<&ServerPart>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut add = |field: &str, reason: &str| {
        errors.push(FieldError {
            field: field.to_owned(),
            reason: reason.to_owned(),
        });
    };
    let title = &draft.title;
    if title.ko.trim().is_empty() || title.ko.len() > TITLE_BYTES {
        add("title.ko", "expected 1 to 4096 bytes");
    }
    if title.en.len() > TITLE_BYTES {
        add("title.en", "expected at most 4096 bytes");
    }
    let fixed = [
        ("origin", &draft.origin, server.map(|s| &s.origin)),
        ("roles.log", &draft.roles.log, server.map(|s| &s.log_vkey)),
        (
            "roles.acknowledgement",
            &draft.roles.acknowledgement,
            server.map(|s| &s.acknowledgement_key),
        ),
        (
            "roles.commission",
            &draft.roles.commission,
            server.map(|s| &s.commission_key),
        ),
    ];
    for (field, found, expected) in fixed {
        if found.as_ref().is_some_and(|found| Some(found) != expected) {
            add(field, "the server fills this in; leave it out");
        }
    }
    errors
}

/// The manifest that approval freezes. The same draft and server part always give the same bytes.
///
/// # Errors
/// Everything that is missing or breaks a rule of docs/PROTOCOL.md section 10.2.
pub fn freeze(
    draft: &ManifestDraft,
    server: &ServerPart,
) -> Result<CheckedManifest, Vec<FieldError>> {
    let errors = check(draft, Some(server));
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut draft = draft.clone();
    draft.origin = Some(server.origin.clone());
    draft.roles.log = Some(server.log_vkey.clone());
    draft.roles.acknowledgement = Some(server.acknowledgement_key.clone());
    draft.roles.commission = Some(server.commission_key.clone());
    let manifest = draft.to_manifest().map_err(|problems| {
        let fields = problems.0.into_iter();
        fields
            .map(|p| FieldError {
                field: p.place,
                reason: p.reason,
            })
            .collect::<Vec<_>>()
    })?;
    let manifest = CheckedManifest::new(manifest).map_err(|problems| {
        let rules = problems.0.into_iter();
        rules
            .map(|p| FieldError {
                field: p.place(),
                reason: p.to_string(),
            })
            .collect::<Vec<_>>()
    })?;
    // Once frozen, no checkpoint of this election could be believed by anybody.
    if manifest.policy().quorum().is_some() {
        return Err(vec![FieldError {
            field: "witnesses.policy".to_owned(),
            reason: "expected quorum none: this server asks no witnesses for cosignatures"
                .to_owned(),
        }]);
    }
    Ok(manifest)
}
