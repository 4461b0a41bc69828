# The bell, the list behind it, and devices that are woken.
nav-notifications = Benachrichtigungen
bell-unread = { $count ->
    [0] keine ungelesen
    [100] mehr als 99 ungelesen
   *[other] { $count } ungelesen
}
bell-new = Neu: { $said }

notices-ways = Wie Sie es erfahren
notices-ways-text = Per E-Mail, in dieser Liste und auf Ihren Geräten, jedes Thema so, wie Sie es wählen.
notices-choose = Auswählen, was Sie erfahren
notices-every-topic = Alle Themen
notices-all = Alle
notices-unread = Ungelesen
notices-read-all = Alle als gelesen markieren
notices-read-topic = Dieses Thema als gelesen markieren
notices-show-all = Alle anzeigen
notices-none-title = Noch nichts
notices-none = Hier erscheint, was mit Bestellungen und Freigaben geschieht und was Sie sonst erfahren möchten.
notices-none-found-title = Nichts davon
notices-none-found = In dieser Auswahl ist alles gelesen, oder es ist nichts geschehen.
notice-is-unread = Ungelesen:
notice-unreadable = Etwas ist geschehen; öffnen Sie es, um zu sehen, was.

devices-title = Geräte
device-off = Auf diesem Gerät benachrichtigt werden, auch wenn Kontor geschlossen ist. Ihr Browser fragt Sie einmal.
device-add = Auf diesem Gerät benachrichtigen
device-busy = Der Browser wird gefragt …
device-on = Dieses Gerät wird benachrichtigt, auch wenn Kontor geschlossen ist.
device-denied = Dieser Browser erlaubt Kontor keine Benachrichtigungen. Erlauben Sie sie in den Einstellungen des Browsers für diese Seite und laden Sie sie neu.
device-failed = Der Browser hat seinen Benachrichtigungsdienst nicht erreicht. Es wurde nichts geändert; versuchen Sie es noch einmal, oder nehmen Sie einen anderen Browser.
devices-woken-for = Geräte werden benachrichtigt über:
devices-woken-for-nothing = Kein Thema ist für Geräte ausgewählt.
device-used = Zuletzt benachrichtigt { $at }
device-since = Seit { $at }
device-added = Dieses Gerät wird ab jetzt benachrichtigt.
device-removed = Das Gerät wird nicht mehr benachrichtigt.
device-too-many = Es können höchstens { $most } Geräte benachrichtigt werden. Entfernen Sie eines, das Sie nicht mehr benutzen.
device-not-understood = Der Browser hat eine Adresse angegeben, die Kontor nicht benachrichtigen kann. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Browser.
