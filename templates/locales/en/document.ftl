# The PDF of an order, and why an order was refused.
document-title-received = Order received – not yet confirmed:
document-introduction-held = The order waits for a decision. It is binding once it is confirmed; the confirmation follows by mail.
document-title-confirmed = Order confirmation
document-title-cancelled = Cancelled order
document-order-number = Order
document-order-date = Date
document-requested-date = Requested for
document-po-number = Your number
document-account = Account
document-ship-to = Ship-to
document-terms = Payment terms
document-vat-id = VAT ID
document-position = Pos.
document-sku = SKU
document-product = Product
document-quantity = Quantity
document-unit-price = Unit price
document-line-net = Net
document-date-format = %-d %b %Y
document-net = Net
document-vat = VAT
document-gross = Total
document-reason-intra-community = Intra-community supply, Article 138 Directive 2006/112/EC
document-reason-export = Export delivery, Article 146 Directive 2006/112/EC
document-back-ordered = { $quantity } on back-order
document-closing = Prices are net unless stated otherwise. Thank you for your order.
refused-account-blocked = This account is blocked for orders. Your cart was kept; please call us.
refused-empty = There is nothing to order yet.
refused-empty-next = Choose something from the catalogue.
refused-already-submitted = This cart has been submitted already: it is order { $number }.
refused-already-submitted-next = Show order { $number }
refused-key-reused = This key was used for another order. Send a new order with a new key.
refused-unknown-ship-to = This ship-to address does not exist or is no longer used. Choose another one.
refused-date-passed = The requested date has passed. Choose today or a later day.
refused-not-cancellable = This order can no longer be cancelled.
refused-lines = { $count ->
    [one] One line cannot be ordered as it stands. Nothing was ordered, your cart was kept.
   *[other] { $count } lines cannot be ordered as they stand. Nothing was ordered, your cart was kept.
}
refused-lines-next = Correct them in the cart
refused-total-changed = Prices have changed since you saw them. Nothing was ordered, your cart was kept.
refused-total-changed-next = Check the new total and submit again
reorder-quantity = { $before } became { $after }, the nearest quantity that can be ordered
reorder-price = { $after } instead of { $before }
reorder-substitute = instead of { $sku }, which is no longer sold
reorder-done = { $count ->
    [one] One line was added to your cart at today's prices.
   *[other] { $count } lines were added to your cart at today's prices.
}
reorder-nothing = Nothing of this order can be ordered any more.
cancelled-done = Order { $number } was cancelled.
