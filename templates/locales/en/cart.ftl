cart-lines =
    { $count ->
        [one] { $count } line
       *[other] { $count } lines
    }
cart-last-changed = Last changed by { $name }
cart-added-by = added by { $name }
cart-problems =
    { $count ->
        [one] One line cannot be ordered yet.
       *[other] { $count } lines cannot be ordered yet.
    }
cart-update = Update
cart-update-named = Update quantity of { $name }
cart-clear = Empty cart
cart-cleared = The cart is empty.
cart-line-removed = { $name } is removed from the cart.
cart-checkout = Go to checkout
cart-checkout-blocked = Solve the marked lines first.
cart-details = Delivery
cart-details-save = Save details
cart-details-saved = The details are saved.
cart-empty-title = The cart is empty
cart-empty = What you add stands here for everyone in your company, also after signing out.
ship-to = Ship to
po-number = Your order number
po-short = PO number
requested-date = Requested delivery date
requested-date-hint = Leave empty for the earliest.
expected-date = Expected delivery
reorder-title = Order { $number } again, at today’s prices:
reorder-kind-dropped = Left out
reorder-kind-changed = Changed
reorder-kind-substituted = Replaced
reorder-kind-price-changed = New price
checkout-title = Checkout
checkout-back = Back to cart
checkout-delivery = Delivery and reference
checkout-next = What happens next
checkout-next-text = You get a confirmation by mail with a PDF. Until the order is released for picking you can cancel it here.
checkout-notice-back-order =
    { $lines ->
        [one] One line goes out later, on back-order.
       *[other] { $lines } lines go out later, on back-order.
    }
checkout-notice-held = Your order will wait for a decision before it is confirmed.
checkout-submit = Submit order
checkout-confirm-again = Submit order at the new total
checkout-moved = Prices have changed
checkout-moved-text = Nothing was ordered. Look at the difference and confirm again.
checkout-before = Before
checkout-now = Now
terms-days = On account, payable within { $days } days.
terms-receipt = On account, payable on receipt.
cart-refused =
    { $count ->
        [one] One line was not added
       *[other] { $count } lines were not added
    }
cart-refused-back = Back to where you were
cart-added =
    { $count ->
        [one] One line is in the cart.
       *[other] { $count } lines are in the cart.
    }
checkout-more-lines =
    { $count ->
        [one] and one more line: see the cart
       *[other] and { $count } more lines: see the cart
    }
checkout-not-yet = The cart cannot be ordered yet.
checkout-look-again = Please look at the total once more, then submit.
