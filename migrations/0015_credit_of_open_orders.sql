-- Orders that were confirmed before there was a ledger count too; history from files does not.
UPDATE orders SET bill_to_id = account_id
    WHERE state IN ('confirmed', 'released') AND source <> 'import';
INSERT INTO credit_accounts
    (account_id, held_minor, confirmed_minor, receivable_minor, updated_at)
    SELECT bill_to_id, 0, sum(gross_minor), 0, max(placed_at) FROM orders
    WHERE state IN ('confirmed', 'released') AND bill_to_id IS NOT NULL GROUP BY bill_to_id;
INSERT INTO credit_entries
    (id, account_id, at, held_minor, confirmed_minor, receivable_minor, cause, order_id)
    SELECT id, bill_to_id, placed_at, 0, gross_minor, 0, 'order ' || number || ' confirmed', id
    FROM orders WHERE state IN ('confirmed', 'released') AND bill_to_id IS NOT NULL;
