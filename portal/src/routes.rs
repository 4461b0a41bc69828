//! Every URL on one screen, grouped by who may use it. A handler's own caller argument is what
//! enforces the group; `tests/it/access.rs` walks this table with every kind of caller.

use actix_web::web::{self, ServiceConfig};

use crate::messages::bounces;
use crate::web::assets;
use crate::{
    accounts, admin, api, approvals, auth, campaigns, cart, catalogue, company, credit, desk,
    holds, home, imports, messages, notifications, orders, prepared, pricing, profile, promotions,
    quick_order, server, stock, suggestions, webhooks,
};

/// Who may use a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody who is signed in.
    SignedIn,
    /// A retailer's users, and staff who act for an account.
    Buyer,
    /// A retailer's account admin.
    AccountAdmin,
    /// The brand's people.
    Kam,
    /// Those of the brand's people who look after stock.
    Operations,
    /// Of them, those who plan promotions.
    Planner,
    /// Of them, those who approve promotions and set budgets.
    Decider,
    /// The brand's finance people and admins.
    Finance,
    /// The brand's admins.
    Admin,
    /// An API key.
    Api,
    /// A service that names a word of its own.
    Service,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// GET, POST, PUT.
    pub method: &'static str,
    /// The path, with `{parts}`.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

macro_rules! routes {
    ($($access:ident { $($method:ident $path:literal => $handler:expr),* $(,)? })*) => {
        /// Every URL.
        pub const TABLE: &[Route] = &[$($(Route {
            method: stringify!($method),
            path: $path,
            access: Access::$access,
        }),*),*];

        /// Tells actix of every URL.
        pub fn configure(config: &mut ServiceConfig) {
            $($(config.route($path, web::$method().to($handler));)*)*
        }
    };
}

