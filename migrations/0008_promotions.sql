-- Promotions, the funds they spend from, and what was spent.

CREATE TABLE funds (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 40),
    name text NOT NULL,
    currency text NOT NULL CHECK (length(currency) = 3),
    budget_minor bigint NOT NULL CHECK (budget_minor >= 0),
    -- Of orders that are held, and of orders that are confirmed.
    reserved_minor bigint NOT NULL DEFAULT 0 CHECK (reserved_minor >= 0),
    committed_minor bigint NOT NULL DEFAULT 0 CHECK (committed_minor >= 0),
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CHECK (reserved_minor + committed_minor <= budget_minor)
);

CREATE TABLE promotions (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 40),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- For colleagues; retailers never see it.
    note text NOT NULL DEFAULT '',
    -- Running and ended follow from approved and the calendar.
    state text NOT NULL CHECK (state IN
        ('draft', 'submitted', 'approved', 'stopped', 'settled', 'cancelled')),
    mechanic jsonb NOT NULL,
    currency text NOT NULL CHECK (length(currency) = 3),
    exclusivity_class text CHECK (length(exclusivity_class) BETWEEN 1 AND 40),
    priority integer NOT NULL DEFAULT 100,
    valid_from text NOT NULL CHECK (length(valid_from) = 10),
    valid_until text NOT NULL CHECK (length(valid_until) = 10),
    -- Everybody, or those of promotion_audiences.
    audience text NOT NULL CHECK (audience IN ('everybody', 'chosen')),
    fund_id uuid REFERENCES funds (id) ON DELETE RESTRICT,
    -- Orders it may be used in; none is without limit.
    most_uses bigint CHECK (most_uses >= 1),
    most_uses_per_account bigint CHECK (most_uses_per_account >= 1),
    cap_minor bigint CHECK (cap_minor >= 1),
    -- Of orders that hold it: not cancelled, rejected or expired.
    uses bigint NOT NULL DEFAULT 0 CHECK (uses >= 0),
    spent_minor bigint NOT NULL DEFAULT 0 CHECK (spent_minor >= 0),
    created_by text NOT NULL,
    created_by_id uuid REFERENCES users (id) ON DELETE RESTRICT,
    created_at bigint NOT NULL,
    submitted_by text,
    submitted_by_id uuid REFERENCES users (id) ON DELETE RESTRICT,
    submitted_at bigint,
    approved_by text,
    approved_by_id uuid REFERENCES users (id) ON DELETE RESTRICT,
    approved_at bigint,
    stopped_at bigint,
    updated_at bigint NOT NULL,
    CHECK (valid_from < valid_until),
    CHECK (most_uses IS NULL OR uses <= most_uses),
    CHECK (cap_minor IS NULL OR spent_minor <= cap_minor),
    -- Four eyes.
    CHECK (approved_by_id IS NULL OR approved_by_id <> submitted_by_id),
    CHECK (approved_by_id IS NULL OR approved_by_id <> created_by_id)
);
CREATE INDEX promotions_in_force ON promotions (state, valid_until);

CREATE TABLE promotion_audiences (
    id uuid PRIMARY KEY,
    promotion_id uuid NOT NULL REFERENCES promotions (id) ON DELETE CASCADE,
    account_id uuid REFERENCES accounts (id) ON DELETE CASCADE,
    group_id uuid REFERENCES account_groups (id) ON DELETE CASCADE,
    region text CHECK (length(region) BETWEEN 1 AND 100),
    CHECK (CASE WHEN account_id IS NULL THEN 0 ELSE 1 END
        + CASE WHEN group_id IS NULL THEN 0 ELSE 1 END
        + CASE WHEN region IS NULL THEN 0 ELSE 1 END = 1)
);
CREATE INDEX promotion_audiences_by_promotion ON promotion_audiences (promotion_id);

CREATE TABLE promotion_items (
    id uuid PRIMARY KEY,
    promotion_id uuid NOT NULL REFERENCES promotions (id) ON DELETE CASCADE,
    effect text NOT NULL CHECK (effect IN ('include', 'exclude')),
    -- Never CASCADE: an assortment that loses its last item would be everything.
    product_id uuid REFERENCES products (id) ON DELETE RESTRICT,
    brand_id uuid REFERENCES product_brands (id) ON DELETE RESTRICT,
    category_id uuid REFERENCES categories (id) ON DELETE RESTRICT,
    CHECK (CASE WHEN product_id IS NULL THEN 0 ELSE 1 END
        + CASE WHEN brand_id IS NULL THEN 0 ELSE 1 END
        + CASE WHEN category_id IS NULL THEN 0 ELSE 1 END = 1)
);
CREATE INDEX promotion_items_by_promotion ON promotion_items (promotion_id);

-- One a promotion and order: what it gave there.
CREATE TABLE promotion_uses (
    promotion_id uuid NOT NULL REFERENCES promotions (id) ON DELETE RESTRICT,
    order_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- What it spends: the discount, or what free goods are worth.
    spend_minor bigint NOT NULL CHECK (spend_minor >= 0),
    state text NOT NULL CHECK (state IN ('reserved', 'committed', 'released')),
    at bigint NOT NULL,
    PRIMARY KEY (promotion_id, order_id),
    FOREIGN KEY (account_id, order_id) REFERENCES orders (account_id, id) ON DELETE RESTRICT
);
CREATE INDEX promotion_uses_by_account ON promotion_uses (account_id, promotion_id);
CREATE INDEX promotion_uses_by_order ON promotion_uses (order_id);

-- The book of a fund: it adds up to what the fund says, each cause once.
CREATE TABLE fund_entries (
    id uuid PRIMARY KEY,
    fund_id uuid NOT NULL REFERENCES funds (id) ON DELETE RESTRICT,
    promotion_id uuid NOT NULL REFERENCES promotions (id) ON DELETE RESTRICT,
    order_id uuid NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('reserve', 'commit', 'release')),
    -- Changes, either sign.
    reserved_minor bigint NOT NULL,
    committed_minor bigint NOT NULL,
    at bigint NOT NULL,
    UNIQUE (order_id, promotion_id, kind)
);
CREATE INDEX fund_entries_by_fund ON fund_entries (fund_id, at);
