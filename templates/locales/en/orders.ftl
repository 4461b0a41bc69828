order = Order
order-title = Order { $number }
order-lines =
    { $count ->
        [one] { $count } order line
       *[other] { $count } order lines
    }
order-by = placed by { $name }
order-on-behalf-of = on behalf of { $name }
order-expected = expected { $date }
order-delivery = Delivery and billing
order-pdf = Confirmation (PDF)
order-pdf-plain = Order (PDF)
again = Again
order-again = Order again
order-again-named = Again: order { $number }
order-state-held = On hold
order-state-confirmed = Confirmed
order-state-released = Released
order-state-closed = Closed
order-state-cancelled = Cancelled
order-state-rejected = Rejected
order-state-expired = Expired
orders-count =
    { $count ->
        [one] { $count } order
       *[other] { $count } orders
    }
orders-filter = Filter orders
orders-q = Number, your order number or product
orders-q-all = Number, account or product
orders-none-title = No orders yet
orders-none = Orders stand here with their state and documents.
orders-none-portfolio = Orders of your accounts will stand here.
orders-none-found-title = No order fits
orders-none-found = Change or clear the filters.
on-behalf = on behalf
placed = Placed
placed-by = By
placed-title = Order { $number } is placed
placed-next = It is confirmed and goes to picking next.
placed-held-title = The order is placed and waits
placed-held = Whoever decides it has been told. You hear from us by mail as soon as it is decided.
placed-mail = The confirmation goes to { $email }.
ordered = Ordered
confirmed = Confirmed
shipped = Shipped
back-ordered = Back-ordered
line-cancelled = { $quantity } cancelled
timeline = Timeline
event-placed = Placed
event-held = On hold
event-hold_opened = Decision needed
event-hold_released = Released
event-hold_rejected = Rejected
event-hold_expired = Not decided in time
event-allocated = Stock set aside
event-confirmed = Confirmed
event-released = Released for picking
event-shipped = Shipped
event-closed = Closed
event-cancelled = Cancelled
event-rejected = Rejected
event-expired = Expired
event-mail-sent = Confirmation sent
event-changed = Changed
event-imported = Taken over from the former system
cancel-title = Cancel this order
cancel-text = The whole order is cancelled and reserved stock returned. Say why in a few words.
cancel-reason = Reason
cancel-action = Cancel order
cancelled-flash = Order { $number } is cancelled.
cancel-too-late = The order is released already and can no longer be cancelled here. Call us.
credit-notes-none-title = No credit notes
credit-notes-none = Credit notes for returned goods stand here.
