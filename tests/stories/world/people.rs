//! Agents at work: they log in with a browser, and do what its pages do.

use bytes::Bytes;
use http::Method;
use perch::x_api::request::Response;
use serde_json::{Value, json};

use super::World;
use super::api_document::must_fit;
use super::cast::{BRAND, HOST};

/// Somebody who is logged in.
pub struct Agent {
    pub login: String,
    pub cookie: String,
}

impl World {
    /// An agent who is made, logs in, opens the inbox and is there for customers.
    pub fn agent(&mut self, login: &str, more: &Value) -> Agent {
        let mut body = json!({"login": login, "name": name(login)});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, made) = self.api("POST", "/api/agents/add", &body);
        assert_eq!(status, 200, "{made:#}");
        let cookie = self.logs_in(login, made["password"].as_str().unwrap()).unwrap();
        let agent = Agent { login: login.to_owned(), cookie };
        self.does(&agent, "POST", "/api/me/presence", &json!({"presence": "available"}));
        agent
    }

    /// The cookie; or what the page says.
    pub fn logs_in(&mut self, login: &str, password: &str) -> Result<String, String> {
        let form = format!("login={login}&password={password}");
        let answer = self.asks(browser(Method::POST, "/log-in", None, form.into()));
        let words = String::from_utf8_lossy(answer.body()).into_owned();
        if answer.status() != 303 {
            return Err(format!("{}: {words}", answer.status()));
        }
        let set = answer.headers()["set-cookie"].to_str().unwrap();
        assert!(set.contains("HttpOnly; SameSite=Strict; Secure"), "{set}");
        Ok(set.split(';').next().unwrap().to_owned())
    }

    pub fn does(&mut self, agent: &Agent, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let bytes = if method == "GET" { Bytes::new() } else { body.to_string().into() };
        let response = self.asks(browser(method.parse().unwrap(), path, Some(&agent.cookie), bytes));
        must_fit(method, path, &response);
        (response.status().as_u16(), read(&response))
    }

    /// Something about the conversation with this customer.
    pub fn acts(&mut self, agent: &Agent, act: &str, customer: &str, more: &Value) -> (u16, Value) {
        let mut body = json!({"account": BRAND, "customer": customer});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = self.does(agent, "POST", &format!("/api/inbox/{act}"), &body);
        self.drive();
        answer
    }

    /// Says it, and it has to be taken.
    pub fn agent_says(&mut self, agent: &Agent, customer: &str, text: &str) -> Value {
        let (status, said) = self.acts(agent, "say", customer, &json!({"text": text}));
        assert_eq!(status, 200, "{said:#}");
        said
    }

    pub fn hands_over(&mut self, settings: &Value) {
        let (status, answer) =
            self.api("POST", "/api/accounts/handoff", &json!({"account": BRAND, "settings": settings}));
        assert_eq!(status, 200, "{answer:#}");
    }

    /// The rows of a view of the inbox.
    pub fn view(&mut self, agent: &Agent, view: &str) -> Vec<Value> {
        let (status, list) = self.does(agent, "GET", &format!("/api/inbox?view={view}"), &Value::Null);
        assert_eq!(status, 200);
        list["conversations"].as_array().unwrap().clone()
    }

    pub fn thread(&mut self, agent: &Agent, customer: &str) -> Value {
        let path = format!("/api/inbox/thread?account={BRAND}&customer={customer}");
        let (status, thread) = self.does(agent, "GET", &path, &Value::Null);
        assert_eq!(status, 200, "{thread:#}");
        thread
    }

    /// The open inbox is looked at by its page all the time.
    pub fn inbox_stays_open(&mut self, agent: &Agent) {
        self.does(agent, "POST", "/api/me/presence", &json!({"presence": "available"}));
    }
}

/// What a page of the deployment sends.
pub fn browser(method: Method, path: &str, cookie: Option<&str>, body: Bytes) -> perch::x_api::request::Request {
    let mut request = http::Request::builder().method(method).uri(format!("{HOST}{path}")).header("origin", HOST);
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    request.body(body).unwrap()
}

fn read(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_default()
}

fn name(login: &str) -> String {
    let mut letters = login.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
