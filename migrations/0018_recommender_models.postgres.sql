-- Trained models. Every instance reads the newest that it can use; a few older ones are kept.
CREATE TABLE recommender_models (
    id uuid PRIMARY KEY,
    trained_at bigint NOT NULL,
    -- Orders placed before this instant are in it.
    orders_until bigint NOT NULL,
    format integer NOT NULL,
    -- SHA-256 of the snapshot, in hexadecimal.
    checksum text NOT NULL CHECK (length(checksum) = 64),
    snapshot bytea NOT NULL,
    -- What was learned from and how well it does: recommender::model::Report.
    report jsonb NOT NULL,
    train_millis bigint NOT NULL CHECK (train_millis >= 0),
    -- The process's largest resident size while training; 0 where the system does not tell.
    peak_kib bigint NOT NULL CHECK (peak_kib >= 0)
);
CREATE INDEX recommender_models_by_time ON recommender_models (trained_at);
