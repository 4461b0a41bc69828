plain = { $text }
skip-to-content = Skip to content
search-label = Search products
search-hint = Name, SKU, EAN or brand
search-action = Search
nav-main = Main navigation
nav-home = Order desk
nav-catalogue = Catalogue
nav-quick-order = Quick order
nav-orders = Orders
nav-credit-notes = Credit notes
nav-cart = Cart
nav-company = Company
nav-profile = Profile
nav-desk = Desk
nav-exceptions = Exceptions
nav-kam-orders = All orders
nav-accounts = Accounts
nav-prices = Prices
nav-promotions = Promotions
nav-funds = Funds
nav-users = Users
nav-imports = Imports
nav-mail = Outgoing mail
nav-audit = Audit log
nav-health = System health
menu-settings = Settings
theme = Colours
theme-auto = Automatic
theme-light = Light
theme-dark = Dark
language = Language
sign-out = Sign out
acting-region = Ordering on behalf
acting-for = You are ordering for { $name } ({ $number }).
acting-stop = Stop ordering for them
demo-note = Demo: all companies, people and prices are invented.
today = today
yesterday = yesterday
tomorrow = tomorrow
role-buyer = Buyer
role-approver = Approver
role-account_admin = Account admin
role-kam = Key account manager
role-marketing = Marketing
role-finance = Finance
role-operations = Operations
role-admin = Administrator
account = Account
actions = Actions
all = All
amount = Amount
bill-to = Bill to
city = City
date = Date
email = E-mail
file = File
filter = Filter
filter-clear = Clear filters
from = From
group = Group
last-seen = Last seen
lines = Lines
name = Name
net = net
never = never
note = Note
number = Number
paging = Pages
paging-next = Next
paging-page = Page { $page } of { $pages }
paging-previous = Previous
paging-rows = { $first }–{ $last } of { $total }
payment = Payment
print = Print
quantity = Quantity
remove = Remove
remove-named = Remove { $name }
role = Role
row = Row
save = Save
show-figures = Show figures
state = State
total = Total
total-net = Net
total-vat = VAT { $rate }
total-gross = Total with VAT
vat = VAT
vat-intra-community = VAT: intra-community supply, exempt
vat-export = VAT: export, exempt
unit = Unit
until = Until
form-errors =
    { $count ->
        [one] One entry needs your attention:
       *[other] { $count } entries need your attention:
    }
unit-h87 =
    { $count ->
        [one] piece
       *[other] pieces
    }
unit-xcs =
    { $count ->
        [one] case
       *[other] cases
    }
unit-xpx =
    { $count ->
        [one] pallet
       *[other] pallets
    }
unit-xpk =
    { $count ->
        [one] pack
       *[other] packs
    }
unit-xbg =
    { $count ->
        [one] bag
       *[other] bags
    }
unit-xbx =
    { $count ->
        [one] box
       *[other] boxes
    }
unit-kgm = kg
unit-ltr =
    { $count ->
        [one] litre
       *[other] litres
    }
unit-mtr =
    { $count ->
        [one] metre
       *[other] metres
    }
unit-pr =
    { $count ->
        [one] pair
       *[other] pairs
    }
unit-set =
    { $count ->
        [one] set
       *[other] sets
    }
