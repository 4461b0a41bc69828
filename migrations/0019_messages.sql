-- Messages: who wants to be told of what and how, what they were told, addresses that are dead,
-- and work that keeps its order.

-- Where the reader's morning is; none is the zone of their company's country, else the brand's.
ALTER TABLE users ADD COLUMN time_zone text CHECK (length(time_zone) BETWEEN 1 AND 60);

-- Work that waits in a queue of its own, so that a campaign does not hold up a confirmation.
ALTER TABLE jobs ADD COLUMN lane text NOT NULL DEFAULT 'short';
UPDATE jobs SET lane = 'long' WHERE kind = 'train_recommender';
UPDATE jobs SET lane = 'mail' WHERE kind = 'send_mail';
-- Jobs with the same word run one after the other, in the order of their ids; one that was given up
-- lets the next one pass.
ALTER TABLE jobs ADD COLUMN follows text CHECK (length(follows) BETWEEN 1 AND 200);
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (lane, state, run_at, id);
CREATE INDEX jobs_in_order ON jobs (follows, id)
    WHERE follows IS NOT NULL AND state IN ('waiting', 'running');

-- Recurring work: who writes the row does it, so that each time it is due it is done once.
CREATE TABLE schedule_runs (
    task text NOT NULL,
    due_at bigint NOT NULL,
    taken_at bigint NOT NULL,
    PRIMARY KEY (task, due_at)
);

-- What the brand settles for all messages. Minutes are counted from the reader's midnight.
CREATE TABLE message_settings (
    id integer PRIMARY KEY CHECK (id = 1),
    -- Promotion mails to one person within seven days.
    promotion_mails_a_week integer NOT NULL CHECK (promotion_mails_a_week BETWEEN 0 AND 14),
    -- In between nothing leaves that can wait.
    quiet_from integer NOT NULL CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_until integer NOT NULL CHECK (quiet_until BETWEEN 0 AND 1439),
    morning integer NOT NULL CHECK (morning BETWEEN 0 AND 1439),
    counts_opens boolean NOT NULL,
    -- Hundredths of a per cent of a promotion's accounts that are told nothing, unless its plan says
    -- otherwise.
    holdout_share integer NOT NULL CHECK (holdout_share BETWEEN 0 AND 5000),
    changed_at bigint NOT NULL
);
INSERT INTO message_settings VALUES (1, 2, 1140, 390, 420, false, 1000, 0);

-- What a person chose for a topic; without a row the topic's own custom holds.
CREATE TABLE notification_choices (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    topic text NOT NULL CHECK (topic IN ('orders', 'approvals', 'promotions', 'back_in_stock',
        'reorder', 'invoices', 'claims', 'accounts', 'morning')),
    mail text NOT NULL CHECK (mail IN ('at_once', 'daily', 'off')),
    in_app boolean NOT NULL,
    push boolean NOT NULL,
    changed_at bigint NOT NULL,
    PRIMARY KEY (user_id, topic)
);

-- What a person is told inside Kontor, and what waits for their daily mail.
CREATE TABLE notifications (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    account_id uuid REFERENCES accounts (id) ON DELETE CASCADE,
    topic text NOT NULL,
    -- Once an event and person.
    event text NOT NULL,
    -- {"key": …, "args": …}: worded when it is read, in the reader's language.
    said jsonb NOT NULL,
    link text NOT NULL CHECK (substr(link, 1, 1) = '/' AND substr(link, 1, 2) <> '//'),
    created_at bigint NOT NULL,
    in_app boolean NOT NULL,
    read_at bigint,
    -- Whether it is for the daily mail, and whether that mail was written.
    digest text CHECK (digest IN ('waiting', 'mailed')),
    UNIQUE (event, user_id)
);
CREATE INDEX notifications_of_person ON notifications (user_id, created_at);
CREATE INDEX notifications_unread ON notifications (user_id) WHERE in_app AND read_at IS NULL;
CREATE INDEX notifications_for_digest ON notifications (user_id, created_at) WHERE digest = 'waiting';

