//! How an account's script leads from node to node, and where its customers are.

use serde::Deserialize;
use serde_json::{Value, json};

use super::refused::{Refused, find};
use super::script::built_in;
use crate::bot::flow::{does, order, ways};
use crate::bot::script::Script;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::scripts::{self, Live};
use crate::x_api::time::Span;

/// Conversations that are counted.
const MOST: i64 = 10_000;

/// The live version, or the one that is named. Customers are counted where their conversation has not expired.
pub async fn show<P: Platform>(p: &P, account: Option<&str>, version: Option<i64>) -> Result<Value, Refused> {
    #[derive(Deserialize)]
    struct At {
        node: Option<String>,
        count: i64,
    }
    let account = find(p, account).await?;
    let wanted = match version {
        Some(version) => scripts::version(&account.id, version),
        None => scripts::live(&account.id),
    };
    let found: Option<Live> = one(p, wanted).await?.first().map_err(Trouble::from)?;
    let read = |live: &Live| Script::read_json(&live.body).map_err(Refused::NoScript);
    let (version, script) = match (found, version) {
        (Some(live), _) => (Some(live.version), read(&live)?),
        (None, Some(version)) => return Err(Refused::NoVersion(version)),
        (None, None) => (None, built_in().cloned().ok_or_else(|| Refused::NoScript("there is none".to_owned()))?),
    };
    let since = p.now() - Span(script.session.as_ms());
    let here: Vec<At> =
        one(p, scripts::customers_by_node(&account.id, since, MOST)).await?.all().map_err(Trouble::from)?;
    let customers = |name: &str| here.iter().find(|at| at.node.as_deref() == Some(name)).map_or(0, |at| at.count);
    let ways = ways(&script);
    let nodes: Vec<Value> = order(&script, &ways)
        .into_iter()
        .filter_map(|name| script.nodes.get_key_value(name))
        .map(|(name, node)| json!({"name": name, "does": does(node), "customers": customers(name)}))
        .collect();
    let ways: Vec<Value> = ways.iter().map(|way| json!({"from": way.from, "to": way.to, "why": way.why})).collect();
    Ok(
        json!({"account": account.id, "version": version, "name": script.name, "start": script.start, "nodes": nodes, "ways": ways}),
    )
}

async fn one<P: Platform>(
    p: &P,
    statement: crate::store::statement::Statement,
) -> Result<crate::store::statement::Rows, Trouble> {
    p.rows(statement).await
}
