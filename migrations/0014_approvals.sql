-- When an account's own orders need a colleague's approval, and who may spend how much.

CREATE TABLE approval_rules (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('total', 'category', 'off_list', 'new_ship_to', 'budget')),
    -- Net, in the account's currency: more than that needs approval.
    threshold_minor bigint CHECK (threshold_minor >= 0),
    category_id uuid REFERENCES categories (id) ON DELETE CASCADE,
    -- Levels are asked one after the other.
    level integer NOT NULL DEFAULT 1 CHECK (level BETWEEN 1 AND 3),
    -- A named approver, or any of the account's approvers and admins.
    approver_id uuid REFERENCES users (id) ON DELETE RESTRICT,
    created_at bigint NOT NULL,
    CHECK ((threshold_minor IS NOT NULL) = (kind IN ('total', 'category'))),
    CHECK ((category_id IS NOT NULL) = (kind = 'category')),
    UNIQUE (account_id, id)
);

CREATE TABLE user_budgets (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    period text NOT NULL CHECK (period IN ('month', 'quarter', 'year')),
    -- Net, in the account's currency.
    limit_minor bigint NOT NULL CHECK (limit_minor >= 0),
    updated_at bigint NOT NULL
);
CREATE INDEX user_budgets_by_account ON user_budgets (account_id);

-- A price staff set by hand for one line of a cart, with their reason; and who has the right.
ALTER TABLE users ADD COLUMN may_override_prices boolean NOT NULL DEFAULT FALSE;
ALTER TABLE cart_lines ADD COLUMN override_price bigint CHECK (override_price >= 0);
ALTER TABLE cart_lines ADD COLUMN override_reason text CHECK (length(override_reason) BETWEEN 1 AND 500);
ALTER TABLE cart_lines ADD COLUMN override_by text;
-- Agreed for so many and no more: who raises the quantity pays what the lists say.
ALTER TABLE cart_lines ADD COLUMN override_quantity integer CHECK (override_quantity >= 1);
