desk-accounts =
    { $count ->
        [one] { $count } account in your portfolio
       *[other] { $count } accounts in your portfolio
    }
desk-today = Orders today
desk-value = Value today, net
desk-self-service = Self-service share, 30 days
desk-self-service-none = No orders in that time
desk-self-service-value = { $rate } by value
desk-holds = Open holds
desk-holds-show = Decide
desk-flow = Today’s orders
desk-all-orders = All orders
desk-quiet-title = Quiet so far
desk-quiet = Orders appear here the moment they come in.
desk-new-order = A new order has come in:
desk-new-held = A new order waits for a decision:
accounts-count =
    { $count ->
        [one] { $count } account
       *[other] { $count } accounts
    }
accounts-q = Number, name, group or city
accounts-none-title = No account fits
accounts-none = Try another name, number or city.
accounts-all = Show all accounts
last-order-date = Last order
orders-12m = Orders, 12 months
revenue-12m = Revenue, 12 months
trend = Trend
trend-alt = Revenue of { $name } over the last twelve months
act = Order for them
act-named = Order for them: { $name }
acting-started = You now order for { $name }.
acting-stopped = You no longer order for { $name }.
account-parent = belongs to { $name }
account-prices = Prices
account-facts = Conditions
price-lists = Price lists in rank order
price-lists-none = No price list applies: everything is on request.
prices = Prices
contracts = Contracts
contracts-none = No contract.
discount-on-sku = { $rate } on { $name }
discount-on-brand = { $rate } on the brand { $name }
discount-on-category = { $rate } on { $name }
discount-on-everything = { $rate } on everything
recent-orders = Recent orders
vat-id = VAT id
credit-limit = Credit limit
credit-limit-none = none agreed
kams = Key account managers
