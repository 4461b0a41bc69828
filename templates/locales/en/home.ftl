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
