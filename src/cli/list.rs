//! `list`: every environment that is known here or found in Azure, told as the subscriptions answer.
//!
//! A subscription that is slow or cannot be read keeps nothing else from being shown; what could not be read is said
//! last. Nothing is written.

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::exit::Ending;
use super::inspect::CommandContext;
use super::session;
use crate::domain::problem::Problem;
use crate::engine::Context;
use crate::engine::list::{ListPart, list_each, newest_each};
use crate::plain::environments;

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
        let mut failed = Vec::new();
        while let Some(part) = parts.recv().await {
            let (ListPart::Begun { mut rows, problems, .. }
            | ListPart::Read { mut rows, problems, .. }) = part;
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
            told += rows.len();
            for row in &rows {
                environments::row(self.output, row);
            }
        }
        if told == 0 && failed.is_empty() {
            environments::nothing(self.output);
        }
        failed
    }
}
