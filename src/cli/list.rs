//! `list`: every environment that is known here or found in Azure, told as the subscriptions answer.
//!
//! A subscription that is slow or cannot be read keeps nothing else from being shown; what could not be read is said
//! last. Nothing is written.

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::exit::Ending;
use super::inspect::CommandContext;
use super::session;
use crate::domain::cost::{Estimate, Together};
use crate::domain::environment::row::HubRow;
use crate::domain::environment::{MadeBy, Phase, Record};
use crate::domain::problem::Problem;
use crate::engine::list::{ListPart, list_each, newest_each};
use crate::engine::{Context, cost};
use crate::plain::environments;

/// What an environment costs as it is now; `None` where what is recorded does not tell.
async fn listed(context: &Context, record: &Record) -> Option<Estimate> {
    if record.made_by == MadeBy::Terraform {
        return None;
    }
    cost::now(context, record).await.ok()?
}

/// What a hub costs; `None` while it is being deleted.
async fn hub(context: &Context, row: &HubRow) -> Option<Estimate> {
    if row.deleting {
        return None;
    }
    let context = context.of_subscription(&row.subscription.id);
    cost::of_hub(&context, &row.hub).await.ok()
}

impl CommandContext<'_> {
    /// Lists the environments.
    ///
    /// # Errors
    /// When neither records nor Azure can be read.
    pub async fn list(&self) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let context = session::reading(&reach, self.paths)?;
        let (tell, parts) = unbounded_channel();
        let ask = async {
            let asked = list_each(&context, |part| {
                let _ = tell.send(part);
            })
            .await;
            drop(tell);
            asked
        };
        let (asked, problems) = tokio::join!(ask, self.show_parts(&context, parts));
        asked?;
        for problem in &problems {
            self.output.problem(problem);
        }
        reach.close().await;
        Ok(())
    }

    /// Shows the parts as they come, the newest deployment read where a row's state is open without it.
    async fn show_parts(
        &self,
        context: &Context,
        mut parts: UnboundedReceiver<ListPart>,
    ) -> Vec<Problem> {
        let mut told = 0;
        let mut sum = Together::default();
        let mut failed = Vec::new();
        while let Some(part) = parts.recv().await {
            let (mut rows, hubs, problems) = match part {
                ListPart::Begun { rows, problems, .. } => (rows, Vec::new(), problems),
                ListPart::Read { rows, hubs, problems, .. } => (rows, hubs, problems),
            };
            failed.extend(problems);
            let open = rows
                .iter()
                .filter(|row| row.is_worth_asking())
                .map(|row| row.record.clone())
                .collect();
            newest_each(context, open, |record, read| match read {
                Ok(newest) => rows
                    .iter_mut()
                    .filter(|row| row.record.is_same(&record))
                    .for_each(|row| row.settle(newest)),
                Err(problem) => failed.push(problem),
            })
            .await;
            told += rows.len() + hubs.len();
            for row in &rows {
                let cost = if row.is_gone() { None } else { listed(context, &row.record).await };
                if !row.is_gone() && row.record.phase > Phase::Preparing {
                    sum.add(&row.record.full_name, cost.as_ref());
                }
                environments::row(self.output, row, cost.as_ref());
            }
            for row in &hubs {
                let cost = hub(context, row).await;
                sum.add(&row.hub.name.full_name(), cost.as_ref());
                environments::hub(self.output, row, cost.as_ref());
            }
        }
        if told == 0 && failed.is_empty() {
            environments::nothing(self.output);
        }
        if sum.monthly > 0.0 {
            environments::together(self.output, &sum);
        }
        failed
    }
}
