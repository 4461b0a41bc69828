-- Trained models. Every instance reads the newest that it can use; a few older ones are kept.
CREATE TABLE recommender_models (
    id uuid PRIMARY KEY,
    trained_at bigint NOT NULL,
    -- Orders placed before this instant are in it.
    orders_until bigint NOT NULL,
    format integer NOT NULL,
    -- SHA-256 of the snapshot and of what was seen, in hexadecimal.
    checksum text NOT NULL CHECK (length(checksum) = 64),
    snapshot bytea NOT NULL,
    -- How far each account's orders are in it, so that an instance that reads it knows which
    -- accounts have ordered since: suggestions::seen.
    seen bytea NOT NULL,
    -- Placed and changed orders in it, as account_histories counts them.
    changes bigint NOT NULL CHECK (changes >= 0),
    -- What was learned from and how well it does: recommender::model::Report.
    report jsonb NOT NULL,
    train_millis bigint NOT NULL CHECK (train_millis >= 0),
    -- The process's largest resident size while training; 0 where the system does not tell.
    peak_kib bigint NOT NULL CHECK (peak_kib >= 0)
);
CREATE INDEX recommender_models_by_time ON recommender_models (trained_at);

-- One training at a time, however many instances there are and whoever asks for it.
CREATE UNIQUE INDEX jobs_one_training ON jobs (kind)
    WHERE kind = 'train_recommender' AND state IN ('waiting', 'running');

-- How often an account's orders were placed, and how often one of them began or ceased to count or
-- was changed. Both only grow, in the order in which transactions are committed, so whoever has
-- seen these two numbers has seen exactly the orders behind them. An account without a row has
-- placed none since there is this table. Kept by trigger: files and pages alike place orders.
CREATE TABLE account_histories (
    account_id uuid PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    placed bigint NOT NULL DEFAULT 0,
    changed bigint NOT NULL DEFAULT 0
);

-- Once a statement: a file brings thousands of orders. Always in the same order of accounts, so
-- that two of them do not wait for each other.
CREATE FUNCTION orders_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO account_histories (account_id, placed, changed)
        SELECT account_id, count(*), 0 FROM new_orders GROUP BY account_id ORDER BY account_id
        ON CONFLICT (account_id) DO UPDATE SET placed = account_histories.placed + excluded.placed;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_placed AFTER INSERT ON orders
    REFERENCING NEW TABLE AS new_orders
    FOR EACH STATEMENT EXECUTE FUNCTION orders_placed();

-- A state that follows another one while the order goes on counting is no change of history.
CREATE FUNCTION orders_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO account_histories (account_id, placed, changed) VALUES (NEW.account_id, 0, 1)
        ON CONFLICT (account_id) DO UPDATE SET changed = account_histories.changed + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_changed AFTER UPDATE OF state, placed_on, updated_at ON orders
    FOR EACH ROW
    WHEN ((OLD.state IN ('cancelled', 'rejected', 'expired'))
            <> (NEW.state IN ('cancelled', 'rejected', 'expired'))
        OR OLD.placed_on <> NEW.placed_on
        OR (OLD.state = NEW.state AND OLD.updated_at <> NEW.updated_at))
    EXECUTE FUNCTION orders_changed();
