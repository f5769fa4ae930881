//! What a call with several steps did: each step done, kept as it was, or failed with cause and mend.

use serde::Serialize;

use super::stopped::Stopped;

/// A failed step ends it; running the call again goes on from there.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Connected>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Connected {
    pub id: String,
    pub username: String,
    pub name: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub step: String,
    #[serde(flatten)]
    pub result: StepResult,
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
        self.steps.push(Step { step: step.into(), result });
    }

    /// Cause and mend of the first step that failed.
    pub fn first_failure(&self) -> (String, String) {
        let failed = self.steps.iter().find(|step| matches!(step.result, StepResult::Failed { .. }));
        failed
            .map(|step| (format!("{}: {}", step.step, step.result.said().0), step.result.said().1))
            .unwrap_or_default()
    }

    pub fn ended(mut self) -> Self {
        self.ok = self.steps.iter().all(|step| !matches!(step.result, StepResult::Failed { .. }));
        self
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
