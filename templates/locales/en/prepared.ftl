prepared-until = Until { $date }
prepared-endless = Until further notice
prepared-usual = What you usually take of it
prepared-usual-text = At your prices. Check the quantities, untick what you do not need, and send it to the cart.
prepared-ahead = What you take of it while it lasts
prepared-ahead-text = At your prices, in the quantities of several orders at once: on a single one it would give nothing. Change what you like.
prepared-items = Items of the promotion
prepared-items-text = You usually take none of these. Tick what you want to order.
prepared-all = All items of it
prepared-none-title = Nothing of it can be ordered just now
prepared-none = Its items have no price for you at the moment.
prepared-sum = What it makes of them
prepared-saves = The promotion saves { $saving } on these quantities.
prepared-along = Goods worth { $along } come along free.
prepared-both = The promotion saves { $saving } on these quantities, and goods worth { $along } come along free.
prepared-nothing = On these quantities the promotion gives nothing.
prepared-before = Before promotions
prepared-saving = This promotion
prepared-others = Other promotions
prepared-net = Net, without freight
prepared-quoted = As a cart with these lines would be quoted. What is in your cart already may add to it.
prepared-blocked = Your account cannot order at the moment. You can look at everything; your contact helps you on.
prepared-change = See it with your quantities
prepared-over-title = This promotion does not apply now
prepared-not-yet = It begins on { $date }. Open the link again from that day on.
prepared-ended-on = It ended on { $date }.
prepared-ended = It has ended.
prepared-used = Everything it had to give has been given.
prepared-not-for-you = It no longer applies to your company.
prepared-kept =
    { $count ->
        [one] What you wanted to order is kept: one line, without this promotion.
       *[other] What you wanted to order is kept: { $count } lines, without this promotion.
    }
prepared-kept-add = Add to cart at your usual prices
prepared-over-next = Your usual order and the promotions that fit you now stand on your first page.
prepared-over-home = To your order
