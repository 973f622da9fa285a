//! Which page an address shows (web/README.md).

/// Path of the page at `address`, an absolute path without query; `None` if no page is there.
///
/// Pages route by themselves below `/e/` and `/admin`, so unknown addresses there have a page too.
#[must_use]
pub fn page(address: &str) -> Option<&'static str> {
    let mut parts = address.split('/').filter(|part| !part.is_empty());
    let first = parts.next();
    let rest = (parts.next(), parts.next(), parts.next(), parts.next());
    match (first, rest) {
        (None, _) => Some("vote.html"),
        (Some("e"), (Some(_), Some(_), Some("vote"), None)) => Some("booth.html"),
        (Some("e"), (Some(_), Some(_), Some("observe"), None)) => Some("observe.html"),
        (Some("e"), _) => Some("vote.html"),
        (Some("admin"), _) => Some("admin.html"),
        _ => None,
    }
}

/// Addresses of an election's pages that voters and observers open, relative to the server.
#[must_use]
pub fn of_election(tenant: &str, election: &str) -> Vec<String> {
    let home = format!("/e/{tenant}/{election}/");
    let below = ["vote", "check", "observe", "trustees"].map(|page| format!("{home}{page}"));
    std::iter::once(home).chain(below).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_the_contract_has_its_page() {
        for (address, expected) in [
            ("/", Some("vote.html")),
            ("/e/city/meals/", Some("vote.html")),
            ("/e/city/meals", Some("vote.html")),
            ("/e/city/meals/vote", Some("booth.html")),
            ("/e/city/meals/vote/more", Some("vote.html")),
            ("/e/city/vote", Some("vote.html")),
            ("/e/city/meals/check", Some("vote.html")),
            ("/e/city/meals/trustees", Some("vote.html")),
            ("/e/city/meals/observe", Some("observe.html")),
            ("/e/city/meals/observe/more", Some("vote.html")),
            ("/e/city/observe", Some("vote.html")),
            ("/admin", Some("admin.html")),
            ("/admin/elections/meals", Some("admin.html")),
            ("/administration", None),
            ("/api/v1/tenants", None),
            ("/vote.html", None),
        ] {
            assert_eq!(page(address), expected, "{address}");
        }
        for address in of_election("city", "meals") {
            assert!(page(&address).is_some(), "{address}");
        }
    }
}
