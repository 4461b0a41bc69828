-- Who pays, on what terms, and what they owe.

-- The account that pays and carries the limit; none is the account itself.
ALTER TABLE accounts ADD COLUMN bill_to_id uuid REFERENCES accounts (id) ON DELETE RESTRICT;
-- Days an item may be past due before orders are held; none is the brand's.
ALTER TABLE accounts ADD COLUMN overdue_tolerance_days integer
    CHECK (overdue_tolerance_days BETWEEN 0 AND 365);
-- So much off for paying within so many days.
ALTER TABLE accounts ADD COLUMN early_payment_days integer NOT NULL DEFAULT 0
    CHECK (early_payment_days BETWEEN 0 AND 365);
ALTER TABLE accounts ADD COLUMN early_payment_discount integer NOT NULL DEFAULT 0
    CHECK (early_payment_discount BETWEEN 0 AND 10000);
-- Net goods below which an order is held; none is the brand's.
ALTER TABLE accounts ADD COLUMN minimum_order_minor bigint CHECK (minimum_order_minor >= 0);
-- What becomes of an order that cannot be delivered whole.
ALTER TABLE accounts ADD COLUMN delivery_policy text NOT NULL DEFAULT 'back_order'
    CHECK (delivery_policy IN ('complete', 'back_order', 'cancel_rest'));
-- The KAM wants to see every order, for this reason.
ALTER TABLE accounts ADD COLUMN review_note text;
CREATE INDEX accounts_by_bill_to ON accounts (bill_to_id);

ALTER TABLE brand ADD COLUMN overdue_tolerance_days integer NOT NULL DEFAULT 14
    CHECK (overdue_tolerance_days BETWEEN 0 AND 365);
ALTER TABLE brand ADD COLUMN minimum_order_minor bigint NOT NULL DEFAULT 0
    CHECK (minimum_order_minor >= 0);

-- What a bill-to owes and is about to owe, gross; each with a ledger behind it. Its row is locked
-- before anything else of an order is.
CREATE TABLE credit_accounts (
    account_id uuid PRIMARY KEY REFERENCES accounts (id) ON DELETE RESTRICT,
    held_minor bigint NOT NULL DEFAULT 0 CHECK (held_minor >= 0),
    confirmed_minor bigint NOT NULL DEFAULT 0 CHECK (confirmed_minor >= 0),
    -- Negative where the brand owes the account.
    receivable_minor bigint NOT NULL DEFAULT 0,
    updated_at bigint NOT NULL
);

CREATE TABLE open_items (
    id uuid PRIMARY KEY,
    -- The bill-to.
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    number text NOT NULL UNIQUE CHECK (length(number) BETWEEN 1 AND 60),
    kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'payment')),
    -- The order an invoice bills, where the other side names it.
    order_number text,
    issued_on text NOT NULL CHECK (length(issued_on) = 10),
    due_on text NOT NULL CHECK (length(due_on) = 10),
    currency text NOT NULL CHECK (length(currency) = 3),
    -- Gross; what the account is owed (credit notes, payments on account) is negative.
    amount_minor bigint NOT NULL,
    open_minor bigint NOT NULL,
    -- What may be taken off for paying by that day.
    early_payment_on text CHECK (length(early_payment_on) = 10),
    early_payment_discount integer NOT NULL DEFAULT 0
        CHECK (early_payment_discount BETWEEN 0 AND 10000),
    updated_at bigint NOT NULL,
    CHECK (CASE WHEN kind = 'invoice' THEN amount_minor >= 0 AND open_minor >= 0
        AND open_minor <= amount_minor
        ELSE amount_minor <= 0 AND open_minor <= 0 AND open_minor >= amount_minor END),
    UNIQUE (account_id, id)
);
CREATE INDEX open_items_by_account ON open_items (account_id, due_on) WHERE open_minor <> 0;

-- Append-only; a cause is booked once.
CREATE TABLE credit_entries (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    at bigint NOT NULL,
    -- Changes, either sign.
    held_minor bigint NOT NULL,
    confirmed_minor bigint NOT NULL,
    receivable_minor bigint NOT NULL,
    -- "order 100123 held", "item R-4711 as of 2026-03-12".
    cause text NOT NULL UNIQUE,
    order_id uuid REFERENCES orders (id) ON DELETE RESTRICT,
    open_item_id uuid REFERENCES open_items (id) ON DELETE RESTRICT
);
CREATE INDEX credit_entries_by_account ON credit_entries (account_id, at);
CREATE INDEX credit_entries_by_order ON credit_entries (order_id);
