//! A request to its answer: who may call is looked at first, and what changes something is written down.

use http::header::{ALLOW, LOCATION, RETRY_AFTER};
use http::{Method, StatusCode};

use super::address::{SPOKEN, is_open_to_all, origin};
use super::answer::{Answer, Body};
use super::routes::{Access, Handler, Path, ROUTES, Route};
use super::who::{CALLER, Who, caller, who};
use super::{
    accounts, activity, admin, agents, canned_answers, customers, dead_letters, dm, doctor, events, health, home,
    inbox, log_in, media, on_x, people, registry, scripts, sign_in, webhook,
};
use crate::access;
use crate::config::Config;
use crate::flows::audit;
use crate::platform::Platform;
use crate::x_api::delivery::LARGEST;
use crate::x_api::request::Request;
use crate::x_api::signature;

/// The headers that a handler of this path reads: all that has to cross from the runtime. Signatures cross with every head.
pub fn headers(config: &Config<'_>, path: &str) -> &'static [&'static str] {
    if path == config.webhook_path() { OF_WEBHOOK } else { HEADERS }
}

const OF_WEBHOOK: &[&str] = &[signature::HEADER, signature::HEADER_OF_CLIENT];
const HEADERS: &[&str] =
    &[access::HEADER, "authorization", CALLER, "cookie", "origin", "range", "sec-fetch-site", SPOKEN];

/// The most bytes that are read of a request's body: none of what is refused without it, whoever sends it.
pub fn most_read(config: &Config<'_>, request: &Request) -> usize {
    let path = request.uri().path();
    let has = |names: &[&str]| names.iter().any(|name| request.headers().contains_key(*name));
    match request.method() {
        &Method::GET | &Method::HEAD => 0,
        _ if path == config.webhook_path() => usize::from(has(OF_WEBHOOK)) * LARGEST,
        _ if path == log_in::PATH => LARGEST_FORM,
        _ if path.starts_with("/api/") && !has(&["authorization", "cookie"]) => 0,
        _ if ROUTES.iter().any(|route| is_at(config, route.path, path)) => LARGEST,
        _ => 0,
    }
}

const LARGEST_FORM: usize = 4 << 10;

fn is_at(config: &Config<'_>, route: Path, path: &str) -> bool {
    match route {
        Path::Is(is) => is == path,
        Path::Below(above) => path.starts_with(above),
        Path::Webhook => config.webhook_path() == path,
    }
}

pub async fn handle<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let here: Vec<&Route> = ROUTES.iter().filter(|route| is_at(config, route.path, request.uri().path())).collect();
    if is_open_to_all(request) && !here.iter().any(|route| route.handler.is_xs()) {
        return over_https(request);
    }
    let is_head = request.method() == Method::HEAD;
    let method = if is_head { &Method::GET } else { request.method() };
    let answer = match here.iter().find(|route| route.method == *method) {
        Some(route) => guarded(p, config, request, route).await,
        None if here.is_empty() => no_such_path(p, config, request).await,
        None => {
            let allowed: Vec<&str> = here.iter().map(|route| route.method.as_str()).collect();
            let said = format!("{} is not answered here.", request.method());
            Answer::problem(StatusCode::METHOD_NOT_ALLOWED, &said, "Use one of the methods in the Allow header.")
                .header(ALLOW, &allowed.join(", "))
        }
    };
    if is_head { without_body(answer) } else { answer }
}

/// No page, no password and no token goes over a line that others read.
fn over_https(request: &Request) -> Answer {
    let rest = request.uri().path_and_query().map_or("/", |rest| rest.as_str());
    let host = request.uri().authority().map_or("", |authority| authority.as_str());
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Answer::empty(StatusCode::PERMANENT_REDIRECT).header(LOCATION, &format!("https://{host}{rest}"));
    }
    Answer::problem(StatusCode::FORBIDDEN, "This came over plain http, which others can read.", "Use https.")
}

