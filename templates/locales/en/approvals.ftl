nav-approvals = Approvals
nav-approvals-count =
    { $count ->
        [one] one waits
       *[other] { $count } wait
    }
approvals-all = Orders of your company that a colleague has to approve.
approvals-own = Your orders that wait for a colleague’s approval.
approvals-tabs = Waiting or decided
approvals-waiting = Waiting
approvals-decided = Decided
approvals-none-title = Nothing waits
approvals-none = Orders that a rule of your company asks about stand here until somebody decides.
approvals-none-decided-title = Nothing decided yet
approvals-none-decided = What was approved or sent back stands here, with who decided and why.
approvals-to-orders = Your orders
approval-title = Approval of order { $number }
approval-to-order = Open the order
approval-why = Why it needs approval
approval-due = Decide by
approval-by = decided by { $name }
approval-step-of = Step { $step } of { $steps }
approval-is-own = your order
approval-decide = Decide
approval-look = Look
approval-decision = Your decision
approval-word = Word to the buyer (optional)
approval-approve = Approve order
approval-reason = Reason
approval-reason-hint = The buyer reads it, and can change the order and submit it again.
approval-reject = Send back
approval-waiting = Later step
approval-open = Waiting
approval-released = Approved
approval-rejected = Sent back
approval-expired = Expired
approval-withdrawn = Withdrawn
approval-not-own = You placed this order yourself. Another approver decides about it.
approval-not-role = Approvers and account admins of your company decide about it.
approval-not-named = { $name } decides about it.
approval-not-staff = People of the company itself decide about it.
approval-why-total = The order comes to { $net } net; up to { $threshold } need no approval.
approval-why-category = { $category }: { $net } net; up to { $threshold } need no approval.
approval-why-off-list =
    { $count ->
        [one] One item has no agreed price: { $skus }.
       *[other] { $count } items have no agreed price: { $more ->
            [0] { $skus }.
           *[other] { $skus } and { $more } more.
        }
    }
approval-why-new-ship-to = First order to “{ $name }”.
approval-why-budget = { $over } over the budget: { $used } of { $limit } were used since { $from }, this order comes to { $net }.
approved-and-confirmed = Order { $number } is approved and confirmed.
approved-and-waits = Order { $number } is approved. It still waits for the next decision.
sent-back = Order { $number } is sent back; the buyer is told why.
rules-title = Approval rules
rules-none = No rules: every order goes through without a colleague’s approval.
rule-asks = Asks when
rule-level = Level
rule-level-1 = 1 – asked first
rule-level-2 = 2 – after level 1
rule-level-3 = 3 – asked last
rule-approver = Decided by
rule-anybody = any approver or account admin
rule-add = Add a rule
rule-save = Save rule
rule-added = The rule is saved. It applies to orders from now on.
rule-removed = The rule is removed. Orders that wait already keep waiting.
rule-remove-named = Remove the rule:
rule-threshold = Amount ({ $currency }, net)
rule-threshold-hint = For a total or a category: more than this needs approval.
rule-category-label = Category
rule-category-none = – for a rule on a category –
rule-kind-total = the order’s total is above an amount
rule-kind-category = a category is above an amount
rule-kind-off_list = an item has no agreed price
rule-kind-new_ship_to = a ship-to address is new
rule-kind-budget = the buyer’s budget is not enough
rule-total = Order total above { $threshold } net
rule-category = { $category } above { $threshold } net
rule-off_list = An item without an agreed price
rule-new_ship_to = First order to a ship-to address
rule-budget = The buyer’s budget is not enough
rule-is-there = This rule is there already.
rules-too-many = These are more rules than an order can go through. Remove one first.
approval-nobody-decides = Nobody could approve: no approver or account admin can sign in. Invite one, or give somebody the role.
approval-nobody-else-decides = Nobody could approve orders of { $names }, because nobody approves their own. Invite another approver, or give somebody the role.
approval-invite = Invite an approver
approval-change-role = Change somebody’s role
approver-is-named = A rule names { $name } as the one who decides. Change the rule first.
approver-is-named-next = Go to the approval rules
approver-is-last = Without { $name } nobody could approve orders of { $others }, and the company’s rules ask for it.
approver-is-last-next = Invite another approver first
budgets-title = Budgets
budget-title = Budget
budgets-none = Nobody has a budget.
budgets-unasked = No rule looks at budgets yet: going over one has no effect.
budget-add = Set a budget
budget-save = Save budget
budget-user = Person
budget-limit = Budget ({ $currency }, net)
budget-period = Period
budget-month = per month
budget-quarter = per quarter
budget-year = per year
budget-until = until { $date }
budget-used = { $used } of { $limit } used
budget-left = { $left } left
budget-over = used up
budget-with-order = This order is counted already.
budget-set = The budget of { $name } is saved.
budget-removed = { $name } has no budget any more.
budget-remove-named = Remove the budget of { $name }
error-amount = This is not an amount. It looks like 1500 or 1500.00.
error-amount-ambiguous = This could be read in two ways. Write it as 1500 or 1500.00.
take-back = Take the lines back into the cart
take-back-hint = The order’s lines, number and note go back into the cart, to be changed and submitted again. An order that still waits is cancelled.
taken-back =
    { $count ->
        [one] One order line is back in the cart. Change what is needed and submit it again.
       *[other] { $count } order lines are back in the cart. Change what is needed and submit them again.
    }
taken-back-reason = Taken back into the cart
refused-not-taken-back = The order is confirmed already, so it is not taken back.
refused-not-taken-back-next = Look at order { $number }; you can order its lines again there
approval-moved-on = Order { $number } has no approval like this to decide any more. Somebody decided, or the order moved on.
approval-moved-on-next = Look at its approval again
