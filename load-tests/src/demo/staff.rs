//! The commission's staff over the API.

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::DemoError;

/// Password of all accounts of the demonstration.
pub(super) const PASSWORD: &str = "hanpyo demonstration";

/// What the administrator chooses for the others, who change it at once.
pub(super) const FIRST_PASSWORD: &str = "from the administrator";

/// A member of staff who is logged in.
#[derive(Clone, Debug)]
pub(super) struct Staff {
    http: Client,
    base: String,
    token: String,
}

impl Staff {
    /// Logs in.
    pub(super) async fn log_in(server: &str, login: &str) -> Result<Self, DemoError> {
        Self::log_in_with(server, login, PASSWORD).await
    }

    /// The first log-in of an account with the password that its administrator chose: changes it.
    pub(super) async fn choose_password(server: &str, login: &str) -> Result<(), DemoError> {
        let newcomer = Self::log_in_with(server, login, FIRST_PASSWORD).await?;
        let change = json!({ "current": FIRST_PASSWORD, "new": PASSWORD });
        newcomer
            .json(Method::POST, "/auth/password", &change)
            .await?;
        Ok(())
    }

    async fn log_in_with(server: &str, login: &str, password: &str) -> Result<Self, DemoError> {
        let mut staff = Self {
            http: Client::new(),
            base: format!("{server}/api/v1"),
            token: String::new(),
        };
        let request = json!({ "tenant": "seoul", "login": login, "password": password });
        let session = staff
            .call(Method::POST, "/auth/login", Body::Json(&request), None)
            .await?;
        staff.token = text(&session, "log-in", "access_token")?;
        Ok(staff)
    }

    /// A request with a JSON body; the answer as JSON.
    pub(super) async fn json(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Value, DemoError> {
        self.call(method, path, Body::Json(body), None).await
    }

    /// A request without a body.
    pub(super) async fn bare(&self, method: Method, path: &str) -> Result<Value, DemoError> {
        self.call(method, path, Body::None, None).await
    }

    /// A change of the version that was seen.
    pub(super) async fn change(
        &self,
        path: &str,
        version: &Value,
        body: Option<&Value>,
    ) -> Result<Value, DemoError> {
        let tag = format!("\"{version}\"");
        self.call(
            Method::POST,
            path,
            body.map_or(Body::None, Body::Json),
            Some(&tag),
        )
        .await
    }

    /// A CSV file.
    pub(super) async fn csv(
        &self,
        method: Method,
        path: &str,
        csv: String,
    ) -> Result<Value, DemoError> {
        self.call(method, path, Body::Csv(csv), None).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Body<'_>,
        version: Option<&str>,
    ) -> Result<Value, DemoError> {
        let what = format!("{method} {path}");
        let mut request: RequestBuilder = self.http.request(method, format!("{}{path}", self.base));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(version) = version {
            request = request.header("if-match", version);
        }
        request = match body {
            Body::None => request,
            Body::Json(value) => request.json(value),
            Body::Csv(text) => request.header("content-type", "text/csv").body(text),
        };
        let answer = request.send().await.map_err(|source| DemoError::Http {
            what: what.clone(),
            source,
        })?;
        read(what, answer).await
    }
}

enum Body<'a> {
    None,
    Json(&'a Value),
    Csv(String),
}

/// JSON of a successful answer; null if it has no body.
pub(super) async fn read(what: String, answer: Response) -> Result<Value, DemoError> {
    let status = answer.status();
    let text = answer.text().await.map_err(|source| DemoError::Http {
        what: what.clone(),
        source,
    })?;
    if !status.is_success() {
        return Err(DemoError::Refused {
            what,
            status: status.as_u16(),
            answer: text,
        });
    }
    Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// A text of an answer.
pub(super) fn text(answer: &Value, what: &str, field: &'static str) -> Result<String, DemoError> {
    let found = answer.get(field).and_then(Value::as_str);
    found.map(str::to_owned).ok_or_else(|| DemoError::Missing {
        what: what.to_owned(),
        field,
    })
}
