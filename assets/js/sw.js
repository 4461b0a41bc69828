// Shows what this device is woken for, and opens what it leads to. It touches no request.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    // Browsers take the permission back from whoever is woken and shows nothing.
  }
  event.waitUntil(self.registration.showNotification(told.title || self.location.host, {
    body: told.said || "",
    lang: told.lang || "",
    tag: told.tag || "",
    renotify: Boolean(told.tag),
    data: { id: told.id, link: told.link || "/notifications" },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data ?? {}));
});

async function open({ id, link }) {
  const there = new URL(link || "/notifications", self.location.origin);
  if (there.origin !== self.location.origin) return;
  const pages = await self.clients.matchAll({ type: "window" });
  // A page with something typed into it is not led elsewhere.
  const shown = pages.find((page) => page.url === there.href);
  const page = shown ? await shown.focus() : await self.clients.openWindow(there.href);
  page?.postMessage({ opened: id });
}
