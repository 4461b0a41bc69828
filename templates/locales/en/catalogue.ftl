product = Product
sku = SKU
availability = Availability
price = Price
price-yours = Your price
price-list = List price
price-on-request = Price on request
price-on-request-help = There is no price for your account. Ask your key account manager.
price-for-nobody = Prices are each account’s own: order for an account to see what it pays.
price-ask = Ask us for a price
price-tier = { $quantity }+ → { $price }
price-from = from { $quantity } { $unit }
price-ladder = Price by quantity
price-per = per { $unit }
price-net = net, plus VAT
catalogue-search-title = Results for “{ $q }”
catalogue-count =
    { $count ->
        [one] { $count } product
       *[other] { $count } products
    }
catalogue-corrected = searched for “{ $q }”
catalogue-none-title = No product found
catalogue-none = Try fewer words or another spelling, or remove a filter. SKU and EAN work too.
catalogue-all = Show all products
facets-title = Filters
facet-category = Category
facet-brand = Brand
facet-stock = Availability
facet-stock-in = In stock
facet-bought = History
facet-bought-1 = Bought before
facet-remove = (remove filter)
sort-by = Sort by
sort-action = Sort
sort-relevance = Relevance
sort-name = Name
sort-sku = SKU
sort-price = Price, low to high
sort-price_desc = Price, high to low
sort-popular = Most ordered
view-choice = View
view-table = Table
view-cards = Cards
available-in-stock = { $quantity } { $unit } in stock
available-low = only { $quantity } { $unit } left
available-back-order = on back-order
available-expected = expected { $date }
available-none = not available
available-untracked = available
status-phasing-out = Phasing out
status-delisted = No longer sold
product-delisted = This product is no longer sold. Substitutes are below, where we have them.
product-phasing-out = This product is being phased out: sold while stocks last.
pack-of = { $unit } of { $factor } { $base }
pack-holds = { $factor } { $base }
order-rule = Ordering
order-rule-both = from { $min }, in steps of { $step } { $unit }
order-rule-any = any number of { $unit }
quantity-blank = Fill in what you need; empty lines are skipped.
quantity-of = Quantity of { $name } in { $unit }
quantity-less = Less of { $name }
quantity-more = More of { $name }
last-order = last: { $quantity } { $unit } on { $date }
in-cart = { $quantity } in the cart
add = Add
add-to-cart = Add to cart
add-to-cart-named = Add { $name } to cart
added-to-cart =
    { $count ->
        [one] One line is in the cart.
       *[other] { $count } lines are in the cart.
    }
crumbs = Category
history-title = Your orders of this product
history-alt = Ordered by month, { $total } { $unit } in all; the figures are in the table below.
history-max = highest month: { $max } { $unit }
history-none = Not ordered yet.
history-month = Month from
history-ordered = Ordered
substitutes-title = Substitutes
suggest-all = All results for “{ $q }”
suggest-none = Nothing fits yet; search for “{ $q }”
