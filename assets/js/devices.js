// "On this device": lets this browser be woken, where it can be.
const panel = document.querySelector("[data-devices]");
const form = panel?.querySelector("[data-device-form]");

// A browser that does not reach its service may never answer; what it does later is found next time.
const PATIENCE = 10_000;

const able = isSecureContext && "serviceWorker" in navigator && "PushManager" in window
  && "Notification" in window;

function show(state) {
  for (const one of panel.querySelectorAll("[data-state]")) {
    one.hidden = !one.dataset.state.split(" ").includes(state);
  }
  form.querySelector("button").toggleAttribute("disabled", state === "busy");
}

function inTime(promise) {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
  return Promise.race([promise, late]);
}

function bytes(spelled) {
  const text = atob(spelled.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (one) => one.charCodeAt(0));
}

function spelled(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// By which the list names a device without saying its address.
async function mark(subscription) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const isOurs = (subscription) =>
  spelled(subscription.options.applicationServerKey ?? new ArrayBuffer(0)) === panel.dataset.key;

async function known() {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return worker?.pushManager.getSubscription();
}

async function begin() {
  if (Notification.permission === "denied") return show("denied");
  const subscription = await known();
  const row = subscription && isOurs(subscription)
    && panel.querySelector(`[data-device="${await mark(subscription)}"]`);
  if (!row) return show("off");
  row.querySelector("[data-this]").hidden = false;
  row.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    await subscription.unsubscribe().catch(() => {});
    event.target.submit();
  });
  return show("on");
}

async function subscribe() {
  const worker = await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  await navigator.serviceWorker.ready;
  const before = await worker.pushManager.getSubscription();
  if (before && isOurs(before)) return [before, ""];
  // One for a key that is no more wakes nobody.
  await before?.unsubscribe();
  const wanted = { userVisibleOnly: true, applicationServerKey: bytes(panel.dataset.key) };
  return [await worker.pushManager.subscribe(wanted), before?.endpoint ?? ""];
}

if (form && able) {
  panel.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    show("busy");
    try {
      if (await Notification.requestPermission() !== "granted") {
        show(Notification.permission === "denied" ? "denied" : "off");
        return;
      }
      const [subscription, replaced] = await inTime(subscribe());
      const fields = { endpoint: subscription.endpoint, replaces: replaced };
      for (const name of ["p256dh", "auth"]) fields[name] = spelled(subscription.getKey(name));
      for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
      form.submit();
    } catch {
      show("failed");
    }
  });
  begin().catch(() => show("off"));
}
