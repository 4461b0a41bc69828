//! Callers: a handler names who may call it, and gets the scope that follows from it.
//!
//! `Buyer` is a retailer's user, or staff who act for an account; `Kam` the brand's people on the
//! desk; `Finance` looks after receivables, `Operations` after stock; `Admin` looks after this
//! Kontor; `SignedIn` is any of them.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::session::{AccountHead, Session};
use crate::db::scope::{Actor, Reach, Scope};
use crate::db::words::Role;
use crate::error::Error;

/// A person who orders for one account.
#[derive(Debug, Clone)]
pub struct Buyer {
    /// Whose rows, and both names.
    pub scope: Scope,
    /// The account.
    pub account: AccountHead,
    /// The session.
    pub session: Rc<Session>,
}

/// A retailer's person who looks after its users and places.
#[derive(Debug, Clone)]
pub struct AccountAdmin {
    /// Whose rows.
    pub scope: Scope,
    /// The account.
    pub account: AccountHead,
    /// The session.
    pub session: Rc<Session>,
}

/// One of the brand's people, with the accounts they look after.
#[derive(Debug, Clone)]
pub struct Kam {
    /// Whose rows.
    pub scope: Scope,
    /// The session.
    pub session: Rc<Session>,
}

/// Looks after stock and shipments.
#[derive(Debug, Clone)]
pub struct Operations {
    /// Whose rows.
    pub scope: Scope,
    /// The session.
    pub session: Rc<Session>,
}

/// Looks after receivables: the brand's finance people and its admins.
#[derive(Debug, Clone)]
pub struct Finance {
    /// Whose rows.
    pub scope: Scope,
    /// The session.
    pub session: Rc<Session>,
}

/// Plans promotions: KAMs for accounts of theirs, marketing for everybody.
#[derive(Debug, Clone)]
pub struct Planner {
    /// Whose rows.
    pub scope: Scope,
    /// The session.
    pub session: Rc<Session>,
}

/// Approves promotions and sets budgets: marketing, finance and admins.
#[derive(Debug, Clone)]
pub struct Decider {
    /// Whose rows.
    pub scope: Scope,
    /// The session.
    pub session: Rc<Session>,
}

/// Looks after this Kontor.
#[derive(Debug, Clone)]
pub struct Admin {
    /// Whose rows.
    pub scope: Scope,
    /// The session.
    pub session: Rc<Session>,
}

/// Anybody who is signed in, with the scope of what they do now: of the account they buy or act
/// for, else of the brand's accounts they look after.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Whose rows.
    pub scope: Scope,
    /// The session.
    pub session: Rc<Session>,
}

impl SignedIn {
    /// Whether the brand's own people ask (also while they act for an account).
    #[must_use]
    pub fn is_staff(&self) -> bool {
        !self.session.role.is_retailer()
    }
}

impl Buyer {
    /// Whether the brand's own people ask, on the account's behalf.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        !self.session.role.is_retailer()
    }
}

/// Whether a role counts stock and books goods in.
#[must_use]
pub fn books_stock(role: Role) -> bool {
    matches!(role, Role::Operations | Role::Admin)
}

impl From<AccountAdmin> for Buyer {
    fn from(who: AccountAdmin) -> Buyer {
        Buyer {
            scope: who.scope,
            account: who.account,
            session: who.session,
        }
    }
}

fn actor(session: &Session) -> Actor {
    Actor {
        user_id: Some(session.user_id),
        name: session.name.clone(),
        role: Some(session.role),
        owner: session.user_id.0,
    }
}

fn account_scope(session: &Session, account: &AccountHead) -> Scope {
    Scope {
        reach: Reach::Account {
            id: account.id,
            group: account.group,
        },
        actor: actor(session),
        on_behalf_of: session.acting.then(|| account.name.clone()),
    }
}

fn staff_scope(session: &Session) -> Option<Scope> {
    let reach = match session.role {
        Role::Kam => Reach::Portfolio(session.user_id),
        Role::Marketing | Role::Finance | Role::Operations | Role::Admin => Reach::Brand,
        Role::Buyer | Role::Approver | Role::AccountAdmin => return None,
    };
    Some(Scope {
        reach,
        actor: actor(session),
        on_behalf_of: None,
    })
}

fn session_of(request: &HttpRequest) -> Result<Rc<Session>, Error> {
    request
        .extensions()
        .get::<Rc<Session>>()
        .cloned()
        .ok_or(Error::SignIn)
}

macro_rules! caller {
    ($name:ident, $session:ident => $make:expr) => {
        impl FromRequest for $name {
            type Error = Error;
            type Future = Ready<Result<Self, Error>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(session_of(request).and_then(|$session| $make))
            }
        }
    };
}

caller!(Buyer, session => {
    let account = session.account.clone().ok_or(Error::Forbidden)?;
    Ok(Buyer { scope: account_scope(&session, &account), account, session })
});

caller!(AccountAdmin, session => {
    if session.role != Role::AccountAdmin {
        return Err(Error::Forbidden);
    }
    let account = session.account.clone().ok_or(Error::Forbidden)?;
    Ok(AccountAdmin { scope: account_scope(&session, &account), account, session })
});

caller!(Kam, session => {
    let scope = staff_scope(&session).ok_or(Error::Forbidden)?;
    Ok(Kam { scope, session })
});

caller!(Operations, session => {
    if !books_stock(session.role) {
        return Err(Error::Forbidden);
    }
    let scope = staff_scope(&session).ok_or(Error::Forbidden)?;
    Ok(Operations { scope, session })
});

caller!(Finance, session => {
    if !matches!(session.role, Role::Finance | Role::Admin) {
        return Err(Error::Forbidden);
    }
    let scope = staff_scope(&session).ok_or(Error::Forbidden)?;
    Ok(Finance { scope, session })
});

caller!(Planner, session => {
    if !matches!(session.role, Role::Kam | Role::Marketing | Role::Admin) {
        return Err(Error::Forbidden);
    }
    let scope = staff_scope(&session).ok_or(Error::Forbidden)?;
    Ok(Planner { scope, session })
});

caller!(Decider, session => {
    if !matches!(session.role, Role::Marketing | Role::Finance | Role::Admin) {
        return Err(Error::Forbidden);
    }
    let scope = staff_scope(&session).ok_or(Error::Forbidden)?;
    Ok(Decider { scope, session })
});

caller!(Admin, session => {
    if session.role != Role::Admin {
        return Err(Error::Forbidden);
    }
    let scope = staff_scope(&session).ok_or(Error::Forbidden)?;
    Ok(Admin { scope, session })
});

caller!(SignedIn, session => {
    let scope = match &session.account {
        Some(account) => account_scope(&session, account),
        None => staff_scope(&session).ok_or(Error::Forbidden)?,
    };
    Ok(SignedIn { scope, session })
});
