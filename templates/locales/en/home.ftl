home-title = Good to see you, { $name }
home-cart =
    { $count ->
        [one] { $count } line in the cart
       *[other] { $count } lines in the cart
    }
home-quick-order-problems =
    { $count ->
        [one] One row of your quick order needs a decision.
       *[other] { $count } rows of your quick order need a decision.
    }
home-quick-order-solve = Solve them
home-usual = What you usually order
home-usual-all = All you bought before
home-usual-none-title = Nothing bought lately
home-usual-none = What you order will stand here, with the quantity you took last.
home-open = Open orders
home-open-none = No open orders.
home-last = Last orders
home-last-all = All orders
home-last-none = Your orders will stand here.
home-new-title = Your desk is ready
home-new-text = After the first order you find here what you usually buy. Find products in the catalogue, or paste a list into quick order.
home-new-action = Open catalogue
home-order = Your usual order
home-order-text = Check the quantities, untick what you do not need, and send it to the cart.
home-begin = What others begin with
home-begin-text = You have not ordered yet. These are the items that retailers like you order most; tick what you want to try.
home-also = Also due
home-also-text = Due by your own rhythm, though not part of most orders. Tick what you need.
home-tick = Order { $name }
home-due =
    { $days ->
        [0] due today
        [one] due tomorrow
       *[other] due in { $days } days
    }
home-overdue =
    { $days ->
        [one] one day overdue
       *[other] { $days } days overdue
    }
home-bars = Your last { $orders } orders, the oldest first: { $pieces } { $unit }
home-suggested = suggested: { $quantity }
home-line-total = Line total
home-short =
    { $available ->
        [0] Not available at the moment.
       *[other] Only { $there } available.
    }
home-short-later =
    { $available ->
        [0] Not in stock; delivered when it comes in.
       *[other] Only { $there } in stock; the rest is delivered when it comes in.
    }
home-instead = Instead:
home-take = Add { $quantity } { $unit }
home-count = Work out the total
home-total = Net, before promotions and freight
home-ticked =
    { $count ->
        [one] { $count } line
       *[other] { $count } lines
    }
home-chosen = Ticked:
home-add = Add all to cart
home-nothing-ticked = Nothing is ticked. Tick what you want to order.
home-added =
    { $count ->
        [one] One line is in the cart.
       *[other] { $count } lines are in the cart.
    }
home-added-partly =
    { $count ->
        [one] One line is in the cart.
       *[other] { $count } lines are in the cart.
    } { $refused ->
        [one] One is not: see what stands beside it.
       *[other] { $refused } are not: see what stands beside them.
    }
home-refused =
    { $refused ->
        [one] The line cannot be ordered like this: see what stands beside it.
       *[other] These { $refused } lines cannot be ordered like this: see what stands beside them.
    }
home-to-cart = To the cart
home-tries = Worth trying
home-tries-text = New to you.
