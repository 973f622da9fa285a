//! The description of the API, OpenAPI 3.1. `docs/openapi.json` is its snapshot.

use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::view::AnyProblem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hanpyo",
        description = "Elections and referendums that anyone can verify. Errors are RFC 9457 \
            problem+json; times are RFC 3339. The public board is not part of this API: it is \
            static files below /board/{tenant}/{election}/.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    paths(
        super::auth::login,
        super::auth::refresh,
        super::auth::logout,
        super::auth::change_password,
        super::tenants::list,
        super::tenants::create,
        super::tenants::show,
        super::tenants::audit,
        super::staff::list,
        super::staff::create,
        super::staff::change,
        super::elections::drafts::list,
        super::elections::drafts::create,
        super::elections::drafts::show,
        super::elections::drafts::edit,
        super::elections::drafts::remove,
        super::elections::review::submit,
        super::elections::review::send_back,
        super::elections::review::approve,
        super::elections::audit,
        super::roll::show,
        super::roll::import,
        super::roll::clear,
        super::roll::assign,
        super::roll::unassign,
        super::voter::identify,
        super::voter::session,
        super::voter::extend,
        super::me::me,
        crate::voters_api::list::list,
        crate::voters_api::list::show,
        crate::voters_api::change::add,
        crate::voters_api::change::correct,
        crate::voters_api::change::remove,
        crate::voters_api::requests::request,
        crate::voters_api::requests::list,
        crate::voters_api::requests::decide,
        crate::voters_api::export::export,
        crate::voters_api::messages::list,
        crate::voters_api::messages::send,
        crate::lots_api::list,
        crate::lots_api::prepare,
        crate::lots_api::draw,
        crate::objections_api::object,
        crate::objections_api::list,
        crate::objections_api::show,
        crate::objections_api::answer,
        crate::objections_api::withhold,
        crate::public_api::list::all,
        crate::public_api::list::of_tenant,
        crate::public_api::listing::show,
        crate::public_api::listing::change,
        crate::public_api::timeline::timeline,
        crate::public_api::trustees::trustees,
        crate::public_api::booth::booth,
        crate::public_api::booth::entry,
        crate::public_api::booth::receipt,
        crate::ledger_api::public::public,
        crate::ledger_api::turnout::turnout,
        crate::ledger_api::turnout::history,
        crate::ledger_api::public::results,
        crate::ledger_api::public::keys,
        crate::ledger_api::entries::append,
        crate::ledger_api::entries::append_bundle,
        crate::ledger_api::proposals::propose,
        crate::ledger_api::proposals::list,
        crate::ledger_api::proposals::show,
        crate::ledger_api::proposals::approve,
        crate::ledger_api::ballots::cast,
        crate::ledger_api::ballots::receipt,
        crate::ledger_api::ballots::challenge,
        crate::ledger_api::lifecycle::open,
        crate::ledger_api::lifecycle::close,
        crate::ledger_api::lifecycle::void,
        crate::ledger_api::lifecycle::restart,
        crate::ledger_api::lifecycle::strike,
        crate::ledger_api::lifecycle::paper_turnout,
        crate::ledger_api::lifecycle::redate,
        crate::ledger_api::lifecycle::amend_assets,
    ),
    components(responses(AnyProblem), schemas(crate::problem::FindingBody, crate::problem::WaitingBody, crate::voters_api::export::Audience, crate::voters_api::export::Columns)),
    tags(
        (name = "auth", description = "Log-in of staff"),
        (name = "tenants", description = "Tenants of the platform"),
        (name = "staff", description = "Accounts and roles"),
        (name = "elections", description = "Drafts and their two-person approval"),
        (name = "roll", description = "Electoral roll and assignment of credentials"),
        (name = "voter", description = "Identification of voters"),
        (name = "public", description = "Phase, turnout and results for everyone"),
        (name = "voting", description = "Casting, posted challenges, receipts"),
        (name = "ledger", description = "Entries that roles sign; their signatures are the authority"),
        (name = "running", description = "What staff has the commission sign"),
    ),
    modifiers(&Bearers, &OperationIds)
)]
struct Api;

/// The two kinds of bearer tokens.
struct Bearers;

impl Modify for Bearers {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        for name in ["staff", "voter"] {
            let mut bearer = Http::new(HttpAuthScheme::Bearer);
            bearer.bearer_format = Some("JWT".to_owned());
            components.add_security_scheme(name, SecurityScheme::Http(bearer));
        }
    }
}

/// Makes operation ids unique, as OpenAPI asks for: `<tag>_<handler>`. Clients are generated from
/// them.
struct OperationIds;

impl Modify for OperationIds {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for item in openapi.paths.paths.values_mut() {
            let operations = [
                &mut item.get,
                &mut item.put,
                &mut item.post,
                &mut item.delete,
                &mut item.patch,
            ];
            for operation in operations.into_iter().flatten() {
                let tag = operation.tags.as_ref().and_then(|tags| tags.first());
                if let (Some(tag), Some(id)) = (tag, &operation.operation_id) {
                    operation.operation_id = Some(format!("{tag}_{id}"));
                }
            }
        }
    }
}

/// The description as indented JSON with a newline at its end.
///
/// # Errors
/// It cannot be written as JSON, which no request can cause.
pub fn openapi_json() -> Result<String, serde_json::Error> {
    let mut json = Api::openapi().to_pretty_json()?;
    json.push('\n');
    Ok(json)
}
