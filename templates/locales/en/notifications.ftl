# The bell, the list behind it, and devices that are woken.
nav-notifications = Notifications
bell-unread = { $count ->
    [0] none unread
    [100] more than 99 unread
   *[other] { $count } unread
}
bell-new = New: { $said }

notices-ways = How you are told
notices-ways-text = By mail, in this list and on your devices, each topic in the way you choose.
notices-choose = Choose what you are told
notices-every-topic = Every topic
notices-all = All
notices-unread = Unread
notices-read-all = Mark all read
notices-read-topic = Mark this topic read
notices-show-all = Show all
notices-none-title = Nothing yet
notices-none = What happens to orders, approvals and whatever else you want to be told of appears here.
notices-none-found-title = Nothing of that kind
notices-none-found = Everything of this selection has been read, or nothing has happened.
notice-is-unread = Unread:
notice-unreadable = Something happened; open it to see what.

devices-title = Devices
device-off = Be told on this device even while Kontor is closed. Your browser will ask you once.
device-add = Notify me on this device
device-busy = Asking the browser …
device-on = This device is notified, even while Kontor is closed.
device-denied = This browser does not allow Kontor to notify you. Allow notifications in the browser’s settings for this site, then load the page again.
device-failed = The browser could not reach its notification service. Nothing was changed; try again, or use another browser.
devices-woken-for = Devices are notified about:
devices-woken-for-nothing = No topic is set to notify devices.
device-used = Last notified { $at }
device-since = Since { $at }
device-added = This device is notified from now on.
device-removed = The device is notified no more.
device-too-many = At most { $most } devices can be notified. Remove one that you no longer use.
device-not-understood = The browser gave an address that Kontor cannot notify. Try again, or use another browser.
