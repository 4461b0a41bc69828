-- What happened, for programs that want to know, and telling them.

CREATE TABLE events (
    -- Grows with time.
    id uuid PRIMARY KEY,
    at bigint NOT NULL,
    -- Such as order.confirmed.
    kind text NOT NULL,
    -- Whose it is; none for the brand's own.
    account_id uuid REFERENCES accounts (id) ON DELETE RESTRICT,
    -- What it happened to, such as an order's number.
    subject text NOT NULL,
    data jsonb NOT NULL,
    -- Its place among those that programs read one after the other. It is given once the event is
    -- there for everybody: ids are made before their transactions end, and not in that order.
    position bigint
);
CREATE UNIQUE INDEX events_in_order ON events (position);
CREATE INDEX events_of_account ON events (account_id, position);
CREATE INDEX events_without_position ON events (id) WHERE position IS NULL;
CREATE INDEX events_by_time ON events (at);

CREATE TABLE webhook_endpoints (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    url text NOT NULL CHECK (length(url) BETWEEN 8 AND 1000),
    -- Only this account's events; none is every event.
    account_id uuid REFERENCES accounts (id) ON DELETE RESTRICT,
    -- Kinds of events, separated by blanks; empty is all.
    kinds text NOT NULL DEFAULT '',
    -- The secret follows from this number and Kontor's own secret; nothing is kept that could leak.
    secret_version integer NOT NULL DEFAULT 1 CHECK (secret_version >= 1),
    -- Until then the secret before signs as well.
    previous_until bigint,
    created_by text NOT NULL,
    created_at bigint NOT NULL,
    -- Nothing is sent while it is off; why is a word: by_hand, gone, failing.
    disabled_at bigint,
    disabled_because text,
    -- Since when nothing arrived.
    failing_since bigint,
    CHECK ((disabled_at IS NULL) = (disabled_because IS NULL))
);
-- An order asks for the endpoints of its account and of the brand.
CREATE INDEX webhook_endpoints_of_account ON webhook_endpoints (account_id);

CREATE TABLE webhook_deliveries (
    id uuid PRIMARY KEY,
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    event_id uuid NOT NULL REFERENCES events (id) ON DELETE RESTRICT,
    -- Zero, and one more for each replay by hand.
    replay integer NOT NULL DEFAULT 0 CHECK (replay >= 0),
    state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
    created_at bigint NOT NULL,
    delivered_at bigint,
    UNIQUE (endpoint_id, event_id, replay)
);
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_open ON webhook_deliveries (endpoint_id, state)
    WHERE state <> 'delivered';
CREATE INDEX webhook_deliveries_of_event ON webhook_deliveries (event_id);

-- Each try, with what the other side answered.
CREATE TABLE webhook_attempts (
    id uuid PRIMARY KEY,
    delivery_id uuid NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    at bigint NOT NULL,
    -- As it was sent.
    signature text NOT NULL,
    -- None where there was no answer.
    status integer,
    error text,
    -- The first thousand characters.
    answer text NOT NULL DEFAULT '',
    duration_ms integer NOT NULL CHECK (duration_ms >= 0)
);
CREATE INDEX webhook_attempts_of_delivery ON webhook_attempts (delivery_id, at);
