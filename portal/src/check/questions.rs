//! What must hold between the rows, each with the statement that finds where it does not.

use super::Question;

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        holds: "an order's net is the sum of its lines with its freight, and it has as many lines \
                as it says, from 1 on",
        sql: "SELECT o.number AS what FROM orders o LEFT JOIN (SELECT order_id, count(*) AS lines, \
              sum(net_minor) AS net, sum(discount_minor) AS off, max(position) AS last \
              FROM order_lines GROUP BY order_id) l \
              ON l.order_id = o.id WHERE coalesce(l.lines, 0) <> o.line_count \
              OR coalesce(l.net, 0) + o.freight_minor <> o.net_minor \
              OR coalesce(l.off, 0) <> o.discount_minor OR coalesce(l.last, 0) <> o.line_count",
    },
    Question {
        holds: "an order's gross is its net with its tax",
        sql: "SELECT number AS what FROM orders WHERE gross_minor <> net_minor + tax_minor",
    },
    Question {
        holds: "each piece ordered is cancelled, shipped, allocated or back-ordered",
        sql: "SELECT o.number AS what FROM order_lines l JOIN orders o ON o.id = l.order_id \
              WHERE l.ordered <> l.cancelled + l.shipped + l.allocated + l.back_ordered",
    },
    Question {
        holds: "a cancelled order holds nothing",
        sql: "SELECT DISTINCT o.number AS what FROM order_lines l JOIN orders o \
              ON o.id = l.order_id WHERE o.state IN ('cancelled', 'rejected', 'expired') \
              AND l.allocated + l.back_ordered <> 0",
    },
    Question {
        holds: "what stock says is on hand is what its movements add up to",
        sql: "SELECT p.sku AS what FROM stock s JOIN products p ON p.id = s.product_id \
              LEFT JOIN (SELECT product_id, sum(on_hand) AS pieces FROM stock_movements \
              GROUP BY product_id) m ON m.product_id = s.product_id \
              WHERE s.on_hand <> coalesce(m.pieces, 0)",
    },
    Question {
        holds: "what stock says is allocated and reserved is what its movements add up to",
        sql: "SELECT p.sku AS what FROM stock s JOIN products p ON p.id = s.product_id \
              LEFT JOIN (SELECT product_id, sum(allocated) AS allocated, \
              sum(reserved) AS reserved FROM stock_movements GROUP BY product_id) m \
              ON m.product_id = s.product_id WHERE s.allocated <> coalesce(m.allocated, 0) \
              OR s.reserved <> coalesce(m.reserved, 0)",
    },
    Question {
        holds: "what stock says is allocated is what open order lines hold of it, and what it \
                says is reserved is what lines of held orders do",
        sql: "SELECT p.sku AS what FROM stock s JOIN products p ON p.id = s.product_id \
              LEFT JOIN (SELECT l.product_id, \
              sum(CASE WHEN o.state = 'held' THEN 0 ELSE l.allocated END) AS allocated, \
              sum(CASE WHEN o.state = 'held' THEN l.allocated ELSE 0 END) AS reserved \
              FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.allocated > 0 \
              AND o.state IN ('held', 'confirmed', 'released') GROUP BY l.product_id) h \
              ON h.product_id = s.product_id WHERE p.stock_policy <> 'untracked' \
              AND (s.allocated <> coalesce(h.allocated, 0) \
              OR s.reserved <> coalesce(h.reserved, 0))",
    },
    Question {
        holds: "stock is never negative",
        sql: "SELECT p.sku AS what FROM stock s JOIN products p ON p.id = s.product_id \
              WHERE s.on_hand < 0 OR s.allocated < 0 OR s.reserved < 0",
    },
    Question {
        holds: "nothing is owed while pieces are free",
        sql: "SELECT p.sku AS what FROM stock s JOIN products p ON p.id = s.product_id \
              WHERE p.stock_policy <> 'untracked' AND s.on_hand - s.allocated - s.reserved > 0 \
              AND EXISTS (SELECT 1 FROM order_lines l JOIN orders o ON o.id = l.order_id \
              WHERE l.product_id = s.product_id AND l.back_ordered > 0 \
              AND o.state IN ('held', 'confirmed', 'released'))",
    },
    Question {
        holds: "the receipt that stock names next is the earliest one",
        sql: "SELECT p.sku AS what FROM products p \
              LEFT JOIN stock s ON s.product_id = p.id \
              LEFT JOIN (SELECT product_id, min(expected_on) AS day FROM expected_receipts \
              GROUP BY product_id) f ON f.product_id = p.id \
              LEFT JOIN expected_receipts r ON r.product_id = p.id AND r.expected_on = f.day \
              WHERE (f.day IS NOT NULL AND (s.expected_on IS NULL OR s.expected_on <> f.day)) \
              OR coalesce(s.expected_quantity, 0) <> coalesce(r.quantity, 0)",
    },
    Question {
        holds: "no strictly counted item is promised twice",
        sql: "SELECT p.sku AS what FROM stock s JOIN products p ON p.id = s.product_id \
              WHERE p.stock_policy = 'strict' AND s.allocated + s.reserved > s.on_hand",
    },
    Question {
        holds: "the counter of order numbers stands at the highest number given",
        sql: "SELECT m.number AS what FROM (SELECT max(number) AS number FROM orders \
              WHERE source <> 'import' AND length(number) = (SELECT max(length(number)) \
              FROM orders WHERE source <> 'import')) m WHERE m.number IS NOT NULL \
              AND m.number <> coalesce((SELECT CAST(value + 100000 AS text) FROM counters \
              WHERE name = 'orders'), '100000')",
    },
    Question {
        holds: "no order number between the first and the last that was given is missing",
        sql: "SELECT CAST(m.last AS text) AS what FROM (SELECT count(*) AS orders, \
              min(CAST(number AS bigint)) AS first, max(CAST(number AS bigint)) AS last \
              FROM orders WHERE source <> 'import') m WHERE m.orders > 0 \
              AND m.last - m.first + 1 <> m.orders + (SELECT count(*) FROM orders \
              WHERE source = 'import' AND length(number) = length(CAST(m.last AS text)) \
              AND number > CAST(m.first AS text) AND number < CAST(m.last AS text))",
    },
    Question {
        holds: "a submitted cart has become an order, an open one has not, of the same account",
        sql: "SELECT a.number AS what FROM carts c JOIN accounts a ON a.id = c.account_id \
              LEFT JOIN orders o ON o.cart_id = c.id WHERE (c.state = 'submitted' AND o.id IS NULL) \
              OR (c.state = 'open' AND o.id IS NOT NULL) OR o.account_id <> c.account_id",
    },
    Question {
        holds: "an order's lines and events belong to its account",
        sql: "SELECT DISTINCT o.number AS what FROM orders o JOIN order_lines l \
              ON l.order_id = o.id WHERE l.account_id <> o.account_id \
              UNION SELECT DISTINCT o.number FROM orders o JOIN order_events e \
              ON e.order_id = o.id WHERE e.account_id <> o.account_id",
    },
    Question {
        holds: "an order goes to a place of its account",
        sql: "SELECT o.number AS what FROM orders o JOIN ship_tos s ON s.id = o.ship_to_id \
              WHERE s.account_id <> o.account_id",
    },
    Question {
        holds: "an order of a retailer's person is their account's",
        sql: "SELECT o.number AS what FROM orders o JOIN users u ON u.id = o.placed_by_id \
              WHERE u.account_id IS NOT NULL AND u.account_id <> o.account_id",
    },
    Question {
        holds: "a line costs what its price trace says it was found to cost",
        sql: "SELECT DISTINCT o.number AS what FROM order_lines l JOIN orders o \
              ON o.id = l.order_id WHERE l.price_trace IS NOT NULL \
              AND (CAST(l.price_trace ->> 'price' AS bigint) <> l.unit_price \
              OR CAST(l.price_trace -> 'line' -> 'net' ->> 'minor' AS bigint) <> l.net_minor)",
    },
    Question {
        holds: "an order's state is the one its timeline has led to, by steps that are allowed",
        sql: "SELECT o.number AS what FROM orders o WHERE o.source <> 'import' \
              AND (NOT EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = o.id \
              AND e.kind = o.state) OR EXISTS (SELECT 1 FROM order_events e \
              WHERE e.order_id = o.id AND e.kind <> o.state AND e.kind IN ('held', 'confirmed', \
              'released', 'closed', 'cancelled', 'rejected', 'expired') \
              AND NOT (e.kind = 'held' OR (e.kind = 'confirmed' \
              AND o.state IN ('released', 'closed', 'cancelled')) \
              OR (e.kind = 'released' AND o.state = 'closed'))) \
              OR EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = o.id AND e.kind \
              IN ('held', 'confirmed', 'released', 'closed', 'cancelled', 'rejected', 'expired') \
              GROUP BY e.kind HAVING count(*) > 1))",
    },
    Question {
        holds: "what an account has bought is remembered",
        sql: "SELECT DISTINCT a.number AS what FROM order_lines l JOIN accounts a \
              ON a.id = l.account_id JOIN orders o ON o.id = l.order_id \
              WHERE o.state <> 'held' AND l.cancelled < l.ordered AND l.promotion_id IS NULL \
              AND NOT EXISTS (SELECT 1 FROM account_products p \
              WHERE p.account_id = l.account_id AND p.product_id = l.product_id)",
    },
    Question {
        holds: "every order that was placed says so in its timeline, once",
        sql: "SELECT o.number AS what FROM orders o LEFT JOIN (SELECT order_id, count(*) AS times \
              FROM order_events WHERE kind = 'placed' GROUP BY order_id) e ON e.order_id = o.id \
              WHERE o.source <> 'import' AND coalesce(e.times, 0) <> 1",
    },
    Question {
        holds: "an order is held exactly while a hold is open, and never after one was rejected \
                or expired",
        sql: "SELECT o.number AS what FROM orders o LEFT JOIN (SELECT order_id, \
              sum(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS open, \
              sum(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS waiting, \
              sum(CASE WHEN state = 'rejected' THEN 1 ELSE 0 END) AS rejected, \
              sum(CASE WHEN state = 'expired' THEN 1 ELSE 0 END) AS expired \
              FROM holds GROUP BY order_id) h ON h.order_id = o.id \
              WHERE (o.state = 'held') <> (coalesce(h.open, 0) > 0) \
              OR (o.state <> 'held' AND coalesce(h.waiting, 0) > 0) \
              OR (o.state = 'rejected') <> (coalesce(h.rejected, 0) = 1) \
              OR (o.state = 'expired') <> (coalesce(h.expired, 0) = 1)",
    },
    Question {
        holds: "nobody has approved their own order",
        sql: "SELECT o.number AS what FROM holds h JOIN orders o ON o.id = h.order_id \
              WHERE h.kind = 'approval' AND h.state = 'released' \
              AND (h.decided_by_id IS NULL OR h.decided_by_id = h.requested_by_id)",
    },
    Question {
        holds: "a decision about a hold stands in its order's timeline, once",
        sql: "SELECT o.number AS what FROM holds h JOIN orders o ON o.id = h.order_id \
              WHERE h.state IN ('released', 'rejected', 'expired') AND 1 <> (SELECT count(*) \
              FROM order_events e WHERE e.hold_id = h.id AND e.kind = 'hold_' || h.state)",
    },
    Question {
        holds: "what a fund says is reserved and committed is what its book adds up to",
        sql: "SELECT f.code AS what FROM funds f LEFT JOIN (SELECT fund_id, \
              sum(reserved_minor) AS reserved, sum(committed_minor) AS committed \
              FROM fund_entries GROUP BY fund_id) e ON e.fund_id = f.id \
              WHERE f.reserved_minor <> coalesce(e.reserved, 0) \
              OR f.committed_minor <> coalesce(e.committed, 0)",
    },
    Question {
        holds: "what a fund says is what orders use of its promotions, and no more than its budget",
        sql: "SELECT f.code AS what FROM funds f LEFT JOIN (SELECT p.fund_id, \
              sum(CASE WHEN u.state = 'reserved' THEN u.spend_minor ELSE 0 END) AS reserved, \
              sum(CASE WHEN u.state = 'committed' THEN u.spend_minor ELSE 0 END) AS committed \
              FROM promotion_uses u JOIN promotions p ON p.id = u.promotion_id \
              GROUP BY p.fund_id) u ON u.fund_id = f.id \
              WHERE f.reserved_minor <> coalesce(u.reserved, 0) \
              OR f.committed_minor <> coalesce(u.committed, 0) \
              OR f.reserved_minor + f.committed_minor > f.budget_minor",
    },
    Question {
        holds: "a promotion's uses and spend are those of the orders that hold it, within its limits",
        sql: "SELECT p.code AS what FROM promotions p LEFT JOIN (SELECT promotion_id, \
              count(*) AS uses, sum(spend_minor) AS spent FROM promotion_uses \
              WHERE state <> 'released' GROUP BY promotion_id) u ON u.promotion_id = p.id \
              WHERE p.uses <> coalesce(u.uses, 0) OR p.spent_minor <> coalesce(u.spent, 0) \
              OR p.uses > coalesce(p.most_uses, p.uses) \
              OR p.spent_minor > coalesce(p.cap_minor, p.spent_minor)",
    },
    Question {
        holds: "no account uses a promotion more often than it may",
        sql: "SELECT p.code AS what FROM promotions p JOIN promotion_uses u \
              ON u.promotion_id = p.id WHERE u.state <> 'released' \
              AND p.most_uses_per_account IS NOT NULL GROUP BY p.id, p.code, \
              p.most_uses_per_account, u.account_id HAVING count(*) > p.most_uses_per_account",
    },
    Question {
        holds: "an order's use of a promotion is reserved while it is held, committed once it is \
                confirmed, released when it came to nothing",
        sql: "SELECT o.number AS what FROM promotion_uses u JOIN orders o ON o.id = u.order_id \
              WHERE u.state <> CASE WHEN o.state = 'held' THEN 'reserved' \
              WHEN o.state IN ('cancelled', 'rejected', 'expired') THEN 'released' \
              ELSE 'committed' END",
    },
    Question {
        holds: "what the credit ledger says of an order is its gross, by its state",
        sql: "SELECT o.number AS what FROM orders o JOIN (SELECT order_id, \
              sum(held_minor) AS held, sum(confirmed_minor) AS confirmed, \
              sum(receivable_minor) AS billed \
              FROM credit_entries WHERE order_id IS NOT NULL GROUP BY order_id) e \
              ON e.order_id = o.id WHERE e.held <> CASE WHEN o.state = 'held' \
              THEN o.gross_minor ELSE 0 END OR (o.state IN ('cancelled', 'rejected', 'expired') \
              AND e.confirmed <> 0) OR (o.state = 'confirmed' AND e.confirmed <> o.gross_minor \
              AND e.confirmed <> 0)",
    },
    Question {
        holds: "an order that was held or confirmed here stands in the credit ledger, and one that \
                promotions take something off in their books",
        sql: "SELECT DISTINCT o.number AS what FROM orders o JOIN order_events e \
              ON e.order_id = o.id WHERE e.kind = 'placed' AND e.told \
              AND (NOT EXISTS (SELECT 1 FROM credit_entries c WHERE c.order_id = o.id) \
              OR (o.discount_minor > 0 AND NOT EXISTS (SELECT 1 FROM promotion_uses u \
              WHERE u.order_id = o.id)))",
    },
    Question {
        holds: "an event that is told of has the one job that tells of it, as long as jobs are kept",
        sql: "SELECT o.number AS what FROM order_events e JOIN orders o ON o.id = e.order_id \
              WHERE e.told AND e.at > (SELECT coalesce(max(at), 0) FROM order_events) - 1123200000 \
              AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = e.id AND j.kind = 'order_event')",
    },
    Question {
        holds: "a cancelled order says so in its timeline, once",
        sql: "SELECT o.number AS what FROM orders o LEFT JOIN (SELECT order_id, count(*) AS times \
              FROM order_events WHERE kind = 'cancelled' GROUP BY order_id) e ON e.order_id = o.id \
              WHERE o.source <> 'import' \
              AND (o.state = 'cancelled') <> (coalesce(e.times, 0) = 1)",
    },
    Question {
        holds: "a mail that waits has the job that sends it",
        sql: "SELECT m.subject AS what FROM mails m WHERE m.state = 'waiting' AND NOT EXISTS \
              (SELECT 1 FROM jobs j WHERE j.id = m.id AND j.state IN ('waiting', 'running'))",
    },
    Question {
        holds: "what a bill-to owes is what its ledger adds up to",
        sql: "SELECT a.number AS what FROM credit_accounts c JOIN accounts a ON a.id = c.account_id \
              LEFT JOIN (SELECT account_id, sum(held_minor) AS held, \
              sum(confirmed_minor) AS confirmed, sum(receivable_minor) AS receivable \
              FROM credit_entries GROUP BY account_id) e ON e.account_id = c.account_id \
              WHERE c.held_minor <> coalesce(e.held, 0) \
              OR c.confirmed_minor <> coalesce(e.confirmed, 0) \
              OR c.receivable_minor <> coalesce(e.receivable, 0) \
              UNION SELECT a.number FROM credit_entries e JOIN accounts a ON a.id = e.account_id \
              WHERE NOT EXISTS (SELECT 1 FROM credit_accounts c \
              WHERE c.account_id = e.account_id)",
    },
    Question {
        holds: "a bill-to's receivable is what is open of its items",
        sql: "SELECT a.number AS what FROM accounts a \
              LEFT JOIN credit_accounts c ON c.account_id = a.id \
              LEFT JOIN (SELECT account_id, sum(open_minor) AS open FROM open_items \
              GROUP BY account_id) i ON i.account_id = a.id \
              WHERE coalesce(c.receivable_minor, 0) <> coalesce(i.open, 0)",
    },
    Question {
        holds: "an account pays for itself, or one that does pays for it, in one currency",
        sql: "SELECT a.number AS what FROM accounts a JOIN accounts p ON p.id = a.bill_to_id \
              WHERE p.id <> a.id AND (p.currency <> a.currency \
              OR (p.bill_to_id IS NOT NULL AND p.bill_to_id <> p.id))",
    },
    Question {
        holds: "an order adds to the exposure of its bill-to only while it is under way",
        sql: "SELECT o.number AS what FROM orders o JOIN (SELECT order_id, \
              sum(held_minor) AS held, sum(confirmed_minor) AS confirmed \
              FROM credit_entries GROUP BY order_id) e ON e.order_id = o.id \
              WHERE (e.held <> 0 AND o.state <> 'held') OR (e.confirmed <> 0 \
              AND o.state NOT IN ('confirmed', 'released', 'closed')) OR e.held < 0 \
              OR e.confirmed < 0",
    },
    Question {
        holds: "a retailer's person belongs to an account, the brand's own to none",
        sql: "SELECT email AS what FROM users WHERE (account_id IS NOT NULL) \
              <> (role IN ('buyer', 'approver', 'account_admin'))",
    },
];
