# Arbeit, die wartet, wie die Administration sie sieht.

jobs-retry-all = { $jobs ->
    [one] Erneut senden
   *[other] Alle { $jobs } erneut senden
}
jobs-retried = { $jobs ->
    [0] Es war nichts mehr erneut zu senden.
    [one] Es wird jetzt erneut versucht.
   *[other] { $jobs } werden jetzt erneut versucht.
}
job-recurring = Wiederkehrende Arbeit
job-campaign = Eine Kampagne weiterführen
job-campaign_mails = Mails einer Kampagne schreiben
job-push = Einen Browser wecken
job-deliver_webhook = Einen Webhook aufrufen
