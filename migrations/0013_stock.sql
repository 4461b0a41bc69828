-- What is on its way, who wants to be told when it is there, and more causes of movements.

CREATE TABLE expected_receipts (
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    expected_on text NOT NULL CHECK (length(expected_on) = 10),
    quantity bigint NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (product_id, expected_on)
);
INSERT INTO expected_receipts
    SELECT product_id, expected_on, expected_quantity FROM stock
    WHERE expected_on IS NOT NULL AND expected_quantity IS NOT NULL;

CREATE TABLE stock_alerts (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at bigint NOT NULL,
    PRIMARY KEY (user_id, product_id)
);
CREATE INDEX stock_alerts_by_product ON stock_alerts (product_id);

CREATE TABLE stock_movements_new (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
    at bigint NOT NULL,
    on_hand bigint NOT NULL,
    allocated bigint NOT NULL,
    reserved bigint NOT NULL,
    cause text NOT NULL CHECK (cause IN
        ('count', 'receipt', 'order', 'confirmation', 'allocation', 'cancellation', 'rejection', 'expiry')),
    reference text NOT NULL
);
INSERT INTO stock_movements_new
    SELECT id, product_id, at, on_hand, allocated, reserved, cause, reference FROM stock_movements;
DROP TABLE stock_movements;
ALTER TABLE stock_movements_new RENAME TO stock_movements;
CREATE INDEX stock_movements_by_product ON stock_movements (product_id, at);
CREATE INDEX stock_movements_by_reference ON stock_movements (reference);
