//! `/api/customers`: what is known of one customer, told and deleted on request.

use http::StatusCode;
use http::header::CONTENT_DISPOSITION;

use super::answer::Answer;
use super::ask::{answered, body};
use super::query;
use super::refusal::refusal;
use crate::flows::customers;
use crate::flows::threads::Which;
use crate::platform::Platform;
use crate::x_api::request::Request;

/// `GET /api/customers/export?account=…&customer=…&format=json|csv`.
pub async fn export<P: Platform>(p: &P, request: &Request) -> Answer {
    let Some(customer) = query::text(request, "customer") else {
        return Answer::problem(StatusCode::BAD_REQUEST, "No customer is named.", "Add ?customer=ID to the address.");
    };
    let which = Which { account: query::text(request, "account"), customer: customer.into() };
    let is_csv = match query::text(request, "format").as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => {
            return Answer::problem(StatusCode::BAD_REQUEST, "There is no such format.", "format is json or csv.");
        }
    };
    match customers::export(p, &which).await {
        Ok(all) if is_csv => Answer::csv(customers::as_csv(&all))
            .header(CONTENT_DISPOSITION, "attachment; filename=\"conversation.csv\""),
        Ok(all) => Answer::json(StatusCode::OK, &all),
        Err(refused) => refusal(&refused),
    }
}

/// `POST /api/customers/forget` with `{"account": …, "customer": …}`.
pub async fn forget<P: Platform>(p: &P, request: &Request) -> Answer {
    match body::<Which>(request, "Send {\"account\": …, \"customer\": …}.") {
        Ok(which) => answered(customers::forget(p, &which).await),
        Err(answer) => *answer,
    }
}
