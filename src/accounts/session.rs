//! Who is asking: extractors that stand in the signature of every handler and say who may call it.

use crate::accounts::rules::Role;
use crate::accounts::secrets;
use crate::accounts::store::{self, Account, Organisation};
use crate::platform::db::connection::Conn;
use crate::platform::db::types::Instant;
use crate::platform::error::{Error, Fault, Kind};
use crate::platform::events::By;
use crate::platform::ids::{OrganisationId, PersonId, UnitId};
use crate::platform::state::AppState;
use crate::platform::text::{Lang, Texts};
use crate::platform::web::page::{NavItem, Reader};
use crate::platform::web::{bearer, texts};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;

/// A signed-in person, with what they may do and in which organisation.
#[derive(Debug, Clone)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their language.
    pub language: Lang,
    /// Their organisation.
    pub organisation: Organisation,
    /// Their roles.
    pub roles: Vec<Role>,
    /// The units they borrow for.
    pub units: Vec<UnitId>,
    /// They have accounts in several organisations, between which this session may switch.
    pub may_switch: bool,
}

impl Person {
    /// True when they have the role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// True when they work for the lender: warehouse, developer or admin.
    pub fn is_staff(&self) -> bool {
        self.roles.iter().any(|role| *role != Role::Borrower)
    }

    /// True when they may act for the unit: it is one of theirs, or they work for the lender.
    pub fn acts_for(&self, unit: UnitId) -> bool {
        self.is_staff() || self.units.contains(&unit)
    }

    /// True when they write the unit's evaluations: they borrow for it. Who works for the lender does not pay for it.
    pub fn writes_for(&self, unit: UnitId) -> bool {
        self.is(Role::Borrower) && self.units.contains(&unit)
    }

    /// Them, as the one who acts.
    pub fn by(&self, now: Instant) -> By {
        By { organisation: self.organisation.id, person: Some(self.id), now }
    }

    /// Their organisation.
    pub fn organisation_id(&self) -> OrganisationId {
        self.organisation.id
    }

    /// What the frame of a page shows of them.
    fn reader(&self, t: Texts, path: &str) -> Reader {
        Reader {
            id: self.id.to_string(),
            name: self.name.clone(),
            organisation: self.organisation.name.clone(),
            contact: Some(self.organisation.contact_email.clone()).filter(|contact| !contact.is_empty()),
            nav: self.ways_on(t, path),
            may_switch: self.may_switch,
        }
    }

    fn ways_on(&self, t: Texts, path: &str) -> Vec<NavItem> {
        let ways: &[(&str, &str, &[Role])] = &[
            ("/lador", "nav-kits", &[]),
            ("/vara-lan", "nav-loans", &[Role::Borrower]),
            ("/lager", "nav-warehouse", &[Role::Warehouse]),
            ("/lager/skanna", "nav-scan", &[Role::Warehouse]),
            ("/lager/etiketter", "nav-labels", &[Role::Warehouse]),
            ("/kurser", "nav-courses", &[]),
            ("/ideer", "nav-ideas", &[]),
            ("/utvarderingar", "nav-evaluations", &[Role::Developer]),
            ("/statistik", "nav-statistics", &[Role::Developer]),
            ("/omgangar", "nav-rounds", &[Role::Developer, Role::Admin]),
            ("/admin", "nav-admin", &[Role::Admin]),
        ];
        // Printers and prints belong to the labels.
        let path = if path.starts_with("/lager/skrivare") || path.starts_with("/lager/utskrifter") {
            "/lager/etiketter"
        } else if path.starts_with("/admin/formular") && self.is(Role::Developer) {
            // The form stands among the settings, and belongs to those who read the evaluations.
            "/utvarderingar"
        } else {
            path
        };
        let here = ways.iter().map(|way| way.0).filter(|href| path.starts_with(href)).max_by_key(|href| href.len());
        ways.iter()
            .filter(|(_, _, roles)| roles.is_empty() || roles.iter().any(|role| self.is(*role)))
            .map(|&(href, key, _)| NavItem { href, label: t.s(key), current: here == Some(href) })
            .collect()
    }
}

/// A right: the roles that have it, any one of which is enough. None means everyone who is signed in.
pub trait Right: 'static {
    /// The roles.
    const ROLES: &'static [Role];
}

