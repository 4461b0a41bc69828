mail-kind-mail-comes-back = E-Mail kommt zurück
mail-kind-mail-comes-back-when = An den Kundenbetreuer, wenn eine seiner Personen nicht mehr zu erreichen ist: die Adresse gibt es nicht, oder sie hat eine E-Mail als unerwünscht gemeldet.
mail-comes-back-subject = E-Mails an { $name } ({ $account }) kommen zurück
mail-comes-back-subject-complaint = { $name } ({ $account }) hat eine E-Mail als unerwünscht gemeldet
mail-comes-back-text = E-Mails an { $name } unter { $email } kommen zurück. An diese Adresse wird nichts mehr gesendet; { $account } ({ $number }) entgehen so womöglich Bestätigungen und Angebote.
mail-comes-back-text-complaint = { $name } bei { $account } ({ $number }) hat eine unserer E-Mails als unerwünscht gemeldet. An { $email } wird nichts mehr gesendet.
mail-comes-back-said = Der Mailserver sagte
mail-comes-back-next = Fragen Sie nach einer Adresse, die funktioniert. Ein Administrator kann sie ändern oder die Sperre aufheben, wenn das Postfach wieder da ist.
mail-comes-back-next-complaint = Sprechen Sie die Person an: auch Bestätigungen erreichen sie nicht mehr. Ein Administrator kann die Sperre aufheben, wenn sie wieder E-Mails möchte.
mail-comes-back-open = Kunden öffnen
comes-back-said = E-Mails an { $name } ({ $account }) kommen zurück: an { $email } wird nichts mehr gesendet.
comes-back-said-complaint = { $name } ({ $account }) hat eine E-Mail als unerwünscht gemeldet: an { $email } wird nichts mehr gesendet.
user-comes-back = E-Mail kommt zurück
user-comes-back-hint = An diese Adresse wird nichts mehr gesendet: eine E-Mail kam zurück, oder ihr Leser hat sie als unerwünscht gemeldet.

bounces-title = Zurückgekommene E-Mails
bounces-lead = Was Mailserver gemeldet haben: Adressen, die es nicht gibt, volle Postfächer, Leser, die nichts mehr möchten.
bounces-none-title = Nichts kam zurück
bounces-none = Hier stehen die Meldungen Ihres Maildienstes und die, die Sie aus dem Postfach für Rückläufer hochladen.
bounces-address = Adresse
bounces-what = Was zurückkam
bounces-mail = E-Mail
bounces-source-webhook = vom Maildienst gemeldet
bounces-source-mailbox = aus einem Postfach
bounces-source-refusal = beim Senden abgewiesen
bounce-kind-hard = Adresse gibt es nicht
bounce-kind-soft = geht vielleicht das nächste Mal
bounce-kind-complaint = als unerwünscht gemeldet
bounces-upload-title = Postfach einlesen
bounces-upload-lead = Eine Postfachdatei (mbox) oder eine einzelne Nachricht des Postfachs, in das Rückläufer gehen. Meldungen zu E-Mails, die Kontor nicht gesendet hat, bleiben außen vor, und was schon eingelesen war, zählt einmal.
bounces-upload-file = Datei
bounces-upload = Meldungen einlesen
bounces-read = { $messages ->
    [one] 1 Nachricht gelesen
   *[other] { $messages } Nachrichten gelesen
 }: { $new } neue Meldungen, { $known } bekannte, { $foreign } zu keiner E-Mail von uns. { $suppressed ->
    [0] Alle Adressen bleiben in Gebrauch.
    [one] An 1 Adresse wird nichts mehr gesendet.
   *[other] An { $suppressed } Adressen wird nichts mehr gesendet.
 }
bounces-mailbox-unreadable = Das ist weder ein Postfach noch eine Nachricht.

suppressions-title = Gesperrte Adressen
suppressions-lead = An diese Adressen wird nichts gesendet, was es auch sei: ein Link zum Anmelden so wenig wie eine Aktion.
suppressions-none-title = Keine Adresse ist gesperrt
suppressions-none = Adressen kommen von selbst hierher, wenn E-Mails an sie zurückkommen oder ihr Leser sie als unerwünscht meldet. Sie können auch selbst eine sperren.
suppressions-none-found = Keine gesperrte Adresse enthält diese Buchstaben.
suppressions-address = Adresse
suppressions-why = Warum
suppressions-since = Seit
suppressions-q = Adresse
suppressions-add-title = Eine Adresse sperren
suppressions-add = Adresse sperren
suppressions-detail = Grund, für Ihre Kollegen
suppressions-lift = Sperre aufheben
suppressions-lift-named = Die Sperre von { $email } aufheben
suppression-known = Diese Adresse ist schon gesperrt.
suppression-added = An { $email } wird nichts mehr gesendet.
suppression-lifted = E-Mails an { $email } gehen wieder hinaus. Was inzwischen zurückgehalten wurde, wird nicht nachgesendet.
suppressed-bounce = E-Mail kam zurück
suppressed-complaint = als unerwünscht gemeldet
suppressed-by_hand = von Hand gesperrt

mail-filter-q = Adresse
mail-filter-state = Stand
mail-filter-kind = Art
mail-filter-any = Alle
mail-none-found = Keine E-Mail passt zu diesen Filtern.
mail-state-withheld = zurückgehalten
mail-state-bounced = kam zurück
withheld-disabled = Nicht gesendet: als sie an der Reihe war, konnte ihr Leser sich nicht mehr anmelden.
withheld-unsubscribed = Nicht gesendet: als sie an der Reihe war, wollte ihr Leser zu diesem Thema keine E-Mails mehr.
withheld-suppressed = Nicht gesendet: eine E-Mail an diese Adresse kam früher zurück, oder ihr Leser hat eine als unerwünscht gemeldet.
withheld-other = Nicht gesendet: sie war nicht mehr gewünscht, als sie an der Reihe war ({ $word }).
mail-headers = Kopfzeilen
mail-headers-lead = So wie die Nachricht sie trägt; der Mailserver fügt unterwegs eigene hinzu.
mail-came-back = Kam zurück
