-- Campaigns: telling retailers of a promotion, and what came of it.

CREATE TABLE campaigns (
    id uuid PRIMARY KEY,
    promotion_id uuid NOT NULL REFERENCES promotions (id) ON DELETE RESTRICT,
    state text NOT NULL CHECK (state IN ('planned', 'sending', 'finished', 'stopped')),
    -- The day it is announced; at once where no minute is given, else in each reader's own morning,
    -- in minutes after their midnight.
    announce_on text NOT NULL CHECK (length(announce_on) = 10),
    announce_minute integer CHECK (announce_minute BETWEEN 0 AND 1439),
    -- The day on which those are reminded who have not ordered; none is without a reminder.
    remind_on text CHECK (length(remind_on) = 10),
    -- Hundredths of a per cent of the accounts that are told nothing, drawn with the salt.
    holdout_share integer NOT NULL CHECK (holdout_share BETWEEN 0 AND 5000),
    salt bigint NOT NULL,
    -- Only the accounts of which most is expected; none is all of them.
    most_accounts integer CHECK (most_accounts >= 1),
    created_by text NOT NULL,
    created_by_id uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at bigint NOT NULL,
    -- When its audience was drawn and its first mails were written.
    started_at bigint,
    finished_at bigint,
    stopped_by text,
    stopped_at bigint,
    -- When the KAMs were told what came of it.
    reported_at bigint,
    CHECK (remind_on IS NULL OR remind_on > announce_on),
    CHECK ((state = 'stopped') = (stopped_at IS NOT NULL)),
    CHECK (state = 'planned' OR state = 'stopped' OR started_at IS NOT NULL)
);
CREATE UNIQUE INDEX campaigns_one_open ON campaigns (promotion_id)
    WHERE state IN ('planned', 'sending');
CREATE INDEX campaigns_of_promotion ON campaigns (promotion_id, created_at);

-- The accounts it was drawn for.
CREATE TABLE campaign_accounts (
    campaign_id uuid NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    arm text NOT NULL CHECK (arm IN ('mail', 'holdout')),
    -- From 1, by what is expected of them.
    place integer NOT NULL CHECK (place >= 1),
    -- What they are expected to order more, and to save; in minor units, none without a model.
    expected_minor bigint,
    saving_minor bigint,
    PRIMARY KEY (campaign_id, account_id)
);

-- One a person and wave.
CREATE TABLE campaign_messages (
    -- What links in the mail name, signed.
    id uuid PRIMARY KEY,
    campaign_id uuid NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    wave text NOT NULL CHECK (wave IN ('announcement', 'reminder')),
    -- In the reader's morning.
    due_at bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'mailed', 'skipped')),
    -- Why nothing was written, as a word: unsubscribed, disabled, capped, …
    skipped_because text,
    mail_id uuid REFERENCES mails (id) ON DELETE SET NULL,
    opened_at bigint,
    clicked_at bigint,
    UNIQUE (campaign_id, user_id, wave),
    CHECK ((state = 'skipped') = (skipped_because IS NOT NULL))
);
CREATE INDEX campaign_messages_due ON campaign_messages (due_at) WHERE state = 'waiting';
CREATE INDEX campaign_messages_of_account ON campaign_messages (campaign_id, account_id);
CREATE INDEX campaign_messages_of_mail ON campaign_messages (mail_id);
