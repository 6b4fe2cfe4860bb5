//! `egress`: whether something gets out, by which rule or what is nearest; what was refused; and one more host let
//! through after a sentence on what that opens.
//!
//! It asks and shows; the engine reads and changes, the domain judges.

use clap::{ArgGroup, Args};
use serde_json::json;
use tokio::task::block_in_place;

use super::exit::Ending;
use super::inspect::CommandContext;
use crate::domain::allowlist::OwnHost;
use crate::domain::egress::Query;
use crate::domain::egress::log::RefusedDestination;
use crate::domain::environment::Record;
use crate::domain::peering::az::quote;
use crate::domain::problem::Problem;
use crate::engine::{Context, egress};
use crate::plain::prompt::{Prompter, Question};

/// `egress`.
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("question").required(true).args(["destination", "denied", "allow", "dependencies"])),
    after_help = "Exit code 0 when it gets through the firewall or stays inside (with --dependencies: when \
        everything does),\n\
                  1 when it does not, when its route leads past the firewall, or when only Azure knows. Without a\n\
                  protocol, port 80 is taken as http, 443 and unknown ports as https, 22 and other \
                  well-known ports as\n\
                  tcp, 123 as udp; tcp://HOST:PORT and udp://HOST:PORT say it outright."
)]
pub struct Egress {
    /// The environment, such as test4821.
    pub name: String,
    /// What is to be reached: a web address, HOST[:PORT] or ADDRESS[:PORT].
    #[arg(value_name = "URL|HOST[:PORT]|ADDRESS[:PORT]")]
    pub destination: Option<String>,
    /// Show what the firewall refused in the last hour.
    #[arg(long)]
    pub denied: bool,
    /// Let one more host through, such as packages.contoso.com or packages.contoso.com=https:8443.
    #[arg(long, value_name = "HOST[=PORTS]")]
    pub allow: Option<String>,
    /// Compare what Azure Machine Learning says it needs with the firewall.
    #[arg(long)]
    pub dependencies: bool,
    /// Let the host through without being asked.
    #[arg(long, short = 'y', requires = "allow")]
    pub yes: bool,
}

/// What was asked, understood before anybody signs in.
enum EgressRequest {
    Ask(Query),
    Denied,
    Allow(OwnHost),
    Dependencies,
}

impl Egress {
    fn wish(&self) -> Result<EgressRequest, Ending> {
        let usage = |problem: Problem| Ending::Usage(Box::new(problem));
        if let Some(text) = &self.destination {
            return text.parse().map(EgressRequest::Ask).map_err(usage);
        }
        if let Some(text) = &self.allow {
            let Ok(own) = text.parse::<OwnHost>();
            egress::opening(&own.host, own.ports.as_deref()).map_err(usage)?;
            return Ok(EgressRequest::Allow(own));
        }
        Ok(if self.denied { EgressRequest::Denied } else { EgressRequest::Dependencies })
    }
}

