-- The brand, its accounts, their places and people.

CREATE TABLE brand (
    id integer PRIMARY KEY CHECK (id = 1),
    name text NOT NULL,
    street text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    country text NOT NULL CHECK (length(country) = 2),
    vat_id text,
    email text NOT NULL,
    currency text NOT NULL CHECK (length(currency) = 3),
    time_zone text NOT NULL,
    locale text NOT NULL CHECK (locale IN ('en', 'de'))
);

-- Counts what has no other home: order numbers, and the version that tells caches of the
-- catalogue (search, facets) that they are out of date.
CREATE TABLE counters (
    name text PRIMARY KEY,
    value bigint NOT NULL
);

CREATE TABLE account_groups (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    name text NOT NULL,
    password_hash text,
    role text NOT NULL CHECK (role IN ('buyer', 'approver', 'account_admin',
        'kam', 'marketing', 'finance', 'operations', 'admin')),
    account_id uuid,
    status text NOT NULL CHECK (status IN ('invited', 'active', 'disabled')),
    locale text NOT NULL CHECK (locale IN ('en', 'de')),
    theme text NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
    created_at bigint NOT NULL,
    last_sign_in_at bigint,
    -- A retailer's people belong to an account, the brand's own to none.
    CHECK ((account_id IS NOT NULL) = (role IN ('buyer', 'approver', 'account_admin')))
);
CREATE INDEX users_by_account ON users (account_id);

CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    name text NOT NULL,
    group_id uuid REFERENCES account_groups (id) ON DELETE RESTRICT,
    parent_id uuid REFERENCES accounts (id) ON DELETE RESTRICT,
    kam_id uuid REFERENCES users (id) ON DELETE RESTRICT,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'blocked')),
    street text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    country text NOT NULL CHECK (length(country) = 2),
    region text NOT NULL DEFAULT '',
    vat_id text,
    currency text NOT NULL CHECK (length(currency) = 3),
    locale text NOT NULL CHECK (locale IN ('en', 'de')),
    payment_terms_days integer NOT NULL DEFAULT 30 CHECK (payment_terms_days BETWEEN 0 AND 365),
    credit_limit_minor bigint CHECK (credit_limit_minor >= 0),
    created_at bigint NOT NULL,
    CHECK (parent_id IS NULL OR parent_id <> id)
);
CREATE INDEX accounts_by_kam ON accounts (kam_id);
CREATE INDEX accounts_by_parent ON accounts (parent_id);
CREATE INDEX accounts_by_group ON accounts (group_id);

CREATE TABLE ship_tos (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    code text NOT NULL,
    name text NOT NULL,
    street text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    country text NOT NULL CHECK (length(country) = 2),
    is_default boolean NOT NULL DEFAULT FALSE,
    active boolean NOT NULL DEFAULT TRUE,
    UNIQUE (account_id, id),
    UNIQUE (account_id, code)
);
CREATE UNIQUE INDEX ship_tos_one_default ON ship_tos (account_id) WHERE is_default;

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    token_hash text NOT NULL UNIQUE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    csrf_secret text NOT NULL,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    user_agent text NOT NULL DEFAULT '',
    -- Staff order for an account, until that time.
    acting_for uuid REFERENCES accounts (id) ON DELETE CASCADE,
    acting_until bigint,
    CHECK ((acting_for IS NULL) = (acting_until IS NULL))
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE user_tokens (
    token_hash text PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('invitation', 'reset')),
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint
);
CREATE INDEX user_tokens_by_user ON user_tokens (user_id);

CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    key_hash text NOT NULL UNIQUE,
    -- The first characters, by which people tell keys apart.
    prefix text NOT NULL,
    -- The account whose data it reaches; none for the brand's own keys.
    account_id uuid REFERENCES accounts (id) ON DELETE RESTRICT,
    scopes text NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint,
    disabled_at bigint
);

CREATE TABLE audit_log (
    id uuid PRIMARY KEY,
    at bigint NOT NULL,
    actor text NOT NULL,
    actor_id uuid,
    on_behalf_of text,
    account_id uuid REFERENCES accounts (id) ON DELETE RESTRICT,
    action text NOT NULL,
    subject text NOT NULL,
    before jsonb,
    after jsonb
);
CREATE INDEX audit_log_by_time ON audit_log (at);
