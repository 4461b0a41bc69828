-- Work that follows a transaction, the mails it makes, keys of repeated requests, and imports.

CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    run_at bigint NOT NULL,
    leased_until bigint,
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    created_at bigint NOT NULL,
    done_at bigint
);
CREATE INDEX jobs_due ON jobs (state, run_at);

CREATE TABLE mails (
    id uuid PRIMARY KEY,
    -- One mail an event and recipient, however often the job runs.
    event text NOT NULL,
    to_email text NOT NULL,
    to_name text NOT NULL,
    account_id uuid REFERENCES accounts (id) ON DELETE RESTRICT,
    kind text NOT NULL,
    subject text NOT NULL,
    body_text text NOT NULL,
    body_html text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    last_error text,
    created_at bigint NOT NULL,
    sent_at bigint,
    UNIQUE (event, to_email)
);
CREATE INDEX mails_by_time ON mails (created_at);

CREATE TABLE idempotency_keys (
    -- Who sent it: a user or an API key.
    owner uuid NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash text NOT NULL,
    status integer NOT NULL,
    answer jsonb NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (owner, key)
);

CREATE TABLE imports (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    file_name text NOT NULL,
    by_name text NOT NULL,
    at bigint NOT NULL,
    dry_run boolean NOT NULL,
    inserted bigint NOT NULL,
    changed bigint NOT NULL,
    unchanged bigint NOT NULL,
    rejected bigint NOT NULL,
    -- CSV: row, column, problem.
    rejected_rows text NOT NULL DEFAULT ''
);
CREATE INDEX imports_by_time ON imports (at);
