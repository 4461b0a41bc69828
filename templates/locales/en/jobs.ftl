# Work that waits, as the administrator sees it.

jobs-retry-all = { $jobs ->
    [one] Send it again
   *[other] Send all { $jobs } again
}
jobs-retried = { $jobs ->
    [0] There was nothing left to send again.
    [one] It is tried again now.
   *[other] { $jobs } are tried again now.
}
job-recurring = Recurring work
job-campaign = Going on with a campaign
job-campaign_mails = Writing a campaign's mails
job-push = Waking a browser
job-deliver_webhook = Calling a webhook
