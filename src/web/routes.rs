//! The one routing table: every address, who may call it, and what answers.

use http::Method;

use super::sign_in;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    /// `Authorization: Bearer <ADMIN_TOKEN>`.
    Admin,
    /// The same; what it does is written down in `audit`.
    Change,
}

/// What answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    Home,
    Healthz,
    Challenge,
    Deliver,
    Connect,
    Invite,
    SetOut,
    ComeBack,
    Accounts,
    SwitchAccount,
    ChooseDialect,
    DisconnectAccount,
    ResealTokens,
    Doctor,
    SendSample,
    Sample,
    Health,
    Replays,
    Replay,
    Webhooks,
    RegisterWebhook,
    ValidateWebhook,
    DeleteWebhook,
    MoveWebhook,
    Subscriptions,
    CheckSubscription,
    AddSubscription,
    DeleteSubscription,
    Activity,
    AddActivity,
    UpdateActivity,
    DeleteActivity,
    Costs,
    Lookup,
    WhoAmI,
    Post,
    Audit,
    Scripts,
    PlanScript,
    ApplyScript,
    RollBackScript,
    MissingMedia,
    MediaPart,
    ReceivedMedia,
    SendDm,
    ShowDm,
    DeleteDm,
    ListOnX,
    ShowOnX,
    DeleteOnX,
    Trouble,
    RetryEvent,
    DeadLetters,
    ShowDeadLetter,
    RetryDeadLetter,
    DropDeadLetter,
}

#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    pub path: Path,
    pub access: Access,
    pub handler: Handler,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    Is(&'static str),
    /// `WEBHOOK_PATH`.
    Webhook,
}