routes! {
    Public {
        get "/api/docs" => api::docs::index,
        get "/api/docs/{path:.*}" => api::docs::file,
        get "/api/openapi.json" => api::docs::json,
        get "/healthz" => server::alive,
        get "/readyz" => server::ready,
        get "/sw.js" => assets::service_worker,
        get "/assets/{path:.*}" => assets::file,
        get "/sign-in" => auth::web::sign_in_page,
        post "/sign-in" => auth::web::sign_in,
        post "/sign-out" => auth::web::sign_out,
        get "/forgot-password" => auth::web::forgot_password_page,
        post "/forgot-password" => auth::web::forgot_password,
        get "/reset/{token}" => auth::web::reset_page,
        post "/reset/{token}" => auth::web::reset,
        get "/invitation/{token}" => auth::web::invitation_page,
        post "/invitation/{token}" => auth::web::accept_invitation,
        post "/preferences" => auth::web::preferences,
    }
    // Links of mails, by the word in them.
    Public {
        get "/mail/choices/{word}" => messages::links::web::show,
        post "/mail/choices/{word}" => messages::links::web::save,
        get "/mail/open/{word}.gif" => messages::links::web::opened,
        get "/mail/unsubscribe/{topic}/{word}" => messages::links::web::ask,
        post "/mail/unsubscribe/{topic}/{word}" => messages::links::web::end,
    }

    SignedIn {
        get "/profile/messages" => messages::own::web::show,
        post "/profile/messages" => messages::own::web::save,
    }

    Buyer {
        get "/promotions/{code}/order" => prepared::web::show,
        post "/promotions/{code}/order" => prepared::web::order,
    }

    Admin {
        get "/admin/messages" => messages::brand::web::show,
        post "/admin/messages" => messages::brand::web::save,
    }

    SignedIn {
        get "/" => home::web::home,
        get "/products/{sku}" => catalogue::web::product,
        post "/products/{sku}/alert/remove" => stock::web::forget,
        get "/products/{sku}/picture.svg" => catalogue::web::picture,
        get "/credit-notes" => orders::web::credit_notes,
        post "/holds/{id}/release" => holds::web::release,
        post "/holds/{id}/reject" => holds::web::reject,
        get "/orders/{number}" => orders::web::one,
        get "/orders/{number}/confirmation.pdf" => orders::web::pdf,
        post "/orders/{number}/cancel" => orders::web::cancel,
        get "/profile" => profile::web::show,
        post "/profile" => profile::web::save,
        post "/profile/password" => profile::web::change_password,
        post "/profile/sessions/{id}/revoke" => profile::web::revoke,
    }

    // What one was told, and where one wants to be woken.
    SignedIn {
        get "/notifications" => notifications::web::list,
        post "/notifications/devices" => notifications::web::add_device,
        post "/notifications/devices/{id}/remove" => notifications::web::remove_device,
        get "/notifications/events" => notifications::web::events,
        post "/notifications/read" => notifications::web::read_all,
        post "/notifications/{id}/open" => notifications::web::open,
    }

    Buyer {
        post "/" => home::web::order,
        get "/approvals" => approvals::web::list,
        get "/approvals/{number}" => approvals::web::one,
        post "/approvals/{number}/approve" => approvals::web::approve,
        post "/approvals/{number}/reject" => approvals::web::reject,
        get "/cart" => cart::web::show,
        post "/cart/details" => cart::web::details,
        post "/cart/empty" => cart::web::empty,
        post "/cart/lines" => cart::web::add,
        post "/cart/lines/{id}" => cart::web::set_quantity,
        post "/cart/lines/{id}/price" => cart::web::set_price,
        post "/cart/lines/{id}/remove" => cart::web::remove,
        post "/cart/lines/{id}/substitute" => cart::web::substitute,
        get "/catalogue" => catalogue::web::catalogue,
        get "/catalogue/suggest" => catalogue::web::suggest,
        get "/checkout" => orders::checkout::page,
        post "/checkout" => orders::checkout::submit,
        get "/company" => company::web::show,
        get "/invoices" => credit::web::own,
        get "/invoices.csv" => credit::web::own_csv,
        get "/orders" => orders::web::own,
        post "/orders/{number}/reorder" => orders::web::reorder,
        post "/orders/{number}/take-back" => orders::web::take_back,
        post "/products/{sku}/alert" => stock::web::ask,
        get "/quick-order" => quick_order::web::show,
        post "/quick-order" => quick_order::web::append,
        post "/quick-order/add" => quick_order::web::add_to_cart,
        post "/quick-order/clear" => quick_order::web::clear,
        get "/quick-order/complete" => quick_order::web::complete,
        post "/quick-order/rows/{position}" => quick_order::web::correct,
        post "/quick-order/rows/{position}/remove" => quick_order::web::remove,
        post "/quick-order/upload" => quick_order::upload::upload,
        post "/quick-order/usual" => quick_order::web::usual,
        post "/suggestions/dismiss" => suggestions::dismiss::web::dismiss,
        get "/suggestions/dismissed" => suggestions::dismiss::web::list,
        post "/suggestions/take-back" => suggestions::dismiss::web::take_back,
    }

    AccountAdmin {
        post "/company/budgets" => approvals::web::set_budget,
        post "/company/budgets/{user}/remove" => approvals::web::remove_budget,
        post "/company/rules" => approvals::web::add_rule,
        post "/company/rules/{id}/remove" => approvals::web::remove_rule,
        post "/company/users" => company::web::invite,
        post "/company/users/{id}" => company::web::change_user,
    }

    Kam {
        post "/act/stop" => accounts::web::stop,
        get "/kam" => desk::web::desk,
        get "/kam/accounts" => accounts::web::list,
        get "/kam/accounts/{number}" => accounts::web::one,
        post "/kam/accounts/{number}/act" => accounts::web::act,
        get "/kam/accounts/{number}/gaps" => accounts::web::gaps,
        get "/kam/accounts/{number}/ledger" => credit::web::ledger,
        get "/kam/accounts/{number}/statement" => credit::web::of_account,
        get "/kam/accounts/{number}/statement.csv" => credit::web::of_account_csv,
        get "/kam/events" => desk::web::events,
        get "/kam/exceptions" => holds::web::exceptions,
        get "/kam/funds" => promotions::web::list_funds,
        get "/kam/funds/{id}" => promotions::web::one_fund,
        get "/kam/orders" => orders::web::portfolio,
        get "/kam/prices" => pricing::web::prices,
        get "/kam/promotions" => promotions::web::list,
        post "/kam/promotions/{id}/stop" => promotions::web::stop,
        get "/kam/stock" => stock::web::all,
        get "/kam/stock/{sku}" => stock::web::one,
    }

    Operations {
        post "/kam/stock/{sku}/count" => stock::web::count,
        post "/kam/stock/{sku}/receipts" => stock::web::expect,
        post "/kam/stock/{sku}/receive" => stock::web::receive,
    }

    // Fixed paths before those with parts: the first that fits is taken.
    Planner {
        post "/kam/promotions" => promotions::web::create,
        get "/kam/promotions/new" => promotions::web::new,
        post "/kam/promotions/preview" => promotions::web::preview,
        post "/kam/promotions/{id}" => promotions::web::save,
        post "/kam/promotions/{id}/campaign" => campaigns::web::keep,
        post "/kam/promotions/{id}/campaign/start" => campaigns::web::start,
        post "/kam/promotions/{id}/campaign/stop" => campaigns::web::stop,
        post "/kam/promotions/{id}/cancel" => promotions::web::cancel,
        post "/kam/promotions/{id}/copy" => promotions::web::copy,
        get "/kam/promotions/{id}/edit" => promotions::web::edit,
        post "/kam/promotions/{id}/submit" => promotions::web::submit,
        post "/kam/promotions/{id}/withdraw" => promotions::web::withdraw,
    }

    Decider {
        get "/admin/suggestions" => suggestions::report::web::show,
        post "/kam/funds" => promotions::web::create_fund,
        post "/kam/funds/{id}" => promotions::web::set_budget,
        post "/kam/promotions/{id}/approve" => promotions::web::approve,
        post "/kam/promotions/{id}/return" => promotions::web::send_back,
        post "/kam/promotions/{id}/settle" => promotions::web::settle,
    }

    Kam {
        get "/kam/promotions/{id}" => promotions::web::one,
        get "/kam/promotions/{id}/accounts" => promotions::web::ranked,
        get "/kam/promotions/{id}/accounts.csv" => promotions::web::ranked_csv,
        get "/kam/promotions/{id}/campaign" => campaigns::web::show,
        get "/kam/promotions/{id}/campaign/preview/{user}" => campaigns::web::preview,
    }

    Finance {
        post "/kam/accounts/{number}/terms" => credit::web::set_terms,
    }

    Admin {
        get "/admin" => admin::web::index,
        get "/admin/audit" => admin::web::audit_log,
        get "/admin/health" => admin::web::show_health,
        get "/admin/imports" => imports::web::list,
        post "/admin/imports" => imports::web::upload,
        get "/admin/imports/{id}/rejected.csv" => imports::web::rejected,
        post "/admin/jobs/{id}/retry" => admin::web::retry_job,
        post "/admin/jobs/retry" => admin::web::retry_jobs,
        get "/admin/mail" => admin::web::list_mail,
        get "/admin/mail/bounces" => admin::mail::web::list_bounces,
        post "/admin/mail/bounces" => admin::mail::web::read_bounces,
        get "/admin/mail/suppressions" => admin::mail::web::list_suppressions,
        post "/admin/mail/suppressions" => admin::mail::web::suppress,
        post "/admin/mail/suppressions/lift" => admin::mail::web::lift,
        get "/admin/mail/templates" => admin::mail::web::list_templates,
        get "/admin/mail/templates/{kind}" => admin::mail::web::one_template,
        get "/admin/mail/templates/{kind}/html" => admin::mail::web::template_html,
        get "/admin/mail/{id}" => admin::web::one_mail,
        get "/admin/mail/{id}/html" => admin::web::mail_html,
        get "/admin/recommender" => admin::web::show_recommender,
        post "/admin/suggestions/trial" => suggestions::report::web::begin,
        post "/admin/suggestions/trial/end" => suggestions::report::web::end,
        post "/admin/recommender/train" => admin::web::train_recommender,
        get "/admin/users" => admin::web::list_users,
        post "/admin/users" => admin::web::invite,
        post "/admin/users/{id}" => admin::web::change_user,
        post "/admin/users/{id}/reset" => admin::web::reset_user,
    }

    Service {
        post "/mail/bounces" => bounces::web::report,
    }

    Admin {
        get "/admin/webhooks" => webhooks::web::list,
        post "/admin/webhooks" => webhooks::web::create,
        get "/admin/webhooks/{id}" => webhooks::web::one,
        post "/admin/webhooks/{id}" => webhooks::web::save,
        get "/admin/webhooks/{id}/deliveries/{delivery}" => webhooks::web::one_delivery,
        post "/admin/webhooks/{id}/deliveries/{delivery}/replay" => webhooks::web::replay,
        post "/admin/webhooks/{id}/disable" => webhooks::web::disable,
        post "/admin/webhooks/{id}/enable" => webhooks::web::enable,
        post "/admin/webhooks/{id}/replay" => webhooks::web::replay_dead,
        post "/admin/webhooks/{id}/secret" => webhooks::web::rotate,
        post "/admin/webhooks/{id}/test" => webhooks::web::test,
    }

    Api {
        get "/api/v1/cart" => api::cart::show,
        put "/api/v1/cart" => api::cart::replace,
        post "/api/v1/cart/lines" => api::cart::add,
        get "/api/v1/events" => api::events::list,
        get "/api/v1/orders" => api::orders::list,
        post "/api/v1/orders" => api::orders::place,
        get "/api/v1/orders/{number}" => api::orders::show,
        post "/api/v1/orders/{number}/cancellation" => api::orders::cancel,
        post "/api/v1/prices" => api::prices::ask,
        put "/api/v1/prices/{list}" => api::prices::put,
        get "/api/v1/products" => api::products::list,
        get "/api/v1/products/{sku}" => api::products::show,
        get "/api/v1/recommendations" => api::recommendations::list,
        get "/api/v1/recommendations/promotions" => api::recommendations::promotions,
        get "/api/v1/stock/{sku}" => api::stock::show,
        put "/api/v1/stock/{sku}" => api::stock::put,
    }
}