macro_rules! rights {
    ($($(#[$meta:meta])* $alias:ident = $right:ident [$($role:ident),*];)+) => {$(
        #[doc(hidden)]
        #[derive(Debug)]
        pub struct $right;
        impl Right for $right {
            const ROLES: &'static [Role] = &[$(Role::$role),*];
        }
        $(#[$meta])*
        pub type $alias = As<$right>;
    )+};
}

rights! {
    /// Anyone signed in.
    SignedIn = SignedInRight [];
    /// Who borrows, and pays with evaluations.
    Borrower = BorrowerRight [Borrower];
    /// Who may read the evaluation of a loan: those who write it, and those it is written for.
    EvaluationReader = EvaluationReaderRight [Borrower, Developer];
    /// Who packs, hands out and receives.
    Warehouse = WarehouseRight [Warehouse];
    /// Who reads evaluations.
    Developer = DeveloperRight [Developer];
    /// Who looks after people, units and kits.
    Admin = AdminRight [Admin];
    /// Who may give out links to the evaluation of a loan: those who write it, and those who may release the loan from it.
    LinkKeeper = LinkKeeperRight [Borrower, Developer, Admin];
    /// Who may release a loan from its evaluation.
    Releaser = ReleaserRight [Developer, Admin];
    /// Who makes season rounds.
    Planner = PlannerRight [Developer, Admin];
    /// Who looks after courses, and which kit types ask for them.
    CourseKeeper = CourseKeeperRight [Developer, Admin];
    /// Who edits the evaluation form.
    FormEditor = FormEditorRight [Developer, Admin];
    /// Who looks after kits and their labels.
    Keeper = KeeperRight [Warehouse, Admin];
    /// Who works for the lender.
    Staff = StaffRight [Warehouse, Developer, Admin];
}

/// A signed-in person who has the right `R`. A handler that takes one cannot be called without it.
#[derive(Debug)]
pub struct As<R>(Person, PhantomData<R>);

impl<R> Deref for As<R> {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.0
    }
}

/// Whoever asks: signed in or not.
#[derive(Debug)]
pub struct Visitor(pub Option<Person>);

impl<R: Right> FromRequest for As<R> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let person = who(&request).await?.ok_or_else(|| Error::new(Kind::SignedOut, "auth.signed_out"))?;
            if R::ROLES.is_empty() || R::ROLES.iter().any(|role| person.is(*role)) {
                Ok(Self(person, PhantomData))
            } else {
                Err(Error::forbidden("auth.forbidden"))
            }
        })
    }
}

impl FromRequest for Visitor {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(who(&request).await?)) })
    }
}

/// The name of the session's cookie. Over TLS the prefix makes browsers keep it to this host.
pub fn cookie_name(over_tls: bool) -> &'static str {
    if over_tls { "__Host-digilador" } else { "digilador" }
}

/// The secret of the session that a request belongs to.
pub fn session_token(request: &HttpRequest, over_tls: bool) -> Option<String> {
    request.cookie(cookie_name(over_tls)).map(|cookie| cookie.value().to_owned())
}

enum Proof {
    Session(Vec<u8>),
    Token(Vec<u8>),
}

async fn who(request: &HttpRequest) -> Result<Option<Person>, Error> {
    if let Some(person) = request.extensions().get::<Option<Person>>() {
        return Ok(person.clone());
    }
    let app = request.app_data::<web::Data<AppState>>().ok_or_else(|| Fault::new("the application has no state"))?;
    let proof = match bearer(request) {
        Some(token) => Some(Proof::Token(secrets::hash(token))),
        None => session_token(request, app.config.over_tls()).map(|token| Proof::Session(secrets::hash(&token))),
    };
    let person = match proof {
        Some(proof) => {
            let now = app.clock.now();
            app.db.read(move |conn| load(conn, &proof, now)).await?
        }
        None => None,
    };
    request.extensions_mut().insert(person.clone());
    Ok(person)
}

/// Finds out who asks before anything else of a request is read, so that somebody without the right is told that, and
/// not what is wrong with the rest of their request.
pub async fn recognise(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if !request.path().starts_with("/static/") {
        match who(request.request()).await {
            Ok(Some(person)) => {
                let reader = person.reader(texts(request.request()), request.path());
                request.extensions_mut().insert(reader);
            }
            Ok(None) => (),
            Err(error) => return Ok(request.error_response(error)),
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

fn load(conn: &mut Conn, proof: &Proof, now: Instant) -> Result<Option<Person>, Error> {
    let found = match proof {
        Proof::Session(hash) => store::person_of_session(conn, hash, now)?,
        Proof::Token(hash) => store::person_of_token(conn, hash)?.map(|account| (account, None)),
    };
    let Some((account, proved)) = found.filter(|(account, _)| account.row.removed_at.is_none()) else {
        return Ok(None);
    };
    let may_switch = match proved {
        Some(email) => store::accounts_with_email(conn, &email)?.len() > 1,
        None => false,
    };
    Ok(Some(Person { may_switch, ..account.into() }))
}

impl From<Account> for Person {
    fn from(Account { row, organisation, roles, units }: Account) -> Self {
        Self {
            id: row.id,
            name: row.name,
            email: row.email.unwrap_or_default(),
            language: row.language,
            organisation,
            roles,
            units,
            may_switch: false,
        }
    }
}