/// HEAD is answered wherever GET is, without the body.
pub static ROUTES: &[Route] = &[
    route(Method::GET, Path::Webhook, Access::Public, Handler::Challenge),
    route(Method::POST, Path::Webhook, Access::Public, Handler::Deliver),
    route(Method::GET, Path::Is("/"), Access::Public, Handler::Home),
    route(Method::GET, Path::Is("/healthz"), Access::Public, Handler::Healthz),
    route(Method::POST, Path::Is("/api/accounts/connect"), Access::Change, Handler::Connect),
    route(Method::POST, Path::Is("/api/invites"), Access::Change, Handler::Invite),
    route(Method::GET, Path::Is(sign_in::PATH), Access::Public, Handler::SetOut),
    route(Method::GET, Path::Is(sign_in::CALLBACK), Access::Public, Handler::ComeBack),
    route(Method::GET, Path::Is("/api/accounts"), Access::Admin, Handler::Accounts),
    route(Method::POST, Path::Is("/api/accounts/switch"), Access::Change, Handler::SwitchAccount),
    route(Method::POST, Path::Is("/api/accounts/speak"), Access::Change, Handler::ChooseDialect),
    route(Method::POST, Path::Is("/api/accounts/disconnect"), Access::Change, Handler::DisconnectAccount),
    route(Method::POST, Path::Is("/api/accounts/reseal"), Access::Change, Handler::ResealTokens),
    route(Method::GET, Path::Is("/api/doctor"), Access::Admin, Handler::Doctor),
    route(Method::POST, Path::Is("/api/doctor/sample"), Access::Admin, Handler::SendSample),
    route(Method::GET, Path::Is("/api/doctor/sample"), Access::Admin, Handler::Sample),
    route(Method::GET, Path::Is("/api/health"), Access::Admin, Handler::Health),
    route(Method::GET, Path::Is("/api/replays"), Access::Admin, Handler::Replays),
    route(Method::POST, Path::Is("/api/replays"), Access::Change, Handler::Replay),
    route(Method::GET, Path::Is("/api/webhooks"), Access::Admin, Handler::Webhooks),
    route(Method::POST, Path::Is("/api/webhooks/register"), Access::Change, Handler::RegisterWebhook),
    route(Method::POST, Path::Is("/api/webhooks/validate"), Access::Change, Handler::ValidateWebhook),
    route(Method::POST, Path::Is("/api/webhooks/delete"), Access::Change, Handler::DeleteWebhook),
    route(Method::POST, Path::Is("/api/webhooks/move"), Access::Change, Handler::MoveWebhook),
    route(Method::GET, Path::Is("/api/subscriptions"), Access::Admin, Handler::Subscriptions),
    route(Method::POST, Path::Is("/api/subscriptions/check"), Access::Admin, Handler::CheckSubscription),
    route(Method::POST, Path::Is("/api/subscriptions/add"), Access::Change, Handler::AddSubscription),
    route(Method::POST, Path::Is("/api/subscriptions/delete"), Access::Change, Handler::DeleteSubscription),
    route(Method::GET, Path::Is("/api/activity"), Access::Admin, Handler::Activity),
    route(Method::POST, Path::Is("/api/activity/add"), Access::Change, Handler::AddActivity),
    route(Method::POST, Path::Is("/api/activity/update"), Access::Change, Handler::UpdateActivity),
    route(Method::POST, Path::Is("/api/activity/delete"), Access::Change, Handler::DeleteActivity),
    route(Method::GET, Path::Is("/api/costs"), Access::Admin, Handler::Costs),
    route(Method::GET, Path::Is("/api/lookup"), Access::Admin, Handler::Lookup),
    route(Method::GET, Path::Is("/api/whoami"), Access::Admin, Handler::WhoAmI),
    route(Method::POST, Path::Is("/api/posts"), Access::Change, Handler::Post),
    route(Method::GET, Path::Is("/api/audit"), Access::Admin, Handler::Audit),
    route(Method::GET, Path::Is("/api/scripts"), Access::Admin, Handler::Scripts),
    route(Method::POST, Path::Is("/api/scripts/plan"), Access::Admin, Handler::PlanScript),
    route(Method::POST, Path::Is("/api/scripts/apply"), Access::Change, Handler::ApplyScript),
    route(Method::POST, Path::Is("/api/scripts/rollback"), Access::Change, Handler::RollBackScript),
    route(Method::POST, Path::Is("/api/media/missing"), Access::Admin, Handler::MissingMedia),
    route(Method::POST, Path::Is("/api/media/part"), Access::Admin, Handler::MediaPart),
    route(Method::GET, Path::Is("/api/media/received"), Access::Admin, Handler::ReceivedMedia),
    route(Method::POST, Path::Is("/api/dm/send"), Access::Change, Handler::SendDm),
    route(Method::POST, Path::Is("/api/dm/show"), Access::Admin, Handler::ShowDm),
    route(Method::POST, Path::Is("/api/dm/delete"), Access::Change, Handler::DeleteDm),
    route(Method::POST, Path::Is("/api/on-x/list"), Access::Admin, Handler::ListOnX),
    route(Method::POST, Path::Is("/api/on-x/show"), Access::Admin, Handler::ShowOnX),
    route(Method::POST, Path::Is("/api/on-x/delete"), Access::Change, Handler::DeleteOnX),
    route(Method::GET, Path::Is("/api/trouble"), Access::Admin, Handler::Trouble),
    route(Method::POST, Path::Is("/api/events/retry"), Access::Change, Handler::RetryEvent),
    route(Method::GET, Path::Is("/api/dead-letters"), Access::Admin, Handler::DeadLetters),
    route(Method::POST, Path::Is("/api/dead-letters/show"), Access::Admin, Handler::ShowDeadLetter),
    route(Method::POST, Path::Is("/api/dead-letters/drop"), Access::Change, Handler::DropDeadLetter),
    route(Method::POST, Path::Is("/api/dead-letters/retry"), Access::Change, Handler::RetryDeadLetter),
];

const fn route(method: Method, path: Path, access: Access, handler: Handler) -> Route {
    Route { method, path, access, handler }
}