/// Under `/api` even what does not exist is told to nobody but an admin.
async fn no_such_path<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let path = request.uri().path();
    let is_private = path == "/api" || path.starts_with("/api/") || path == "/app" || path.starts_with("/app/");
    if is_private && let Err(refusal) = who(p, config, request).await {
        return limited(p, request, *refusal).await;
    }
    Answer::problem(StatusCode::NOT_FOUND, "There is nothing at this address.", "See the routes in the README.")
}

async fn guarded<P: Platform>(p: &P, config: &Config<'_>, request: &Request, route: &Route) -> Answer {
    if route.access == Access::Public {
        return answer(p, config, request, route.handler, &Who::Token).await;
    }
    let who = match who(p, config, request).await {
        Ok(who) => who,
        Err(refusal) if route.handler == Handler::App && refusal.response.status() == StatusCode::UNAUTHORIZED => {
            return log_in::first();
        }
        Err(refusal) => return limited(p, request, *refusal).await,
    };
    if matches!(route.access, Access::Admin | Access::Change) && !who.is_admin() {
        let mend = "Ask an admin, or to be made one: perch agents change NAME --role admin.";
        return Answer::problem(StatusCode::FORBIDDEN, "This is for admins.", mend);
    }
    let answer = answer(p, config, request, route.handler, &who).await;
    if matches!(route.access, Access::Change | Access::PeopleChange) {
        let status = answer.response.status().as_u16();
        if let Err(trouble) = audit::write(p, who.name(), request.uri().path(), request.body(), status).await {
            return answer.logged(format!("audit: {trouble}"));
        }
    }
    answer
}