-- Browsers that a person lets Kontor wake.
CREATE TABLE push_subscriptions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    endpoint text NOT NULL UNIQUE CHECK (length(endpoint) BETWEEN 10 AND 1000),
    p256dh text NOT NULL,
    auth text NOT NULL,
    -- The key of this Kontor that the browser knows; its push service takes no other.
    our_key text NOT NULL DEFAULT '',
    device text NOT NULL DEFAULT '',
    -- The sign-in it was allowed in; whoever ends that one ends this as well. It may have run out.
    session_id uuid,
    created_at bigint NOT NULL,
    last_used_at bigint
);
CREATE INDEX push_subscriptions_of_person ON push_subscriptions (user_id);

-- Mails: more ends than sent and dead, and what they are for.
CREATE TABLE mails_new (
    id uuid PRIMARY KEY,
    -- One mail an event and recipient, however often the job runs.
    event text NOT NULL,
    to_email text NOT NULL,
    to_name text NOT NULL,
    user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    account_id uuid REFERENCES accounts (id) ON DELETE RESTRICT,
    kind text NOT NULL,
    -- None for what everybody gets who asks for it: a link to sign in.
    topic text,
    subject text NOT NULL,
    body_text text NOT NULL,
    body_html text NOT NULL,
    -- Withheld: the reader wants no more of the kind, may no longer sign in, or the address is dead.
    state text NOT NULL CHECK (state IN ('waiting', 'sent', 'dead', 'withheld')),
    last_error text,
    created_at bigint NOT NULL,
    sent_at bigint,
    bounced_at bigint,
    UNIQUE (event, to_email)
);
INSERT INTO mails_new (id, event, to_email, to_name, user_id, account_id, kind, topic, subject,
        body_text, body_html, state, last_error, created_at, sent_at, bounced_at)
    SELECT id, event, to_email, to_name, NULL, account_id, kind, NULL, subject,
        body_text, body_html, state, last_error, created_at, sent_at, NULL FROM mails;
DROP TABLE mails;
ALTER TABLE mails_new RENAME TO mails;
CREATE INDEX mails_by_time ON mails (created_at);
CREATE INDEX mails_of_person ON mails (user_id, topic, created_at);
CREATE INDEX mails_waiting ON mails (created_at) WHERE state = 'waiting';

-- Addresses that are written to no more.
CREATE TABLE mail_suppressions (
    email text PRIMARY KEY CHECK (email = lower(email)),
    reason text NOT NULL CHECK (reason IN ('bounce', 'complaint', 'by_hand')),
    detail text NOT NULL DEFAULT '',
    mail_id uuid REFERENCES mails (id) ON DELETE SET NULL,
    since bigint NOT NULL,
    by_name text NOT NULL
);

-- What mail servers sent back, each report once.
CREATE TABLE mail_bounces (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    mail_id uuid REFERENCES mails (id) ON DELETE SET NULL,
    kind text NOT NULL CHECK (kind IN ('hard', 'soft', 'complaint')),
    -- RFC 3463, such as 5.1.1; empty where none was given.
    status text NOT NULL DEFAULT '',
    detail text NOT NULL DEFAULT '',
    source text NOT NULL CHECK (source IN ('webhook', 'mailbox', 'refusal')),
    at bigint NOT NULL,
    -- Of the report, so that one that comes twice is taken once.
    digest text NOT NULL UNIQUE
);
CREATE INDEX mail_bounces_by_time ON mail_bounces (at);
CREATE INDEX mail_bounces_of_address ON mail_bounces (email, at);

-- Whose usual order was looked at, and when its people were told last that it is due.
CREATE TABLE reorder_reminders (
    account_id uuid PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    looked_at bigint NOT NULL,
    -- The brand's day.
    told_on text CHECK (length(told_on) = 10)
);
