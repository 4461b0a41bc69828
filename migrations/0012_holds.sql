-- What an order says of promotions, freight and its bill-to, and the holds it waits for.

-- An order's net is its lines' net with its freight.
ALTER TABLE orders ADD COLUMN freight_minor bigint NOT NULL DEFAULT 0 CHECK (freight_minor >= 0);
-- What promotions took off its lines, for reading; the lines' net is after it.
ALTER TABLE orders ADD COLUMN discount_minor bigint NOT NULL DEFAULT 0
    CHECK (discount_minor >= 0);
-- Who pays; none for history that was imported.
ALTER TABLE orders ADD COLUMN bill_to_id uuid REFERENCES accounts (id) ON DELETE RESTRICT;
-- A digest of what was ordered, whatever its order: equal ones may be the same order twice.
ALTER TABLE orders ADD COLUMN lines_digest text NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN delivery_policy text NOT NULL DEFAULT 'back_order'
    CHECK (delivery_policy IN ('complete', 'back_order', 'cancel_rest'));
-- When its lines were taken back into a cart: once.
ALTER TABLE orders ADD COLUMN taken_back_at bigint;
CREATE INDEX orders_by_digest ON orders (account_id, lines_digest, placed_at);
CREATE INDEX orders_by_person ON orders (placed_by_id, placed_on);
CREATE INDEX orders_by_ship_to ON orders (account_id, ship_to_id);

-- quantity × unit price, rounded, less the discount is the line's net.
ALTER TABLE order_lines ADD COLUMN discount_minor bigint NOT NULL DEFAULT 0
    CHECK (discount_minor >= 0);
-- Goods that came along at no charge name what they came with.
ALTER TABLE order_lines ADD COLUMN promotion_id uuid REFERENCES promotions (id) ON DELETE RESTRICT;
CREATE INDEX order_lines_owed ON order_lines (product_id) WHERE back_ordered > 0;

CREATE TABLE holds (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('approval', 'credit', 'overdue', 'stock_short',
        'price_drift', 'below_minimum', 'duplicate', 'unusual_quantity', 'kam_review',
        'export_failed')),
    level integer NOT NULL DEFAULT 1 CHECK (level BETWEEN 1 AND 9),
    releaser text NOT NULL CHECK (releaser IN ('approver', 'kam', 'finance', 'operations')),
    -- The one person who may decide; anybody with the role where none is named.
    approver_id uuid REFERENCES users (id) ON DELETE RESTRICT,
    requested_by_id uuid REFERENCES users (id) ON DELETE RESTRICT,
    state text NOT NULL CHECK (state IN
        ('waiting', 'open', 'released', 'rejected', 'expired', 'withdrawn')),
    facts jsonb NOT NULL,
    opened_at bigint NOT NULL,
    due_at bigint NOT NULL CHECK (due_at > opened_at),
    decided_at bigint,
    decided_by text,
    decided_by_id uuid REFERENCES users (id) ON DELETE RESTRICT,
    reason text,
    UNIQUE (order_id, kind, level),
    FOREIGN KEY (account_id, order_id) REFERENCES orders (account_id, id) ON DELETE RESTRICT,
    CHECK ((decided_at IS NULL) = (state IN ('waiting', 'open'))),
    CHECK (state NOT IN ('released', 'rejected') OR decided_by IS NOT NULL),
    CHECK (state <> 'rejected' OR length(reason) > 0),
    -- Nobody approves their own order.
    CHECK (kind <> 'approval' OR state <> 'released' OR requested_by_id IS NULL
        OR (decided_by_id IS NOT NULL AND decided_by_id <> requested_by_id))
);
CREATE INDEX holds_by_order ON holds (order_id);
CREATE INDEX holds_open ON holds (due_at) WHERE state = 'open';
CREATE INDEX holds_of_account ON holds (account_id, state);

-- Freight by country and order value: the highest step that is reached applies. An empty country
-- is everywhere else; a charge of 0 is free freight.
CREATE TABLE freight_rates (
    currency text NOT NULL CHECK (length(currency) = 3),
    country text NOT NULL CHECK (length(country) IN (0, 2)),
    from_minor bigint NOT NULL CHECK (from_minor >= 0),
    charge_minor bigint NOT NULL CHECK (charge_minor >= 0),
    PRIMARY KEY (currency, country, from_minor)
);

-- The events of an order, anew: with more kinds, and whether anybody is to be told (history that
-- was imported or made up is not).
CREATE TABLE order_events_new (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('placed', 'held', 'hold_opened', 'hold_released',
        'hold_rejected', 'hold_expired', 'confirmed', 'allocated', 'released', 'closed',
        'cancelled', 'rejected', 'expired')),
    at bigint NOT NULL,
    by_name text NOT NULL,
    on_behalf_of text,
    -- A person's words.
    detail text,
    hold_id uuid REFERENCES holds (id) ON DELETE RESTRICT,
    told boolean NOT NULL,
    FOREIGN KEY (account_id, order_id) REFERENCES orders (account_id, id) ON DELETE RESTRICT
);
INSERT INTO order_events_new
    SELECT id, order_id, account_id, kind, at, by_name, on_behalf_of, detail, NULL, FALSE
    FROM order_events;
DROP TABLE order_events;
ALTER TABLE order_events_new RENAME TO order_events;
CREATE INDEX order_events_by_order ON order_events (order_id, at);

-- Base units of a product an account has ordered in all, beside how often.
ALTER TABLE account_products ADD COLUMN pieces bigint NOT NULL DEFAULT 0 CHECK (pieces >= 0);
UPDATE account_products SET pieces = coalesce((SELECT sum(l.ordered) FROM order_lines l
    WHERE l.account_id = account_products.account_id
    AND l.product_id = account_products.product_id), 0);
