//! What people do on X: write, tap, type in X's own app.

use serde_json::Value;

use crate::dms::DmEvent;
use crate::{Simulator, deliveries};

impl Simulator {
    /// A customer writes to an account; the id of the message.
    pub fn customer_writes(&mut self, now_ms: u64, from: &str, to: &str, text: &str) -> String {
        self.says(now_ms, from, to, text, None)
    }

    /// A customer taps an option of a message: its label is what they say. `None`: there is no such option.
    pub fn customer_taps(&mut self, now_ms: u64, customer: &str, prompt: &str, index: usize) -> Option<String> {
        let prompt = self.dms.iter().find(|dm| dm.id == prompt && dm.recipient_id == customer)?;
        let option = prompt.options.get(index)?;
        let (account, label) = (prompt.sender_id.clone(), text_of(option, "label"));
        let metadata = text_of(option, "metadata");
        Some(self.says(now_ms, customer, &account, &label, Some(metadata)))
    }

    /// Somebody types as the account, in X's own app.
    pub fn types_in_app(&mut self, now_ms: u64, account: &str, customer: &str, text: &str) -> String {
        self.says(now_ms, account, customer, text, None)
    }

    /// A customer starts typing to the account.
    pub fn customer_starts_typing(&mut self, now_ms: u64, from: &str, to: &str) {
        let item = serde_json::json!({
            "created_timestamp": now_ms.to_string(), "sender_id": from, "target": {"recipient_id": to},
        });
        self.tell(now_ms, to, "direct_message_indicate_typing_events", item, &[from, to]);
    }

    /// The newest message of the account to this customer.
    pub fn newest_to(&self, customer: &str, account: &str) -> Option<&DmEvent> {
        self.dms.iter().rev().find(|dm| dm.recipient_id == customer && dm.sender_id == account)
    }

    /// The users whom the app was granted, who are not its owner: the brands.
    pub fn accounts(&self) -> Vec<String> {
        let mut all: Vec<String> = self.grants.values().map(|(user, _)| user.clone()).collect();
        all.sort();
        all.dedup();
        all
    }

    /// How deliveries behave.
    pub fn set_deliveries(&mut self, change: impl FnOnce(&mut deliveries::Outgoing)) {
        change(&mut self.outgoing);
    }

    fn says(&mut self, now_ms: u64, from: &str, to: &str, text: &str, tapped: Option<String>) -> String {
        let id = self.next_id(now_ms);
        let dm = DmEvent {
            id: id.clone(),
            created: now_ms,
            sender_id: from.to_owned(),
            recipient_id: to.to_owned(),
            text: text.to_owned(),
            app: None,
            options: Vec::new(),
            ctas: Vec::new(),
            tapped,
        };
        self.keep(now_ms, dm);
        id
    }
}

fn text_of(option: &Value, key: &str) -> String {
    option.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}
