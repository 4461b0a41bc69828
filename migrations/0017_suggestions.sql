-- What the recommender suggested, and what came of it.

-- What was put before somebody: a row a list, at most one a day where it is the same.
CREATE TABLE suggestion_showings (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    surface text NOT NULL CHECK (surface IN
        ('home', 'catalogue', 'product', 'cart', 'quick_order', 'search', 'api', 'mail', 'kam')),
    list text NOT NULL CHECK (list IN
        ('usual', 'due', 'new', 'goes_with', 'forgotten', 'instead', 'promotion')),
    shown_on text NOT NULL CHECK (length(shown_on) = 10),
    shown_at bigint NOT NULL,
    -- Of the items, so that the same list of a day is told once.
    digest text NOT NULL,
    -- [{"product": …, "pieces": …, "probability": …}], in the order shown.
    items jsonb NOT NULL,
    UNIQUE (account_id, user_id, surface, list, shown_on, digest)
);
CREATE INDEX suggestion_showings_by_day ON suggestion_showings (shown_on, account_id);
CREATE INDEX suggestion_showings_by_account ON suggestion_showings (account_id, shown_at);

-- What an account does not want suggested: "not for us", or "not now". Until that day, not included.
CREATE TABLE suggestion_dismissals (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('not_for_us', 'not_now')),
    dismissed_at bigint NOT NULL,
    until_on text NOT NULL CHECK (length(until_on) = 10),
    by_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    PRIMARY KEY (account_id, product_id)
);

-- Which accounts go without suggestions, by chance, so that their effect can be told.
CREATE TABLE suggestion_trials (
    id uuid PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('running', 'ended')),
    -- Hundredths of a per cent of the accounts that go without; 0 to 5000.
    control_share integer NOT NULL CHECK (control_share BETWEEN 0 AND 5000),
    -- Mixed with an account's id to draw its arm.
    salt bigint NOT NULL,
    started_at bigint NOT NULL,
    started_on text NOT NULL CHECK (length(started_on) = 10),
    ended_at bigint,
    by_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    CHECK ((state = 'ended') = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX suggestion_trials_one_running ON suggestion_trials (state)
    WHERE state = 'running';

-- A line that came from a suggestion keeps from which list, and how many pieces were suggested.
ALTER TABLE cart_lines ADD COLUMN suggested_list text CHECK (suggested_list IN
    ('usual', 'due', 'new', 'goes_with', 'forgotten', 'instead', 'promotion'));
ALTER TABLE cart_lines ADD COLUMN suggested_pieces bigint CHECK (suggested_pieces >= 1);
ALTER TABLE order_lines ADD COLUMN suggested_list text CHECK (suggested_list IN
    ('usual', 'due', 'new', 'goes_with', 'forgotten', 'instead', 'promotion'));
ALTER TABLE order_lines ADD COLUMN suggested_pieces bigint CHECK (suggested_pieces >= 1);

-- So does a row of quick order that was filled in.
ALTER TABLE quick_order_rows ADD COLUMN suggested_list text CHECK (suggested_list IN
    ('usual', 'due', 'new', 'goes_with', 'forgotten', 'instead', 'promotion'));
ALTER TABLE quick_order_rows ADD COLUMN suggested_pieces bigint CHECK (suggested_pieces >= 1);

-- Which arm of the trial the account was in, and how long the visit took until it was submitted.
ALTER TABLE orders ADD COLUMN trial_id uuid REFERENCES suggestion_trials (id) ON DELETE RESTRICT;
ALTER TABLE orders ADD COLUMN trial_arm text CHECK (trial_arm IN ('suggestions', 'control'));
ALTER TABLE orders ADD COLUMN visit_seconds integer CHECK (visit_seconds >= 0);
-- When the visit began: the first request after half an hour without one.
ALTER TABLE sessions ADD COLUMN visit_started_at bigint NOT NULL DEFAULT 0;
