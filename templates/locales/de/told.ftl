# Was geschehen ist, in je einem Satz: in der Liste der Benachrichtigungen, der täglichen E-Mail, auf dem Gerät.
told-order-held =
    { $placed ->
        [own] Bestellung { $number } über { $net } ist eingegangen und wartet: { $why }.
       *[other] { $by } hat für Sie Bestellung { $number } über { $net } aufgegeben; sie wartet: { $why }.
    }
told-order-confirmed =
    { $placed ->
        [own] Bestellung { $number } über { $net } ist bestätigt.
       *[other] { $by } hat für Sie Bestellung { $number } über { $net } aufgegeben; sie ist bestätigt.
    }
told-order-approved = { $by } hat Bestellung { $number } freigegeben. Sie wartet noch: { $why }.
told-order-rejected = { $by } hat Bestellung { $number } abgelehnt: { $reason }
told-order-cancelled = { $by } hat Bestellung { $number } storniert.
told-order-expired = Bestellung { $number } ist verfallen; nicht rechtzeitig entschieden: { $kinds }.
told-account-order = { $account } hat Bestellung { $number } über { $net } aufgegeben.
told-account-order-rejected = { $by } hat Bestellung { $number } von { $account } abgelehnt: { $reason }
told-account-order-cancelled = { $by } hat Bestellung { $number } von { $account } storniert.
told-account-order-expired = Bestellung { $number } von { $account } ist verfallen; nicht rechtzeitig entschieden: { $kinds }.
told-hold-opened = Bestellung { $number } von { $account } über { $net } wartet auf Ihre Entscheidung: { $kinds }.
told-hold-running-out = Bestellung { $number } von { $account } über { $net } verfällt am { $date }, wenn Sie nicht entscheiden: { $kinds }.
told-approval-asked = { $by } bittet Sie um Freigabe der Bestellung { $number } über { $net }.
told-approval-running-out = Bestellung { $number } von { $by } über { $net } verfällt am { $date }, wenn Sie nicht entscheiden.
told-back-in-stock = { $product } ist wieder da.

mail-order-by-program = Aufgegeben vom Programm „{ $by }“.
mail-approved-by = Freigegeben von { $by }.
mail-approved-word = „{ $reason }“
mail-approved-subject = Bestellung { $number } ist freigegeben
mail-approved-text = Ihr Unternehmen hat die Bestellung { $number } über { $net } netto freigegeben. Sie ist noch nicht bestätigt; sie wartet noch auf das Folgende.
mail-cancelled-text-staff = Bestellung { $number } von { $account } über { $net } netto wurde von { $by } storniert. Dazu wird nichts geliefert.
mail-rejected-text-staff = Die Bestellung { $number } von { $account } über { $net } netto wurde von { $by } abgelehnt.
mail-rejected-next-staff = Wer bestellt hat, weiß Bescheid. Alles Reservierte ist wieder frei; rufen Sie an, wenn neu bestellt werden soll.
mail-running-out-subject = Erinnerung:
mail-running-out-text = Noch hat niemand entschieden, und am { $date } ist es zu spät.

told-usual-due = Ihre übliche Bestellung ist fällig: { $count } Artikel, { $total }.
told-night-brought =
    { $count ->
        [0] Ihr Morgen ist bereit.
        [one] Ihr Morgen: Eine Entscheidung wartet auf Sie.
       *[other] Ihr Morgen: { $count } Entscheidungen warten auf Sie.
    }

mail-more = und { $count } weitere
mail-see-all = Ansehen
mail-digest-subject = Ihr Tag bei { $brand }, { $date }
mail-digest-text = Sie haben eine E-Mail am Tag gewählt. Das ist seit der letzten geschehen:
mail-digest-action = Alle Benachrichtigungen ansehen
digest-topic-orders = Bestellungen
digest-topic-approvals = Freigaben
digest-topic-promotions = Aktionen
digest-topic-back-in-stock = Wieder lieferbar
digest-topic-reorder = Übliche Bestellung
digest-topic-invoices = Rechnungen
digest-topic-claims = Reklamationen
digest-topic-accounts = Ihre Kunden
digest-topic-morning = Ihr Morgen

mail-morning-subject = Ihr Morgen, { $date }
mail-morning-text = Was Sie braucht, und was seit dem letzten Arbeitsmorgen hereinkam:
mail-morning-action = Schreibtisch öffnen
morning-holds =
    { $count ->
        [one] Eine Entscheidung wartet auf Sie
       *[other] { $count } Entscheidungen warten auf Sie
    }
morning-hold = { $account }: Bestellung { $number } über { $net }, { $kind }, seit { $since }; verfällt am { $due }
morning-submitted =
    { $count ->
        [one] Eine Aktion wartet auf Freigabe
       *[other] { $count } Aktionen warten auf Freigabe
    }
morning-promotion-submitted = { $name }, eingereicht von { $by } am { $date }
morning-orders =
    { $count ->
        [one] Eine Bestellung seit { $date }: { $value }, { $share } von den Händlern selbst
       *[other] { $count } Bestellungen seit { $date }: { $value }, { $share } von den Händlern selbst
    }
morning-overdues =
    { $count ->
        [one] Die übliche Bestellung eines Kunden ist überfällig
       *[other] Die üblichen Bestellungen von { $count } Kunden sind überfällig
    }
morning-overdue = { $account }: sonst alle { $every } Tage, zuletzt vor { $ago } Tagen
morning-promotions =
    { $count ->
        [one] Eine Aktion beginnt oder endet
       *[other] { $count } Aktionen beginnen oder enden
    }
morning-promotion-starts = { $name } beginnt am { $date }
morning-promotion-ends = { $name } endet am { $date }
morning-bounced =
    { $count ->
        [one] Eine Adresse nimmt keine E-Mails mehr an
       *[other] { $count } Adressen nehmen keine E-Mails mehr an
    }
morning-address = { $name } von { $account }: { $email }
morning-undelivered =
    { $count ->
        [one] Eine E-Mail an Ihre Kunden wurde nicht zugestellt
       *[other] { $count } E-Mails an Ihre Kunden wurden nicht zugestellt
    }
morning-dead-mail = { $account }: „{ $subject }“ an { $name }
morning-dead-mails =
    { $count ->
        [one] Eine E-Mail wurde aufgegeben
       *[other] { $count } E-Mails wurden aufgegeben
    }
morning-dead-jobs =
    { $count ->
        [one] Ein Auftrag wurde aufgegeben
       *[other] { $count } Aufträge wurden aufgegeben
    }

mail-reorder-subject = Ihre übliche Bestellung ist fällig: { $count } Artikel, { $total }
mail-reorder-text = { $company } bestellt etwa alle { $every } Tage, zuletzt vor { $ago } Tagen. Die übliche Bestellung steht zu Ihren Preisen bereit; ändern Sie, was Sie möchten, und schicken Sie sie ab:
mail-reorder-action = Übliche Bestellung öffnen
mail-reorder-total = Alle { $count } Artikel
mail-reorder-due = fällig
mail-reorder-more =
    { $count ->
        [one] Ein weiterer Artikel steht dazu bereit.
       *[other] { $count } weitere Artikel stehen dazu bereit.
    }

templates-topic-daily = einmal am Tag, wo gewählt
mail-kind-hold-running-out = Entscheidung noch einmal erbeten
