# What people are told of, each in one sentence: the list of notifications, the daily mail, a push.
told-order-held =
    { $placed ->
        [own] Order { $number } over { $net } is in and waits: { $why }.
       *[other] { $by } placed order { $number } over { $net } for you; it waits: { $why }.
    }
told-order-confirmed =
    { $placed ->
        [own] Order { $number } over { $net } is confirmed.
       *[other] { $by } placed order { $number } over { $net } for you; it is confirmed.
    }
told-order-approved = { $by } approved order { $number }. It still waits: { $why }.
told-order-rejected = { $by } rejected order { $number }: { $reason }
told-order-cancelled = { $by } cancelled order { $number }.
told-order-expired = Order { $number } has lapsed; nobody decided in time: { $kinds }.
told-account-order = { $account } placed order { $number } over { $net }.
told-account-order-rejected = { $by } rejected order { $number } from { $account }: { $reason }
told-account-order-cancelled = { $by } cancelled order { $number } from { $account }.
told-account-order-expired = Order { $number } from { $account } has lapsed; nobody decided in time: { $kinds }.
told-hold-opened = Order { $number } from { $account } over { $net } waits for your decision: { $kinds }.
told-hold-running-out = Order { $number } from { $account } over { $net } lapses on { $date } unless you decide: { $kinds }.
told-approval-asked = { $by } asks you to approve order { $number } over { $net }.
told-approval-running-out = Order { $number } of { $by } over { $net } lapses on { $date } unless you decide.
told-back-in-stock = { $product } is back.

mail-order-by-program = Placed by the program "{ $by }".
mail-approved-by = Approved by { $by }.
mail-approved-word = "{ $reason }"
mail-approved-subject = Order { $number } is approved
mail-approved-text = Your company has approved order { $number } over { $net } net. It is not confirmed yet; it still waits for what stands below.
mail-cancelled-text-staff = Order { $number } from { $account } over { $net } net was cancelled by { $by }. Nothing will be delivered for it.
mail-rejected-text-staff = Order { $number } from { $account } over { $net } net was rejected by { $by }.
mail-rejected-next-staff = The buyer has been told. Everything the order had reserved was given back; call them if it should be placed again.
mail-running-out-subject = Reminder:
mail-running-out-text = Nobody has decided yet, and on { $date } it is too late.

told-usual-due = Your usual order is due: { $count } items, { $total }.
told-night-brought =
    { $count ->
        [0] Your morning is ready.
        [one] Your morning: one decision waits for you.
       *[other] Your morning: { $count } decisions wait for you.
    }

mail-more = and { $count } more
mail-see-all = Show them
mail-digest-subject = Your day with { $brand }, { $date }
mail-digest-text = You chose one mail a day. This is what happened since the last one:
mail-digest-action = Show all notifications
digest-topic-orders = Orders
digest-topic-approvals = Approvals
digest-topic-promotions = Promotions
digest-topic-back-in-stock = Back in stock
digest-topic-reorder = Usual order
digest-topic-invoices = Invoices
digest-topic-claims = Claims
digest-topic-accounts = Your accounts
digest-topic-morning = Your morning

mail-morning-subject = Your morning, { $date }
mail-morning-text = What needs you, and what came in since the last working morning:
mail-morning-action = Open the desk
morning-holds =
    { $count ->
        [one] One decision waits for you
       *[other] { $count } decisions wait for you
    }
morning-hold = { $account }: order { $number } over { $net }, { $kind }, since { $since }; lapses on { $due }
morning-submitted =
    { $count ->
        [one] One promotion waits for approval
       *[other] { $count } promotions wait for approval
    }
morning-promotion-submitted = { $name }, submitted by { $by } on { $date }
morning-orders =
    { $count ->
        [one] One order since { $date }: { $value }, { $share } by the retailers themselves
       *[other] { $count } orders since { $date }: { $value }, { $share } by the retailers themselves
    }
morning-overdues =
    { $count ->
        [one] The usual order of one account is overdue
       *[other] The usual orders of { $count } accounts are overdue
    }
morning-overdue = { $account }: usually every { $every } days, last { $ago } days ago
morning-promotions =
    { $count ->
        [one] One promotion starts or ends
       *[other] { $count } promotions start or end
    }
morning-promotion-starts = { $name } starts on { $date }
morning-promotion-ends = { $name } ends on { $date }
morning-bounced =
    { $count ->
        [one] One address takes no mail any more
       *[other] { $count } addresses take no mail any more
    }
morning-address = { $name } of { $account }: { $email }
morning-undelivered =
    { $count ->
        [one] One mail to your accounts was not delivered
       *[other] { $count } mails to your accounts were not delivered
    }
morning-dead-mail = { $account }: "{ $subject }" to { $name }
morning-dead-mails =
    { $count ->
        [one] One mail was given up
       *[other] { $count } mails were given up
    }
morning-dead-jobs =
    { $count ->
        [one] One job was given up
       *[other] { $count } jobs were given up
    }

mail-reorder-subject = Your usual order is due: { $count } items, { $total }
mail-reorder-text = { $company } orders about every { $every } days, last { $ago } days ago. The usual order stands ready at your prices; change what you like and send it:
mail-reorder-action = Open the usual order
mail-reorder-total = All { $count } items
mail-reorder-due = due
mail-reorder-more =
    { $count ->
        [one] One more item stands ready with it.
       *[other] { $count } more items stand ready with them.
    }

templates-topic-daily = once a day, where chosen
mail-kind-hold-running-out = Decision asked for again