/// `who` is nobody in particular where anybody may call.
async fn answer<P: Platform>(p: &P, config: &Config<'_>, request: &Request, handler: Handler, who: &Who) -> Answer {
    match handler {
        Handler::Home => home::home(config),
        Handler::Healthz => Answer::json_text(r#"{"ok":true}"#.to_owned()),
        Handler::Challenge => webhook::challenge(p, config, request),
        Handler::Deliver => webhook::deliver(p, config, request).await,
        Handler::Connect => admin::connect(p, config, request).await,
        Handler::Invite => sign_in::invite(p, config, request),
        Handler::SetOut => sign_in::set_out(p, config, request).await,
        Handler::ComeBack => sign_in::come_back(p, config, request).await,
        Handler::Accounts => accounts::list(p, config, request).await,
        Handler::SwitchAccount => accounts::switch(p, request).await,
        Handler::AnswerOwn => accounts::own(p, request).await,
        Handler::ChooseDialect => accounts::speak(p, config, request).await,
        Handler::KeepFor => accounts::retention(p, config, request).await,
        Handler::DisconnectAccount => accounts::disconnect(p, config, request).await,
        Handler::ResealTokens => accounts::reseal(p, config, request).await,
        Handler::Doctor => doctor::examine(p, config, request).await,
        Handler::SendSample => doctor::send_sample(p, config, request).await,
        Handler::Sample => doctor::sample(p, request).await,
        Handler::Health => health::health(p).await,
        Handler::Replays => health::replays(p).await,
        Handler::Replay => health::replay(p, request).await,
        Handler::Webhooks => registry::list(p, config, request).await,
        Handler::RegisterWebhook => registry::register(p, config, request, &origin(request)).await,
        Handler::ValidateWebhook => registry::validate(p, config, request).await,
        Handler::DeleteWebhook => registry::delete(p, config, request).await,
        Handler::MoveWebhook => registry::move_to(p, config, request, &origin(request)).await,
        Handler::Subscriptions => registry::subscriptions(p, config, request).await,
        Handler::CheckSubscription => registry::check(p, config, request).await,
        Handler::AddSubscription => registry::add(p, config, request).await,
        Handler::DeleteSubscription => registry::unsubscribe(p, config, request).await,
        Handler::Activity => activity::list(p, config).await,
        Handler::AddActivity => activity::add(p, config, request).await,
        Handler::UpdateActivity => activity::update(p, config, request).await,
        Handler::DeleteActivity => activity::delete(p, config, request).await,
        Handler::Costs => health::costs(p, request).await,
        Handler::Lookup => people::lookup(p, config, request).await,
        Handler::WhoAmI => people::whoami(p, config, request).await,
        Handler::Post => people::create(p, config, request).await,
        Handler::Audit => people::audit(p, request).await,
        Handler::Scripts => scripts::all(p, request).await,
        Handler::ScriptFlow => scripts::flow(p, request).await,
        Handler::PlanScript => scripts::plan(p, config, request).await,
        Handler::ApplyScript => scripts::apply(p, config, request).await,
        Handler::RollBackScript => scripts::rollback(p, config, request).await,
        Handler::MissingMedia => media::missing(p, request).await,
        Handler::MediaPart => media::part(p, config, request).await,
        Handler::ReceivedMedia => media::received(p, config, request).await,
        Handler::SentMedia => media::sent(p, request).await,
        Handler::SendDm => dm::send(p, config, request).await,
        Handler::ShowDm => dm::show(p, config, request).await,
        Handler::DeleteDm => dm::delete(p, config, request).await,
        Handler::ListOnX => on_x::list(p, config, request).await,
        Handler::ShowOnX => on_x::show(p, config, request).await,
        Handler::DeleteOnX => on_x::delete(p, config, request).await,
        Handler::Trouble => admin::trouble(p).await,
        Handler::Events => events::list(p, request).await,
        Handler::ShowEvent => events::show(p, request).await,
        Handler::Metrics => events::metrics(p).await,
        Handler::RetryEvent => admin::retry_event(p, request).await,
        Handler::ExportCustomer => customers::export(p, request).await,
        Handler::ForgetCustomer => customers::forget(p, request).await,
        Handler::DeadLetters => dead_letters::list(p, request).await,
        Handler::ShowDeadLetter => dead_letters::show(p, request).await,
        Handler::RetryDeadLetter => dead_letters::retry(p, request).await,
        Handler::DropDeadLetter => dead_letters::drop(p, request).await,
        Handler::LogInForm => log_in::form(p, config, request).await,
        Handler::LogIn => log_in::log_in(p, config, request).await,
        Handler::LogOut => log_in::log_out(p, request).await,
        Handler::Me => log_in::me(p, config, who).await,
        Handler::Presence => log_in::presence(p, config, who, request).await,
        Handler::Password => log_in::password(p, who, request).await,
        Handler::Agents => agents::list(p).await,
        Handler::AddAgent => agents::add(p, request).await,
        Handler::ChangeAgent => agents::change(p, request).await,
        Handler::RemoveAgent => agents::remove(p, config, request).await,
        Handler::Handoff => agents::handoff(p, request).await,
        Handler::SetHandoff => agents::set_handoff(p, request).await,
        Handler::Inbox => inbox::list(p, who, request).await,
        Handler::Search => inbox::search(p, request).await,
        Handler::Thread => inbox::thread(p, config, request).await,
        Handler::Live => inbox::live(p, config, who, request).await,
        Handler::Say => inbox::say(p, config, who, request).await,
        Handler::CannedAnswers => canned_answers::list(p).await,
        Handler::SaveCannedAnswer => canned_answers::save(p, who, request).await,
        Handler::DeleteCannedAnswer => canned_answers::delete(p, request).await,
        Handler::Act(act) => inbox::act(p, config, who, request, act).await,
        Handler::App => Answer::asset(),
    }
}

/// Whoever fails too often is told to wait, whatever they send: a right token is never limited.
async fn limited<P: Platform>(p: &P, request: &Request, refusal: Answer) -> Answer {
    if refusal.response.status() != StatusCode::UNAUTHORIZED || p.may_fail_again(caller(request)).await {
        return refusal;
    }
    let mend = "Wait a minute, then send the right ADMIN_TOKEN or password.";
    Answer::problem(StatusCode::TOO_MANY_REQUESTS, "Too many wrong guesses from this address.", mend)
        .header(RETRY_AFTER, "60")
}

fn without_body(mut answer: Answer) -> Answer {
    answer.response.body_mut().clear();
    let body = if matches!(answer.body, Body::Asset) { Body::Asset } else { Body::Own };
    Answer { body, ..answer }
}