impl CommandContext<'_> {
    /// Answers about what gets out of an environment, or lets a host through.
    ///
    /// # Errors
    /// When the question cannot be understood, the environment cannot be read, or the answer is no.
    pub async fn egress(&self, arguments: &Egress) -> Result<(), Ending> {
        let wish = arguments.wish()?;
        let reach = self.reach().await?;
        let (context, record) = self.find(&reach, &arguments.name, None).await?;
        let ended = match &wish {
            EgressRequest::Ask(query) => self.answer(&context, &record, query).await,
            EgressRequest::Denied => self.denied(&context, &record).await,
            EgressRequest::Dependencies => self.dependencies(&context, &record).await,
            EgressRequest::Allow(own) => self.allow(&context, &record, own, arguments.yes).await,
        };
        reach.close().await;
        ended
    }

    async fn answer(
        &self,
        context: &Context,
        record: &Record,
        query: &Query,
    ) -> Result<(), Ending> {
        let verdict = egress::egress(context, record, query).await?;
        let answer = verdict.answer();
        self.output.headline(&verdict.headline());
        let sentences = verdict.sentences();
        for line in &sentences {
            self.output.hanging("  ", line);
        }
        self.output.event(
            "egress",
            json!({
                "full_name": record.full_name,
                "destination": query.place(),
                "answer": answer,
                "verdict": verdict,
                "text": sentences,
            }),
        );
        if answer.is_reached() { Ok(()) } else { Err(Ending::Told) }
    }

    async fn denied(&self, context: &Context, record: &Record) -> Result<(), Ending> {
        let rows = egress::denied(context, record).await?;
        if rows.is_empty() {
            self.output.prose(
                "The firewall refused nothing in the last hour. Logs arrive some minutes after the fact.",
            );
        } else {
            self.output.headline("Refused in the last hour, newest first:");
        }
        for row in &rows {
            self.output.say(&denied_line(row));
            let mut fields = serde_json::to_value(row).unwrap_or_default();
            if let Some(fields) = fields.as_object_mut() {
                fields.insert("full_name".into(), json!(record.full_name));
            }
            self.output.event("denied", fields);
        }
        let first = rows.iter().find_map(|row| Some((row, row.ports()?)));
        if let Some((row, ports)) = first {
            // On a line of its own: what is wrapped cannot be pasted, and a host can have blanks.
            self.output.say("To let one through:");
            self.output.say(&format!(
                "    privateaml egress {} --allow {}",
                record.full_name,
                quote(&format!("{}={ports}", row.destination))
            ));
        }
        let finished = json!({ "full_name": record.full_name, "rows": rows.len() });
        self.output.event("denied-end", finished);
        Ok(())
    }

    async fn dependencies(&self, context: &Context, record: &Record) -> Result<(), Ending> {
        let found = egress::dependencies(context, record).await?;
        let mut open = 0_usize;
        for dependency in &found {
            if !dependency.answer.is_reached() {
                open += 1;
                self.output.say(&format!(
                    "{:<10} {}:{} ({})",
                    dependency.answer.word(),
                    dependency.host,
                    dependency.port,
                    dependency.category
                ));
                for line in dependency.verdict.sentences() {
                    self.output.hanging("           ", &line);
                }
            }
            self.output.event(
                "dependency",
                json!({
                    "full_name": record.full_name,
                    "category": dependency.category,
                    "host": dependency.host,
                    "port": dependency.port,
                    "answer": dependency.answer,
                }),
            );
        }
        let total = found.len();
        self.output.prose(&match open {
            0 => format!("All {total} endpoints that Azure Machine Learning names get through."),
            open => format!(
                "{open} of {total} endpoints that Azure Machine Learning names do not surely get through. \
                 Not every environment needs every one."
            ),
        });
        self.output.event(
            "dependencies",
            json!({ "full_name": record.full_name, "total": total, "open": open }),
        );
        if open == 0 { Ok(()) } else { Err(Ending::Told) }
    }

    async fn allow(
        &self,
        context: &Context,
        record: &Record,
        own: &OwnHost,
        yes: bool,
    ) -> Result<(), Ending> {
        let ports = own.ports.as_deref();
        let opening = egress::opening(&own.host, ports)?;
        self.output
            .prose(&format!("This lets {} out of {}. {}", own.host, record.full_name, opening.why));
        if !yes {
            self.consent_to_opening()?;
        }
        let allowed = egress::allow(context, record, &own.host, ports).await?;
        self.output.prose(&if allowed.changed {
            format!("The firewall lets {} ({}) through now.", allowed.host, allowed.ports)
        } else {
            format!(
                "The firewall had {} ({}) already; nothing was changed.",
                allowed.host, allowed.ports
            )
        });
        self.output.event(
            "allowed",
            json!({
                "full_name": record.full_name,
                "host": allowed.host,
                "ports": allowed.ports,
                "changed": allowed.changed,
                "width": allowed.judgement.width,
                "why": allowed.judgement.why,
            }),
        );
        Ok(())
    }

    fn consent_to_opening(&self) -> Result<(), Ending> {
        if self.prompter == Prompter::Nobody {
            return Err(Ending::NeedsAnswer(Box::new(
                Problem::new(
                    "NeedsAnswer",
                    "There is no terminal to ask in, and this opens the firewall.",
                    "Add --yes to let the host through without being asked.",
                )
                .at("--yes"),
            )));
        }
        let question = Question {
            prompt: "Let it through?",
            help: "Azure needs some minutes to change the firewall",
            flag: "--yes",
        };
        let prompter = self.prompter;
        if block_in_place(|| prompter.confirm(question))? { Ok(()) } else { Err(Ending::GaveUp) }
    }
}

fn denied_line(row: &RefusedDestination) -> String {
    let by = row
        .rule
        .as_ref()
        .map_or_else(|| "no rule allows it".to_owned(), |rule| format!("by rule {rule}"));
    format!(
        "{:>5} times  {}:{} ({})  last {}  {by}",
        row.count,
        row.destination,
        row.port,
        row.protocol,
        row.last.strftime("%H:%M:%S UTC")
    )
}
