campaign-title = Tell retailers by mail
campaign-link = Tell retailers by mail
campaign-lead =
    { $cap ->
        [0] Nobody gets promotion mails: the brand allows none. Change it with the settings for messages.
        [one] Each reader gets the promotion at their own prices, with their usual quantities and one button that prepares the order. Nobody gets more than one promotion mail in seven days, and nobody at a quiet hour.
       *[other] Each reader gets the promotion at their own prices, with their usual quantities and one button that prepares the order. Nobody gets more than { $cap } promotion mails in seven days, and nobody at a quiet hour.
    }
campaign-not-approved = “{ $name }” is not approved yet. Have it approved first; then retailers can be told of it.
campaign-promotion-over = “{ $name }” is over. Copy it to run it again, and tell retailers of the copy.
campaign-go-on = Open the campaign
campaign-under-way = A campaign is under way already. Stop it first, or wait until it is finished.
campaign-none-planned = No campaign is planned that could be started. Plan one first.
campaign-none-open = There is no campaign to stop: none is planned or under way.
campaign-not-begun = The promotion has not begun yet: an order prepared now would not get it. Leave the campaign planned for its first day or later.
campaign-no-mail = { $name } would get no mail: { $because }.
campaign-state-planned = Planned
campaign-state-drawing = The audience is being drawn
campaign-state-sending = Under way
campaign-state-finished = Finished
campaign-state-stopped = Stopped
campaign-planned-by = planned by { $name }
campaign-announced = Announced
campaign-at = { $time } by each reader’s clock
campaign-reminder = Reminder to those who have not ordered
campaign-reminder-none = none
campaign-holdout = Told nothing, for comparison
campaign-most = Only the best
campaign-accounts =
    { $count ->
        [one] { $count } account
       *[other] { $count } accounts
    }
campaign-of-accounts =
    { $count ->
        [one] of { $count } account that is told
       *[other] of { $count } accounts that are told
    }
campaign-started = Begun
campaign-finished = Finished
campaign-stopped = Stopped
campaign-stopped-by-itself = because the promotion no longer runs
campaign-told = People told
campaign-waiting = Waiting for their hour
campaign-skipped =
    { $count ->
        [one] { $count } left out
       *[other] { $count } left out
    }
campaign-clicked = Opened their prepared order
campaign-ordered = Accounts that ordered with it
campaign-plan = Plan
campaign-plan-again = Plan another
campaign-change = Change the plan
campaign-keep = Plan the campaign
campaign-save = Save the plan
campaign-start = Send now
campaign-stop = Stop
campaign-when = Announce
campaign-when-now = now; at a quiet hour, in the reader’s next morning
campaign-when-morning = on a day, in each reader’s morning ({ $time } by their clock)
campaign-when-minute = on a day, at a time by each reader’s clock
campaign-on = Day
campaign-time = Time
campaign-remind-on = Remind on
campaign-remind-hint = Those who have not ordered by then. Empty: no reminder.
campaign-remind-hint-until = Those who have not ordered by then. The promotion’s last day is { $date }. Empty: no reminder.
campaign-holdout-share = Told nothing, in per cent
campaign-holdout-hint = Accounts drawn by chance, so that it shows what the mails did. 0 to 50.
campaign-most-accounts = Only the best … accounts
campaign-most-hint = By expected gain. Empty: all whom it gives something.
campaign-before-begin = The promotion begins on { $date }. Choose that day or a later one.
campaign-in-the-past = This day is over. Choose today or a later day.
campaign-after-end = The promotion is over by then. Choose an earlier day.
campaign-reminder-too-early = The reminder has to come on a later day than the announcement.
campaign-no-date = This is no date. Example: 2026-12-01.
campaign-no-time = Give the time as hours and minutes, such as 09:30.
campaign-quiet-hour = From { $from } to { $until } nobody is mailed. Choose another time.
campaign-no-share = Give a per cent from 0 to 50.
campaign-no-number = Give a whole number from 1 on, or leave it empty.
campaign-done-planned = Planned. You can change it until the first is told.
campaign-done-started = Begun: the first are told within a minute.
campaign-done-stopped = Stopped: nobody is told any more.
campaign-drawn = Whom it tells
campaign-audience = Whom it would tell
campaign-people =
    { $count ->
        [one] { $count } person
       *[other] { $count } people
    } of { $accounts ->
        [one] { $accounts } account
       *[other] { $accounts } accounts
    }
campaign-audience-lead =
    { $reached ->
        [one] The promotion reaches one account. Who is told is drawn on the day, and asked once more before each mail is written.
       *[other] The promotion reaches { $reached } accounts. Who is told is drawn on the day, and asked once more before each mail is written.
    }
campaign-audience-most = Shown here are those of the { $most } that ordered last.
campaign-show-excluded = Show who is left out
campaign-show-told = Show who is told
campaign-left-out-people = People left out:
campaign-nobody-title = Nobody
campaign-nobody = None of the accounts it reaches has somebody who wants to hear of it and gains from it.
campaign-persons = Readers
campaign-place = No. { $place }
campaign-held-out = told nothing, for comparison
campaign-daily = with their daily mail
campaign-message-waiting = is told
campaign-message-mailed = was told
campaign-message-skipped = left out
campaign-mail-to = to { $name } <{ $email }>
campaign-mail-first = Show the announcement
campaign-mail-reminder = Show the reminder
campaign-mail-close = Close
campaign-mail-text = As plain text
campaign-excluded-no-user = nobody orders for the account
campaign-excluded-no-item = sees none of its items, or has no price for them
campaign-excluded-nothing-gained = it gives nothing on what they usually order
campaign-excluded-not-reached = the promotion does not reach the account
campaign-excluded-disabled = may not sign in
campaign-excluded-unsubscribed = wants no promotion mails
campaign-excluded-suppressed = mail to the address came back
campaign-excluded-capped = had this week’s promotion mails
campaign-excluded-ordered = has ordered with it
campaign-excluded-stopped = the campaign was stopped
campaign-excluded-over = the promotion is over
