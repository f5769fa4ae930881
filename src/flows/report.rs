//! What a call with several steps did: each step done, kept as it was, or failed with cause and mend.

use serde::Serialize;

use super::stopped::Stopped;
use crate::x_api::ids::UserId;

/// A failed step ends it; running the call again goes on from there.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Connected>,
    pub steps: Vec<Step>,
    /// There is more to do than one call does: after which account it goes on, and for how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<usize>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Connected {
    pub id: String,
    pub username: String,
    pub name: String,
    /// What X says that we may do: an access level, or scopes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub step: String,
    #[serde(flatten)]
    pub result: StepResult,
    /// All is well without it.
    #[serde(skip)]
    is_extra: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "lowercase")]
pub enum StepResult {
    Done,
    /// It was so already.
    Kept,
    Failed {
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<i64>,
        cause: String,
        what_to_do: String,
    },
}

impl Report {
    pub fn step(&mut self, step: impl Into<String>, result: StepResult) {
        self.steps.push(Step { step: step.into(), result, is_extra: false });
    }

    /// Something that is told when it fails, and that nothing else hangs on.
    pub fn extra(&mut self, step: impl Into<String>, result: StepResult) {
        self.steps.push(Step { step: step.into(), result, is_extra: true });
    }

    pub fn goes_on(&mut self, after: &UserId, left: usize) {
        (self.next, self.left) = (Some(after.to_string()), Some(left));
    }

    pub fn has_failed(&self) -> bool {
        self.steps.iter().any(Step::is_failure)
    }

    /// Cause and mend of the first step that failed.
    pub fn first_failure(&self) -> (String, String) {
        let failed = self.steps.iter().find(|step| step.is_failure());
        failed
            .map(|step| (format!("{}: {}", step.step, step.result.said().0), step.result.said().1))
            .unwrap_or_default()
    }

    pub fn ended(mut self) -> Self {
        self.ok = self.next.is_none() && !self.has_failed();
        self
    }
}

impl Step {
    fn is_failure(&self) -> bool {
        !self.is_extra && matches!(self.result, StepResult::Failed { .. })
    }
}

impl StepResult {
    /// Cause and mend of one that failed.
    pub fn said(&self) -> (String, String) {
        match self {
            Self::Failed { cause, what_to_do, .. } => (cause.clone(), what_to_do.clone()),
            Self::Done | Self::Kept => Default::default(),
        }
    }

    pub fn failed(cause: impl Into<String>, what_to_do: impl Into<String>) -> Self {
        Self::Failed { code: None, cause: cause.into(), what_to_do: what_to_do.into() }
    }
}

impl From<Stopped> for StepResult {
    fn from(stopped: Stopped) -> Self {
        let (cause, what_to_do) = stopped.said();
        Self::Failed { code: stopped.code(), cause, what_to_do }
    }
}
