//! Who is signed in, and in which subscription one works: always known before anything is made.

use serde::{Deserialize, Serialize};

use super::dialog::Dialog;
use super::dialog::code::CodeDialog;
use super::dialog::confirm::ConfirmedAction;
use super::dialog::picker::{Picker, PickerItem, PickerPurpose};
use super::effect::{Effect, SignInMethod};
use super::message::Tenants;
use super::{App, Tone};
use crate::domain::problem::Problem;

/// One subscription that the account can see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The tenant it belongs to, where that is told.
    pub tenant_id: Option<String>,
}

/// A sign-in that works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The account, as people know it.
    pub who: String,
    /// How the sign-in was found, such as `Azure CLI`.
    pub how: String,
    /// The tenant's id; empty when it is not known.
    pub tenant_id: String,
    /// Whether the other side says that it is a practice cloud, whatever was asked for.
    #[serde(default)]
    pub practice: bool,
    /// The enabled subscriptions that the account can see.
    pub subscriptions: Vec<SubscriptionRow>,
    /// The one that is used.
    pub chosen: Option<usize>,
}

impl SignedIn {
    /// The subscription that is used.
    pub fn subscription(&self) -> Option<&SubscriptionRow> {
        self.subscriptions.get(self.chosen?)
    }
}

/// How far signing in has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Account {
    /// A sign-in is being looked for.
    #[default]
    Looking,
    /// One was found.
    SignedIn(Box<SignedIn>),
    /// None was found, or it does not work.
    Failed(Box<Problem>),
}

impl Account {
    /// The sign-in, where there is one.
    pub fn signed_in(&self) -> Option<&SignedIn> {
        match self {
            Self::SignedIn(signed_in) => Some(signed_in),
            Self::Looking | Self::Failed(_) => None,
        }
    }

    /// The subscription that is used.
    pub fn subscription(&self) -> Option<&SubscriptionRow> {
        self.signed_in().and_then(SignedIn::subscription)
    }
}

impl App {
    /// Why nothing can be read in Azure yet; `None` once somebody is signed in.
    pub(crate) fn not_signed_in(&self) -> Option<String> {
        match self.account {
            Account::SignedIn(_) => None,
            Account::Looking | Account::Failed(_) => self.not_connected(),
        }
    }

    /// Why nothing can be made in Azure yet; `None` once a subscription is chosen.
    pub(crate) fn not_connected(&self) -> Option<String> {
        match &self.account {
            Account::Looking => Some("Still looking for a sign-in.".into()),
            Account::Failed(_) => Some("Nobody is signed in: a opens the ways to sign in.".into()),
            Account::SignedIn(signed_in) if signed_in.chosen.is_none() => {
                Some("No subscription is chosen: s opens the list.".into())
            }
            Account::SignedIn(_) => None,
        }
    }

    /// Takes in a sign-in; the only subscription, or the one that was asked for, is used at once.
    pub(super) fn signed_in(&mut self, mut found: SignedIn) -> Vec<Effect> {
        if matches!(self.dialog, Some(Dialog::Code(_))) {
            self.dialog = None;
        }
        self.start.practice |= found.practice;
        let wanted = self.start.subscription.as_deref();
        found.chosen = match wanted {
            Some(wanted) => found.subscriptions.iter().position(|each| {
                each.id.eq_ignore_ascii_case(wanted) || each.name.eq_ignore_ascii_case(wanted)
            }),
            None if found.subscriptions.len() == 1 => Some(0),
            None => None,
        };
        let chosen = found.subscription().cloned();
        let missing = wanted.filter(|_| chosen.is_none()).map(str::to_owned);
        let several = found.subscriptions.len() > 1;
        self.account = Account::SignedIn(Box::new(found));
        if let Some(wanted) = missing {
            self.say(Tone::Bad, format!("This account has no enabled subscription \"{wanted}\"."));
        }
        match chosen {
            Some(subscription) => vec![Effect::UseSubscription(subscription.id)],
            // All of them are looked into; which one is used matters to a new environment only, and that one asks.
            None if several => Vec::new(),
            None => {
                self.say(
                    Tone::Bad,
                    "This account has no enabled subscription: ask for access to one, or press a to sign in elsewhere.",
                );
                Vec::new()
            }
        }
    }

    pub(super) fn sign_in_failed(&mut self, problem: Problem) -> Vec<Effect> {
        if matches!(self.dialog, Some(Dialog::Code(_))) {
            self.dialog = None;
        }
        self.account = Account::Failed(Box::new(problem));
        Vec::new()
    }

    /// Asks whether to sign in as strongly as Azure wants: nobody has to leave for it.
    pub(super) fn ask_for_sign_in(&mut self, what: String) {
        self.agree(
            ConfirmedAction::SignIn,
            "Sign in again?",
            vec![
                what,
                "A code is shown for a page in your browser, where the second factor is asked for. \
                 When you are signed in, repeat what you wanted to do."
                    .into(),
            ],
        );
    }

