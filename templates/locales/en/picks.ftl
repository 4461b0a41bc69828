# Suggestions beside products, carts, lists and promotions.
due-now = due
facet-due = Your rhythm
facet-due-1 = Due for reorder
instead-title = Instead of this
together-title = Often ordered together
together-share = in { $share } of the orders with it ({ $with } of { $of })
instead-replaces =
    { $switched ->
        [0] named as its replacement
        [one] one retailer went over to it
       *[other] { $switched } retailers went over to it
    }
instead-variant = a variant of it
habit-rhythm =
    { $every ->
        [one] You order it about every day
       *[other] You order it about every { $every } days
    }, usually { $quantity }; { $ago ->
        [0] last today
        [one] last yesterday
       *[other] last { $ago } days ago
    }
habit-last = You usually order { $quantity }; last on { $date }
forgotten-title = Did you forget?
forgotten-why = You usually order it, and it is not in the cart
goes-with-title = Goes with your cart
cart-empty-usual = See your usual order
quick-order-usual =
    { $count ->
        [one] Fill in your usual order (one line)
       *[other] Fill in your usual order ({ $count } lines)
    }
nothing-unfiltered =
    { $count ->
        [one] Without the filters there is one
       *[other] Without the filters there are { $count }
    }
nothing-nearest = You may have meant
nothing-usual = You usually order
fitting-title = Promotions that fit you
fitting-all = All promotions
fitting-usual-saves = saves { $saving } on what you usually order
fitting-usual-along = goods worth { $along } come along with what you usually order
fitting-usual-both = saves { $saving } on what you usually order, and goods worth { $along } come along
fitting-ahead-saves = saves { $saving } if you order ahead what you take while it lasts
fitting-ahead-along = goods worth { $along } come along if you order ahead what you take while it lasts
fitting-ahead-both = saves { $saving } if you order ahead what you take while it lasts, and goods worth { $along } come along
fitting-quantities =
    { $count ->
        [one] Your usual quantity
       *[other] Your usual quantities of { $count } items
    }
fitting-quantities-ahead =
    { $count ->
        [one] What you take while it lasts
       *[other] What you take of { $count } items while it lasts
    }
fitting-add = Put my usual quantities in the cart
fitting-add-ahead = Put these quantities in the cart
fitting-net = Together { $net } with all promotions
