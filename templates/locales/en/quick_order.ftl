quick-order-lead = Paste, type or upload up to { $max } rows. Wrong rows are kept until you decide.
quick-order-paste = Paste a list
quick-order-lines = Rows
quick-order-hint = One row each: SKU or GTIN, quantity and, if you like, the unit. Tab, comma, semicolon or spaces between them.
quick-order-check = Check rows
quick-order-type = Type one row
quick-order-one = SKU, GTIN or name, then quantity
quick-order-one-hint = For example: DOG-ADL-12 24
quick-order-add-line = Add row
quick-order-upload = Upload a file
quick-order-file-hint = CSV or XLSX with columns for SKU or GTIN, quantity, unit.
quick-order-upload-action = Upload file
quick-order-wrong =
    { $count ->
        [one] One row needs a decision
       *[other] { $count } rows need a decision
    }
quick-order-wrong-kept = They are kept; the others are ready.
quick-order-row = Row { $position }
quick-order-meant = Which product is meant?
quick-order-correct = Take over
quick-order-remove-named = Remove row { $position }
quick-order-good =
    { $count ->
        [one] One row is ready
       *[other] { $count } rows are ready
    }
quick-order-add =
    { $count ->
        [one] Add row to cart
       *[other] Add { $count } rows to cart
    }
quick-order-added =
    { $count ->
        [one] One row is in the cart.
       *[other] { $count } rows are in the cart.
    }
quick-order-clear = Discard all rows
quick-order-cleared = All rows are discarded.
quick-order-empty-title = No rows yet
quick-order-empty = Checked rows stand here with price and total, until you add them to the cart. They stay when you leave the page.
remark-back-order = on back-order
remark-merged = several rows of this product were added up
sku-or-gtin = SKU or GTIN
take-quantity = Take { $quantity }
quick-order-other = Another SKU or GTIN
quick-order-left = { $added ->
        [one] One row is in the cart.
       *[other] { $added } rows are in the cart.
    } { $left ->
        [one] One row still needs a decision.
       *[other] { $left } rows still need a decision.
    }
quick-order-none-ready = No row is ready for the cart yet.