    /// Signs in again with a code; the subscription in use stays in use.
    pub(super) fn sign_in_again(&mut self) -> Vec<Effect> {
        let tenant = self.account.signed_in().map(|found| found.tenant_id.clone());
        let chosen = self.account.subscription().map(|each| each.id.clone());
        if chosen.is_some() {
            self.start.subscription = chosen;
        }
        self.account = Account::Looking;
        vec![Effect::SignIn { tenant: tenant.filter(|id| !id.is_empty()), way: SignInMethod::Code }]
    }

    pub(super) fn show_code(&mut self, dialog: CodeDialog) {
        self.dialog = Some(Dialog::Code(dialog));
    }

    /// Opens the list of subscriptions.
    pub(super) fn choose_subscription(&mut self) -> Vec<Effect> {
        let Some(signed_in) = self.account.signed_in() else { return Vec::new() };
        let items = signed_in
            .subscriptions
            .iter()
            .map(|each| PickerItem::new(&each.id, &each.name, &each.id))
            .collect();
        let picker = Picker::new(PickerPurpose::Subscription, "Subscription", items)
            .at(signed_in.chosen.unwrap_or_default());
        self.dialog = Some(Dialog::Picker(picker));
        Vec::new()
    }

    /// Opens the ways to sign in: what this machine has, a code, another tenant.
    pub(super) fn choose_account(&mut self) -> Vec<Effect> {
        let mut items = vec![PickerItem::new(
            "found",
            "Look again for a sign-in of this machine",
            "Azure CLI, azd, service principal, managed identity",
        )];
        if !self.start.practice {
            items.push(PickerItem::new(
                "code",
                "Sign in with a code in a browser",
                "on this or any other device",
            ));
        }
        let picker = Picker::new(PickerPurpose::Account, "Sign in", items);
        self.dialog = Some(Dialog::Picker(picker));
        if self.account.signed_in().is_some() { vec![Effect::ListTenants] } else { Vec::new() }
    }

    /// Adds the account's other tenants to the ways to sign in, while that list is open.
    pub(super) fn tenants_listed(&mut self, tenants: &Tenants) {
        let own = self.account.signed_in().map(|signed_in| signed_in.tenant_id.clone());
        let Some(Dialog::Picker(picker)) = &mut self.dialog else { return };
        if picker.purpose != PickerPurpose::Account {
            return;
        }
        for (id, name) in tenants {
            let here = own.as_deref() == Some(id.as_str());
            let label = if here { format!("{name} (in use)") } else { name.clone() };
            picker.items.push(PickerItem::new(&format!("tenant:{id}"), &label, id));
        }
    }

    pub(super) fn account_picked(&mut self, id: &str) -> Vec<Effect> {
        let (tenant, way) = match id.strip_prefix("tenant:") {
            Some(tenant) => (Some(tenant.to_owned()), SignInMethod::Found),
            None if id == "code" => (None, SignInMethod::Code),
            None => (None, SignInMethod::Found),
        };
        self.account = Account::Looking;
        vec![Effect::SignIn { tenant, way }]
    }

    /// Works in the subscription that an environment lives in from now on.
    pub(super) fn follow_subscription(&mut self, id: &str) -> Vec<Effect> {
        let own = self.account.subscription();
        if own.is_some_and(|own| own.id.eq_ignore_ascii_case(id)) {
            return Vec::new();
        }
        let seen = self.account.signed_in().and_then(|found| {
            let mut all = found.subscriptions.iter();
            all.find(|each| each.id.eq_ignore_ascii_case(id))
        });
        match seen.map(|each| each.id.clone()) {
            Some(id) => self.subscription_picked(&id),
            None => Vec::new(),
        }
    }

    pub(super) fn subscription_picked(&mut self, id: &str) -> Vec<Effect> {
        if let Account::SignedIn(signed_in) = &mut self.account {
            signed_in.chosen = signed_in.subscriptions.iter().position(|each| each.id == id);
        }
        vec![Effect::UseSubscription(id.to_owned())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Key;
    use crate::app::message::Message;
    use crate::app::place::Place;
    use crate::app::tests::{BEGIN, app, press};

    #[test]
    fn a_stronger_sign_in_takes_one_key_and_keeps_the_subscription() {
        let mut app = app();
        let subscriptions = ["one", "two"].map(|id| SubscriptionRow {
            id: id.into(),
            name: id.into(),
            tenant_id: None,
        });
        let found = SignedIn {
            who: "you".into(),
            how: "Azure CLI".into(),
            tenant_id: "t".into(),
            practice: false,
            subscriptions: subscriptions.to_vec(),
            chosen: None,
        };
        app.update(BEGIN, Message::SignedIn(Box::new(found)));
        app.subscription_picked("two");
        app.update(BEGIN, Message::SignInWanted("Azure wants more.".into()));
        assert_eq!(app.place(), Place::Confirm);
        let effects = press(&mut app, Key::char('y'));
        let [Effect::SignIn { tenant, way: SignInMethod::Code }] = effects.as_slice() else {
            panic!("{effects:?}")
        };
        assert_eq!(tenant.as_deref(), Some("t"));
        assert_eq!(app.start.subscription.as_deref(), Some("two"));
    }
}
